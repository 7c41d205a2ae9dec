/*
 * A notified document: what its public servant signed, and the proof of it from nothing but the
 * bytes, the signature and a trust folder (Lineamientos 7.1, 7.9).
 */
#ifndef LEY_DOCUMENTO_H
#define LEY_DOCUMENTO_H

#include "ley/acuse.h"

/* folio: NULL but in what was signed before the acuse of its issue bound it. */
struct documento {
#define DOCUMENTO(member, label) const char *member;
#define DOCUMENTO_ANTES(member, label) const char *member;
#include "ley/documento.def"
#undef DOCUMENTO
#undef DOCUMENTO_ANTES
};

/* The rfc of one that is published for several, or for everybody (Lineamientos 8). */
#define DOCUMENTO_PARA_VARIOS "*"

/* What is signed, without a folio; fecha as HORA_CADENA. ERR_BAD_FIELD. */
enum err documento_cadena(
	struct arena *a, const struct documento *d, const char **ret_text) MUST_CHECK;

/* The reverse, strict. ERR_BAD_FIELD. */
enum err documento_parse(struct arena *a, const char *text, struct documento *ret) MUST_CHECK;

/* What came with the bytes. */
struct documento_firmado {
	const char *folio;   /* of the notification it was asked for */
	const char *titular; /* its RFC */
	const char *sha256;  /* of the bytes received, hex */
	const char *cadena;
	struct bytes firma;
	struct bytes certificado;
	bool publicado; /* of a publicación: what was signed for several is this titular's, too */
};

/* The row of the proof whose detail says who signed. */
#define DOCUMENTO_FIRMANTE 3

/*
 * Proves offline, at the instant that the cadena says it was signed: the cadena names these bytes
 * and this titular (an older one this folio, too); signature; certificate is the e.firma of the
 * Firmante, in force and chained then. Errors only for memory. `t` may be NULL, as in acuse_prove.
 */
enum err documento_prove(struct arena *a, const struct documento_firmado *d, const struct trust *t,
	struct acuse_proof *ret) MUST_CHECK;
/* The same for who proves many: with the certificates that are known already. */
enum err documento_prove_with(struct arena *a, const struct documento_firmado *d, struct certs *c,
	struct acuse_proof *ret) MUST_CHECK;

#endif
