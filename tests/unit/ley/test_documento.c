/*
 * A notified document is proved by its public servant's signature: L-7.1, L-7.9.
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
		.folio = d.folio,
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
	d.folio = "BI-20261109-101500115";
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
		cmocka_unit_test(test_altered),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
