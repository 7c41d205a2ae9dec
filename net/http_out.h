/*
 * The HTTP end of the client: libcurl's multi interface, never blocking. Only http_out.c includes
 * it.
 *
 * One loop owns a struct http_out; http_out_wait also waits for the caller's descriptors (stdin,
 * signals, worker), so keys are read while the network hangs.
 */
#ifndef NET_HTTP_OUT_H
#define NET_HTTP_OUT_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"

struct http_out;
struct http_out_call;

struct http_out_request {
	const char *url;
	const char *const *headers; /* NULL-terminated "Name: value" */
	struct bytes body;	    /* copied; POST, or GET where data is NULL */
	const char *ca_file;	    /* PEM; NULL: the system's */
	int timeout_ms;		    /* whole request; 0: 30 s */
	size_t limit;		    /* most bytes of the answer */
	bool relaxed_tls;	    /* OCSP of SAT only: old ciphers on this handle alone */
};

struct http_out_result {
	enum err err; /* OK: an HTTP answer came whole; ERR_NETWORK, TIMEOUT, TLS, CUT, TOO_LARGE */
	int status;   /* 0 without an answer */
	struct bytes body; /* decoded (zstd, gzip); valid during the callback only */
	int64_t date;	   /* Date header, ms UTC; 0 if none */
	int retry_after_s;
};

typedef void (*http_out_done)(void *ctx, const struct http_out_result *result);

/* Process-wide set-up of the library (once, before threads). */
enum err http_out_setup(void) MUST_CHECK;
enum err http_out_open(struct http_out **ret) MUST_CHECK;
/* Cancels what is under way; callbacks are not called. */
void http_out_close(struct http_out *o);
AUTO_TYPE(http_out, struct http_out, http_out_close);

/* Starts; `done` is called once, from http_out_wait. *ret_call may be NULL. */
enum err http_out_start(struct http_out *o, const struct http_out_request *rq, http_out_done done,
	void *ctx, struct http_out_call **ret_call) MUST_CHECK;
/* No callback will come. */
void http_out_cancel(struct http_out *o, struct http_out_call *call);
/* Bytes so far, for progress. */
void http_out_progress(const struct http_out_call *call, int64_t *ret_received, int64_t *ret_total,
	int64_t *ret_sent);
size_t http_out_busy(const struct http_out *o);

struct http_out_fd {
	int fd;
	bool ready; /* set by http_out_wait: readable, closed or in error */
};
/* Waits for the network, the descriptors or `timeout_ms` (-1: for ever); runs callbacks. */
enum err http_out_wait(
	struct http_out *o, struct http_out_fd *fds, size_t count, int timeout_ms) MUST_CHECK;
/* Another thread may end a wait. */
void http_out_wake(struct http_out *o);

#endif
