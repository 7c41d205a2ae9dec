/*
 * Messages of the outbox of a running world (e2e.h), put as another process would, and what became
 * of them.
 */
#ifndef TESTS_HELP_E2E_ENVIO_H
#define TESTS_HELP_E2E_ENVIO_H

#include "tests/help/e2e.h"

/* The world's server again with these lines at the end of its configuration. */
void e2e_envio_config(struct e2e *w, const char *lines);
/* A message for E2E_FISICA; `via`: correo or sms. Its id, in the world's arena. */
const char *e2e_envio_put(struct e2e *w, const char *via, const char *destino);
/* The jobs that the condition finds are due, and the servers know it. */
void e2e_tareas_ya(struct e2e *w, const char *where);
/* Tried now, whatever its job waits for. */
void e2e_envio_hurry(struct e2e *w, const char *id);
/* Waits (30 s) until it is in that state. */
void e2e_envio_wait(struct e2e *w, const char *id, const char *estado);
/* Waits (30 s) until so many attempts of that kind are kept; the last one's detail. */
const char *e2e_envio_events(
	struct e2e *w, struct arena *a, const char *id, const char *evento, int64_t count);
const char *e2e_envio_detalle(struct e2e *w, struct arena *a, const char *id);

#endif
