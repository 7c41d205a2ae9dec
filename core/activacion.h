/*
 * Enabling a Buzón (Lineamientos 5.3, 5.4; A-12), as its cuenta tells of it.
 */
#ifndef CORE_ACTIVACION_H
#define CORE_ACTIVACION_H

#include "core/env.h"

#define ACTIVACION_TIPO "Acuse de activación del Buzón IMSS"

/* By the agreement of 2020 or not; the acuses of its activation to whom that menu is open. */
enum err activacion_cuenta(struct env *env, struct m_cuenta *m) MUST_CHECK;

#endif
