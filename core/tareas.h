/*
 * When jobs are done: a thread that sleeps until the earliest is due and then has the writer run
 * batches (core/tareas_lote.h). While nothing is due it asks the store nothing, but once a minute
 * for jobs whose news was lost with the server that made them.
 */
#ifndef CORE_TAREAS_H
#define CORE_TAREAS_H

#include "core/tareas_lote.h"

struct tareas;

enum err tareas_open(const struct tareas_config *c, struct tareas **ret) MUST_CHECK;
/* After the writer was closed: its last chores are jobs' errands that were given back. */
void tareas_free(struct tareas *t);
AUTO_TYPE(tareas, struct tareas, tareas_free);

/* The thread; the writer's runs already. What must be there from the start is made by it. */
enum err tareas_start(struct tareas *t) MUST_CHECK;
/* No batch is begun any more; the one at hand is finished. While the writer still runs. */
void tareas_stop(struct tareas *t);
/* There is a job that is due at `when` (ms UTC; 0: not known). From any thread, cheap. */
void tareas_wake(struct tareas *t, int64_t when);

/* Errands under way. */
unsigned tareas_errands(const struct tareas *t);

/* Without the thread: see tareas_lote_run and _seed. */
enum err tareas_run(
	struct tareas *t, struct writer_group *g, int64_t now, size_t *ret_count) MUST_CHECK;
enum err tareas_seed(struct tareas *t, struct writer_group *g, int64_t now) MUST_CHECK;

#endif
