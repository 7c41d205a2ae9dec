#include "app/effects.h"

#include <stdio.h>
#include "app/acts.h"
#include "app/bulk.h"
#include "app/calls.h"
#include "app/papers.h"
#include "app/perfiles.h"
#include "app/unlock.h"
#include "base/mem.h"
#include "base/texto.h"

struct level *effects_top(struct app *app)
{
	return app->depth > 0 ? &app->stack[app->depth - 1] : NULL;
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
	struct event event = {.now = app_now(app)};
	void *state = app->depth < APP_DEPTH ? mem_zalloc(view->size) : NULL;

	if (state == NULL) {
		app->front.bell(app->front.ctx);
		return effect_of(EFFECT_NONE);
	}
	struct level *level = &app->stack[app->depth++];

	*level = (struct level){.view = view, .state = state};
	widget_init(&level->widget);
	app->call_ticket = 0;
	app->job_ticket = 0;
	return view->open(state, &app->actual->model, effect, &event);
}

static struct effect back(struct app *app, const struct effect *effect)
{
	for (unsigned i = effect->levels == 0 ? 1 : effect->levels; i > 0 && app->depth > 0; i--)
		pop(app);
	if (app->depth == 0) {
		app->quit = true;
		return effect_of(EFFECT_NONE);
	}
	struct event event = {.kind = EVENT_RESUMED, .now = app_now(app)};
	struct level *top = effects_top(app);

	return top->view->act(top->state, &app->actual->model, &event);
}

/* What it names may live in the state of a screen that is left: kept until the new one is open. */
static struct effect open_screen(struct app *app, const struct effect *effect)
{
	char folio[MODEL_FOLIO] = "";
	char de[MODEL_RFC] = "";
	struct acto acto = {0};
	struct effect copy = *effect;
	size_t leave = effect->levels == 0 ? 1 : effect->levels;

	(void)snprintf(folio, sizeof(folio), "%s", effect->folio != NULL ? effect->folio : "");
	copy.folio = folio;
	(void)snprintf(de, sizeof(de), "%s", effect->de != NULL ? effect->de : "");
	copy.de = effect->de != NULL ? de : NULL;
	if (effect->acto != NULL) {
		acto = *effect->acto;
		copy.acto = &acto;
	}
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

struct effect effects_cover(struct app *app, const struct effect *effect)
{
	if (app->depth == APP_DEPTH)
		pop(app);
	return push(app, effect);
}

void effects_submit(struct app *app, struct job *job)
{
	job->ticket = ++app->ticket;
	app->job_ticket = job->ticket;
	job->cuenta = app->actual;
	worker_submit(app->worker, &job->base);
}

static void prompt(struct app *app, const struct effect *effect)
{
	struct widget *w = &effects_top(app)->widget;

	app->prompt = APP_PROMPT_SCREEN;
	app->asks = effect->asks;
	app->tab = (struct orden_tab){0};
	if (prompt_open(w, effect->text, "") != OK)
		app->front.bell(app->front.ctx);
	else if (effect->asks != 0)
		prompt_note(w, _("Tab muestra qué admite."));
}

static void paper(struct app *app, const struct effect *effect)
{
	if (effect->kind == EFFECT_READ)
		papers_read(app, effect);
	else
		papers_save(app, effect);
}

static struct effect keep(struct app *app, const struct effect *effect)
{
	if (effect->kind == EFFECT_SEEN) {
		keep_seen(app->actual, effect->folio, effect->levels == 0);
		return effect_of(EFFECT_NONE);
	}
	keep_draft(app->actual, effect->folio, effect->text);
	return effect->levels != 0 ? back(app, effect) : effect_of(EFFECT_NONE);
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
	case EFFECT_PERFIL:
		return perfiles_go(app, effect);
	case EFFECT_LOCK:
		return unlock_forget(app);
	case EFFECT_CALL:
		calls_route(app, effect->route, &effect->request, effect->expires);
		break;
	case EFFECT_ENTER:
		calls_enter(app);
		break;
	case EFFECT_CANCEL:
		app->call_ticket = 0;
		app->job_ticket = 0;
		break;
	case EFFECT_UNLOCK:
		unlock_begin(app, effect);
		break;
	case EFFECT_SAVE:
	case EFFECT_EXTERNAL:
	case EFFECT_READ:
		paper(app, effect);
		break;
	case EFFECT_BULK:
		bulk_start(app, effect);
		break;
	case EFFECT_COPY:
		app->front.copy(app->front.ctx, effect->text);
		break;
	case EFFECT_PROMPT:
		prompt(app, effect);
		break;
	case EFFECT_SYNC:
		calls_sync(app);
		break;
	case EFFECT_FORGET:
		acts_forget(app->actual->client, &app->actual->model);
		break;
	case EFFECT_SEEN:
	case EFFECT_KEEP:
		return keep(app, effect);
	case EFFECT_REDRAW:
		app->front.redraw(app->front.ctx);
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
	while (effect.kind != EFFECT_NONE && !app->quit) {
		perfiles_fill(app);
		effect = step(app, &effect);
	}
}

void effects_event(struct app *app, struct event event)
{
	struct level *top = effects_top(app);

	if (top == NULL)
		return;
	event.now = app_now(app);
	perfiles_fill(app);
	effects_do(app, top->view->act(top->state, &app->actual->model, &event));
}

static void end_job(struct app *app, struct job *job)
{
	bool wanted = job->ticket == app->job_ticket;

	if (job->kind == JOB_KEEP)
		keep_end(job);
	if (job->kind == JOB_LOAD)
		keep_used(job);
	if (job->bulk != 0) {
		bulk_job(app, job);
		return;
	}
	if (job->kind == JOB_LOAD)
		calls_loaded(app, job);
	if (job->kind == JOB_SHARE)
		unlock_shared(job);
	if (job->kind == JOB_READ)
		papers_end_read(job);
	if (!wanted)
		return;
	app->job_ticket = 0;
	if (job->kind == JOB_UNLOCK) {
		app->starting = false;
		unlock_end(app, job);
	}
	if (job->kind == JOB_SAVE)
		papers_end_save(app, job);
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
