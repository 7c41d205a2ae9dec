#include "app/call.h"

#include <stdio.h>
#include "net/answer.h"
#include "app/evidence.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

#define MESSAGE_VERSION 1
#define READ_LIFE_MS (300 * 1000)
/* A document's part: 256 KiB in base64, its JSON and its decoded form. */
#define CALL_ALLOWANCE (8 * 1024 * 1024)
#define ANSWER_MOST (2 * 1024 * 1024)
#define LONG_POLL_MS (60 * 1000) /* 50 s of waiting and the answer's own time */
/* A smaller difference is the line's, not the clock's. */
#define CLOCK_TOLERANCE_MS 5000
#define BACK_OFF_FIRST_MS 1000
#define BACK_OFF_MOST_MS (60 * 1000)
#define REST_MOST_S 3600

void call_destroy(struct call *k)
{
	if (k == NULL)
		return;
	if (k->http != NULL)
		http_out_cancel(k->c->out, k->http);
	key_free(k->new_key);
	arena_free(&k->arena);
	mem_free(k);
}
static void call_link(struct call *k)
{
	k->next = k->c->calls;
	k->c->calls = k;
}

void call_unlink(struct call *k)
{
	struct call **at = &k->c->calls;

	while (*at != NULL && *at != k)
		at = &(*at)->next;
	if (*at == k)
		*at = k->next;
}

static void set_clock(struct client *c, int64_t server)
{
	int64_t off = server - client_now(c);

	if (off > CLOCK_TOLERANCE_MS || off < -CLOCK_TOLERANCE_MS)
		c->offset += off;
}

/* ---- Signing ---- */

bool call_is_act(const struct call *k)
{
	return route_row(k->route)->signer == ROUTE_ACT;
}

static bool is_entry(const struct call *k)
{
	return route_row(k->route)->signer == ROUTE_ENTRY;
}

bool call_can_read(const struct client *c)
{
	return c->reading != NULL && client_now(c) < c->reading_expires;
}

/* Signs the body now; an act that was signed before keeps its name in the outbox. */
static enum err call_sign(struct call *k)
{
	struct client *c = k->c;
	bool read = route_row(k->route)->signer == ROUTE_READ;
	struct request_signer signer = {.created = client_now(c)};
	struct request r;
	struct outbox_act act;

	if (read ? c->reading == NULL : c->efirma == NULL)
		return ERR_UNKNOWN_KEY;
	signer.key = read ? c->reading : c->efirma->key;
	signer.keyid = read ? c->reading_id : c->efirma->cert.thumbprint;
	signer.expires = call_is_act(k) ? k->expires : signer.created + READ_LIFE_MS;
	enum err e = request_sign(&k->arena, c->perfil->servidor, k->route, k->body, &signer, &r);

	if (e == OK)
		e = outbox_act_of(&k->arena, k->route, &r, &act);
	if (e != OK)
		return e;
	if (k->act.name != NULL)
		act.name = k->act.name;
	if (call_is_act(k))
		e = outbox_put(&c->outbox, &k->arena, &act);
	if (e == OK)
		k->act = act;
	return e;
}

/* ---- Sending ---- */

static void on_http(void *ctx, const struct http_out_result *result);
static enum err enter_for(struct call *k);

static enum err call_send(struct call *k)
{
	struct httpsig_request rq = outbox_headers(&k->act);
	const char *const *headers = request_headers(&k->arena, &rq);
	struct http_out_request out = {
		.url = k->act.url,
		.headers = headers,
		.body = k->act.body,
		.ca_file = k->c->perfil->ca,
		.limit = ANSWER_MOST,
	};

	if (headers == NULL)
		return ERR_NO_MEMORY;
	if (k->route == ROUTE_ID_sincronizar)
		out.timeout_ms = LONG_POLL_MS;
	return http_out_start(k->c->out, &out, on_http, k, &k->http);
}

static enum err call_begin(struct call *k)
{
	bool read = route_row(k->route)->signer == ROUTE_READ;

	if (read && !call_can_read(k->c) && k->c->efirma != NULL) {
		k->enter_tried = true;
		return enter_for(k);
	}
	enum err e = k->act.name == NULL ? call_sign(k) : OK;

	return e == OK ? call_send(k) : e;
}

/* ---- Ends ---- */

/* The outbox rests: doubling, and at least as long as the server asks. */
static void rest(struct client *c, int retry_after_s)
{
	int ms = c->back_off_ms * 2;
	int asked = retry_after_s < REST_MOST_S ? retry_after_s : REST_MOST_S;

	c->back_off_ms = ms < BACK_OFF_FIRST_MS	 ? BACK_OFF_FIRST_MS
			 : ms > BACK_OFF_MOST_MS ? BACK_OFF_MOST_MS
						 : ms;
	ms = asked * 1000 > c->back_off_ms ? asked * 1000 : c->back_off_ms;
	c->not_before = clock_monotonic() + ms;
}

int64_t call_rests(const struct client *c, int times)
{
	int64_t all = times > 0 ? c->not_before - clock_monotonic() : 0;
	int ms = c->back_off_ms;

	for (int i = 1; i < times; i++) {
		ms = ms * 2 > BACK_OFF_MOST_MS ? BACK_OFF_MOST_MS : ms * 2;
		all += ms;
	}
	return all > 0 ? all : 0;
}

/* An answer that proves nothing stays beside its act. */
static void keep_answer(struct call *k, const struct answer *r)
{
	enum err e = r->json.size != 0
			     ? outbox_keep_answer(&k->c->outbox, &k->arena, k->act.name, r->json)
			     : OK;

	if (e != OK)
		log_write(LOG_WARN, "salida", "respuesta sin guardar: %s", err_wire(e));
}

/* Proves the acuse, saves it, and only then lets the act leave the outbox. */
static enum err settle_acuse(struct call *k, const struct answer *r)
{
	struct client *c = k->c;
	struct evidence ev = {.json = r->json};

	memcpy(&ev.acuse, r->message, sizeof(ev.acuse));
	enum err e = evidence_own(&k->arena, &ev.acuse, &k->act, c->trust);

	if (e != OK) {
		keep_answer(k, r);
		return e;
	}
	e = evidence_save(&k->arena, &ev, c->trust, c->acuses);
	if (e == OK)
		e = outbox_remove(&c->outbox, &k->arena, k->act.name);
	return e;
}

static void settle_act(struct call *k, struct answer *r, bool *ret_pending)
{
	struct client *c = k->c;

	*ret_pending = true;
	if (r->err == OK) {
		c->back_off_ms = 0;
		/* An act that gives no acuse is over with its answer. */
		r->err = route_row(k->route)->acuse
				 ? settle_acuse(k, r)
				 : outbox_remove(&c->outbox, &k->arena, k->act.name);
		*ret_pending = r->err != OK;
	} else if (r->settled && r->err != ERR_UNKNOWN_KEY && r->err != ERR_CLOCK_OFF) {
		struct outbox_act refused = k->act;

		c->back_off_ms = 0;
		refused.error = err_wire(r->err);
		refused.campo = r->campo;
		refused.cuando = client_now(c);
		/* Where it can't be recorded it stays, and the next answer is the same. */
		*ret_pending = outbox_reject(&c->outbox, &k->arena, &refused) != OK;
	}
	if (r->err == ERR_BAD_ANSWER)
		keep_answer(k, r);
	if (*ret_pending)
		rest(c, r->retry_after_s);
}

static void settle_entry(struct call *k, const struct answer *r)
{
	const struct m_entrado *m = r->message;
	struct client *c = k->c;

	if (r->err != OK)
		return;
	set_clock(c, m->ahora);
	key_free(c->reading);
	c->reading = STEAL(k->new_key);
	memcpy(c->reading_id, k->new_id, sizeof(c->reading_id));
	c->reading_expires = m->lectura_vence;
	if (c->entered != NULL)
		c->entered(c->entered_ctx, m, r->json);
}

static void waiter_goes_on(struct call *k, enum err entered);

static void call_end(struct call *k, struct answer *r)
{
	struct client_result result = {.route = k->route, .campo = r->campo, .json = r->json};

	if (call_is_act(k))
		settle_act(k, r, &result.pending);
	else if (is_entry(k))
		settle_entry(k, r);
	else if (r->err == OK && route_row(k->route)->answer == &message_acuse)
		r->err = acuse_verify(&k->arena, r->message, k->c->trust);
	log_write(r->err == OK ? LOG_DEBUG : LOG_INFO, "llamada", "%s: %s en %lld ms",
		route_row(k->route)->name, err_wire(r->err),
		(long long)(clock_monotonic() - k->begun));
	result.err = r->err;
	result.dato = r->dato;
	result.answer = r->err == OK ? r->message : NULL;
	call_unlink(k);
	if (k->waiter != NULL)
		waiter_goes_on(k->waiter, r->err);
	else
		k->done(k->ctx, &result);
	call_destroy(k);
}

static void waiter_goes_on(struct call *k, enum err entered)
{
	struct answer r = {.err = entered};

	if (r.err == OK && !call_is_act(k))
		r.err = call_sign(k);
	if (r.err == OK)
		r.err = call_send(k);
	if (r.err != OK)
		call_end(k, &r);
}

/* Signed once more with the server's time. */
static enum err sign_again(struct call *k, int64_t server)
{
	k->clock_tried = true;
	k->c->offset += server - client_now(k->c);
	enum err e = call_sign(k);

	return e == OK ? call_send(k) : e;
}

static void on_http(void *ctx, const struct http_out_result *result)
{
	struct call *k = ctx;
	struct answer r;
	bool again = false;
	enum err e = OK;

	k->http = NULL;
	answer_read(&k->arena, k->route, result, &r);
	if (r.err == ERR_CLOCK_OFF && r.dato > 0 && !k->clock_tried) {
		again = true;
		e = sign_again(k, r.dato);
	} else if (r.err == ERR_UNKNOWN_KEY && !is_entry(k) && !k->enter_tried &&
		   k->c->efirma != NULL) {
		again = true;
		k->enter_tried = true;
		e = enter_for(k);
	}
	if (again && e == OK)
		return;
	if (again) {
		r.err = e;
		r.settled = false;
	}
	call_end(k, &r);
}

enum err call_make(
	struct client *c, enum route route, client_done done, void *ctx, struct call **ret)
{
	struct call *k = mem_zalloc(sizeof(*k));

	if (k == NULL)
		return ERR_NO_MEMORY;
	k->c = c;
	k->route = route;
	k->begun = clock_monotonic();
	k->done = done;
	k->ctx = ctx;
	arena_init(&k->arena, CALL_ALLOWANCE);
	*ret = k;
	return OK;
}

/* An entry brings the certificate and a reading key of its own. */
static enum err fill_entry(struct call *k, struct m_entrar *m)
{
	unsigned char *raw = arena_alloc(&k->arena, 32);
	const char *id = NULL;
	enum err e = raw != NULL ? key_make_ed25519(&k->new_key) : ERR_NO_MEMORY;

	if (e == OK)
		e = key_public_ed25519(k->new_key, raw);
	if (e == OK)
		e = key_id_ed25519(&k->arena, bytes_of(raw, 32), &id);
	if (e != OK)
		return e;
	snprintf(k->new_id, sizeof(k->new_id), "%s", id);
	m->certificado = k->c->efirma->cert.der;
	m->llave_lectura = bytes_of(raw, 32);
	m->version = MESSAGE_VERSION;
	return OK;
}

enum err call_fill(struct call *k, const void *request)
{
	struct m_hat hat = {k->c->perfil->rfc, k->c->perfil->calidad};
	struct m_entrar entry = {0};

	if (is_entry(k)) {
		memcpy(&entry, request, sizeof(entry));
		enum err e = fill_entry(k, &entry);

		if (e != OK)
			return e;
		request = &entry;
	}
	return request_body(&k->arena, k->route, request, &hat, &k->body);
}

enum err call_go(struct call *k)
{
	call_link(k);
	enum err e = call_begin(k);

	if (e != OK)
		call_unlink(k);
	return e;
}

static enum err enter_for(struct call *k)
{
	static const struct m_entrar entry = {0};
	AUTO(call) e = NULL;
	enum err error = call_make(k->c, ROUTE_ID_entrar, NULL, NULL, &e);

	if (error == OK)
		error = call_fill(e, &entry);
	if (error != OK)
		return error;
	e->waiter = k;
	error = call_go(e);
	if (error == OK)
		e = NULL;
	return error;
}
