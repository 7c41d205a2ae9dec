/*
 * A server whose clock is minutes off: legal time is the database's, nobody is refused by it for
 * his own right clock, and where it is so far off that its seal refuses, the other server answers.
 * L-5.7 L-5.8 L-6.1
 */
#include "tests/help/cm.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include "tests/help/fallas.h"
#include "tests/help/reloj.h"

#define EACH 3000
#define ROOM (4 * 1024 * 1024)
#define ACTS (12 * CARGA_PERSONAS)

static struct fallas f;

static int open_world(void **state)
{
	(void)state;
	fallas_open(&f, false);
	fallas_serve(&f, EACH);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	fallas_close(&f);
	return 0;
}

/* The first server again, on a machine whose clock is so far off. */
static void start_off(int seconds)
{
	reloj_off(seconds * INT64_C(1000));
	assert_int_equal(e2e_servidor_stop(&f.servers[0], SIGTERM), 0);
	f.servers[0].setup = reloj_words();
	e2e_servidor_start(&f.world, &f.servers[0]);
}

/* Its log says by how much. */
static void must_know_it(int seconds)
{
	ARENA(a, ROOM);
	const char *log = e2e_servidor_log(&f.world, &a, &f.servers[0]);
	const char *at = strstr(log, "this machine's clock is ");

	if (at == NULL)
		fail_msg("it does not say that its clock is off: %s", log);
	assert_in_range(
		atol(at + strlen("this machine's clock is ")) - seconds * 1000L + 2000, 0, 4000);
}

/* Signed by a right clock, and read there. */
static void must_read(const struct carga_cliente *k)
{
	ARENA(a, ROOM);
	struct m_sincronizar m = {0};
	struct carga_persona p = k->persona;
	struct carga_acto act;
	struct carga_respuesta r;

	assert_int_equal(carga_firmar(&a, &p, ROUTE_ID_sincronizar, &m, &act), OK);
	carga_enviar(&p, &a, f.servers[0].port, &act, 10000, &r);
	if (r.err != OK || r.status != 200)
		fail_msg("a read: %s %d %.*s", err_wire(r.err), r.status, (int)r.body.size,
			(const char *)r.body.data);
}

static size_t load_with(int seconds)
{
	char what[60];

	start_off(seconds);
	must_know_it(seconds);
	must_read(&f.carga.clientes[0]);
	size_t before = carga_answered_by(&f.carga, f.servers[0].port);

	carga_start(&f.carga, 0);
	carga_wait(&f.carga, ACTS, 30000);
	carga_stop(&f.carga);
	snprintf(what, sizeof(what), "a clock %d s off", seconds);
	/* carga_probar has held each acuse against the time that it was sent and answered. */
	carga_check(&f.carga, what);
	return carga_answered_by(&f.carga, f.servers[0].port) - before;
}

static void test_three_minutes_fast(void **state)
{
	(void)state;
	assert_in_range(load_with(180), CARGA_PERSONAS, SIZE_MAX);
}

static void test_three_minutes_slow(void **state)
{
	(void)state;
	assert_in_range(load_with(-180), CARGA_PERSONAS, SIZE_MAX);
}

/* Past five minutes its seal refuses: whoever came to it has its acuse from the other. */
static void test_eight_minutes_fast(void **state)
{
	size_t again = carga_again(&f.carga);

	(void)state;
	assert_int_equal(load_with(480), 0);
	assert_in_range(carga_again(&f.carga), again + 1, SIZE_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_three_minutes_fast),
		cmocka_unit_test(test_three_minutes_slow),
		cmocka_unit_test(test_eight_minutes_fast),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
