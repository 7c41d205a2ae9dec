/*
 * Position in a wrapped text.
 */
#ifndef TUI_PAGER_H
#define TUI_PAGER_H

#include <stdbool.h>
#include <stddef.h>
#include "tui/keys.h"

struct pager {
	size_t top;    /* first line seen */
	size_t count;  /* lines at the last paint */
	size_t height; /* lines seen at the last paint */
};

/* Arrows, PgUp/PgDn, Space, Home/End, j k g G, Ctrl-D/U/F/B. False: not a movement. */
bool pager_key(struct pager *p, uint32_t key);
/* How many lines there are and how many fit; the top is brought back into range. */
void pager_fit(struct pager *p, size_t count, size_t height);
/* The line on top, or as near as the end of the text lets it be. */
void pager_show(struct pager *p, size_t line);

#endif
