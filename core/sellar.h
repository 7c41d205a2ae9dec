/*
 * The sealing service: buzond sellar, under a user of its own, so that the servers that ask it
 * need neither root nor the key. It listens at the socket of [sello] and gives each connection a
 * sealing process (sealer_process.h) that loads the key itself: the service never holds it, what
 * one peer writes ends its own process at most, and all that sealer.h refuses is refused.
 */
#ifndef CORE_SELLAR_H
#define CORE_SELLAR_H

#include "core/config.h"

/*
 * Runs until SIGTERM or SIGINT; then accepts and reads no more, answers what was sent, and ends.
 * Prints one line `buzond sella en <path>` on stdout once the key was loaded on trial and it
 * accepts. Started as root it becomes sello_usuario. Errors of set-up: those of sealer_start, and
 * of the socket with *ret_message.
 */
enum err sellar(const struct config *c, struct arena *a, const char **ret_message) MUST_CHECK;

#endif
