/*
 * What uploads write: each piece, and each end, in transactions of the writer that many uploads
 * share. A piece counts once its transaction is committed.
 */
#ifndef CORE_SUBIDA_COLA_H
#define CORE_SUBIDA_COLA_H

#include "core/subidas.h"
#include "core/writer.h"

enum subida_obra {
	SUBIDA_TROZO,	 /* a piece from `desde` on */
	SUBIDA_ENTERA,	 /* a file that came in one, and was proved */
	SUBIDA_COMPLETA, /* one whose parts were proved */
	SUBIDA_DE_NUEVO, /* they were not: nothing of it is left */
};

/* The caller's until `done`. */
struct subida_turno {
	enum subida_obra obra;
	const char *direccion;
	int64_t vuelta; /* of what was proved */
	int64_t desde;
	struct bytes datos;
	/*
	 * From the writer's thread. OK; ERR_UPLOAD_OFFSET: somebody else moved it, `ahora` is how
	 * it stands; ERR_NOT_FOUND: it was forgotten; or errors of the store: nothing was written.
	 */
	void (*done)(struct subida_turno *t);
	enum err err;
	struct subida ahora; /* texts in the turn's own arena */
	struct arena *arena;
	struct subida_turno *next;
};

struct subida_cola;

enum err subida_cola_open(
	const struct server *s, struct writer *w, struct subida_cola **ret) MUST_CHECK;
/* After the writer's end. */
void subida_cola_close(struct subida_cola *q);
AUTO_TYPE(subida_cola, struct subida_cola, subida_cola_close);
void subida_cola_put(struct subida_cola *q, struct subida_turno *t);

#endif
