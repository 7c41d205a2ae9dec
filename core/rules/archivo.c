/*
 * A place for a file that is about to be uploaded (wire.md, Files): a public servant's own, for
 * the acts that they will sign (L-7.1).
 */
#include "core/rules/rules.h"

#include "core/subidas.h"

enum err rule_archivo_crear(
	struct env *env, const struct m_archivo_crear *rq, struct m_archivo_creado *ret)
{
	struct subida u;

	if (strcmp(env->titular, env->signer->rfc) != 0)
		return ERR_NOT_YOURS;
	enum err e = subida_crear(env, env->titular, rq->sha256, rq->bytes, &u);

	if (e == OK)
		*ret = (struct m_archivo_creado){.direccion = u.direccion,
			.desde = u.recibidos,
			.vence = u.vence,
			.completa = u.completa};
	return e;
}
