/* The person's keys: what a line may say, what clashes, and who goes by them (issue 3.5). */
#include "tests/help/cm.h"

#include <string.h>
#include "screens/teclas.h"
#include "tests/help/screens.h"

static uint32_t key_of(const char *name)
{
	uint32_t key = KEYS_NONE;

	assert_true(keys_parse(name, &key));
	return key;
}

static void set(struct teclas *t, enum action a, const char *keys)
{
	char say[TECLAS_SAY] = "";

	if (!teclas_set(t, a, keys, say))
		fail_msg("%s: %s", keys, say);
}

/* Written as keys_name does, once each; Ctrl-C stays with quit. */
static void test_set(void **state)
{
	static struct teclas t;

	(void)state;
	set(&t, ACTION_open, " intro\to  o ");
	assert_string_equal(t.keys[ACTION_open], "Enter o");
	set(&t, ACTION_save, "ctrl-s Supr ñ");
	assert_string_equal(t.keys[ACTION_save], "Ctrl-S Delete ñ");
	set(&t, ACTION_quit, "F10");
	assert_string_equal(t.keys[ACTION_quit], "F10 Ctrl-C");
	set(&t, ACTION_back, "q Esc");
	assert_string_equal(t.keys[ACTION_back], "q Esc");
}

static void test_refused(void **state)
{
	static const struct {
		enum action action;
		const char *keys;
		const char *says;
	} cases[] = {
		{ACTION_open, "", "una o más teclas"},
		{ACTION_open, " \t", "una o más teclas"},
		{ACTION_open, "Enterr", "Enterr no es una tecla"},
		{ACTION_open, "Enter oo", "oo no es una tecla"},
		{ACTION_open, "Enter ooooooooooooooooooooooooooooooooooo", "no es una tecla"},
		{ACTION_open, "Ctrl-H", "no es una tecla"},
		{ACTION_open, "Ctrl-C", "siempre sale"},
		{ACTION_open, "Ctrl-Z", "siempre sale"},
		{ACTION_open, "j", "mueve el cursor"},
		{ACTION_open, "Enter AvPág", "mueve el cursor"},
		{ACTION_open, "Espacio", "mueve el cursor"},
		{ACTION_open, "7", "lleva a un menú"},
		{ACTION_open, "F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 F11 F12 Ctrl-N Ctrl-O Ctrl-P Ctrl-Q",
			"ya no cabe"},
		{ACTION_back, "q", "tecla que no sea letra"},
		{ACTION_back, "Enter q", "tecla que no sea letra"},
		{ACTION_redraw, "Ctrl-A", "tecla que no sea letra"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct teclas t = {0};
		char say[TECLAS_SAY] = "";

		if (teclas_set(&t, cases[i].action, cases[i].keys, say) ||
			strstr(say, cases[i].says) == NULL)
			fail_msg("%zu: %s", i, say);
		assert_string_equal(t.keys[cases[i].action], "");
	}
}

/* Only the whole is judged: two lines may exchange keys. */
static void test_clash(void **state)
{
	struct teclas t = {0};
	char say[TECLAS_SAY] = "";
	enum action at = ACTION_COUNT;

	(void)state;
	assert_false(teclas_clash(&t, &at, say));
	set(&t, ACTION_next, "N");
	assert_true(teclas_clash(&t, &at, say));
	assert_int_equal(at, ACTION_next);
	assert_non_null(strstr(say, "N ya es de anterior ("));
	set(&t, ACTION_previous, "n");
	assert_false(teclas_clash(&t, &at, say));
	/* On screens apart a key may mean two things. */
	set(&t, ACTION_open, "o");
	assert_false(teclas_clash(&t, &at, say));
	set(&t, ACTION_verify, "o");
	assert_true(teclas_clash(&t, &at, say));
	assert_int_equal(at, ACTION_verify);
}

/* Keys, hints and help go by what is in use, and back by the table. */
static void test_use(void **state)
{
	struct effect from = {
		.kind = EFFECT_OPEN, .screen = SCREEN_ayuda, .of = SCREEN_notificaciones};
	struct teclas t = {0};
	struct pantalla p;
	struct page page = {0};

	(void)state;
	pantalla_init(&p, ZONA_CENTRO, "2026-11-12 17:52");
	set(&t, ACTION_open, "F5 o");
	teclas_use(&t);
	assert_int_equal(action_of_key(SCREEN_notificaciones, key_of("o")), ACTION_open);
	assert_int_equal(action_of_key(SCREEN_notificaciones, key_of("F5")), ACTION_open);
	assert_int_equal(action_of_key(SCREEN_notificaciones, KEYS_ENTER), ACTION_COUNT);
	assert_int_equal(action_hints(&p.arena, SCREEN_notificaciones, &page), OK);
	assert_string_equal(page.hints[0].key, "F5");
	pantalla_open(&p, &from);
	pantalla_says(&p, "F5 o: Abre lo señalado");
	teclas_use(NULL);
	assert_int_equal(action_of_key(SCREEN_notificaciones, KEYS_ENTER), ACTION_open);
	assert_int_equal(action_of_key(SCREEN_notificaciones, key_of("o")), ACTION_COUNT);
	pantalla_says(&p, "Enter: Abre lo señalado");
	pantalla_free(&p);
}

static void test_command(void **state)
{
	(void)state;
	assert_int_equal(teclas_command("abrir"), ACTION_open);
	assert_int_equal(teclas_command("Abrir"), ACTION_COUNT);
	assert_int_equal(teclas_command(""), ACTION_COUNT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_clash),
		cmocka_unit_test(test_use),
		cmocka_unit_test(test_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
