#include "core/pagina.h"

#include <string.h>
#include "core/hoja.h"
#include "core/writer_group.h"

/* What one may make: an acuse of the act, and of what it puts an end to. */
#define FOLIOS 4
#define WRITE_ARENA (1024 * 1024)

enum method { LEER, ESCRIBIR };
enum what { ENTERA, RESTO };
enum who { TODOS, LOCAL };

static const struct row {
	enum method method;
	const char *path;
	enum what what;
	enum who who;
	void (*read)(struct pagina *p);
	bool (*check)(struct pagina *p);
	enum err (*write)(struct pagina *p);
} rows[] = {
#define DO_LEER(name) pagina_##name, NULL, NULL
#define DO_ESCRIBIR(name) NULL, pagina_##name, pagina_##name##_escribe
#define PAGINA(name, method, path, what, who, text) {method, path, what, who, DO_##method(name)},
#include "core/paginas.def"
#undef PAGINA
#undef DO_LEER
#undef DO_ESCRIBIR
};

bool pagina_take(struct pagina *p)
{
	const struct server *s = p->server;
	struct hoja h;

	if (budget_take(s->budget, p->x->rq.peer, s->config->presupuesto_direccion,
		    p->x->received) == OK)
		return true;
	hoja_begin(&h, p, "Demasiadas consultas");
	hoja_parrafo(&h, "Espera un minuto e inténtalo de nuevo.");
	hoja_end(&h, 429);
	return false;
}

/* ---- written by the writer ---- */

struct turn {
	struct chore chore;
	struct pagina p;
	const struct row *row;
};

static void fill(struct turn *t, struct writer_group *g, struct arena *a)
{
	const struct server *s = t->p.server;

	t->p.group = g;
	t->p.env = (struct env){.arena = a,
		.store = g->store,
		.now = t->p.x->received,
		.config = s->config,
		.calendario = s->calendario,
		.legales = s->legales,
		.folios = &g->folios,
		.news = &g->news,
		.sello_certificado = s->sello_certificado,
		.sello_bytes = s->sello_bytes,
		.prueba = trust_is_test(s->trust)};
}

static enum err write(struct writer_group *g, void *ctx)
{
	ARENA(a, WRITE_ARENA);
	struct turn *t = ctx;

	/* A refusal undoes what was written before it, and nothing else. */
	store_careful(g->store, true);
	fill(t, g, &a);
	enum err e = store_savepoint(g->store);

	if (e == OK)
		e = t->row->write(&t->p);
	return e == OK ? store_release(g->store) : e;
}

static void run(struct chore *c, struct writer_group *g)
{
	struct turn *t = (struct turn *)(void *)c;
	struct exchange *x = t->p.x;
	struct hoja h;
	enum err e = writer_group_transact(g, x->received, FOLIOS, write, t);

	if (e != OK) {
		hoja_begin(&h, &t->p, "No se pudo registrar");
		hoja_parrafo(&h, "El servicio no pudo guardar el cambio y nada quedó registrado. "
				 "Espera un minuto, recarga esta página e inténtalo de nuevo.");
		hoja_end(&h, 503);
	}
	x->done(x);
}

static void submit(const struct pagina *p, const struct row *row, struct writer *w)
{
	struct turn *t = arena_zalloc(p->x->arena, sizeof(*t));

	if (t == NULL) {
		exchange_refuse(p->x, ERR_NO_MEMORY);
		p->x->done(p->x);
		return;
	}
	*t = (struct turn){.chore.run = run, .p = *p, .row = row};
	writer_chore(w, &t->chore);
}

/* ---- which one ---- */

static bool fits(const struct row *r, const struct received *rq)
{
	bool reads = strcmp(rq->method, "GET") == 0 || strcmp(rq->method, "HEAD") == 0;
	bool writes = strcmp(rq->method, "POST") == 0;
	bool local = strcmp(rq->peer, "127.0.0.1") == 0 || strcmp(rq->peer, "::1") == 0;

	return (r->method == LEER ? reads : writes) && (r->who == TODOS || local);
}

/* What follows the path of the row; NULL where it is another path. */
static const char *rest_of(const struct row *r, const char *path)
{
	size_t size = strlen(r->path);

	if (strncmp(path, r->path, size) != 0)
		return NULL;
	if (path[size] == '\0')
		return path + size;
	return r->what == RESTO && path[size] == '/' ? path + size + 1 : NULL;
}

static const struct row *find(struct exchange *x, const char **ret_resto)
{
	const char *target = x->rq.target != NULL ? x->rq.target : "";
	/* What mail programs append to a link is nobody's. */
	const char *path = arena_printf(x->arena, "%.*s", (int)strcspn(target, "?"), target);

	for (size_t i = 0; path != NULL && i < COUNT_OF(rows); i++) {
		const char *rest = fits(&rows[i], &x->rq) ? rest_of(&rows[i], path) : NULL;

		if (rest == NULL)
			continue;
		*ret_resto = rest;
		return &rows[i];
	}
	return NULL;
}

bool pagina_answer(const struct server *s, struct writer *w, struct exchange *x)
{
	struct pagina p = {.server = s, .x = x};
	const struct row *row = find(x, &p.resto);

	if (row == NULL)
		return false;
	x->received = clock_now(&s->clock);
	if (row->method == ESCRIBIR && row->check(&p)) {
		submit(&p, row, w);
		return true;
	}
	if (row->method == LEER)
		row->read(&p);
	x->done(x);
	return true;
}
