/*
 * The calendar of días inhábiles as the wire brings it, made into the one that the law counts with.
 */
#ifndef SCREENS_INHABILES_H
#define SCREENS_INHABILES_H

#include "ley/calendario.h"
#include "net/messages.h"

/* All in the arena. ERR_BAD_ANSWER where it contradicts itself; ERR_NO_MEMORY. */
enum err inhabiles_make(
	struct arena *a, const struct m_calendario *c, struct calendario *ret) MUST_CHECK;

#endif
