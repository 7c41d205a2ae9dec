/*
 * The padrón: who an RFC is, as the Institute knows it. One interface, so that a real back end can
 * stand here.
 */
#ifndef CORE_PADRON_H
#define CORE_PADRON_H

#include "core/env.h"

/* Its Registros Patronales, and what its activation term is, into the cuenta. */
enum err padron_cuenta(struct env *env, struct m_cuenta *m) MUST_CHECK;

#endif
