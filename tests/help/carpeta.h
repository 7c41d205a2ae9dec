/*
 * A folder of one test program's own, below $BUZON_TMP or /tmp; removed with all that is in it.
 */
#ifndef TESTS_HELP_CARPETA_H
#define TESTS_HELP_CARPETA_H

#include <stddef.h>

/* 0, or -1 as a cmocka fixture says it. The name is written to `folder` (`size` bytes). */
int carpeta_make(char *folder, size_t size, const char *name);
int carpeta_remove(const char *folder);

#endif
