/*
 * Files on their way up (wire.md, Files): a signed archivo_crear gives an address; PATCH there,
 * with Upload-Offset and no signature, keeps every byte that arrived; it is whole when its hash is
 * the one that was announced. Only its owner's acts may name it.
 */
#ifndef CORE_SUBIDAS_H
#define CORE_SUBIDAS_H

#include "core/env.h"

/* How long an upload that nobody used is kept. */
#define SUBIDA_MS (24 * INT64_C(3600000))
#define SUBIDA_BYTES 10485760

/*
 * Copies the whole file `sha256` of `dueno` into `archivo` under `folio` for env->titular, with
 * what its public servant signed; it stays there for another act. ERR_NO_UPLOAD. *ret_bytes: its
 * size.
 */
enum err subida_usar(struct env *env, const char *dueno, const char *sha256, const char *folio,
	const char *cadena, struct bytes firma, struct bytes certificado,
	int64_t *ret_bytes) MUST_CHECK;

#endif
