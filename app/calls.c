#include "app/calls.h"

#include <stdio.h>
#include <string.h>
#include "app/acts.h"
#include "app/cuenta.h"
#include "app/effects.h"
#include "app/sync.h"
#include "base/clock.h"
#include "crypto/sha.h"
#include "ley/documento.h"

/* The answer of a call, to the screen that still waits for it. */
static void deliver(struct app *app, enum route route, enum err err, bool pending, int64_t dato)
{
	struct level *top = effects_top(app);
	struct event event = {.now = app_now(app), .dato = dato};

	app->call_ticket = 0;
	if (top == NULL || top->view->arrived == NULL)
		return;
	effects_do(app,
		top->view->arrived(top->state, &app->actual->model, route, err, pending, &event));
}

/* A document that is whole is checked before any screen says a word about it. */
static enum err check_document(struct cuenta *c, const struct m_documento *part)
{
	struct model_documento *d = model_documento(&c->model, part->folio);

	if (d == NULL || !model_documento_whole(d) || d->proof.count > 0)
		return OK;
	ARENA(a, (size_t)512 << 10);
	struct publicacion published;
	struct documento_firmado says = {.folio = d->folio,
		.publicado = cartelera_find(&c->model.comunicados, &a, d->folio, &published) == OK,
		.titular = client_perfil(c->client)->rfc,
		.cadena = d->m.cadena,
		.firma = d->m.firma,
		.certificado = d->m.certificado};
	enum err err = sha256_hex(&d->arena, bytes_of(d->datos, (size_t)d->recibido), &says.sha256);

	if (err != OK)
		return err;
	return documento_prove(&d->arena, &says, client_trust(c->client), &d->proof);
}

enum err calls_take(struct cuenta *c, enum route route, const void *answer, struct bytes json)
{
	enum err err = model_arrived(&c->model, route, answer, json);

	if (err == OK && route == ROUTE_ID_documento)
		err = check_document(c, answer);
	return err;
}

void calls_keep(struct cuenta *c, enum route route, const struct client_result *result)
{
	const struct m_documento *part = result->answer;
	const struct model_documento *d;

	if (route_row(route)->acuse || route == ROUTE_ID_acuse || route == ROUTE_ID_historia ||
		route == ROUTE_ID_sincronizar)
		(void)keep_answer(c, route, result->json);
	if (route != ROUTE_ID_documento)
		return;
	d = model_documento(&c->model, part->folio);
	if (d != NULL && model_documento_whole(d) && d->proof.holds)
		keep_documento(c, d);
}

static void on_call(void *context, const struct client_result *result)
{
	struct app_call *call = context;
	struct cuenta *c = call->cuenta;
	struct app *app = c->app;
	/* An entry was taken and kept as it came, whoever asked for it: cuenta.c. */
	enum err err = result->err;

	if (err == OK && call->route != ROUTE_ID_entrar) {
		err = calls_take(c, call->route, result->answer, result->json);
		if (err == OK)
			calls_keep(c, call->route, result);
	}

	call->used = false;
	app->dirty = true;
	/* Asked by hand beside a long poll that hangs: the line works all the same. */
	if (err == OK && call->route == ROUTE_ID_sincronizar)
		model_line(&c->model, OK, cuenta_now(c));
	acts_read(c->client, &c->model);
	if (call->ticket != 0 && call->ticket == app->call_ticket)
		deliver(app, call->route, err, result->pending, result->dato);
}

static struct app_call *free_call(struct app *app)
{
	for (size_t i = 0; i < APP_CALLS; i++)
		if (!app->calls[i].used)
			return &app->calls[i];
	return NULL;
}

/* Of the paper that is asked for; NULL: it is no paper. */
static const char *folio_of(enum route route, const void *request)
{
	const struct m_documento_pedir *d = request;
	const struct m_acuse_pedir *a = request;

	if (route == ROUTE_ID_acuse)
		return a->folio;
	return route == ROUTE_ID_documento ? d->folio : NULL;
}

static void over_network(struct app *app, enum route route, const void *request, int64_t expires)
{
	struct cuenta *c = app->actual;
	struct app_call *call = free_call(app);

	if (call == NULL) {
		deliver(app, route, ERR_TOO_MANY, false, 0);
		return;
	}
	*call = (struct app_call){c, true, route, ++app->ticket, ""};
	(void)snprintf(call->folio, sizeof(call->folio), "%s",
		folio_of(route, request) != NULL ? folio_of(route, request) : "");
	app->call_ticket = call->ticket;
	if (strcmp(app->paper, call->folio) != 0) {
		memcpy(app->paper, call->folio, sizeof(app->paper));
		app->paper_since = clock_monotonic();
	}
	enum err err = client_call(c->client, route, request, expires, on_call, call);

	if (err == OK) {
		acts_read(c->client, &c->model);
		return;
	}
	call->used = false;
	deliver(app, route, err, false, 0);
}

/* ---- documents that are kept ---- */

static void run_load(struct worker_job *base)
{
	struct job *job = (struct job *)base;

	job->err =
		local_documento(job->writer, &job->arena, job->folio, &job->documento, &job->pdf);
}

enum err calls_load_job(struct cuenta *c, const char *folio, struct job **ret)
{
	AUTO(job) job = NULL;

	/* In memory there is one connection, and it is the loop's. */
	if (c->keep.writer == NULL || c->keep.writer == c->keep.reader ||
		strlen(folio) >= MODEL_FOLIO)
		return ERR_NOT_FOUND;
	enum err err = job_make(JOB_LOAD, run_load, &job);

	if (err != OK)
		return err;
	job->writer = c->keep.writer;
	job->cuenta = c;
	c->keep.writing++;
	(void)snprintf(job->folio, sizeof(job->folio), "%s", folio);
	*ret = STEAL(job);
	return OK;
}

enum err calls_take_loaded(struct job *job)
{
	job->documento.desde = 0;
	job->documento.datos = job->pdf;
	return calls_take(job->cuenta, ROUTE_ID_documento, &job->documento, (struct bytes){0});
}

static bool load(struct app *app, const char *folio)
{
	struct job *job = NULL;

	if (calls_load_job(app->actual, folio, &job) != OK)
		return false;
	effects_submit(app, job);
	app->call_ticket = app->job_ticket;
	app->job_ticket = 0;
	return true;
}

void calls_loaded(struct app *app, struct job *job)
{
	bool wanted = job->ticket == app->call_ticket && job->cuenta == app->actual;
	struct m_documento_pedir request = {.folio = job->folio};
	enum err err = job->err == OK ? calls_take_loaded(job) : job->err;

	if (!wanted)
		return;
	/* Not kept, or not to be used: the server has it. */
	if (err == OK)
		deliver(app, ROUTE_ID_documento, OK, false, 0);
	else
		over_network(app, ROUTE_ID_documento, &request, 0);
}

void calls_route(struct app *app, enum route route, const void *request, int64_t expires)
{
	const struct m_documento_pedir *d = request;

	if (route != ROUTE_ID_documento || d->desde > 0 || !load(app, d->folio))
		over_network(app, route, request, expires);
}

void calls_enter(struct app *app)
{
	static const struct m_entrar request = {.version = 1, .dispositivo = "buzon-tui"};

	calls_route(app, ROUTE_ID_entrar, &request, 0);
}

void calls_sync(struct app *app)
{
	struct cuenta *c = app->actual;
	struct app_call *call = free_call(app);
	struct m_sincronizar request = {
		.cursor = c->model.cursor[0] != '\0' ? c->model.cursor : NULL};

	if (!c->sync.used || call == NULL) {
		c->sync_asked = true;
		sync_now(c);
		return;
	}
	*call = (struct app_call){c, true, ROUTE_ID_sincronizar, 0, ""};
	if (client_call(c->client, ROUTE_ID_sincronizar, &request, 0, on_call, call) != OK)
		call->used = false;
}

static void on_flushed(void *context, const struct client_result *result)
{
	struct cuenta *c = context;

	/* Of whatever act: only an acuse is kept of what nobody waits for any more. */
	if (result->err == OK && result->answer != NULL &&
		model_arrived(&c->model, result->route, result->answer, result->json) == OK &&
		route_row(result->route)->acuse)
		(void)keep_answer(c, result->route, result->json);
	acts_read(c->client, &c->model);
	c->app->dirty = true;
}

void calls_flush(struct cuenta *c)
{
	int64_t now = clock_monotonic();

	if (c->model.por_enviar == 0 || !c->model.entrado || c->model.linea.desde != 0 ||
		now < c->flush_at)
		return;
	c->flush_at = now + APP_FLUSH_MS;
	client_flush_outbox(c->client, on_flushed, c);
}
