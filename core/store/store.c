#include "core/store/store.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/mem.h"
#include "core/store/store_ops.h"
#include "crypto/sha.h"

/* A test builds a program of the next schema. */
#ifndef STORE_STEPS
#define STORE_STEPS "core/store/migraciones.def"
#endif
/* A step waits for running transactions, and new ones behind it: only so long at once. */
#define MIGRATE_TRIES 40
#define MIGRATE_PAUSE_MS 250

static const struct store_ops *ops_of(const char *place)
{
	return store_shared(place) ? &store_pg : &store_sqlite;
}

bool store_shared(const char *place)
{
	return strncmp(place, "postgresql://", 13) == 0 || strncmp(place, "postgres://", 11) == 0;
}

enum err store_parte(struct bytes text, int64_t *ret)
{
	unsigned char hash[32];
	enum err e = sha256(text, hash);

	if (e == OK)
		*ret = hash[0];
	return e;
}

/* ---- opening ---- */

static const struct store_step steps[] = {
#define MIGRATION(n, least, sql, pg) {(n), (least), (sql), (pg)},
#include STORE_STEPS
#undef MIGRATION
};

/* Looked at again inside the transaction: two programs that open a new store make it once. */
static enum err migrate_step(struct store *s, const struct store_step *step)
{
	int64_t done = 0;
	int64_t least = 0;
	enum err e = s->ops->schema(s, &done, &least);

	return e != OK || done >= step->number ? e : s->ops->migrate(s, step);
}

static enum err migrate_once(struct store *s, const struct store_step *step)
{
	enum err e = store_begin(s);

	if (e == OK)
		e = store_lock(s, "esquema");
	if (e == OK)
		e = migrate_step(s, step);
	if (e == OK)
		e = store_commit(s);
	if (e != OK)
		store_rollback(s);
	return e;
}

static enum err migrate(struct store *s)
{
	const struct timespec pause = {.tv_nsec = MIGRATE_PAUSE_MS * 1000000L};
	enum err e = OK;

	for (size_t i = 0; e == OK && i < COUNT_OF(steps); i++) {
		e = migrate_once(s, &steps[i]);
		for (int n = 0; e == ERR_BUSY && n < MIGRATE_TRIES; n++) {
			nanosleep(&pause, NULL);
			e = migrate_once(s, &steps[i]);
		}
	}
	return e;
}

static enum err age_of(struct store *s, enum store_age *ret)
{
	const int64_t newest = steps[COUNT_OF(steps) - 1].number;
	int64_t found = 0;
	int64_t least = 0;
	enum err e = s->ops->schema(s, &found, &least);

	if (e != OK)
		return e;
	if (found > newest)
		*ret = least != 0 && least <= newest ? STORE_GOOD : STORE_NEW;
	else
		*ret = found == newest ? STORE_GOOD : found != 0 ? STORE_OLD : STORE_EMPTY;
	return OK;
}

static enum err check_schema(struct store *s, enum db_mode mode)
{
	enum store_age age = STORE_EMPTY;
	enum err e = age_of(s, &age);

	if (e != OK || age == STORE_GOOD)
		return e;
	if (age == STORE_NEW)
		return ERR_STORE_NEWER;
	return mode == DB_WRITE ? migrate(s) : ERR_STORE;
}

enum err store_age(const char *place, enum db_mode mode, enum store_age *ret)
{
	AUTO(store) s = NULL;
	enum err e = ops_of(place)->open(place, mode, &s);

	return e == OK ? age_of(s, ret) : e;
}

enum err store_open(const char *place, enum db_mode mode, struct store **ret)
{
	AUTO(store) s = NULL;
	enum err e = ops_of(place)->open(place, mode, &s);

	if (e == OK)
		e = check_schema(s, mode);
	if (e == OK)
		*ret = STEAL(s);
	return e;
}

void store_close(struct store *s)
{
	s->ops->close(s);
}

void store_patience(struct store *s, int ms)
{
	if (s->ops->patience != NULL)
		s->ops->patience(s, ms);
}

bool store_lost(const struct store *s)
{
	return s->ops->lost(s);
}

/* ---- transactions ---- */

void store_careful(struct store *s, bool careful)
{
	s->careful = careful;
}

bool store_is_careful(const struct store *s)
{
	return s->careful || !s->ops->shared;
}

enum err store_begin(struct store *s)
{
	return s->ops->begin(s);
}

enum err store_commit(struct store *s)
{
	return s->ops->commit(s);
}

void store_rollback(struct store *s)
{
	s->ops->rollback(s);
}

enum err store_savepoint(struct store *s)
{
	return s->ops->savepoint(s);
}

enum err store_release(struct store *s)
{
	enum err e = s->ops->release(s);

	return e == OK && s->careful ? s->ops->sync(s) : e;
}

enum err store_rollback_to(struct store *s)
{
	return s->ops->rollback_to(s);
}

long store_changes(struct store *s)
{
	return s->ops->changes(s);
}

enum err store_queue(struct store *s, unsigned q, const void *in, long *ret_changes)
{
	return s->ops->queue(s, q, in, ret_changes);
}

enum err store_change(struct store *s, unsigned q, const void *in)
{
	enum err e = s->ops->change(s, q, in);

	return e == OK && s->careful ? s->ops->sync(s) : e;
}

enum err store_ahead(struct store *s, unsigned q, const void *in)
{
	return s->ops->ahead == NULL || s->careful ? OK : s->ops->ahead(s, q, in);
}

void store_forget(struct store *s)
{
	if (s->ops->forget != NULL)
		s->ops->forget(s);
}

enum err store_sync(struct store *s)
{
	return s->ops->sync(s);
}

enum err store_lock(struct store *s, const char *titular)
{
	return s->ops->lock(s, titular);
}

enum err store_lease(struct store *s, int64_t from, int64_t count, int64_t *ret_end)
{
	return s->ops->lease(s, from, count, ret_end);
}

bool store_leases_apart(const struct store *s)
{
	return s->ops->shared;
}

enum err store_now(struct store *s, int64_t *ret_ms)
{
	return s->ops->now(s, ret_ms);
}

enum err store_durable(struct store *s, bool *ret)
{
	return s->ops->durable(s, ret);
}

enum err store_run(struct store *s, unsigned q, const void *in, struct arena *a, void *ret_row)
{
	return s->ops->run(s, q, in, a, ret_row);
}

enum err store_all(struct store *s, unsigned q, const void *in, size_t limit, struct arena *a,
	void **ret_rows, size_t *ret_count)
{
	return s->ops->all(s, q, in, limit, a, ret_rows, ret_count);
}

/* ---- news ---- */

/* A letter and an RFC, a key's id or an instant. */
#define WORD 80
/* A blank, a letter and an instant. */
#define TAREA_WORD 22

static bool has_word(const struct novedades *n, const char *word)
{
	size_t size = strlen(word);

	for (const char *at = n->text; (at = strstr(at, word)) != NULL; at += size)
		if ((at == n->text || at[-1] == ' ') && (at[size] == ' ' || at[size] == '\0'))
			return true;
	return false;
}

static bool word_of(enum novedad what, const char *name, char ret[WORD])
{
	int size = snprintf(ret, WORD, "%c%s", (char)what, name);

	return size > 0 && size < WORD && strchr(name, ' ') == NULL;
}

static bool tarea_of(const char *name, int64_t *ret)
{
	char *end = NULL;
	int64_t when = strtoll(name, &end, 10);

	if (when <= 0 || *end != '\0')
		return false;
	*ret = when;
	return true;
}

bool novedades_have(const struct novedades *n, enum novedad what, const char *name)
{
	char word[WORD];
	int64_t when;

	if (what == NOVEDAD_TAREA)
		return n->all || (tarea_of(name, &when) && n->tarea == when);
	return n->all || !word_of(what, name, word) || has_word(n, word);
}

void novedades_tarea(struct novedades *n, int64_t when)
{
	if (n->tarea == 0 || when < n->tarea)
		n->tarea = when;
}

static void add_word(struct novedades *n, const char *word)
{
	/* A job's word comes behind them. */
	size_t room = sizeof(n->text) - n->size - TAREA_WORD;
	int size = snprintf(n->text + n->size, room, "%s%s", n->size != 0 ? " " : "", word);

	if (size > 0 && (size_t)size < room)
		n->size += (size_t)size;
	else
		n->all = true;
}

void novedades_add(struct novedades *n, enum novedad what, const char *name)
{
	char word[WORD];
	int64_t when;

	if (what == NOVEDAD_TAREA && tarea_of(name, &when))
		novedades_tarea(n, when);
	else if (what == NOVEDAD_TAREA || what == NOVEDAD_TODO || !word_of(what, name, word))
		n->all = true;
	else if (!n->all && !has_word(n, word))
		add_word(n, word);
}

/* As text: what a watch is told. */
static void write_news(const struct novedades *n, char ret[sizeof(n->text)])
{
	if (n->all)
		snprintf(ret, sizeof(n->text), "%c", NOVEDAD_TODO);
	else if (n->tarea != 0)
		snprintf(ret, sizeof(n->text), "%.*s%s%c%" PRId64, (int)n->size, n->text,
			n->size != 0 ? " " : "", NOVEDAD_TAREA, n->tarea);
	else
		snprintf(ret, sizeof(n->text), "%.*s", (int)n->size, n->text);
}

void novedades_each(const struct novedades *n, store_news *each, void *ctx)
{
	char words[sizeof(n->text)];
	char *rest = NULL;

	write_news(n, words);
	for (char *w = strtok_r(words, " ", &rest); w != NULL; w = strtok_r(NULL, " ", &rest))
		each(ctx, (enum novedad) * w, w + 1);
}

enum err store_tell(struct store *s, const struct novedades *n)
{
	char words[sizeof(n->text)];

	write_news(n, words);
	return *words != '\0' ? s->ops->tell(s, words) : OK;
}

enum err store_watch_open(const char *place, struct store_watch **ret)
{
	return ops_of(place)->watch_open(place, ret);
}

void store_watch_close(struct store_watch *w)
{
	w->close(w);
}

int store_watch_socket(const struct store_watch *w)
{
	return w->socket(w);
}

enum err store_watch_look(struct store_watch *w, store_news *each, void *ctx)
{
	return w->look(w, each, ctx);
}

/* ---- the pool ---- */

struct store_pool {
	pthread_mutex_t lock;
	pthread_cond_t given;
	struct store **free; /* a stack: the last one given has the warmest cache */
	unsigned count;	     /* of it */
	unsigned size;
};

enum err store_pool_open(const char *place, unsigned size, struct store_pool **ret)
{
	AUTO(store_pool) p = mem_zalloc(sizeof(*p));

	if (p == NULL)
		return ERR_NO_MEMORY;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->given, NULL);
	p->free = mem_zalloc((size + 1) * sizeof(*p->free));
	if (p->free == NULL)
		return ERR_NO_MEMORY;
	for (; p->size < size; p->size++) {
		enum err e = store_open(place, DB_READ, &p->free[p->size]);

		if (e != OK)
			return e;
		p->count++;
	}
	*ret = STEAL(p);
	return OK;
}

void store_pool_close(struct store_pool *p)
{
	while (p->count != 0)
		store_close(p->free[--p->count]);
	pthread_cond_destroy(&p->given);
	pthread_mutex_destroy(&p->lock);
	mem_free(p->free);
	mem_free(p);
}

struct store *store_pool_take(struct store_pool *p)
{
	pthread_mutex_lock(&p->lock);
	while (p->count == 0)
		pthread_cond_wait(&p->given, &p->lock);
	struct store *s = p->free[--p->count];

	pthread_mutex_unlock(&p->lock);
	return s;
}

void store_pool_give(struct store_pool *p, struct store *s)
{
	store_forget(s);
	pthread_mutex_lock(&p->lock);
	p->free[p->count++] = s;
	pthread_cond_signal(&p->given);
	pthread_mutex_unlock(&p->lock);
}
