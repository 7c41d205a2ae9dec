#include "core/rules/rules.h"

#define ROUTE(name, path, request, answer, ...)                                                    \
	static enum err run_##name(struct env *env, const void *rq, void *ret)                     \
	{                                                                                          \
		return rule_##name(env, rq, ret);                                                  \
	}
#include "net/routes.def"
#undef ROUTE

enum err rules_run(enum route route, struct env *env, const void *rq, void *ret)
{
	static enum err (*const rules[])(struct env *, const void *, void *) = {
#define ROUTE(name, ...) [ROUTE_ID_##name] = run_##name,
#include "net/routes.def"
#undef ROUTE
	};

	return route < ROUTE_COUNT ? rules[route](env, rq, ret) : ERR_NO_ROUTE;
}
