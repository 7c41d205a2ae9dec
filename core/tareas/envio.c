/*
 * A message of the outbox is handed over to its carrier. The key of both kinds is "RFC id".
 *
 * At least once: whoever dies between the carrier's word and our note of it sends it again, with
 * the same id. A lease outlives its errand, so two never run at once.
 */
#include <string.h>
#include "core/envio_estado.h"
#include "core/mensajeria.h"
#include "core/tarea.h"

/* As long as any relay of the world would try (RFC 5321 section 4.5.4.1 asks for 4 to 5 days). */
#define TRES_DIAS_MS (72 * INT64_C(3600000))

static const char *id_of(const struct tarea *t)
{
	const char *blank = strchr(t->clave, ' ');

	return blank != NULL ? blank + 1 : "";
}

static enum err is_superseded(struct tarea *t, const struct envio *n, bool *ret)
{
	struct in_envio_posterior in = {.medio = n->row.medio,
		.plantilla = n->row.plantilla,
		.creado = n->row.creado,
		.titular = t->env.titular};
	struct out_envio_posterior row = {0};
	/* Two notices of two acts are two notices. */
	bool may_be = n->row.medio != NULL && n->row.acto == NULL;
	enum err e = may_be ? q_envio_posterior(t->env.store, &in, t->env.arena, &row) : OK;

	if (e == OK)
		*ret = row.cuantos != 0;
	return e;
}

static const struct transporte *carrier(const struct tarea *t, const struct envio *n)
{
	return t->server->mensajeria->por[strcmp(n->row.via, "sms") == 0 ? VIA_SMS : VIA_CORREO];
}

/* "Esa dirección no existe (550 5.1.1); ...": the carrier's code, or what failed, inside our
 * sentence. */
static const char *detail(struct tarea *t, const char *motivo, const char *codigo)
{
	int head = (int)strcspn(motivo, ";");

	return arena_printf(t->env.arena, "%.*s (%s)%s.", head, motivo, codigo, motivo + head);
}

static enum err give_up(
	struct tarea *t, const struct envio *n, const char *motivo, const char *codigo)
{
	const char *text = detail(t, motivo, codigo);

	return text != NULL ? envio_fallar(&t->env, n, text) : ERR_NO_MEMORY;
}

static enum err ask(struct tarea *t, const struct envio *n, struct http_out_request *ret)
{
	const struct mensajeria *m = t->server->mensajeria;
	struct mensaje text = {.arena = t->env.arena,
		.id = n->id,
		.destino = n->row.destino,
		.creado = n->row.creado};
	enum err e = mensaje_hacer(m, n->row.plantilla, n->row.datos, &text);

	t->plazo_ms = carrier(t, n)->plazo_ms;
	if (e == OK)
		e = carrier(t, n)->pide(&text, ret, &t->aqui);
	/* Past its lease another one begins. */
	ret->most_ms = t->plazo_ms;
	/* Its text can't be made here, and never will be. */
	return e == ERR_BAD_FIELD || e == ERR_TOO_LARGE
		       ? give_up(t, n, "El mensaje no se pudo formar; avisa al Instituto",
				 err_wire(e))
		       : e;
}

static enum err pide(struct tarea *t, struct http_out_request *ret)
{
	struct envio n;
	bool superseded = false;
	enum err e = envio_leer(&t->env, id_of(t), &n);

	if (e == ERR_NOT_FOUND || (e == OK && !envio_pendiente(&n)))
		return OK;
	if (e == OK)
		e = is_superseded(t, &n, &superseded);
	if (e != OK)
		return e;
	if (superseded)
		return envio_sustituir(&t->env, &n);
	if (t->env.now - n.row.creado >= TRES_DIAS_MS)
		return give_up(t, &n,
			"No se pudo entregar en tres días; revisa el medio y pide otro mensaje",
			"sin respuesta");
	return ask(t, &n, ret);
}

static enum err later(struct tarea *t, const struct envio *n, const struct veredicto *v)
{
	const char *text = detail(t,
		"Todavía no se pudo entregar a quien lleva los mensajes; se sigue intentando, no hace "
		"falta pedirlo otra vez",
		v->codigo);

	if (text == NULL)
		return ERR_NO_MEMORY;
	/* What an operator reads in buzond tareas. */
	t->fallo = t->respuesta->err != OK && err_http(t->respuesta->err) >= 500 ? t->respuesta->err
										 : ERR_UNAVAILABLE;
	return envio_demorar(&t->env, n, v->codigo, text);
}

static enum err hace(struct tarea *t)
{
	struct envio n;
	struct veredicto v;
	enum err e = envio_leer(&t->env, id_of(t), &n);

	/* A report of its delivery was quicker. */
	if (e == ERR_NOT_FOUND || (e == OK && !envio_pendiente(&n)))
		return OK;
	if (e == OK)
		e = carrier(t, &n)->juzga(t->env.arena, t->respuesta, &v);
	if (e != OK)
		return e;
	switch (v.que) {
	case VEREDICTO_ACEPTADO:
		return envio_aceptar(&t->env, &n, v.codigo);
	case VEREDICTO_RECHAZADO:
		return give_up(t, &n, v.motivo, v.codigo);
	case VEREDICTO_OTRA_VEZ:
		break;
	}
	return later(t, &n, &v);
}

enum err tarea_correo_pide(struct tarea *t, struct http_out_request *ret)
{
	return pide(t, ret);
}

enum err tarea_correo(struct tarea *t)
{
	return hace(t);
}

enum err tarea_sms_pide(struct tarea *t, struct http_out_request *ret)
{
	return pide(t, ret);
}

enum err tarea_sms(struct tarea *t)
{
	return hace(t);
}
