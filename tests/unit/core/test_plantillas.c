/*
 * The texts of messages: ours name only what they may, the operator's stand in their place, and one
 * that is wrong is refused by file and line before anything is sent with it. L-10
 */
#include <string.h>
#include "base/file.h"
#include "core/plantillas.h"
#include "core/sms_texto.h"
#include "tests/help/carpeta.h"
#include "tests/help/cm.h"

static char folder[256];

static int set_up(void **state)
{
	(void)state;
	return carpeta_make(folder, sizeof(folder), "plantillas");
}

static int tear_down(void **state)
{
	(void)state;
	return carpeta_remove(folder);
}

static void put(struct arena *a, const char *name, const char *text)
{
	assert_int_equal(
		file_write(arena_printf(a, "%s/%s", folder, name), bytes_of_text(text), 0600), OK);
}

static void test_ours(void **state)
{
	ARENA(a, 1 << 20);
	static const struct m_dato real[] = {{"prueba", "PRUEBA sin validez oficial."},
		{"buzon", "https://buzon.ejemplo.mx"}, {"codigo", "48213"},
		{"enlace", "https://buzon.ejemplo.mx/c/0123456789"},
		{"folio", "BI-20261112-000000001"}, {"fecha", "08 de agosto de 2024 11:42:45 hrs."},
		{"medio", "ana@correo.mx"}, {"vence", "11 de agosto de 2024 11:42:45 hrs."},
		{"dias", "30"}};
	struct plantillas p;
	const char *message = NULL;

	(void)state;
	assert_int_equal(plantillas_read(&a, NULL, &p, &message), OK);
	for (int i = 0; i < PLANTILLAS; i++) {
		const struct plantilla_textos *t = &p.de[i];
		const char *text =
			plantilla_llenar(&a, t->texto, PLANTILLA_PLANO, real, COUNT_OF(real));

		assert_int_equal(plantilla_find(t->nombre), i);
		assert_null(strchr(text, '{'));
		assert_non_null(strstr(text, "PRUEBA"));
		if (t->sms) {
			struct sms_texto sms;

			assert_int_equal(sms_texto(&a, text, &sms), OK);
			assert_int_equal(sms.partes, 1);
		} else {
			assert_non_null(strstr(text, "https://buzon.ejemplo.mx\n"));
			assert_null(strchr(
				plantilla_llenar(&a, t->html, PLANTILLA_HTML, real, COUNT_OF(real)),
				'{'));
			/* Nothing is loaded from elsewhere, and nothing runs. */
			assert_null(strstr(t->html, "<script"));
			assert_null(strstr(t->html, "src="));
			assert_true(strlen(t->asunto) > 5);
		}
	}
	assert_int_equal(plantilla_find("nadie"), PLANTILLAS);
}

static void test_filling(void **state)
{
	ARENA(a, 1 << 20);
	static const struct m_dato datos[] = {{"a", "<b>&\"{c}"}, {"vacio", ""}};

	(void)state;
	assert_string_equal(plantilla_llenar(&a, "{a}\n[{a}]", PLANTILLA_PLANO, datos, 2),
		"<b>&\"{c}\n[<b>&\"{c}]");
	assert_string_equal(plantilla_llenar(&a, "{a}\n", PLANTILLA_HTML, datos, 2),
		"&lt;b&gt;&amp;&quot;{c}\n");
	/* A line whose value is not there is left out whole. */
	assert_string_equal(plantilla_llenar(&a, "1\n<p>{vacio}</p>\n2\n{nada} {a}\n3",
				    PLANTILLA_PLANO, datos, 2),
		"1\n2\n3");
	assert_string_equal(plantilla_llenar(&a, "", PLANTILLA_PLANO, datos, 2), "");
}

static void test_operators_own(void **state)
{
	ARENA(a, 1 << 20);
	struct plantillas p;
	const char *message = NULL;

	(void)state;
	put(&a, "validacion_correo.txt", "Asunto: Código {codigo}\n\nHola\n{enlace}\n");
	put(&a, "validacion_sms.sms", "{codigo}");
	assert_int_equal(plantillas_read(&a, folder, &p, &message), OK);
	assert_string_equal(p.de[PLANTILLA_validacion_correo].asunto, "Código {codigo}");
	assert_string_equal(p.de[PLANTILLA_validacion_correo].texto, "Hola\n{enlace}\n");
	assert_non_null(strstr(p.de[PLANTILLA_validacion_correo].html, "aquí</a>"));
	assert_string_equal(p.de[PLANTILLA_validacion_sms].texto, "{codigo}");
}

static void refused(const char *name, const char *text, const char *why)
{
	ARENA(a, 1 << 20);
	struct plantillas p;
	const char *message = "";

	put(&a, name, text);
	assert_int_equal(plantillas_read(&a, folder, &p, &message), ERR_CONFIG);
	if (strstr(message, name) == NULL || strstr(message, why) == NULL)
		fail_msg("«%s» does not say «%s»", message, why);
	put(&a, name, "");
}

static void test_wrong_ones(void **state)
{
	(void)state;
	refused("validacion_correo.txt", "uno\n{codigo}\n{clave}\n",
		"en el renglón 3 no se conoce {clave}; se admite: enlace codigo vence prueba");
	refused("activado.html", "<p>\n{ }", "en el renglón 2 hay una {");
	refused("activado.txt", "{", "en el renglón 1");
	refused("activado.txt", "\xff", "UTF-8");
	/* A value of another message. */
	refused("validacion_sms.sms", "{enlace}", "{enlace}");
	refused("validacion_sms.sms",
		"0123456789012345678901234567890123456789012345678901234567890123456789"
		"0123456789012345678901234567890123456789012345678901234567890123456789"
		"012345678901234567890123456789",
		"160");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ours),
		cmocka_unit_test(test_filling),
		cmocka_unit_test(test_operators_own),
		cmocka_unit_test(test_wrong_ones),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
