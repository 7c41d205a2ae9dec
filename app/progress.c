#include "app/progress.h"

#include "app/cuenta.h"
#include "base/clock.h"

#define SILENT_MS 200
#define STEP_MS 500

/* Asked for by hand, beside the long poll. */
static bool is_sync(const struct app *app, const struct app_call *call)
{
	return call->used && call->route == ROUTE_ID_sincronizar && call->cuenta == app->actual;
}

/* What the top screen waits for, else a synchronisation that is not a long poll at rest. */
static const struct app_call *waited(const struct app *app)
{
	for (size_t i = 0; i < APP_CALLS; i++)
		if (app->calls[i].used && app->call_ticket != 0 &&
			app->calls[i].ticket == app->call_ticket)
			return &app->calls[i];
	for (size_t i = 0; i < APP_CALLS; i++)
		if (is_sync(app, &app->calls[i]))
			return &app->calls[i];
	return app->actual->sync.used && !app->actual->sync_rests ? &app->actual->sync : NULL;
}

static enum fase fase_of(enum http_out_phase phase)
{
	switch (phase) {
	case HTTP_OUT_QUEUED:
	case HTTP_OUT_RESOLVING:
	case HTTP_OUT_CONNECTING:
	case HTTP_OUT_TLS:
		return FASE_CONECTANDO;
	case HTTP_OUT_SENDING:
		return FASE_ENVIANDO;
	case HTTP_OUT_WAITING:
		return FASE_ESPERANDO;
	case HTTP_OUT_RECEIVING:
		return FASE_RECIBIENDO;
	}
	return FASE_NADA;
}

/*
 * A document comes in parts, the next like the last: how much of the whole is here. Before the
 * first one is, nothing is known but that answer.
 */
static void count_document(struct cuenta *c, const struct http_out_progress *p, const char *folio,
	struct model_linea *l)
{
	const struct model_documento *d = model_documento(&c->model, folio);
	int64_t part;

	if (d == NULL)
		return;
	part = d->m.total - d->recibido < d->parte ? d->m.total - d->recibido : d->parte;
	l->bytes = d->recibido + (p->total > 0 ? part * p->received / p->total : 0);
	l->total = d->m.total;
}

static void describe(const struct app *app, const struct app_call *call,
	const struct http_out_progress *p, struct model_linea *l)
{
	int64_t since = clock_monotonic() - p->since;

	l->fase = fase_of(p->phase);
	l->fase_desde = cuenta_now(call->cuenta) - since;
	l->que = route_row(call->route)->name;
	l->bytes = p->received;
	l->total = p->total;
	l->cancela = call->ticket != 0;
	/* Its parts are one to the person. */
	if (call->route == ROUTE_ID_documento && l->fase == FASE_RECIBIENDO)
		l->fase_desde = cuenta_now(call->cuenta) - (clock_monotonic() - app->paper_since);
	if (call->route == ROUTE_ID_documento)
		count_document(call->cuenta, p, call->folio, l);
}

void progress_tick(struct app *app)
{
	int64_t now = clock_monotonic();
	const struct app_call *call = waited(app);
	struct model_linea *l = &app->actual->model.linea;
	struct http_out_progress p;

	if (call == NULL || !client_progress(app->actual->client, call, &p) ||
		now - p.started < SILENT_MS) {
		app->dirty = app->dirty || l->fase != FASE_NADA;
		l->fase = FASE_NADA;
		return;
	}
	if (l->fase != FASE_NADA && now - app->progress_at < STEP_MS)
		return;
	app->progress_at = now;
	describe(app, call, &p, l);
	app->dirty = true;
}

int64_t progress_patience(const struct app *app)
{
	int64_t now = clock_monotonic();
	const struct app_call *call = waited(app);
	struct http_out_progress p;

	if (call == NULL || !client_progress(app->actual->client, call, &p))
		return INT64_MAX;
	if (now - p.started < SILENT_MS)
		return p.started + SILENT_MS - now;
	/* What stands still says so with the instant since when: no need to say it again. */
	if (p.phase != HTTP_OUT_RECEIVING && fase_of(p.phase) == app->actual->model.linea.fase)
		return INT64_MAX;
	return app->progress_at + STEP_MS > now ? app->progress_at + STEP_MS - now : 0;
}
