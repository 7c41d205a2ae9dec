/*
 * What is being pasted, put together character by character; overwritten when it is dropped,
 * because it may be a password.
 */
#ifndef TUI_PASTE_H
#define TUI_PASTE_H

#include <stddef.h>
#include <stdint.h>

/* More than any field holds; what comes after is dropped. */
#define PASTE_MAX (1024 * 1024)

struct paste {
	char *text; /* NUL-terminated; NULL while nothing came */
	size_t size;
	size_t room;
};

/* Silently drops the character past PASTE_MAX or when memory ends. */
void paste_add(struct paste *p, uint32_t c);
void paste_drop(struct paste *p);

#endif
