#include "tests/help/carga_acto.h"

#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "tests/help/pki.h"

#define ACT_LIFE_S (24 * 3600)
#define ANSWER_MOST (1 << 20)

enum err carga_persona_open(struct carga_persona *p, const char *name, const char *rfc)
{
	ARENA(a, 65536);
	static char ca[300];
	unsigned char raw[32];
	const char *id = NULL;

	*p = (struct carga_persona){.ca = ca};
	snprintf(ca, sizeof(ca), "%s/tls_ca.pem", pki_dir());
	snprintf(p->rfc, sizeof(p->rfc), "%s", rfc);
	p->efirma = pki_efirma(name);
	enum err e = key_make_ed25519(&p->lectura);

	if (e == OK)
		e = key_public_ed25519(p->lectura, raw);
	if (e == OK)
		e = key_id_ed25519(&a, bytes_of(raw, sizeof(raw)), &id);
	if (e == OK)
		snprintf(p->lectura_id, sizeof(p->lectura_id), "%s", id);
	if (e == OK)
		e = http_out_setup();
	return e == OK ? http_out_open(&p->out) : e;
}

void carga_persona_close(struct carga_persona *p)
{
	http_out_close(p->out);
	key_free(p->lectura);
	efirma_free(p->efirma);
}

static enum err sign(struct arena *a, const struct carga_persona *p, struct carga_acto *act)
{
	bool read = route_row(act->route)->signer == ROUTE_READ;
	int64_t now = pki_now();
	unsigned char nonce[HTTPSIG_NONCE_BYTES];
	enum err e = httpsig_nonce(now, nonce);

	if (e != OK)
		return e;
	return httpsig_sign(a, &act->rq, read ? p->lectura : p->efirma->key,
		read ? p->lectura_id : p->efirma->cert.thumbprint, now / 1000,
		now / 1000 + ACT_LIFE_S, nonce, &act->sig);
}

enum err carga_firmar_cuerpo(struct arena *a, const struct carga_persona *p, enum route route,
	struct bytes body, struct carga_acto *ret)
{
	struct carga_acto act = {.route = route,
		.rq = {.method = "POST",
			.authority = CARGA_AUTORIDAD,
			.path = route_row(route)->path,
			.content_type = "application/json"},
		.body = body};
	enum err e = httpsig_digest(a, act.body, &act.rq.content_digest);

	if (e == OK)
		e = sign(a, p, &act);
	if (e == OK)
		*ret = act;
	return e;
}

enum err carga_firmar(struct arena *a, const struct carga_persona *p, enum route route,
	const void *message, struct carga_acto *ret)
{
	const struct route_row *row = route_row(route);
	struct m_hat hat = {.titular = p->rfc, .calidad = "propio"};
	void *whole = arena_copy(a, message, row->request->size);
	struct bytes body;

	if (whole == NULL)
		return ERR_NO_MEMORY;
	memcpy(whole, &hat, sizeof(hat));
	enum err e = codec_encode(a, row->request, whole, &body);

	return e == OK ? carga_firmar_cuerpo(a, p, route, body, ret) : e;
}

enum err carga_firmar_entrada(
	struct arena *a, const struct carga_persona *p, struct carga_acto *ret)
{
	unsigned char raw[32];
	enum err e = key_public_ed25519(p->lectura, raw);
	struct m_entrar m = {.certificado = p->efirma->cert.der,
		.llave_lectura = bytes_of(raw, sizeof(raw)),
		.version = 1};

	return e == OK ? carga_firmar(a, p, ROUTE_ID_entrar, &m, ret) : e;
}

struct answer {
	struct arena *arena;
	struct carga_respuesta *to;
	bool over;
};

static void on_answer(void *ctx, const struct http_out_result *result)
{
	struct answer *w = ctx;
	void *copy = arena_copy(w->arena, result->body.data, result->body.size);

	w->over = true;
	w->to->err = result->err == OK && copy == NULL ? ERR_NO_MEMORY : result->err;
	w->to->status = result->status;
	w->to->body = bytes_of(copy, copy != NULL ? result->body.size : 0);
}

static enum err send_and_wait(struct carga_persona *p, struct arena *a, unsigned port,
	const struct carga_acto *act, int timeout_ms, struct carga_respuesta *ret)
{
	struct answer w = {.arena = a, .to = ret};
	const char *headers[] = {"Host: " CARGA_AUTORIDAD, "Content-Type: application/json",
		arena_printf(a, "Content-Digest: %s", act->rq.content_digest),
		arena_printf(a, "Signature-Input: %s", act->rq.signature_input),
		arena_printf(a, "Signature: %s", act->rq.signature), NULL};
	struct http_out_request rq = {
		.url = arena_printf(a, "https://localhost:%u%s", port, act->rq.path),
		.headers = headers,
		.body = act->body,
		.ca_file = p->ca,
		.timeout_ms = timeout_ms,
		.limit = ANSWER_MOST};

	if (rq.url == NULL || headers[2] == NULL || headers[3] == NULL || headers[4] == NULL)
		return ERR_NO_MEMORY;
	enum err e = http_out_start(p->out, &rq, on_answer, &w, NULL);

	while (e == OK && !w.over)
		e = http_out_wait(p->out, NULL, 0, -1);
	return e;
}

void carga_enviar(struct carga_persona *p, struct arena *a, unsigned port,
	const struct carga_acto *act, int timeout_ms, struct carga_respuesta *ret)
{
	int64_t start = clock_monotonic();

	*ret = (struct carga_respuesta){0};
	enum err e = send_and_wait(p, a, port, act, timeout_ms, ret);

	if (e != OK)
		*ret = (struct carga_respuesta){.err = e};
	ret->ms = clock_monotonic() - start;
}

bool carga_contestada(const struct carga_respuesta *r)
{
	return r->err == OK && r->status < 500 && r->status != 429;
}
