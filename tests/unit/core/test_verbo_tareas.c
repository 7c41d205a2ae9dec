/* `buzond tareas`: what an operator sees of the jobs, and a way back for what was given up. */
#include <string.h>
#include "base/db_mem.h"
#include "base/secret.h"
#include "tests/help/cm.h"
#include "tests/help/core_sql.h"
#include "tests/help/core_titular.h"
#include "tests/help/core_verbo.h"
#include "tests/help/pki.h"

static char conf[400];
static char out_text[8192];
static char err_text[1024];

static int set_up(void **state)
{
	int failed = titular_set_up(state);

	core_verbo_config(conf, sizeof(conf), mundo.config.almacen);
	return failed;
}

static int none(void **state)
{
	(void)state;
	sql_run(mundo.config.almacen, "DELETE FROM tarea");
	return 0;
}

#define TAREAS(...)                                                                                \
	core_verbo(pki_now(), (const char *const[]){"tareas", "--config", conf, __VA_ARGS__},      \
		out_text, sizeof(out_text), err_text, sizeof(err_text))

static void put_job(const char *clase, const char *clave, int64_t vence)
{
	struct in_tarea_poner in = {.clase = clase, .clave = clave, .vence = vence};

	assert_int_equal(q_tarea_poner(mundo.hand, &in, NULL, NULL), OK);
}

static void fail_job(const char *clase, const char *clave, int64_t vence, int64_t intentos)
{
	struct in_tarea_fallo in = {.vence = vence,
		.intentos = intentos,
		.fallo = "sin-conexion",
		.clase = clase,
		.clave = clave};

	put_job(clase, clave, pki_now());
	assert_int_equal(q_tarea_fallo(mundo.hand, &in, NULL, NULL), OK);
}

static void test_tareas(void **state)
{
	int64_t at = 0;

	(void)state;
	assert_int_equal(TAREAS(NULL), 0);
	assert_string_equal(out_text, "No hay tareas pendientes.\n");
	assert_int_equal(hora_parse("2026-11-12T17:52:03.114-06:00", &at), OK);
	put_job("lectura", "con \"comillas\" y \\ y \x1b[2J", at);
	fail_job("revocacion", "huella-1", at, 4);
	fail_job("fax", "de otra versión", 0, 9);
	assert_int_equal(TAREAS(NULL), 0);
	/* Given up first, then what failed, then what follows. */
	assert_string_equal(out_text,
		"fax: De otra versión de buzond.\n"
		"  pendientes: 0; abandonadas: 1\n"
		"lectura: Olvida una llave de lectura que venció.\n"
		"  pendientes: 1; la próxima, 2026-11-12T17:52:03.114-06:00\n"
		"revocacion: Comprueba la revocación de actos recibidos sin OCSP.\n"
		"  pendientes: 1; la próxima, 2026-11-12T17:52:03.114-06:00; con fallos: 1\n"
		"\n"
		"abandonada fax de otra versión (falló 9 veces: sin-conexion)\n"
		"2026-11-12T17:52:03.114-06:00 revocacion huella-1 (falló 4 veces: sin-conexion)\n"
		"2026-11-12T17:52:03.114-06:00 lectura con \"comillas\" y \\ y [2J\n");
	assert_int_equal(TAREAS("--json", NULL), 0);
	assert_string_equal(out_text,
		"{\"clases\":[{\"clase\":\"fax\",\"pendientes\":0,\"con_fallo\":0,\"abandonadas\":1},"
		"{\"clase\":\"lectura\",\"pendientes\":1,\"con_fallo\":0,\"abandonadas\":0,"
		"\"proxima\":1794527523114},{\"clase\":\"revocacion\",\"pendientes\":1,"
		"\"con_fallo\":1,\"abandonadas\":0,\"proxima\":1794527523114}],"
		"\"tareas\":[{\"clase\":\"fax\",\"clave\":\"de otra versión\",\"intentos\":9,"
		"\"fallo\":\"sin-conexion\",\"abandonada\":true},"
		"{\"clase\":\"revocacion\",\"clave\":\"huella-1\",\"vence\":1794527523114,"
		"\"intentos\":4,\"fallo\":\"sin-conexion\",\"abandonada\":false},"
		"{\"clase\":\"lectura\",\"clave\":\"con \\\"comillas\\\" y \\\\ y \\u001b[2J\","
		"\"vence\":1794527523114,\"intentos\":0,\"abandonada\":false}]}\n");
}

static void test_tareas_resumed(void **state)
{
	(void)state;
	fail_job("lectura", "abandonada", 0, 3);
	fail_job("lectura", "con fallo", pki_now() + 60000, 3);
	/* Only one that was given up, and only as a whole. */
	assert_int_equal(
		TAREAS("--reanudar", "--clase", "lectura", "--clave", "con fallo", NULL), 66);
	assert_non_null(strstr(err_text, "No hay una tarea abandonada"));
	assert_int_equal(TAREAS("--reanudar", "--clase", "lectura", NULL), 64);
	assert_int_equal(TAREAS("--clase", "lectura", NULL), 64);
	assert_int_equal(
		TAREAS("--reanudar", "--clase", "lectura", "--clave", "abandonada", NULL), 0);
	assert_non_null(strstr(out_text, "Se reanudó"));
	ARENA(a, 4096);
	struct in_tarea in = {.clase = "lectura", .clave = "abandonada"};
	struct out_tarea row;

	assert_int_equal(q_tarea(mundo.hand, &in, &a, &row), OK);
	assert_in_range(row.vence, pki_now() - 60000, pki_now());
	assert_int_equal(row.intentos, 0);
	assert_int_equal(row.turno, 1);
	assert_int_equal(
		TAREAS("--reanudar", "--clase", "lectura", "--clave", "abandonada", NULL), 66);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_tareas, none),
		cmocka_unit_test_setup(test_tareas_resumed, none),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK || db_setup() != OK)
		return 1;
	return cmocka_run_group_tests(tests, set_up, titular_tear_down);
}
