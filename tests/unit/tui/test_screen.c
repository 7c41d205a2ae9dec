/* Pages on a real pty: golden screens, byte budgets, sizes, locales, deaths (experience.md). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "tests/help/vt.h"
#include "tests/help/tui_demo.h"
#include "base/macros.h"

#define DOWN "\x1b[B"
#define UP "\x1b[A"
#define PGDN "\x1b[6~"

/* ---- help of the tests -------------------------------------------------------------------- */

static const char *const utf8[] = {"TERM=xterm-256color", "LANG=C.UTF-8", NULL};
static const char *const mono[] = {"TERM=vt100", "LANG=C.UTF-8", NULL};
static const char *const no_color[] = {"TERM=xterm-256color", "LANG=C.UTF-8", "NO_COLOR=1", NULL};
static const char *const ascii[] = {"TERM=xterm-256color", "LANG=C", NULL};
static const char *const dumb[] = {"TERM=dumb", "LANG=C.UTF-8", NULL};
static const char *const unknown[] = {"TERM=nada-de-nada", "LANG=C.UTF-8", NULL};

static struct vt *show(enum demo which, const char *const env[], int rows, int cols)
{
	static enum demo kept;

	kept = which;
	struct vt *vt = vt_start_child(tui_demo, &kept, (char *const *)(uintptr_t)env, rows, cols);

	assert_non_null(vt);
	assert_true(vt_wait_idle(vt, VT_MS));
	return vt;
}

static void assert_row(struct vt *vt, int row, const char *text)
{
	assert_string_equal(vt_row(vt, row), text);
}

/* ---- golden screens ----------------------------------------------------------------------- */

static void assert_quits(struct vt *vt, const char *keys, int code)
{
	assert_true(vt_send(vt, keys));
	assert_int_equal(vt_end(vt), code);
	assert_false(vt_altscreen(vt));
	assert_true(vt_is_cooked(vt));
	(void)vt_close(vt);
}

/* Layout, cleaned text, marks, cut cells, the cursor on the current row. */
static void test_list_80x24(void **state)
{
	struct vt *vt = show(DEMO_LIST, utf8, 24, 80);
	int row, col;

	(void)state;
	assert_row(vt, 0,
		"Buzón IMSS · Ferretería Ñand… · FÑA010203AB1  [PRUEBA]  jue 12/nov/2026 17:52 ZC");
	assert_row(vt, 1,
		"… 3 Documentos  4 Medios  5 Comunicados  6 Promociones  7 Notificaciones  …");
	assert_row(vt, 2, "  Notificaciones");
	assert_true(vt_row_has(vt, 2, 'u'));
	assert_row(vt, 3,
		"  Vence         Folio                  Documento                      Estatus");
	assert_row(vt, 4,
		"▸ HOY 23:59     BI-20261109-101500114  Resolución de rectificación …  por abrir");
	assert_row(vt, 5,
		"  02/dic 23:59  BI-20261109-101500115  Oficio de multa                abierta");
	assert_row(vt, 6,
		" *03/dic 23:59  BI-20261109-101500116  Cédula de liquidación          por abrir");
	assert_row(vt, 21,
		"  18/dic 23:59  BI-20261109-101500131  Oficio de multa                abierta");
	assert_row(vt, 22, "──");
	assert_row(vt, 23,
		"Sincronizado 17:52:04 · 2 actos        Enter abrir  / buscar  f filtrar  ? ayuda");
	vt_cursor(vt, &row, &col);
	assert_int_equal(row, 4);
	assert_int_equal(col, 0);
	assert_true(vt_altscreen(vt));
	assert_true(vt_row_has(vt, 0, 'r'));
	assert_quits(vt, "q", 0);
}

/* The figures of experience.md, "On the line". */
static void test_bytes(void **state)
{
	struct vt *vt = show(DEMO_LIST, utf8, 24, 80);
	int row, col;

	(void)state;
	print_message("first paint %zu", vt_bytes(vt));
	assert_in_range(vt_bytes(vt), 200, 2000);
	for (int i = 0; i < 17; i++)
		assert_in_range(vt_key(vt, DOWN), 1, 12);
	vt_cursor(vt, &row, &col);
	assert_int_equal(row, 21);
	for (int i = 0; i < 4; i++) {
		long n = vt_key(vt, i == 1 ? "j" : DOWN);

		print_message(", scroll %ld", n);
		/* The third one fills every cell of its row with text, five accents among it. */
		assert_in_range(n, 20, i == 2 ? 116 : 110);
	}
	assert_row(vt, 21,
		"▸ 22/dic 23:59  BI-20261109-101500135  Oficio de multa                abierta");
	long page = vt_key(vt, PGDN);

	print_message(", page-down %ld\n", page);
	assert_in_range(page, 200, 1700);
	assert_in_range(vt_key(vt, UP), 1, 12);
	/* Nothing changes: nothing travels (but the answer to a key that moves nothing). */
	assert_int_equal(vt_key(vt, "\x1b[200~jjGq\r\x1b[201~"), 0);
	assert_quits(vt, "q", 0);
}

static void test_end_of_100000(void **state)
{
	struct vt *vt = show(DEMO_LIST, utf8, 24, 80);

	(void)state;
	assert_true(vt_key(vt, "G") > 0);
	assert_non_null(strstr(vt_row(vt, 21), "▸ 12/dic 23:59  BI-20261109-101600113"));
	assert_true(vt_key(vt, DOWN) == 0);
	assert_true(vt_key(vt, "\x1b[H") > 0);
	assert_non_null(strstr(vt_row(vt, 4), "▸ HOY 23:59"));
	/* 97 where more rows were asked for than seen. */
	assert_quits(vt, "q", 0);
}

static void test_200x50(void **state)
{
	struct vt *vt = show(DEMO_LIST, utf8, 50, 200);

	(void)state;
	assert_non_null(strstr(vt_row(vt, 0), "Ferretería Ñandú SA de CV · FÑA010203AB1"));
	assert_non_null(strstr(vt_row(vt, 1), "1 Inicio  2 Calendario"));
	assert_non_null(strstr(vt_row(vt, 1), "9 Opinión"));
	assert_non_null(strstr(vt_row(vt, 4), "Resolución de rectificación de la prima"));
	assert_non_null(strstr(vt_row(vt, 47), "16/dic"));
	assert_quits(vt, "q", 0);
}

static void test_40x10(void **state)
{
	struct vt *vt = show(DEMO_LIST, utf8, 10, 40);

	(void)state;
	assert_row(vt, 0, "FÑA010203AB1 · Ferr…  [PRUEBA]  17:52 ZC");
	assert_row(vt, 3, "  Vence         Documento");
	assert_row(vt, 4, "▸ HOY 23:59     Resolución de rectific…");
	assert_row(vt, 9, "Sincronizado 17:52:04 · 2 actos  ? ayuda");
	assert_true(vt_key(vt, PGDN) > 0);
	assert_quits(vt, "q", 0);
}

static void test_every_size(void **state)
{
	static const enum demo all[] = {DEMO_LIST, DEMO_FORM, DEMO_DIALOG, DEMO_TEXT, DEMO_EMPTY};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		struct vt *vt = show(all[i], utf8, 24, 80);

		for (int n = 1; n <= 12; n++) {
			vt_resize(vt, n, n * 3 - 2);
			assert_true(vt_wait_idle(vt, VT_MS));
			assert_true(vt_key(vt, DOWN) >= 0);
			assert_true(vt_key(vt, PGDN) >= 0);
		}
		vt_resize(vt, 1, 1);
		assert_true(vt_wait_idle(vt, VT_MS));
		assert_true(vt_key(vt, UP) >= 0);
		vt_resize(vt, 24, 80);
		assert_true(vt_wait_idle(vt, VT_MS));
		assert_non_null(strstr(vt_row(vt, 0), "Buzón IMSS"));
		assert_true(vt_send(vt, "\x03"));
		assert_int_equal(vt_close(vt), 128 + SIGINT);
	}
	struct vt *vt = show(DEMO_LIST, utf8, 1, 1);

	assert_row(vt, 0, "▸");
	assert_quits(vt, "q", 0);
}

static void test_mono_and_no_color(void **state)
{
	struct vt *vt = show(DEMO_DIALOG, mono, 24, 80);

	(void)state;
	assert_true(vt_row_has(vt, 3, 'b'));
	assert_non_null(strstr(vt_row(vt, 7), "! El plazo"));
	for (int row = 0; row < 24; row++)
		assert_false(vt_row_has(vt, row, 'c'));
	assert_true(vt_send(vt, "\x03"));
	assert_int_equal(vt_close(vt), 128 + SIGINT);
	vt = show(DEMO_DIALOG, no_color, 24, 80);
	for (int row = 0; row < 24; row++)
		assert_false(vt_row_has(vt, row, 'c'));
	assert_true(vt_row_has(vt, 7, 'b'));
	assert_quits(vt, "\r", 40);
	vt = show(DEMO_MONO, utf8, 24, 80);
	for (int row = 0; row < 24; row++)
		assert_false(vt_row_has(vt, row, 'c'));
	assert_true(vt_row_has(vt, 7, 'b'));
	assert_quits(vt, "\r", 40);
	vt = show(DEMO_DIALOG, utf8, 24, 80);
	assert_true(vt_row_has(vt, 7, 'c'));
	assert_quits(vt, "\r", 40);
}

static void test_ascii(void **state)
{
	struct vt *vt = show(DEMO_LIST, ascii, 24, 80);

	(void)state;
	for (const char *c = vt_screen(vt); *c != '\0'; c++)
		assert_true((unsigned char)*c < 0x80);
	assert_row(vt, 4,
		"> HOY 23:59     BI-20261109-101500114  Resolucion de rectificacion ~  por abrir");
	assert_non_null(strstr(vt_row(vt, 2), "- Notificaciones -------"));
	assert_quits(vt, "q", 0);
	/* The terminal sends UTF-8 whatever our locale is. */
	vt = show(DEMO_FORM, ascii, 24, 80);
	assert_true(vt_key(vt, "FÑA010203AB1") > 0);
	assert_non_null(strstr(vt_row(vt, 3), "FNA010203AB1"));
	assert_true(vt_key(vt, "\t\t\t\t") > 0);
	assert_quits(vt, "\r", 60);
}

static void test_no_terminal(void **state)
{
	static const char *const *const bad[] = {dumb, unknown};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct vt *vt = show(DEMO_LIST, bad[i], 24, 80);

		assert_int_equal(vt_end(vt), 69);
		assert_row(vt, 0, "sin terminal");
		assert_false(vt_altscreen(vt));
		(void)vt_close(vt);
	}
}

/* ---- forms, dialogs, texts ---------------------------------------------------------------- */

static void test_form(void **state)
{
	struct vt *vt = show(DEMO_FORM, utf8, 24, 80);
	int row, col;

	(void)state;
	assert_row(vt, 3, "▸ RFC *");
	assert_row(vt, 5, "  Contraseña *");
	assert_non_null(strstr(vt_row(vt, 12), "0 / 4,000"));
	assert_row(vt, 13, "                        [ Firmar ]");
	assert_true(vt_key(vt, "FÑA01\x1b[D\x7f"
			       "01\x1b[C\x1b[H") > 0);
	assert_row(vt, 3, "▸ RFC *                 FÑA011");
	/* A paste fires no key; its newline is dropped; past the limit it stops. */
	assert_true(vt_key(vt, "\x15\x0b\x1b[200~FÑA010203\nAB1\x1b[201~") > 0);
	assert_row(vt, 3, "▸ RFC *                 FÑA010203AB1");
	assert_true(vt_key(vt, "\t") > 0);
	assert_row(vt, 3, "  RFC *                 FÑA010203AB1    ! Faltan caracteres");
	vt_cursor(vt, &row, &col);
	assert_int_equal(row, 4);
	assert_int_equal(col, 24);
	assert_true(vt_key(vt, "\t\t") >= 0);
	assert_true(vt_key(vt, "Ñandú\rdos") > 0);
	assert_row(vt, 6, "▸ Promoción             Ñandú");
	assert_row(vt, 7, "                        dos");
	assert_non_null(strstr(vt_row(vt, 12), "9 / 4,000"));
	/* Up stays in the area while it has lines; Down from the last one leaves it. */
	assert_true(vt_key(vt, UP "X") > 0);
	assert_row(vt, 6, "▸ Promoción             ÑanXdú");
	assert_true(vt_key(vt, DOWN "Y") > 0);
	assert_row(vt, 7, "                        dosY");
	assert_true(vt_key(vt, DOWN) > 0);
	assert_row(vt, 13, "▸                       [ Firmar ]");
	assert_quits(vt, "\r", 60);
}

/* A password: never echoed, its length neither; pasted too. */
static void test_secret(void **state)
{
	struct vt *vt = show(DEMO_FORM, utf8, 24, 80);

	(void)state;
	assert_true(vt_key(vt, "\t\t") > 0);
	assert_true(vt_key(vt, "c") > 0);
	assert_row(vt, 5, "▸ Contraseña *          ••••••••");
	assert_int_equal(vt_key(vt, "lav"), 0);
	assert_int_equal(vt_key(vt, "\x1b[200~e9\n\x1b[201~"), 0);
	assert_int_equal(vt_key(vt, "\x7f"), 0);
	size_t size;
	const char *raw = vt_raw(vt, &size);

	assert_null(memmem(raw, size, "clave", 5));
	assert_null(memmem(raw, size, "lav", 3));
	/* 'S' would be a letter here: it goes from the button. 55 = five bytes were kept. */
	assert_true(vt_key(vt, "\t\t") >= 0);
	assert_quits(vt, "S", 55);
}

static void test_file_completion(void **state)
{
	char folder[] = "/tmp/tui-files-XXXXXX";
	char path[128];
	struct vt *vt;

	(void)state;
	assert_non_null(mkdtemp(folder));
	for (int i = 0; i < 2; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s.cer", folder, i == 0 ? "uno" : "unico");
		FILE *f = fopen(path, "w");

		assert_non_null(f);
		(void)fclose(f);
	}
	vt = show(DEMO_FORM, utf8, 24, 80);
	(void)snprintf(path, sizeof(path), "\t%s/un", folder);
	assert_true(vt_key(vt, path) > 0);
	assert_true(vt_key(vt, "\t") > 0);
	assert_true(vt_contains(vt, "/unico.cer"));
	assert_true(vt_key(vt, "\t") > 0);
	assert_true(vt_contains(vt, "/uno.cer"));
	/* Enter takes it and moves on. */
	assert_true(vt_key(vt, "\r") > 0);
	assert_non_null(strstr(vt_row(vt, 5), "▸ Contraseña"));
	assert_true(vt_send(vt, "\x1b"));
	assert_int_equal(vt_close(vt), 27);
	for (int i = 0; i < 2; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s.cer", folder, i == 0 ? "uno" : "unico");
		(void)unlink(path);
	}
	(void)rmdir(folder);
}

/* The cursor starts on the harmless button, and Esc presses it. */
static void test_dialog(void **state)
{
	struct vt *vt = show(DEMO_DIALOG, utf8, 24, 80);

	(void)state;
	assert_row(vt, 3, "Efectos de abrir");
	assert_row(vt, 4,
		"Si la abres ahora, quedas notificado hoy jue 12/nov/2026 17:52; si no la abres");
	assert_row(vt, 5, "hoy, el vie 13/nov/2026 09:30.");
	assert_row(vt, 6, "Aviso: 09/nov/2026");
	assert_row(vt, 9, "▸[ Volver ]   [ Abrir y firmar ]");
	assert_true(vt_key(vt, "\x1b[C") > 0);
	assert_row(vt, 9, " [ Volver ]  ▸[ Abrir y firmar ]");
	assert_quits(vt, "\x1b", 40);
	vt = show(DEMO_DIALOG, utf8, 24, 80);
	assert_int_equal(vt_key(vt, "\x1b[200~\r\x1b[201~"), 0);
	assert_quits(vt, "\t\r", 41);
}

static void test_text(void **state)
{
	struct vt *vt = show(DEMO_TEXT, utf8, 24, 80);

	(void)state;
	assert_row(vt, 3, "Línea 1 del documento");
	assert_non_null(strstr(vt_row(vt, 22), "más"));
	long n = vt_key(vt, DOWN);

	assert_in_range(n, 10, 110);
	assert_row(vt, 21, "Línea 20 del documento");
	assert_true(vt_key(vt, "G") > 0);
	assert_row(vt, 21, "Línea 200 del documento");
	assert_row(vt, 22, "──");
	/* The prompt takes text, paste and the cursor; q is a letter there. */
	int row, col;

	assert_true(vt_key(vt, "/quéx\x7f") > 0);
	assert_row(vt, 23, "/qué");
	vt_cursor(vt, &row, &col);
	assert_int_equal(row, 23);
	assert_int_equal(col, 4);
	assert_true(vt_key(vt, "\x1b") > 0);
	assert_non_null(strstr(vt_row(vt, 23), "Sincronizado"));
	assert_quits(vt, "q", 0);
}

/* What was looked for is shown by an attribute and the cursor, within a scroll's bytes. */
static void test_text_search(void **state)
{
	static const char *const *const places[] = {utf8, mono, no_color};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		struct vt *vt = show(DEMO_TEXT, places[i], 24, 80);
		int row, col;

		assert_true(vt_key(vt, "/LINEA 105\r") > 0);
		assert_row(vt, 3, "Línea 105 del documento");
		assert_true(vt_row_has(vt, 3, 'r'));
		assert_false(vt_row_has(vt, 4, 'r'));
		vt_cursor(vt, &row, &col);
		assert_int_equal(row, 3);
		assert_int_equal(col, 0);
		assert_true(vt_key(vt, "/7 del\r") > 0);
		assert_row(vt, 3, "Línea 107 del documento");
		vt_cursor(vt, &row, &col);
		assert_int_equal(col, 8);
		assert_true(vt_key(vt, "n") > 0);
		assert_row(vt, 3, "Línea 117 del documento");
		assert_true(vt_key(vt, "N") > 0);
		assert_row(vt, 3, "Línea 107 del documento");
		/* Out of sight it takes no cursor along. */
		assert_true(vt_key(vt, DOWN) > 0);
		vt_cursor(vt, &row, &col);
		assert_int_equal(row, 3);
		assert_int_equal(col, 0);
		assert_false(vt_row_has(vt, 3, 'r'));
		assert_quits(vt, "q", 0);
	}
}

/* Candidates beside what is typed, until the next key; the cursor stays where one types. */
static void test_prompt_note(void **state)
{
	struct vt *vt = show(DEMO_LIST, utf8, 24, 80);
	int row, col;

	(void)state;
	assert_true(vt_key(vt, "/u\t") > 0);
	assert_row(vt, 23, "/u  [uno] dos");
	vt_cursor(vt, &row, &col);
	assert_int_equal(row, 23);
	assert_int_equal(col, 2);
	assert_true(vt_key(vt, "n") > 0);
	assert_row(vt, 23, "/un");
	assert_true(vt_key(vt, "\x1b") > 0);
	assert_quits(vt, "q", 0);
	vt = show(DEMO_LIST, utf8, 10, 10);
	assert_true(vt_key(vt, "/u\t") > 0);
	assert_row(vt, 9, "/u  [uno]…");
	assert_true(vt_key(vt, "\x1b") > 0);
	assert_quits(vt, "q", 0);
}

static void test_empty_list(void **state)
{
	struct vt *vt = show(DEMO_EMPTY, utf8, 24, 80);

	(void)state;
	assert_row(vt, 3, "  No hay notificaciones. Oprime r para actualizar.");
	assert_int_equal(vt_key(vt, DOWN), 0);
	assert_quits(vt, "q", 0);
}

/* ---- deaths and signals ------------------------------------------------------------------- */

static void test_given_back(void **state)
{
	static const int deaths[] = {SIGSEGV, SIGABRT, SIGTERM, SIGHUP, SIGINT, SIGBUS, SIGQUIT};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(deaths); i++) {
		struct vt *vt = show(DEMO_LIST, utf8, 24, 80);
		size_t size;

		assert_true(vt_altscreen(vt));
		assert_false(vt_is_cooked(vt));
		vt_signal(vt, deaths[i]);
		assert_int_equal(vt_end(vt), 128 + deaths[i]);
		assert_false(vt_altscreen(vt));
		assert_true(vt_is_cooked(vt));
		const char *raw = vt_raw(vt, &size);

		assert_non_null(memmem(raw, size, "\x1b[?2004l", 8));
		(void)vt_close(vt);
	}
}

/* What a library said while the screen was up is shown when it ends, and not before. */
static void test_stderr(void **state)
{
	struct vt *vt = show(DEMO_LIST, utf8, 24, 80);

	(void)state;
	assert_int_equal(vt_key(vt, "X"), 0);
	assert_false(vt_contains(vt, "biblioteca"));
	assert_true(vt_send(vt, "q"));
	assert_int_equal(vt_end(vt), 0);
	assert_true(vt_contains(vt, "biblioteca: aviso"));
	(void)vt_close(vt);
	vt = show(DEMO_LIST, utf8, 24, 80);
	assert_int_equal(vt_key(vt, "X"), 0);
	vt_signal(vt, SIGSEGV);
	assert_int_equal(vt_end(vt), 128 + SIGSEGV);
	assert_true(vt_contains(vt, "biblioteca: aviso"));
	(void)vt_close(vt);
}

static void test_redraw_and_resize(void **state)
{
	struct vt *vt = show(DEMO_LIST, utf8, 24, 80);
	char before[32768];

	(void)state;
	(void)snprintf(before, sizeof(before), "%s", vt_screen(vt));
	assert_true(vt_key(vt, "\x0c") > 500);
	assert_string_equal(vt_screen(vt), before);
	vt_resize(vt, 30, 100);
	assert_true(vt_wait_idle(vt, VT_MS));
	assert_non_null(strstr(vt_row(vt, 29), "Sincronizado"));
	vt_resize(vt, 24, 80);
	assert_true(vt_wait_idle(vt, VT_MS));
	assert_string_equal(vt_screen(vt), before);
	assert_quits(vt, "q", 0);
}

/* Ctrl-Z gives the terminal back, and takes it again (an orphaned group goes on at once). */
static void test_suspend(void **state)
{
	struct vt *vt = show(DEMO_LIST, utf8, 24, 80);
	char before[32768];
	size_t size;

	(void)state;
	(void)snprintf(before, sizeof(before), "%s", vt_screen(vt));
	assert_true(vt_key(vt, "\x1a") > 500);
	const char *raw = vt_raw(vt, &size);

	assert_non_null(memmem(raw, size, "\x1b[?1049l", 8));
	assert_string_equal(vt_screen(vt), before);
	assert_true(vt_altscreen(vt));
	assert_true(vt_key(vt, DOWN) > 0);
	assert_quits(vt, "q", 0);
}

/* Hang-up: it leaves, it does not spin. */
static void test_hangup(void **state)
{
	struct vt *vt = show(DEMO_LIST, utf8, 24, 80);

	(void)state;
	vt_hang_up(vt);
	int code = vt_close(vt);

	assert_int_equal(code, 128 + SIGHUP);
	/* Under nohup only the end of input tells. */
	vt = show(DEMO_NO_HANGUP, utf8, 24, 80);
	vt_hang_up(vt);
	assert_int_equal(vt_close(vt), 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list_80x24),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_end_of_100000),
		cmocka_unit_test(test_200x50),
		cmocka_unit_test(test_40x10),
		cmocka_unit_test(test_every_size),
		cmocka_unit_test(test_mono_and_no_color),
		cmocka_unit_test(test_ascii),
		cmocka_unit_test(test_no_terminal),
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_secret),
		cmocka_unit_test(test_file_completion),
		cmocka_unit_test(test_dialog),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_text_search),
		cmocka_unit_test(test_prompt_note),
		cmocka_unit_test(test_empty_list),
		cmocka_unit_test(test_given_back),
		cmocka_unit_test(test_stderr),
		cmocka_unit_test(test_redraw_and_resize),
		cmocka_unit_test(test_suspend),
		cmocka_unit_test(test_hangup),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
