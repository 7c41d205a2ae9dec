/*
 * A person with a screen reader activates a Buzón in lines, from the first one to the acuse: typed
 * password, a mail by its code after mistakes, a mobile, the terms, the signature. On a terminal
 * that can't move its cursor and by pipes. A-01 A-02 A-04 A-05 A-07 A-12 L-5.1 L-5.2 L-5.3 R-1
 */
#include "tests/help/cm.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/help/e2e_correo.h"
#include "tests/help/pki.h"
#include "tests/help/tubo.h"

#define ROOM (64 * 1024 * 1024)
#define ACTIVE "SELECT count(*) FROM particular WHERE habilitado IS NOT NULL"

static struct e2e world;
static char typed[2][80]; /* the password and Enter, of the física and the moral */

static int open_world(void **state)
{
	static const char *const names[] = {"fisica.pass", "moral.pass"};
	ARENA(a, ROOM);

	(void)state;
	world.sin_activar = true;
	e2e_open(&world);
	e2e_perfil(&world, &(struct e2e_perfil){.nombre = "tecleada",
				   .certificado = "fisica.cer",
				   .llave = "fisica.key",
				   .pass = "-"});
	e2e_perfil(&world, &(struct e2e_perfil){.nombre = "empresa",
				   .rfc = E2E_MORAL,
				   .certificado = "moral.cer",
				   .llave = "moral.key",
				   .pass = "-"});
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct bytes text = pki_read(&a, names[i]);

		(void)snprintf(typed[i], sizeof(typed[i]), "%.*s\n", (int)text.size,
			(const char *)text.data);
	}
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	e2e_close(&world);
	return 0;
}

/* Only text and line ends, and nowhere the password. */
static void must_be_plain(const struct tubo *t)
{
	for (size_t i = 0; i < t->size; i++) {
		unsigned char c = (unsigned char)t->text[i];
		bool end = t->tty && c == '\r' && i + 1 < t->size && t->text[i + 1] == '\n';

		if ((c < 0x20 && c != '\n' && !end) || c == 0x7f)
			fail_msg("byte %02x after:\n%.*s", c, (int)i, t->text);
	}
	for (size_t i = 0; i < COUNT_OF(typed); i++)
		assert_null(memmem(t->text, t->size, typed[i], strlen(typed[i]) - 1));
}

static char *const *dumb_env(struct arena *a)
{
	char *const *env = e2e_env(&world);
	char **copy = arena_array(a, 32, sizeof(*copy));

	assert_non_null(copy);
	for (size_t n = 0; env[n] != NULL; n++)
		copy[n] =
			strncmp(env[n], "TERM=", 5) == 0 ? (char *)(uintptr_t) "TERM=dumb" : env[n];
	return copy;
}

static void say(struct tubo *t, const char *line, const char *answer)
{
	tubo_send(t, line);
	tubo_wait(t, answer);
}

/* Lines are not printed over: who is quicker than the list asks again, and is told so. */
static void until(struct tubo *t, const char *text, const char *not_yet)
{
	do
		tubo_send(t, ".\n");
	while (!tubo_wait_either(t, text, not_yet));
}

static void enter(struct tubo *t, struct arena *a, bool tty, const char *perfil)
{
	char *argv[] = {(char *)(uintptr_t)e2e_program(&world, "buzon-tui"),
		(char *)(uintptr_t) "--perfil", (char *)(uintptr_t)perfil,
		(char *)(uintptr_t)(tty ? NULL : "--llano"), NULL};

	tubo_start(t, tty, world.dir, argv, tty ? dumb_env(a) : e2e_env(&world));
	tubo_wait(t, "Contraseña de la Llave privada: ");
	say(t, typed[!tty], "Escribe el número o el nombre de un botón");
	say(t, "validar\n", "no está habilitado");
	tubo_wait(t, "Puedes escribir: ir");
}

/* From the board to what comes next; a mistake is said where it is, and only that is asked again.
 */
static void add(struct tubo *t, struct arena *a, bool mobile, const char *wrong, const char *medio)
{
	say(t, "nuevo\n", "Medio de Contacto: ");
	if (mobile) {
		say(t, "\n", "el número de un campo");
		say(t, "2\n", "Mecanismo de Comunicación");
		say(t, "Teléfono\n", "Medio de Contacto: ");
	}
	say(t, arena_printf(a, "%s\n", wrong), "! ");
	tubo_wait(t, arena_printf(a, "Medio de Contacto [%s]: ", wrong));
	say(t, arena_printf(a, "%s\n", medio), "el nombre de un botón");
	say(t, "guardar\n", "Registrar medio de contacto");
	tubo_wait(t, arena_printf(a, "Aceptas: registrar %s para el RFC", medio));
	tubo_wait(t, "Para «Aceptar» escribe esa palabra entera; Enter: Cancelar.");
	/* Nothing by accident: a number is asked about, an empty line leaves. */
	say(t, "2\n", "Para hacerlo escribe la palabra «Aceptar»");
	say(t, "aceptar\n", "falta validarlo");
	tubo_wait(t, "Folio: BI-");
	tubo_wait(t, "Qué sigue");
	say(t, "\n", "Mis medios de contacto");
	until(t, "En proceso", "llega en un momento");
}

static void validate(struct tubo *t, struct arena *a, const char *codigo, const char *what)
{
	say(t, "validar\n", "Código de verificación: ");
	say(t, "12\n", "El código lleva cinco dígitos");
	tubo_wait(t, "Código de verificación [12]: ");
	say(t, arena_printf(a, "%s\n", codigo), "el nombre de un botón");
	say(t, "validar\n", "Qué se firma: la validación con el código");
	tubo_wait(t, "Tu respuesta: ");
	say(t, "firmar\n", "quedó validado");
	say(t, "\n", "Mis medios de contacto");
	until(t, arena_printf(a, "%s validados: 1", what),
		arena_printf(a, "%s validados: 0", what));
}

/* read to their end, accepted one after the other, signed by a whole word. */
static void terms(struct tubo *t)
{
	say(t, "regresar\n", "4. Firmar los términos y condiciones: AQUÍ ESTÁS");
	say(t, "ir\n", "Términos y condiciones");
	tubo_wait(t, "SHA-256: ");
	say(t, "aceptar\n", "Aviso de privacidad");
	tubo_wait(t, "SHA-256: ");
	say(t, "aceptar\n", "que tu Buzón quede habilitado");
	tubo_wait(t, "Qué se firma: los términos, SHA-256 ");
	say(t, "validar\n", "La validación de la FIEL fue exitosa");
	tubo_wait(t, "Tu respuesta: ");
	say(t, "firmar\n", "Folio: BI-");
	/* It is of no notification: there is no document to be offered. */
	tubo_wait(t, "comprobar, buscar");
	say(t, "regresar\n", "Tu Buzón está habilitado");
	say(t, "7\n", "Mis notificaciones");
}

static void whole(bool tty, const char *perfil, const char *correo, const char *celular)
{
	ARENA(a, ROOM);
	int64_t before = e2e_number(&world, ACTIVE);
	struct tubo t;

	enter(&t, &a, tty, perfil);
	say(&t, "ir\n", "Registrar y validar tus medios de contacto: AQUÍ ESTÁS");
	say(&t, "ir\n", "No hay medios de contacto");
	add(&t, &a, false, "sin-arroba", correo);
	const char *mail = e2e_correo(&world, &a, correo, "Valida tu correo");

	/* By its code; or by its link, which somebody follows elsewhere: it is said by itself. */
	if (tty) {
		validate(&t, &a, e2e_codigo(&a, mail), "electrónicos");
	} else {
		(void)e2e_confirmar(&world, &a, e2e_enlace(&a, mail));
		tubo_wait(&t, "Cambió lo que dice esta pantalla; escribe . para verla");
		until(&t, "electrónicos validados: 1", "electrónicos validados: 0");
	}
	add(&t, &a, true, "55", celular);
	validate(&t, &a, e2e_codigo(&a, e2e_sms(&world, &a, "")), "celulares");
	terms(&t);
	tubo_send(&t, "salir\n");
	int code = tubo_end(&t);

	if (code != 0)
		fail_msg("exit %d:\n%s", code, t.text);
	must_be_plain(&t);
	if (getenv("BUZON_SHOW") != NULL)
		printf("%s\n", t.text);
	tubo_free(&t);
	assert_int_equal(e2e_number(&world, ACTIVE), before + 1);
}

static void test_terminal(void **state)
{
	(void)state;
	whole(true, "tecleada", "ana@correo.prueba", "5512345678");
}

static void test_pipes(void **state)
{
	(void)state;
	whole(false, "empresa", "empresa@correo.prueba", "5587654321");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_terminal),
		cmocka_unit_test(test_pipes),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
