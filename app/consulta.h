/*
 * What a command asks of the local copy of a profile, the same that the screens read: opened under
 * its e.firma, brought up to date unless the person is offline. On a bad line only the news travel.
 */
#ifndef APP_CONSULTA_H
#define APP_CONSULTA_H

#include "app/keep.h"
#include "app/sesion.h"
#include "screens/model.h"

/* After that long without an answer of the server a copy is too old to say what is due. */
#define CONSULTA_VIEJA_MS INT64_C(86400000)

struct consulta {
	struct verb_call *v;
	const struct perfil *perfil;
	struct efirma *efirma;
	struct sesion sesion; /* client NULL: offline */
	struct keep keep;
	struct model model;
	int64_t ahora;	/* ms UTC: the server's clock, or ours */
	enum err linea; /* why it could not be brought up to date; OK: it was, or was not asked to
			   be */
};

/* Fills a zeroed one. What the line refuses is in `linea`, not an error. */
enum err consulta_open(
	struct verb_call *v, const struct perfil *p, struct consulta *ret) MUST_CHECK;
/* The same with an e.firma that is open already; it stays the caller's. */
enum err consulta_open_with(struct verb_call *v, const struct perfil *p, const struct efirma *f,
	struct consulta *ret) MUST_CHECK;
void consulta_close(struct consulta *c);
#define CONSULTA(name) __attribute__((cleanup(consulta_close))) struct consulta name = {0}
/* Does it say what the server said within CONSULTA_VIEJA_MS? */
bool consulta_reciente(const struct consulta *c);

#endif
