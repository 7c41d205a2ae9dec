/*
 * Documents on their way up to a server that is killed, and whose disk fills; and what anybody may
 * ask of one afterwards: by curl, lynx and Chromium, and offline. L-6.2 L-7.1 L-7.9 L-QR
 */
#include "tests/help/cm.h"
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/file.h"
#include "crypto/sha.h"
#include "ley/pdf.h"
#include "tests/help/e2e_relay.h"
#include "tests/help/pki.h"
#include "tests/help/webdriver.h"

#define ROOM (64 * 1024 * 1024)
#define MB (1024 * 1024)
#define LARGE ((size_t)9 * MB)
#define SHELL(a, ...) E2E_RUN(&world, (a), "sh", "-c", __VA_ARGS__)
#define TITULO "Verificación de acuses y documentos"

static struct e2e world;
static struct e2e_relay relay;
static struct webdriver browser;
static bool small;
static char disk[200], store[256], ballast[256];

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

static void hides(const char *text, const char *what)
{
	if (strcasestr(text, what) != NULL)
		fail_msg("«%s» in: %s", what, text);
}

/* In a name space of our own the mount goes with us, however we end. */
static bool mount_small_disk(void)
{
	const char *tmp = getenv("BUZON_TMP");

	snprintf(disk, sizeof(disk), "%s/disco.XXXXXX", tmp != NULL ? tmp : "/tmp");
	assert_non_null(mkdtemp(disk));
	snprintf(store, sizeof(store), "%s/buzon.db", disk);
	snprintf(ballast, sizeof(ballast), "%s/lastre", disk);
	if (unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
		mount("none", disk, "tmpfs", 0, "size=192m") == 0)
		return true;
	rmdir(disk);
	return false;
}

static int open_world(void **state)
{
	(void)state;
	small = mount_small_disk();
	world.store = small ? store : NULL;
	e2e_relay_open(&relay, &world);
	e2e_open(&world);
	e2e_relay_start(&relay);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	webdriver_close(&browser);
	e2e_relay_close(&relay);
	e2e_close(&world);
	if (small)
		(void)umount(disk);
	rmdir(disk);
	return 0;
}

/* ---- a document of 9 MB, issued over a line that takes its time ---- */

static const char *write_large(struct arena *a, const char *name, uint32_t seed)
{
	struct pdf *p;
	struct bytes pdf;
	char *noise = arena_alloc(a, LARGE);
	const char *hex;

	assert_non_null(noise);
	for (size_t i = 0; i < LARGE; i++) {
		seed ^= seed << 13;
		seed ^= seed >> 17;
		seed ^= seed << 5;
		noise[i] = (char)seed;
	}
	assert_int_equal(pdf_open(a, "grande", 0, &p), OK);
	assert_int_equal(pdf_page(p), OK);
	pdf_attach(p, "relleno.bin", "application/octet-stream", bytes_of(noise, LARGE));
	assert_int_equal(pdf_end(p, &pdf), OK);
	assert_int_equal(file_write(e2e_path(&world, a, name), pdf, 0600), OK);
	assert_int_equal(sha256_hex(a, pdf, &hex), OK);
	return hex;
}

static pid_t issue(struct arena *a, const char *pdf, const char *oficio)
{
	const char *p = pki_dir();

	return e2e_spawn(&world, oficio,
		(const char *const[]){e2e_program(&world, "buzond"), "notificar", "--rfc",
			E2E_FISICA, "--pdf", pdf, "--oficio", oficio, "--tipo", "R-7.1",
			"--documento", E2E_DOCUMENTO, "--servidor",
			must(arena_printf(a, "https://localhost:%u", relay.port)), "--ca",
			must(arena_printf(a, "%s/tls_ca.pem", p)), "--cer",
			must(arena_printf(a, "%s/funcionario.cer", p)), "--key",
			must(arena_printf(a, "%s/funcionario.key", p)), "--contrasena-archivo",
			must(arena_printf(a, "%s/funcionario.pass", p)), "--confianza",
			must(arena_printf(a, "%s/confianza", p)), NULL});
}

static int64_t received(void)
{
	return e2e_number(
		&world, "SELECT COALESCE(MAX(recibidos), 0) FROM subida WHERE completa IS NULL");
}

static int64_t wait_received(int64_t least)
{
	int64_t until = clock_monotonic() + 60000;
	int64_t at;

	while ((at = received()) < least && clock_monotonic() < until)
		usleep(10000);
	assert_true(at >= least);
	return at;
}

static void must_be_issued(
	struct arena *a, pid_t pid, const char *oficio, const char *sha256, size_t bytes)
{
	int code = e2e_wait(pid, 120000);

	if (code != 0)
		fail_msg("notificar: %d %s", code,
			e2e_file(&world, a, must(arena_printf(a, "%s.err", oficio))));
	assert_string_equal(
		e2e_text(&world, a,
			must(arena_printf(a, "SELECT archivo FROM notificacion WHERE oficio = '%s'",
				oficio))),
		sha256);
	assert_true(
		e2e_number(&world, must(arena_printf(a,
					   "SELECT LENGTH(datos) FROM archivo WHERE sha256 = '%s'",
					   sha256))) >= (int64_t)bytes);
}

/* What HEAD may have told is there when it comes back; nothing is sent twice that was. */
static void test_killed(void **state)
{
	ARENA(a, ROOM);
	const char *sha256 = write_large(&a, "grande.pdf", 77);

	(void)state;
	atomic_store(&relay.rate, 4 * MB);
	atomic_store(&relay.up, 0);
	pid_t pid = issue(&a, "grande.pdf", "MUERTE-1");

	for (int64_t at = MB; at <= 5 * MB; at += 2 * MB) {
		int64_t before = wait_received(at);

		assert_int_equal(e2e_server_stop(&world, SIGKILL), 128 + SIGKILL);
		assert_true(received() >= before);
		e2e_server_start(&world);
		assert_true(received() >= before);
	}
	must_be_issued(&a, pid, "MUERTE-1", sha256, LARGE);
	/* Three deaths cost at most what stood in the line at each. */
	assert_true(atomic_load(&relay.up) < 2 * (long long)LARGE);
	assert_int_equal(
		e2e_number(&world, "SELECT COUNT(*) FROM subida WHERE completa IS NULL"), 0);
}

static void take_space(void)
{
	static const char block[65536];
	int fd = open(ballast, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	while (write(fd, block, sizeof(block)) > 0)
		;
	while (write(fd, block, 512) > 0)
		;
	close(fd);
}

/* Told to try later, it does; what was there before stayed. */
static void test_full_disk(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	if (!small || world.place != NULL)
		skip();
	const char *sha256 = write_large(&a, "lleno.pdf", 78);

	atomic_store(&relay.rate, 4 * MB);
	pid_t pid = issue(&a, "lleno.pdf", "LLENO-1");
	int64_t before = wait_received(2 * MB);

	take_space();
	sleep(2);
	assert_true(received() >= before);
	assert_int_equal(e2e_wait(pid, 0), -1);
	assert_int_equal(unlink(ballast), 0);
	must_be_issued(&a, pid, "LLENO-1", sha256, LARGE);
}

/* ---- anybody ---- */

/* One that was opened, one that was only issued; each with the capability of its issue. */
static const char *opened, *issued, *key_opened, *key_issued;

static const char *capability(struct arena *a, const char *folio)
{
	const char *key = e2e_text(&world, a,
		must(arena_printf(a, "SELECT capacidad FROM acuse WHERE folio = '%s'", folio)));

	assert_int_equal(strlen(key), 20);
	return key;
}

/* The same but for a comment behind its header: another file. */
static void write_other(struct arena *a, const char *name)
{
	struct bytes pdf;

	assert_int_equal(file_read(a, e2e_pdf(&world), MB, &pdf), OK);
	unsigned char *copy = arena_copy(a, pdf.data, pdf.size);

	assert_non_null(copy);
	memcpy(copy + pdf.size - 1, " ", 1);
	assert_int_equal(file_write(e2e_path(&world, a, name), bytes_of(copy, pdf.size), 0600), OK);
}

static void prepare(struct arena *a)
{
	if (opened != NULL)
		return;
	opened = e2e_notificar(&world, E2E_FISICA);
	struct e2e_run r = E2E_RUN(&world, a, "buzon-tui", "abrir", opened, "--si");

	if (r.code != 0)
		fail_msg("abrir: %d %s", r.code, r.err);
	key_opened = capability(&world.arena, opened);
	write_other(a, "otro.pdf");
	r = E2E_OFICINA(&world, a, "notificar", "--rfc", E2E_FISICA, "--pdf", "otro.pdf",
		"--oficio", "SOLO-EMITIDO", "--tipo", "R-7.1", "--documento", E2E_DOCUMENTO);
	if (r.code != 0)
		fail_msg("notificar: %d %s", r.code, r.err);
	issued = must(arena_printf(&world.arena, "%.*s", (int)strcspn(r.out, "\n"), r.out));
	key_issued = capability(&world.arena, issued);
}

static const char *curl(struct arena *a, const char *options, int status)
{
	char first[32];
	struct e2e_run r = SHELL(a, must(arena_printf(a,
					    "curl -sSi --cacert %s/tls_ca.pem %s "
					    "https://localhost:%u/v",
					    pki_dir(), options, world.port)));

	if (r.code != 0)
		fail_msg("curl %s: %d %s", options, r.code, r.err);
	snprintf(first, sizeof(first), "HTTP/1.1 %d", status);
	says(r.out, first);
	says(r.out, "\ncontent-security-policy: default-src 'none'; style-src 'sha256-");
	says(r.out, "\nreferrer-policy: no-referrer\r\n");
	hides(r.out, "<script");
	return r.out;
}

/* What is told of one that is unknown and of one that is not notified yet differs in nothing. */
static const char *body_of(const char *answer)
{
	return must(strstr(answer, "\r\n\r\n"));
}

static void test_curl(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	prepare(&a);
	const char *page = curl(&a, "-F archivo=@documento.pdf", 200);

	says(page, "Ese archivo, byte por byte, es un documento");
	says(page, "Sello Digital");
	hides(page, E2E_FISICA);
	page = curl(&a, must(arena_printf(&a, "-F clave=%s -F archivo=@documento.pdf", key_opened)),
		200);
	says(page, "El archivo es el documento de ese acuse");
	says(page, opened);
	page = curl(
		&a, must(arena_printf(&a, "-F clave=%s -F archivo=@otro.pdf", key_opened)), 404);
	says(page, "NO es el documento de ese acuse");
	/* Issued, and not notified: unknown, by each way. */
	assert_string_equal(
		body_of(curl(&a, must(arena_printf(&a, "-F clave=%s", key_issued)), 404)),
		body_of(curl(&a, "-F clave=ZZZZZZZZZZZZZZZZZZZZ", 404)));
	assert_string_equal(body_of(curl(&a, must(arena_printf(&a, "-F clave=%s", issued)), 404)),
		body_of(curl(&a, "-F clave=ZZZZZZZZZZZZZZZZZZZZ", 404)));
	assert_string_equal(body_of(curl(&a, "-F archivo=@otro.pdf", 404)),
		body_of(curl(&a, "-F archivo=@buzond.ini", 404)));
	/* 10 MB and a bit, by what is announced and by what comes; then the server goes on. */
	(void)SHELL(&a, "head -c 10500000 /dev/zero >mucho.bin");
	says(curl(&a, "-F archivo=@mucho.bin", 413), "pasa de 10 MB");
	says(curl(&a, "-H 'Transfer-Encoding: chunked' -F archivo=@mucho.bin", 413),
		"pasa de 10 MB");
	says(curl(&a, "-F x=y", 400), "Escribe la clave o elige un archivo");
	says(curl(&a, "-d clave=x", 415), "<form");
	/* Nothing of it was kept, or written down. */
	assert_null(strstr(e2e_file(&world, &a, "buzond.err"), key_opened));
	assert_int_equal(
		e2e_number(&world,
			must(arena_printf(
				&a, "SELECT COUNT(*) FROM acceso WHERE folio = '%s'", key_opened))),
		0);
}

/* A file is picked, and the form sent, in a text browser. */
static void test_lynx(void **state)
{
	ARENA(a, ROOM);
	const char *keys = "key Down Arrow\n";

	(void)state;
	prepare(&a);
	/* Past the field for the key, typed into the one for the file, and on to the button. */
	for (const char *p = e2e_path(&world, &a, "documento.pdf"); *p != '\0'; p++)
		keys = must(arena_printf(&a, "%skey %c\n", keys, *p));
	keys = must(arena_printf(&a, "%skey Down Arrow\nkey Right Arrow\nkey Q\nkey y\n", keys));
	assert_int_equal(file_write(e2e_path(&world, &a, "teclas"), bytes_of_text(keys), 0600), OK);
	(void)SHELL(&a,
		must(arena_printf(&a,
			"SSL_CERT_FILE=%s/tls_ca.pem TERM=xterm LANG=C.UTF-8 script -qec \"lynx "
			"-cfg=/dev/null -display_charset=UTF-8 -cmd_script=teclas "
			"'https://localhost:%u/v'\" pantalla </dev/null",
			pki_dir(), world.port)));
	/* Only what differs from the page before is drawn. */
	says(e2e_file(&world, &a, "pantalla"), "archivo, byte por byte, es un documento");
}

static void test_chromium(void **state)
{
	ARENA(a, ROOM);
	const char *url = must(arena_printf(&a, "https://localhost:%u/v", world.port));

	(void)state;
	prepare(&a);
	webdriver_open(&browser, &world);
	webdriver_go(&browser, url);
	assert_string_equal(webdriver_title(&browser, &a), TITULO);
	assert_int_equal(webdriver_count(&browser, "script"), 0);
	says(webdriver_of(&browser, &a, "#clave", "computedlabel"), "Clave de verificación");
	says(webdriver_of(&browser, &a, "#archivo", "computedlabel"), "Documento PDF");
	webdriver_type(&browser, "#clave", key_opened);
	webdriver_type(&browser, "#archivo", e2e_path(&world, &a, "documento.pdf"));
	webdriver_click(&browser, "form input[type=submit]");
	webdriver_wait_title(&browser, "Resultado de la verificación");
	const char *text = webdriver_of(&browser, &a, "main", "text");

	says(text, "El archivo es el documento de ese acuse");
	says(text, opened);
	webdriver_go(&browser, url);
	webdriver_type(&browser, "#clave", key_issued);
	webdriver_click(&browser, "form input[type=submit]");
	webdriver_wait_title(&browser, "Resultado de la verificación");
	says(webdriver_of(&browser, &a, "main", "text"), "no corresponde a ningún acuse");
}

/* ---- offline ---- */

static const char *verify(struct arena *a, int code, const char *arguments)
{
	struct e2e_run r =
		SHELL(a, must(arena_printf(a, "%s verificar --confianza %s/confianza %s",
				 e2e_program(&world, "buzon-tui"), pki_dir(), arguments)));

	if (r.code != code)
		fail_msg("verificar %s: %d %s%s", arguments, r.code, r.out, r.err);
	return r.out;
}

/* The acuse of an issue proves itself as JSON and on paper, and which document it is of. L-6.2 */
static void test_verificar(void **state)
{
	ARENA(a, ROOM);
	struct e2e_run r;

	(void)state;
	prepare(&a);
	r = SHELL(&a, must(arena_printf(&a,
			      "mkdir -p papeles ajenos && cp documento.pdf papeles/oficio.pdf && "
			      "cp otro.pdf ajenos/oficio.pdf && for f in json pdf; do %s acuse %s "
			      "--emision -o papeles/emision.$f || exit; done; %s acuse %s -o "
			      "apertura.json",
			      e2e_program(&world, "buzon-tui"), opened,
			      e2e_program(&world, "buzon-tui"), opened)));
	if (r.code != 0)
		fail_msg("acuse: %d %s", r.code, r.err);
	const char *out = verify(&a, 0, "papeles/emision.json --documento documento.pdf");

	says(out, "El documento es el que ampara el acuse");
	says(out, "La firma del servidor público corresponde a la cadena");
	says(out, "se comprobó por completo");
	says(verify(&a, 0, "papeles/emision.pdf --documento documento.pdf"),
		"Lo impreso en el PDF es lo que se comprobó");
	says(verify(&a, 65, "papeles/emision.pdf --documento otro.pdf"), "es otro archivo");
	/* That of the opening binds it, too. */
	out = verify(&a, 0, "apertura.json --documento documento.pdf");
	says(out, "El documento es el que ampara el acuse");
	hides(out, "La firma del servidor público");
	/* The document alone, by what stands beside it; and without anything. */
	says(verify(&a, 0, "papeles/oficio.pdf"), "El documento es el que ampara el acuse");
	(void)verify(&a, 65, "ajenos/oficio.pdf");
	(void)verify(&a, 66, "papeles/emision.json --documento no-hay.pdf");
	/* The paper carries the same capability in its QR. */
	r = SHELL(&a,
		"cd papeles && pdftoppm -r 200 -png -f 1 -l 1 emision.pdf p && zbarimg -q p*.png "
		"&& pdftotext emision.pdf -");
	assert_int_equal(r.code, 0);
	says(r.out, must(arena_printf(&a, "/v/%s", key_opened)));
	says(r.out, "Firma electrónica del firmante");
	says(r.out, "Sello Digital");
	says(r.out, "Cadena Original");
	says(r.out, "SHA-256 del documento");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_full_disk),
		cmocka_unit_test(test_curl),
		cmocka_unit_test(test_lynx),
		cmocka_unit_test(test_chromium),
		cmocka_unit_test(test_verificar),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
