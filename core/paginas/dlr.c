/*
 * Delivery reports of Kannel: GET /dlr/<id>?type=<n> (Kannel user guide, "Delivery reports on
 * HTTP"). The id is the message's own, which nobody can guess; 200 means that the report is kept.
 */
#include "core/pagina.h"

#include <stdlib.h>
#include <string.h>
#include "core/envio.h"
#include "core/envio_estado.h"
#include "core/writer_group.h"

/* Of one message. */
#define REPORTS_A_MINUTE 30

/* Kannel's words for what became of it; in the order in which they may come. */
static const struct {
	long type;
	enum envio_informe informe;
	const char *detalle;
} tipos[] = {
	{1, INFORME_ENTREGADO, "informe 1"},
	{2, INFORME_FALLIDO,
		"La red celular no pudo entregar el mensaje (informe 2); revisa el número, o pide "
		"otro mensaje."},
	{4, INFORME_EN_CAMINO, "informe 4"},
	{8, INFORME_EN_CAMINO, "informe 8"},
	{16, INFORME_FALLIDO,
		"La red celular rechazó el mensaje (informe 16); revisa el número, o usa otro."},
};

static void answer(struct exchange *x, enum err e)
{
	x->status = err_http(e);
	x->answer = bytes_of_text(e == OK ? "bien\n" : "no\n");
	x->retry_after_s = x->status == 503 ? 5 : 0;
}

/* "<id>?type=<n>", what Kannel adds behind it aside. COUNT_OF(tipos): it is none. */
static size_t type_of(const struct pagina *p)
{
	static const char key[] = "type=";
	size_t i = 0;

	if (!envio_es_id(p->resto, strlen(p->resto)) || strncmp(p->consulta, key, strlen(key)) != 0)
		return COUNT_OF(tipos);
	const char *text = p->consulta + strlen(key);
	char *end;
	long type = strtol(text, &end, 10);

	if (end == text || (*end != '\0' && *end != '&'))
		return COUNT_OF(tipos);
	while (i < COUNT_OF(tipos) && tipos[i].type != type)
		i++;
	return i;
}

static enum err find(const struct pagina *p)
{
	const char *titular;
	struct store *store = store_pool_take(p->server->readers);
	enum err e = envio_titular(store, p->x->arena, p->resto, "sms", &titular);

	store_pool_give(p->server->readers, store);
	return e;
}

/* A gateway sends many from one address, but few of one message; who guesses pays for each. */
bool pagina_dlr(struct pagina *p)
{
	const struct server *s = p->server;
	enum err e = type_of(p) < COUNT_OF(tipos) ? find(p) : ERR_NOT_FOUND;
	enum err room = OK;

	if (e == OK)
		e = budget_take(s->budget, p->resto, REPORTS_A_MINUTE, p->x->received);
	else if (e == ERR_NOT_FOUND)
		room = budget_take(
			s->budget, p->x->rq.peer, s->config->presupuesto_direccion, p->x->received);
	if (e == OK)
		return true;
	answer(p->x, room == ERR_TOO_MANY ? room : e);
	return false;
}

enum err pagina_dlr_escribe(struct pagina *p)
{
	struct env *env = &p->env;
	size_t i = type_of(p);
	enum err e = envio_titular(env->store, env->arena, p->resto, "sms", &env->titular);

	if (e == OK)
		e = store_lock(env->store, env->titular);
	if (e == OK)
		e = envio_informar(env, p->resto, tipos[i].informe, tipos[i].detalle);
	if (e != OK && err_http(e) >= 500)
		return e;
	answer(p->x, e);
	return OK;
}
