/*
 * The rows that an acuse keeps of a derivation, between who writes them (plazo_filas.c) and who
 * counts them again (plazo_recontar.c). Canonical: what is read back is written again and must be
 * the same text, so that nothing in the rows can be other than it was counted. In order:
 *
 *   aviso <instant>; abierta <instant>|no; plazo <days>; [vence conservado <instant>;] calendario
 *     <version>|sin publicar[; <source>]
 *   días para abrir <date>, <date> y <date>; cuarto <date>; vence <instant>; notificada <instant>;
 *     surte <date>[; plazo del <date> al <date>]
 *   inhábiles del <date> al <date>, además de sábados y domingos: <stretch>; <stretch>... | ninguno
 *   <stretch>; <stretch> ...
 *
 * A stretch is <date> or <date>/<date> (weekdays of one reason, over weekends too), a blank and the
 * reason. Reasons are shortened before a day would be left out.
 */
#ifndef LEY_PLAZO_FILAS_H
#define LEY_PLAZO_FILAS_H

#include "ley/plazo.h"
#include "net/messages.h"

/* No term of an act is longer, in días hábiles (messages.def). */
#define PLAZO_FILAS_DIAS 1000

/* What a count stands on, and what comes of it. */
struct plazo_cuenta {
	struct calendario c;
	int64_t listo;	    /* as the aviso was given */
	int64_t conservado; /* the lapse that its aviso had fixed; 0: the counted one */
	int64_t abierta;    /* 0: never */
	int plazo_dias;
	/* ---- by plazo_filas_contar ---- */
	struct plazo_aviso aviso; /* `vence` is the one that stands */
	struct plazo_efecto efecto;
	int32_t desde; /* what days it looked at */
	int32_t hasta;
};

enum err plazo_filas_contar(struct plazo_cuenta *q) MUST_CHECK;
/* Of one that is counted. ERR_TOO_LARGE, ERR_NO_MEMORY. */
enum err plazo_filas_escribir(struct arena *a, const struct plazo_cuenta *q, struct m_dato *rows,
	size_t *ret_count) MUST_CHECK;

#endif
