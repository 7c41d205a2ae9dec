#include "base/mem.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static atomic_long asked;
static atomic_long failing;

static int fails(void)
{
	long n = atomic_fetch_add_explicit(&asked, 1, memory_order_relaxed) + 1;

	return n == atomic_load_explicit(&failing, memory_order_relaxed);
}

void mem_fail_at(long n)
{
	atomic_store(&asked, 0);
	atomic_store(&failing, n);
}

long mem_count(void)
{
	return atomic_load(&asked);
}

void *mem_alloc(size_t bytes)
{
	return fails() ? NULL : malloc(bytes != 0 ? bytes : 1);
}

void *mem_zalloc(size_t bytes)
{
	return fails() ? NULL : calloc(1, bytes != 0 ? bytes : 1);
}

void *mem_realloc(void *p, size_t bytes)
{
	return fails() ? NULL : realloc(p, bytes != 0 ? bytes : 1);
}

char *mem_strdup(const char *text)
{
	size_t n = strlen(text) + 1;
	char *copy = mem_alloc(n);

	return copy != NULL ? memcpy(copy, text, n) : NULL;
}

void mem_free(void *p)
{
	free(p);
}
