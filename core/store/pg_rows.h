/*
 * Rows that PostgreSQL sent (binary) as the structs of queries.def. With pg.c, all that knows
 * libpq.
 */
#ifndef CORE_STORE_PG_ROWS_H
#define CORE_STORE_PG_ROWS_H

#include "base/db.h"

struct pg_result; /* libpq's PGresult */

/*
 * One row; `to` is zeroed and has the query's out_size. Texts and data are copied into the arena.
 * ERR_INTERNAL where the columns are not the query's.
 */
enum err pg_rows_take(const struct pg_result *r, const struct db_query *q, int row, struct arena *a,
	char *to) MUST_CHECK;

#endif
