#include "tui/draw_frame.h"

#include <stdio.h>
#include <string.h>
#include "base/utf8.h"
#include "tui/wrap.h"

#define NARROW 60
#define GAP 2

struct draw_layout draw_layout_of(int rows)
{
	struct draw_layout l = {
		.title = -1, .menu = -1, .rule = -1, .foot = -1, .status = -1, .body_rows = rows};

	if (rows >= 8) {
		l = (struct draw_layout){.title = 0,
			.menu = 1,
			.rule = 2,
			.body = 3,
			.body_rows = rows - 5,
			.foot = rows - 2,
			.status = rows - 1};
	} else if (rows >= 4) {
		l.title = 0;
		l.body = 1;
		l.body_rows = rows - 2;
		l.status = rows - 1;
	}
	return l;
}

/* The hour alone, where the whole date has no room: "17:52 ZC". */
static const char *hour_of(const char *clock)
{
	const char *colon = strchr(clock, ':');

	while (colon != NULL && colon > clock && colon[-1] != ' ')
		colon--;
	return colon != NULL ? colon : clock;
}

/* Banner and clock at the right; the column where they begin. */
static int title_right(const struct surface *s, int row, const struct page_frame *f, bool narrow)
{
	const char *clock = f->clock != NULL ? f->clock : "";
	int at = s->cols;

	clock = narrow ? hour_of(clock) : clock;
	if (term_width(clock) < at) {
		at -= term_width(clock);
		(void)surface_put(s, row, at, clock, TERM_NORMAL);
	}
	if (f->banner != NULL) {
		char text[64];

		(void)snprintf(text, sizeof(text), "[%s]", f->banner);
		at -= term_width(text) + GAP;
		if (at >= 0)
			(void)surface_put(s, row, at, text, TERM_BANNER);
	}
	return at > 0 ? at : 0;
}

void draw_title(const struct surface *s, int row, const struct page_frame *f)
{
	static const char dot[] = " · ";
	bool narrow = s->cols < NARROW;
	int end = title_right(s, row, f, narrow) - GAP;
	const char *parts[3] = {
		narrow && f->rfc != NULL ? f->rfc : f->program, f->who, narrow ? NULL : f->rfc};
	int last = parts[2] != NULL ? term_width(parts[2]) + 3 : 0;
	int col = 0;

	if (parts[0] != NULL && end > 0) {
		surface_fit(s, row, 0, end, parts[0], false, TERM_NORMAL);
		col = term_width(parts[0]);
	}
	/* The name gives way; the RFC says who it is. */
	if (parts[1] != NULL && end - col - last - 3 >= 4) {
		int width = end - col - last - 3;

		width = width < term_width(parts[1]) ? width : term_width(parts[1]);
		(void)surface_put(s, row, col, dot, TERM_NORMAL);
		surface_fit(s, row, col + 3, width, parts[1], false, TERM_NORMAL);
		col += 3 + width;
	}
	if (parts[2] != NULL && end - col >= last) {
		(void)surface_put(s, row, col, dot, TERM_NORMAL);
		(void)surface_put(s, row, col + 3, parts[2], TERM_NORMAL);
	}
}

static int item_width(const struct page_menu *m)
{
	return term_width(m->key) + 1 + term_width(m->label) + GAP;
}

/* The first item shown, so that the current one is seen whole. */
static size_t first_item(const struct surface *s, const struct page_frame *f)
{
	size_t current = f->menu_current < f->menu_count ? f->menu_current : 0;
	size_t first = 0;

	for (;; first++) {
		int used = first != 0 ? GAP : 0;

		for (size_t i = first; i <= current; i++)
			used += item_width(&f->menu[i]);
		if (used <= s->cols || first == current)
			return first;
	}
}

void draw_menu(const struct surface *s, int row, const struct page_frame *f)
{
	size_t i = f->menu_count != 0 ? first_item(s, f) : 0;
	int col = 0;

	if (i != 0)
		col = surface_put(s, row, 0, "… ", TERM_NORMAL);
	for (; i < f->menu_count; i++) {
		const struct page_menu *m = &f->menu[i];
		int more = i + 1 < f->menu_count ? 1 : -GAP;
		enum term_style style = i == f->menu_current ? TERM_BOLD : TERM_NORMAL;

		if (col + item_width(m) + more > s->cols && i != f->menu_current) {
			(void)surface_put(s, row, col, "…", TERM_NORMAL);
			return;
		}
		int used = surface_put(s, row, col, m->key, style);

		/* One run of text: its blank is bold too, so no attribute changes between. */
		used += surface_put(s, row, col + used, " ", style);
		(void)surface_put(s, row, col + used, m->label, style);
		col += item_width(m);
	}
}

/*
 * The page's title underlined: 80 times "─" cost 240 of the 2,000 bytes that a first paint may (it
 * can't be repeated in UTF-8), and screen readers would read it out. Without UTF-8 or underlining
 * a row of "-", which ncurses sends as one repeated character.
 */
void draw_rule(const struct surface *s, int row, const char *title)
{
	static const char line[] = "----------------------------------------";
	bool underline = term_underlines(s->term);
	int room = s->cols - 4;

	for (int col = 0; col < s->cols && !underline; col += (int)sizeof(line) - 1)
		(void)surface_put(s, row, col, line, TERM_NORMAL);
	if (title == NULL || room < 4)
		return;
	int width = term_width(title) < room ? term_width(title) : room;

	surface_blank(s, row, 1, width + 2, underline ? TERM_FIELD : TERM_NORMAL);
	surface_fit(s, row, 2, width, title, false, underline ? TERM_FIELD : TERM_BOLD);
}

#define HINTS_MOST 64 /* looked at: a bit each */

/* The most useful first; what does not fit gives its place to a shorter one behind it. */
static void draw_hints(const struct surface *s, int row, int from, const struct page *p)
{
	int room = s->cols - from;
	int width = 0;
	uint64_t shown = 0;

	for (size_t i = 0; i < p->hint_count && i < HINTS_MOST; i++) {
		int one = term_width(p->hints[i].key) + 1 + term_width(p->hints[i].word) +
			  (shown != 0 ? GAP : 0);

		if (width + one > room)
			continue;
		width += one;
		shown |= UINT64_C(1) << i;
	}
	int col = s->cols - width;

	for (size_t i = 0; i < p->hint_count && i < HINTS_MOST; i++) {
		if ((shown >> i & 1) == 0)
			continue;
		col += surface_put(s, row, col, p->hints[i].key, TERM_NORMAL) + 1;
		col += surface_put(s, row, col, p->hints[i].word, TERM_NORMAL) + GAP;
	}
}

/* The end of what is typed stays in sight. */
static void draw_prompt(const struct surface *s, int row, struct prompt *p)
{
	const char *text = edit_text(&p->edit);
	int label = surface_put(s, row, 0, p->label, TERM_BOLD);
	int room = s->cols - label - 1 > 0 ? s->cols - label - 1 : 1;
	size_t from = 0;
	int cells = 0;

	for (;;) {
		size_t fit = wrap_fit(text + from, room, &cells);

		if (from + fit >= p->edit.cursor || fit == 0)
			break;
		from++;
		while ((text[from] & 0xc0) == 0x80)
			from++;
	}
	int used = surface_put(s, row, label, text + from, TERM_NORMAL);
	int before = 0;

	for (size_t i = from; i < p->edit.cursor; i++)
		before += (text[i] & 0xc0) != 0x80;
	surface_fit(s, row, label + used + GAP, s->cols - label - used - GAP, p->note, false,
		TERM_MUTED);
	surface_cursor(s, row, label + before);
}

static const char *help_of(const struct page *p, const struct widget *w)
{
	if (p->kind != PAGE_FORM || w->form.current >= p->form.count)
		return p->status;
	const char *help = p->form.fields[w->form.current].help;

	return help != NULL ? help : p->status;
}

void draw_status(const struct surface *s, int row, const struct page *p, struct widget *w)
{
	const char *text = help_of(p, w);
	int used = 0;

	if (w->prompt.label != NULL) {
		draw_prompt(s, row, &w->prompt);
		return;
	}
	if (text != NULL) {
		surface_fit(s, row, 0, s->cols, text, false, TERM_NORMAL);
		used = term_width(text) + GAP;
	}
	draw_hints(s, row, used, p);
}
