/*
 * What the server does by itself: an act that was received while nobody could be asked is settled
 * once somebody can, whatever died meanwhile; what an operator resumes is done at once; an end in
 * the middle of an errand is an orderly one. wire.md, Evidence; L-4.2
 */
#include "tests/help/cm.h"
#include <signal.h>
#include <string.h>
#include <time.h>
#include "base/clock.h"
#include "tests/help/alto.h"
#include "tests/help/e2e.h"
#include "tests/help/pki.h"

#define ROOM (32 * 1024 * 1024)
#define PENDING "SELECT count(*) FROM comprobacion WHERE resultado IS NULL"
#define JOBS "SELECT count(*) FROM tarea WHERE clase = 'revocacion'"

static struct e2e world;

static int open_world(void **state)
{
	(void)state;
	e2e_open(&world);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	e2e_close(&world);
	return 0;
}

static void wait_number(int64_t number, const char *sql, int seconds)
{
	int64_t until = clock_monotonic() + seconds * 1000;

	while (e2e_number(&world, sql) != number) {
		if (clock_monotonic() > until)
			fail_msg("%s: %lld, not %lld", sql, (long long)e2e_number(&world, sql),
				(long long)number);
		nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
	}
}

static void test_settled_by_itself(void **state)
{
	ARENA(a, ROOM);
	const char *folio = e2e_notificar(&world, E2E_FISICA);

	(void)state;
	e2e_ocsp_stop(&world);
	struct e2e_run r = E2E_RUN(&world, &a, "buzon-tui", "abrir", folio, "--si", "--json");

	/* The responder's downtime costs the person nothing. */
	assert_int_equal(r.code, 0);
	assert_string_equal(e2e_text(&world, &a,
				    "SELECT revocacion FROM acto WHERE ruta = "
				    "'notificacion_abrir'"),
		"por comprobar");
	int64_t pending = e2e_number(&world, PENDING);

	assert_true(pending > 0);
	assert_int_equal(e2e_number(&world, JOBS), 1);
	r = E2E_RUN(&world, &a, "buzond", "tareas", "--config", "buzond.ini");
	assert_int_equal(r.code, 0);
	assert_non_null(strstr(r.out, "revocacion: Comprueba la revocación"));
	/* The server dies with it. */
	assert_int_equal(e2e_server_stop(&world, SIGKILL), 128 + SIGKILL);
	assert_int_equal(e2e_number(&world, PENDING), pending);
	e2e_server_start(&world);
	e2e_ocsp_start(&world);
	wait_number(0, PENDING, 90);
	assert_int_equal(e2e_number(&world, "SELECT count(*) FROM comprobacion WHERE resultado = "
					    "'comprobada' AND instante >= recibido AND ocsp IS NOT "
					    "NULL"),
		pending);
	assert_int_equal(e2e_number(&world, JOBS), 0);
	/* And whoever proves all of it again agrees. */
	r = E2E_RUN(&world, &a, "buzond", "verificar-almacen", "--config", "buzond.ini");
	if (r.code != 0)
		fail_msg("%s%s", r.out, r.err);
}

/* Given up; a running server hears that it is due again. */
static void test_resumed(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	e2e_number(&world, "INSERT INTO tarea (clase, clave, intentos, fallo) VALUES ('lectura', "
			   "'nadie', 3, 'sin-conexion')");
	struct e2e_run r = E2E_RUN(&world, &a, "buzond", "tareas", "--reanudar", "--clase",
		"lectura", "--clave", "nadie", "--config", "buzond.ini");

	assert_int_equal(r.code, 0);
	wait_number(0, "SELECT count(*) FROM tarea WHERE clave = 'nadie'", 5);
}

/* SIGTERM while a responder hangs: the job is given back, and nothing is waited for. */
static void test_end_on_an_errand(void **state)
{
	(void)state;
	assert_int_equal(e2e_server_stop(&world, SIGTERM), 0);
	assert_true(world.ocsp > 1);
	assert_true(alto(world.ocsp));
	e2e_number(&world, "INSERT INTO tarea (clase, clave, vence) SELECT 'revocacion', huella, 1 "
			   "FROM certificado");
	int64_t jobs = e2e_number(&world, JOBS);

	assert_true(jobs > 0);
	e2e_server_start(&world);
	wait_number(jobs, JOBS " AND turno = 1", 5);
	int64_t from = clock_monotonic();

	assert_int_equal(e2e_server_stop(&world, SIGTERM), 0);
	assert_in_range(clock_monotonic() - from, 0, 2500);
	/* Ours no more, and no failure. */
	assert_int_equal(e2e_number(&world, JOBS " AND intentos = 0 AND fallo IS NULL AND vence > "
						 "1"),
		jobs);
	assert_true(e2e_number(&world, "SELECT max(vence) FROM tarea WHERE clase = 'revocacion'") <=
		    pki_now());
	assert_int_equal(kill(world.ocsp, SIGCONT), 0);
	e2e_server_start(&world);
	wait_number(0, JOBS, 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_settled_by_itself),
		cmocka_unit_test(test_resumed),
		cmocka_unit_test(test_end_on_an_errand),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
