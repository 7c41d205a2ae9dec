#include "app/cuenta.h"

#include "app/acts.h"
#include "app/sync.h"
#include "base/clock.h"
#include "base/mem.h"

void cuenta_init(struct cuenta *c, struct app *app, const struct perfil *p)
{
	*c = (struct cuenta){.app = app, .perfil = p, .sync_at = INT64_MAX};
	model_init(&c->model);
	c->model.perfil = (struct model_perfil){.rfc = p->rfc,
		.calidad = p->calidad,
		.certificado = p->certificado,
		.llave = p->llave,
		.servidor = p->servidor,
		.ca = p->ca,
		.confianza = p->confianza,
		.comando = p->clave_comando != NULL,
		.llavero = p->llavero};
}

static void on_entered(void *context, const struct m_entrado *m, struct bytes json)
{
	struct cuenta *c = context;

	if (model_arrived(&c->model, ROUTE_ID_entrar, m, json) == OK)
		sync_now(c);
	(void)keep_answer(c, ROUTE_ID_entrar, json);
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
	keep_close(&c->keep);
	mem_free(c->draft.texto);
}

void cuenta_judge(struct cuenta *c)
{
	bool must = false;

	if (c->keep.reader != NULL &&
		local_must_judge(c->keep.reader, cuenta_now(c), &must) == OK && must)
		keep_judge(c);
}

int64_t cuenta_now(const struct cuenta *c)
{
	struct clock system = clock_system(0);

	return c->client != NULL ? client_now(c->client) : clock_now(&system);
}
