#include "app/app.h"

#include <stdarg.h>
#include <stdio.h>
#include "app/calls.h"
#include "app/cuenta.h"
#include "app/effects.h"
#include "app/jobs.h"
#include "app/perfiles.h"
#include "app/progress.h"
#include "app/sync.h"
#include "app/unlock.h"
#include "base/clock.h"
#include "base/mem.h"

#define MINUTE_MS 60000
#define PAGE_MINUTES 30

static struct cuenta *find(struct app *app, const struct perfil *p)
{
	for (size_t i = 0; i < app->count; i++)
		if (app->cuentas[i].perfil == p)
			return &app->cuentas[i];
	return app->cuentas;
}

enum err app_open(struct app *app, const struct config_app *config, const char *perfil,
	const struct front *front)
{
	const struct perfil *p;
	enum err err = config_app_perfil(config, perfil, &p);

	if (err != OK)
		return err;
	*app = (struct app){.front = *front,
		.config = config,
		.bloqueo_ms = config->bloqueo_ms,
		.until = INT64_MAX};
	app->cuentas = mem_zalloc(config->perfiles_count * sizeof(*app->cuentas));
	if (app->cuentas == NULL)
		return ERR_NO_MEMORY;
	app->count = config->perfiles_count;
	for (size_t i = 0; i < app->count; i++)
		cuenta_init(&app->cuentas[i], app, &config->perfiles[i]);
	app->actual = find(app, p);
	app_seen(app);
	err = perfiles_open(app);
	if (err != OK) {
		app_close(app);
		return err;
	}
	effects_do(app, effect_to(EFFECT_OPEN, SCREEN_acceso, NULL));
	return effects_top(app) != NULL ? OK : ERR_NO_MEMORY;
}

static void run_network(struct worker_job *base)
{
	struct job *job = (struct job *)base;

	job->err = http_out_setup();
}

enum err app_start(struct app *app, int clave_fd)
{
	struct job *network = NULL;
	enum err err = http_out_open(&app->out);

	if (err == OK)
		err = worker_start(&app->worker);
	if (err == OK)
		err = cuenta_open(app->actual);
	if (err == OK)
		err = job_make(JOB_NETWORK, run_network, &network);
	if (err != OK)
		return err;
	app->starting = unlock_start(app, clave_fd);
	worker_submit(app->worker, &network->base);
	app->dirty = true;
	return OK;
}

void app_close(struct app *app)
{
	effects_leave_all(app);
	keep_finish(app);
	worker_stop(app->worker);
	for (size_t i = 0; i < app->count; i++)
		cuenta_close(&app->cuentas[i]);
	perfiles_close(app);
	mem_free(app->cuentas);
	http_out_close(app->out);
	*app = (struct app){0};
}

int64_t app_now(const struct app *app)
{
	return cuenta_now(app->actual);
}

void app_seen(struct app *app)
{
	app->last_key = clock_monotonic();
	if (app->notice[0] == '\0')
		return;
	app->notice[0] = '\0';
	app->dirty = true;
}

void app_say(struct app *app, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(app->notice, sizeof(app->notice), format, args);
	va_end(args);
	app->dirty = true;
}

/*
 * Monotonic ms at which all is locked; INT64_MAX: there is nothing to lock. Whichever profile is in
 * front: all of them are open to who sits there.
 */
static int64_t lock_at(const struct app *app)
{
	bool entered = false;

	for (size_t i = 0; i < app->count; i++)
		entered = entered || app->cuentas[i].model.entrado;
	return entered && app->bloqueo_ms > 0 &&
			       app->stack[app->depth - 1].view->screen != SCREEN_bloqueo
		       ? app->last_key + app->bloqueo_ms
		       : INT64_MAX;
}

void app_tick(struct app *app)
{
	int64_t minute = app_now(app) / MINUTE_MS;

	effects_worked(app);
	for (size_t i = 0; i < app->count && !app->quit; i++) {
		if (app->cuentas[i].client == NULL)
			continue;
		(void)keep_mend(&app->cuentas[i]);
		sync_tick(&app->cuentas[i]);
		calls_flush(&app->cuentas[i]);
	}
	if (app->quit)
		return;
	if (clock_monotonic() >= lock_at(app))
		effects_do(app, effect_of(EFFECT_LOCK));
	progress_tick(app);
	if (app_now(app) >= app->until) {
		app->until = INT64_MAX;
		app->dirty = true;
	}
	if (minute != app->minute) {
		for (size_t i = 0; i < app->count; i++)
			cuenta_judge(&app->cuentas[i]);
		app->clock = true;
		/* What a page says of today and of the hours of notification (7.2) turns with
		 * these. */
		app->dirty = app->dirty || minute % PAGE_MINUTES == 0;
	}
	app->minute = minute;
}

int app_patience(const struct app *app)
{
	int64_t now = clock_monotonic();
	int64_t left = MINUTE_MS - app_now(app) % MINUTE_MS;

	for (size_t i = 0; i < app->count; i++) {
		const struct cuenta *c = &app->cuentas[i];

		if (!c->sync.used && c->client != NULL && c->sync_at != INT64_MAX &&
			c->sync_at - now < left)
			left = c->sync_at - now;
		if (c->model.por_enviar > 0 && left > APP_FLUSH_MS)
			left = APP_FLUSH_MS;
	}
	if (app->until - app_now(app) < left)
		left = app->until - app_now(app);
	if (progress_patience(app) < left)
		left = progress_patience(app);
	if (lock_at(app) - now < left)
		left = lock_at(app) - now;
	return left < 0 ? 0 : (int)left;
}
