/*
 * SMS through a real gateway (Kannel) and its operators: accents arrive, what became of each comes
 * back by its delivery reports, and a gateway that is down or misconfigured loses none. L-5.2, A-07
 */
#include "tests/help/cm.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "base/file.h"
#include "tests/help/e2e_envio.h"
#include "tests/help/http.h"
#include "tests/help/kannel.h"

#define ROOM (64 << 20)
#define PASSWORD "clave de sms"

static struct e2e world;
static struct kannel kannel;

static void configure(const char *password)
{
	ARENA(a, ROOM);

	assert_int_equal(
		file_write(e2e_path(&world, &a, "sms.pass"), bytes_of_text(password), 0600), OK);
	/* Reports come over the server's TLS, as from another machine: so Kannel needs none of it.
	 */
	e2e_envio_config(&world,
		arena_printf(&a,
			"[sms]\ntransporte = kannel\nkannel = http://127.0.0.1:%u/cgi-bin/sendsms\n"
			"usuario = buzon\ncontrasena = sms.pass\nde = 12345\ninformes = "
			"http://127.0.0.1:%u\n",
			kannel.sendsms, world.port));
}

static int open_world(void **state)
{
	(void)state;
	kannel_open(&kannel);
	e2e_open(&world);
	/* Plain HTTP, behind what would be its proxy. */
	ARENA(a, ROOM);
	char *text = arena_strdup(&a, e2e_file(&world, &a, "buzond.ini"));
	char *tls = strstr(text, "tls_certificado");

	*tls = '#';
	*strstr(tls, "tls_llave") = '#';
	assert_int_equal(
		file_write(e2e_path(&world, &a, "buzond.ini"), bytes_of_text(text), 0600), OK);
	configure(PASSWORD);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	e2e_close(&world);
	kannel_close(&kannel);
	return 0;
}

static void test_accents_and_delivery(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	const char *id = e2e_envio_put(&world, "sms", "6641234567");
	const char *phones = kannel_phones(&kannel, &a, "+526641234567");

	/* "Buzón IMSS: código 48213" in UCS-2, as fakesmsc shows it. */
	assert_non_null(strstr(phones, "<12345 +526641234567 ucs-2 "));
	assert_non_null(strstr(phones, "%00B%00u%00z%00%F3%00n%00+%00I%00M%00S%00S"));
	assert_non_null(strstr(phones, "%00c%00%F3%00d%00i%00g%00o%00+%004%008%002%001%003"));
	/* The network said that it has it, and then that the phone has. */
	e2e_envio_wait(&world, id, "entregado");
	assert_string_equal(
		e2e_envio_events(&world, &a, id, "aceptado", 1)[0] == '2' ? "202" : "informe 1",
		e2e_envio_events(&world, &a, id, "aceptado", 1));
	assert_string_equal(e2e_envio_events(&world, &a, id, "en camino", 1), "informe 8");
	assert_string_equal(e2e_envio_events(&world, &a, id, "entregado", 1), "informe 1");
	/* Neither log tells the password. */
	assert_null(strstr(kannel_log(&kannel, &a, "smsbox"), "sendsms?"));
	assert_null(strstr(e2e_file(&world, &a, "buzond.err"), PASSWORD));
}

static void test_refused_by_the_network(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	const char *refused = e2e_envio_put(&world, "sms", "9991234560");
	const char *taken = e2e_envio_put(&world, "sms", "9991234562");

	e2e_envio_wait(&world, refused, "fallido");
	assert_string_equal(e2e_envio_detalle(&world, &a, refused),
		"La red celular rechazó el mensaje (informe 16); revisa el número, o usa otro.");
	e2e_envio_wait(&world, taken, "aceptado");
	assert_string_equal(e2e_envio_events(&world, &a, taken, "en camino", 1), "informe 8");
}

static void test_down_and_up(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	kannel_stop(&kannel);
	const char *id = e2e_envio_put(&world, "sms", "5512345678");

	assert_string_equal(e2e_envio_events(&world, &a, id, "no entregado", 1), "sin-conexion");
	kannel_start(&kannel);
	e2e_envio_hurry(&world, id);
	e2e_envio_wait(&world, id, "entregado");
	kannel_phones(&kannel, &a, "+525512345678");
}

static void test_wrong_password(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	configure("otra");
	const char *id = e2e_envio_put(&world, "sms", "3312345678");

	assert_string_equal(e2e_envio_events(&world, &a, id, "no entregado", 1), "403");
	configure(PASSWORD);
	e2e_envio_hurry(&world, id);
	e2e_envio_wait(&world, id, "entregado");
}

/* ---- the page of reports ---- */

static int report(const char *target)
{
	ARENA(a, ROOM);
	char answer[4096];
	int status = 0;
	int fd = http_connect((unsigned short)world.port);

	http_send_text(fd,
		arena_printf(&a, "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
			target));
	http_receive_answer(fd, answer, sizeof(answer));
	close(fd);
	assert_int_equal(sscanf(answer, "HTTP/1.1 %d", &status), 1);
	return status;
}

static void test_reports_of_nobody(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	kannel_stop(&kannel);
	const char *id = e2e_envio_put(&world, "sms", "8112345678");

	assert_int_equal(report("/dlr/"), 404);
	assert_int_equal(report("/dlr/aaaaaaaaaaaaaaaaaaaaaaaaaa?type=1"), 404);
	assert_int_equal(report("/dlr/AAAAAAAAAAAAAAAAAAAAAAAAAA?type=1"), 404);
	assert_int_equal(report(arena_printf(&a, "/dlr/%s", id)), 404);
	assert_int_equal(report(arena_printf(&a, "/dlr/%s?type=3", id)), 404);
	assert_int_equal(report(arena_printf(&a, "/dlr/%s?type=1x", id)), 404);
	assert_int_equal(report(arena_printf(&a, "/dlr/%s?tipo=1", id)), 404);
	assert_int_equal(report(arena_printf(&a, "/dlr/%.10s?type=1", id)), 404);
	e2e_envio_wait(&world, id, "pendiente");
	/* What was answered is kept, whoever dies next. */
	assert_int_equal(report(arena_printf(&a, "/dlr/%s?type=16&reply=x", id)), 200);
	assert_int_equal(e2e_server_stop(&world, SIGKILL), 128 + SIGKILL);
	e2e_envio_wait(&world, id, "fallido");
	e2e_server_start(&world);
	kannel_start(&kannel);
	assert_int_equal(report(arena_printf(&a, "/dlr/%s?type=1", id)), 200);
	e2e_envio_wait(&world, id, "fallido");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accents_and_delivery),
		cmocka_unit_test(test_refused_by_the_network),
		cmocka_unit_test(test_down_and_up),
		cmocka_unit_test(test_wrong_password),
		cmocka_unit_test(test_reports_of_nobody),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
