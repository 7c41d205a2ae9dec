#include "net/http_stream.h"

#include "base/clock.h"

enum {
	/* What one read may bring (http_in.c: CONNECTION_MEMORY): the piece does not outgrow it. */
	READ_MOST = 24 * 1024,
	/* On a slow line a piece is not waited for until it is large. */
	RIPE_MS = 2000,
	/* A line of 9,600 bit/s carries 1,200. */
	SLOWEST = 500,
	PATIENCE_MS = 30 * 1000,
};

void http_stream_begin(struct http_stream *s, const struct http_in_stream *want)
{
	*s = (struct http_stream){.want = *want,
		.piece = {.limit = want->piece + READ_MOST},
		.started = clock_monotonic()};
}

void http_stream_free(struct http_stream *s)
{
	body_free(&s->piece);
}

enum err http_stream_add(struct http_stream *s, const char *data, size_t size)
{
	uint64_t room = s->want.limit - s->total;

	if (s->handed)
		s->piece.size = 0;
	s->handed = false;
	if (s->piece.size == 0)
		s->since = clock_monotonic();
	if (size > room) {
		s->excess = true;
		size = (size_t)room;
	}
	enum err e = body_add(&s->piece, data, size);

	if (e == OK)
		s->total += size;
	return e;
}

bool http_stream_ripe(const struct http_stream *s)
{
	return s->excess || s->piece.size + READ_MOST >= s->want.piece ||
	       clock_monotonic() - s->since >= RIPE_MS;
}

struct bytes http_stream_hand(struct http_stream *s)
{
	struct bytes piece = s->handed ? bytes_of(NULL, 0) : body_bytes(&s->piece);

	s->handed = true;
	s->out_since = clock_monotonic();
	return piece;
}

void http_stream_back(struct http_stream *s)
{
	if (s->out_since != 0)
		s->waited += clock_monotonic() - s->out_since;
	s->out_since = 0;
}

bool http_stream_has(const struct http_stream *s)
{
	return !s->handed && s->piece.size != 0;
}

bool http_stream_slow(const struct http_stream *s)
{
	int64_t took = clock_monotonic() - s->started - s->waited;

	return took > PATIENCE_MS + (int64_t)(s->total * 1000 / SLOWEST);
}
