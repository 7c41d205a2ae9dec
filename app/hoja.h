/*
 * The effect sheet of an opening (Lineamientos 7.2-7.6): what the law makes of opening now, and of
 * not opening, by the days that the server published; and until when that stays true.
 */
#ifndef APP_HOJA_H
#define APP_HOJA_H

#include <stdio.h>
#include "ley/plazo.h"
#include "net/messages.h"

struct hoja {
	struct plazo_aviso aviso;
	struct plazo_efecto si_abre;
	struct plazo_efecto si_no;
	int64_t ahora;	    /* when it is said */
	int64_t vale_hasta; /* last ms UTC at which `si_abre` is its civil date; at most 24 h off */
	bool ya_notificada; /* by lapse: opening only gives the document */
	bool fuera;	    /* outside the window of 7.2 */
};

/* ERR_HORIZON where the calendar ends too soon. */
enum err hoja_make(const struct m_notificacion *n, const struct calendario *c, int64_t now,
	struct hoja *ret) MUST_CHECK;
enum err hoja_print(struct arena *a, FILE *out, const struct m_notificacion *n,
	const struct hoja *h, int64_t now) MUST_CHECK;
/* The same and why: each día inhábil that is skipped, with its rule. */
enum err hoja_json(struct arena *a, FILE *out, const struct m_notificacion *n,
	const struct calendario *c, const struct hoja *h) MUST_CHECK;

#endif
