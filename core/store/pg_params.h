/*
 * The parameters of a statement as PostgreSQL takes them: in its binary form.
 */
#ifndef CORE_STORE_PG_PARAMS_H
#define CORE_STORE_PG_PARAMS_H

#include "base/db.h"

/* Most parameters of one statement (queries.def). */
#define PG_PARAMS 32
#define PG_PARAMS_KEY 128

/* Texts and data are the caller's; numbers in `numbers`. */
struct pg_params {
	const char *values[PG_PARAMS];
	int lengths[PG_PARAMS];
	int formats[PG_PARAMS];
	uint64_t numbers[PG_PARAMS];
};

/* The types they are sent as (Oid), and they; at most PG_PARAMS of them. */
void pg_params_types(const struct db_query *q, unsigned ret[PG_PARAMS]);
void pg_params_fill(const struct db_query *q, const void *in, struct pg_params *ret);
/* What tells them from others of the same statement; its bytes, 0: not to be kept. */
size_t pg_params_key(const struct db_query *q, const struct pg_params *ps,
	unsigned char ret[PG_PARAMS_KEY]) MUST_CHECK;

#endif
