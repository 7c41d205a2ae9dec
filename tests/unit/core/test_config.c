/*
 * buzond's configuration and the published calendar (L-7.1: who may sign; efirma.md: a horizon).
 */
#include "core/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>
#include "base/file.h"
#include "base/mem.h"
#include "tests/help/carpeta.h"

static char folder[200];
static char path[300];

static int setup(void **state)
{
	(void)state;
	if (carpeta_make(folder, sizeof(folder), "config") != 0)
		return -1;
	snprintf(path, sizeof(path), "%s/buzond.conf", folder);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	return carpeta_remove(folder);
}

#define FIFTY "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define SOCKET                                                                                     \
	"[servidor]\nautoridades = a\ndireccion = https://a.mx\n"                                  \
	"[almacen]\narchivo = x.db\n[confianza]\ncarpeta = /c\n"
#define LEAST                                                                                      \
	"[servidor]\nautoridades = a.mx, b.mx:8443\ndireccion = https://a.mx\n"                    \
	"[almacen]\narchivo = x.db\n[confianza]\ncarpeta = /c\n"                                   \
	"[sello]\ncertificado = s.cer\nllave = s.key\n"

static enum err read_text(
	struct arena *a, const char *text, struct config *ret, const char **ret_message)
{
	assert_int_equal(file_write(path, bytes_of_text(text), 0600), OK);
	return config_read(a, path, ret, ret_message);
}

static void test_least(void **state)
{
	ARENA(a, 1 << 20);
	struct config c;
	const char *message = NULL;
	char wanted[300];

	(void)state;
	assert_int_equal(read_text(&a, LEAST, &c, &message), OK);
	assert_int_equal(c.autoridades_count, 2);
	assert_string_equal(c.autoridades[0], "a.mx");
	assert_string_equal(c.autoridades[1], "b.mx:8443");
	assert_int_equal(c.puerto, 8443);
	assert_string_equal(c.escucha, "127.0.0.1");
	assert_null(c.tls_certificado);
	assert_null(c.ocsp);
	assert_false(c.ocsp_tls_relajado);
	assert_int_equal(c.hilos, 4);
	/* Relative to the file, not to wherever the program was started. */
	snprintf(wanted, sizeof(wanted), "%s/x.db", folder);
	assert_string_equal(c.almacen, wanted);
	assert_string_equal(c.confianza, "/c");
}

static void test_example_is_a_configuration(void **state)
{
	ARENA(a, 1 << 20);
	struct config c;
	const char *message = NULL;

	(void)state;
	assert_int_equal(read_text(&a, config_example(), &c, &message), OK);
	assert_int_equal(c.funcionarios_count, 1);
	assert_non_null(config_funcionario(&c, "XAXX010101000"));
	assert_null(config_funcionario(&c, "XAXX010101001"));
	assert_null(config_funcionario(&c, "XAXX01010100"));
}

/* L-7.1: only the listed public servants. */
static void test_public_servants(void **state)
{
	ARENA(a, 1 << 20);
	struct config c;
	const char *message = NULL;

	(void)state;
	assert_int_equal(read_text(&a,
				 LEAST "[funcionario ÑAIL700310KL4]\nnombre = A B\ncargo = T\n"
				       "[funcionario GAIL700310KL4]\ncargo = U\nnombre = C\n"
				       "subdelegacion = S\n",
				 &c, &message),
		OK);
	const struct funcionario *f = config_funcionario(&c, "GAIL700310KL4");

	assert_non_null(f);
	assert_string_equal(f->cargo, "U");
	assert_string_equal(f->subdelegacion, "S");
	assert_string_equal(config_funcionario(&c, "ÑAIL700310KL4")->nombre, "A B");
}

/* L-7.1: of what is listed only; nothing is, where nothing is said. */
static void test_faculties(void **state)
{
	ARENA(a, 1 << 20);
	struct config c;
	const char *message = NULL;

	(void)state;
	assert_int_equal(read_text(&a,
				 LEAST "[funcionario ÑAIL700310KL4]\nnombre = A\ncargo = T\n"
				       "[funcionario GAIL700310KL4]\nnombre = B\ncargo = T\n"
				       "tipos = R-7.1, R-7.18\nactos = emitir retirar\n"
				       "[funcionario LAIL700310KL4]\nnombre = C\ncargo = T\n"
				       "actos = todos\ntipos = todos\n",
				 &c, &message),
		OK);
	const struct funcionario *none = config_funcionario(&c, "ÑAIL700310KL4");
	const struct funcionario *some = config_funcionario(&c, "GAIL700310KL4");
	const struct funcionario *all = config_funcionario(&c, "LAIL700310KL4");

	for (unsigned i = 0; i < FACULTADES; i++) {
		assert_false(config_faculta(NULL, (enum facultad)i));
		assert_false(config_faculta(none, (enum facultad)i));
		assert_true(config_faculta(all, (enum facultad)i));
	}
	assert_true(config_faculta(some, FACULTAD_EMITIR));
	assert_true(config_faculta(some, FACULTAD_RETIRAR));
	assert_false(config_faculta(some, FACULTAD_PUBLICAR));
	assert_true(config_faculta_tipo(some, "R-7.18"));
	assert_false(config_faculta_tipo(some, "R-7.2"));
	assert_false(config_faculta_tipo(some, "todos"));
	assert_false(config_faculta_tipo(none, "R-7.1"));
	assert_false(config_faculta_tipo(NULL, "R-7.1"));
	assert_true(config_faculta_tipo(all, "R-7.2"));
}

static void test_mistakes_say_where_and_what(void **state)
{
	static const struct {
		const char *text;
		const char *says;
	} cases[] = {
		{LEAST "[servidor]\npuerto = 70000\n",
			"línea 12: puerto admite un entero de 0 a 65535"},
		{LEAST "[servidor]\npuerto = 84x\n", "puerto admite un entero"},
		{LEAST "[servidor]\npuertos = 1\n", "se admite: escucha, puerto, "},
		{LEAST "[servidores]\n", "línea 11: se admiten las secciones [servidor] [almacen]"},
		{LEAST "[confianza]\nocsp_tls_relajado = quizá\n", "se admite si o no"},
		{LEAST "[almacen]\narchivo = y\n", "ya está más arriba"},
		{LEAST "[funcionario FÑ&010203AB1]\n", "persona física"},
		{LEAST "[funcionario GAIL700310KL4]\nsueldo = 1\n", "se admite: nombre, cargo"},
		{LEAST "[funcionario GAIL700310KL4]\n", "faltan nombre o cargo"},
		{LEAST "[funcionario GAIL700310KL4]\nactos = emitir firmar\n",
			"actos admite: emitir"},
		{LEAST "[funcionario GAIL700310KL4]\ntipos = R-7.1 7.2\n", "tipos admite claves"},
		{LEAST "[funcionario GAIL700310KL4]\ntipos = R-\n", "tipos admite claves"},
		{LEAST "[servidor]\ntls_llave = k\n", "van juntas"},
		{LEAST "[calendario]\ndesde = 2024\n", "publícalo con buzond calendario"},
		{LEAST "[avisos]\nrecordatorios = 1 4\n", "días de 1 a 3"},
		{LEAST "[avisos]\nrecordatorios = no 1\n", "días de 1 a 3"},
		{LEAST "[avisos]\nrecordatorios = 12\n", "días de 1 a 3"},
		{LEAST "[avisos]\nrecordatorios = 3\nrecordatorios_sms = quizá\n", "si o no"},
		{"[servidor]\ndireccion = https://" FIFTY FIFTY FIFTY FIFTY "\nautoridades = a\n"
		 "[almacen]\narchivo = x.db\n[confianza]\ncarpeta = /c\n"
		 "[sello]\ncertificado = s.cer\nllave = s.key\n",
			"hasta 200 bytes"},
		{SOCKET "[sello]\ncertificado = s.cer\n", "o socket si sella buzond sellar"},
		{SOCKET "[sello]\ncertificado = s.cer\nsocket = /" FIFTY FIFTY FIFTY "\n",
			"socket admite una ruta de hasta 107 bytes"},
		{"clave = 1\n", "se espera una [sección]"},
		{"", "falta autoridades en [servidor]"},
		{"[servidor]\nautoridades = a\ndireccion =\n", "falta direccion en [servidor]"},
		{"[servidor\n", "se espera [sección]"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		ARENA(a, 1 << 20);
		struct config c;
		const char *message = "";

		assert_int_equal(read_text(&a, cases[i].text, &c, &message), ERR_CONFIG);
		if (strstr(message, cases[i].says) == NULL || strstr(message, path) == NULL)
			fail_msg("case %zu says: %s", i, message);
	}
}

/* A server that asks a sealing service needs no key; who seals needs its key and nothing else. */
static void test_sealing_service(void **state)
{
	static const struct {
		const char *text;
		const char *says;
	} cases[] = {
		{"[sello]\nllave = k\nsocket = /s\n", "falta certificado en [sello]"},
		{"[sello]\ncertificado = c\nsocket = /s\n", "falta llave en [sello]"},
		{"[sello]\ncertificado = c\nllave = k\n", "falta socket en [sello]"},
		{"[sello]\ncertificado = c\nllave = k\nsocket = /" FIFTY FIFTY FIFTY "\n", "107"},
		{"[sello]\nsockets = c\n", "se admite: certificado, llave, contrasena, socket"},
	};
	ARENA(a, 1 << 20);
	struct config c;
	const char *message = NULL;
	char wanted[300];

	(void)state;
	assert_int_equal(read_text(&a, SOCKET "[sello]\ncertificado = s.cer\nsocket = s.sock\n", &c,
				 &message),
		OK);
	assert_null(c.sello_llave);
	snprintf(wanted, sizeof(wanted), "%s/s.sock", folder);
	assert_string_equal(c.sello_socket, wanted);
	assert_int_equal(
		file_write(path,
			bytes_of_text("[sello]\ncertificado = c\nllave = k\nsocket = /s\n"), 0600),
		OK);
	assert_int_equal(config_read_sello(&a, path, &c, &message), OK);
	assert_string_equal(c.sello_socket, "/s");
	/* What a server reads serves as well. */
	assert_int_equal(read_text(&a, LEAST "socket = /s\n", &c, &message), OK);
	assert_int_equal(config_read_sello(&a, path, &c, &message), OK);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(file_write(path, bytes_of_text(cases[i].text), 0600), OK);
		assert_int_equal(config_read_sello(&a, path, &c, &message), ERR_CONFIG);
		if (strstr(message, cases[i].says) == NULL || strstr(message, path) == NULL)
			fail_msg("case %zu says: %s", i, message);
	}
}

static void test_missing_file(void **state)
{
	ARENA(a, 1 << 20);
	struct config c;
	const char *message = "";

	(void)state;
	assert_int_equal(config_read(&a, "/no/hay", &c, &message), ERR_CONFIG);
	assert_non_null(strstr(message, "/no/hay"));
	assert_non_null(strstr(message, "--ejemplo"));
}

static void test_memory_ends(void **state)
{
	long n = 0;
	enum err e;

	(void)state;
	assert_int_equal(file_write(path, bytes_of_text(config_example()), 0600), OK);
	do {
		ARENA(a, 1 << 20);
		struct config c;
		const char *message = NULL;

		mem_fail_at(++n);
		e = config_read(&a, path, &c, &message);
		mem_fail_at(0);
	} while (e != OK && n < 10000);
	assert_int_equal(e, OK);
	assert_true(n > 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_least, setup, teardown),
		cmocka_unit_test_setup_teardown(test_example_is_a_configuration, setup, teardown),
		cmocka_unit_test_setup_teardown(test_public_servants, setup, teardown),
		cmocka_unit_test_setup_teardown(test_faculties, setup, teardown),
		cmocka_unit_test_setup_teardown(test_mistakes_say_where_and_what, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sealing_service, setup, teardown),
		cmocka_unit_test_setup_teardown(test_missing_file, setup, teardown),
		cmocka_unit_test_setup_teardown(test_memory_ends, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
