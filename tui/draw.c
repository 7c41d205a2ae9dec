#include "tui/draw.h"

#include <stdint.h>
#include <string.h>
#include "base/texto.h"
#include "tui/draw_form.h"
#include "tui/draw_frame.h"
#include "tui/surface.h"
#include "tui/wrap.h"

#define MARKER "▸"
#define COLUMNS_MAX 16
#define GAP 2
/* One screen of rows, or a whole document of the pager. */
#define PAINT_BYTES (32 * 1024 * 1024)

/* ---- lists -------------------------------------------------------------------------------- */

struct columns {
	size_t count;
	size_t from[COLUMNS_MAX]; /* which column of the page */
	int width[COLUMNS_MAX];
};

static int needed(const struct page_list *p, const struct columns *c)
{
	int cells = 0;

	for (size_t i = 0; i < c->count; i++)
		cells += p->columns[c->from[i]].min + (i != 0 ? GAP : 0);
	return cells;
}

/* Takes out the column that says the least; false where all the rest must stay. */
static bool drop_one(const struct page_list *p, struct columns *c)
{
	size_t worst = 0;

	for (size_t i = 1; i < c->count; i++)
		if (p->columns[c->from[i]].drop > p->columns[c->from[worst]].drop)
			worst = i;
	if (c->count < 2 || p->columns[c->from[worst]].drop == 0)
		return false;
	for (size_t i = worst; i + 1 < c->count; i++)
		c->from[i] = c->from[i + 1];
	c->count--;
	return true;
}

static struct columns share(const struct page_list *p, int room)
{
	struct columns c = {.count = p->column_count < COLUMNS_MAX ? p->column_count : COLUMNS_MAX};
	int weights = 0;
	size_t last = 0;

	for (size_t i = 0; i < c.count; i++)
		c.from[i] = i;
	while (needed(p, &c) > room && drop_one(p, &c))
		;
	int extra = room - needed(p, &c) > 0 ? room - needed(p, &c) : 0;
	int left = extra;

	for (size_t i = 0; i < c.count; i++)
		weights += p->columns[c.from[i]].weight;
	for (size_t i = 0; i < c.count; i++) {
		const struct page_column *column = &p->columns[c.from[i]];
		int more = weights != 0 ? extra * column->weight / weights : 0;

		c.width[i] = column->min + more;
		left -= more;
		if (column->weight != 0)
			last = i;
	}
	if (weights != 0)
		c.width[last] += left;
	return c;
}

static void draw_header(
	const struct surface *s, int row, const struct page_list *p, const struct columns *c)
{
	int col = 2;

	for (size_t i = 0; i < c->count; i++) {
		const struct page_column *column = &p->columns[c->from[i]];

		surface_fit(
			s, row, col, c->width[i], texto(column->label), column->right, TERM_NORMAL);
		col += c->width[i] + GAP;
	}
}

static void draw_row(const struct surface *s, int at, const struct page_list *p,
	const struct columns *c, size_t row, struct arena *a)
{
	struct page_row cells = {0};
	int col = 2;

	if (p->row(p->context, a, row, &cells) != OK || cells.cells == NULL) {
		(void)surface_put(s, at, 2, "…", TERM_MUTED);
		return;
	}
	if (cells.marked)
		(void)surface_put(s, at, 1, "*", TERM_BOLD);
	for (size_t i = 0; i < c->count; i++) {
		surface_fit(s, at, col, c->width[i], cells.cells[c->from[i]],
			p->columns[c->from[i]].right, surface_style(cells.style));
		col += c->width[i] + GAP;
	}
}

/* The lines above the rows: never more than half of the window. */
static int draw_above(const struct surface *s, const struct page_list *p, struct arena *a)
{
	struct surface part = surface_part(s, 0, 0, s->rows / 2, s->cols);
	struct wrap lines;

	if (p->above_count == 0 ||
		wrap_text(a, p->above, p->above_count, s->cols, term_utf8(s->term), &lines) != OK)
		return 0;
	return draw_lines(&part, 0, &lines, 0);
}

static void draw_empty(const struct surface *s, int row, const struct page_list *p, struct arena *a)
{
	struct page_paragraph say = {.text = p->empty};
	struct surface part = surface_part(s, row, 2, s->rows - row, s->cols - 2);
	struct wrap lines;

	if (p->empty != NULL && wrap_text(a, &say, 1, part.cols, term_utf8(s->term), &lines) == OK)
		(void)draw_lines(&part, 0, &lines, 0);
	surface_cursor(s, row, 0);
}

/*
 * Before a scroll the marker is rubbed out where the cursor already is: one byte, where ncurses
 * would come back to it after the scroll for eight.
 */
static void leave_marker(struct term *t, const struct widget *w)
{
	int row = w->body_row + (int)w->list.painted_row;

	if (w->kind != PAGE_LIST || w->list.top == w->list.painted_top ||
		!term_shows(t, row, 0, MARKER))
		return;
	term_blank(t, row, 0, 1, TERM_NORMAL);
	term_cursor(t, row, 1);
	term_flush(t);
}

static void draw_list(
	const struct surface *s, const struct page_list *p, struct widget *w, struct arena *a)
{
	/* The last cell stays free: after it the cursor's place is unknown and costs a long move.
	 */
	struct columns c = share(p, s->cols - 3);
	int row = draw_above(s, p, a);

	/* The labels leave before the last rows do. */
	if (s->rows - row >= 3 && p->row_count != 0)
		draw_header(s, row++, p, &c);
	struct surface rows = surface_part(s, row, 0, s->rows - row, s->cols);

	w->body_row = rows.row;
	w->body_rows = rows.rows;
	w->body_cols = rows.cols;
	list_height(&w->list, rows.rows > 0 ? (size_t)rows.rows : 1);
	if (p->row_count == 0) {
		draw_empty(s, row, p, a);
		return;
	}
	for (int i = 0; i < rows.rows && w->list.top + (size_t)i < w->list.count; i++)
		draw_row(&rows, i, p, &c, w->list.top + (size_t)i, a);
	w->list.painted_top = w->list.top;
	w->list.painted_row = w->list.cursor - w->list.top;
	(void)surface_put(&rows, (int)(w->list.cursor - w->list.top), 0, MARKER, TERM_NORMAL);
	surface_cursor(&rows, (int)(w->list.cursor - w->list.top), 0);
}

void draw_marker(struct term *t, struct widget *w)
{
	struct list *l = &w->list;
	int now = w->body_row + (int)(l->cursor - l->top);

	if (l->count == 0)
		return;
	/* In two steps: the cursor is on the old marker, and ncurses would paint from the top down.
	 */
	if (l->painted_row != l->cursor - l->top) {
		int old = w->body_row + (int)l->painted_row;

		term_blank(t, old, 0, 1, TERM_NORMAL);
		term_cursor(t, old, 1);
		term_flush(t);
	}
	(void)term_put(t, now, 0, 1, MARKER, TERM_NORMAL);
	l->painted_row = l->cursor - l->top;
	term_cursor(t, now, 0);
	term_flush(t);
}

/* ---- texts and dialogs -------------------------------------------------------------------- */

/* What was looked for, in reverse; the cursor rests on it. */
static void draw_found(const struct surface *s, const struct wrap *lines, size_t top,
	const struct widget_search *search, struct arena *a)
{
	struct search_match m;

	if (search->needle[0] == '\0' || search->line >= lines->count || search->line < top ||
		search->line >= top + (size_t)s->rows ||
		!search_line(lines, search->line, search->needle, &m))
		return;
	for (size_t i = m.line; i <= m.last; i++) {
		const char *text = lines->lines[i].text;
		size_t from = i == m.line ? m.from : strspn(text, " ");
		size_t to = i == m.last ? m.to : strlen(text);
		const char *before = arena_copy(a, text, from);
		const char *found = arena_copy(a, text + from, to - from);

		if (before == NULL || found == NULL)
			return;
		(void)surface_put(s, (int)(i - top), wrap_width(before), found, TERM_BANNER);
		if (i == m.line)
			surface_cursor(s, (int)(i - top), wrap_width(before));
	}
}

static bool draw_text(const struct surface *s, const struct page_paragraph *p, size_t count,
	struct pager *pager, const struct widget_search *search, struct arena *a)
{
	struct wrap lines = {0};

	if (wrap_text(a, p, count, s->cols, term_utf8(s->term), &lines) != OK) {
		(void)surface_put(s, 0, 0, err_sentence(ERR_NO_MEMORY), TERM_WARNING);
		return false;
	}
	pager_fit(pager, lines.count, s->rows > 0 ? (size_t)s->rows : 1);
	(void)draw_lines(s, 0, &lines, pager->top);
	surface_cursor(s, 0, 0);
	if (search != NULL)
		draw_found(s, &lines, pager->top, search, a);
	return pager->top + pager->height < pager->count;
}

static int button_width(const struct page_button *b)
{
	return term_width(b->label) + 5;
}

static void draw_button(
	const struct surface *s, int row, int col, const struct page_button *b, bool current)
{
	enum term_style style = current ? TERM_BOLD : TERM_NORMAL;

	if (current) {
		(void)surface_put(s, row, col, MARKER, TERM_NORMAL);
		surface_cursor(s, row, col);
	}
	int used = 1 + surface_put(s, row, col + 1, "[ ", style);

	used += surface_put(s, row, col + used, b->label, style);
	(void)surface_put(s, row, col + used, " ]", style);
}

/* Side by side, or one below the other where the window is narrow. */
static bool draw_dialog(
	const struct surface *s, const struct page_dialog *p, struct dialog *d, struct arena *a)
{
	int width = 0;

	for (size_t i = 0; i < p->button_count; i++)
		width += button_width(&p->buttons[i]) + GAP;
	bool stacked = width > s->cols + GAP;
	int rows = stacked ? (int)p->button_count : 1;

	rows = rows < s->rows ? rows : s->rows;
	/* A blank line between, where there is one to spare. */
	int space = s->rows - rows >= 4 ? 1 : 0;
	struct surface text = surface_part(s, 0, 0, s->rows - rows - space, s->cols);
	bool more = text.rows > 0 && draw_text(&text, p->paragraphs, p->count, &d->pager, NULL, a);
	/* The buttons follow the text, not the window's foot, when it is short. */
	int row =
		text.rows > 0 && d->pager.count < d->pager.height ? (int)d->pager.count : text.rows;
	struct surface foot = surface_part(s, row + space, 0, rows, s->cols);
	/* In a window lower than the buttons the current one is seen. */
	int first = stacked && d->current >= (size_t)rows ? (int)d->current - rows + 1 : 0;
	int col = 0;

	for (size_t i = 0; i < p->button_count; i++) {
		draw_button(
			&foot, stacked ? (int)i - first : 0, col, &p->buttons[i], i == d->current);
		col += stacked ? 0 : button_width(&p->buttons[i]) + GAP;
	}
	return more;
}

/* ---- the whole ---------------------------------------------------------------------------- */

static bool draw_body(
	const struct surface *s, const struct page *p, struct widget *w, struct arena *a)
{
	switch (p->kind) {
	case PAGE_LIST:
		draw_list(s, &p->list, w, a);
		return false;
	case PAGE_FORM:
		return draw_form(s, &p->form, &w->form, a);
	case PAGE_DIALOG:
		return draw_dialog(s, &p->dialog, &w->dialog, a);
	case PAGE_TEXT:
	default:
		/* Wrapped anew, the lines are others. */
		if (w->body_cols != s->cols)
			w->search.line = SIZE_MAX;
		w->body_cols = s->cols;
		w->body_utf8 = term_utf8(s->term);
		return draw_text(s, p->text.paragraphs, p->text.count, &w->pager, &w->search, a);
	}
}

/*
 * Two cells of a rule, not eighty: a blank row would be taken into the scrolls of the list above
 * (six bytes each), a whole one costs a tenth of the first paint. It tells what stands below.
 */
static void draw_foot(const struct surface *s, int row, bool more)
{
	(void)surface_put(s, row, 0, "──", TERM_NORMAL);
	if (more && s->cols >= 12)
		(void)surface_put(s, row, s->cols - 3, _("más"), TERM_NORMAL);
}

void draw_page(struct term *t, const struct page_frame *f, const struct page *p, struct widget *w)
{
	ARENA(a, PAINT_BYTES);
	struct surface all = surface_all(t);
	struct draw_layout l = draw_layout_of(all.rows);
	struct surface body = surface_part(&all, l.body, 0, l.body_rows, all.cols);

	leave_marker(t, w);
	term_erase(t);
	if (l.title >= 0)
		draw_title(&all, l.title, f);
	if (l.menu >= 0)
		draw_menu(&all, l.menu, f);
	if (l.rule >= 0)
		draw_rule(&all, l.rule, p->title);
	bool more = draw_body(&body, p, w, &a);

	if (l.foot >= 0)
		draw_foot(&all, l.foot, more);
	/* Last: an open prompt takes the cursor; in a window without a status line it takes a row.
	 */
	if (l.status >= 0 || w->prompt.label != NULL)
		draw_status(&all, l.status >= 0 ? l.status : all.rows - 1, p, w);
	term_flush(t);
}

void draw_clock(struct term *t, const struct page_frame *f, struct widget *w)
{
	struct surface all = surface_all(t);
	struct draw_layout l = draw_layout_of(all.rows);

	(void)w;
	if (l.title < 0)
		return;
	/* Only the digits that changed travel: ncurses compares. */
	draw_title(&all, l.title, f);
	term_flush(t);
}
