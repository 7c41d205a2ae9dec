/*
 * Messages of the outbox in the world of core_mundo: put as a rule puts them, carried by transports
 * that the test configures.
 */
#ifndef TESTS_HELP_CORE_ENVIO_H
#define TESTS_HELP_CORE_ENVIO_H

#include "core/envio.h"
#include "core/mensajeria.h"
#include "tests/help/core_lote.h"

/* The world's messages: folders below its own unless m->config says otherwise. Closed with it. */
void envio_world_open(struct mundo *m, struct mensajeria *ret);
/* A message of that kind, put at m->now for the RFC, counted against `medio`; its id, in the
 * world's arena. */
const char *envio_put(struct mundo *m, const char *rfc, enum plantilla p, const char *medio,
	const char *destino, const char *codigo);
/* The same within a transaction that the caller ends. */
enum err envio_put_in(struct env *env, enum plantilla p, const char *medio, const char *destino,
	const char *codigo);
/* Its state; "" where there is none. */
const char *envio_state(struct mundo *m, const char *id);

#endif
