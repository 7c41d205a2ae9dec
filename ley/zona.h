/*
 * Time zones of Mexico: from the system's tzdata.
 *
 * All of it is read once by zona_setup into tables of this module; after that nothing is loaded,
 * nothing changes, and any thread may ask.
 */
#ifndef LEY_ZONA_H
#define LEY_ZONA_H

#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"
#include "ley/fecha.h"
#include "ley/hora.h"

/* Zona Centro (Lineamientos 5.7). */
#define ZONA_CENTRO "America/Mexico_City"

struct zona; /* immutable once loaded; owned by the module, never freed */

/*
 * Loads the zones of Mexico, in 0.2 ms; before any thread. ERR_NO_ZONES where tzdata is missing, in
 * whole or for any one zone: then no zone is found at all, and nothing is ever taken for UTC.
 */
enum err zona_setup(void) MUST_CHECK;
/* NULL for a zone that is none of Mexico's fiscal domiciles (efirma.md, Days and zones). */
const struct zona *zona_find(const char *name);
/* NULL before zona_setup. */
const struct zona *zona_centro(void);
const char *zona_name(const struct zona *z);

struct hora_civil {
	int32_t dia;	  /* day number */
	int32_t ms;	  /* of the day, 0..86399999 */
	int32_t offset_s; /* from UTC, as -21600 */
};

struct hora_civil zona_civil(const struct zona *z, int64_t instant);
/* The instant of that civil time; in a gap of DST the first instant after it, twice: the first. */
int64_t zona_instant(const struct zona *z, int32_t dia, int32_t ms);

#endif
