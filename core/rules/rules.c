#include "core/rules/rules.h"

#define AHEAD_AHEAD(name) ahead_##name(env, rq)
#define AHEAD_PLAIN(name) (((void)env, (void)rq), OK)
#define ROUTE(name, path, request, answer, signer, who, scope, level, buzon, acuse, when, what)    \
	static enum err run_##name(struct env *env, const void *rq, void *ret)                     \
	{                                                                                          \
		return rule_##name(env, rq, ret);                                                  \
	}                                                                                          \
	static enum err ask_##name(struct env *env, const void *rq)                                \
	{                                                                                          \
		return AHEAD_##when(name);                                                         \
	}
#include "net/routes.def"
#undef ROUTE

struct rule {
	enum err (*run)(struct env *env, const void *rq, void *ret);
	enum err (*ask)(struct env *env, const void *rq);
};

static const struct rule rules[] = {
#define ROUTE(name, ...) [ROUTE_ID_##name] = {.run = run_##name, .ask = ask_##name},
#include "net/routes.def"
#undef ROUTE
};

enum err rules_run(enum route route, struct env *env, const void *rq, void *ret)
{
	return route < ROUTE_COUNT ? rules[route].run(env, rq, ret) : ERR_NO_ROUTE;
}

enum err rules_ahead(enum route route, struct env *env, const void *rq)
{
	return route < ROUTE_COUNT ? rules[route].ask(env, rq) : OK;
}
