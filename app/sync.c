#include "app/sync.h"

#include "base/clock.h"

#define WAIT_S 50
#define BACKOFF_FIRST 1000
#define BACKOFF_MOST 30000
/* A server that answers a long poll at once with nothing is not asked in a tight loop. */
#define SHORTEST_MS 1000

static void failed(struct app *app, enum err err)
{
	model_line(&app->model, err, effects_now(app));
	app->backoff_ms = app->backoff_ms == 0		       ? BACKOFF_FIRST
			  : app->backoff_ms < BACKOFF_MOST / 2 ? app->backoff_ms * 2
							       : BACKOFF_MOST;
	app->sync_at = clock_monotonic() + app->backoff_ms;
	/* Nothing but the e.firma helps here: it is asked again once that is open. */
	if (err == ERR_UNKNOWN_KEY && !client_unlocked(app->client))
		app->sync_at = INT64_MAX;
}

static void on_sync(void *context, const struct client_result *result)
{
	struct app *app = context;
	const struct m_sincronizado *s = result->answer;
	enum err err = result->err;
	int64_t now = clock_monotonic();

	app->sync.used = false;
	if (err == OK)
		err = model_arrived(&app->model, ROUTE_ID_sincronizar, s, result->json);
	app->dirty = true;
	if (err != OK) {
		failed(app, err);
		return;
	}
	model_line(&app->model, OK, effects_now(app));
	app->backoff_ms = 0;
	app->sync_at = now;
	if (s->notificaciones_count == 0 && !s->mas && now - app->sync_started < SHORTEST_MS)
		app->sync_at = now + SHORTEST_MS;
	effects_event(app, (struct event){.kind = EVENT_CHANGED_MODEL});
}

void sync_now(struct app *app)
{
	app->sync_at = clock_monotonic();
	app->backoff_ms = 0;
}

void sync_tick(struct app *app)
{
	const struct model *m = &app->model;
	/* The first answers come at once: cursor, calendar, all there is. */
	struct m_sincronizar request = {
		.cursor = m->cursor[0] != '\0' ? m->cursor : NULL,
		.espera_s =
			m->mas || m->linea.sincronizado == 0 || m->linea.desde != 0 ? 0 : WAIT_S,
	};

	if (app->sync.used || clock_monotonic() < app->sync_at || !m->entrado)
		return;
	app->sync_started = clock_monotonic();
	if (request.espera_s == 0)
		app->sync_started -= SHORTEST_MS;
	app->sync.used = true;
	enum err err = client_call(app->client, ROUTE_ID_sincronizar, &request, 0, on_sync, app);

	if (err == OK)
		return;
	app->sync.used = false;
	app->dirty = true;
	failed(app, err);
}
