/*
 * What ends a wait from another thread, and the wait itself while libcurl is not loaded yet.
 *
 * All that are open are known, so that whoever loaded the library can wake every loop.
 */
#ifndef NET_HTTP_WAKE_H
#define NET_HTTP_WAKE_H

#include "net/http_out.h"

/* Its address must not change while it is open. */
struct http_wake {
	int fd; /* an eventfd: readable once somebody woke */
	struct http_wake *next, *prev;
};

/* ERR_NO_MEMORY where the system has no descriptor left. */
enum err http_wake_open(struct http_wake *w) MUST_CHECK;
void http_wake_close(struct http_wake *w);
/* From any thread, also from a handler of signals. */
void http_wake_up(const struct http_wake *w);
/* All that are open now. */
void http_wake_all(void);
/* What woke is seen; the next wait waits again. */
void http_wake_seen(const struct http_wake *w);
/* Until woken, a descriptor is readable, or `timeout_ms` pass (-1: for ever). */
void http_wake_wait(
	const struct http_wake *w, const struct http_out_fd *fds, size_t count, int timeout_ms);
/* Sets `ready` of each: readable, closed or in error. */
void http_wake_mark(struct http_out_fd *fds, size_t count);

#endif
