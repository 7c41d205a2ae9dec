/*
 * What the person brings along, in a real terminal (issue 3.5): keys of their own, $PAGER and
 * $EDITOR with the terminal handed over and taken back, the clipboard, no colours.
 */
#include "tests/help/cm.h"
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <stdlib.h>
#include "base/b64.h"
#include "base/file.h"
#include "tests/help/persona.h"

#define ROOM (16 * 1024 * 1024)
#define ENTER "\r"
#define ESC "\x1b"
#define F3 "\x1bOR"

static struct e2e world;
static const char *abierta;
static const char *por_abrir;

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

/* Each begins with the world's own configuration. */
static int usual(void **state)
{
	(void)state;
	persona_config(&world, "");
	return 0;
}

static const char *variable(const char *name, const char *value)
{
	return arena_printf(&world.arena, "%s=%s", name, value);
}

/* Entered, with one more variable (or NULL) in the environment. */
static struct vt *enter(const char *more)
{
	return persona_entered(&world, &(struct persona){.env = (const char *const[]){more, NULL}});
}

static void point(struct vt *vt, const char *folio)
{
	persona_to(vt, "7", folio);
	persona_keys(vt, "/");
	persona_keys(vt, folio);
	persona_keys(vt, ENTER);
}

/* ---- keys --------------------------------------------------------------------------------- */

/* The person's key works, the one before it does not; hints and help tell the new one. */
static void test_keys(void **state)
{
	struct vt *vt;

	(void)state;
	persona_config(&world, "[teclas]\nfiltrar = F3 &\nayuda = Ctrl-G\n");
	vt = enter(NULL);
	persona_last(vt, "Ctrl-G ayuda");
	persona_to(vt, "7", "▸");
	persona_last(vt, "F3 filtrar");
	persona_keys(vt, "f?");
	persona_last(vt, "F3 filtrar");
	persona_to(vt, F3, "Filtro:");
	persona_to(vt, ESC, "F3 filtrar");
	persona_to(vt, "&", "Filtro:");
	persona_keys(vt, ESC);
	persona_to(vt, "\x07", "Teclas en Notificaciones");
	persona_to(vt, "/F3 &" ENTER, "F3 &");
	persona_to(vt, "/:filtrar" ENTER, "como F3 &");
	persona_leave(vt);
}

/* A program that can't start for its configuration says which line it is, and why. */
static void refused(const char *more, const char *line, const char *why)
{
	ARENA(a, ROOM);
	struct vt *vt;

	persona_config(&world, more);
	vt = persona_start(&world, &(struct persona){.rows = 24, .cols = 400});
	assert_int_not_equal(vt_end(vt), 0);
	persona_shows(vt, e2e_path(&world, &a, "config/buzon-tui/config.ini"));
	persona_shows(vt, line);
	persona_shows(vt, why);
	assert_false(vt_altscreen(vt));
	(void)vt_close(vt);
}

static void test_bad_keys(void **state)
{
	(void)state;
	/* Two profiles of eight and nine lines stand before. */
	refused("[teclas]\nabrir = r\n", "línea 20", "la tecla r ya es de sincronizar");
	refused("[teclas]\nabrir = Entrrr\n", "línea 20", "Entrrr no es una tecla");
	refused("[teclas]\n\nabre = o\n", "línea 21", "en [teclas] va comando = teclas");
	refused("[teclas]\nabrir = j\n", "línea 20", "mueve el cursor");
}

/* ---- $EDITOR ------------------------------------------------------------------------------ */

/* What the editor will leave behind. */
static void next_config(const char *more)
{
	ARENA(a, ROOM);
	const char *own = e2e_file(&world, &a, "config/buzon-tui/propia.ini");

	assert_int_equal(file_write(e2e_path(&world, &a, "nueva.ini"),
				 bytes_of_text(arena_printf(&a, "%s%s", own, more)), 0600),
		OK);
}

static void configure(struct vt *vt, const char *text)
{
	persona_keys(vt, ":configurar");
	persona_to(vt, ENTER, text);
}

/* Keys hold at once; a bad line is named, and what was in force stays so. */
static void test_editor(void **state)
{
	const char *editor =
		persona_script(&world, "editor", "cp \"$HOME/nueva.ini\" \"$1\"\necho editado\n");
	struct vt *vt = enter(variable("EDITOR", editor));

	(void)state;
	persona_to(vt, "7", "▸");
	next_config("[teclas]\nfiltrar = F3\n");
	configure(vt, "Configuración leída: teclas y bloqueo valen ya");
	persona_keys(vt, "f");
	persona_last(vt, "F3 filtrar");
	persona_to(vt, F3, "Filtro:");
	persona_keys(vt, ESC);
	next_config("[teclas]\nfiltrar = r\n");
	configure(vt, "Sigue lo de antes. config.ini, línea 20: la tecla r ya es");
	persona_to(vt, F3, "Filtro:");
	persona_keys(vt, ESC);
	next_config("[teclas]\nfiltar = r\n");
	configure(vt, "config.ini, línea 20: en [teclas] va");
	next_config("");
	configure(vt, "Configuración leída");
	persona_to(vt, "f", "Filtro:");
	persona_keys(vt, ESC);
	persona_leave(vt);
	/* $VISUAL comes first. */
	vt = persona_entered(
		&world, &(struct persona){.env = (const char *const[]){variable("EDITOR", editor),
						  "VISUAL=/no/hay/editor", NULL}});
	configure(vt, "No se encuentra el editor; pon otro en $EDITOR.");
	persona_leave(vt);
}

static void test_editor_dies(void **state)
{
	const char *editor = persona_script(&world, "muere", "kill -KILL $$\n");
	struct vt *vt = enter(variable("EDITOR", editor));

	(void)state;
	configure(vt, "El editor murió (señal 9)");
	persona_leave(vt);
}

/* ---- $PAGER ------------------------------------------------------------------------------- */

static struct vt *at_document(const char *pager)
{
	struct vt *vt = enter(pager != NULL ? variable("PAGER", pager) : NULL);

	point(vt, abierta);
	persona_to(vt, ENTER, "Estatus: notificada");
	persona_to(vt, ENTER, "PRUEBA: Cédula");
	return vt;
}

/* `|`, and everything is as it was; `notice` on the last line, NULL: none. */
static void hand_over(struct vt *vt, const char *notice)
{
	char before[8192];
	char after[8192];

	persona_body(vt, before, sizeof(before));
	persona_keys(vt, "|");
	if (notice != NULL)
		persona_last(vt, notice);
	else
		persona_last(vt, "Sincronizado");
	assert_true(vt_altscreen(vt));
	persona_body(vt, after, sizeof(after));
	assert_string_equal(after, before);
}

/* What the pager was given, once it has come: the last line looks the same before and after it. */
static void must_be_given(const char *text)
{
	for (int ms = 0; ms < 5000; ms += 20) {
		ARENA(a, ROOM);

		if (strstr(e2e_file(&world, &a, "pagina"), text) != NULL)
			return;
		nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
	}
	fail_msg("the pager was not given «%s»", text);
}

/* The whole page goes there as text, on its standard input. */
static void test_pager(void **state)
{
	ARENA(a, ROOM);
	struct vt *vt = at_document(persona_script(&world, "guarda", "cat >\"$HOME/pagina\"\n"));

	(void)state;
	hand_over(vt, NULL);
	must_be_given("Lo firmó LUIS GARCÍA IBÁÑEZ");
	must_be_given("PRUEBA: Cédula de liquidación");
	assert_null(strchr(e2e_file(&world, &a, "pagina"), '\x1b'));
	persona_to(vt, "a", "Acuse de notificación");
	hand_over(vt, NULL);
	/* Not only what fits the screen. */
	must_be_given("Cadena Original (Versión 3.0)");
	must_be_given("800 623 23 23");
	persona_leave(vt);
}

/* A real one, which reads its keys from the terminal; and the usual one where none is named. */
static void test_less(void **state)
{
	static const char *const named[] = {"less", "less -R", NULL};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(named); i++) {
		struct vt *vt = at_document(named[i]);
		char before[8192];
		char after[8192];

		persona_to(vt, "a", "Acuse de notificación");
		persona_body(vt, before, sizeof(before));
		assert_true(vt_send(vt, "|"));
		assert_true(vt_wait_text(vt, "\n:", VT_MS));
		persona_hides(vt, "7 Notificaciones");
		assert_true(vt_send(vt, "G"));
		assert_true(vt_wait_text(vt, "(END)", 10000));
		assert_true(vt_send(vt, "q"));
		persona_shows(vt, "7 Notificaciones");
		persona_last(vt, "Sincronizado");
		persona_body(vt, after, sizeof(after));
		assert_string_equal(after, before);
		persona_to(vt, "o", "PRUEBA: Cédula");
		persona_leave(vt);
	}
}

static void test_pager_fails(void **state)
{
	const char *raw = persona_script(
		&world, "crudo", "stty raw -echo </dev/tty\nprintf '\\033[?1049l\\033[31m'\n");
	struct vt *vt = at_document("/no/hay/paginador");

	(void)state;
	hand_over(vt, "No se encuentra el paginador; pon otro en $PAGER.");
	persona_leave(vt);
	vt = at_document(persona_script(&world, "muere", "kill -SEGV $$\n"));
	hand_over(vt, "El paginador murió (señal 11).");
	persona_leave(vt);
	vt = at_document(raw);
	hand_over(vt, NULL);
	persona_to(vt, "a", "Acuse de notificación");
	persona_leave(vt);
}

/* ---- the clipboard ------------------------------------------------------------------------ */

static void test_copy(void **state)
{
	ARENA(a, ROOM);
	struct vt *vt = enter(NULL);

	(void)state;
	point(vt, abierta);
	const char *osc =
		arena_printf(&a, "\x1b]52;c;%s\a", b64_encode(&a, bytes_of_text(abierta)));

	assert_false(persona_raw(vt, osc));
	persona_keys(vt, "y");
	persona_last(vt, arena_printf(&a, "Copiado: %s", abierta));
	assert_true(persona_raw(vt, osc));
	persona_leave(vt);
	/* A terminal that might show it gets nothing, and that is said. */
	vt = enter("TERM=vt100");
	point(vt, abierta);
	persona_keys(vt, "y");
	persona_hides(vt, "Copiado:");
	assert_false(persona_raw(vt, "\x1b]52"));
	persona_leave(vt);
}

/* ---- colours ------------------------------------------------------------------------------ */

/* 39 and 49 are none: what the terminal had. */
static bool is_colour(int n)
{
	return (n >= 30 && n <= 48 && n != 39) || (n >= 90 && n <= 107);
}

/* Does any SGR of the raw bytes set a colour? */
static bool coloured(struct vt *vt)
{
	size_t size;
	const char *at = vt_raw(vt, &size);
	const char *end = at + size;

	while ((at = memmem(at, (size_t)(end - at), "\x1b[", 2)) != NULL) {
		int n = 0;
		bool colour = false;

		for (at += 2; at < end && ((*at >= '0' && *at <= '9') || *at == ';'); at++) {
			colour = colour || (*at == ';' && is_colour(n));
			n = *at == ';' ? 0 : n * 10 + *at - '0';
		}
		if (at < end && *at == 'm' && (colour || is_colour(n)))
			return true;
	}
	return false;
}

/* A warning, a list, a document, an acuse with its QR: the same way each time. */
static bool way_is_coloured(const char *more)
{
	struct vt *vt =
		persona_start(&world, &(struct persona){.env = (const char *const[]){more, NULL}});

	persona_to(vt, "", "Validación FIEL");
	e2e_focus(vt, "Contraseña");
	persona_keys(vt, "Equivocada");
	e2e_focus(vt, "Validar");
	persona_to(vt, ENTER, "La contraseña de la llave privada no es");
	persona_enter(vt);
	point(vt, abierta);
	persona_to(vt, "a", "Acuse de notificación");
	persona_keys(vt, "G");
	bool colour = coloured(vt);

	persona_leave(vt);
	return colour;
}

static void test_colours(void **state)
{
	(void)state;
	assert_true(way_is_coloured(NULL));
	assert_false(way_is_coloured("NO_COLOR=1"));
	/* Empty is as if it were not there (no-color.org). */
	assert_true(way_is_coloured("NO_COLOR="));
	persona_config(&world, "[general]\ntema = mono\n");
	assert_false(way_is_coloured(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_keys, usual),
		cmocka_unit_test_setup(test_bad_keys, usual),
		cmocka_unit_test_setup(test_editor, usual),
		cmocka_unit_test_setup(test_editor_dies, usual),
		cmocka_unit_test_setup(test_pager, usual),
		cmocka_unit_test_setup(test_less, usual),
		cmocka_unit_test_setup(test_pager_fails, usual),
		cmocka_unit_test_setup(test_copy, usual),
		cmocka_unit_test_setup(test_colours, usual),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
