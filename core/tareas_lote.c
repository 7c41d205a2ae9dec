#include "core/tareas_lote.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include "base/log.h"
#include "base/mem.h"
#include "net/http_request.h"

/* queries.def has the same number. */
#define BATCH 20
#define BATCH_ARENA (256 * 1024)
#define JOB_ARENA (4 * 1024 * 1024)
/* Errands of a kind at once; a batch may pass it by its own. */
#define ERRANDS 20
/* The longest that one may take by itself; a lease surely outlives it. */
#define ERRAND_MS 20000
#define LEASE_MORE_MS 40000

/* An errand under way; its own from the claim to the end of the second transaction. */
struct errand {
	struct chore chore;
	struct errand *next;
	struct tareas_lote *l;
	const struct tarea_fila *fila;
	char clave[TAREA_CLAVE + 1];
	int64_t turno; /* of our claim */
	int64_t lease; /* until then it is ours */
	int64_t vence; /* when it was due */
	int64_t most_ms;
	recado_aqui *aqui;
	struct http_out_request *rq;
	struct http_out_result result;
	unsigned char *body;
};

static void free_errand(struct errand *n)
{
	mem_free(n->rq);
	mem_free(n->body);
	mem_free(n);
}

static void free_errands(struct errand *n)
{
	while (n != NULL) {
		struct errand *next = n->next;

		free_errand(n);
		n = next;
	}
}

/* ---- which kinds ---- */

static bool wanted(const struct tareas_config *c, const struct tarea_fila *f)
{
	if (f->pide != NULL && c->recados == NULL)
		return false;
	switch (f->si) {
	case TAREA_SI_OCSP:
		return c->server->config->ocsp != NULL;
	case TAREA_SI_COMPARTIDO:
		return store_shared(c->server->config->almacen);
	case TAREA_SI_MENSAJERIA:
		return c->server->mensajeria != NULL;
	case TAREA_SI_SIEMPRE:
		break;
	}
	return true;
}

static bool add_name(char list[TAREAS_CLASES_BYTES], const char *name)
{
	size_t size = strlen(list);
	int more = snprintf(list + size, TAREAS_CLASES_BYTES - size, "%s ", name);

	return more > 0 && (size_t)more < TAREAS_CLASES_BYTES - size;
}

enum err tareas_lote_make(struct tareas_lote *l, const struct tareas_config *c)
{
	char all[TAREAS_CLASES_BYTES] = " ";
	bool fit = true;

	*l = (struct tareas_lote){.config = *c};
	if (c->filas == NULL) {
		l->config.filas = tarea_filas;
		l->config.filas_count = TAREA_CLASES;
	}
	for (size_t i = 0; i < l->config.filas_count; i++)
		fit = fit && add_name(all, l->config.filas[i].clase);
	return fit && l->config.filas_count <= TAREAS_FILAS ? OK : ERR_INTERNAL;
}

void tareas_lote_clases(const struct tareas_lote *l, char ret[TAREAS_CLASES_BYTES])
{
	snprintf(ret, TAREAS_CLASES_BYTES, " ");
	for (size_t i = 0; i < l->config.filas_count; i++)
		if (wanted(&l->config, &l->config.filas[i]) &&
			atomic_load(&l->under_way_of[i]) < ERRANDS)
			(void)add_name(ret, l->config.filas[i].clase);
}

static const struct tarea_fila *find_row(const struct tareas_lote *l, const char *clase)
{
	for (size_t i = 0; i < l->config.filas_count; i++)
		if (strcmp(l->config.filas[i].clase, clase) == 0)
			return &l->config.filas[i];
	return NULL;
}

/* ---- one job ---- */

/* A row that is claimed, and what it is done with. */
struct job {
	struct tareas_lote *l;
	struct writer_group *g;
	const struct tarea_fila *fila;
	const char *titular; /* or NULL */
	int64_t now;
	int64_t turno; /* as it was found */
	struct tarea t;
	struct errand *errand; /* made for it */
};

static void fill(struct job *j, struct arena *a)
{
	const struct server *s = j->l->config.server;

	j->t.env = (struct env){.arena = a,
		.store = j->g->store,
		.now = j->now,
		.titular = j->titular,
		.folios = &j->g->folios,
		.news = &j->g->news};
	serve_env(s, &j->t.env);
	j->t.server = s;
	j->t.group = j->g;
	j->t.otra = 0;
	j->t.fallo = OK;
}

/* Done, or due again. */
static enum err settle(struct job *j)
{
	struct in_tarea_hecha done = {.clase = j->fila->clase, .clave = j->t.clave};
	struct in_tarea_poner again = {
		.clase = j->fila->clase, .clave = j->t.clave, .vence = j->t.otra};

	if (j->t.otra == 0)
		return q_tarea_hecha(j->g->store, &done, j->t.env.arena, NULL);
	/* Never in the same instant again. */
	if (again.vence <= j->now)
		again.vence = j->now + 1;
	novedades_tarea(&j->g->news, again.vence);
	return q_tarea_poner(j->g->store, &again, j->t.env.arena, NULL);
}

/* Takes the row for as long as an errand may last; j->errand has all that it needs. */
static enum err claim(struct job *j, const struct http_out_request *rq)
{
	struct errand *n = mem_zalloc(sizeof(*n));
	int64_t most = j->t.plazo_ms != 0 ? j->t.plazo_ms : ERRAND_MS;
	struct in_tarea_tomar in = {.vence = j->now + most + LEASE_MORE_MS,
		.clase = j->fila->clase,
		.clave = j->t.clave};

	if (n == NULL)
		return ERR_NO_MEMORY;
	j->errand = n;
	n->l = j->l;
	n->fila = j->fila;
	n->turno = j->turno + 1;
	n->lease = in.vence;
	n->vence = j->t.vence;
	n->most_ms = most;
	n->aqui = j->t.aqui;
	snprintf(n->clave, sizeof(n->clave), "%s", j->t.clave);
	n->rq = http_request_copy(rq);
	if (n->rq == NULL)
		return ERR_NO_MEMORY;
	novedades_tarea(&j->g->news, in.vence);
	return q_tarea_tomar(j->g->store, &in, j->t.env.arena, NULL);
}

static enum err ask(struct job *j)
{
	struct http_out_request rq = {0};
	enum err e = j->fila->pide(&j->t, &rq);

	if (e != OK)
		return e;
	return rq.url != NULL ? claim(j, &rq) : settle(j);
}

static enum err keep_failure(struct job *j, enum err why);

static enum err act(struct job *j)
{
	enum err e = j->fila->hace(&j->t);

	if (e == OK && j->t.fallo != OK)
		return keep_failure(j, j->t.fallo);
	return e == OK ? settle(j) : e;
}

static enum err do_it(struct job *j)
{
	const struct http_out_result *answer = j->t.respuesta;

	if (j->fila->pide != NULL && answer == NULL)
		return ask(j);
	/* What the network failed in is the kind's to judge; that this server ends is not. */
	return answer != NULL && answer->err == ERR_CANCELLED ? ERR_CANCELLED : act(j);
}

/* Nothing to gain by trying again: a refusal, or too many tries. */
static bool hopeless(const struct tarea_fila *f, int64_t intentos, enum err why)
{
	int http = err_http(why);

	return (http < 500 && http != 429) || (f->intentos != 0 && intentos >= f->intentos);
}

/* After its savepoint was rolled back. */
static enum err keep_failure(struct job *j, enum err why)
{
	struct in_tarea_fallo in = {.intentos = j->t.intentos + 1,
		.fallo = err_wire(why),
		.clase = j->fila->clase,
		.clave = j->t.clave};

	if (why == ERR_CANCELLED) {
		/* No failure of its own: another server, or the next start of this one. */
		in.vence = j->now;
		in.intentos = j->t.intentos;
		in.fallo = NULL;
	} else if (!hopeless(j->fila, in.intentos, why)) {
		in.vence = j->now + tarea_espera(j->fila, j->t.clave, in.intentos);
	}
	log_write(LOG_WARN, "tareas", "%s: %s%s", in.clase, err_wire(why),
		in.vence == 0 ? ", given up" : "");
	if (in.vence != 0)
		novedades_tarea(&j->g->news, in.vence);
	return q_tarea_fallo(j->g->store, &in, j->t.env.arena, NULL);
}

/* Of the whole transaction, not of this job. */
static bool ends_batch(const struct writer_group *g, enum err e)
{
	return e == ERR_BUSY || store_lost(g->store);
}

static enum err fail(struct job *j, enum err why)
{
	/* A full disk or lost memory may have undone the whole transaction. */
	enum err e = store_rollback_to(j->g->store);

	if (e == OK)
		e = keep_failure(j, why);
	return e == OK ? store_release(j->g->store) : e;
}

static enum err run_job(struct job *j)
{
	ARENA(a, JOB_ARENA);
	struct folios before = j->g->folios;
	enum err e = store_savepoint(j->g->store);

	if (e != OK)
		return e;
	fill(j, &a);
	e = do_it(j);
	if (e == OK)
		e = store_release(j->g->store);
	if (e == OK || ends_batch(j->g, e))
		return e;
	j->g->folios = before;
	if (j->errand != NULL)
		free_errand(STEAL(j->errand));
	return fail(j, e);
}

static void forget(void *ctx, enum novedad what, const char *name)
{
	const struct server *s = ctx;

	if (what == NOVEDAD_LLAVE)
		llaves_drop(s->llaves, name);
	else if (what == NOVEDAD_TODO)
		llaves_clear(s->llaves);
}

/* Others hear it from the store; a file of SQLite's has nobody else. */
static void forget_changed(const struct tareas_lote *l, const struct writer_group *g)
{
	novedades_each(&g->news, forget, l->config.server);
}

/* Whose the job is, by its key; NULL for nobody's. */
static enum err take_titular(struct job *j, struct arena *a)
{
	if (j->fila->de != TAREA_DE_TITULAR)
		return OK;
	j->titular = arena_printf(a, "%.*s", (int)strcspn(j->t.clave, " "), j->t.clave);
	return j->titular != NULL ? OK : ERR_NO_MEMORY;
}

/* ---- the second transaction of an errand ---- */

static enum err apply(struct writer_group *g, void *ctx)
{
	ARENA(a, 4096);
	struct errand *n = ctx;
	struct in_tarea in = {.clase = n->fila->clase, .clave = n->clave};
	struct out_tarea row;
	struct job j = {.l = n->l,
		.g = g,
		.fila = n->fila,
		.now = clock_now(&n->l->config.server->clock),
		.t = {.clave = n->clave, .vence = n->vence, .respuesta = &n->result}};
	enum err e = take_titular(&j, &a);

	store_careful(g->store, true);
	if (e == OK && j.titular != NULL)
		e = store_lock(g->store, j.titular);
	if (e == OK)
		e = q_tarea(g->store, &in, &a, &row);
	/* Ours no more: moved, done by another, or claimed again after our time. */
	if (e == ERR_NOT_FOUND || (e == OK && (row.turno != n->turno || row.vence != n->lease)))
		return OK;
	if (e != OK)
		return e;
	j.turno = row.turno;
	j.t.intentos = row.intentos;
	return run_job(&j);
}

static void applied(struct chore *c, struct writer_group *g)
{
	struct errand *n = (struct errand *)(void *)c;
	struct tareas_lote *l = n->l;
	size_t folios = n->fila->de == TAREA_DE_TITULAR ? 1 : 0;
	enum err e =
		writer_group_transact(g, clock_now(&l->config.server->clock), folios, apply, n);

	if (e == OK)
		forget_changed(l, g);
	else /* its lease ends, and it is asked again */
		log_write(LOG_WARN, "tareas", "%s: an answer was not kept: %s", n->fila->clase,
			err_wire(e));
	size_t kind = (size_t)(n->fila - l->config.filas);

	free_errand(n);
	unsigned before = atomic_fetch_sub(&l->under_way_of[kind], 1);

	atomic_fetch_sub(&l->under_way, 1);
	if (before == ERRANDS && l->room != NULL)
		l->room(l->room_ctx);
}

static void ended(void *ctx, const struct http_out_result *result)
{
	struct errand *n = ctx;

	n->result = *result;
	n->result.body = (struct bytes){0};
	if (result->body.size != 0) {
		n->body = mem_alloc(result->body.size);
		if (n->body == NULL) {
			n->result.err = ERR_NO_MEMORY;
		} else {
			memcpy(n->body, result->body.data, result->body.size);
			n->result.body = bytes_of(n->body, result->body.size);
		}
	}
	writer_chore(n->l->config.writer, &n->chore);
}

static enum err set_out(const struct tareas_config *c, struct errand *n)
{
	if (n->aqui == NULL)
		return recados_ask(c->recados, n->rq, n->most_ms, ended, n);
	return c->aqui != NULL ? recados_aqui_do(c->aqui, n->rq, n->aqui, ended, n)
			       : ERR_UNAVAILABLE;
}

/* Once the claims are committed. */
static void send(struct tareas_lote *l, struct errand *n)
{
	while (n != NULL) {
		struct errand *next = n->next;

		n->chore.run = applied;
		atomic_fetch_add(&l->under_way, 1);
		atomic_fetch_add(&l->under_way_of[n->fila - l->config.filas], 1);
		enum err e = set_out(&l->config, n);

		if (e != OK)
			ended(n, &(struct http_out_result){.err = e});
		n = next;
	}
}

/* ---- a batch ---- */

struct batch {
	struct tareas_lote *l;
	char clases[TAREAS_CLASES_BYTES];
	int64_t now;
	struct arena arena;
	struct job jobs[BATCH];
	size_t count;
	struct errand *errands;
};

static enum err take_row(
	struct writer_group *g, struct batch *b, const struct out_tareas_vencidas *row)
{
	struct job *j = &b->jobs[b->count];

	*j = (struct job){.l = b->l,
		.g = g,
		.fila = find_row(b->l, row->clase),
		.now = b->now,
		.turno = row->turno,
		.t = {.clave = row->clave, .vence = row->vence, .intentos = row->intentos}};
	if (j->fila == NULL || strlen(row->clave) > TAREA_CLAVE)
		return ERR_INTERNAL;
	b->count++;
	return take_titular(j, &b->arena);
}

static enum err take_rows(struct writer_group *g, struct batch *b)
{
	struct in_tareas_vencidas in = {.ahora = b->now, .clases = b->clases};
	struct out_tareas_vencidas *rows;
	size_t count = 0;
	enum err e = q_tareas_vencidas_all(g->store, &in, BATCH, &b->arena, &rows, &count);

	for (size_t i = 0; e == OK && i < count; i++)
		e = take_row(g, b, &rows[i]);
	return e;
}

/* The first mailbox behind that one, in strcmp order; NULL: none. */
static const char *mailbox_after(const struct batch *b, const char *last)
{
	const char *next = NULL;

	for (size_t i = 0; i < b->count; i++) {
		const char *of = b->jobs[i].titular;

		if (of != NULL && (last == NULL || strcmp(of, last) > 0) &&
			(next == NULL || strcmp(of, next) < 0))
			next = of;
	}
	return next;
}

/* All of the batch, before any of it is done. */
static enum err take_mailboxes(struct writer_group *g, const struct batch *b)
{
	const char *rfc = NULL;
	enum err e = OK;

	while (e == OK && (rfc = mailbox_after(b, rfc)) != NULL)
		e = store_lock(g->store, rfc);
	return e;
}

/* Of a try that the database asked to run again. */
static void forget_try(struct batch *b)
{
	free_errands(STEAL(b->errands));
	arena_free(&b->arena);
	b->count = 0;
}

static enum err run_batch(struct writer_group *g, void *ctx)
{
	struct batch *b = ctx;

	forget_try(b);
	store_careful(g->store, true);
	enum err e = take_rows(g, b);

	if (e == OK)
		e = take_mailboxes(g, b);
	for (size_t i = 0; e == OK && i < b->count; i++) {
		struct job *j = &b->jobs[i];

		e = run_job(j);
		if (j->errand == NULL)
			continue;
		j->errand->next = b->errands;
		b->errands = j->errand;
	}
	return e;
}

/* A folio for each whose mailbox it is. */
static size_t folios_for(const struct tareas_lote *l)
{
	for (size_t i = 0; i < l->config.filas_count; i++)
		if (l->config.filas[i].de == TAREA_DE_TITULAR)
			return BATCH;
	return 0;
}

enum err tareas_lote_run(
	struct tareas_lote *l, struct writer_group *g, int64_t now, size_t *ret_count)
{
	struct batch b = {.l = l, .now = now};

	tareas_lote_clases(l, b.clases);
	arena_init(&b.arena, BATCH_ARENA);
	enum err e = writer_group_transact(g, now, folios_for(l), run_batch, &b);

	if (e == OK) {
		forget_changed(l, g);
		send(l, STEAL(b.errands));
		*ret_count = b.count;
	}
	forget_try(&b);
	return e;
}

/* ---- at the start ---- */

struct seeding {
	struct tareas_lote *l;
	int64_t now;
};

static enum err seed(struct writer_group *g, void *ctx)
{
	const struct seeding *s = ctx;
	enum err e = OK;

	for (size_t i = 0; e == OK && i < s->l->config.filas_count; i++) {
		ARENA(a, JOB_ARENA);
		const struct tarea_fila *f = &s->l->config.filas[i];
		struct job j = {.l = s->l, .g = g, .fila = f, .now = s->now};

		if (f->siembra == NULL || !wanted(&s->l->config, f))
			continue;
		fill(&j, &a);
		e = f->siembra(&j.t);
	}
	return e;
}

enum err tareas_lote_seed(struct tareas_lote *l, struct writer_group *g, int64_t now)
{
	struct seeding s = {.l = l, .now = now};

	return writer_group_transact(g, now, 0, seed, &s);
}
