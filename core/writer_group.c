#include "core/writer_group.h"

#include "base/b64.h"
#include "base/log.h"
#include "base/mem.h"
#include "core/authorise.h"
#include "core/rules/rules.h"
#include "crypto/sha.h"

/* Sellos and their base64 of one group. */
#define GROUP_ARENA (8 * 1024 * 1024)

enum err writer_group_open(struct writer_group *g)
{
	ARENA(a, 65536);
	struct in_folio_ultimo in = {0};
	struct out_folio_ultimo row = {0};

	if (g->store != NULL)
		store_close(g->store);
	g->store = NULL;
	enum err e = store_open(g->path, DB_WRITE, &g->store);

	if (e == OK)
		e = q_folio_ultimo(g->store, &in, &a, &row);
	if (e == OK && row.instante > g->folios.last)
		g->folios.last = row.instante;
	return e;
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

	if (e != OK)
		return e;
	if (!bytes_equal(row.base_sha256, bytes_of(x->base_sha256, 32)))
		return ERR_NONCE_USED;
	/* Its twin of this same group is not sealed yet. */
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

	return q_acto_cerrar(g->store, &in, x->arena, NULL);
}

static enum err insert_nonce(struct writer_group *g, struct exchange *x, bool *ret_new)
{
	struct in_acto_poner in = {.nonce = x->sig.nonce,
		.llave = x->sig.keyid,
		.base_sha256 = bytes_of(x->base_sha256, 32),
		.recibido = x->received};
	enum err e = q_acto_poner(g->store, &in, x->arena, NULL);

	if (e == OK)
		*ret_new = store_changes(g->store) == 1;
	return e;
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
	return close_act(g, x, legal);
}

static enum err keep_refusal(struct writer_group *g, struct exchange *x, enum err why)
{
	bool fresh;

	x->holed = NULL;
	x->acuse = NULL;
	exchange_refuse(x, why);
	enum err e = insert_nonce(g, x, &fresh);

	return e == OK && x->status == err_http(why) ? close_act(g, x, x->received) : e;
}

static enum err in_savepoint(struct writer_group *g, struct exchange *x)
{
	bool fresh = false;
	enum err e = insert_nonce(g, x, &fresh);

	if (e != OK)
		return e;
	if (!fresh)
		return take_stored(g, x);
	e = act(g, x);
	if (e == OK || !kept(e))
		return e;
	enum err undone = store_rollback_to(g->store);

	return undone == OK ? keep_refusal(g, x, e) : undone;
}

/* ERR_STORE and the like end the group; a failure of this request alone only answers it. */
static enum err run_one(struct writer_group *g, struct exchange *x)
{
	x->env.store = g->store;
	x->env.folios = &g->folios;
	x->again = false;
	x->holed = NULL;
	x->acuse = NULL;
	x->status = 0;
	enum err e = store_savepoint(g->store);

	if (e != OK)
		return e;
	int64_t last = g->folios.last;

	e = in_savepoint(g, x);
	if (e == OK)
		return store_release(g->store);
	g->folios.last = last;
	x->holed = NULL;
	exchange_refuse(x, e);
	/* A full disk or lost memory may have undone the whole transaction. */
	e = store_rollback_to(g->store);
	return e == OK ? store_release(g->store) : e;
}

static void fill_hole(struct exchange *x, const char *text)
{
	memcpy(x->holed + x->hole, text, strlen(text));
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
		.json = x->answer};

	return q_acuse_poner(g->store, &in, a, NULL);
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

static void write_note(struct writer_group *g, const struct note *n)
{
	ARENA(a, 65536);
	struct in_acceso_poner access = {.instante = n->instante,
		.titular = n->titular,
		.firmante = n->firmante,
		.ruta = n->ruta,
		.folio = n->folio};
	struct in_certificado_ocsp ocsp = {.ocsp = bytes_of(n->data, n->size),
		.ocsp_desde = n->verdict.this_update,
		.ocsp_hasta = n->verdict.next_update,
		.revocado = n->verdict.revoked_at,
		.huella = n->huella};
	enum err e = n->ocsp ? q_certificado_ocsp(g->store, &ocsp, &a, NULL)
			     : q_acceso_poner(g->store, &access, &a, NULL);

	if (e != OK)
		log_write(LOG_ERROR, "writer", "a note was not written: %s", err_wire(e));
}

static enum err run_all(
	struct writer_group *g, struct exchange **xs, size_t count, const struct note *notes)
{
	enum err e = store_begin(g->store);

	if (e == OK)
		e = make_and_seal(g, xs, count);
	for (; notes != NULL && e == OK; notes = notes->next)
		write_note(g, notes);
	return e;
}

/* COMMIT said no: is the group there or not? Only the store knows; ask it through a new door. */
static void settle(struct writer_group *g, struct exchange **xs, size_t count, enum err why)
{
	enum err e = writer_group_open(g);

	for (size_t i = 0; i < count; i++) {
		if (e != OK || take_stored(g, xs[i]) != OK || xs[i]->again) {
			xs[i]->again = false;
			exchange_refuse(xs[i], e != OK ? e : why);
		}
	}
}

void writer_group_run(
	struct writer_group *g, struct exchange **xs, size_t count, const struct note *notes)
{
	int64_t last = g->folios.last;
	enum err e = g->store == NULL ? writer_group_open(g) : OK;

	if (e == OK) {
		e = run_all(g, xs, count, notes);
		if (e == OK) {
			e = store_commit(g->store);
			if (e == OK)
				return;
			log_write(LOG_ERROR, "writer", "commit of %zu failed: %s", count,
				err_wire(e));
			store_rollback(g->store);
			settle(g, xs, count, e);
			return;
		}
		store_rollback(g->store);
	}
	log_write(LOG_ERROR, "writer", "a group of %zu was undone: %s", count, err_wire(e));
	g->folios.last = last;
	for (size_t i = 0; i < count; i++) {
		xs[i]->again = false;
		exchange_refuse(xs[i], kept(e) ? ERR_STORE : e);
	}
}
