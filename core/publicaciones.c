#include "core/publicaciones.h"

#include <inttypes.h>
#include <stdio.h>
#include "core/store/store.h"

/* Of each kind in one answer; queries.def has the same number. A text may be 8 KB long. */
#define PAGE 20

/* The lock of whoever publishes; no RFC is called so. */
#define TURNO "publicaciones"

enum { CLASE_COMUNICADO = 1, CLASE_DOCUMENTO = 2 };

enum err publicaciones_poner(struct env *env, const struct in_publicacion_poner *p,
	const struct m_destinatario *para, size_t count)
{
	enum err e = store_lock(env->store, TURNO);

	for (size_t i = 0; e == OK && i < count; i++) {
		struct in_publicacion_poner in = *p;

		in.titular = para[i].rfc;
		in.rp = para[i].rp;
		e = store_change(env->store, QUERY_publicacion_poner, &in);
		if (env->news != NULL)
			novedades_add(env->news, NOVEDAD_TITULAR, in.titular);
	}
	return e;
}

bool publicaciones_read_cursor(const char *text, struct publicaciones_cursor *ret)
{
	int end = 0;

	*ret = (struct publicaciones_cursor){0};
	if (text[0] == '\0')
		return true;
	return sscanf(text, "-%15" SCNd64 ".%15" SCNd64 ".%2u%n", &ret->propias, &ret->todos,
		       &ret->clases, &end) == 3 &&
	       text[end] == '\0' && ret->propias >= 0 && ret->todos >= 0;
}

const char *publicaciones_write_cursor(struct arena *a, const struct publicaciones_cursor *c)
{
	return arena_printf(a, "-%" PRId64 ".%" PRId64 ".%u", c->propias, c->todos, c->clases);
}

static unsigned clases_vistas(const struct env *env)
{
	unsigned seen = 0;

	if (env->habilitado == 0)
		return 0;
	if (alcance_en(&env->alcance, AMBITO_COMUNICADOS) >= NIVEL_LEER)
		seen |= CLASE_COMUNICADO;
	if (alcance_en(&env->alcance, AMBITO_DOCUMENTOS) >= NIVEL_LEER)
		seen |= CLASE_DOCUMENTO;
	return seen;
}

static struct in_publicaciones_desde rows_since(const char *titular, int64_t seq, unsigned clases)
{
	return (struct in_publicaciones_desde){.titular = titular,
		.seq = seq,
		.comunicado = (clases & CLASE_COMUNICADO) != 0 ? PUBLICACION_COMUNICADO : "",
		.documento = (clases & CLASE_DOCUMENTO) != 0 ? PUBLICACION_DOCUMENTO : ""};
}

/* Who sees other menus than before begins anew: what lies behind the cursor was never told. */
static struct publicaciones_cursor from(const struct publicaciones_cursor *had, unsigned clases)
{
	return had->clases == clases ? *had : (struct publicaciones_cursor){.clases = clases};
}

enum err publicaciones_ahead(struct env *env, const struct publicaciones_cursor *had)
{
	struct in_publicaciones_desde own = rows_since(env->titular, had->propias, had->clases);
	struct in_publicaciones_desde all = rows_since(PUBLICACION_TODOS, had->todos, had->clases);
	enum err e =
		had->clases != 0 ? store_ahead(env->store, QUERY_publicaciones_desde, &own) : OK;

	return e == OK && had->clases != 0
		       ? store_ahead(env->store, QUERY_publicaciones_desde, &all)
		       : e;
}

static struct m_publicacion shown(const struct out_publicaciones_desde *row, bool todos)
{
	return (struct m_publicacion){.folio = row->folio,
		.clase = row->clase,
		.tipo = row->tipo,
		.titulo = row->titulo,
		.texto = row->texto,
		.rp = row->rp,
		.funcionario = row->funcionario,
		.publicada = row->publicada,
		.bytes = row->bytes,
		.sha256 = row->sha256,
		.todos = todos};
}

/* A page of one titular's; *seq goes on to its last row. */
static enum err add(struct env *env, const char *titular, int64_t *seq, unsigned clases,
	struct m_sincronizado *ret)
{
	struct in_publicaciones_desde in = rows_since(titular, *seq, clases);
	struct out_publicaciones_desde *rows = NULL;
	size_t count = 0;
	enum err e = q_publicaciones_desde_all(env->store, &in, PAGE, env->arena, &rows, &count);

	for (size_t i = 0; e == OK && i < count; i++) {
		ret->publicaciones[ret->publicaciones_count++] =
			shown(&rows[i], strcmp(titular, PUBLICACION_TODOS) == 0);
		*seq = rows[i].seq;
	}
	ret->mas = ret->mas || count == PAGE;
	return e;
}

enum err publicaciones_desde(struct env *env, const struct publicaciones_cursor *had,
	struct m_sincronizado *ret, struct publicaciones_cursor *ret_next)
{
	unsigned clases = clases_vistas(env);
	struct publicaciones_cursor next = from(had, clases);
	enum err e = OK;

	if (clases != 0) {
		ret->publicaciones =
			arena_array(env->arena, (size_t)2 * PAGE, sizeof(*ret->publicaciones));
		if (ret->publicaciones == NULL)
			return ERR_NO_MEMORY;
		e = add(env, env->titular, &next.propias, clases, ret);
		if (e == OK)
			e = add(env, PUBLICACION_TODOS, &next.todos, clases, ret);
	}
	if (e == OK)
		*ret_next = next;
	return e;
}

enum err publicaciones_archivo(
	struct env *env, const char *folio, struct out_publicacion_archivo *ret)
{
	struct in_publicacion_archivo in = {
		.folio = folio, .titular = env->titular, .todos = PUBLICACION_TODOS};
	struct out_publicacion_archivo row;
	enum err e = q_publicacion_archivo(env->store, &in, env->arena, &row);

	if (e != OK)
		return e;
	enum ambito menu = strcmp(row.clase, PUBLICACION_COMUNICADO) == 0 ? AMBITO_COMUNICADOS
									  : AMBITO_DOCUMENTOS;

	if (alcance_en(&env->alcance, menu) < NIVEL_LEER)
		return ERR_NO_SCOPE;
	if (row.archivo == NULL)
		return ERR_NOT_FOUND;
	*ret = row;
	return OK;
}
