/*
 * The terms of a notification (Lineamientos 7.2-7.6; CFF 135) and of filings (6.3), as pure
 * functions of instants. Instants are compared, never strings; the last instant is in time.
 */
#ifndef LEY_PLAZO_H
#define LEY_PLAZO_H

#include "ley/calendario.h"
#include "ley/derivacion.h"

/* 09:30 Zona Centro of that day: its window opens, where it is hábil (7.2). ms UTC. */
int64_t plazo_abre(int32_t dia);
/*
 * Holding an aviso to the window 09:30:00.000-18:00:00.000 Zona Centro of días hábiles (7.3): an
 * instant outside is held to the next 09:30, of the same day where that is still to come. Openings
 * are another rule (7.2): plazo_de_apertura.
 */
enum err plazo_en_ventana(
	const struct calendario *c, int64_t instant, int64_t *ret_instant) MUST_CHECK;

struct plazo_aviso {
	int64_t aviso;	 /* when the aviso was (or is held to be) sent */
	int32_t dias[3]; /* the three días hábiles to open (7.4) */
	int32_t cuarto;	 /* the fourth */
	int64_t vence;	 /* notified by lapse: 09:30 ZC of the fourth (7.5) */
};
/* Terms of an aviso ready at `ready` (held to the window, 7.3). */
enum err plazo_de_aviso(
	const struct calendario *c, int64_t ready, struct plazo_aviso *ret) MUST_CHECK;

struct plazo_efecto {
	int64_t notificada; /* legal instant of notification (7.6) */
	int32_t dia;	    /* its civil date, Zona Centro */
	int32_t surte;	    /* takes effect: the día hábil after (CFF 135) */
	int32_t primero;    /* first day of the act's own term */
	int32_t ultimo;	    /* its last day; = surte when plazo_dias is 0 */
};
/*
 * If opened at `opened` (0: never, lapse). Inside the window: then. Outside (before 09:30 of a día
 * hábil too): 09:30 of the día hábil after that day (7.2), never later than 7.5's instant.
 */
enum err plazo_de_apertura(const struct calendario *c, const struct plazo_aviso *aviso,
	int64_t opened, int plazo_dias, struct plazo_efecto *ret) MUST_CHECK;
/*
 * Until when (exclusive, ms UTC) opening from `now` on has the same legal date: what the act's
 * `expires` must not pass. By the letter of 7.2 the date also changes at midnight (ZC) before a día
 * hábil and at its 09:30. The lapse's own instant at most; no end (INT64_MAX) where opening no
 * longer changes anything.
 */
enum err plazo_vale_hasta(const struct calendario *c, const struct plazo_aviso *aviso, int64_t now,
	int64_t *ret_until) MUST_CHECK;
/*
 * Legal receipt of a filing (6.3): itself on a día hábil at the domicile, else 00:00 there of the
 * next día hábil.
 */
enum err plazo_de_recepcion(const struct calendario *c, const struct zona *domicilio,
	int64_t instant, int64_t *ret_legal) MUST_CHECK;

/* ---- the same with its reasons; `d` as in derivacion_paso ---- */

enum err plazo_derivar_aviso(const struct calendario *c, int64_t ready, struct derivacion *d,
	struct plazo_aviso *ret) MUST_CHECK;
enum err plazo_derivar_apertura(const struct calendario *c, const struct plazo_aviso *aviso,
	int64_t opened, int plazo_dias, struct derivacion *d, struct plazo_efecto *ret) MUST_CHECK;
enum err plazo_derivar_recepcion(const struct calendario *c, const struct zona *domicilio,
	int64_t instant, struct derivacion *d, int64_t *ret_legal) MUST_CHECK;

/*
 * The "fecha prudente": the earliest last day of the act's own term (the last day to open it, where
 * plazo_dias is 0) under any reading; the readings are a table of plazo_prudente.c. A step
 * (DERIVACION_PRUDENTE) for each that brings the date forward; the last one's day is *ret_dia.
 * *ret_motivo: which reading gave it (N_), or that several did; NULL where all agree with the
 * letter. Never later than the letter's.
 */
enum err plazo_prudente(const struct calendario *c, const struct plazo_aviso *aviso, int64_t opened,
	int plazo_dias, struct derivacion *d, int32_t *ret_dia, const char **ret_motivo) MUST_CHECK;
/* The same for who has the fiscal domicile at hand: by its zone the day may be an earlier one. */
enum err plazo_prudente_en(const struct calendario *c, const struct plazo_aviso *aviso,
	int64_t opened, int plazo_dias, const struct zona *domicilio, struct derivacion *d,
	int32_t *ret_dia, const char **ret_motivo) MUST_CHECK;

/*
 * What an acuse of notification keeps of its derivation: rows (label, value; canonical Spanish, no
 * translation) in the arena, 3 to DERIVACION_FILAS. `opened` 0: the lapse. An `aviso` whose vence
 * is not the one that `c` counts had it fixed before: that one stands, and the rows say so. Long
 * holidays are one stretch; where reasons don't fit they are shortened, then left out, before a day
 * is: ERR_TOO_LARGE where even so there is no room. ERR_BAD_FIELD, ERR_HORIZON, ERR_NO_MEMORY.
 */
struct m_dato;
enum err plazo_filas(struct arena *a, const struct calendario *c, const struct plazo_aviso *aviso,
	int64_t opened, int plazo_dias, struct m_dato *rows, size_t *ret_count) MUST_CHECK;
/* Is it one of those rows? */
bool plazo_es_fila(const struct m_dato *row);
/*
 * Counts again from those rows alone, offline; others among them are passed over. *ret is what they
 * give, *ret_holds whether it is what they say, *ret_detalle why not, or what to ask where it holds
 * but counts a day of CFF 12 as hábil (Spanish; may be NULL). ERR_BAD_FIELD where they are no
 * derivation, ERR_NO_MEMORY.
 */
enum err plazo_contar_de_nuevo(struct arena *a, const struct m_dato *rows, size_t count,
	struct plazo_efecto *ret, bool *ret_holds, const char **ret_detalle) MUST_CHECK;

/* All that such rows say. */
struct plazo_contado {
	int64_t aviso;
	int64_t abierta; /* 0: never */
	int plazo_dias;
	struct plazo_efecto efecto; /* zeroed where it can't be counted */
	bool holds;
	const char *detalle; /* as *ret_detalle above */
};
enum err plazo_recontar(struct arena *a, const struct m_dato *rows, size_t count,
	struct plazo_contado *ret) MUST_CHECK;

#endif
