#include "core/store/pg_params.h"

#include <endian.h>
#include <limits.h>
#include <string.h>

/* pg_type.dat. */
#define OID_BYTEA 17
#define OID_INT8 20
#define OID_TEXT 25

void pg_params_types(const struct db_query *q, unsigned ret[PG_PARAMS])
{
	static const unsigned types[] = {
		[DB_INT] = OID_INT8, [DB_TEXT] = OID_TEXT, [DB_DATA] = OID_BYTEA};

	for (size_t i = 0; i < q->in_count && i < PG_PARAMS; i++)
		ret[i] = types[q->in[i].kind];
}

static void put_param(struct pg_params *to, size_t at, const struct db_field *f, const char *in)
{
	const void *from = in + f->offset;
	struct bytes b = {0};

	switch (f->kind) {
	case DB_INT:
		to->numbers[at] = htobe64((uint64_t) * (const int64_t *)from);
		b = bytes_of(&to->numbers[at], sizeof(to->numbers[at]));
		break;
	case DB_TEXT:
		if (*(const char *const *)from != NULL)
			b = bytes_of_text(*(const char *const *)from);
		break;
	case DB_DATA:
		b = *(const struct bytes *)from;
		break;
	}
	to->values[at] = (const char *)b.data;
	to->lengths[at] = (int)b.size;
	to->formats[at] = 1;
}

void pg_params_fill(const struct db_query *q, const void *in, struct pg_params *ret)
{
	for (size_t i = 0; i < q->in_count && i < PG_PARAMS; i++)
		put_param(ret, i, &q->in[i], in);
}

/* Each behind its size; a NULL is like no other. */
size_t pg_params_key(
	const struct db_query *q, const struct pg_params *ps, unsigned char ret[PG_PARAMS_KEY])
{
	size_t size = 0;

	for (size_t i = 0; i < q->in_count; i++) {
		size_t bytes = (size_t)ps->lengths[i];

		if (ps->values[i] == NULL || bytes > UCHAR_MAX || size + 1 + bytes > PG_PARAMS_KEY)
			return 0;
		ret[size++] = (unsigned char)bytes;
		memcpy(ret + size, ps->values[i], bytes);
		size += bytes;
	}
	return size;
}
