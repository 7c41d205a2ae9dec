/*
 * The HTTP end of the client: libcurl's multi interface, never blocking. The server hands mail over
 * to a relay through it, too (RFC 5321).
 *
 * One loop owns a struct http_out; http_out_wait also waits for the caller's descriptors (stdin,
 * signals, worker), so keys are read while the network hangs. Names are resolved on threads of
 * libcurl's, which nothing here ever waits for.
 *
 * libcurl is not linked: http_out_setup loads it, on any thread. Everything else works before that:
 * calls wait for it, and end with its error where it can't be loaded.
 */
#ifndef NET_HTTP_OUT_H
#define NET_HTTP_OUT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/secret.h"

struct http_out;
struct http_out_call;

/*
 * Who asks. Never copied but into what libcurl overwrites when it frees it (net/curl.c): it must
 * live as long as the call.
 */
struct http_out_login {
	const char *user;
	const struct secret *password; /* a NUL is its last byte */
	/* HTTP: names of the headers that tell them. SMTP: AUTH does. */
	const char *user_header;
	const char *password_header;
};

/* STARTTLS of smtp://; smtps:// has TLS from the first byte. */
enum http_out_starttls { HTTP_OUT_TLS_NEED, HTTP_OUT_TLS_MAY, HTTP_OUT_TLS_NEVER };

struct http_out_request {
	const char *url;
	const char *method;	    /* HEAD, PATCH; NULL: POST, or GET where there is no body */
	const char *const *headers; /* NULL-terminated "Name: value" */
	struct bytes body;	    /* copied; POST, or GET where data is NULL */
	const char *ca_file;	    /* PEM; NULL: the system's */
	int timeout_ms;		    /* in which nothing moves; 0: 30 s */
	int64_t most_ms;	    /* for all of it, whatever moves; 0: no such limit */
	size_t limit;		    /* most bytes of the answer */
	bool relaxed_tls;	    /* OCSP of SAT only: old ciphers on this handle alone */
	const struct http_out_login *login; /* or NULL */
	/*
	 * A message for a relay, instead of an HTTP request: url is smtp://host:port/own-name or
	 * smtps://, body the message in lines ended by CRLF. Without < and >; mail_from "": none.
	 * libcurl waits for the relay's last word inside: the loop stands still meanwhile, up to
	 * timeout_ms. So it is for http_out_once.
	 */
	const char *mail_to;
	const char *mail_from;
	enum http_out_starttls starttls;
	const atomic_bool *stop; /* once true a message's call ends within a second, or NULL */
};

#define HTTP_OUT_ENHANCED 12

struct http_out_result {
	/* OK: an answer came whole, whatever it says; ERR_NETWORK, TIMEOUT, TLS, CUT, TOO_LARGE */
	enum err err;
	int status; /* HTTP's, or the reply code of a relay (RFC 5321); 0 without an answer */
	struct bytes body; /* decoded (zstd, gzip); valid during the callback only */
	int64_t date;	   /* Date header, ms UTC; 0 if none */
	int retry_after_s;
	/* Of an upload (IETF resumable uploads); uploads false: it tells nothing of one. */
	bool uploads;
	bool upload_complete;
	int64_t upload_offset;
	/* Of a relay: its enhanced status code (RFC 3463), "" without. */
	char enhanced[HTTP_OUT_ENHANCED];
	bool of_message; /* it had come to the message (MAIL FROM): what it said is of that one */
};

typedef void (*http_out_done)(void *ctx, const struct http_out_result *result);

/*
 * Loads the library, once for the process; from any thread, which it keeps for some 10 ms. Loops
 * that wait are woken. ERR_NO_LIBCURL where it is not installed.
 */
enum err http_out_setup(void) MUST_CHECK;
/* Cheap, and possible before http_out_setup. */
enum err http_out_open(struct http_out **ret) MUST_CHECK;
/* Cancels what is under way; callbacks are not called. */
void http_out_close(struct http_out *o);
AUTO_TYPE(http_out, struct http_out, http_out_close);

/*
 * Starts, or keeps a copy until the library is there; `done` is called once, from http_out_wait.
 * *ret_call may be NULL.
 */
enum err http_out_start(struct http_out *o, const struct http_out_request *rq, http_out_done done,
	void *ctx, struct http_out_call **ret_call) MUST_CHECK;
/* No callback will come. */
void http_out_cancel(struct http_out *o, struct http_out_call *call);

/*
 * One call from its start to its end, for a thread that has nothing else to do. Its body is not
 * given. ERR_CANCELLED once *stop.
 */
void http_out_once(
	const struct http_out_request *rq, const atomic_bool *stop, struct http_out_result *ret);

/* Where a call is. A connection that is used again goes straight to sending. */
enum http_out_phase {
	HTTP_OUT_QUEUED, /* libcurl is still being loaded */
	HTTP_OUT_RESOLVING,
	HTTP_OUT_CONNECTING,
	HTTP_OUT_TLS,
	HTTP_OUT_SENDING,
	HTTP_OUT_WAITING, /* all is sent, nothing has come */
	HTTP_OUT_RECEIVING,
};

struct http_out_progress {
	enum http_out_phase phase;
	int64_t since;	  /* when it came there, monotonic ms */
	int64_t started;  /* monotonic ms */
	int64_t sent;	  /* bytes of the request's body */
	int64_t to_send;  /* its size */
	int64_t received; /* bytes of the answer's body, as they came (compressed) */
	int64_t total;	  /* its announced size; 0: not announced */
};

/* As of the last http_out_wait. */
struct http_out_progress http_out_progress(const struct http_out_call *call);

/* Bytes on the wire, TLS and all but what was sent again, since http_out_open. */
struct http_out_traffic {
	int64_t in, out;
};
struct http_out_traffic http_out_traffic(const struct http_out *o);

/* Calls that have not ended. */
size_t http_out_busy(const struct http_out *o);

#define HTTP_OUT_FDS_MOST 32

struct http_out_fd {
	int fd;
	bool ready; /* set by http_out_wait: readable, closed or in error */
};
/*
 * Waits for the network, the descriptors (at most HTTP_OUT_FDS_MOST) or `timeout_ms` (-1: for
 * ever); runs callbacks.
 */
enum err http_out_wait(
	struct http_out *o, struct http_out_fd *fds, size_t count, int timeout_ms) MUST_CHECK;
/* Another thread may end a wait. */
void http_out_wake(struct http_out *o);

#endif
