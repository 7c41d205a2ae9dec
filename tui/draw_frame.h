/*
 * What stands round every page: title, menu, rules, status and hints; and how the window is shared.
 */
#ifndef TUI_DRAW_FRAME_H
#define TUI_DRAW_FRAME_H

#include "tui/surface.h"
#include "tui/widget.h"

struct draw_layout {
	int title; /* row, -1 = no room for it */
	int menu;
	int rule;
	int body;
	int body_rows;
	int foot;
	int status;
};

/* The body never goes: title and status leave below 4 rows, menu and rules below 8. */
struct draw_layout draw_layout_of(int rows);
void draw_title(const struct surface *s, int row, const struct page_frame *f);
void draw_menu(const struct surface *s, int row, const struct page_frame *f);
/* A rule with a word in it; NULL = none. */
void draw_rule(const struct surface *s, int row, const char *title);
/* The status, the help of a field, or the prompt (which takes the cursor). */
void draw_status(const struct surface *s, int row, const struct page *p, struct widget *w);

#endif
