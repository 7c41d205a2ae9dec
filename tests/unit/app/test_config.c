/* buzon-tui's configuration: what is read, and what a bad line is told. */
#include "tests/help/cm.h"

#include <stdlib.h>
#include "app/config.h"
#include "base/file.h"
#include "base/mem.h"

#define PATH "/tmp/b-app-test-config.ini"
#define MB (1 << 20)

static enum err read_text(struct arena *a, const char *text, struct config_app *c, const char **m)
{
	assert_int_equal(file_write(PATH, bytes_of_text(text), 0600), OK);
	return config_app_read(a, PATH, c, m);
}

#define WHOLE                                                                                      \
	"rfc = xaxx-010101-000\ncertificado = ~/a.cer\nllave = /k/a.key\n"                         \
	"servidor = HTTPS://Buzon.Ejemplo.MX:443/\n"

static void test_read(void **state)
{
	ARENA(a, MB);
	struct config_app c;
	const struct perfil *p = NULL;
	const char *m = NULL;

	(void)state;
	setenv("HOME", "/home/ana", 1);
	assert_int_equal(
		read_text(&a,
			"# nota\n[general]\nbloqueo = 7\n[perfil ana]\n" WHOLE
			"clave_comando = pass show \"sat ana\" 'b\"c'\nconfianza = confia\n"
			"llavero = si\n"
			"[perfil beto]\n" WHOLE "calidad = representante\n",
			&c, &m),
		OK);
	assert_int_equal(c.bloqueo_ms, 7 * 60000);
	assert_int_equal(c.perfiles_count, 2);
	assert_int_equal(config_app_perfil(&c, NULL, &p), OK);
	assert_string_equal(p->nombre, "ana");
	assert_string_equal(p->rfc, "XAXX010101000");
	assert_string_equal(p->calidad, "propio");
	assert_string_equal(p->certificado, "/home/ana/a.cer");
	assert_string_equal(p->llave, "/k/a.key");
	assert_string_equal(p->servidor, "https://buzon.ejemplo.mx");
	assert_string_equal(p->confianza, "/tmp/confia");
	assert_null(p->ca);
	assert_true(p->llavero);
	assert_string_equal(p->clave_comando[0], "pass");
	assert_string_equal(p->clave_comando[2], "sat ana");
	assert_string_equal(p->clave_comando[3], "b\"c");
	assert_null(p->clave_comando[4]);
	assert_int_equal(config_app_perfil(&c, "beto", &p), OK);
	assert_string_equal(p->calidad, "representante");
	assert_false(p->llavero);
	assert_int_equal(config_app_perfil(&c, "carla", &p), ERR_NO_PROFILE);
}

static void test_keys_and_theme(void **state)
{
	ARENA(a, MB);
	struct config_app c;
	const char *m = NULL;

	(void)state;
	assert_int_equal(read_text(&a,
				 "[general]\ntema = mono\n[teclas]\nsiguiente = N\n"
				 "anterior = n\n[perfil ana]\n" WHOLE,
				 &c, &m),
		OK);
	assert_true(c.mono);
	assert_string_equal(c.teclas.keys[ACTION_next], "N");
	assert_string_equal(c.teclas.keys[ACTION_previous], "n");
	assert_string_equal(c.teclas.keys[ACTION_open], "");
	assert_int_equal(read_text(&a, "[general]\ntema = auto\n", &c, &m), OK);
	assert_false(c.mono);
	assert_false(c.llano);
	assert_int_equal(read_text(&a, "[general]\nmodo = llano\n", &c, &m), OK);
	assert_true(c.llano);
}

static void test_example_and_missing(void **state)
{
	ARENA(a, MB);
	struct config_app c;
	const char *m = NULL;

	(void)state;
	assert_int_equal(read_text(&a, config_app_example(), &c, &m), OK);
	assert_int_equal(c.perfiles_count, 1);
	assert_int_equal(config_app_read(&a, "/tmp/no/existe.ini", &c, &m), OK);
	assert_int_equal(c.perfiles_count, 0);
	assert_int_equal(c.bloqueo_ms, 15 * 60000);
	assert_int_equal(config_app_read(&a, "/tmp", &c, &m), ERR_CONFIG);
	assert_non_null(strstr(m, "/tmp"));
}

/* Minutes, unless it says seconds. */
static void test_bloqueo(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} cases[] = {
		{"1", 60000},
		{"720", 43200000},
		{"2 min", 120000},
		{"2min", 120000},
		{"1 s", 1000},
		{"90s", 90000},
		{"43200 s", 43200000},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		ARENA(a, MB);
		struct config_app c;
		const char *m = NULL;
		const char *text = arena_printf(&a, "[general]\nbloqueo = %s\n", cases[i].text);

		assert_int_equal(read_text(&a, text, &c, &m), OK);
		assert_int_equal(c.bloqueo_ms, cases[i].ms);
	}
}

/* A bad line names file, line, and what is allowed. */
static void test_bad_lines(void **state)
{
	static const struct {
		const char *text;
		const char *line;
		const char *allowed;
	} cases[] = {
		{"x = 1\n", "línea 1", "[perfil nombre]"},
		{"[otra]\n", "línea 1", "[general]"},
		{"[general]\nbloqueos = 3\n", "línea 2", "bloqueo"},
		{"[general]\nbloqueo = 0\n", "línea 2", "1 a 720"},
		{"[general]\nbloqueo = 5x\n", "línea 2", "1 a 720"},
		{"[general]\nbloqueo = 0 s\n", "línea 2", "90 s"},
		{"[general]\nbloqueo = -1\n", "línea 2", "1 a 720"},
		{"[general]\nbloqueo = 5 segundos\n", "línea 2", "90 s"},
		{"[general]\nbloqueo = 721 min\n", "línea 2", "1 a 720"},
		{"[general]\nbloqueo = 43201 s\n", "línea 2", "1 a 720"},
		{"[general]\nbloqueo = 99999999999999999999\n", "línea 2", "1 a 720"},
		{"[general]\ntema = color\n", "línea 2", "mono"},
		{"[general]\nmodo = lineas\n", "línea 2", "llano"},
		{"[teclas]\nabre = o\n", "línea 2", "firmar, leer-publicacion, "},
		{"[teclas x]\n", "línea 1", "[teclas]"},
		{"[teclas]\nabrir = Entrr\n", "línea 2", "Entrr no es una tecla"},
		{"[teclas]\nabrir = o\nsiguiente = o\n\n", "línea 2", "ya es de siguiente"},
		{"[teclas]\n\nabrir = r\n\n", "línea 3", "ya es de sincronizar"},
		{"[perfil]\n", "línea 1", "[perfil ana]"},
		{"[perfil ../x]\n", "línea 1", "sin /"},
		{"[perfil .x]\n", "línea 1", "nombre"},
		{"[perfil a]\nrfz = 1\n", "línea 2", "certificado"},
		{"[perfil a]\nrfc = ABC\n", "línea 2", "13"},
		{"[perfil a]\ncalidad = Propio\n", "línea 2", "representante"},
		{"[perfil a]\nservidor = http://buzon.mx\n", "línea 2", "https://"},
		{"[perfil a]\nservidor = https://buzon.mx/ruta\n", "línea 2", "https://"},
		{"[perfil a]\nservidor = https://ana@buzon.mx\n", "línea 2", "https://"},
		{"[perfil a]\nservidor = https://buzon.mx:70000\n", "línea 2", "https://"},
		{"[perfil a]\nllave =\n", "línea 2", "ruta"},
		{"[perfil a]\nclave_comando = pass \"x\n", "línea 2", "comilla"},
		{"[perfil a]\nllavero = sí\n", "línea 2", "si, no"},
		{"[perfil a]\n" WHOLE "[perfil a]\n", "línea 6", "otro nombre"},
		{"[perfil a]\nrfc = XAXX010101000\n[general]\n", "línea 3", "certificado"},
		{"[perfil a]\nrfc = XAXX010101000\n", "al final", "certificado"},
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		ARENA(a, MB);
		struct config_app c;
		const char *m = NULL;

		assert_int_equal(read_text(&a, cases[i].text, &c, &m), ERR_CONFIG);
		assert_non_null(m);
		assert_non_null(strstr(m, PATH));
		if (strstr(m, cases[i].line) == NULL || strstr(m, cases[i].allowed) == NULL)
			fail_msg("case %zu: %s", i, m);
	}
}

static void test_no_memory(void **state)
{
	(void)state;
	assert_int_equal(file_write(PATH, bytes_of_text("[perfil ana]\n" WHOLE), 0600), OK);
	for (long n = 1;; n++) {
		ARENA(a, MB);
		struct config_app c = {.bloqueo_ms = -1};
		const char *m = NULL;

		mem_fail_at(n);
		enum err e = config_app_read(&a, PATH, &c, &m);
		long count = mem_count();

		mem_fail_at(0);
		if (e == OK) {
			assert_true(count < n);
			assert_true(n > 1);
			return;
		}
		assert_int_equal(c.bloqueo_ms, -1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_keys_and_theme),
		cmocka_unit_test(test_bloqueo),
		cmocka_unit_test(test_example_and_missing),
		cmocka_unit_test(test_bad_lines),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
