/*
 * Ctrl-C in a long verb: it ends in order, where it can, and says how far it came.
 */
#ifndef CORE_INTERRUMPIR_H
#define CORE_INTERRUMPIR_H

#include <signal.h>
#include <stdbool.h>

/* What SIGINT and SIGTERM did before. */
struct interrumpir {
	struct sigaction was_int;
	struct sigaction was_term;
};

/* From here to interrumpir_end the two only leave word. One at a time in a process. */
void interrumpir_begin(struct interrumpir *i);
void interrumpir_end(const struct interrumpir *i);
/* Did one come? */
bool interrumpir_came(void);

#endif
