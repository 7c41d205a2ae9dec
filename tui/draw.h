/*
 * A page on the terminal, with the state a person gave it (position, what was typed): the widget.
 *
 * The loop of the app:
 *
 *	widget_sync(&w, &page);                   each time the view made a page
 *	draw_page(term, &frame, &page, &w);       paints and flushes (only what changed travels)
 *	while (term_key(term, &event))
 *		if (!widget_key(&w, &page, &event, &ret))  else the app looks the key up itself
 *	term_idle(term); wait(term_fd(term), ...);
 *
 * A WIDGET_MOVED with ret.light needs only draw_marker: no row is asked for again.
 */
#ifndef TUI_DRAW_H
#define TUI_DRAW_H

#include "tui/page.h"
#include "tui/term.h"
#include "tui/widget.h"

/* Paints everything and flushes. Survives any size from 1x1 and memory that ends. */
void draw_page(struct term *t, const struct page_frame *f, const struct page *p, struct widget *w);
/* After a light move: the marker alone (a cursor-down is 8 bytes). Flushes. */
void draw_marker(struct term *t, struct widget *w);
/* The clock alone, once a minute. Flushes. */
void draw_clock(struct term *t, const struct page_frame *f, struct widget *w);

#endif
