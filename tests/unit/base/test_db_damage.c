/*
 * A sealed database that was killed, torn, altered, or is opened with another key: an error or what
 * was acknowledged, never a row that was not written, and never less for having been opened wrong.
 */
#include "tests/help/cm.h"
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/db_mem.h"
#include "base/file.h"
#include "base/mem.h"
#include "tests/help/cofre.h"

#define PAGE 8192
#define FRAME (24 + PAGE)
#define ROWS 40
#define ROOM (64 * 1024 * 1024)

static struct cofre c;
/* The file and its WAL as they were found, to be put back before each alteration. */
static struct arena kept;
static struct bytes file;
static struct bytes wal;
static char wal_path[320];
static char shm_path[320];

static int setup(void **state)
{
	(void)state;
	arena_init(&kept, ROOM);
	if (cofre_make(&c) != 0)
		return -1;
	snprintf(wal_path, sizeof(wal_path), "%s-wal", c.path);
	snprintf(shm_path, sizeof(shm_path), "%s-shm", c.path);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(&kept);
	return cofre_remove(&c);
}

/* A row is longer than a page: SQLite can't tell another row's rest from its own. */
static void write_rows(int64_t from, int64_t to, bool then_die)
{
	struct db *d = NULL;
	enum err e = cofre_open(&c, &d);

	for (int64_t i = from; e == OK && i < to; i++)
		e = cofre_put(d, i, 12000);
	if (e == OK && then_die)
		kill(getpid(), SIGKILL);
	if (d != NULL)
		db_close(d);
	assert_int_equal(e, OK);
}

/* Rows [0, ROWS): the first half in the file, the rest acknowledged by a process that was killed.
 */
static void make_killed(void)
{
	int status = 0;

	write_rows(0, ROWS / 2, false);

	pid_t pid = fork();

	if (pid == 0) {
		write_rows(ROWS / 2, ROWS, true);
		_exit(1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(file_read(&kept, c.path, ROOM / 4, &file), OK);
	assert_int_equal(file_read(&kept, wal_path, ROOM / 4, &wal), OK);
	assert_true(wal.size > 32 + FRAME);
}

static void make_closed(void)
{
	write_rows(0, ROWS, false);
	assert_int_equal(file_read(&kept, c.path, ROOM / 4, &file), OK);
	wal = (struct bytes){0};
}

static void put_back(void)
{
	unlink(shm_path);
	unlink(wal_path);
	assert_int_equal(file_write(c.path, file, 0600), OK);
	if (wal.size != 0)
		assert_int_equal(file_write(wal_path, wal, 0600), OK);
}

/* Bytes of the file, changed in place. */
static void alter(const char *path, off_t at, const void *bytes, size_t size)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, size, at), size);
	close(fd);
}

static void flip(const char *path, struct bytes was, size_t at, unsigned bit)
{
	unsigned char changed = was.data[at] ^ (unsigned char)(1u << bit);

	alter(path, (off_t)at, &changed, 1);
}

static void assert_refused(const char *what, size_t at)
{
	int64_t count = 0;
	enum err e = cofre_check_file(c.path, &c.key, &count);

	if (e != ERR_BAD_CACHE)
		fail_msg("%s %zu: %s, %lld rows", what, at, err_wire(e), (long long)count);
}

/* Damage to the WAL: an error, or an older state of which every row is right. */
static int64_t refused_or_older(const char *what, size_t at)
{
	int64_t count = 0;
	enum err e = cofre_check_file(c.path, &c.key, &count);

	if (e != ERR_BAD_CACHE && (e != OK || count < ROWS / 2 || count > ROWS))
		fail_msg("%s %zu: %s, %lld rows", what, at, err_wire(e), (long long)count);
	return e == OK ? count : -1;
}

static void test_wrong_key(void **state)
{
	struct db *d = NULL;
	int64_t count = 0;
	SECRET(small);

	(void)state;
	make_killed();
	for (int i = 0; i < 3; i++) {
		assert_int_equal(cofre_check_file(c.path, &c.other, &count), ERR_BAD_CACHE);
		assert_int_equal(
			db_open_sealed(c.path, DB_READ, &c.other, cofre_queries, COFRE_QUERIES, &d),
			ERR_BAD_CACHE);
		assert_null(d);
	}
	assert_int_equal(secret_set(&small, "short", 5), OK);
	assert_int_equal(cofre_check_file(c.path, &small, &count), ERR_INTERNAL);
	/* What others acknowledged is still in the WAL, for the right key. */
	assert_int_equal(cofre_check_file(c.path, &c.key, &count), OK);
	assert_int_equal(count, ROWS);
	/* No key: nothing can be read (the WAL is in the file by now). */
	assert_int_equal(db_open(c.path, DB_WRITE, cofre_queries, COFRE_QUERIES, &d), ERR_STORE);
	assert_int_equal(cofre_check_file(c.path, &c.key, &count), OK);
	assert_int_equal(count, ROWS);
}

static void test_another_kind(void **state)
{
	AUTO(db) plain = NULL;

	(void)state;
	assert_int_equal(db_open(c.path, DB_WRITE, cofre_queries, COFRE_QUERIES, &plain), OK);
	assert_int_equal(db_exec(plain, "CREATE TABLE recado (id INTEGER PRIMARY KEY, name TEXT, "
					"data BLOB)"),
		OK);
	assert_refused("plain and open", 0);
	db_close(STEAL(plain));
	assert_refused("plain", 0);
	assert_int_equal(file_write(c.path, bytes_of_text("unas notas"), 0600), OK);
	assert_refused("text", 0);
}

/* (Of one byte SQLite says that it is empty: just made.) */
static void test_truncated(void **state)
{
	(void)state;
	make_closed();
	for (size_t size = 2; size < file.size; size += size < PAGE ? 1000 : PAGE / 2) {
		put_back();
		assert_int_equal(truncate(c.path, (off_t)size), 0);
		assert_refused("truncated at", size);
	}
}

/* Its WAL tells SQLite a size of its own, past the end of the file. */
static void test_truncated_below_wal(void **state)
{
	(void)state;
	make_killed();
	for (size_t size = 2; size < file.size; size += size < PAGE ? 3000 : PAGE / 2) {
		put_back();
		assert_int_equal(truncate(c.path, (off_t)size), 0);

		int64_t count = refused_or_older("truncated at", size);

		/* What was cut off may be in the WAL, all of it. */
		assert_true(count == -1 || count == ROWS);
	}
}

/* A bit of the content, of the nonce and of the tag of every page. */
static void test_flipped(void **state)
{
	static const size_t places[] = {0, 17, 24, 4000, PAGE - 28, PAGE - 16, PAGE - 1};

	(void)state;
	make_closed();
	for (size_t page = 0; page < file.size; page += PAGE)
		for (size_t i = 0; i < COUNT_OF(places); i++) {
			put_back();
			flip(c.path, file, page + places[i], (unsigned)(page / PAGE + i) % 8);
			assert_refused("flipped at", page + places[i]);
		}
}

static void test_swapped(void **state)
{
	size_t pages;

	(void)state;
	make_closed();
	pages = file.size / PAGE;
	for (size_t i = 1; i < pages; i++) {
		put_back();
		alter(c.path, 0, file.data + i * PAGE, PAGE);
		alter(c.path, (off_t)(i * PAGE), file.data, PAGE);
		assert_refused("swapped with the first", i);
		put_back();
		alter(c.path, (off_t)(i * PAGE), file.data + (i - 1) * PAGE, PAGE);
		assert_refused("twice", i);
	}
	/* A hole is no page of zeros. */
	for (size_t i = 0; i < pages; i++) {
		static const unsigned char hole[PAGE];

		put_back();
		alter(c.path, (off_t)(i * PAGE), hole, PAGE);
		assert_refused("hole", i);
	}
}

/* The WAL of a process that was killed: its header is known, a bad frame ends it. */
static void test_wal_altered(void **state)
{
	static const size_t places[] = {0, 4, 8, 12, 16, 23, 24, 4000, FRAME - 28, FRAME - 1};
	int64_t least = ROWS;
	int64_t most = 0;

	(void)state;
	make_killed();
	for (size_t i = 0; i < 32; i++) {
		put_back();
		flip(wal_path, wal, i, (unsigned)i % 8);
		assert_refused("WAL's header", i);
	}
	for (size_t at = 32; at + FRAME <= wal.size; at += FRAME * 3)
		for (size_t i = 0; i < COUNT_OF(places); i++) {
			put_back();
			flip(wal_path, wal, at + places[i], (unsigned)i % 8);

			int64_t count = refused_or_older("frame", at + places[i]);

			assert_true(count < ROWS);
			least = count >= 0 && count < least ? count : least;
			most = count > most ? count : most;
		}
	/* What stood before the damage is there. */
	assert_int_equal(least, ROWS / 2);
	assert_int_equal(most, ROWS - 1);
	for (size_t size = 0; size < wal.size; size += FRAME / 2 + 7) {
		put_back();
		assert_int_equal(truncate(wal_path, (off_t)size), 0);
		refused_or_older("WAL cut at", size);
	}
	put_back();
	alter(wal_path, 32, wal.data + 32 + FRAME, FRAME);
	assert_int_equal(refused_or_older("frame twice", 0), ROWS / 2);
	put_back();
	assert_int_equal(refused_or_older("as it was", 0), ROWS);
}

/* While the file is open: what was altered under it is an error at the read. */
static void test_wal_altered_open(void **state)
{
	AUTO(db) d = NULL;
	AUTO(db) reader = NULL;
	int64_t count = 0;

	(void)state;
	assert_int_equal(cofre_open(&c, &d), OK);
	for (int64_t i = 0; i < ROWS; i++)
		assert_int_equal(cofre_put(d, i, 5000), OK);
	assert_int_equal(file_read(&kept, wal_path, ROOM / 4, &wal), OK);
	assert_int_equal(
		db_open_sealed(c.path, DB_READ, &c.key, cofre_queries, COFRE_QUERIES, &reader), OK);
	for (size_t at = 32; at + FRAME <= wal.size; at += FRAME)
		flip(wal_path, wal, at + 24 + 100, 3);
	assert_int_equal(cofre_check(reader, &count), ERR_BAD_CACHE);
	alter(wal_path, 0, wal.data, wal.size);
	assert_int_equal(cofre_check(reader, &count), OK);
	assert_int_equal(count, ROWS);
	/* Pages of the WAL at each other's place. */
	alter(wal_path, 32 + 24, wal.data + wal.size - PAGE, PAGE);
	alter(wal_path, (off_t)(wal.size - PAGE), wal.data + 32 + 24, PAGE);
	db_close(STEAL(reader));
	assert_int_equal(
		db_open_sealed(c.path, DB_READ, &c.key, cofre_queries, COFRE_QUERIES, &reader), OK);
	assert_int_equal(cofre_check(reader, &count), ERR_BAD_CACHE);
	alter(wal_path, 0, wal.data, wal.size);
}

/* The power failed as the first page was copied from the WAL, which has it still. */
static void test_torn_first_page(void **state)
{
	static const unsigned char torn[PAGE / 2];
	int64_t count = 0;

	(void)state;
	make_killed();
	alter(c.path, PAGE / 2, torn, sizeof(torn));
	assert_int_equal(cofre_check_file(c.path, &c.other, &count), ERR_BAD_CACHE);
	assert_int_equal(cofre_check_file(c.path, &c.key, &count), OK);
	assert_int_equal(count, ROWS);
	/* A WAL whose header never came to the disk is an empty one. */
	put_back();
	static const unsigned char never[32];

	alter(wal_path, 0, never, sizeof(never));
	assert_int_equal(refused_or_older("header never written", 0), ROWS / 2);
}

#define ROUNDS 30

/* Writes rows from `first` on and tells of each that was acknowledged, till it is killed. */
static void write_till_killed(int64_t first, int to)
{
	struct db *d = NULL;

	if (cofre_open(&c, &d) != OK)
		_exit(1);
	for (int64_t i = first;; i++)
		if (cofre_put(d, i, (size_t)(i * 977 % 30000)) != OK ||
			write(to, &i, sizeof(i)) != sizeof(i))
			_exit(1);
}

/* Killed at any instant, also as it copies the WAL: all that was acknowledged is there. */
static void test_killed(void **state)
{
	int64_t acknowledged = 0;

	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		int ends[2];
		int status = 0;
		int64_t count = 0;
		int64_t last = acknowledged - 1;
		unsigned spins = round * 7919 % 20000;

		assert_int_equal(pipe(ends), 0);

		pid_t pid = fork();

		if (pid == 0)
			write_till_killed(acknowledged, ends[1]);
		close(ends[1]);
		for (unsigned n = 0; n < 1 + round % 9; n++)
			assert_int_equal(read(ends[0], &last, sizeof(last)), sizeof(last));
		for (volatile unsigned k = 0; k < spins; k++)
			;
		kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		while (read(ends[0], &last, sizeof(last)) == sizeof(last))
			;
		close(ends[0]);
		assert_int_equal(cofre_check_file(c.path, &c.key, &count), OK);
		/* One more may have been committed and not told. */
		assert_true(count == last + 1 || count == last + 2);
		acknowledged = count;
		assert_false(cofre_seen(&c));
	}
	assert_true(acknowledged >= ROUNDS);
}

/* The killed process's WAL: another process recovers it; nothing is seen in what was left. */
static void test_recovered_elsewhere(void **state)
{
	int status = 0;

	(void)state;
	make_killed();
	assert_false(cofre_seen(&c));

	pid_t pid = fork();

	if (pid == 0) {
		int64_t count = 0;
		enum err e = cofre_check_file(c.path, &c.key, &count);

		_exit(e == OK && count == ROWS ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_false(cofre_seen(&c));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_wrong_key, setup, teardown),
		cmocka_unit_test_setup_teardown(test_another_kind, setup, teardown),
		cmocka_unit_test_setup_teardown(test_truncated, setup, teardown),
		cmocka_unit_test_setup_teardown(test_truncated_below_wal, setup, teardown),
		cmocka_unit_test_setup_teardown(test_flipped, setup, teardown),
		cmocka_unit_test_setup_teardown(test_swapped, setup, teardown),
		cmocka_unit_test_setup_teardown(test_wal_altered, setup, teardown),
		cmocka_unit_test_setup_teardown(test_wal_altered_open, setup, teardown),
		cmocka_unit_test_setup_teardown(test_torn_first_page, setup, teardown),
		cmocka_unit_test_setup_teardown(test_killed, setup, teardown),
		cmocka_unit_test_setup_teardown(test_recovered_elsewhere, setup, teardown),
	};

	if (db_setup() != OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
