/*
 * What was published, as sincronizar tells it: the calendar with its obligations and the catalogue,
 * both whole, when either is another one.
 */
#ifndef CORE_PUBLICADO_MENSAJE_H
#define CORE_PUBLICADO_MENSAJE_H

#include "core/env.h"

/* A number that differs where what is in force does. */
uint32_t publicado_huella(const struct env *env);
/* The calendar as the wire has it, in env's arena. */
enum err publicado_mensaje(struct env *env, const struct m_calendario **ret) MUST_CHECK;

#endif
