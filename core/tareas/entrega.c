/*
 * A notified document was read to its last byte: handed over, or looked at again (L-7.7, L-10).
 * Written behind the read, which does not wait for it. The key: RFC, folio, instant, who read, with
 * blanks between.
 */
#include <stdio.h>
#include "core/aviso.h"
#include "core/evidencia.h"
#include "core/tarea.h"

/* Of 500 that are told (messages.def): room is left for what else happens. */
#define ACCESOS_MAX 400

enum err tarea_entrega(struct tarea *t)
{
	struct env *env = &t->env;
	char folio[TAREA_CLAVE + 1];
	char actor[TAREA_CLAVE + 1];
	long long at = 0;
	struct out_eventos_cuenta row;
	struct out_aviso n;

	if (sscanf(t->clave, "%*s %200s %lld %200s", folio, &at, actor) != 3)
		return OK;
	struct in_eventos_cuenta in = {.folio = folio, .titular = env->titular};
	enum err e = aviso_leer(env, folio, &n);

	/* A publication's file is no notification's: it has no timeline (core/rules/documento.c).
	 */
	if (e != OK)
		return e == ERR_NOT_FOUND ? OK : e;
	e = q_eventos_cuenta(env->store, &in, env->arena, &row);

	/* Each access is kept in `acceso` all the same. */
	if (e != OK || (row.entregas != 0 && row.todos >= ACCESOS_MAX))
		return e;
	const struct evidencia ev = {.folio = folio,
		.instante = at,
		.suceso = row.entregas == 0 ? SUCESO_ENTREGADA : SUCESO_CONSULTADA,
		.actor = actor};

	return evidencia_poner(env, &ev);
}
