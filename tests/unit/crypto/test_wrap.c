/*
 * What is kept under an e.firma: wrapped for its key, opened by it alone, also after it expired;
 * one e.firma with two owners; keys made of one secret (RFC 5869).
 */
#include "tests/help/cm.h"
#include "base/b64.h"
#include "base/mem.h"
#include "crypto/efirma.h"
#include "crypto/hkdf.h"
#include "tests/help/ossl_mem.h"
#include "tests/help/pki.h"

#define ROOM (4 * 1024 * 1024)

static void fill(struct secret *s, size_t size)
{
	unsigned char bytes[256];

	for (size_t i = 0; i < size; i++)
		bytes[i] = (unsigned char)(i * 3 + 1);
	assert_int_equal(secret_set(s, bytes, size), OK);
}

static bool same(const struct secret *s, const struct secret *t)
{
	return s->size == t->size && memcmp(s->data, t->data, s->size) == 0;
}

static void wrap_for(
	struct arena *a, const struct efirma *f, const struct secret *s, struct bytes *ret)
{
	AUTO(key) key = NULL;

	assert_int_equal(key_of_cert(&f->cert, &key), OK);
	assert_int_equal(key_wrap(a, key, s, ret), OK);
}

static void test_wrapped(void **state)
{
	ARENA(a, ROOM);
	AUTO(efirma) f = pki_efirma("fisica");
	AUTO(efirma) other = pki_efirma("moral");
	AUTO(key) reading = NULL;
	AUTO(key) public = NULL;
	SECRET(secret);
	SECRET(back);
	SECRET(most);
	struct bytes wrapped;
	struct bytes again;

	(void)state;
	fill(&secret, 32);
	wrap_for(&a, f, &secret, &wrapped);
	wrap_for(&a, f, &secret, &again);
	assert_int_equal(wrapped.size, f->cert.rsa_bits / 8);
	assert_false(bytes_equal(wrapped, again));
	assert_int_equal(key_unwrap(f->key, wrapped, &back), OK);
	assert_true(same(&secret, &back));
	assert_int_equal(key_rest(f->key), OK);
	assert_int_equal(key_unwrap(f->key, again, &back), OK);
	assert_true(same(&secret, &back));
	/* Another's, altered or cut: nothing of it, and what was there stays. */
	assert_int_equal(key_unwrap(other->key, wrapped, &back), ERR_NOT_ITS_KEY);
	for (size_t i = 0; i < wrapped.size; i += 15) {
		unsigned char *bad = arena_copy(&a, wrapped.data, wrapped.size);

		assert_non_null(bad);
		bad[i] ^= 1;
		assert_int_equal(
			key_unwrap(f->key, bytes_of(bad, wrapped.size), &back), ERR_NOT_ITS_KEY);
		memset(bad, 0xff, wrapped.size);
		assert_int_equal(
			key_unwrap(f->key, bytes_of(bad, wrapped.size), &back), ERR_NOT_ITS_KEY);
	}
	assert_int_equal(key_unwrap(f->key, bytes_of(wrapped.data, 255), &back), ERR_NOT_ITS_KEY);
	assert_true(same(&secret, &back));
	/* Keys that can't. */
	assert_int_equal(key_of_cert(&f->cert, &public), OK);
	assert_int_equal(key_unwrap(public, wrapped, &back), ERR_BAD_KEY);
	assert_int_equal(key_make_ed25519(&reading), OK);
	assert_int_equal(key_wrap(&a, reading, &secret, &again), ERR_BAD_KEY);
	assert_int_equal(key_unwrap(reading, wrapped, &back), ERR_BAD_KEY);
	fill(&most, 190);
	assert_int_equal(key_wrap(&a, public, &most, &again), OK);
	assert_int_equal(key_unwrap(f->key, again, &back), OK);
	assert_true(same(&most, &back));
	fill(&most, 191);
	assert_int_equal(key_wrap(&a, public, &most, &again), ERR_BAD_KEY);
}

static enum err open_old(const char *name, struct efirma **ret)
{
	ARENA(a, ROOM);
	SECRET(password);

	pki_password(name, &password);
	return efirma_open_old(pki_read(&a, arena_printf(&a, "%s.cer", name)),
		pki_read(&a, arena_printf(&a, "%s.key", name)), &password, NULL, ret);
}

/* It opens what was kept under it, and signs nothing. */
static void test_expired(void **state)
{
	ARENA(a, ROOM);
	AUTO(efirma) old = NULL;
	AUTO(efirma) none = NULL;
	SECRET(secret);
	SECRET(back);
	struct bytes wrapped;

	(void)state;
	assert_int_equal(open_old("vencida", &old), OK);
	assert_string_equal(old->cert.rfc, "PEÑJ800101AB1");
	fill(&secret, 32);
	wrap_for(&a, old, &secret, &wrapped);
	assert_int_equal(key_rest(old->key), OK);
	assert_int_equal(key_unwrap(old->key, wrapped, &back), OK);
	assert_true(same(&secret, &back));
	assert_int_equal(key_sign(&a, old->key, bytes_of_text("x"), &wrapped), ERR_BAD_KEY);
	assert_int_equal(open_old("csd", &none), ERR_CSD);
	assert_int_equal(open_old("llave_ajena", &none), ERR_KEY_MISMATCH);
	assert_null(none);
}

static void test_shared(void **state)
{
	ARENA(a, ROOM);
	AUTO(efirma) first = pki_efirma("fisica");
	AUTO(efirma) second = NULL;
	struct bytes signature;

	(void)state;
	assert_int_equal(key_rest(first->key), OK);
	assert_int_equal(efirma_share(first, &second), OK);
	assert_string_equal(second->cert.thumbprint, first->cert.thumbprint);
	assert_ptr_not_equal(second->cert.thumbprint, first->cert.thumbprint);
	efirma_free(STEAL(first));
	assert_string_equal(second->cert.rfc, "PEÑJ800101AB1");
	assert_int_equal(key_sign(&a, second->key, bytes_of_text("x"), &signature), OK);
	assert_int_equal(key_verify(second->key, bytes_of_text("x"), signature), OK);
	assert_int_equal(efirma_share(second, &first), OK);
	efirma_free(STEAL(second));
	assert_int_equal(key_matches(first->key, &first->cert), OK);
}

/* RFC 5869, A.1 to A.3. */
static void test_hkdf(void **state)
{
	static const struct {
		size_t from_size;
		size_t salt_size, info_size;
		size_t size;
		const char *key;
	} cases[] = {
		{22, 13, 10, 42,
			"3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5"
			"b887185865"},
		{80, 80, 80, 82,
			"b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99ca"
			"c7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c"
			"01d5c1f3434f1d87"},
		{22, 0, 0, 42,
			"8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395fa"
			"a4b61a96c8"},
	};
	ARENA(a, ROOM);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		SECRET(from);
		SECRET(made);
		unsigned char salt[80], info[80], key[80];

		for (size_t k = 0; k < 80; k++) {
			bool run = cases[i].from_size == 80;

			key[k] = run ? (unsigned char)k : 0x0b;
			salt[k] = (unsigned char)(run ? 0x60 + k : k);
			info[k] = (unsigned char)(run ? 0xb0 + k : 0xf0 + k);
		}
		assert_int_equal(secret_set(&from, key, cases[i].from_size), OK);
		assert_int_equal(hkdf_sha256(&from, bytes_of(salt, cases[i].salt_size),
					 bytes_of(info, cases[i].info_size), cases[i].size, &made),
			OK);
		assert_string_equal(hex_encode(&a, bytes_of(made.data, made.size)), cases[i].key);
		assert_int_equal(
			hkdf_sha256(&from, (struct bytes){0}, (struct bytes){0}, 8161, &made),
			ERR_INTERNAL);
		assert_int_equal(made.size, cases[i].size);
	}
}

/* The sanitizers look for leaks, ten times slower: a sample is enough for them. */
#if defined(__SANITIZE_ADDRESS__)
#define STEP 7
#else
#define STEP 1
#endif

static struct efirma *given;
static struct bytes given_wrapped;

static enum err everything(void)
{
	ARENA(a, ROOM);
	AUTO(efirma) second = NULL;
	AUTO(key) public = NULL;
	SECRET(secret);
	SECRET(made);
	struct bytes wrapped;
	enum err e = efirma_share(given, &second);

	if (e == OK)
		e = key_unwrap(second->key, given_wrapped, &secret);
	if (e == OK)
		e = key_of_cert(&second->cert, &public);
	if (e == OK)
		e = key_wrap(&a, public, &secret, &wrapped);
	return e == OK ? hkdf_sha256(&secret, (struct bytes){0}, bytes_of_text("x"), 32, &made) : e;
}

/* Never told as another's key. */
static void test_memory_ends(void **state)
{
	ARENA(a, ROOM);
	SECRET(secret);
	long failures = 0;
	long n = 1;

	(void)state;
	given = pki_efirma("fisica");
	fill(&secret, 32);
	wrap_for(&a, given, &secret, &given_wrapped);
	assert_int_equal(key_rest(given->key), OK);
	assert_int_equal(everything(), OK);
	assert_int_equal(everything(), OK);
	for (bool failed = true; failed && n < 20000; n += STEP) {
		mem_fail_at(n);

		enum err e = everything();

		failed = mem_count() >= n;
		mem_fail_at(0);
		if (e != OK && e != ERR_NO_MEMORY)
			fail_msg("allocation %ld gives %s", n, err_wire(e));
		failures += e != OK;
	}
	efirma_free(given);
	assert_true(n < 20000);
	assert_true(failures > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wrapped),
		cmocka_unit_test(test_expired),
		cmocka_unit_test(test_shared),
		cmocka_unit_test(test_hkdf),
		cmocka_unit_test(test_memory_ends),
	};

	ossl_mem_hook();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
