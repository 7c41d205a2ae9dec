/*
 * What the build makes of the tables: the manual and the completions have every row, and real
 * shells complete by them (issue 3.5).
 */
#include "tests/help/cm.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/file.h"
#include "tests/help/carpeta.h"
#include "tests/help/vt.h"
#include "tools/tablas.h"

#define MB (1 << 20)
#define MS 20000

static const struct {
	const char *command;
	const char *help;
	unsigned where;
} actions[] = {
#define ACTION(id, command, argument, keys, word, help, where) {command, help, where},
#include "screens/actions.def"
#undef ACTION
};

static const struct {
	const char *name;
	char letter;
} options[] = {
#define OPTION(id, name, letter, value, what) {name, letter},
#define VERB(...)
#include "app/verbs.def"
#undef OPTION
#undef VERB
};

static const char *const verbs[] = {
#define OPTION(...)
#define VERB(id, ...) #id,
#include "app/verbs.def"
#undef OPTION
#undef VERB
};

static const char *build(void)
{
	static char real[PATH_MAX];
	const char *path = getenv("BUZON_BUILD");

	assert_non_null(realpath(path != NULL && path[0] != '\0' ? path : "build", real));
	return real;
}

static const char *made(struct arena *a, const char *name)
{
	const char *path = arena_printf(a, "%s/%s", build(), name);
	struct bytes text = {0};

	assert_non_null(path);
	if (file_read(a, path, MB, &text) != OK)
		fail_msg("%s: make all", path);
	const char *copy = arena_copy(a, text.data, text.size);

	assert_non_null(copy);
	return copy;
}

/* `before` and the whole word behind it. */
static bool has(const char *text, const char *before, const char *word)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz-";
	char all[128];

	(void)snprintf(all, sizeof(all), "%s%s", before, word);
	for (; (text = strstr(text, all)) != NULL; text++)
		if (text[strlen(all)] == '\0' || strchr(letters, text[strlen(all)]) == NULL)
			return true;
	return false;
}

static void says(const char *text, const char *before, const char *word)
{
	if (!has(text, before, word))
		fail_msg("missing: %s%s", before, word);
}

/* ---- every row ---------------------------------------------------------------------------- */

static void test_manual(void **state)
{
	ARENA(a, 8 * MB);
	const char *text = made(&a, "buzon-tui.1");

	(void)state;
	for (size_t i = 0; i < COUNT_OF(actions); i++) {
		const char *help = strstr(text, actions[i].help);

		/* What no screen does yet is not promised. */
		if ((actions[i].where != 0) != (help != NULL))
			fail_msg("%s: %s", actions[i].command, actions[i].help);
		if (actions[i].where != 0)
			says(text, "Cm ", actions[i].command);
	}
	for (size_t i = 0; i < COUNT_OF(verbs); i++)
		says(text, "\n.It Cm ", verbs[i]);
	for (size_t i = 0; i < COUNT_OF(options); i++) {
		char letter[2] = {options[i].letter, '\0'};

		says(text, "Fl -", options[i].name);
		if (options[i].letter != 0)
			says(text, "Fl ", letter);
	}
	assert_null(strstr(text, "@TECLAS@"));
}

static void test_completions(void **state)
{
	static const struct {
		const char *file;
		const char *from; /* past the helpers, which use options themselves */
		const char *before;
		const char *letter;
	} shells[] = {{"completions/buzon-tui.bash", "\n_buzon_tui()", "--", " -"},
		{"completions/_buzon-tui", "especificacion=(", "--", "{-"},
		{"completions/buzon-tui.fish", "\ncomplete -c", "-l ", "-s "}};

	(void)state;
	for (size_t s = 0; s < COUNT_OF(shells); s++) {
		ARENA(a, 8 * MB);
		const char *text = strstr(made(&a, shells[s].file), shells[s].from);

		assert_non_null(text);
		for (size_t i = 0; i < COUNT_OF(verbs); i++)
			says(text, "", verbs[i]);
		for (size_t i = 0; i < COUNT_OF(options); i++) {
			char letter[2] = {options[i].letter, '\0'};

			says(text, shells[s].before, options[i].name);
			if (options[i].letter != 0)
				says(text, shells[s].letter, letter);
		}
	}
}

/* ---- real shells -------------------------------------------------------------------------- */

struct shell {
	const char *name;
	const char *const argv[5];
	const char *setup; /* with the build's folder */
};

static const struct shell shells[] = {
	{"bash", {"bash", "--norc", "--noprofile", "-i", NULL},
		"source '%s/completions/buzon-tui.bash'"},
	{"zsh", {"zsh", "-f", "-i", NULL},
		"fpath=('%s/completions' $fpath); autoload -U compinit; compinit -D -u"},
	{"fish", {"fish", "--no-config", "-i", NULL},
		"set -g fish_autosuggestion_enabled 0; source '%s/completions/buzon-tui.fish'"},
};

static void type(struct vt *vt, const char *keys, const char *shows)
{
	assert_true(vt_send(vt, keys));
	if (!vt_wait_text(vt, shows, MS))
		fail_msg("%s is not on the screen:\n%s", shows, vt_screen(vt));
	assert_true(vt_send(vt, "\x15"));
}

static struct vt *start(const struct shell *s, const char *folder)
{
	ARENA(a, MB);
	const char *path = getenv("PATH");
	const char *const env[] = {
		arena_printf(&a, "PATH=%s:%s", build(), path != NULL ? path : "/usr/bin:/bin"),
		arena_printf(&a, "HOME=%s", folder), arena_printf(&a, "XDG_CONFIG_HOME=%s", folder),
		"TERM=xterm-256color", "LANG=C.UTF-8", "PS1=% ", "HISTFILE=", NULL};
	const char *setup = NULL;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	setup = arena_printf(&a, s->setup, build());
#pragma GCC diagnostic pop
	struct vt *vt =
		vt_start((char *const *)(uintptr_t)s->argv, (char *const *)(uintptr_t)env, 40, 300);

	assert_non_null(setup);
	assert_non_null(vt);
	setup = arena_printf(&a, "%s; cd '%s'; echo lis\"\"to\r", setup, folder);
	assert_non_null(setup);
	assert_true(vt_send(vt, setup));
	if (!vt_wait_text(vt, "listo", MS))
		fail_msg("%s is not ready (tools/deps installs it):\n%s", s->name, vt_screen(vt));
	return vt;
}

static void fill(const char *folder)
{
	static const char perfil[] = "rfc = XAXX010101000\ncertificado = a.cer\nllave = a.key\n"
				     "servidor = https://buzon.ejemplo.mx\n";
	ARENA(a, MB);
	const char *config = arena_printf(&a, "%s/buzon-tui", folder);
	const char *text =
		arena_printf(&a, "[perfil ana]\n%s[perfil Ñandú uno]\n%s", perfil, perfil);

	assert_int_equal(mkdir(config, 0700), 0);
	assert_int_equal(
		file_write(arena_printf(&a, "%s/config.ini", config), bytes_of_text(text), 0600),
		OK);
	assert_int_equal(file_write(arena_printf(&a, "%s/unico acuse.pdf", folder),
				 bytes_of_text("x"), 0600),
		OK);
}

/* Verbs, options, profiles by name, files where one is taken, and nothing for a folio. */
static void test_shells(void **state)
{
	char folder[PATH_MAX];

	(void)state;
	assert_int_equal(carpeta_make(folder, sizeof(folder), "tablas"), 0);
	fill(folder);
	for (size_t i = 0; i < COUNT_OF(shells); i++) {
		struct vt *vt = start(&shells[i], folder);

		type(vt, "buzon-tui ab\t", "buzon-tui abrir");
		type(vt, "buzon-tui --perfil ana not\t", "--perfil ana notificaciones");
		type(vt, "buzon-tui abrir --sal\t", "buzon-tui abrir --salida");
		type(vt, "buzon-tui -p an\t", "buzon-tui -p ana");
		type(vt, "buzon-tui -p Ñ\t", "buzon-tui -p Ñandú\\ uno");
		type(vt, "buzon-tui verificar un\t", "verificar unico\\ acuse.pdf");
		type(vt, "buzon-tui llavero gu\t", "llavero guardar");
		type(vt, "buzon-tui acuse un\tX", "buzon-tui acuse unX");
		assert_true(vt_send(vt, "exit\r"));
		assert_int_equal(vt_close(vt), 0);
	}
	assert_int_equal(carpeta_remove(folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_manual),
		cmocka_unit_test(test_completions),
		cmocka_unit_test(test_shells),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
