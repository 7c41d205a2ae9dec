/*
 * An acuse again, for its titular, for five years and more (Lineamientos 6.1). That of an act's
 * issue has its folio, and is told once it is notified: before that nothing is (7.3).
 */
#include "core/oficios.h"
#include "core/rules/rules.h"

enum err ahead_acuse(struct env *env, const struct m_acuse_pedir *rq)
{
	struct in_acuse in = {.folio = rq->folio, .titular = env->titular};

	return store_ahead(env->store, QUERY_acuse, &in);
}

/* A representative reads those of the menus that they were let into, and of their own acts. */
static bool may_read(const struct env *env, const char *ambito, const struct m_acuse *m)
{
	enum ambito a =
		strcmp(ambito, OFICIOS_EMISION) == 0 ? AMBITO_NOTIFICACIONES : ambito_of(ambito);

	return route_who_of(env->calidad) == ROUTE_PROPIO ||
	       (a < AMBITOS && alcance_en(&env->alcance, a) >= NIVEL_LEER) ||
	       strcmp(m->firmante, env->signer->rfc) == 0;
}

static enum err check_notified(struct env *env, const char *folio)
{
	struct in_oficio in = {.folio = folio, .titular = env->titular};
	struct out_oficio n;
	enum err e = q_oficio(env->store, &in, env->arena, &n);

	return e == OK && !oficios_se_conoce(&n, env->now) ? ERR_NOT_FOUND : e;
}

enum err rule_acuse(struct env *env, const struct m_acuse_pedir *rq, struct m_acuse *ret)
{
	struct in_acuse in = {.folio = rq->folio, .titular = env->titular};
	struct out_acuse row;
	enum err e = q_acuse(env->store, &in, env->arena, &row);

	if (e == OK && strcmp(row.ambito, OFICIOS_EMISION) == 0)
		e = check_notified(env, rq->folio);
	if (e != OK)
		return e;
	e = codec_decode(env->arena, &message_acuse, CODEC_TOLERANT, row.json, ret, NULL);
	if (e != OK)
		return e == ERR_NO_MEMORY ? e : ERR_STORE;
	return may_read(env, row.ambito, ret) ? OK : ERR_NO_SCOPE;
}
