/*
 * UTF-8 (RFC 3629): strict, no overlong forms, no surrogates, nothing past U+10FFFF.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"

/* Decodes the character at `text` (size bytes left, > 0): its bytes (1-4), or 0 where invalid. */
size_t utf8_decode(const char *text, size_t size, uint32_t *ret_char);
/* Writes the character at `to` (4 bytes of room); returns its bytes, 0 where it is none. */
size_t utf8_encode(uint32_t c, char *to);
bool utf8_valid(const char *text, size_t size);
/* Characters, not bytes, of valid text. */
size_t utf8_count(const char *text);
/*
 * Must this character never reach a terminal? Controls (C0, C1, DEL), bidi overrides, zero-width
 * and invisible ones, variation selectors, emoji modifiers, tags, separators, non-characters.
 */
bool utf8_harmful(uint32_t c);
/*
 * Text from elsewhere made harmless for a terminal: harmful characters dropped; tab and newline
 * become a blank; invalid bytes become U+FFFD. NULL when memory ends.
 */
char *utf8_clean(struct arena *a, const char *text) MUST_CHECK;
/*
 * windows-1252 bytes of the text into `to` (room for `size` bytes); how many, or -1 where a
 * character has no place there.
 */
long utf8_to_cp1252(const char *text, size_t size, unsigned char *to);
/* Upper case of A-Z, Ñ and the accented vowels of Spanish, in place (none changes its length). */
void utf8_upper(char *text);
/*
 * The character at *text as who looks for it types it, and *text past it: lower case, letters of
 * Latin-1 without accents. ñ stays: "ano" is not "año". 0 (and no step) at the end.
 */
uint32_t utf8_fold(const char **text);
/* Does the text begin with the other one, so compared? */
bool utf8_begins(const char *text, const char *with);
/* Is it anywhere in the text? The empty one is. */
bool utf8_contains(const char *text, const char *needle);

#endif
