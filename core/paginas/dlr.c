#include "core/paginas/dlr.h"

#include <stdlib.h>
#include <string.h>
#include "base/log.h"
#include "core/envio.h"
#include "core/envio_estado.h"
#include "core/writer_group.h"

/* Kannel's words for what became of it; in the order in which they may come. */
static const struct {
	long type;
	enum envio_informe informe;
	const char *detalle;
} tipos[] = {
	{1, INFORME_ENTREGADO, "informe 1"},
	{2, INFORME_FALLIDO,
		"La red celular no pudo entregar el mensaje (informe 2); revisa el número, o pide "
		"otro mensaje."},
	{4, INFORME_EN_CAMINO, "informe 4"},
	{8, INFORME_EN_CAMINO, "informe 8"},
	{16, INFORME_FALLIDO,
		"La red celular rechazó el mensaje (informe 16); revisa el número, o usa otro."},
};

/* A report on its way through the writer; in the request's arena. */
struct report {
	struct chore chore;
	const struct server *server;
	struct exchange *x;
	const char *id;
	const char *titular;
	size_t tipo;
};

static void answer(struct exchange *x, enum err e)
{
	x->status = err_http(e);
	x->answer = bytes_of_text(e == OK ? "bien\n" : "no\n");
	x->retry_after_s = x->status == 503 ? 5 : 0;
	x->done(x);
}

static enum err keep(struct writer_group *g, void *ctx)
{
	const struct report *r = ctx;
	struct env env = {.arena = r->x->arena,
		.store = g->store,
		.now = clock_now(&r->server->clock),
		.titular = r->titular,
		.config = r->server->config,
		.calendario = r->server->calendario,
		.folios = &g->folios,
		.news = &g->news};
	enum err e = store_lock(g->store, r->titular);

	return e == OK ? envio_informar(&env, r->id, tipos[r->tipo].informe, tipos[r->tipo].detalle)
		       : e;
}

static void run(struct chore *c, struct writer_group *g)
{
	struct report *r = (struct report *)(void *)c;
	enum err e = writer_group_transact(g, clock_now(&r->server->clock), 0, keep, r);

	if (e != OK)
		log_write(LOG_WARN, "dlr", "a report was not kept: %s", err_wire(e));
	answer(r->x, e);
}

/* "<id>?type=<n>", what Kannel adds behind it aside. */
static bool read_target(struct arena *a, const char *rest, struct report *ret)
{
	size_t n = strcspn(rest, "?");
	const char *query = rest + n;

	if (!envio_es_id(rest, n) || strncmp(query, "?type=", 6) != 0)
		return false;
	char *end;
	long type = strtol(query + 6, &end, 10);

	if (end == query + 6 || (*end != '\0' && *end != '&'))
		return false;
	for (size_t i = 0; i < COUNT_OF(tipos); i++)
		if (tipos[i].type == type) {
			ret->tipo = i;
			ret->id = arena_printf(a, "%.*s", (int)n, rest);
			return ret->id != NULL;
		}
	return false;
}

static enum err find(const struct server *s, struct exchange *x, struct report *r)
{
	struct store *store = store_pool_take(s->readers);
	enum err e = envio_titular(store, x->arena, r->id, &r->titular);

	store_pool_give(s->readers, store);
	return e;
}

void pagina_dlr(const struct server *s, struct writer *w, struct exchange *x, const char *rest)
{
	struct report *r = arena_zalloc(x->arena, sizeof(*r));
	enum err e = r == NULL ? ERR_NO_MEMORY : OK;

	if (e == OK && !read_target(x->arena, rest, r))
		e = ERR_NOT_FOUND;
	if (e == OK)
		e = find(s, x, r);
	/* A gateway sends many from one address; who guesses pays for each. */
	if (e == ERR_NOT_FOUND &&
		budget_take(s->budget, x->rq.peer, s->config->presupuesto_direccion,
			clock_now(&s->clock)) == ERR_TOO_MANY)
		e = ERR_TOO_MANY;
	if (e != OK) {
		answer(x, e);
		return;
	}
	r->chore.run = run;
	r->server = s;
	r->x = x;
	writer_chore(w, &r->chore);
}
