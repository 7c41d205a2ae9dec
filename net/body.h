/*
 * A body that arrives in pieces: grows with what came, never by what a peer announces, and never
 * past its limit. On the heap, with a NUL behind.
 */
#ifndef NET_BODY_H
#define NET_BODY_H

#include "base/bytes.h"
#include "base/err.h"

struct body {
	unsigned char *data; /* NULL until something came */
	size_t size, room;
	size_t limit;
};

/* ERR_TOO_LARGE past the limit, ERR_NO_MEMORY; the body is as before then. */
enum err body_add(struct body *b, const void *data, size_t size) MUST_CHECK;
void body_free(struct body *b);

static inline struct bytes body_bytes(const struct body *b)
{
	return bytes_of(b->data, b->size);
}

#endif
