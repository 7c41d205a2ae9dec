/*
 * A job as those see it who make one and those who do one. A job is a row of the store: a kind of
 * tareas.def, a key, and the instant at which it is due. What makes it commits with it; what it
 * does commits with its end. So it happens once, whatever server dies and however many there are.
 */
#ifndef CORE_TAREA_H
#define CORE_TAREA_H

#include "core/recados_aqui.h"
#include "core/serve.h"
#include "core/writer.h"
#include "net/http_out.h"

enum tarea_clase {
#define TAREA(clase, ...) TAREA_##clase,
#include "core/tareas.def"
#undef TAREA
	TAREA_CLASES
};

/* Longest key, bytes. */
#define TAREA_CLAVE 200

/*
 * Due at `vence` (ms UTC), whatever it was before: one that is there is moved, and an errand that
 * is under way for it counts no more. `news` (may be NULL) wakes all servers with the commit.
 * Errors of the store; ERR_INTERNAL for a key that is too long.
 */
enum err tarea_poner(struct store *s, struct novedades *news, enum tarea_clase clase,
	const char *clave, int64_t vence) MUST_CHECK;
/* The same unless there is one, whenever that is due. */
enum err tarea_asegurar(struct store *s, struct novedades *news, enum tarea_clase clase,
	const char *clave, int64_t vence) MUST_CHECK;

/* One that is being done. */
struct tarea {
	struct env env; /* as a rule has it, without signer and request; titular: the key's */
	const struct server *server;
	struct writer_group *group; /* its sealer: for the acuse of an act of nobody */
	const char *clave;
	int64_t vence;	  /* when it was due */
	int64_t intentos; /* failed ones */
	/* RED: what came of the errand, in the second transaction. */
	const struct http_out_result *respuesta;
	/* Set by the kind: due again at that instant; 0: it is done. */
	int64_t otra;
	/* Set by the kind: it failed and is tried later, but what it wrote stands. A 5xx. */
	enum err fallo;
	/* Set by _pide: the request is not for the network but for this; and how long all of the
	 * errand may last, ms (0: 20 s). */
	recado_aqui *aqui;
	int64_t plazo_ms;
};

/*
 * A kind does its work inside a savepoint and touches only `t`: the same row gives the same result,
 * so that it can run again. Where it fails all of it is undone and it is tried later; a refusal
 * (4xx of err.def, but 429) is given up at once, for an operator to see: what a kind expects to be
 * refused it calls done.
 *
 * _siembra: idempotent; t->clave is not set.
 * _pide: the request of the errand, in t->env.arena; without a url nothing is to be asked, and
 * t->otra counts.
 */
#define PIDE_ALMACEN(clase)
#define PIDE_RED(clase)                                                                            \
	enum err tarea_##clase##_pide(struct tarea *t, struct http_out_request *ret) MUST_CHECK;
#define START_NADA(clase)
#define START_SIEMBRA(clase) enum err tarea_##clase##_siembra(struct tarea *t) MUST_CHECK;
#define TAREA(clase, where, of, when, start, ...)                                                  \
	enum err tarea_##clase(struct tarea *t) MUST_CHECK;                                        \
	PIDE_##where(clase) START_##start(clase)
#include "core/tareas.def"
#undef TAREA
#undef PIDE_ALMACEN
#undef PIDE_RED
#undef START_NADA
#undef START_SIEMBRA

/* ---- the table ---- */

enum tarea_de { TAREA_DE_NADIE, TAREA_DE_TITULAR };
enum tarea_si { TAREA_SI_SIEMPRE, TAREA_SI_OCSP, TAREA_SI_COMPARTIDO, TAREA_SI_MENSAJERIA };

struct tarea_fila {
	const char *clase;
	enum tarea_de de;
	enum tarea_si si;
	int64_t intentos; /* 0: for ever */
	int64_t primera_ms;
	int64_t mayor_ms;
	const char *que;
	enum err (*hace)(struct tarea *t);
	/* NULL: in the store only. */
	enum err (*pide)(struct tarea *t, struct http_out_request *ret);
	enum err (*siembra)(struct tarea *t); /* or NULL */
};

extern const struct tarea_fila tarea_filas[TAREA_CLASES];

/*
 * How long after the n-th failure (from 1) it is tried again, ms: doubled each time up to the
 * longest, less up to an eighth that the key decides, so that what failed together is not tried
 * together.
 */
int64_t tarea_espera(const struct tarea_fila *f, const char *clave, int64_t n);

#endif
