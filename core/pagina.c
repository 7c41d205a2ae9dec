#include "core/pagina.h"

#include <string.h>
#include "core/formulario.h"
#include "core/hoja.h"
#include "core/writer_group.h"

/* What one may make: an acuse of the act, and of what it puts an end to. */
#define FOLIOS 4
#define WRITE_ARENA (1024 * 1024)

enum method { LEER, RECIBIR, ESCRIBIR, INFORMAR };
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
#define DO_RECIBIR(name) DO_LEER(name)
#define DO_ESCRIBIR(name) NULL, pagina_##name, pagina_##name##_escribe
#define DO_INFORMAR(name) DO_ESCRIBIR(name)
#define PAGINA(name, method, path, what, who, text) {method, path, what, who, DO_##method(name)},
#include "core/paginas.def"
#undef PAGINA
#undef DO_LEER
#undef DO_RECIBIR
#undef DO_ESCRIBIR
#undef DO_INFORMAR
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
	t->p.group = g;
	t->p.env = (struct env){.arena = a,
		.store = g->store,
		.now = t->p.x->received,
		.folios = &g->folios,
		.news = &g->news};
	serve_env(t->p.server, &t->p.env);
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
	/* A page that could not be made (hoja_end): then nothing happened either. */
	if (e == OK && t->p.x->status >= 500)
		e = ERR_NO_MEMORY;
	return e == OK ? store_release(g->store) : e;
}

static void say_not_written(struct pagina *p)
{
	struct hoja h;

	hoja_begin(&h, p, "No se pudo registrar");
	hoja_parrafo(&h, "El servicio no pudo guardar el cambio y nada quedó registrado. "
			 "Espera un minuto, recarga esta página e inténtalo de nuevo.");
	hoja_end(&h, 503);
}

static void run(struct chore *c, struct writer_group *g)
{
	struct turn *t = (struct turn *)(void *)c;
	struct exchange *x = t->p.x;

	if (writer_group_transact(g, x->received, FOLIOS, write, t) != OK)
		say_not_written(&t->p);
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
	if (writer_offer(w, &t->chore) == OK)
		return;
	say_not_written(&t->p);
	p->x->done(p->x);
}

/* ---- which one ---- */

static bool fits(const struct row *r, const struct received *rq)
{
	bool get = strcmp(rq->method, "GET") == 0;
	bool post = strcmp(rq->method, "POST") == 0;
	const bool does[] = {[LEER] = get || strcmp(rq->method, "HEAD") == 0,
		[RECIBIR] = post,
		[ESCRIBIR] = post,
		[INFORMAR] = get};
	bool local = strcmp(rq->peer, "127.0.0.1") == 0 || strcmp(rq->peer, "::1") == 0;

	return does[r->method] && (r->who == TODOS || local);
}

/* Where in the target what is the page's to read begins; NULL where it is another path. */
static const char *rest_of(const struct row *r, const char *target, size_t size)
{
	size_t own = strlen(r->path);

	if (size < own || memcmp(target, r->path, own) != 0)
		return NULL;
	if (size == own)
		return target + size;
	return r->what == RESTO && target[own] == '/' ? target + own + 1 : NULL;
}

static const struct row *find(
	const struct received *rq, const char *target, size_t size, const char **ret_rest)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		*ret_rest = fits(&rows[i], rq) ? rest_of(&rows[i], target, size) : NULL;
		if (*ret_rest != NULL)
			return &rows[i];
	}
	return NULL;
}

/* What mail programs append to a link is no part of it. */
static size_t path_size(const char *target)
{
	return strcspn(target, "?");
}

static const struct row *row_of(
	const struct received *rq, const char **ret_rest, size_t *ret_rest_size)
{
	const char *target = rq->target != NULL ? rq->target : "";
	size_t size = path_size(target);
	const struct row *row = find(rq, target, size, ret_rest);

	if (row != NULL)
		*ret_rest_size = (size_t)(target + size - *ret_rest);
	return row;
}

/* False: its answer is a refusal. */
static bool open_page(const struct server *s, struct exchange *x, const char *rest,
	size_t rest_size, struct pagina *ret)
{
	const char *query = strchr(x->rq.target, '?');

	*ret = (struct pagina){.server = s,
		.x = x,
		.consulta = query != NULL ? query + 1 : "",
		.resto = arena_copy(x->arena, rest, rest_size)};
	x->received = clock_now(&s->clock);
	if (ret->resto == NULL)
		exchange_refuse(x, ERR_NO_MEMORY);
	return ret->resto != NULL;
}

bool pagina_answer(const struct server *s, struct writer *w, struct exchange *x)
{
	struct pagina p;
	const char *rest = NULL;
	size_t rest_size = 0;
	const struct row *row = row_of(&x->rq, &rest, &rest_size);

	if (row == NULL)
		return false;
	if (open_page(s, x, rest, rest_size, &p)) {
		if (row->read != NULL) {
			row->read(&p);
		} else if (row->check(&p)) {
			submit(&p, row, w);
			return true;
		}
	}
	x->done(x);
	return true;
}

bool pagina_recibe(const struct received *rq)
{
	const char *rest;
	size_t rest_size;
	const struct row *row = multipart_is(rq->content_type) && !rq->repeated
					? row_of(rq, &rest, &rest_size)
					: NULL;

	return row != NULL && row->method == RECIBIR;
}

void pagina_answer_form(const struct server *s, struct exchange *x, const struct formulario *f)
{
	struct pagina p;
	const char *rest = NULL;
	size_t rest_size = 0;
	const struct row *row = row_of(&x->rq, &rest, &rest_size);

	if (row == NULL) {
		exchange_refuse(x, ERR_INTERNAL);
	} else if (open_page(s, x, rest, rest_size, &p)) {
		p.formulario = f;
		row->read(&p);
	}
	x->done(x);
}
