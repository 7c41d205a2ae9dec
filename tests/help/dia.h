/*
 * Short words for dates and instants in tests of the law.
 */
#ifndef TESTS_HELP_DIA_H
#define TESTS_HELP_DIA_H

#include <stdint.h>
#include "ley/calendario.h"

/* Day number of "2026-11-12"; fails the test where it is none. */
int32_t dia(const char *iso);
/* Instant of "2026-11-12 17:52:03.114" (seconds and ms may be left out) in that zone. */
int64_t at(const char *zona, const char *text);
/* The same in Zona Centro. */
int64_t zc(const char *text);
/* Bare CFF 12 of 2024-2030. */
struct calendario bare_calendar(struct arena *a);

#endif
