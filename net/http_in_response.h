/*
 * Answers as libmicrohttpd wants them. Only http_in.c uses it.
 */
#ifndef NET_HTTP_IN_RESPONSE_H
#define NET_HTTP_IN_RESPONSE_H

#include <microhttpd.h>
#include "net/http_answer.h"

/* One that is made at start, so that it goes out without memory. */
struct canned {
	struct MHD_Response *response;
	unsigned status;
};

/* {"error":...} of that error; false without memory. */
bool canned_make(struct canned *c, enum err e) MUST_CHECK;
/* 503 without a body: what goes out when an answer has no memory. */
bool canned_make_busy(struct canned *c) MUST_CHECK;
void canned_free(struct canned *c);

/* NULL without memory; the answer's body is the response's then. */
struct MHD_Response *http_in_response(struct http_answer *a, const char *accept_encoding);

#endif
