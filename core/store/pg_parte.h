/*
 * `parte_de($n)` of queries.def as one more parameter, computed here: PostgreSQL would start the
 * function for each row that it looks at, and plan without knowing its value.
 */
#ifndef CORE_STORE_PG_PARTE_H
#define CORE_STORE_PG_PARTE_H

#include "base/db.h"

/* Bytes of the longest parameters with it. */
#define PG_PARTE_ROOM 512

/* Of one query; zero: it has none. */
struct pg_parte {
	size_t of; /* offset of the text in the caller's parameters */
	size_t at; /* of the number behind them; 0: none */
};

/* Rewrites the queries (texts and fields in the arena); ret has `count` places. */
enum err pg_parte_rewrite(
	struct arena *a, struct db_query *queries, size_t count, struct pg_parte *ret) MUST_CHECK;
/* *ret: `in`, or in `room` the same with its number behind. */
enum err pg_parte_fill(const struct pg_parte *p, const void *in, unsigned char room[PG_PARTE_ROOM],
	const void **ret) MUST_CHECK;

#endif
