/* Contact media: the acuses of their registration, validation and baja, and what the row says. */
#include "core/verifica_paso.h"

#include "core/medio.h"
#include "ley/correo.h"
#include "net/codec.h"

#define ROWS 64
#define ROOM (4 * 1024 * 1024)

struct medio {
	struct verifica *v;
	struct verifica_de de;
	struct arena *arena;
	const struct out_verifica_medios *row;
	const char *para; /* for whom, as its acuses say it */
};

static void check(const struct medio *n, bool holds, enum verifica_falla f)
{
	verifica_check(n->v, &n->de, holds, f);
}

/* One of its acuses: how it is found, and what is said where it is not there or not its own. */
struct papel {
	const char *folio;
	const char *tipo; /* NULL: of a baja, the one that fits its motivo */
	int64_t instante;
	enum verifica_falla missing;
	enum verifica_falla wrong;
};

static bool names(const struct m_acuse *m, const char *label, const char *value)
{
	for (size_t i = 0; i < m->contenido_count; i++)
		if (verifica_same(m->contenido[i].etiqueta, label) &&
			verifica_same(m->contenido[i].valor, value))
			return true;
	return false;
}

/* A registration's own folio is the medium's; of what was replaced another's acuse tells. */
static bool is_of(const struct medio *n, const struct papel *p, const struct m_acuse *m)
{
	const struct out_verifica_medios *row = n->row;
	const char *mine = row->folio;

	if (m->recibido != p->instante)
		return false;
	if (p->tipo == NULL)
		return verifica_same(row->motivo, MEDIO_SUSTITUIDO)
			       ? names(m, MEDIO_ACUSE_SUSTITUIDO, mine)
			       : verifica_same(m->tipo, MEDIO_TIPO_BAJA) &&
					 names(m, MEDIO_ACUSE_FOLIO, mine);
	return verifica_same(m->tipo, p->tipo) && names(m, MEDIO_ACUSE_VALOR, row->valor) &&
	       names(m, MEDIO_ACUSE_PARA, n->para) &&
	       (verifica_same(m->folio, mine) || names(m, MEDIO_ACUSE_FOLIO, mine));
}

static enum err check_papel(const struct medio *n, const struct papel *p)
{
	struct in_acuse in = {.folio = p->folio, .titular = n->row->titular};
	struct out_acuse found;
	struct m_acuse m = {0};

	if (p->folio == NULL)
		return OK;
	enum err e = q_acuse(n->v->store, &in, n->arena, &found);

	if (e != OK)
		return verifica_must(n->v, &n->de, e, p->missing);
	e = codec_decode(n->arena, &message_acuse, CODEC_TOLERANT, found.json, &m, NULL);
	if (e == OK && !is_of(n, p, &m))
		e = ERR_BAD_FIELD;
	return verifica_must(n->v, &n->de, e, p->wrong);
}

static enum err check_papeles(const struct medio *n)
{
	const struct out_verifica_medios *row = n->row;
	const struct papel papeles[] = {
		{row->folio, MEDIO_TIPO_REGISTRO, row->registrado, FALLA_medio_sin_acuse,
			FALLA_medio_acuse},
		{row->acuse_validacion, MEDIO_TIPO_VALIDACION, row->validado,
			FALLA_medio_sin_acuse_validacion, FALLA_medio_acuse_validacion},
		{row->acuse_baja, NULL, row->baja, FALLA_medio_sin_acuse_baja,
			FALLA_medio_acuse_baja},
	};
	enum err e = OK;

	for (size_t i = 0; e == OK && i < COUNT_OF(papeles); i++)
		e = check_papel(n, &papeles[i]);
	return e;
}

static bool known_motivo(const char *motivo)
{
	return verifica_same(motivo, MEDIO_ELIMINADO) || verifica_same(motivo, MEDIO_SUSTITUIDO) ||
	       verifica_same(motivo, MEDIO_VENCIDO);
}

/* Instants and acuses belong together; what was validated was so in time, and never lapses. */
static void check_states(const struct medio *n)
{
	const struct out_verifica_medios *row = n->row;
	bool valid = row->validado != 0;
	bool ended = row->baja != 0;

	check(n,
		(row->acuse_validacion != NULL) == valid &&
			(!valid || (row->validado >= row->registrado &&
					   (row->vence == 0 || row->validado <= row->vence))),
		FALLA_medio_validado);
	check(n,
		(row->acuse_baja != NULL) == ended && (row->motivo != NULL) == ended &&
			(!ended || (row->baja >= row->registrado && known_motivo(row->motivo))) &&
			!(valid && verifica_same(row->motivo, MEDIO_VENCIDO)),
		FALLA_medio_baja);
}

/* By which two of the same are known: it is the value's. */
static enum err check_clave(const struct medio *n)
{
	const struct out_verifica_medios *row = n->row;
	struct correo c = {.valor = row->valor, .clave = row->valor};
	enum err e = OK;

	if (medio_es_correo(row->mecanismo))
		e = correo_read(n->arena, row->valor, &c);
	else if (!verifica_same(row->mecanismo, MEDIO_CELULAR) || !celular_valid(row->valor))
		e = ERR_BAD_FIELD;
	if (e == OK && !(verifica_same(c.valor, row->valor) && verifica_same(c.clave, row->clave)))
		e = ERR_BAD_FIELD;
	return verifica_must(n->v, &n->de, e, FALLA_medio_clave);
}

static enum err prove(struct verifica *v, const struct out_verifica_medios *row)
{
	ARENA(a, ROOM);
	const struct medio n = {.v = v,
		.de = {.objeto = "medio", .clave = row->folio},
		.arena = &a,
		.row = row,
		.para = medio_acuse_para(&a, row->titular, row->rp)};

	if (n.para == NULL)
		return ERR_NO_MEMORY;
	enum err e = verifica_parte(v, &n.de, row->titular, row->parte, FALLA_medio_parte);

	check_states(&n);
	if (e == OK)
		e = check_clave(&n);
	return e == OK ? check_papeles(&n) : e;
}

enum err verifica_medio_pagina(
	struct verifica *v, struct arena *a, struct verifica_llave *key, bool *ret_more)
{
	struct in_verifica_medios in = {.folio = key->text, .parte = key->number};
	struct out_verifica_medios *rows;
	size_t count = 0;
	enum err e = q_verifica_medios_all(v->store, &in, ROWS, a, &rows, &count);

	for (size_t i = 0; e == OK && i < count; i++) {
		e = prove(v, &rows[i]);
		key->text = rows[i].folio;
		key->number = rows[i].parte;
	}
	*ret_more = e == OK && count != 0;
	return e;
}
