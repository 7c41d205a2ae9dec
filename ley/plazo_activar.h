/*
 * Until when a Buzón had to be enabled (Lineamientos, transitorio primero; L-T1).
 */
#ifndef LEY_PLAZO_ACTIVAR_H
#define LEY_PLAZO_ACTIVAR_H

#include "ley/calendario.h"

/*
 * The last instant (ms UTC) of the 180 calendar days from the entry into force, 6 Aug 2024, for an
 * RFC inscribed at `inscrito` (ms UTC; 0: not known); its last day prorogued by CFF 12. 0: no term
 * is set, for an RFC inscribed since. Of a calendar that doesn't reach that day, CFF 12's bare one.
 */
int64_t plazo_activar(const struct calendario *c, int64_t inscrito);

#endif
