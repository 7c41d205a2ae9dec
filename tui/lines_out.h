/*
 * Plain lines to a terminal or a pipe: text and line ends, nothing else. Whoever prints writes to
 * `file`; what stands there goes out at once with lines_out_flush.
 *
 * No control character leaves by here, whatever was written, and no cursor is ever moved. Where the
 * locale has no UTF-8, the nearest ASCII goes.
 */
#ifndef TUI_LINES_OUT_H
#define TUI_LINES_OUT_H

#include <stdbool.h>
#include <stdio.h>
#include "base/err.h"

struct lines_out {
	FILE *file;
	int fd;
	bool utf8;
	bool open; /* the last line that went out has no end: a prompt stands there */
	char *text;
	size_t size;
	size_t capacity;
};

/* ERR_NO_MEMORY. `o` must not move until it is closed; the descriptor stays the caller's. */
enum err lines_out_open(struct lines_out *o, int fd, bool utf8) MUST_CHECK;
void lines_out_close(struct lines_out *o);
/* Waits where the reader is slow. ERR_NO_MEMORY; ERR_IO where nobody reads any more. */
enum err lines_out_flush(struct lines_out *o) MUST_CHECK;

#endif
