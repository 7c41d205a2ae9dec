#include "core/store/pg_parte.h"

#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "core/store/store_ops.h"

#define CALL "parte_de($"

static size_t size_of(enum db_kind kind)
{
	return kind == DB_INT	 ? sizeof(int64_t)
	       : kind == DB_TEXT ? sizeof(const char *)
				 : sizeof(struct bytes);
}

/* The end of the parameters' struct as far as they are fields, aligned for a number. */
static size_t end_of(const struct db_query *q)
{
	size_t end = 0;

	for (size_t i = 0; i < q->in_count; i++) {
		size_t after = q->in[i].offset + size_of(q->in[i].kind);

		end = after > end ? after : end;
	}
	return (end + sizeof(int64_t) - 1) / sizeof(int64_t) * sizeof(int64_t);
}

static enum err new_text(struct arena *a, struct db_query *q, const char *call)
{
	const char *from = q->sql;
	size_t size = strcspn(call, ")") + 1;
	const char *number = arena_printf(a, "$%zu", q->in_count + 1);
	struct buf b;

	if (number == NULL)
		return ERR_NO_MEMORY;
	buf_init(&b, a);
	/* Of another parameter it stays the function, whose name alone is the same. */
	for (const char *at; (at = strstr(from, CALL)) != NULL; from = at) {
		bool same = strncmp(at, call, size) == 0;

		buf_add(&b, from, (size_t)(at - from));
		buf_add(&b, same ? number : CALL, same ? strlen(number) : sizeof(CALL) - 1);
		at += same ? size : sizeof(CALL) - 1;
	}
	buf_text(&b, from);
	const char *text = buf_end_text(&b);

	if (text != NULL)
		q->sql = text;
	return text != NULL ? OK : ERR_NO_MEMORY;
}

static enum err rewrite(struct arena *a, struct db_query *q, struct pg_parte *ret)
{
	const char *call = q->sql != NULL ? strstr(q->sql, CALL) : NULL;
	size_t n = call != NULL ? strtoul(call + sizeof(CALL) - 1, NULL, 10) : 0;

	*ret = (struct pg_parte){0};
	if (n == 0)
		return OK;
	size_t at = end_of(q);

	if (n > q->in_count || q->in[n - 1].kind != DB_TEXT || at + sizeof(int64_t) > PG_PARTE_ROOM)
		return ERR_INTERNAL;
	struct db_field *fields = arena_array(a, q->in_count + 1, sizeof(*fields));
	enum err e = fields == NULL ? ERR_NO_MEMORY : new_text(a, q, call);

	if (e != OK)
		return e;
	memcpy(fields, q->in, q->in_count * sizeof(*fields));
	fields[q->in_count] = (struct db_field){DB_INT, at};
	*ret = (struct pg_parte){.of = fields[n - 1].offset, .at = at};
	q->in = fields;
	q->in_count++;
	return OK;
}

enum err pg_parte_rewrite(
	struct arena *a, struct db_query *queries, size_t count, struct pg_parte *ret)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < count; i++)
		e = rewrite(a, &queries[i], &ret[i]);
	return e;
}

enum err pg_parte_fill(const struct pg_parte *p, const void *in, unsigned char room[PG_PARTE_ROOM],
	const void **ret)
{
	const char *text;
	int64_t number = 0;

	*ret = in;
	if (p->at == 0)
		return OK;
	memcpy(room, in, p->at);
	memcpy(&text, room + p->of, sizeof(text));
	/* Where there is no RFC, no row has its NULL. */
	enum err e = text != NULL ? store_parte(bytes_of_text(text), &number) : OK;

	memcpy(room + p->at, &number, sizeof(number));
	*ret = room;
	return e;
}
