/*
 * Looking for words in a wrapped text: case and Spanish accents don't count, ñ does. Words that
 * stand on two lines are found where the text was broken between them.
 */
#ifndef TUI_SEARCH_H
#define TUI_SEARCH_H

#include "tui/wrap.h"

#define SEARCH_SIZE 128 /* bytes of what is looked for */

struct search_match {
	size_t line; /* where it begins */
	size_t from; /* bytes into that line */
	size_t last; /* line where it ends */
	size_t to;   /* bytes into that one, past it */
};

/* The first one that begins in the line. */
bool search_line(
	const struct wrap *lines, size_t line, const char *needle, struct search_match *ret_match);
/*
 * In the next line after (or before) `from`, going round, `from` itself last; SIZE_MAX begins with
 * the first (last) line. False where there is none, or nothing to look for.
 */
bool search_from(const struct wrap *lines, size_t from, const char *needle, bool backwards,
	struct search_match *ret_match);

#endif
