#include "app/unlock.h"

#include <stdio.h>
#include <string.h>
#include "app/clave.h"
#include "app/cuenta.h"
#include "app/effects.h"
#include "app/perfiles.h"
#include "app/sync.h"
#include "base/log.h"

/* The password: what was typed, else what the person's command gives (it has the terminal). */
static enum err password(struct app *app, const char *campo, struct secret *ret)
{
	const struct perfil *p = app->actual->perfil;
	struct secret *typed = form_secret(&effects_top(app)->widget.form, campo);

	if (typed != NULL && typed->size > 0) {
		*ret = *typed;
		*typed = (struct secret){0};
		return OK;
	}
	if (clave_step(p, -1) != CLAVE_COMANDO)
		return OK;
	app->front.suspend(app->front.ctx);
	enum err err = clave_command(p->clave_comando, ret);

	app->front.resume(app->front.ctx);
	return err;
}

/* The local copy is opened in one go: its key needs the e.firma. */
static void prepare(struct job *job, const struct cuenta *c)
{
	job->ladder = c->perfil;
	job->copy = c->keep.reader == NULL;
}

void unlock_begin(struct app *app, const struct effect *effect)
{
	SECRET(secret);
	struct job *job = NULL;
	enum err err = password(app, effect->unlock.campo, &secret);

	if (err == OK)
		err = job_unlock(effect->unlock.rfc, effect->unlock.certificado,
			effect->unlock.llave, &secret, app_now(app), &job);
	if (err != OK) {
		effects_event(app, (struct event){.kind = EVENT_UNLOCKED, .err = err});
		return;
	}
	prepare(job, app->actual);
	effects_submit(app, job);
}

bool unlock_start(struct app *app, int clave_fd)
{
	SECRET(none);
	const struct perfil *p = app->actual->perfil;
	enum clave_step step = clave_step(p, clave_fd);
	struct job *job = NULL;
	/* A representative signs with an RFC of their own. */
	const char *rfc = strcmp(p->calidad, "propio") == 0 ? p->rfc : "";

	if (step == CLAVE_COMANDO || step == CLAVE_PREGUNTA ||
		job_unlock(rfc, p->certificado, p->llave, &none, app_now(app), &job) != OK)
		return false;
	prepare(job, app->actual);
	job->clave_fd = clave_fd;
	job->wanted = &app->job_ticket;
	effects_submit(app, job);
	effects_event(app, (struct event){.kind = EVENT_UNLOCKING});
	return true;
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
	if (c->keep.reader == NULL && job->keep.reader != NULL)
		keep_take(c, &job->keep);
	if (c->model.entrado)
		sync_now(c);
}

/* ---- one e.firma, many profiles: it is asked for once ---- */

static void run_share(struct worker_job *base)
{
	struct job *job = (struct job *)base;

	if (job->copy)
		job->err = keep_open(job->ladder, job->efirma, job->at, &job->keep);
}

/* The holder acts for oneself only in the profile of that RFC. */
static bool may_sign(const struct perfil *p, const struct cert *cert)
{
	return strcmp(p->calidad, "propio") != 0 || strcmp(p->rfc, cert->rfc) == 0;
}

static enum err share(struct cuenta *c, const struct job *from)
{
	AUTO(job) job = NULL;
	enum err err = job_make(JOB_SHARE, run_share, &job);

	if (err == OK)
		err = efirma_share(from->efirma, &job->efirma);
	if (err != OK)
		return err;
	job->certificado = c->perfil->certificado;
	job->llave = c->perfil->llave;
	job->at = from->at;
	job->cuenta = c;
	job->locks = c->app->locks;
	prepare(job, c);
	worker_submit(c->app->worker, &STEAL(job)->base);
	return OK;
}

static void share_all(struct app *app, const struct job *job)
{
	for (size_t i = 0; i < app->count; i++) {
		struct cuenta *c = &app->cuentas[i];

		if (c == job->cuenta || c->model.firma.abierta ||
			strcmp(c->perfil->certificado, job->certificado) != 0 ||
			!may_sign(c->perfil, &job->efirma->cert))
			continue;
		enum err err = share(c, job);

		if (err != OK)
			log_write(LOG_WARN, "efirma", "perfil sin abrir: %s", err_wire(err));
	}
}

void unlock_shared(struct job *job)
{
	struct cuenta *c = job->cuenta;

	if (job->locks != c->app->locks)
		return;
	enum err err = job->err == OK ? cuenta_open(c) : job->err;

	/* Opened by hand meanwhile: that one stays. */
	if (err == OK && !c->model.firma.abierta)
		take(c, job);
	c->app->mundo.perfiles[c - c->app->cuentas].err = err;
	/* Nobody asked for it here, so the client enters by itself. */
	if (err == OK)
		sync_now(c);
	if (err == OK && c == c->app->actual && effects_top(c->app)->view->screen == SCREEN_acceso)
		effects_event(c->app, (struct event){.kind = EVENT_UNLOCKED});
}

void unlock_end(struct app *app, struct job *job)
{
	if (job->err == OK)
		share_all(app, job);
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

	/*
	 * A second lock over the first hides no more. The way back is a password that the person
	 * has shown to have: that of a profile that was entered. None was: nothing to hide.
	 */
	if (effects_top(app)->view->screen == SCREEN_bloqueo || !perfiles_entered(app))
		return effect_of(EFFECT_NONE);
	app->locks++;
	app->notice[0] = '\0';
	for (size_t i = 0; i < app->count; i++) {
		if (app->cuentas[i].client != NULL)
			client_unlock(app->cuentas[i].client, NULL);
		app->cuentas[i].model.firma.abierta = false;
	}
	for (size_t i = 0; i < app->depth; i++)
		forget_typed(&app->stack[i].widget.form);
	return effects_cover(app, &cover);
}
