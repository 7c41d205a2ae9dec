/*
 * Calendars for tests: ours with more días inhábiles, published as an operator would.
 */
#ifndef TESTS_HELP_CORE_CALENDARIO_H
#define TESTS_HELP_CORE_CALENDARIO_H

#include "tests/help/core_mundo.h"

/* Ours with these events behind (calendario_evento), in the arena. */
const char *calendario_con(struct arena *a, const char *eventos);
/* A declared día inhábil; `ambito` NULL: everywhere. */
const char *calendario_evento(struct arena *a, int32_t dia, const char *ambito);
/*
 * `buzond calendario --publicar` of that text at m->now; what it printed, in the arena. Its exit
 * code must be that one.
 */
const char *calendario_publica(
	struct mundo *m, struct arena *a, const char *ics, const char *acuerdo, int code);

#endif
