#include "app/act.h"

#include <stdio.h>
#include <string.h>
#include "app/effects.h"
#include "app/outside.h"
#include "base/texto.h"
#include "screens/orden.h"

#define ALLOWANCE ((size_t)1 << 20)

/* ---- actions ---- */

static void open_prompt(struct app *app, enum app_prompt what, const char *label)
{
	struct effect effect = effect_of(EFFECT_PROMPT);

	effect.text = label;
	effects_do(app, effect);
	app->prompt = what;
}

static void search(struct app *app, const struct page *page, const char *needle, bool backwards)
{
	struct widget *w = &effects_top(app)->widget;

	app->dirty = true;
	if (widget_search(w, page, needle, backwards))
		return;
	/* Said first: a front without a bell answers with what was said. */
	app_say(app,
		w->search.needle[0] != '\0' ? _("No hay «%s» en este texto.")
					    : _("Falta decir qué se busca."),
		w->search.needle);
	app->front.bell(app->front.ctx);
}

/* Every text is searched by the toolkit; a list knows its rows itself. */
static bool search_action(
	struct app *app, const struct page *page, enum action a, const char *argument)
{
	if (page->kind != PAGE_TEXT ||
		(a != ACTION_search && a != ACTION_next && a != ACTION_previous))
		return false;
	if (a == ACTION_search && argument == NULL)
		open_prompt(app, APP_PROMPT_SEARCH, "/");
	else
		search(app, page, argument, a == ACTION_previous);
	return true;
}

static void open_commands(struct app *app)
{
	ARENA(a, ALLOWANCE);
	struct cuenta *c = app->actual;
	struct bytes kept;

	/* Each profile has its own: what was typed for one is not another's. */
	if (app->historia_of != c) {
		app->historia = (struct historia){0};
		if (c->keep.reader != NULL && local_get(c->keep.reader, &a, "ordenes", &kept) == OK)
			historia_load(&app->historia, (const char *)kept.data);
		/* Before its copy is open nothing is known of what was typed: asked again. */
		app->historia_of = c->keep.reader != NULL ? c : NULL;
	}
	historia_begin(&app->historia);
	app->tab = (struct orden_tab){0};
	open_prompt(app, APP_PROMPT_COMMAND, ":");
}

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

/* Of the profile in front, once it is known who that is. */
static void to_representatives(struct app *app)
{
	if (app->actual->model.entrado)
		effects_do(app, effect_to(EFFECT_OPEN, SCREEN_representantes, NULL));
	else
		app->front.bell(app->front.ctx);
}

static bool own(struct app *app, const struct page *page, enum action a, const char *argument)
{
	enum screen screen = effects_top(app)->view->screen;
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
		help.of = screen;
		effects_do(app, help);
		return true;
	case ACTION_back:
		if (!bulk_active(app))
			return false;
		bulk_cancel(app);
		return true;
	case ACTION_pager:
		outside_page(app, page);
		return true;
	case ACTION_config:
		outside_config(app);
		return true;
	case ACTION_command:
		open_commands(app);
		return true;
	case ACTION_profiles:
	case ACTION_form_profiles:
		if (argument == NULL || !go_profile(app, argument))
			to_all(app, SCREEN_perfiles);
		return true;
	case ACTION_representatives:
		to_representatives(app);
		return true;
	case ACTION_due:
		to_all(app, SCREEN_vencimientos);
		return true;
	default:
		return search_action(app, page, a, argument);
	}
}

void act_do(struct app *app, const struct page *page, enum action a, const char *argument)
{
	if (!own(app, page, a, argument))
		effects_event(
			app, (struct event){.kind = EVENT_ACTION, .action = a, .value = argument});
}

bool act_menu(struct app *app, const struct page *page, enum screen to)
{
	enum screen from = effects_top(app)->view->screen;
	struct effect effect = effect_to(EFFECT_MENU, to, NULL);

	/* Only where nothing that was typed could be lost. */
	if (to == SCREEN_COUNT || page->kind == PAGE_FORM || page->kind == PAGE_DIALOG ||
		!app->actual->model.entrado || from == SCREEN_bloqueo || from == SCREEN_acceso)
		return false;
	/* Before activation it leads there, and says why (Lineamientos 5.2). */
	if (!screen_abierta(to, model_habilitado(&app->actual->model))) {
		effect.screen = SCREEN_activacion;
		effect.of = to;
	}
	if (from != to)
		effects_do(app, effect);
	return true;
}

/* ---- lines ---- */

/* "tipo R-7.3", "rp B07…", as the rows of the copy have them. */
static enum err filters_of(struct arena *a, const struct app *app, struct orden_profiles *ret)
{
	struct local *l = app->actual->model.local;
	const char **tipos = NULL;
	const char **rps = NULL;
	size_t tipo_count = 0;
	size_t rp_count = 0;

	/* A copy that can't be read offers nothing; the list says why. */
	if (l == NULL || local_tipos(l, a, &tipos, &tipo_count) != OK ||
		local_rps(l, a, &rps, &rp_count) != OK)
		return OK;
	const char **made = arena_array(a, tipo_count + rp_count + 1, sizeof(*made));

	if (made == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < tipo_count + rp_count; i++) {
		made[i] = i < tipo_count ? arena_printf(a, "tipo %s", tipos[i])
					 : arena_printf(a, "rp %s", rps[i - tipo_count]);
		if (made[i] == NULL)
			return ERR_NO_MEMORY;
	}
	ret->filtros = made;
	ret->filtro_count = tipo_count + rp_count;
	return OK;
}

static enum err names_of(struct arena *a, const struct app *app, struct orden_profiles *ret)
{
	const char **names = arena_array(a, app->count, sizeof(*names));

	if (names == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < app->count; i++)
		names[i] = app->cuentas[i].perfil->nombre;
	*ret = (struct orden_profiles){.names = names, .count = app->count};
	return filters_of(a, app, ret);
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
		*ret_say = app->actual->model.entrado
				   ? _("Desde aquí no se puede: termina esto antes, o regresa.")
				   : _("Para ir ahí, entra antes con tu e.firma.");
	return OK;
}

static void remember(struct app *app, const char *line)
{
	ARENA(a, ALLOWANCE);
	const char *text;

	historia_add(&app->historia, line);
	if (historia_text(&app->historia, &a, &text) == OK)
		keep_value(app->actual, "ordenes", bytes_of_text(text));
}

/* A line that says nothing stays open, to be mended. */
static void command_entered(struct app *app, const struct page *page, const char *typed)
{
	ARENA(a, ALLOWANCE);
	struct widget *w = &effects_top(app)->widget;
	const char *line = arena_strdup(&a, typed);
	const char *say = NULL;

	if (line == NULL)
		return;
	prompt_close(w);
	remember(app, line);
	if (act_line(app, page, &a, line, &say) != OK || say == NULL)
		return;
	if (prompt_open(w, ":", line) == OK)
		prompt_note(w, say);
	app->prompt = APP_PROMPT_COMMAND;
}

static void entered(struct app *app, const struct page *page, const char *value)
{
	enum app_prompt what = app->prompt;
	struct level *top = effects_top(app);

	app->prompt = APP_PROMPT_SCREEN;
	app->dirty = true;
	if (what == APP_PROMPT_COMMAND) {
		command_entered(app, page, value);
		return;
	}
	if (what == APP_PROMPT_SEARCH)
		search(app, page, value, false);
	else
		effects_event(app, (struct event){.kind = EVENT_ENTERED, .value = value});
	/* The screen may have been left for another meanwhile. */
	if (effects_top(app) == top)
		prompt_close(&top->widget);
}

/* What is typed into a screen's own prompt is completed as behind its command, which is left out.
 */
static enum err complete_argument(struct app *app, struct arena *a,
	const struct orden_profiles *profiles, const char *typed, const char **ret_line,
	const char **ret_note)
{
	const char *command = action_row(app->asks)->command;
	size_t skip = strlen(command) + 1;
	const char *whole = arena_printf(a, "%s %s", command, typed);
	const char *line = NULL;

	if (whole == NULL)
		return ERR_NO_MEMORY;
	enum err err = orden_complete(
		&app->tab, a, effects_top(app)->view->screen, profiles, whole, &line, ret_note);

	if (err == OK && line != NULL)
		*ret_line = line + skip;
	return err;
}

static void complete(struct app *app, const char *typed)
{
	ARENA(a, ALLOWANCE);
	struct widget *w = &effects_top(app)->widget;
	struct orden_profiles profiles;
	const char *line = NULL;
	const char *note = "";
	enum err err = names_of(&a, app, &profiles);

	if (err == OK && app->prompt == APP_PROMPT_COMMAND)
		err = orden_complete(&app->tab, &a, effects_top(app)->view->screen, &profiles,
			typed, &line, &note);
	else if (err == OK)
		err = complete_argument(app, &a, &profiles, typed, &line, &note);
	if (err != OK || line == NULL || prompt_set(w, line) != OK)
		app->front.bell(app->front.ctx);
	prompt_note(w, note);
}

void act_prompt(struct app *app, const struct page *page, const struct widget_event *w)
{
	bool command = app->prompt == APP_PROMPT_COMMAND;
	const char *line;

	app->dirty = true;
	if (w->kind == WIDGET_ENTERED)
		entered(app, page, w->value);
	else if (w->kind == WIDGET_COMPLETE &&
		 (command || (app->prompt == APP_PROMPT_SCREEN && app->asks != 0)))
		complete(app, w->value);
	else if (w->kind == WIDGET_HISTORY && command &&
		 (line = historia_step(&app->historia, w->value, w->older)) != NULL)
		(void)!prompt_set(&effects_top(app)->widget, line);
}
