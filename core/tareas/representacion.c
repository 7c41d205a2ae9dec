/*
 * Time alone makes another of a representation: it begins, ends, or was not accepted in time. Both
 * sides' clients are told when it does. The key: titular, blank, folio.
 */
#include "core/cuenta.h"
#include "core/representaciones.h"
#include "core/tarea.h"

static enum err tell(struct tarea *t, const char *representante)
{
	enum err e = cuenta_cambio(&t->env, t->env.titular);

	return e == OK ? cuenta_cambio(&t->env, representante) : e;
}

enum err tarea_representacion(struct tarea *t)
{
	const char *blank = strchr(t->clave, ' ');
	struct in_representacion in = {
		.folio = blank != NULL ? blank + 1 : "", .titular = t->env.titular};
	struct out_representacion row;
	enum err e = q_representacion(t->env.store, &in, t->env.arena, &row);

	if (e != OK)
		return e == ERR_NOT_FOUND ? OK : e;
	const struct representacion_fechas f = representaciones_fechas(&row);

	t->otra = representaciones_cambia(&f, t->env.now);
	return f.termino == 0 ? tell(t, row.representante) : OK;
}
