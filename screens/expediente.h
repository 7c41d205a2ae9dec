/*
 * Paragraphs about one notification, said the same on every screen that shows it.
 */
#ifndef SCREENS_EXPEDIENTE_H
#define SCREENS_EXPEDIENTE_H

#include "screens/efectos.h"
#include "screens/parrafos.h"

struct model;

/* "R-7.3, Cédula de liquidación"; without a catalogue the clave alone. Never NULL. */
const char *expediente_tipo(struct parrafos *p, const struct model *m, const char *clave);
/* "jue 12/nov/2026 17:52", and in the domicile's zone where that is another (L-5.8). */
const char *expediente_hora(struct parrafos *p, const struct model *m, int64_t instant);
/*
 * A published calendar moved its lapse: "Vencía el mié 18/nov/2026 09:30, ahora el jue
 * 19/nov/2026 09:30: acuerdo …"; nothing where none did.
 */
void expediente_cambio(struct parrafos *p, const struct model *m, const struct m_notificacion *n);
/*
 * What the term is for, where it ends, and beside it the prudent date with why; or that it ends
 * beyond the published calendar.
 */
void expediente_plazo(struct parrafos *p, const struct efectos *e, const struct efectos_caso *caso,
	const char *when, bool runs);
/* "Ese plazo es para interponer el recurso …", whatever letter the catalogue begins with. */
void expediente_para(struct parrafos *p, const char *para);
/* By which calendar, and what may still move what was counted on it: vacations, its horizon. */
void expediente_calendario(struct parrafos *p, const struct model *m, const struct efectos *e);

#endif
