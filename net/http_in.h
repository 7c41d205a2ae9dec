/*
 * The HTTP end of the server: libmicrohttpd behind one handler.
 *
 * A request reaches the handler once it is whole and within limits (wire.md: body 64 KiB, headers
 * 16 KiB, 30 s); it is answered later or at once, from any thread, exactly once, by http_in_answer.
 * A body that is wanted in pieces has a limit of its own, and a least rate instead of a time: its
 * peer is read no further while a piece of it is with the handler, so memory stays what one piece
 * takes.
 * TLS 1.2+ in the process when a certificate is given (small installs).
 */
#ifndef NET_HTTP_IN_H
#define NET_HTTP_IN_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"

struct http_in;
struct http_in_connection;

enum http_in_header {
	HTTP_IN_HOST,
	HTTP_IN_CONTENT_TYPE,
	HTTP_IN_CONTENT_DIGEST,
	HTTP_IN_CONTENT_ENCODING,
	HTTP_IN_SIGNATURE_INPUT,
	HTTP_IN_SIGNATURE,
	HTTP_IN_ACCEPT_ENCODING,
	HTTP_IN_FORWARDED_FOR,
	HTTP_IN_UPLOAD_OFFSET,
	HTTP_IN_UPLOAD_COMPLETE,
	HTTP_IN_EXPECT,
	HTTP_IN_HEADERS
};

/* One request; owned by http_in until answered. The arena is the request's own. */
struct http_in_request {
	struct arena arena;
	const char *method;
	const char *target;		      /* raw, as sent */
	const char *headers[HTTP_IN_HEADERS]; /* trimmed; NULL when absent */
	bool repeated[HTTP_IN_HEADERS];	      /* came more than once: refuse signatures so */
	struct bytes body;
	int64_t length;	  /* of the body as announced; -1: not announced */
	const char *peer; /* numeric address */
	struct http_in_connection *connection;
	void *user; /* the handler's own, freed by its `closed` */
	/* Of a body in pieces: body is a piece. */
	bool last;   /* no other follows */
	bool excess; /* what came behind it was past the limit, and was dropped: to be refused */
	bool left;   /* the line broke behind it: the answer goes to nobody */
};

/* How a body is wanted in pieces. */
struct http_in_stream {
	uint64_t limit; /* most bytes of all */
	size_t piece;	/* and of each; on a slow line they are smaller */
};

struct http_in_handlers {
	void *ctx;
	/* On an HTTP thread; must not block on disk writes or the network. */
	void (*request)(void *ctx, struct http_in_request *rq);
	/*
	 * The head is there, on an HTTP thread: true where the body is wanted in pieces, which
	 * `request` never sees then. It may be answered here; what comes of its body is dropped.
	 * NULL: none ever is.
	 */
	bool (*streams)(void *ctx, struct http_in_request *rq, struct http_in_stream *ret_want);
	/*
	 * A piece, on an HTTP thread: rq->body stays until http_in_more or http_in_answer, from any
	 * thread. Behind the last one http_in_more gives an empty last one: there is work to do
	 * here before the answer.
	 */
	void (*piece)(void *ctx, struct http_in_request *rq);
	/*
	 * The request was answered and is over (sent, or the peer left); rq is freed after it.
	 * Never before http_in_answer, so who holds an unanswered rq may use it whatever the peer
	 * does.
	 */
	void (*closed)(void *ctx, struct http_in_request *rq);
};

/* Starting: ERR_CONFIG (address, certificate), ERR_UNAVAILABLE (port in use), ERR_NO_MEMORY. */
struct http_in_config {
	const char *address;  /* "127.0.0.1", "::1" */
	unsigned short port;  /* 0: any free one */
	const char *tls_cert; /* PEM text, needed during the start only; NULL for plain HTTP behind
				 a proxy */
	const char *tls_key;
	unsigned threads;
	size_t body_limit;	/* 64 KiB */
	size_t arena_allowance; /* per request */
	int request_ms; /* most time for a head, and from its line to the body's end; 0: 30 s */
	unsigned connections_per_address; /* 0: no limit */
};

enum err http_in_start(const struct http_in_config *c, const struct http_in_handlers *h,
	struct http_in **ret) MUST_CHECK;
unsigned short http_in_port(const struct http_in *in);
/*
 * Stops accepting, lets answers in flight end (at most `grace_ms`), frees. Peers still waiting get
 * a 503; their requests stay valid until http_in_answer, which then may come after this.
 */
void http_in_stop(struct http_in *in, int grace_ms);

/* What an upload tells (IETF resumable uploads): the headers of those names. */
struct http_in_upload {
	int64_t offset;
	int64_t length;
	bool complete;
};

struct http_in_answer {
	int status;
	const char *content_type;
	struct bytes body; /* copied */
	int retry_after_s; /* 0: none */
	/* Content-Security-Policy of a public page, which is sent without referrers, too; must live
	 * until it is sent. NULL: it is none. */
	const char *policy;
	const struct http_in_upload *upload; /* copied; NULL: it is of none */
};

/*
 * Answers; the connection is resumed if it waits. Bodies above 1 KiB are compressed (zstd, gzip)
 * as Accept-Encoding allows. If memory ends, an empty 503 goes out. Safe from any thread; rq may be
 * gone when it returns. A peer that left is noticed here, or by who asks http_in_left.
 */
void http_in_answer(struct http_in_request *rq, const struct http_in_answer *answer);
/* The piece is done with. rq may be gone when it returns. Safe from any thread. */
void http_in_more(struct http_in_request *rq);
/* Has the peer of a request that waits gone? One look, for who lets it wait; before its answer. */
bool http_in_left(const struct http_in_request *rq);

#endif
