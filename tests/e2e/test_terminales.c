/*
 * Every screen on every terminal and size of experience.md: it is painted and stays whole, each key
 * within its budget of bytes, the real cursor on the current row, the terminal given back.
 */
#include "tests/help/cm.h"
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
#include "base/file.h"
#include "tests/help/e2e.h"
#include "tests/help/pki.h"
#include "tests/help/vt.h"

#define ENTER "\r"
#define DOWN "\x1b[B"
#define PGDN "\x1b[6~"
#define NEVER "\x01"
#define NOTIFICATIONS 30

static struct e2e world;

/* ---- the table ---------------------------------------------------------------------------- */

struct terminal {
	const char *term;
	const char *more; /* one more variable, or NULL */
	int rows, cols;
	bool color;
	bool utf8;
	long paint; /* most bytes of a whole screen */
	long move;  /* of a cursor-down inside the window */
	long page;  /* of a page-down */
};

static const struct terminal terminals[] = {
	{"xterm-256color", NULL, 24, 80, true, true, 2000, 12, 1700},
	{"xterm-256color", NULL, 50, 200, true, true, 6000, 14, 5500},
	{"xterm-256color", NULL, 10, 40, true, true, 900, 14, 900},
	{"xterm-256color", "NO_COLOR=1", 24, 80, false, true, 2000, 12, 1700},
	{"xterm-256color", "LC_ALL=C", 24, 80, true, false, 2000, 12, 1700},
	{"vt100", NULL, 24, 80, false, true, 2100, 16, 1900},
	{"vt100", "LC_ALL=C", 10, 40, false, false, 900, 16, 900},
	{"screen", NULL, 24, 80, true, true, 2000, 16, 1700},
	{"screen-256color", NULL, 50, 200, true, true, 6000, 16, 5500},
	{"tmux", NULL, 24, 80, true, true, 2000, 16, 1700},
	{"tmux-256color", NULL, 24, 80, true, true, 2000, 16, 1700},
	{"linux", NULL, 24, 80, true, true, 2000, 14, 1700},
};

/* A screen: the keys that lead to it from Inicio, and what is on it. In ASCII, for any locale. */
struct place {
	const char *name;
	const char *keys[4];
	const char *shows;
	bool list;
	const char *whole; /* what 80x24 shows once all of it came; NULL: the same */
};

static const struct place places[] = {
	{"inicio", {NULL}, "dula de", false, NULL},
	{"notificaciones", {"7"}, "dula de", true, NULL},
	{"efecto", {"7", ENTER}, "Antes de abrir", false, NULL},
	{"firmar", {"7", ENTER, ENTER}, "Firma con e.firma", false, NULL},
	{"ficha", {"7", "G", ENTER}, "Estatus: notificada", false, NULL},
	{"documento", {"7", "G", ENTER, ENTER}, "Firmado por", false, "PRUEBA: C"},
	{"acuse", {"7", "G", "a"}, "Acuse de", false, NULL},
	{"ayuda", {"?"}, "Ayuda", false, NULL},
	{"perfiles", {"P"}, "Perfiles", true, NULL},
	{"vencimientos", {"T"}, "09:30", true, NULL},
};

/* ---- help --------------------------------------------------------------------------------- */

/* The passphrase on a descriptor: it enters by itself. */
static int passphrase(void)
{
	ARENA(a, 1 << 20);
	struct bytes text = pki_read(&a, "fisica.pass");
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], text.data, text.size), text.size);
	(void)close(ends[1]);
	return ends[0];
}

static struct vt *start(const struct terminal *t, bool with_passphrase)
{
	char *const *usual = e2e_env(&world);
	const char *env[64];
	char term[64], number[16];
	int fd = with_passphrase ? passphrase() : -1;
	size_t n = 0;

	(void)snprintf(term, sizeof(term), "TERM=%s", t->term);
	(void)snprintf(number, sizeof(number), "%d", fd);
	for (; usual[n] != NULL && n < COUNT_OF(env) - 4; n++)
		env[n] = usual[n];
	/* The last one of a name counts. */
	env[n++] = term;
	if (t->more != NULL)
		env[n++] = t->more;
	env[n] = NULL;
	const char *const argv[] = {e2e_program(&world, "buzon-tui"), "--perfil", "banco",
		with_passphrase ? "--clave-fd" : NULL, number, NULL};
	struct vt *vt = vt_start(
		(char *const *)(uintptr_t)argv, (char *const *)(uintptr_t)env, t->rows, t->cols);

	assert_non_null(vt);
	if (fd >= 0)
		(void)close(fd);
	return vt;
}

static void type(struct vt *vt, const struct terminal *t, const char *keys, const char *text)
{
	if (keys[0] != '\0')
		assert_true(vt_send(vt, keys));
	if (!vt_wait_text(vt, text, VT_MS))
		fail_msg("%s %dx%d: no «%s»:\n%s\n(exit %d)", t->term, t->cols, t->rows, text,
			vt_screen(vt), vt_end(vt));
}

static struct vt *enter(const struct terminal *t)
{
	struct vt *vt = start(t, true);

	/* The first synchronisation may still be on its way. */
	type(vt, t, "", "dula de");
	assert_non_null(strstr(vt_row(vt, 2), "Inicio"));
	return vt;
}

static void go(struct vt *vt, const struct terminal *t, const struct place *p)
{
	for (size_t i = 0; i < COUNT_OF(p->keys) && p->keys[i] != NULL; i++)
		assert_true(vt_key(vt, p->keys[i]) >= 0);
	type(vt, t, "", p->shows);
}

/* Menus end on Inicio from anywhere; the others go back. */
static void home(struct vt *vt, const struct terminal *t)
{
	for (int i = 0; i < 6 && strstr(vt_row(vt, 2), "Inicio") == NULL; i++) {
		char title[512];

		(void)snprintf(title, sizeof(title), "%s", vt_row(vt, 2));
		assert_true(vt_send(vt, "q"));
		/* One more would leave. */
		for (int k = 0; k < 200 && strcmp(vt_row(vt, 2), title) == 0; k++)
			(void)vt_wait_text(vt, NEVER, 20);
	}
	if (strstr(vt_row(vt, 2), "Inicio") == NULL)
		fail_msg("%s %dx%d: q does not lead back:\n%s", t->term, t->cols, t->rows,
			vt_screen(vt));
}

static void within(struct vt *vt, const struct terminal *t, const struct place *p, const char *what,
	long bytes, long most)
{
	if (bytes < 0 || bytes > most)
		fail_msg("%s %s %dx%d, %s: %s cost %ld bytes, not %ld:\n%s", t->term,
			t->more != NULL ? t->more : "", t->cols, t->rows, p->name, what, bytes,
			most, vt_screen(vt));
}

/* The least of some, until it is within: an answer from the network may be painted meanwhile. */
static long cost(struct vt *vt, const char *key, long most)
{
	long least = -1;

	for (int i = 0; i < 8 && (least < 0 || least > most); i++) {
		long n = vt_key(vt, key);

		least = least < 0 || n < least ? n : least;
	}
	return least;
}

static bool on_marker(struct vt *vt, const struct terminal *t)
{
	int row, col;

	vt_cursor(vt, &row, &col);
	return vt_row(vt, row)[0] == (t->utf8 ? "▸"[0] : '>');
}

static void must_look_so(struct vt *vt, const struct terminal *t, const struct place *p)
{
	for (int i = 0; p->list && i < 100 && !on_marker(vt, t); i++)
		(void)vt_wait_text(vt, NEVER, 50);
	if (p->list && !on_marker(vt, t))
		fail_msg("%s %dx%d, %s: the cursor is not on the current row:\n%s", t->term,
			t->cols, t->rows, p->name, vt_screen(vt));
	for (int i = 0; i < t->rows && !t->color; i++)
		assert_false(vt_row_has(vt, i, 'c'));
	for (const char *c = vt_screen(vt); *c != '\0' && !t->utf8; c++)
		assert_true((unsigned char)*c < 0x80);
}

/* ---- tests -------------------------------------------------------------------------------- */

static void on_terminal(const struct terminal *t)
{
	struct vt *vt = enter(t);

	for (size_t i = 0; i < COUNT_OF(places); i++) {
		const struct place *p = &places[i];

		go(vt, t, p);
		must_look_so(vt, t, p);
		within(vt, t, p, "a whole paint", cost(vt, "\x0c", t->paint), t->paint);
		if (p->list) {
			within(vt, t, p, "a cursor-down", cost(vt, DOWN, t->move), t->move);
			must_look_so(vt, t, p);
		}
		within(vt, t, p, "a page-down", cost(vt, PGDN, t->page), t->page);
		must_look_so(vt, t, p);
		home(vt, t);
	}
	assert_true(vt_send(vt, "q"));
	assert_int_equal(vt_end(vt), 0);
	assert_false(vt_altscreen(vt));
	assert_true(vt_is_cooked(vt));
	assert_true(vt_cursor_shown(vt));
	(void)vt_close(vt);
}

static void test_every_terminal(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(terminals); i++)
		on_terminal(&terminals[i]);
}

/* A screen that asks for the password: whole, within its bytes, and with nothing of the mail. */
static void form(struct vt *vt, const struct terminal *t, const char *name, const char *shows)
{
	const struct place p = {.name = name};

	type(vt, t, "", shows);
	assert_true(vt_wait_idle(vt, VT_MS));
	must_look_so(vt, t, &p);
	within(vt, t, &p, "a whole paint", cost(vt, "\x0c", t->paint), t->paint);
	if (vt_contains(vt, "dula de"))
		fail_msg("%s shows the mail:\n%s", name, vt_screen(vt));
	assert_true(vt_send(vt, "\x03"));
	assert_int_equal(vt_end(vt), 128 + SIGINT);
	assert_true(vt_is_cooked(vt));
	(void)vt_close(vt);
}

static void test_forms(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(terminals); i++) {
		form(start(&terminals[i], false), &terminals[i], "acceso", "Llave privada");
		struct vt *vt = enter(&terminals[i]);

		assert_true(vt_send(vt, "B"));
		form(vt, &terminals[i], "bloqueo", "Bloqueado");
	}
}

static bool same(struct vt *vt, const char *before)
{
	const char *end = strstr(before, "\n──");
	size_t size = end != NULL ? (size_t)(end - before) : strlen(before) / 2;

	return strncmp(strchr(vt_screen(vt), '\n'), before, size) == 0;
}

/* From 80x24 down to 1x1, up to 200x50 and back, in every screen: the same screen again. */
static void test_every_size(void **state)
{
	static const int sizes[][2] = {{20, 60}, {10, 40}, {7, 30}, {4, 12}, {3, 3}, {2, 80},
		{24, 1}, {1, 1}, {50, 200}, {24, 80}};
	struct vt *vt = enter(&terminals[0]);
	char before[32768];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		go(vt, &terminals[0], &places[i]);
		if (places[i].whole != NULL)
			type(vt, &terminals[0], "", places[i].whole);
		(void)cost(vt, "\x0c", 0);
		(void)snprintf(before, sizeof(before), "%s", strchr(vt_screen(vt), '\n'));
		for (size_t k = 0; k < COUNT_OF(sizes); k++) {
			vt_resize(vt, sizes[k][0], sizes[k][1]);
			assert_true(vt_wait_idle(vt, VT_MS));
			assert_true(vt_key(vt, "\x0c") >= 0);
		}
		/* But for the clock and the last lines, which tell of the network. */
		for (int k = 0; k < 100 && !same(vt, before); k++)
			(void)vt_wait_text(vt, NEVER, 20);
		if (!same(vt, before))
			fail_msg("%s is not as it was:\n%s\n%s", places[i].name, before,
				vt_screen(vt));
		home(vt, &terminals[0]);
	}
	assert_true(vt_send(vt, "q"));
	assert_int_equal(vt_close(vt), 0);
}

/* A paste is no command where nothing is typed, however large; the terminal is gone: it leaves. */
static void test_paste_and_ends(void **state)
{
	static char paste[1024 * 1024 + 64];
	struct vt *vt = enter(&terminals[0]);

	(void)state;
	(void)memcpy(paste, "\x1b[200~", 6);
	(void)memset(paste + 6, 'q', 1024 * 1024);
	(void)memcpy(paste + 6 + 1024 * 1024, "\x1b[201~", 7);
	assert_true(vt_send(vt, paste));
	type(vt, &terminals[0], "7", "Mis notificaciones");
	vt_hang_up(vt);
	int code = vt_end(vt);

	assert_true(code == 128 + SIGHUP || code == 0);
	assert_in_range(vt_cpu(vt), 0, 20000);
	(void)vt_close(vt);
	vt = enter(&terminals[0]);
	vt_hang_up(vt);
	(void)vt_end(vt);
	assert_in_range(vt_cpu(vt), 0, 2000);
	(void)vt_close(vt);
}

static int open_world(void **state)
{
	ARENA(a, 1 << 20);

	(void)state;
	e2e_open(&world);
	/* One that is open already: it stands last, for its term is longer. */
	assert_int_equal(
		E2E_RUN(&world, &a, "buzon-tui", "abrir", e2e_notificar(&world, E2E_FISICA), "--si")
			.code,
		0);
	/* One profile: what is said of others would change while they are opened. */
	assert_int_equal(file_write(e2e_path(&world, &a, "config/buzon-tui/config.ini"),
				 bytes_of_text(""), 0600),
		OK);
	e2e_perfil(&world, &(struct e2e_perfil){.nombre = "banco",
				   .certificado = "fisica.cer",
				   .llave = "fisica.key",
				   .pass = "-"});
	for (int i = 0; i < NOTIFICATIONS; i++)
		(void)e2e_notificar(&world, E2E_FISICA);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	e2e_close(&world);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_terminal),
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_every_size),
		cmocka_unit_test(test_paste_and_ends),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
