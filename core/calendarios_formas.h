/* What the files that read a calendar share (core/calendarios_lee.c). */
#ifndef CORE_CALENDARIOS_FORMAS_H
#define CORE_CALENDARIOS_FORMAS_H

#include "core/calendarios.h"
#include "core/ical.h"

/* Most of each, as the wire carries (messages.def, calendario). */
#define CALENDARIOS_FILAS 1000

struct calendarios_lectura {
	struct arena *arena;
	const char **ret_message;
	struct ical ical;
	struct calendario c;
	struct calendario en_todas; /* its days of everywhere: what obligations are prorogued by */
	struct inhabil *rows;
	const struct ical_evento **de; /* of each row */
	size_t rows_count;
	struct m_obligacion *obligaciones;
	size_t obligaciones_count;
};

/* ERR_BAD_CALENDAR with the sentence; `ev` NULL: of no event. */
enum err calendarios_refuse(struct calendarios_lectura *l, const struct ical_evento *ev,
	const char *format, ...) MUST_CHECK PRINTF_LIKE(3, 4);
/* Its occurrences into l->obligaciones; l->en_todas is there. */
enum err calendarios_obligacion(
	struct calendarios_lectura *l, const struct ical_evento *ev) MUST_CHECK;

#endif
