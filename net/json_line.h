/*
 * One JSON object on one line, as `--json` prints them: keys in the order in which they are added.
 * What they mean is in buzon-tui.1 and buzond.8 (JSON): a key that is there stays.
 */
#ifndef NET_JSON_LINE_H
#define NET_JSON_LINE_H

#include <stdint.h>
#include <stdio.h>
#include "base/buf.h"
#include "net/codec.h"

struct json_line {
	struct buf buf;
};

void json_line_begin(struct json_line *j, struct arena *a);
/* A NULL text leaves the key out. */
void json_line_text(struct json_line *j, const char *key, const char *text);
void json_line_int(struct json_line *j, const char *key, int64_t n);
void json_line_bool(struct json_line *j, const char *key, bool yes);
/* The members of the message, as the wire names them. A wrong one fails json_line_end. */
void json_line_message(struct json_line *j, const struct message *m, const void *value);
/* A list under that key, of texts and of objects whose members are added as above. */
void json_line_list(struct json_line *j, const char *key);
void json_line_item(struct json_line *j, const char *text);
void json_line_object(struct json_line *j);
void json_line_object_end(struct json_line *j);
void json_line_list_end(struct json_line *j);
/* Prints it. ERR_NO_MEMORY; what `out` does not take is seen when it is closed. */
enum err json_line_end(struct json_line *j, FILE *out) MUST_CHECK;

#endif
