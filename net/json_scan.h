/*
 * Whether a text is JSON (RFC 8259) of the narrow kind that our wire allows, without building
 * anything: what passes holds no surprise for the library that reads it next.
 *
 * Passes: one object, blanks around it; UTF-8; depth up to 8; at most 64 keys an object, each once,
 * written without escapes; integers within 2^53 without fraction, exponent, leading zeros or minus
 * zero; strings without raw control characters, escaped NUL or half surrogates.
 */
#ifndef NET_JSON_SCAN_H
#define NET_JSON_SCAN_H

#include "base/bytes.h"
#include "base/err.h"

#define JSON_SCAN_DEPTH 8
/* So that looking for a repeated key costs linear time in the text, whoever wrote it. */
#define JSON_SCAN_KEYS 64

/* OK or ERR_BAD_JSON. */
enum err json_scan(struct bytes text) MUST_CHECK;

#endif
