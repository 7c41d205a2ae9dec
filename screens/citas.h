/*
 * What is due when: of notifications, the last day to open, the lapse, the last day of the
 * act's own term and its fecha prudente; and the obligations of the month. Gathered for a stretch
 * of days from the local copies; the calendar and the command `agenda` show the same.
 */
#ifndef SCREENS_CITAS_H
#define SCREENS_CITAS_H

#include "screens/model.h"

enum cita_clase {
	CITA_LAPSO,	 /* notified then, unless it was opened (7.5) */
	CITA_ABRIR,	 /* last day to open it (7.4) */
	CITA_PRUDENTE,	 /* last day of the term under its earliest reading */
	CITA_TERMINO,	 /* last day of the act's own term */
	CITA_OBLIGACION, /* of the month */
	CITA_CLASES,
};

struct cita {
	enum cita_clase clase;
	int32_t dia;
	int64_t instante;    /* ms UTC; 0: all of the day */
	size_t de;	     /* whose: place in `de`; CITA_DE_TODOS */
	const char *folio;   /* of the notification; NULL: an obligation */
	bool abierta;	     /* that notification was opened */
	const char *que;     /* the document, the obligation */
	const char *tambien; /* oficio, or the period; NULL: none */
	int32_t antes;	     /* the day before a calendar moved it; 0: it was not moved */
	const char *cambio;  /* which calendar */
	int32_t regla;	     /* CITA_OBLIGACION: the day before its prorogation */
	const char *prorroga;
	const char *fundamento;
};

/* An obligation that is everybody's: told once. */
#define CITA_DE_TODOS SIZE_MAX

/* A profile whose copy is read. */
struct citas_de {
	struct model *model;
	const char *rfc;
	const char *nombre; /* of the profile */
};

/* Rows read of one profile at most; a stretch that has more says so. */
#define CITAS_FILAS 2000

struct citas {
	struct cita *rows; /* by day, then instant, class, profile, folio */
	size_t count;
	bool cortadas; /* there is more than was read */
};

/*
 * All of desde..hasta (civil days of Zona Centro), texts and rows in the arena. What can't be read
 * of a copy is not there: its model's tabla.err says why. ERR_NO_MEMORY.
 */
enum err citas_reunir(struct arena *a, const struct citas_de *de, size_t count, int32_t desde,
	int32_t hasta, struct citas *ret) MUST_CHECK;

/* "Último día para abrir" …, to be translated. */
const char *cita_nombre(enum cita_clase clase);
/* The word for programs: "abrir", "lapso", "prudente", "termino", "obligacion". */
const char *cita_word(enum cita_clase clase);

/*
 * As an .ics file (ley/ical_out.h): UIDs are of the profile's RFC and the notification's folio, or
 * the obligation's name and rule, so that they stay when a date moves. `now` ms UTC.
 */
enum err citas_ics(struct arena *a, const struct citas *c, const struct citas_de *de, int64_t now,
	struct bytes *ret) MUST_CHECK;

#endif
