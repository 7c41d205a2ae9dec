#include "tests/help/ossl_mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <openssl/crypto.h>
#include "base/mem.h"

static void *take(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return mem_alloc(size);
}

static void *resize(void *p, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return mem_realloc(p, size);
}

static void give(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	mem_free(p);
}

void ossl_mem_hook(void)
{
	if (CRYPTO_set_mem_functions(take, resize, give) == 1)
		return;
	fputs("ossl_mem_hook: too late\n", stderr);
	abort();
}
