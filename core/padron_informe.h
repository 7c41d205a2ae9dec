/*
 * What buzond padron reports: a line an RFC and the sum, for a person or in JSON. Lines wait in a
 * file without a name until what they tell of is true.
 */
#ifndef CORE_PADRON_INFORME_H
#define CORE_PADRON_INFORME_H

#include <stdio.h>
#include "core/padron.h"

struct padron_sumas {
	size_t fichas;
	size_t nuevos;
	size_t cambiados;
	size_t rps_agregados;
	size_t rps_cambiados;
	size_t rps_quitados;
	size_t representantes_agregados;
	size_t representantes_cambiados;
	size_t representantes_terminados;
};

struct padron_informe {
	bool json;
	FILE *lines;
	struct padron_sumas sumas;
};

/* Zero but for `json`. ERR_IO. */
enum err padron_informe_open(struct padron_informe *i) MUST_CHECK;
void padron_informe_close(struct padron_informe *i);
/* Forgets all. ERR_IO. */
enum err padron_informe_empieza(struct padron_informe *i) MUST_CHECK;
enum err padron_informe_uno(struct padron_informe *i, struct arena *a, const struct padron_ficha *f,
	const struct padron_cambios *c) MUST_CHECK;
/* All of it. ERR_NO_MEMORY, ERR_IO. */
enum err padron_informe_print(struct padron_informe *i, struct arena *a, FILE *out) MUST_CHECK;

#endif
