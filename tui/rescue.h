/*
 * Giving the terminal back on every death that can be caught, and keeping what libraries write to
 * stderr while the screen is up. One per process. Knows no ncurses: bytes and settings are given.
 */
#ifndef TUI_RESCUE_H
#define TUI_RESCUE_H

#include <stddef.h>
#include <termios.h>
#include "base/err.h"

/*
 * Catches the deadly signals on an alternate stack: writes `bytes` (copied, at most 256) to `fd`,
 * sets the terminal's attributes, gives stderr back, and raises the signal again.
 */
void rescue_arm(int fd, const char *bytes, size_t size, const struct termios *before);
/* The signals as they were before. */
void rescue_disarm(void);

/* Keeps stderr in memory when it is a terminal. ERR_IO: it stays as it was. */
enum err rescue_catch_stderr(void) MUST_CHECK;
/* Gives it back and shows what was kept. */
void rescue_free_stderr(void);

/*
 * Before ncurses starts. Remembers how the deadly signals are handled; notes SIGWINCH ('w') and
 * SIGTSTP ('z') as bytes in a pipe; returns its end to read, or -1.
 */
int rescue_watch(void);
void rescue_unwatch(void);
/* Stops the process as Ctrl-Z does; returns when it continues. */
void rescue_stop_here(void);

#endif
