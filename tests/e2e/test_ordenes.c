/*
 * Commands inside the program, in a real terminal (issue 3.5): the `:` line with completion and
 * history, search in texts and lists, rebound keys, the person's own pager and editor, the
 * clipboard.
 */
#include "tests/help/cm.h"
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/b64.h"
#include "base/file.h"
#include "tests/help/persona.h"

#define ROOM (16 * 1024 * 1024)
#define ENTER "\r"
#define ESC "\x1b"
#define TAB "\t"
#define UP "\x1b[A"
#define DOWN "\x1b[B"
#define BELL "\a"

static struct e2e world;
static const char *abierta;   /* opened: has a document and an acuse */
static const char *por_abrir; /* not opened */

static int open_world(void **state)
{
	(void)state;
	world = (struct e2e){0};
	e2e_open(&world);
	persona_config(&world, "");
	abierta = persona_abierta(&world);
	por_abrir = e2e_notificar(&world, E2E_FISICA);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	e2e_close(&world);
	return 0;
}

static struct vt *enter(const char *perfil)
{
	return persona_entered(&world, &(struct persona){.perfil = perfil});
}

/* A command, typed whole. */
static void order(struct vt *vt, const char *line, const char *text)
{
	persona_keys(vt, ":");
	persona_keys(vt, line);
	persona_to(vt, ENTER, text);
}

/* Keeps the list's cursor on the row of that folio. */
static void point(struct vt *vt, const char *folio)
{
	persona_to(vt, "7", folio);
	persona_keys(vt, "/");
	persona_keys(vt, folio);
	persona_keys(vt, ENTER);
	persona_shows(vt, "▸");
}

/* ---- the line behind `:` ------------------------------------------------------------------ */

/* It is there on every screen where no text is typed, and Esc gives the screen back whole. */
static void test_everywhere(void **state)
{
	static const struct {
		const char *keys;
		const char *text;
	} way[] = {
		{"1", "Lo que vence primero"},
		{"P", "Perfiles"},
		{"T", "Vencimientos"},
		{"?", "Teclas en Vencimientos"},
		{"qq7", "▸"},
		{ENTER, "Antes de abrir"},
		{"q", "Mis notificaciones"},
		{"n" ENTER, "Estatus: notificada"},
		{ENTER, "PRUEBA: Cédula"},
		{"a", "Acuse de notificación"},
	};
	struct vt *vt = enter("fisica");
	char before[8192];
	char after[8192];

	(void)state;
	point(vt, abierta);
	point(vt, por_abrir);
	for (size_t i = 0; i < COUNT_OF(way); i++) {
		if (strcmp(way[i].keys, "n" ENTER) == 0)
			point(vt, abierta);
		persona_to(vt, way[i].keys[0] == 'n' ? ENTER : way[i].keys, way[i].text);
		persona_body(vt, before, sizeof(before));
		persona_keys(vt, ":");
		persona_prompt(vt, ":");
		/* What is typed is no key of the screen's. */
		persona_keys(vt, "q");
		persona_prompt(vt, ":q");
		persona_keys(vt, ESC);
		persona_body(vt, after, sizeof(after));
		assert_string_equal(after, before);
	}
	persona_leave(vt);
}

/* Where text is typed `:` is a character. */
static void test_not_in_forms(void **state)
{
	struct vt *vt = enter("fisica");

	(void)state;
	point(vt, por_abrir);
	persona_to(vt, ENTER, "Antes de abrir");
	persona_to(vt, ENTER, "Firma con e.firma");
	persona_keys(vt, ":");
	persona_last(vt, "Esc regresar");
	persona_leave(vt);
	vt = persona_start(&world, &(struct persona){0});
	persona_to(vt, "", "Validación FIEL");
	e2e_focus(vt, "RFC");
	persona_to(vt, ":salir", E2E_FISICA ":salir");
	assert_true(strncmp(vt_row(vt, 23), ":", 1) != 0);
	persona_leave(vt);
}

/* Tab goes through names, choices and profiles, and shows what there is to choose from. */
static void test_completion(void **state)
{
	struct vt *vt = enter("fisica");

	(void)state;
	persona_to(vt, "7", "▸");
	persona_keys(vt, ":fil" TAB);
	persona_prompt(vt, ":filtrar");
	persona_to(vt, TAB, "[por abrir]");
	persona_prompt(vt, ":filtrar por abrir");
	persona_to(vt, TAB, "[con plazo]");
	persona_prompt(vt, ":filtrar con plazo");
	persona_keys(vt, ESC);
	/* A part behind another; kinds are those that there are. */
	persona_keys(vt, ":filtrar por abrir ti" TAB);
	persona_to(vt, "", "tipo R-7.1");
	persona_keys(vt, TAB);
	persona_prompt(vt, ":filtrar por abrir tipo R-7.1");
	persona_to(vt, ENTER, por_abrir);
	persona_hides(vt, abierta);
	persona_shows(vt, "Mis notificaciones: por abrir, tipo R-7.1");
	order(vt, "filtrar todas", abierta);
	/* What `f` asks for is completed as well, and says that it can be. */
	persona_to(vt, "f", "Tab muestra qué admite.");
	persona_to(vt, TAB, "[por abrir]");
	persona_prompt(vt, "Filtro: por abrir");
	persona_to(vt, TAB, "[con plazo]");
	persona_keys(vt, " ti" TAB);
	persona_prompt(vt, "Filtro: con plazo tipo");
	persona_keys(vt, ESC "/" TAB);
	persona_prompt(vt, "/");
	persona_keys(vt, ESC);
	persona_keys(vt, ":perfil " TAB);
	persona_prompt(vt, ":perfil fisica");
	persona_keys(vt, TAB);
	persona_prompt(vt, ":perfil moral");
	persona_keys(vt, ESC ":zzz" TAB);
	persona_prompt(vt, ":zzz");
	assert_true(persona_raw(vt, BELL));
	persona_leave(vt);
}

/* What is wrong is said beside the line, which stays to be mended. */
static void test_wrong(void **state)
{
	struct vt *vt = enter("fisica");

	(void)state;
	persona_to(vt, "7", "▸");
	order(vt, "ordnar", "se parece a: ordenar");
	persona_prompt(vt, ":ordnar");
	/* Mended where it is wrong, not typed anew. */
	persona_keys(vt, "\x1b[D\x1b[D\x1b[D");
	persona_keys(vt, "e");
	persona_prompt(vt, ":ordenar");
	persona_to(vt, ENTER, "En orden de");
	order(vt, "ordenar fecha", "admite: vencimiento, aviso");
	persona_prompt(vt, ":ordenar fecha");
	persona_keys(vt, ESC);
	persona_to(vt, "1", "Lo que vence primero");
	order(vt, "ordenar folio", "es de la pantalla Notificaciones");
	persona_keys(vt, ESC);
	order(vt, "a", "puede ser: ");
	persona_leave(vt);
}

static void test_orders(void **state)
{
	struct vt *vt = enter("fisica");
	const char *at;

	(void)state;
	order(vt, "not", "Mis notificaciones");
	order(vt, "ordenar folio", "En orden de folio");
	at = strstr(vt_screen(vt), por_abrir);
	assert_non_null(at);
	order(vt, "filtrar por abrir", por_abrir);
	persona_hides(vt, abierta);
	order(vt, "filtrar", "Filtro: ");
	persona_to(vt, "todas" ENTER, abierta);
	order(vt, "buscar zzz", "No hay coincidencias");
	order(vt, "AYUDA", "Teclas en Notificaciones");
	order(vt, "buscar zzz", "No hay «zzz»");
	persona_to(vt, "q", "Mis notificaciones");
	order(vt, "perfil moral", "Validación FIEL");
	persona_shows(vt, E2E_MORAL);
	persona_enter(vt);
	order(vt, "perfil fisica", E2E_FISICA_NOMBRE);
	persona_keys(vt, ":sal");
	assert_true(vt_send(vt, ENTER));
	assert_int_equal(vt_end(vt), 0);
	assert_true(vt_is_cooked(vt));
	(void)vt_close(vt);
}

/* A menu of a profile that nobody entered: why it does not lead there is said. */
static void test_not_entered(void **state)
{
	struct vt *vt = persona_start(&world, &(struct persona){0});

	(void)state;
	persona_to(vt, "", "Validación FIEL");
	persona_to(vt, "\x10", "Perfiles (*");
	order(vt, "notificaciones", "entra antes con tu e.firma");
	persona_prompt(vt, ":notificaciones");
	persona_leave(vt);
}

/* ---- history ------------------------------------------------------------------------------ */

static const char *needle;
static bool found;

static int look(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	ARENA(a, ROOM);
	struct bytes text;

	(void)st;
	(void)ftw;
	if (kind == FTW_F && file_read(&a, path, ROOM / 2, &text) == OK &&
		memmem(text.data, text.size, needle, strlen(needle)) != NULL)
		found = true;
	return 0;
}

/* Does any file that the program keeps hold the text? */
static bool on_disk(const char *text)
{
	ARENA(a, ROOM);

	needle = text;
	found = false;
	assert_int_equal(nftw(e2e_path(&world, &a, "datos"), look, 16, FTW_PHYS), 0);
	return found;
}

/* Kept across runs, each profile's own, and sealed. */
static void test_history(void **state)
{
	ARENA(a, ROOM);
	struct vt *vt = enter("fisica");

	(void)state;
	persona_to(vt, "7", "▸");
	order(vt, "buscar xilofono", "No hay coincidencias");
	order(vt, "ordenar aviso", "En orden de aviso");
	persona_keys(vt, ":abc");
	persona_keys(vt, UP);
	persona_prompt(vt, ":ordenar aviso");
	persona_keys(vt, UP);
	persona_prompt(vt, ":buscar xilofono");
	persona_keys(vt, DOWN DOWN);
	persona_prompt(vt, ":abc");
	persona_keys(vt, ESC);
	persona_keys(vt, ":salir");
	assert_true(vt_send(vt, ENTER));
	assert_int_equal(vt_close(vt), 0);
	/* Sealed; the looking itself finds what is there in the clear. */
	assert_false(on_disk("xilofono"));
	assert_int_equal(file_write(e2e_path(&world, &a, "datos/buzon-tui/claro"),
				 bytes_of_text("un xilofono"), 0600),
		OK);
	assert_true(on_disk("xilofono"));
	assert_int_equal(remove(e2e_path(&world, &a, "datos/buzon-tui/claro")), 0);

	vt = enter("fisica");
	persona_keys(vt, ":");
	/* The very line that ended the last run, too. */
	persona_keys(vt, UP);
	persona_prompt(vt, ":salir");
	persona_keys(vt, UP UP);
	persona_prompt(vt, ":buscar xilofono");
	persona_keys(vt, ESC);
	order(vt, "perfil moral", "Validación FIEL");
	persona_enter(vt);
	persona_keys(vt, ":");
	for (int i = 0; i < 5; i++) {
		persona_keys(vt, UP);
		persona_hides(vt, "xilofono");
	}
	persona_leave(vt);
}

/* A line that is typed before the e.firma is open takes nothing from what was kept. */
static void test_history_before_entering(void **state)
{
	struct vt *vt = persona_start(&world, &(struct persona){0});

	(void)state;
	persona_to(vt, "", "Validación FIEL");
	persona_to(vt, "\x10", "Perfiles (*");
	order(vt, "buscar nadie", "No hay coincidencias");
	persona_to(vt, "q", "Validación FIEL");
	persona_enter(vt);
	order(vt, "ayuda", "Teclas en Inicio");
	persona_leave(vt);
	vt = enter("fisica");
	persona_keys(vt, ":");
	persona_keys(vt, UP);
	for (int i = 0; i < 5 && strstr(vt_row(vt, 23), "xilofono") == NULL; i++)
		persona_keys(vt, UP);
	persona_prompt(vt, ":buscar xilofono");
	persona_leave(vt);
}

/* ---- search ------------------------------------------------------------------------------- */

/* `/` goes to the first, n on, N back; what is not there is said. */
static void search_text(struct vt *vt, const char *words, const char *shown)
{
	char first[8192];
	char after[8192];

	persona_keys(vt, "g/");
	persona_prompt(vt, "/");
	persona_keys(vt, words);
	persona_keys(vt, ENTER);
	persona_shows(vt, shown);
	persona_body(vt, first, sizeof(first));
	persona_keys(vt, "n");
	persona_keys(vt, "N");
	persona_body(vt, after, sizeof(after));
	assert_string_equal(after, first);
	persona_keys(vt, "/qñq" ENTER);
	persona_last(vt, "No hay «qñq» en este texto.");
	/* The next key takes the sentence away. */
	persona_keys(vt, "g");
	persona_hides(vt, "No hay «qñq»");
}

static void test_search_texts(void **state)
{
	struct vt *vt = persona_entered(&world, &(struct persona){.rows = 24, .cols = 80});

	(void)state;
	point(vt, por_abrir);
	persona_to(vt, ENTER, "Antes de abrir");
	search_text(vt, "QUEDAS notificado", "quedas notificado");
	persona_to(vt, "q", "Mis notificaciones");
	persona_to(vt, "?", "Teclas en");
	search_text(vt, "retroceso", "");
	search_text(vt, "ctrl-k", "Ctrl-K");
	persona_to(vt, "q", "Mis notificaciones");
	point(vt, abierta);
	persona_to(vt, ENTER, "Estatus: notificada");
	persona_to(vt, ENTER, "PRUEBA: Cédula");
	search_text(vt, "liquidacion", "liquidación");
	persona_to(vt, "a", "Acuse de notificación");
	search_text(vt, "sello digital", "Sello Digital");
	persona_leave(vt);
}

/* Where each match is on another part of the text, n and N lead there and back. */
static void test_search_both_ways(void **state)
{
	struct vt *vt = persona_entered(&world, &(struct persona){.rows = 10, .cols = 40});
	char first[4096];
	char later[4096];

	(void)state;
	persona_to(vt, "?", "Teclas en");
	persona_to(vt, "/ctrl" ENTER, "Ctrl");
	persona_body(vt, first, sizeof(first));
	for (int i = 0; i < 4; i++)
		persona_keys(vt, "n");
	persona_body(vt, later, sizeof(later));
	assert_string_not_equal(later, first);
	for (int i = 0; i < 4; i++)
		persona_keys(vt, "N");
	persona_body(vt, later, sizeof(later));
	assert_string_equal(later, first);
	persona_leave(vt);
}

/* In the list: the row is found wherever it stands, and again by n and N. */
static void test_search_list(void **state)
{
	struct vt *vt = enter("fisica");
	char row[512];

	(void)state;
	point(vt, abierta);
	const char *mark = strstr(vt_screen(vt), "▸");

	assert_non_null(mark);
	(void)snprintf(row, sizeof(row), "%.*s", (int)strcspn(mark, "\n"), mark);
	assert_non_null(strstr(row, abierta));
	persona_keys(vt, "n");
	assert_non_null(strstr(strstr(vt_screen(vt), "▸"), abierta));
	persona_keys(vt, "/POR abrir" ENTER);
	mark = strstr(vt_screen(vt), "▸");
	assert_non_null(mark);
	(void)snprintf(row, sizeof(row), "%.*s", (int)strcspn(mark, "\n"), mark);
	assert_non_null(strstr(row, por_abrir));
	persona_keys(vt, "/qñq" ENTER);
	persona_last(vt, "No hay coincidencias");
	persona_leave(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_everywhere),
		cmocka_unit_test(test_not_in_forms),
		cmocka_unit_test(test_completion),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_orders),
		cmocka_unit_test(test_not_entered),
		cmocka_unit_test(test_history),
		cmocka_unit_test(test_history_before_entering),
		cmocka_unit_test(test_search_texts),
		cmocka_unit_test(test_search_both_ways),
		cmocka_unit_test(test_search_list),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
