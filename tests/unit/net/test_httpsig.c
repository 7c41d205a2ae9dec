/* Request signatures as wire.md fixes them: RFC 9421, RFC 9530, proved on the RFC's section 4.3. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include "base/b64.h"
#include "base/buf.h"
#include "base/mem.h"
#include "crypto/sha.h"
#include "tests/help/peticion.h"
#include "tests/vectors/rfc9421_4_3.h"

#define ALLOWANCE (4u << 20)
#define NOW INT64_C(1795000000)
#define KEYID "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define NONCE "AAAAAAAAAAAAAAAAAAAAAA"
#define LIST "(\"@method\" \"@authority\" \"@path\" \"content-type\" \"content-digest\")"
#define PARAMS                                                                                     \
	";created=1;expires=2;nonce=\"" NONCE "\";keyid=\"" KEYID "\";alg=\"ed25519\";"            \
	"tag=\"buzon-imss\""

/* RFC 9421 section 4.3: our base, verified with the RFC's key and signature. */
static void the_vector_of_the_rfc_verifies(void **state)
{
	static const struct httpsig_component components[] = {
		{"@method", "POST"},
		{"@authority", RFC9421_4_3_AUTHORITY},
		{"@path", "/foo"},
		{"content-digest", RFC9421_4_3_DIGEST},
		{"content-type", "application/json"},
		{"content-length", "18"},
		{"forwarded", RFC9421_4_3_FORWARDED},
	};
	ARENA(a, ALLOWANCE);
	AUTO(key) key = NULL;
	struct bytes n;
	struct bytes signature;
	struct bytes base;

	(void)state;
	assert_int_equal(OK, b64_decode(&a, bytes_of_text(rfc9421_b_1_1_modulus), &n));
	assert_int_equal(OK, b64_decode(&a, bytes_of_text(rfc9421_4_3_signature), &signature));
	assert_int_equal(OK, key_from_rsa(n, 65537, &key));
	assert_int_equal(OK, httpsig_base(&a, components, COUNT_OF(components),
				     bytes_of_text(RFC9421_4_3_PARAMS), &base));
	assert_int_equal(OK, key_verify(key, base, signature));
	/* Any other byte of the base is another message. */
	for (size_t i = 0; i < base.size; i++) {
		unsigned char *other = arena_copy(&a, base.data, base.size);

		if (i % 37 != 0)
			continue;
		other[i] ^= 1;
		assert_int_equal(
			ERR_BAD_SIGNATURE, key_verify(key, bytes_of(other, base.size), signature));
	}
}

static void what_is_signed_verifies(void **state)
{
	static const unsigned char nonce[HTTPSIG_NONCE_BYTES] = {1, 2, 3, 255};
	ARENA(a, ALLOWANCE);
	AUTO(key) key = peticion_key();
	const char *keyid = peticion_keyid(&a, key);
	struct httpsig_request rq = peticion_request(&a);
	struct httpsig sent;
	struct httpsig got;

	(void)state;
	assert_int_equal(OK, httpsig_sign(&a, &rq, key, keyid, NOW, NOW + 86400, nonce, &sent));
	assert_int_equal(OK, httpsig_parse(&a, &rq, &got));
	assert_int_equal(NOW, got.created);
	assert_int_equal(NOW + 86400, got.expires);
	assert_true(bytes_equal(bytes_of(nonce, sizeof(nonce)), got.nonce));
	assert_string_equal(keyid, got.keyid);
	assert_string_equal("ed25519", got.alg);
	assert_true(bytes_equal(sent.base, got.base));
	assert_int_equal(OK, key_verify(key, got.base, got.signature));

	const char *expected = arena_printf(&a,
		"\"@method\": POST\n"
		"\"@authority\": buzon.prueba:8443\n"
		"\"@path\": /v1/sincronizar\n"
		"\"content-type\": application/json\n"
		"\"content-digest\": %s\n"
		"\"@signature-params\": " LIST ";created=1795000000;expires=1795086400;"
		"nonce=\"AQID_wAAAAAAAAAAAAAAAA\";keyid=\"%s\";alg=\"ed25519\";tag=\"buzon-imss\"",
		rq.content_digest, keyid);

	assert_string_equal(expected, (const char *)got.base.data);

	const char *digest = NULL;

	assert_int_equal(OK, httpsig_base_digest(&a, got.base, &digest));
	assert_string_equal(rq.content_digest, digest);
	assert_int_equal(OK, httpsig_check_digest(&a, digest, bytes_of_text(PETICION_BODY)));
}

/* Each covered value changes the base, so it changes what the signature says. */
static void any_covered_value_matters(void **state)
{
	static const unsigned char nonce[HTTPSIG_NONCE_BYTES] = {0};
	static const struct httpsig_request others[] = {
		{.method = "GET"},
		{.authority = "otro.prueba"},
		{.path = "/v1/entrar"},
		{.content_type = "text/plain"},
		{.content_digest = "sha-256=:AAAA:"},
	};
	ARENA(a, ALLOWANCE);
	AUTO(key) key = peticion_key();
	struct httpsig_request rq = peticion_request(&a);
	struct httpsig got;

	(void)state;
	assert_int_equal(
		OK, httpsig_sign(&a, &rq, key, peticion_keyid(&a, key), NOW, NOW, nonce, &got));
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		struct httpsig_request altered = rq;

		altered.method = others[i].method != NULL ? others[i].method : rq.method;
		altered.authority =
			others[i].authority != NULL ? others[i].authority : rq.authority;
		altered.path = others[i].path != NULL ? others[i].path : rq.path;
		if (others[i].content_type != NULL)
			altered.content_type = others[i].content_type;
		if (others[i].content_digest != NULL)
			altered.content_digest = others[i].content_digest;
		assert_int_equal(OK, httpsig_parse(&a, &altered, &got));
		assert_int_equal(ERR_BAD_SIGNATURE, key_verify(key, got.base, got.signature));
	}
}

struct header {
	enum err err;
	const char *input;
	const char *signature;
};

#define GOOD "buzon=:AAAA:"

static const struct header headers[] = {
	{OK, "buzon=" LIST PARAMS, GOOD},
	/* Parameters in any order; blanks that RFC 8941 allows. */
	{OK,
		"buzon=" LIST ";tag=\"buzon-imss\";alg=\"x\";keyid=\"" KEYID "\";nonce=\"" NONCE
		"\";expires=2;created=1",
		GOOD},
	{OK,
		"buzon=(  \"@method\"  \"@authority\" \"@path\" \"content-type\" "
		"\"content-digest\" )" PARAMS,
		GOOD},
	{OK,
		"buzon=" LIST "; created=1; expires=2;nonce=\"" NONCE "\";keyid=\"" KEYID
		"\";alg=\"x\";tag=\"buzon-imss\"",
		GOOD},
	{ERR_BAD_REQUEST, NULL, GOOD},
	{ERR_BAD_REQUEST, "buzon=" LIST PARAMS, NULL},
	{ERR_BAD_REQUEST, "", GOOD},
	{ERR_BAD_REQUEST, "buzon", GOOD},
	{ERR_BAD_REQUEST, "buzon=", GOOD},
	{ERR_BAD_REQUEST, "sig1=" LIST PARAMS, GOOD},
	{ERR_BAD_REQUEST, "Buzon=" LIST PARAMS, GOOD},
	{ERR_BAD_REQUEST, " buzon=" LIST PARAMS, GOOD},
	{ERR_BAD_REQUEST, "buzon =" LIST PARAMS, GOOD},
	{ERR_BAD_REQUEST, "buzon= " LIST PARAMS, GOOD},
	/* one label, once */
	{ERR_BAD_REQUEST, "buzon=" LIST PARAMS ", sig1=" LIST PARAMS, GOOD},
	{ERR_BAD_REQUEST, "buzon=" LIST PARAMS ", buzon=" LIST PARAMS, GOOD},
	{ERR_BAD_REQUEST, "buzon=" LIST PARAMS ",", GOOD},
	{ERR_BAD_REQUEST, "buzon=" LIST PARAMS " ", GOOD},
	{ERR_BAD_REQUEST, "buzon=" LIST PARAMS ";", GOOD},
	/* components: exactly ours */
	{ERR_BAD_REQUEST, "buzon=()" PARAMS, GOOD},
	{ERR_BAD_REQUEST, "buzon=" PARAMS, GOOD},
	{ERR_BAD_REQUEST, "buzon=(\"@method\" \"@authority\" \"@path\" \"content-type\")" PARAMS,
		GOOD},
	{ERR_BAD_REQUEST,
		"buzon=(\"@method\" \"@method\" \"@authority\" \"@path\" \"content-type\" "
		"\"content-digest\")" PARAMS,
		GOOD},
	{ERR_BAD_REQUEST,
		"buzon=(\"@method\" \"@authority\" \"@path\" \"content-type\" "
		"\"content-digest\" \"date\")" PARAMS,
		GOOD},
	{ERR_BAD_REQUEST,
		"buzon=(\"@authority\" \"@method\" \"@path\" \"content-type\" "
		"\"content-digest\")" PARAMS,
		GOOD},
	{ERR_BAD_REQUEST,
		"buzon=(\"@method\";req \"@authority\" \"@path\" \"content-type\" "
		"\"content-digest\")" PARAMS,
		GOOD},
	{ERR_BAD_REQUEST,
		"buzon=(\"@method\"\"@authority\" \"@path\" \"content-type\" "
		"\"content-digest\")" PARAMS,
		GOOD},
	{ERR_BAD_REQUEST,
		"buzon=(\"@method\"\t\"@authority\" \"@path\" \"content-type\" "
		"\"content-digest\")" PARAMS,
		GOOD},
	{ERR_BAD_REQUEST,
		"buzon=(@method \"@authority\" \"@path\" \"content-type\" "
		"\"content-digest\")" PARAMS,
		GOOD},
	{ERR_BAD_REQUEST,
		"buzon=(\"@method\" \"@authority\" \"@path\" \"Content-Type\" "
		"\"content-digest\")" PARAMS,
		GOOD},
	{ERR_BAD_REQUEST,
		"buzon=(\"@method\" \"@authority\" \"@path\" \"content-type\" "
		"\"content-digest\"" PARAMS,
		GOOD},
	/* parameters: each once, all, none else */
	{ERR_BAD_REQUEST, "buzon=" LIST PARAMS ";created=1", GOOD},
	{ERR_BAD_REQUEST, "buzon=" LIST PARAMS ";nonce=\"" NONCE "\"", GOOD},
	{ERR_BAD_REQUEST, "buzon=" LIST PARAMS ";otro=1", GOOD},
	{ERR_BAD_REQUEST, "buzon=" LIST PARAMS ";otro", GOOD},
	{ERR_BAD_REQUEST, "buzon=" LIST PARAMS " ;otro=1", GOOD},
	{ERR_BAD_REQUEST, "buzon=" LIST, GOOD},
	/* byte sequence */
	{ERR_BAD_REQUEST, "buzon=" LIST PARAMS, ""},
	{ERR_BAD_REQUEST, "buzon=" LIST PARAMS, "buzon=::"},
	{ERR_BAD_REQUEST, "buzon=" LIST PARAMS, "buzon=:AAA:"},
	{ERR_BAD_REQUEST, "buzon=" LIST PARAMS, "buzon=\"AAAA\""},
	{ERR_BAD_REQUEST, "buzon=" LIST PARAMS, "buzon=AAAA"},
	{ERR_BAD_REQUEST, "buzon=" LIST PARAMS, "buzon=:AAAA:;a"},
	{ERR_BAD_REQUEST, "buzon=" LIST PARAMS, "buzon=:AAAA:, buzon=:AAAA:"},
	{ERR_BAD_REQUEST, "buzon=" LIST PARAMS, "buzon=:AAAA:, otro=:AAAA:"},
	{ERR_BAD_REQUEST, "buzon=" LIST PARAMS, "otro=:AAAA:"},
	{ERR_BAD_REQUEST, "buzon=" LIST PARAMS, "buzon=:AAAA: "},
};

static void headers_are_read_strictly(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(headers); i++) {
		ARENA(a, ALLOWANCE);
		struct httpsig_request rq = peticion_request(&a);
		struct httpsig got;

		rq.signature_input = headers[i].input;
		rq.signature = headers[i].signature;
		if (httpsig_parse(&a, &rq, &got) != headers[i].err)
			fail_msg("%s | %s", headers[i].input, headers[i].signature);
	}
}

/* Each parameter: absent, and with values that are none. */
static void parameters_are_read_strictly(void **state)
{
	static const char *const good[] = {"created=1", "expires=2", "nonce=\"" NONCE "\"",
		"keyid=\"" KEYID "\"", "alg=\"ed25519\"", "tag=\"buzon-imss\""};
	static const char *const bad[][9] = {
		{"created=-1", "created=1.0", "created=\"1\"", "created", "created=",
			"created=1000000000000000", "created=:AAAA:", "Created=1", "created=a"},
		{"expires=-1", "expires=1.5", "expires=\"1\"", "expires", "expires=?1"},
		{"nonce=\"AAAAAAAAAAAAAAAAAAAAA\"", "nonce=\"" NONCE "A\"", "nonce=\"" NONCE "==\"",
			"nonce=\"\"", "nonce=" NONCE, "nonce=\"AAAAAAAAAAAAAAAAAAAAAB\"", "nonce",
			"nonce=1", "nonce=\"AAAAAAAAAAAAAAAAAAAA+A\""},
		{"keyid=\"\"", "keyid=\"A\"", "keyid=\"" KEYID "A\"", "keyid=\"" KEYID "=\"",
			"keyid=\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB\"", "keyid=1",
			"keyid"},
		{"alg=ed25519", "alg=\"\"", "alg=\" a\"", "alg=1", "alg",
			"alg=\"012345678901234567890123456789012\""},
		{"tag=\"otro\"", "tag=\"\"", "tag=buzon-imss", "tag=\"Buzon-imss\"", "tag",
			"tag=\"buzon-imss \""},
	};

	(void)state;
	for (size_t p = 0; p < COUNT_OF(good); p++) {
		for (size_t k = 0; k <= COUNT_OF(bad[0]) && (k == 0 || bad[p][k - 1] != NULL);
			k++) {
			ARENA(a, ALLOWANCE);
			struct httpsig_request rq = peticion_request(&a);
			struct httpsig got;
			struct buf b;

			buf_init(&b, &a);
			buf_text(&b, "buzon=" LIST);
			for (size_t i = 0; i < COUNT_OF(good); i++)
				if (i != p || k != 0)
					buf_printf(&b, ";%s", i == p ? bad[p][k - 1] : good[i]);
			rq.signature_input = buf_end_text(&b);
			rq.signature = GOOD;
			if (httpsig_parse(&a, &rq, &got) != ERR_BAD_REQUEST)
				fail_msg("%s", rq.signature_input);
		}
	}
}

/* A value that could pass for another line, or for another request, is no value. */
static void request_values_are_checked(void **state)
{
	static const struct httpsig_request bad[] = {
		{.method = ""},
		{.method = "post"},
		{.method = "POST\n\"@path\": /x"},
		{.authority = ""},
		{.authority = "Buzon.prueba"},
		{.authority = "a b"},
		{.authority = "u@buzon.prueba"},
		{.authority = "buzon.prueba/x"},
		{.path = ""},
		{.path = "v1/entrar"},
		{.path = "/v1/entrar?"},
		{.path = "/v1/entrar?a=1"},
		{.path = "/v1/entrar#a"},
		{.path = "/v1/en trar"},
		{.path = "/v1/\xc3\xb1"},
		{.path = "/v1\n\"content-type\": x"},
		{.content_type = ""},
		{.content_type = " application/json"},
		{.content_type = "a\nb"},
		{.content_type = "a\rb"},
		{.content_digest = ""},
		{.content_digest = "a\x01"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		ARENA(a, ALLOWANCE);
		struct httpsig_request rq = peticion_request(&a);
		struct httpsig got;

		rq.signature_input = "buzon=" LIST PARAMS;
		rq.signature = GOOD;
		rq.method = bad[i].method != NULL ? bad[i].method : rq.method;
		rq.authority = bad[i].authority != NULL ? bad[i].authority : rq.authority;
		rq.path = bad[i].path != NULL ? bad[i].path : rq.path;
		if (bad[i].content_type != NULL)
			rq.content_type = bad[i].content_type;
		if (bad[i].content_digest != NULL)
			rq.content_digest = bad[i].content_digest;
		if (httpsig_parse(&a, &rq, &got) != ERR_BAD_REQUEST)
			fail_msg("row %zu", i);
	}
}

static void missing_values_are_refused(void **state)
{
	ARENA(a, ALLOWANCE);
	struct httpsig got;

	(void)state;
	for (int i = 0; i < 5; i++) {
		struct httpsig_request rq = peticion_request(&a);
		const char **const values[] = {
			&rq.method, &rq.authority, &rq.path, &rq.content_type, &rq.content_digest};

		rq.signature_input = "buzon=" LIST PARAMS;
		rq.signature = GOOD;
		assert_int_equal(OK, httpsig_parse(&a, &rq, &got));
		*values[i] = NULL;
		assert_int_equal(ERR_BAD_REQUEST, httpsig_parse(&a, &rq, &got));
	}
}

/* The base is kept in the acuse: one that would not fit there is refused at the door. */
static void the_base_is_bounded(void **state)
{
	ARENA(a, ALLOWANCE);
	struct httpsig_request rq = peticion_request(&a);
	struct httpsig got;
	char type[HTTPSIG_BASE_MOST + 1];

	(void)state;
	rq.signature_input = "buzon=" LIST PARAMS;
	rq.signature = GOOD;
	memset(type, 'a', sizeof(type));
	type[1] = '\0';
	rq.content_type = type;
	assert_int_equal(OK, httpsig_parse(&a, &rq, &got));

	size_t room = HTTPSIG_BASE_MOST - got.base.size;

	type[1] = 'a';
	type[room + 1] = '\0';
	assert_int_equal(OK, httpsig_parse(&a, &rq, &got));
	assert_int_equal(HTTPSIG_BASE_MOST, got.base.size);
	type[room + 1] = 'a';
	type[room + 2] = '\0';
	assert_int_equal(ERR_BAD_REQUEST, httpsig_parse(&a, &rq, &got));
}

/* No key of the wire signs with more than RSA 4096's 512 bytes. */
static void signatures_are_bounded(void **state)
{
	static const unsigned char long_one[513] = {1};

	(void)state;
	for (size_t size = 512; size <= 513; size++) {
		ARENA(a, ALLOWANCE);
		struct httpsig_request rq = peticion_request(&a);
		struct httpsig got;

		rq.signature_input = "buzon=" LIST PARAMS;
		rq.signature =
			arena_printf(&a, "buzon=:%s:", b64_encode(&a, bytes_of(long_one, size)));
		assert_int_equal(size == 512 ? OK : ERR_BAD_REQUEST, httpsig_parse(&a, &rq, &got));
	}
}

/* Digest, sign, parse, verify, read as evidence: all that a request goes through. */
static enum err whole_way(
	struct arena *a, struct httpsig_request *rq, const struct key *key, const char *keyid)
{
	static const unsigned char nonce[HTTPSIG_NONCE_BYTES] = {9};
	struct httpsig got;
	const char *digest = NULL;
	enum err e = httpsig_digest(a, bytes_of_text(PETICION_BODY), &rq->content_digest);

	if (e == OK)
		e = httpsig_sign(a, rq, key, keyid, NOW, NOW, nonce, &got);
	if (e == OK)
		e = httpsig_parse(a, rq, &got);
	if (e == OK)
		e = key_verify(key, got.base, got.signature);
	if (e == OK)
		e = httpsig_base_digest(a, got.base, &digest);
	return e == OK ? httpsig_check_digest(a, digest, bytes_of_text(PETICION_BODY)) : e;
}

/* Every allocation of ours may fail: a clean error, nothing leaked (ASan). OpenSSL's: crypto's
 * test. */
static void any_allocation_may_fail(void **state)
{
	ARENA(outer, ALLOWANCE);
	AUTO(key) key = peticion_key();
	const char *keyid = peticion_keyid(&outer, key);
	enum err e = ERR_NO_MEMORY;
	long n = 0;

	(void)state;
	while (e != OK) {
		ARENA(a, ALLOWANCE);
		struct httpsig_request rq = peticion_request(&outer);

		mem_fail_at(++n);
		e = whole_way(&a, &rq, key, keyid);
		mem_fail_at(0);
		if (e != OK)
			assert_int_equal(ERR_NO_MEMORY, e);
	}
	assert_true(n > 3);
}

/* The request is as before where signing fails. */
static void an_allowance_ends_cleanly(void **state)
{
	static const unsigned char nonce[HTTPSIG_NONCE_BYTES] = {9};
	ARENA(outer, ALLOWANCE);
	AUTO(key) key = peticion_key();
	const char *keyid = peticion_keyid(&outer, key);

	(void)state;
	for (size_t allowance = 0; allowance < 1024; allowance += 64) {
		ARENA(a, allowance);
		struct httpsig_request rq = peticion_request(&outer);
		struct httpsig got;

		assert_int_equal(
			ERR_NO_MEMORY, httpsig_sign(&a, &rq, key, keyid, NOW, NOW, nonce, &got));
		assert_null(rq.signature_input);
		assert_null(rq.signature);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_vector_of_the_rfc_verifies),
		cmocka_unit_test(what_is_signed_verifies),
		cmocka_unit_test(any_covered_value_matters),
		cmocka_unit_test(headers_are_read_strictly),
		cmocka_unit_test(parameters_are_read_strictly),
		cmocka_unit_test(request_values_are_checked),
		cmocka_unit_test(missing_values_are_refused),
		cmocka_unit_test(the_base_is_bounded),
		cmocka_unit_test(signatures_are_bounded),
		cmocka_unit_test(any_allocation_may_fail),
		cmocka_unit_test(an_allowance_ends_cleanly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
