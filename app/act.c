#include "app/act.h"

#include "app/effects.h"
#include "screens/orden.h"

static bool go_profile(struct app *app, const char *name)
{
	struct effect effect = effect_to(EFFECT_PERFIL, SCREEN_acceso, NULL);

	for (size_t i = 0; i < app->count; i++) {
		if (strcmp(app->cuentas[i].perfil->nombre, name) != 0)
			continue;
		effect.perfil = i;
		effects_do(app, effect);
		return true;
	}
	return false;
}

/* The two lists over all profiles lead to each other without growing the stack. */
static void to_all(struct app *app, enum screen to)
{
	enum screen from = effects_top(app)->view->screen;
	bool one = from == SCREEN_perfiles || from == SCREEN_vencimientos;

	effects_do(app, effect_to(one ? EFFECT_REPLACE : EFFECT_OPEN, to, NULL));
}

static bool own(struct app *app, enum action a, const char *argument)
{
	struct effect help = effect_to(EFFECT_OPEN, SCREEN_ayuda, NULL);

	switch (a) {
	case ACTION_quit:
		app->quit = true;
		return true;
	case ACTION_redraw:
		effects_do(app, effect_of(EFFECT_REDRAW));
		return true;
	case ACTION_help:
	case ACTION_form_help:
		help.of = effects_top(app)->view->screen;
		effects_do(app, help);
		return true;
	case ACTION_profiles:
	case ACTION_form_profiles:
		if (argument == NULL || !go_profile(app, argument))
			to_all(app, SCREEN_perfiles);
		return true;
	case ACTION_due:
		to_all(app, SCREEN_vencimientos);
		return true;
	default:
		return false;
	}
}

void act_do(struct app *app, const struct page *page, enum action a, const char *argument)
{
	(void)page;
	if (!own(app, a, argument))
		effects_event(
			app, (struct event){.kind = EVENT_ACTION, .action = a, .value = argument});
}

bool act_menu(struct app *app, const struct page *page, enum screen to)
{
	enum screen from = effects_top(app)->view->screen;

	/* Only where nothing that was typed could be lost. */
	if (to == SCREEN_COUNT || page->kind == PAGE_FORM || page->kind == PAGE_DIALOG ||
		!app->actual->model.entrado || from == SCREEN_bloqueo || from == SCREEN_acceso)
		return false;
	if (from != to)
		effects_do(app, effect_to(EFFECT_MENU, to, NULL));
	return true;
}

static enum err names_of(struct arena *a, const struct app *app, struct orden_profiles *ret)
{
	const char **names = arena_array(a, app->count, sizeof(*names));

	if (names == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < app->count; i++)
		names[i] = app->cuentas[i].perfil->nombre;
	*ret = (struct orden_profiles){names, app->count};
	return OK;
}

enum err act_line(struct app *app, const struct page *page, struct arena *a, const char *line,
	const char **ret_say)
{
	enum screen screen = effects_top(app)->view->screen;
	struct orden_profiles profiles;
	struct orden orden;
	enum err err = names_of(a, app, &profiles);

	if (err == OK)
		err = orden_parse(a, screen, &profiles, line, &orden);
	if (err != OK)
		return err;
	*ret_say = orden.kind == ORDEN_NOTHING ? orden.say : NULL;
	if (orden.kind == ORDEN_ACTION)
		act_do(app, page, orden.action, orden.argument);
	if (orden.kind == ORDEN_SCREEN && !act_menu(app, page, orden.screen))
		app->front.bell(app->front.ctx);
	return OK;
}

void act_prompt(struct app *app, const struct page *page, const struct widget_event *w)
{
	struct level *top = effects_top(app);

	(void)page;
	app->dirty = true;
	if (w->kind != WIDGET_ENTERED)
		return;
	effects_event(app, (struct event){.kind = EVENT_ENTERED, .value = w->value});
	/* The screen may have been left for another meanwhile. */
	if (effects_top(app) == top)
		prompt_close(&top->widget);
}
