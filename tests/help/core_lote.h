/*
 * Batches of jobs in the world of core_mundo, at instants that the test chooses; what they did is
 * asked of the database itself.
 */
#ifndef TESTS_HELP_CORE_LOTE_H
#define TESTS_HELP_CORE_LOTE_H

#include "core/tareas.h"
#include "tests/help/core_mundo.h"

/* One batch at `now`, in this thread; how many jobs it held. */
size_t lote_run(struct tareas *t, struct writer *w, int64_t now);
/* The same where it may fail. */
enum err lote_try(struct tareas *t, struct writer *w, int64_t now, size_t *ret_count);
/* The same by the writer's thread, which runs. */
size_t lote_run_there(struct tareas *t, struct writer *w, int64_t now);
void lote_seed(struct tareas *t, struct writer *w, int64_t now);

/* A job, put as by another process. */
void lote_put(struct mundo *m, const char *clase, const char *clave, int64_t vence);
/* A statement behind the program's back. */
void lote_do(struct mundo *m, const char *format, ...) PRINTF_LIKE(2, 3);
/* The first number of what the statement finds in the world's store; NULL and nothing: 0. */
int64_t lote_number(struct mundo *m, const char *format, ...) PRINTF_LIKE(2, 3);
/* The first text, in the world's arena; NULL: none. */
const char *lote_text(struct mundo *m, const char *format, ...) PRINTF_LIKE(2, 3);
/* Waits (60 s) until the statement gives that number. */
void lote_wait(struct mundo *m, int64_t number, const char *sql);

#endif
