/*
 * One JSON object on one line, as `--json` prints them: keys in the order in which they are added.
 */
#ifndef APP_JSON_LINE_H
#define APP_JSON_LINE_H

#include <stdint.h>
#include <stdio.h>
#include "base/buf.h"

struct json_line {
	struct buf buf;
};

void json_line_begin(struct json_line *j, struct arena *a);
/* A NULL text leaves the key out. */
void json_line_text(struct json_line *j, const char *key, const char *text);
void json_line_int(struct json_line *j, const char *key, int64_t n);
void json_line_bool(struct json_line *j, const char *key, bool yes);
/* Prints it. ERR_NO_MEMORY; what `out` does not take is seen when it is closed. */
enum err json_line_end(struct json_line *j, FILE *out) MUST_CHECK;

#endif
