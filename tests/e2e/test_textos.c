/*
 * Every sentence that a person reads goes through gettext (experience.md): the programs run under a
 * catalogue that puts each of them between ‹ and ›, made here of the one that translators begin
 * with, and whatever word stands outside that is neither data nor typed is a sentence that no
 * translator would see.
 */
#include "tests/help/cm.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/file.h"
#include "base/utf8.h"
#include "tests/help/e2e.h"
#include "tests/help/tubo.h"
#include "tests/help/vt.h"

#define ROOM (64 * 1024 * 1024)
#define OPEN "‹"
#define CLOSE "›"
#define E2E_OTRO "RUSA820922TT8"
#define DATA_MOST 512
#define WORD_MOST 128
/* glibc loses 24 bytes of $LOCPATH in setlocale: nothing of ours is looked for there. */
#define NO_LEAKS "ASAN_OPTIONS=detect_leaks=0"
/* Any locale that is not C will do: one that is known by another name. */
#define A_LOCALE "/usr/lib/locale/C.utf8"

static struct e2e world;
static const char *program; /* a copy, with its catalogues beside it */
static char *const *foreign_env;

/* What is typed, names of keys, days of the week, units: the same in all languages, or data. */
static const char *const known[] = {
#define ACTION(id, command, argument, keys, word, help, where) command,
#include "screens/actions.def"
#undef ACTION
#define ARGUMENT(id, word, choices, open) word, choices,
#include "screens/arguments.def"
#undef ARGUMENT
#define SCREEN(id, ...) #id,
#include "screens/screens.def"
#undef SCREEN
#define OPTION(id, name, letter, value, what) name, value,
#define VERB(id, args, least, most, options, what) #id, args,
#include "app/verbs.def"
#undef OPTION
#undef VERB
	"Enter", "Esc", "Space", "Tab", "PgUp", "PgDn", "Ctrl-C", "Ctrl-L", "Ctrl-P", "dom", "lun",
	"mar", "mié", "jue", "vie", "sáb", "hrs", "ZC", "KB", "IMSS", "Buzón", "buzon-tui",
	"fisica", "moral", "propio"};

struct data {
	struct arena *arena;
	const char *text[DATA_MOST]; /* without blanks */
	size_t count;
};

static bool blank(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* Without blanks: a value may be wrapped. *ret_at: where each byte was. */
static char *compact(struct arena *a, const char *text, size_t **ret_at)
{
	size_t size = strlen(text);
	char *to = arena_array(a, size + 1, 1);
	size_t *at = arena_array(a, size + 1, sizeof(*at));
	size_t n = 0;

	assert_true(to != NULL && at != NULL);
	for (size_t i = 0; i < size; i++)
		if (!blank(text[i])) {
			at[n] = i;
			to[n++] = text[i];
		}
	to[n] = '\0';
	if (ret_at != NULL)
		*ret_at = at;
	return to;
}

static void add_data(struct data *d, const char *text)
{
	const char *value = compact(d->arena, text, NULL);
	size_t i = d->count;

	/* A folio, a date, a number: no word, and part of names of files. */
	if (strlen(value) < 3 || (strpbrk(text, "0123456789") && !strpbrk(text, " \n")))
		return;
	assert_true(d->count < DATA_MOST);
	/* The longest first: one may be within another. */
	for (; i > 0 && strlen(d->text[i - 1]) < strlen(value); i--)
		d->text[i] = d->text[i - 1];
	d->text[i] = value;
	d->count++;
}

/* Every text of the JSON, names of members too, in pieces where something is escaped. */
static void add_json(struct data *d, const char *json)
{
	for (const char *p = strchr(json, '"'); p != NULL; p = strchr(p, '"')) {
		for (p++; *p != '"' && *p != '\0';) {
			size_t size = strcspn(p, "\"\\");

			char *piece = arena_copy(d->arena, p, size);

			assert_non_null(piece);
			if (strncmp(p + size, "\":", 2) != 0)
				add_data(d, piece);
			p += size;
			if (*p == '\\')
				p += 2;
		}
		p += *p == '"';
	}
}

/* What was run, its data blanked out. */
static char *without(struct arena *a, const struct data *d, const char *text)
{
	char *left = arena_strdup(a, text);

	for (size_t i = 0; d != NULL && i < d->count; i++) {
		size_t *at;
		char *dense = compact(a, left, &at);
		size_t size = strlen(d->text[i]);

		for (char *p = dense; (p = strstr(p, d->text[i])) != NULL; p += size)
			for (size_t k = 0; k < size; k++)
				left[at[p - dense + (ptrdiff_t)k]] = ' ';
	}
	assert_non_null(left);
	return left;
}

static bool is_known(const char *word)
{
	size_t size = strlen(word);

	for (size_t i = 0; i < COUNT_OF(known); i++)
		for (const char *p = known[i]; p != NULL && (p = strstr(p, word)) != NULL; p++)
			if ((p == known[i] || strchr(" |[", p[-1]) != NULL) &&
				(p[size] == '\0' || strchr(" |]", p[size]) != NULL))
				return true;
	return false;
}

static bool letter(uint32_t c)
{
	return (c < 0x80 && isalpha((int)c)) || (c >= 0xc0 && c < 0x250);
}

/* Is the token a word of some language, and none that may stand there? */
static bool is_loose(const char *from, size_t size)
{
	char word[WORD_MOST];
	size_t n = 0;

	if (size >= sizeof(word))
		return false;
	for (size_t i = 0, one; i < size; i += one) {
		uint32_t c = 0;

		one = utf8_decode(from + i, size - i, &c);
		assert_true(one > 0);
		if (c < 0x80 && (isdigit((int)c) || strchr("/@_=+$~", (int)c) != NULL))
			return false;
		/* Quotes, stops and marks around it are not the word. */
		if (letter(c) || (n > 0 && (c == '-' || c == '|'))) {
			memcpy(word + n, from + i, one);
			n += one;
		}
	}
	word[n] = '\0';
	return utf8_count(word) > 1 && !is_known(word);
}

/* "…" at the end of a cell: the rest, with its mark, had no room. */
static bool is_cut(const char *p)
{
	size_t size = strlen("…");

	return strncmp(p, "…", size) == 0 &&
	       (p[size] == '\0' || p[size] == '\n' || strncmp(p + size, "  ", 2) == 0);
}

/* Fails with the first word outside the marks. */
static void must_be_marked(const char *what, const struct data *d, const char *text)
{
	ARENA(a, ROOM);
	const char *left = without(&a, d, text);
	size_t depth = 0;
	size_t marks = 0;

	for (const char *p = left; *p != '\0';) {
		if (strncmp(p, OPEN, strlen(OPEN)) == 0) {
			depth++;
			marks++;
			p += strlen(OPEN);
			continue;
		}
		if (strncmp(p, CLOSE, strlen(CLOSE)) == 0) {
			depth -= depth > 0;
			p += strlen(CLOSE);
			continue;
		}
		size_t size = 1;

		if (is_cut(p))
			depth = 0;
		if (depth == 0 && !blank(*p)) {
			while (p[size] != '\0' && !blank(p[size]) &&
				strncmp(p + size, OPEN, strlen(OPEN)) != 0)
				size++;
			if (is_loose(p, size))
				fail_msg("%s: «%.*s» is in no catalogue; after:\n%.*s", what,
					(int)size, p, (int)(p - left), left);
		}
		p += size;
	}
	if (depth != 0)
		fail_msg("%s: %zu marks are not closed:\n%s", what, depth, text);
	if (marks == 0)
		fail_msg("%s: nothing was translated:\n%s", what, text);
}

/* ---- the catalogue and the locale ----------------------------------------------------------- */

static bool can(void)
{
	return access(A_LOCALE, X_OK) == 0 &&
	       system("command -v xgettext msgen msgfilter msgfmt >/dev/null") == 0;
}

/* Beside a copy of the program: the same catalogue as English and, for test_spanish, as Spanish. */
static void make_catalogues(void)
{
	ARENA(a, ROOM);
	const char *built = e2e_program(&world, "buzon-tui");
	char *text = arena_printf(&a,
		"set -e; mkdir -p p/locale/en/LC_MESSAGES p/locale/es locales; cp %s p/buzon-tui;"
		"for l in en_US es_MX; do ln -s " A_LOCALE " locales/$l.UTF-8; done;"
		"sed 's/nplurals=INTEGER; plural=EXPRESSION/nplurals=2; plural=n != 1/' %s.pot >a;"
		"msgen -o b a; msgfilter --keep-header -i b -o c sed -e '1s/^/" OPEN
		"/' -e '$s/$/" CLOSE "/';"
		"msgfmt -o p/locale/en/LC_MESSAGES/buzon-tui.mo c;"
		"cp -r p/locale/en/LC_MESSAGES p/locale/es",
		built, built);

	assert_non_null(text);
	struct e2e_run r = E2E_RUN(&world, &a, "sh", "-c", text);

	if (r.code != 0)
		fail_msg("exit %d: %s", r.code, r.err);
	program = arena_printf(&world.arena, "%s/p/buzon-tui", world.dir);
	assert_non_null(program);
}

static char *const *env_of(const char *locale)
{
	char *const *env = e2e_env(&world);
	char **copy = arena_array(&world.arena, 32, sizeof(*copy));
	size_t n = 0;

	assert_non_null(copy);
	for (size_t i = 0; env[i] != NULL; i++)
		if (strncmp(env[i], "LC_ALL=", 7) != 0 && strncmp(env[i], "ASAN_OPTIONS=", 13) != 0)
			copy[n++] = env[i];
	copy[n++] = arena_printf(&world.arena, "LC_ALL=%s", locale);
	copy[n++] = arena_printf(&world.arena, "LOCPATH=%s/locales", world.dir);
	copy[n] = arena_strdup(&world.arena, NO_LEAKS);
	return copy;
}

static int open_world(void **state)
{
	(void)state;
	e2e_open(&world);
	make_catalogues();
	foreign_env = env_of("en_US.UTF-8");
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	e2e_close(&world);
	return 0;
}

/* ---- commands ------------------------------------------------------------------------------- */

static struct e2e_run run_in(struct arena *a, const char *locale, const char *words)
{
	return E2E_RUN(&world, a, "sh", "-c",
		arena_printf(a, "exec env " NO_LEAKS " LOCPATH=locales LC_ALL=%s %s %s", locale,
			program, words));
}

/* Runs it, checks what it says (both outputs), and that it ends with that code. */
static void command(const struct data *d, int code, const char *words)
{
	ARENA(a, ROOM);
	struct e2e_run r = run_in(&a, "en_US.UTF-8", words);

	if (r.code != code)
		fail_msg("%s: exit %d, not %d: %s%s", words, r.code, code, r.out, r.err);
	must_be_marked(words, d, arena_printf(&a, "%s\n%s", r.out, r.err));
}

static void world_data(struct data *d)
{
	add_data(d, E2E_FISICA);
	add_data(d, E2E_FISICA_NOMBRE);
	add_data(d, E2E_MORAL);
	add_data(d, "PRUEBA: Cédula de liquidación para ÑANDÚ");
}

static const char *json_of(struct arena *a, const char *words)
{
	struct e2e_run r = run_in(a, "C.UTF-8", words);

	if (r.code != 0)
		fail_msg("%s: %s", words, r.err);
	return r.out;
}

static void test_commands(void **state)
{
	ARENA(a, ROOM);
	struct data d = {.arena = &a};
	const char *folio = e2e_notificar(&world, E2E_FISICA);

	(void)state;
	world_data(&d);
	add_json(&d, json_of(&a, "entrar --json"));
	add_json(&d, json_of(&a, "notificaciones --json"));
	command(&d, 0, "--ayuda");
	command(&d, 0, "renovar --ayuda");
	command(&d, 0, "medio --ayuda");
	command(&d, 64, "medio nuevo");
	command(&d, 64, "medio validar F 1");
	command(&d, 64, "no-hay");
	command(&d, 64, "acuse");
	command(&d, 64, "config --si");
	command(&d, 78, "--perfil z2 entrar");
	command(&d, 0, "config");
	command(&d, 0, "entrar");
	command(&d, 0, "notificaciones");
	command(&d, 0, "medios");
	command(&d, 64, "medio nuevo --celular 5512345678");
	command(&d, 64, "representante alta " E2E_OTRO " --permiso notificaciones:abrir");
	command(&d, 0, "representante lista");
	command(&d, 0, "representados");
	command(&d, 65, "activar");
	command(&d, 64, arena_printf(&a, "abrir %s", folio));
	command(&d, 0, arena_printf(&a, "abrir %s --si", folio));
	add_json(&d, json_of(&a, arena_printf(&a, "acuse %s --json", folio)));
	command(&d, 0, arena_printf(&a, "acuse %s", folio));
	command(&d, 0, arena_printf(&a, "documento %s -o d.pdf", folio));
	command(&d, 0, arena_printf(&a, "acuse %s -o a.json", folio));
	/* To be pasted in a shell. */
	add_data(&d, "openssl x509 -in sello.cer -pubkey -noout > sello.pem");
	add_data(&d, "openssl base64 -d -A -in sello.b64 -out sello.bin");
	add_data(&d, "openssl dgst -sha256 -verify sello.pem -signature sello.bin cadena.txt");
	command(&d, 0, "verificar a.json --openssl .");
	command(&d, 0, "renovar");
}

/* What programs read is no text: the same in any language. */
static void test_json_is_no_text(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	assert_string_equal(run_in(&a, "en_US.UTF-8", "notificaciones --json").out,
		json_of(&a, "notificaciones --json"));
}

/* Spanish is the source: a catalogue of it is not looked for. */
static void test_spanish(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	assert_non_null(strstr(run_in(&a, "en_US.UTF-8", "--ayuda").out, OPEN));
	assert_null(strstr(run_in(&a, "es_MX.UTF-8", "--ayuda").out, OPEN));
	assert_null(strstr(run_in(&a, "C.UTF-8", "--ayuda").out, OPEN));
	struct e2e_run r = E2E_RUN(&world, &a, "env", NO_LEAKS, "LOCPATH=locales",
		"LC_ALL=en_US.UTF-8", "LANGUAGE=es:en", program, "--ayuda");

	assert_null(strstr(r.out, OPEN));
}

/* ---- the screen ----------------------------------------------------------------------------- */

struct step {
	const char *line;
	const char *answer;
};

/* Every page in lines, nothing cut: from the form to the document, and the orders that fail. */
static const struct step steps[] = {
	{"ayuda\n", "Teclas en"},
	{"regresar\n", "Escribe el número"},
	{"5\n", "Lo que vence primero"},
	{"ayuda\n", "Teclas en"},
	{"regresar\n", "Puedes escribir"},
	{"sincronizar\n", "Puedes escribir"},
	{"qwerty\n", "No existe el comando"},
	{"perfil\n", "Vence primero"},
	{"ordenar\n", "lo que vence primero"},
	{"regresar\n", "Puedes escribir"},
	{"vencimientos\n", "Vencimientos de todos"},
	{"regresar\n", "Puedes escribir"},
	{"notificaciones\n", "1. "},
	{"marcar\n", "marcada"},
	{"ordenar folio\n", "En orden de"},
	{"filtrar por abrir\n", "Filtro"},
	{"filtrar notificadas\n", "Esc lo quita"},
	{"filtrar nada así\n", "«nada asi»"},
	{"regresar\n.\n", "es el final"},
	{"ordenar vencimiento\n", "En orden de"},
	{".\n", "es el final"},
	{"1 acuse\n", "Todavía no hay acuse"},
	{"1\n", "Antes de abrir"},
	{"razones\n", "Por qué esas fechas"},
	{"razones\n", "Antes de abrir"},
	{"firmar\n", "Aceptas"},
	{"2\n", "Para hacerlo escribe"},
	{"nada\n", "No se hizo nada"},
	{OPEN "Validar" CLOSE "\n", "La validación de la FIEL fue exitosa"},
	{OPEN "Firmar" CLOSE "\n", "Fundamento"},
	{"comprobar\n", "Comprobación"},
	{"comprobar\n", "Fundamento"},
	{"documento\n", "SHA-256"},
	{"guardar\n", "Guardado en"},
	{"buscar zzz\n", "No hay «zzz»"},
	{"regresar\n", "Fundamento"},
	{"regresar\n", "Mis notificaciones"},
	{"medios\n", "No hay medios de contacto"},
	{"contadores\n", "Del RFC"},
	{"regresar\n", "No hay medios de contacto"},
	{"activacion\n", "Si necesitas ayuda"},
	{"notificaciones\n", "Mis notificaciones"},
	{"bloquear\n", "Bloqueado"},
};

static void start(struct tubo *t)
{
	char *argv[] = {(char *)(uintptr_t)program, (char *)(uintptr_t) "--llano",
		(char *)(uintptr_t) "--lineas", (char *)(uintptr_t) "500", NULL};

	tubo_start(t, false, world.dir, argv, foreign_env);
	tubo_wait(t, "Contraseña de la Llave privada" CLOSE);
	tubo_send(t, "\n");
	tubo_wait(t, "Escribe el número");
}

static void test_lines(void **state)
{
	ARENA(a, ROOM);
	struct data d = {.arena = &a};
	struct tubo t;
	const char *folio = e2e_notificar(&world, E2E_FISICA);

	(void)state;
	start(&t);
	for (size_t i = 0; i < COUNT_OF(steps); i++) {
		tubo_send(&t, steps[i].line);
		tubo_wait(&t, steps[i].answer);
	}
	tubo_send(&t, "salir\n");
	assert_int_equal(tubo_end(&t), 0);
	world_data(&d);
	add_json(&d, json_of(&a, "entrar --json"));
	add_json(&d, json_of(&a, "notificaciones --json"));
	add_json(&d, json_of(&a, arena_printf(&a, "acuse %s --json", folio)));
	must_be_marked("--llano", &d, t.text);
	tubo_free(&t);
}

static void page(struct vt *vt, const struct data *d, const char *keys, const char *text)
{
	e2e_type(vt, keys, text);
	if (!vt_wait_idle(vt, VT_MS))
		fail_msg("busy after «%s»:\n%s", text, vt_screen(vt));
	must_be_marked(text, d, vt_screen(vt));
}

/* What only the drawn screen has: the frame, the menu, the hints, the lines where one types. */
static void test_screen(void **state)
{
	ARENA(a, ROOM);
	struct data d = {.arena = &a};
	char *argv[] = {(char *)(uintptr_t)program, NULL};

	(void)state;
	(void)e2e_notificar(&world, E2E_FISICA);
	world_data(&d);
	add_json(&d, json_of(&a, "notificaciones --json"));
	add_data(&d, "ana@correo.prueba");
	add_data(&d, "ana");
	struct vt *vt = vt_start(argv, foreign_env, 72, 240);

	assert_non_null(vt);
	page(vt, &d, "", "Validación FIEL");
	e2e_focus(vt, "Validar");
	page(vt, &d, "\r", "Lo que vence primero");
	page(vt, &d, "?", "Teclas en");
	page(vt, &d, "\x1b", "Lo que vence primero");
	page(vt, &d, "P", "Vence primero");
	page(vt, &d, "\x1b", "Lo que vence primero");
	page(vt, &d, "T", "Vencimientos de todos");
	page(vt, &d, "\x1b", "Lo que vence primero");
	page(vt, &d, "R", "Nadie actúa");
	page(vt, &d, "n", "Nuevo representante");
	page(vt, &d, "\x1b", "Nadie actúa");
	page(vt, &d, "\x1b", "Lo que vence primero");
	page(vt, &d, "4", "Mis medios de contacto");
	page(vt, &d, "c", "Del RFC");
	page(vt, &d, "\x1b", "Mis medios de contacto");
	page(vt, &d, "n", "Nuevo medio de contacto");
	page(vt, &d, "ana\t", "dirección de correo no es válida");
	e2e_focus(vt, "ana");
	page(vt, &d, "@correo.prueba", "@correo.prueba");
	e2e_focus(vt, "Guardar");
	page(vt, &d, "\r", "Registrar medio de contacto");
	page(vt, &d, "\x1b", "Nuevo medio de contacto");
	page(vt, &d, "\x1b", "Mis medios de contacto");
	page(vt, &d, "0", "Si necesitas ayuda");
	page(vt, &d, "a", "Todavía no hay acuses");
	page(vt, &d, "\x1b", "Si necesitas ayuda");
	page(vt, &d, "7", "Mis notificaciones");
	page(vt, &d, " ", "1 marcada");
	page(vt, &d, ":\t", "[");
	page(vt, &d, "\x1b", "1 marcada");
	page(vt, &d, "f", "Filtro: ");
	page(vt, &d, "\x1b", "1 marcada");
	page(vt, &d, "g\r", "Antes de abrir");
	page(vt, &d, "\r", "Aceptas");
	page(vt, &d, "\x1b", "Antes de abrir");
	page(vt, &d, "\x1b", "Mis notificaciones");
	page(vt, &d, "B", "Bloqueado");
	assert_true(vt_send(vt, "\x03"));
	(void)vt_close(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_json_is_no_text),
		cmocka_unit_test(test_spanish),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_screen),
	};

	if (!can()) {
		puts("skip test_textos: it takes gettext's tools and " A_LOCALE);
		return 0;
	}
	return cmocka_run_group_tests(tests, open_world, close_world);
}
