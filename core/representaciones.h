/*
 * Who may act for whom: representations, proposed, in force, ended.
 */
#ifndef CORE_REPRESENTACIONES_H
#define CORE_REPRESENTACIONES_H

#include "core/env.h"

/* Those given by env->titular and, to itself, those given to it; into the cuenta. */
enum err representaciones_cuenta(struct env *env, struct m_cuenta *m) MUST_CHECK;
/* Reads the column `permisos`; false where it can't. */
bool representaciones_lee(const char *texto, struct alcance *ret);
/*
 * The Institute knows that representative: in force from `desde` to `hasta` (ms UTC, inclusive; 0:
 * without end) with exactly that scope. What is already so is left as it is.
 */
enum err representaciones_padron(struct env *env, const char *titular, const char *representante,
	const struct alcance *alcance, int64_t desde, int64_t hasta) MUST_CHECK;
/* It knows them no longer: what the padrón gave ends. OK where there is nothing to end. */
enum err representaciones_padron_quitar(
	struct env *env, const char *titular, const char *representante) MUST_CHECK;

#endif
