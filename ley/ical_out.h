/*
 * Dates as an iCalendar file (RFC 5545) with alarms, for whatever calendar a person has. A UID is
 * the same each time, and SEQUENCE grows with the instant of writing: a second import updates
 * instead of doubling (3.8.4.7, 3.8.7.4).
 */
#ifndef LEY_ICAL_OUT_H
#define LEY_ICAL_OUT_H

#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"

#define ICAL_PRODID "-//Buzon TUI//Calendario de Eventos//ES"

/*
 * All of a civil day, or an instant. Alarms: of a day, at 09:00 of the day before and at 21:00 of
 * the day itself (three hours before it ends); of an instant, a day and three hours before it.
 */
struct ical_evento {
	const char *uid;	 /* letters, digits and "-._@" only, for good */
	int32_t dia;		 /* days since 1970-01-01 */
	int64_t instante;	 /* ms UTC; 0: all of `dia` */
	const char *titulo;	 /* UTF-8, any */
	const char *descripcion; /* the same, with line breaks; NULL: none */
	const char *categoria;	 /* one word; NULL: none */
};

/*
 * The whole file in the arena: lines of at most 75 octets (3.1), never cut within a character.
 * `now` is DTSTAMP, ms UTC; `nombre` the calendar's name. ERR_NO_MEMORY, ERR_BAD_FIELD (a uid with
 * other characters, a date outside the years 0-9999).
 */
enum err ical_out(struct arena *a, int64_t now, const char *nombre, const struct ical_evento *rows,
	size_t count, struct bytes *ret) MUST_CHECK;

#endif
