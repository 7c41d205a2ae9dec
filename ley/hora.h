/*
 * Instants (ms UTC) as people and cadenas write them, in a given zone.
 */
#ifndef LEY_HORA_H
#define LEY_HORA_H

#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"

struct zona;

enum hora_form {
	HORA_CUADRO, /* 08/08/2024 11:42 (boxes) */
	HORA_LISTA,  /* 08/ago/2024 11:42 */
	HORA_DIA,    /* jue 12/nov/2026 17:52 */
	HORA_ACUSE,  /* 08 de agosto de 2024 11:42:45 hrs. */
	HORA_CADENA, /* 2026-11-12T17:52:03.114-06:00 */
};
/* NULL when memory ends. Seconds are cut, never rounded: 17:59:59.999 is 17:59. */
const char *hora_text(
	struct arena *a, const struct zona *z, int64_t instant, enum hora_form form) MUST_CHECK;
/* The first whole minute that is not before it: from when on something can be done, in minutes. */
int64_t hora_arriba(int64_t instant);
/* The instant of a HORA_CADENA text, any offset to 14 hours; ERR_BAD_FIELD. */
enum err hora_parse(const char *text, int64_t *ret_instant) MUST_CHECK;

#endif
