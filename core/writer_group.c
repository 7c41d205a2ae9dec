#include "core/writer_group.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>
#include "base/b64.h"
#include "base/log.h"
#include "base/mem.h"
#include "core/authorise.h"
#include "core/rules/rules.h"
#include "core/tarea.h"
#include "crypto/key.h"

/* Sellos and their base64 of one group. */
#define GROUP_ARENA (8 * 1024 * 1024)

/* A transaction that the database keeps asking for again, or whose connection dies. */
#define TRIES 8
/* Before the n-th try: n of these. A database that restarts is back in a few. */
#define PAUSE_MS 60

enum err writer_group_open(struct writer_group *g)
{
	if (g->store != NULL)
		store_close(g->store);
	g->store = NULL;
	g->folios = (struct folios){0};
	return store_open(g->place, DB_WRITE, &g->store);
}

/* 429 and 5xx are never kept as the answer of an act. */
static bool kept(enum err e)
{
	int http = err_http(e);

	return http < 500 && http != 429;
}

static enum err take_stored(struct writer_group *g, struct exchange *x)
{
	struct in_acto in = {.nonce = x->sig.nonce, .llave = x->sig.keyid};
	struct out_acto row;
	enum err e = q_acto(g->store, &in, x->arena, &row);

	/* Its twin of this same group came to nothing, and took the nonce with it. */
	if (e == ERR_NOT_FOUND) {
		x->again = true;
		return OK;
	}
	if (e != OK)
		return e;
	if (!bytes_equal(row.base_sha256, bytes_of(x->base_sha256, 32)))
		return ERR_NONCE_USED;
	/* Its twin is not sealed yet. */
	if (row.estado == 0 || (row.estado == 200 && row.respuesta.size == 0)) {
		x->again = true;
		return OK;
	}
	x->status = (int)row.estado;
	x->answer = row.respuesta;
	return OK;
}

static enum err close_act(struct writer_group *g, struct exchange *x, int64_t legal)
{
	const struct signer *s = &x->signer;
	const struct bytes elsewhere = {0};
	struct in_acto_cerrar in = {.ruta = x->row->name,
		.titular = x->env.titular,
		.firmante = s->rfc,
		.calidad = x->env.calidad,
		.legal = legal,
		.cuerpo = x->rq.body,
		.base = x->sig.base,
		.firma = x->sig.signature,
		.ocsp = s->ocsp,
		.revocacion = s->comprobada ? "comprobada" : "por comprobar",
		.estado = x->status,
		/* A sealed answer is the acuse's own row: the same bytes are not kept twice. */
		.respuesta = x->holed != NULL ? elsewhere : x->answer,
		.folio = x->acuse != NULL ? x->acuse->folio : NULL,
		.nonce = x->sig.nonce,
		.llave = x->sig.keyid};

	return store_queue(g->store, QUERY_acto_cerrar, &in, NULL);
}

static enum err encode(struct exchange *x, const void *answer, int64_t *ret_legal)
{
	const struct m_acuse *acuse = answer;
	struct bytes json;

	*ret_legal = x->received;
	if (!x->row->acuse)
		return codec_encode(x->arena, x->row->answer, answer, &x->answer);
	enum err e = codec_encode_hole(x->arena, x->row->answer, answer, "sello", &json, &x->hole);

	if (e == OK)
		x->holed = arena_copy(x->arena, json.data, json.size);
	if (e != OK || x->holed == NULL)
		return e != OK ? e : ERR_NO_MEMORY;
	x->answer = bytes_of(x->holed, json.size);
	x->acuse = acuse;
	*ret_legal = acuse->legal;
	return OK;
}

/* It is asked again until there is an answer, for as long as it takes. */
static enum err keep_unchecked(struct writer_group *g, struct exchange *x)
{
	struct in_comprobacion_poner in = {
		.llave = x->sig.keyid, .nonce = x->sig.nonce, .recibido = x->received};
	enum err e = store_queue(g->store, QUERY_comprobacion_poner, &in, NULL);

	/* Without a responder its job is made by the first server that has one. */
	if (e != OK || g->server->config->ocsp == NULL)
		return e;
	return tarea_asegurar(g->store, &g->news, TAREA_revocacion, x->signer.huella,
		x->received + tarea_filas[TAREA_revocacion].primera_ms);
}

/* Authorise, rule, encode, keep: all inside the request's savepoint. */
static enum err act(struct writer_group *g, struct exchange *x)
{
	void *answer = arena_zalloc(x->arena, x->row->answer->size);
	int64_t legal = 0;
	enum err e = answer == NULL ? ERR_NO_MEMORY : authorise(x);

	if (e == OK)
		e = rules_run(x->route, &x->env, x->message, answer);
	if (e == OK)
		e = encode(x, answer, &legal);
	if (e != OK)
		return e;
	x->status = 200;
	e = close_act(g, x, legal);
	return e == OK && !x->signer.comprobada ? keep_unchecked(g, x) : e;
}

static enum err keep_refusal(struct writer_group *g, struct exchange *x, enum err why)
{
	x->holed = NULL;
	x->acuse = NULL;
	exchange_refuse(x, why);
	if (x->status != err_http(why))
		return ERR_NO_MEMORY;
	enum err e = x->env.conserva_in != NULL
			     ? store_change(g->store, x->env.conserva, x->env.conserva_in)
			     : OK;

	return e == OK ? close_act(g, x, x->received) : e;
}

static enum err in_savepoint(struct writer_group *g, struct exchange *x)
{
	enum err e = act(g, x);

	if (e == OK || !kept(e))
		return e;
	enum err undone = store_rollback_to(g->store);

	return undone == OK ? keep_refusal(g, x, e) : undone;
}

/* Nothing of this one is left: the rest of the group does not know that it was there. */
static enum err leave_out(struct writer_group *g, struct exchange *x, enum err why)
{
	struct in_acto_quitar in = {.nonce = x->sig.nonce, .llave = x->sig.keyid};
	/* A full disk or lost memory may have undone the whole transaction. */
	enum err e = store_rollback_to(g->store);

	if (e == OK)
		e = q_acto_quitar(g->store, &in, x->arena, NULL);
	if (e == OK)
		e = store_release(g->store);
	x->holed = NULL;
	exchange_refuse(x, why);
	return e;
}

/* Does it end the group? Then all of it is undone; else it only answers its own request. */
static bool ends_group(const struct writer_group *g, enum err e)
{
	return e == ERR_BUSY || store_lost(g->store) || !store_is_careful(g->store);
}

static enum err run_fresh(struct writer_group *g, struct exchange *x)
{
	struct folios before = g->folios;
	enum err e = store_savepoint(g->store);

	if (e != OK)
		return e;
	e = in_savepoint(g, x);
	if (e == OK)
		e = store_release(g->store);
	if (e == OK || ends_group(g, e))
		return e;
	g->folios = before;
	return leave_out(g, x, e);
}

static enum err run_one(struct writer_group *g, struct exchange *x)
{
	x->env.store = g->store;
	x->env.folios = &g->folios;
	x->env.news = &g->news;
	/* Of a try that was undone. */
	x->env.campo = NULL;
	x->env.dato = 0;
	x->env.conserva_in = NULL;
	x->env.ambito = NULL;
	x->again = false;
	x->holed = NULL;
	x->acuse = NULL;
	x->status = 0;
	if (x->fresh == 1)
		return run_fresh(g, x);
	enum err e = take_stored(g, x);

	if (e == OK || !kept(e))
		return e;
	exchange_refuse(x, e);
	return OK;
}

static const char *titular_of(const struct exchange *x)
{
	return ((const struct m_hat *)x->message)->titular;
}

/* Stable: what one titular sent is done in its order. */
static void sort_by_titular(struct exchange **xs, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct exchange *x = xs[i];
		size_t at = i;

		for (; at > 0 && strcmp(titular_of(xs[at - 1]), titular_of(x)) > 0; at--)
			xs[at] = xs[at - 1];
		xs[at] = x;
	}
}

/*
 * In one exchange with the database: all mailboxes in their order, then all nonces, and what the
 * acts will ask.
 */
static enum err take_mailboxes(struct writer_group *g, struct exchange **xs, size_t count)
{
	enum err e = OK;

	sort_by_titular(xs, count);
	for (size_t i = 0; e == OK && i < count; i++)
		if (i == 0 || strcmp(titular_of(xs[i - 1]), titular_of(xs[i])) != 0)
			e = store_lock(g->store, titular_of(xs[i]));
	for (size_t i = 0; e == OK && i < count; i++) {
		struct exchange *x = xs[i];
		struct in_acto_poner in = {.nonce = x->sig.nonce,
			.llave = x->sig.keyid,
			.base_sha256 = bytes_of(x->base_sha256, 32),
			.recibido = x->received};

		e = store_queue(g->store, QUERY_acto_poner, &in, &x->fresh);
	}
	for (size_t i = 0; e == OK && i < count; i++) {
		xs[i]->env.store = g->store;
		e = authorise_ahead(xs[i]);
	}
	return e == OK ? store_sync(g->store) : e;
}

static void fill_hole(struct exchange *x, const char *text)
{
	memcpy(x->holed + x->hole, text, strlen(text));
}

static const char *ambito_of_acuse(const struct exchange *x)
{
	if (x->env.ambito != NULL)
		return x->env.ambito;
	return x->row->scope < AMBITOS ? ambito_word(x->row->scope) : "";
}

static enum err keep_sello(
	struct writer_group *g, struct arena *a, struct exchange *x, struct bytes sello)
{
	char *text = b64_encode(a, sello);

	if (text == NULL || sello.size != g->server->sello_bytes)
		return text == NULL ? ERR_NO_MEMORY : ERR_SEAL;
	fill_hole(x, text);
	struct in_acuse_poner in = {.folio = x->acuse->folio,
		.titular = x->acuse->titular,
		.tipo = x->acuse->tipo,
		.elaborado = x->acuse->elaborado,
		.capacidad = x->acuse->capacidad,
		.json = x->answer,
		.ambito = ambito_of_acuse(x)};

	return store_queue(g->store, QUERY_acuse_poner, &in, NULL);
}

/* Those of a group that get a sello; sent in parts, so that one core seals while another makes. */
struct sealing {
	struct arena *arena;
	struct exchange **acts;
	const char **cadenas;
	struct bytes *sellos;
	size_t part; /* acts of each but the last */
	size_t made;
	size_t sent;
};

static enum err begin_sealing(struct sealing *s, struct arena *a, size_t count)
{
	size_t least = (count + SEALER_PARTS - 1) / SEALER_PARTS;

	*s = (struct sealing){.arena = a,
		.acts = arena_array(a, count, sizeof(*s->acts)),
		.cadenas = arena_array(a, count, sizeof(*s->cadenas)),
		.sellos = arena_array(a, count, sizeof(*s->sellos)),
		.part = least > SEALER_PART ? least : SEALER_PART};
	return s->acts != NULL && s->cadenas != NULL && s->sellos != NULL ? OK : ERR_NO_MEMORY;
}

static enum err send_part(struct writer_group *g, struct sealing *s)
{
	enum err e = sealer_send(g->sealer, s->arena, s->cadenas + s->sent, s->made - s->sent);

	if (e == OK)
		s->sent = s->made;
	return e;
}

static enum err make(struct writer_group *g, struct sealing *s, struct exchange **xs, size_t count)
{
	enum err e = OK;

	for (size_t i = 0; i < count && e == OK; i++) {
		e = run_one(g, xs[i]);
		if (e != OK || xs[i]->holed == NULL)
			continue;
		s->cadenas[s->made] = xs[i]->acuse->cadena;
		s->acts[s->made++] = xs[i];
		if (s->made - s->sent == s->part)
			e = send_part(g, s);
	}
	return e == OK && s->made != s->sent ? send_part(g, s) : e;
}

static enum err take_sellos(struct writer_group *g, struct sealing *s)
{
	enum err e = OK;

	for (size_t at = 0; e == OK && at < s->sent; at += s->part) {
		size_t count = s->sent - at < s->part ? s->sent - at : s->part;

		e = sealer_receive(g->sealer, s->arena, count, s->sellos + at);
		for (size_t i = at; e == OK && i < at + count; i++)
			e = keep_sello(g, s->arena, s->acts[i], s->sellos[i]);
	}
	return e;
}

static enum err make_and_seal(struct writer_group *g, struct exchange **xs, size_t count)
{
	ARENA(a, GROUP_ARENA);
	struct sealing s;
	enum err e = begin_sealing(&s, &a, count);

	if (e == OK)
		e = make(g, &s, xs, count);
	if (e == OK)
		e = take_sellos(g, &s);
	/* Sellos of a group that is undone must not meet the next one. */
	if (e != OK && s.sent != 0)
		sealer_abandon(g->sealer);
	return e;
}

/* Its evidence is written by a job, which has that mailbox's lock (core/tareas/entrega.c). */
static enum err write_access(struct writer_group *g, struct arena *a, const struct note *n)
{
	struct in_acceso_poner in = {.instante = n->instante,
		.titular = n->titular,
		.firmante = n->firmante,
		.ruta = n->ruta,
		.folio = n->folio};
	const char *clave = arena_printf(
		a, "%s %s %" PRId64 " %s", n->titular, n->folio, n->instante, n->firmante);
	enum err e = clave != NULL ? q_acceso_poner(g->store, &in, a, NULL) : ERR_NO_MEMORY;

	return e == OK && n->entera
		       ? tarea_poner(g->store, &g->news, TAREA_entrega, clave, n->instante)
		       : e;
}

static enum err write_note(struct writer_group *g, const struct note *n)
{
	ARENA(a, 65536);
	struct in_certificado_ocsp ocsp = {.ocsp = bytes_of(n->data, n->size),
		.ocsp_desde = n->verdict.this_update,
		.ocsp_hasta = n->verdict.next_update,
		.revocado = n->verdict.revoked_at,
		.huella = n->huella};

	return n->ocsp ? q_certificado_ocsp(g->store, &ocsp, &a, NULL) : write_access(g, &a, n);
}

/* Written or left out together: they are no part of any answer. */
static enum err write_notes(struct writer_group *g, const struct note *notes)
{
	enum err e = store_savepoint(g->store);

	for (const struct note *n = notes; e == OK && n != NULL; n = n->next)
		e = write_note(g, n);
	if (e == OK)
		e = store_release(g->store);
	if (e == OK || ends_group(g, e))
		return e;
	log_write(LOG_ERROR, "writer", "notes were not written: %s", err_wire(e));
	e = store_rollback_to(g->store);
	return e == OK ? store_release(g->store) : e;
}

/* What other servers keep in memory, and who waits for what. */
static void gather_news(struct writer_group *g, const struct exchange *x)
{
	const struct m_entrar *m = x->message;
	const char *lectura;

	if (x->status != 200 || x->fresh != 1)
		return;
	if (x->route != ROUTE_ID_entrar)
		novedades_add(&g->news, NOVEDAD_TITULAR, x->env.titular);
	else if (key_id_ed25519(x->arena, m->llave_lectura, &lectura) == OK)
		novedades_add(&g->news, NOVEDAD_LLAVE, lectura);
	else
		novedades_add(&g->news, NOVEDAD_TODO, "");
}

struct work {
	struct exchange **xs;
	size_t count;
	const struct note *notes;
};

static enum err run_all(struct writer_group *g, void *ctx)
{
	const struct work *w = ctx;
	enum err e = take_mailboxes(g, w->xs, w->count);

	if (e == OK)
		e = make_and_seal(g, w->xs, w->count);
	if (e == OK && w->notes != NULL)
		e = write_notes(g, w->notes);
	for (size_t i = 0; e == OK && i < w->count; i++)
		gather_news(g, w->xs[i]);
	for (const struct note *n = w->notes; e == OK && n != NULL; n = n->next)
		if (n->ocsp)
			novedades_add(&g->news, NOVEDAD_LLAVE, n->huella);
	return e;
}

/* One try and what is known of it. */
struct attempt {
	int64_t now;
	size_t folios;
	enum err (*body)(struct writer_group *g, void *ctx);
	void *ctx;
	bool careful; /* the next try */
	bool unsure;  /* a COMMIT failed: nobody here knows whether it is there */
	bool settled; /* unsure once before */
};

static enum err try_once(struct writer_group *g, struct attempt *t)
{
	struct folios before = g->folios;

	store_careful(g->store, t->careful);
	g->news = (struct novedades){0};
	enum err e = folios_begin(&g->folios, g->store, t->now, t->folios);

	if (e == OK)
		e = t->body(g, t->ctx);
	if (e == OK)
		e = store_tell(g->store, &g->news);
	if (e == OK) {
		e = store_commit(g->store);
		t->settled = t->unsure;
		t->unsure = e != OK && e != ERR_BUSY;
	}
	if (e != OK) {
		store_rollback(g->store);
		folios_rolled_back(&g->folios, g->store, &before);
	}
	return e;
}

static bool gone(const struct writer_group *g)
{
	return g->store == NULL || store_lost(g->store);
}

static bool worth_again(const struct writer_group *g, const struct attempt *t, enum err e)
{
	return e == ERR_BUSY || gone(g) || (t->unsure && !t->settled) ||
	       !store_is_careful(g->store);
}

static void pause_before(int try)
{
	long ms = (long)try * PAUSE_MS;

	nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

static void tell_tarea(const struct writer_group *g)
{
	if (g->tarea != NULL && g->news.tarea != 0)
		g->tarea(g->tarea_ctx, g->news.tarea);
}

enum err writer_group_transact(struct writer_group *g, int64_t now, size_t folios,
	enum err (*body)(struct writer_group *g, void *ctx), void *ctx)
{
	struct attempt t = {.now = now, .folios = folios, .body = body, .ctx = ctx};
	/* A store that was gone before is not waited for: the queue behind would only grow. */
	int tries = g->store != NULL ? TRIES : 1;
	enum err e = OK;

	for (int try = 0; try < tries; try++) {
		if (e == ERR_BUSY || gone(g))
			pause_before(try);
		e = gone(g) || t.unsure ? writer_group_open(g) : OK;
		if (e == OK)
			e = try_once(g, &t);
		if (e == OK) {
			tell_tarea(g);
			return OK;
		}
		log_write(e == ERR_BUSY ? LOG_INFO : LOG_ERROR, "writer",
			"a transaction was undone: %s", err_wire(e));
		if (!worth_again(g, &t, e))
			break;
		t.careful = t.careful || (e != ERR_BUSY && !gone(g));
	}
	return e;
}

void writer_group_run(
	struct writer_group *g, struct exchange **xs, size_t count, const struct note *notes)
{
	struct work w = {.xs = xs, .count = count, .notes = notes};
	int64_t now = 0;

	for (size_t i = 0; i < count; i++)
		now = xs[i]->received > now ? xs[i]->received : now;
	enum err e = writer_group_transact(g, now, count, run_all, &w);

	for (size_t i = 0; e != OK && i < count; i++) {
		xs[i]->again = false;
		exchange_refuse(xs[i], kept(e) ? ERR_STORE : e);
	}
}
