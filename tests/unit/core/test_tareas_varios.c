/*
 * Jobs with several at them: servers on one store, and servers that are killed in the middle of a
 * batch. Each effect happens once.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/secret.h"
#include "tests/help/cm.h"
#include "tests/help/core_lote.h"
#include "tests/help/pg.h"

static struct mundo m;

/* ---- the effect: a row of `acceso`, which nobody ever removes ---- */

static int told = -1; /* a pipe's end: a byte for each job that is being done */

static enum err apunta(struct tarea *j)
{
	struct in_acceso_poner in = {.instante = j->env.now,
		.titular = j->env.titular != NULL ? j->env.titular : "nadie",
		.firmante = "tarea",
		.ruta = j->clave};
	enum err e = q_acceso_poner(j->env.store, &in, j->env.arena, NULL);

	if (told >= 0 && write(told, "x", 1) != 1)
		_exit(3);
	return e;
}

static const struct tarea_fila filas[] = {
	{.clase = "apunta", .primera_ms = 1000, .mayor_ms = 8000, .hace = apunta},
	{.clase = "del_buzon",
		.de = TAREA_DE_TITULAR,
		.primera_ms = 1000,
		.mayor_ms = 8000,
		.hace = apunta},
};

static int set_up(void **state)
{
	(void)state;
	mundo_open(&m);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	mundo_close(&m);
	return 0;
}

/* A server as far as jobs go: its own connection, its own batches. */
struct one {
	struct writer *writer;
	struct tareas *tareas;
	size_t done;
	pthread_t thread;
};

static void open_one(struct one *o)
{
	struct writer_config wc = {
		.server = &m.server, .place = m.config.almacen, .sealer = m.sealer, .most = 10};

	*o = (struct one){0};
	assert_int_equal(writer_open(&wc, &o->writer), OK);
	struct tareas_config c = {.server = &m.server,
		.writer = o->writer,
		.filas = filas,
		.filas_count = COUNT_OF(filas)};

	assert_int_equal(tareas_open(&c, &o->tareas), OK);
}

static void close_one(struct one *o)
{
	writer_close(o->writer);
	tareas_free(o->tareas);
}

static void put_many(const char *prefix, int count)
{
	char key[40];

	assert_int_equal(store_begin(m.hand), OK);
	for (int i = 0; i < count; i++) {
		snprintf(key, sizeof(key), "%s%d", prefix, i);
		lote_put(&m, "apunta", key, m.now - i);
	}
	assert_int_equal(store_commit(m.hand), OK);
}

/* Each effect once, and no job left. */
static void assert_once(const char *prefix, int count)
{
	assert_int_equal(lote_number(&m, "SELECT count(*) FROM tarea"), 0);
	assert_int_equal(
		lote_number(&m, "SELECT count(*) FROM acceso WHERE ruta LIKE '%s%%'", prefix),
		count);
	assert_int_equal(
		lote_number(&m, "SELECT count(DISTINCT ruta) FROM acceso WHERE ruta LIKE '%s%%'",
			prefix),
		count);
}

/* ---- two servers ---- */

static bool all_done(void)
{
	ARENA(a, 1024);
	AUTO(store) s = NULL;
	struct in_tarea_proxima in = {.clases = " apunta del_buzon "};
	struct out_tarea_proxima row;

	assert_int_equal(store_open(m.config.almacen, DB_READ, &s), OK);
	enum err e = q_tarea_proxima(s, &in, &a, &row);

	assert_true(e == OK || e == ERR_NOT_FOUND);
	return e == ERR_NOT_FOUND;
}

static void *drain(void *arg)
{
	struct one *o = arg;

	while (!all_done())
		o->done += lote_run(o->tareas, o->writer, m.now);
	return NULL;
}

static void test_two_servers(void **state)
{
	enum { N = 500 };
	struct one two[2];

	(void)state;
	if (!pg_wanted()) /* a file has one server */
		skip();
	put_many("dos", N);
	for (int i = 0; i < 2; i++)
		open_one(&two[i]);
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&two[i].thread, NULL, drain, &two[i]), 0);
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_join(two[i].thread, NULL), 0);
	/* Side by side, not one behind the other. */
	assert_true(two[0].done > N / 10);
	assert_true(two[1].done > N / 10);
	assert_int_equal(two[0].done + two[1].done, N);
	for (int i = 0; i < 2; i++)
		close_one(&two[i]);
	assert_once("dos", N);
}

static void *one_batch(void *arg)
{
	struct one *o = arg;

	o->done = lote_run(o->tareas, o->writer, m.now);
	return NULL;
}

#define WAITING "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"

/*
 * Two batches that want the same mailboxes, due in opposite orders, while a third holds the one in
 * the middle: the second waits behind the first, and none for each other.
 */
static void test_mailboxes_in_one_order(void **state)
{
	struct one two[2];
	char key[64];

	(void)state;
	if (!pg_wanted())
		skip();
	for (int i = 0; i < 40; i++) {
		/* The first batch from A to T, the second from T to A. */
		int letter = i < 20 ? i : 39 - i;

		snprintf(key, sizeof(key), "BUZON-%c %d", 'A' + letter, i);
		lote_put(&m, "del_buzon", key, m.now - 100 + i);
	}
	assert_int_equal(store_begin(m.hand), OK);
	assert_int_equal(store_lock(m.hand, "BUZON-J"), OK);
	assert_int_equal(store_sync(m.hand), OK);
	for (int i = 0; i < 2; i++) {
		open_one(&two[i]);
		assert_int_equal(pthread_create(&two[i].thread, NULL, one_batch, &two[i]), 0);
		lote_wait(&m, i + 1, WAITING);
	}
	assert_int_equal(store_commit(m.hand), OK);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(pthread_join(two[i].thread, NULL), 0);
		assert_int_equal(two[i].done, 20);
		close_one(&two[i]);
	}
	assert_int_equal(
		lote_number(&m, "SELECT count(*) FROM acceso WHERE titular LIKE 'BUZON-_'"), 40);
	/* A connection tells its numbers when it ends. */
	assert_int_equal(lote_number(&m, "SELECT deadlocks FROM pg_stat_database WHERE datname = "
					 "current_database()"),
		0);
}

/* ---- killed in the middle ---- */

static void be_killed(int end)
{
	struct one o;

	/* A test that is killed leaves nothing running. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
		_exit(4);
	told = end;
	open_one(&o);
	for (;;) {
		size_t count = 0;

		if (lote_try(o.tareas, o.writer, m.now, &count) != OK)
			_exit(5);
	}
}

/* Lives until its `jobs`-th job is being done. */
static void one_life(int jobs)
{
	int ends[2];
	char byte;
	int status = 0;

	assert_int_equal(pipe(ends), 0);
	fflush(NULL);
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		close(ends[0]);
		be_killed(ends[1]);
	}
	close(ends[1]);
	for (int i = 0; i < jobs; i++)
		if (read(ends[0], &byte, 1) != 1)
			fail_msg("it ended by itself behind %d jobs", i);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	close(ends[0]);
}

static void test_killed_in_the_middle(void **state)
{
	enum { LIVES = 20, N = 400 };
	struct one o;

	(void)state;
	put_many("muere", N);
	/* Into the first batch, the second, ... at another place of it each time. */
	for (int i = 0; i < LIVES; i++)
		one_life(1 + i * 7 % 33);
	/* What they had in their hands a database may hold a moment longer. */
	open_one(&o);
	drain(&o);
	close_one(&o);
	assert_once("muere", N);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_killed_in_the_middle),
		cmocka_unit_test(test_two_servers),
		cmocka_unit_test(test_mailboxes_in_one_order),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
