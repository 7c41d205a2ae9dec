/*
 * A file of the padrón (buzond(8), Padrón), read ficha by ficha whatever its size: CSV, a row or
 * several neighbouring ones an RFC; or JSON, an object each, in one array or one a line.
 */
#ifndef CORE_PADRON_ARCHIVO_H
#define CORE_PADRON_ARCHIVO_H

#include <stdio.h>
#include "core/padron_obra.h"

enum padron_formato { PADRON_ADIVINA, PADRON_CSV, PADRON_JSON };

struct padron_archivo;

/*
 * From the beginning of `in`, which can be read from any place and stays the caller's; so does
 * `oido`, which hears of all that is wrong. A file that is neither opens, and gives nothing.
 * ERR_NO_MEMORY, ERR_IO.
 */
enum err padron_archivo_open(FILE *in, enum padron_formato formato, int64_t now,
	const struct padron_oido *oido, struct padron_archivo **ret) MUST_CHECK;
void padron_archivo_close(struct padron_archivo *p);
AUTO_TYPE(padron_archivo, struct padron_archivo, padron_archivo_close);
/*
 * The next one, in the arena; *ret NULL: something in it was wrong, and was told. ERR_NOT_FOUND:
 * there is none, or nothing more can be read, which was told. ERR_NO_MEMORY, ERR_IO.
 */
enum err padron_archivo_next(
	struct padron_archivo *p, struct arena *a, const struct padron_ficha **ret) MUST_CHECK;

#endif
