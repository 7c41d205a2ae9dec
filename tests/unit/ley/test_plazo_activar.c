/* L-T1: the 180 days, their prorogation by CFF 12, and when one is reminded. L-5.4 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ley/plazo_activar.h"
#include "tests/help/dia.h"

static int setup(void **state)
{
	(void)state;
	return zona_setup();
}

/* 1 February 2025 is a Saturday, Monday the 3rd is inhábil. */
static void test_last_day(void **state)
{
	ARENA(a, 1 << 20);
	struct calendario c = bare_calendar(&a);
	int64_t end = zc("2025-02-04 23:59:59.999");

	(void)state;
	assert_int_equal(plazo_activar(&c, zc("1999-05-05 10:00")), end);
	assert_int_equal(plazo_activar(&c, zc("2024-08-05 23:59:59.999")), end);
	assert_int_equal(plazo_activar(&c, zc("2024-08-06 00:00")), end);
	assert_int_equal(plazo_activar(&c, zc("2024-08-06 23:59:59.999")), end);
	assert_int_equal(plazo_activar(&c, zc("2024-08-07 00:00")), 0);
	assert_int_equal(plazo_activar(&c, zc("2026-01-02 10:00")), 0);
	assert_int_equal(plazo_activar(&c, 0), 0);
	assert_int_equal(plazo_activar_vigor(), zc("2024-08-06 00:00"));
}

/* A day that the Institute declares inhábil moves it on. */
static void test_declared_day(void **state)
{
	ARENA(a, 1 << 20);
	const struct inhabil extra = {.dia = dia("2025-02-04"), .motivo = "Acuerdo de prueba"};
	struct calendario c;

	(void)state;
	assert_int_equal(calendario_make(&a, 2024, 2030, &extra, 1, &c), OK);
	assert_int_equal(plazo_activar(&c, zc("2010-01-01 10:00")), zc("2025-02-05 23:59:59.999"));
}

/* A server whose calendar begins later tells the same day. */
static void test_beyond_the_calendar(void **state)
{
	ARENA(a, 1 << 20);
	struct calendario c;

	(void)state;
	assert_int_equal(calendario_make(&a, 2026, 2030, NULL, 0, &c), OK);
	assert_int_equal(plazo_activar(&c, zc("2010-01-01 10:00")), zc("2025-02-04 23:59:59.999"));
}

static void test_reminders(void **state)
{
	int64_t end = zc("2025-02-04 23:59:59.999");

	(void)state;
	assert_int_equal(plazo_activar_aviso(end, zc("2024-08-10 12:00")), zc("2025-01-05 10:00"));
	assert_int_equal(
		plazo_activar_aviso(end, zc("2025-01-05 09:59:59.999")), zc("2025-01-05 10:00"));
	assert_int_equal(plazo_activar_aviso(end, zc("2025-01-05 10:00")), zc("2025-01-28 10:00"));
	assert_int_equal(plazo_activar_aviso(end, zc("2025-01-28 10:00")), zc("2025-02-03 10:00"));
	assert_int_equal(plazo_activar_aviso(end, zc("2025-02-03 10:00")), 0);
	assert_int_equal(plazo_activar_dias(end, zc("2025-01-05 10:00")), 30);
	assert_int_equal(plazo_activar_dias(end, zc("2025-02-03 23:59:59.999")), 1);
	assert_int_equal(plazo_activar_dias(end, end), 0);
	assert_int_equal(plazo_activar_dias(end, end + 1), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_last_day),
		cmocka_unit_test(test_declared_day),
		cmocka_unit_test(test_beyond_the_calendar),
		cmocka_unit_test(test_reminders),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
