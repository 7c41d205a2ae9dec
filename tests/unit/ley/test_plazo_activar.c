/* L-T1: until when a Buzón had to be enabled. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ley/plazo_activar.h"
#include "tests/help/dia.h"

#define MB (1 << 20)

static int setup(void **state)
{
	(void)state;
	return zona_setup();
}

/* L-T1: the last day falls on a weekend and the first Monday of February: Tuesday the 4th. */
static void test_prorogued(void **state)
{
	ARENA(a, MB);
	struct calendario c = bare_calendar(&a);
	int64_t last = zc("2025-02-04 23:59:59.999");

	(void)state;
	assert_int_equal(plazo_activar(&c, 0), last);
	assert_int_equal(plazo_activar(&c, zc("1998-03-02 00:00")), last);
	assert_int_equal(plazo_activar(&c, zc("1961-03-02 00:00")), last);
	assert_int_equal(plazo_activar(&c, zc("2024-08-05 23:59:59.999")), last);
	/* Created later: no term at all, never overdue. */
	assert_int_equal(plazo_activar(&c, zc("2024-08-06 00:00")), 0);
	assert_int_equal(plazo_activar(&c, zc("2026-01-01 00:00")), 0);
}

/* The published calendar decides: a declared day moves it on; one without 2025 moves nothing. */
static void test_calendar(void **state)
{
	ARENA(a, MB);
	const struct inhabil extra = {.dia = dia("2025-02-04"), .motivo = "PRUEBA"};
	struct calendario declared;
	struct calendario later;

	(void)state;
	assert_int_equal(calendario_make(&a, 2024, 2026, &extra, 1, &declared), OK);
	assert_int_equal(plazo_activar(&declared, 0), zc("2025-02-05 23:59:59.999"));
	assert_int_equal(calendario_make(&a, 2028, 2030, NULL, 0, &later), OK);
	assert_int_equal(plazo_activar(&later, 0), zc("2025-02-04 23:59:59.999"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prorogued),
		cmocka_unit_test(test_calendar),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
