/*
 * What this program is built with and an operator may publish anew: our calendar
 * (core/calendarios/inhabiles.ics) and our catalogue (core/catalogos/catalogo.json).
 */
#ifndef CORE_PUBLICADOS_TEXTO_H
#define CORE_PUBLICADOS_TEXTO_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"

enum publicado { PUBLICADO_CALENDARIO, PUBLICADO_CATALOGO, PUBLICADOS };

/* The whole text, in the arena. ERR_NO_MEMORY. */
enum err publicados_texto(struct arena *a, enum publicado which, struct bytes *ret) MUST_CHECK;

#endif
