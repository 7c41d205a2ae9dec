/* L-4.1: a Buzón belongs to an RFC; what is one and what is not. */
#include "tests/help/cm.h"
#include "crypto/rfc.h"

static void test_kinds(void **state)
{
	static const struct {
		const char *rfc;
		enum rfc_kind kind;
	} cases[] = {
		{"PEÑJ800101AB1", RFC_FISICA},
		{"FÑ&010203AB1", RFC_MORAL},
		{"ÑÑÑÑ010203ABA", RFC_FISICA},
		{"&&&010203000", RFC_MORAL},
		{"XAXX010101000", RFC_FISICA},
		{"ABC000229AB1", RFC_MORAL}, /* 2000 had a 29 February */
		{"ABC960229AB1", RFC_MORAL},
		{"ABC970229AB1", RFC_NONE},
		{"ABC010431AB1", RFC_NONE},
		{"ABC011301AB1", RFC_NONE},
		{"ABC010001AB1", RFC_NONE},
		{"ABC010100AB1", RFC_NONE},
		{"ABC010203AB", RFC_NONE},
		{"ABCDE010203AB1", RFC_NONE},
		{"ABC010203ABB", RFC_NONE}, /* the last one is a digit or A */
		{"AB1010203AB1", RFC_NONE},
		{"abc010203ab1", RFC_NONE},
		{"AÁC010203AB1", RFC_NONE},
		{"ABC010203Ñ01", RFC_NONE},
		{"ABC 010203AB1", RFC_NONE},
		{"PE\xD1J800101AB1", RFC_NONE}, /* Latin-1 is not UTF-8 */
		{"", RFC_NONE},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		if (rfc_kind(cases[i].rfc) != cases[i].kind)
			fail_msg("%s", cases[i].rfc);
}

static void test_check_digit(void **state)
{
	(void)state;
	/* Published by SAT: its own RFC, the generic ones fail, a física's, and the test RFCs. */
	assert_true(rfc_check_digit_ok("SAT970701NN3"));
	assert_true(rfc_check_digit_ok("GODE561231GR8"));
	assert_true(rfc_check_digit_ok("IMS421231I45"));
	assert_false(rfc_check_digit_ok("SAT970701NN4"));
	assert_false(rfc_check_digit_ok("GODE561231GR9"));
	assert_false(rfc_check_digit_ok("no es"));
	/* A wrong digit is still an RFC: this only warns. */
	assert_int_equal(rfc_kind("SAT970701NN4"), RFC_MORAL);
}

static void test_normalize(void **state)
{
	ARENA(a, 4096);
	const char *rfc = NULL;

	(void)state;
	assert_int_equal(rfc_normalize(&a, " peñj-800101-ab1 ", &rfc), OK);
	assert_string_equal(rfc, "PEÑJ800101AB1");
	assert_int_equal(rfc_normalize(&a, "pen\xCC\x83j800101ab1", &rfc), OK);
	assert_string_equal(rfc, "PEÑJ800101AB1");
	assert_int_equal(rfc_normalize(&a, "fñ& 010203 ab1", &rfc), OK);
	assert_string_equal(rfc, "FÑ&010203AB1");

	const char *untouched = rfc;

	assert_int_equal(rfc_normalize(&a, "", &rfc), ERR_BAD_RFC);
	assert_int_equal(rfc_normalize(&a, "\xCC\x83", &rfc), ERR_BAD_RFC);
	assert_int_equal(rfc_normalize(&a, "PEÑJ800101AB1X", &rfc), ERR_BAD_RFC);
	assert_int_equal(rfc_normalize(&a, "ÑÑÑÑÑÑÑÑÑÑÑÑÑÑÑÑÑÑÑÑÑÑÑÑÑÑÑÑ", &rfc), ERR_BAD_RFC);
	assert_int_equal(rfc_normalize(&a, "PE\xD1J800101AB1", &rfc), ERR_BAD_RFC);
	assert_ptr_equal(rfc, untouched);
}

static void test_escape(void **state)
{
	ARENA(a, 4096);

	(void)state;
	assert_string_equal(rfc_escape(&a, "FÑ&010203AB1"), "F%C3%91%26010203AB1");
	assert_string_equal(rfc_escape(&a, "ABC010203AB1"), "ABC010203AB1");
	assert_string_equal(rfc_escape(&a, "../x"), "%2E%2E%2Fx");
	assert_string_equal(rfc_escape(&a, ""), "");
}

static void test_no_room(void **state)
{
	ARENA(a, 8);
	const char *rfc = NULL;

	(void)state;
	assert_int_equal(rfc_normalize(&a, "PEÑJ800101AB1", &rfc), ERR_NO_MEMORY);
	assert_null(rfc_escape(&a, "FÑ&010203AB1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_check_digit),
		cmocka_unit_test(test_normalize),
		cmocka_unit_test(test_escape),
		cmocka_unit_test(test_no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
