#include "tests/help/app_server.h"

#include "tests/help/cm.h"

#include <stdio.h>
#include "ley/acuse.h"
#include "ley/zona.h"
#include "net/httpsig.h"
#include "tests/help/acuse.h"
#include "tests/help/pki.h"

#define HOUR_MS (3600 * INT64_C(1000))

static void answer(struct http_in_request *rq, int status, struct bytes body, int retry_after)
{
	struct http_in_answer a = {.status = status,
		.content_type = "application/json",
		.body = body,
		.retry_after_s = retry_after};

	http_in_answer(rq, &a);
}

static void refuse(struct http_in_request *rq, enum err e, const char *campo, int64_t dato)
{
	struct m_fallo f = {err_wire(e), campo, dato};
	struct bytes json = {0};

	if (codec_encode(&rq->arena, &message_fallo, &f, &json) != OK)
		json = bytes_of_text("{}");
	answer(rq, err_http(e), json, e == ERR_TOO_MANY ? 1 : 0);
}

static void answer_message(struct http_in_request *rq, const struct message *m, const void *from)
{
	struct bytes json;

	if (codec_encode(&rq->arena, m, from, &json) == OK)
		answer(rq, 200, json, 0);
	else
		refuse(rq, ERR_INTERNAL, NULL, 0);
}

static void answer_entry(struct http_in_request *rq, const char *rfc)
{
	struct m_entrado m = {.titular = rfc,
		.nombre = "JOSÉ PEÑA ÑANDÚ",
		.firmante = rfc,
		.zona = ZONA_CENTRO,
		.ahora = pki_now(),
		.lectura_vence = pki_now() + 12 * HOUR_MS,
		.certificado_vence = pki_now() + 1000 * HOUR_MS,
		.version = 1,
		.habilitado = true,
		.prueba = true};

	answer_message(rq, &message_entrado, &m);
}

static void make_acuse(struct http_in_request *rq, const struct httpsig *sig, enum app_mishap how,
	struct m_acuse *m)
{
	struct arena *a = &rq->arena;

	acuse_sample(a, pki_now(), ZONA_CENTRO, m);
	if (how == APP_OTHER_BODY)
		return;
	m->cuerpo = rq->body;
	m->base = (const char *)arena_copy(a, sig->base.data, sig->base.size);
	m->firma = sig->signature;
	acuse_sample_seal(a, m);
	if (how == APP_FALSE_SEAL) {
		unsigned char *sello = arena_copy(a, m->sello.data, m->sello.size);

		sello[9] ^= 1;
		m->sello.data = sello;
	}
}

static void answer_act(struct http_in_request *rq, const struct httpsig *sig, enum app_mishap how)
{
	struct m_acuse m;
	struct bytes json;

	make_acuse(rq, sig, how, &m);
	if (codec_encode(&rq->arena, &message_acuse, &m, &json) != OK)
		json.size = 0;
	if (how == APP_GARBLED)
		json.size /= 2;
	answer(rq, 200, json, 0);
}

static void answer_read(struct http_in_request *rq)
{
	struct m_sincronizado m = {.cursor = "1", .ahora = pki_now()};

	answer_message(rq, &message_sincronizado, &m);
}

static void play(struct http_in_request *rq, enum route route, const struct httpsig *sig,
	enum app_mishap how)
{
	switch (how) {
	case APP_UNAVAILABLE:
		refuse(rq, ERR_UNAVAILABLE, NULL, 0);
		break;
	case APP_BUSY:
		refuse(rq, ERR_BUSY, NULL, 0);
		break;
	case APP_BAD_GATEWAY:
		answer(rq, 502, bytes_of_text("<html>Bad Gateway</html>"), 0);
		break;
	case APP_TOO_MANY:
		refuse(rq, ERR_TOO_MANY, NULL, 0);
		break;
	case APP_UNKNOWN_KEY:
		refuse(rq, ERR_UNKNOWN_KEY, NULL, 0);
		break;
	case APP_CLOCK:
		refuse(rq, ERR_CLOCK_OFF, NULL, pki_now() + HOUR_MS);
		break;
	case APP_REFUSED:
		refuse(rq, ERR_EFFECT_CHANGED, "fecha_legal", 0);
		break;
	case APP_PROXY_PAGE:
		answer(rq, 403, bytes_of_text("<html>portal cautivo</html>"), 0);
		break;
	default:
		if (route == ROUTE_ID_notificacion_abrir)
			answer_act(rq, sig, how);
		else
			answer_read(rq);
	}
}

/* Does the signature hold by the e.firma (acts, entries)? Reads: parsed only. */
static bool holds(struct http_in_request *rq, enum route route, const struct httpsig *sig)
{
	AUTO(key) key = NULL;
	struct cert cert;

	if (route_row(route)->signer == ROUTE_READ)
		return strcmp(sig->alg, "ed25519") == 0;
	return cert_read(&rq->arena, pki_read(&rq->arena, "fisica.cer"), &cert) == OK &&
	       strcmp(sig->keyid, cert.thumbprint) == 0 && key_of_cert(&cert, &key) == OK &&
	       key_verify(key, sig->base, sig->signature) == OK;
}

static bool check(struct http_in_request *rq, enum route route, struct httpsig *sig)
{
	const struct httpsig_request r = {.method = rq->method,
		.authority = rq->headers[HTTP_IN_HOST],
		.path = rq->target,
		.content_type = rq->headers[HTTP_IN_CONTENT_TYPE],
		.content_digest = rq->headers[HTTP_IN_CONTENT_DIGEST],
		.signature_input = rq->headers[HTTP_IN_SIGNATURE_INPUT],
		.signature = rq->headers[HTTP_IN_SIGNATURE]};

	return httpsig_parse(&rq->arena, &r, sig) == OK &&
	       httpsig_check_digest(&rq->arena, r.content_digest, rq->body) == OK &&
	       holds(rq, route, sig);
}

static void on_request(void *ctx, struct http_in_request *rq)
{
	struct app_server *s = ctx;
	enum route route = route_find(rq->target);
	struct httpsig sig = {0};
	enum app_mishap how = APP_WELL;
	bool good = route != ROUTE_COUNT && check(rq, route, &sig);

	pthread_mutex_lock(&s->lock);
	if (!good)
		s->unsigned_requests++;
	if (s->seen < APP_SEEN) {
		s->routes[s->seen] = route;
		s->created[s->seen] = sig.created;
		snprintf(s->signatures[s->seen++], sizeof(s->signatures[0]), "%s",
			rq->headers[HTTP_IN_SIGNATURE] != NULL ? rq->headers[HTTP_IN_SIGNATURE]
							       : "");
	}
	if (route == ROUTE_ID_entrar)
		s->entries++;
	else if (s->step < s->script_count)
		how = s->script[s->step++];
	pthread_mutex_unlock(&s->lock);
	if (!good)
		refuse(rq, ERR_BAD_SIGNATURE, NULL, 0);
	else if (route == ROUTE_ID_entrar)
		answer_entry(rq, "PEÑJ800101AB1");
	else
		play(rq, route, &sig, how);
}

static void on_closed(void *ctx, struct http_in_request *rq)
{
	(void)ctx;
	(void)rq;
}

void app_server_script(struct app_server *s, const enum app_mishap *script, size_t count)
{
	pthread_mutex_lock(&s->lock);
	s->script = script;
	s->script_count = count;
	s->step = 0;
	s->seen = 0;
	s->entries = 0;
	pthread_mutex_unlock(&s->lock);
}

void app_server_start(struct app_server *s, const enum app_mishap *script, size_t count)
{
	struct http_in_config c = {.address = "127.0.0.1",
		.threads = 1,
		.body_limit = 65536,
		.arena_allowance = 8 << 20};
	struct http_in_handlers h = {.ctx = s, .request = on_request, .closed = on_closed};

	*s = (struct app_server){.script = script, .script_count = count};
	pthread_mutex_init(&s->lock, NULL);
	assert_int_equal(http_in_start(&c, &h, &s->in), OK);
	snprintf(s->url, sizeof(s->url), "http://127.0.0.1:%u", http_in_port(s->in));
}

void app_server_stop(struct app_server *s)
{
	http_in_stop(s->in, 100);
	pthread_mutex_destroy(&s->lock);
}
