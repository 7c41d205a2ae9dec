/*
 * Several profiles in one session, by keyboard (issue 3.6): P and T, each with its own key, list
 * and outbox; a locked one is shown as such, and signs nothing.
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
#define DOWN "\x1b[B"
#define CTRL_P "\x10"
#define OPENINGS "SELECT count(*) FROM acto WHERE ruta = 'notificacion_abrir' AND estado = 200"

static struct e2e world;

/* fisica, moral, and a third one with an e.firma whose password nobody has given. */
static int open_world(void **state)
{
	(void)state;
	world = (struct e2e){0};
	e2e_open(&world);
	e2e_perfil(&world, &(struct e2e_perfil){.nombre = "cerrada",
				   .certificado = "representante.cer",
				   .llave = "representante.key",
				   .pass = "-"});
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

static void must_hide(struct vt *vt, const char *text)
{
	if (vt_contains(vt, text))
		fail_msg("«%s» on the screen:\n%s", text, vt_screen(vt));
}

/* Types, and waits for the text and for the whole page. */
static void to(struct vt *vt, const char *keys, const char *text)
{
	e2e_type(vt, keys, text);
	assert_true(vt_wait_idle(vt, VT_MS));
}

/* The first row under the title that has the text. */
static const char *row_of(struct vt *vt, const char *text)
{
	int rows = 0;

	for (const char *c = vt_screen(vt); *c != '\0'; c++)
		rows += *c == '\n';
	for (int i = 3; i < rows; i++) {
		const char *row = vt_row(vt, i);

		if (strstr(row, text) != NULL)
			return row;
	}
	fail_msg("no row «%s»:\n%s", text, vt_screen(vt));
	return "";
}

static void row_says(struct vt *vt, const char *name, const char *text)
{
	const char *row = row_of(vt, name);

	if (strstr(row, text) == NULL)
		fail_msg("no «%s» in «%s»", text, row);
}

static void enter(struct vt *vt)
{
	e2e_focus(vt, "Validar");
	to(vt, ENTER, "Lo que vence primero");
}

static struct vt *start(int rows, int cols)
{
	struct vt *vt = e2e_screen(&world, "fisica", rows, cols);

	enter(vt);
	/* There is one notification at least: its list came. */
	to(vt, "7", "▸");
	to(vt, "1", "Lo que vence primero");
	return vt;
}

/* From anywhere to the profile of that name; one that is locked asks for its e.firma. */
static void change(struct vt *vt, const char *key, const char *name, const char *until)
{
	to(vt, key, "Perfiles");
	to(vt, "/", "/");
	assert_true(vt_key(vt, name) >= 0);
	assert_true(vt_key(vt, ENTER) >= 0);
	to(vt, ENTER, until);
}

static void leave(struct vt *vt)
{
	assert_true(vt_send(vt, "\x03"));
	assert_int_equal(vt_end(vt), 128 + SIGINT);
	assert_true(vt_is_cooked(vt));
	(void)vt_close(vt);
}

/* P: every profile, the one in front marked, locked ones as such; Enter enters the other. */
static void test_switch(void **state)
{
	const char *first = e2e_notificar(&world, E2E_FISICA);
	const char *second = e2e_notificar(&world, E2E_MORAL);
	struct vt *vt = start(24, 80);

	(void)state;
	to(vt, "7", first);
	must_hide(vt, second);
	to(vt, "P", "Perfiles (* el de ahora)");
	must_show(vt, "Vence primero");
	row_says(vt, "*fisica", "abierto");
	row_says(vt, "*fisica", E2E_FISICA);
	row_says(vt, "moral", "bloqueado");
	row_says(vt, "moral", "(bloqueado)");
	row_says(vt, "cerrada", "bloqueado");
	to(vt, "q", first);
	change(vt, "P", "moral", "Validación FIEL");
	must_show(vt, E2E_MORAL);
	must_show(vt, "Regresar");
	/* Who thinks better of it is where they were. */
	to(vt, "\x1b", E2E_FISICA_NOMBRE);
	change(vt, "P", "moral", "Validación FIEL");
	enter(vt);
	must_show(vt, "FERRETERÍA");
	to(vt, "7", second);
	must_hide(vt, first);
	to(vt, "P", "Perfiles");
	row_says(vt, "fisica", "abierto");
	row_says(vt, "*moral", "abierto");
	row_says(vt, "cerrada", "bloqueado");
	/* Back without a password: it has stayed open, and at work. */
	const char *third = e2e_notificar(&world, E2E_FISICA);

	change(vt,
		"q"
		"P",
		"fisica", "Lo que vence primero");
	to(vt, "7", third);
	must_hide(vt, second);
	leave(vt);
}

/* T: what is due in both, whose it is, what can't be seen; Enter opens it where it belongs. */
static void test_due(void **state)
{
	struct vt *vt = start(24, 80);
	const char *folio = e2e_notificar(&world, E2E_MORAL);

	(void)state;
	to(vt, "T", "Vencimientos de todos los perfiles");
	must_show(vt, "2 perfiles bloqueados (moral, cerrada)");
	must_show(vt, "P los");
	must_hide(vt, "FERRETER");
	change(vt, "P", "moral", "Validación FIEL");
	enter(vt);
	to(vt, "7", folio);
	to(vt, "T", "1 perfil bloqueado (cerrada)");
	row_says(vt, "fisica", "por abrir");
	row_says(vt, "moral", "por abrir");
	/* At one instant the first in the configuration stands first: one of fisica's. */
	assert_non_null(strstr(vt_screen(vt), "▸"));
	to(vt, ENTER, "Antes de abrir");
	must_show(vt, E2E_FISICA_NOMBRE);
	to(vt, "T", "1 perfil bloqueado");
	to(vt, "G", "▸");
	to(vt, ENTER, "Antes de abrir");
	must_show(vt, "FERRETERÍA");
	leave(vt);
}

/* The number of acts in that profile's own outbox. */
static void outbox_is(const char *perfil, size_t count)
{
	ARENA(a, ROOM);
	char **names;
	size_t found = 0;
	const char *folder =
		e2e_path(&world, &a, arena_printf(&a, "datos/buzon-tui/%s/salida", perfil));

	if (!file_exists(folder) && count == 0)
		return;
	assert_int_equal(file_list(&a, folder, ".acto", &names, &found), OK);
	assert_int_equal(found, count);
}

/* Signed without a line, it waits in its own profile's outbox, and goes while another is shown. */
static void test_outbox(void **state)
{
	struct vt *vt = start(24, 80);
	int64_t before = e2e_number(&world, OPENINGS);

	(void)state;
	change(vt, "P", "moral", "Validación FIEL");
	enter(vt);
	change(vt, "P", "fisica", "Lo que vence primero");
	to(vt, "7", "por abrir");
	to(vt, ENTER, "Antes de abrir");
	to(vt, ENTER, "Firma con e.firma");
	e2e_focus(vt, "Validar");
	to(vt, ENTER, "Firmar ]");
	assert_int_equal(e2e_server_stop(&world, SIGTERM), 0);
	e2e_focus(vt, "Firmar");
	to(vt, ENTER, "1 acto por enviar");
	outbox_is("fisica", 1);
	outbox_is("moral", 0);
	to(vt, ENTER, "Mis notificaciones");
	to(vt, "P", "sin línea");
	change(vt,
		"q"
		"P",
		"moral", "Lo que vence primero");
	e2e_server_start(&world);
	to(vt, "T", "Vencimientos");
	must_show(vt, "FERRETERÍA");
	if (!vt_wait_text(vt, "notificada", 60000))
		fail_msg("not sent:\n%s", vt_screen(vt));
	assert_int_equal(e2e_number(&world, OPENINGS), before + 1);
	outbox_is("fisica", 0);
	leave(vt);
}

/* Locked over a form of a profile never entered: the way back is a key that the person has. */
static void test_lock(void **state)
{
	struct vt *vt = start(24, 80);

	(void)state;
	change(vt, "P", "moral", "Validación FIEL");
	enter(vt);
	change(vt, "P", "cerrada", "Validación FIEL");
	to(vt, CTRL_P, "Perfiles");
	row_says(vt, "moral", "abierto");
	to(vt, "B", "Escribe la contraseña para seguir");
	must_hide(vt, "moral");
	enter(vt);
	must_show(vt, "FERRETERÍA");
	to(vt, "P", "Perfiles");
	row_says(vt, "*moral", "abierto");
	row_says(vt, "fisica", "sólo lectura");
	row_says(vt, "cerrada", "bloqueado");
	leave(vt);
}

/* 40 columns by 10 rows: who, in which state, and what falls due first are there. */
static void test_small(void **state)
{
	struct vt *vt = start(10, 40);

	(void)state;
	to(vt, "P", "Perfiles");
	row_says(vt, "*fisica", " 09:30");
	row_says(vt, "moral", "(bloqueado)");
	to(vt, "T", "Vencimientos");
	must_show(vt, "bloqueados");
	row_says(vt, "▸", "fisica");
	leave(vt);
}

/* One e.firma opens every profile that is of it, and no other. */
static void test_same_efirma(void **state)
{
	e2e_perfil(&world, &(struct e2e_perfil){.nombre = "gemela",
				   .certificado = "fisica.cer",
				   .llave = "fisica.key",
				   .pass = "-"});
	struct vt *vt = start(24, 80);

	(void)state;
	change(vt, "P", "gemela", "Lo que vence primero");
	to(vt, "P", "Perfiles");
	row_says(vt, "*gemela", "abierto");
	row_says(vt, "fisica", "abierto");
	row_says(vt, "moral", "bloqueado");
	row_says(vt, "cerrada", "bloqueado");
	leave(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_switch),
		cmocka_unit_test(test_due),
		cmocka_unit_test(test_lock),
		cmocka_unit_test(test_small),
		cmocka_unit_test(test_outbox),
		cmocka_unit_test(test_same_efirma),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
