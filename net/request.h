/*
 * A route's message as the HTTP request that goes out: body, digest, signature, headers.
 *
 * Pure: no network, no clock, no file. What is signed is what is sent, byte by byte; the URL is
 * written from the same authority that the signature covers, so that Host is it.
 */
#ifndef NET_REQUEST_H
#define NET_REQUEST_H

#include "net/httpsig.h"
#include "net/routes.h"

#define REQUEST_CONTENT_TYPE "application/json"

struct request {
	const char *url;
	struct httpsig_request rq;
	struct httpsig sig;
	struct bytes body;
};

/* Who signs, and when (ms UTC). */
struct request_signer {
	const struct key *key;
	const char *keyid;
	int64_t created;
	int64_t expires;
};

/*
 * A server's base URL in its one spelling: lower case, default port and final slash dropped. https
 * anywhere, http to loopback only; no path, no user. ERR_BAD_FIELD. ret_authority may be NULL.
 */
enum err request_server(struct arena *a, const char *url, const char **ret_base,
	const char **ret_authority) MUST_CHECK;
/* JSON of the message, with this hat unless it names its titular itself. */
enum err request_body(struct arena *a, enum route route, const void *message,
	const struct m_hat *hat, struct bytes *ret_body) MUST_CHECK;
/* Signs the body for the route of that server, with a fresh nonce. */
enum err request_sign(struct arena *a, const char *servidor, enum route route, struct bytes body,
	const struct request_signer *signer, struct request *ret) MUST_CHECK;
/* "Name: value" rows for http_out, NULL-terminated. NULL: no memory. */
const char *const *request_headers(struct arena *a, const struct httpsig_request *rq) MUST_CHECK;

#endif
