/*
 * A load generator: signed requests made beforehand go out over keep-alive connections, one in
 * flight on each, from one thread.
 */
#ifndef TESTS_BENCH_LOAD_H
#define TESTS_BENCH_LOAD_H

#include "core/exchange.h"

struct load {
	unsigned short port; /* on 127.0.0.1 */
	unsigned connections;
	const struct bytes *requests; /* whole HTTP/1.1 requests */
	size_t count;
};

struct load_result {
	double seconds;
	size_t ok;    /* answers with status 200 */
	size_t other; /* any other, or a connection that ended */
	size_t body;  /* bytes of the last answer's body */
};

/* A received request as it goes over the wire; `accept` is its Accept-Encoding or NULL. */
struct bytes load_request(struct arena *a, const struct received *rq, const char *accept);
/*
 * Sends all of all these loads at once, each request once; ends the program where a server can't be
 * reached.
 */
struct load_result load_run(const struct load *loads, size_t count);

#endif
