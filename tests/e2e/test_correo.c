/*
 * Mail through a real relay (exim4): every way to speak to it and everything that it may answer.
 * Each message reaches it, and none of them is lost. Its death and ours: test_medios_fallas and
 * test_medios_muertes. L-5.2, L-7.3, A-06
 */
#include "tests/help/cm.h"
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/file.h"
#include "tests/help/e2e_envio.h"
#include "tests/help/python.h"
#include "tests/help/rele.h"

#define ROOM (32 << 20)
#define REBOTE "rebote = rebote@buzon.prueba\nde = buzon@buzon.prueba\n"

static struct e2e world;
static struct rele rele;

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
	rele_close(&rele);
	return 0;
}

static void use_plain(void)
{
	ARENA(a, ROOM);

	e2e_envio_config(&world,
		arena_printf(&a,
			"[correo]\ntransporte = smtp\nrele = smtp://127.0.0.1:%u\ntls = no\n" REBOTE,
			rele.plain));
}

/* With a password, over TLS. */
static void use_login(const char *scheme, unsigned port, const char *ca, const char *password)
{
	ARENA(a, ROOM);

	assert_int_equal(
		file_write(e2e_path(&world, &a, "rele.pass"), bytes_of_text(password), 0600), OK);
	e2e_envio_config(&world,
		arena_printf(&a,
			"[correo]\ntransporte = smtp\nrele = %s://127.0.0.1:%u\nca = %s\nusuario = "
			"tester\ncontrasena = rele.pass\nsaludo = servidor.buzon.prueba\n" REBOTE,
			scheme, port, ca));
}

/* ---- every way ---- */

static void test_plain(void **state)
{
	ARENA(a, ROOM);
	const char *first = NULL;

	(void)state;
	use_plain();
	const char *id = e2e_envio_put(&world, "correo", "ana@correo.prueba");

	e2e_envio_wait(&world, id, "aceptado");
	assert_int_equal(rele_messages(&rele, &a, "ana@correo.prueba", 1, &first, NULL), 1);
	/* It comes back, if at all, as this very message. */
	assert_non_null(
		strstr(first, arena_printf(&a, "Return-path: <rebote+%s@buzon.prueba>", id)));
	const char *text = python_run(&a,
		"import sys, email, email.policy\n"
		"m = email.message_from_binary_file(sys.stdin.buffer, policy=email.policy.default)\n"
		"assert not m.defects\n"
		"print(m['Subject'], m['From'], m['To'], m['Auto-Submitted'], sep='|')\n"
		"print([p.get_content_type() for p in m.walk()])\n"
		"print(m.get_body(('plain',)).get_content())\n",
		bytes_of_text(first));

	assert_non_null(strstr(text,
		"[PRUEBA] Valida tu correo en el Buzón IMSS|Buzón IMSS <buzon@buzon.prueba>|"
		"ana@correo.prueba|auto-generated\n"
		"['multipart/alternative', 'text/plain', 'text/html']\n"));
	assert_non_null(strstr(text, "https://localhost/c/0\n"));
	assert_non_null(strstr(text, "Medios de contacto: 48213\n"));
	/* The code is not kept. */
	assert_int_equal(
		e2e_number(&world, "SELECT count(*) FROM envio WHERE datos IS NOT NULL"), 0);
	assert_string_equal(e2e_envio_events(&world, &a, id, "aceptado", 1), "250");
}

static void test_starttls_and_smtps(void **state)
{
	ARENA(a, ROOM);
	const char *first = NULL;

	(void)state;
	use_login("smtp", rele.starttls, rele.tls.ca, "secreto de prueba\n");
	const char *id = e2e_envio_put(&world, "correo", "con-starttls@correo.prueba");

	e2e_envio_wait(&world, id, "aceptado");
	assert_int_equal(
		rele_messages(&rele, &a, "con-starttls@correo.prueba", 1, &first, NULL), 1);
	assert_non_null(strstr(first, "esmtpsa"));
	assert_non_null(strstr(first, "helo=servidor.buzon.prueba"));
	use_login("smtps", rele.smtps, rele.tls.ca, "secreto de prueba\n");
	id = e2e_envio_put(&world, "correo", "con-smtps@correo.prueba");
	e2e_envio_wait(&world, id, "aceptado");
	assert_int_equal(rele_messages(&rele, &a, "con-smtps@correo.prueba", 1, &first, NULL), 1);
	assert_non_null(strstr(first, "esmtpsa"));
}

/* RFC 6531. */
static void test_utf8_address(void **state)
{
	ARENA(a, ROOM);
	const char *first = NULL;

	(void)state;
	use_plain();
	const char *id = e2e_envio_put(&world, "correo", "niño@correo.prueba");

	e2e_envio_wait(&world, id, "aceptado");
	assert_int_equal(rele_messages(&rele, &a, "niño@correo.prueba", 1, &first, NULL), 1);
	assert_non_null(strstr(first, "To: <niño@correo.prueba>"));
	assert_non_null(strstr(first, "utf8"));
}

/* ---- everything that it may answer ---- */

static void test_later(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	const char *defer = e2e_envio_put(&world, "correo", "aplaza@correo.prueba");
	const char *full = e2e_envio_put(&world, "correo", "lleno4@correo.prueba");

	assert_string_equal(e2e_envio_events(&world, &a, defer, "no entregado", 1), "451 4.3.0");
	/* Behind DATA, when all of it was there. */
	assert_string_equal(e2e_envio_events(&world, &a, full, "no entregado", 1), "452 4.3.1");
	e2e_envio_hurry(&world, defer);
	assert_string_equal(e2e_envio_events(&world, &a, defer, "no entregado", 2), "451 4.3.0");
	e2e_envio_wait(&world, defer, "pendiente");
	struct e2e_run r =
		E2E_RUN(&world, &a, "buzond", "correo", "--pendientes", "--config", "buzond.ini");

	assert_int_equal(r.code, 0);
	assert_non_null(strstr(r.out, "aplaza@correo.prueba  validacion_correo  451 4.3.0\n"));
	e2e_number(&world, "DELETE FROM tarea WHERE clase = 'correo'");
}

static void test_refused(void **state)
{
	ARENA(a, ROOM);
	int64_t before =
		e2e_number(&world, "SELECT cuenta FROM particular WHERE rfc = '" E2E_FISICA "'");

	(void)state;
	const char *nobody = e2e_envio_put(&world, "correo", "rechaza@correo.prueba");
	const char *full = e2e_envio_put(&world, "correo", "lleno5@correo.prueba");

	e2e_envio_wait(&world, nobody, "fallido");
	e2e_envio_wait(&world, full, "fallido");
	assert_string_equal(e2e_envio_detalle(&world, &a, nobody),
		"Esa dirección no existe o no recibe correo (550 5.1.1); revisa que esté bien "
		"escrita, o usa otra.");
	assert_non_null(strstr(e2e_envio_detalle(&world, &a, full), "lleno (552 5.2.2); "));
	/* Whoever waits for it is told at once. */
	assert_int_equal(
		e2e_number(&world, "SELECT cuenta FROM particular WHERE rfc = '" E2E_FISICA "'"),
		before + 2);
	assert_int_equal(
		e2e_number(&world, "SELECT count(*) FROM tarea WHERE clase = 'correo'"), 0);
}

/* What is wrong between us and it is nobody's message's fault: all is sent once it is right. */
static void test_operators_mistakes(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	use_login("smtp", rele.starttls, rele.tls.ca, "otra clave");
	const char *id = e2e_envio_put(&world, "correo", "paciente@correo.prueba");

	assert_string_equal(e2e_envio_events(&world, &a, id, "no entregado", 1), "535");
	assert_null(strstr(e2e_file(&world, &a, "buzond.err"), "otra clave"));
	use_login("smtps", rele.smtps, rele.tls.other_ca, "secreto de prueba");
	e2e_envio_hurry(&world, id);
	assert_string_equal(e2e_envio_events(&world, &a, id, "no entregado", 2), "tls-fallido");
	use_login("smtps", rele.smtps, rele.tls.ca, "secreto de prueba");
	e2e_envio_hurry(&world, id);
	e2e_envio_wait(&world, id, "aceptado");
	assert_int_equal(rele_messages(&rele, &a, "paciente@correo.prueba", 1, NULL, NULL), 1);
}

/* ---- its pace ---- */

static void wait_number(const char *sql, int64_t number)
{
	int64_t until = clock_monotonic() + 20000;

	while (e2e_number(&world, sql) != number) {
		if (clock_monotonic() > until)
			fail_msg("%s is not %lld", sql, (long long)number);
		nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
	}
}

/* It takes its time over one; everybody else is answered meanwhile. */
static void test_slow_relay(void **state)
{
	ARENA(a, ROOM);
	const char *ids[3];

	(void)state;
	use_plain();
	/* It has all of the message, and thinks about it. */
	for (size_t i = 0; i < 3; i++)
		ids[i] = e2e_envio_put(&world, "correo", "piensa@correo.prueba");
	wait_number("SELECT count(*) FROM tarea WHERE clase = 'correo' AND turno = 1", 3);
	const char *quick = e2e_envio_put(&world, "correo", "pronto@correo.prueba");
	struct e2e_run r = E2E_RUN(&world, &a, "buzon-tui", "notificaciones", "--json");

	assert_int_equal(r.code, 0);
	e2e_envio_wait(&world, quick, "aceptado");
	assert_int_equal(e2e_number(&world, "SELECT count(*) FROM envio WHERE estado = 'pendiente' "
					    "AND destino = 'piensa@correo.prueba'"),
		3);
	for (size_t i = 0; i < 3; i++)
		e2e_envio_wait(&world, ids[i], "aceptado");
}

/* ---- what comes back ---- */

static void test_bounce(void **state)
{
	ARENA(a, ROOM);
	const char *dsn = NULL;

	(void)state;
	const char *id = e2e_envio_put(&world, "correo", "rebota@correo.prueba");
	const char *back = arena_printf(&a, "rebote+%s@buzon.prueba", id);

	e2e_envio_wait(&world, id, "aceptado");
	/* The relay's own notification, given as a mail server gives it to a pipe. */
	assert_int_equal(rele_messages(&rele, &a, back, 1, &dsn, NULL), 1);
	assert_int_equal(file_write(e2e_path(&world, &a, "dsn"), bytes_of_text(dsn), 0600), OK);
	const char *command = arena_printf(&a, "%s rebote --config buzond.ini --para %s <dsn",
		e2e_program(&world, "buzond"), back);
	struct e2e_run r = E2E_RUN(&world, &a, "sh", "-c", command);

	if (r.code != 0)
		fail_msg("%d %s", r.code, r.err);
	e2e_envio_wait(&world, id, "fallido");
	assert_non_null(strstr(e2e_envio_detalle(&world, &a, id),
		"El correo regresó sin entregarse (5.0.0); revisa"));
	/* Without the address, by what is in it. */
	r = E2E_RUN(&world, &a, "sh", "-c",
		arena_printf(
			&a, "%s rebote --config buzond.ini <dsn", e2e_program(&world, "buzond")));
	assert_int_equal(r.code, 0);
	assert_int_equal(
		e2e_number(&world, arena_printf(&a,
					   "SELECT count(*) FROM envio_evento WHERE id = '%s' AND "
					   "evento = 'fallido'",
					   id)),
		2);
	r = E2E_RUN(&world, &a, "sh", "-c",
		arena_printf(&a, "echo hola | %s rebote --config buzond.ini",
			e2e_program(&world, "buzond")));
	assert_int_equal(r.code, 65);
	assert_non_null(strstr(r.err, "no es un aviso de entrega"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_starttls_and_smtps),
		cmocka_unit_test(test_utf8_address),
		cmocka_unit_test(test_later),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_operators_mistakes),
		cmocka_unit_test(test_slow_relay),
		cmocka_unit_test(test_bounce),
	};

	if (!rele_open(&rele)) {
		printf("skip correo: exim4 takes root\n");
		return 0;
	}
	return cmocka_run_group_tests(tests, open_world, close_world);
}
