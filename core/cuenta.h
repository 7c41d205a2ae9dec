/*
 * What a client is told of its RFC besides notifications: who it is, its media, its
 * representatives (m_cuenta). It travels with sincronizar, whole, when it changed.
 */
#ifndef CORE_CUENTA_H
#define CORE_CUENTA_H

#include "core/env.h"

/*
 * That RFC's cuenta changed in this transaction: all its clients that wait are woken with the
 * commit. Errors of the store.
 */
enum err cuenta_cambio(struct env *env, const char *rfc) MUST_CHECK;
/* env->titular's row is there from now on, by the signer's certificate if need be (L-2). */
enum err cuenta_asegurar(struct env *env) MUST_CHECK;
/* All of it, as far as env->alcance goes; in env's arena. */
enum err cuenta_message(struct env *env, const struct m_cuenta **ret) MUST_CHECK;
/*
 * A number that differs where what cuenta_message tells does. Time alone changes it too (a
 * representation begins, a term ends): whatever does so has a job that calls cuenta_cambio then,
 * which wakes those who wait (core/tareas/representacion.c).
 */
int64_t cuenta_version(const struct env *env);

#endif
