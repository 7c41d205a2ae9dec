/*
 * The three states of the effect sheet, each in its hour, on a real terminal against a real server
 * with the clock moved: opening now changes the date; it no longer does; it is notified, and there
 * is nothing to open but its papers and its timeline. The same as lines and as commands.
 * L-5.8 L-7.1 L-7.2 L-7.4 L-7.5 L-7.6 L-7.7 L-7.9
 */
#include "tests/help/cm.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/err.h"
#include "ley/plazo.h"
#include "tests/help/e2e_medios.h"
#include "tests/help/pki.h"
#include "tests/help/reloj.h"
#include "tests/help/tubo.h"
#include "tests/help/vt.h"

#define ROOM (32 * 1024 * 1024)
#define ENTER "\r"
#define HOUR 3600000

static struct e2e world;
static struct calendario calendario;
static struct plazo_aviso terms;
static const char *folio;
static const char *const *moved; /* before the argv of whoever has the moved clock */

/* Server and clients, from now on. */
static void it_is(int64_t at)
{
	assert_int_equal(e2e_server_stop(&world, SIGTERM), 0);
	reloj_at(at);
	e2e_server_start(&world);
}

static int64_t on(int32_t dia, int hour)
{
	return zona_instant(zona_centro(), dia, hour * HOUR);
}

static int open_world(void **state)
{
	(void)state;
	e2e_open(&world);
	assert_int_equal(calendario_make(&world.arena, 2024, 2036, NULL, 0, &calendario), OK);
	folio = e2e_notificar(&world, E2E_FISICA);
	assert_int_equal(plazo_de_aviso(&calendario, world.aviso, &terms), OK);
	world.setup = moved = reloj_words();
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	e2e_close(&world);
	return 0;
}

static const char *day(struct arena *a, int32_t dia)
{
	const char *text = fecha_text(a, dia, FECHA_DIA);

	assert_non_null(text);
	return text;
}

/* A person's program at that hour, at the list, its first row under the cursor. */
static struct vt *at_list(int rows, int cols)
{
	const char *argv[10] = {0};
	size_t n = 0;

	for (; moved[n] != NULL; n++)
		argv[n] = moved[n];
	argv[n++] = e2e_program(&world, "buzon-tui");
	argv[n++] = "--perfil";
	argv[n++] = "fisica";
	struct vt *vt = vt_start((char *const *)(uintptr_t)argv, e2e_env(&world), rows, cols);

	assert_non_null(vt);
	e2e_type(vt, "", "Validación FIEL");
	e2e_focus(vt, "Validar");
	e2e_type(vt, ENTER, "Lo que vence primero");
	e2e_type(vt, "7", "▸");
	return vt;
}

static void leave(struct vt *vt)
{
	assert_true(vt_send(vt, "\x03"));
	assert_int_equal(vt_close(vt), 128 + SIGINT);
}

/* On pages further down where the terminal is small. */
static void page_to(struct vt *vt, const char *text)
{
	for (int i = 0; i < 40 && !vt_contains(vt, text); i++)
		assert_true(vt_key(vt, "\x1b[6~") >= 0);
	if (!vt_contains(vt, text))
		fail_msg("no «%s» on the screen:\n%s", text, vt_screen(vt));
}

static struct e2e_run client(struct arena *a, const char *const words[])
{
	const char *argv[16] = {0};
	size_t n = 0;

	for (; moved[n] != NULL; n++)
		argv[n] = moved[n];
	argv[n++] = e2e_program(&world, "buzon-tui");
	for (size_t i = 0; words[i] != NULL; i++)
		argv[n++] = words[i];
	return e2e_run(&world, a, argv);
}

#define CLIENT(a, ...) client((a), (const char *const[]){__VA_ARGS__, NULL})

static void says(const struct e2e_run *r, int code, const char *text)
{
	if (r->code != code || (strstr(r->out, text) == NULL && strstr(r->err, text) == NULL))
		fail_msg("exit %d, not %d with «%s»; out: %s; err: %s", r->code, code, text, r->out,
			r->err);
}

/* L-7.4 L-7.6: in the window of the third day: both dates, and why, before anything is signed. */
static void test_opening_changes(void **state)
{
	ARENA(a, ROOM);
	struct vt *vt;

	(void)state;
	it_is(on(terms.dias[2], 17));
	vt = at_list(24, 80);
	e2e_type(vt, ENTER, "Antes de abrir");
	e2e_type(vt, "", "Si la abres ahora, quedas notificado");
	page_to(vt, arena_printf(&a, "Si no la abres: surte efectos"));
	e2e_type(vt, "p", "Por qué esas fechas");
	e2e_type(vt, "", "Si la abres ahora");
	page_to(vt, "Lineamientos 7.5");
	page_to(vt, "CFF 135");
	e2e_type(vt, "p", "Antes de abrir");
	e2e_type(vt, "i", "Estatus: por abrir");
	e2e_type(vt, ENTER, "Antes de abrir");
	leave(vt);
	/* The same on the smallest screen, and as commands. */
	vt = at_list(10, 40);
	e2e_type(vt, ENTER, "Antes de abrir");
	page_to(vt, "quedas");
	leave(vt);
	struct e2e_run r = CLIENT(&a, "plazo", folio);

	says(&r, 0, "[Lineamientos 7.4]");
	says(&r, 0, day(&a, terms.cuarto));
	r = CLIENT(&a, "plazo", folio, "--json");
	says(&r, 0, "\"estado\":\"por abrir\"");
	says(&r, 0, "\"si_abre\":[{\"paso\":\"aviso\"");
	says(&r, 0, "\"completo\":true");
	r = CLIENT(&a, "historia", folio);
	says(&r, 0, "Puesta a disposición en Mis notificaciones");
	assert_int_equal(e2e_number(&world, "SELECT count(abierta) FROM notificacion"), 0);
}

/* L-7.2: after the window of the third day opening or not is the same, and that is said. */
static void test_opening_is_the_same(void **state)
{
	ARENA(a, ROOM);
	struct vt *vt;

	(void)state;
	it_is(on(terms.dias[2], 20));
	vt = at_list(24, 80);
	e2e_type(vt, ENTER, "Si la abres ahora o no la abres, es igual");
	page_to(vt, "fuera del horario de");
	leave(vt);
	struct e2e_run r = CLIENT(&a, "plazo", folio, "--json");

	says(&r, 0, "\"estado\":\"por abrir, sin cambio\"");
}

/* The same for who listens to it, line by line. */
static void test_as_lines(void **state)
{
	const char *argv[12] = {0};
	struct tubo t;
	size_t n = 0;

	(void)state;
	argv[n++] = "/usr/bin/env";
	for (; moved[n] != NULL; n++)
		argv[n] = moved[n];
	argv[n++] = e2e_program(&world, "buzon-tui");
	argv[n++] = "--llano";
	argv[n++] = "--perfil";
	argv[n++] = "fisica";
	argv[n++] = "--lineas";
	argv[n++] = "60";
	tubo_start(&t, false, world.dir, (char *const *)(uintptr_t)argv, e2e_env(&world));
	tubo_wait(&t, "Botón: Validar");
	tubo_send(&t, "validar\n");
	tubo_wait(&t, "Lo que vence primero");
	tubo_send(&t, "notif\n");
	tubo_wait(&t, folio);
	tubo_wait(&t, "Tipo: R-7.1; Oficio: PRUEBA/2026/0001");
	tubo_send(&t, "1\n");
	tubo_wait(&t, "Si la abres ahora o no la abres, es igual");
	tubo_send(&t, "razones\n");
	tubo_wait(&t, "[Lineamientos 7.5]");
	tubo_send(&t, "regresar\n");
	tubo_wait(&t, "Antes de abrir");
	tubo_send(&t, "ficha\n");
	tubo_wait(&t, "Estatus: por abrir");
	tubo_send(&t, "historia\n");
	tubo_wait(&t, "Qué: Puesta a disposición en Mis notificaciones");
	tubo_send(&t, "salir\n");
	assert_int_equal(tubo_end(&t), 0);
	tubo_free(&t);
}

/* L-7.5 L-7.7 L-7.9: notified by lapse: its papers are read, nothing is signed any more. */
static void test_notified(void **state)
{
	ARENA(a, ROOM);
	struct vt *vt;

	(void)state;
	it_is(terms.vence + HOUR);
	e2e_espera(&world,
		arena_printf(&a,
			"SELECT count(*) FROM notificacion WHERE folio = '%s' AND forma = "
			"'automatica'",
			folio),
		1);
	vt = at_list(24, 80);
	e2e_type(vt, "", "por plazo, leer");
	e2e_type(vt, ENTER, "Forma: Por no abrirse en plazo");
	e2e_type(vt, "p", "Cómo se contó");
	e2e_type(vt, "q", "Forma: Por no abrirse en plazo");
	e2e_type(vt, "H", "Venció el plazo para abrirla");
	/* The acuse that proves it. */
	e2e_row(vt, "Venció el plazo");
	e2e_type(vt, ENTER, "Hecha por");
	e2e_type(vt, "q", "Cronología");
	e2e_type(vt, "q", "Forma: Por no abrirse en plazo");
	e2e_type(vt, ENTER, "PRUEBA: Cédula de liquidación para ÑANDÚ");
	e2e_type(vt, "qq", "Mis notificaciones");
	/* Read here, it is unread no more. */
	if (vt_contains(vt, "por plazo, leer"))
		fail_msg("still unread:\n%s", vt_screen(vt));
	/* Filters, beside each other. */
	e2e_type(vt, ":filtrar por plazo tipo 7.1\r", "Filtro: por plazo, tipo R-7.1 (1 de 1");
	e2e_type(vt, ":filtrar tipo R-7.2\r", "Nada cumple el filtro");
	e2e_type(vt, "\x1b", "por plazo");
	leave(vt);
	struct e2e_run r = CLIENT(&a, "abrir", folio, "--si");

	says(&r, err_exit(ERR_ALREADY_NOTIFIED), err_sentence(ERR_ALREADY_NOTIFIED));
	says(&r, err_exit(ERR_ALREADY_NOTIFIED), "buzon-tui documento");
	r = CLIENT(&a, "documento", folio, "-o", "leido.pdf");
	says(&r, 0, "LUIS GARCÍA IBÁÑEZ");
	r = CLIENT(&a, "notificaciones", "--estatus", "por-plazo", "--tipo", "R-7.1", "--json");
	says(&r, 0, "\"forma\":\"automatica\"");
	r = CLIENT(&a, "notificaciones", "--estatus", "por-abrir");
	says(&r, 0, "Ninguna notificación cumple el filtro.");
	r = CLIENT(&a, "notificaciones", "--estatus", "nada");
	says(&r, err_exit(ERR_USAGE), "por-abrir, con-plazo");
	r = CLIENT(&a, "historia", folio, "--json");
	says(&r, 0, "\"suceso\":\"vencida\"");
	/* Its two acuses are two: of its notification, of its issue. */
	r = CLIENT(&a, "acuse", folio);
	says(&r, 0, "Acuse de notificación");
	r = CLIENT(&a, "plazo", folio);
	says(&r, 0, "Cómo se contó");
	assert_int_equal(e2e_number(&world, "SELECT count(abierta) FROM notificacion"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_opening_changes),
		cmocka_unit_test(test_opening_is_the_same),
		cmocka_unit_test(test_as_lines),
		cmocka_unit_test(test_notified),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
