/* L-4.2: issued by SAT, in force then; production and tests never mixed. */
#include "tests/help/cm.h"
#include <stdio.h>
#include <stdlib.h>
#include "base/file.h"
#include "crypto/trust.h"
#include "tests/help/pki.h"

#define ROOM (4 * 1024 * 1024)
#define IN_2022 INT64_C(1640995200000)

static struct trust *open_trust(void)
{
	char path[512];
	struct trust *t = NULL;

	snprintf(path, sizeof(path), "%s/confianza", pki_dir());
	assert_int_equal(trust_open(path, &t), OK);
	return t;
}

/* A folder of its own, made by a shell line in it with $P the PKI; the caller removes it. */
static void make_folder(char folder[64], const char *line)
{
	char command[1024];

	snprintf(folder, 64, "/tmp/buzon-trust-XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(command, sizeof(command),
		"P='%s'; cd %s && mkdir -p raices emisores sellos ocsp && (%s)", pki_dir(), folder,
		line);
	assert_int_equal(system(command), 0);
}

static void remove_folder(const char *folder)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -r %s", folder);
	assert_int_equal(system(command), 0);
}

static enum err open_made(const char *line)
{
	char folder[64];
	AUTO(trust) t = NULL;

	make_folder(folder, line);

	enum err e = trust_open(folder, &t);

	remove_folder(folder);
	return e;
}

static enum err verify(const struct trust *t, const char *file, int64_t at)
{
	ARENA(a, ROOM);
	struct cert c;

	assert_int_equal(cert_read(&a, pki_read(&a, file), &c), OK);
	return trust_verify(t, c.der, at, NULL);
}

static void test_good(void **state)
{
	static const char *const files[] = {"fisica.cer", "moral.cer", "representante.cer",
		"funcionario.cer", "contador.cer", "revocada.cer"};
	AUTO(trust) t = open_trust();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(files); i++)
		assert_int_equal(verify(t, files[i], pki_now()), OK);
	assert_true(trust_is_test(t));
}

static void test_issuer_is_given(void **state)
{
	ARENA(a, ROOM);
	AUTO(trust) t = open_trust();
	struct bytes issuer = {0};
	struct cert c;

	(void)state;
	assert_int_equal(trust_verify(t, pki_read(&a, "fisica.cer"), pki_now(), &issuer), OK);
	assert_int_equal(cert_read(&a, issuer, &c), OK);
	assert_string_equal(c.name, "AC de PRUEBA");
	issuer = bytes_of(NULL, 0);
	assert_int_equal(trust_verify(t, pki_read(&a, "otra_ca.cer"), pki_now(), &issuer),
		ERR_CERT_UNTRUSTED);
	assert_int_equal(issuer.size, 0);
}

/* The whole chain as of the instant asked, not of today. */
static void test_as_of(void **state)
{
	AUTO(trust) t = open_trust();

	(void)state;
	assert_int_equal(verify(t, "vencida.cer", IN_2022), OK);
	assert_int_equal(verify(t, "vencida.cer", pki_now()), ERR_CERT_UNTRUSTED);
	assert_int_equal(verify(t, "futura.cer", pki_now()), ERR_CERT_UNTRUSTED);
	assert_int_equal(verify(t, "futura.cer", INT64_C(2272000000000)), OK); /* end of 2041 */
	assert_int_equal(verify(t, "fisica.cer", IN_2022), ERR_CERT_UNTRUSTED);
}

static void test_strangers(void **state)
{
	ARENA(a, ROOM);
	AUTO(trust) t = open_trust();

	(void)state;
	/* Issued by one of the same name: the signature decides. */
	assert_int_equal(verify(t, "otra_ca.cer", pki_now()), ERR_CERT_UNTRUSTED);
	assert_int_equal(verify(t, "tls.pem", pki_now()), ERR_CERT_UNTRUSTED);
	assert_int_equal(
		trust_verify(t, bytes_of_text("basura"), pki_now(), NULL), ERR_CERT_UNTRUSTED);

	/* A turned bit of the signature. */
	struct bytes good = pki_read(&a, "fisica.cer");
	unsigned char *bad = arena_copy(&a, good.data, good.size);

	bad[good.size - 1] ^= 1;
	assert_int_equal(
		trust_verify(t, bytes_of(bad, good.size), pki_now(), NULL), ERR_CERT_UNTRUSTED);
}

/* Authorities that share a name don't hide each other, whichever is read first. */
static void test_same_names_side_by_side(void **state)
{
	char folder[64];
	AUTO(trust) t = NULL;

	(void)state;
	make_folder(folder,
		"cp $P/confianza/raices/raiz.cer raices/b.cer; cp $P/otra_raiz.cer raices/a.cer;"
		"cp $P/confianza/emisores/ac.cer emisores/b.cer; cp $P/otra_ac.cer emisores/a.cer");
	assert_int_equal(trust_open(folder, &t), OK);
	assert_int_equal(verify(t, "fisica.cer", pki_now()), OK);
	assert_int_equal(verify(t, "otra_ca.cer", pki_now()), OK);
	remove_folder(folder);
}

/* An issuer whose root is not there counts for nothing. */
static void test_issuer_without_root(void **state)
{
	char folder[64];
	AUTO(trust) t = NULL;

	(void)state;
	make_folder(folder, "cp $P/otra_raiz.cer raices; cp $P/confianza/emisores/ac.cer emisores");
	assert_int_equal(trust_open(folder, &t), OK);
	assert_int_equal(verify(t, "fisica.cer", pki_now()), ERR_CERT_UNTRUSTED);
	remove_folder(folder);
}

static void test_bad_folders(void **state)
{
	AUTO(trust) t = NULL;

	(void)state;
	assert_int_equal(trust_open("/no/existe", &t), ERR_NO_FILE);
	assert_int_equal(open_made("cp $P/confianza/emisores/ac.cer emisores"), ERR_NO_FILE);
	assert_int_equal(open_made("cp $P/truncada.cer raices"), ERR_BAD_CERT);
	assert_int_equal(open_made("cp $P/fisica.key raices"), ERR_BAD_CERT);
	/* Not self-signed; no authority. */
	assert_int_equal(open_made("cp $P/confianza/emisores/ac.cer raices"), ERR_BAD_CERT);
	assert_int_equal(open_made("cp $P/confianza/raices/raiz.cer raices; "
				   "cp $P/fisica.cer emisores"),
		ERR_BAD_CERT);
	/* Test and production roots in one folder. */
	assert_int_equal(
		open_made("cp $P/confianza/raices/raiz.cer raices; openssl req -x509 -newkey "
			  "ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k -subj /CN=Seria "
			  "-addext basicConstraints=critical,CA:TRUE "
			  "-out raices/otra.cer 2>/dev/null"),
		ERR_CONFIG);
}

static void test_production_folder(void **state)
{
	char folder[64];
	AUTO(trust) t = NULL;

	(void)state;
	make_folder(folder, "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
			    "-keyout k -subj /CN=Seria -addext basicConstraints=critical,CA:TRUE "
			    "-out raices/otra.cer 2>/dev/null");
	assert_int_equal(trust_open(folder, &t), OK);
	assert_false(trust_is_test(t));
	remove_folder(folder);
}

static void test_seal(void **state)
{
	ARENA(a, ROOM);
	AUTO(trust) t = open_trust();
	struct cert seal;
	struct cert found = {0};

	(void)state;
	assert_int_equal(cert_read(&a, pki_read(&a, "sello.cer"), &seal), OK);
	assert_int_equal(trust_seal(t, seal.thumbprint, pki_now(), &a, &found), OK);
	assert_string_equal(found.name, "Sello del Instituto de PRUEBA");
	assert_int_equal(trust_seal(t, seal.thumbprint, seal.not_before - 1, &a, &found),
		ERR_CERT_UNTRUSTED);
	assert_int_equal(trust_seal(t, seal.thumbprint, seal.not_after + 1000, &a, &found),
		ERR_CERT_UNTRUSTED);
	assert_int_equal(trust_seal(t, "otra", pki_now(), &a, &found), ERR_CERT_UNTRUSTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_issuer_is_given),
		cmocka_unit_test(test_as_of),
		cmocka_unit_test(test_strangers),
		cmocka_unit_test(test_same_names_side_by_side),
		cmocka_unit_test(test_issuer_without_root),
		cmocka_unit_test(test_bad_folders),
		cmocka_unit_test(test_production_folder),
		cmocka_unit_test(test_seal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
