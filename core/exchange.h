/*
 * One request from its receipt to its answer, whoever carries it (a socket, a test).
 */
#ifndef CORE_EXCHANGE_H
#define CORE_EXCHANGE_H

#include "core/env.h"
#include "crypto/ocsp.h"
#include "net/routes.h"

struct llave;

/* As received; texts trimmed, NULL when absent. */
struct received {
	const char *method;
	const char *target;
	const char *host;
	const char *content_type;
	const char *content_digest;
	const char *content_encoding;
	const char *signature_input;
	const char *signature;
	bool repeated; /* one of these came twice */
	struct bytes body;
	const char *peer; /* address, proxies already seen through */
};

struct exchange {
	struct arena *arena;
	struct received rq;
	int64_t received; /* ms UTC */
	/* Found by serve_check. */
	enum route route;
	const struct route_row *row;
	void *message; /* decoded request */
	struct httpsig sig;
	unsigned char base_sha256[32];
	struct signer signer;
	bool ocsp_tried;	     /* asked once for this request, whatever came of it */
	struct bytes ocsp;	     /* the answer that came; empty: none */
	struct ocsp_verdict verdict; /* of that answer */
	struct env env;
	/* The answer. */
	int status;
	struct bytes answer;
	int retry_after_s;
	bool entera;		  /* a document's last byte is in it */
	const char *content_type; /* NULL: JSON */
	const char *policy;	  /* of a public page, for ever; NULL: it is none */
	/* The writer's: a sealed answer has a hole for the sello until its group is sealed. */
	const struct m_acuse *acuse;
	char *holed;
	size_t hole;
	bool again; /* its twin is in the same group: run in the next one */
	long fresh; /* 1: its nonce was not there */
	struct exchange *next;
	/* The carrier's: called once when the answer of a queued exchange is ready. */
	void (*done)(struct exchange *x);
	/* Nobody is there any more to be answered; NULL: not known. */
	bool (*left)(const struct exchange *x);
	void *user;
};

/* Sets status and body from an error row ({"error":...}); never fails (a static body at worst). */
void exchange_refuse(struct exchange *x, enum err e);

#endif
