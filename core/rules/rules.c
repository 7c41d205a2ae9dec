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

enum err rules_ahead(enum route route, struct env *env, const void *rq)
{
	switch (route) {
	case ROUTE_ID_acuse:
		return ahead_acuse(env, rq);
	case ROUTE_ID_documento:
		return ahead_documento(env, rq);
	case ROUTE_ID_notificacion_abrir:
		return ahead_notificacion_abrir(env, rq);
	case ROUTE_ID_sincronizar:
		return ahead_sincronizar(env, rq);
	default:
		return OK;
	}
}
