/*
 * Objects of a JSON text of any size, one at a time: of one array, or one behind the other (JSON
 * Lines). Only where each begins and ends is looked at: its own decoder reads it (codec.h).
 */
#ifndef NET_JSON_SPLIT_H
#define NET_JSON_SPLIT_H

#include <stdbool.h>
#include <stdio.h>
#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"

/* Of one object. */
#define JSON_SPLIT_BYTES (1024 * 1024)

/* Zero but for `in` and `line` = 1. */
struct json_split {
	FILE *in;
	int line; /* of what is read next */
	bool begun;
	bool list; /* it is an array */
	bool done;
};

/*
 * The next object, in the arena, and the line on which it begins; ERR_NOT_FOUND: there is none.
 * ERR_BAD_JSON, ERR_TOO_LARGE: s->line says where, and nothing behind it can be read. ERR_IO.
 */
enum err json_split_next(
	struct json_split *s, struct arena *a, struct bytes *ret, int *ret_line) MUST_CHECK;
/* Has that object, which was decoded well, a member of that name itself? */
bool json_split_has(struct bytes object, const char *key);

#endif
