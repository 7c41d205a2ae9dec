#include "app/llano_order.h"

#include <stdlib.h>
#include "app/act.h"
#include "app/effects.h"
#include "app/llano_ask.h"
#include "app/llano_print.h"
#include "base/texto.h"
#include "base/utf8.h"

#define ORDER_BYTES ((size_t)64 * 1024)
#define BLANKS " \t"

static void say_how(struct llano *s)
{
	llano_say(s, _("En este modo se escribe una línea y se termina con Enter:"));
	llano_say(
		s, _("un número elige ese renglón, campo o botón; «12 acuse» hace eso con el 12;"));
	llano_say(s, _("el nombre de un comando o cómo empieza, o la letra de su tecla, lo hace;"));
	llano_say(s, _("Enter sigue leyendo, - vuelve a la parte anterior, . repite la pantalla;"));
	llano_say(s, _("regresar vuelve o cancela (donde se dice Esc), salir termina."));
	llano_say(s, _("En un campo, Enter deja lo que hay, ? lo explica, y : antes de un comando "
		       "lo hace."));
}

/* The screen asks for what was given already ("buscar cédula"). */
static void answer_prompt(struct llano *s, const char *argument)
{
	struct level *top = effects_top(&s->app);
	const struct widget_event entered = {.kind = WIDGET_ENTERED, .value = argument};

	if (!s->app.quit && top != NULL && top->widget.prompt.label != NULL && argument != NULL)
		act_prompt(&s->app, &s->paint.page, &entered);
}

static void act(struct llano *s, enum action action)
{
	s->owed = true;
	s->asked_state = s->asked_state || action == ACTION_refresh;
	if (action == ACTION_help || action == ACTION_form_help)
		say_how(s);
	act_do(&s->app, &s->paint.page, action, NULL);
}

static void go(struct llano *s, enum screen to)
{
	if (!act_menu(&s->app, &s->paint.page, to)) {
		llano_say(s, _("Desde aquí no se puede; termina esto o escribe regresar."));
		return;
	}
	s->owed = true;
	s->again = llano_print_id(s) == s->printed.page;
}

/* ---- rows --------------------------------------------------------------------------------- */

/* Puts the cursor on the row that was heard under that number; false where it is not there now. */
static bool point(struct llano *s, size_t row)
{
	const struct page_list *list = &s->paint.page.list;

	if (row >= list->row_count) {
		llano_say(s, _("No hay renglón %zu; son %zu."), row + 1, list->row_count);
		return false;
	}
	if (row < s->printed.first || row >= s->printed.end) {
		llano_print_around(s, row);
		llano_say(s, _("Escribe otra vez el número para elegirlo."));
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
		llano_say(
			s, _("La lista cambió después de leerse; así está ahora. Escribe el número "
			     "otra vez."));
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
		act(s, open);
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
		llano_say(s, _("Aquí no hay un %s que elegir."), text);
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
	act(s, a);
	return true;
}

static bool word_is(const char *word, const char *text)
{
	return utf8_begins(word, text) && utf8_begins(text, word);
}

static void command(struct llano *s, const char *text)
{
	ARENA(a, ORDER_BYTES);
	const char *say = NULL;

	s->owed = true;
	s->asked_state = s->asked_state || utf8_begins("sincronizar", text);
	enum err err = act_line(&s->app, &s->paint.page, &a, text, &say);

	if (err != OK || say != NULL)
		s->owed = false;
	if (err != OK)
		say = err_sentence(err);
	if (say != NULL)
		llano_say(s, "! %s", say);
	else
		answer_prompt(s, text[strcspn(text, BLANKS)] != '\0'
					 ? text + strcspn(text, BLANKS) + 1
					 : NULL);
}

static void run(struct llano *s, const char *text)
{
	bool form = s->paint.page.kind == PAGE_FORM;

	if (word_is("ayuda", text) || strcmp(text, "?") == 0)
		act(s, ACTION_help);
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
