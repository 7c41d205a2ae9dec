/*
 * Published calendars (R-2, CFF 12): each version is an iCalendar file in the store, the newest in
 * force; ours until an operator publishes one. Días inhábiles and obligations of the month, as
 * data.
 */
#ifndef CORE_CALENDARIOS_H
#define CORE_CALENDARIOS_H

#include "core/store/store.h"
#include "ley/calendario.h"
#include "net/messages.h"

struct calendarios;

/* Key of the job that looks for open terms counted by an older one (core/tareas/calendario.c). */
#define CALENDARIOS_TODOS "todos"

/* One version, read; immutable, lives as long as the calendarios that gave it. */
struct calendario_publicado {
	struct calendario c; /* all ambitos; c.version 0: ours, none was published */
	const struct m_obligacion *obligaciones; /* sorted by vence */
	size_t obligacion_count;
	int64_t publicado; /* ms UTC; 0: ours */
};

/* Reads the newest of the store, or ours. *ret_message: why it can't (Spanish). */
enum err calendarios_open(
	struct store *s, struct calendarios **ret, const char **ret_message) MUST_CHECK;
void calendarios_free(struct calendarios *cs);
/* In force, for any thread; never NULL. Read anew by calendarios_refresh. */
const struct calendario_publicado *calendarios_vigente(const struct calendarios *cs);
/* One look at the store; a newer version is in force from then on. Any thread. */
enum err calendarios_refresh(struct calendarios *cs, struct store *s) MUST_CHECK;

/*
 * Reads an iCalendar file: *ret in the arena. ERR_BAD_CALENDAR with *ret_message (Spanish: which
 * event, what is wrong, what is expected).
 */
enum err calendarios_leer(struct arena *a, struct bytes ics, struct calendario_publicado *ret,
	const char **ret_message) MUST_CHECK;
/* The one in force in that store, by itself; *ret in the arena. Errors of calendarios_open. */
enum err calendarios_vigente_en(struct store *s, struct arena *a, struct calendario_publicado *ret,
	const char **ret_message) MUST_CHECK;

#endif
