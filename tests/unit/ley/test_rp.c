/* how a Registro Patronal is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "ley/rp.h"

static void test_forms(void **state)
{
	static const char *const good[] = {"A0123456107", "a01-23456-10-7", " A01 23456 10 7 ",
		("A01\xe2\x80\x93"
		 "23456\xe2\x80\x93"
		 "10\xe2\x80\x93"
		 "7"),
		("A01\xc2\xa0"
		 "23456107")};
	static const char *const bad[] = {"", "A012345610", "A01234561077", "AB123456107",
		"Ñ0123456107", "A01.23456.10", "A0123456107\n", "----------- "};
	ARENA(a, 4096);
	const char *rp = NULL;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		assert_int_equal(rp_normalize(&a, good[i], &rp), OK);
		assert_string_equal(rp, "A0123456107");
	}
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_int_equal(rp_normalize(&a, bad[i], &rp), ERR_BAD_FIELD);
	assert_int_equal(rp_normalize(&a, "05123456103", &rp), OK);
	assert_string_equal(rp_text(&a, "A0123456107"), "A01-23456-10-7");
}

/* Exactly one of the ten digits fits, and no two neighbours can be swapped unseen (but 0 and 9). */
static void test_check_digit(void **state)
{
	char rp[] = "A0123456100";
	int fits = 0;

	(void)state;
	assert_true(rp_check_digit_ok("A0123456103"));
	assert_true(rp_check_digit_ok("B1234567100"));
	assert_false(rp_check_digit_ok("B1234567103"));
	for (rp[10] = '0'; rp[10] <= '9'; rp[10]++)
		fits += rp_check_digit_ok(rp) ? 1 : 0;
	assert_int_equal(fits, 1);
	assert_false(rp_check_digit_ok("A0132456103"));
	assert_false(rp_check_digit_ok("A012345610"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_check_digit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
