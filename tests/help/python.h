/*
 * A few lines of Python, where a test wants a second opinion that is none of ours (python3).
 */
#ifndef TESTS_HELP_PYTHON_H
#define TESTS_HELP_PYTHON_H

#include "base/arena.h"
#include "base/bytes.h"

/* What the script prints, given `input` on its standard input; fails the test where it fails. */
const char *python_run(struct arena *a, const char *script, struct bytes input);

#endif
