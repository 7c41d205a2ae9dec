#include "core/store/pg_rows.h"

#include <endian.h>
#include <string.h>
#include <libpq-fe.h>

static int64_t take_number(const PGresult *r, int row, int column)
{
	const char *from = PQgetvalue(r, row, column);
	uint64_t wide = 0;
	uint32_t narrow = 0;

	switch (PQgetlength(r, row, column)) {
	case 8:
		memcpy(&wide, from, sizeof(wide));
		return (int64_t)be64toh(wide);
	case 4:
		memcpy(&narrow, from, sizeof(narrow));
		return (int32_t)be32toh(narrow);
	default: /* NULL reads as 0 */
		return 0;
	}
}

static enum err take_column(
	const PGresult *r, int row, int column, enum db_kind kind, struct arena *a, void *to)
{
	if (kind == DB_INT) {
		*(int64_t *)to = take_number(r, row, column);
		return OK;
	}
	bool null = PQgetisnull(r, row, column) != 0;
	size_t size = null ? 0 : (size_t)PQgetlength(r, row, column);
	void *copy = null ? NULL : arena_copy(a, PQgetvalue(r, row, column), size);

	if (!null && copy == NULL)
		return ERR_NO_MEMORY;
	if (kind == DB_TEXT)
		*(const char **)to = copy;
	else
		*(struct bytes *)to = bytes_of(copy, size);
	return OK;
}

enum err pg_rows_take(
	const struct pg_result *r, const struct db_query *q, int row, struct arena *a, char *to)
{
	if (PQnfields(r) != (int)q->out_count)
		return ERR_INTERNAL;
	for (size_t i = 0; i < q->out_count; i++) {
		enum err e = take_column(r, row, (int)i, q->out[i].kind, a, to + q->out[i].offset);

		if (e != OK)
			return e;
	}
	return OK;
}
