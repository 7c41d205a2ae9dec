/*
 * The scheduler's thread: each job at its instant, however it was told; nothing while nothing is
 * due; an orderly end. Statements are counted where they enter the store (tests.mk wraps the door).
 */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "base/secret.h"
#include "core/vigia.h"
#include "tests/help/cm.h"
#include "tests/help/core_lote.h"
#include "tests/help/pg.h"

static struct mundo m;
static struct writer *writer;
static struct tareas *t;
static struct waits *waits;
static struct reloj reloj;
static struct vigia *vigia;

/* ---- the counting door ---- */

static atomic_int statements;

enum err __real_store_run(
	struct store *s, unsigned q, const void *in, struct arena *a, void *ret_row);
enum err __real_store_all(struct store *s, unsigned q, const void *in, size_t limit,
	struct arena *a, void **ret_rows, size_t *ret_count);
enum err __real_store_begin(struct store *s);
enum err __wrap_store_run(
	struct store *s, unsigned q, const void *in, struct arena *a, void *ret_row);
enum err __wrap_store_all(struct store *s, unsigned q, const void *in, size_t limit,
	struct arena *a, void **ret_rows, size_t *ret_count);
enum err __wrap_store_begin(struct store *s);

enum err __wrap_store_run(
	struct store *s, unsigned q, const void *in, struct arena *a, void *ret_row)
{
	atomic_fetch_add(&statements, 1);
	return __real_store_run(s, q, in, a, ret_row);
}

enum err __wrap_store_all(struct store *s, unsigned q, const void *in, size_t limit,
	struct arena *a, void **ret_rows, size_t *ret_count)
{
	atomic_fetch_add(&statements, 1);
	return __real_store_all(s, q, in, limit, a, ret_rows, ret_count);
}

enum err __wrap_store_begin(struct store *s)
{
	atomic_fetch_add(&statements, 1);
	return __real_store_begin(s);
}

/* ---- a kind ---- */

static _Atomic int64_t done_at; /* by the system's clock */
static atomic_int done;
static atomic_int slow_ms;

static void pause_ms(int ms)
{
	nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

static int64_t system_now(void)
{
	struct clock c = clock_system(0);

	return clock_now(&c);
}

static enum err apunta(struct tarea *j)
{
	struct in_acceso_poner in = {
		.instante = j->env.now, .titular = "apunta", .firmante = "tarea", .ruta = j->clave};
	enum err e = q_acceso_poner(j->env.store, &in, j->env.arena, NULL);

	done_at = system_now();
	atomic_fetch_add(&done, 1);
	pause_ms(slow_ms);
	return e;
}

static const struct tarea_fila filas[] = {
	{.clase = "apunta", .primera_ms = 1000, .mayor_ms = 8000, .hace = apunta}};

static void made(void *ctx, int64_t when)
{
	(void)ctx;
	if (t != NULL)
		tareas_wake(t, when);
}

static atomic_bool deaf;

static void heard(void *ctx, int64_t when)
{
	if (!atomic_load(&deaf))
		made(ctx, when);
}

static int set_up(void **state)
{
	(void)state;
	mundo_open(&m);
	m.server.clock = clock_system(0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	mundo_close(&m);
	return 0;
}

static int begin(void **state)
{
	struct writer_config wc = {.server = &m.server,
		.place = m.config.almacen,
		.sealer = m.sealer,
		.most = 10,
		.tarea = made};
	struct vigia_config vc = {
		.place = m.config.almacen, .server = &m.server, .reloj = &reloj, .tarea = heard};

	(void)state;
	atomic_store(&done, 0);
	assert_int_equal(writer_open(&wc, &writer), OK);
	struct tareas_config c = {.server = &m.server,
		.writer = writer,
		.filas = filas,
		.filas_count = COUNT_OF(filas)};

	assert_int_equal(tareas_open(&c, &t), OK);
	assert_int_equal(writer_start(writer), OK);
	assert_int_equal(waits_start(&m.server, &waits), OK);
	vc.waits = waits;
	assert_int_equal(vigia_start(&vc, &vigia), OK);
	assert_int_equal(tareas_start(t), OK);
	return 0;
}

/* As servir.c's stop. */
static int end(void **state)
{
	struct tareas *was = t;

	(void)state;
	waits_stop(waits);
	tareas_stop(t);
	vigia_stop(vigia);
	waits_free(waits);
	writer_close(writer);
	t = NULL;
	tareas_free(was);
	lote_do(&m, "DELETE FROM tarea");
	return 0;
}

static void wait_done(int count, int ms)
{
	for (int i = 0; i < ms && atomic_load(&done) < count; i++)
		pause_ms(1);
	assert_int_equal(atomic_load(&done), count);
}

/* Its transaction ends a moment behind the effect. */
static void assert_gone(void)
{
	lote_wait(&m, 0, "SELECT count(*) FROM tarea");
}

/* ---- tests ---- */

struct making {
	struct chore chore;
	int64_t when;
	atomic_bool made;
};

static enum err make(struct writer_group *g, void *ctx)
{
	struct making *k = ctx;
	struct in_tarea_poner in = {.clase = "apunta", .clave = "propia", .vence = k->when};

	novedades_tarea(&g->news, k->when);
	return q_tarea_poner(g->store, &in, NULL, NULL);
}

static void make_there(struct chore *c, struct writer_group *g)
{
	struct making *k = (struct making *)(void *)c;

	if (writer_group_transact(g, k->when, 0, make, k) == OK)
		atomic_store(&k->made, true);
}

/* A job of this server's own writer: exactly at its instant, without waiting for any news. */
static void test_own_job(void **state)
{
	struct making k = {.chore.run = make_there, .when = system_now() + 400};

	(void)state;
	atomic_store(&deaf, true);
	pause_ms(50);
	writer_chore(writer, &k.chore);
	wait_done(1, 3000);
	atomic_store(&deaf, false);
	assert_true(atomic_load(&k.made));
	assert_in_range(done_at, k.when, k.when + 400);
	assert_gone();
}

/* Another process: what it makes is heard of. */
static void test_job_of_another(void **state)
{
	int64_t when = system_now() + 1500;
	struct novedades news = {0};

	(void)state;
	pause_ms(50);
	novedades_tarea(&news, when);
	assert_int_equal(store_begin(m.hand), OK);
	lote_put(&m, "apunta", "ajena", when);
	assert_int_equal(store_tell(m.hand, &news), OK);
	assert_int_equal(store_commit(m.hand), OK);
	wait_done(1, 4000);
	assert_in_range(done_at, when, when + 400);
	assert_gone();
}

/* An earlier one is not kept waiting by a later one. */
static void test_earlier(void **state)
{
	int64_t when = system_now() + 300;

	(void)state;
	lote_put(&m, "apunta", "lejana", when + 3600000);
	tareas_wake(t, when + 3600000);
	pause_ms(50);
	lote_put(&m, "apunta", "cercana", when);
	tareas_wake(t, when);
	wait_done(1, 3000);
	assert_in_range(done_at, when, when + 400);
	lote_wait(&m, 1, "SELECT count(*) FROM tarea");
}

/* What was due when it started, however much of it. */
static void test_backlog(void **state)
{
	enum { N = 130 };

	end(state);
	assert_int_equal(store_begin(m.hand), OK);
	for (int i = 0; i < N; i++) {
		char key[24];

		snprintf(key, sizeof(key), "rezago%d", i);
		lote_put(&m, "apunta", key, system_now() - 1000 - i);
	}
	assert_int_equal(store_commit(m.hand), OK);
	atomic_store(&deaf, true);
	begin(state);
	wait_done(N, 4000);
	atomic_store(&deaf, false);
	assert_gone();
	assert_int_equal(lote_number(&m, "SELECT count(DISTINCT ruta) FROM acceso WHERE ruta LIKE "
					 "'rezago%%'"),
		N);
}

/* Nothing is asked while nothing is due; and what wakes it in vain costs one query. */
static void test_idle_costs_nothing(void **state)
{
	(void)state;
	lote_put(&m, "apunta", "lejana", system_now() + 3600000);
	pause_ms(1500); /* the start, and the news of that */
	atomic_store(&statements, 0);
	pause_ms(3000);
	assert_int_equal(atomic_load(&statements), 0);
	tareas_wake(t, system_now());
	pause_ms(300);
	assert_int_equal(atomic_load(&statements), 1);
	/* One that is not due yet costs nothing until then. */
	tareas_wake(t, system_now() + 500);
	pause_ms(300);
	assert_int_equal(atomic_load(&statements), 1);
	pause_ms(400);
	assert_int_equal(atomic_load(&statements), 2);
	assert_int_equal(atomic_load(&done), 0);
}

/* Ending waits for the batch at hand, and begins no other. */
static void test_end_in_a_batch(void **state)
{
	assert_int_equal(store_begin(m.hand), OK);
	for (int i = 0; i < 60; i++) {
		char key[24];

		snprintf(key, sizeof(key), "fin%d", i);
		lote_put(&m, "apunta", key, system_now() - 1000);
	}
	assert_int_equal(store_commit(m.hand), OK);
	atomic_store(&slow_ms, 10);
	tareas_wake(t, system_now());
	while (atomic_load(&done) < 3)
		pause_ms(1);
	struct tareas *was = t;

	tareas_stop(t);
	atomic_store(&slow_ms, 0);
	assert_int_equal(
		lote_number(&m, "SELECT count(*) FROM acceso WHERE ruta LIKE 'fin%%'"), 20);
	assert_int_equal(lote_number(&m, "SELECT count(*) FROM tarea"), 40);
	assert_ptr_equal(was, t);
	/* Ended it can be told of jobs all the same. */
	tareas_wake(t, 0);
	pause_ms(100);
	assert_int_equal(lote_number(&m, "SELECT count(*) FROM tarea"), 40);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_own_job, begin, end),
		cmocka_unit_test_setup_teardown(test_job_of_another, begin, end),
		cmocka_unit_test_setup_teardown(test_earlier, begin, end),
		cmocka_unit_test_setup_teardown(test_backlog, begin, end),
		cmocka_unit_test_setup_teardown(test_idle_costs_nothing, begin, end),
		cmocka_unit_test_setup_teardown(test_end_in_a_batch, begin, end),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
