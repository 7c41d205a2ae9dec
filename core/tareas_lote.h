/*
 * What is due, done in batches: with the writer's store, outside any thread of its own, with the
 * clock as an argument.
 *
 * A batch is claimed, done and removed in one transaction, each job under a savepoint: what it does
 * in the store happens once or not at all. One that needs the network is only claimed in it; its
 * errand runs outside any transaction, and a second one applies the answer if the claim still
 * stands.
 */
#ifndef CORE_TAREAS_LOTE_H
#define CORE_TAREAS_LOTE_H

#include "core/recados.h"
#include "core/tarea.h"
#include "core/writer_group.h"

struct tareas_config {
	struct server *server;
	struct writer *writer;
	struct recados *recados;	/* NULL: what needs the network rests */
	struct recados_aqui *aqui;	/* NULL: such errands are refused */
	const struct tarea_fila *filas; /* NULL: tareas.def */
	size_t filas_count;
};

#define TAREAS_CLASES_BYTES 1024
/* Most kinds. */
#define TAREAS_FILAS 64

struct tareas_lote {
	struct tareas_config config;
	_Atomic unsigned under_way;		     /* errands */
	_Atomic unsigned under_way_of[TAREAS_FILAS]; /* the same of each kind */
	/* An errand has ended that others had to wait for; may be NULL. */
	void (*room)(void *ctx);
	void *room_ctx;
};

/* Which kinds this server does, by its configuration. ERR_INTERNAL: more than fit. */
enum err tareas_lote_make(struct tareas_lote *l, const struct tareas_config *c) MUST_CHECK;
/*
 * The kinds that can be done now, each between blanks: a peer that hangs holds few errands, and
 * none of another kind.
 */
void tareas_lote_clases(const struct tareas_lote *l, char ret[TAREAS_CLASES_BYTES]);

/* What must be there when a server starts. Idempotent. */
enum err tareas_lote_seed(struct tareas_lote *l, struct writer_group *g, int64_t now) MUST_CHECK;
/*
 * What is due at `now`, at most 20; *ret_count: how many. Errands under way end as chores of the
 * writer. Where it fails nothing of it is there.
 */
enum err tareas_lote_run(
	struct tareas_lote *l, struct writer_group *g, int64_t now, size_t *ret_count) MUST_CHECK;

#endif
