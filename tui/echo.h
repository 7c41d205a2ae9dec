/*
 * A terminal that is used as it is, line by line, but for the echo while a secret is typed: given
 * back on every death that can be caught, and while the program is stopped. One per process.
 */
#ifndef TUI_ECHO_H
#define TUI_ECHO_H

#include <stdbool.h>
#include <termios.h>

struct echo {
	int fd;
	int wake; /* readable: echo_signals has something to do; -1 where there is no terminal */
	bool tty;
	bool off;
	struct termios before;
};

/* Anything but a terminal is fine: then there is no echo to turn off. */
void echo_open(struct echo *e, int fd);
/* The terminal as it was. */
void echo_close(struct echo *e);
/* What was typed ahead is forgotten: it was seen, and meant for something else. */
void echo_off(struct echo *e);
void echo_on(struct echo *e);
/* Ctrl-Z: stops and continues, with the echo given back meanwhile. True when it stopped. */
bool echo_signals(struct echo *e);

#endif
