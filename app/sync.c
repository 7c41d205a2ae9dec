#include "app/sync.h"

#include <stdio.h>
#include "app/cuenta.h"
#include "app/effects.h"
#include "base/clock.h"

#define WAIT_S 50
#define BACKOFF_FIRST 1000
#define BACKOFF_MOST 30000
/* A server that answers a long poll at once with nothing is not asked in a tight loop. */
#define SHORTEST_MS 1000
/* So often the copy is told that it is up to date, though there is nothing new (`agenda` asks). */
#define KEEP_MS (10 * 60000)

static void failed(struct cuenta *c, enum err err)
{
	model_line(&c->model, err, cuenta_now(c));
	c->backoff_ms = c->backoff_ms == 0		   ? BACKOFF_FIRST
			: c->backoff_ms < BACKOFF_MOST / 2 ? c->backoff_ms * 2
							   : BACKOFF_MOST;
	c->sync_at = clock_monotonic() + c->backoff_ms;
	c->model.linea.reintento = cuenta_now(c) + c->backoff_ms;
	/* Nothing but the e.firma helps here: it is asked again once that is open. */
	if (err == ERR_UNKNOWN_KEY && !client_unlocked(c->client)) {
		c->model.linea.reintento = 0;
		c->sync_at = INT64_MAX;
	}
}

/*
 * All is as it was: nothing is written, nor painted while the line was known to be good, for an
 * idle hour on a thin line must cost nothing. A start with an older cursor is told nothing new
 * either.
 */
static void nothing_new(struct cuenta *c, const char *cursor)
{
	bool first = c->model.linea.desde != 0 || c->model.linea.sincronizado == 0;

	(void)snprintf(c->model.cursor, sizeof(c->model.cursor), "%s", cursor);
	c->model.mas = false;
	sync_kept(c, OK);
	c->app->dirty = c->app->dirty || first;
}

/* The next one asks with the cursor that is on disk: no row is skipped by a death between. */
static void on_sync(void *context, const struct client_result *result)
{
	struct cuenta *c = ((struct app_call *)context)->cuenta;
	const struct m_sincronizado *s = result->answer;

	/* What changed since then says nothing to a copy that began anew meanwhile. */
	if (c->sync_old) {
		c->sync_old = false;
		c->sync.used = false;
		sync_now(c);
		return;
	}
	if (result->err != OK) {
		c->app->dirty = true;
		c->sync.used = false;
		failed(c, result->err);
		return;
	}
	c->sync_empty = s->notificaciones_count == 0 && s->publicaciones_count == 0 && !s->mas &&
			s->calendario == NULL && s->cuenta == NULL && s->catalogo == NULL &&
			cuenta_now(c) - c->model.recibido < KEEP_MS;
	c->sync_keeping = true;
	if (c->sync_empty) {
		nothing_new(c, s->cursor);
		return;
	}
	if (!keep_answer(c, ROUTE_ID_sincronizar, result->json))
		sync_kept(c, ERR_NO_MEMORY);
}

void sync_kept(struct cuenta *c, enum err err)
{
	int64_t now = clock_monotonic();

	if (!c->sync_keeping)
		return;
	c->sync_keeping = false;
	c->sync.used = false;
	if (err != OK) {
		failed(c, err);
		return;
	}
	model_line(&c->model, OK, cuenta_now(c));
	c->backoff_ms = 0;
	c->sync_at = now;
	if (c->sync_empty && now - c->sync_started < SHORTEST_MS)
		c->sync_at = now + SHORTEST_MS;
}

void sync_now(struct cuenta *c)
{
	c->sync_at = clock_monotonic();
	c->backoff_ms = 0;
}

void sync_tick(struct cuenta *c)
{
	const struct model *m = &c->model;
	/* The first answers come at once: cursor, calendar, all there is. */
	struct m_sincronizar request = {
		.cursor = m->cursor[0] != '\0' ? m->cursor : NULL,
		.espera_s =
			m->mas || c->sync_asked || m->linea.sincronizado == 0 || m->linea.desde != 0
				? 0
				: WAIT_S,
	};

	if (c->sync.used || clock_monotonic() < c->sync_at)
		return;
	c->sync_started = clock_monotonic();
	c->sync_rests = request.espera_s != 0;
	c->sync_asked = false;
	c->sync.cuenta = c;
	c->sync.route = ROUTE_ID_sincronizar;
	if (request.espera_s == 0)
		c->sync_started -= SHORTEST_MS;
	c->sync.used = true;
	enum err err = client_call(c->client, ROUTE_ID_sincronizar, &request, 0, on_sync, &c->sync);

	if (err == OK)
		return;
	c->sync.used = false;
	c->app->dirty = true;
	failed(c, err);
}
