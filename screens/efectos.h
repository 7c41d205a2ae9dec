/*
 * What opening a notification at an instant would do, worked out once for the effect sheet and for
 * the signing dialogue, so that what is signed is what was shown.
 */
#ifndef SCREENS_EFECTOS_H
#define SCREENS_EFECTOS_H

#include "ley/plazo.h"
#include "screens/model.h"

struct efectos {
	struct plazo_aviso aviso;
	struct plazo_efecto abre;  /* opened now */
	struct plazo_efecto lapso; /* never opened */
	bool cambia;		   /* opening now gives an earlier date than waiting */
	bool fuera;		   /* now is outside the window of 7.2 */
	int64_t vale_hasta;	   /* last instant (inclusive) at which the act may arrive */
};

/* ERR_HORIZON where the calendar is missing or ends too early. */
enum err efectos_de(const struct model *m, const struct m_notificacion *n, int64_t now,
	struct efectos *ret) MUST_CHECK;

#endif
