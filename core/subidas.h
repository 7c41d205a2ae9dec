/*
 * Files on their way up (wire.md, Files): a signed archivo_crear gives an address; PATCH there,
 * with Upload-Offset and no signature, keeps every byte that arrived; it is whole when its hash is
 * the one that was announced and it is a sound PDF. Only its owner's acts may name it.
 *
 * A file stands in the parts in which it was committed; nobody ever has it whole in memory.
 */
#ifndef CORE_SUBIDAS_H
#define CORE_SUBIDAS_H

#include "core/env.h"

/* How long an upload is kept since it was last announced or moved on. */
#define SUBIDA_MS (24 * INT64_C(3600000))
#define SUBIDA_BYTES 10485760
/* Of one owner at a time: ten thousand acts of 20 KB a day, many times over. */
#define SUBIDA_ARCHIVOS_DUENO 50000
#define SUBIDA_BYTES_DUENO (2 * INT64_C(1073741824))
/* 128 bits in hex. */
#define SUBIDA_DIRECCION 32

struct subida {
	const char *direccion;
	const char *dueno;
	const char *sha256;
	int64_t bytes;
	int64_t recibidos;
	int64_t vence;
	int64_t vuelta; /* it began anew so often: other bytes since */
	bool completa;
};

/*
 * A place for that file of `dueno`, or where it already is; env is the owner's own. ERR_BAD_FIELD,
 * ERR_FILE_TOO_LARGE, ERR_UPLOADS_FULL.
 */
enum err subida_crear(struct env *env, const char *dueno, const char *sha256, int64_t bytes,
	struct subida *ret) MUST_CHECK;
/* ERR_NOT_FOUND, also where `direccion` can be none. */
enum err subida_leer(
	struct store *s, struct arena *a, const char *direccion, struct subida *ret) MUST_CHECK;
/*
 * Of one whose bytes all came: are they what was announced, and a sound PDF? ERR_UPLOAD_DIFFERS,
 * ERR_BAD_PDF, ERR_PDF_ENCRYPTED. Reads part by part.
 */
enum err subida_comprobar(struct store *s, const struct subida *u) MUST_CHECK;
/* The same of one that came whole. */
enum err subida_comprobar_bytes(const struct subida *u, struct bytes datos) MUST_CHECK;

/*
 * Copies the whole file `sha256` of `dueno` into `archivo` under `folio` for env->titular, with
 * what its public servant signed; it stays there for another act. ERR_NO_UPLOAD. *ret_bytes: its
 * size.
 */
enum err subida_usar(struct env *env, const char *dueno, const char *sha256, const char *folio,
	const char *cadena, struct bytes firma, struct bytes certificado,
	int64_t *ret_bytes) MUST_CHECK;

#endif
