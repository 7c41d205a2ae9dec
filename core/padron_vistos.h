/*
 * Which RFCs a file has told of already, and on which line: some forty bytes an RFC, so that a file
 * of any size can be read row by row.
 */
#ifndef CORE_PADRON_VISTOS_H
#define CORE_PADRON_VISTOS_H

#include <stddef.h>
#include "base/err.h"
#include "crypto/rfc.h"

struct padron_visto {
	char rfc[RFC_BYTES]; /* "": nobody's place */
	int linea;
};

/* Zero: empty. */
struct padron_vistos {
	struct padron_visto *places;
	size_t room; /* a power of two */
	size_t count;
};

void padron_vistos_free(struct padron_vistos *v);
/* *ret_antes: its line if it was there, else 0, and it is there now. ERR_NO_MEMORY. */
enum err padron_vistos_add(
	struct padron_vistos *v, const char *rfc, int linea, int *ret_antes) MUST_CHECK;

#endif
