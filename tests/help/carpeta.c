#include "tests/help/carpeta.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

int carpeta_make(char *folder, size_t size, const char *name)
{
	const char *tmp = getenv("BUZON_TMP");
	int n = snprintf(folder, size, "%s/buzon-%s-XXXXXX", tmp != NULL ? tmp : "/tmp", name);

	return n > 0 && (size_t)n < size && mkdtemp(folder) != NULL ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *s, int kind, struct FTW *at)
{
	(void)s;
	(void)kind;
	(void)at;
	return remove(path);
}

int carpeta_remove(const char *folder)
{
	return nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
