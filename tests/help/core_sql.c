#include "tests/help/core_sql.h"

#include <libpq-fe.h>
#include <string.h>
#include "base/db.h"
#include "core/store/store.h"
#include "tests/help/cm.h"

#define ROOM (64 * 1024 * 1024)

struct row_text {
	const char *text;
};

static struct db *open_lite(const char *place, const struct db_query *q)
{
	struct db *d = NULL;

	assert_int_equal(db_open(place, DB_WRITE, q, q != NULL ? 1 : 0, &d), OK);
	/* As the store's own connections have it. */
	assert_int_equal(db_define(d, "parte_de", store_parte), OK);
	assert_int_equal(db_exec(d, "PRAGMA foreign_keys = OFF"), OK);
	return d;
}

/* A connection for each: psql would take ten times as long to begin. */
static const char *ask_pg(struct arena *a, const char *place, const char *sql)
{
	PGconn *c = PQconnectdb(place);

	if (PQstatus(c) != CONNECTION_OK)
		fail_msg("%s", PQerrorMessage(c));
	PGresult *r = PQexec(c, sql);
	ExecStatusType status = PQresultStatus(r);

	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		fail_msg("%s: %s", sql, PQerrorMessage(c));
	const char *text = "";

	for (int i = 0; i < PQntuples(r); i++)
		text = arena_printf(a, "%s%s%s", text, i != 0 ? "\n" : "", PQgetvalue(r, i, 0));
	assert_non_null(text);
	PQclear(r);
	PQfinish(c);
	return text;
}

void sql_run(const char *place, const char *sql)
{
	ARENA(a, ROOM);

	if (store_shared(place)) {
		(void)ask_pg(&a, place,
			arena_printf(&a, "SET session_replication_role = replica; %s", sql));
		return;
	}
	struct db *d = open_lite(place, NULL);

	if (db_exec(d, sql) != OK)
		fail_msg("%s", sql);
	db_close(d);
}

const char *sql_ask(struct arena *a, const char *place, const char *sql)
{
	static const struct db_field field[] = {{DB_TEXT, offsetof(struct row_text, text)}};
	const struct db_query q = {
		.sql = sql, .out = field, .out_count = 1, .out_size = sizeof(struct row_text)};
	struct row_text row = {0};

	if (store_shared(place))
		return ask_pg(a, place, sql);
	struct db *d = open_lite(place, &q);
	enum err e = db_run(d, 0, NULL, a, &row);

	db_close(d);
	if (e != OK && e != ERR_NOT_FOUND)
		fail_msg("%s", sql);
	return row.text != NULL ? row.text : "";
}

void sql_flip(const char *place, const char *table, const char *column, const char *where)
{
	ARENA(a, ROOM);
	bool pg = store_shared(place);
	const char *hex = sql_ask(&a, place,
		arena_printf(&a,
			pg ? "SELECT encode(%s, 'hex') FROM %s WHERE %s"
			   : "SELECT hex(%s) FROM %s WHERE %s",
			column, table, where));
	char *made = arena_strdup(&a, hex);
	size_t at = strlen(made) / 2;

	assert_true(at > 0);
	made[at] = made[at] == '0' ? '1' : '0';
	sql_run(place, arena_printf(&a,
			       pg ? "UPDATE %s SET %s = '\\x%s' WHERE %s"
				  : "UPDATE %s SET %s = x'%s' WHERE %s",
			       table, column, made, where));
}
