/*
 * A process that stands still, as one that hangs does. SIGCONT lets it go on.
 */
#ifndef TESTS_HELP_ALTO_H
#define TESTS_HELP_ALTO_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * SIGSTOP, and waits until all of its threads have stopped: kill() only asks for that, and on a
 * busy machine the others go on answering until one of them has taken the signal. False where it
 * is not there, or does not stop within half a minute.
 */
bool alto(pid_t pid);

#endif
