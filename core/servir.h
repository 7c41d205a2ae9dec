/*
 * The server: HTTP threads that check, one writer that acts, a sealing process, until SIGTERM.
 */
#ifndef CORE_SERVIR_H
#define CORE_SERVIR_H

#include "core/config.h"

/*
 * Runs until SIGTERM or SIGINT; then stops accepting, answers what is in flight, closes the store.
 * Prints one line `buzond listo en <address>:<port>` on stdout when it accepts. ERR_* of set-up.
 */
enum err servir(const struct config *c) MUST_CHECK;

#endif
