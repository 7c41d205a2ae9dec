/* `buzond tareas`: what an operator sees of the jobs, and a way back for what was given up. */
#include <stdlib.h>
#include "base/db_mem.h"
#include "base/file.h"
#include "core/store/store.h"
#include "core/verbos.h"
#include "ley/zona.h"
#include "tests/help/carpeta.h"
#include "tests/help/cm.h"
#include "tests/help/pg.h"
#include "tests/help/pki.h"

static char folder[200];
static char place[300]; /* of the store */
static char conf[240];
static char *out_text;
static char *err_text;

static int setup(void **state)
{
	ARENA(a, 65536);
	const char *shared = pg_database(&a);

	(void)state;
	if (carpeta_make(folder, sizeof(folder), "verbo-tareas") != 0)
		return -1;
	snprintf(conf, sizeof(conf), "%s/buzond.conf", folder);
	snprintf(place, sizeof(place), "%s%s", shared != NULL ? shared : folder,
		shared != NULL ? "" : "/buzon.db");
	const char *text = arena_printf(&a,
		"[servidor]\nautoridades = localhost\ndireccion = http://localhost\n"
		"[almacen]\n%s = %s\n[confianza]\ncarpeta = confianza\n"
		"[sello]\ncertificado = sello.cer\nllave = sello.key\n",
		shared != NULL ? "almacen" : "archivo", place);

	return file_write(conf, bytes_of_text(text), 0600) == OK ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	free(out_text);
	free(err_text);
	out_text = err_text = NULL;
	return carpeta_remove(folder);
}

/* Words end with NULL. */
static int run(const char *const *words)
{
	const char *argv[16] = {"buzond", "tareas", "--config", conf};
	int argc = 4;
	size_t size;

	free(out_text);
	free(err_text);
	FILE *out = open_memstream(&out_text, &size);
	FILE *err = open_memstream(&err_text, &size);

	for (; *words != NULL; words++)
		argv[argc++] = *words;
	int code = verbos_run(argc, (char *const *)(const void *)argv, pki_now(), out, err);

	fclose(out);
	fclose(err);
	return code;
}

#define TAREAS(...) run((const char *const[]){__VA_ARGS__})

static void put_job(const char *clase, const char *clave, int64_t vence)
{
	AUTO(store) s = NULL;
	struct in_tarea_poner in = {.clase = clase, .clave = clave, .vence = vence};

	assert_int_equal(store_open(place, DB_WRITE, &s), OK);
	assert_int_equal(q_tarea_poner(s, &in, NULL, NULL), OK);
}

static void fail_job(const char *clase, const char *clave, int64_t vence, int64_t intentos)
{
	AUTO(store) s = NULL;
	struct in_tarea_fallo in = {.vence = vence,
		.intentos = intentos,
		.fallo = "sin-conexion",
		.clase = clase,
		.clave = clave};

	put_job(clase, clave, pki_now());
	assert_int_equal(store_open(place, DB_WRITE, &s), OK);
	assert_int_equal(q_tarea_fallo(s, &in, NULL, NULL), OK);
}

static void test_tareas(void **state)
{
	int64_t at = 0;

	(void)state;
	assert_int_equal(TAREAS(NULL), 0);
	assert_string_equal(out_text, "No hay tareas pendientes.\n");
	assert_int_equal(hora_parse("2026-11-12T17:52:03.114-06:00", &at), OK);
	put_job("lectura", "con \"comillas\" y \\ y \t", at);
	fail_job("revocacion", "huella-1", at, 4);
	fail_job("correo", "de otra versión", 0, 9);
	assert_int_equal(TAREAS(NULL), 0);
	/* Given up first, then what failed, then what follows. */
	assert_string_equal(out_text,
		"correo: De otra versión de buzond.\n"
		"  0 pendientes; 1 abandonadas\n"
		"lectura: Olvida una llave de lectura que venció.\n"
		"  1 pendientes; la próxima, 2026-11-12T17:52:03.114-06:00\n"
		"revocacion: Comprueba la revocación de actos recibidos sin OCSP.\n"
		"  1 pendientes; la próxima, 2026-11-12T17:52:03.114-06:00; 1 con fallos\n"
		"\n"
		"abandonada correo de otra versión (falló 9 veces: sin-conexion)\n"
		"2026-11-12T17:52:03.114-06:00 revocacion huella-1 (falló 4 veces: sin-conexion)\n"
		"2026-11-12T17:52:03.114-06:00 lectura con \"comillas\" y \\ y ?\n");
	assert_int_equal(TAREAS("--json", NULL), 0);
	assert_string_equal(out_text,
		"{\"clases\":[{\"clase\":\"correo\",\"pendientes\":0,\"con_fallo\":0,\"abandonadas\":1},"
		"{\"clase\":\"lectura\",\"pendientes\":1,\"con_fallo\":0,\"abandonadas\":0,"
		"\"proxima\":1794527523114},{\"clase\":\"revocacion\",\"pendientes\":1,"
		"\"con_fallo\":1,\"abandonadas\":0,\"proxima\":1794527523114}],"
		"\"tareas\":[{\"clase\":\"correo\",\"clave\":\"de otra versión\",\"intentos\":9,"
		"\"fallo\":\"sin-conexion\",\"abandonada\":true},"
		"{\"clase\":\"revocacion\",\"clave\":\"huella-1\",\"vence\":1794527523114,"
		"\"intentos\":4,\"fallo\":\"sin-conexion\",\"abandonada\":false},"
		"{\"clase\":\"lectura\",\"clave\":\"con \\\"comillas\\\" y \\\\ y \\u0009\","
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
	AUTO(store) s = NULL;
	ARENA(a, 4096);
	struct in_tarea in = {.clase = "lectura", .clave = "abandonada"};
	struct out_tarea row;

	assert_int_equal(store_open(place, DB_WRITE, &s), OK);
	assert_int_equal(q_tarea(s, &in, &a, &row), OK);
	assert_in_range(row.vence, pki_now() - 60000, pki_now());
	assert_int_equal(row.intentos, 0);
	assert_int_equal(row.turno, 1);
	assert_int_equal(
		TAREAS("--reanudar", "--clase", "lectura", "--clave", "abandonada", NULL), 66);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_tareas, setup, teardown),
		cmocka_unit_test_setup_teardown(test_tareas_resumed, setup, teardown),
	};

	if (db_setup() != OK || zona_setup() != OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
