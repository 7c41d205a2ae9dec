/*
 * Who an RFC is, as its row says: what a rule or a job knows of its titular.
 */
#ifndef CORE_PARTICULAR_H
#define CORE_PARTICULAR_H

#include "core/env.h"

/*
 * Fills titular_nombre, zona, habilitado, inscrito, padron, estado and cuenta of env->titular from
 * the store; where there is no row yet, `nombre`, Zona Centro and nothing. Errors of the store.
 */
enum err particular_read(struct env *env, const char *nombre) MUST_CHECK;

#endif
