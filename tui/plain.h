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
	bool labels; /* for who listens: a cell with its column's label, nothing nobody asked for */
	size_t first;  /* rows of a list, lines of a text: from here */
	size_t count;  /* as many; 0 = all */
	bool utf8;     /* QR by half-blocks; with labels and without UTF-8 there is none */
	int row_cells; /* of the screen: a longer line counts as several in a part; 0 = as one */
};

/* `frame` may be NULL. ERR_NO_MEMORY, ERR_IO where `out` doesn't take it, or the row's error. */
enum err plain_page(FILE *out, const struct page_frame *frame, const struct page *page,
	const struct plain_options *options) MUST_CHECK;
/*
 * Where the part of a long list or text ends that begins at `first` and takes `most` lines; all
 * there is is *ret_total. Never empty where something is left, and a QR is not cut. Other kinds of
 * page are one part. ERR_NO_MEMORY.
 */
enum err plain_part(const struct page *page, const struct plain_options *options, size_t most,
	size_t *ret_end, size_t *ret_total) MUST_CHECK;

#endif
