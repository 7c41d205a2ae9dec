/*
 * What can be done to one contact medium, from the board and from its own page alike.
 */
#ifndef SCREENS_MEDIO_ACCIONES_H
#define SCREENS_MEDIO_ACCIONES_H

#include "screens/view.h"

#define MEDIO_ESTADO 200 /* bytes */

struct medio_acciones {
	char folio[MODEL_FOLIO]; /* of the paper or medium that the effect names */
	struct acto acto;	 /* what the signing dialogue is given */
	char status[MEDIO_ESTADO];
};

/* May this signer change anything here? Where not, s->status says so. */
bool medio_acciones_firma(struct medio_acciones *s, const struct model *m);
/*
 * True where the action is one of these: *ret_effect borrows from `s`. What can't be done is said
 * in s->status. `x` NULL: there is no medium.
 */
bool medio_acciones_do(struct medio_acciones *s, struct model *m, const struct m_medio *x,
	const struct event *e, struct effect *ret_effect);

#endif
