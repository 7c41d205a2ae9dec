/*
 * Structured fields (RFC 8941): the items that signed requests are made of, read one by one from a
 * cursor. Nothing is normalised; what an item covers can be had as the received bytes.
 *
 * A reader that answers false leaves the cursor anywhere: the field is refused as a whole.
 */
#ifndef NET_SF_H
#define NET_SF_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"

struct sf {
	const unsigned char *at;
	const unsigned char *end;
};

struct sf sf_of(struct bytes field);
bool sf_end(const struct sf *s);
/* Takes exactly this character. */
bool sf_char(struct sf *s, char c);
/* Takes blanks (SP only), if any. */
void sf_blanks(struct sf *s);
/* Whether this character comes next; takes nothing. */
bool sf_next(const struct sf *s, char c);

/* A key (section 3.1.2): lcalpha or `*`, then lcalpha, digit, `_` `-` `.` `*`. */
bool sf_key(struct sf *s, struct bytes *ret_key) MUST_CHECK;
/* An integer (section 3.3.1): at most 15 digits; a decimal is none. */
bool sf_integer(struct sf *s, int64_t *ret_n) MUST_CHECK;
/* A string (section 3.3.3), unescaped into the arena. ERR_BAD_REQUEST, ERR_NO_MEMORY. */
enum err sf_string(struct arena *a, struct sf *s, const char **ret_text) MUST_CHECK;
/*
 * A byte sequence (section 3.3.5); stricter than the RFC asks of parsers: padding must be there and
 * stray bits zero, so that bytes have one spelling. ERR_BAD_REQUEST, ERR_NO_MEMORY.
 */
enum err sf_bytes(struct arena *a, struct sf *s, struct bytes *ret_raw) MUST_CHECK;

#endif
