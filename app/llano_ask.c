#include "app/llano_ask.h"

#include <stdio.h>
#include "app/act.h"
#include "app/effects.h"
#include "app/llano_print.h"
#include "base/file.h"
#include "base/texto.h"
#include "base/utf8.h"

#define LINE_BYTES ((size_t)256 * 1024)
#define AREA_LINES_MOST 2000

static struct form *form_of(struct llano *s)
{
	return &effects_top(&s->app)->widget.form;
}

static const struct page_field *field_of(const struct llano *s)
{
	return &s->paint.page.form.fields[s->field];
}

bool llano_ask_secret(const struct llano *s)
{
	return s->ask == LLANO_FIELD && s->paint.page.kind == PAGE_FORM &&
	       s->field < s->paint.page.form.count && field_of(s)->kind == PAGE_FIELD_SECRET;
}

bool llano_ask_busy(const struct llano *s)
{
	return s->ask == LLANO_FIELD || s->ask == LLANO_AREA || s->ask == LLANO_WORD ||
	       s->ask == LLANO_PROMPT;
}

/* ---- which question ----------------------------------------------------------------------- */

static bool is_empty(const struct llano *s, size_t i)
{
	const struct form_field *f = &s->app.stack[s->app.depth - 1].widget.form.fields[i];

	return f->kind == PAGE_FIELD_SECRET ? f->secret.size == 0 : edit_text(&f->edit)[0] == '\0';
}

/* What must be filled in or mended, from there on; with `through`, whatever can be. */
static bool next_field(const struct llano *s, size_t from, bool through, size_t *ret)
{
	const struct page_form *p = &s->paint.page.form;

	for (size_t i = from; i < p->count; i++) {
		const struct page_field *f = &p->fields[i];

		if (f->fixed || f->kind == PAGE_FIELD_BUTTON)
			continue;
		if (through || f->error != NULL || (f->required && is_empty(s, i))) {
			*ret = i;
			return true;
		}
	}
	return false;
}

/* Not where the whole form was printed just now. */
static void say_buttons(struct llano *s, bool names)
{
	const struct page_form *p = &s->paint.page.form;

	for (size_t i = 0; names && i < p->count; i++)
		if (p->fields[i].kind == PAGE_FIELD_BUTTON)
			llano_say(s, "%zu. %s", i + 1, p->fields[i].label);
	llano_say(s, _("Escribe el número o el nombre de un botón, o el número de un campo para "
		       "cambiarlo."));
}

static void ask_field(struct llano *s, size_t field)
{
	const struct page_field *f = &s->paint.page.form.fields[field];

	s->ask = LLANO_FIELD;
	s->field = field;
	if (f->error != NULL)
		llano_say(s, "! %s", f->error);
	if (f->kind == PAGE_FIELD_AREA)
		llano_say(s,
			_("%s: escribe sus líneas y al final una con un punto solo. Un punto "
			  "al principio lo deja como está."),
			f->label);
	if (f->kind == PAGE_FIELD_CHOICE)
		for (size_t i = 0; i < f->choice_count; i++)
			llano_say(s, "%zu. %s", i + 1, f->choices[i]);
}

static void ask_next(struct llano *s, size_t from)
{
	size_t field;

	if (next_field(s, from, s->through, &field)) {
		ask_field(s, field);
		return;
	}
	s->through = false;
	s->ask = LLANO_ORDER;
	say_buttons(s, true);
}

static void ask_dialog(struct llano *s)
{
	const struct page_dialog *p = &s->paint.page.dialog;

	s->ask = LLANO_DIALOG;
	for (size_t i = 0; i < p->button_count; i++)
		if (i != p->safe)
			llano_say(s, _("Para «%s» escribe esa palabra entera; Enter: %s."),
				p->buttons[i].label, p->buttons[p->safe].label);
}

void llano_ask_begin(struct llano *s, bool fresh)
{
	const struct page *p = &s->paint.page;
	size_t field;

	s->ask = LLANO_ORDER;
	if (llano_waits(s))
		return;
	if (effects_top(&s->app)->widget.prompt.label != NULL) {
		s->ask = LLANO_PROMPT;
	} else if (p->kind == PAGE_DIALOG) {
		ask_dialog(s);
	} else if (p->kind == PAGE_FORM) {
		s->through = false;
		/* The first time every field is gone through, from the first that is missing. */
		if (next_field(s, 0, false, &field)) {
			s->through = fresh;
			ask_field(s, field);
		} else {
			say_buttons(s, !fresh);
		}
	}
}

/* ---- the prompt --------------------------------------------------------------------------- */

static void field_prompt(struct llano *s)
{
	const struct page_field *f = field_of(s);
	const char *value = form_value(form_of(s), f->key);

	(void)fputs(f->label, s->out.file);
	if (f->kind != PAGE_FIELD_SECRET && f->kind != PAGE_FIELD_AREA && value[0] != '\0')
		(void)fprintf(s->out.file, " [%s]", value);
	(void)fputs(": ", s->out.file);
}

void llano_ask_prompt(struct llano *s)
{
	FILE *out = s->out.file;
	const char *label = effects_top(&s->app)->widget.prompt.label;

	if (s->out.open)
		(void)fputc('\n', out);
	s->out.open = false;
	if (s->ask == LLANO_FIELD)
		field_prompt(s);
	else if (s->ask == LLANO_PROMPT)
		(void)fprintf(out, "%s: ", strcmp(label, "/") == 0 ? _("Buscar") : _("Orden"));
	else if (s->ask == LLANO_DIALOG || s->ask == LLANO_WORD)
		(void)fputs(_("Tu respuesta: "), out);
	else if (s->echo.tty)
		(void)fputs("> ", out);
	if (!s->echo.tty && s->ask != LLANO_ORDER && s->ask != LLANO_AREA)
		(void)fputc('\n', out);
	if (llano_ask_secret(s))
		echo_off(&s->echo);
	else
		echo_on(&s->echo);
}

/* ---- fields ------------------------------------------------------------------------------- */

static void field_event(struct llano *s, enum event_kind kind)
{
	const struct page_field *f = field_of(s);
	bool secret = f->kind == PAGE_FIELD_SECRET;

	effects_event(&s->app, (struct event){.kind = kind,
				       .index = s->field,
				       .key = f->key,
				       .value = secret ? NULL : form_value(form_of(s), f->key)});
	llano_make(s);
}

/* The field is done: its error is told at once, and it is asked again; an empty line goes on. */
static void leave_field(struct llano *s, bool changed)
{
	size_t field = s->field;
	bool asked = s->ask == LLANO_FIELD || s->ask == LLANO_AREA;

	field_event(s, EVENT_LEFT);
	s->owed = false;
	/* It led somewhere else. */
	if (!asked || s->paint.page.kind != PAGE_FORM || field >= s->paint.page.form.count) {
		s->owed = true;
		return;
	}
	if (changed && s->paint.page.form.fields[field].error != NULL)
		ask_field(s, field);
	else
		ask_next(s, field + 1);
}

static void put_text(struct llano *s, const char *text)
{
	const struct page_field *f = field_of(s);
	struct form *form = form_of(s);

	if (form_put(form, &s->paint.page.form, s->field, text) != FORM_CHANGED) {
		llano_say(s,
			f->limit != 0 ? _("! Es demasiado largo: caben %zu caracteres.")
				      : _("! No se pudo escribir ahí."),
			f->limit);
		return;
	}
	field_event(s, EVENT_CHANGED);
	/* What a key of the screen would tell while it is typed. */
	if (field_of(s)->kind == PAGE_FIELD_FILE && text[0] != '\0' && !file_exists(text)) {
		llano_say(s, "! %s", err_sentence(ERR_NO_FILE));
		return;
	}
	leave_field(s, true);
}

static void choose(struct llano *s, const char *text)
{
	const struct page_field *f = field_of(s);
	const char *found = NULL;
	size_t n = 0;

	for (size_t i = 0; i < f->choice_count; i++) {
		char number[32];

		(void)snprintf(number, sizeof(number), "%zu", i + 1);
		if (strcmp(number, text) != 0 && !utf8_begins(f->choices[i], text))
			continue;
		found = f->choices[i];
		n++;
	}
	if (n == 1)
		put_text(s, found);
	else
		llano_say(s, _("! Escribe el número de una opción, o cómo empieza."));
}

/* A path that ends in a tab is completed, and asked again. */
static bool complete(struct llano *s, struct bytes line)
{
	struct form *form = form_of(s);
	const char *next;
	ARENA(a, LINE_BYTES);

	if (field_of(s)->kind != PAGE_FIELD_FILE || line.size == 0 ||
		line.data[line.size - 1] != '\t')
		return false;
	char *typed = line_in_text(&a, bytes_of(line.data, line.size - 1));

	if (typed == NULL || form_put(form, &s->paint.page.form, s->field, typed) != FORM_CHANGED)
		return false;
	next = file_complete_next(&form->completion, typed, false);
	if (next == NULL || form_put(form, &s->paint.page.form, s->field, next) != FORM_CHANGED)
		llano_say(s, _("! Nada empieza así."));
	field_event(s, EVENT_CHANGED);
	return true;
}

static void take_secret(struct llano *s, struct bytes line)
{
	SECRET(typed);
	struct secret *to = form_secret(form_of(s), field_of(s)->key);

	if (line.size == 0 || to == NULL) {
		leave_field(s, false);
		return;
	}
	if (line_in_secret(line, &typed) != OK) {
		llano_say(s, "! %s", err_sentence(ERR_NO_MEMORY));
		return;
	}
	secret_clear(to);
	*to = typed;
	typed = (struct secret){0};
	field_event(s, EVENT_CHANGED);
	leave_field(s, true);
}

static void end_area(struct llano *s)
{
	s->ask = LLANO_FIELD;
	if (s->area_lines == 0)
		leave_field(s, false);
	else
		put_text(s, edit_text(&s->area));
	edit_free(&s->area);
	s->area_lines = 0;
}

static void area_line(struct llano *s, const char *text)
{
	if (s->ask == LLANO_FIELD) {
		s->ask = LLANO_AREA;
		s->area = (struct edit){.lines = true};
		s->area_lines = 0;
	}
	if (strcmp(text, ".") == 0) {
		end_area(s);
		return;
	}
	if (s->area_lines >= AREA_LINES_MOST ||
		(s->area_lines > 0 && !edit_insert(&s->area, "\n", 1)) ||
		!edit_insert(&s->area, text, strlen(text)))
		llano_say(s, _("! No cabe más; termina con un punto solo."));
	else
		s->area_lines++;
}

static bool field_line(struct llano *s, struct bytes line)
{
	ARENA(a, LINE_BYTES);
	const struct page_field *f = field_of(s);

	if (f->kind == PAGE_FIELD_SECRET) {
		take_secret(s, line);
		return true;
	}
	if (s->ask == LLANO_FIELD && complete(s, line))
		return true;
	const char *text = line_in_text(&a, line);

	if (text == NULL)
		llano_say(s, "! %s", err_sentence(ERR_NO_MEMORY));
	else if (f->kind == PAGE_FIELD_AREA)
		area_line(s, text);
	else if (text[0] == ':')
		return false;
	else if (strcmp(text, "?") == 0 && f->help != NULL)
		llano_say(s, "%s.", f->help);
	else if (text[0] == '\0')
		leave_field(s, false);
	else if (f->kind == PAGE_FIELD_CHOICE)
		choose(s, text);
	else
		put_text(s, text);
	return true;
}

/* ---- buttons ------------------------------------------------------------------------------ */

static void press(struct llano *s, size_t index, const char *key)
{
	struct widget *w = &effects_top(&s->app)->widget;

	if (s->paint.page.kind == PAGE_FORM) {
		w->form.current = index;
		w->form.pressed = true;
	} else {
		w->dialog.current = index;
	}
	s->ask = LLANO_ORDER;
	s->owed = true;
	effects_event(&s->app, (struct event){.kind = EVENT_PRESSED, .index = index, .key = key});
}

bool llano_ask_number(struct llano *s, size_t n)
{
	const struct page_form *p = &s->paint.page.form;

	if (n == 0 || n > p->count)
		return false;
	if (p->fields[n - 1].kind == PAGE_FIELD_BUTTON) {
		press(s, n - 1, p->fields[n - 1].key);
	} else if (p->fields[n - 1].fixed) {
		llano_say(s, _("Ese campo no se cambia."));
	} else {
		s->through = false;
		ask_field(s, n - 1);
	}
	return true;
}

bool llano_ask_button(struct llano *s, const char *word)
{
	const struct page_form *p = &s->paint.page.form;
	size_t found = 0;
	size_t n = 0;

	for (size_t i = 0; i < p->count; i++) {
		if (p->fields[i].kind != PAGE_FIELD_BUTTON ||
			!utf8_begins(p->fields[i].label, word))
			continue;
		found = i;
		n++;
	}
	if (n == 1)
		press(s, found, p->fields[found].key);
	return n == 1;
}

/* ---- questions ---------------------------------------------------------------------------- */

static bool same_word(const char *a, const char *b)
{
	return utf8_begins(a, b) && utf8_begins(b, a);
}

/* Another question than the one that was heard is not answered. */
static bool still_asked(struct llano *s)
{
	llano_make(s);
	if (s->paint.page.kind == PAGE_DIALOG &&
		effects_top(&s->app)->widget.dialog.shown == s->printed.question)
		return true;
	llano_say(s, _("La pregunta cambió; aquí está la de ahora."));
	s->owed = true;
	s->again = true;
	return false;
}

static void chosen(struct llano *s, size_t index)
{
	const struct page_dialog *p = &s->paint.page.dialog;

	if (index == p->safe) {
		press(s, index, p->buttons[index].key);
		return;
	}
	s->ask = LLANO_WORD;
	s->field = index;
	llano_say(s, _("Para hacerlo escribe la palabra «%s»; Enter: %s."), p->buttons[index].label,
		p->buttons[p->safe].label);
}

static bool dialog_line(struct llano *s, struct bytes line)
{
	ARENA(a, LINE_BYTES);
	const char *text = line_in_text(&a, line);
	const struct page_dialog *p = &s->paint.page.dialog;

	if (text == NULL || !still_asked(s) || p->button_count == 0)
		return text == NULL || s->owed;
	if (text[0] == '\0') {
		press(s, p->safe, p->buttons[p->safe].key);
		return true;
	}
	for (size_t i = 0; i < p->button_count; i++) {
		char number[32];

		(void)snprintf(number, sizeof(number), "%zu", i + 1);
		if (same_word(p->buttons[i].label, text)) {
			press(s, i, p->buttons[i].key);
			return true;
		}
		if (strcmp(number, text) == 0) {
			chosen(s, i);
			return true;
		}
	}
	return false;
}

/* Only the very word does it; anything else does nothing, and the question stands. */
static void word_line(struct llano *s, struct bytes line)
{
	ARENA(a, LINE_BYTES);
	const char *text = line_in_text(&a, line);
	size_t index = s->field;

	s->ask = LLANO_DIALOG;
	if (text == NULL || !still_asked(s))
		return;
	const struct page_dialog *p = &s->paint.page.dialog;

	if (text[0] == '\0')
		press(s, p->safe, p->buttons[p->safe].key);
	else if (index < p->button_count && same_word(p->buttons[index].label, text))
		press(s, index, p->buttons[index].key);
	else
		llano_say(s, _("No se hizo nada."));
}

static void prompt_line(struct llano *s, struct bytes line)
{
	ARENA(a, LINE_BYTES);
	const char *text = line_in_text(&a, line);

	s->ask = LLANO_ORDER;
	s->owed = true;
	if (text != NULL && text[0] != '\0')
		act_prompt(&s->app, &s->paint.page,
			&(struct widget_event){.kind = WIDGET_ENTERED, .value = text});
	else
		prompt_close(&effects_top(&s->app)->widget);
}

bool llano_ask_line(struct llano *s, struct bytes line)
{
	switch (s->ask) {
	case LLANO_FIELD:
	case LLANO_AREA:
		return field_line(s, line);
	case LLANO_DIALOG:
		return dialog_line(s, line);
	case LLANO_WORD:
		word_line(s, line);
		return true;
	case LLANO_PROMPT:
		prompt_line(s, line);
		return true;
	case LLANO_ORDER:
	default:
		return false;
	}
}
