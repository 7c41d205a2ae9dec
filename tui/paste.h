/*
 * What is being pasted, put together character by character; overwritten when it is dropped,
 * because it may be a password.
 */
#ifndef TUI_PASTE_H
#define TUI_PASTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* More than any field holds; what comes after is dropped. */
#define PASTE_MAX (1024 * 1024)

struct paste {
	char *text; /* NUL-terminated; NULL while nothing came */
	size_t size;
	size_t room;
};

/* Do terminals of this TERM know bracketed paste (or skip it quietly)? NULL: no. */
bool paste_known(const char *term);
/* Silently drops the character past PASTE_MAX or when memory ends. */
void paste_add(struct paste *p, uint32_t c);
void paste_drop(struct paste *p);

#endif
