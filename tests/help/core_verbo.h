/*
 * A verb of buzond run within the test, and a configuration for it.
 */
#ifndef TESTS_HELP_CORE_VERBO_H
#define TESTS_HELP_CORE_VERBO_H

#include <stddef.h>
#include <stdint.h>

/* `buzond WORDS...` at that instant; words end with NULL. Its exit code, and what it printed. */
int core_verbo(int64_t now, const char *const *words, char *out, size_t out_size, char *err,
	size_t err_size);
/* Writes one for the store at `place` to a file of the world's folder, named in `path`. */
void core_verbo_config(char *path, size_t size, const char *place);

#endif
