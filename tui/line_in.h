/*
 * Whole lines from a terminal or a pipe, without ever waiting: what a person has typed so far is
 * kept until its end comes.
 *
 * Any line may be a password, so all that is read lives in the secure heap and is overwritten once
 * it was taken: as text (made harmless) or as a secret, never both.
 */
#ifndef TUI_LINE_IN_H
#define TUI_LINE_IN_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/secret.h"

#define LINE_IN_MOST 8192 /* bytes of a line, its end included */

struct line_in {
	int fd;
	struct secret buffer; /* what was read and not taken begins at `start` */
	size_t start;
	bool refusing; /* a line that was too long: the rest of it is dropped */
	bool ended;
};

enum line_in_kind {
	LINE_IN_NONE,	  /* no whole line yet */
	LINE_IN_LINE,	  /* *ret_line, without its end; until the next call of any function here */
	LINE_IN_TOO_LONG, /* told once a line; nothing of it is given */
	LINE_IN_END,	  /* nothing more comes; a line without an end is none */
};

/* ERR_NO_MEMORY. The descriptor stays the caller's. */
enum err line_in_open(struct line_in *in, int fd) MUST_CHECK;
void line_in_close(struct line_in *in);
/* One read: to be called when the descriptor is readable, else it waits. */
void line_in_read(struct line_in *in);
enum line_in_kind line_in_next(struct line_in *in, struct bytes *ret_line);
/* Forgets what was read and not taken: it was typed before the question. */
void line_in_forget(struct line_in *in);

/* The line as text, for any line but a secret. NULL: no memory. */
char *line_in_text(struct arena *a, struct bytes line) MUST_CHECK;
/* The line as a secret: its bytes but for control characters. ERR_NO_MEMORY. */
enum err line_in_secret(struct bytes line, struct secret *ret) MUST_CHECK;

#endif
