/* queries.def as data, for either database. */
#include <string.h>
#include "core/store/store_ops.h"

#include "base/db_table_fields.h"

static const struct db_query table[FRAME_COUNT] = {
#include "base/db_table_queries.h"
	[FRAME_BEGIN] = {.sql = "BEGIN IMMEDIATE"},
	[FRAME_COMMIT] = {.sql = "COMMIT"},
	[FRAME_ROLLBACK] = {.sql = "ROLLBACK"},
	[FRAME_SAVEPOINT] = {.sql = "SAVEPOINT solicitud"},
	[FRAME_RELEASE] = {.sql = "RELEASE solicitud"},
	[FRAME_ROLLBACK_TO] = {.sql = "ROLLBACK TO solicitud"},
};

#undef SQL_PG
#define QUERY(q, sql)
#define IN_INT(q, m)
#define IN_TEXT(q, m)
#define IN_DATA(q, m)
#define OUT_INT(q, m)
#define OUT_TEXT(q, m)
#define OUT_DATA(q, m)
#define END(q)
#define SQL_PG(q, text) [QUERY_##q] = (text),
static const char *const texts_pg[FRAME_COUNT] = {
#include DB_TABLE
	[FRAME_BEGIN] = "BEGIN",
};

void store_table(bool pg, struct db_query ret_table[FRAME_COUNT])
{
	memcpy(ret_table, table, sizeof(table));
	for (size_t i = 0; pg && i < FRAME_COUNT; i++)
		if (texts_pg[i] != NULL)
			ret_table[i].sql = texts_pg[i];
}
