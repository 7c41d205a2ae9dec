/*
 * A representation as screens and commands read it: which one it is, how it stands at an
 * instant, what it lets somebody do. What the server told stays true by the clock without being
 * told again: a proposal lapses, a term ends.
 */
#ifndef SCREENS_REPRESENTACION_H
#define SCREENS_REPRESENTACION_H

#include "screens/mundo.h"
#include "screens/parrafos.h"

enum representacion_estado {
	REPRESENTACION_POR_ACEPTAR,
	REPRESENTACION_VIGENTE,
	REPRESENTACION_FUTURA,
	REPRESENTACION_VENCIDA,
	REPRESENTACION_TERMINADA,
	REPRESENTACION_CADUCADA, /* the second signature did not come in time */
};

/* By its folio; NULL: none of them. */
const struct m_representacion *representacion_find(
	const struct m_representacion *rows, size_t count, const char *folio);
/* Of the model's cuenta, given or received; NULL: it is not known. ret_recibida may be NULL. */
const struct m_representacion *representacion_de(
	const struct model *m, const char *folio, bool *ret_recibida);
enum representacion_estado representacion_estado(const struct m_representacion *r, int64_t now);
/* "por aceptar", "vigente" … */
const char *representacion_estatus(enum representacion_estado e);
/* Not over: in force, to begin, or to be accepted. */
bool representacion_abierta(const struct m_representacion *r, int64_t now);
/* The open one that was given to that RFC; NULL: none. */
const struct m_representacion *representacion_dada(
	const struct model *m, const char *representante, int64_t now);
/* More than the titular's signature is needed: somebody will open or sign. */
bool representacion_dos_firmas(const struct m_permiso *permisos, size_t count);
/*
 * Where a representative's permits do not go that far in that menu: says how far they go and whom
 * to ask, before anything is tried (L-4.2, A-16). True: it was said.
 */
bool representacion_corta(
	struct parrafos *p, const struct model *m, enum ambito ambito, enum nivel nivel);
/* "Notificaciones: Abrir; Medios de contacto: Leer". NULL: no memory. */
const char *representacion_permisos(
	struct arena *a, const struct m_permiso *permisos, size_t count) MUST_CHECK;

#endif
