/*
 * One request of http_out.c as libcurl's easy handle: its options, what arrives, how far it is and
 * how it ended. Only http_out.c uses it.
 */
#ifndef NET_HTTP_CALL_H
#define NET_HTTP_CALL_H

#include "net/body.h"
#include "net/curl.h"
#include "net/http_out.h"
#include "net/http_reply.h"
#include "net/wire_count.h"

/* Owned by its http_out until `done` returned. */
struct http_out_call {
	struct http_out_call *next, *prev;
	struct http_out_request *queued; /* not begun yet: a copy, else NULL */
	CURL *easy;			 /* NULL until begun */
	struct curl_slist *headers;
	http_out_done done;
	void *ctx;
	int timeout_ms;
	int64_t most_ms;
	int64_t moved; /* when it last went on, monotonic ms */
	bool in_tls;
	bool ending; /* its callback runs: it can't be cancelled any more */

	/* A message for a relay (net/http_mail.h). */
	bool mail;
	bool of_message;
	const atomic_bool *stop;
	int64_t taken; /* when the relay said that it has it, monotonic ms; 0: not yet */
	struct curl_slist *to;
	char *message;
	size_t message_size;
	size_t message_at;
	char enhanced[HTTP_OUT_ENHANCED];

	struct body body;
	struct http_reply reply;
	enum err failed; /* why a piece of the body was refused */
	struct http_out_progress progress;
	char reason[CURL_ERROR_SIZE]; /* libcurl's words; read here only, never shown */
};

/* ERR_NO_MEMORY. */
enum err http_call_make(const struct http_out_request *rq, http_out_done done, void *ctx,
	struct http_out_call **ret) MUST_CHECK;
void http_call_free(struct http_out_call *c);
AUTO_TYPE(http_call, struct http_out_call, http_call_free);
/* The easy handle, its sockets counted by `wire`. ERR_NO_MEMORY; nothing is left of it then. */
enum err http_call_begin(struct http_out_call *c, const struct http_out_request *rq, CURLSH *shared,
	struct wire_count *wire) MUST_CHECK;
/* What a failure of libcurl's is to us. */
enum err http_call_error(const struct http_out_call *c, CURLcode code);
/* Looks how far it is. */
void http_call_note(struct http_out_call *c);
/* The instant (monotonic ms) at which it is given up, unless it goes on before. */
int64_t http_call_due(const struct http_out_call *c);
/* How it ended; the body stays the call's. */
struct http_out_result http_call_result(const struct http_out_call *c, CURLcode code);

#endif
