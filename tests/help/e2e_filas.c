#include "tests/help/e2e_filas.h"

#include <stdio.h>
#include <stdlib.h>
#include <sqlite3.h>
#include "base/b64.h"
#include "base/file.h"
#include "crypto/sha.h"
#include "tests/help/cm.h"

#define ROWS_MOST 200000
#define OUT_MOST (32 * 1024 * 1024)
#define ROOM (3 * (size_t)OUT_MOST)
#define BUSY_MS 10000

static const char *must(const char *text)
{
	assert_non_null(text);
	return text;
}

/* ---- SQLite ------------------------------------------------------------------------------- */

static struct bytes value(sqlite3_value *v)
{
	const void *data = sqlite3_value_blob(v);

	return bytes_of(data, (size_t)sqlite3_value_bytes(v));
}

static void fn_parte_de(sqlite3_context *c, int count, sqlite3_value **values)
{
	unsigned char hash[32];

	(void)count;
	assert_int_equal(sha256(value(values[0]), hash), OK);
	sqlite3_result_int(c, hash[0]);
}

static void fn_sha256(sqlite3_context *c, int count, sqlite3_value **values)
{
	unsigned char hash[32];

	(void)count;
	assert_int_equal(sha256(value(values[0]), hash), OK);
	sqlite3_result_blob(c, hash, sizeof(hash), SQLITE_TRANSIENT);
}

static void fn_encode(sqlite3_context *c, int count, sqlite3_value **values)
{
	ARENA(a, 1 << 20);

	(void)count;
	sqlite3_result_text(c, must(hex_encode(&a, value(values[0]))), -1, SQLITE_TRANSIENT);
}

static void fn_convert_to(sqlite3_context *c, int count, sqlite3_value **values)
{
	struct bytes b = value(values[0]);

	(void)count;
	sqlite3_result_blob(c, b.data, (int)b.size, SQLITE_TRANSIENT);
}

static sqlite3 *open_file(struct e2e *w, struct arena *a)
{
	static const struct {
		const char *name;
		int args;
		void (*run)(sqlite3_context *, int, sqlite3_value **);
	} functions[] = {{"parte_de", 1, fn_parte_de}, {"sha256", 1, fn_sha256},
		{"encode", 2, fn_encode}, {"convert_to", 2, fn_convert_to}};
	sqlite3 *db = NULL;

	assert_int_equal(
		sqlite3_open_v2(e2e_path(w, a, w->store), &db, SQLITE_OPEN_READWRITE, NULL),
		SQLITE_OK);
	sqlite3_busy_timeout(db, BUSY_MS);
	for (size_t i = 0; i < COUNT_OF(functions); i++)
		assert_int_equal(sqlite3_create_function(db, functions[i].name, functions[i].args,
					 SQLITE_UTF8, NULL, functions[i].run, NULL, NULL),
			SQLITE_OK);
	return db;
}

static void run_file(struct e2e *w, struct arena *a, const char *script)
{
	sqlite3 *db = open_file(w, a);

	if (sqlite3_exec(db, script, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sqlite3_errmsg(db), script);
	sqlite3_close(db);
}

static size_t rows_of_file(struct e2e *w, struct arena *a, const char *sql, const char **rows)
{
	sqlite3 *db = open_file(w, a);
	sqlite3_stmt *st = NULL;
	size_t count = 0;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sqlite3_errmsg(db), sql);
	while (sqlite3_step(st) == SQLITE_ROW && count < ROWS_MOST)
		rows[count++] = must(arena_strdup(a, (const char *)sqlite3_column_text(st, 0)));
	sqlite3_finalize(st);
	sqlite3_close(db);
	return count;
}

/* ---- PostgreSQL --------------------------------------------------------------------------- */

/* By files: what is asked and what is answered may be long. */
static char *psql(struct e2e *w, struct arena *a, const char *script)
{
	const char *in = must(arena_printf(a, "%s/psql.sql", w->dir));
	const char *out = must(arena_printf(a, "%s/psql.out", w->dir));
	const char *command = must(arena_printf(
		a, "psql '%s' -XqAt -v ON_ERROR_STOP=1 -f '%s' >'%s' 2>&1", w->place, in, out));
	struct bytes text = {0};

	assert_int_equal(file_write(in, bytes_of_text(script), 0600), OK);
	int code = system(command);

	assert_int_equal(file_read(a, out, OUT_MOST, &text), OK);
	if (code != 0)
		fail_msg("psql: %s", (const char *)text.data);
	return arena_strdup(a, (const char *)text.data);
}

static size_t rows_of_place(struct e2e *w, struct arena *a, const char *sql, const char **rows)
{
	char *text = psql(w, a, sql);
	char *rest = NULL;
	size_t count = 0;

	assert_non_null(text);
	for (char *line = strtok_r(text, "\n", &rest); line != NULL && count < ROWS_MOST;
		line = strtok_r(NULL, "\n", &rest))
		rows[count++] = line;
	return count;
}

/* ---- both --------------------------------------------------------------------------------- */

void e2e_sql(struct e2e *w, const char *script)
{
	ARENA(a, ROOM);

	if (w->place != NULL)
		(void)psql(w, &a, script);
	else
		run_file(w, &a, script);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

size_t e2e_filas(struct e2e *w, struct arena *a, const char *sql, const char ***ret_rows)
{
	const char **rows = arena_array(a, ROWS_MOST, sizeof(*rows));

	assert_non_null(rows);
	size_t count =
		w->place != NULL ? rows_of_place(w, a, sql, rows) : rows_of_file(w, a, sql, rows);

	qsort(rows, count, sizeof(*rows), by_text);
	*ret_rows = rows;
	return count;
}
