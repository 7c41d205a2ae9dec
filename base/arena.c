#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include "base/mem.h"

#define BLOCK 4096

struct arena_block {
	struct arena_block *next;
	size_t used;
	size_t size;
	alignas(max_align_t) unsigned char data[];
};

void arena_init(struct arena *a, size_t allowance)
{
	*a = (struct arena){.allowance = allowance};
}

void arena_free(struct arena *a)
{
	struct arena_block *b = a->first;

	while (b != NULL) {
		struct arena_block *next = b->next;

		mem_free(b);
		b = next;
	}
	a->first = NULL;
	a->used = 0;
}

static struct arena_block *grow(struct arena *a, size_t bytes)
{
	size_t size = bytes > BLOCK ? bytes : BLOCK;
	struct arena_block *b = mem_alloc(sizeof(*b) + size);

	if (b == NULL)
		return NULL;
	*b = (struct arena_block){.next = a->first, .size = size};
	a->first = b;
	return b;
}

void *arena_alloc(struct arena *a, size_t bytes)
{
	size_t n = (bytes + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	struct arena_block *b = a->first;

	if (n < bytes || n > a->allowance - a->used)
		return NULL;
	if (b == NULL || b->size - b->used < n)
		b = grow(a, n);
	if (b == NULL)
		return NULL;
	void *p = b->data + b->used;

	b->used += n;
	a->used += n;
	return p;
}

void *arena_zalloc(struct arena *a, size_t bytes)
{
	void *p = arena_alloc(a, bytes);

	return p != NULL ? memset(p, 0, bytes) : NULL;
}

void *arena_copy(struct arena *a, const void *from, size_t bytes)
{
	if (bytes == SIZE_MAX)
		return NULL;
	char *p = arena_alloc(a, bytes + 1);

	if (p == NULL)
		return NULL;
	if (bytes != 0)
		memcpy(p, from, bytes);
	p[bytes] = '\0';
	return p;
}

char *arena_strdup(struct arena *a, const char *text)
{
	return arena_copy(a, text, strlen(text));
}

char *arena_vprintf(struct arena *a, const char *format, va_list args)
{
	va_list again;

	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);
	char *p = n < 0 ? NULL : arena_alloc(a, (size_t)n + 1);

	if (p != NULL)
		vsnprintf(p, (size_t)n + 1, format, again);
	va_end(again);
	return p;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	char *p = arena_vprintf(a, format, args);

	va_end(args);
	return p;
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
	size_t bytes;

	return __builtin_mul_overflow(n, size, &bytes) ? NULL : arena_zalloc(a, bytes);
}
