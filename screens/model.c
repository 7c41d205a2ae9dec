#include "screens/model.h"

#include <stdio.h>
#include <stdlib.h>
#include "net/codec.h"
#include "screens/copia.h"

#define SMALL ((size_t)4 << 20)
#define LARGE ((size_t)24 << 20)

void model_init(struct model *m)
{
	*m = (struct model){0};
	arena_init(&m->entrado_arena, SMALL);
	arena_init(&m->calendario_arena, SMALL);
	tabla_init(&m->tabla);
	for (size_t i = 0; i < MODEL_PAPERS; i++) {
		arena_init(&m->acuses[i].arena, SMALL);
		arena_init(&m->documentos[i].arena, LARGE);
	}
}

void model_free(struct model *m)
{
	arena_free(&m->entrado_arena);
	arena_free(&m->calendario_arena);
	tabla_free(&m->tabla);
	for (size_t i = 0; i < MODEL_PAPERS; i++) {
		arena_free(&m->acuses[i].arena);
		arena_free(&m->documentos[i].arena);
	}
}

static enum err take_entrado(struct model *m, const struct m_entrado *e)
{
	struct arena fresh;
	struct m_entrado copy;

	arena_init(&fresh, SMALL);
	enum err err = copia(&fresh, &message_entrado, e, &copy);

	if (err != OK) {
		arena_free(&fresh);
		return err;
	}
	arena_free(&m->entrado_arena);
	m->entrado_arena = fresh;
	m->e = copy;
	m->entrado = true;
	return OK;
}

static int by_day(const void *a, const void *b)
{
	int32_t x = ((const struct inhabil *)a)->dia;
	int32_t y = ((const struct inhabil *)b)->dia;

	return (x > y) - (x < y);
}

static enum err make_calendario(
	struct arena *a, const struct m_calendario *c, struct calendario *ret)
{
	struct calendario made = {0};
	struct inhabil *rows = arena_array(a, c->inhabiles_count + 1, sizeof(*rows));

	if (rows == NULL)
		return ERR_NO_MEMORY;
	if (fecha_parse(c->desde, &made.desde) != OK || fecha_parse(c->hasta, &made.hasta) != OK ||
		made.hasta < made.desde)
		return ERR_BAD_ANSWER;
	for (size_t i = 0; i < c->inhabiles_count; i++) {
		rows[i].motivo = arena_strdup(a, c->inhabiles[i].motivo);
		if (rows[i].motivo == NULL)
			return ERR_NO_MEMORY;
		if (fecha_parse(c->inhabiles[i].fecha, &rows[i].dia) != OK)
			return ERR_BAD_ANSWER;
	}
	qsort(rows, c->inhabiles_count, sizeof(*rows), by_day);
	for (size_t i = 1; i < c->inhabiles_count; i++)
		if (rows[i].dia == rows[i - 1].dia)
			return ERR_BAD_ANSWER;
	made.rows = rows;
	made.count = c->inhabiles_count;
	*ret = made;
	return OK;
}

static enum err take_calendario(struct model *m, const struct m_calendario *c)
{
	struct arena fresh;
	struct calendario made;

	arena_init(&fresh, SMALL);
	enum err err = make_calendario(&fresh, c, &made);

	if (err != OK) {
		arena_free(&fresh);
		return err;
	}
	arena_free(&m->calendario_arena);
	m->calendario_arena = fresh;
	m->calendario = made;
	tabla_dirty(&m->tabla);
	return OK;
}

static enum err take_sincronizado(struct model *m, const struct m_sincronizado *s)
{
	enum err err = s->calendario != NULL ? take_calendario(m, s->calendario) : OK;

	for (size_t i = 0; err == OK && i < s->notificaciones_count; i++)
		err = tabla_put(&m->tabla, &s->notificaciones[i]);
	if (err != OK)
		return err;
	(void)snprintf(m->cursor, sizeof(m->cursor), "%s", s->cursor);
	m->mas = s->mas;
	return OK;
}

/* Where an acuse of this folio goes: its own place, else the one used longest ago. */
static struct model_acuse *acuse_slot(struct model *m, const char *folio)
{
	struct model_acuse *slot = model_acuse(m, folio);

	for (size_t i = 0; i < MODEL_PAPERS && slot == NULL; i++)
		if (m->acuses[i].used == 0)
			slot = &m->acuses[i];
	if (slot != NULL)
		return slot;
	slot = &m->acuses[0];
	for (size_t i = 1; i < MODEL_PAPERS; i++)
		if (m->acuses[i].used < slot->used)
			slot = &m->acuses[i];
	return slot;
}

static enum err take_acuse(struct model *m, const struct m_acuse *from, struct bytes json)
{
	struct model_acuse *slot = acuse_slot(m, from->folio);
	struct model_acuse made = {0};

	arena_init(&made.arena, SMALL);
	enum err err = copia(&made.arena, &message_acuse, from, &made.m);
	const void *text =
		arena_copy(&made.arena, json.size > 0 ? json.data : (const void *)"", json.size);

	if (err == OK && text == NULL)
		err = ERR_NO_MEMORY;
	if (err != OK) {
		arena_free(&made.arena);
		return err;
	}
	made.json = bytes_of(text, json.size);
	made.used = ++m->uses;
	(void)snprintf(made.folio, sizeof(made.folio), "%s", from->folio);
	arena_free(&slot->arena);
	*slot = made;
	memcpy(m->ultimo_acuse, made.folio, sizeof(made.folio));
	return OK;
}

/*
 * What an acuse of opening says of its notification is known before any synchronisation brings it.
 * Where it can't be taken that one does.
 */
static void take_opening(struct model *m, const struct m_acuse *acuse)
{
	ARENA(a, SMALL);
	struct m_notificacion_abrir rq;
	const struct tabla_row *row = NULL;

	if (codec_decode(&a, &message_notificacion_abrir, CODEC_TOLERANT, acuse->cuerpo, &rq,
		    NULL) == OK)
		row = tabla_find(&m->tabla, rq.folio);
	if (row == NULL || row->m.abierta != 0)
		return;
	struct m_notificacion opened = row->m;

	opened.abierta = acuse->recibido;
	opened.notificada = acuse->legal;
	opened.acuse = acuse->folio;
	(void)!tabla_put(&m->tabla, &opened);
}

/* An empty place for a document, or the one used longest ago. */
static struct model_documento *documento_slot(struct model *m)
{
	struct model_documento *slot = &m->documentos[0];

	for (size_t i = 1; i < MODEL_PAPERS; i++)
		if (m->documentos[i].used < slot->used)
			slot = &m->documentos[i];
	return slot;
}

static enum err begin_documento(
	struct model *m, const struct m_documento *part, struct model_documento **ret)
{
	struct model_documento *slot = documento_slot(m);
	struct model_documento made = {0};

	arena_init(&made.arena, LARGE);
	enum err err = copia(&made.arena, &message_documento, part, &made.m);

	made.datos = arena_alloc(&made.arena, (size_t)part->total + 1);
	if (err == OK && made.datos == NULL)
		err = ERR_NO_MEMORY;
	if (err != OK) {
		arena_free(&made.arena);
		return err;
	}
	(void)snprintf(made.folio, sizeof(made.folio), "%s", part->folio);
	arena_free(&slot->arena);
	*slot = made;
	*ret = slot;
	return OK;
}

static enum err take_documento(struct model *m, const struct m_documento *part)
{
	struct model_documento *d = model_documento(m, part->folio);
	enum err err = OK;

	if (d == NULL || (d->recibido > 0 && strcmp(d->m.sha256, part->sha256) != 0))
		err = part->desde == 0 ? begin_documento(m, part, &d) : ERR_BAD_ANSWER;
	if (err != OK)
		return err;
	if (model_documento_whole(d))
		return OK;
	if (part->desde != d->recibido || part->total != d->m.total ||
		part->datos.size > (size_t)(d->m.total - d->recibido) ||
		(part->datos.size == 0 && part->total > 0))
		return ERR_BAD_ANSWER;
	if (part->datos.size > 0)
		memcpy(d->datos + d->recibido, part->datos.data, part->datos.size);
	d->recibido += (int64_t)part->datos.size;
	d->used = ++m->uses;
	d->m.datos = bytes_of(d->datos, (size_t)d->recibido);
	return OK;
}

enum err model_arrived(struct model *m, enum route route, const void *answer, struct bytes json)
{
	enum err err;

	switch (route) {
	case ROUTE_ID_entrar:
		return take_entrado(m, answer);
	case ROUTE_ID_sincronizar:
		return take_sincronizado(m, answer);
	case ROUTE_ID_notificacion_abrir:
		err = take_acuse(m, answer, json);
		if (err == OK)
			take_opening(m, answer);
		return err;
	case ROUTE_ID_acuse:
		return take_acuse(m, answer, json);
	case ROUTE_ID_documento:
		return take_documento(m, answer);
	default:
		return ERR_NO_ROUTE;
	}
}

void model_line(struct model *m, enum err err, int64_t now)
{
	if (err == OK) {
		m->linea = (struct model_linea){.sincronizado = now};
		return;
	}
	if (m->linea.desde == 0)
		m->linea.desde = now;
	m->linea.err = err;
}

struct model_acuse *model_acuse(struct model *m, const char *folio)
{
	for (size_t i = 0; i < MODEL_PAPERS; i++)
		if (folio[0] != '\0' && strcmp(m->acuses[i].folio, folio) == 0)
			return &m->acuses[i];
	return NULL;
}

struct model_documento *model_documento(struct model *m, const char *folio)
{
	for (size_t i = 0; i < MODEL_PAPERS; i++)
		if (folio[0] != '\0' && strcmp(m->documentos[i].folio, folio) == 0)
			return &m->documentos[i];
	return NULL;
}

const struct model_acto *model_acto(const struct model *m, const char *folio)
{
	for (size_t i = 0; i < m->acto_count; i++)
		if (m->actos[i].err == OK && strcmp(m->actos[i].folio, folio) == 0)
			return &m->actos[i];
	return NULL;
}

bool model_documento_whole(const struct model_documento *d)
{
	return d->datos != NULL && d->used > 0 && d->recibido == d->m.total;
}

const struct calendario *model_calendario(const struct model *m)
{
	return m->calendario.hasta > 0 ? &m->calendario : NULL;
}

const struct zona *model_domicilio(const struct model *m)
{
	const struct zona *z = m->entrado ? zona_find(m->e.zona) : NULL;

	return z == zona_centro() ? NULL : z;
}

static const char *clock_text(struct arena *a, int64_t instant)
{
	int s = zona_civil(zona_centro(), instant).ms / 1000;

	return arena_printf(a, "%02d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
}

/* The cause, short enough for the last line; the whole sentence stands on Inicio. */
static const char *cause(enum err err)
{
	switch (err) {
	case ERR_NETWORK:
		return "Sin conexión";
	case ERR_TIMEOUT:
		return "El servidor no contesta";
	case ERR_TLS:
		return "Servidor sin identidad comprobada (TLS)";
	case ERR_UNKNOWN_KEY:
		return "Sesión de lectura terminada (B: entrar de nuevo)";
	default:
		return "Sin sincronizar";
	}
}

const char *model_estado(struct arena *a, const struct model *m, int64_t now)
{
	const char *acts = "";
	const char *day = "";

	if (m->por_enviar > 0)
		acts = arena_printf(a, " · %zu %s por enviar", m->por_enviar,
			m->por_enviar == 1 ? "acto" : "actos");
	if (m->linea.desde != 0 && now - m->linea.desde >= INT64_C(86400000))
		day = fecha_text(a, zona_civil(zona_centro(), m->linea.desde).dia, FECHA_LISTA);
	if (acts == NULL || day == NULL)
		return NULL;
	if (m->linea.desde != 0) {
		const char *since = clock_text(a, m->linea.desde);

		return since == NULL ? NULL
				     : arena_printf(a, "! %s desde %s%s%s%s", cause(m->linea.err),
					       day, day[0] != '\0' ? " " : "", since, acts);
	}
	if (m->linea.sincronizado == 0)
		return arena_printf(a, "%s%s", m->entrado ? "Sincronizando…" : "Sin entrar", acts);
	const char *at = clock_text(a, m->linea.sincronizado);

	return at == NULL ? NULL : arena_printf(a, "Sincronizado %s%s", at, acts);
}
