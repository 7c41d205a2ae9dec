/*
 * The term to enable a Buzón (Lineamientos, transitorio primero; L-T1): 180 calendar days from the
 * entry into force, 6 August 2024, whose last day, if inhábil, is the next hábil (CFF 12). It binds
 * who was registered by then; an RFC that began later has no term set ("sin plazo señalado").
 */
#ifndef LEY_PLAZO_ACTIVAR_H
#define LEY_PLAZO_ACTIVAR_H

#include "ley/calendario.h"

/* 00:00 Zona Centro of 6 August 2024, ms UTC: what was enabled before it was so by the agreement of
 * 2020, and counts as enabled (5.4). */
int64_t plazo_activar_vigor(void);
/*
 * The last instant of the term (23:59:59.999 Zona Centro), ms UTC, for an RFC that began at
 * `inscrito`; 0: none is set. `inscrito` 0: not known, which is never held against anybody. Where
 * the calendar does not reach that far back, it is CFF 12's bare one.
 */
int64_t plazo_activar(const struct calendario *c, int64_t inscrito);
/*
 * When to remind of a term that ends at `plazo`: 10:00 Zona Centro, 30, 7 and 1 days before its
 * last day. The first of these after `despues`; 0: none is left.
 */
int64_t plazo_activar_aviso(int64_t plazo, int64_t despues);
/* Days from the civil date of `now` (Zona Centro) to the term's last day; < 0 behind it. */
int32_t plazo_activar_dias(int64_t plazo, int64_t now);

#endif
