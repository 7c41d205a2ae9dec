/*
 * Días inhábiles as dated data with a horizon, not code: CFF 12 generates a year's rows, and the
 * Institute's declared days (vacations, extraordinary) are added. Past the horizon nothing is
 * guessed: ERR_HORIZON.
 */
#ifndef LEY_CALENDARIO_H
#define LEY_CALENDARIO_H

#include <stdbool.h>
#include "ley/zona.h"

struct inhabil {
	int32_t dia;
	const char *motivo; /* why, with its article: "CFF 12: tercer lunes de noviembre" */
	const char *ambito; /* "estado:JAL", "subdelegacion:NOMBRE": only there; NULL: everywhere */
	bool declarado;	    /* by the Institute (vacations, extraordinary days), not by the law */
};

/*
 * Sorted by day; weekends are not rows. One that was published has the days of every ambito, and
 * maybe several rows a day; terms are counted on a view of it (calendario_para), one row a day.
 */
struct calendario {
	int32_t desde;
	int32_t hasta; /* horizon, inclusive */
	const struct inhabil *rows;
	size_t count;
	int64_t version;      /* of the published one; 0: not published (tests, configuration) */
	const char *fuente;   /* the acuerdo that published it; NULL: none */
	int vacaciones_hasta; /* last year whose declared vacations are in it; 0: none's */
	unsigned omite;	      /* enum calendario_omite: rows that a reading does not count */
};

/* Which días inhábiles are open to another reading (plazo_prudente). */
enum calendario_omite {
	CALENDARIO_OMITE_DECLARADOS = 1,  /* by the Institute, or for one ambito only */
	CALENDARIO_OMITE_TRANSMISION = 2, /* LFT 74 says 1 October, copies of CFF 12 1 December */
};

/*
 * The view of a domicile in that state (three letters, as "JAL"; NULL: not known) and of acts of
 * that subdelegación (NULL: none): the days of everywhere and theirs. Borrows the texts of `c`.
 */
enum err calendario_para(struct arena *a, const struct calendario *c, const char *estado,
	const char *subdelegacion, struct calendario *ret) MUST_CHECK;

/*
 * The bare calendar of CFF 12 for the years first..last: 1 Jan, first Mon Feb, third Mon Mar, 1 and
 * 5 May, 16 Sep, third Mon Nov, 25 Dec, and 1 Oct of a presidential handover's year (2024, 2030 …;
 * LFT 74 as amended; source named in the row), merged with `extra` (any order; may be NULL), whose
 * texts are copied. Of a day that is inhábil everywhere one row stays, the law's first; else one
 * for each ambito. What falls on a weekend or out of those years is left out.
 */
enum err calendario_make(struct arena *a, int first_year, int last_year,
	const struct inhabil *extra, size_t extra_count, struct calendario *ret) MUST_CHECK;

/*
 * Is that day hábil? *ret_motivo says why not (borrowed; "sábado", "domingo" or the row's), NULL
 * when it is. ERR_HORIZON outside the calendar.
 */
enum err calendario_habil(const struct calendario *c, int32_t dia, bool *ret_habil,
	const char **ret_motivo) MUST_CHECK;
/* The first día hábil after `dia` (n = 1), the n-th after it. */
enum err calendario_despues(
	const struct calendario *c, int32_t dia, int n, int32_t *ret_dia) MUST_CHECK;
/* `dia` itself if hábil, else the next one. */
enum err calendario_en_o_despues(
	const struct calendario *c, int32_t dia, int32_t *ret_dia) MUST_CHECK;

#endif
