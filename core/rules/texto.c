/* The texts that are accepted with a signature, in force or not any more. */
#include "core/legales.h"
#include "core/rules/rules.h"

enum err rule_texto(struct env *env, const struct m_texto_pedir *rq, struct m_texto *ret)
{
	enum legal_cual cual = legal_cual_of(rq->cual);
	struct legal l;

	if (cual == LEGALES_CUALES) {
		env->campo = "cual";
		return ERR_BAD_FIELD;
	}
	enum err e = legales_version(env->legales, env->arena, env->store, cual, rq->version, &l);

	if (e == OK)
		*ret = (struct m_texto){.cual = legal_palabra(cual),
			.version = l.version,
			.sha256 = l.sha256,
			.desde = l.desde,
			.texto = l.texto};
	return e;
}
