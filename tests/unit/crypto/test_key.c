/* L-4.2: the private key in all the forms people have it, opened where they hold it. */
#include "tests/help/cm.h"
#include "crypto/key.h"
#include <stdio.h>
#include "base/clock.h"
#include "tests/help/pki.h"

#define ROOM (4 * 1024 * 1024)

static enum err load(const char *file, const char *password, struct key **ret)
{
	ARENA(a, ROOM);
	SECRET(typed);

	assert_int_equal(secret_set(&typed, password, strlen(password)), OK);
	return key_load(pki_read(&a, file), &typed, ret);
}

static enum err load_err(const char *file, const char *password)
{
	AUTO(key) k = NULL;
	enum err e = load(file, password, &k);

	assert_true((e == OK) == (k != NULL));
	return e;
}

/* Each form opens and is the key of that certificate. */
static void test_forms(void **state)
{
	static const struct {
		const char *file;
		const char *password;
	} cases[] = {
		{"fisica.key", "prueba-fisica-1"},
		{"pbes1.key", "prueba-fisica-1"},
		{"pem.key", "prueba-fisica-1"},
		{"base64.key", "prueba-fisica-1"},
		{"pem_viejo.key", "prueba-fisica-1"},
		{"pkcs1.key", ""},
		{"llana.key", ""},
		{"pkcs1.key", "sobra"},
		{"cp1252.key", "contraseña-1"},
	};
	ARENA(a, ROOM);
	struct cert c;

	(void)state;
	assert_int_equal(cert_read(&a, pki_read(&a, "fisica.cer"), &c), OK);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		AUTO(key) k = NULL;

		if (load(cases[i].file, cases[i].password, &k) != OK)
			fail_msg("%s", cases[i].file);
		assert_int_equal(key_matches(k, &c), OK);
		assert_string_equal(key_alg(k), "rsa-v1_5-sha256");
	}
}

/* Without a password struct at all. */
static void test_null_password(void **state)
{
	ARENA(a, ROOM);
	AUTO(key) k = NULL;
	AUTO(key) none = NULL;

	(void)state;
	assert_int_equal(key_load(pki_read(&a, "llana.key"), NULL, &k), OK);
	assert_int_equal(key_load(pki_read(&a, "fisica.key"), NULL, &none), ERR_WRONG_PASSWORD);
}

/*
 * A wrong password is bad padding or, 1 time in 256, nonsense that has good padding: among these
 * 1500 both happen (the chance that they don't is 0.3 %; either way the answer must be one).
 */
static void test_wrong_password_is_one_error(void **state)
{
	static const char *const files[] = {"fisica.key", "pem.key", "cp1252.key"};
	char password[32];

	(void)state;
	for (size_t f = 0; f < COUNT_OF(files); f++)
		for (int i = 0; i < 500; i++) {
			snprintf(password, sizeof(password), "otra-%d", i);
			assert_int_equal(load_err(files[f], password), ERR_WRONG_PASSWORD);
		}
	assert_int_equal(load_err("pbes1.key", "otra"), ERR_WRONG_PASSWORD);
	assert_int_equal(load_err("pem_viejo.key", "otra"), ERR_WRONG_PASSWORD);
	assert_int_equal(load_err("fisica.key", ""), ERR_WRONG_PASSWORD);
	assert_int_equal(load_err("fisica.key", "prueba-fisica-1 "), ERR_WRONG_PASSWORD);
	assert_int_equal(load_err("fisica.key", "contraseña"), ERR_WRONG_PASSWORD);
	assert_int_equal(load_err("fisica.key", "密码"), ERR_WRONG_PASSWORD);
	assert_int_equal(load_err("fisica.key", "\xFF\xFE"), ERR_WRONG_PASSWORD);
}

static void test_wrong_password_pbes1(void **state)
{
	char password[32];

	(void)state;
	for (int i = 0; i < 40; i++) {
		snprintf(password, sizeof(password), "otra-%d", i);
		assert_int_equal(load_err("pbes1.key", password), ERR_WRONG_PASSWORD);
	}
}

static void test_mistakes_have_names(void **state)
{
	(void)state;
	assert_int_equal(load_err("fisica.cer", "x"), ERR_SWAPPED_CERT);
	assert_int_equal(load_err("pem.cer", "x"), ERR_SWAPPED_CERT);
	assert_int_equal(load_err("base64.cer", "x"), ERR_SWAPPED_CERT);
	assert_int_equal(load_err("truncada.cer", "x"), ERR_SWAPPED_CERT);
	assert_int_equal(load_err("fisica.pfx", "prueba-fisica-1"), ERR_PFX);
	assert_int_equal(load_err("truncada.key", "prueba-fisica-1"), ERR_BAD_KEY);
	assert_int_equal(load_err("fisica.pass", "x"), ERR_BAD_KEY);
	assert_int_equal(load_err("obra/fisica.req", "x"), ERR_BAD_KEY);
	/* An elliptic key is no e.firma. */
	assert_int_equal(load_err("tls.key", ""), ERR_BAD_KEY);
}

static void test_truncated_anywhere(void **state)
{
	static const char *const files[] = {"fisica.key", "llana.key", "pkcs1.key"};
	ARENA(a, ROOM);
	SECRET(password);

	(void)state;
	pki_password("fisica", &password);
	for (size_t f = 0; f < COUNT_OF(files); f++) {
		struct bytes whole = pki_read(&a, files[f]);

		for (size_t n = 0; n < whole.size - 40; n += 3) {
			AUTO(key) k = NULL;
			ARENA(each, ROOM);
			unsigned char *exact = arena_copy(&each, whole.data, n);

			assert_int_equal(key_load(bytes_of(exact, n), &password, &k), ERR_BAD_KEY);
		}
	}
}

/* A byte turned anywhere is refused or harmless, and never said to be another person's mistake. */
static void test_damaged_anywhere(void **state)
{
	ARENA(a, ROOM);
	SECRET(password);
	struct bytes whole = pki_read(&a, "fisica.key");
	unsigned char *copy = arena_copy(&a, whole.data, whole.size);

	(void)state;
	pki_password("fisica", &password);
	for (size_t n = 0; n < whole.size; n += 5) {
		AUTO(key) k = NULL;

		copy[n] ^= 0x11;

		enum err e = key_load(bytes_of(copy, whole.size), &password, &k);

		copy[n] ^= 0x11;
		assert_true(e == OK || e == ERR_BAD_KEY || e == ERR_WRONG_PASSWORD);
	}
}

/*
 * A file can't keep the program busy: more than two million iterations are refused at once, before
 * any of them. EncryptedPrivateKeyInfo of PBES2 with PBKDF2 and 2^31 - 1 iterations:
 */
static void test_absurd_iterations(void **state)
{
	static const unsigned char absurd[] = {0x30, 0x50, 0x30, 0x42, 0x06, 0x09, 0x2a, 0x86, 0x48,
		0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d, 0x30, 0x35, 0x30, 0x1d, 0x06, 0x09, 0x2a, 0x86,
		0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c, 0x30, 0x10, 0x04, 0x08, 1, 2, 3, 4, 5, 6,
		7, 8, 0x02, 0x04, 0x7f, 0xff, 0xff, 0xff, 0x30, 0x14, 0x06, 0x08, 0x2a, 0x86, 0x48,
		0x86, 0xf7, 0x0d, 0x03, 0x07, 0x04, 0x08, 1, 2, 3, 4, 5, 6, 7, 8, 0x04, 0x0a, 1, 2,
		3, 4, 5, 6, 7, 8, 9, 10};
	SECRET(password);
	AUTO(key) k = NULL;
	int64_t start = clock_monotonic();

	(void)state;
	assert_int_equal(secret_set(&password, "x", 1), OK);
	assert_int_equal(key_load(bytes_of(absurd, sizeof(absurd)), &password, &k), ERR_BAD_KEY);
	assert_true(clock_monotonic() - start < 500);
}

/* Ciphertext that is no whole number of blocks was cut, whatever the password. */
static void test_cut_ciphertext(void **state)
{
	static const unsigned char cut[] = {0x30, 0x4e, 0x30, 0x40, 0x06, 0x09, 0x2a, 0x86, 0x48,
		0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d, 0x30, 0x33, 0x30, 0x1b, 0x06, 0x09, 0x2a, 0x86,
		0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c, 0x30, 0x0e, 0x04, 0x08, 1, 2, 3, 4, 5, 6,
		7, 8, 0x02, 0x02, 0x08, 0x00, 0x30, 0x14, 0x06, 0x08, 0x2a, 0x86, 0x48, 0x86, 0xf7,
		0x0d, 0x03, 0x07, 0x04, 0x08, 1, 2, 3, 4, 5, 6, 7, 8, 0x04, 0x0a, 1, 2, 3, 4, 5, 6,
		7, 8, 9, 10};
	SECRET(password);
	AUTO(key) k = NULL;

	(void)state;
	assert_int_equal(secret_set(&password, "x", 1), OK);
	assert_int_equal(key_load(bytes_of(cut, sizeof(cut)), &password, &k), ERR_BAD_KEY);
}

/* What follows a key is damage; blanks are not. */
static void test_trailing(void **state)
{
	static const char *const files[] = {"fisica.key", "llana.key"};
	ARENA(a, ROOM);
	SECRET(password);

	(void)state;
	pki_password("fisica", &password);
	for (size_t f = 0; f < COUNT_OF(files); f++) {
		AUTO(key) k = NULL;
		AUTO(key) none = NULL;
		struct bytes whole = pki_read(&a, files[f]);
		unsigned char *more = arena_alloc(&a, whole.size + 1);

		memcpy(more, whole.data, whole.size);
		more[whole.size] = '\n';
		assert_int_equal(key_load(bytes_of(more, whole.size + 1), &password, &k), OK);
		more[whole.size] = 'x';
		assert_int_equal(
			key_load(bytes_of(more, whole.size + 1), &password, &none), ERR_BAD_KEY);
	}
}

static void test_is_encrypted(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	assert_true(key_is_encrypted(pki_read(&a, "fisica.key")));
	assert_true(key_is_encrypted(pki_read(&a, "pbes1.key")));
	assert_true(key_is_encrypted(pki_read(&a, "pem.key")));
	assert_true(key_is_encrypted(pki_read(&a, "pem_viejo.key")));
	assert_false(key_is_encrypted(pki_read(&a, "pkcs1.key")));
	assert_false(key_is_encrypted(pki_read(&a, "llana.key")));
	assert_false(key_is_encrypted(pki_read(&a, "fisica.cer")));
}

static void test_mismatch(void **state)
{
	ARENA(a, ROOM);
	AUTO(key) k = NULL;
	struct cert c;

	(void)state;
	assert_int_equal(cert_read(&a, pki_read(&a, "moral.cer"), &c), OK);
	assert_int_equal(load("fisica.key", "prueba-fisica-1", &k), OK);
	assert_int_equal(key_matches(k, &c), ERR_KEY_MISMATCH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_null_password),
		cmocka_unit_test(test_wrong_password_is_one_error),
		cmocka_unit_test(test_wrong_password_pbes1),
		cmocka_unit_test(test_mistakes_have_names),
		cmocka_unit_test(test_truncated_anywhere),
		cmocka_unit_test(test_damaged_anywhere),
		cmocka_unit_test(test_absurd_iterations),
		cmocka_unit_test(test_cut_ciphertext),
		cmocka_unit_test(test_trailing),
		cmocka_unit_test(test_is_encrypted),
		cmocka_unit_test(test_mismatch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
