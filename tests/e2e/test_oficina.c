/*
 * The Institute's side by the finished programs: acts signed by a functionary over the wire, one at
 * a time and by the manifest, and what is left of them when either side dies.
 * L-7.1 (issued with the functionary's e.firma), L-7.8, L-7.10, L-8, R-5, L-6.2 (nothing is lost,
 * nothing twice), L-4.3 (only what is available)
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include "base/clock.h"
#include "base/file.h"
#include "base/secret.h"
#include "ley/folio.h"
#include "ley/hora.h"
#include "ley/zona.h"
#include "tests/help/cm.h"
#include "tests/help/e2e.h"
#include "tests/help/pki.h"

#define ROOM (16 * 1024 * 1024)
#define MANY 60
#define WAIT_MS 60000

static struct e2e world;

static int open_world(void **state)
{
	(void)state;
	e2e_open(&world);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	e2e_close(&world);
	return 0;
}

static int64_t count(const char *what)
{
	ARENA(a, 65536);

	return e2e_number(&world, arena_printf(&a, "SELECT COUNT(*) FROM %s", what));
}

static const char *first_line(struct arena *a, const char *text)
{
	return arena_printf(a, "%.*s", (int)strcspn(text, "\n"), text);
}

/* ---- one ---- */

/* The oficio and what follows. */
#define ONE(a, ...)                                                                                \
	E2E_OFICINA(&world, (a), "notificar", "--rfc", E2E_FISICA, "--tipo", "R-7.1",              \
		"--documento", E2E_DOCUMENTO, "--oficio", __VA_ARGS__)

/* Issued and withdrawn; issued again; what can't be is said with its field. */
static void test_one(void **state)
{
	ARENA(a, ROOM);
	struct e2e_run r = ONE(&a, "UNO/1", "--pdf", "documento.pdf");

	(void)state;
	if (r.code != 0)
		fail_msg("notificar: %d %s", r.code, r.err);
	const char *folio = first_line(&a, r.out);

	assert_true(folio_valid(folio));
	r = ONE(&a, "UNO/1", "--pdf", "documento.pdf");
	assert_int_equal(r.code, 65);
	assert_non_null(strstr(r.err, "ya se emitió"));
	assert_non_null(strstr(r.err, "(oficio)"));
	r = E2E_OFICINA(&world, &a, "retirar", "--rfc", E2E_FISICA, "--folio", folio, "--motivo",
		"El importe está mal");
	if (r.code != 0)
		fail_msg("retirar: %d %s", r.code, r.err);
	r = ONE(&a, "UNO/1", "--pdf", "documento.pdf", "--json");
	assert_int_equal(r.code, 0);
	assert_non_null(strstr(e2e_json(&a, r.out, "verificacion"), "/v/"));
	assert_string_equal(e2e_json(&a, r.out, "titular"), E2E_FISICA);
	r = ONE(&a, "UNO/2", "--pdf", "buzond.ini");
	assert_int_equal(r.code, 65);
	assert_non_null(strstr(r.err, "PDF"));
	r = ONE(&a, "UNO/2", "--pdf", "no-hay.pdf");
	assert_int_equal(r.code, 66);
	r = ONE(&a, "UNO/2", "--pdf", "documento.pdf", "--rp", "B12-34567-10-0");
	assert_int_equal(r.code, 66);
	r = ONE(&a, "UNO/2");
	assert_int_equal(r.code, 64);
	assert_non_null(strstr(r.err, "--pdf"));
	assert_int_equal(count("notificacion WHERE oficio LIKE 'UNO%'"), 2);
}

static void test_looked_at(void **state)
{
	ARENA(a, ROOM);
	struct e2e_run r = ONE(&a, "MIRA/1", "--revisar", "--json");

	(void)state;
	assert_int_equal(r.code, 0);
	assert_non_null(strstr(r.out, "\"se_puede\":true"));
	assert_non_null(strstr(r.out, "\"sale\":"));
	r = E2E_OFICINA(&world, &a, "notificar", "--rfc", E2E_FISICA, "--oficio", "MIRA/2",
		"--tipo", "R-7.5", "--revisar");
	assert_int_equal(r.code, 65);
	assert_non_null(strstr(r.out, "por ofrecerse"));
	assert_int_equal(count("notificacion WHERE oficio LIKE 'MIRA%'"), 0);
}

/* A certificate that is nobody's here, a password that is wrong, a server that is not there. */
static void test_who_may_not(void **state)
{
	ARENA(a, ROOM);
	const char *const argv[] = {"buzond", "notificar", "--rfc", E2E_FISICA, "--oficio", "NO/1",
		"--tipo", "R-7.1", "--documento", "d", "--pdf", "documento.pdf", "--servidor",
		arena_printf(&a, "https://localhost:%u", world.port), "--ca",
		arena_printf(&a, "%s/tls_ca.pem", pki_dir()), "--cer",
		arena_printf(&a, "%s/fisica.cer", pki_dir()), "--key",
		arena_printf(&a, "%s/fisica.key", pki_dir()), "--contrasena-archivo",
		arena_printf(&a, "%s/fisica.pass", pki_dir()), NULL};
	struct e2e_run r = e2e_run(&world, &a, argv);

	(void)state;
	assert_int_equal(r.code, 77);
	assert_non_null(strstr(r.err, "servidor público"));
	r = ONE(&a, "NO/1", "--pdf", "documento.pdf", "--contrasena-archivo", "documento.pdf");
	assert_int_equal(r.code, 64);
	assert_int_equal(count("notificacion WHERE oficio LIKE 'NO/%'"), 0);
}

/* L-7.8 L-7.10 L-8 */
static void test_other_acts(void **state)
{
	ARENA(a, ROOM);
	struct e2e_run r = ONE(&a, "OTRO/1", "--pdf", "documento.pdf");
	const char *folio = first_line(&a, r.out);

	(void)state;
	assert_int_equal(r.code, 0);
	r = E2E_OFICINA(&world, &a, "estrados", "--folio", folio, "--rfc", E2E_FISICA, "--procede",
		"--motivo", "Sin medios");
	assert_int_equal(r.code, 65);
	e2e_text(&world, &a,
		arena_printf(&a,
			"UPDATE notificacion SET propuesta = 'Sin correo', propuesta_desde = 1 "
			"WHERE folio = '%s'",
			folio));
	r = E2E_OFICINA(&world, &a, "estrados");
	assert_int_equal(r.code, 0);
	assert_non_null(strstr(r.out, folio));
	assert_non_null(strstr(r.out, "Sin correo"));
	r = E2E_OFICINA(&world, &a, "estrados", "--folio", folio, "--rfc", E2E_FISICA, "--procede",
		"--motivo", "Sin medios");
	if (r.code != 0)
		fail_msg("estrados: %d %s", r.code, r.err);
	r = ONE(&a, "OTRO/2", "--pdf", "documento.pdf", "--json");
	assert_int_equal(r.code, 0);
	folio = e2e_json(&a, r.out, "folio");
	/* At the very instant of its issue: the earliest that can be. */
	const char *issued = strstr(r.out, "\"elaborado\":");

	assert_non_null(issued);
	const char *now = hora_text(&a, zona_centro(),
		strtoll(issued + strlen("\"elaborado\":"), NULL, 10), HORA_CADENA);

	r = E2E_OFICINA(&world, &a, "personal", "--folio", folio, "--rfc", E2E_FISICA,
		"--notificada", now, "--motivo", "Acta 1/2026");
	if (r.code != 0)
		fail_msg("personal: %d %s", r.code, r.err);
	r = E2E_OFICINA(&world, &a, "publicar", "--clase", "comunicado", "--tipo", "Facilidades",
		"--titulo", "Pago en parcialidades", "--texto", "Hasta el 30.", "--todos");
	if (r.code != 0)
		fail_msg("publicar: %d %s", r.code, r.err);
	r = E2E_OFICINA(&world, &a, "publicar", "--clase", "documento", "--tipo", "Cédula",
		"--titulo", "Propuesta", "--pdf", "documento.pdf", "--para",
		E2E_FISICA "," E2E_MORAL);
	if (r.code != 0)
		fail_msg("publicar: %d %s", r.code, r.err);
	assert_int_equal(count("publicacion"), 3);
}

/* ---- many ---- */

/* A PDF of its own for each row. */
static void write_manifest(const char *name, const char *oficio, size_t rows, const char *more)
{
	ARENA(a, ROOM);
	const char *text = "rfc,oficio,tipo,documento,pdf,plazo_dias\n";
	struct bytes pdf;

	assert_int_equal(file_read(&a, e2e_pdf(&world), 1 << 20, &pdf), OK);
	for (size_t i = 0; i < rows; i++) {
		const char *file = arena_printf(&a, "%s-%zu.pdf", name, i);
		/* Another height of its page: as many bytes. */
		char *whole = arena_copy(&a, pdf.data, pdf.size + 1);
		char *height = whole != NULL ? strstr(whole, " 792]") : NULL;

		assert_non_null(height);
		memcpy(height, arena_printf(&a, " %zu", 100 + i), 4);
		assert_int_equal(
			file_write(e2e_path(&world, &a, file), bytes_of_text(whole), 0600), OK);
		text = arena_printf(&a, "%s%s,%s/%zu,R-7.1,Cédula %zu,%s,15\n", text,
			i % 2 == 0 ? E2E_FISICA : E2E_MORAL, oficio, i, i, file);
	}
	text = arena_printf(&a, "%s%s", text, more);
	assert_int_equal(file_write(e2e_path(&world, &a, arena_printf(&a, "%s.csv", name)),
				 bytes_of_text(text), 0600),
		OK);
}

/* The manifest's rows are issued once each, with the folio that the report says. */
static void must_be_once(const char *oficio, size_t rows)
{
	ARENA(a, 65536);

	assert_int_equal(
		count(arena_printf(&a, "notificacion WHERE oficio LIKE '%s/%%'", oficio)), rows);
	assert_int_equal(
		e2e_number(&world,
			arena_printf(&a,
				"SELECT COUNT(DISTINCT oficio) FROM notificacion WHERE oficio LIKE '%s/%%'",
				oficio)),
		rows);
}

/* One bad row of many: the rest go, and the report says which and why. */
static void test_many(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	write_manifest("lote", "LOTE", 12,
		"AINL900214QX6,LOTE/a,R-7.1,Nadie,lote-0.pdf,\n"
		"NADIE,LOTE/b,R-7.1,Sin RFC,lote-0.pdf,\n" E2E_FISICA
		",LOTE/c,R-7.1,Sin archivo,no-hay.pdf,\n" E2E_FISICA
		",LOTE/d,R-7.1,No es PDF,buzond.ini,\n" E2E_FISICA
		",LOTE/0,R-7.1,Repetido,lote-0.pdf,\n" E2E_FISICA
		",LOTE/e,R-7.5,Por ofrecerse,lote-0.pdf,\n" E2E_FISICA
		",LOTE/f,R-7.1,Plazo,lote-0.pdf,muchos\n" E2E_FISICA
		",LOTE/g,R-7.1,\"Sin cerrar,lote-0.pdf,\n");
	struct e2e_run r = E2E_OFICINA(&world, &a, "notificar", "--lote", "lote.csv");

	assert_int_equal(r.code, 65);
	must_be_once("LOTE", 12);
	static const char *const wants[] = {"14,AINL900214QX6,LOTE/a,error,,,rfc-no-registrado,",
		"15,,LOTE/b,error,,,campo-invalido,rfc,",
		"16," E2E_FISICA ",LOTE/c,error,,,archivo-no-encontrado,pdf,",
		"17," E2E_FISICA ",LOTE/d,error,,,pdf-invalido,pdf,",
		"18," E2E_FISICA ",LOTE/0,error,,,oficio-repetido,oficio,",
		"19," E2E_FISICA ",LOTE/e,error,,,tipo-por-ofrecerse,tipo,",
		"20," E2E_FISICA ",LOTE/f,error,,,campo-invalido,plazo_dias,", "21,,,error,,"};

	for (size_t i = 0; i < COUNT_OF(wants); i++)
		if (strstr(r.out, wants[i]) == NULL)
			fail_msg("no «%s» in:\n%s", wants[i], r.out);
	assert_non_null(strstr(r.out, "2," E2E_FISICA ",LOTE/0,emitida,BI-"));
	/* Again: nothing more, and the same folios. */
	r = E2E_OFICINA(&world, &a, "notificar", "--lote", "lote.csv", "--informe", "informe.csv");
	assert_int_equal(r.code, 65);
	must_be_once("LOTE", 12);
	const char *report = e2e_file(&world, &a, "informe.csv");
	const char *folio =
		e2e_text(&world, &a, "SELECT folio FROM notificacion WHERE oficio = 'LOTE/3'");

	assert_non_null(strstr(report, arena_printf(&a, "LOTE/3,ya-emitida,%s,", folio)));
	assert_string_equal(r.out, "");
}

/* Until that many of a manifest are in the store; false: the process has ended before. */
static bool wait_issued(const char *oficio, int64_t many, pid_t pid)
{
	ARENA(a, 65536);
	const char *what = arena_printf(&a, "notificacion WHERE oficio LIKE '%s/%%'", oficio);
	int64_t until = clock_monotonic() + WAIT_MS;

	while (clock_monotonic() < until) {
		if (count(what) >= many)
			return true;
		if (waitpid(pid, NULL, WNOHANG | WNOWAIT) == pid)
			return false;
		nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
	}
	fail_msg("%s: not so many in time", oficio);
	return false;
}

static pid_t start_lot(struct arena *a, const char *name)
{
	const char *const argv[] = {"buzond", "notificar", "--lote",
		arena_printf(a, "%s.csv", name), "--servidor",
		arena_printf(a, "https://localhost:%u", world.port), "--ca",
		arena_printf(a, "%s/tls_ca.pem", pki_dir()), "--cer",
		arena_printf(a, "%s/funcionario.cer", pki_dir()), "--key",
		arena_printf(a, "%s/funcionario.key", pki_dir()), "--contrasena-archivo",
		arena_printf(a, "%s/funcionario.pass", pki_dir()), NULL};

	return e2e_spawn(&world, name, argv);
}

/* The verb dies in the middle, again and again: what it left is taken up. */
static void test_verb_dies(void **state)
{
	ARENA(a, ROOM);
	int deaths = 0;

	(void)state;
	write_manifest("muere", "MUERE", MANY, "");
	for (int64_t many = MANY / 4; many < MANY; many += MANY / 4) {
		pid_t pid = start_lot(&a, "muere");

		deaths += wait_issued("MUERE", many, pid);
		kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, NULL, 0), pid);
	}
	assert_true(deaths > 0);
	struct e2e_run r = E2E_OFICINA(&world, &a, "notificar", "--lote", "muere.csv", "--json");

	if (r.code != 0)
		fail_msg("notificar: %d %s", r.code, r.err);
	must_be_once("MUERE", MANY);
	assert_non_null(strstr(r.out, "\"estado\":\"ya-emitida\""));
}

/* The server dies in the middle, and is there again: the verb goes on by itself. */
static void test_server_dies(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	write_manifest("sigue", "SIGUE", MANY, "");
	pid_t pid = start_lot(&a, "sigue");

	assert_true(wait_issued("SIGUE", MANY / 3, pid));
	e2e_server_stop(&world, SIGKILL);
	e2e_server_start(&world);
	int code = e2e_wait(pid, WAIT_MS);
	const char *report = e2e_file(&world, &a, "sigue.out");

	const char *wrong = strstr(report, ",error,,,");

	if (code != 0)
		fail_msg("notificar: %d: %.400s\n%.400s", code, wrong != NULL ? wrong - 40 : report,
			e2e_file(&world, &a, "sigue.err"));
	must_be_once("SIGUE", MANY);

	for (size_t i = 0; i < MANY; i++)
		assert_non_null(strstr(report, arena_printf(&a, ",SIGUE/%zu,emitida,BI-", i)));
	struct e2e_run r =
		E2E_RUN(&world, &a, "buzond", "verificar-almacen", "--config", "buzond.ini");

	if (r.code != 0)
		fail_msg("verificar-almacen: %s %s", r.out, r.err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one),
		cmocka_unit_test(test_looked_at),
		cmocka_unit_test(test_who_may_not),
		cmocka_unit_test(test_other_acts),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_verb_dies),
		cmocka_unit_test(test_server_dies),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, open_world, close_world);
}
