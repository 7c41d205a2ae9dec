/*
 * How far a long verb has come: one line on stderr, where a person watches it, at most once a
 * second.
 */
#ifndef CORE_AVANCE_H
#define CORE_AVANCE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include "base/macros.h"

struct avance {
	FILE *out;
	bool terminal;
	bool shown;
	int64_t last; /* monotonic ms */
};

void avance_begin(struct avance *a, FILE *out);
void avance_say(struct avance *a, const char *format, ...) PRINTF_LIKE(2, 3);
/* Takes the line away: before anything else is printed. */
void avance_clear(struct avance *a);

#endif
