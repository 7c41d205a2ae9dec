/*
 * Is there a terminal that can be drawn on? Asked before anything is taken from it.
 */
#ifndef TUI_DUMB_H
#define TUI_DUMB_H

#include <stdbool.h>

/* True where stdin and stdout are no terminal, or TERM names none whose cursor moves. */
bool dumb_terminal(void);

#endif
