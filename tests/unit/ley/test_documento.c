/*
 * A notified document is proved by its public servant's signature: L-7.1, L-7.9, L-8.
 */
#include "crypto/sha.h"
#include "ley/documento.h"
#include "ley/hora.h"
#include "ley/zona.h"
#include "tests/help/cm.h"
#include "tests/help/pki.h"

static struct efirma *functionary;
static struct trust *trust;

static int set_up(void **state)
{
	ARENA(a, 4096);
	char *folder = arena_printf(&a, "%s/confianza", pki_dir());

	(void)state;
	assert_int_equal(zona_setup(), OK);
	assert_int_equal(trust_open(folder, &trust), OK);
	functionary = pki_efirma("funcionario");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	trust_free(trust);
	efirma_free(functionary);
	return 0;
}

/* A whole document, signed now. */
static struct documento_firmado make(struct arena *a)
{
	struct documento_firmado d = {.folio = "BI-20261109-101500114",
		.titular = "PEÑJ800101AB1",
		.certificado = functionary->cert.der};
	struct documento says = {.oficio = "OF-1/2026",
		.rfc = d.titular,
		.firmante = functionary->cert.rfc,
		.fecha = hora_text(a, zona_centro(), pki_now(), HORA_CADENA)};

	assert_int_equal(sha256_hex(a, bytes_of_text("%PDF-"), &d.sha256), OK);
	says.sha256 = d.sha256;
	assert_int_equal(documento_cadena(a, &says, &d.cadena), OK);
	assert_int_equal(key_sign(a, functionary->key, bytes_of_text(d.cadena), &d.firma), OK);
	return d;
}

static bool proved(struct arena *a, const struct documento_firmado *d, const struct trust *t)
{
	struct acuse_proof proof;

	assert_int_equal(documento_prove(a, d, t, &proof), OK);
	return proof.holds;
}

static void test_whole(void **state)
{
	ARENA(a, 1 << 20);
	struct documento_firmado d = make(&a);
	struct acuse_proof proof;

	(void)state;
	assert_int_equal(documento_prove(&a, &d, trust, &proof), OK);
	for (size_t i = 0; i < proof.count; i++)
		if (!proof.checks[i].holds)
			fail_msg("%s", proof.checks[i].what);
	assert_false(proved(&a, &d, NULL));
}

/* What was signed before it had no folio: still read, and good for that folio alone. */
static struct documento_firmado make_old(struct arena *a)
{
	struct documento_firmado d = make(a);
	const char *rest = strstr(d.cadena, "|RFC:");

	assert_non_null(rest);
	d.cadena =
		arena_printf(a, "%.*s|Folio:%s%s", (int)(rest - d.cadena), d.cadena, d.folio, rest);
	assert_int_equal(key_sign(a, functionary->key, bytes_of_text(d.cadena), &d.firma), OK);
	return d;
}

static void test_older(void **state)
{
	ARENA(a, 1 << 20);
	struct documento_firmado d = make_old(&a);
	struct documento says;

	(void)state;
	assert_int_equal(documento_parse(&a, d.cadena, &says), OK);
	assert_string_equal(says.folio, d.folio);
	assert_true(proved(&a, &d, trust));
	d.folio = "BI-20261109-101500115";
	assert_false(proved(&a, &d, trust));
	d = make(&a);
	assert_null(strstr(d.cadena, "Folio"));
	assert_int_equal(documento_parse(&a, d.cadena, &says), OK);
	assert_null(says.folio);
}

/* L-8: what is signed for several proves nothing of a notification. */
static void test_for_several(void **state)
{
	ARENA(a, 1 << 20);
	struct documento_firmado d = make(&a);
	struct documento says;

	(void)state;
	assert_int_equal(documento_parse(&a, d.cadena, &says), OK);
	says.rfc = DOCUMENTO_PARA_VARIOS;
	assert_int_equal(documento_cadena(&a, &says, &d.cadena), OK);
	assert_int_equal(key_sign(&a, functionary->key, bytes_of_text(d.cadena), &d.firma), OK);
	assert_false(proved(&a, &d, trust));
	d.publicado = true;
	assert_true(proved(&a, &d, trust));
	d = make(&a);
	d.publicado = true;
	assert_true(proved(&a, &d, trust));
	d.titular = "PEÑJ800101AB2";
	assert_false(proved(&a, &d, trust));
}

static void test_altered(void **state)
{
	ARENA(a, 1 << 20);
	const struct documento_firmado whole = make(&a);
	struct documento_firmado d = whole;
	struct efirma *other = pki_efirma("contador");

	(void)state;
	assert_true(proved(&a, &d, trust));
	d.sha256 = "00";
	assert_false(proved(&a, &d, trust));
	d = whole;
	d.titular = "PEÑJ800101AB2";
	assert_false(proved(&a, &d, trust));
	d = whole;
	d.firma.size--;
	assert_false(proved(&a, &d, trust));
	d = whole;
	d.cadena = "||Documento:otro||";
	assert_false(proved(&a, &d, trust));
	/* Signed well, by somebody whom the cadena does not name. */
	d = whole;
	d.certificado = other->cert.der;
	assert_int_equal(key_sign(&a, other->key, bytes_of_text(d.cadena), &d.firma), OK);
	assert_false(proved(&a, &d, trust));
	efirma_free(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_older),
		cmocka_unit_test(test_for_several),
		cmocka_unit_test(test_altered),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
