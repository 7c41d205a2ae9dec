#include "tui/draw_form.h"

#include <stdio.h>
#include <string.h>
#include "base/utf8.h"
#include "tui/wrap.h"

#define COUNTED_FROM 80 /* a limit below this is seen by the field's own width */
#define AREA_ROWS 6
#define SECRET_CELLS 24
/* Always as many: the length of a password is nobody's business. */
#define DOTS "••••••••"

/* Where things stand, in lines from the top of the whole form. */
struct sheet {
	const struct surface *s;
	struct arena *arena;
	int top;
	int label; /* width of the labels */
	int value; /* column of the values */
	int room;  /* cells for a value */
	int line;  /* the next line */
	int cursor_line;
	int cursor_col;
	int current_first;
	int current_last;
	bool paint; /* the first round only measures */
};

static void put(struct sheet *h, int line, int col, const char *text, enum term_style style)
{
	if (h->paint)
		(void)surface_put(h->s, line - h->top, col, text, style);
}

static void put_lines(struct sheet *h, int col, const struct page_paragraph *p, size_t count)
{
	struct wrap lines;

	if (wrap_text(h->arena, p, count, h->s->cols - col, true, &lines) != OK)
		return;
	for (size_t i = 0; i < lines.count; i++, h->line++)
		put(h, h->line, col, lines.lines[i].text, surface_style(lines.lines[i].style));
}

static int box_width(const struct sheet *h, const struct page_field *p)
{
	int width = h->room;

	if (p->kind == PAGE_FIELD_SECRET)
		width = SECRET_CELLS;
	else if (p->kind == PAGE_FIELD_TEXT && p->limit != 0 && p->limit < (size_t)h->room)
		width = (int)p->limit + 1;
	return width < h->room ? width : h->room;
}

/* One line that scrolls sideways so that the cursor is in it. */
static void draw_box(
	struct sheet *h, const struct page_field *p, const struct edit *e, int width, bool current)
{
	const char *text = edit_text(e);
	size_t from = 0;
	int before = 0;

	for (;;) {
		size_t at = from;

		before = 0;
		while (at < e->cursor) {
			size_t n = wrap_fit(text + at, 1, NULL);

			at += n != 0 ? n : 1;
			before++;
		}
		if (before < width)
			break;
		for (from++; (text[from] & 0xc0) == 0x80; from++)
			;
	}
	if (h->paint) {
		enum term_style style = p->fixed ? TERM_NORMAL : TERM_FIELD;

		surface_blank(h->s, h->line - h->top, h->value, width, style);
		surface_fit(h->s, h->line - h->top, h->value, width, text + from, false, style);
	}
	if (current) {
		h->cursor_line = h->line;
		h->cursor_col = h->value + before;
	}
	h->line++;
}

static void draw_secret(struct sheet *h, const struct secret *secret, int width, bool current)
{
	if (h->paint) {
		surface_blank(h->s, h->line - h->top, h->value, width, TERM_FIELD);
		if (secret->size != 0)
			surface_fit(
				h->s, h->line - h->top, h->value, width, DOTS, false, TERM_FIELD);
	}
	if (current) {
		h->cursor_line = h->line;
		h->cursor_col = h->value;
	}
	h->line++;
}

static void draw_area(struct sheet *h, const struct edit *e, int width, bool current)
{
	const char *text = edit_text(e);
	size_t starts[4096];
	size_t count = 0;
	size_t at = 0;
	size_t cursor_at = 0;

	do {
		size_t n = wrap_area(text + at, width);

		starts[count++] = at;
		if (e->cursor >= at)
			cursor_at = count - 1;
		at += n;
		if (text[at] == '\n')
			at++;
		else if (text[at] == '\0')
			break;
	} while (count < COUNT_OF(starts) - 1);
	starts[count] = e->size + 1;
	size_t first = cursor_at >= AREA_ROWS ? cursor_at - AREA_ROWS + 1 : 0;

	for (size_t i = first; i < first + AREA_ROWS; i++, h->line++) {
		if (h->paint)
			surface_blank(h->s, h->line - h->top, h->value, width, TERM_FIELD);
		if (i >= count)
			continue;
		size_t size = wrap_area(text + starts[i], width);
		char *line = arena_copy(h->arena, text + starts[i], size);

		if (line != NULL)
			put(h, h->line, h->value, line, TERM_FIELD);
		if (current && i == cursor_at) {
			char *head = arena_copy(h->arena, text + starts[i], e->cursor - starts[i]);

			h->cursor_line = h->line;
			h->cursor_col = h->value + (head != NULL ? wrap_width(head) : 0);
		}
	}
}

/* 3912 as "3,912". */
static void thousands(size_t n, char *to, size_t room)
{
	if (n < 1000)
		(void)snprintf(to, room, "%zu", n);
	else if (n < 1000000)
		(void)snprintf(to, room, "%zu,%03zu", n / 1000, n % 1000);
	else
		(void)snprintf(to, room, "%zu,%03zu,%03zu", n / 1000000, n / 1000 % 1000, n % 1000);
}

static void draw_counter(struct sheet *h, const struct page_field *p, const struct edit *e)
{
	char used[32];
	char most[32];
	char text[80];

	thousands(utf8_count(edit_text(e)), used, sizeof(used));
	thousands(p->limit, most, sizeof(most));
	(void)snprintf(text, sizeof(text), "%s / %s", used, most);
	if (h->paint)
		surface_fit(h->s, h->line - h->top, h->value, h->room, text, true, TERM_NORMAL);
	h->line++;
}

/* Beside the field where there is room, below it where not. */
static void draw_error(struct sheet *h, const struct page_field *p, int line, int width)
{
	struct page_paragraph say = {.style = PAGE_WARNING, .text = p->error};

	if (p->error == NULL || p->error[0] == '\0')
		return;
	if (p->kind != PAGE_FIELD_AREA && term_width(p->error) + 4 <= h->room - width) {
		put(h, line, h->value + width + 2, "! ", TERM_WARNING);
		put(h, line, h->value + width + 4, p->error, TERM_WARNING);
		return;
	}
	put_lines(h, h->value, &say, 1);
}

static int draw_choice(struct sheet *h, const struct edit *e, bool current)
{
	char *text = arena_printf(h->arena, "< %s >", edit_text(e)[0] != '\0' ? edit_text(e) : "—");

	if (text != NULL)
		put(h, h->line, h->value, text, TERM_NORMAL);
	if (current) {
		h->cursor_line = h->line;
		h->cursor_col = h->value;
	}
	h->line++;
	return text != NULL ? term_width(text) : 0;
}

static int draw_button(struct sheet *h, const struct page_field *p, bool current)
{
	char *text = arena_printf(h->arena, "[ %s ]", p->label);

	if (text != NULL)
		put(h, h->line, h->value, text, current ? TERM_BOLD : TERM_NORMAL);
	if (current) {
		h->cursor_line = h->line;
		h->cursor_col = h->value;
	}
	h->line++;
	return text != NULL ? term_width(text) : 0;
}

static void draw_label(struct sheet *h, const struct page_field *p)
{
	char *text = arena_printf(h->arena, "%s%s", p->label, p->required ? " *" : "");

	if (text != NULL && h->paint)
		surface_fit(h->s, h->line - h->top, 2, h->label, text, false, TERM_NORMAL);
}

static void draw_field(
	struct sheet *h, const struct page_field *p, const struct form_field *field, bool current)
{
	int line = h->line;
	int width = box_width(h, p);

	if (current) {
		h->current_first = line;
		put(h, line, 0, "▸", TERM_NORMAL);
	}
	if (p->kind != PAGE_FIELD_BUTTON)
		draw_label(h, p);
	if (p->kind == PAGE_FIELD_BUTTON)
		width = draw_button(h, p, current);
	else if (p->kind == PAGE_FIELD_SECRET)
		draw_secret(h, &field->secret, width, current);
	else if (p->kind == PAGE_FIELD_CHOICE)
		width = draw_choice(h, &field->edit, current);
	else if (p->kind == PAGE_FIELD_AREA)
		draw_area(h, &field->edit, width, current);
	else
		draw_box(h, p, &field->edit, width, current);
	if (p->limit >= COUNTED_FROM && (p->kind == PAGE_FIELD_AREA || p->kind == PAGE_FIELD_TEXT))
		draw_counter(h, p, &field->edit);
	draw_error(h, p, line, width);
	if (current)
		h->current_last = h->line - 1;
}

static void draw_all(struct sheet *h, const struct page_form *p, const struct form *f)
{
	h->line = 0;
	put_lines(h, 0, p->above, p->above_count);
	if (p->above_count != 0)
		h->line++;
	for (size_t i = 0; i < p->count && i < f->count; i++)
		draw_field(h, &p->fields[i], &f->fields[i], i == f->current);
}

static void measure_labels(struct sheet *h, const struct page_form *p)
{
	int most = h->s->cols * 2 / 5;

	for (size_t i = 0; i < p->count; i++) {
		int width = term_width(p->fields[i].label) + (p->fields[i].required ? 2 : 0);

		if (p->fields[i].kind != PAGE_FIELD_BUTTON && width > h->label)
			h->label = width;
	}
	h->label = h->label < most ? h->label : most;
	h->value = 2 + h->label + (h->label != 0 ? 2 : 0);
	h->room = h->s->cols - h->value > 1 ? h->s->cols - h->value : 1;
}

bool draw_form(const struct surface *s, const struct page_form *p, struct form *f, struct arena *a)
{
	struct sheet h = {.s = s, .arena = a, .top = (int)f->top};

	measure_labels(&h, p);
	f->area_width = h.room;
	draw_all(&h, p, f);
	/* The current field is seen with its error; its first line wins in a tiny window. */
	if (h.current_last >= h.top + s->rows)
		h.top = h.current_last - s->rows + 1;
	if (h.cursor_line >= h.top + s->rows)
		h.top = h.cursor_line - s->rows + 1;
	if (h.current_first < h.top)
		h.top = h.current_first;
	/* What stands above the first field comes back with it. */
	if (f->current == 0 && h.current_last < s->rows)
		h.top = 0;
	if (h.cursor_line >= h.top + s->rows)
		h.top = h.cursor_line - s->rows + 1;
	f->top = (size_t)h.top;
	h.paint = true;
	draw_all(&h, p, f);
	surface_cursor(s, h.cursor_line - h.top, h.cursor_col);
	return h.line > h.top + s->rows;
}

int draw_lines(const struct surface *s, int row, const struct wrap *lines, size_t from)
{
	int drawn = 0;

	for (size_t i = from; i < lines->count && row < s->rows; i++, row++, drawn++) {
		const struct wrap_line *l = &lines->lines[i];

		(void)surface_put(s, row, 0, l->text, surface_style(l->style));
		if (l->label)
			(void)term_put(s->term, s->row + row, s->col,
				l->label_cells < s->cols ? l->label_cells : s->cols, l->text,
				TERM_BOLD);
	}
	return drawn;
}
