/*
 * A run of bytes that somebody else owns. `data` may be NULL only when size is 0.
 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct bytes {
	const unsigned char *data;
	size_t size;
};

static inline struct bytes bytes_of(const void *data, size_t size)
{
	return (struct bytes){.data = data, .size = size};
}

static inline struct bytes bytes_of_text(const char *text)
{
	return bytes_of(text, strlen(text));
}

static inline bool bytes_equal(struct bytes a, struct bytes b)
{
	return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

#endif
