/* Notifications: the document, who signed it, and the acuse of its opening. */
#include "core/verifica_oficio.h"

#include "core/acuse_make.h"
#include "net/codec.h"

#define ROWS 64
#define ARCHIVOS 500
#define ROOM (4 * 1024 * 1024)

struct aviso {
	struct verifica *v;
	struct verifica_de de;
	struct arena *arena;
	const struct out_verifica_notificaciones *row;
};

static void check(const struct aviso *n, bool holds, enum verifica_falla f)
{
	verifica_check(n->v, &n->de, holds, f);
}

/* ---- the document ---- */

static enum err check_document(const struct aviso *n)
{
	const struct verifica_papel p = {
		.folio = n->row->folio, .dueno = n->row->titular, .titular = n->row->titular};
	struct verifica_leido d = {0};
	struct documento says = {0};
	enum err e = verifica_documento(n->v, &n->de, n->arena, &p, &d);

	if (e != OK || d.sha256 == NULL)
		return e;
	check(n, verifica_same(d.sha256, n->row->archivo), FALLA_notificacion_huella);
	e = documento_parse(n->arena, d.first.cadena, &says);
	if (e == OK && !verifica_same(says.oficio, n->row->oficio))
		e = ERR_BAD_FIELD;
	return verifica_must(n->v, &n->de, e, FALLA_notificacion_oficio);
}

/* ---- its opening ---- */

/* It names this folio and no other: so no two notifications can have one acuse. */
bool verifica_acuse_es_de(const struct m_acuse *m, const struct out_verifica_notificaciones *row)
{
	return verifica_same(verifica_unico(m, ACUSE_FOLIO_DEL_AVISO), row->folio) &&
	       verifica_same(verifica_unico(m, ACUSE_OFICIO), row->oficio) &&
	       verifica_same(verifica_unico(m, ACUSE_DOCUMENTO), row->documento) &&
	       verifica_same(verifica_unico(m, ACUSE_SHA256_DEL_DOCUMENTO), row->archivo);
}

static bool is_of(const struct aviso *n, const struct m_acuse *m)
{
	return verifica_acuse_es_de(m, n->row) && m->recibido == n->row->abierta &&
	       m->legal == n->row->notificada;
}

static enum err check_opening(const struct aviso *n)
{
	const struct out_verifica_notificaciones *row = n->row;
	struct in_acuse in = {.folio = row->acuse, .titular = row->titular};
	struct out_acuse found;
	struct m_acuse m = {0};
	bool opened = row->abierta != 0;

	check(n, (row->notificada != 0) == opened && (row->acuse != NULL) == opened,
		FALLA_notificacion_abierta);
	if (row->acuse == NULL)
		return OK;
	enum err e = q_acuse(n->v->store, &in, n->arena, &found);

	if (e != OK)
		return verifica_must(n->v, &n->de, e, FALLA_notificacion_sin_acuse);
	e = codec_decode(n->arena, &message_acuse, CODEC_TOLERANT, found.json, &m, NULL);
	if (e == OK && !is_of(n, &m))
		e = ERR_BAD_FIELD;
	return verifica_must(n->v, &n->de, e, FALLA_notificacion_acuse);
}

static enum err prove(struct verifica *v, const struct out_verifica_notificaciones *row)
{
	ARENA(a, ROOM);
	const struct aviso n = {.v = v,
		.de = {.objeto = "notificacion", .clave = row->folio},
		.arena = &a,
		.row = row};
	enum err e = verifica_parte(v, &n.de, row->titular, row->parte, FALLA_notificacion_parte);

	if (e == OK)
		e = check_document(&n);
	if (e == OK)
		e = verifica_emision(v, &n.de, &a, row);
	if (e == OK)
		e = verifica_aviso(v, &n.de, &a, row);
	if (e != OK)
		return e;
	if (verifica_decidida(row))
		return verifica_decision(v, &n.de, &a, row);
	return row->forma == NULL ? check_opening(&n) : OK;
}

enum err verifica_notificacion_pagina(
	struct verifica *v, struct arena *a, struct verifica_llave *key, bool *ret_more)
{
	struct in_verifica_notificaciones in = {.folio = key->text, .parte = key->number};
	struct out_verifica_notificaciones *rows;
	size_t count = 0;
	enum err e = q_verifica_notificaciones_all(v->store, &in, ROWS, a, &rows, &count);

	for (size_t i = 0; e == OK && i < count; i++) {
		e = prove(v, &rows[i]);
		v->cuenta.notificaciones++;
		key->text = rows[i].folio;
		key->number = rows[i].parte;
	}
	*ret_more = e == OK && count != 0;
	return e;
}

/* A document that is found with its notification was read with it: its part is the right one. */
enum err verifica_archivo_pagina(
	struct verifica *v, struct arena *a, struct verifica_llave *key, bool *ret_more)
{
	struct in_verifica_archivos in = {.folio = key->text, .parte = key->number};
	struct out_verifica_archivos *rows;
	size_t count = 0;
	enum err e = q_verifica_archivos_all(v->store, &in, ARCHIVOS, a, &rows, &count);

	for (size_t i = 0; e == OK && i < count; i++) {
		const struct verifica_de de = {.objeto = "archivo", .clave = rows[i].folio};

		verifica_check(v, &de, rows[i].notificada != 0, FALLA_archivo_sin_notificacion);
		key->text = rows[i].folio;
		key->number = rows[i].parte;
	}
	*ret_more = e == OK && count != 0;
	return e;
}
