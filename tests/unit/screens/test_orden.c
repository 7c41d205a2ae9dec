/* The line behind `:`: what it means, how it is completed, and what was typed before (issue 3.5).
 */
#include "tests/help/cm.h"

#include <stdio.h>
#include <string.h>
#include "base/mem.h"
#include "screens/historia.h"
#include "screens/orden.h"

#define MB (1 << 20)

static struct orden parse(struct arena *a, enum screen s, const char *text)
{
	struct orden o = {.action = ACTION_COUNT};

	assert_int_equal(orden_parse(a, s, NULL, text, &o), OK);
	return o;
}

static void test_names(void **state)
{
	static const struct {
		enum screen screen;
		const char *text;
		enum action action;
		enum screen to;
	} cases[] = {
		{SCREEN_notificaciones, "abrir", ACTION_open, SCREEN_COUNT},
		{SCREEN_notificaciones, "  ABR  ", ACTION_open, SCREEN_COUNT},
		{SCREEN_notificaciones, "abrír", ACTION_open, SCREEN_COUNT},
		{SCREEN_notificaciones, "salir", ACTION_quit, SCREEN_COUNT},
		{SCREEN_notificaciones, "inicio", ACTION_COUNT, SCREEN_inicio},
		{SCREEN_notificaciones, "ini", ACTION_COUNT, SCREEN_inicio},
		{SCREEN_inicio, "not", ACTION_COUNT, SCREEN_notificaciones},
		{SCREEN_inicio, "ir", ACTION_go, SCREEN_COUNT},
		{SCREEN_acuse, "documento", ACTION_paper, SCREEN_COUNT},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		ARENA(a, MB);
		struct orden o = parse(&a, cases[i].screen, cases[i].text);

		if (o.kind == ORDEN_NOTHING)
			fail_msg("%s: %s", cases[i].text, o.say);
		assert_int_equal(
			o.kind, cases[i].action != ACTION_COUNT ? ORDEN_ACTION : ORDEN_SCREEN);
		assert_int_equal(o.action, cases[i].action);
		assert_int_equal(o.screen, cases[i].to);
		assert_null(o.argument);
	}
}

/* Every command of every screen is understood there, and a whole name is never ambiguous. */
static void test_table(void **state)
{
	(void)state;
	for (unsigned s = 0; s < SCREEN_COUNT; s++)
		for (unsigned i = 0; i < ACTION_COUNT; i++) {
			ARENA(a, MB);
			const struct action_row *row = action_row((enum action)i);
			struct orden o = parse(&a, (enum screen)s, row->command);
			bool here = (row->where & 1u << s) != 0 && i != ACTION_command;

			assert_int_equal(o.kind == ORDEN_ACTION && o.action == i, here);
		}
}

static void test_wrong(void **state)
{
	static const struct {
		enum screen screen;
		const char *text;
		const char *says;
	} cases[] = {
		{SCREEN_notificaciones, "a", "«a» puede ser: abrir, acuse"},
		{SCREEN_notificaciones, "a", "Escribe un poco más."},
		{SCREEN_notificaciones, "abir", "se parece a: abrir, "},
		{SCREEN_notificaciones, "sincronisar ya", "se parece a: sincronizar."},
		{SCREEN_notificaciones, "qqqq", "Tab muestra"},
		{SCREEN_notificaciones, "firmar", "es de la pantalla Efectos de abrir."},
		{SCREEN_notificaciones, "abrir todo", "«abrir» va solo"},
		{SCREEN_bloqueo, "orden", "No existe el comando «orden»"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		ARENA(a, MB);
		struct orden o = parse(&a, cases[i].screen, cases[i].text);

		assert_int_equal(o.kind, ORDEN_NOTHING);
		if (o.say == NULL || strstr(o.say, cases[i].says) == NULL)
			fail_msg("%s: %s", cases[i].text, o.say != NULL ? o.say : "(nothing)");
	}
	ARENA(a, MB);
	struct orden o = parse(&a, SCREEN_inicio, " \t ");

	assert_int_equal(o.kind, ORDEN_NOTHING);
	assert_null(o.say);
}

static void test_argument(void **state)
{
	ARENA(a, MB);
	struct orden o = parse(&a, SCREEN_notificaciones, "bus  Cédula de   multa ");

	(void)state;
	assert_int_equal(o.action, ACTION_search);
	assert_string_equal(o.argument, "Cédula de   multa");
	o = parse(&a, SCREEN_notificaciones, "buscar");
	assert_int_equal(o.action, ACTION_search);
	assert_null(o.argument);
}

static const char *argument(struct arena *a, enum argument which, const char *text)
{
	static const char *const names[] = {"ana", "Ñandú", "anabel"};
	static const struct orden_profiles profiles = {.names = names, .count = COUNT_OF(names)};
	const char *found = "";

	assert_int_equal(orden_argument(a, which, &profiles, text, &found), OK);
	return found;
}

/* A whole choice, however it is typed; a beginning only where no other text is taken. */
static void test_choices(void **state)
{
	ARENA(a, MB);
	const char *const *choices;
	size_t n;

	(void)state;
	assert_string_equal(argument(&a, ARGUMENT_filter, "POR ABRIR"), "por abrir");
	assert_string_equal(argument(&a, ARGUMENT_filter, "por"), "por");
	assert_string_equal(argument(&a, ARGUMENT_filter, "Multa"), "Multa");
	assert_string_equal(argument(&a, ARGUMENT_sort, "fol"), "folio");
	assert_null(argument(&a, ARGUMENT_sort, "multa"));
	assert_string_equal(argument(&a, ARGUMENT_profile, "ana"), "ana");
	assert_string_equal(argument(&a, ARGUMENT_profile, "anab"), "anabel");
	assert_string_equal(argument(&a, ARGUMENT_profile, "ñ"), "Ñandú");
	assert_null(argument(&a, ARGUMENT_profile, "an"));
	assert_null(argument(&a, ARGUMENT_none, "x"));
	assert_int_equal(orden_choices(&a, ARGUMENT_filter, NULL, "", &choices, &n), OK);
	assert_int_equal(n, 14);
	assert_string_equal(choices[0], "por abrir");
	assert_string_equal(choices[9], "todas");
	assert_int_equal(orden_choices(&a, ARGUMENT_filter, NULL, "n", &choices, &n), OK);
	assert_int_equal(n, 1);
	assert_int_equal(orden_choices(&a, ARGUMENT_profile, NULL, "", &choices, &n), OK);
	assert_int_equal(n, 0);
}

/* Step by step through the names, then on to nothing; what is typed in between begins anew. */
static void test_complete(void **state)
{
	ARENA(a, MB);
	struct orden_tab t = {0};
	const char *line = "";
	const char *note = "";

	(void)state;
	assert_int_equal(
		orden_complete(&t, &a, SCREEN_notificaciones, NULL, "a", &line, &note), OK);
	assert_string_equal(line, "abrir");
	assert_non_null(strstr(note, "[abrir] acuse anterior ayuda"));
	assert_int_equal(
		orden_complete(&t, &a, SCREEN_notificaciones, NULL, line, &line, &note), OK);
	assert_string_equal(line, "acuse");
	assert_non_null(strstr(note, "abrir [acuse] anterior ayuda"));
	for (int i = 0; i < 4; i++)
		assert_int_equal(
			orden_complete(&t, &a, SCREEN_notificaciones, NULL, line, &line, &note),
			OK);
	assert_string_equal(line, "abrir");
	assert_int_equal(
		orden_complete(&t, &a, SCREEN_notificaciones, NULL, "sin", &line, &note), OK);
	assert_string_equal(line, "sincronizar");
	assert_string_equal(note, "");
	assert_int_equal(orden_complete(&t, &a, SCREEN_inicio, NULL, "NOT", &line, &note), OK);
	assert_string_equal(line, "notificaciones");
	assert_int_equal(orden_complete(&t, &a, SCREEN_inicio, NULL, "zz", &line, &note), OK);
	assert_null(line);
	/* All of them from an empty line; a command that takes something is left open. */
	assert_int_equal(
		orden_complete(&t, &a, SCREEN_notificaciones, NULL, "busc", &line, &note), OK);
	assert_string_equal(line, "buscar ");
	assert_int_equal(orden_complete(&t, &a, SCREEN_inicio, NULL, "", &line, &note), OK);
	assert_string_equal(line, "ir");
	assert_non_null(strstr(note, "salir inicio calendario documentos medios comunicados"));
}

static void test_no_memory(void **state)
{
	static const char *const texts[] = {"a", "abir", "firmar", "buscar x", "abrir x"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		enum err e = ERR_NO_MEMORY;

		for (long n = 1; e != OK; n++) {
			ARENA(a, MB);
			struct orden o = {.action = ACTION_COUNT, .say = "before"};
			struct orden_tab t = {0};
			const char *line = NULL;
			const char *note = NULL;

			mem_fail_at(n);
			e = orden_parse(&a, SCREEN_notificaciones, NULL, texts[i], &o);
			if (e == OK)
				e = orden_complete(&t, &a, SCREEN_notificaciones, NULL, texts[i],
					&line, &note);
			else
				assert_string_equal(o.say, "before");
			mem_fail_at(0);
			assert_true(e == OK || e == ERR_NO_MEMORY);
		}
	}
}

/* ---- what was typed before ---------------------------------------------------------------- */

static void test_history(void **state)
{
	static struct historia h;

	(void)state;
	assert_null(historia_step(&h, "x", true));
	historia_add(&h, "abrir");
	historia_add(&h, "buscar multa");
	historia_add(&h, "");
	historia_add(&h, "  ");
	historia_add(&h, "abrir");
	assert_int_equal(h.count, 2);
	assert_string_equal(historia_step(&h, "sin", true), "abrir");
	assert_string_equal(historia_step(&h, "abrir", true), "buscar multa");
	assert_null(historia_step(&h, "buscar multa", true));
	assert_string_equal(historia_step(&h, "buscar multa", false), "abrir");
	assert_string_equal(historia_step(&h, "abrir", false), "sin");
	assert_null(historia_step(&h, "sin", false));
	assert_string_equal(historia_step(&h, "otra", true), "abrir");
	historia_begin(&h);
	assert_null(historia_step(&h, "", false));
}

static void test_history_limits(void **state)
{
	static struct historia h;
	static struct historia back;
	char line[HISTORIA_SIZE + 1];
	const char *text;
	ARENA(a, MB);

	(void)state;
	for (int i = 0; i < HISTORIA_LINES + 3; i++) {
		(void)snprintf(line, sizeof(line), "buscar %d", i);
		historia_add(&h, line);
	}
	assert_int_equal(h.count, HISTORIA_LINES);
	assert_string_equal(h.lines[0], "buscar 3");
	memset(line, 'x', HISTORIA_SIZE);
	line[HISTORIA_SIZE] = '\0';
	historia_add(&h, line);
	assert_string_equal(h.lines[HISTORIA_LINES - 1], "buscar 102");
	assert_null(historia_step(&h, line, true));
	line[HISTORIA_SIZE - 1] = '\0';
	historia_add(&h, line);
	assert_string_equal(h.lines[HISTORIA_LINES - 1], line);
	assert_int_equal(historia_text(&h, &a, &text), OK);
	historia_load(&back, text);
	assert_int_equal(back.count, h.count);
	assert_memory_equal(back.lines, h.lines, sizeof(h.lines[0]));
	assert_string_equal(back.lines[HISTORIA_LINES - 1], line);
	historia_load(&back, "uno\n\n \ndos\nuno");
	assert_int_equal(back.count, 2);
	assert_string_equal(back.lines[1], "uno");
	historia_load(&back, "");
	assert_int_equal(historia_text(&back, &a, &text), OK);
	assert_string_equal(text, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_argument),
		cmocka_unit_test(test_choices),
		cmocka_unit_test(test_complete),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_history),
		cmocka_unit_test(test_history_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
