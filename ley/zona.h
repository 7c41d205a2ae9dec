/*
 * Time zones and civil dates: the only door to libical, with the system's tzdata.
 *
 * A civil date is a day number (days since 1970-01-01, proleptic Gregorian), so days are counted by
 * subtraction and never by milliseconds.
 */
#ifndef LEY_ZONA_H
#define LEY_ZONA_H

#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"

/* Zona Centro (Lineamientos 5.7). */
#define ZONA_CENTRO "America/Mexico_City"

struct zona; /* immutable once loaded; owned by the module, never freed */

/* Loads the zones of Mexico; before any thread. ERR_NO_ZONES where tzdata is missing. */
enum err zona_setup(void) MUST_CHECK;
/* NULL for a zone that is none of Mexico's fiscal domiciles (efirma.md, Days and zones). */
const struct zona *zona_find(const char *name);
const struct zona *zona_centro(void);
const char *zona_name(const struct zona *z);

struct hora_civil {
	int32_t dia;      /* day number */
	int32_t ms;       /* of the day, 0..86399999 */
	int32_t offset_s; /* from UTC, as -21600 */
};

struct hora_civil zona_civil(const struct zona *z, int64_t instant);
/* The instant of that civil time; in a gap of DST the first instant after it, twice: the first. */
int64_t zona_instant(const struct zona *z, int32_t dia, int32_t ms);

int32_t fecha_of(int year, int month, int day);
void fecha_split(int32_t dia, int *ret_year, int *ret_month, int *ret_day);
/* 0 Sunday ... 6 Saturday. */
int fecha_weekday(int32_t dia);
/* "2026-11-12"; ERR_BAD_FIELD where it is no date. */
enum err fecha_parse(const char *text, int32_t *ret_dia) MUST_CHECK;

enum fecha_form {
	FECHA_ISO,      /* 2026-11-12 */
	FECHA_LISTA,    /* 12/nov/2026 */
	FECHA_DIA,      /* jue 12/nov/2026 */
	FECHA_LARGA,    /* 12 de noviembre de 2026 */
};
/* NULL when memory ends. Fixed Spanish names, no locale. */
const char *fecha_text(struct arena *a, int32_t dia, enum fecha_form form) MUST_CHECK;

enum hora_form {
	HORA_CUADRO,  /* 08/08/2024 11:42 (boxes) */
	HORA_LISTA,   /* 08/ago/2024 11:42 */
	HORA_DIA,     /* jue 12/nov/2026 17:52 */
	HORA_ACUSE,   /* 08 de agosto de 2024 11:42:45 hrs. */
	HORA_CADENA,  /* 2026-11-12T17:52:03.114-06:00 */
};
const char *hora_text(struct arena *a, const struct zona *z, int64_t instant, enum hora_form form)
	MUST_CHECK;
/* The instant of a HORA_CADENA text; ERR_BAD_FIELD. */
enum err hora_parse(const char *text, int64_t *ret_instant) MUST_CHECK;

#endif
