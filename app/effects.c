#include "app/effects.h"

#include <stdio.h>
#include "app/acts.h"
#include "app/clave.h"
#include "app/folders.h"
#include "app/jobs.h"
#include "app/sync.h"
#include "base/clock.h"
#include "base/mem.h"
#include "crypto/sha.h"
#include "ley/documento.h"

struct level *effects_top(struct app *app)
{
	return app->depth > 0 ? &app->stack[app->depth - 1] : NULL;
}

int64_t effects_now(const struct app *app)
{
	struct clock system = clock_system(0);

	return app->client != NULL ? client_now(app->client) : clock_now(&system);
}

static void pop(struct app *app)
{
	struct level *top = effects_top(app);

	if (top == NULL)
		return;
	if (top->view->close != NULL)
		top->view->close(top->state);
	widget_free(&top->widget);
	mem_free(top->state);
	app->depth--;
	app->call_ticket = 0;
	app->job_ticket = 0;
}

void effects_leave_all(struct app *app)
{
	while (app->depth > 0)
		pop(app);
}

static struct effect push(struct app *app, const struct effect *effect)
{
	const struct view *view = view_of(effect->screen);
	struct event event = {.now = effects_now(app)};
	void *state = app->depth < EFFECTS_DEPTH ? mem_zalloc(view->size) : NULL;

	if (state == NULL) {
		term_bell(app->term);
		return effect_of(EFFECT_NONE);
	}
	struct level *level = &app->stack[app->depth++];

	*level = (struct level){.view = view, .state = state};
	widget_init(&level->widget);
	app->call_ticket = 0;
	app->job_ticket = 0;
	return view->open(state, &app->model, effect, &event);
}

static struct effect back(struct app *app, const struct effect *effect)
{
	for (unsigned i = effect->levels == 0 ? 1 : effect->levels; i > 0 && app->depth > 0; i--)
		pop(app);
	if (app->depth == 0) {
		app->quit = true;
		return effect_of(EFFECT_NONE);
	}
	struct event event = {.kind = EVENT_RESUMED, .now = effects_now(app)};
	struct level *top = effects_top(app);

	return top->view->act(top->state, &app->model, &event);
}

/* What it names may live in the state of a screen that is left: kept until the new one is open. */
static struct effect open_screen(struct app *app, const struct effect *effect)
{
	char folio[MODEL_FOLIO] = "";
	char fecha[16] = "";
	struct effect copy = *effect;
	size_t leave = effect->levels == 0 ? 1 : effect->levels;

	(void)snprintf(folio, sizeof(folio), "%s", effect->folio != NULL ? effect->folio : "");
	(void)snprintf(fecha, sizeof(fecha), "%s", effect->fecha != NULL ? effect->fecha : "");
	copy.folio = folio;
	copy.fecha = fecha;
	if (effect->kind == EFFECT_REPLACE)
		while (leave-- > 0)
			pop(app);
	if (effect->kind == EFFECT_MENU) {
		effects_leave_all(app);
		if (effect->screen != SCREEN_inicio) {
			const struct effect home = effect_to(EFFECT_OPEN, SCREEN_inicio, NULL);

			(void)push(app, &home);
		}
	}
	return push(app, &copy);
}

/* The answer of a call, to the screen that still waits for it. */
static void deliver(struct app *app, enum route route, enum err err, bool pending)
{
	struct level *top = effects_top(app);
	struct event event = {.now = effects_now(app)};

	app->call_ticket = 0;
	if (top == NULL || top->view->arrived == NULL)
		return;
	effects_do(app, top->view->arrived(top->state, &app->model, route, err, pending, &event));
}

/* A document that is whole is checked before any screen says a word about it. */
static enum err check_document(struct app *app, const struct m_documento *part)
{
	struct model_documento *d = model_documento(&app->model, part->folio);

	if (d == NULL || !model_documento_whole(d) || d->proof.count > 0)
		return OK;
	struct documento_firmado says = {.folio = d->folio,
		.titular = client_perfil(app->client)->rfc,
		.cadena = d->m.cadena,
		.firma = d->m.firma,
		.certificado = d->m.certificado};
	enum err err = sha256_hex(&d->arena, bytes_of(d->datos, (size_t)d->recibido), &says.sha256);

	if (err != OK)
		return err;
	return documento_prove(&d->arena, &says, client_trust(app->client), &d->proof);
}

static enum err take(struct app *app, enum route route, const struct client_result *result)
{
	if (result->err != OK)
		return result->err;
	enum err err = model_arrived(&app->model, route, result->answer, result->json);

	if (err == OK && route == ROUTE_ID_documento)
		err = check_document(app, result->answer);
	if (err == OK && route == ROUTE_ID_entrar)
		sync_now(app);
	return err;
}

static void on_call(void *context, const struct client_result *result)
{
	struct app_call *call = context;
	struct app *app = call->app;
	enum err err = take(app, call->route, result);

	call->used = false;
	app->dirty = true;
	/* Asked by hand beside a long poll that hangs: the line works all the same. */
	if (err == OK && call->route == ROUTE_ID_sincronizar)
		model_line(&app->model, OK, effects_now(app));
	acts_read(app->client, &app->model);
	if (call->ticket != 0 && call->ticket == app->call_ticket)
		deliver(app, call->route, err, result->pending);
}

static struct app_call *free_call(struct app *app)
{
	for (size_t i = 0; i < EFFECTS_CALLS; i++)
		if (!app->calls[i].used)
			return &app->calls[i];
	return NULL;
}

static void call_route(struct app *app, enum route route, const void *request, int64_t expires)
{
	struct app_call *call = free_call(app);

	if (call == NULL) {
		deliver(app, route, ERR_TOO_MANY, false);
		return;
	}
	*call = (struct app_call){app, true, route, ++app->ticket};
	app->call_ticket = call->ticket;
	enum err err = client_call(app->client, route, request, expires, on_call, call);

	if (err == OK) {
		acts_read(app->client, &app->model);
		return;
	}
	call->used = false;
	deliver(app, route, err, false);
}

static void enter(struct app *app)
{
	static const struct m_entrar request = {.version = 1, .dispositivo = "buzon-tui"};

	call_route(app, ROUTE_ID_entrar, &request, 0);
}

static void submit(struct app *app, struct job *job)
{
	job->ticket = app->job_ticket = ++app->ticket;
	worker_submit(app->worker, &job->base);
}

/* The password: what was typed, else what the person's command gives (it has the terminal). */
static enum err password(struct app *app, const char *campo, struct secret *ret)
{
	struct secret *typed = form_secret(&effects_top(app)->widget.form, campo);

	if (typed != NULL && typed->size > 0) {
		*ret = *typed;
		*typed = (struct secret){0};
		return OK;
	}
	if (app->perfil->clave_comando == NULL)
		return OK;
	term_suspend(app->term);
	enum err err = clave_command(app->perfil->clave_comando, ret);

	term_resume(app->term);
	return err;
}

static void unlock(struct app *app, const struct effect *effect)
{
	SECRET(secret);
	struct job *job = NULL;
	enum err err = password(app, effect->unlock.campo, &secret);

	if (err == OK)
		err = job_unlock(effect->unlock.rfc, effect->unlock.certificado,
			effect->unlock.llave, &secret, effects_now(app), &job);
	if (err == OK)
		submit(app, job);
	else
		effects_event(app, (struct event){.kind = EVENT_UNLOCKED, .err = err});
}

static void save(struct app *app, const struct effect *effect)
{
	ARENA(a, 65536);
	bool document = effect->paper == PAPER_DOCUMENTO;
	const char *folder = document ? folders_data(&a, app->perfil->nombre, "documentos")
				      : client_acuses(app->client);
	const struct model_documento *d = model_documento(&app->model, effect->folio);
	const struct model_acuse *acuse = model_acuse(&app->model, effect->folio);
	struct job *job = NULL;
	enum err err = ERR_NOT_FOUND;

	if (folder == NULL)
		err = ERR_NO_MEMORY;
	else if (document && d != NULL)
		err = job_save_documento(d, folder, &job);
	else if (!document && acuse != NULL)
		err = job_save_acuse(acuse, client_trust(app->client), folder, &job);
	if (err != OK) {
		effects_event(app, (struct event){.kind = EVENT_SAVED, .err = err});
		return;
	}
	job->show = effect->kind == EFFECT_EXTERNAL;
	submit(app, job);
}

static void read_text(struct app *app, const struct effect *effect)
{
	struct model_documento *d = model_documento(&app->model, effect->folio);
	struct job *job = NULL;

	if (d == NULL)
		return;
	if (job_read(d, &job) == OK) {
		submit(app, job);
		return;
	}
	d->leido = true;
	d->texto_err = ERR_NO_MEMORY;
}

/* Nothing may be left to see, nor to sign with; a second lock over the first hides no more. */
static struct effect lock(struct app *app)
{
	struct effect cover = effect_to(EFFECT_OPEN, SCREEN_bloqueo, NULL);

	if (effects_top(app)->view->screen == SCREEN_bloqueo ||
		effects_top(app)->view->screen == SCREEN_acceso)
		return effect_of(EFFECT_NONE);
	client_unlock(app->client, NULL);
	app->model.firma.abierta = false;
	for (size_t i = 0; i < app->depth; i++) {
		struct form *form = &app->stack[i].widget.form;

		for (size_t f = 0; f < form->count; f++)
			secret_clear(&form->fields[f].secret);
	}
	if (app->depth == EFFECTS_DEPTH)
		pop(app);
	return push(app, &cover);
}

static void prompt(struct app *app, const struct effect *effect)
{
	if (prompt_open(&effects_top(app)->widget, effect->text, "") != OK)
		term_bell(app->term);
}

/* What is asked for again by hand: at once, beside the long poll that may be waiting. */
static void sync_by_hand(struct app *app)
{
	struct app_call *call = free_call(app);
	struct m_sincronizar request = {
		.cursor = app->model.cursor[0] != '\0' ? app->model.cursor : NULL};

	if (!app->sync.used || call == NULL) {
		sync_now(app);
		return;
	}
	*call = (struct app_call){app, true, ROUTE_ID_sincronizar, 0};
	if (client_call(app->client, ROUTE_ID_sincronizar, &request, 0, on_call, call) != OK)
		call->used = false;
}

static struct effect step(struct app *app, const struct effect *effect)
{
	switch (effect->kind) {
	case EFFECT_OPEN:
	case EFFECT_REPLACE:
	case EFFECT_MENU:
		return open_screen(app, effect);
	case EFFECT_BACK:
		return back(app, effect);
	case EFFECT_LOCK:
		return lock(app);
	case EFFECT_CALL:
		call_route(app, effect->route, &effect->request, effect->expires);
		break;
	case EFFECT_ENTER:
		enter(app);
		break;
	case EFFECT_CANCEL:
		app->call_ticket = 0;
		app->job_ticket = 0;
		break;
	case EFFECT_UNLOCK:
		unlock(app, effect);
		break;
	case EFFECT_SAVE:
	case EFFECT_EXTERNAL:
		save(app, effect);
		break;
	case EFFECT_READ:
		read_text(app, effect);
		break;
	case EFFECT_PROMPT:
		prompt(app, effect);
		break;
	case EFFECT_SYNC:
		sync_by_hand(app);
		break;
	case EFFECT_FORGET:
		acts_forget(app->client, &app->model);
		break;
	case EFFECT_REDRAW:
		term_redraw(app->term);
		break;
	case EFFECT_QUIT:
		app->quit = true;
		break;
	case EFFECT_NONE:
		break;
	}
	return effect_of(EFFECT_NONE);
}

void effects_do(struct app *app, struct effect effect)
{
	app->dirty = true;
	while (effect.kind != EFFECT_NONE && !app->quit)
		effect = step(app, &effect);
}

void effects_event(struct app *app, struct event event)
{
	struct level *top = effects_top(app);

	if (top == NULL)
		return;
	event.now = effects_now(app);
	effects_do(app, top->view->act(top->state, &app->model, &event));
}

/* The client has the e.firma now; what is public of it stays in the model. */
static void unlocked(struct app *app, struct job *job)
{
	struct model_firma *f = &app->model.firma;
	const struct cert *c = &job->efirma->cert;

	*f = (struct model_firma){.abierta = true, .desde = c->not_before, .hasta = c->not_after};
	(void)snprintf(f->rfc, sizeof(f->rfc), "%s", c->rfc);
	(void)snprintf(f->nombre, sizeof(f->nombre), "%s", c->name);
	(void)snprintf(f->serie, sizeof(f->serie), "%s", c->serial);
	(void)snprintf(f->certificado, sizeof(f->certificado), "%s", job->certificado);
	(void)snprintf(f->llave, sizeof(f->llave), "%s", job->llave);
	client_unlock(app->client, STEAL(job->efirma));
	if (app->model.entrado)
		sync_now(app);
}

static void end_read(struct app *app, struct job *job)
{
	struct model_documento *d = model_documento(&app->model, job->folio);

	if (d == NULL)
		return;
	d->texto_err = job->err;
	d->leido = true;
	if (job->err != OK)
		return;
	d->texto = arena_copy(&d->arena, job->text.data, job->text.size);
	if (d->texto == NULL)
		d->texto_err = ERR_NO_MEMORY;
}

static void end_job(struct app *app, struct job *job)
{
	bool wanted = job->ticket == app->job_ticket;

	if (job->kind == JOB_READ)
		end_read(app, job);
	if (!wanted)
		return;
	app->job_ticket = 0;
	if (job->kind == JOB_UNLOCK && job->err == OK)
		unlocked(app, job);
	if (job->kind == JOB_UNLOCK)
		effects_event(app,
			(struct event){.kind = EVENT_UNLOCKED, .err = job->err, .key = job->campo});
	if (job->kind == JOB_SAVE)
		effects_event(app,
			(struct event){.kind = EVENT_SAVED, .err = job->err, .value = job->path});
	if (job->kind == JOB_SAVE && job->show && job->err == OK)
		effects_event(app, (struct event){.kind = EVENT_OPENED, .err = job->shown});
}

void effects_worked(struct app *app)
{
	struct worker_job *base;

	while ((base = worker_take(app->worker)) != NULL) {
		end_job(app, (struct job *)base);
		job_free((struct job *)base);
		app->dirty = true;
	}
}

static void on_flushed(void *context, const struct client_result *result)
{
	struct app *app = context;

	if (result->err == OK && result->answer != NULL)
		(void)!model_arrived(
			&app->model, ROUTE_ID_notificacion_abrir, result->answer, result->json);
	acts_read(app->client, &app->model);
	app->dirty = true;
}

void effects_tick(struct app *app)
{
	int64_t now = clock_monotonic();

	sync_tick(app);
	if (app->model.por_enviar == 0 || !app->model.entrado || app->model.linea.desde != 0 ||
		now < app->flush_at)
		return;
	app->flush_at = now + EFFECTS_FLUSH_MS;
	client_flush_outbox(app->client, on_flushed, app);
}
