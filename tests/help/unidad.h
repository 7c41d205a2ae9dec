/*
 * A systemd unit of tools/servidor, and what it lets a program do, asked of systemd-analyze: so
 * that a test can compare that with what the program did, told by strace.
 */
#ifndef TESTS_HELP_UNIDAD_H
#define TESTS_HELP_UNIDAD_H

#include <stdbool.h>
#include "base/arena.h"

/* The unit's text; a program's folder takes the place of @SBINDIR@. */
const char *unidad_read(struct arena *a, const char *name, const char *folder);
/* The values of all lines of that key, each with a newline. */
const char *unidad_values(struct arena *a, const char *unit, const char *key);
/* Words with a blank before and behind: the system calls that its filter lets pass. */
const char *unidad_calls(struct arena *a, const char *unit);
bool unidad_has(const char *words, const char *word);

#endif
