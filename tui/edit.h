/*
 * A text being typed: insert, delete, move. UTF-8, cursor in bytes at a character's start.
 */
#ifndef TUI_EDIT_H
#define TUI_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include "base/err.h"
#include "tui/keys.h"

struct edit {
	char *text; /* NUL-terminated once something was set; NULL = empty */
	size_t size;
	size_t capacity;
	size_t cursor;
	size_t limit; /* characters; 0 = none */
	bool lines;   /* '\n' belongs into it */
};

void edit_free(struct edit *e);
/* Cursor at the end. ERR_NO_MEMORY. */
enum err edit_set(struct edit *e, const char *text) MUST_CHECK;
/* Never NULL. */
const char *edit_text(const struct edit *e);
/*
 * Inserts cleaned text at the cursor, up to the limit; newlines dropped unless `lines`. True when
 * all of it went in.
 */
bool edit_insert(struct edit *e, const char *text, size_t size);
enum edit_result { EDIT_NOT_MINE, EDIT_MOVED, EDIT_CHANGED, EDIT_FULL };
/* Characters, Backspace, Delete, Left, Right, Home, End, Ctrl-A/E/K/U/W. */
enum edit_result edit_key(struct edit *e, uint32_t key);

#endif
