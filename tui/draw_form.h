/*
 * The fields of a form in a surface: labels, what was typed, errors beside them, live counters.
 */
#ifndef TUI_DRAW_FORM_H
#define TUI_DRAW_FORM_H

#include "base/arena.h"
#include "tui/surface.h"
#include "tui/widget.h"
#include "tui/wrap.h"

/* Rests the cursor where one types. True where more stands below. */
bool draw_form(const struct surface *s, const struct page_form *p, struct form *f, struct arena *a);
/* One paragraph per line as wrapped; lines drawn. */
int draw_lines(const struct surface *s, int row, const struct wrap *lines, size_t from);

#endif
