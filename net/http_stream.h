/*
 * The body of a request that is handed over in pieces: what has come of the next one, whether it is
 * time to hand it over, and whether the peer is too slow. Only http_in.c uses it.
 */
#ifndef NET_HTTP_STREAM_H
#define NET_HTTP_STREAM_H

#include "net/body.h"
#include "net/http_in.h"

struct http_stream {
	struct http_in_stream want;
	struct body piece;
	uint64_t total;	   /* bytes within the limit */
	bool excess;	   /* more came than that */
	bool handed;	   /* the piece was given: what comes next begins another */
	int64_t started;   /* monotonic ms, as all of them */
	int64_t since;	   /* the first byte of the piece */
	int64_t out_since; /* the piece is with its taker; 0: it is not */
	int64_t waited;	   /* for takers, in which no peer can send */
};

void http_stream_begin(struct http_stream *s, const struct http_in_stream *want);
void http_stream_free(struct http_stream *s);
/* What is past the limit is dropped, and makes `excess`. ERR_NO_MEMORY. */
enum err http_stream_add(struct http_stream *s, const char *data, size_t size) MUST_CHECK;
/* Is it large enough, old enough, or the last that may come? */
bool http_stream_ripe(const struct http_stream *s);
/* The piece, given away until http_stream_back; empty where it was given already. */
struct bytes http_stream_hand(struct http_stream *s);
void http_stream_back(struct http_stream *s);
/* Something is there that was not handed over. */
bool http_stream_has(const struct http_stream *s);
/* Below the least rate since it began (wire.md, Limits); the time of the takers is not its own. */
bool http_stream_slow(const struct http_stream *s);

#endif
