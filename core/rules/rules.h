/*
 * One rule a route, typed by routes.def: rule_<route>(env, request, answer).
 *
 * A rule refuses with a row of err.def (4xx: kept as the act's answer, and what it wrote is undone
 * but for env->conserva; 5xx: nothing is kept). Its texts live in env->arena. It touches only env.
 */
#ifndef CORE_RULES_RULES_H
#define CORE_RULES_RULES_H

#include "core/env.h"
#include "net/routes.h"

#define DECLARE_AHEAD(name, request)                                                               \
	enum err ahead_##name(struct env *env, const struct m_##request *rq) MUST_CHECK;
#define DECLARE_PLAIN(name, request)
#define ROUTE(name, path, request, answer, signer, who, scope, level, buzon, acuse, when, what)    \
	enum err rule_##name(                                                                      \
		struct env *env, const struct m_##request *rq, struct m_##answer *ret) MUST_CHECK; \
	DECLARE_##when(name, request)
#include "net/routes.def"
#undef ROUTE
#undef DECLARE_AHEAD
#undef DECLARE_PLAIN

/* The rule of that route; `ret` has room for the route's answer. */
enum err rules_run(enum route route, struct env *env, const void *rq, void *ret) MUST_CHECK;

/*
 * ahead_<route>, of a row that says AHEAD: what its rule will ask of the store, as far as its
 * request tells, with the same parameters (store_ahead), so that authorise's questions and the
 * rule's travel together. Only env's store, titular and now are there yet, and nothing was checked.
 */
enum err rules_ahead(enum route route, struct env *env, const void *rq) MUST_CHECK;

/* Version of the messages that this server speaks (wire.md: nothing newer is sent). */
#define RULES_VERSION 1

#endif
