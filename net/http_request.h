/* A copy of a request, for as long as it waits for libcurl. */
#ifndef NET_HTTP_REQUEST_H
#define NET_HTTP_REQUEST_H

#include "net/http_out.h"

/* All that `rq` points to, one block on the heap; NULL without memory. mem_free gives it back. */
struct http_out_request *http_request_copy(const struct http_out_request *rq) MUST_CHECK;

#endif
