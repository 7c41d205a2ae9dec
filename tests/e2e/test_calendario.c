/*
 * An operator publishes a calendar while servers run: all of them hear of it, open terms are
 * counted again whoever is killed meanwhile, and people see what moved. R-2 L-4.6 L-5.7
 */
#include "tests/help/cm.h"
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include "base/clock.h"
#include "base/file.h"
#include "ley/plazo.h"
#include "tests/help/e2e.h"
#include "tests/help/e2e_servidor.h"
#include "tests/help/pg.h"

#define ROOM (32 * 1024 * 1024)
#define MANY 300
#define OPEN "SELECT count(*) FROM notificacion WHERE calendario = "

static struct e2e world;
static struct e2e_servidor other = {.name = "otro"};
static struct plazo_aviso terms;
static struct calendario law;

static int open_world(void **state)
{
	(void)state;
	e2e_open(&world);
	/* A file of SQLite's has one server. */
	if (pg_wanted()) {
		static const char *lines[2];

		other.port = e2e_servidor_port();
		lines[0] = arena_printf(&world.arena, "autoridades = localhost:%u", other.port);
		other.lines = lines;
		e2e_servidor_start(&world, &other);
	}
	assert_int_equal(calendario_make(&world.arena, 2024, 2032, NULL, 0, &law), OK);
	assert_int_equal(plazo_de_aviso(&law, world.aviso, &terms), OK);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	if (other.pid > 0)
		e2e_servidor_stop(&other, SIGTERM);
	e2e_close(&world);
	return 0;
}

static void wait_number(int64_t number, const char *sql)
{
	int64_t until = clock_monotonic() + 60000;

	while (e2e_number(&world, sql) != number) {
		if (clock_monotonic() > until)
			fail_msg("%s: %lld, not %lld", sql, (long long)e2e_number(&world, sql),
				(long long)number);
		nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
	}
}

/* The calendar in force, with those days declared, published. */
static void publish(const int32_t *dias, size_t count, const char *acuerdo)
{
	ARENA(a, ROOM);
	struct e2e_run r =
		E2E_RUN(&world, &a, "buzond", "calendario", "--ics", "--config", "buzond.ini");
	const char *end = strstr(r.out, "END:VCALENDAR");

	assert_int_equal(r.code, 0);
	assert_non_null(end);
	const char *text = arena_printf(&a, "%.*s", (int)(end - r.out), r.out);

	for (size_t i = 0; i < count; i++) {
		int y = 0;
		int m = 0;
		int d = 0;

		fecha_split(dias[i], &y, &m, &d);
		text = arena_printf(&a,
			"%sBEGIN:VEVENT\r\nUID:%d@prueba\r\nDTSTART;VALUE=DATE:%04d%02d%02d\r\n"
			"SUMMARY:Suspensión\r\nDESCRIPTION:Acuerdo de prueba\r\n"
			"CATEGORIES:INHABIL,declarado\r\nEND:VEVENT\r\n",
			text, dias[i], y, m, d);
	}
	text = arena_printf(&a, "%sEND:VCALENDAR\r\n", text);
	assert_int_equal(file_write(e2e_path(&world, &a, "c.ics"), bytes_of_text(text), 0600), OK);
	r = E2E_RUN(&world, &a, "buzond", "calendario", "--publicar", "c.ics", "--acuerdo", acuerdo,
		"--config", "buzond.ini");
	if (r.code != 0)
		fail_msg("%s", r.err);
}

static int64_t lapse_with(const int32_t *dias, size_t count)
{
	ARENA(a, ROOM);
	struct inhabil more[4] = {0};
	struct calendario c;
	struct plazo_aviso counted;

	for (size_t i = 0; i < count; i++)
		more[i] = (struct inhabil){.dia = dias[i], .motivo = "x"};
	assert_int_equal(calendario_make(&a, 2024, 2032, more, count, &c), OK);
	assert_int_equal(plazo_de_aviso(&c, world.aviso, &counted), OK);
	return counted.vence;
}

/* What the person's program lists by itself, asked of that server. */
static void assert_listed(const char *perfil, int64_t vence)
{
	ARENA(a, ROOM);
	struct e2e_run r =
		E2E_RUN(&world, &a, "buzon-tui", "notificaciones", "--json", "--perfil", perfil);
	const char *expected = arena_printf(&a, "\"vence\":%lld", (long long)vence);

	assert_int_equal(r.code, 0);
	if (strstr(r.out, expected) == NULL)
		fail_msg("%s is not in %s", expected, r.out);
}

static void test_published_while_servers_run(void **state)
{
	ARENA(a, ROOM);
	int64_t vence = lapse_with(&terms.dias[2], 1);

	(void)state;
	e2e_notificar(&world, E2E_FISICA);
	assert_listed("fisica", terms.vence);
	publish(&terms.dias[2], 1, "Acuerdo ACDO.PRUEBA/1");
	wait_number(1, OPEN "1");
	assert_int_equal(e2e_number(&world, "SELECT vence FROM notificacion"), vence);
	assert_listed("fisica", vence);
	assert_non_null(strstr(
		e2e_text(&world, &a, "SELECT cambio FROM notificacion"), "Acuerdo ACDO.PRUEBA/1"));
	struct e2e_run r =
		E2E_RUN(&world, &a, "buzond", "verificar-almacen", "--config", "buzond.ini");

	if (r.code != 0)
		fail_msg("%s%s", r.out, r.err);
	if (!pg_wanted())
		return;
	/* The other server heard of it by itself, without a request. */
	int64_t until = clock_monotonic() + 30000;

	while (strstr(e2e_servidor_log(&world, &a, &other), "calendario: version 1") == NULL) {
		assert_true(clock_monotonic() < until);
		nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
	}
	struct e2e_perfil p = {.nombre = "lejos",
		.rfc = E2E_FISICA,
		.certificado = "fisica.cer",
		.llave = "fisica.key",
		.pass = "fisica.pass",
		.port = other.port};

	e2e_perfil(&world, &p);
	assert_listed("lejos", vence);
}

/* kill -9 over and over while terms are counted again: each moves, and moves once. */
static void test_killed_while_it_counts(void **state)
{
	ARENA(a, ROOM);
	const int32_t dias[] = {terms.dias[2], terms.dias[1]};
	int64_t vence = lapse_with(dias, 2);

	(void)state;
	e2e_number(&world,
		arena_printf(&a,
			"INSERT INTO archivo (folio, parte, sha256, bytes, cadena, firma, "
			"certificado, datos) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + "
			"1 FROM n WHERE i < %d) SELECT folio || i, parte, sha256, bytes, cadena, "
			"firma, certificado, datos FROM archivo, n",
			MANY));
	e2e_number(&world,
		arena_printf(&a,
			"INSERT INTO notificacion (folio, parte, titular, seq, oficio, tipo, "
			"documento, funcionario, plazo_dias, aviso, vence, archivo, calendario) "
			"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
			"%d) SELECT folio || i, parte, titular, seq, oficio, tipo, documento, "
			"funcionario, plazo_dias, aviso, vence, archivo, 1 FROM notificacion, n",
			MANY));
	if (other.pid > 0)
		e2e_servidor_stop(&other, SIGKILL);
	assert_int_equal(e2e_server_stop(&world, SIGKILL), 128 + SIGKILL);
	publish(&dias[1], 1, "Acuerdo ACDO.PRUEBA/2");
	for (int i = 0; i < 4; i++) {
		e2e_server_start(&world);
		nanosleep(&(struct timespec){.tv_nsec = random() % 30 * 1000000}, NULL);
		assert_int_equal(e2e_server_stop(&world, SIGKILL), 128 + SIGKILL);
	}
	e2e_server_start(&world);
	wait_number(MANY + 1, OPEN "2");
	assert_int_equal(
		e2e_number(&world, arena_printf(&a, OPEN "2 AND vence = %lld", (long long)vence)),
		MANY + 1);
	/* The first one moved twice by now, each of the others once. */
	assert_int_equal(
		e2e_number(&world, "SELECT count(*) FROM evento WHERE suceso = 'calendario'"),
		MANY + 2);
	assert_int_equal(e2e_number(&world, "SELECT count(*) FROM (SELECT folio FROM evento WHERE "
					    "detalle LIKE '%PRUEBA/2' GROUP BY folio) AS f"),
		MANY + 1);
	assert_listed("fisica", vence);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_published_while_servers_run),
		cmocka_unit_test(test_killed_while_it_counts),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
