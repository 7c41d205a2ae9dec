#include "base/buf.h"

#include <stdio.h>

void buf_init(struct buf *b, struct arena *a)
{
	*b = (struct buf){.arena = a};
}

/* Room for `more` bytes and a NUL. Old copies stay in the arena: growth doubles, so they sum to
 * less than the final size. */
static bool reserve(struct buf *b, size_t more)
{
	size_t need;

	if (b->failed || __builtin_add_overflow(b->size, more + 1, &need)) {
		b->failed = true;
		return false;
	}
	if (need <= b->capacity)
		return true;
	size_t capacity = b->capacity != 0 ? b->capacity : 128;

	while (capacity < need)
		capacity = capacity * 2 > capacity ? capacity * 2 : need;
	char *data = arena_alloc(b->arena, capacity);

	if (data == NULL) {
		b->failed = true;
		return false;
	}
	if (b->size != 0)
		memcpy(data, b->data, b->size);
	b->data = data;
	b->capacity = capacity;
	return true;
}

void buf_add(struct buf *b, const void *data, size_t size)
{
	if (!reserve(b, size))
		return;
	if (size != 0)
		memcpy(b->data + b->size, data, size);
	b->size += size;
	b->data[b->size] = '\0';
}

void buf_text(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

void buf_char(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void buf_printf(struct buf *b, const char *format, ...)
{
	va_list args;
	va_list again;

	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);

	va_end(args);
	if (n < 0)
		b->failed = true;
	else if (reserve(b, (size_t)n)) {
		vsnprintf(b->data + b->size, (size_t)n + 1, format, again);
		b->size += (size_t)n;
	}
	va_end(again);
}

enum err buf_end(struct buf *b, struct bytes *ret_bytes)
{
	if (!reserve(b, 0))
		return ERR_NO_MEMORY;
	b->data[b->size] = '\0';
	*ret_bytes = bytes_of(b->data, b->size);
	return OK;
}

const char *buf_end_text(struct buf *b)
{
	struct bytes all;

	return buf_end(b, &all) == OK ? (const char *)all.data : NULL;
}
