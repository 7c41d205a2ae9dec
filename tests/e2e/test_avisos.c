/*
 * A notification through both programs, with the clock moved: its aviso arrives as mail and SMS,
 * its addressee sees it, nobody opens it, and on the fourth day the acuse of the lapse is read and
 * proved offline. The same under kill -9 at any step: one aviso, one lapse, one acuse.
 * L-6.1 L-7.2 L-7.3 L-7.4 L-7.5 L-7.7 L-7.9 L-10
 */
#include "tests/help/cm.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "ley/plazo.h"
#include "tests/help/e2e_correo.h"
#include "tests/help/e2e_envio.h"
#include "tests/help/e2e_filas.h"
#include "tests/help/e2e_medios.h"
#include "tests/help/pki.h"
#include "tests/help/reloj.h"

#define ROOM (16 << 20)
#define CORREO "ana@correo.prueba"
#define MINUTO INT64_C(60000)
#define HORA (60 * MINUTO)
/* Deaths of the way out, and of the lapse. */
#define DEATHS 8

static struct e2e world;
static struct calendario calendario;
static const char *const *moved; /* before the argv of whoever has the moved clock */

/* The server again, at that instant. */
static void restart_at(int64_t at)
{
	if (world.server > 0)
		assert_int_equal(e2e_server_stop(&world, SIGTERM), 0);
	reloj_at(at);
	e2e_server_start(&world);
}

/* The client of who is notified, at the same instant. */
static struct e2e_run client(struct arena *a, const char *const words[])
{
	const char *argv[24] = {0};
	size_t n = 0;

	for (size_t i = 0; moved[i] != NULL; i++)
		argv[n++] = moved[i];
	argv[n++] = e2e_program(&world, "buzon-tui");
	for (size_t i = 0; words[i] != NULL; i++)
		argv[n++] = words[i];
	struct e2e_run r = e2e_run(&world, a, argv);

	if (r.code != 0)
		fail_msg("%s: %d %s%s", words[0], r.code, r.out, r.err);
	return r;
}

#define CLIENT(a, ...) client((a), (const char *const[]){__VA_ARGS__, NULL})

/* 11:00 of the first día hábil from tomorrow on. */
static int64_t a_working_day(void)
{
	int32_t today = zona_civil(zona_centro(), pki_now()).dia;
	int32_t dia;

	assert_int_equal(calendario_despues(&calendario, today, 1, &dia), OK);
	return zona_instant(zona_centro(), dia, 11 * HORA);
}

/* Registered and validated, as its owner does. */
static void make_medium(const char *option, const char *valor)
{
	ARENA(a, ROOM);
	struct e2e_run r = CLIENT(&a, "medio", "nuevo", option, valor, "--si", "--json");
	const char *folio = e2e_json(&a, r.out, "folio");
	const char *text = strcmp(option, "--celular") == 0
				   ? e2e_sms(&world, &a, "código")
				   : e2e_correo(&world, &a, valor, "Valida tu correo");

	CLIENT(&a, "medio", "validar", folio, e2e_codigo(&a, text), "--json");
}

static int open_world(void **state)
{
	const char *given = getenv("BUZON_SEED");
	unsigned seed = given != NULL ? (unsigned)strtoul(given, NULL, 10)
				      : (unsigned)clock_monotonic() ^ (unsigned)getpid() << 16;

	*state = &world;
	print_message("BUZON_SEED=%u\n", seed);
	srandom(seed);
	e2e_open(&world);
	assert_int_equal(calendario_make(&world.arena, 2024, 2036, NULL, 0, &calendario), OK);
	world.setup = moved = reloj_words();
	restart_at(a_working_day());
	make_medium("--correo", CORREO);
	make_medium("--celular", "5512345678");
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	e2e_close(&world);
	return 0;
}

/* ---- asked of the store ---- */

static int64_t ask(const char *folio, const char *format)
{
	ARENA(a, 65536);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	return e2e_number(&world, arena_printf(&a, format, folio));
#pragma GCC diagnostic pop
}

static void wait_for(const char *folio, const char *format, int64_t number)
{
	ARENA(a, 65536);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	e2e_espera(&world, arena_printf(&a, format, folio), number);
#pragma GCC diagnostic pop
}

#define ROW(columns) "SELECT " columns " FROM notificacion WHERE folio = '%s'"
#define EVENTS(word) "SELECT count(*) FROM evento WHERE folio = '%s' AND suceso = '" word "'"
#define SHOWN "SELECT count(*) FROM evento WHERE folio = '%s' AND suceso = 'puesta'"
#define LAPSED "SELECT count(*) FROM notificacion WHERE folio = '%s' AND forma = 'automatica'"

/* By the functionary's verb, over the wire, at the same instant. */
static const char *issue(void)
{
	static unsigned number;
	ARENA(a, ROOM);
	const char *p = pki_dir();
	struct e2e_run r = E2E_RUN(&world, &a, moved[0], moved[1], moved[2], moved[3],
		e2e_program(&world, "buzond"), "notificar", "--rfc", E2E_FISICA, "--pdf",
		"documento.pdf", "--oficio", arena_printf(&a, "AVISO/2026/%u", ++number), "--tipo",
		"R-7.1", "--documento", E2E_DOCUMENTO, "--plazo-dias", "15", "--servidor",
		arena_printf(&a, "https://localhost:%u", world.port), "--ca",
		arena_printf(&a, "%s/tls_ca.pem", p), "--confianza",
		arena_printf(&a, "%s/confianza", p), "--cer",
		arena_printf(&a, "%s/funcionario.cer", p), "--key",
		arena_printf(&a, "%s/funcionario.key", p), "--contrasena-archivo",
		arena_printf(&a, "%s/funcionario.pass", p));

	if (r.code != 0)
		fail_msg("notificar: %d %s", r.code, r.err);
	return arena_printf(&world.arena, "%.*s", (int)strcspn(r.out, "\n"), r.out);
}

static void must_prove(struct arena *a, const char *file)
{
	struct e2e_run r = E2E_RUN(&world, a, "buzon-tui", "verificar", file, "--confianza",
		arena_printf(a, "%s/confianza", pki_dir()));

	if (r.code != 0)
		fail_msg("verificar %s: %d %s%s", file, r.code, r.out, r.err);
}

/* ---- a life ---- */

static void test_from_issue_to_lapse(void **state)
{
	ARENA(a, ROOM);
	const char *folio = issue();

	(void)state;
	/* It arrives, and says when and how, and nothing else. */
	const char *mail = e2e_correo(&world, &a, CORREO, "Tienes un aviso de notificación");
	const char *sms = e2e_sms(&world, &a, "aviso de notific");

	assert_non_null(strstr(mail, "e.firma"));
	assert_non_null(strstr(mail, "PRUEBA"));
	assert_null(strstr(mail, "AVISO/2026"));
	assert_null(strstr(mail, E2E_DOCUMENTO));
	assert_null(strstr(sms, folio));
	wait_for(folio, SHOWN, 1);
	assert_int_equal(ask(folio, EVENTS("aviso-enviado")), 2);
	/* Its addressee sees it, and the document is not there to be read. */
	struct e2e_run r = CLIENT(&a, "notificaciones", "--json");

	assert_non_null(strstr(r.out, folio));
	assert_non_null(strstr(r.out, "\"aviso\":"));
	assert_int_equal(ask(folio, ROW("abierta IS NULL AND notificada IS NULL")), 1);
	int64_t vence = ask(folio, ROW("vence"));

	assert_int_equal(ask(folio, ROW("aviso = CASE WHEN correo > celular THEN correo ELSE "
					"celular END")),
		1);
	/* The server is down over the deadline, and for two days more. */
	restart_at(vence + 48 * HORA);
	wait_for(folio, LAPSED, 1);
	assert_int_equal(ask(folio, ROW("notificada = vence")), 1);
	assert_int_equal(ask(folio, "SELECT instante FROM evento WHERE folio = '%s' AND suceso = "
				    "'vencida'"),
		vence);
	(void)e2e_correo(&world, &a, CORREO, "Quedó hecha una notificación");
	r = CLIENT(&a, "acuse", folio, "-o", "vencida.json");
	must_prove(&a, "vencida.json");
	assert_non_null(strstr(e2e_file(&world, &a, "vencida.json"), "\"automatico\""));
	/* That of its issue, which is its folio, and this one. */
	assert_int_equal(e2e_acuses_of(&world, folio), 1);
	/* It is notified: its document is read, and that is kept. */
	r = CLIENT(&a, "documento", folio, "-o", "leido.pdf");
	assert_string_equal(
		e2e_file(&world, &a, "leido.pdf"), e2e_file(&world, &a, "documento.pdf"));
	wait_for(folio, EVENTS("entregada"), 1);
	r = CLIENT(&a, "notificaciones", "--json");
	assert_non_null(strstr(r.out, "automatica"));
}

/* ---- deaths ---- */

static void nap(long us)
{
	nanosleep(&(struct timespec){.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000}, NULL);
}

static void die(void)
{
	assert_int_equal(e2e_server_stop(&world, SIGKILL), 128 + SIGKILL);
}

/* One of each, whatever died between. */
static void must_be_one(const char *folio)
{
	assert_int_equal(ask(folio, SHOWN), 1);
	assert_int_equal(
		ask(folio, "SELECT count(*) FROM envio WHERE acto = '%s' AND plantilla LIKE "
			   "'aviso_%%'"),
		2);
	assert_int_equal(ask(folio, EVENTS("aviso-enviado")), 2);
	assert_int_equal(ask(folio, ROW("aviso = CASE WHEN correo > celular THEN correo ELSE "
					"celular END")),
		1);
	assert_int_equal(
		ask(folio, "SELECT count(*) FROM tarea WHERE clase = 'plazo' AND clave LIKE "
			   "'%%%s'"),
		1);
	assert_int_equal(ask(folio, EVENTS("sin-aviso")), 0);
}

static void test_deaths(void **state)
{
	const char *folios[DEATHS];
	int64_t vence = 0;

	(void)state;
	restart_at(a_working_day());
	for (int i = 0; i < DEATHS; i++) {
		folios[i] = issue();
		nap(random() % 400000);
		die();
		/* Whatever the dead one's leases say. */
		e2e_tareas_ya(&world, "clase IN ('correo', 'sms')");
		e2e_server_start(&world);
		wait_for(folios[i], SHOWN, 1);
		must_be_one(folios[i]);
		vence = ask(folios[i], ROW("vence"));
	}
	/* All of them lapse while it dies again and again. */
	assert_int_equal(e2e_server_stop(&world, SIGTERM), 0);
	reloj_at(vence + HORA);
	for (int i = 0; i < DEATHS; i++) {
		e2e_server_start(&world);
		nap(random() % 30000);
		die();
	}
	e2e_server_start(&world);
	for (int i = 0; i < DEATHS; i++) {
		wait_for(folios[i], LAPSED, 1);
		assert_int_equal(ask(folios[i], ROW("notificada = vence")), 1);
		assert_int_equal(ask(folios[i], EVENTS("vencida")), 1);
		assert_int_equal(e2e_acuses_of(&world, folios[i]), 1);
		assert_int_equal(
			ask(folios[i], "SELECT count(*) FROM envio WHERE acto = '%s' AND plantilla "
				       "= 'notificada'"),
			1);
	}
}

#define EACH(f) cmocka_unit_test_teardown(f, e2e_almacen_limpio)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(test_from_issue_to_lapse),
		EACH(test_deaths),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
