#include "tui/plain.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "tui/wrap.h"

/* Each row is made and printed in an arena of its own: a list of any length fits. */
#define PIECE_BYTES (4 * 1024 * 1024)
#define NO_WRAP (1 << 20)

static enum err print_text(
	FILE *out, const struct plain_options *o, const struct page_paragraph *p, size_t count)
{
	ARENA(a, 8 * PIECE_BYTES);
	struct wrap lines = {0};
	enum err e = wrap_text(&a, p, count, o->width > 0 ? o->width : NO_WRAP, o->utf8, &lines);

	if (e != OK)
		return e;
	for (size_t i = 0; i < lines.count; i++)
		(void)fprintf(out, "%s\n", lines.lines[i].text);
	return OK;
}

/* Cleaned, for a single line; "" for NULL or where memory ends. */
static const char *clean(struct arena *a, const char *text)
{
	const char *cleaned = text != NULL && text[0] != '\0' ? utf8_clean(a, text) : NULL;

	return cleaned != NULL ? cleaned : "";
}

static void print_heading(
	FILE *out, const struct page_frame *f, const struct page *p, struct arena *a)
{
	if (f != NULL) {
		const char *parts[] = {f->program, f->who, f->rfc, f->banner, f->clock};
		bool first = true;

		for (size_t i = 0; i < COUNT_OF(parts); i++) {
			if (parts[i] == NULL)
				continue;
			(void)fprintf(out, "%s%s", first ? "" : " · ", clean(a, parts[i]));
			first = false;
		}
		(void)fputs(first ? "" : "\n", out);
	}
	if (p->title != NULL && p->title[0] != '\0')
		(void)fprintf(out, "%s\n", clean(a, p->title));
}

static enum err print_row(
	FILE *out, const struct page_list *p, const struct plain_options *o, size_t row)
{
	ARENA(a, PIECE_BYTES);
	struct page_row cells = {0};
	enum err e = p->row(p->context, &a, row, &cells);
	bool first = true;

	if (e != OK)
		return e;
	if (o->numbered)
		(void)fprintf(out, "%zu. ", row + 1);
	if (cells.marked)
		(void)fputs("(marcada) ", out);
	for (size_t i = 0; i < p->column_count && cells.cells != NULL; i++) {
		const char *text = clean(&a, cells.cells[i]);

		/* With labels an empty cell says nothing; without them the column must stay. */
		if (o->labels && text[0] == '\0')
			continue;
		(void)fputs(first ? "" : o->labels ? "; " : "\t", out);
		if (o->labels)
			(void)fprintf(out, "%s: ", clean(&a, p->columns[i].label));
		(void)fputs(text, out);
		first = false;
	}
	(void)fputc('\n', out);
	return OK;
}

static enum err print_list(FILE *out, const struct page_list *p, const struct plain_options *o)
{
	size_t end =
		o->count != 0 && o->count < p->row_count - (o->first < p->row_count ? o->first : 0)
			? o->first + o->count
			: p->row_count;
	enum err e = print_text(out, o, p->above, p->above_count);

	if (p->row_count == 0 && p->empty != NULL) {
		struct page_paragraph say = {.text = p->empty};

		return e == OK ? print_text(out, o, &say, 1) : e;
	}
	for (size_t row = o->first; row < end && e == OK; row++)
		e = print_row(out, p, o, row);
	return e;
}

static const char *shown_value(const struct page_field *f, struct arena *a)
{
	if (f->kind == PAGE_FIELD_SECRET)
		return "(no se muestra)";
	if (f->value == NULL || f->value[0] == '\0')
		return "(vacío)";
	return clean(a, f->value);
}

static void print_choices(FILE *out, const struct page_field *f, struct arena *a)
{
	if (f->kind != PAGE_FIELD_CHOICE || f->choice_count == 0)
		return;
	(void)fputs("   Opciones: ", out);
	for (size_t i = 0; i < f->choice_count; i++)
		(void)fprintf(out, "%s%s", i != 0 ? "; " : "", clean(a, f->choices[i]));
	(void)fputc('\n', out);
}

static void print_field(
	FILE *out, const struct page_field *f, const struct plain_options *o, size_t number)
{
	ARENA(a, PIECE_BYTES);

	if (o->numbered)
		(void)fprintf(out, "%zu. ", number);
	if (f->kind == PAGE_FIELD_BUTTON) {
		(void)fprintf(out, "Botón: %s\n", clean(&a, f->label));
		return;
	}
	(void)fprintf(out, "%s%s: %s\n", clean(&a, f->label), f->required ? " (obligatorio)" : "",
		shown_value(f, &a));
	print_choices(out, f, &a);
	if (f->limit != 0)
		(void)fprintf(out, "   Caracteres: %zu de %zu\n",
			utf8_count(f->value != NULL ? f->value : ""), f->limit);
	if (f->error != NULL && f->error[0] != '\0')
		(void)fprintf(out, "   Error: %s\n", clean(&a, f->error));
	if (f->help != NULL && f->help[0] != '\0')
		(void)fprintf(out, "   Ayuda: %s\n", clean(&a, f->help));
}

static enum err print_form(FILE *out, const struct page_form *p, const struct plain_options *o)
{
	enum err e = print_text(out, o, p->above, p->above_count);

	for (size_t i = 0; i < p->count && e == OK; i++)
		print_field(out, &p->fields[i], o, i + 1);
	return e;
}

static enum err print_dialog(FILE *out, const struct page_dialog *p, const struct plain_options *o)
{
	enum err e = print_text(out, o, p->paragraphs, p->count);
	ARENA(a, PIECE_BYTES);

	for (size_t i = 0; i < p->button_count && e == OK; i++) {
		if (o->numbered)
			(void)fprintf(out, "%zu. ", i + 1);
		(void)fprintf(out, "%s%s\n", clean(&a, p->buttons[i].label),
			i == p->safe ? " (si no eliges otra)" : "");
	}
	return e;
}

static enum err print_body(FILE *out, const struct page *p, const struct plain_options *o)
{
	switch (p->kind) {
	case PAGE_LIST:
		return print_list(out, &p->list, o);
	case PAGE_FORM:
		return print_form(out, &p->form, o);
	case PAGE_DIALOG:
		return print_dialog(out, &p->dialog, o);
	case PAGE_TEXT:
	default:
		return print_text(out, o, p->text.paragraphs, p->text.count);
	}
}

enum err plain_page(FILE *out, const struct page_frame *frame, const struct page *page,
	const struct plain_options *options)
{
	ARENA(a, PIECE_BYTES);

	print_heading(out, frame, page, &a);
	enum err e = print_body(out, page, options);

	if (page->status != NULL && page->status[0] != '\0' && frame != NULL)
		(void)fprintf(out, "%s\n", clean(&a, page->status));
	if (e != OK)
		return e;
	return fflush(out) == 0 && ferror(out) == 0 ? OK : ERR_IO;
}
