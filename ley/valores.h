/*
 * Labelled values as every cadena writes them: `||label:value|label:value...||`, in a fixed order.
 * A value is UTF-8 without `|` and control characters, and is never empty.
 */
#ifndef LEY_VALORES_H
#define LEY_VALORES_H

#include "base/arena.h"
#include "base/err.h"

struct valor {
	const char *label;
	const char *value;
};

/* ERR_BAD_FIELD where a value is missing or not allowed. */
enum err valores_join(
	struct arena *a, const struct valor *rows, size_t count, const char **ret_text) MUST_CHECK;
/* The reverse, strict: fills the values of exactly these labels in this order. ERR_BAD_FIELD. */
enum err valores_split(
	struct arena *a, const char *text, struct valor *rows, size_t count) MUST_CHECK;

#endif
