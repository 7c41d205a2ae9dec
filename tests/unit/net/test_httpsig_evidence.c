/*
 * The digest, the nonce and the kept evidence of request signatures (RFC 9530, wire.md).
 */
#include <stdio.h>
#include "base/b64.h"
#include "base/buf.h"
#include "crypto/sha.h"
#include "tests/help/peticion.h"
#include "tests/help/cm.h"

#define ALLOWANCE (4u << 20)
#define NOW INT64_C(1795000000)

static void digests_are_exact(void **state)
{
	static const char good[] = "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:";
	static const char body[] = "{\"hello\": \"world\"}";
	static const char *const bad[] = {"", "sha-256",
		"sha-256=", "sha-256=::", "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE:",
		"sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPA=:",
		"sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:;a",
		"sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=: ",
		" sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:",
		"SHA-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:",
		"sha-512=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:",
		"sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:, "
		"sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:",
		"sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:, "
		"sha-512=:AAAA:"};
	ARENA(a, ALLOWANCE);
	const char *made = NULL;

	(void)state;
	/* RFC 9530 appendix D and RFC 9421's body. */
	assert_int_equal(OK, httpsig_digest(&a, bytes_of_text(body), &made));
	assert_string_equal(good, made);
	assert_int_equal(OK, httpsig_check_digest(&a, good, bytes_of_text(body)));
	assert_int_equal(ERR_BAD_DIGEST, httpsig_check_digest(&a, good, bytes_of_text("x")));
	assert_int_equal(ERR_BAD_DIGEST, httpsig_check_digest(&a, NULL, bytes_of_text(body)));
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		if (httpsig_check_digest(&a, bad[i], bytes_of_text(body)) != ERR_BAD_DIGEST)
			fail_msg("%s", bad[i]);
	assert_int_equal(OK, httpsig_digest(&a, bytes_of(NULL, 0), &made));
	assert_string_equal("sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:", made);
	assert_int_equal(OK, httpsig_check_digest(&a, made, bytes_of(NULL, 0)));
}

static void nonces_carry_time_and_chance(void **state)
{
	unsigned char one[HTTPSIG_NONCE_BYTES];
	unsigned char two[HTTPSIG_NONCE_BYTES];
	static const unsigned char time[6] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab};

	(void)state;
	assert_int_equal(OK, httpsig_nonce(INT64_C(0x0123456789ab), one));
	assert_int_equal(OK, httpsig_nonce(INT64_C(0x0123456789ab), two));
	assert_memory_equal(time, one, 6);
	assert_memory_equal(time, two, 6);
	assert_memory_not_equal(one + 6, two + 6, 10);
}

static void evidence_is_read_strictly(void **state)
{
	static const unsigned char nonce[HTTPSIG_NONCE_BYTES] = {9};
	ARENA(a, ALLOWANCE * 16);
	AUTO(key) key = peticion_key();
	struct httpsig_request rq = peticion_request(&a);
	struct httpsig got;
	const char *digest = NULL;

	(void)state;
	assert_int_equal(
		OK, httpsig_sign(&a, &rq, key, peticion_keyid(&a, key), NOW, NOW, nonce, &got));
	assert_int_equal(OK, httpsig_base_digest(&a, got.base, &digest));
	/* No prefix is a base, nor is one with something behind or with a line more. */
	for (size_t n = 0; n < got.base.size; n++)
		assert_int_equal(ERR_BAD_EVIDENCE,
			httpsig_base_digest(&a, bytes_of(got.base.data, n), &digest));
	static const char *const tails[] = {"\n", " ", ";x", "\n\"content-digest\": x"};

	for (size_t i = 0; i < COUNT_OF(tails); i++) {
		char *more = arena_printf(&a, "%s%s", (const char *)got.base.data, tails[i]);

		assert_int_equal(
			ERR_BAD_EVIDENCE, httpsig_base_digest(&a, bytes_of_text(more), &digest));
	}
}

/* A NUL would hide the rest of a value from whoever reads it as text. */
static void evidence_holds_no_nul(void **state)
{
	static const unsigned char nonce[HTTPSIG_NONCE_BYTES] = {9};
	ARENA(a, ALLOWANCE);
	AUTO(key) key = peticion_key();
	struct httpsig_request rq = peticion_request(&a);
	struct httpsig got;
	const char *digest = NULL;

	(void)state;
	assert_int_equal(
		OK, httpsig_sign(&a, &rq, key, peticion_keyid(&a, key), NOW, NOW, nonce, &got));
	for (size_t i = 0; i < got.base.size; i++) {
		unsigned char *base = arena_copy(&a, got.base.data, got.base.size);

		base[i] = '\0';
		assert_int_equal(ERR_BAD_EVIDENCE,
			httpsig_base_digest(&a, bytes_of(base, got.base.size), &digest));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digests_are_exact),
		cmocka_unit_test(nonces_carry_time_and_chance),
		cmocka_unit_test(evidence_is_read_strictly),
		cmocka_unit_test(evidence_holds_no_nul),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
