/*
 * The bytes that put a text on the clipboard of the terminal before which the person sits (OSC 52,
 * xterm's ctlseqs): the only way there is over SSH. Nothing is asked back and nothing shows; the
 * caller says the line as well, for terminals that forbid it.
 */
#ifndef TUI_COPY_H
#define TUI_COPY_H

#include <stdbool.h>
#include "base/arena.h"
#include "base/err.h"

/* Past this terminals cut or drop it (100,000 bytes of sequence, as hterm and others have it). */
#define COPY_MAX 74994

/* What tells which multiplexer stands between; over SSH only the first arrives. */
struct copy_env {
	const char *term;
	bool tmux;   /* TMUX is set */
	bool screen; /* STY is set */
};

/*
 * The sequence for that terminal. ERR_TOO_LARGE: more than it takes. ERR_NO_TERMINAL: it would not
 * understand, or might show it. ERR_NO_MEMORY.
 */
enum err copy_sequence(struct arena *a, const struct copy_env *env, const char *text,
	const char **ret_sequence) MUST_CHECK;

#endif
