/*
 * One rule a route, typed by routes.def: rule_<route>(env, request, answer).
 *
 * A rule refuses with a row of err.def (4xx: kept as the act's answer; 5xx: nothing is kept). Its
 * texts live in env->arena. It touches only env.
 */
#ifndef CORE_RULES_RULES_H
#define CORE_RULES_RULES_H

#include "core/env.h"
#include "net/routes.h"

#define ROUTE(name, path, request, answer, ...)                                                    \
	enum err rule_##name(                                                                      \
		struct env *env, const struct m_##request *rq, struct m_##answer *ret) MUST_CHECK;
#include "net/routes.def"
#undef ROUTE

/* The rule of that route; `ret` has room for the route's answer. */
enum err rules_run(enum route route, struct env *env, const void *rq, void *ret) MUST_CHECK;

/*
 * What a rule will ask of the store, as far as its request tells, with the same parameters
 * (store_ahead): so authorise's questions and the rule's travel together. A rule may do without one
 * (rules.c has the list). Only env's store, titular and now are there yet, and nothing was checked.
 */
enum err ahead_acuse(struct env *env, const struct m_acuse_pedir *rq) MUST_CHECK;
enum err ahead_documento(struct env *env, const struct m_documento_pedir *rq) MUST_CHECK;
enum err ahead_notificacion_abrir(
	struct env *env, const struct m_notificacion_abrir *rq) MUST_CHECK;
enum err ahead_sincronizar(struct env *env, const struct m_sincronizar *rq) MUST_CHECK;
enum err rules_ahead(enum route route, struct env *env, const void *rq) MUST_CHECK;

/* Version of the messages that this server speaks (wire.md: nothing newer is sent). */
#define RULES_VERSION 1

#endif
