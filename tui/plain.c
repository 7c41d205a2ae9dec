#include "tui/plain.h"

#include "base/buf.h"
#include "base/texto.h"
#include "base/utf8.h"
#include "tui/wrap.h"

/* Each row is made and printed in an arena of its own: a list of any length fits. */
#define PIECE_BYTES (4 * 1024 * 1024)
#define NO_WRAP (1 << 20)

#define QR_UNSEEN N_("(Aquí va el código QR de esa dirección.)")

/* Its lines, in an arena of the caller's. */
static enum err break_text(struct arena *a, const struct plain_options *o,
	const struct page_paragraph *p, size_t count, struct wrap *ret)
{
	struct page_paragraph *said = arena_array(a, count + 1, sizeof(*said));

	if (said == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < count; i++) {
		said[i] = p[i];
		/* Hundreds of "##" say nothing to who listens. */
		if (p[i].style == PAGE_QR && o->labels && !o->utf8)
			said[i] = (struct page_paragraph){.text = texto(QR_UNSEEN)};
	}
	return wrap_text(a, said, count, o->width > 0 ? o->width : NO_WRAP, o->utf8, ret);
}

static enum err print_lines(FILE *out, const struct plain_options *o,
	const struct page_paragraph *p, size_t count, size_t first, size_t most)
{
	ARENA(a, 8 * PIECE_BYTES);
	struct wrap lines = {0};
	enum err e = break_text(&a, o, p, count, &lines);

	for (size_t i = first; e == OK && i < lines.count && (most == 0 || i - first < most); i++)
		(void)fprintf(out, "%s\n", lines.lines[i].text);
	return e;
}

static enum err print_text(
	FILE *out, const struct plain_options *o, const struct page_paragraph *p, size_t count)
{
	return print_lines(out, o, p, count, 0, 0);
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
		(void)fputs(_("(marcada) "), out);
	for (size_t i = 0; i < p->column_count && cells.cells != NULL; i++) {
		const char *text = clean(&a, cells.cells[i]);

		/* With labels an empty cell says nothing; without them the column must stay. */
		if (o->labels && text[0] == '\0')
			continue;
		(void)fputs(first ? "" : o->labels ? "; " : "\t", out);
		if (o->labels && p->columns[i].label[0] != '\0')
			(void)fprintf(out, "%s: ", clean(&a, texto(p->columns[i].label)));
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
		return _("(no se muestra)");
	if (f->value == NULL || f->value[0] == '\0')
		return _("(vacío)");
	return clean(a, f->value);
}

static void print_choices(FILE *out, const struct page_field *f, struct arena *a)
{
	if (f->kind != PAGE_FIELD_CHOICE || f->choice_count == 0)
		return;
	(void)fputs(_("   Opciones: "), out);
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
		(void)fprintf(out, _("Botón: %s\n"), clean(&a, f->label));
		return;
	}
	(void)fprintf(out, "%s%s: %s\n", clean(&a, f->label),
		f->required ? _(" (obligatorio)") : "", shown_value(f, &a));
	print_choices(out, f, &a);
	if (f->limit != 0 && !o->labels)
		(void)fprintf(out, _("   Caracteres: %zu de %zu\n"),
			utf8_count(f->value != NULL ? f->value : ""), f->limit);
	if (f->error != NULL && f->error[0] != '\0')
		(void)fprintf(out, _("   Error: %s\n"), clean(&a, f->error));
	if (f->help != NULL && f->help[0] != '\0' && !o->labels)
		(void)fprintf(out, _("   Ayuda: %s\n"), clean(&a, f->help));
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
			i == p->safe ? _(" (si no eliges otra)") : "");
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
		return print_lines(out, o, p->text.paragraphs, p->text.count, o->first, o->count);
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

/* ---- parts -------------------------------------------------------------------------------- */

static size_t rows_of(const struct wrap_line *line, int cells)
{
	int width = cells > 0 ? wrap_width(line->text) : 0;

	return width > cells ? (size_t)((width + cells - 1) / cells) : 1;
}

static enum err text_part(const struct page_text *p, const struct plain_options *o, size_t most,
	size_t *ret_end, size_t *ret_total)
{
	ARENA(a, 8 * PIECE_BYTES);
	struct wrap lines = {0};
	enum err e = break_text(&a, o, p->paragraphs, p->count, &lines);
	size_t end = o->first;
	size_t rows = 0;

	if (e != OK)
		return e;
	while (end < lines.count) {
		bool inside = end > o->first && lines.lines[end].style == PAGE_QR &&
			      lines.lines[end - 1].style == PAGE_QR;

		rows += rows_of(&lines.lines[end], o->row_cells);
		if (rows > most && end > o->first && !inside)
			break;
		end++;
	}
	*ret_end = end < lines.count ? end : lines.count;
	*ret_total = lines.count;
	return OK;
}

enum err plain_part(const struct page *page, const struct plain_options *options, size_t most,
	size_t *ret_end, size_t *ret_total)
{
	size_t total = page->kind == PAGE_LIST ? page->list.row_count : 1;
	size_t left = options->first < total ? total - options->first : 0;

	if (page->kind == PAGE_TEXT)
		return text_part(&page->text, options, most, ret_end, ret_total);
	most = most != 0 ? most : 1;
	*ret_end = total - left + (left < most ? left : most);
	*ret_total = total;
	return OK;
}
