/*
 * iCalendar (RFC 5545) of whole days, from anybody's hands: what a calendar of días inhábiles and
 * obligations needs and no more. Everything else in a file (hours, zones, alarms, components that
 * are no VEVENT, recurrences of less than a week) is refused with its line or its event, so that
 * nothing is read otherwise than another program would read it. libical is behind this only.
 */
#ifndef CORE_ICAL_H
#define CORE_ICAL_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"

/* Most bytes of a file, and most events of it. */
#define ICAL_BYTES (512 * 1024)
#define ICAL_EVENTOS 2000
/* Most days of one event, all its occurrences together; longest one occurrence. */
#define ICAL_DIAS 2000
#define ICAL_DURA 370

/* A property of our own: "X-BUZON-HASTA" and its value. */
struct ical_propia {
	const char *nombre;
	const char *valor;
};

struct ical_evento {
	const char *uid; /* never NULL, unique in the file */
	const char *resumen;
	const char *descripcion;
	const char *const *categorias;
	size_t categorias_count;
	const struct ical_propia *propias;
	size_t propias_count;
	int32_t dia;	  /* of its DTSTART */
	int32_t dura;	  /* days of each occurrence, from 1 */
	bool repite;	  /* RRULE or RDATE */
	void *componente; /* libical's */
};

struct ical {
	const struct ical_propia *propias;
	size_t propias_count;
	const struct ical_evento *eventos;
	size_t eventos_count;
	void *componente; /* libical's */
};

/*
 * Texts and rows are the arena's. ERR_BAD_CALENDAR with *ret_message, a Spanish sentence that names
 * the line or the event and says what is expected; ERR_NO_MEMORY. What it gave is closed with
 * ical_close.
 */
enum err ical_open(
	struct arena *a, struct bytes text, struct ical *ret, const char **ret_message) MUST_CHECK;
void ical_close(struct ical *i);
/*
 * The first days of the event's occurrences that begin up to `hasta`, sorted, each once, in the
 * arena: DTSTART, RRULE, RDATE without EXDATE. Errors as of ical_open: a rule that DTSTART itself
 * does not follow, an EXDATE of a day on which nothing is, too many.
 */
enum err ical_dias(struct arena *a, const struct ical_evento *ev, int32_t hasta, int32_t **ret,
	size_t *ret_count, const char **ret_message) MUST_CHECK;
/* The value of that property; NULL: none. */
const char *ical_propia(const struct ical_propia *of, size_t count, const char *nombre);

#endif
