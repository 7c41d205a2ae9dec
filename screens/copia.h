/*
 * Deep copies of the wire's messages, so that an answer outlives its callback.
 */
#ifndef SCREENS_COPIA_H
#define SCREENS_COPIA_H

#include "net/codec.h"

/* `to` is a struct of m->size bytes; all it points to is in the arena. ERR_NO_MEMORY. */
enum err copia(struct arena *a, const struct message *m, const void *from, void *to) MUST_CHECK;

#endif
