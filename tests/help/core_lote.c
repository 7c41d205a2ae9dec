#include "tests/help/core_lote.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include "tests/help/cm.h"
#include "tests/help/core_sql.h"

#define WAIT_MS 60000

struct turn {
	struct chore chore;
	struct tareas *t;
	int64_t now;
	bool seed;
	size_t count;
	enum err e;
	pthread_mutex_t mutex;
	pthread_cond_t ended;
	bool done;
};

static void take_turn(struct chore *c, struct writer_group *g)
{
	struct turn *turn = (struct turn *)(void *)c;

	turn->e = turn->seed ? tareas_seed(turn->t, g, turn->now)
			     : tareas_run(turn->t, g, turn->now, &turn->count);
	pthread_mutex_lock(&turn->mutex);
	turn->done = true;
	pthread_cond_signal(&turn->ended);
	pthread_mutex_unlock(&turn->mutex);
}

static struct turn turn_of(struct tareas *t, int64_t now)
{
	return (struct turn){.chore.run = take_turn,
		.t = t,
		.now = now,
		.mutex = PTHREAD_MUTEX_INITIALIZER,
		.ended = PTHREAD_COND_INITIALIZER};
}

enum err lote_try(struct tareas *t, struct writer *w, int64_t now, size_t *ret_count)
{
	struct turn turn = turn_of(t, now);

	writer_chore_now(w, &turn.chore);
	*ret_count = turn.count;
	return turn.e;
}

size_t lote_run(struct tareas *t, struct writer *w, int64_t now)
{
	size_t count = 0;

	assert_int_equal(lote_try(t, w, now, &count), OK);
	return count;
}

size_t lote_run_there(struct tareas *t, struct writer *w, int64_t now)
{
	struct turn turn = turn_of(t, now);

	writer_chore(w, &turn.chore);
	pthread_mutex_lock(&turn.mutex);
	while (!turn.done)
		pthread_cond_wait(&turn.ended, &turn.mutex);
	pthread_mutex_unlock(&turn.mutex);
	assert_int_equal(turn.e, OK);
	return turn.count;
}

void lote_seed(struct tareas *t, struct writer *w, int64_t now)
{
	struct turn turn = turn_of(t, now);

	turn.seed = true;
	writer_chore_now(w, &turn.chore);
	assert_int_equal(turn.e, OK);
}

void lote_put(struct mundo *m, const char *clase, const char *clave, int64_t vence)
{
	struct in_tarea_poner in = {.clase = clase, .clave = clave, .vence = vence};

	assert_int_equal(q_tarea_poner(m->hand, &in, NULL, NULL), OK);
}

void lote_do(struct mundo *m, const char *format, ...)
{
	ARENA(a, 65536);
	va_list args;

	va_start(args, format);
	const char *sql = arena_vprintf(&a, format, args);

	va_end(args);
	assert_non_null(sql);
	sql_run(m->config.almacen, sql);
}

PRINTF_LIKE(2, 0)
static const char *ask(struct mundo *m, const char *format, va_list args)
{
	ARENA(a, 4 << 20);
	const char *sql = arena_vprintf(&a, format, args);

	assert_non_null(sql);
	const char *text = sql_ask(&a, m->config.almacen, sql);

	return *text != '\0' ? arena_strdup(&m->arena, text) : NULL;
}

int64_t lote_number(struct mundo *m, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	const char *text = ask(m, format, args);

	va_end(args);
	return text != NULL ? strtoll(text, NULL, 10) : 0;
}

const char *lote_text(struct mundo *m, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	const char *text = ask(m, format, args);

	va_end(args);
	return text;
}

void lote_wait(struct mundo *m, int64_t number, const char *sql)
{
	int64_t until = clock_monotonic() + WAIT_MS;

	while (lote_number(m, "%s", sql) != number) {
		if (clock_monotonic() > until)
			fail_msg("%s: %lld, not %lld", sql, (long long)lote_number(m, "%s", sql),
				(long long)number);
		nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
	}
}
