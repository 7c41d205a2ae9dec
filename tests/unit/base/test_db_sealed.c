/*
 * The sealed database: what was written is read again, by several connections and processes; not a
 * word of it is in a file; memory and disk may end; a copy of it goes on in memory.
 */
#include "tests/help/cm.h"
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/db_mem.h"
#include "base/mem.h"
#include "tests/help/cofre.h"
#include "tests/help/ossl_mem.h"

static struct cofre c;

static int setup(void **state)
{
	(void)state;
	return cofre_make(&c);
}

static int teardown(void **state)
{
	(void)state;
	return cofre_remove(&c);
}

static struct db *open_db(void)
{
	struct db *d = NULL;

	assert_int_equal(cofre_open(&c, &d), OK);
	return d;
}

static struct db *open_reader(void)
{
	struct db *d = NULL;

	assert_int_equal(
		db_open_sealed(c.path, DB_READ, &c.key, cofre_queries, COFRE_QUERIES, &d), OK);
	return d;
}

static int64_t count_right(struct db *d)
{
	int64_t count = 0;

	assert_int_equal(cofre_check(d, &count), OK);
	return count;
}

static int64_t count_in_file(void)
{
	int64_t count = 0;

	assert_int_equal(cofre_check_file(c.path, &c.key, &count), OK);
	return count;
}

static void assert_mode(const char *ending)
{
	char path[320];
	struct stat st;

	snprintf(path, sizeof(path), "%s%s", c.path, ending);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static int64_t number_of(struct db *d, unsigned q)
{
	ARENA(a, 4096);
	struct cofre_number n;

	assert_int_equal(db_run(d, q, NULL, &a, &n), OK);
	return n.number;
}

static void test_survives(void **state)
{
	ARENA(a, 4096);
	AUTO(db) d = open_db();
	struct cofre_text mode;

	(void)state;
	for (int64_t i = 0; i < 50; i++)
		assert_int_equal(cofre_put(d, i, (size_t)i * 700), OK);
	assert_mode("");
	assert_mode("-wal");
	assert_mode("-shm");
	assert_int_equal(number_of(d, COFRE_PAGE_SIZE), 8192);
	assert_int_equal(number_of(d, COFRE_SYNCHRONOUS), 2); /* FULL */
	assert_int_equal(number_of(d, COFRE_TEMP_STORE), 2);  /* memory */
	assert_int_equal(number_of(d, COFRE_SECURE_DELETE), 1);
	assert_int_equal(db_run(d, COFRE_JOURNAL, NULL, &a, &mode), OK);
	assert_string_equal(mode.text, "wal");
	db_close(STEAL(d));
	assert_int_equal(count_in_file(), 50);
	/* Freed pages are used again, and the file can be made smaller. */
	d = open_db();
	assert_int_equal(db_exec(d, "DELETE FROM recado WHERE id % 2 = 0"), OK);
	assert_int_equal(db_exec(d, "VACUUM"), OK);
	db_close(STEAL(d));
	assert_int_equal(count_in_file(), 25);
	assert_false(cofre_seen(&c));
}

/* Rows, index and schema: not a word, whatever the files are just now. */
static void test_nothing_seen(void **state)
{
	AUTO(db) d = open_db();

	(void)state;
	assert_false(cofre_seen(&c));
	for (int64_t i = 0; i < 300; i++)
		assert_int_equal(cofre_put(d, i, 3000), OK);
	assert_false(cofre_seen(&c));
	/* A savepoint that is undone, and a sort of all: neither goes to a file. */
	assert_int_equal(db_exec(d, "BEGIN; SAVEPOINT s; UPDATE recado SET data = zeroblob(9000);"
				    "ROLLBACK TO s; COMMIT"),
		OK);
	assert_int_equal(count_right(d), 300);
	assert_false(cofre_seen(&c));
	assert_int_equal(db_exec(d, "PRAGMA wal_checkpoint(TRUNCATE)"), OK);
	assert_false(cofre_seen(&c));
	assert_int_equal(cofre_put(d, 300, 100), OK);
	db_close(STEAL(d));
	assert_false(cofre_seen(&c));
	/* What would be written open is refused. */
	d = open_db();
	/* (What SQLite answers here is its own affair; what counts is the file.) */
	if (db_exec(d, "PRAGMA journal_mode = DELETE") == OK)
		assert_int_not_equal(cofre_put(d, 1, 100), OK);
	db_close(STEAL(d));
	assert_false(cofre_seen(&c));
	assert_int_equal(count_in_file(), 301);
}

static void test_two_connections(void **state)
{
	AUTO(db) writer = open_db();
	AUTO(db) reader = open_reader();
	AUTO(db) second = open_db();
	int64_t before = 0;
	int64_t after = 0;

	(void)state;
	assert_int_equal(count_right(reader), 0);
	assert_int_equal(db_version(reader, &before), OK);
	assert_int_equal(cofre_put(writer, 1, 20000), OK);
	assert_int_equal(db_version(reader, &after), OK);
	assert_int_not_equal(before, after);
	assert_int_equal(count_right(reader), 1);
	assert_int_equal(cofre_put(second, 2, 20000), OK);
	assert_int_equal(count_right(writer), 2);
	assert_int_equal(cofre_put(reader, 3, 10), ERR_IO);
	/* A reader keeps its instant while others write and copy the WAL. */
	assert_int_equal(db_exec(reader, "BEGIN"), OK);
	assert_int_equal(count_right(reader), 2);
	for (int64_t i = 3; i < 100; i++)
		assert_int_equal(cofre_put(writer, i, 20000), OK);
	assert_int_equal(db_exec(second, "PRAGMA wal_checkpoint(PASSIVE)"), OK);
	assert_int_equal(count_right(reader), 2);
	assert_int_equal(db_exec(reader, "COMMIT"), OK);
	assert_int_equal(count_right(reader), 99);
}

#define EACH 60

static void *write_some(void *arg)
{
	int64_t first = *(const int64_t *)arg;
	struct db *d = NULL;
	enum err e = db_open_sealed(c.path, DB_WRITE, &c.key, cofre_queries, COFRE_QUERIES, &d);

	for (int64_t i = 0; e == OK && i < EACH; i++)
		e = cofre_put(d, first + i, 5000);
	if (d != NULL)
		db_close(d);
	return e == OK ? NULL : arg;
}

static void test_threads(void **state)
{
	static int64_t firsts[3] = {1000, 2000, 3000};
	pthread_t threads[3];
	AUTO(db) d = open_db();
	int64_t seen = 0;

	(void)state;
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, write_some, &firsts[i]), 0);
	while (seen < 3 * EACH) {
		int64_t now = count_right(d);

		assert_true(now >= seen);
		seen = now;
	}
	for (size_t i = 0; i < 3; i++) {
		void *bad = NULL;

		assert_int_equal(pthread_join(threads[i], &bad), 0);
		assert_null(bad);
	}
}

/* Three processes make the file at once, and all write. */
static void test_processes(void **state)
{
	pid_t pids[3];

	(void)state;
	for (int64_t i = 0; i < 3; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			struct db *d = NULL;
			enum err e = cofre_open(&c, &d);

			for (int64_t k = 0; e == OK && k < EACH; k++)
				e = cofre_put(d, i * 1000 + k, 3000);
			if (d != NULL)
				db_close(d);
			_exit(e);
		}
	}
	for (size_t i = 0; i < 3; i++) {
		int status = -1;

		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(count_in_file(), 3 * EACH);
	assert_false(cofre_seen(&c));
}

/* Pages that are written, read again and written again before their transaction ends. */
static void test_spilt(void **state)
{
	AUTO(db) d = open_db();

	(void)state;
	assert_int_equal(db_exec(d, "PRAGMA cache_size = 10; BEGIN IMMEDIATE"), OK);
	for (int64_t i = 0; i < 400; i++)
		assert_int_equal(cofre_put(d, i, 6000), OK);
	for (int64_t i = 0; i < 400; i += 3)
		assert_int_equal(cofre_put(d, i, 900), OK);
	assert_int_equal(db_exec(d, "COMMIT; BEGIN IMMEDIATE"), OK);
	for (int64_t i = 0; i < 400; i += 5)
		assert_int_equal(cofre_put(d, i, 7000), OK);
	assert_int_equal(db_exec(d, "ROLLBACK"), OK);
	assert_int_equal(count_right(d), 400);
	db_close(STEAL(d));
	assert_int_equal(count_in_file(), 400);
}

static void test_large(void **state)
{
	AUTO(db) d = open_db();
	int64_t count = 0;

	(void)state;
	for (int64_t i = 0; i < 3; i++)
		assert_int_equal(cofre_put(d, i, (size_t)10 * 1024 * 1024 + (size_t)i), OK);
	assert_int_equal(db_exec(d, "BEGIN"), OK);
	for (int64_t i = 3; i < 100000; i++)
		assert_int_equal(cofre_put(d, i, 40), OK);
	assert_int_equal(db_exec(d, "COMMIT"), OK);
	db_close(STEAL(d));
	assert_int_equal(cofre_check_file(c.path, &c.key, &count), OK);
	assert_int_equal(count, 100000);
}

/* The system refuses to write more: what was acknowledged stays, and it goes on in memory. */
static void test_disk_full(void **state)
{
	AUTO(db) d = open_db();
	AUTO(db) memory = NULL;
	struct rlimit was;
	enum err e = OK;
	int64_t kept = 0;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	struct rlimit less = {.rlim_cur = 500000, .rlim_max = was.rlim_max};

	assert_int_equal(setrlimit(RLIMIT_FSIZE, &less), 0);
	for (; kept < 10 && e == OK; kept += e == OK)
		e = cofre_put(d, kept, 200000);
	assert_int_equal(e, ERR_DISK_FULL);
	assert_false(db_in_transaction(d));
	assert_int_equal(
		db_open_sealed(":memory:", DB_WRITE, &c.key, cofre_queries, COFRE_QUERIES, &memory),
		OK);
	assert_int_equal(db_copy(d, memory), OK);
	assert_int_equal(count_right(memory), kept);
	assert_int_equal(cofre_put(memory, 500, 400000), OK);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	/* And back, when there is room. */
	assert_int_equal(count_right(d), kept);
	assert_int_equal(db_copy(memory, d), OK);
	db_close(STEAL(d));
	assert_int_equal(count_in_file(), kept + 1);
	assert_false(cofre_seen(&c));
}

static void test_copies(void **state)
{
	AUTO(db) d = open_db();
	AUTO(db) memory = NULL;
	AUTO(db) plain = NULL;

	(void)state;
	for (int64_t i = 0; i < 100; i++)
		assert_int_equal(cofre_put(d, i, 3000), OK);
	/* Into any database in memory. */
	assert_int_equal(db_open(":memory:", DB_WRITE, cofre_queries, COFRE_QUERIES, &memory), OK);
	assert_int_equal(db_copy(d, memory), OK);
	assert_int_equal(count_right(memory), 100);
	assert_int_equal(cofre_put(memory, 100, 3000), OK);
	assert_int_equal(count_right(memory), 101);
	/* Pages without room for a seal can't come into a sealed file, in which nothing changes. */
	assert_int_equal(db_open(":memory:", DB_WRITE, cofre_queries, COFRE_QUERIES, &plain), OK);
	assert_int_equal(
		db_exec(plain,
			"PRAGMA page_size = 8192; CREATE TABLE recado (id INTEGER PRIMARY KEY, name TEXT, "
			"data BLOB)"),
		OK);
	assert_int_equal(cofre_put(plain, 1, 100), OK);
	assert_int_not_equal(db_copy(plain, d), OK);
	assert_int_equal(count_right(d), 100);
	db_close(STEAL(d));
	assert_false(cofre_seen(&c));
	assert_int_equal(count_in_file(), 100);
}

static enum err work(void)
{
	AUTO(db) d = NULL;
	AUTO(db) memory = NULL;
	int64_t count = 0;
	enum err e = cofre_open(&c, &d);

	if (e == OK)
		e = cofre_put(d, 1, 20000);
	if (e == OK)
		e = cofre_check(d, &count);
	if (e == OK)
		e = db_open_sealed(
			":memory:", DB_WRITE, &c.key, cofre_queries, COFRE_QUERIES, &memory);
	return e == OK ? db_copy(d, memory) : e;
}

/* The sanitizers look for leaks, ten times slower: a sample is enough for them. */
#if defined(__SANITIZE_ADDRESS__)
#define STEP 7
#else
#define STEP 1
#endif

/* SQLite's and OpenSSL's heap too: never taken for a wrong key, and nothing is lost. */
static void test_memory_ends(void **state)
{
	long failures = 0;
	long n = 1;

	(void)state;
	assert_int_equal(work(), OK);
	assert_int_equal(work(), OK);
	for (bool failed = true; failed && n < 20000; n += STEP) {
		mem_fail_at(n);

		enum err e = work();

		failed = mem_count() >= n;
		mem_fail_at(0);
		if (e != OK && e != ERR_NO_MEMORY)
			fail_msg("allocation %ld gives %s", n, err_wire(e));
		failures += e != OK;
	}
	assert_true(n < 20000);
	assert_true(failures > 20);
	assert_int_equal(count_in_file(), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_survives, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nothing_seen, setup, teardown),
		cmocka_unit_test_setup_teardown(test_two_connections, setup, teardown),
		cmocka_unit_test_setup_teardown(test_threads, setup, teardown),
		cmocka_unit_test_setup_teardown(test_processes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_spilt, setup, teardown),
		cmocka_unit_test_setup_teardown(test_large, setup, teardown),
		cmocka_unit_test_setup_teardown(test_disk_full, setup, teardown),
		cmocka_unit_test_setup_teardown(test_copies, setup, teardown),
		cmocka_unit_test_setup_teardown(test_memory_ends, setup, teardown),
	};

	ossl_mem_hook();
	if (db_setup() != OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
