#include "app/interactive.h"

#include "app/act.h"
#include "app/effects.h"
#include "app/paint.h"
#include "base/clock.h"

/* Longer than an e.firma and its local copy take to open; after that the form is shown. */
#define FIRST_FRAME_MS 250

struct session {
	struct app app;
	struct term *term;
	struct paint paint;
};

static void action(struct session *s, uint32_t key)
{
	enum action a = action_of_key(effects_top(&s->app)->view->screen, key);

	if (a != ACTION_COUNT)
		act_do(&s->app, &s->paint.page, a, NULL);
	else if (!act_menu(&s->app, &s->paint.page, screen_of_key(key)))
		term_bell(s->term);
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
	case WIDGET_COMPLETE:
	case WIDGET_HISTORY:
		act_prompt(&s->app, &s->paint.page, w);
		return;
	default:
		s->app.dirty = true;
		return;
	}
	effects_event(&s->app, event);
}

/* A cursor that moved within what is seen costs eight bytes, not a page. */
static void light_move(struct session *s, const struct widget_event *w)
{
	bool dirty = s->app.dirty;

	widget_event(s, w);
	s->app.dirty = dirty;
	if (!dirty)
		draw_marker(s->term, &effects_top(&s->app)->widget);
}

static void key(struct session *s, const struct key_event *e)
{
	struct widget_event w = {0};
	struct level *top = effects_top(&s->app);

	app_seen(&s->app);
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

	while (!s->app.quit && term_key(s->term, &e)) {
		key(s, &e);
		if (s->app.dirty && !s->app.quit) {
			s->app.dirty = false;
			paint(&s->paint, &s->app, s->term);
		}
	}
}

static enum err loop(struct session *s)
{
	struct http_out_fd fds[2] = {{.fd = term_fd(s->term)}, {.fd = worker_fd(s->app.worker)}};
	enum err err = OK;

	while (err == OK && !s->app.quit) {
		keys(s);
		if (s->app.quit)
			break;
		app_tick(&s->app);
		if (s->app.quit)
			break;
		if (s->app.dirty) {
			s->app.dirty = false;
			paint(&s->paint, &s->app, s->term);
		} else if (s->app.clock) {
			paint_clock(&s->paint, &s->app, s->term);
		}
		s->app.clock = false;
		term_idle(s->term);
		err = http_out_wait(s->app.out, fds, 2, app_patience(&s->app));
	}
	return err;
}

/* Before the terminal is ours there is nothing to ring, nor to hand over. */
static void front_bell(void *ctx)
{
	struct session *s = ctx;

	if (s->term != NULL)
		term_bell(s->term);
}

static void front_suspend(void *ctx)
{
	struct session *s = ctx;

	if (s->term != NULL)
		term_suspend(s->term);
}

static void front_resume(void *ctx)
{
	struct session *s = ctx;

	if (s->term != NULL)
		term_resume(s->term);
}

static void front_copy(void *ctx, const char *text)
{
	struct session *s = ctx;

	enum err err = s->term != NULL ? term_copy(s->term, text) : ERR_NO_TERMINAL;

	if (err != OK)
		app_say(&s->app, "%s", err_sentence(err));
}

static void front_redraw(void *ctx)
{
	struct session *s = ctx;

	if (s->term != NULL)
		term_redraw(s->term);
}

/* What is kept comes in a few ms: one frame is painted, not two. */
static enum err first_frame(struct session *s)
{
	struct http_out_fd fd = {.fd = worker_fd(s->app.worker)};
	int64_t until = clock_monotonic() + FIRST_FRAME_MS;
	enum err err = OK;

	for (int64_t left;
		err == OK && s->app.starting && (left = until - clock_monotonic()) > 0;) {
		err = http_out_wait(s->app.out, &fd, 1, (int)left);
		effects_worked(&s->app);
	}
	return err;
}

static enum err run(struct session *s, int clave_fd)
{
	enum err err = app_start(&s->app, clave_fd);

	if (err == OK)
		err = term_start(&s->term);
	if (err == OK)
		err = first_frame(s);
	if (err == OK)
		err = loop(s);
	return err;
}

enum err interactive_run(const struct config_app *config, const char *perfil, int clave_fd)
{
	static struct session session;
	struct session *s = &session;
	const struct front front = {
		s, front_bell, front_suspend, front_resume, front_redraw, front_copy};
	enum err err = zona_setup();

	if (err == OK)
		err = app_open(&s->app, config, perfil, &front);
	if (err != OK)
		return err;
	paint_init(&s->paint);
	err = run(s, clave_fd);
	term_stop(s->term);
	app_close(&s->app);
	paint_free(&s->paint);
	return err;
}
