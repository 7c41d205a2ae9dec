#include "app/llano_order.h"

#include <stdlib.h>
#include "app/effects.h"
#include "app/llano_ask.h"
#include "app/llano_print.h"
#include "base/utf8.h"
#include "screens/orden.h"

#define ORDER_BYTES ((size_t)64 * 1024)
#define BLANKS " \t"

static void help(struct llano *s)
{
	enum screen screen = effects_top(&s->app)->view->screen;

	llano_say(s, "En este modo se escribe una línea y se termina con Enter:");
	llano_say(s, "un número elige ese renglón, campo o botón; «12 acuse» hace eso con el 12;");
	llano_say(s, "el nombre de un comando o cómo empieza, o la letra de su tecla, lo hace;");
	llano_say(s, "Enter sigue leyendo, - vuelve a la parte anterior, . repite la pantalla;");
	llano_say(s,
		"regresar vuelve o cancela, salir termina. En un campo, Enter deja lo que hay, "
		"? lo explica y : antes de un comando lo hace.");
	s->owed = true;
	effects_do(&s->app,
		(struct effect){.kind = EFFECT_OPEN, .screen = SCREEN_ayuda, .of = screen});
}

static void act(struct llano *s, enum action action, const char *argument)
{
	struct widget *w;

	s->owed = true;
	s->asked_state = s->asked_state || action == ACTION_refresh;
	if (action == ACTION_quit) {
		s->app.quit = true;
	} else if (action == ACTION_redraw) {
		s->again = true;
	} else if (action == ACTION_help || action == ACTION_form_help) {
		help(s);
	} else {
		effects_event(&s->app,
			(struct event){.kind = EVENT_ACTION, .action = action, .value = argument});
		w = effects_top(&s->app) != NULL ? &effects_top(&s->app)->widget : NULL;
		/* The screen asks for what was given already. */
		if (w != NULL && w->prompt.label != NULL && argument != NULL && !s->app.quit) {
			effects_event(
				&s->app, (struct event){.kind = EVENT_ENTERED, .value = argument});
			prompt_close(w);
		}
	}
}

/* As the menu's keys: only where nothing that was typed could be lost. */
static void go(struct llano *s, enum screen to)
{
	enum screen from = effects_top(&s->app)->view->screen;
	enum page_kind kind = s->paint.page.kind;

	if (kind == PAGE_FORM || kind == PAGE_DIALOG || !s->app.actual->model.entrado ||
		from == SCREEN_bloqueo || from == SCREEN_acceso) {
		llano_say(s, "Desde aquí no se puede; termina esto o escribe regresar.");
		return;
	}
	s->owed = true;
	s->again = from == to;
	if (from != to)
		effects_do(&s->app, effect_to(EFFECT_MENU, to, NULL));
}

/* ---- rows --------------------------------------------------------------------------------- */

/* Puts the cursor on the row that was heard under that number; false where it is not there now. */
static bool point(struct llano *s, size_t row)
{
	const struct page_list *list = &s->paint.page.list;

	if (row >= list->row_count) {
		llano_say(s, "No hay renglón %zu; son %zu.", row + 1, list->row_count);
		return false;
	}
	if (row < s->printed.first || row >= s->printed.end) {
		llano_print_around(s, row);
		llano_say(s, "Escribe otra vez el número para elegirlo.");
		return false;
	}
	bool same = llano_print_same_row(s, row, row);

	if (same) {
		effects_event(&s->app, (struct event){.kind = EVENT_MOVED, .index = row});
		llano_make(s);
		same = s->paint.page.kind == PAGE_LIST &&
		       llano_print_same_row(s, row, s->paint.page.list.selected);
	}
	if (!same) {
		llano_print_around(s, row);
		llano_say(s, "La lista cambió después de leerse; así está ahora. Escribe el número "
			     "otra vez.");
	}
	return same;
}

static void run(struct llano *s, const char *text);

static void row(struct llano *s, size_t n, const char *rest)
{
	enum screen screen = effects_top(&s->app)->view->screen;
	enum action open = action_of_key(screen, KEYS_ENTER);

	llano_make(s);
	if (s->paint.page.kind != PAGE_LIST || !point(s, n - 1))
		return;
	s->printed.selected = s->paint.page.list.selected;
	if (rest[0] != '\0')
		run(s, rest);
	else if (open != ACTION_COUNT)
		act(s, open, NULL);
}

static void number(struct llano *s, const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);
	const char *rest = end + strspn(end, BLANKS);
	enum screen to = text[1] == '\0' ? screen_of_key((uint32_t)text[0]) : SCREEN_COUNT;

	if (s->paint.page.kind == PAGE_LIST && n > 0)
		row(s, n, rest);
	else if (s->paint.page.kind == PAGE_FORM && rest[0] == '\0' && llano_ask_number(s, n))
		return;
	else if (s->paint.page.kind == PAGE_TEXT && to != SCREEN_COUNT)
		go(s, to);
	else
		llano_say(s, "Aquí no hay un %s que elegir.", text);
}

/* ---- names and keys ----------------------------------------------------------------------- */

/* A key of the screen by its letter or its name ("q", "Esc"). */
static bool key(struct llano *s, const char *text)
{
	enum screen screen = effects_top(&s->app)->view->screen;
	uint32_t code;

	if (!keys_parse(text, &code) || s->paint.page.kind == PAGE_DIALOG)
		return false;
	enum action a = action_of_key(screen, code);

	/* Where text is typed a letter is a letter. */
	if (a == ACTION_COUNT || (s->paint.page.kind == PAGE_FORM && keys_is_text(code)))
		return false;
	act(s, a, NULL);
	return true;
}

static bool word_is(const char *word, const char *text)
{
	return utf8_begins(word, text) && utf8_begins(text, word);
}

static void command(struct llano *s, const char *text)
{
	ARENA(a, ORDER_BYTES);
	struct orden orden = {0};
	enum screen screen = effects_top(&s->app)->view->screen;
	enum err err = orden_parse(&a, screen, NULL, text, &orden);

	if (err != OK)
		llano_say(s, "! %s", err_sentence(err));
	else if (orden.kind == ORDEN_ACTION)
		act(s, orden.action, orden.argument);
	else if (orden.kind == ORDEN_SCREEN)
		go(s, orden.screen);
	else
		llano_say(s, "%s",
			orden.say != NULL ? orden.say : "Escribe ? para saber qué se puede.");
}

static void run(struct llano *s, const char *text)
{
	bool form = s->paint.page.kind == PAGE_FORM;

	if (word_is("ayuda", text) || strcmp(text, "?") == 0)
		help(s);
	else if ((!form || !llano_ask_button(s, text)) && !key(s, text))
		command(s, text);
}

void llano_order_line(struct llano *s, const char *text)
{
	text += strspn(text, BLANKS);
	if (text[0] == ':' && text[1] != '\0')
		text += 1 + strspn(text + 1, BLANKS);
	if (text[0] == '\0')
		llano_print_next(s);
	else if (strcmp(text, "-") == 0)
		llano_print_previous(s);
	else if (strcmp(text, ".") == 0)
		s->owed = s->again = true;
	else if (text[0] >= '0' && text[0] <= '9')
		number(s, text);
	else
		run(s, text);
}
