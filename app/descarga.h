/*
 * A document as commands fetch it: by parts, whole, and proved by its public servant's signature
 * (Lineamientos 7.1, 7.9).
 */
#ifndef APP_DESCARGA_H
#define APP_DESCARGA_H

#include "app/sesion.h"
#include "ley/documento.h"

#define DESCARGA_BYTES (10 * 1024 * 1024)

struct descarga {
	unsigned char *data; /* of the whole */
	int64_t total;
	int64_t size; /* so far */
	struct m_documento
		first; /* the head: texts in the arena; its `datos` are the first part's */
};

/* All of it into the arena. ERR_NOT_OPENED, ERR_NOT_FOUND, ERR_BAD_ANSWER, what a call fails with.
 */
enum err descarga_traer(
	struct sesion *s, struct arena *a, const char *folio, struct descarga *ret) MUST_CHECK;
/*
 * What was signed over those bytes, proved; `publicado`: they are of a publication. ERR_NO_TRUST
 * without a trust folder.
 */
enum err descarga_probar(struct sesion *s, struct arena *a, const struct m_documento *head,
	struct bytes whole, bool publicado, struct acuse_proof *ret) MUST_CHECK;
/* The same, told row by row where it does not hold, and who signed where it does. ERR_NOT_PROVED.
 */
enum err descarga_comprobar(struct sesion *s, const struct descarga *d, bool publicado,
	struct acuse_proof *ret) MUST_CHECK;

#endif
