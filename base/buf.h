/*
 * A text or byte string that grows inside an arena.
 *
 * Appending never fails visibly: the first failure (memory, allowance) is remembered and the rest
 * does nothing; buf_end tells. So a writer of JSON, PDF or cadenas checks once.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"

struct buf {
	struct arena *arena;
	char *data; /* always NUL-terminated once something was added */
	size_t size;
	size_t capacity;
	bool failed;
};

void buf_init(struct buf *b, struct arena *a);
void buf_add(struct buf *b, const void *data, size_t size);
void buf_text(struct buf *b, const char *text);
void buf_char(struct buf *b, char c);
void buf_printf(struct buf *b, const char *format, ...) PRINTF_LIKE(2, 3);
/* What was written (owned by the arena, NUL behind it), or ERR_NO_MEMORY. */
enum err buf_end(struct buf *b, struct bytes *ret_bytes) MUST_CHECK;
/* The same as text; NULL where it failed. */
const char *buf_end_text(struct buf *b) MUST_CHECK;

#endif
