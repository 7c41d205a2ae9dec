/*
 * `buzond padron` and `buzond alta`: what the store holds and what clients are told of it.
 * L-4.1 (who an RFC is), L-2 (whoever came first by an act of their own), L-5.4 (2020 agreement),
 * L-5.8 (zone of the domicile), L-T1 (term to enable), A-11, A-13 (Registros Patronales).
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/db_mem.h"
#include "base/file.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/secret.h"
#include "core/padron.h"
#include "core/particular.h"
#include "crypto/rfc.h"
#include "tests/help/cm.h"
#include "tests/help/core_sql.h"
#include "tests/help/core_titular.h"
#include "tests/help/core_verbo.h"
#include "tests/help/dia.h"
#include "tests/help/pki.h"

#define MB (1 << 20)
#define PEPE "PEÑJ800101AB6"
#define MARIA "NULM750615MNA"

static char conf[400];
static char path[400];
static char out_text[16384];
static char err_text[16384];

static int set_up(void **state)
{
	int failed = titular_set_up(state);

	core_verbo_config(conf, sizeof(conf), mundo.config.almacen);
	snprintf(path, sizeof(path), "%s/padron", mundo.folder);
	return failed;
}

static int run(const char *const *words)
{
	return core_verbo(pki_now(), words, out_text, sizeof(out_text), err_text, sizeof(err_text));
}

#define RUN(...) run((const char *const[]){__VA_ARGS__, NULL})

/* `buzond padron` with that file. */
static int load(const char *text)
{
	assert_int_equal(file_write(path, bytes_of_text(text), 0600), OK);
	return RUN("padron", "--archivo", path, "--config", conf);
}

static const char *ask(struct arena *a, const char *sql)
{
	return sql_ask(a, mundo.config.almacen, sql);
}

static void assert_row(const char *titular, const char *expected)
{
	ARENA(a, MB);
	const char *sql = arena_printf(&a,
		"SELECT nombre || '|' || zona || '|' || COALESCE(domicilio, '-') || '|' || "
		"COALESCE(inscrito, 0) || '|' || padron || '|' || (SELECT COUNT(*) FROM "
		"registro_patronal r WHERE r.rfc = particular.rfc) FROM particular WHERE rfc = '%s'",
		titular);

	assert_string_equal(ask(&a, sql), expected);
}

static int64_t enabled_at(const char *titular)
{
	ARENA(a, MB);
	struct in_particular in = {.rfc = titular};
	struct out_particular row;

	assert_int_equal(q_particular(mundo.hand, &in, &a, &row), OK);
	return row.habilitado;
}

/* ---- a file, and the same again ---- */

static void test_report(void **state)
{
	static const char first[] =
		"rfc,nombre,zona,domicilio,inscrito,convenio_2020,rp,subdelegacion\n" PEPE
		",JOSÉ,America/Tijuana,CALLE 1,2001-03-02,sí,A01-23456-10-3,Norte\n" PEPE
		",,,,,,B1234567100,Sur\n" MARIA ",MARÍA,,,,,,\n";
	static const char second[] =
		"rfc;nombre;zona;domicilio;inscrito;convenio_2020;rp;subdelegacion\n" PEPE
		";JOSÉ PEÑA;America/Cancun;;;no;A0123456103;Centro\n" PEPE
		";;;;;;05123456103;\n" MARIA ";MARÍA;;;;;;\n";

	(void)state;
	assert_int_equal(load(first), 0);
	assert_string_equal(out_text, PEPE
		": nuevo; RP agregados: A01-23456-10-3, B12-34567-10-0.\n" MARIA ": nuevo.\n"
		"2 RFC: 2 nuevos, 0 cambiados, 0 sin cambios.\n"
		"RP agregados: 2; con otra subdelegación: 0; quitados: 0.\n"
		"Representantes agregados: 0; con otros permisos o fechas: 0; terminados: 0.\n");
	assert_string_equal(err_text, "");
	ARENA(a, MB);
	assert_row(PEPE, arena_printf(&a, "JOSÉ|America/Tijuana|CALLE 1|%lld|1|2",
				 (long long)zc("2001-03-02 00:00")));
	assert_row(MARIA, "MARÍA|America/Mexico_City|-|0|1|0");
	assert_int_equal(enabled_at(PEPE), zc("2024-08-05 23:59:59.999"));
	assert_int_equal(enabled_at(MARIA), 0);
	/* The same again changes nothing, not even what clients are told. */
	const char *counted = ask(&a, "SELECT SUM(cuenta) FROM particular");

	assert_int_equal(load(first), 0);
	assert_string_equal(out_text, "Sin cambios: 2 RFC revisados.\n");
	assert_string_equal(ask(&a, "SELECT SUM(cuenta) FROM particular"), counted);
	/* What is not said stays: the domicile, the date, and what was enabled. */
	assert_int_equal(load(second), 0);
	assert_memory_equal(out_text,
		PEPE ": cambiado; cambió nombre, zona; RP agregados: 051-23456-10-3; RP con otra "
		     "subdelegación: A01-23456-10-3; RP quitados: B12-34567-10-0.\n"
		     "2 RFC: 0 nuevos, 1 cambiado, 1 sin cambios.\n",
		strlen(PEPE) + 180);
	assert_row(PEPE, arena_printf(&a, "JOSÉ PEÑA|America/Cancun|CALLE 1|%lld|1|2",
				 (long long)zc("2001-03-02 00:00")));
	assert_int_equal(enabled_at(PEPE), zc("2024-08-05 23:59:59.999"));
	/* Without that column nothing is said of them. */
	assert_int_equal(load("rfc,nombre\n" PEPE ",JOSÉ PEÑA\n"), 0);
	assert_string_equal(out_text, "Sin cambios: 1 RFC revisado.\n");
	assert_int_equal(load("rfc,nombre,rp\n" PEPE ",JOSÉ PEÑA,\n"), 0);
	assert_non_null(strstr(out_text, "RP quitados: 051-23456-10-3, A01-23456-10-3."));
}

static void test_report_json(void **state)
{
	(void)state;
	assert_int_equal(
		file_write(path,
			bytes_of_text(
				"{\"rfc\":\"GOLA900512QXA\",\"nombre\":\"A\",\"rps\":[{\"rp\":"
				"\"A0123456103\"}]}\n"),
			0600),
		OK);
	assert_int_equal(RUN("padron", "--archivo", path, "--config", conf, "--json"), 0);
	assert_string_equal(out_text,
		"{\"rfc\":\"GOLA900512QXA\",\"resultado\":\"nuevo\",\"rps_agregados\":["
		"\"A0123456103\"]}\n"
		"{\"fichas\":1,\"nuevos\":1,\"cambiados\":0,\"iguales\":0,\"rps_agregados\":1,"
		"\"rps_cambiados\":0,\"rps_quitados\":0,\"representantes_agregados\":0,"
		"\"representantes_cambiados\":0,\"representantes_terminados\":0}\n");
	assert_int_equal(RUN("padron", "--archivo", path, "--config", conf, "--json"), 0);
	assert_non_null(strstr(out_text, "\"resultado\":\"igual\"}\n"));
	assert_int_equal(
		file_write(path,
			bytes_of_text("rfc,nombre\nGOLA900512QXA,B\nx,y\nGOLA900512QX1,C\n"), 0600),
		OK);
	assert_int_equal(RUN("padron", "--archivo", path, "--config", conf, "--json"), 65);
	assert_string_equal(out_text,
		"{\"linea\":3,\"campo\":\"rfc\",\"dice\":\"«x» no tiene la forma de un RFC: 12 "
		"caracteres (moral) o 13 (física); corrígelo.\"}\n"
		"{\"linea\":4,\"campo\":\"rfc\",\"dice\":\"El dígito verificador de GOLA900512QX1 no "
		"coincide; revisa que sea correcto.\",\"aviso\":true}\n");
	assert_row("GOLA900512QXA", "A|America/Mexico_City|-|0|1|1");
}

/* ---- nothing of a file that is wrong ---- */

static void test_refused(void **state)
{
	ARENA(a, MB);
	struct buf b;

	(void)state;
	buf_init(&b, &a);
	buf_text(&b, "rfc,nombre\nRUSA820922TT9,ANA\n");
	for (int i = 0; i < 60; i++)
		buf_printf(&b, "malo%d,X\n", i);
	assert_int_equal(load(buf_end_text(&b)), 65);
	assert_non_null(strstr(err_text, "Renglón 3, rfc: «malo0» no tiene la forma de un RFC"));
	assert_non_null(strstr(err_text, "«malo49»"));
	assert_null(strstr(err_text, "«malo50»"));
	assert_non_null(strstr(err_text, "El archivo tiene 60 problemas (se muestran 50)"));
	assert_non_null(strstr(err_text, "No se guardó nada."));
	assert_string_equal(ask(&a, "SELECT rfc FROM particular WHERE rfc LIKE 'RUSA%'"), "");
	assert_int_equal(load("rfc,nombre\nx,y\n"), 65);
	assert_non_null(strstr(err_text, "El archivo tiene 1 problema; corrígelo"));
	assert_int_equal(load("rfc,nombre\n"), 65);
	assert_non_null(strstr(err_text, "Archivo: no trae ningún RFC"));
}

static void test_use(void **state)
{
	(void)state;
	assert_int_equal(RUN("padron"), 64);
	assert_non_null(strstr(err_text, "Falta --archivo"));
	assert_int_equal(RUN("padron", "--archivo", "x", "--formato", "xml"), 64);
	assert_non_null(strstr(err_text, "--formato admite csv o json."));
	assert_int_equal(RUN("padron", "--archivo", "/nada/aqui", "--config", conf), 66);
	assert_non_null(strstr(err_text, "/nada/aqui"));
	assert_int_equal(RUN("padron", "--archivo", mundo.folder, "--config", conf), 66);
}

/* What the example shows is right, in both formats, through a pipe too; --revisar writes nothing.
 */
static void test_example(void **state)
{
	static const char *const formats[] = {"csv", "json"};
	ARENA(a, MB);
	const char *before = ask(&a, "SELECT SUM(cuenta) FROM particular");

	(void)state;
	for (size_t i = 0; i < COUNT_OF(formats); i++) {
		int ends[2];
		int stdin_was = dup(STDIN_FILENO);

		assert_int_equal(RUN("padron", "--ejemplo", "--formato", formats[i]), 0);
		assert_int_equal(pipe(ends), 0);
		assert_int_equal(write(ends[1], out_text, strlen(out_text)), strlen(out_text));
		close(ends[1]);
		dup2(ends[0], STDIN_FILENO);
		close(ends[0]);
		int code = RUN("padron", "--archivo", "-", "--revisar");

		dup2(stdin_was, STDIN_FILENO);
		close(stdin_was);
		assert_int_equal(code, 0);
		assert_string_equal(err_text, "");
		assert_string_equal(out_text, "Sin problemas: 2 RFC, 2 RP, 1 representante. No se "
					      "guardó nada (--revisar).\n");
	}
	assert_string_equal(ask(&a, "SELECT SUM(cuenta) FROM particular"), before);
}

/* ---- who hears of it ---- */

static bool heard;

static void hear(void *ctx, enum novedad what, const char *name)
{
	heard = heard || what == NOVEDAD_TODO ||
		(what == NOVEDAD_TITULAR && strcmp(name, ctx) == 0);
}

/* Servers whose clients wait are told with the commit; the client is told all that it shows. */
static void test_woken(void **state)
{
	ARENA(a, 4 * MB);
	AUTO(store_watch) watch = NULL;
	struct m_sincronizar rq = {.hat = {rfc, "propio"}};
	const struct m_sincronizado *got =
		mundo_answer(&a, titular_call(&a, ROUTE_ID_sincronizar, &rq, &by_reading));
	char who[RFC_BYTES + 8];

	(void)state;
	assert_non_null(got);
	rq.cursor = got->cursor;
	assert_int_equal(store_watch_open(mundo.config.almacen, &watch), OK);
	snprintf(who, sizeof(who), "%s", rfc);
	assert_int_equal(store_watch_look(watch, hear, who), OK);
	heard = false;
	assert_int_equal(
		load(arena_printf(&a,
			"rfc,nombre,zona,rp,subdelegacion,inscrito\n%s,OTRO NOMBRE,America/Tijuana,"
			"A0123456103,Norte,1999-05-04\n",
			rfc)),
		0);
	for (int i = 0; !heard && i < 200; i++) {
		struct pollfd fd = {.fd = store_watch_socket(watch), .events = POLLIN};

		(void)poll(&fd, 1, 50);
		assert_int_equal(store_watch_look(watch, hear, who), OK);
	}
	assert_true(heard);
	got = mundo_answer(&a, titular_call(&a, ROUTE_ID_sincronizar, &rq, &by_reading));
	assert_non_null(got);
	assert_non_null(got->cuenta);
	assert_string_equal(got->cuenta->nombre, "OTRO NOMBRE");
	assert_string_equal(got->cuenta->zona, "America/Tijuana");
	assert_true(got->cuenta->padron);
	assert_false(got->cuenta->convenio_2020);
	assert_int_equal(got->cuenta->rps_count, 1);
	assert_string_equal(got->cuenta->rps[0].rp, "A0123456103");
	assert_string_equal(got->cuenta->rps[0].subdelegacion, "Norte");
	assert_int_equal(got->cuenta->plazo, zc("2025-02-04 23:59:59.999"));
	/* Nothing changed: nothing is told. */
	rq.cursor = got->cursor;
	got = mundo_answer(&a, titular_call(&a, ROUTE_ID_sincronizar, &rq, &by_reading));
	assert_null(got->cuenta);
}

static const struct m_cuenta *told_of(struct arena *a, const char *titular, bool known)
{
	struct m_cuenta *m = arena_zalloc(a, sizeof(*m));
	struct in_particular in = {.rfc = titular};
	struct out_particular row = {0};
	enum err e = q_particular(mundo.hand, &in, a, &row);
	struct env env = {.arena = a,
		.store = mundo.hand,
		.titular = titular,
		.habilitado = row.habilitado,
		.inscrito = row.inscrito,
		.padron = row.padron != 0,
		.calendario = &mundo.calendario};

	assert_int_equal(e, known ? OK : ERR_NOT_FOUND);
	assert_non_null(m);
	assert_int_equal(padron_cuenta(&env, m), OK);
	return m;
}

/* L-T1, L-5.4: whose term runs, and whose never did. */
static void test_terms(void **state)
{
	ARENA(a, 4 * MB);
	int64_t term = zc("2025-02-04 23:59:59.999");

	(void)state;
	assert_int_equal(load("rfc,nombre,inscrito,convenio_2020\n"
			      "PLA000101AA1,A,2024-08-05,\nPLA000101AA2,B,2024-08-07,\n"
			      "PLA000101AA3,C,,\nPLA000101AA4,D,1999-01-01,sí\n"),
		0);
	assert_int_equal(told_of(&a, "PLA000101AA1", true)->plazo, term);
	assert_int_equal(told_of(&a, "PLA000101AA2", true)->plazo, 0);
	assert_int_equal(told_of(&a, "PLA000101AA3", true)->plazo, term);
	assert_false(told_of(&a, "PLA000101AA3", true)->convenio_2020);
	assert_true(told_of(&a, "PLA000101AA4", true)->convenio_2020);
	/* Nobody knows it, or only its certificate. */
	assert_int_equal(told_of(&a, "PLA000101AA5", false)->plazo, 0);
	struct in_particular_asegurar in = {
		.rfc = "PLA000101AA5", .nombre = "E DE SU CERTIFICADO", .zona = ZONA_CENTRO};

	assert_int_equal(q_particular_asegurar(mundo.hand, &in, &a, NULL), OK);
	assert_int_equal(told_of(&a, "PLA000101AA5", true)->plazo, 0);
}

/* L-2: who came first by an act of their own keeps what they did. */
static void test_first_by_an_act(void **state)
{
	ARENA(a, MB);
	struct in_particular_poner in = {.rfc = "LEO900101AA1",
		.nombre = "DE SU CERTIFICADO",
		.zona = ZONA_CENTRO,
		.habilitado = zc("2025-01-15 10:00")};

	(void)state;
	assert_int_equal(q_particular_poner(mundo.hand, &in, &a, NULL), OK);
	assert_int_equal(load("rfc,nombre,convenio_2020\nLEO900101AA1,DE SU CERTIFICADO,sí\n"), 0);
	assert_non_null(strstr(out_text, "LEO900101AA1: cambiado; cambió padron.\n"));
	assert_int_equal(enabled_at("LEO900101AA1"), zc("2025-01-15 10:00"));
	assert_false(told_of(&a, "LEO900101AA1", true)->convenio_2020);
}

/* representatives known to the Institute are given, changed and ended with the padrón. */
static void test_representatives(void **state)
{
#define REP "rfc,nombre,zona,representante,permisos,desde,hasta\n"
	static const char two[] =
		REP "REP000101AA1,A,America/Tijuana," MARIA ",todo=firmar,2026-01-05,2030-12-31\n"
		    "REP000101AA1,,," PEPE ",medios=leer,2026-01-05,\n";
	ARENA(a, MB);

	(void)state;
	assert_int_equal(load(two), 0);
	assert_non_null(strstr(
		out_text, "REP000101AA1: nuevo; representantes agregados: " MARIA ", " PEPE ".\n"));
	/* Whole days at the titular's domicile (L-5.8). */
	assert_string_equal(
		ask(&a, "SELECT desde || ' ' || hasta FROM representacion WHERE titular = "
			"'REP000101AA1' AND representante = '" MARIA "'"),
		arena_printf(&a, "%lld %lld", (long long)at("America/Tijuana", "2026-01-05 00:00"),
			(long long)at("America/Tijuana", "2030-12-31 23:59:59.999")));
	assert_string_equal(
		ask(&a, "SELECT COUNT(*) FROM mandato WHERE titular = 'REP000101AA1' AND "
			"representante = '" MARIA "' AND nivel = 4"),
		"5");
	assert_int_equal(load(two), 0);
	assert_string_equal(out_text, "Sin cambios: 1 RFC revisado.\n");
	assert_int_equal(
		load(REP "REP000101AA1,A,," MARIA ",todo=abrir,2026-01-05,2030-12-31\n"), 0);
	assert_memory_equal(out_text,
		"REP000101AA1: cambiado; representantes con otros permisos o fechas: " MARIA
		"; representantes terminados: " PEPE ".\n",
		strlen("REP000101AA1: cambiado; representantes con otros permisos o fechas: " MARIA
		       "; representantes terminados: " PEPE ".\n"));
	/* Without that column nothing is said of them; with it and none, they end. */
	assert_int_equal(load("rfc,nombre\nREP000101AA1,A\n"), 0);
	assert_string_equal(out_text, "Sin cambios: 1 RFC revisado.\n");
	assert_int_equal(load(REP "REP000101AA1,A,,,,,\n"), 0);
	assert_non_null(strstr(out_text, "representantes terminados: " MARIA ".\n"));
	assert_string_equal(ask(&a, "SELECT COUNT(*) FROM representacion WHERE titular = "
				    "'REP000101AA1' AND termino IS NULL"),
		"0");
#undef REP
}

/* Rows that are there of those two RFCs but the first one's second RP. */
static size_t count_mem(void)
{
	ARENA(a, MB);
	struct in_particular one = {.rfc = "MEM000101AA1"};
	struct in_particular two = {.rfc = "MEM000101AA2"};
	struct in_registros_patronales of = {.rfc = "MEM000101AA1"};
	struct out_particular row;
	struct out_registros_patronales rp;
	size_t count = 0;

	count += q_particular(mundo.hand, &one, &a, &row) == OK ? 1 : 0;
	count += q_particular(mundo.hand, &two, &a, &row) == OK ? 1 : 0;
	count += q_registros_patronales(mundo.hand, &of, &a, &rp) == OK ? 1 : 0;
	return count;
}

/* Whichever allocation fails: nothing of it is there, or all. */
static void test_without_memory(void **state)
{
	static const char text[] = "rfc,nombre,rp,subdelegacion\nMEM000101AA1,A,A0123456103,Norte\n"
				   "MEM000101AA1,,B1234567100,Sur\nMEM000101AA2,B,,\n";
	long n = 0;
	bool failed = true;

	(void)state;
	assert_int_equal(file_write(path, bytes_of_text(text), 0600), OK);
	while (failed) {
		mem_fail_at(++n);
		int code = RUN("padron", "--archivo", path, "--config", conf);

		failed = mem_count() >= n;
		mem_fail_at(0);
		assert_int_equal(count_mem(), code == 0 ? 3 : 0);
		/* It says so, and is never taken for a mistake of the file. */
		assert_true(code == 0 || (code != 65 && *err_text != '\0'));
		if (code == 0)
			sql_run(mundo.config.almacen,
				"DELETE FROM registro_patronal WHERE rfc LIKE 'MEM%'; "
				"DELETE FROM particular WHERE rfc LIKE 'MEM%'");
	}
	assert_true(n > 20);
}

/* ---- one of them ---- */

static void test_alta(void **state)
{
	ARENA(a, MB);

	(void)state;
	assert_int_equal(RUN("alta", "--rfc", "gola-900512-qxa", "--nombre", "ALTA", "--zona",
				 "America/Tijuana", "--inscrito", "2024-09-01", "--rp",
				 "A01-23456-10-3,B12-34567-10-0", "--config", conf),
		0);
	assert_string_equal(out_text, "GOLA900512QXA registrado.\n");
	assert_row("GOLA900512QXA", arena_printf(&a, "ALTA|America/Tijuana|-|%lld|1|2",
					    (long long)zc("2024-09-01 00:00")));
	/* What is not said stays. */
	assert_int_equal(
		RUN("alta", "--rfc", "GOLA900512QXA", "--nombre", "B", "--config", conf), 0);
	assert_row("GOLA900512QXA", arena_printf(&a, "B|America/Tijuana|-|%lld|1|2",
					    (long long)zc("2024-09-01 00:00")));
	assert_int_equal(RUN("alta", "--rfc", "GOLA900512QXA", "--nombre", "B", "--rp",
				 "A01,B12-34567-10-0", "--config", conf),
		65);
	assert_non_null(strstr(err_text, "--rp: «A01» no tiene la forma"));
	assert_int_equal(RUN("alta", "--rfc", "GOLA900512QXA", "--nombre", "B", "--inscrito",
				 "ayer", "--config", conf),
		65);
	assert_non_null(strstr(err_text, "--inscrito: «ayer» no es una fecha"));
}

/* The state of the domicile: on what días inhábiles of one place count depends (R-2, L-5.8). */
static void test_state(void **state)
{
	ARENA(a, MB);
	static const char who[] = "SELECT estado FROM particular WHERE rfc = 'GOLA900512QXA'";
	struct env env = {.arena = &a, .store = mundo.hand, .titular = "GOLA900512QXA"};

	(void)state;
	assert_int_equal(RUN("alta", "--rfc", "GOLA900512QXA", "--nombre", "B", "--estado", "jal",
				 "--config", conf),
		0);
	assert_string_equal(ask(&a, who), "JAL");
	assert_int_equal(particular_read(&env, ""), OK);
	assert_string_equal(env.estado, "JAL");
	/* What is not said stays; a row of a file corrects it, and is told. */
	assert_int_equal(
		RUN("alta", "--rfc", "GOLA900512QXA", "--nombre", "B", "--config", conf), 0);
	assert_string_equal(ask(&a, who), "JAL");
	assert_int_equal(load("rfc,nombre,Estado\nGOLA900512QXA,B,COL\n"), 0);
	assert_non_null(strstr(out_text, "estado"));
	assert_string_equal(ask(&a, who), "COL");
	assert_int_equal(
		load("{\"rfc\":\"GOLA900512QXA\",\"nombre\":\"B\",\"estado\":\"CMX\"}"), 0);
	assert_string_equal(ask(&a, who), "CMX");
	assert_int_equal(load("rfc,nombre,estado\nGOLA900512QXA,B,Jalisco\n"), 65);
	assert_non_null(strstr(err_text, "«Jalisco» no es la clave de un estado"));
	assert_string_equal(ask(&a, who), "CMX");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_report),
		cmocka_unit_test(test_report_json),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_use),
		cmocka_unit_test(test_example),
		cmocka_unit_test(test_woken),
		cmocka_unit_test(test_terms),
		cmocka_unit_test(test_first_by_an_act),
		cmocka_unit_test(test_representatives),
		cmocka_unit_test(test_without_memory),
		cmocka_unit_test(test_alta),
		cmocka_unit_test(test_state),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK || db_setup() != OK)
		return 1;
	return cmocka_run_group_tests(tests, set_up, titular_tear_down);
}
