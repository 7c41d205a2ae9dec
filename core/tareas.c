#include "core/tareas.h"

#include <pthread.h>
#include <stdatomic.h>
#include "base/log.h"
#include "base/mem.h"
#include "net/timed.h"

/* How long a job may be overlooked whose news nobody heard. */
#define SAFETY_MS 60000
/* After the store did not answer. */
#define RETRY_MS 2000
/* What is due may be in another server's hands: it commits, or dies and lets go. */
#define HELD_MS 1000

struct tareas {
	struct tareas_lote lote;
	pthread_t thread;
	bool running;
	bool seeded; /* the thread's own */
	pthread_mutex_t mutex;
	pthread_cond_t more;
	bool stopping;
	int64_t next;	/* ms UTC; INT64_MAX: none is known of */
	int64_t looked; /* monotonic ms */
};

static void room(void *ctx)
{
	tareas_wake(ctx, 0);
}

enum err tareas_open(const struct tareas_config *c, struct tareas **ret)
{
	struct tareas *t = mem_zalloc(sizeof(*t));
	enum err e = t != NULL ? tareas_lote_make(&t->lote, c) : ERR_NO_MEMORY;

	if (e == OK && !timed_make(&t->more))
		e = ERR_NO_MEMORY;
	if (e != OK) {
		mem_free(t);
		return e;
	}
	t->lote.room = room;
	t->lote.room_ctx = t;
	pthread_mutex_init(&t->mutex, NULL);
	*ret = t;
	return OK;
}

void tareas_free(struct tareas *t)
{
	tareas_stop(t);
	pthread_cond_destroy(&t->more);
	pthread_mutex_destroy(&t->mutex);
	mem_free(t);
}

void tareas_wake(struct tareas *t, int64_t when)
{
	pthread_mutex_lock(&t->mutex);
	if (when < t->next) {
		t->next = when;
		pthread_cond_signal(&t->more);
	}
	pthread_mutex_unlock(&t->mutex);
}

unsigned tareas_errands(const struct tareas *t)
{
	return atomic_load(&t->lote.under_way);
}

enum err tareas_run(struct tareas *t, struct writer_group *g, int64_t now, size_t *ret_count)
{
	return tareas_lote_run(&t->lote, g, now, ret_count);
}

enum err tareas_seed(struct tareas *t, struct writer_group *g, int64_t now)
{
	return tareas_lote_seed(&t->lote, g, now);
}

/* ---- the thread ---- */

static int64_t now_of(const struct tareas *t)
{
	return clock_now(&t->lote.config.server->clock);
}

/* A turn of the writer's thread, which the scheduler's waits for. */
struct turn {
	struct chore chore;
	struct tareas *t;
	bool done;
	enum err e;
	size_t count;
};

static void take_turn(struct chore *c, struct writer_group *g)
{
	struct turn *turn = (struct turn *)(void *)c;
	struct tareas *t = turn->t;

	turn->e = t->seeded ? OK : tareas_seed(t, g, now_of(t));
	if (turn->e == OK) {
		t->seeded = true;
		turn->e = tareas_run(t, g, now_of(t), &turn->count);
	}
	pthread_mutex_lock(&t->mutex);
	turn->done = true;
	pthread_cond_signal(&t->more);
	pthread_mutex_unlock(&t->mutex);
}

static enum err have_turn(struct tareas *t, size_t *ret_count)
{
	struct turn turn = {.chore.run = take_turn, .t = t};

	writer_chore(t->lote.config.writer, &turn.chore);
	pthread_mutex_lock(&t->mutex);
	while (!turn.done)
		pthread_cond_wait(&t->more, &t->mutex);
	pthread_mutex_unlock(&t->mutex);
	*ret_count = turn.count;
	return turn.e;
}

/* When the next is due that can be done now; INT64_MAX: none. */
static enum err look(struct tareas *t, int64_t *ret_next)
{
	ARENA(a, 1024);
	struct store_pool *pool = t->lote.config.server->readers;
	char clases[TAREAS_CLASES_BYTES];
	struct in_tarea_proxima in = {.clases = clases};
	struct out_tarea_proxima row;

	tareas_lote_clases(&t->lote, clases);
	struct store *s = store_pool_take(pool);
	enum err e = q_tarea_proxima(s, &in, &a, &row);

	store_pool_give(pool, s);
	if (e == OK || e == ERR_NOT_FOUND)
		*ret_next = e == OK ? row.vence : INT64_MAX;
	return e == ERR_NOT_FOUND ? OK : e;
}

static bool is_stopping(struct tareas *t)
{
	pthread_mutex_lock(&t->mutex);
	bool stopping = t->stopping;

	pthread_mutex_unlock(&t->mutex);
	return stopping;
}

/* Does all that is due; when to look again. */
static int64_t work(struct tareas *t)
{
	while (!is_stopping(t)) {
		size_t count = 0;
		int64_t next = 0;
		enum err e = t->seeded ? look(t, &next) : OK;

		if (e == OK && next > now_of(t))
			return next;
		if (e == OK)
			e = have_turn(t, &count);
		if (e != OK)
			log_write(LOG_WARN, "tareas", "the store: %s", err_wire(e));
		if (e != OK || (count == 0 && next != 0))
			return now_of(t) + (e != OK ? RETRY_MS : HELD_MS);
	}
	return INT64_MAX;
}

/* ms until something may be due, with the mutex. */
static int64_t time_left(const struct tareas *t)
{
	int64_t due = t->next - now_of(t);
	int64_t safety = t->looked + SAFETY_MS - clock_monotonic();

	return due < safety ? due : safety;
}

/* Until something may be due. False: it is time to end. */
static bool sleep_until_due(struct tareas *t)
{
	int64_t left;

	pthread_mutex_lock(&t->mutex);
	while (!t->stopping && (left = time_left(t)) > 0)
		if (!timed_wait(&t->more, &t->mutex, clock_monotonic() + left))
			continue; /* nothing is left of it, unless the clock was set */
	bool go = !t->stopping;

	/* What is told from now on is not in what is looked at. */
	t->next = INT64_MAX;
	t->looked = clock_monotonic();
	pthread_mutex_unlock(&t->mutex);
	return go;
}

static void *run(void *arg)
{
	struct tareas *t = arg;

	while (sleep_until_due(t)) {
		int64_t next = work(t);

		tareas_wake(t, next);
	}
	return NULL;
}

enum err tareas_start(struct tareas *t)
{
	if (pthread_create(&t->thread, NULL, run, t) != 0)
		return ERR_NO_MEMORY;
	t->running = true;
	return OK;
}

void tareas_stop(struct tareas *t)
{
	if (!t->running)
		return;
	pthread_mutex_lock(&t->mutex);
	t->stopping = true;
	pthread_cond_signal(&t->more);
	pthread_mutex_unlock(&t->mutex);
	pthread_join(t->thread, NULL);
	t->running = false;
}
