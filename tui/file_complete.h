/*
 * Completion of a path, one candidate after the other at each Tab.
 */
#ifndef TUI_FILE_COMPLETE_H
#define TUI_FILE_COMPLETE_H

#include <stdbool.h>
#include <stddef.h>
#include "base/arena.h"

struct file_complete {
	struct arena arena;
	char **names; /* sorted candidates, whole paths; folders end in '/' */
	size_t count;
	size_t at;
	bool active; /* the next Tab goes to the next candidate */
};

/*
 * The candidate for `typed` ("~/" is the home folder; hidden files only where asked), the next one
 * where it is active already (`back`: the one before). NULL where there is none.
 */
const char *file_complete_next(struct file_complete *c, const char *typed, bool back);
/* Something else was typed: start anew. */
void file_complete_reset(struct file_complete *c);

#endif
