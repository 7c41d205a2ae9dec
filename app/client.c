#include "app/client.h"

#include <stdio.h>
#include "net/answer.h"
#include "app/call.h"
#include "app/folders.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/texto.h"
#include "ley/zona.h"

#define ACT_LIFE_MS (24 * 3600 * INT64_C(1000))
#define CLIENT_ALLOWANCE (64 * 1024)
#define WAIT_MOST_MS (60 * 1000)

void client_cancel(struct client *c)
{
	while (c->calls != NULL) {
		struct call *k = c->calls;

		call_unlink(k);
		call_destroy(k);
	}
}

void client_close(struct client *c)
{
	if (c == NULL)
		return;
	client_cancel(c);
	client_unlock(c, NULL);
	key_free(c->reading);
	trust_free(c->trust);
	arena_free(&c->arena);
	mem_free(c);
}

static enum err open_outbox(struct client *c)
{
	const char *nombre = c->perfil->nombre;
	const char *folder = folders_data(&c->arena, nombre, "salida");
	const char *rejected = folders_data(&c->arena, nombre, "rechazados");

	c->acuses = folders_data(&c->arena, nombre, "acuses");
	if (folder == NULL || rejected == NULL || c->acuses == NULL)
		return ERR_NO_MEMORY;
	return outbox_open(&c->arena, folder, rejected, &c->outbox);
}

enum err client_open(const struct perfil *p, struct http_out *out, struct client **ret)
{
	AUTO(client) c = mem_zalloc(sizeof(*c));

	if (c == NULL)
		return ERR_NO_MEMORY;
	arena_init(&c->arena, CLIENT_ALLOWANCE);
	c->perfil = p;
	c->tries = CLIENT_TRIES;
	c->out = out;
	enum err e = p->confianza != NULL ? trust_open(p->confianza, &c->trust) : OK;

	/* The folder that is missing is this one: "no file" would send the person elsewhere. */
	if (e == ERR_NO_FILE)
		e = ERR_NO_TRUST;
	if (e == OK)
		e = open_outbox(c);
	if (e == OK)
		*ret = STEAL(c);
	return e;
}

void client_unlock(struct client *c, struct efirma *efirma)
{
	efirma_free(c->efirma);
	c->efirma = efirma;
}

void client_watch(struct client *c, client_entered entered, void *ctx)
{
	c->entered = entered;
	c->entered_ctx = ctx;
}

bool client_unlocked(const struct client *c)
{
	return c->efirma != NULL;
}

enum err client_firmar(const struct client *c, struct arena *a, const char *cadena,
	struct bytes *ret_firma, struct bytes *ret_certificado)
{
	if (c->efirma == NULL)
		return ERR_UNKNOWN_KEY;
	struct bytes der = c->efirma->cert.der;
	unsigned char *copy = arena_copy(a, der.data, der.size);

	if (copy == NULL)
		return ERR_NO_MEMORY;
	*ret_certificado = bytes_of(copy, der.size);
	return key_sign(a, c->efirma->key, bytes_of_text(cadena), ret_firma);
}

const struct perfil *client_perfil(const struct client *c)
{
	return c->perfil;
}

const struct trust *client_trust(const struct client *c)
{
	return c->trust;
}

int64_t client_now(const struct client *c)
{
	struct clock clock = clock_system(c->offset);

	return clock_now(&clock);
}

size_t client_outbox_count(const struct client *c)
{
	ARENA(a, 1024 * 1024);
	char **names = NULL;
	size_t count = 0;

	return outbox_list(&c->outbox, &a, &names, &count) == OK ? count : 0;
}

static enum err may_call(const struct client *c, enum route route)
{
	enum route_signer signer = route_row(route)->signer;

	if (c->efirma == NULL && (signer != ROUTE_READ || !call_can_read(c)))
		return ERR_UNKNOWN_KEY;
	return signer == ROUTE_ACT && c->trust == NULL ? ERR_NO_TRUST : OK;
}

static enum err start(struct client *c, enum route route, const void *request, int64_t expires,
	client_done done, void *ctx, char ret_name[OUTBOX_NAME_BYTES])
{
	AUTO(call) k = NULL;
	enum err e = may_call(c, route);

	if (e == OK)
		e = call_make(c, route, done, ctx, &k);
	if (e == OK)
		e = call_fill(k, request);
	if (e != OK)
		return e;
	k->expires = expires != 0 ? expires : client_now(c) + ACT_LIFE_MS;
	e = call_go(k);
	if (e == OK) {
		snprintf(ret_name, OUTBOX_NAME_BYTES, "%s", k->act.name != NULL ? k->act.name : "");
		k = NULL;
		return OK;
	}
	/* Signed, but it could not even be tried: the person is told so, so it must not go later.
	 */
	if (call_is_act(k) && k->act.name != NULL &&
		outbox_remove(&c->outbox, &k->arena, k->act.name) != OK)
		log_write(LOG_ERROR, "salida", "acto sin enviar que no se pudo retirar");
	return e;
}

enum err client_call(struct client *c, enum route route, const void *request, int64_t expires,
	client_done done, void *ctx)
{
	char name[OUTBOX_NAME_BYTES];

	return start(c, route, request, expires, done, ctx, name);
}

/* Sends an act of the outbox: the same bytes, never signed again behind the person. */
static enum err send_kept(struct client *c, const char *name, client_done done, void *ctx)
{
	AUTO(call) k = NULL;
	struct outbox_act act;
	enum err e = call_make(c, ROUTE_ID_entrar, done, ctx, &k);

	if (e == OK)
		e = outbox_get(&c->outbox, &k->arena, name, &act);
	if (e == OK && route_row(act.route)->signer != ROUTE_ACT)
		e = ERR_BAD_EVIDENCE;
	if (e == OK && c->trust == NULL)
		e = ERR_NO_TRUST;
	if (e != OK)
		return e;
	k->act = act;
	k->route = act.route;
	k->body = act.body;
	k->expires = act.expires;
	k->clock_tried = true;
	e = call_go(k);
	if (e == OK)
		k = NULL;
	return e;
}

bool client_progress(const struct client *c, const void *ctx, struct http_out_progress *ret)
{
	for (const struct call *k = c->calls; k != NULL; k = k->next) {
		const struct call *whose = k->waiter != NULL ? k->waiter : k;

		if (whose->ctx != ctx || k->http == NULL)
			continue;
		*ret = http_out_progress(k->http);
		return true;
	}
	return false;
}

static bool under_way(const struct client *c, const char *name)
{
	for (const struct call *k = c->calls; k != NULL; k = k->next)
		if (call_is_act(k) && k->act.name != NULL && strcmp(k->act.name, name) == 0)
			return true;
	return false;
}

void client_flush_outbox(struct client *c, client_done done, void *ctx)
{
	ARENA(a, 1024 * 1024);
	char **names = NULL;
	size_t count = 0;

	if (clock_monotonic() < c->not_before || outbox_list(&c->outbox, &a, &names, &count) != OK)
		return;
	for (size_t i = 0; i < count; i++) {
		enum err e = under_way(c, names[i]) ? OK : send_kept(c, names[i], done, ctx);

		if (e != OK)
			log_write(LOG_WARN, "salida", "acto sin enviar: %s", err_wire(e));
	}
}

const struct outbox *client_outbox(const struct client *c)
{
	return &c->outbox;
}

const char *client_acuses(const struct client *c)
{
	return c->acuses;
}

/* ---- Waiting, for commands ---- */

struct wait {
	struct arena *arena;
	const struct message *message;
	void *ret_answer;
	struct bytes json;
	const char *campo;
	enum err err;
	bool over;
	bool pending;
};

/* From when on it can be asked again, how many tries are left. NULL: no memory. */
static const char *number_of(struct arena *a, enum err err, int64_t dato)
{
	if (err == ERR_BAD_CODE)
		return arena_printf(a,
			ngettext("Queda %lld intento", "Quedan %lld intentos", (unsigned long)dato),
			(long long)dato);
	const char *hora = hora_text(a, zona_centro(), hora_arriba(dato), HORA_DIA);

	return hora != NULL ? arena_printf(a, _("Otra vez desde el %s (ZC)"), hora) : NULL;
}

static void on_wait(void *ctx, const struct client_result *result)
{
	struct wait *w = ctx;
	void *copy = arena_copy(w->arena, result->json.data, result->json.size);

	w->over = true;
	w->err = result->err;
	w->pending = result->pending;
	w->json = bytes_of(copy, copy != NULL ? result->json.size : 0);
	w->campo = result->campo != NULL ? arena_strdup(w->arena, result->campo) : NULL;
	/* What the number says is more than which field. */
	if (result->dato > 0 && (result->err == ERR_TOO_MANY_SENT || result->err == ERR_BAD_CODE))
		w->campo = number_of(w->arena, result->err, result->dato);
	if (w->err == OK)
		w->err = copy == NULL ? ERR_NO_MEMORY
				      : codec_decode(w->arena, w->message, CODEC_TOLERANT, w->json,
						w->ret_answer, NULL);
}

static enum err wait_over(struct client *c, struct wait *w)
{
	enum err e = OK;

	while (e == OK && !w->over)
		e = http_out_wait(c->out, NULL, 0, -1);
	return e == OK ? w->err : e;
}

static enum err sleep_back_off(struct client *c)
{
	enum err e = OK;

	for (int64_t left; e == OK && (left = c->not_before - clock_monotonic()) > 0;)
		e = http_out_wait(c->out, NULL, 0, (int)left);
	return e;
}

void client_patience(struct client *c, int tries, client_retry told, void *ctx)
{
	c->tries = tries;
	c->told = told;
	c->told_ctx = ctx;
}

/* Waits; an act on a bad line is tried again with its own bytes before the command gives up. */
static enum err wait_tries(struct client *c, struct wait *w, const char *name)
{
	enum err e = wait_over(c, w);

	for (int i = 1; i < c->tries && w->pending && answer_retries(e); i++) {
		/* A server that asks for longer than a person waits: the act stays and goes later.
		 */
		if (c->not_before - clock_monotonic() > WAIT_MOST_MS)
			return e;
		if (i == 1 && c->told != NULL)
			c->told(c->told_ctx, e, call_rests(c, c->tries - 1));
		if (sleep_back_off(c) != OK)
			return e;
		w->over = false;
		enum err sent = send_kept(c, name, on_wait, w);

		if (sent != OK)
			return e;
		e = wait_over(c, w);
	}
	return e;
}

static enum err wait_end(struct wait *w, enum err e, struct bytes *ret_json, const char **ret_campo)
{
	if (ret_campo != NULL && w->campo != NULL)
		*ret_campo = w->campo;
	if (ret_json != NULL && e == OK)
		*ret_json = w->json;
	return e;
}

enum err client_call_wait(struct client *c, struct arena *a, enum route route, const void *request,
	int64_t expires, void *ret_answer, struct bytes *ret_json, const char **ret_campo)
{
	struct wait w = {a, .message = route_row(route)->answer, .ret_answer = ret_answer};
	char name[OUTBOX_NAME_BYTES];
	enum err e = start(c, route, request, expires, on_wait, &w, name);

	return e == OK ? wait_end(&w, wait_tries(c, &w, name), ret_json, ret_campo) : e;
}

enum err client_send_wait(struct client *c, struct arena *a, const char *act_name, void *ret_answer,
	struct bytes *ret_json, const char **ret_campo)
{
	struct wait w = {a, .ret_answer = ret_answer};
	struct outbox_act act;
	enum err e = outbox_get(&c->outbox, a, act_name, &act);

	if (e == OK) {
		w.message = route_row(act.route)->answer;
		e = send_kept(c, act_name, on_wait, &w);
	}
	return e == OK ? wait_end(&w, wait_tries(c, &w, act_name), ret_json, ret_campo) : e;
}
