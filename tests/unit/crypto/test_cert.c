/* L-4.2: whose certificate it is, and whether it may sign acts. */
#include "tests/help/cm.h"
#include "crypto/cert.h"
#include "crypto/rfc.h"
#include "crypto/sha.h"
#include "tests/help/pki.h"

#define ROOM (4 * 1024 * 1024)

static struct cert read_good(struct arena *a, const char *file)
{
	struct cert c = {0};

	assert_int_equal(cert_read(a, pki_read(a, file), &c), OK);
	return c;
}

static enum err read_err(const char *file)
{
	ARENA(a, ROOM);
	struct cert c = {.name = "intacto"};
	enum err e = cert_read(&a, pki_read(&a, file), &c);

	if (e != OK)
		assert_string_equal(c.name, "intacto");
	return e;
}

static void test_fisica(void **state)
{
	ARENA(a, ROOM);
	struct cert c = read_good(&a, "fisica.cer");

	(void)state;
	assert_int_equal(c.kind, CERT_EFIRMA);
	assert_string_equal(c.rfc, "PEÑJ800101AB1");
	assert_string_equal(c.representative, "");
	assert_string_equal(c.curp, "PEXJ800101HDFXXS09");
	assert_string_equal(c.name, "JOSÉ PEÑA ÑANDÚ");
	assert_string_equal(c.email, "jose@prueba.test");
	assert_string_equal(c.issuer_name, "AC de PRUEBA");
	assert_int_equal(strlen(c.serial), 20);
	assert_memory_equal(c.serial, "3000900000050000", 16);
	assert_int_equal(c.serial_der.size, 20);
	assert_memory_equal(c.serial_der.data, c.serial, 20);
	assert_int_equal(c.rsa_bits, 2048);
	assert_int_equal(c.rsa_n.size, 256);
	assert_int_equal(c.rsa_e, 65537);
	assert_false(c.ocsp_signing);
	assert_int_equal(c.not_before % 1000, 0);
	assert_int_equal(cert_check_efirma(&c, pki_now()), OK);
}

static void test_moral(void **state)
{
	ARENA(a, ROOM);
	struct cert c = read_good(&a, "moral.cer");

	(void)state;
	/* Holder and representative are told apart; the holder alone counts. */
	assert_string_equal(c.rfc, "FÑ&010203AB1");
	assert_string_equal(c.representative, "NULM750615MN7");
	assert_string_equal(c.curp, "NULM750615MDFXPR02");
	assert_string_equal(c.name, "FERRETERÍA ÑANDÚ & HIJOS SA DE CV");
	assert_int_equal(rfc_kind(c.rfc), RFC_MORAL);
	assert_int_equal(cert_check_efirma(&c, pki_now()), OK);
}

/* Thumbprint and n are those that plain openssl says. */
static void test_thumbprint(void **state)
{
	ARENA(a, ROOM);
	struct cert c = read_good(&a, "fisica.cer");
	const char *expected = NULL;

	(void)state;
	assert_int_equal(sha256_b64url(&a, pki_read(&a, "fisica.cer"), &expected), OK);
	assert_string_equal(c.thumbprint, expected);
	assert_int_equal(strlen(c.thumbprint), 43);
	assert_true(bytes_equal(c.der, pki_read(&a, "fisica.cer")));
}

static void test_same_in_every_form(void **state)
{
	static const char *const forms[] = {"pem.cer", "base64.cer"};
	ARENA(a, ROOM);
	struct cert der = read_good(&a, "fisica.cer");

	(void)state;
	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		struct cert c = read_good(&a, forms[i]);

		assert_true(bytes_equal(c.der, der.der));
		assert_string_equal(c.thumbprint, der.thumbprint);
	}
}

static void test_wrapped_and_marked(void **state)
{
	ARENA(a, ROOM);
	struct bytes pem = pki_read(&a, "pem.cer");
	struct bytes der = pki_read(&a, "fisica.cer");
	struct cert c;

	(void)state;
	/* A byte order mark and blanks before PEM; blanks behind DER; text around the block. */
	const char *marked = arena_printf(&a, "\xEF\xBB\xBF\r\n%s", (const char *)pem.data);
	const char *among =
		arena_printf(&a, "Bag Attributes\nsubject=x\n%s\nfin", (const char *)pem.data);
	unsigned char *tail = arena_alloc(&a, der.size + 2);

	memcpy(tail, der.data, der.size);
	memcpy(tail + der.size, "\r\n", 2);
	assert_int_equal(cert_read(&a, bytes_of_text(marked), &c), OK);
	assert_int_equal(cert_read(&a, bytes_of_text(among), &c), OK);
	assert_int_equal(cert_read(&a, bytes_of(tail, der.size + 2), &c), OK);
	assert_int_equal(c.der.size, der.size);
	/* Anything else behind it is damage. */
	tail[der.size] = 'x';
	assert_int_equal(cert_read(&a, bytes_of(tail, der.size + 2), &c), ERR_BAD_CERT);
}

static void test_mistakes_have_names(void **state)
{
	(void)state;
	assert_int_equal(read_err("fisica.pfx"), ERR_PFX);
	assert_int_equal(read_err("fisica.key"), ERR_SWAPPED_KEY);
	assert_int_equal(read_err("pbes1.key"), ERR_SWAPPED_KEY);
	assert_int_equal(read_err("pem.key"), ERR_SWAPPED_KEY);
	assert_int_equal(read_err("pkcs1.key"), ERR_SWAPPED_KEY);
	assert_int_equal(read_err("pem_viejo.key"), ERR_SWAPPED_KEY);
	assert_int_equal(read_err("llana.key"), ERR_SWAPPED_KEY);
	assert_int_equal(read_err("base64.key"), ERR_SWAPPED_KEY);
	assert_int_equal(read_err("truncada.key"), ERR_SWAPPED_KEY);
	assert_int_equal(read_err("truncada.cer"), ERR_BAD_CERT);
	assert_int_equal(read_err("fisica.pass"), ERR_BAD_CERT);
	assert_int_equal(read_err("obra/fisica.req"), ERR_BAD_CERT);
	assert_int_equal(read_err("dos_titulares.cer"), ERR_BAD_CERT);
}

/* Cut anywhere it is refused, never taken for whole. */
static void test_truncated_anywhere(void **state)
{
	static const char *const files[] = {"fisica.cer", "base64.cer"};
	ARENA(a, ROOM);
	ARENA(each, ROOM);
	struct cert c;

	(void)state;
	for (size_t f = 0; f < COUNT_OF(files); f++) {
		struct bytes whole = pki_read(&a, files[f]);

		for (size_t n = 0; n < whole.size - 2; n += f == 0 ? 1 : 7) {
			unsigned char *exact = arena_copy(&each, whole.data, n);

			assert_int_equal(cert_read(&each, bytes_of(exact, n), &c), ERR_BAD_CERT);
			arena_free(&each);
			arena_init(&each, ROOM);
		}
	}
}

static enum err judged(const char *file)
{
	ARENA(a, ROOM);
	struct cert c = read_good(&a, file);

	return cert_check_efirma(&c, pki_now());
}

static void test_not_for_signing(void **state)
{
	(void)state;
	assert_int_equal(judged("csd.cer"), ERR_CSD);
	assert_int_equal(judged("sello.cer"), ERR_CSD);
	assert_int_equal(judged("tls.pem"), ERR_NOT_EFIRMA);
	assert_int_equal(judged("ocsp.pem"), ERR_NOT_EFIRMA);
	assert_int_equal(judged("ca.pem"), ERR_NOT_EFIRMA);
	/* Half a rule is not enough, in either direction. */
	assert_int_equal(judged("con_ou.cer"), ERR_NOT_EFIRMA);
	assert_int_equal(judged("sin_eku.cer"), ERR_NOT_EFIRMA);
	assert_int_equal(judged("sin_ou.cer"), ERR_NOT_EFIRMA);
	assert_int_equal(judged("solo_cliente.cer"), ERR_NOT_EFIRMA);
	assert_int_equal(judged("uso_corto.cer"), ERR_NOT_EFIRMA);
	assert_int_equal(judged("debil.cer"), ERR_WEAK_KEY);
	assert_int_equal(judged("vencida.cer"), ERR_CERT_EXPIRED);
	assert_int_equal(judged("futura.cer"), ERR_CERT_NOT_YET);
}

static void test_kinds(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	assert_int_equal(read_good(&a, "ca.pem").kind, CERT_CA);
	assert_int_equal(read_good(&a, "csd.cer").kind, CERT_CSD);
	assert_int_equal(read_good(&a, "tls.pem").kind, CERT_OTHER);
	assert_int_equal(read_good(&a, "tls.pem").rsa_bits, 0);
	assert_true(read_good(&a, "ocsp.pem").ocsp_signing);
}

/* In force from its first second to the end of its last. */
static void test_window(void **state)
{
	ARENA(a, ROOM);
	struct cert c = read_good(&a, "vencida.cer");

	(void)state;
	assert_int_equal(c.not_before, INT64_C(1577836800000)); /* 2020-01-01 */
	assert_int_equal(c.not_after, INT64_C(1704067200000));	/* 2024-01-01 */
	assert_int_equal(cert_check_efirma(&c, c.not_before - 1), ERR_CERT_NOT_YET);
	assert_int_equal(cert_check_efirma(&c, c.not_before), OK);
	assert_int_equal(cert_check_efirma(&c, c.not_after + 999), OK);
	assert_int_equal(cert_check_efirma(&c, c.not_after + 1000), ERR_CERT_EXPIRED);
}

static void test_weak_variants(void **state)
{
	ARENA(a, ROOM);
	struct cert c = read_good(&a, "fisica.cer");
	struct cert other = c;

	(void)state;
	other.rsa_e = 3;
	assert_int_equal(cert_check_efirma(&other, pki_now()), ERR_WEAK_KEY);
	other = c;
	other.rsa_bits = 8192;
	assert_int_equal(cert_check_efirma(&other, pki_now()), ERR_WEAK_KEY);
	other = c;
	other.rfc = "PEÑJ800101AB1X";
	assert_int_equal(cert_check_efirma(&other, pki_now()), ERR_NOT_EFIRMA);
}

static void test_small_allowance(void **state)
{
	ARENA(files, ROOM);
	struct bytes file = pki_read(&files, "fisica.cer");
	struct cert c;

	(void)state;
	for (size_t n = 0; n < 1500; n += 50) {
		ARENA(a, n);

		assert_int_equal(cert_read(&a, file, &c), ERR_NO_MEMORY);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fisica),
		cmocka_unit_test(test_moral),
		cmocka_unit_test(test_thumbprint),
		cmocka_unit_test(test_same_in_every_form),
		cmocka_unit_test(test_wrapped_and_marked),
		cmocka_unit_test(test_mistakes_have_names),
		cmocka_unit_test(test_truncated_anywhere),
		cmocka_unit_test(test_not_for_signing),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_weak_variants),
		cmocka_unit_test(test_small_allowance),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
