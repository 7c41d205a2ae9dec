#include "app/unlock.h"

#include <stdio.h>
#include "app/clave.h"
#include "app/cuenta.h"
#include "app/effects.h"
#include "app/sync.h"

/* The password: what was typed, else what the person's command gives (it has the terminal). */
static enum err password(struct app *app, const char *campo, struct secret *ret)
{
	struct secret *typed = form_secret(&effects_top(app)->widget.form, campo);

	if (typed != NULL && typed->size > 0) {
		*ret = *typed;
		*typed = (struct secret){0};
		return OK;
	}
	if (app->actual->perfil->clave_comando == NULL)
		return OK;
	app->front.suspend(app->front.ctx);
	enum err err = clave_command(app->actual->perfil->clave_comando, ret);

	app->front.resume(app->front.ctx);
	return err;
}

void unlock_begin(struct app *app, const struct effect *effect)
{
	SECRET(secret);
	struct job *job = NULL;
	enum err err = password(app, effect->unlock.campo, &secret);

	if (err == OK)
		err = job_unlock(effect->unlock.rfc, effect->unlock.certificado,
			effect->unlock.llave, &secret, app_now(app), &job);
	if (err == OK)
		effects_submit(app, job);
	else
		effects_event(app, (struct event){.kind = EVENT_UNLOCKED, .err = err});
}

/* The client has the e.firma now; what is public of it stays in the model. */
static void take(struct cuenta *c, struct job *job)
{
	struct model_firma *f = &c->model.firma;
	const struct cert *cert = &job->efirma->cert;

	*f = (struct model_firma){
		.abierta = true, .desde = cert->not_before, .hasta = cert->not_after};
	(void)snprintf(f->rfc, sizeof(f->rfc), "%s", cert->rfc);
	(void)snprintf(f->nombre, sizeof(f->nombre), "%s", cert->name);
	(void)snprintf(f->serie, sizeof(f->serie), "%s", cert->serial);
	(void)snprintf(f->certificado, sizeof(f->certificado), "%s", job->certificado);
	(void)snprintf(f->llave, sizeof(f->llave), "%s", job->llave);
	client_unlock(c->client, STEAL(job->efirma));
	if (c->model.entrado)
		sync_now(c);
}

void unlock_end(struct app *app, struct job *job)
{
	if (job->err == OK)
		take(job->cuenta, job);
	effects_event(
		app, (struct event){.kind = EVENT_UNLOCKED, .err = job->err, .key = job->campo});
}

static void forget_typed(struct form *form)
{
	for (size_t f = 0; f < form->count; f++)
		secret_clear(&form->fields[f].secret);
}

struct effect unlock_forget(struct app *app)
{
	struct effect cover = effect_to(EFFECT_OPEN, SCREEN_bloqueo, NULL);
	enum screen top = effects_top(app)->view->screen;

	/* A second lock over the first hides no more. */
	if (top == SCREEN_bloqueo || top == SCREEN_acceso)
		return effect_of(EFFECT_NONE);
	for (size_t i = 0; i < app->count; i++) {
		if (app->cuentas[i].client != NULL)
			client_unlock(app->cuentas[i].client, NULL);
		app->cuentas[i].model.firma.abierta = false;
	}
	for (size_t i = 0; i < app->depth; i++)
		forget_typed(&app->stack[i].widget.form);
	return effects_cover(app, &cover);
}
