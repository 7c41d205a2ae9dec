#include "core/envio_estado.h"

#include <string.h>
#include "core/avisos.h"
#include "core/cuenta.h"
#include "core/medios.h"

enum err envio_leer(struct env *env, const char *id, struct envio *ret)
{
	struct in_envio in = {.id = id, .titular = env->titular};

	ret->id = id;
	return q_envio(env->store, &in, env->arena, &ret->row);
}

static bool is(const struct envio *n, const char *estado)
{
	return strcmp(n->row.estado, estado) == 0;
}

bool envio_pendiente(const struct envio *n)
{
	return is(n, "pendiente");
}

enum err envio_anotar(
	struct env *env, const struct envio *n, const char *evento, const char *detalle)
{
	struct in_envio_evento_poner in = {.id = n->id,
		.instante = env->now,
		.evento = evento,
		.detalle = detalle,
		.titular = env->titular};

	return store_queue(env->store, QUERY_envio_evento_poner, &in, NULL);
}

/* A mobile's 72 hours begin with the sending (Lineamientos 5.2): of what validates it. */
static bool validates(const struct envio *n)
{
	return n->row.medio != NULL && strncmp(n->row.plantilla, "validacion_", 11) == 0;
}

/* An aviso's own: what a carrier says of it is said of its notification (Lineamientos 7.3). */
static enum err tell_act(
	struct env *env, const struct envio *n, enum aviso_noticia what, const char *detalle)
{
	if (n->row.acto == NULL || strncmp(n->row.plantilla, "aviso_", 6) != 0)
		return OK;
	return aviso_noticia(env, n->row.acto, n->id, n->row.via, what, env->now, detalle);
}

enum err envio_aceptar(struct env *env, const struct envio *n, const char *detalle)
{
	struct in_envio_aceptado in = {.ahora = env->now, .id = n->id, .titular = env->titular};
	enum err e = store_change(env->store, QUERY_envio_aceptado, &in);

	if (e == OK)
		e = envio_anotar(env, n, "aceptado", detalle);
	if (e == OK && validates(n))
		e = medios_enviado(env, n->row.medio);
	if (e == OK)
		e = tell_act(env, n, AVISO_ACEPTADO, detalle);
	return e == OK && n->row.medio != NULL ? cuenta_cambio(env, env->titular) : e;
}

/* Who waits is told once, not at each attempt. */
enum err envio_demorar(
	struct env *env, const struct envio *n, const char *codigo, const char *detalle)
{
	struct in_envio_espera in = {.detalle = detalle, .id = n->id, .titular = env->titular};
	enum err e = envio_anotar(env, n, "no entregado", codigo);

	if (e != OK || (n->row.detalle != NULL && strcmp(n->row.detalle, detalle) == 0))
		return e;
	e = store_change(env->store, QUERY_envio_espera, &in);
	return e == OK && n->row.medio != NULL ? cuenta_cambio(env, env->titular) : e;
}

static enum err finish(
	struct env *env, const struct envio *n, const char *estado, const char *detalle)
{
	struct in_envio_terminado in = {.estado = estado,
		.ahora = env->now,
		.detalle = detalle,
		.id = n->id,
		.titular = env->titular};
	enum err e = store_change(env->store, QUERY_envio_terminado, &in);

	return e == OK ? envio_anotar(env, n, estado, detalle) : e;
}

enum err envio_fallar(struct env *env, const struct envio *n, const char *detalle)
{
	enum err e = finish(env, n, "fallido", detalle);

	if (e == OK)
		e = tell_act(env, n, is(n, "pendiente") ? AVISO_FALLIDO : AVISO_REBOTADO, detalle);
	return e == OK && n->row.medio != NULL ? cuenta_cambio(env, env->titular) : e;
}

enum err envio_sustituir(struct env *env, const struct envio *n)
{
	return finish(env, n, "sustituido", NULL);
}

/* Its report came before we knew that it was taken: then it was. */
static enum err deliver(struct env *env, const struct envio *n, const char *detalle)
{
	struct in_envio_entregado in = {.ahora = env->now, .id = n->id, .titular = env->titular};
	enum err e = is(n, "pendiente") ? envio_aceptar(env, n, detalle) : OK;

	if (e == OK)
		e = store_change(env->store, QUERY_envio_entregado, &in);
	if (e == OK)
		e = envio_anotar(env, n, "entregado", detalle);
	return e == OK && n->row.medio != NULL ? cuenta_cambio(env, env->titular) : e;
}

enum err envio_informar(
	struct env *env, const char *id, enum envio_informe what, const char *detalle)
{
	static const char *const words[] = {[INFORME_EN_CAMINO] = "en camino",
		[INFORME_DEMORADO] = "demorado",
		[INFORME_ENTREGADO] = "entregado",
		[INFORME_FALLIDO] = "fallido"};
	struct envio n;
	enum err e = envio_leer(env, id, &n);

	if (e != OK)
		return e;
	bool open = is(&n, "pendiente") || is(&n, "aceptado");

	if (open && what == INFORME_ENTREGADO)
		return deliver(env, &n, detalle);
	if (open && what == INFORME_FALLIDO)
		return envio_fallar(env, &n, detalle);
	return envio_anotar(env, &n, words[what], detalle);
}

enum err envio_titular(
	struct store *s, struct arena *a, const char *id, const char *via, const char **ret_titular)
{
	struct in_envio_de in = {.id = id, .via = via};
	struct out_envio_de row;
	enum err e = q_envio_de(s, &in, a, &row);

	if (e == OK)
		*ret_titular = row.titular;
	return e;
}
