/*
 * The marks of a list: folios, sorted, at most MARCAS_MOST of them, so that what is asked for at
 * once stays something that a line can bring and a person can look through.
 */
#ifndef SCREENS_MARCAS_H
#define SCREENS_MARCAS_H

#include <stdbool.h>
#include <stddef.h>
#include "base/err.h"

#define MARCAS_MOST 5000
#define MARCAS_FOLIO 33

struct marcas {
	char (*folios)[MARCAS_FOLIO];
	size_t count;
	size_t room;
};

/* All gone; a zeroed one is empty. */
void marcas_free(struct marcas *m);
bool marcas_has(const struct marcas *m, const char *folio);
/* Nothing where it is there. ERR_TOO_LARGE past MARCAS_MOST, ERR_NO_MEMORY: as before. */
enum err marcas_add(struct marcas *m, const char *folio) MUST_CHECK;
void marcas_remove(struct marcas *m, const char *folio);

#endif
