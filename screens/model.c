#include "screens/model.h"

#include <stdio.h>
#include <stdlib.h>
#include "crypto/sha.h"
#include "net/codec.h"
#include "screens/copia.h"
#include "screens/inhabiles.h"
#include "screens/local.h"

#define SMALL ((size_t)4 << 20)
#define LARGE ((size_t)24 << 20)

void model_init(struct model *m)
{
	*m = (struct model){0};
	arena_init(&m->entrado_arena, SMALL);
	arena_init(&m->calendario_arena, SMALL);
	arena_init(&m->cuenta_arena, SMALL);
	arena_init(&m->catalogo_arena, SMALL);
	arena_init(&m->historia.arena, SMALL);
	arena_init(&m->terminos.arena, SMALL);
	arena_init(&m->privacidad.arena, SMALL);
	tabla_init(&m->tabla);
	tabla_init(&m->lista);
	cartelera_init(&m->comunicados, CARTELERA_COMUNICADOS);
	cartelera_init(&m->documentos_publicados, CARTELERA_DOCUMENTOS);
	for (size_t i = 0; i < MODEL_PAPERS; i++) {
		arena_init(&m->acuses[i].arena, SMALL);
		arena_init(&m->documentos[i].arena, LARGE);
	}
}

void model_free(struct model *m)
{
	arena_free(&m->entrado_arena);
	arena_free(&m->calendario_arena);
	arena_free(&m->cuenta_arena);
	arena_free(&m->catalogo_arena);
	arena_free(&m->historia.arena);
	arena_free(&m->terminos.arena);
	arena_free(&m->privacidad.arena);
	tabla_free(&m->tabla);
	tabla_free(&m->lista);
	cartelera_free(&m->comunicados);
	cartelera_free(&m->documentos_publicados);
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

/* ---- the copy ---- */

static enum err read_entrado(struct model *m)
{
	ARENA(a, SMALL);
	struct m_entrado e;
	enum err err = local_entrado(m->local, &a, &e);

	return err == OK ? take_entrado(m, &e) : err;
}

static enum err read_calendario(struct model *m)
{
	struct arena fresh;
	struct m_calendario whole;
	struct calendario made;

	arena_init(&fresh, SMALL);
	enum err err = local_publicado(m->local, &fresh, &whole);

	if (err == OK && inhabiles_make(&fresh, &whole, &made) != OK)
		err = ERR_BAD_CACHE;
	if (err != OK) {
		arena_free(&fresh);
		return err;
	}
	arena_free(&m->calendario_arena);
	m->calendario_arena = fresh;
	m->calendario = made;
	m->publicado = whole;
	return OK;
}

static enum err read_cuenta(struct model *m)
{
	struct arena fresh;
	struct m_cuenta *made;

	arena_init(&fresh, SMALL);
	made = arena_zalloc(&fresh, sizeof(*made));
	enum err err = made == NULL ? ERR_NO_MEMORY : local_cuenta(m->local, &fresh, made);

	if (err != OK) {
		arena_free(&fresh);
		return err;
	}
	arena_free(&m->cuenta_arena);
	m->cuenta_arena = fresh;
	m->cuenta = made;
	return OK;
}

static enum err read_catalogo(struct model *m)
{
	struct arena fresh;
	struct m_catalogo *made;

	arena_init(&fresh, SMALL);
	made = arena_zalloc(&fresh, sizeof(*made));
	enum err err = made == NULL ? ERR_NO_MEMORY : local_catalogo(m->local, &fresh, made);

	if (err != OK) {
		arena_free(&fresh);
		return err;
	}
	arena_free(&m->catalogo_arena);
	m->catalogo_arena = fresh;
	m->catalogo = made;
	return OK;
}

/* What was never taken is nothing to say. */
static void noted(struct model *m, enum err err)
{
	if (err != OK && err != ERR_NOT_FOUND)
		m->tabla.err = err;
}

void model_refresh(struct model *m)
{
	tabla_changed(&m->tabla);
	tabla_changed(&m->lista);
	cartelera_changed(&m->comunicados);
	cartelera_changed(&m->documentos_publicados);
	if (m->local == NULL)
		return;
	noted(m, local_cursor(m->local, m->cursor, &m->mas));
	noted(m, local_recibido(m->local, &m->recibido));
	noted(m, read_calendario(m));
	noted(m, read_cuenta(m));
	noted(m, read_catalogo(m));
}

void model_attach(struct model *m, struct local *reader)
{
	m->local = reader;
	tabla_attach(&m->tabla, reader);
	tabla_attach(&m->lista, reader);
	cartelera_attach(&m->comunicados, reader);
	cartelera_attach(&m->documentos_publicados, reader);
	model_refresh(m);
	if (reader != NULL)
		noted(m, read_entrado(m));
}

/* ---- papers ---- */

static struct model_acuse *kept_acuse(struct model *m, const char *folio)
{
	for (size_t i = 0; i < MODEL_PAPERS; i++)
		if (folio[0] != '\0' && strcmp(m->acuses[i].folio, folio) == 0)
			return &m->acuses[i];
	return NULL;
}

/* Where an acuse of this folio goes: its own place, else the one used longest ago. */
static struct model_acuse *acuse_slot(struct model *m, const char *folio)
{
	struct model_acuse *slot = kept_acuse(m, folio);

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
	return OK;
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
	d->parte = (int64_t)part->datos.size;
	d->used = ++m->uses;
	d->m.datos = bytes_of(d->datos, (size_t)d->recibido);
	return OK;
}

/* What is signed is the hash of these bytes: a text that has another one is none. */
static enum err take_texto(struct model *m, const struct m_texto *from)
{
	struct model_texto *slot =
		strcmp(from->cual, MODEL_TERMINOS) == 0 ? &m->terminos : &m->privacidad;
	struct model_texto made = {.hay = true};
	const char *sha256 = NULL;

	arena_init(&made.arena, SMALL);
	enum err err = copia(&made.arena, &message_texto, from, &made.m);

	if (err == OK)
		err = sha256_hex(&made.arena, made.m.texto, &sha256);
	if (err == OK &&
		(strcmp(sha256, made.m.sha256) != 0 ||
			(slot == &m->privacidad && strcmp(from->cual, MODEL_PRIVACIDAD) != 0)))
		err = ERR_BAD_ANSWER;
	if (err != OK) {
		arena_free(&made.arena);
		return err;
	}
	arena_free(&slot->arena);
	*slot = made;
	return OK;
}

static enum err take_historia(struct model *m, const struct m_historia *from)
{
	struct model_historia made = {0};

	arena_init(&made.arena, SMALL);
	enum err err = copia(&made.arena, &message_historia, from, &made.m);

	if (err != OK) {
		arena_free(&made.arena);
		return err;
	}
	(void)snprintf(made.folio, sizeof(made.folio), "%s", from->folio);
	arena_free(&m->historia.arena);
	m->historia = made;
	return OK;
}

enum err model_arrived(struct model *m, enum route route, const void *answer, struct bytes json)
{
	const struct route_row *row = route_row(route);

	if (row == NULL)
		return ERR_NO_ROUTE;
	if (row->answer == &message_acuse) {
		const struct m_acuse *acuse = answer;
		enum err err = take_acuse(m, acuse, json);

		if (err == OK)
			(void)snprintf(
				m->ultimo_acuse, sizeof(m->ultimo_acuse), "%s", acuse->folio);
		m->activado = m->activado || (err == OK && route == ROUTE_ID_activar);
		return err;
	}
	switch (route) {
	case ROUTE_ID_entrar:
		return take_entrado(m, answer);
	case ROUTE_ID_documento:
		return take_documento(m, answer);
	case ROUTE_ID_texto:
		return take_texto(m, answer);
	case ROUTE_ID_historia:
		return take_historia(m, answer);
	case ROUTE_ID_medio_reenviar:
		m->reenviado = *(const struct m_medio_reenviado *)answer;
		m->reenviado.folio = NULL;
		return OK;
	default:
		return OK;
	}
}

void model_line(struct model *m, enum err err, int64_t now)
{
	struct model_linea *l = &m->linea;

	l->reintento = 0;
	l->err = err;
	if (err == OK) {
		l->sincronizado = now;
		l->desde = 0;
	} else if (l->desde == 0) {
		l->desde = now;
	}
}

struct model_acuse *model_acuse(struct model *m, const char *folio)
{
	ARENA(a, SMALL);
	struct model_acuse *known = kept_acuse(m, folio);
	struct m_acuse acuse;
	struct bytes json;

	if (known != NULL || m->local == NULL || folio[0] == '\0')
		return known;
	enum err err = local_acuse(m->local, &a, folio, &acuse, &json);

	if (err == OK)
		err = take_acuse(m, &acuse, json);
	noted(m, err);
	return kept_acuse(m, folio);
}

struct model_documento *model_documento(struct model *m, const char *folio)
{
	for (size_t i = 0; i < MODEL_PAPERS; i++)
		if (folio[0] != '\0' && strcmp(m->documentos[i].folio, folio) == 0)
			return &m->documentos[i];
	return NULL;
}

const struct m_historia *model_historia(struct model *m, const char *folio)
{
	ARENA(a, SMALL);
	struct m_historia kept;

	if (strcmp(m->historia.folio, folio) == 0)
		return &m->historia.m;
	if (m->local == NULL || folio[0] == '\0')
		return NULL;
	enum err err = local_historia(m->local, &a, folio, &kept);

	if (err == OK)
		err = take_historia(m, &kept);
	noted(m, err);
	return err == OK ? &m->historia.m : NULL;
}

const struct model_acto *model_acto(const struct model *m, enum route route, const char *clave)
{
	for (size_t i = 0; i < m->acto_count; i++)
		if (m->actos[i].err == OK && m->actos[i].route == route &&
			strcmp(m->actos[i].clave, clave) == 0)
			return &m->actos[i];
	return NULL;
}

const struct model_acto *model_rechazo(
	const struct model *m, enum route route, const char *clave, int64_t since)
{
	const struct model_acto *last = NULL;

	for (size_t i = 0; i < m->acto_count; i++) {
		const struct model_acto *acto = &m->actos[i];

		if (acto->err != OK && acto->route == route && acto->cuando >= since &&
			strcmp(acto->clave, clave) == 0 &&
			(last == NULL || acto->cuando >= last->cuando))
			last = acto;
	}
	return last;
}

bool model_representa(const struct model *m)
{
	return m->perfil.calidad != NULL && strcmp(m->perfil.calidad, "representante") == 0;
}

enum nivel model_nivel(const struct model *m, enum ambito ambito)
{
	const struct m_cuenta *c = m->cuenta;

	if (!model_representa(m) || c == NULL)
		return NIVEL_FIRMAR;
	for (size_t i = 0; i < c->permisos_count; i++)
		if (ambito_of(c->permisos[i].ambito) == ambito)
			return nivel_of(c->permisos[i].nivel);
	return NIVEL_NADA;
}

bool model_habilitado(const struct model *m)
{
	if (m->activado)
		return true;
	return m->cuenta != NULL ? m->cuenta->habilitado != 0 : m->entrado && m->e.habilitado;
}

const struct m_medio *model_medio(const struct model *m, const char *folio)
{
	for (size_t i = 0; m->cuenta != NULL && i < m->cuenta->medios_count; i++)
		if (strcmp(m->cuenta->medios[i].folio, folio) == 0)
			return &m->cuenta->medios[i];
	return NULL;
}

const struct m_texto *model_texto(const struct model *m, const char *cual)
{
	bool terms = strcmp(cual, MODEL_TERMINOS) == 0;
	const struct model_texto *t = terms ? &m->terminos : &m->privacidad;
	const struct m_cuenta *c = m->cuenta;

	if (c == NULL || !t->hay ||
		strcmp(t->m.version, terms ? c->terminos : c->privacidad) != 0 ||
		strcmp(t->m.sha256, terms ? c->terminos_sha256 : c->privacidad_sha256) != 0)
		return NULL;
	return &t->m;
}

const char *model_borrador(const struct model *m, struct arena *a, const char *clave)
{
	struct bytes kept = {0};

	if (m->borrador.clave != NULL && strcmp(m->borrador.clave, clave) == 0)
		return arena_strdup(a, m->borrador.texto);
	if (m->local == NULL || local_get(m->local, a, clave, &kept) != OK)
		return "";
	return arena_copy(a, kept.data, kept.size);
}

bool model_documento_whole(const struct model_documento *d)
{
	return d->datos != NULL && d->used > 0 && d->recibido == d->m.total;
}

const struct calendario *model_calendario(const struct model *m)
{
	return m->calendario.hasta > 0 ? &m->calendario : NULL;
}

enum err model_calendario_de(const struct model *m, struct arena *a, const struct m_notificacion *n,
	struct calendario *ret)
{
	const struct calendario *c = model_calendario(m);

	if (c == NULL)
		return ERR_HORIZON;
	return calendario_para(
		a, c, m->cuenta != NULL ? m->cuenta->estado : NULL, n->subdelegacion, ret);
}

const struct m_tipo_acto *model_tipo(const struct model *m, const char *clave)
{
	for (size_t i = 0; m->catalogo != NULL && i < m->catalogo->tipos_count; i++)
		if (strcmp(m->catalogo->tipos[i].clave, clave) == 0)
			return &m->catalogo->tipos[i];
	return NULL;
}

const struct zona *model_domicilio(const struct model *m)
{
	const struct zona *z = m->entrado ? zona_find(m->e.zona) : NULL;

	return z == zona_centro() ? NULL : z;
}
