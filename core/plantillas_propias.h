/*
 * Our own texts of plantillas.def, as they stand in core/plantillas/.
 */
#ifndef CORE_PLANTILLAS_PROPIAS_H
#define CORE_PLANTILLAS_PROPIAS_H

#include "core/envio.h"

struct plantilla_propia {
	const char *texto;
	const char *html; /* NULL: an SMS */
};

extern const struct plantilla_propia plantillas_propias[PLANTILLAS];

#endif
