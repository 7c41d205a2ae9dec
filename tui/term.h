/*
 * The terminal: the only file that knows ncurses. One per process, used by one thread.
 *
 * newterm, never initscr; terminfo only. The terminal is given back on every death that can be
 * caught (restore bytes prepared beforehand, written on an alternate stack, signal raised again).
 * What libraries write to stderr while the screen is up is kept and given back when it ends.
 */
#ifndef TUI_TERM_H
#define TUI_TERM_H

#include <stdbool.h>
#include "base/err.h"
#include "tui/keys.h"

struct term;

enum term_style {
	TERM_NORMAL,
	TERM_BOLD,    /* headings, current menu */
	TERM_MUTED,   /* dim where there is dim */
	TERM_WARNING, /* bold; yellow too in colour */
	TERM_URGENT,  /* bold; red too in colour */
	TERM_DONE,    /* bold; green too in colour */
	TERM_FIELD,   /* underlined: where one types */
	TERM_BANNER,  /* reverse */
	TERM_QR,      /* dark on light, whatever the theme */
	TERM_STYLE_COUNT,
};

struct term_size {
	int rows;
	int cols;
};

/* Before term_start: no colours, as with NO_COLOR (which is stronger than `false`). */
void term_mono(bool mono);
/*
 * Takes the terminal on stdin/stdout. setlocale was called before. Reads TERM, NO_COLOR,
 * SSH_CONNECTION and BUZON_IDLE_FD. ERR_NO_TERMINAL (no tty, unknown or dumb TERM): use lines.
 */
enum err term_start(struct term **ret_term) MUST_CHECK;
/* Gives it back, with what was caught of stderr. NULL is fine. */
void term_stop(struct term *t);
/* Hands the terminal to another program (clave_comando, pager) and takes it again, repainted. */
void term_suspend(struct term *t);
void term_resume(struct term *t);

/* Readable when term_key may have something: keys, resize, Ctrl-Z, hang-up. */
int term_fd(const struct term *t);
/*
 * The next event; false when there is none for now (never waits, but ESCDELAY for what follows an
 * Esc). Drain until false before waiting. Ctrl-Z stops and continues inside.
 */
bool term_key(struct term *t, struct key_event *ret_event);
/* Call each time the loop is about to wait with nothing left to do: one byte to BUZON_IDLE_FD. */
void term_idle(struct term *t);

struct term_size term_size(const struct term *t);
/* Can it show characters past ASCII? Else term_put writes the nearest ASCII. */
bool term_utf8(const struct term *t);
bool term_color(const struct term *t);
bool term_underlines(const struct term *t);

/* All cells blank (in memory; only what changed is sent by term_flush). */
void term_erase(struct term *t);
/*
 * Puts text at the cell, at most `width` cells and never past the edge; harmful characters are
 * dropped. Returns the cells used. Outside the screen: 0.
 */
int term_put(struct term *t, int row, int col, int width, const char *text, enum term_style style);
/* `width` blanks. */
void term_blank(struct term *t, int row, int col, int width, enum term_style style);
/* Is this character in the cell, as last put? */
bool term_shows(const struct term *t, int row, int col, const char *text);
/* Where the real cursor rests after the next flush; clamped into the screen. */
void term_cursor(struct term *t, int row, int col);
/* Sends what changed. */
void term_flush(struct term *t);
/* Ctrl-L: forget what is on the terminal; the next flush sends all. */
void term_redraw(struct term *t);
void term_bell(struct term *t);
/* Cells of the text as term_put would use them without an edge. */
int term_width(const char *text);
/*
 * Puts the text on the clipboard of the terminal where it can (tui/copy.h); nothing visible, and no
 * answer: say the line as well. ERR_TOO_LARGE, ERR_NO_TERMINAL, ERR_NO_MEMORY.
 */
enum err term_copy(struct term *t, const char *text) MUST_CHECK;

#endif
