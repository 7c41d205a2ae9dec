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
/*
 * plazo_activar of env->titular, who began at `inscrito`, by the calendar of its domicile: *ret 0
 * where no term is set. ERR_NO_MEMORY.
 */
enum err particular_plazo(struct env *env, int64_t inscrito, int64_t *ret) MUST_CHECK;

#endif
