/*
 * A batch, an errand and what comes of it with the n-th allocation failing, for every n: each
 * effect is there or its job is, never both, never neither.
 */
#include <stdio.h>
#include <time.h>
#include "base/db_mem.h"
#include "base/mem.h"
#include "base/secret.h"
#include "tests/help/cm.h"
#include "tests/help/core_lote.h"
#include "tests/help/http.h"
#include "tests/help/ossl_mem.h"
#include "tests/help/pg.h"

#define JOBS 4

static struct mundo m;
static struct tareas *t;
static struct recados *recados;
static unsigned short port;

static enum err note(struct tarea *j)
{
	struct in_acceso_poner in = {
		.instante = j->env.now, .titular = "apunta", .firmante = "tarea", .ruta = j->clave};
	enum err e = q_acceso_poner(j->env.store, &in, j->env.arena, NULL);

	/* Something of its own, too. */
	return e == OK && arena_alloc(j->env.arena, 100000) == NULL ? ERR_NO_MEMORY : e;
}

static enum err pide(struct tarea *j, struct http_out_request *ret)
{
	char *url = arena_printf(j->env.arena, "http://127.0.0.1:%u/", port);

	*ret = (struct http_out_request){.url = url, .timeout_ms = 3000, .limit = 4096};
	return url != NULL ? OK : ERR_NO_MEMORY;
}

/* Nobody is there, which is answer enough here. */
static enum err contestado(struct tarea *j)
{
	return j->respuesta->err == ERR_NETWORK ? note(j) : ERR_NO_MEMORY;
}

static const struct tarea_fila filas[] = {
	{.clase = "apunta", .primera_ms = 1000, .mayor_ms = 8000, .hace = note},
	{.clase = "recado", .primera_ms = 1000, .mayor_ms = 8000, .hace = contestado, .pide = pide},
};

static int set_up(void **state)
{
	(void)state;
	mundo_open(&m);
	assert_int_equal(http_out_setup(), OK);
	assert_int_equal(recados_start(100, &recados), OK);
	assert_int_equal(writer_start(m.writer), OK);
	struct tareas_config c = {.server = &m.server,
		.writer = m.writer,
		.recados = recados,
		.filas = filas,
		.filas_count = COUNT_OF(filas)};

	port = http_dead_port();
	return tareas_open(&c, &t) == OK ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	recados_stop(recados);
	mundo_close(&m);
	tareas_free(t);
	return 0;
}

/* A batch by the writer's thread, which may fail; until all that it began is home. */
struct turn {
	struct chore chore;
	int64_t now;
	_Atomic int done;
};

static void take_turn(struct chore *c, struct writer_group *g)
{
	struct turn *turn = (struct turn *)(void *)c;
	size_t count;
	enum err e = tareas_run(t, g, turn->now, &count);

	if (e != OK && e != ERR_NO_MEMORY && e != ERR_STORE)
		fail_msg("%s", err_wire(e));
	turn->done = 1;
}

static void run(int64_t now)
{
	struct turn turn = {.chore.run = take_turn, .now = now};

	writer_chore(m.writer, &turn.chore);
	while (!turn.done || tareas_errands(t) != 0)
		nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
}

/* Jobs, effects of different jobs, effects, and those whose job is still there: a digit each. */
static int64_t picture(void)
{
	return lote_number(&m,
		"SELECT 1000 * (SELECT count(*) FROM tarea) + 100 * (SELECT count(DISTINCT ruta) "
		"FROM acceso) + 10 * (SELECT count(*) FROM acceso) + (SELECT count(*) FROM acceso "
		"JOIN tarea ON clave = ruta)");
}

/* True when the n-th allocation was never asked for. */
static bool fail_at(const char *clase, long n)
{
	char key[16];

	lote_do(&m, "DELETE FROM acceso");
	for (int i = 0; i < JOBS; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		lote_put(&m, clase, key, m.now);
	}
	mem_fail_at(n);
	run(m.now);
	bool over = mem_count() < n;

	mem_fail_at(0);
	int64_t seen = picture();

	/* As many jobs as are not there as an effect. */
	if (seen % 10 != 0 || seen / 1000 + seen / 100 % 10 != JOBS ||
		seen / 100 % 10 != seen / 10 % 10)
		fail_msg("allocation %ld: %04d", n, (int)seen);
	/* What is left is done later. */
	for (int64_t now = m.now; seen >= 1000; now += 61000) {
		run(now);
		seen = picture();
	}
	assert_int_equal(seen, JOBS * 110);
	return over;
}

static void fail_everywhere(const char *clase, long least)
{
	long n = 1;

	while (!fail_at(clase, n))
		n++;
	assert_true(n > least);
}

static void test_store(void **state)
{
	(void)state;
	fail_everywhere("apunta", 3); /* libpq has a heap of its own */
}

static void test_errand(void **state)
{
	(void)state;
	if (pg_wanted()) /* the same allocations, at some psql for each of them */
		skip();
	fail_everywhere("recado", 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_store),
		cmocka_unit_test(test_errand),
	};
	struct secret_status status;

	ossl_mem_hook();
	if (db_setup() != OK || secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
