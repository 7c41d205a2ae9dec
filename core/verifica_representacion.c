/*
 * Representations: each is what its titular, and where it takes two its representative, signed; and
 * the mandates by which somebody is let in are those that it gives, no more and no less. What the
 * padrón told has no signature behind it: of it only the mandates can be looked at.
 */
#include "core/representaciones.h"
#include "core/verifica_paso.h"
#include "crypto/sha.h"
#include "net/httpsig.h"
#include "net/routes.h"

#define ROWS 64
#define PAIRS 500
#define MANDATOS 20
/* Three acuses, and what was signed for each. */
#define ROOM (8 * 1024 * 1024)

struct trato {
	struct verifica *v;
	struct verifica_de de;
	struct arena *arena;
	const struct out_verifica_representaciones *row;
	struct representacion_fechas fechas;
	struct alcance alcance;
};

static void check(const struct trato *t, bool holds, enum verifica_falla f)
{
	verifica_check(t->v, &t->de, holds, f);
}

/* ---- what was signed ---- */

/* The acuse, and the request of that route whose answer it was. */
struct firmado {
	struct m_acuse acuse;
	const void *message;
};

static enum err read_signed(const struct trato *t, enum route route, struct firmado *ret)
{
	const struct route_row *row = route_row(route);
	const struct m_acuse *m = &ret->acuse;
	struct httpsig_request rq = {0};
	struct httpsig sig = {0};
	void *message = arena_zalloc(t->arena, row->request->size);
	enum err e = message == NULL
			     ? ERR_NO_MEMORY
			     : httpsig_base_read(t->arena, bytes_of_text(m->base), &rq, &sig);

	if (e == OK && !verifica_same(rq.path, row->path))
		e = ERR_NOT_FOUND;
	if (e == OK)
		e = codec_decode(t->arena, row->request, CODEC_STRICT, m->cuerpo, message, NULL);
	if (e == OK)
		ret->message = message;
	return e;
}

/* That they prove themselves, and are of acts, is looked at where acts and acuses are. */
static enum err find_signed(
	const struct trato *t, const char *folio, enum route route, struct firmado *ret)
{
	struct in_acuse in = {.folio = folio, .titular = t->row->titular};
	struct out_acuse row;
	enum err e = folio != NULL ? q_acuse(t->v->store, &in, t->arena, &row) : ERR_NOT_FOUND;

	*ret = (struct firmado){0};
	if (e == OK)
		e = codec_decode(
			t->arena, &message_acuse, CODEC_TOLERANT, row.json, &ret->acuse, NULL);
	return e == OK ? read_signed(t, route, ret) : e;
}

/* ---- its beginning ---- */

static bool same_scope(const struct trato *t, const struct m_representante_alta *m)
{
	struct alcance signed_for;

	return representaciones_alcance(m->permisos, m->permisos_count, &signed_for) == OK &&
	       memcmp(&signed_for, &t->alcance, sizeof(signed_for)) == 0;
}

static bool same_terms(
	const struct trato *t, const struct m_representante_alta *m, int64_t recibido)
{
	const struct representacion_fechas *f = &t->fechas;
	bool both = representaciones_dos_firmas(&t->alcance);

	return verifica_same(m->representante, t->row->representante) && same_scope(t, m) &&
	       f->desde == (m->desde > recibido ? m->desde : recibido) && f->hasta == m->hasta &&
	       (!both || f->acepta_antes == recibido + REPRESENTACIONES_ACEPTA_MS) &&
	       (both || f->acepta_antes == 0);
}

static enum err check_registered(const struct trato *t)
{
	struct firmado s;
	const char *base = NULL;
	enum err e = find_signed(t, t->row->folio, ROUTE_ID_representante_alta, &s);

	if (e != OK)
		return verifica_must(t->v, &t->de, e, FALLA_representacion_sin_acuse);
	check(t, same_terms(t, s.message, s.acuse.recibido), FALLA_representacion_registro);
	e = sha256_hex(t->arena, bytes_of_text(s.acuse.base), &base);
	if (e == OK)
		check(t, verifica_same(base, t->row->base_sha256), FALLA_representacion_base);
	return e;
}

/* By the Institute's own word, and nothing else. */
static enum err check_padron(const struct trato *t)
{
	const struct out_verifica_representaciones *row = t->row;
	const char *folio = arena_printf(t->arena, "PADRON-%s", row->representante);

	if (folio == NULL)
		return ERR_NO_MEMORY;
	check(t,
		verifica_same(row->origen, "padron") && verifica_same(row->folio, folio) &&
			row->base_sha256 == NULL && row->acepta_antes == 0,
		FALLA_representacion_registro);
	return OK;
}

/* ---- the second signature ---- */

static bool is_acceptance(const struct trato *t, const struct firmado *s)
{
	const struct m_representante_aceptar *m = s->message;
	const struct representacion_fechas *f = &t->fechas;

	return verifica_same(m->folio, t->row->folio) &&
	       verifica_same(m->base_sha256, t->row->base_sha256) &&
	       verifica_same(s->acuse.firmante, t->row->representante) &&
	       s->acuse.recibido == f->aceptada && f->aceptada <= f->acepta_antes;
}

static enum err check_accepted(const struct trato *t)
{
	struct firmado s;

	if (t->fechas.aceptada == 0) {
		check(t, t->row->acuse_aceptacion == NULL, FALLA_representacion_aceptacion);
		return OK;
	}
	enum err e = find_signed(t, t->row->acuse_aceptacion, ROUTE_ID_representante_aceptar, &s);

	if (e == OK && !is_acceptance(t, &s))
		e = ERR_NOT_FOUND;
	return verifica_must(t->v, &t->de, e, FALLA_representacion_aceptacion);
}

/* ---- its end ---- */

static bool is_end(const struct trato *t, const struct firmado *s)
{
	const struct m_representante_baja *m = s->message;
	const struct out_verifica_representaciones *row = t->row;

	return verifica_same(m->folio, row->folio) &&
	       verifica_same(s->acuse.firmante, row->termino_por) &&
	       (verifica_same(row->termino_por, row->titular) ||
		       verifica_same(row->termino_por, row->representante)) &&
	       s->acuse.recibido == row->termino;
}

static enum err check_ended(const struct trato *t)
{
	const struct out_verifica_representaciones *row = t->row;
	bool nobody = row->termino_por == NULL && row->acuse_baja == NULL;
	struct firmado s;

	/* The padrón told of it no more. */
	if (row->termino == 0 || (nobody && verifica_same(row->origen, "padron"))) {
		check(t, nobody, FALLA_representacion_baja);
		return OK;
	}
	enum err e = find_signed(t, row->acuse_baja, ROUTE_ID_representante_baja, &s);

	if (e == OK && !is_end(t, &s))
		e = ERR_NOT_FOUND;
	return verifica_must(t->v, &t->de, e, FALLA_representacion_baja);
}

/* ---- what it gives ---- */

/* How many menus it should let somebody into. */
static size_t given(const struct trato *t)
{
	const struct representacion_fechas *f = &t->fechas;
	bool never = (f->acepta_antes != 0 && f->aceptada == 0) ||
		     (f->termino != 0 && f->termino <= representaciones_desde(f));
	size_t count = 0;

	for (unsigned i = 0; !never && i < AMBITOS; i++)
		count += t->alcance.nivel[i] != NIVEL_NADA;
	return count;
}

static bool gives(const struct trato *t, const struct out_verifica_mandatos *m)
{
	const struct representacion_fechas *f = &t->fechas;
	enum ambito a = ambito_of(m->ambito);
	bool cut = f->termino != 0 && (f->hasta == 0 || f->termino <= f->hasta);

	return a < AMBITOS && m->nivel == (int64_t)t->alcance.nivel[a] &&
	       m->desde == representaciones_desde(f) &&
	       m->hasta == (cut ? f->termino - 1 : f->hasta);
}

/* Somebody ended or accepted it since its row was read: what was read behind it is not of it. */
static enum err moved(const struct trato *t, bool *ret)
{
	struct in_representacion in = {.folio = t->row->folio, .titular = t->row->titular};
	struct out_representacion now;
	enum err e = q_representacion(t->v->store, &in, t->arena, &now);

	if (e == OK) {
		struct representacion_fechas f = representaciones_fechas(&now);

		*ret = memcmp(&f, &t->fechas, sizeof(f)) != 0 ||
		       !verifica_same(now.permisos, t->row->permisos);
	}
	return e;
}

static enum err check_mandates(const struct trato *t)
{
	struct in_verifica_mandatos in = {.titular = t->row->titular,
		.representante = t->row->representante,
		.folio = t->row->folio};
	struct out_verifica_mandatos *rows;
	size_t count = 0;
	enum err e = q_verifica_mandatos_all(t->v->store, &in, MANDATOS, t->arena, &rows, &count);

	if (e != OK)
		return e;
	bool right = count == given(t);

	for (size_t i = 0; i < count; i++)
		right = right && gives(t, &rows[i]);
	bool since = false;

	if (!right)
		e = moved(t, &since);
	check(t, right || since || e != OK, FALLA_representacion_mandatos);
	return e;
}

/* ---- all of it ---- */

static enum err prove_read(const struct trato *t)
{
	bool here = verifica_same(t->row->origen, "buzon");
	enum err e = here ? check_registered(t) : check_padron(t);

	check(t, !here || !representaciones_dos_firmas(&t->alcance) || t->fechas.acepta_antes != 0,
		FALLA_representacion_dos_firmas);
	if (e == OK)
		e = check_accepted(t);
	if (e == OK)
		e = check_ended(t);
	return e == OK ? check_mandates(t) : e;
}

static enum err prove(struct verifica *v, const struct out_verifica_representaciones *row)
{
	ARENA(a, ROOM);
	const char *key = arena_printf(&a, "%s %s", row->titular, row->folio);
	struct trato t = {.v = v,
		.de = {.objeto = "representacion", .clave = key},
		.arena = &a,
		.row = row,
		.fechas = {.desde = row->desde,
			.hasta = row->hasta,
			.acepta_antes = row->acepta_antes,
			.aceptada = row->aceptada,
			.termino = row->termino}};

	if (key == NULL)
		return ERR_NO_MEMORY;
	enum err e = verifica_parte(v, &t.de, row->titular, row->parte, FALLA_representacion_parte);
	bool readable = representaciones_lee(row->permisos, &t.alcance);

	check(&t, readable, FALLA_representacion_permisos);
	return e == OK && readable ? prove_read(&t) : e;
}

enum err verifica_representacion_pagina(
	struct verifica *v, struct arena *a, struct verifica_llave *key, bool *ret_more)
{
	struct in_verifica_representaciones in = {.folio = key->text, .titular = key->second};
	struct out_verifica_representaciones *rows;
	size_t count = 0;
	enum err e = q_verifica_representaciones_all(v->store, &in, ROWS, a, &rows, &count);

	for (size_t i = 0; e == OK && i < count; i++) {
		e = prove(v, &rows[i]);
		key->text = rows[i].folio;
		key->second = rows[i].titular;
	}
	*ret_more = e == OK && count != 0;
	return e;
}

enum err verifica_mandato_pagina(
	struct verifica *v, struct arena *a, struct verifica_llave *key, bool *ret_more)
{
	struct in_verifica_pares in = {.titular = key->text, .representante = key->second};
	struct out_verifica_pares *rows;
	size_t count = 0;
	enum err e = q_verifica_pares_all(v->store, &in, PAIRS, a, &rows, &count);

	for (size_t i = 0; e == OK && i < count; i++) {
		const char *pair = arena_printf(a, "%s %s", rows[i].titular, rows[i].representante);
		const struct verifica_de de = {.objeto = "mandato", .clave = pair};

		if (pair == NULL)
			e = ERR_NO_MEMORY;
		else
			verifica_check(
				v, &de, rows[i].solos == 0, FALLA_mandato_sin_representacion);
		key->text = rows[i].titular;
		key->second = rows[i].representante;
	}
	*ret_more = e == OK && count != 0;
	return e;
}
