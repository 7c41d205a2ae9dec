#include "app/cuenta.h"

#include "app/acts.h"
#include "app/sync.h"
#include "base/clock.h"

void cuenta_init(struct cuenta *c, struct app *app, const struct perfil *p)
{
	*c = (struct cuenta){.app = app, .perfil = p, .sync_at = INT64_MAX};
	model_init(&c->model);
	if (local_open(":memory:", DB_WRITE, NULL, &c->copia) == OK)
		model_attach(&c->model, c->copia);
	c->model.perfil = (struct model_perfil){.rfc = p->rfc,
		.calidad = p->calidad,
		.certificado = p->certificado,
		.llave = p->llave,
		.servidor = p->servidor,
		.comando = p->clave_comando != NULL};
}

static void on_entered(void *context, const struct m_entrado *m, struct bytes json)
{
	struct cuenta *c = context;

	if (model_arrived(&c->model, ROUTE_ID_entrar, m, json) == OK)
		sync_now(c);
	c->app->dirty = true;
}

enum err cuenta_open(struct cuenta *c)
{
	if (c->client != NULL)
		return OK;
	enum err err = client_open(c->perfil, c->app->out, &c->client);

	if (err != OK)
		return err;
	client_watch(c->client, on_entered, c);
	c->model.trust = client_trust(c->client);
	acts_read(c->client, &c->model);
	return OK;
}

void cuenta_close(struct cuenta *c)
{
	client_close(c->client);
	c->client = NULL;
	model_free(&c->model);
	if (c->copia != NULL)
		local_close(c->copia);
	c->copia = NULL;
}

enum err cuenta_take(struct cuenta *c, enum route route, const void *answer, struct bytes json)
{
	enum err err = model_arrived(&c->model, route, answer, json);

	if (err != OK || c->copia == NULL)
		return err;
	if (route == ROUTE_ID_sincronizar)
		err = local_take_sincronizado(c->copia, answer, cuenta_now(c));
	else if (route == ROUTE_ID_notificacion_abrir || route == ROUTE_ID_acuse)
		err = local_take_acuse(c->copia, answer, json);
	else
		return OK;
	model_refresh(&c->model);
	return err;
}

void cuenta_judge(struct cuenta *c)
{
	if (c->copia == NULL || local_judge(c->copia, cuenta_now(c)) != OK)
		return;
	model_refresh(&c->model);
}

int64_t cuenta_now(const struct cuenta *c)
{
	struct clock system = clock_system(0);

	return c->client != NULL ? client_now(c->client) : clock_now(&system);
}
