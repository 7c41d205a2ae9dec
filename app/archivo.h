/*
 * An export of one RFC and period (Lineamientos 6.1, 7.7: what the Buzón keeps for five years, kept
 * by its owner): acuses, documents with their signatures, notifications with their timeline and the
 * derivation of their dates, in one ZIP whose index is signed by whoever exported it.
 *
 *   LEEME.txt                    how to read and prove it without this program
 *   indice.json, indice.firma.json
 *   acuses/<folio>.json, .pdf
 *   documentos/<folio>.pdf, <folio>.firma.json      (message documento, without its bytes)
 *   notificaciones/<folio>.json, <folio>.txt        (message archivo_notificacion; its dates)
 */
#ifndef APP_ARCHIVO_H
#define APP_ARCHIVO_H

#include "app/mailbox.h"
#include "app/paquete.h"
#include "ley/acuse.h"

#define ARCHIVO_VERSION 1
#define ARCHIVO_INDICE "indice.json"
#define ARCHIVO_FIRMA "indice.firma.json"
#define ARCHIVO_LEEME "LEEME.txt"
/* What its index's cadena says it is. */
#define ARCHIVO_DOCUMENTO "Archivo del Buzón IMSS"

enum archivo_clase {
	ARCHIVO_ACUSE,
	ARCHIVO_ACUSE_PDF,
	ARCHIVO_DOCUMENTO_PDF,
	ARCHIVO_DOCUMENTO_FIRMA,
	ARCHIVO_NOTIFICACION,
	ARCHIVO_DERIVACION,
	ARCHIVO_TEXTO,
	ARCHIVO_CLASES
};

/* "acuse", …: the word of the index. */
const char *archivo_clase_word(enum archivo_clase c);
/* ARCHIVO_CLASES for a word that is none. */
enum archivo_clase archivo_clase_of(const char *word);
/* "acuses/BI-….json". NULL: no memory. */
const char *archivo_nombre(struct arena *a, enum archivo_clase c, const char *folio);

/* ---- making one ---- */

struct archivo;

/*
 * `folder`: where what was fetched stays until the ZIP is whole, so that a second run goes on where
 * a first one was cut; made where it is missing.
 */
enum err archivo_empezar(struct sesion *s, const char *folder, struct archivo **ret) MUST_CHECK;
void archivo_free(struct archivo *x);
AUTO_TYPE(archivo, struct archivo, archivo_free);
/*
 * The acuse of that folio, fetched or there already, proved; once. Before any notification: those
 * bring their own. What the server does not give is told in the index.
 */
enum err archivo_acuse(struct archivo *x, const char *folio) MUST_CHECK;
/* One that is notified: its row, timeline, dates, document and acuses. */
enum err archivo_notificacion(
	struct archivo *x, const struct mailbox *m, const struct m_notificacion *n) MUST_CHECK;
/* How many files it has, and how many things could not be brought. */
size_t archivo_entradas(const struct archivo *x);
size_t archivo_faltas(const struct archivo *x);
/*
 * Index, signature, ZIP at `to` (replaced whole), folder removed. Civil days, Zona Centro; desde 0:
 * from the beginning.
 */
enum err archivo_cerrar(struct archivo *x, const char *to, int32_t desde, int32_t hasta) MUST_CHECK;

/* ---- proving one ---- */

struct archivo_cuenta {
	size_t acuses;
	size_t documentos;
	size_t notificaciones;
};

/* Is it a ZIP by its first bytes? */
bool archivo_es(const char *path);
/*
 * Proves it whole, offline: the index is signed, names every entry and no other, each with its
 * hash; every acuse, its paper, every document and every derivation proves itself; a notification
 * has its acuse and document there, or told as missing. What does not hold is a row, with the
 * entry's name in its detail; what holds is one row a kind. ERR_BAD_EVIDENCE: no such archive.
 */
enum err archivo_probar(struct arena *a, const char *path, const struct trust *t,
	struct m_archivo_indice *ret_indice, struct archivo_cuenta *ret_cuenta,
	struct acuse_proof *ret) MUST_CHECK;

#endif
