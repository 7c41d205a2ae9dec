/*
 * What commands of media, activation and representatives make of their words, before anything is
 * signed. A-16 R-1
 */
#include "tests/help/cm.h"

#include <locale.h>

#include "app/permisos.h"
#include "app/sesion.h"
#include "app/subverbo.h"
#include "ley/zona.h"
#include "screens/representacion.h"
#include "tests/help/dia.h"

#define MB (1 << 20)

/* ---- permits ---- */

static void test_permits(void **state)
{
	ARENA(a, MB);
	struct m_permiso *list = NULL;
	size_t count = 0;
	const char *wrong = NULL;

	(void)state;
	assert_int_equal(
		permisos_parse(&a, "notificaciones:abrir,medios:leer", &list, &count, &wrong), OK);
	assert_int_equal(count, 2);
	assert_string_equal(list[0].ambito, "notificaciones");
	assert_string_equal(list[0].nivel, "abrir");
	assert_string_equal(permisos_text(&a, list, count), "notificaciones:abrir,medios:leer");
	assert_int_equal(permisos_parse(&a, NULL, &list, &count, &wrong), OK);
	assert_int_equal(count, 0);
}

/* The part that is wrong is what the person is shown. */
static void test_bad_permits(void **state)
{
	static const struct {
		const char *text;
		const char *wrong;
	} bad[] = {
		{"notificaciones", "notificaciones"},
		{"notificaciones:", "notificaciones:"},
		{"notificaciones:todo", "notificaciones:todo"},
		{"Notificaciones:leer", "Notificaciones:leer"},
		{"medios:leer,cobranza:leer", "cobranza:leer"},
		{"medios:leer,medios:firmar", "medios:firmar"},
		{"medios:leer,,", ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		ARENA(a, MB);
		struct m_permiso *list = NULL;
		size_t count = 0;
		const char *wrong = NULL;

		assert_int_equal(
			permisos_parse(&a, bad[i].text, &list, &count, &wrong), ERR_BAD_FIELD);
		assert_string_equal(wrong, bad[i].wrong);
		assert_null(list);
	}
}

/* ---- second words ---- */

static const char *ran;

static enum err run_one(struct verb_call *v)
{
	ran = v->args[0];
	return OK;
}

static const struct subverbo table[] = {
	{"uno", "FOLIO", 1, WITH(si), run_one},
	{"dos", "", 0, WITH(correo), run_one},
};

static enum err words(struct arena *a, struct verb_call *v, size_t count, const char *const list[])
{
	v->arena = a;
	v->verb = "prueba";
	v->args = arena_array(a, count + 1, sizeof(*v->args));
	assert_non_null(v->args);
	memcpy(v->args, list, count * sizeof(*list));
	v->args_count = count;
	ran = NULL;
	return subverbo_run(v, table, COUNT_OF(table));
}

static void test_second_words(void **state)
{
	ARENA(a, MB);
	struct verb_call v = {.opt = {[OPTION_si] = ""}};

	(void)state;
	assert_int_equal(words(&a, &v, 2, (const char *const[]){"uno", "F"}), OK);
	assert_string_equal(ran, "uno");
	/* Global options are everybody's. */
	v = (struct verb_call){.opt = {[OPTION_json] = "", [OPTION_perfil] = "x"}};
	assert_int_equal(words(&a, &v, 1, (const char *const[]){"dos"}), OK);
	/* Another one's option, a word too few, one too many: how it is written is said. */
	v = (struct verb_call){.opt = {[OPTION_correo] = "a@b.mx"}};
	assert_int_equal(words(&a, &v, 2, (const char *const[]){"uno", "F"}), ERR_USAGE);
	assert_null(ran);
	assert_non_null(strstr(v.detail, "prueba uno FOLIO"));
	v = (struct verb_call){0};
	assert_int_equal(words(&a, &v, 1, (const char *const[]){"uno"}), ERR_USAGE);
	assert_int_equal(words(&a, &v, 2, (const char *const[]){"dos", "F"}), ERR_USAGE);
	v = (struct verb_call){0};
	assert_int_equal(words(&a, &v, 1, (const char *const[]){"tres"}), ERR_USAGE);
	/* Which there are is said. */
	assert_non_null(strstr(v.detail, "«tres»"));
	assert_non_null(strstr(v.detail, "prueba uno|dos"));
}

#define WORDS 10

static struct verb_call call_of(struct arena *a, const char *const list[WORDS])
{
	char *line[WORDS + 1] = {arena_strdup(a, "buzon-tui")};
	struct verb_call v;
	const char *m = NULL;
	int n = 1;

	for (; n <= WORDS && list[n - 1] != NULL; n++)
		line[n] = arena_strdup(a, list[n - 1]);
	assert_int_equal(verbs_read(a, n, line, &v, &m), OK);
	return v;
}

/* What is said bit by bit adds up. */
static void test_permits_add_up(void **state)
{
	ARENA(a, MB);
	static const char *const line[WORDS] = {"representante", "alta", "PEÑJ800101AB1",
		"--permiso", "medios:leer", "--permiso=notificaciones:abrir"};
	struct verb_call v = call_of(&a, line);

	(void)state;
	assert_string_equal(v.opt[OPTION_permiso], "medios:leer,notificaciones:abrir");
}

/*
 * What can be told without a password or a server is told first: there is neither here, and every
 * one of these ends with the sentence of the use.
 */
static void test_refused_before_anything(void **state)
{
	static const struct {
		const char *words[WORDS];
		const char *says;
	} bad[] = {
		{{"medio", "nuevo"}, "--correo"},
		{{"medio", "nuevo", "--correo", "a@b.mx", "--celular", "5512345678"}, "uno solo"},
		{{"medio", "validar", "F", "1234"}, "cinco"},
		{{"medio", "validar", "F", "1234a"}, "cinco"},
		{{"medio", "validar", "F"}, "FOLIO CODIGO"},
		{{"medio", "baja", "F", "--correo", "a@b.mx"}, "medio baja FOLIO"},
		{{"medio", "nuevo", "--celular", "5512345678", "--rp", "foo"}, "A01-23456-10-7"},
		{{"activar", "--ver", "todo"}, "terminos o privacidad"},
		{{"activar", "-o", "f"}, "--salida"},
		{{"representante", "alta", "PEÑJ800101AB1"}, "--permiso"},
		{{"representante", "alta", "PEÑJ800101AB1", "--permiso", "medios:todo"},
			"medios:todo"},
		{{"representante", "alta", "PEÑJ800101AB1", "--permiso", "medios"},
			"leer, preparar, abrir, firmar"},
		{{"representante", "alta", "PEÑJ800101AB1", "--permiso", "medios:leer", "--desde",
			 "2027-02-01", "--hasta", "2027-01-01"},
			"antes que --desde"},
		{{"representante", "alta", "PEÑJ800101AB1", "--permiso", "medios:leer", "--desde",
			 "31/feb/2027"},
			"--desde"},
		{{"representante", "alta", "PEÑJ800101AB1", "--permiso", "medios:leer", "--hasta",
			 "mañana"},
			"--hasta"},
		{{"representante", "volar"}, "volar"},
	};

	(void)state;
	assert_int_equal(zona_setup(), OK);
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		ARENA(a, MB);
		struct verb_call v = call_of(&a, bad[i].words);

		assert_int_equal(verbs_run(&v), ERR_USAGE);
		assert_non_null(v.detail);
		if (strstr(v.detail, bad[i].says) == NULL)
			fail_msg("%zu: \"%s\" does not say \"%s\"", i, v.detail, bad[i].says);
	}
}

/* A medium that can't be one is told before a password is asked for. */
static void test_bad_media(void **state)
{
	static const char *const mail[WORDS] = {"medio", "nuevo", "--correo", "ana@"};
	static const char *const mobile[WORDS] = {"medio", "nuevo", "--celular", "551234567"};
	ARENA(a, MB);
	struct verb_call v = call_of(&a, mail);

	(void)state;
	assert_int_equal(verbs_run(&v), ERR_BAD_MAIL);
	v = call_of(&a, mobile);
	assert_int_equal(verbs_run(&v), ERR_BAD_MOBILE);
}

/* Cells, not bytes: the Ñ of an RFC does not push its columns. */
static void test_cells(void **state)
{
	ARENA(a, MB);

	(void)state;
	assert_string_equal(sesion_cell(&a, "FÑ&010203AB1", 13), "FÑ&010203AB1 ");
	assert_string_equal(sesion_cell(&a, "FÑ\x1b[31mA", 6), "FÑ[31mA");
	assert_string_equal(sesion_cell(&a, NULL, 2), "  ");
}

static void test_find(void **state)
{
	const struct m_representacion rows[] = {{.folio = "A"}, {.folio = "B"}};

	(void)state;
	assert_ptr_equal(representacion_find(rows, 2, "B"), &rows[1]);
	assert_null(representacion_find(rows, 2, "C"));
	assert_null(representacion_find(NULL, 0, "A"));
}

/* A column is cells, not bytes; what is longer than it keeps its end. */
static void test_columns(void **state)
{
	ARENA(a, MB);

	(void)state;
	assert_string_equal(sesion_cell(&a, "Cuándo", 8), "Cuándo  ");
	assert_string_equal(sesion_cell(&a, "PEÑJ800101AB1", 13), "PEÑJ800101AB1");
	assert_string_equal(sesion_cell(&a, "por validar", 3), "por validar");
	assert_string_equal(sesion_cell(&a, NULL, 2), "  ");
}

int main(void)
{
	assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_permits),
		cmocka_unit_test(test_bad_permits),
		cmocka_unit_test(test_second_words),
		cmocka_unit_test(test_permits_add_up),
		cmocka_unit_test(test_refused_before_anything),
		cmocka_unit_test(test_bad_media),
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
