#include "core/revocacion.h"

#include "base/log.h"
#include "base/mem.h"

/* In which nothing moves. */
#define OCSP_MS 4000
#define OCSP_MOST 16384

enum err revocacion_question(const struct config *c, struct arena *a, struct bytes cert,
	struct bytes issuer, struct http_out_request *ret)
{
	static const char *const headers[] = {"Content-Type: application/ocsp-request", NULL};
	struct http_out_request rq = {.url = c->ocsp,
		.headers = headers,
		.timeout_ms = OCSP_MS,
		.limit = OCSP_MOST,
		.relaxed_tls = c->ocsp_tls_relajado};
	enum err e = ocsp_request(a, cert, issuer, &rq.body);

	if (e == OK)
		*ret = rq;
	return e;
}

enum err revocacion_verdict(const struct server *s, const struct http_out_result *result,
	struct bytes cert, struct bytes issuer, int64_t now, struct ocsp_verdict *ret)
{
	struct ocsp_verdict verdict;
	enum err e = result->err;

	if (e == OK && result->status != 200)
		e = ERR_OCSP;
	if (e == OK)
		e = ocsp_judge(s->trust, result->body, cert, issuer, now, &verdict);
	if (e == OK && verdict.status == OCSP_UNKNOWN)
		e = ERR_OCSP;
	if (e == OK)
		*ret = verdict;
	return e == OK || err_http(e) >= 500 ? e : ERR_OCSP;
}

/* ---- for an act ---- */

/* An exchange under way; it holds the only reference to the exchange. */
struct question {
	struct revocacion *r;
	struct exchange *x;
};

static void note_verdict(const struct revocacion *r, const struct exchange *x)
{
	struct note *n = mem_zalloc(sizeof(*n) + x->ocsp.size);

	if (n == NULL) /* asked again at the next act */
		return;
	n->ocsp = true;
	memcpy(n->huella, x->signer.huella, sizeof(n->huella));
	n->verdict = x->verdict;
	n->size = x->ocsp.size;
	memcpy(n->data, x->ocsp.data, x->ocsp.size);
	writer_note(r->writer, n);
}

static enum err take_answer(
	const struct revocacion *r, struct exchange *x, const struct http_out_result *result)
{
	struct ocsp_verdict verdict;
	enum err e = revocacion_verdict(r->server, result, x->signer.der, x->signer.emisor,
		clock_now(&r->server->clock), &verdict);
	void *copy = e == OK ? arena_copy(x->arena, result->body.data, result->body.size) : NULL;

	if (copy == NULL)
		return e != OK ? e : ERR_NO_MEMORY;
	x->ocsp = bytes_of(copy, result->body.size);
	x->verdict = verdict;
	note_verdict(r, x);
	return OK;
}

static void answered(void *ctx, const struct http_out_result *result)
{
	struct question *q = ctx;
	struct revocacion *r = q->r;
	struct exchange *x = q->x;
	enum err e = take_answer(r, x, result);

	mem_free(q);
	if (e != OK)
		log_write(LOG_WARN, "ocsp", "no usable answer: %s %d", err_wire(e), result->status);
	x->ocsp_tried = true;
	r->asked(x);
}

static enum err send(struct revocacion *r, struct question *q)
{
	struct http_out_request rq;
	enum err e = revocacion_question(
		r->server->config, q->x->arena, q->x->signer.der, q->x->signer.emisor, &rq);

	return e == OK ? recados_ask(r->recados, &rq, REVOCACION_MS, answered, q) : e;
}

void revocacion_ask(struct revocacion *r, struct exchange *x)
{
	struct question *q = mem_alloc(sizeof(*q));
	enum err e = ERR_NO_MEMORY;

	if (q != NULL) {
		*q = (struct question){.r = r, .x = x};
		e = send(r, q);
	}
	if (e == OK)
		return;
	mem_free(q);
	log_write(LOG_WARN, "ocsp", "not asked: %s", err_wire(e));
	x->ocsp_tried = true;
	r->asked(x);
}
