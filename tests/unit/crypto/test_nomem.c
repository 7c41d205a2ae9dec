/*
 * The n-th allocation fails, for every n, ours and OpenSSL's: a clean error, nothing leaked (the
 * sanitizer run sees to it), nothing half done; and never a sentence that blames the person.
 */
#include "tests/help/cm.h"
#include <stdio.h>
#include "base/mem.h"
#include "crypto/ocsp.h"
#include "crypto/rfc.h"
#include "crypto/sha.h"
#include "tests/help/ossl_mem.h"
#include "tests/help/pki.h"

#define ROOM (4 * 1024 * 1024)

struct given {
	struct arena arena; /* filled before memory fails */
	struct bytes cer;
	struct bytes key;
	struct bytes ca;
	struct bytes signature;
	struct secret password;
	struct efirma *efirma;
	struct key *public_key;
	struct trust *trust;
	char folder[512];
};

static struct given g;

typedef enum err (*operation)(void);

static enum err op_cert(void)
{
	ARENA(a, ROOM);
	struct cert c;

	enum err e = cert_read(&a, g.cer, &c);

	/* Read means read whole. */
	if (e == OK)
		assert_int_equal(c.rsa_bits, 2048);
	return e;
}

static enum err op_efirma(void)
{
	AUTO(efirma) f = NULL;

	return efirma_open(g.cer, g.key, &g.password, "PEÑJ800101AB1", pki_now(), &f);
}

static enum err op_rest(void)
{
	ARENA(a, 65536);
	AUTO(efirma) f = NULL;
	struct bytes signature;
	enum err e = efirma_open(g.cer, g.key, &g.password, NULL, pki_now(), &f);

	if (e == OK)
		e = key_rest(f->key);
	if (e == OK)
		e = key_matches(f->key, &f->cert);
	return e == OK ? key_sign(&a, f->key, g.cer, &signature) : e;
}

static enum err op_sign(void)
{
	ARENA(a, ROOM);
	struct bytes signature;

	return key_sign(&a, g.efirma->key, g.cer, &signature);
}

static enum err op_verify(void)
{
	return key_verify(g.public_key, g.cer, g.signature);
}

static enum err op_rebuild(void)
{
	AUTO(key) k = NULL;

	return key_from_rsa(g.efirma->cert.rsa_n, g.efirma->cert.rsa_e, &k);
}

static enum err op_of_cert(void)
{
	AUTO(key) k = NULL;

	return key_of_cert(&g.efirma->cert, &k);
}

static enum err op_reading_key(void)
{
	ARENA(a, ROOM);
	AUTO(key) k = NULL;
	SECRET(seed);
	unsigned char raw[32];
	const char *id;
	struct bytes signature;
	enum err e = key_make_ed25519(&k);

	if (e == OK)
		e = key_public_ed25519(k, raw);
	if (e == OK)
		e = key_seed_ed25519(k, &seed);
	if (e == OK)
		e = key_id_ed25519(&a, bytes_of(raw, sizeof(raw)), &id);
	return e == OK ? key_sign(&a, k, g.cer, &signature) : e;
}

static enum err op_trust_open(void)
{
	AUTO(trust) t = NULL;

	return trust_open(g.folder, &t);
}

static enum err op_trust_verify(void)
{
	return trust_verify(g.trust, g.cer, pki_now(), NULL);
}

static enum err op_ocsp_request(void)
{
	ARENA(a, ROOM);
	struct bytes der;

	return ocsp_request(&a, g.cer, g.ca, &der);
}

static enum err op_text(void)
{
	ARENA(a, ROOM);
	const char *text;
	enum err e = rfc_normalize(&a, "PEÑJ800101AB1", &text);

	if (e == OK)
		e = rfc_escape(&a, text) != NULL ? OK : ERR_NO_MEMORY;
	if (e == OK)
		e = sha256_hex(&a, g.cer, &text);
	return e == OK ? sha256_b64url(&a, g.cer, &text) : e;
}

/* The sanitizers look for leaks, ten times slower: a sample is enough for them. */
#if defined(__SANITIZE_ADDRESS__)
#define STEP 7
#else
#define STEP 1
#endif

/* Tables that OpenSSL fills once are filled before. */
static void every_allocation(operation op, const char *name, long most)
{
	long failed = 0;

	assert_int_equal(op(), OK);
	assert_int_equal(op(), OK);
	for (long n = 1; n <= most; n += STEP) {
		mem_fail_at(n);

		enum err e = op();
		long count = mem_count();

		mem_fail_at(0);
		if (e != OK && e != ERR_NO_MEMORY)
			fail_msg("%s: allocation %ld gives %s", name, n, err_wire(e));
		failed += e == ERR_NO_MEMORY;
		if (count < n) {
			assert_true(failed > 0);
			return;
		}
	}
	fail_msg("%s: more than %ld allocations", name, most);
}

static void test_every_allocation(void **state)
{
	static const struct {
		const char *name;
		operation op;
	} rows[] = {
		{"cert", op_cert},
		{"efirma", op_efirma},
		{"rest", op_rest},
		{"sign", op_sign},
		{"verify", op_verify},
		{"rebuild", op_rebuild},
		{"of_cert", op_of_cert},
		{"reading_key", op_reading_key},
		{"trust_open", op_trust_open},
		{"trust_verify", op_trust_verify},
		{"ocsp_request", op_ocsp_request},
		{"text", op_text},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		every_allocation(rows[i].op, rows[i].name, 20000);
	/* And afterwards all is as before. */
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		assert_int_equal(rows[i].op(), OK);
}

static int setup(void **state)
{
	(void)state;
	arena_init(&g.arena, ROOM);
	g.cer = pki_read(&g.arena, "fisica.cer");
	g.key = pki_read(&g.arena, "rapida.key");
	pki_password("fisica", &g.password);
	g.efirma = pki_efirma("fisica");
	snprintf(g.folder, sizeof(g.folder), "%s/confianza", pki_dir());
	assert_int_equal(trust_open(g.folder, &g.trust), OK);
	assert_int_equal(trust_verify(g.trust, g.cer, pki_now(), &g.ca), OK);
	assert_int_equal(key_of_cert(&g.efirma->cert, &g.public_key), OK);
	assert_int_equal(key_sign(&g.arena, g.efirma->key, g.cer, &g.signature), OK);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	key_free(g.public_key);
	trust_free(g.trust);
	efirma_free(g.efirma);
	secret_clear(&g.password);
	arena_free(&g.arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_every_allocation, setup, teardown),
	};

	ossl_mem_hook();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
