/*
 * Certificates known once and asked often say what the slow way says, at any instant; and what is
 * hashed in parts is what is hashed whole. L-6.5 (evidence proved years later)
 */
#include "crypto/certs.h"

#include "base/mem.h"
#include "crypto/ocsp.h"
#include "crypto/sha.h"
#include "tests/help/cm.h"
#include "tests/help/pki.h"

#define ROOM (4 * 1024 * 1024)
#define DAY_MS (24 * INT64_C(3600000))

static struct trust *trust;

static int set_up(void **state)
{
	ARENA(a, 4096);

	(void)state;
	assert_int_equal(trust_open(arena_printf(&a, "%s/confianza", pki_dir()), &trust), OK);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	trust_free(trust);
	return 0;
}

static const char *const names[] = {
	"fisica.cer", "vencida.cer", "futura.cer", "otra_ca.cer", "sello.cer", "csd.cer"};

/* Forward and back through the bounds of leaf, issuer and root, with answers kept in between. */
static void test_same_verdicts(void **state)
{
	ARENA(a, ROOM);
	AUTO(certs) c = NULL;
	size_t good = 0;

	(void)state;
	assert_int_equal(certs_open(trust, &c), OK);
	for (size_t n = 0; n < COUNT_OF(names); n++) {
		struct bytes der = pki_read(&a, names[n]);
		const struct cert *cert = NULL;

		assert_int_equal(certs_read(c, der, &cert), OK);
		const int64_t around[] = {INT64_C(1420070400000), INT64_C(2493072000000),
			INT64_C(2524607999000), cert->not_before, cert->not_after, pki_now()};

		for (size_t i = 0; i < COUNT_OF(around); i++)
			for (int64_t d = -2000; d <= 2000; d += 500) {
				struct bytes one = {0};
				struct bytes two = {0};
				enum err slow = trust_verify(trust, der, around[i] + d, &one);

				assert_int_equal(certs_verify(c, der, around[i] + d, &two), slow);
				assert_true(bytes_equal(one, two));
				assert_int_equal(certs_verify(c, der, around[i] + d, NULL), slow);
				good += slow == OK;
			}
	}
	assert_true(good > 50);
}

static void test_no_folder(void **state)
{
	ARENA(a, ROOM);
	AUTO(certs) c = NULL;
	const struct cert *cert = NULL;

	(void)state;
	assert_int_equal(certs_open(NULL, &c), OK);
	assert_int_equal(
		certs_verify(c, pki_read(&a, "fisica.cer"), pki_now(), NULL), ERR_CERT_UNTRUSTED);
	/* Only DER: the same certificate in another form is no evidence. */
	assert_int_equal(certs_read(c, pki_read(&a, "pem.cer"), &cert), ERR_BAD_CERT);
	assert_int_equal(certs_read(c, pki_read(&a, "truncada.cer"), &cert), ERR_BAD_CERT);
	assert_null(cert);
}

/* Parsed once: the second time nothing is read anew. */
static void test_parsed_once(void **state)
{
	ARENA(a, ROOM);
	AUTO(certs) c = NULL;
	const struct cert *first = NULL;
	const struct cert *again = NULL;
	struct bytes der = pki_read(&a, "fisica.cer");

	(void)state;
	assert_int_equal(certs_open(trust, &c), OK);
	assert_int_equal(certs_read(c, der, &first), OK);
	assert_int_equal(certs_read(c, der, &again), OK);
	assert_ptr_equal(first, again);
	certs_trim(c, 1);
	assert_int_equal(certs_read(c, der, &again), OK);
	assert_ptr_equal(first, again);
	assert_string_equal(again->rfc, "PEÑJ800101AB1");
	certs_trim(c, 0);
	mem_fail_at(1);
	assert_int_equal(certs_read(c, der, &again), ERR_NO_MEMORY);
	mem_fail_at(0);
}

static void test_signature(void **state)
{
	ARENA(a, ROOM);
	AUTO(certs) c = NULL;
	struct efirma *f = pki_efirma("fisica");
	struct bytes signature;
	struct bytes said = bytes_of_text("lo firmado");

	(void)state;
	assert_int_equal(certs_open(trust, &c), OK);
	assert_int_equal(key_sign(&a, f->key, said, &signature), OK);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(certs_check(c, f->cert.der, said, signature), OK);
		assert_int_equal(certs_check(c, f->cert.der, bytes_of_text("otro"), signature),
			ERR_BAD_SIGNATURE);
		assert_int_equal(certs_check(c, pki_read(&a, "moral.cer"), said, signature),
			ERR_BAD_SIGNATURE);
	}
	efirma_free(f);
}

static void test_hash_in_parts(void **state)
{
	ARENA(a, ROOM);
	AUTO(sha256_parts) parts = NULL;
	struct bytes der = pki_read(&a, "fisica.cer");
	const char *whole = NULL;
	const char *made = NULL;

	(void)state;
	assert_int_equal(sha256_hex(&a, der, &whole), OK);
	assert_int_equal(sha256_parts_begin(&parts), OK);
	for (size_t at = 0; at < der.size; at += 7)
		assert_int_equal(
			sha256_parts_add(parts,
				bytes_of(der.data + at, der.size - at < 7 ? der.size - at : 7)),
			OK);
	assert_int_equal(sha256_parts_add(parts, bytes_of(NULL, 0)), OK);
	assert_int_equal(sha256_parts_hex(parts, &a, &made), OK);
	assert_string_equal(made, whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_verdicts),
		cmocka_unit_test(test_no_folder),
		cmocka_unit_test(test_parsed_once),
		cmocka_unit_test(test_signature),
		cmocka_unit_test(test_hash_in_parts),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
