/*
 * Base64 (RFC 4648 section 4), base64url without padding (section 5) and hex, strict: no blanks,
 * no missing padding, no stray bits.
 */
#ifndef BASE_B64_H
#define BASE_B64_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"

/* NUL-terminated text in the arena; NULL when memory ends. */
char *b64_encode(struct arena *a, struct bytes raw) MUST_CHECK;
char *b64url_encode(struct arena *a, struct bytes raw) MUST_CHECK;
char *hex_encode(struct arena *a, struct bytes raw) MUST_CHECK;
/* ERR_BAD_FIELD where the text is not exactly that encoding. */
enum err b64_decode(struct arena *a, struct bytes text, struct bytes *ret_raw) MUST_CHECK;
enum err b64url_decode(struct arena *a, struct bytes text, struct bytes *ret_raw) MUST_CHECK;
enum err hex_decode(struct arena *a, struct bytes text, struct bytes *ret_raw) MUST_CHECK;

#endif
