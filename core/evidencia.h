/*
 * The timeline of a notification (ETSI EN 319 522; wire.md, Evidence): written in the transaction
 * of whatever happened, so that an event and what it is evidence of are there together or not at
 * all.
 */
#ifndef CORE_EVIDENCIA_H
#define CORE_EVIDENCIA_H

#include "core/env.h"

enum suceso {
#define SUCESO(id, word, text) SUCESO_##id,
#include "ley/sucesos.def"
#undef SUCESO
	SUCESOS
};

#define EVIDENCIA_BUZON "BUZON-IMSS" /* the actor of what nobody did */

struct evidencia {
	const char *folio;
	int64_t instante; /* ms UTC; 0: env->now */
	enum suceso suceso;
	const char
		*actor; /* RFC, EVIDENCIA_BUZON, or a carrier; NULL: the signer, else the Buzón */
	const char *detalle; /* or NULL */
	const char *prueba;  /* folio of an acuse or id of a message; or NULL */
};

/* Its word on the wire. */
const char *evidencia_word(enum suceso s);
/* env->titular is the notification's. Queued: no waiting. Errors of the store. */
enum err evidencia_poner(struct env *env, const struct evidencia *ev) MUST_CHECK;

#endif
