#include "core/subida_cola.h"

#include <pthread.h>
#include "base/mem.h"
#include "core/writer_group.h"

/* Of one transaction: those who wait for the writer meanwhile are not kept long. */
#define TURNOS 64
#define BYTES ((size_t)4 * 1024 * 1024)

struct subida_cola {
	struct chore chore;
	const struct server *server;
	struct writer *writer;
	pthread_mutex_t lock;
	struct subida_turno *first; /* what follows is under the lock */
	struct subida_turno **last;
	bool queued; /* the chore is with the writer */
};

/* Those of one transaction. */
struct lote {
	struct subida_turno *turnos[TURNOS];
	size_t count;
	int64_t now;
};

/* ---- in the transaction ---- */

static enum err put_part(struct store *s, struct arena *a, const struct subida_turno *t)
{
	struct in_subida_parte_poner in = {
		.direccion = t->direccion, .desde = t->desde, .datos = t->datos};

	return q_subida_parte_poner(s, &in, a, NULL);
}

static enum err advance(struct store *s, struct arena *a, struct subida_turno *t, int64_t now)
{
	struct in_subida_avanzar in = {.recibidos = t->desde + (int64_t)t->datos.size,
		.vence = now + SUBIDA_MS,
		.direccion = t->direccion,
		.desde = t->desde};
	struct out_subida_avanzar row;
	enum err e = q_subida_avanzar(s, &in, a, &row);

	return e == OK ? put_part(s, a, t) : e;
}

static enum err complete(struct store *s, struct arena *a, struct subida_turno *t, int64_t now)
{
	struct in_subida_completar in = {.completa = now,
		.vence = now + SUBIDA_MS,
		.direccion = t->direccion,
		.vuelta = t->vuelta};
	struct out_subida_completar row;

	return q_subida_completar(s, &in, a, &row);
}

static enum err begin_anew(struct store *s, struct arena *a, struct subida_turno *t)
{
	struct in_subida_de_nuevo in = {.direccion = t->direccion, .vuelta = t->vuelta};
	struct in_subida_partes_quitar parts = {.direccion = t->direccion};
	struct out_subida_de_nuevo row;
	enum err e = q_subida_de_nuevo(s, &in, a, &row);

	return e == OK ? q_subida_partes_quitar(s, &parts, a, NULL) : e;
}

static enum err work(struct store *s, struct arena *a, struct subida_turno *t, int64_t now)
{
	enum err e = OK;

	switch (t->obra) {
	case SUBIDA_TROZO:
		return advance(s, a, t, now);
	case SUBIDA_ENTERA:
		e = advance(s, a, t, now);
		return e == OK ? complete(s, a, t, now) : e;
	case SUBIDA_COMPLETA:
		return complete(s, a, t, now);
	case SUBIDA_DE_NUEVO:
		return begin_anew(s, a, t);
	}
	return ERR_INTERNAL;
}

/* What was not found as it was expected: forgotten, or moved by somebody else. */
static enum err run_one(struct store *s, struct subida_turno *t, int64_t now)
{
	ARENA(a, 65536);

	t->err = work(s, &a, t, now);
	if (t->err != ERR_NOT_FOUND)
		return t->err;
	enum err e = subida_leer(s, t->arena, t->direccion, &t->ahora);

	if (e == OK)
		t->err = ERR_UPLOAD_OFFSET;
	return e == ERR_NOT_FOUND ? OK : e;
}

static enum err run_lote(struct writer_group *g, void *ctx)
{
	struct lote *l = ctx;
	enum err e = OK;

	for (size_t i = 0; e == OK && i < l->count; i++)
		e = run_one(g->store, l->turnos[i], l->now);
	return e;
}

/* ---- the queue ---- */

/* In the order of their addresses, so that two servers don't wait for each other. */
static void add_sorted(struct lote *l, struct subida_turno *t)
{
	size_t at = l->count++;

	for (; at > 0 && strcmp(l->turnos[at - 1]->direccion, t->direccion) > 0; at--)
		l->turnos[at] = l->turnos[at - 1];
	l->turnos[at] = t;
}

static void take(struct subida_cola *q, struct lote *l)
{
	size_t bytes = 0;

	pthread_mutex_lock(&q->lock);
	while (q->first != NULL && l->count < TURNOS && bytes < BYTES) {
		struct subida_turno *t = q->first;

		q->first = t->next;
		bytes += t->datos.size;
		add_sorted(l, t);
	}
	if (q->first == NULL)
		q->last = &q->first;
	pthread_mutex_unlock(&q->lock);
}

/* Back to the writer while somebody waits; acts have their turn in between. */
static void again(struct subida_cola *q)
{
	pthread_mutex_lock(&q->lock);
	q->queued = q->first != NULL;
	bool more = q->queued;

	pthread_mutex_unlock(&q->lock);
	if (more)
		writer_chore(q->writer, &q->chore);
}

static void run(struct chore *c, struct writer_group *g)
{
	struct subida_cola *q = (struct subida_cola *)(void *)c;
	struct lote l = {.now = clock_now(&q->server->clock)};

	take(q, &l);
	enum err e = writer_group_transact(g, l.now, 0, run_lote, &l);

	for (size_t i = 0; i < l.count; i++) {
		if (e != OK)
			l.turnos[i]->err = e;
		l.turnos[i]->done(l.turnos[i]);
	}
	again(q);
}

void subida_cola_put(struct subida_cola *q, struct subida_turno *t)
{
	t->next = NULL;
	pthread_mutex_lock(&q->lock);
	*q->last = t;
	q->last = &t->next;
	bool first = !q->queued;

	q->queued = true;
	pthread_mutex_unlock(&q->lock);
	if (first)
		writer_chore(q->writer, &q->chore);
}

enum err subida_cola_open(const struct server *s, struct writer *w, struct subida_cola **ret)
{
	struct subida_cola *q = mem_zalloc(sizeof(*q));

	if (q == NULL)
		return ERR_NO_MEMORY;
	q->chore.run = run;
	q->server = s;
	q->writer = w;
	q->last = &q->first;
	pthread_mutex_init(&q->lock, NULL);
	*ret = q;
	return OK;
}

void subida_cola_close(struct subida_cola *q)
{
	if (q == NULL)
		return;
	pthread_mutex_destroy(&q->lock);
	mem_free(q);
}
