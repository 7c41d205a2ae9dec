/*
 * Position in a virtual list: how many rows, which is on top, which has the cursor. Knows no rows.
 */
#ifndef TUI_LIST_H
#define TUI_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include "tui/keys.h"

struct list {
	size_t count;
	size_t top;	    /* first row seen */
	size_t cursor;	    /* < count, or 0 */
	size_t height;	    /* rows seen; set by who paints */
	size_t painted_top; /* what is on the screen, for draw_marker */
	size_t painted_row; /* from the top */
};

/* A new count and cursor: the top stays where it is as long as the cursor is seen. */
void list_sync(struct list *l, size_t count, size_t cursor);
void list_height(struct list *l, size_t height);
/* Arrows, PgUp/PgDn, Home/End, j k g G, Ctrl-D/U/F/B. False: not a movement. */
bool list_key(struct list *l, uint32_t key);

#endif
