/*
 * Paragraphs broken into lines of a width, for every printer that has one.
 */
#ifndef TUI_WRAP_H
#define TUI_WRAP_H

#include "base/arena.h"
#include "tui/page.h"

struct wrap_line {
	const char *text; /* UTF-8, NUL-terminated, cleaned; "" is a blank line */
	enum page_style style;
	bool label; /* the line begins with the label of a pair, `label_cells` wide */
	int label_cells;
};

struct wrap {
	struct wrap_line *lines;
	size_t count;
};

/*
 * Breaks at blanks (PAGE_MONO: anywhere), hard where a word is wider than the width (>= 1 cell).
 * A pair is "label: value", continued under the value. A QR is drawn in half-blocks with its quiet
 * zone, or as "##" where `utf8` is false; where it is wider than the width a sentence says so.
 */
enum err wrap_text(struct arena *a, const struct page_paragraph *p, size_t count, int width,
	bool utf8, struct wrap *ret_wrap) MUST_CHECK;
/* Cells of cleaned text, by wcwidth. */
int wrap_width(const char *text);
/* Bytes of `text` that fit into `cells`; *ret_cells (may be NULL) is how many they use. */
size_t wrap_fit(const char *text, int cells, int *ret_cells);
/* Bytes of the first line of an area being typed in: to the newline, or past the last blank. */
size_t wrap_area(const char *text, int width);

#endif
