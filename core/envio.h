/*
 * Messages that leave the server, by mail and SMS: rows of an outbox, made in the transaction that
 * wants them and drained by jobs. At least once, each with an id that lets a relay drop doubles;
 * what became of one is told with its medium and, where it failed, kept as evidence.
 */
#ifndef CORE_ENVIO_H
#define CORE_ENVIO_H

#include "core/env.h"

enum plantilla {
#define PLANTILLA(id, ...) PLANTILLA_##id,
#include "core/plantillas.def"
#undef PLANTILLA
	PLANTILLAS
};

struct envio_de {
	enum plantilla plantilla;
	const char *medio; /* folio of the medium of env->titular that it is about, or NULL */
	const char *acto;  /* folio of the notification that it is about, or NULL */
	const char *destino;
	/* What it counts against in envio_cuantos: a mailbox or number, however it is written;
	 * NULL: nothing. */
	const char *cupo;
	/* What the template may name: label {so} and value; "prueba" and the address of the Buzón
	 * are there by themselves. Without personal data where it goes into a link. */
	const struct m_dato *datos;
	size_t datos_count;
};

/* Of a message's id: how many letters and digits, and which. */
#define ENVIO_ID 26
#define ENVIO_ID_LETTERS "abcdefghijklmnopqrstuvwxyz234567"

/*
 * Puts it into the outbox of env->titular, with its job. A destination with a control character is
 * refused: ERR_BAD_FIELD. Errors of the store.
 */
enum err envio_poner(struct env *env, const struct envio_de *de) MUST_CHECK;
/* How many were put since an instant that count. */
struct envio_cuantos {
	int64_t del_titular; /* against that quota, of this titular */
	int64_t todos;	     /* against it, of all */
	int64_t a_todos;     /* against any, of this titular */
	int64_t ultimo;	     /* when the last of del_titular was; 0: none */
};
enum err envio_cuantos(
	struct env *env, const char *cupo, int64_t desde, struct envio_cuantos *ret) MUST_CHECK;
/* Is it shaped as an id is? */
bool envio_es_id(const char *text, size_t size);

#endif
