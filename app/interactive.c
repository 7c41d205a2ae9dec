#include "app/interactive.h"

#include "app/acts.h"
#include "app/effects.h"
#include "app/paint.h"
#include "app/sync.h"
#include "base/clock.h"

#define MINUTE_MS 60000

struct session {
	struct app app;
	struct paint paint;
	int64_t last_key; /* monotonic */
	int64_t minute;	  /* on the clock that is shown */
	int bloqueo_min;
};

static bool is_form(const struct session *s)
{
	return s->paint.page.kind == PAGE_FORM;
}

/* The menu's keys lead away only where nothing that was typed could be lost. */
static bool menu_key(struct session *s, uint32_t key)
{
	enum screen to = screen_of_key(key);
	enum screen from = effects_top(&s->app)->view->screen;

	if (to == SCREEN_COUNT || is_form(s) || s->paint.page.kind == PAGE_DIALOG ||
		!s->app.model.entrado || from == SCREEN_bloqueo || from == SCREEN_acceso)
		return false;
	if (from != to)
		effects_do(&s->app, effect_to(EFFECT_MENU, to, NULL));
	return true;
}

static void action(struct session *s, uint32_t key)
{
	enum screen screen = effects_top(&s->app)->view->screen;
	enum action a = action_of_key(screen, key);

	if (a == ACTION_COUNT) {
		if (!menu_key(s, key))
			term_bell(s->app.term);
		return;
	}
	if (a == ACTION_quit)
		s->app.quit = true;
	else if (a == ACTION_redraw)
		effects_do(&s->app, effect_of(EFFECT_REDRAW));
	else if (a == ACTION_help || a == ACTION_form_help)
		effects_do(&s->app,
			(struct effect){.kind = EFFECT_OPEN, .screen = SCREEN_ayuda, .of = screen});
	else
		effects_event(&s->app, (struct event){.kind = EVENT_ACTION, .action = a});
}

static void widget_event(struct session *s, const struct widget_event *w)
{
	struct event event = {.index = w->index, .key = w->key, .value = w->value};

	switch (w->kind) {
	case WIDGET_MOVED:
		event.kind = EVENT_MOVED;
		break;
	case WIDGET_CHANGED:
		event.kind = EVENT_CHANGED;
		break;
	case WIDGET_LEFT:
		event.kind = EVENT_LEFT;
		break;
	case WIDGET_PRESSED:
		event.kind = EVENT_PRESSED;
		break;
	case WIDGET_ENTERED:
		event.kind = EVENT_ENTERED;
		break;
	default:
		s->app.dirty = true;
		return;
	}
	effects_event(&s->app, event);
	if (w->kind == WIDGET_ENTERED)
		prompt_close(&effects_top(&s->app)->widget);
}

/* A cursor that moved within what is seen costs eight bytes, not a page. */
static void light_move(struct session *s, const struct widget_event *w)
{
	bool dirty = s->app.dirty;

	widget_event(s, w);
	s->app.dirty = dirty;
	if (!dirty)
		draw_marker(s->app.term, &effects_top(&s->app)->widget);
}

static void key(struct session *s, const struct key_event *e)
{
	struct widget_event w = {0};
	struct level *top = effects_top(&s->app);

	s->last_key = clock_monotonic();
	if (e->kind == KEY_KIND_EOF)
		s->app.quit = true;
	else if (e->kind == KEY_KIND_RESIZE)
		s->app.dirty = true;
	else if (e->kind == KEY_KIND_KEY && e->key == KEYS_CTRL('c'))
		s->app.quit = true;
	else if (widget_key(&top->widget, &s->paint.page, e, &w)) {
		if (w.kind == WIDGET_MOVED && w.light)
			light_move(s, &w);
		else
			widget_event(s, &w);
	} else if (e->kind == KEY_KIND_KEY)
		action(s, e->key);
}

/* Each key is judged by the page that it was meant for: painted before the next is taken. */
static void keys(struct session *s)
{
	struct key_event e;

	while (!s->app.quit && term_key(s->app.term, &e)) {
		key(s, &e);
		if (s->app.dirty && !s->app.quit) {
			s->app.dirty = false;
			paint(&s->paint, &s->app);
		}
	}
}

static void idle_lock(struct session *s)
{
	int64_t idle = clock_monotonic() - s->last_key;

	if (s->bloqueo_min > 0 && s->app.model.entrado &&
		idle >= (int64_t)s->bloqueo_min * MINUTE_MS)
		effects_do(&s->app, effect_of(EFFECT_LOCK));
}

static void tick(struct session *s)
{
	int64_t minute = effects_now(&s->app) / MINUTE_MS;

	effects_tick(&s->app);
	if (effects_top(&s->app)->view->screen != SCREEN_bloqueo)
		idle_lock(s);
	if (minute != s->minute)
		s->app.dirty = true;
	s->minute = minute;
}

/* Until something must be done without a key: the clock's minute, a synchronisation. */
static int patience(const struct session *s)
{
	int64_t left = MINUTE_MS - effects_now(&s->app) % MINUTE_MS;
	int64_t sync = s->app.sync_at == INT64_MAX ? left : s->app.sync_at - clock_monotonic();

	if (!s->app.sync.used && s->app.model.entrado && sync < left)
		left = sync;
	if (s->app.model.por_enviar > 0 && left > EFFECTS_FLUSH_MS)
		left = EFFECTS_FLUSH_MS;
	return left < 0 ? 0 : (int)left;
}

static enum err loop(struct session *s)
{
	struct http_out_fd fds[2] = {
		{.fd = term_fd(s->app.term)}, {.fd = worker_fd(s->app.worker)}};
	enum err err = OK;

	while (err == OK && !s->app.quit) {
		keys(s);
		if (s->app.quit)
			break;
		effects_worked(&s->app);
		tick(s);
		if (s->app.quit)
			break;
		if (s->app.dirty) {
			s->app.dirty = false;
			paint(&s->paint, &s->app);
		}
		term_idle(s->app.term);
		err = http_out_wait(s->app.out, fds, 2, patience(s));
	}
	return err;
}

/* What the first frame did not need. */
static enum err open_rest(struct session *s)
{
	enum err err = http_out_setup();

	if (err == OK)
		err = http_out_open(&s->app.out);
	if (err == OK)
		err = client_open(s->app.perfil, s->app.out, &s->app.client);
	if (err == OK)
		err = worker_start(&s->app.worker);
	if (err != OK)
		return err;
	s->app.model.trust = client_trust(s->app.client);
	acts_read(s->app.client, &s->app.model);
	s->app.dirty = true;
	return OK;
}

static enum err run(struct session *s)
{
	effects_do(&s->app, effect_to(EFFECT_OPEN, SCREEN_acceso, NULL));
	if (effects_top(&s->app) == NULL)
		return ERR_NO_MEMORY;
	s->app.dirty = false;
	paint(&s->paint, &s->app);
	enum err err = open_rest(s);

	if (err == OK)
		err = loop(s);
	return err;
}

static void close_all(struct session *s)
{
	effects_leave_all(&s->app);
	term_stop(s->app.term);
	worker_stop(s->app.worker);
	client_close(s->app.client);
	http_out_close(s->app.out);
	paint_free(&s->paint);
	model_free(&s->app.model);
}

enum err interactive_run(const struct config_app *config, const char *perfil)
{
	static struct session session;
	struct session *s = &session;
	const struct perfil *p;
	enum err err = config_app_perfil(config, perfil, &p);

	if (err == OK)
		err = zona_setup();
	if (err != OK)
		return err;
	*s = (struct session){.bloqueo_min = config->bloqueo_min, .last_key = clock_monotonic()};
	s->app.perfil = p;
	s->app.sync_at = INT64_MAX;
	model_init(&s->app.model);
	paint_init(&s->paint);
	s->app.model.perfil = (struct model_perfil){.rfc = p->rfc,
		.calidad = p->calidad,
		.certificado = p->certificado,
		.llave = p->llave,
		.servidor = p->servidor,
		.comando = p->clave_comando != NULL};
	err = term_start(&s->app.term);
	if (err == OK)
		err = run(s);
	close_all(s);
	return err;
}
