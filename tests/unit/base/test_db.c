/*
 * SQLite behind typed rows: kinds and NULL, one row and many, transactions, full disk, no memory.
 */
#include "base/db.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include "base/db_mem.h"
#include "base/mem.h"
#include "tests/help/carpeta.h"

struct row {
	int64_t id;
	const char *name;
	struct bytes data;
};
struct one {
	int64_t id;
};

static const struct db_field row_fields[] = {
	{DB_INT, offsetof(struct row, id)},
	{DB_TEXT, offsetof(struct row, name)},
	{DB_DATA, offsetof(struct row, data)},
};
static const struct db_field id_field[] = {{DB_INT, offsetof(struct one, id)}};

enum { PUT, GET, ALL, COUNT_ROWS, WRONG, UNKNOWN, QUERIES };

static const struct db_query queries[QUERIES] = {
	[PUT] = {.sql = "INSERT INTO t (id, name, data) VALUES ($1, $2, $3)",
		.in = row_fields,
		.in_count = 3},
	[GET] = {.sql = "SELECT id, name, data FROM t WHERE id = $1",
		.in = id_field,
		.in_count = 1,
		.out = row_fields,
		.out_count = 3,
		.out_size = sizeof(struct row)},
	[ALL] = {.sql = "SELECT id, name, data FROM t ORDER BY id",
		.out = row_fields,
		.out_count = 3,
		.out_size = sizeof(struct row)},
	[COUNT_ROWS] = {.sql = "SELECT COUNT(*) FROM t",
		.out = id_field,
		.out_count = 1,
		.out_size = sizeof(struct one)},
	[WRONG] = {.sql = "SELECT id FROM t WHERE id = $1",
		.out = id_field,
		.out_count = 1,
		.out_size = sizeof(struct one)},
	[UNKNOWN] = {.sql = "SELECT nothing FROM nowhere"},
};

static char folder[200];
static char path[300];

static int setup(void **state)
{
	(void)state;
	if (carpeta_make(folder, sizeof(folder), "db") != 0)
		return -1;
	snprintf(path, sizeof(path), "%s/t.db", folder);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	return carpeta_remove(folder);
}

static struct db *open_db(void)
{
	struct db *d = NULL;

	assert_int_equal(db_open(path, DB_WRITE, queries, QUERIES, &d), OK);
	assert_int_equal(db_exec(d, "CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, "
				    "name TEXT, data BLOB)"),
		OK);
	return d;
}

static enum err put(struct db *d, int64_t id, const char *name, struct bytes data)
{
	struct row in = {.id = id, .name = name, .data = data};

	return db_run(d, PUT, &in, NULL, NULL);
}

static int64_t count_rows(struct db *d)
{
	ARENA(a, 4096);
	struct one row;

	assert_int_equal(db_run(d, COUNT_ROWS, NULL, &a, &row), OK);
	return row.id;
}

static void test_kinds(void **state)
{
	ARENA(a, 65536);
	AUTO(db) d = open_db();
	struct one at = {.id = INT64_MIN};
	struct row row;

	(void)state;
	assert_int_equal(put(d, INT64_MIN, "Ñandú", bytes_of("\0x\0", 3)), OK);
	assert_int_equal(db_changes(d), 1);
	assert_int_equal(put(d, 2, NULL, (struct bytes){0}), OK);
	assert_int_equal(put(d, 3, "", bytes_of("", 0)), OK);
	assert_int_equal(db_run(d, GET, &at, &a, &row), OK);
	assert_true(row.id == INT64_MIN);
	assert_string_equal(row.name, "Ñandú");
	assert_true(bytes_equal(row.data, bytes_of("\0x\0", 3)));
	at.id = 2;
	assert_int_equal(db_run(d, GET, &at, &a, &row), OK);
	assert_null(row.name);
	assert_null(row.data.data);
	at.id = 3;
	assert_int_equal(db_run(d, GET, &at, &a, &row), OK);
	assert_string_equal(row.name, "");
	assert_non_null(row.data.data);
	assert_int_equal(row.data.size, 0);
	at.id = 4;
	row.id = 77;
	assert_int_equal(db_run(d, GET, &at, &a, &row), ERR_NOT_FOUND);
	assert_int_equal(row.id, 77);
}

static void test_all(void **state)
{
	AUTO(db) d = open_db();

	(void)state;
	for (int64_t i = 0; i < 100; i++)
		assert_int_equal(put(d, i, "x", bytes_of_text("y")), OK);
	ARENA(a, 1 << 20);
	void *rows = NULL;
	size_t count = 0;

	assert_int_equal(db_all(d, ALL, NULL, 1000, &a, &rows, &count), OK);
	assert_int_equal(count, 100);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(((struct row *)rows)[i].id, i);
	assert_int_equal(db_all(d, ALL, NULL, 7, &a, &rows, &count), OK);
	assert_int_equal(count, 7);
	/* What a peer put there can't take more than the arena's allowance. */
	ARENA(small, 512);
	assert_int_equal(db_all(d, ALL, NULL, 1000, &small, &rows, &count), ERR_NO_MEMORY);
	assert_int_equal(count, 7);
	assert_int_equal(db_all(d, ALL, NULL, 1000, &a, &rows, &count), OK);
	assert_int_equal(count, 100);
}

static void test_mistakes(void **state)
{
	ARENA(a, 4096);
	AUTO(db) d = open_db();
	struct db *none = NULL;
	struct one row;
	FILE *junk;

	(void)state;
	assert_int_equal(db_run(d, WRONG, NULL, &a, &row), ERR_INTERNAL);
	assert_int_equal(db_run(d, UNKNOWN, NULL, &a, NULL), ERR_INTERNAL);
	assert_int_equal(db_run(d, QUERIES, NULL, &a, NULL), ERR_INTERNAL);
	assert_int_equal(put(d, 1, "a", (struct bytes){0}), OK);
	assert_int_equal(put(d, 1, "b", (struct bytes){0}), ERR_STORE);
	assert_int_equal(put(d, 2, "b", (struct bytes){0}), OK);
	assert_int_equal(db_open("/no/hay/t.db", DB_WRITE, queries, QUERIES, &none), ERR_NO_FILE);
	assert_int_equal(db_open("/no/hay.db", DB_READ, queries, QUERIES, &none), ERR_NO_FILE);
	snprintf(path, sizeof(path), "%s/junk.db", folder);
	junk = fopen(path, "w");
	assert_non_null(junk);
	for (int i = 0; i < 5000; i++)
		fputs("not a database ", junk);
	fclose(junk);
	assert_int_equal(db_open(path, DB_WRITE, queries, QUERIES, &none), ERR_STORE);
	assert_null(none);
}

static void test_private_and_durable(void **state)
{
	ARENA(a, 4096);
	AUTO(db) d = open_db();
	struct stat st;
	static const struct db_query pragmas[] = {
		{.sql = "PRAGMA page_size", .out = id_field, .out_count = 1, .out_size = 8},
		{.sql = "PRAGMA synchronous", .out = id_field, .out_count = 1, .out_size = 8},
		{.sql = "PRAGMA foreign_keys", .out = id_field, .out_count = 1, .out_size = 8},
	};
	AUTO(db) other = NULL;
	struct one row;

	(void)state;
	(void)d;
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(db_open(path, DB_WRITE, pragmas, COUNT_OF(pragmas), &other), OK);
	assert_int_equal(db_run(other, 0, NULL, &a, &row), OK);
	assert_int_equal(row.id, 16384);
	assert_int_equal(db_run(other, 1, NULL, &a, &row), OK);
	assert_int_equal(row.id, 2); /* FULL */
	assert_int_equal(db_run(other, 2, NULL, &a, &row), OK);
	assert_int_equal(row.id, 1);
}

/* The quota of pages ends: a clean error, nothing half done, and it goes on when there is room. */
static void test_pages_end(void **state)
{
	AUTO(db) d = open_db();
	char *block = mem_zalloc(400000);

	(void)state;
	assert_non_null(block);
	assert_int_equal(put(d, 1, "a", (struct bytes){0}), OK);
	assert_int_equal(db_exec(d, "PRAGMA max_page_count = 10"), OK);
	assert_int_equal(db_exec(d, "BEGIN IMMEDIATE"), OK);
	assert_int_equal(put(d, 2, "b", (struct bytes){0}), OK);
	assert_int_equal(put(d, 3, "c", bytes_of(block, 400000)), ERR_DISK_FULL);
	/* SQLite may or may not have rolled back by itself: that is what this tells. */
	if (db_in_transaction(d))
		assert_int_equal(db_exec(d, "ROLLBACK"), OK);
	assert_int_equal(count_rows(d), 1);
	assert_int_equal(db_exec(d, "PRAGMA max_page_count = 1000000"), OK);
	assert_int_equal(put(d, 3, "c", bytes_of(block, 400000)), OK);
	assert_int_equal(count_rows(d), 2);
	mem_free(block);
}

/* The system refuses to write more (quota, limit): the same. */
static void test_disk_full(void **state)
{
	AUTO(db) d = open_db();
	char *block = mem_zalloc(400000);
	struct rlimit was;
	enum err e = OK;

	(void)state;
	assert_non_null(block);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	struct rlimit less = {.rlim_cur = 500000, .rlim_max = was.rlim_max};

	assert_int_equal(setrlimit(RLIMIT_FSIZE, &less), 0);
	int64_t committed = 0;

	for (int64_t i = 0; i < 10 && e == OK; i++) {
		e = put(d, i, "x", bytes_of(block, 200000));
		committed += e == OK;
	}
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	assert_int_equal(e, ERR_DISK_FULL);
	assert_false(db_in_transaction(d));
	assert_int_equal(count_rows(d), committed);
	assert_int_equal(put(d, 100, "x", bytes_of(block, 400000)), OK);
	assert_int_equal(count_rows(d), committed + 1);
	mem_free(block);
}

static enum err work(void)
{
	ARENA(a, 65536);
	AUTO(db) d = NULL;
	struct one at = {.id = 1};
	struct row row;
	enum err e = db_open(path, DB_WRITE, queries, QUERIES, &d);

	if (e == OK)
		e = put(d, 1, "a", bytes_of_text("b"));
	return e == OK ? db_run(d, GET, &at, &a, &row) : e;
}

/* SQLite's heap goes through base/mem.h, so each of its allocations can be made to fail. */
static void test_memory_ends(void **state)
{
	long n = 0;
	long failures = 0;
	enum err e;
	bool failed;

	(void)state;
	db_close(open_db());
	do {
		AUTO(db) d = open_db();

		assert_int_equal(db_exec(d, "DELETE FROM t"), OK);
		db_close(STEAL(d));
		mem_fail_at(++n);
		e = work();
		failed = mem_count() >= n;
		mem_fail_at(0);
		assert_true(e == OK || e == ERR_NO_MEMORY);
		failures += e != OK;
	} while (failed && n < 20000);
	assert_int_equal(e, OK);
	assert_true(failures > 20);
}

/* COMMIT acknowledged, then kill -9: it is there. Not acknowledged: it is not. */
static void test_killed(void **state)
{
	(void)state;
	db_close(open_db());
	pid_t pid = fork();

	if (pid == 0) {
		struct db *d = NULL;

		if (db_open(path, DB_WRITE, queries, QUERIES, &d) == OK &&
			put(d, 1, "kept", (struct bytes){0}) == OK &&
			db_exec(d, "BEGIN IMMEDIATE") == OK &&
			put(d, 2, "lost", (struct bytes){0}) == OK)
			kill(getpid(), SIGKILL);
		_exit(1);
	}
	int status = 0;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	AUTO(db) d = open_db();

	assert_int_equal(count_rows(d), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_kinds, setup, teardown),
		cmocka_unit_test_setup_teardown(test_all, setup, teardown),
		cmocka_unit_test_setup_teardown(test_mistakes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_private_and_durable, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pages_end, setup, teardown),
		cmocka_unit_test_setup_teardown(test_disk_full, setup, teardown),
		cmocka_unit_test_setup_teardown(test_memory_ends, setup, teardown),
		cmocka_unit_test_setup_teardown(test_killed, setup, teardown),
	};

	if (db_setup() != OK || db_setup() != OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
