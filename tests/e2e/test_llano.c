/*
 * The whole job in lines, by a pipe and on a terminal that can't move its cursor: enter with the
 * password typed, list, what opening does, sign, acuse, document, help, lock, leave.
 * L-4.1 L-6.1 L-7.4 L-7.6 L-7.7 A-01
 */
#include "tests/help/cm.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/file.h"
#include "tests/help/alto.h"
#include "tests/help/e2e.h"
#include "tests/help/memoria.h"
#include "tests/help/pki.h"
#include "tests/help/tubo.h"

#define ROOM (16 * 1024 * 1024)
#define OPENINGS "SELECT count(*) FROM acto WHERE ruta = 'notificacion_abrir' AND estado = 200"

static struct e2e world;
static char password[64];
static char typed[80]; /* the same and Enter */

static int open_world(void **state)
{
	ARENA(a, ROOM);
	struct bytes text = pki_read(&a, "fisica.pass");

	(void)state;
	e2e_open(&world);
	e2e_perfil(&world, &(struct e2e_perfil){.nombre = "tecleada",
				   .certificado = "fisica.cer",
				   .llave = "fisica.key",
				   .pass = "-"});
	snprintf(password, sizeof(password), "%.*s", (int)text.size, (const char *)text.data);
	snprintf(typed, sizeof(typed), "%s\n", password);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	e2e_close(&world);
	return 0;
}

/* Only text and line ends: no cursor is moved, no line is written over, no secret is shown. */
static void must_be_plain(const char *text, size_t size, bool terminal)
{
	for (size_t i = 0; i < size; i++) {
		unsigned char c = (unsigned char)text[i];
		bool end = terminal && c == '\r' && i + 1 < size && text[i + 1] == '\n';

		if ((c < 0x20 && c != '\n' && !end) || c == 0x7f)
			fail_msg("byte %02x after:\n%.*s", c, (int)i, text);
	}
	assert_null(memmem(text, size, password, strlen(password)));
}

/* TERM=dumb and nothing else said: the program falls back to lines by itself. */
static char *const *dumb_env(void)
{
	char *const *env = e2e_env(&world);
	char **copy = arena_array(&world.arena, 32, sizeof(*copy));
	size_t n = 0;

	assert_non_null(copy);
	for (; env[n] != NULL; n++)
		copy[n] =
			strncmp(env[n], "TERM=", 5) == 0 ? (char *)(uintptr_t) "TERM=dumb" : env[n];
	return copy;
}

static void start_with(struct tubo *t, bool tty, const char *perfil, const char *lineas)
{
	char *argv[] = {(char *)(uintptr_t)e2e_program(&world, "buzon-tui"),
		(char *)(uintptr_t) "--perfil", (char *)(uintptr_t)perfil,
		(char *)(uintptr_t) "--lineas", (char *)(uintptr_t)lineas,
		(char *)(uintptr_t)(tty ? NULL : "--llano"), NULL};

	tubo_start(t, tty, world.dir, argv, tty ? dumb_env() : e2e_env(&world));
	if (tty)
		tubo_wait(t, "no deja mover el cursor");
}

static void start(struct tubo *t, bool tty)
{
	start_with(t, tty, "tecleada", "20");
}

static void must_end(struct tubo *t, int code)
{
	int got = tubo_end(t);

	if (got != code)
		fail_msg("exit %d, not %d:\n%s", got, code, t->text);
	must_be_plain(t->text, t->size, t->tty);
	if (t->tty)
		assert_true(tubo_echoes(t));
	if (getenv("BUZON_SHOW") != NULL)
		printf("%s\n", t->text);
	tubo_free(t);
}

static void say(struct tubo *t, const char *line, const char *answer)
{
	tubo_send(t, line);
	tubo_wait(t, answer);
}

static void validate(struct tubo *t)
{
	tubo_wait(t, "Contraseña de la Llave privada: ");
	if (t->tty)
		assert_false(tubo_echoes(t));
	say(t, typed, "Escribe el número o el nombre de un botón");
}

static void enter(struct tubo *t, bool tty)
{
	start(t, tty);
	validate(t);
	say(t, "validar\n", "Lo que vence primero");
	tubo_wait(t, "Puedes escribir");
}

/* From Mis notificaciones to the question. */
static void to_question(struct tubo *t)
{
	say(t, "1\n", "Antes de abrir");
	tubo_wait(t, "Si la abres ahora, quedas notificado");
	say(t, "firmar\n", "Aceptas: quedar notificado con fecha");
	say(t, "validar\n", "La validación de la FIEL fue exitosa");
	tubo_wait(t, "Tu respuesta: ");
}

/* A person is not held while the local copy is written; who is too quick asks again. */
static void to_document(struct tubo *t)
{
	do
		tubo_send(t, "documento\n");
	while (!tubo_wait_either(
		t, "Lo firmó LUIS GARCÍA IBÁÑEZ", "Su documento no se ha recibido"));
}

/* Each folio that is not opened, first of the list: all that is due sorts before what is not. */
static void whole_job(bool tty)
{
	struct tubo t;
	const char *folio = e2e_notificar(&world, E2E_FISICA);
	int64_t before = e2e_number(&world, OPENINGS);

	enter(&t, tty);
	assert_non_null(strstr(t.text, "PRUEBA"));
	say(&t, "notif\n", "1. Vence: ");
	tubo_wait(&t, folio);
	tubo_wait(&t, "es el final.");
	to_question(&t);
	say(&t, "firmar\n", "Acuse de notificación");
	assert_int_equal(e2e_number(&world, OPENINGS), before + 1);
	/* Part after part to its end. */
	say(&t, "\n\n\n\n\n\n\n\n", "/v/");
	tubo_wait(&t, "█▀▀▀▀▀█");
	tubo_wait(&t, "800 623 23 23");
	to_document(&t);
	say(&t, "guardar\n", "Guardado en: ");
	say(&t, "buscar ñandu\n", "PRUEBA: Cédula de liquidación para ÑANDÚ");
	say(&t, "buscar zzz\n", "No hay «zzz» en este texto.");
	say(&t, "ayuda\n", "Enter sigue leyendo");
	say(&t, "regresar\n", "PRUEBA: Cédula de liquidación para ÑANDÚ");
	say(&t, "q\n", "Fundamento");
	say(&t, "regresar\n", "Mis notificaciones");
	/* What it was is not told while it is locked. */
	say(&t, "bloquear\n", "Bloqueado");
	size_t at = t.seen;

	tubo_wait(&t, "Contraseña de la Llave privada: ");
	assert_null(strstr(t.text + at, E2E_FISICA));
	say(&t, typed, "Escribe el número o el nombre de un botón");
	say(&t, "validar\n", "Mis notificaciones");
	tubo_send(&t, "salir\n");
	must_end(&t, 0);
	assert_int_equal(e2e_number(&world, OPENINGS), before + 1);
}

/* L-6.1 L-7.6 L-7.7: by a pipe, each line held until the one before is done. */
static void test_pipe(void **state)
{
	(void)state;
	whole_job(false);
}

/* The same on a terminal that can't move its cursor: falls back with a word, echoes no secret. */
static void test_dumb_terminal(void **state)
{
	(void)state;
	whole_job(true);
}

/* Everything sent at once is done in order, without a person who waits. */
static void test_script(void **state)
{
	ARENA(a, ROOM);
	struct tubo t;

	(void)state;
	start(&t, false);
	tubo_send(&t, arena_printf(&a, "%svalidar\nnotificaciones\n.\nregresar\n", typed));
	tubo_eof(&t);
	assert_int_equal(tubo_end(&t), 0);
	assert_non_null(strstr(t.text, "Lo que vence primero"));
	assert_non_null(strstr(t.text, "Mis notificaciones\n1. Vence: "));
	must_be_plain(t.text, t.size, false);
	tubo_free(&t);
}

/* what is wrong is told where it is, and only that is asked again. */
static void test_mistakes(void **state)
{
	struct tubo t;

	(void)state;
	start(&t, true);
	tubo_wait(&t, "Contraseña de la Llave privada: ");
	say(&t, "Equivocada\n", "Escribe el número o el nombre de un botón");
	say(&t, "valid\n", "! La contraseña de la llave privada no es");
	tubo_wait(&t, "Contraseña de la Llave privada: ");
	say(&t, typed, "Escribe el número o el nombre de un botón");
	say(&t, "1\n", "RFC [" E2E_FISICA "]: ");
	say(&t, "NO-ES\n", "! El RFC no tiene la forma correcta");
	say(&t, E2E_FISICA "\n", "Escribe el número");
	say(&t, "2\n", "Certificado [");
	say(&t, "/no/esta.cer\n", "! ");
	tubo_wait(&t, "Certificado [/no/esta.cer]: ");
	say(&t, ":ayuda\n", "En este modo");
	tubo_send(&t, "salir\n");
	assert_null(strstr(t.text, "Equivocada"));
	must_end(&t, 0);
}

/* L-7.4 L-7.6: an empty line, a number or another word signs nothing. */
static void test_harmless(void **state)
{
	struct tubo t;
	int64_t before = e2e_number(&world, OPENINGS);

	(void)state;
	(void)e2e_notificar(&world, E2E_FISICA);
	enter(&t, true);
	say(&t, "7\n", "Filas 1 a");
	to_question(&t);
	say(&t, "2\n", "Para hacerlo escribe la palabra «Firmar»");
	say(&t, "2\n", "No se hizo nada");
	say(&t, "firma\n", "Tu respuesta: ");
	say(&t, "\n", "Antes de abrir");
	tubo_eof(&t);
	must_end(&t, 0);
	assert_int_equal(e2e_number(&world, OPENINGS), before);
}

/* A server that hangs: orders are answered meanwhile, and what is signed goes with the next one. */
static void test_hung(void **state)
{
	struct tubo t;
	int64_t before = e2e_number(&world, OPENINGS);

	(void)state;
	(void)e2e_notificar(&world, E2E_FISICA);
	enter(&t, true);
	say(&t, "7\n", "Filas 1 a");
	to_question(&t);
	assert_true(alto(world.server));
	say(&t, "firmar\n", "Enviando");
	say(&t, ".\n", "Aceptas: quedar notificado");
	say(&t, "ayuda\n", "Teclas de");
	say(&t, "regresar\n", "Aceptas");
	tubo_send(&t, "salir\n");
	tubo_wait(&t, "Queda firmado y por enviar: 1");
	must_end(&t, 0);
	assert_int_equal(kill(world.server, SIGCONT), 0);
	enter(&t, true);
	tubo_wait(&t, "Llegó el acuse");
	tubo_send(&t, "salir\n");
	must_end(&t, 0);
	assert_int_equal(e2e_number(&world, OPENINGS), before + 1);
}

static const char *const steps[] = {
	"validar\n", "notificaciones\n", "1\n", "firmar\n", "validar\n", "firmar\n", "documento\n"};

/* The input may end anywhere: exit 0, and what was signed is signed once. */
static void test_eof(void **state)
{
	(void)state;
	for (size_t last = 0; last <= COUNT_OF(steps) + 1; last++) {
		int64_t before = e2e_number(&world, OPENINGS);
		struct tubo t;

		(void)e2e_notificar(&world, E2E_FISICA);
		start(&t, false);
		if (last > 0)
			tubo_send(&t, typed);
		for (size_t i = 0; i + 1 < last; i++)
			tubo_send(&t, steps[i]);
		/* A line that was cut is none. */
		tubo_send(&t, "firmar");
		tubo_eof(&t);
		must_end(&t, 0);
		assert_int_equal(e2e_number(&world, OPENINGS), before + (last > 6 ? 1 : 0));
	}
}

/* The password's prompt is left by a signal: the terminal echoes again. */
static void test_killed_at_the_password(void **state)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		struct tubo t;

		start(&t, true);
		tubo_wait(&t, "Contraseña de la Llave privada: ");
		assert_false(tubo_echoes(&t));
		kill(t.pid, numbers[i]);
		must_end(&t, 128 + numbers[i]);
	}
}

/* Only root may look into a program that forbids it; others are told so and nothing is claimed. */
static void must_hold(const struct tubo *t, const struct memoria_secret *secret, bool there)
{
	struct memoria_found found;

	if (!memoria_search(t->pid, secret, 1, &found)) {
		assert_true(geteuid() != 0);
		puts("skip test_llano memory: only root may look, as it should be");
		return;
	}
	if (found.loose != 0)
		fail_msg("%zu loose: %s", found.loose, found.where);
	assert_int_equal(found.kept != 0, there);
}

/* What is typed is nowhere but in locked memory, and nowhere once it was used. */
static void test_secret_in_memory(void **state)
{
	static const bool ways[] = {false, true};
	struct memoria_secret secret;

	(void)state;
	memoria_mask(&secret, "contraseña", password, strlen(password));
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		struct tubo t;

		start(&t, ways[i]);
		validate(&t);
		must_hold(&t, &secret, true);
		say(&t, "validar\n", "Lo que vence primero");
		must_hold(&t, &secret, false);
		tubo_send(&t, "salir\n");
		must_end(&t, 0);
	}
}

/* Ctrl-Z at the password asks again, unseen, when it goes on (an orphaned group: at once). */
static void test_stopped_at_the_password(void **state)
{
	struct tubo t;

	(void)state;
	start(&t, true);
	tubo_wait(&t, "Contraseña de la Llave privada: ");
	assert_false(tubo_echoes(&t));
	tubo_send(&t, "\x1a");
	tubo_wait(&t, "Contraseña de la Llave privada: ");
	assert_false(tubo_echoes(&t));
	say(&t, typed, "Escribe el número");
	tubo_send(&t, "salir\n");
	must_end(&t, 0);
}

/* [general] modo = llano: on a terminal that could do more, too. */
static void test_by_configuration(void **state)
{
	ARENA(a, ROOM);
	struct tubo t;
	char *argv[] = {(char *)(uintptr_t)e2e_program(&world, "buzon-tui"),
		(char *)(uintptr_t) "--config", (char *)(uintptr_t) "llano.ini",
		(char *)(uintptr_t) "--perfil", (char *)(uintptr_t) "tecleada", NULL};
	const char *config = e2e_file(&world, &a, "config/buzon-tui/config.ini");

	(void)state;
	config = arena_printf(&a, "[general]\nmodo = llano\n%s", config);
	assert_int_equal(
		file_write(e2e_path(&world, &a, "llano.ini"), bytes_of_text(config), 0600), OK);
	tubo_start(&t, true, world.dir, argv, e2e_env(&world));
	validate(&t);
	tubo_send(&t, "salir\n");
	must_end(&t, 0);
}

/* Junk that is pasted harms nothing; a megabyte without an end is refused. */
static void test_junk(void **state)
{
	struct tubo t;
	static char much[60001];

	(void)state;
	start_with(&t, false, "fisica", "20");
	tubo_wait(&t, "Escribe el número o el nombre de un botón");
	tubo_send(&t, "\x1b[200~\x1b]0;hola\x07\n\xff\xfe\n999999999999999999999\n-5\n");
	memset(much, 'x', sizeof(much) - 1);
	for (int i = 0; i < 17; i++)
		tubo_send(&t, much);
	say(&t, "\nsalir\n", "demasiado larga");
	must_end(&t, 0);
}

/* Long lists in parts; a number means the row that was read; what comes is one line. */
static void test_list(void **state)
{
	ARENA(a, ROOM);
	struct tubo t;
	const char *folio = NULL;

	(void)state;
	for (int i = 0; i < 3; i++)
		folio = e2e_notificar(&world, E2E_FISICA);
	start_with(&t, false, "fisica", "2");
	say(&t, "validar\n", "Lo que vence primero");
	say(&t, "notificaciones\n", "Filas 1 a 2 de ");
	say(&t, "\n", "3. Vence: ");
	tubo_wait(&t, "Filas 3 a 4 de ");
	say(&t, "-\n", "Filas 1 a 2 de ");
	say(&t, "-\n", "Es el principio.");
	say(&t, "4\n", "Escribe otra vez el número");
	say(&t, "900\n", "No hay renglón 900");
	say(&t, arena_printf(&a, "buscar %s\n", folio), "Renglón señalado:");
	tubo_wait(&t, folio);
	say(&t, "1\n", "1. Vence: ");
	size_t at = t.seen;

	tubo_wait(&t, "Escribe otra vez el número");
	const char *first = strstr(t.text + at, "Folio: ");

	assert_non_null(first);
	first = arena_printf(&a, "%.*s", (int)strcspn(first + 7, ";"), first + 7);
	say(&t, "2 acuse\n", "Todavía no hay acuse");
	/* The row is another than was read: its number chooses nothing. */
	struct e2e_run r =
		E2E_RUN(&world, &a, "buzon-tui", "abrir", first, "--si", "--perfil", "fisica");

	at = t.seen;
	assert_int_equal(r.code, 0);
	(void)e2e_notificar(&world, E2E_FISICA);
	tubo_wait(&t, "Llegó 1 notificación; escribe .");
	assert_null(strstr(t.text + at, "Vence"));
	say(&t, "1\n", "La lista cambió");
	tubo_send(&t, "salir\n");
	must_end(&t, 0);
}

/* Every profile from one list, by its number or its name; each with its own e.firma. */
static void test_profiles(void **state)
{
	struct tubo t;

	(void)state;
	start_with(&t, false, "fisica", "20");
	say(&t, "validar\n", "Lo que vence primero");
	say(&t, "perfil\n", "1. (marcada) Nombre: fisica");
	tubo_wait(&t, "2. Nombre: moral");
	say(&t, "2\n", "RFC (obligatorio): " E2E_MORAL);
	say(&t, "validar\n", E2E_MORAL_NOMBRE);
	tubo_wait(&t, "Lo que vence primero");
	say(&t, "perfil fisica\n", E2E_FISICA_NOMBRE);
	/* What can't be seen is said. */
	say(&t, "vencimientos\n", "tecleada");
	tubo_send(&t, "salir\n");
	must_end(&t, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pipe),
		cmocka_unit_test(test_dumb_terminal),
		cmocka_unit_test(test_script),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_harmless),
		cmocka_unit_test(test_hung),
		cmocka_unit_test(test_eof),
		cmocka_unit_test(test_killed_at_the_password),
		cmocka_unit_test(test_secret_in_memory),
		cmocka_unit_test(test_stopped_at_the_password),
		cmocka_unit_test(test_by_configuration),
		cmocka_unit_test(test_junk),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_profiles),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
