#include "app/bulk.h"

#include <stdio.h>
#include "app/calls.h"
#include "app/cuenta.h"
#include "app/effects.h"
#include "app/folders.h"
#include "base/texto.h"

#define ALLOWANCE ((size_t)4 << 20)

static void next(struct app *app);

bool bulk_active(const struct app *app)
{
	return app->bulk.cuenta != NULL;
}

static void tell(struct app *app)
{
	struct bulk *b = &app->bulk;

	b->cuenta->model.descarga =
		(struct model_descarga){.hechas = b->at, .total = bulk_active(app) ? b->count : 0};
	app->dirty = true;
}

/* What came of it, for the screen that is on top: nothing that was asked for is left unsaid. */
static void end(struct app *app, bool cancelled)
{
	struct bulk *b = &app->bulk;
	struct cuenta *c = b->cuenta;
	ARENA(a, ALLOWANCE);
	const char *folder = folders_data(&a, c->perfil->nombre, "");
	/* What failed for good is among what is missing; why comes before where. */
	size_t missing = b->count - b->at + b->failed;
	const char *left = missing == 0 ? ""
			   : !cancelled ? arena_printf(&a, _("; faltaron %zu"), missing)
			   : b->failed == 0
				   ? arena_printf(&a, _("; cancelado, faltaron %zu"), missing)
				   : arena_printf(&a, _("; faltaron %zu (d los pide)"), missing);
	const char *failed = b->failed > 0 ? arena_printf(&a, ": %s", err_sentence(b->err)) : "";
	const char *value = NULL;

	if (folder != NULL && left != NULL && failed != NULL)
		value = arena_printf(&a, _("%zu de %zu documentos y %zu acuses%s%s · en %s"),
			b->documents, b->count, b->acuses, left, failed, folder);
	b->cuenta = NULL;
	c->model.descarga = (struct model_descarga){0};
	app->dirty = true;
	if (c == app->actual)
		effects_event(app, (struct event){.kind = EVENT_SAVED,
					   .err = value != NULL ? OK : ERR_NO_MEMORY,
					   .value = value});
	arena_free(&b->arena);
}

void bulk_cancel(struct app *app)
{
	if (bulk_active(app))
		end(app, true);
}

/* Of this paper alone; after any other failure the rest would only fail one by one. */
static bool is_own(enum err err)
{
	return err == ERR_NOT_FOUND || err == ERR_BAD_EVIDENCE || err == ERR_BAD_SEAL ||
	       err == ERR_BAD_ANSWER;
}

static void fail(struct app *app, enum err err)
{
	struct bulk *b = &app->bulk;

	b->failed++;
	b->err = err;
	b->at++;
	b->step = BULK_LOAD;
	if (is_own(err))
		next(app);
	else
		end(app, true);
}

static void submit(struct app *app, struct job *job)
{
	job->cuenta = app->bulk.cuenta;
	job->bulk = app->bulk.number;
	worker_submit(app->worker, &job->base);
}

/* ---- steps ---- */

static void on_call(void *context, const struct client_result *result)
{
	struct app_call *call = context;
	struct cuenta *c = call->cuenta;
	struct app *app = c->app;
	enum err err = result->err;

	call->used = false;
	if (err == OK)
		err = calls_take(c, call->route, result->answer, result->json);
	/* A download that is asked for again after a cut fetches only what is missing. */
	if (err == OK)
		calls_keep(c, call->route, result);
	if (!bulk_active(app) || call->ticket != app->bulk.number)
		return;
	if (err != OK)
		fail(app, err);
	else
		next(app);
}

static void fetch(struct app *app, enum route route, const void *request)
{
	struct bulk *b = &app->bulk;
	struct app_call *call = &app->bulk_call;

	/* A call of a download that was given up is still under way: it ends soon enough. */
	if (call->used) {
		fail(app, ERR_TOO_MANY);
		return;
	}
	*call = (struct app_call){b->cuenta, true, route, b->number, ""};
	enum err err = client_call(b->cuenta->client, route, request, 0, on_call, call);

	if (err == OK)
		return;
	call->used = false;
	fail(app, err);
}

static void load(struct app *app, const char *folio)
{
	struct job *job = NULL;
	enum err err = calls_load_job(app->bulk.cuenta, folio, &job);

	app->bulk.step = BULK_FETCH;
	if (err == OK)
		submit(app, job);
	else
		next(app);
}

static void fetch_document(struct app *app, const char *folio)
{
	struct bulk *b = &app->bulk;
	const struct model_documento *d = model_documento(&b->cuenta->model, folio);
	struct m_documento_pedir request = {.folio = folio};

	if (d != NULL && model_documento_whole(d)) {
		b->step = BULK_SAVE;
		next(app);
		return;
	}
	request.desde = d != NULL ? d->recibido : 0;
	fetch(app, ROUTE_ID_documento, &request);
}

static void save_document(struct app *app, const char *folio)
{
	ARENA(a, ALLOWANCE);
	struct bulk *b = &app->bulk;
	const struct model_documento *d = model_documento(&b->cuenta->model, folio);
	const char *folder = folders_data(&a, b->cuenta->perfil->nombre, "documentos");
	struct job *job = NULL;
	enum err err = d == NULL || folder == NULL ? ERR_NO_MEMORY : OK;

	if (err == OK && !d->proof.holds)
		err = ERR_BAD_EVIDENCE;
	if (err == OK)
		err = job_save_documento(d, folder, &job);
	b->step = BULK_ACUSE;
	if (err == OK)
		submit(app, job);
	else
		fail(app, err);
}

/* Its acuse is named by the row; a lapse may have none yet. */
static void fetch_acuse(struct app *app, const char *folio)
{
	ARENA(a, ALLOWANCE);
	struct bulk *b = &app->bulk;
	struct model *m = &b->cuenta->model;
	struct m_acuse_pedir request = {0};
	struct job *job = NULL;
	struct fila row;
	enum err err = tabla_find(&m->tabla, &a, folio, &row);

	if (err != OK && err != ERR_NOT_FOUND) {
		fail(app, err);
		return;
	}
	/* What was published is no notification, and has none. */
	if (err == ERR_NOT_FOUND || row.m.acuse == NULL) {
		b->at++;
		b->step = BULK_LOAD;
		next(app);
		return;
	}
	const struct model_acuse *acuse = model_acuse(m, row.m.acuse);

	if (acuse == NULL) {
		request.folio = row.m.acuse;
		fetch(app, ROUTE_ID_acuse, &request);
		return;
	}
	err = job_save_acuse(
		acuse, client_trust(b->cuenta->client), client_acuses(b->cuenta->client), &job);
	b->step = BULK_SAVE_ACUSE;
	if (err == OK)
		submit(app, job);
	else
		fail(app, err);
}

static void next(struct app *app)
{
	struct bulk *b = &app->bulk;

	tell(app);
	if (b->at == b->count) {
		end(app, false);
		return;
	}
	switch (b->step) {
	case BULK_LOAD:
		load(app, b->folios[b->at]);
		break;
	case BULK_FETCH:
		fetch_document(app, b->folios[b->at]);
		break;
	case BULK_SAVE:
		save_document(app, b->folios[b->at]);
		break;
	case BULK_ACUSE:
	case BULK_SAVE_ACUSE:
		fetch_acuse(app, b->folios[b->at]);
		break;
	}
}

void bulk_job(struct app *app, struct job *job)
{
	struct bulk *b = &app->bulk;

	if (job->kind == JOB_LOAD && job->err == OK)
		(void)!calls_take_loaded(job);
	if (!bulk_active(app) || job->bulk != b->number)
		return;
	if (job->kind == JOB_SAVE && job->err != OK) {
		fail(app, job->err);
		return;
	}
	if (job->kind == JOB_SAVE && job->document)
		b->documents++;
	if (job->kind == JOB_SAVE && !job->document) {
		b->acuses++;
		b->at++;
		b->step = BULK_LOAD;
	}
	next(app);
}

void bulk_start(struct app *app, const struct effect *effect)
{
	struct bulk *b = &app->bulk;
	const char **folios;

	if (bulk_active(app)) {
		effects_event(app, (struct event){.kind = EVENT_SAVED, .err = ERR_TOO_MANY});
		return;
	}
	arena_init(&b->arena, ALLOWANCE);
	folios = arena_array(&b->arena, effect->folio_count, sizeof(*folios));
	for (size_t i = 0; folios != NULL && i < effect->folio_count; i++) {
		folios[i] = arena_strdup(&b->arena, effect->folios[i]);
		if (folios[i] == NULL)
			folios = NULL;
	}
	if (folios == NULL) {
		arena_free(&b->arena);
		effects_event(app, (struct event){.kind = EVENT_SAVED, .err = ERR_NO_MEMORY});
		return;
	}
	*b = (struct bulk){.arena = b->arena,
		.cuenta = app->actual,
		.folios = folios,
		.count = effect->folio_count,
		.number = b->number + 1};
	next(app);
}
