/*
 * The header lines of a request, one by one: the known ones into the request, trimmed and with
 * their repeats flagged; sizes and framing for the limits.
 */
#ifndef NET_HTTP_HEAD_H
#define NET_HTTP_HEAD_H

#include <stdint.h>
#include "net/http_in.h"

struct http_head {
	struct http_in_request *rq;
	size_t size;	   /* of all lines */
	unsigned framings; /* Content-Length and Transfer-Encoding lines */
	uint64_t length;   /* of the last Content-Length */
	bool chunked;	   /* a Transfer-Encoding */
	bool failed;	   /* the request's arena ended */
};

/* Takes one line; `value` may be NULL. */
void http_head_take(struct http_head *h, const char *key, size_t key_size, const char *value,
	size_t value_size);

#endif
