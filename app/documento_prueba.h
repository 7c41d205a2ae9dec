/*
 * A notified document proved with an acuse: that it is the very file that the acuse binds and, with
 * the acuse of its issue, that the public servant signed it (Lineamientos 7.1, 7.9). Offline.
 */
#ifndef APP_DOCUMENTO_PRUEBA_H
#define APP_DOCUMENTO_PRUEBA_H

#include "app/evidence.h"

/*
 * Adds its rows behind those of `proof`. ERR_NO_FILE, ERR_FILE_TOO_LARGE, ERR_NO_MEMORY; what does
 * not hold is a row.
 */
enum err documento_prueba(struct arena *a, const struct evidence *ev, const char *path,
	const struct trust *t, struct acuse_proof *proof) MUST_CHECK;
/*
 * The acuse that stands beside a document, as JSON in the same folder: the one that binds these
 * bytes, that of its issue where there are several. ERR_BAD_EVIDENCE where there is none.
 */
enum err documento_prueba_busca(struct arena *a, const char *path, struct evidence *ret) MUST_CHECK;

#endif
