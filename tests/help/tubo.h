/*
 * A program driven line by line: at the end of two pipes, as a script or an editor does, or on a
 * terminal as it is (cooked, echoing), of which only the bytes are looked at.
 */
#ifndef TESTS_HELP_TUBO_H
#define TESTS_HELP_TUBO_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct tubo {
	bool tty;
	pid_t pid;
	int to;
	int from;
	char *text; /* all that it wrote, stderr too; NUL behind */
	size_t size;
	size_t seen; /* what tubo_wait went past */
};

/* Fails the test where it can't be started. `tty`: on a terminal, else by pipes. */
void tubo_start(struct tubo *t, bool tty, const char *dir, char *const argv[], char *const envp[]);
void tubo_send(struct tubo *t, const char *lines);
/* Until the text comes (20 s) behind what was waited for before; fails the test otherwise. */
void tubo_wait(struct tubo *t, const char *text);
/* The same for the one of the two that comes first: is it `text`? */
bool tubo_wait_either(struct tubo *t, const char *text, const char *other);
/* Does the terminal echo what is typed? */
bool tubo_echoes(const struct tubo *t);
/* No more input; on a terminal, Ctrl-D. */
void tubo_eof(struct tubo *t);
/* Reads to its end: the exit code, 128 + signal; -1 where it had to be killed (20 s). */
int tubo_end(struct tubo *t);
void tubo_free(struct tubo *t);

#endif
