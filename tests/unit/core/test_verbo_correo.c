/*
 * `buzond correo`: what a person without a carrier reads of the mail and SMS that were sent, and
 * what still waits. The configuration's side of messages: what is refused before a server starts.
 */
#include <stdio.h>
#include <string.h>
#include "base/file.h"
#include "base/secret.h"
#include "tests/help/cm.h"
#include "tests/help/core_envio.h"
#include "tests/help/core_titular.h"
#include "tests/help/core_verbo.h"

#define OUT 65536

static struct mensajeria mensajeria;
static struct recados_aqui *aqui;
static struct recados *recados;
static struct tareas *t;
static char config[300];
static char out[OUT];
static char err[OUT];

static void configure(const char *lines)
{
	ARENA(a, 1 << 20);
	struct bytes text;

	core_verbo_config(config, sizeof(config), mundo.config.almacen);
	assert_int_equal(file_read(&a, config, 65536, &text), OK);
	const char *all = arena_printf(&a, "%s%s", (const char *)text.data, lines);

	assert_int_equal(file_write(config, bytes_of_text(all), 0600), OK);
}

static int set_up(void **state)
{
	struct tareas_config c = {.server = &mundo.server};

	titular_set_up(state);
	assert_int_equal(http_out_setup(), OK);
	envio_world_open(&mundo, &mensajeria);
	assert_int_equal(recados_start(10, &recados), OK);
	assert_int_equal(recados_aqui_start(&aqui), OK);
	assert_int_equal(writer_start(mundo.writer), OK);
	c.writer = mundo.writer;
	c.recados = recados;
	c.aqui = aqui;
	assert_int_equal(tareas_open(&c, &t), OK);
	configure("[correo]\ncarpeta = correo\n[sms]\ncarpeta = sms\n");
	return 0;
}

static int tear_down(void **state)
{
	recados_stop(recados);
	recados_aqui_stop(aqui);
	mundo_restart(&mundo);
	tareas_free(t);
	mensajeria_close(&mensajeria);
	return titular_tear_down(state);
}

static int run(const char *const *words)
{
	return core_verbo(mundo.now, words, out, sizeof(out), err, sizeof(err));
}
#define RUN(...) run((const char *const[]){__VA_ARGS__, "--config", config, NULL})

static void says(const char *text)
{
	if (strstr(out, text) == NULL)
		fail_msg("no «%s» in:\n%s%s", text, out, err);
}

static void test_shows_what_was_sent(void **state)
{
	(void)state;
	assert_int_equal(RUN("correo"), 0);
	says("No hay correo ni SMS");
	const char *mail =
		envio_put(&mundo, rfc, PLANTILLA_validacion_correo, "M1", "ana@correo.mx", "48213");
	const char *sms =
		envio_put(&mundo, rfc, PLANTILLA_validacion_sms, "M2", "6641234567", "00017");

	assert_int_equal(RUN("correo", "--pendientes"), 0);
	says("ana@correo.mx  validacion_correo");
	assert_int_equal(RUN("correo", "--pendientes", "--json"), 0);
	says("\"para\":\"6641234567\",\"plantilla\":\"validacion_sms\"");
	lote_run_there(t, mundo.writer, mundo.now);
	while (tareas_errands(t) != 0)
		;
	assert_int_equal(RUN("correo", "--pendientes"), 0);
	says("No hay mensajes por entregar.");
	assert_int_equal(RUN("correo"), 0);
	says("  correo  ana@correo.mx\n          [PRUEBA] Valida tu correo en el Buzón IMSS\n");
	says("  sms     6641234567\n          PRUEBA sin validez oficial. Buzón IMSS: código 00017. "
	     "No lo compartas.\n");
	assert_int_equal(RUN("correo", "--de", mail), 0);
	says("Para:   ana@correo.mx\n");
	says("Asunto: [PRUEBA] Valida tu correo en el Buzón IMSS\n\nPRUEBA sin validez oficial.\n");
	says("https://buzon.prueba/c/abc?a=1&b\n");
	assert_int_equal(RUN("correo", "--json"), 0);
	says("\"asunto\":\"[PRUEBA] Valida tu correo en el Buzón IMSS\"");
	char part[9];

	snprintf(part, sizeof(part), "%s", sms);
	assert_int_equal(RUN("correo", "--json", "--de", part), 0);
	says("\"texto\":\"PRUEBA sin validez oficial.\\u000aBuzón IMSS: código 00017.");
	assert_int_equal(RUN("correo", "--de", "nadie"), 66);
	assert_int_equal(RUN("correo", "--de", part, "--pendientes"), 64);
}

static void refused(const char *lines, const char *why)
{
	configure(lines);
	assert_int_equal(RUN("config"), 78);
	if (strstr(err, why) == NULL)
		fail_msg("%s: no «%s» in: %s", lines, why, err);
}

static void test_configuration(void **state)
{
	ARENA(a, 1 << 20);

	(void)state;
	assert_int_equal(file_write(arena_printf(&a, "%s/x.pass", mundo.folder),
				 bytes_of_text("secreto\n"), 0600),
		OK);
	configure("[correo]\ntransporte = smtp\nrele = smtp://rele:587\nusuario = u\ncontrasena = "
		  "x.pass\n[sms]\ntransporte = kannel\nkannel = http://k:1/s\nusuario = u\n"
		  "contrasena = x.pass\n");
	assert_int_equal(RUN("config"), 0);
	refused("[correo]\ntransporte = paloma\n", "[correo], transporte admite carpeta o smtp");
	refused("[sms]\ntransporte = smtp\n", "[sms], transporte admite carpeta o kannel");
	refused("[correo]\ntransporte = smtp\n", "falta rele");
	refused("[correo]\ntransporte = smtp\nrele = http://x\n", "smtp:// o smtps://");
	refused("[correo]\ntransporte = smtp\nrele = smtp://x/y\n", "smtp:// o smtps://");
	refused("[correo]\ntransporte = smtp\nrele = smtp://x\ntls = quiza\n", "tls admite");
	/* A password is never sent in the clear. */
	refused("[correo]\ntransporte = smtp\nrele = smtp://x\ntls = no\nusuario = "
		"u\ncontrasena = x.pass\n",
		"no viaja sin cifrar");
	refused("[correo]\ntransporte = smtp\nrele = smtp://x\nusuario = u\n", "van juntas");
	refused("[correo]\ntransporte = smtp\nrele = smtp://x\nusuario = u\ncontrasena = no-hay\n",
		"no se puede leer");
	refused("[correo]\nde = buzon\n", "admiten una dirección");
	refused("[correo]\nrebote = <a@b>\n", "admiten una dirección");
	refused("[sms]\ntransporte = kannel\n", "falta kannel");
	refused("[sms]\ntransporte = kannel\nkannel = http://k\n", "faltan usuario y contrasena");
	refused("[sms]\ntransporte = kannel\nkannel = http://k\nusuario = u\ncontrasena = "
		"x.pass\nlada = +52\n",
		"lada admite");
	assert_int_equal(file_write(arena_printf(&a, "%s/activado.txt", mundo.folder),
				 bytes_of_text("{clave}"), 0600),
		OK);
	refused("[correo]\nplantillas = .\n", "activado.txt: en el renglón 1 no se conoce {clave}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shows_what_was_sent),
		cmocka_unit_test(test_configuration),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
