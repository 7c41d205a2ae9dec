/*
 * Asking SAT's OCSP responder, without making any thread wait for it (wire.md, Evidence): for an
 * act before it is queued, and for jobs.
 */
#ifndef CORE_REVOCACION_H
#define CORE_REVOCACION_H

#include "core/recados.h"
#include "core/writer.h"

struct revocacion {
	struct server *server;
	struct writer *writer;
	struct recados *recados;
	/* Gets each exchange back (ocsp_tried set), from any thread. */
	void (*asked)(struct exchange *x);
};

/* Longest that one question may take, whatever the responder does. */
#define REVOCACION_MS 8000

/* What comes of it, with the act; where it can't even be asked, at once. */
void revocacion_ask(struct revocacion *r, struct exchange *x);

/* The question about a certificate, in the arena. */
enum err revocacion_question(const struct config *c, struct arena *a, struct bytes cert,
	struct bytes issuer, struct http_out_request *ret) MUST_CHECK;
/*
 * What came, judged at `now`. ERR_OCSP where it says nothing; the network's errors. Never a refusal
 * (4xx): asking again may help.
 */
enum err revocacion_verdict(const struct server *s, const struct http_out_result *result,
	struct bytes cert, struct bytes issuer, int64_t now, struct ocsp_verdict *ret) MUST_CHECK;

#endif
