/* L-4.2: signatures of e.firmas and of reading keys, against the standards and plain openssl. */
#include "tests/help/cm.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/b64.h"
#include "base/file.h"
#include "crypto/sha.h"
#include "tests/help/pki.h"

#define ROOM (4 * 1024 * 1024)

static const char cadena[] = "||3.0|PEÑJ800101AB1|BI-20261122-101112345||";

static void test_sha256(void **state)
{
	ARENA(a, ROOM);
	const char *text = NULL;

	(void)state;
	/* FIPS 180-4 examples: "abc" and the empty message. */
	assert_int_equal(sha256_hex(&a, bytes_of_text("abc"), &text), OK);
	assert_string_equal(
		text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_int_equal(sha256_hex(&a, bytes_of(NULL, 0), &text), OK);
	assert_string_equal(
		text, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	assert_int_equal(sha256_b64url(&a, bytes_of_text("abc"), &text), OK);
	assert_string_equal(text, "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
}

/* RFC 8032 section 7.1, TEST 2. */
static void test_ed25519_vector(void **state)
{
	static const unsigned char seed[32] = {0x4c, 0xcd, 0x08, 0x9b, 0x28, 0xff, 0x96, 0xda, 0x9d,
		0xb6, 0xc3, 0x46, 0xec, 0x11, 0x4e, 0x0f, 0x5b, 0x8a, 0x31, 0x9f, 0x35, 0xab, 0xa6,
		0x24, 0xda, 0x8c, 0xf6, 0xed, 0x4f, 0xb8, 0xa6, 0xfb};
	static const char public_hex[] =
		"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
	static const char signature_hex[] =
		"92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
		"085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
	ARENA(a, ROOM);
	SECRET(secret);
	SECRET(again);
	AUTO(key) k = NULL;
	AUTO(key) public_key = NULL;
	unsigned char raw[32];
	struct bytes signature;
	struct bytes message = bytes_of("\x72", 1);

	(void)state;
	assert_int_equal(secret_set(&secret, seed, sizeof(seed)), OK);
	assert_int_equal(key_from_seed_ed25519(&secret, &k), OK);
	assert_string_equal(key_alg(k), "ed25519");
	assert_int_equal(key_public_ed25519(k, raw), OK);
	assert_string_equal(hex_encode(&a, bytes_of(raw, 32)), public_hex);
	assert_int_equal(key_sign(&a, k, message, &signature), OK);
	assert_string_equal(hex_encode(&a, signature), signature_hex);
	assert_int_equal(key_from_ed25519(bytes_of(raw, 32), &public_key), OK);
	assert_int_equal(key_verify(public_key, message, signature), OK);
	assert_int_equal(key_verify(public_key, bytes_of("\x73", 1), signature), ERR_BAD_SIGNATURE);
	assert_int_equal(key_seed_ed25519(k, &again), OK);
	assert_int_equal(again.size, 32);
	assert_memory_equal(again.data, seed, 32);
}

static void test_ed25519_made(void **state)
{
	ARENA(a, ROOM);
	AUTO(key) one = NULL;
	AUTO(key) two = NULL;
	unsigned char raw1[32];
	unsigned char raw2[32];
	const char *id1 = NULL;
	const char *id2 = NULL;
	struct bytes signature;

	(void)state;
	assert_int_equal(key_make_ed25519(&one), OK);
	assert_int_equal(key_make_ed25519(&two), OK);
	assert_int_equal(key_public_ed25519(one, raw1), OK);
	assert_int_equal(key_public_ed25519(two, raw2), OK);
	assert_memory_not_equal(raw1, raw2, 32);
	assert_int_equal(key_id_ed25519(&a, bytes_of(raw1, 32), &id1), OK);
	assert_int_equal(key_id_ed25519(&a, bytes_of(raw2, 32), &id2), OK);
	assert_int_equal(strlen(id1), 43);
	assert_string_not_equal(id1, id2);
	/* An empty message is a message. */
	assert_int_equal(key_sign(&a, one, bytes_of(NULL, 0), &signature), OK);
	assert_int_equal(key_verify(one, bytes_of(NULL, 0), signature), OK);
	assert_int_equal(key_verify(two, bytes_of(NULL, 0), signature), ERR_BAD_SIGNATURE);
	assert_int_equal(key_from_ed25519(bytes_of(raw1, 31), &two), ERR_BAD_KEY);
}

static void write_file(const char *folder, const char *name, struct bytes content)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	assert_int_equal(file_write(path, content, 0600), OK);
}

/* Anyone can check ours: `openssl dgst -sha256 -verify` with the key of the certificate. */
static void test_openssl_agrees(void **state)
{
	ARENA(a, ROOM);
	AUTO(efirma) f = pki_efirma("fisica");
	char folder[] = "/tmp/buzon-sign-XXXXXX";
	struct bytes signature;

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_int_equal(key_sign(&a, f->key, bytes_of_text(cadena), &signature), OK);
	write_file(folder, "cadena", bytes_of_text(cadena));
	write_file(folder, "sello", signature);
	write_file(folder, "cer", f->cert.der);

	const char *check = arena_printf(&a,
		"cd %s && openssl x509 -inform DER -in cer -noout -pubkey >k.pem && "
		"openssl dgst -sha256 -verify k.pem -signature sello cadena >/dev/null",
		folder);
	const char *forge = arena_printf(&a, "printf x >>%s/cadena", folder);

	assert_int_equal(system(check), 0);
	assert_int_equal(system(forge), 0);
	assert_int_not_equal(system(check), 0);
	assert_int_equal(system(arena_printf(&a, "rm -r %s", folder)), 0);
}

/* The key rebuilt from stored n and e judges like the certificate's own. */
static void test_rebuilt_key(void **state)
{
	ARENA(a, ROOM);
	AUTO(efirma) f = pki_efirma("moral");
	AUTO(efirma) other = pki_efirma("fisica");
	AUTO(key) rebuilt = NULL;
	AUTO(key) of_cert = NULL;
	AUTO(key) stranger = NULL;
	struct bytes message = bytes_of_text(cadena);
	struct bytes signature;

	(void)state;
	assert_int_equal(key_sign(&a, f->key, message, &signature), OK);
	assert_int_equal(signature.size, 256);
	assert_int_equal(key_from_rsa(f->cert.rsa_n, f->cert.rsa_e, &rebuilt), OK);
	assert_int_equal(key_of_cert(&f->cert, &of_cert), OK);
	assert_int_equal(key_from_rsa(other->cert.rsa_n, other->cert.rsa_e, &stranger), OK);
	assert_string_equal(key_alg(rebuilt), "rsa-v1_5-sha256");
	assert_int_equal(key_verify(rebuilt, message, signature), OK);
	assert_int_equal(key_verify(of_cert, message, signature), OK);
	assert_int_equal(key_verify(stranger, message, signature), ERR_BAD_SIGNATURE);
	assert_int_equal(key_verify(rebuilt, bytes_of_text("otra"), signature), ERR_BAD_SIGNATURE);
}

static void test_forged_signatures(void **state)
{
	ARENA(a, ROOM);
	AUTO(efirma) f = pki_efirma("fisica");
	AUTO(key) k = NULL;
	struct bytes message = bytes_of_text(cadena);
	struct bytes signature;

	(void)state;
	assert_int_equal(key_of_cert(&f->cert, &k), OK);
	assert_int_equal(key_sign(&a, f->key, message, &signature), OK);

	unsigned char *bad = arena_copy(&a, signature.data, signature.size);

	for (size_t i = 0; i < signature.size; i += 17) {
		bad[i] ^= 1;
		assert_int_equal(
			key_verify(k, message, bytes_of(bad, signature.size)), ERR_BAD_SIGNATURE);
		bad[i] ^= 1;
	}
	for (size_t n = 0; n < signature.size; n += 51)
		assert_int_equal(key_verify(k, message, bytes_of(bad, n)), ERR_BAD_SIGNATURE);
	memset(bad, 0, signature.size);
	assert_int_equal(key_verify(k, message, bytes_of(bad, signature.size)), ERR_BAD_SIGNATURE);
	/* A public key can't sign. */
	assert_int_equal(key_sign(&a, k, message, &signature), ERR_BAD_KEY);
}

static void test_absurd_public_keys(void **state)
{
	static const unsigned char zeros[2000];
	AUTO(key) k = NULL;

	(void)state;
	assert_int_equal(key_from_rsa(bytes_of(NULL, 0), 65537, &k), ERR_BAD_KEY);
	assert_int_equal(key_from_rsa(bytes_of(zeros, sizeof(zeros)), 65537, &k), ERR_BAD_KEY);
	assert_int_equal(key_from_rsa(bytes_of(zeros, 256), 65536, &k), ERR_BAD_KEY);
	assert_int_equal(key_from_rsa(bytes_of(zeros, 256), 1, &k), ERR_BAD_KEY);
	assert_null(k);
}

static void test_random(void **state)
{
	unsigned char one[64] = {0};
	unsigned char two[64] = {0};

	(void)state;
	assert_int_equal(random_bytes(one, sizeof(one)), OK);
	assert_int_equal(random_bytes(two, sizeof(two)), OK);
	assert_memory_not_equal(one, two, sizeof(one));
	assert_int_equal(random_bytes(NULL, 0), OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sha256),
		cmocka_unit_test(test_ed25519_vector),
		cmocka_unit_test(test_ed25519_made),
		cmocka_unit_test(test_openssl_agrees),
		cmocka_unit_test(test_rebuilt_key),
		cmocka_unit_test(test_forged_signatures),
		cmocka_unit_test(test_absurd_public_keys),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
