#include "core/servir.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <strings.h>
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "core/calendarios.h"
#include "core/catalogo.h"
#include "core/legales.h"
#include "core/listo.h"
#include "core/mensajeria.h"
#include "core/pagina_form.h"
#include "core/revocacion.h"
#include "core/store/store_guard.h"
#include "core/subida_http.h"
#include "core/tareas.h"
#include "core/vigia.h"
#include "net/http_in.h"
#include "net/http_out.h"
#include "net/multipart.h"

#define BODY_LIMIT 65536
/* A request's arena: body, its decoding, an answer with a whole part of a document. */
#define REQUEST_ARENA (4 * 1024 * 1024)
#define LLAVES_MOST 100000
#define GRACE_MS 5000
/* From one address, where it is the client's own: an office behind one router fits. */
#define CONNECTIONS 200
/* A responder that hangs keeps no more than that: the next acts don't wait for it at all. */
#define RECADOS 512

/* Everything that runs, in the order in which it is started; stopped in the reverse order. */
struct running {
	struct server server;
	struct sealer *sealer;
	struct store_guard *guard; /* taken behind the fork: it is no sealing process's */
	struct trust *trust;
	struct legales legales;
	struct writer *writer;
	struct waits *waits;
	struct reloj reloj;
	struct vigia *vigia;
	struct mensajeria mensajeria;
	struct recados *recados;
	struct recados_aqui *aqui;
	struct revocacion revocacion;
	struct tareas *tareas;
	struct subida_http subidas;
	struct http_in *in;
};

/* An exchange with what carries it. */
struct carried {
	struct exchange x;
	struct running *r;
	struct http_in_request *rq;
};

static void carry(struct carried *c, enum outcome outcome);

/* Who is told of a document's or an acuse's reading afterwards (L-10). */
static void note_access(struct running *r, const struct exchange *x)
{
	const char *folio = x->route == ROUTE_ID_documento
				    ? ((const struct m_documento_pedir *)x->message)->folio
			    : x->route == ROUTE_ID_acuse
				    ? ((const struct m_acuse_pedir *)x->message)->folio
				    : NULL;
	struct note *n = folio != NULL && x->status == 200 ? mem_zalloc(sizeof(*n)) : NULL;

	if (n == NULL)
		return;
	n->instante = x->received;
	snprintf(n->titular, sizeof(n->titular), "%s", x->env.titular);
	snprintf(n->firmante, sizeof(n->firmante), "%s", x->signer.rfc);
	snprintf(n->ruta, sizeof(n->ruta), "%s", x->row->name);
	snprintf(n->folio, sizeof(n->folio), "%s", folio);
	n->entera = x->entera;
	writer_note(r->writer, n);
}

static void answer(struct exchange *x)
{
	struct carried *c = x->user;
	struct http_in_answer a = {.status = x->status,
		.content_type = x->content_type != NULL ? x->content_type : "application/json",
		.body = x->answer,
		.retry_after_s = x->retry_after_s,
		.policy = x->policy};

	if (x->row != NULL)
		note_access(c->r, x);
	http_in_answer(c->rq, &a);
}

static void wait_for_change(struct carried *c)
{
	const struct m_sincronizar *m = c->x.message;
	enum err e = waits_add(c->r->waits, &c->x, m->espera_s);

	if (e == OK)
		return;
	exchange_refuse(&c->x, e);
	answer(&c->x);
}

static void act(struct carried *c)
{
	enum err e = writer_submit(c->r->writer, &c->x);

	if (e == OK)
		return;
	exchange_refuse(&c->x, e);
	answer(&c->x);
}

static void carry(struct carried *c, enum outcome outcome)
{
	switch (outcome) {
	case SERVE_ANSWER:
		answer(&c->x);
		break;
	case SERVE_WAIT_OCSP:
		revocacion_ask(&c->r->revocacion, &c->x);
		break;
	case SERVE_WAIT_CHANGE:
		wait_for_change(c);
		break;
	case SERVE_ACT:
		act(c);
		break;
	}
}

static void asked(struct exchange *x)
{
	struct carried *c = x->user;

	carry(c, serve_check(&c->r->server, x));
}

/* The client's address: what a listed proxy says, else the peer itself. */
static const char *client_address(const struct config *c, const struct http_in_request *rq)
{
	const char *forwarded = rq->headers[HTTP_IN_FORWARDED_FOR];

	if (forwarded == NULL || rq->repeated[HTTP_IN_FORWARDED_FOR])
		return rq->peer;
	for (size_t i = 0; i < c->proxies_count; i++)
		if (strcmp(c->proxies[i], rq->peer) == 0) {
			const char *last = strrchr(forwarded, ',');

			return last != NULL ? last + 1 + strspn(last + 1, " ") : forwarded;
		}
	return rq->peer;
}

static void fill_received(struct carried *c, struct http_in_request *rq)
{
	struct received *to = &c->x.rq;

	*to = (struct received){.method = rq->method,
		.target = rq->target,
		.host = rq->headers[HTTP_IN_HOST],
		.content_type = rq->headers[HTTP_IN_CONTENT_TYPE],
		.content_digest = rq->headers[HTTP_IN_CONTENT_DIGEST],
		.content_encoding = rq->headers[HTTP_IN_CONTENT_ENCODING],
		.signature_input = rq->headers[HTTP_IN_SIGNATURE_INPUT],
		.signature = rq->headers[HTTP_IN_SIGNATURE],
		.body = rq->body,
		.peer = client_address(c->r->server.config, rq)};
	for (int i = 0; i < HTTP_IN_HEADERS; i++)
		if (i != HTTP_IN_ACCEPT_ENCODING && i != HTTP_IN_FORWARDED_FOR)
			to->repeated = to->repeated || rq->repeated[i];
}

static bool left(const struct exchange *x)
{
	return http_in_left(((const struct carried *)x->user)->rq);
}

/* NULL: there was no memory, and it was answered so. */
static struct carried *carry_request(struct running *r, struct http_in_request *rq)
{
	struct carried *c = arena_zalloc(&rq->arena, sizeof(*c));
	struct http_in_answer none = {.status = 503,
		.content_type = "application/json",
		.body = bytes_of_text("{\"error\":\"sin-memoria\"}"),
		.retry_after_s = 5};

	if (c == NULL) {
		http_in_answer(rq, &none);
		return NULL;
	}
	c->r = r;
	c->rq = rq;
	c->x.arena = &rq->arena;
	c->x.done = answer;
	c->x.left = left;
	c->x.user = c;
	fill_received(c, rq);
	return c;
}

static void request(void *ctx, struct http_in_request *rq)
{
	struct running *r = ctx;

	if (subida_http_es(rq)) {
		subida_http_responde(&r->subidas, rq, client_address(r->server.config, rq));
		return;
	}
	struct carried *c = carry_request(r, rq);

	if (c != NULL && !pagina_answer(&r->server, r->writer, &c->x))
		carry(c, serve_check(&r->server, &c->x));
}

static bool streams(void *ctx, struct http_in_request *rq, struct http_in_stream *ret)
{
	struct running *r = ctx;

	if (subida_http_es(rq))
		return strcmp(rq->method, "PATCH") == 0 &&
		       subida_http_empieza(
			       &r->subidas, rq, client_address(r->server.config, rq), ret);
	/* Only what may be a form needs an exchange before its body is there. */
	if (!multipart_is(rq->headers[HTTP_IN_CONTENT_TYPE]))
		return false;
	struct carried *c = carry_request(r, rq);

	*ret = (struct http_in_stream){0};
	return c == NULL || pagina_form_empieza(&r->server, &c->x, rq, ret);
}

static void piece(void *ctx, struct http_in_request *rq)
{
	const struct en_piezas *p = rq->user;

	(void)ctx;
	p->pieza(rq);
}

/* All of an exchange lives in the request's arena. */
static void closed(void *ctx, struct http_in_request *rq)
{
	const struct en_piezas *p = rq->user;

	(void)ctx;
	if (p != NULL && p->cierra != NULL)
		p->cierra(rq);
}

static void stop(struct running *r)
{
	/* Those that wait are answered first, so that the HTTP end can close their connections. */
	if (r->waits != NULL)
		waits_stop(r->waits);
	if (r->in != NULL)
		http_in_stop(r->in, GRACE_MS);
	if (r->tareas != NULL)
		tareas_stop(r->tareas);
	if (r->vigia != NULL)
		vigia_stop(r->vigia);
	if (r->waits != NULL)
		waits_free(r->waits);
	if (r->recados != NULL)
		recados_stop(r->recados);
	if (r->aqui != NULL)
		recados_aqui_stop(r->aqui);
	if (r->writer != NULL)
		writer_close(r->writer);
	subida_cola_close(r->subidas.cola);
	if (r->tareas != NULL)
		tareas_free(r->tareas);
	if (r->sealer != NULL)
		sealer_stop(r->sealer);
	if (r->server.readers != NULL)
		store_pool_close(r->server.readers);
	if (r->server.llaves != NULL)
		llaves_close(r->server.llaves);
	if (r->server.budget != NULL)
		budget_close(r->server.budget);
	if (r->trust != NULL)
		trust_free(r->trust);
	if (r->server.calendarios != NULL)
		calendarios_free(r->server.calendarios);
	if (r->server.catalogos != NULL)
		catalogos_free(r->server.catalogos);
	mensajeria_close(&r->mensajeria);
	if (r->guard != NULL)
		store_guard_drop(r->guard);
}

static enum err read_published(struct running *r)
{
	struct store *s = store_pool_take(r->server.readers);
	const char *message = NULL;
	enum err e = calendarios_open(s, &r->server.calendarios, &message);

	if (e == OK)
		e = catalogos_open(s, &r->server.catalogos, &message);
	if (e != OK && message != NULL)
		log_write(LOG_ERROR, "servir", "%s", message);
	store_pool_give(r->server.readers, s);
	return e;
}

static enum err read_legal_texts(struct running *r, struct arena *a)
{
	const char *message = NULL;
	enum err e = legales_load(a, r->server.config, &r->legales, &message);

	if (e != OK && message != NULL)
		log_write(LOG_ERROR, "config", "%s", message);
	r->server.legales = &r->legales;
	return e;
}

/* From here on that is what people are shown, and what they accept. */
static enum err put_legal_texts(struct running *r, struct arena *a)
{
	AUTO(store) s = NULL;
	const char *message = NULL;
	enum err e = store_open(r->server.config->almacen, DB_WRITE, &s);

	if (e == OK)
		e = legales_poner(&r->legales, a, s, clock_now(&r->server.clock), &message);
	if (e != OK && message != NULL)
		log_write(LOG_ERROR, "config", "%s", message);
	return e;
}

static enum err read_texts(struct running *r, struct arena *a)
{
	const char *message = NULL;
	enum err e = mensajeria_open(
		a, r->server.config, trust_is_test(r->trust), &r->mensajeria, &message);

	if (e != OK && message != NULL)
		log_write(LOG_ERROR, "config", "%s", message);
	r->server.mensajeria = &r->mensajeria;
	return e;
}

/* What several servers must agree on: the time, and who has asked how often. */
static enum err share(struct running *r)
{
	struct store *s = store_pool_take(r->server.readers);
	bool durable = true;
	enum err e = reloj_measure(&r->reloj, s);

	if (e == OK)
		e = store_durable(s, &durable);
	if (e == OK && !durable)
		log_write(LOG_WARN, "servir",
			"PostgreSQL has fsync = off: a power cut loses acts that were acknowledged");
	store_pool_give(r->server.readers, s);
	return e == OK ? budget_share(r->server.budget, r->server.config->almacen) : e;
}

/* Of this server's writer, or heard of. */
static void tarea_made(void *ctx, int64_t when)
{
	struct running *r = ctx;

	if (r->tareas != NULL)
		tareas_wake(r->tareas, when);
}

static enum err start_store(struct running *r)
{
	const struct config *c = r->server.config;
	struct writer_config wc = {.server = &r->server,
		.place = c->almacen,
		.sealer = r->sealer,
		.most = c->cola,
		.tarea = tarea_made,
		.tarea_ctx = r};
	enum err e = store_guard_server(c->almacen, &r->guard);

	if (e == OK)
		e = writer_open(&wc, &r->writer);
	if (e == OK)
		e = store_pool_open(c->almacen, c->hilos + 2, &r->server.readers);
	if (e == OK)
		e = llaves_open(LLAVES_MOST, &r->server.llaves);
	if (e == OK)
		e = budget_open(&r->server.budget);
	return e == OK && store_shared(c->almacen) ? share(r) : e;
}

static enum err start_vigia(struct running *r)
{
	struct vigia_config c = {.place = r->server.config->almacen,
		.server = &r->server,
		.waits = r->waits,
		.reloj = &r->reloj,
		.tarea = tarea_made,
		.tarea_ctx = r};

	return vigia_start(&c, &r->vigia);
}

static enum err start_errands(struct running *r)
{
	enum err e = http_out_setup();

	if (e == OK)
		e = recados_start(RECADOS, &r->recados);
	if (e == OK)
		e = recados_aqui_start(&r->aqui);
	if (e != OK)
		return e;
	struct tareas_config c = {
		.server = &r->server, .writer = r->writer, .recados = r->recados, .aqui = r->aqui};

	r->revocacion = (struct revocacion){
		.server = &r->server, .writer = r->writer, .recados = r->recados, .asked = asked};
	return tareas_open(&c, &r->tareas);
}

static enum err start_threads(struct running *r)
{
	enum err e = start_errands(r);

	if (e == OK)
		e = writer_start(r->writer);
	r->subidas.server = &r->server;
	if (e == OK)
		e = subida_cola_open(&r->server, r->writer, &r->subidas.cola);
	if (e == OK)
		e = waits_start(&r->server, &r->waits);
	if (e == OK)
		e = start_vigia(r);
	return e == OK ? tareas_start(r->tareas) : e;
}

static enum err read_pem(struct arena *a, const char *path, const char **ret)
{
	struct bytes file = {0};
	enum err e = path != NULL ? file_read(a, path, 65536, &file) : OK;

	if (e == OK)
		*ret = (const char *)file.data;
	return e;
}

static enum err listen_http(struct running *r, struct arena *a)
{
	const struct config *c = r->server.config;
	struct http_in_config hc = {.address = c->escucha,
		.port = c->puerto,
		.threads = c->hilos,
		.body_limit = BODY_LIMIT,
		.arena_allowance = REQUEST_ARENA,
		.connections_per_address = c->proxies_count == 0 ? CONNECTIONS : 0};
	struct http_in_handlers h = {
		.ctx = r, .request = request, .streams = streams, .piece = piece, .closed = closed};
	enum err e = read_pem(a, c->tls_certificado, &hc.tls_cert);

	if (e == OK)
		e = read_pem(a, c->tls_llave, &hc.tls_key);
	return e == OK ? http_in_start(&hc, &h, &r->in) : e;
}

static enum err start(struct running *r, struct arena *a)
{
	const struct config *c = r->server.config;
	enum err e = sealer_start(c, &r->sealer);

	if (e == OK)
		e = trust_open(c->confianza, &r->trust);
	if (e == OK)
		e = read_legal_texts(r, a);
	if (e == OK)
		e = read_texts(r, a);
	if (e != OK)
		return e;
	r->server.trust = r->trust;
	r->server.clock = reloj_clock(&r->reloj);
	r->server.sello_certificado = sealer_certificate(r->sealer);
	r->server.sello_bytes = sealer_sello_bytes(r->sealer);
	e = start_store(r);
	if (e == OK)
		e = put_legal_texts(r, a);
	if (e == OK)
		e = read_published(r);
	if (e == OK)
		e = start_threads(r);
	return e == OK ? listen_http(r, a) : e;
}

enum err servir(const struct config *c)
{
	ARENA(a, 16 * 1024 * 1024);
	struct running r = {.server = {.config = c}};
	sigset_t set;
	int which;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	/* Before any thread: all of them inherit it, so that sigwait alone gets the signals. */
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	enum err e = start(&r, &a);

	if (e == OK) {
		listo_say("buzond listo en %s:%u", c->escucha, http_in_port(r.in));
		sigwait(&set, &which);
		log_write(LOG_INFO, "servir", "stopping");
	}
	stop(&r);
	return e;
}
