/*
 * Who may act for whom: representations, proposed, in force, ended.
 */
#ifndef CORE_REPRESENTACIONES_H
#define CORE_REPRESENTACIONES_H

#include "core/env.h"

/* Those given by env->titular and, to itself, those given to it; into the cuenta. */
enum err representaciones_cuenta(struct env *env, struct m_cuenta *m) MUST_CHECK;

#endif
