/*
 * What a representative may do, as a command line and a list write it: "notificaciones:abrir".
 */
#ifndef APP_PERMISOS_H
#define APP_PERMISOS_H

#include "base/arena.h"
#include "base/err.h"
#include "net/alcance.h"
#include "net/messages.h"

/*
 * "AMBITO:NIVEL,…", the words of net/alcance.def, each menu once. ERR_BAD_FIELD with *ret_wrong the
 * part that is none (in the arena).
 */
enum err permisos_parse(struct arena *a, const char *text, struct m_permiso **ret,
	size_t *ret_count, const char **ret_wrong) MUST_CHECK;
/* "notificaciones:abrir,medios:leer". NULL: no memory. */
const char *permisos_text(
	struct arena *a, const struct m_permiso *permisos, size_t count) MUST_CHECK;

#endif
