/*
 * The server as its operator sees it: it starts, waits, and stops as told; a new aviso reaches a
 * client that waits for it. L-7.3
 */
#include "tests/help/cm.h"
#include <signal.h>
#include "base/clock.h"
#include "tests/help/e2e.h"
#include "tests/help/vt.h"

#define ROOM (16 * 1024 * 1024)

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

/* The screen, entered; its long poll is under way. */
static struct vt *enter(void)
{
	struct vt *vt = e2e_screen(&world, "fisica", 24, 80);

	e2e_focus(vt, "Validar");
	e2e_type(vt, "\r", "Notificaciones:");
	return vt;
}

/* What another process notifies is on the screen within seconds, without a key. */
static void test_new_aviso_arrives(void **state)
{
	struct vt *vt = enter();

	(void)state;
	assert_true(vt_contains(vt, "0 en total"));
	e2e_notificar(&world, E2E_FISICA);
	int64_t start = clock_monotonic();

	if (!vt_wait_text(vt, "1 por abrir, 1 en total", VT_MS))
		fail_msg("after %lld ms:\n%s", (long long)(clock_monotonic() - start),
			vt_screen(vt));
	assert_true(vt_send(vt, "q"));
	assert_int_equal(vt_close(vt), 0);
}

/* SIGTERM with a client that waits: it is answered, and the end is an orderly one. */
static void test_stops_while_a_client_waits(void **state)
{
	struct vt *vt = enter();

	(void)state;
	/* The wait has begun once the first synchronisation is in. */
	assert_true(vt_wait_text(vt, "Sincronizado", VT_MS));
	int64_t start = clock_monotonic();

	assert_int_equal(e2e_server_stop(&world, SIGTERM), 0);
	assert_in_range(clock_monotonic() - start, 0, 2000);
	/* The client stays, with its list. */
	assert_true(vt_wait_text(vt, "1 en total", VT_MS));
	e2e_server_start(&world);
	assert_true(vt_send(vt, "q"));
	assert_int_equal(vt_close(vt), 0);
}

/* Many that wait are all awake in the instant in which the server closes its door. */
static void test_stops_while_many_wait(void **state)
{
	enum { ROUNDS = 4, CLIENTS = 4 };

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		struct vt *vt[CLIENTS];

		for (int k = 0; k < CLIENTS; k++)
			vt[k] = enter();
		assert_int_equal(e2e_server_stop(&world, SIGTERM), 0);
		e2e_server_start(&world);
		for (int k = 0; k < CLIENTS; k++) {
			assert_true(vt_send(vt[k], "q"));
			assert_int_equal(vt_close(vt[k]), 0);
		}
	}
}

static void test_stops_when_idle(void **state)
{
	(void)state;
	int64_t start = clock_monotonic();

	assert_int_equal(e2e_server_stop(&world, SIGINT), 0);
	assert_in_range(clock_monotonic() - start, 0, 2000);
	e2e_server_start(&world);
}

/* Two servers on one port: the second says so and ends. */
static void test_port_taken(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	struct e2e_run r = E2E_RUN(&world, &a, "buzond", "servir", "--config", "buzond.ini");

	assert_in_range(r.code, 64, 78);
	assert_string_equal(r.out, "");
	assert_true(r.err[0] != '\0');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new_aviso_arrives),
		cmocka_unit_test(test_stops_while_a_client_waits),
		cmocka_unit_test(test_stops_while_many_wait),
		cmocka_unit_test(test_stops_when_idle),
		cmocka_unit_test(test_port_taken),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
