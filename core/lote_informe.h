/*
 * What became of each row of a manifest, in its order: CSV with a header, or a JSON object a line.
 */
#ifndef CORE_LOTE_INFORME_H
#define CORE_LOTE_INFORME_H

#include <stdio.h>
#include "core/lote.h"

/*
 * Into the file at `path`, whole or not at all; NULL: on `out`. *ret_wrong: how many were not
 * issued. ERR_DISK_FULL, ERR_NO_FILE, ERR_IO, ERR_NO_MEMORY.
 */
enum err lote_informe(struct lote_manifiesto *m, const char *path, bool json, FILE *out,
	size_t *ret_wrong) MUST_CHECK;

#endif
