/*
 * Memory of one operation (a key press that does I/O, an HTTP request), freed whole.
 *
 * An arena has an allowance in bytes: what a peer sends can't make it grow past that. Objects are
 * aligned for any type and never move. Not thread-safe; an arena belongs to one operation.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>
#include "base/macros.h"
#include "base/bytes.h"

struct arena_block;

struct arena {
	struct arena_block *first; /* newest block */
	size_t used;		   /* bytes handed out */
	size_t allowance;	   /* most bytes it may ever hand out */
};

void arena_init(struct arena *a, size_t allowance);
/* Frees everything; the arena can be used again. */
void arena_free(struct arena *a);

/* NULL when memory or the allowance ends. arena_zalloc gives zeroed memory. */
void *arena_alloc(struct arena *a, size_t bytes) MUST_CHECK;
void *arena_zalloc(struct arena *a, size_t bytes) MUST_CHECK;
/* A NUL is added behind the copy, so it can be used as text too. */
void *arena_copy(struct arena *a, const void *from, size_t bytes) MUST_CHECK;
char *arena_strdup(struct arena *a, const char *text) MUST_CHECK;
char *arena_printf(struct arena *a, const char *format, ...) MUST_CHECK PRINTF_LIKE(2, 3);
char *arena_vprintf(struct arena *a, const char *format, va_list args) MUST_CHECK PRINTF_LIKE(2, 0);
/* n zeroed objects of `size` bytes; NULL on overflow too. */
void *arena_array(struct arena *a, size_t n, size_t size) MUST_CHECK;

static inline void auto_arena_scope(struct arena *a)
{
	arena_free(a);
}
/* A local arena that is freed when it leaves scope. */
#define ARENA(name, bytes)                                                                         \
	__attribute__((cleanup(auto_arena_scope))) struct arena name = {.allowance = (bytes)}

#endif
