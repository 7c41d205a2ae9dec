/*
 * An acuse again, for its titular, for five years and more (Lineamientos 6.1).
 */
#include "core/rules/rules.h"

enum err ahead_acuse(struct env *env, const struct m_acuse_pedir *rq)
{
	struct in_acuse in = {.folio = rq->folio, .titular = env->titular};

	return store_ahead(env->store, QUERY_acuse, &in);
}

/* A representative reads those of the menus that they were let into. */
static bool may_read(const struct env *env, const char *ambito)
{
	enum ambito a = ambito_of(ambito);

	return route_who_of(env->calidad) == ROUTE_PROPIO ||
	       (a < AMBITOS && alcance_en(&env->alcance, a) >= NIVEL_LEER);
}

enum err rule_acuse(struct env *env, const struct m_acuse_pedir *rq, struct m_acuse *ret)
{
	struct in_acuse in = {.folio = rq->folio, .titular = env->titular};
	struct out_acuse row;
	enum err e = q_acuse(env->store, &in, env->arena, &row);

	if (e == OK && !may_read(env, row.ambito))
		e = ERR_NO_SCOPE;
	if (e != OK)
		return e;
	e = codec_decode(env->arena, &message_acuse, CODEC_TOLERANT, row.json, ret, NULL);
	return e == OK || e == ERR_NO_MEMORY ? e : ERR_STORE;
}
