/*
 * What was typed into a prompt before: the last hundred lines, each once.
 */
#ifndef SCREENS_HISTORIA_H
#define SCREENS_HISTORIA_H

#include "base/arena.h"
#include "base/err.h"

#define HISTORIA_LINES 100
#define HISTORIA_SIZE 256 /* bytes; a longer line is not kept */

/* No pointers in it; zeroed is empty. Holds what a person typed: keep it encrypted or not at all.
 */
struct historia {
	char lines[HISTORIA_LINES][HISTORIA_SIZE]; /* the oldest first */
	size_t count;
	size_t back;		   /* steps from the newest; 0: what is being typed */
	char draft[HISTORIA_SIZE]; /* what was being typed when the first step was taken */
};

/* The newest is this one, and the next step begins there. Blank and long lines are not kept. */
void historia_add(struct historia *h, const char *line);
/* What is being typed is the newest again: call when a prompt is opened. */
void historia_begin(struct historia *h);
/* WIDGET_HISTORY: one older, or one newer. The line to be set, NULL where there is none. */
const char *historia_step(struct historia *h, const char *typed, bool older);
/* One text, a line each, the oldest first; and back, over what was there. ERR_NO_MEMORY. */
enum err historia_text(const struct historia *h, struct arena *a, const char **ret) MUST_CHECK;
void historia_load(struct historia *h, const char *text);

#endif
