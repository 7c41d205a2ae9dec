/*
 * A reading key ends (wire.md: at most 12 h): its row goes, and every server forgets it.
 */
#include "core/tarea.h"

enum err tarea_lectura(struct tarea *t)
{
	struct in_lectura in = {.llave = t->clave};
	struct in_lectura_quitar out = {.llave = t->clave};
	struct out_lectura row;
	enum err e = q_lectura(t->env.store, &in, t->env.arena, &row);

	if (e != OK)
		return e == ERR_NOT_FOUND ? OK : e;
	if (row.vence > t->env.now) {
		t->otra = row.vence;
		return OK;
	}
	novedades_add(t->env.news, NOVEDAD_LLAVE, t->clave);
	return q_lectura_quitar(t->env.store, &out, t->env.arena, NULL);
}
