/*
 * The bytes of one character, put together as they come: where the locale is not UTF-8 ncurses
 * hands over bytes, but the terminal often sends UTF-8.
 */
#ifndef TUI_PARTIAL_H
#define TUI_PARTIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct partial {
	unsigned char bytes[4];
	size_t size;
};

/* True when the byte ended a character. What is no UTF-8 is dropped. */
bool partial_add(struct partial *p, unsigned char byte, uint32_t *ret_char);

#endif
