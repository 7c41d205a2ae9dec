/*
 * The acuse of an act, built inside the writer before its seal (Lineamientos 6.1, A-15).
 */
#ifndef CORE_ACUSE_MAKE_H
#define CORE_ACUSE_MAKE_H

#include "core/env.h"

/* Labels of an opening's acuse, by which it is known again (core/verifica_notificacion.c). */
#define ACUSE_FOLIO_DEL_AVISO "Folio del aviso"
#define ACUSE_OFICIO "Oficio"
#define ACUSE_DOCUMENTO "Documento"
#define ACUSE_SHA256_DEL_DOCUMENTO "SHA-256 del documento"

/* What a rule says of its own act; the rest of the acuse comes from env. */
struct acuse_de {
	const char *tipo;
	const char *fundamento;
	const char *estatus;
	int64_t legal; /* ms UTC */
	const struct m_dato *contenido;
	size_t contenido_count;
	/* Of an automatic one: whose menu it belongs to, a word of net/alcance.def; NULL: only the
	 * titular reads it. An act's is its route's. */
	const char *ambito;
};

/*
 * Gives the folio, fills every field and the cadena, leaves the sello as a hole of its size: the
 * acuse's row is written once, when it is sealed. ERR_NO_MEMORY, ERR_STORE.
 */
enum err acuse_make(struct env *env, const struct acuse_de *de, struct m_acuse *ret) MUST_CHECK;

struct writer_group;

/*
 * The acuse of what nobody signed (ley/acuse.h): a link was followed, a term ran out. Sealed by the
 * group's sealer and stored in the transaction at hand, of a job or a chore: never while the acts
 * of a group are being sealed. `evento` (one line of JSON) is what it is evidence of. env needs
 * titular, its names and zone, and a folio; no signer. ERR_SEAL, ERR_NO_MEMORY, ERR_BAD_FIELD
 * (evento), errors of the store.
 */
enum err acuse_automatico(struct env *env, struct writer_group *g, const struct acuse_de *de,
	const char *evento, struct m_acuse *ret) MUST_CHECK;

#endif
