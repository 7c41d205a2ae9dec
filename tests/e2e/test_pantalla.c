/*
 * The whole job on a real terminal by keyboard alone, as a person does it: enter with the e.firma,
 * see what opening does, sign, hold the acuse, read the document, leave.
 * L-4.1 L-6.1 L-7.4 L-7.6 L-7.7 L-QR A-01 A-15
 */
#include "tests/help/cm.h"
#include <signal.h>
#include <stdio.h>
#include "base/file.h"
#include "tests/help/e2e.h"
#include "tests/help/pki.h"
#include "tests/help/vt.h"

#define ROOM (16 * 1024 * 1024)
#define ENTER "\r"
#define ESC "\x1b"
#define PGDN "\x1b[6~"
#define OPENINGS "SELECT count(*) FROM acto WHERE ruta = 'notificacion_abrir' AND estado = 200"

static struct e2e world;
static char password[64];

static int open_world(void **state)
{
	ARENA(a, ROOM);
	struct bytes text = pki_read(&a, "fisica.pass");

	(void)state;
	e2e_open(&world);
	/* Its password is typed. */
	e2e_perfil(&world, &(struct e2e_perfil){.nombre = "tecleada",
				   .certificado = "fisica.cer",
				   .llave = "fisica.key",
				   .pass = "-"});
	snprintf(password, sizeof(password), "%.*s", (int)text.size, (const char *)text.data);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	e2e_close(&world);
	return 0;
}

static void must_show(struct vt *vt, const char *text)
{
	if (!vt_contains(vt, text))
		fail_msg("no «%s» on the screen:\n%s", text, vt_screen(vt));
}

static void must_be_given_back(struct vt *vt, int code)
{
	assert_int_equal(vt_end(vt), code);
	assert_false(vt_altscreen(vt));
	assert_true(vt_is_cooked(vt));
	(void)vt_close(vt);
}

/* q goes back from screen to screen and out. */
static void leave(struct vt *vt)
{
	e2e_type(vt, "q", "Mis notificaciones");
	e2e_type(vt, "q", "Lo que vence primero");
	assert_true(vt_send(vt, "q"));
	must_be_given_back(vt, 0);
}

/* the four fields, all of them, in the portal's words; the password is never shown. */
static void test_acceso(void **state)
{
	struct vt *vt = e2e_screen(&world, "tecleada", 24, 80);

	(void)state;
	assert_string_equal(vt_row(vt, 2), "  Validación FIEL");
	assert_string_equal(
		vt_row(vt, 3), "Entra con tu e.firma. La llave privada no sale de este equipo.");
	must_show(vt, "RFC *");
	must_show(vt, "Certificado *");
	must_show(vt, "Llave privada *");
	must_show(vt, "Contraseña de la Llave privada *");
	must_show(vt, E2E_FISICA);
	e2e_focus(vt, "Contraseña");
	assert_true(vt_key(vt, "Equivocada") > 0);
	assert_false(vt_contains(vt, "Equivocada"));
	e2e_focus(vt, "Validar");
	e2e_type(vt, ENTER, "La contraseña de la llave privada no es");
	assert_int_equal(e2e_number(&world, "SELECT count(*) FROM lectura"), 0);
	/* The wrong one is gone; the next is typed afresh. */
	e2e_focus(vt, "Contraseña");
	assert_true(vt_key(vt, password) > 0);
	assert_false(vt_contains(vt, password));
	e2e_focus(vt, "Validar");
	e2e_type(vt, ENTER, "Lo que vence primero");
	must_show(vt, E2E_FISICA_NOMBRE);
	must_show(vt, "[PRUEBA]");
	assert_true(vt_send(vt, "q"));
	must_be_given_back(vt, 0);
}

static struct vt *enter(int rows, int cols)
{
	struct vt *vt = e2e_screen(&world, "fisica", rows, cols);

	e2e_focus(vt, "Validar");
	e2e_type(vt, ENTER, "Lo que vence primero");
	return vt;
}

/* From Mis notificaciones to the signing dialogue, at any size. */
static void to_dialogue(struct vt *vt)
{
	e2e_type(vt, "7", "▸");
	e2e_type(vt, ENTER, "Antes de abrir");
	e2e_type(vt, ENTER, "Firma con e.firma");
}

static void page_to(struct vt *vt, const char *text)
{
	for (int i = 0; i < 60 && !vt_contains(vt, text); i++)
		assert_true(vt_key(vt, PGDN) >= 0);
	must_show(vt, text);
}

static void sign(struct vt *vt)
{
	e2e_focus(vt, "Validar");
	e2e_type(vt, ENTER, "Firmar ]");
	/* On a small terminal it is further down. */
	page_to(vt, "exitosa");
	e2e_focus(vt, "Firmar");
	e2e_type(vt, ENTER, "Acuse de notificación");
}

/* Opened is opened at once: no synchronisation is waited for. */
static void to_document(struct vt *vt)
{
	e2e_type(vt, "o", "Lo firmó LUIS GARCÍA IBÁÑEZ");
}

/* L-7.4 L-7.6: the sheet says both dates before anything is signed, and going back signs nothing.
 */
static void test_looking_never_serves(void **state)
{
	const char *folio = e2e_notificar(&world, E2E_FISICA);
	struct vt *vt = enter(24, 80);

	(void)state;
	e2e_type(vt, "7", folio);
	must_show(vt, "por abrir");
	e2e_type(vt, ENTER, "Antes de abrir");
	must_show(vt, "Si la abres ahora, quedas notificado");
	must_show(vt, E2E_DOCUMENTO);
	e2e_type(vt, ENTER, "Qué se firma");
	must_show(vt, folio);
	must_show(vt, "Aceptas: quedar notificado con fecha");
	/* Enter at once is the harmless button. */
	e2e_type(vt, ENTER, "Antes de abrir");
	e2e_type(vt, ESC, "Mis notificaciones");
	assert_int_equal(e2e_number(&world, OPENINGS), 0);
	assert_true(vt_send(vt, "\x03"));
	must_be_given_back(vt, 128 + SIGINT);
}

/* L-6.1 L-7.6 L-7.7 A-15: the same job to its end. */
static void test_whole_job(void **state)
{
	ARENA(a, ROOM);
	struct vt *vt = enter(24, 80);

	(void)state;
	to_dialogue(vt);
	sign(vt);
	assert_int_equal(e2e_number(&world, OPENINGS), 1);
	const char *acuse =
		e2e_text(&world, &a, "SELECT acuse FROM notificacion WHERE abierta IS NOT NULL");

	must_show(vt, acuse);
	must_show(vt, "Fecha de elaboración");
	page_to(vt, "Cadena Original (Versión 3.0)");
	page_to(vt, "Sello Digital");
	page_to(vt, "Firma electrónica de quien firmó");
	page_to(vt, "/v/");
	page_to(vt, "█▀▀▀▀▀█");
	page_to(vt, "800 623 23 23");
	to_document(vt);
	e2e_type(vt, "", "PRUEBA: Cédula de liquidación para ÑANDÚ");
	e2e_type(vt, "d", "Guardado");
	e2e_type(vt, "q", "  Acuse");
	leave(vt);
	/* Saved without being asked for. */
	struct e2e_run r = E2E_RUN(&world, &a, "buzon-tui", "verificar",
		arena_printf(&a, "datos/buzon-tui/fisica/acuses/%s.pdf", acuse));

	assert_int_equal(r.code, 0);
}

/* 40 columns by 10 rows: everything is there, only further away. */
static void test_small(void **state)
{
	const char *folio = e2e_notificar(&world, E2E_FISICA);
	int64_t before = e2e_number(&world, OPENINGS);
	struct vt *vt;

	(void)state;
	e2e_forget_copy(&world, "fisica");
	vt = enter(10, 40);
	e2e_type(vt, "7", "▸");
	e2e_type(vt, ENTER, "Antes de abrir");
	page_to(vt, folio);
	page_to(vt, "quedas");
	e2e_type(vt, ENTER, "Firma con e.firma");
	sign(vt);
	assert_int_equal(e2e_number(&world, OPENINGS), before + 1);
	page_to(vt, "Sello Digital");
	leave(vt);
}

/* ---- the QR on the screen ----------------------------------------------------------------- */

/* The screen as an image, two pixels of each cell: upper and lower half. */
static const char *picture(struct arena *a, struct vt *vt, int rows)
{
	enum { SCALE = 4, COLS = 60 };
	char *to = arena_alloc(a, (size_t)rows * 2 * SCALE * (COLS * SCALE * 2 + 1) + 64);
	char *at = to;

	assert_non_null(to);
	at += sprintf(at, "P1\n%d %d\n", COLS * SCALE, rows * 2 * SCALE);
	for (int y = 0; y < rows * 2 * SCALE; y++) {
		const char *cell = vt_row(vt, y / (2 * SCALE));
		bool lower = y / SCALE % 2 == 1;

		for (int x = 0; x < COLS; x++) {
			bool black = strncmp(cell, "█", 3) == 0 ||
				     strncmp(cell, lower ? "▄" : "▀", 3) == 0;

			cell += *cell == '\0'		       ? 0
				: (unsigned char)*cell >= 0xe0 ? 3
				: (unsigned char)*cell >= 0xc0 ? 2
							       : 1;
			for (int i = 0; i < SCALE; i++)
				at += sprintf(at, "%d ", black);
		}
		*at++ = '\n';
	}
	*at = '\0';
	return to;
}

/* L-QR: a telephone before the screen reads where the acuse is verified. */
static void test_qr_on_screen(void **state)
{
	ARENA(a, ROOM);
	struct vt *vt;

	(void)state;
	e2e_forget_copy(&world, "fisica");
	vt = enter(70, 80);
	e2e_type(vt, "7", "▸");
	e2e_type(vt, "a", "Acuse de notificación");
	/* Whole: its end is the end of the page's last screen but a few lines. */
	assert_true(vt_key(vt, "G") >= 0);
	must_show(vt, "█▀▀▀▀▀█");
	must_show(vt, "/v/");
	const char *url = strstr(vt_screen(vt), "https://localhost:");

	assert_non_null(url);
	url = arena_printf(&a, "%.*s\n", (int)strcspn(url, " \n"), url);
	assert_int_equal(file_write(e2e_path(&world, &a, "pantalla.pbm"),
				 bytes_of_text(picture(&a, vt, 70)), 0600),
		OK);
	struct e2e_run r = E2E_RUN(&world, &a, "zbarimg", "-q", "--raw", "-Sdisable",
		"-Sqrcode.enable", "pantalla.pbm");

	if (r.code != 0 || strcmp(r.out, url) != 0)
		fail_msg("zbarimg: %d «%s», not «%s»\n%s", r.code, r.out, url, vt_screen(vt));
	leave(vt);
}

/* The terminal is given back on every death that can be answered. */
static void test_given_back(void **state)
{
	static const int numbers[] = {SIGTERM, SIGHUP, SIGSEGV, SIGABRT};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		struct vt *vt = enter(24, 80);

		vt_signal(vt, numbers[i]);
		int code = vt_end(vt);

		if (code != 128 + numbers[i] && code != 0)
			fail_msg("signal %d: exit %d", numbers[i], code);
		assert_false(vt_altscreen(vt));
		assert_true(vt_is_cooked(vt));
		(void)vt_close(vt);
	}
}

/* No server and nothing kept: that is told, and the program stays alive to leave. */
static void test_server_down(void **state)
{
	struct vt *vt;

	(void)state;
	e2e_forget_copy(&world, "fisica");
	assert_int_equal(e2e_server_stop(&world, SIGTERM), 0);
	vt = e2e_screen(&world, "fisica", 24, 80);
	e2e_focus(vt, "Validar");
	e2e_type(vt, ENTER, "No hay conexión con el servidor");
	e2e_server_start(&world);
	e2e_focus(vt, "Validar");
	e2e_type(vt, ENTER, "Lo que vence primero");
	e2e_type(vt, "7", "notificada");
	/* Read once, so that the next test finds them kept. */
	e2e_type(vt, ENTER, "Estatus: notificada");
	e2e_type(vt, ENTER, "PRUEBA: Cédula de liquidación para ÑANDÚ");
	e2e_type(vt, "a", "Acuse de notificación");
	e2e_type(vt, "q", "Documento");
	e2e_type(vt, "q", "Estatus: notificada");
	e2e_type(vt, "H", "Abierta con e.firma");
	e2e_type(vt, "q", "Estatus: notificada");
	leave(vt);
}

/* L-6.1 L-7.7: what was read once is there without any line; so is the whole list. */
static void test_kept_without_server(void **state)
{
	struct vt *vt;

	(void)state;
	assert_int_equal(e2e_server_stop(&world, SIGTERM), 0);
	vt = e2e_screen(&world, "fisica", 24, 80);
	e2e_focus(vt, "Validar");
	e2e_type(vt, ENTER, "Lo que vence primero");
	e2e_type(vt, "", "Sin conexión desde");
	must_show(vt, E2E_FISICA_NOMBRE);
	e2e_type(vt, "7", "notificada");
	e2e_type(vt, ENTER, "Estatus: notificada");
	e2e_type(vt, ENTER, "PRUEBA: Cédula de liquidación para ÑANDÚ");
	must_show(vt, "Lo firmó LUIS GARCÍA IBÁÑEZ");
	e2e_type(vt, "a", "Acuse de notificación");
	e2e_type(vt, "v", "Comprobación: todo se cumple");
	e2e_type(vt, "v", "Acuse de notificación");
	e2e_type(vt, "q", "Documento");
	/* The timeline, too, and the acuse that proves an event of it. */
	e2e_type(vt, "H", "la que se leyó antes en este equipo");
	must_show(vt, "Abierta con e.firma");
	e2e_row(vt, "Abierta con e.firma");
	e2e_type(vt, ENTER, "Acuse de notificación");
	e2e_type(vt, "q", "Cronología");
	e2e_type(vt, "q", "Documento");
	e2e_type(vt, "q", "Estatus: notificada");
	leave(vt);
	e2e_server_start(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_acceso),
		cmocka_unit_test(test_looking_never_serves),
		cmocka_unit_test(test_whole_job),
		cmocka_unit_test(test_small),
		cmocka_unit_test(test_qr_on_screen),
		cmocka_unit_test(test_given_back),
		cmocka_unit_test(test_server_down),
		cmocka_unit_test(test_kept_without_server),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
