/*
 * A rectangle of the terminal: what is put outside it is cut off, so that no painter counts edges.
 */
#ifndef TUI_SURFACE_H
#define TUI_SURFACE_H

#include "tui/page.h"
#include "tui/term.h"

struct surface {
	struct term *term;
	int row;
	int col;
	int rows;
	int cols;
};

/* The whole terminal. */
struct surface surface_all(struct term *t);
/* A part of it, clipped to its parent. */
struct surface surface_part(const struct surface *s, int row, int col, int rows, int cols);
/* Text from (row, col) on; cells used. */
int surface_put(const struct surface *s, int row, int col, const char *text, enum term_style style);
/* Text in `width` cells, ended by "…" where it is longer, aligned to the right where asked. */
void surface_fit(const struct surface *s, int row, int col, int width, const char *text, bool right,
	enum term_style style);
/* `width` blanks in the style. */
void surface_blank(const struct surface *s, int row, int col, int width, enum term_style style);
/* Rests the real cursor there. */
void surface_cursor(const struct surface *s, int row, int col);
/* How a page's style looks on a terminal. */
enum term_style surface_style(enum page_style style);

#endif
