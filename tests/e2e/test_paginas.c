/*
 * The public pages as people meet them: in Chromium, in lynx, and as mail scanners do. A link
 * confirms an e-mail by its button only, once, whatever browser and however many servers.
 * L-5.2 L-10 A-06 A-12
 */
#include "tests/help/cm.h"
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/clock.h"
#include "base/file.h"
#include "tests/help/e2e_filas.h"
#include "tests/help/e2e_servidor.h"
#include "tests/help/pki.h"
#include "tests/help/webdriver.h"

#define ROOM (16 * 1024 * 1024)
#define SHELL(a, ...) E2E_RUN(&world, (a), "sh", "-c", __VA_ARGS__)
#define CORREO "persona.privada@ejemplo.mx"
#define POSTS 8

static struct e2e world;
static struct e2e_servidor second = {.name = "segundo"};
static bool shared;
static struct webdriver browser;

static const char *must(const char *text)
{
	assert_non_null(text);
	return text;
}

static void says(const char *text, const char *what)
{
	if (strcasestr(text, what) == NULL)
		fail_msg("missing «%s» in: %s", what, text);
}

/* A new e-mail, registered so long ago: its link. */
static const char *medium(struct arena *a, int64_t ago_ms)
{
	static int number;
	struct clock clock = clock_system(0);
	int64_t at = clock_now(&clock) - ago_ms;
	const char *token = must(arena_printf(a, "Enlace_de-prueba_num-%04d", ++number));

	e2e_sql(&world,
		must(arena_printf(a,
			"INSERT INTO medio (folio, parte, titular, rp, mecanismo, valor, clave, "
			"registrado, vence, sal, codigo, enlace) VALUES ('BI-20260102-0000%05d', "
			"parte_de('" E2E_FISICA "'), '" E2E_FISICA "', '', 'correo', '%d" CORREO
			"', '%d" CORREO "', %" PRId64 ", %" PRId64
			", sha256(convert_to('sal', 'UTF8')), sha256(convert_to('codigo', 'UTF8')), "
			"sha256(convert_to('%s', 'UTF8')));",
			number, number, number, at, at + 72 * INT64_C(3600000), token)));
	return token;
}

static const char *url_of(struct arena *a, unsigned port, const char *token)
{
	return must(arena_printf(a, "https://localhost:%u/c/%s", port, token));
}

static int64_t confirmed(void)
{
	return e2e_number(&world, "SELECT COUNT(*) FROM medio WHERE validado IS NOT NULL");
}

static int open_world(void **state)
{
	(void)state;
	e2e_open(&world);
	shared = world.place != NULL;
	if (shared)
		e2e_servidor_start(&world, &second);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	webdriver_close(&browser);
	if (shared)
		assert_int_equal(e2e_servidor_stop(&second, SIGTERM), 0);
	e2e_close(&world);
	return 0;
}

/* ---- on the wire -------------------------------------------------------------------------- */

static const char *curl(struct arena *a, const char *options, const char *url)
{
	struct e2e_run r = SHELL(a, must(arena_printf(a, "curl -sSi --cacert %s/tls_ca.pem %s '%s'",
					    pki_dir(), options, url)));

	if (r.code != 0)
		fail_msg("curl %s %s: %d %s", options, url, r.code, r.err);
	return r.out;
}

static void must_be_strict(const char *answer, int status)
{
	char first[32];

	snprintf(first, sizeof(first), "HTTP/1.1 %d", status);
	says(answer, first);
	says(answer, "\ncontent-type: text/html; charset=utf-8\r\n");
	says(answer, "\ncontent-security-policy: default-src 'none'; style-src 'sha256-");
	says(answer, "; form-action 'self'; base-uri 'none'; frame-ancestors 'none'\r\n");
	says(answer, "\nreferrer-policy: no-referrer\r\n");
	says(answer, "\ncache-control: no-store\r\n");
	says(answer, "\nx-content-type-options: nosniff\r\n");
	assert_null(strcasestr(answer, "unsafe"));
	assert_null(strcasestr(answer, "set-cookie"));
	assert_null(strcasestr(answer, "<script"));
	assert_null(strstr(answer, CORREO));
	assert_null(strstr(answer, E2E_FISICA));
}

static void test_headers(void **state)
{
	ARENA(a, ROOM);
	const char *url = url_of(&a, world.port, medium(&a, 1000));
	const char *expired = url_of(&a, world.port, medium(&a, 73 * INT64_C(3600000)));
	const char *none = url_of(&a, world.port, "AAAAAAAAAAAAAAAAAAAAAAAAA");

	(void)state;
	must_be_strict(curl(&a, "", url), 200);
	must_be_strict(curl(&a, "-I", url), 200);
	must_be_strict(curl(&a, "-d ''", url), 200);
	must_be_strict(curl(&a, "-d ''", url), 200);
	must_be_strict(curl(&a, "", expired), 410);
	must_be_strict(curl(&a, "-d ''", expired), 410);
	must_be_strict(curl(&a, "", none), 404);
	must_be_strict(curl(&a, "-d '' -H 'Content-Type: text/plain'", url), 415);
	must_be_strict(
		curl(&a, "", must(arena_printf(&a, "https://localhost:%u/terminos", world.port))),
		200);
	assert_int_equal(confirmed(), 1);
}

/* L-5.2 A-06: scanners and browsers that run ahead follow links, and never push buttons. */
static void test_get_never_confirms(void **state)
{
	static const char *const ways[] = {"", "-I", "-H 'Sec-Purpose: prefetch;prerender'",
		"-H 'Purpose: prefetch'", "-X OPTIONS", "-X PUT -d ''", "-X DELETE",
		"-H 'X-HTTP-Method-Override: POST'", "-L --post302 -A 'MailScanner/1.0'"};
	ARENA(a, ROOM);
	const char *url = url_of(&a, world.port, medium(&a, 1000));
	int64_t before = confirmed();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(ways); i++)
		(void)curl(&a, ways[i], url);
	(void)curl(&a, "", must(arena_printf(&a, "%s?_method=POST", url)));
	assert_int_equal(confirmed(), before);
	says(curl(&a, "", url), "Confirma tu correo");
}

/* Both servers at once, where there are two: one confirms, all say so, one acuse. */
static void test_at_once(void **state)
{
	ARENA(a, ROOM);
	const char *token = medium(&a, 1000);
	pid_t pids[POSTS];
	size_t first = 0;

	(void)state;
	for (int i = 0; i < POSTS; i++)
		pids[i] = e2e_spawn(&world, must(arena_printf(&a, "post%d", i)),
			(const char *const[]){"curl", "-sS", "-k", "-d", "",
				url_of(&a, shared && i % 2 != 0 ? second.port : world.port, token),
				NULL});
	for (int i = 0; i < POSTS; i++) {
		assert_int_equal(e2e_wait(pids[i], 60000), 0);
		const char *page = e2e_file(&world, &a, must(arena_printf(&a, "post%d.out", i)));

		says(page, "validado");
		first += strstr(page, "<h1>Tu correo quedó validado</h1>") != NULL;
	}
	assert_int_equal(first, 1);
	const char **rows;

	assert_int_equal(
		e2e_filas(&world, &a,
			must(arena_printf(&a,
				"SELECT folio FROM acuse WHERE titular = (SELECT titular FROM "
				"medio WHERE enlace = sha256(convert_to('%s', 'UTF8'))) AND "
				"elaborado >= (SELECT validado FROM medio WHERE enlace = "
				"sha256(convert_to('%s', 'UTF8')))",
				token, token)),
			&rows),
		1);
}

/* ---- lynx --------------------------------------------------------------------------------- */

static const char *lynx(struct arena *a, const char *arguments)
{
	struct e2e_run r = SHELL(
		a, must(arena_printf(a,
			   "SSL_CERT_FILE=%s/tls_ca.pem lynx -cfg=/dev/null -accept_all_cookies "
			   "-display_charset=UTF-8 -nocolor -width=200 %s",
			   pki_dir(), arguments)));

	if (r.code != 0)
		fail_msg("lynx %s: %d %s%s", arguments, r.code, r.out, r.err);
	return r.out;
}

static void test_lynx(void **state)
{
	ARENA(a, ROOM);
	const char *url = url_of(&a, world.port, medium(&a, 1000));
	int64_t before = confirmed();
	const char *dump = lynx(&a, must(arena_printf(&a, "-dump '%s'", url)));

	(void)state;
	says(dump, "Confirma tu correo");
	says(dump, "Confirmar correo");
	says(dump, "Cerrar");
	assert_int_equal(confirmed(), before);
	/* To the button, which is chosen at first, and pushed. */
	assert_int_equal(file_write(e2e_path(&world, &a, "teclas"),
				 bytes_of_text("key Right Arrow\nkey Q\nkey y\n"), 0600),
		OK);
	struct e2e_run r =
		SHELL(&a, must(arena_printf(&a,
				  "SSL_CERT_FILE=%s/tls_ca.pem TERM=xterm script -qec \"lynx "
				  "-cfg=/dev/null -cmd_script=teclas '%s'\" pantalla </dev/null",
				  pki_dir(), url)));

	(void)r;
	if (confirmed() != before + 1)
		fail_msg("lynx did not confirm: %s", e2e_file(&world, &a, "pantalla"));
	says(lynx(&a, must(arena_printf(&a, "-dump '%s'", url))), "ya estaba validado");
	says(lynx(&a,
		     must(arena_printf(&a, "-dump 'https://localhost:%u/privacidad'", world.port))),
		"AVISO DE PRIVACIDAD SIMPLIFICADO");
}

/* ---- Chromium ----------------------------------------------------------------------------- */

/* Relative luminance of "rgb(…)" or "rgba(…)" (WCAG 2.2). */
static double luminance(const char *css)
{
	static const double weight[] = {0.2126, 0.7152, 0.0722};
	const char *at = strchr(css, '(');
	double sum = 0;

	assert_non_null(at);
	for (int i = 0; i < 3; i++) {
		char *end;
		double c = strtod(at + 1, &end) / 255;

		assert_true(end != at + 1);
		sum += weight[i] * (c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
		at = end;
	}
	return sum;
}

static void must_contrast(const char *one, const char *other, double least)
{
	double a = luminance(one);
	double b = luminance(other);
	double ratio = (fmax(a, b) + 0.05) / (fmin(a, b) + 0.05);

	if (ratio < least)
		fail_msg("%s on %s: %.1f", one, other, ratio);
}

/* The style is let in by the policy, and can be read. */
static void must_be_readable(struct arena *a)
{
	const char *paper = webdriver_of(&browser, a, "body", "css/background-color");

	assert_string_equal(webdriver_of(&browser, a, "html", "attribute/lang"), "es-MX");
	assert_int_equal(webdriver_count(&browser, "h1"), 1);
	assert_int_equal(webdriver_count(&browser, "main"), 1);
	assert_int_equal(webdriver_count(&browser, "script"), 0);
	must_contrast(webdriver_of(&browser, a, "p", "css/color"), paper, 7);
	must_contrast(webdriver_of(&browser, a, "h1", "css/color"), paper, 7);
	assert_string_equal(webdriver_of(&browser, a, "h1", "css/color"), "rgba(19, 50, 43, 1)");
}

/* By the keyboard alone, and the focus is seen. A-06 */
static void test_chromium(void **state)
{
	ARENA(a, ROOM);
	const char *url = url_of(&a, world.port, medium(&a, 1000));
	int64_t before = confirmed();

	(void)state;
	webdriver_open(&browser, &world);
	webdriver_go(&browser, url);
	assert_string_equal(webdriver_title(&browser, &a), "Confirma tu correo");
	must_be_readable(&a);
	assert_string_equal(webdriver_of(&browser, &a, "form input[type=submit]", "computedlabel"),
		"Confirmar correo");
	assert_string_equal(
		webdriver_of(&browser, &a, "form input[type=submit]", "computedrole"), "button");
	must_contrast(webdriver_of(&browser, &a, "form input[type=submit]", "css/color"),
		webdriver_of(&browser, &a, "form input[type=submit]", "css/background-color"), 4.5);
	says(webdriver_of(&browser, &a, "main", "text"), "BI-20260102-");
	assert_null(strstr(webdriver_of(&browser, &a, "main", "text"), "@"));
	assert_int_equal(confirmed(), before);
	webdriver_key(&browser, WEBDRIVER_TAB);
	assert_string_equal(webdriver_focused(&browser, &a, "computedlabel"), "Confirmar correo");
	assert_string_equal(webdriver_focused(&browser, &a, "css/outline-style"), "solid");
	must_contrast(webdriver_focused(&browser, &a, "css/outline-color"),
		webdriver_of(&browser, &a, "body", "css/background-color"), 3);
	webdriver_key(&browser, WEBDRIVER_ENTER);
	webdriver_wait_title(&browser, "Tu correo quedó validado");
	must_be_readable(&a);
	assert_int_equal(confirmed(), before + 1);
	/* Looked at again, it says so; «Cerrar» leads to a page that can be closed. */
	webdriver_go(&browser, url);
	assert_string_equal(webdriver_title(&browser, &a), "Este correo ya estaba validado");
	assert_int_equal(webdriver_count(&browser, "form"), 0);
	webdriver_click(&browser, "a");
	webdriver_wait_title(&browser, "Ya puedes cerrar esta ventana");
	assert_string_equal(webdriver_url(&browser, &a),
		must(arena_printf(&a, "https://localhost:%u/cerrar", world.port)));
}

/* The dialogue was open while the term ran out; and the texts. */
static void test_chromium_late(void **state)
{
	ARENA(a, ROOM);
	const char *token = medium(&a, 1000);

	(void)state;
	webdriver_go(&browser, url_of(&a, world.port, token));
	e2e_sql(&world, must(arena_printf(&a,
				"UPDATE medio SET registrado = 1, vence = 2 WHERE enlace = "
				"sha256(convert_to('%s', 'UTF8'));",
				token)));
	int64_t before = confirmed();

	webdriver_click(&browser, "form input[type=submit]");
	webdriver_wait_title(&browser, "El enlace venció");
	says(webdriver_of(&browser, &a, "main", "text"), "regístralo de nuevo");
	assert_int_equal(confirmed(), before);
	webdriver_go(&browser, must(arena_printf(&a, "https://localhost:%u/terminos", world.port)));
	assert_string_equal(webdriver_title(&browser, &a), "TÉRMINOS Y CONDICIONES DEL BUZÓN IMSS");
	must_be_readable(&a);
	assert_int_equal(webdriver_count(&browser, "h2"), 12);
}

/* ---- the operator's texts ----------------------------------------------------------------- */

/* A version means one text: a server that would change it does not start. A-12 */
static void test_operator_texts(void **state)
{
	static const char *const lines[] = {
		"[legales]\nterminos = t.txt\nterminos_version = 2026-1\n[servidor]", NULL};
	ARENA(a, ROOM);
	struct e2e_servidor own = {.name = "textos", .lines = lines};
	int code = 0;

	(void)state;
	if (!shared) /* one server on a file */
		assert_int_equal(e2e_server_stop(&world, SIGTERM), 0);
	assert_int_equal(file_write(e2e_path(&world, &a, "t.txt"),
				 bytes_of_text("Los nuestros\n\nUno.\n"), 0600),
		OK);
	e2e_servidor_start(&world, &own);
	const char *base = must(arena_printf(&a, "https://localhost:%u/terminos", own.port));

	says(curl(&a, "", base), "<h1>Los nuestros</h1>");
	says(curl(&a, "", must(arena_printf(&a, "%s/ejemplo-1", base))), "ya no es la vigente");
	assert_int_equal(e2e_servidor_stop(&own, SIGTERM), 0);
	assert_int_equal(file_write(e2e_path(&world, &a, "t.txt"),
				 bytes_of_text("Los nuestros\n\nDos.\n"), 0600),
		OK);
	assert_false(e2e_servidor_try(&world, &own, &code));
	assert_int_equal(code, 78);
	says(e2e_servidor_log(&world, &a, &own), "La versión 2026-1 de terminos ya estuvo vigente");
	if (!shared)
		e2e_server_start(&world);
}

/* A link is a secret: nothing that a server writes holds one. L-10 */
static void test_logs(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	assert_null(strstr(e2e_file(&world, &a, "buzond.err"), "Enlace_de-prueba"));
	assert_null(strstr(e2e_file(&world, &a, "buzond.out"), "Enlace_de-prueba"));
	assert_int_equal(
		e2e_number(&world, "SELECT COUNT(*) FROM acceso WHERE folio LIKE 'Enlace%'"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_get_never_confirms),
		cmocka_unit_test(test_at_once),
		cmocka_unit_test(test_lynx),
		cmocka_unit_test(test_chromium),
		cmocka_unit_test(test_chromium_late),
		cmocka_unit_test(test_operator_texts),
		cmocka_unit_test(test_logs),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
