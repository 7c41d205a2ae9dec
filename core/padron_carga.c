#include "core/padron_carga.h"

#include <time.h>
#include "core/padron_vistos.h"

/* Fichas that are asked for at once: three questions each (store_ahead has room for them). */
#define BLOCK 60
#define BLOCK_BYTES (64 * 1024 * 1024)
/* A block ends early behind so much. */
#define BLOCK_ENOUGH (4 * 1024 * 1024)
/* Other servers' acts may be in the way of a few rows: the transaction is run again. */
#define TRIES 6
#define PAUSE_MS 100

struct block {
	const struct padron_ficha *fichas[BLOCK];
	size_t count;
	bool last;
};

static enum err read_block(const struct padron_carga *c, struct arena *a, struct block *b)
{
	enum err e = OK;

	*b = (struct block){0};
	while (e == OK && b->count < BLOCK && a->used < BLOCK_ENOUGH) {
		e = c->siguiente(c->ctx, a, &b->fichas[b->count]);
		if (e == OK)
			b->count++;
	}
	b->last = e == ERR_NOT_FOUND;
	return b->last ? OK : e;
}

static enum err put_block(const struct padron_carga *c, struct env *env, const struct block *b)
{
	struct padron_cambios changes;
	enum err e = OK;

	for (size_t i = 0; e == OK && i < b->count; i++)
		e = padron_ahead(env, b->fichas[i]);
	for (size_t i = 0; e == OK && i < b->count; i++) {
		e = padron_poner(env, b->fichas[i], &changes);
		if (e == OK)
			e = c->uno(c->ctx, env->arena, b->fichas[i], &changes);
	}
	return e;
}

static enum err put_all(const struct padron_carga *c, struct env *env)
{
	enum err e = c->empieza(c->ctx);

	for (bool more = true; e == OK && more;) {
		ARENA(a, BLOCK_BYTES);
		struct block b;

		env->arena = &a;
		e = read_block(c, &a, &b);
		if (e == OK)
			e = put_block(c, env, &b);
		more = !b.last;
	}
	return e;
}

static enum err once(const struct padron_carga *c)
{
	struct novedades news = {0};
	/* All the clients of an accountant change that one's cuenta: a row that a transaction
	 * updates n times takes PostgreSQL n * n steps. */
	struct padron_vistos counted = {0};
	struct env env = {.store = c->store,
		.now = c->now,
		.config = c->config,
		.news = &news,
		.contadas = &counted};
	enum err e = store_begin(c->store);

	/* One at a time: what it compares with is what it changes. */
	if (e == OK)
		e = store_lock(c->store, "padrón");
	if (e == OK)
		e = put_all(c, &env);
	padron_vistos_free(&counted);
	if (e == OK)
		e = store_tell(c->store, &news);
	if (e == OK)
		return store_commit(c->store);
	store_rollback(c->store);
	return e;
}

enum err padron_carga(const struct padron_carga *c)
{
	const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
	enum err e = once(c);

	for (int n = 1; e == ERR_BUSY && n < TRIES; n++) {
		nanosleep(&pause, NULL);
		e = once(c);
	}
	return e;
}
