/*
 * What an operator does to keep what is stored, with a server and a client at work: one server a
 * file, a proof of all of it, a copy, and the copy in its place. L-6.1 L-6.5
 */
#include "tests/help/cm.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "base/file.h"
#include "tests/help/e2e.h"

#define ROOM (16 * 1024 * 1024)
#define OPENINGS "SELECT count(*) FROM acto WHERE ruta = 'notificacion_abrir' AND estado = 200"

static struct e2e world;

static int open_world(void **state)
{
	(void)state;
	e2e_open(&world);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	e2e_close(&world);
	return 0;
}

static void open_folio(const char *folio)
{
	ARENA(a, ROOM);
	struct e2e_run r = E2E_RUN(
		&world, &a, "buzon-tui", "abrir", folio, "--si", "--json", "--perfil", "fisica");

	if (r.code != 0)
		fail_msg("abrir: %d %s", r.code, r.err);
}

static void must_prove(void)
{
	ARENA(a, ROOM);
	struct e2e_run r =
		E2E_RUN(&world, &a, "buzond", "verificar-almacen", "--config", "buzond.ini");

	if (r.code != 0)
		fail_msg("verificar-almacen: %d %s%s", r.code, r.out, r.err);
	assert_non_null(strstr(r.out, " Fallas: 0.\n"));
}

/* The same file, another port: so that only the lock is in its way. */
static const char *second_config(struct arena *a)
{
	const char *text = e2e_file(&world, a, "buzond.ini");
	const char *port = strstr(text, "puerto = ");
	const char *rest = strchr(port, '\n');
	const char *made = arena_printf(a, "%.*spuerto = 0%s", (int)(port - text), text, rest);

	assert_int_equal(
		file_write(e2e_path(&world, a, "segundo.ini"), bytes_of_text(made), 0600), OK);
	return "segundo.ini";
}

static void test_one_server(void **state)
{
	ARENA(a, ROOM);
	const char *config = second_config(&a);

	(void)state;
	struct e2e_run r = E2E_RUN(&world, &a, "buzond", "servir", "--config", config);

	assert_int_equal(r.code, err_exit(ERR_STORE_TAKEN));
	assert_non_null(strstr(r.err, "Otro buzond atiende ese almacén"));
	assert_string_equal(r.out, "");
	/* The lock ends with its process, however that ends: the next one is up at once. */
	for (int i = 0; i < 5; i++) {
		assert_int_equal(e2e_server_stop(&world, SIGKILL), 128 + SIGKILL);
		e2e_server_start(&world);
	}
	must_prove();
}

/* Acts with real OCSP answers, verbs beside the server, then back to what the copy holds. */
static void test_back_and_forth(void **state)
{
	ARENA(a, ROOM);
	const char *one = e2e_notificar(&world, E2E_FISICA);
	const char *two = e2e_notificar(&world, E2E_FISICA);

	(void)state;
	open_folio(one);
	must_prove();
	int64_t before = e2e_number(&world, OPENINGS);
	struct e2e_run r = E2E_RUN(
		&world, &a, "buzond", "respaldar", "--a", "copia.db", "--config", "buzond.ini");

	if (r.code != 0)
		fail_msg("respaldar: %d %s", r.code, r.err);
	open_folio(two);
	assert_int_equal(e2e_number(&world, OPENINGS), before + 1);
	r = E2E_RUN(&world, &a, "buzond", "restaurar", "--de", "copia.db", "--si", "--config",
		"buzond.ini");
	assert_int_equal(r.code, err_exit(ERR_STORE_TAKEN));
	assert_non_null(strstr(r.err, "deténlo"));
	assert_int_equal(e2e_server_stop(&world, SIGTERM), 0);
	r = E2E_RUN(&world, &a, "buzond", "restaurar", "--de", "copia.db", "--si", "--config",
		"buzond.ini");
	if (r.code != 0)
		fail_msg("restaurar: %d %s", r.code, r.err);
	assert_non_null(strstr(r.out, "El almacén anterior quedó en "));
	e2e_server_start(&world);
	assert_int_equal(e2e_number(&world, OPENINGS), before);
	must_prove();
	/* The client goes on from there, with an act that the copy never saw. */
	open_folio(e2e_notificar(&world, E2E_FISICA));
	assert_int_equal(e2e_number(&world, OPENINGS), before + 1);
	must_prove();
	assert_int_equal(
		e2e_number(&world, "SELECT count(*) FROM acto WHERE revocacion = 'comprobada'") > 0,
		1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_server),
		cmocka_unit_test(test_back_and_forth),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
