#include "tui/surface.h"

#include "tui/wrap.h"

struct surface surface_all(struct term *t)
{
	struct term_size size = term_size(t);

	return (struct surface){.term = t, .rows = size.rows, .cols = size.cols};
}

static int between(int value, int least, int most)
{
	return value < least ? least : value > most ? most : value;
}

struct surface surface_part(const struct surface *s, int row, int col, int rows, int cols)
{
	int top = between(row, 0, s->rows);
	int left = between(col, 0, s->cols);

	return (struct surface){.term = s->term,
		.row = s->row + top,
		.col = s->col + left,
		.rows = between(rows, 0, s->rows - top),
		.cols = between(cols, 0, s->cols - left)};
}

static bool inside(const struct surface *s, int row, int col)
{
	return row >= 0 && row < s->rows && col >= 0 && col < s->cols;
}

int surface_put(const struct surface *s, int row, int col, const char *text, enum term_style style)
{
	if (!inside(s, row, col))
		return 0;
	return term_put(s->term, s->row + row, s->col + col, s->cols - col, text, style);
}

void surface_fit(const struct surface *s, int row, int col, int width, const char *text, bool right,
	enum term_style style)
{
	if (text == NULL || !inside(s, row, col) || width <= 0)
		return;
	width = width < s->cols - col ? width : s->cols - col;
	int cells = term_width(text);

	if (cells <= width) {
		int at = right ? col + width - cells : col;

		(void)term_put(s->term, s->row + row, s->col + at, cells, text, style);
		return;
	}
	int used = term_put(s->term, s->row + row, s->col + col, width - 1, text, style);

	(void)term_put(s->term, s->row + row, s->col + col + used, 1, "…", style);
}

void surface_blank(const struct surface *s, int row, int col, int width, enum term_style style)
{
	if (!inside(s, row, col) || width <= 0)
		return;
	width = width < s->cols - col ? width : s->cols - col;
	term_blank(s->term, s->row + row, s->col + col, width, style);
}

void surface_cursor(const struct surface *s, int row, int col)
{
	term_cursor(s->term, s->row + between(row, 0, s->rows - 1),
		s->col + between(col, 0, s->cols - 1));
}

enum term_style surface_style(enum page_style style)
{
	switch (style) {
	case PAGE_HEADING:
		return TERM_BOLD;
	case PAGE_WARNING:
		return TERM_WARNING;
	case PAGE_MUTED:
		return TERM_MUTED;
	case PAGE_URGENT:
		return TERM_URGENT;
	case PAGE_DONE:
		return TERM_DONE;
	case PAGE_QR:
		return TERM_QR;
	case PAGE_NORMAL:
	case PAGE_PAIR:
	case PAGE_MONO:
	default:
		return TERM_NORMAL;
	}
}
