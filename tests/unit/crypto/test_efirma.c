/* L-4.2, L-4.1: the pair in the hand is somebody's e.firma, in force, and that RFC's. */
#include "tests/help/cm.h"
#include "crypto/efirma.h"
#include "tests/help/pki.h"

#define ROOM (4 * 1024 * 1024)

static enum err open_pair(
	const char *cer, const char *key, const char *pass, const char *rfc, int64_t at)
{
	ARENA(a, ROOM);
	SECRET(password);
	AUTO(efirma) f = NULL;

	pki_password(pass, &password);

	enum err e = efirma_open(pki_read(&a, cer), pki_read(&a, key), &password, rfc, at, &f);

	assert_true((e == OK) == (f != NULL));
	return e;
}

static enum err open_named(const char *name, const char *rfc)
{
	ARENA(a, 4096);
	const char *cer = arena_printf(&a, "%s.cer", name);
	const char *key = arena_printf(&a, "%s.key", name);

	return open_pair(cer, key, name, rfc, pki_now());
}

static void test_good(void **state)
{
	static const char *const names[] = {"fisica", "moral", "representante", "funcionario",
		"contador", "cp1252", "pbes1", "base64", "pem"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (open_named(names[i], NULL) != OK)
			fail_msg("%s", names[i]);
	assert_int_equal(open_named("fisica", ""), OK);
	assert_int_equal(open_named("fisica", "PEÑJ800101AB1"), OK);
	assert_int_equal(open_named("fisica", "peñj-800101-ab1"), OK);
	assert_int_equal(open_named("moral", "FÑ&010203AB1"), OK);
}

/* Whole and exact, and the holder only: the representative's RFC doesn't open the moral's. */
static void test_rfc_of_another(void **state)
{
	(void)state;
	assert_int_equal(open_named("moral", "NULM750615MN7"), ERR_RFC_MISMATCH);
	assert_int_equal(open_named("fisica", "PEÑJ800101AB2"), ERR_RFC_MISMATCH);
	assert_int_equal(open_named("fisica", "PEÑJ800101AB"), ERR_RFC_MISMATCH);
	assert_int_equal(open_named("fisica", "EÑJ800101AB1"), ERR_RFC_MISMATCH);
	assert_int_equal(open_named("fisica", "x"), ERR_RFC_MISMATCH);
	assert_int_equal(open_named("fisica", "PENJ800101AB1"), ERR_RFC_MISMATCH);
}

static void test_mistakes(void **state)
{
	int64_t now = pki_now();

	(void)state;
	assert_int_equal(open_named("csd", NULL), ERR_CSD);
	assert_int_equal(open_named("vencida", NULL), ERR_CERT_EXPIRED);
	assert_int_equal(open_named("futura", NULL), ERR_CERT_NOT_YET);
	assert_int_equal(open_named("debil", NULL), ERR_WEAK_KEY);
	assert_int_equal(open_named("llave_ajena", NULL), ERR_KEY_MISMATCH);
	assert_int_equal(open_named("truncada", NULL), ERR_BAD_CERT);
	assert_int_equal(open_pair("fisica.cer", "truncada.key", "fisica", NULL, now), ERR_BAD_KEY);
	assert_int_equal(
		open_pair("fisica.cer", "fisica.key", "moral", NULL, now), ERR_WRONG_PASSWORD);
	assert_int_equal(
		open_pair("fisica.key", "fisica.cer", "fisica", NULL, now), ERR_SWAPPED_KEY);
	assert_int_equal(
		open_pair("fisica.cer", "fisica.cer", "fisica", NULL, now), ERR_SWAPPED_CERT);
	assert_int_equal(open_pair("fisica.pfx", "fisica.key", "fisica", NULL, now), ERR_PFX);
	assert_int_equal(open_pair("fisica.cer", "fisica.pfx", "fisica", NULL, now), ERR_PFX);
	assert_int_equal(open_pair("ca.pem", "fisica.key", "fisica", NULL, now), ERR_NOT_EFIRMA);
}

/* Mistakes are told in the order in which a person can mend them. */
static void test_order(void **state)
{
	int64_t now = pki_now();

	(void)state;
	/* A CSD before its password; the password before the dates; the dates before the RFC. */
	assert_int_equal(open_pair("csd.cer", "csd.key", "moral", "x", now), ERR_CSD);
	assert_int_equal(
		open_pair("vencida.cer", "vencida.key", "moral", "x", now), ERR_WRONG_PASSWORD);
	assert_int_equal(
		open_pair("vencida.cer", "fisica.key", "fisica", "x", now), ERR_KEY_MISMATCH);
	assert_int_equal(
		open_pair("vencida.cer", "vencida.key", "vencida", "x", now), ERR_CERT_EXPIRED);
	/* At its own time the expired one was good. */
	assert_int_equal(open_pair("vencida.cer", "vencida.key", "vencida", "PEÑJ800101AB1",
				 INT64_C(1640995200000)),
		OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_rfc_of_another),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
