/*
 * Starting and waiting, in a real terminal: the password from a descriptor or from a credential of
 * systemd's, a key that takes its time, a server that hangs. Keys answer meanwhile, Esc cancels,
 * and what was done and what was not is said (issue 3.2, 3.3, 3.7).
 */
#include "tests/help/cm.h"
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/file.h"
#include "tests/help/alto.h"
#include "tests/help/persona.h"
#include "tests/help/pki.h"

#define ROOM (16 * 1024 * 1024)
#define ENTER "\r"
#define ESC "\x1b"
#define F1 "\x1bOP"
#define DOWN "\x1b[B"
#define OPENINGS "SELECT count(*) FROM acto WHERE ruta = 'notificacion_abrir' AND estado = 200"
#define SLOW_MS 120000 /* a key derived on a machine that does much else */
#define OPENING "Abriendo la e.firma… (Esc cancela)"

static struct e2e world;
static char password[64];

static int open_world(void **state)
{
	ARENA(a, ROOM);
	struct bytes text = pki_read(&a, "fisica.pass");

	(void)state;
	world = (struct e2e){0};
	e2e_open(&world);
	/* Nobody gives its password but who starts the program. */
	e2e_perfil(&world, &(struct e2e_perfil){.nombre = "tecleada",
				   .certificado = "fisica.cer",
				   .llave = "fisica.key",
				   .pass = "-"});
	snprintf(password, sizeof(password), "%.*s", (int)text.size, (const char *)text.data);
	password[strcspn(password, "\r\n")] = '\0';
	(void)e2e_notificar(&world, E2E_FISICA);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	if (world.server > 0)
		kill(world.server, SIGCONT);
	e2e_close(&world);
	return 0;
}

/* With --clave-fd of a pipe that is inherited; `text` is in it, NULL: nothing, and it stays open.
 */
static struct vt *start_with_fd(const char *text, int *ret_writer)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(fcntl(ends[1], F_SETFD, FD_CLOEXEC), 0);
	if (text != NULL)
		assert_int_equal(write(ends[1], text, strlen(text)), (ssize_t)strlen(text));
	struct vt *vt = persona_start(
		&world, &(struct persona){.perfil = "tecleada",
				.words = (const char *const[]){"--clave-fd",
					arena_printf(&world.arena, "%d", ends[0]), NULL}});

	close(ends[0]);
	*ret_writer = ends[1];
	return vt;
}

/* A descriptor gives the password: no form, no key, the list. */
static void test_descriptor(void **state)
{
	ARENA(a, ROOM);
	int writer;
	struct vt *vt = start_with_fd(arena_printf(&a, "%s\nmás", password), &writer);

	(void)state;
	close(writer);
	persona_to(vt, "", "Lo que vence primero");
	persona_shows(vt, E2E_FISICA_NOMBRE);
	assert_false(persona_raw(vt, password));
	persona_leave(vt);
}

/* A wrong one, an empty one: the form says so, and the right one can be typed. */
static void test_wrong_descriptor(void **state)
{
	static const struct {
		const char *text;
		const char *says;
	} cases[] = {
		{"Equivocada\n", "La contraseña de la llave privada no es"},
		{"", "No hay de dónde tomar la contraseña"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int writer;
		struct vt *vt = start_with_fd(cases[i].text, &writer);

		close(writer);
		persona_to(vt, "", "Validación FIEL");
		persona_shows(vt, cases[i].says);
		e2e_focus(vt, "Contraseña");
		persona_keys(vt, password);
		e2e_focus(vt, "Validar");
		persona_to(vt, ENTER, "Lo que vence primero");
		persona_leave(vt);
	}
}

/* Who should give it hangs: the form is there, its keys answer, and it goes without. */
static void test_descriptor_hangs(void **state)
{
	int writer;
	struct vt *vt = start_with_fd(NULL, &writer);

	(void)state;
	persona_to(vt, "", "Validación FIEL");
	persona_last(vt, OPENING);
	e2e_focus(vt, "Validar");
	persona_to(vt, F1, "Teclas en Validación FIEL");
	/* The help gives up what was under way. */
	persona_to(vt, "q", "RFC *");
	e2e_focus(vt, "Contraseña");
	persona_keys(vt, password);
	e2e_focus(vt, "Validar");
	persona_to(vt, ENTER, "Lo que vence primero");
	close(writer);
	persona_leave(vt);
	/* Esc says what became of it; a second one leaves, and is not held up. */
	vt = start_with_fd(NULL, &writer);
	persona_last(vt, OPENING);
	persona_to(vt, ESC, "Cancelado. No se envió nada.");
	assert_true(vt_send(vt, ESC));
	assert_int_equal(vt_end(vt), 0);
	(void)vt_close(vt);
	close(writer);
}

static void credential(const char *text)
{
	ARENA(a, ROOM);

	assert_int_equal(file_make_folder(e2e_path(&world, &a, "credenciales")), OK);
	assert_int_equal(file_write(e2e_path(&world, &a, "credenciales/buzon-tui.tecleada"),
				 bytes_of_text(text), 0600),
		OK);
}

static struct vt *start_with_credential(void)
{
	const char *folder =
		arena_printf(&world.arena, "CREDENTIALS_DIRECTORY=%s/credenciales", world.dir);

	return persona_start(&world, &(struct persona){.perfil = "tecleada",
					     .env = (const char *const[]){folder, NULL}});
}

static void test_credential(void **state)
{
	struct vt *vt;

	(void)state;
	credential(password);
	vt = start_with_credential();
	persona_to(vt, "", "Lo que vence primero");
	persona_leave(vt);
	credential("Equivocada\n");
	vt = start_with_credential();
	persona_to(vt, "", "La contraseña de la llave privada no es");
	persona_shows(vt, "Validación FIEL");
	persona_leave(vt);
	credential("");
	vt = start_with_credential();
	persona_to(vt, "", "La credencial de systemd de este perfil está vacía");
	persona_leave(vt);
}

/* fisica's key, with as many iterations as the program takes. */
static void slow_key(void)
{
	static const char script[] =
		"openssl pkcs8 -inform DER -in \"$1/fisica.key\" -passin \"file:$1/fisica.pass\" |"
		"openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA512 -iter 2000000 "
		"-passout \"file:$1/fisica.pass\" -outform DER -out lenta.key";
	ARENA(a, ROOM);
	struct e2e_run r = E2E_RUN(&world, &a, "sh", "-c", script, "sh", pki_dir());

	if (r.code != 0)
		fail_msg("openssl: %s", r.err);
	e2e_perfil(&world, &(struct e2e_perfil){.nombre = "lenta",
				   .certificado = "fisica.cer",
				   .llave = e2e_path(&world, &world.arena, "lenta.key"),
				   .pass = "-"});
}

/* The form is there while the key is derived, and answers; then it is gone by itself. */
static void test_slow_key(void **state)
{
	ARENA(a, ROOM);
	struct persona p = {.perfil = "lenta"};
	struct vt *vt;

	(void)state;
	slow_key();
	assert_int_equal(file_make_folder(e2e_path(&world, &a, "credenciales")), OK);
	assert_int_equal(file_write(e2e_path(&world, &a, "credenciales/buzon-tui.lenta"),
				 bytes_of_text(password), 0600),
		OK);
	p.env = (const char *const[]){
		arena_printf(&a, "CREDENTIALS_DIRECTORY=%s/credenciales", world.dir), NULL};
	vt = persona_start(&world, &p);
	e2e_type(vt, "", "Validación FIEL");
	e2e_type(vt, "", OPENING);
	e2e_focus(vt, "Validar");
	persona_last(vt, OPENING);
	assert_true(vt_wait_text(vt, "Lo que vence primero", SLOW_MS));
	persona_leave(vt);
	vt = persona_start(&world, &p);
	e2e_type(vt, "", OPENING);
	e2e_type(vt, ESC, "Cancelado. No se envió nada.");
	persona_to(vt, "", "Validación FIEL");
	persona_leave(vt);
}

/* ---- a server that hangs ------------------------------------------------------------------ */

static void hang(bool stop)
{
	if (stop)
		assert_true(alto(world.server));
	else
		assert_int_equal(kill(world.server, SIGCONT), 0);
}

/* A test that failed does not leave it hanging for the next. */
static int goes_on(void **state)
{
	(void)state;
	hang(false);
	return 0;
}

static struct vt *enter(void)
{
	return persona_entered(&world, &(struct persona){.perfil = "fisica"});
}

/* The last line tells what is waited for, and since when; the cursor moves all the same. */
static void test_hung_sync(void **state)
{
	const char *other = e2e_notificar(&world, E2E_FISICA);
	struct vt *vt = enter();

	(void)state;
	persona_to(vt, "7", other);
	hang(true);
	persona_keys(vt, "r");
	persona_last(vt, " desde ");
	persona_keys(vt, "g");
	assert_true(vt_key(vt, DOWN) > 0);
	assert_true(vt_key(vt, "\x1b[A") > 0);
	persona_to(vt, "?", "Teclas en");
	persona_to(vt, "q", "Mis notificaciones");
	persona_last(vt, " desde ");
	hang(false);
	persona_shows(vt, "Sincronizado");
	persona_leave(vt);
}

/* A document that does not come: Esc gives it up, says so, and it can be asked for again. */
static void test_hung_document(void **state)
{
	const char *folio = persona_abierta(&world);
	struct vt *vt = enter();

	(void)state;
	persona_to(vt, "7", folio);
	persona_keys(vt, "/");
	persona_keys(vt, folio);
	persona_keys(vt, ENTER);
	persona_to(vt, ENTER, "Estatus: notificada");
	hang(true);
	persona_keys(vt, ENTER);
	persona_last(vt, " desde ");
	persona_last(vt, "; Esc cancela");
	persona_to(vt, ESC, "Cancelado. No se envió nada.");
	hang(false);
	persona_to(vt, "r", "PRUEBA: Cédula");
	persona_leave(vt);
}

/* Signed while the server hangs: Esc says that it is signed and kept, and not confirmed; it goes by
 * itself, once. */
static void test_hung_act(void **state)
{
	const char *folio = e2e_notificar(&world, E2E_FISICA);
	int64_t before = e2e_number(&world, OPENINGS);
	struct vt *vt = enter();

	(void)state;
	persona_to(vt, "7", folio);
	persona_keys(vt, "/");
	persona_keys(vt, folio);
	persona_keys(vt, ENTER);
	persona_to(vt, ENTER, "Antes de abrir");
	persona_to(vt, ENTER, "Firma con e.firma");
	e2e_focus(vt, "Validar");
	persona_to(vt, ENTER, "Firmar ]");
	hang(true);
	e2e_focus(vt, "Firmar");
	persona_keys(vt, ENTER);
	persona_last(vt, "Firmado. Enviando desde ");
	persona_to(vt, ESC, "Firmado y guardado; el servidor no lo ha confirmado");
	persona_shows(vt, "no hace falta firmar");
	persona_to(vt, ENTER, "Mis notificaciones");
	persona_last(vt, "1 acto por enviar");
	hang(false);
	persona_shows(vt, "notificada");
	for (int i = 0; i < 50 && vt_contains(vt, "por enviar"); i++)
		(void)vt_wait_idle(vt, 1000);
	persona_hides(vt, "por enviar");
	assert_int_equal(e2e_number(&world, OPENINGS), before + 1);
	persona_leave(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_descriptor),
		cmocka_unit_test(test_wrong_descriptor),
		cmocka_unit_test(test_descriptor_hangs),
		cmocka_unit_test(test_credential),
		cmocka_unit_test(test_slow_key),
		cmocka_unit_test_teardown(test_hung_sync, goes_on),
		cmocka_unit_test_teardown(test_hung_document, goes_on),
		cmocka_unit_test_teardown(test_hung_act, goes_on),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
