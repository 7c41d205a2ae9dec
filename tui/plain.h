/*
 * A page as plain lines: `--llano` (screen readers, braille) and commands. No cursor movement.
 */
#ifndef TUI_PLAIN_H
#define TUI_PLAIN_H

#include <stdio.h>
#include "base/err.h"
#include "tui/page.h"

struct plain_options {
	int width;     /* cells to wrap at; 0 = never wrap (pipes) */
	bool numbered; /* rows, fields and buttons get a number to be chosen by */
	bool labels;   /* each cell is said with its column's label */
	size_t first;  /* rows of a list: from here */
	size_t count;  /* as many; 0 = all */
	bool utf8;     /* QR by half-blocks */
};

/* `frame` may be NULL. ERR_NO_MEMORY, ERR_IO where `out` doesn't take it, or the row's error. */
enum err plain_page(FILE *out, const struct page_frame *frame, const struct page *page,
	const struct plain_options *options) MUST_CHECK;

#endif
