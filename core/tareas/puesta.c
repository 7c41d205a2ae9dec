/*
 * A mail and an SMS of an aviso were accepted: it counts as sent at the later of the two, held to
 * the window, and from then on the notification is in Mis notificaciones and its term runs
 * (Lineamientos 7.2-7.4). Due again where it was held.
 */
#include "core/aviso.h"
#include "core/particular.h"

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

enum err tarea_puesta(struct tarea *t)
{
	struct env *env = &t->env;
	const char *folio = aviso_folio(t);
	struct out_aviso n;
	enum err e = aviso_leer(env, folio, &n);

	if (e != OK || aviso_acabado(&n))
		return e == ERR_NOT_FOUND ? OK : e;
	if (n.aviso > env->now) {
		t->otra = n.aviso;
		return OK;
	}
	if (n.aviso != 0)
		return aviso_mostrar(env, folio, n.aviso, n.vence);
	if (n.correo == 0 || n.celular == 0)
		return OK;
	e = particular_read(env, env->titular);
	if (e == OK)
		e = aviso_poner(env, folio, &n, later(n.correo, n.celular), &n.aviso);
	if (e == OK && n.aviso > env->now)
		t->otra = n.aviso;
	return e;
}
