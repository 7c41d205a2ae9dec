/* Representations as they are told to either side (m_cuenta). */
#include "core/representaciones.h"
#include "net/routes.h"

/* queries.def has the same number. */
#define REPRESENTADOS 1000

static enum err permits(struct env *env, const char *texto, struct m_representacion *m)
{
	struct alcance alcance;

	if (!representaciones_lee(texto, &alcance))
		return ERR_STORE;
	m->permisos = arena_array(env->arena, AMBITOS, sizeof(*m->permisos));
	if (m->permisos == NULL)
		return ERR_NO_MEMORY;
	for (unsigned i = 0; i < AMBITOS; i++)
		if (alcance.nivel[i] != NIVEL_NADA)
			m->permisos[m->permisos_count++] =
				(struct m_permiso){.ambito = ambito_word((enum ambito)i),
					.nivel = nivel_word(alcance.nivel[i])};
	return OK;
}

static enum err shown(
	struct env *env, const struct out_representaciones_de *row, struct m_representacion *ret)
{
	const struct representacion_fechas f = {.desde = row->desde,
		.hasta = row->hasta,
		.acepta_antes = row->acepta_antes,
		.aceptada = row->aceptada,
		.termino = row->termino};
	bool given = strcmp(row->titular, env->titular) == 0;

	*ret = (struct m_representacion){.folio = row->folio,
		.titular = row->titular,
		.titular_nombre = given ? env->titular_nombre : row->nombre,
		.representante = row->representante,
		.representante_nombre = given ? row->nombre : env->titular_nombre,
		.desde = representaciones_desde(&f),
		.hasta = row->hasta,
		.estado = representaciones_estado(&f, env->now),
		.origen = row->origen,
		.base_sha256 = row->base_sha256,
		.acepta_antes = row->acepta_antes,
		.aceptada = row->aceptada,
		.acuse_aceptacion = row->acuse_aceptacion,
		.termino = row->termino,
		.termino_por = row->termino_por,
		.acuse_baja = row->acuse_baja};
	return permits(env, row->permisos, ret);
}

static enum err list_of(struct env *env, const struct out_representaciones_de *rows, size_t count,
	struct m_representacion **ret, size_t *ret_count)
{
	struct m_representacion *list = arena_array(env->arena, count, sizeof(*list));
	enum err e = list != NULL ? OK : ERR_NO_MEMORY;

	for (size_t i = 0; e == OK && i < count; i++)
		e = shown(env, &rows[i], &list[i]);
	if (e == OK) {
		*ret = list;
		*ret_count = count;
	}
	return e;
}

/* The same columns by the other index. */
static struct out_representaciones_de as_given(const struct out_representaciones_a *row)
{
	return (struct out_representaciones_de){.folio = row->folio,
		.titular = row->titular,
		.representante = row->representante,
		.nombre = row->nombre,
		.permisos = row->permisos,
		.origen = row->origen,
		.desde = row->desde,
		.hasta = row->hasta,
		.base_sha256 = row->base_sha256,
		.acepta_antes = row->acepta_antes,
		.aceptada = row->aceptada,
		.acuse_aceptacion = row->acuse_aceptacion,
		.termino = row->termino,
		.termino_por = row->termino_por,
		.acuse_baja = row->acuse_baja};
}

static enum err received(struct env *env, struct m_cuenta *m)
{
	struct in_representaciones_a in = {.representante = env->titular, .ahora = env->now};
	struct out_representaciones_a *rows;
	size_t count;
	enum err e =
		q_representaciones_a_all(env->store, &in, REPRESENTADOS, env->arena, &rows, &count);

	if (e != OK)
		return e;
	struct out_representaciones_de *same = arena_array(env->arena, count, sizeof(*same));

	if (same == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < count; i++)
		same[i] = as_given(&rows[i]);
	return list_of(env, same, count, &m->representados, &m->representados_count);
}

enum err representaciones_cuenta(struct env *env, struct m_cuenta *m)
{
	bool own = route_who_of(env->calidad) == ROUTE_PROPIO;
	struct in_representaciones_de in = {.titular = env->titular,
		.representante = own ? "" : env->signer->rfc,
		.ahora = env->now};
	struct out_representaciones_de *rows;
	size_t count;
	enum err e = q_representaciones_de_all(
		env->store, &in, REPRESENTACIONES_MAS, env->arena, &rows, &count);

	if (e == OK)
		e = list_of(env, rows, count, &m->representantes, &m->representantes_count);
	return e == OK && own ? received(env, m) : e;
}
