/*
 * What verificar-almacen proves of the Institute's own acts: the document that was signed, the
 * acuse of its issue and of what was decided of it, and what was published (Lineamientos 7.1, 7.8,
 * 7.10, 8).
 */
#ifndef CORE_VERIFICA_OFICIO_H
#define CORE_VERIFICA_OFICIO_H

#include "core/verifica_paso.h"
#include "ley/documento.h"

/* A file that is kept. */
struct verifica_papel {
	const char *folio;
	const char *dueno;   /* in whose part it lies */
	const char *titular; /* whom it is for */
	bool publicado;
};
struct verifica_leido {
	const char *sha256; /* of the bytes; NULL: it is not there, which was told */
	int64_t bytes;
	struct out_archivo_parte first; /* what stands beside them */
};
/* Its bytes are those that its row says, and its signature is proved. */
enum err verifica_documento(struct verifica *v, const struct verifica_de *de, struct arena *a,
	const struct verifica_papel *p, struct verifica_leido *ret) MUST_CHECK;

/* The value of the one row with that label; NULL where there are none or several. */
const char *verifica_unico(const struct m_acuse *m, const char *label);

/*
 * The acuse of its issue names it, and what was signed is what its row says. One of before there
 * were any has its folio in what was signed.
 */
enum err verifica_emision(struct verifica *v, const struct verifica_de *de, struct arena *a,
	const struct out_verifica_notificaciones *row) MUST_CHECK;
/* Did a public servant end it (estrados, in person, withdrawn)? Then by an acuse of that. */
bool verifica_decidida(const struct out_verifica_notificaciones *row);
enum err verifica_decision(struct verifica *v, const struct verifica_de *de, struct arena *a,
	const struct out_verifica_notificaciones *row) MUST_CHECK;

#endif
