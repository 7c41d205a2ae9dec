/*
 * The acuse and its page proved by programs that are none of ours: openssl, qpdf, poppler, zbar,
 * curl. And a server that stops as told. L-6.1 L-6.5 L-7.9 L-QR L-10 A-15
 */
#include "tests/help/cm.h"
#include <ctype.h>
#include "base/b64.h"
#include "base/file.h"
#include "ley/zona.h"
#include "net/codec.h"
#include "net/messages.h"
#include "tests/help/e2e.h"
#include "tests/help/pki.h"

#define ROOM (64 * 1024 * 1024)
#define SHELL(a, ...) E2E_RUN(&world, (a), "sh", "-c", __VA_ARGS__)

static struct e2e world;
static const char *acuse; /* a folio; acuse.json and acuse.pdf are its papers */
static struct m_acuse held;

static void must_be(const struct e2e_run *r, int code)
{
	if (r->code != code)
		fail_msg("exit %d, not %d; out: %s; err: %s", r->code, code, r->out, r->err);
}

static int open_world(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	e2e_open(&world);
	const char *folio = e2e_notificar(&world, E2E_FISICA);
	struct e2e_run r = E2E_RUN(&world, &a, "buzon-tui", "abrir", folio, "--si", "--json");

	must_be(&r, 0);
	acuse = arena_strdup(&world.arena, e2e_json(&a, r.out, "folio"));
	r = E2E_RUN(&world, &a, "buzon-tui", "acuse", acuse, "-o", "acuse.json");
	must_be(&r, 0);
	r = E2E_RUN(&world, &a, "buzon-tui", "acuse", acuse, "-o", "acuse.pdf");
	must_be(&r, 0);
	assert_int_equal(
		codec_decode(&world.arena, &message_acuse, CODEC_TOLERANT,
			bytes_of_text(e2e_file(&world, &world.arena, "acuse.json")), &held, NULL),
		OK);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	e2e_close(&world);
	return 0;
}

/* L-6.5 L-7.9: openssl alone, from the members of the JSON: the Institute's seal, the signature. */
static void test_openssl(void **state)
{
	ARENA(a, ROOM);
	const struct {
		const char *name;
		struct bytes content;
	} files[] = {
		{"cadena", bytes_of_text(held.cadena)},
		{"sello", held.sello},
		{"sello.cer", held.certificado_sello},
		{"base", bytes_of_text(held.base)},
		{"firma", held.firma},
		{"firma.cer", held.certificado},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(files); i++)
		assert_int_equal(
			file_write(e2e_path(&world, &a, files[i].name), files[i].content, 0600),
			OK);
	struct e2e_run r = SHELL(&a,
		"for of in sello:cadena firma:base; do s=${of%:*}; "
		"openssl x509 -in $s.cer -pubkey -noout >$s.pub && "
		"openssl dgst -sha256 -verify $s.pub -signature $s ${of#*:} || exit 1; done");

	must_be(&r, 0);
	assert_string_equal(r.out, "Verified OK\nVerified OK\n");
	r = SHELL(&a,
		"sed 's/Calidad:propio/Calidad:otro/' cadena >otra && ! cmp -s cadena otra && "
		"openssl dgst -sha256 -verify sello.pub -signature sello otra");
	must_be(&r, 1);
	/* The commands that the program itself tells do the same. */
	r = E2E_RUN(&world, &a, "buzon-tui", "acuse", acuse, "--openssl", "prueba");
	must_be(&r, 0);
	assert_non_null(strstr(r.err, "openssl dgst -sha256 -verify"));
	r = SHELL(&a, "cd prueba && openssl x509 -in sello.cer -pubkey -noout > sello.pem && "
		      "openssl base64 -d -A -in sello.b64 -out sello.bin && "
		      "openssl dgst -sha256 -verify sello.pem -signature sello.bin cadena.txt");
	must_be(&r, 0);
	assert_string_equal(r.out, "Verified OK\n");
}

/* Blanks and line ends of a text's layout do not count. */
static const char *squeeze(struct arena *a, const char *text)
{
	char *to = arena_alloc(a, strlen(text) + 1);
	size_t n = 0;

	assert_non_null(to);
	for (; *text != '\0'; text++)
		if (!isspace((unsigned char)*text))
			to[n++] = *text;
	to[n] = '\0';
	return to;
}

static void must_contain(struct arena *a, const char *text, const char *part)
{
	if (strstr(text, squeeze(a, part)) == NULL)
		fail_msg("no «%s» on paper", part);
}

/* L-6.1 A-15: a sound PDF whose text is all that an acuse holds. */
static void test_pdf(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	struct e2e_run r = SHELL(&a, "qpdf --check documento.pdf && qpdf --check acuse.pdf");

	must_be(&r, 0);
	assert_non_null(strstr(r.out, "No syntax or stream encoding errors"));
	r = SHELL(&a, "pdftotext -enc UTF-8 -layout acuse.pdf -");
	must_be(&r, 0);
	const char *text = squeeze(&a, r.out);

	must_contain(&a, text, held.tipo);
	must_contain(&a, text, held.folio);
	must_contain(&a, text, held.fundamento);
	must_contain(&a, text, E2E_FISICA);
	must_contain(&a, text, E2E_FISICA_NOMBRE);
	must_contain(&a, text, E2E_DOCUMENTO);
	must_contain(&a, text, held.estatus);
	must_contain(&a, text, held.cadena);
	must_contain(&a, text, b64_encode(&a, held.sello));
	must_contain(&a, text, b64_encode(&a, held.firma));
	must_contain(&a, text, hora_text(&a, zona_centro(), held.elaborado, HORA_ACUSE));
	must_contain(&a, text, held.capacidad);
	must_contain(&a, text, "800 623 23 23");
	must_contain(&a, text, "PRUEBA");
}

/* The evidence inside is the evidence. */
static void test_attachment(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	struct e2e_run r =
		SHELL(&a, "name=$(qpdf --list-attachments acuse.pdf | sed 's/ -> .*//') && "
			  "qpdf --show-attachment=\"$name\" acuse.pdf >dentro.json && "
			  "cmp dentro.json acuse.json && echo igual");

	must_be(&r, 0);
	assert_string_equal(r.out, "igual\n");
}

static const char *page_url(struct arena *a)
{
	const char *url = arena_printf(a, "%s/v/%s", held.direccion, held.capacidad);

	assert_non_null(url);
	return url;
}

/* L-QR: from the printed page, and from nothing else, to its verification. */
static void test_qr(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	struct e2e_run r = SHELL(&a, "pdftoppm -r 150 -png acuse.pdf hoja && "
				     "zbarimg -q --raw -Sdisable -Sqrcode.enable hoja*.png");

	must_be(&r, 0);
	assert_string_equal(r.out, arena_printf(&a, "%s\n", page_url(&a)));
}

/* L-10: metadata by capability only; the capability is never logged. */
static void test_page(void **state)
{
	ARENA(a, ROOM);
	const char *ca = arena_printf(&a, "%s/tls_ca.pem", pki_dir());
	const char *base = arena_printf(&a, "https://localhost:%u", world.port);

	(void)state;
	struct e2e_run r =
		E2E_RUN(&world, &a, "curl", "-sS", "-D", "cabeza", "--cacert", ca, page_url(&a));

	must_be(&r, 0);
	assert_non_null(strstr(r.out, arena_printf(&a, "<dd>%s</dd>", held.folio)));
	assert_non_null(strstr(r.out, arena_printf(&a, "<dd>%s</dd>", held.tipo)));
	assert_non_null(strstr(r.out, "PRUEBA"));
	assert_null(strstr(r.out, "<script"));
	const char *head = e2e_file(&world, &a, "cabeza");

	assert_non_null(strcasestr(head, "content-security-policy:"));
	assert_non_null(strcasestr(head, "referrer-policy: no-referrer"));
	assert_non_null(strcasestr(head, "cache-control: no-store"));
	assert_non_null(strcasestr(head, "content-type: text/html; charset=utf-8"));
	r = SHELL(
		&a, arena_printf(&a,
			    "for v in AAAAAAAAAAAAAAAAAAAA %s '' \"%%27%%20OR%%201\"; do curl -sS "
			    "-o /dev/null -w '%%{http_code}\\n' --cacert %s %s/v/$v; done",
			    held.folio, ca, base));
	must_be(&r, 0);
	/* Without any: the form to ask for it. */
	assert_string_equal(r.out, "404\n404\n200\n404\n");
	r = SHELL(
		&a, arena_printf(&a, "curl -sS -w '%%{http_code}' --cacert %s %s/salud", ca, base));
	must_be(&r, 0);
	assert_string_equal(r.out, "bien\n200");
	assert_null(strstr(e2e_file(&world, &a, "buzond.err"), held.capacidad));
	assert_null(strstr(e2e_file(&world, &a, "buzond.out"), held.capacidad));
}

static void test_verificar(void **state)
{
	static const char *const edits[] = {"s/propio/ajeno/", "s/\"legal\":1/\"legal\":2/",
		"s/JOSÉ/JOSE/", "s/\"sello\":\"A/\"sello\":\"B/;t;s/\"sello\":\"./\"sello\":\"A/",
		"s/\"estatus\":\"Notificada/\"estatus\":\"Cancelada/"};
	ARENA(a, ROOM);

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		const char *file = i == 0 ? "acuse.json" : "acuse.pdf";
		struct e2e_run r = E2E_RUN(&world, &a, "buzon-tui", "verificar", file);

		must_be(&r, 0);
		assert_non_null(strstr(r.out, "se comprobó por completo"));
		assert_null(strstr(r.out, "✗"));
	}
	for (size_t i = 0; i < COUNT_OF(edits); i++) {
		struct e2e_run r = SHELL(&a, arena_printf(&a,
						     "sed '%s' acuse.json >otro.json; ! cmp -s "
						     "acuse.json otro.json",
						     edits[i]));

		if (r.code != 0)
			fail_msg("%s changes nothing", edits[i]);
		r = E2E_RUN(&world, &a, "buzon-tui", "verificar", "otro.json");
		if (r.code != err_exit(ERR_NOT_PROVED))
			fail_msg("%s: exit %d: %s%s", edits[i], r.code, r.out, r.err);
		assert_non_null(strstr(r.out, "✗ NO"));
	}
	/* What is printed counts, not only what is attached. */
	struct e2e_run drawn = SHELL(&a, "{ cat acuse.pdf; echo; } >otro.pdf");

	must_be(&drawn, 0);
	drawn = E2E_RUN(&world, &a, "buzon-tui", "verificar", "otro.pdf");
	must_be(&drawn, err_exit(ERR_NOT_PROVED));
	/* Without the folder of trust nothing is taken for proved. */
	struct e2e_run r = E2E_RUN(
		&world, &a, "buzon-tui", "verificar", "acuse.json", "--confianza", "no-existe");
	must_be(&r, err_exit(ERR_NO_TRUST));
}

/* Papers that are none, or damaged. */
static void test_damaged(void **state)
{
	static const char *const made[] = {"head -c 900 acuse.json >d", "head -c 5000 acuse.pdf >d",
		"cp documento.pdf d; echo >>d", ": >d", "head -c 5000 /dev/urandom >d"};
	ARENA(a, ROOM);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(made); i++) {
		struct e2e_run r = SHELL(&a, made[i]);

		must_be(&r, 0);
		r = E2E_RUN(&world, &a, "buzon-tui", "verificar", "d");
		if (r.code != err_exit(ERR_BAD_EVIDENCE))
			fail_msg("%s: exit %d: %s%s", made[i], r.code, r.out, r.err);
		assert_non_null(strstr(r.err, err_sentence(ERR_BAD_EVIDENCE)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_openssl),
		cmocka_unit_test(test_pdf),
		cmocka_unit_test(test_attachment),
		cmocka_unit_test(test_qr),
		cmocka_unit_test(test_page),
		cmocka_unit_test(test_verificar),
		cmocka_unit_test(test_damaged),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
