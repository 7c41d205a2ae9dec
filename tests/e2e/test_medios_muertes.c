/*
 * kill -9 of the server around contact media: right behind the acuse, between the relay's word and
 * its note of it, under a client that waits, under the link of a mail. What a person holds is there
 * when it is back, nothing is half, and nobody is sent another message than the one.
 * L-5.2 L-6.1 L-6.5 L-7.3 A-05 A-06
 */
#include "tests/help/cm.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "tests/help/alto.h"
#include "tests/help/e2e_correo.h"
#include "tests/help/e2e_envio.h"
#include "tests/help/e2e_medios.h"

#define ROOM (64 << 20)
#define CORREO "--correo"
/* One RFC has five places for mails. */
#define DEATHS 5
#define LINK_DEATHS 20

static struct e2e world;
static struct rele rele;

static int open_world(void **state)
{
	const char *given = getenv("BUZON_SEED");
	unsigned seed = given != NULL ? (unsigned)strtoul(given, NULL, 10)
				      : (unsigned)clock_monotonic() ^ (unsigned)getpid() << 16;

	print_message("BUZON_SEED=%u\n", seed);
	srandom(seed);
	*state = &world;
	e2e_open(&world);
	e2e_medios_config(&world, &rele, NULL);
	e2e_medios_padron(&world);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	e2e_close(&world);
	rele_close(&rele);
	return 0;
}

static void nap(long us)
{
	nanosleep(&(struct timespec){.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000}, NULL);
}

static void die(void)
{
	assert_int_equal(e2e_server_stop(&world, SIGKILL), 128 + SIGKILL);
}

/* The server again; messages are tried now, whatever the dead one's leases say. */
static void back(void)
{
	e2e_tareas_ya(&world, "clase = 'correo'");
	e2e_server_start(&world);
}

/* A relay that has seen its id drops the second; from Date on there is no difference to see. */
static void must_be_the_same(struct arena *a, const char *first, const char *second)
{
	assert_string_equal(e2e_message_id(a, first), e2e_message_id(a, second));
	assert_non_null(strstr(first, "\nDate: "));
	assert_string_equal(strstr(first, "\nDate: "), strstr(second, "\nDate: "));
}

/* The message of that address: once, or twice the same. */
static const char *one_message(struct arena *a, const char *address, size_t most)
{
	const char *first = NULL, *second = NULL;

	assert_int_not_equal(rele_messages(&rele, a, address, 1, NULL, NULL), 0);
	size_t n = rele_all(&rele, a, address, &first, &second);

	assert_in_range(n, 1, most);
	if (second != NULL)
		must_be_the_same(a, first, second);
	return e2e_legible(a, first);
}

static void must_prove(const char *perfil, const char *acuse)
{
	ARENA(a, ROOM);
	struct e2e_run r = E2E_RUN(&world, &a, "buzon-tui", "verificar",
		arena_printf(&a, "datos/buzon-tui/%s/acuses/%s.json", perfil, acuse));

	if (r.code != 0)
		fail_msg("%s: %d %s", acuse, r.code, r.err);
}

/* ---- registered, and dead ----------------------------------------------------------------- */

/* Dead before the relay has said a word: what the acuse promised is sent once. */
static void test_before_sending(void **state)
{
	ARENA(a, ROOM);
	const char *yo = e2e_cliente_perfil(&world, 0);

	(void)state;
	rele_hold(&rele, true);
	const char *folio = e2e_medio_nuevo(&world, yo, CORREO, "antes@correo.prueba");

	die();
	rele_hold(&rele, false);
	must_prove(yo, folio);
	back();
	e2e_medio_aviso(&world, yo, folio, "enviado", NULL);
	e2e_medio_valida(
		&world, yo, folio, e2e_codigo(&a, one_message(&a, "antes@correo.prueba", 1)));
}

/* At any instant behind the acuse. */
static void test_behind_the_acuse(void **state)
{
	const char *yo = e2e_cliente_perfil(&world, 0);

	(void)state;
	for (int i = 0; i < DEATHS; i++) {
		ARENA(a, ROOM);
		const char *medio = arena_printf(&a, "detras%d@correo.prueba", i);
		const char *folio = e2e_medio_nuevo(&world, yo, CORREO, medio);

		nap(random() % 30000);
		die();
		must_prove(yo, folio);
		back();
		e2e_medio_aviso(&world, yo, folio, "enviado", NULL);
		e2e_medio_valida(&world, yo, folio, e2e_codigo(&a, one_message(&a, medio, 2)));
	}
}

/* The relay has it, and nobody has noted that: it is sent again as the same message. */
static void test_before_noting(void **state)
{
	ARENA(a, ROOM);
	const char *yo = e2e_cliente_perfil(&world, 0);

	(void)state;
	/* It has all of it and thinks; who asked is not there to hear what it says then. */
	const char *folio = e2e_medio_nuevo(&world, yo, CORREO, "medita@correo.prueba");

	rele_wait_taken(&rele);
	assert_true(alto(world.server));
	assert_int_equal(rele_messages(&rele, &a, "medita@correo.prueba", 1, NULL, NULL), 1);
	die();
	e2e_server_start(&world);
	e2e_medio_aviso(&world, yo, folio, "por-enviar", NULL);
	/* Its lease still runs: the first errand might, for all that anybody knows. */
	assert_int_equal(e2e_number(&world,
				 arena_printf(&a, "SELECT turno FROM tarea WHERE clave LIKE '%%%s'",
					 e2e_medio_envio(&world, folio))),
		1);
	die();
	back();
	e2e_medio_aviso(&world, yo, folio, "enviado", NULL);
	assert_int_equal(rele_messages(&rele, &a, "medita@correo.prueba", 2, NULL, NULL), 2);
	(void)one_message(&a, "medita@correo.prueba", 2);
}

/* Dead under the client's hands: it goes on asking, and gets the acuse of the one there is. */
static void test_under_a_client(void **state)
{
	const char *yo = e2e_cliente_perfil(&world, 0);
	int again = 0;

	(void)state;
	for (int i = 0; i < DEATHS; i++) {
		ARENA(a, ROOM);
		const char *medio = arena_printf(&a, "durante%d@correo.prueba", i);
		const char *const line[] = {"buzon-tui", "--perfil", yo, "medio", "nuevo", CORREO,
			medio, "--si", "--json", NULL};
		pid_t pid = e2e_spawn(&world, "alta", line);

		nap(20000 + random() % 120000);
		die();
		back();
		int code = e2e_wait(pid, 60000);

		/* Before it signed it gives up, and says why; behind it the same bytes go again. */
		if (code != 0) {
			assert_true(code == err_exit(ERR_NETWORK) || code == err_exit(ERR_CUT));
			again++;
			struct e2e_run r = E2E_RUN(&world, &a, "buzon-tui", "--perfil", yo, "medio",
				"nuevo", CORREO, medio, "--si");

			if (r.code != 0)
				fail_msg("%d %s", r.code, r.err);
		}
		const char *folio = e2e_text(&world, &a,
			arena_printf(&a, "SELECT folio FROM medio WHERE valor = '%s'", medio));

		assert_int_equal(e2e_number(&world, arena_printf(&a,
							    "SELECT count(*) FROM medio WHERE "
							    "valor = '%s'",
							    medio)),
			1);
		must_prove(yo, folio);
		e2e_medio_aviso(&world, yo, folio, "enviado", NULL);
		(void)one_message(&a, medio, 2);
	}
	print_message("%d of %d clients were asked again\n", again, DEATHS);
}

/* ---- the link ----------------------------------------------------------------------------- */

/* Posts the empty form; the page, "" where nothing or not all of it came. */
static const char *press(struct arena *a, const char *enlace, long die_after_us)
{
	const char *const line[] = {"curl", "-ksS", "-d", "", enlace, NULL};
	pid_t pid = e2e_spawn(&world, "enlace", line);

	if (die_after_us >= 0) {
		nap(die_after_us);
		die();
	}
	return e2e_wait(pid, 60000) == 0 ? e2e_file(&world, a, "enlace.out") : "";
}

/* Validated with its acuse, its notice and the end of what it replaces; or nothing of that. */
static bool must_be_whole(const char *folio, const char *replaced)
{
	ARENA(a, ROOM);
	const char *sql = arena_printf(&a,
		"SELECT (SELECT count(*) FROM medio WHERE folio = '%s' AND validado IS NOT NULL) "
		"+ (SELECT count(*) FROM medio m JOIN acuse c ON c.folio = m.acuse_validacion "
		"WHERE m.folio = '%s') + (SELECT count(*) FROM envio WHERE medio = '%s' AND "
		"plantilla = 'validado_correo') + (SELECT count(*) FROM medio WHERE folio = '%s' "
		"AND motivo = 'sustituido' AND acuse_baja = (SELECT acuse_validacion FROM medio "
		"WHERE folio = '%s'))",
		folio, folio, folio, replaced, folio);
	int64_t parts = e2e_number(&world, sql);

	if (parts != 0 && parts != (*replaced != '\0' ? 4 : 3))
		fail_msg("%s is half validated: %lld", folio, (long long)parts);
	return parts != 0;
}

/* How long an undisturbed one takes: what deaths are aimed at. */
static long measure(void)
{
	ARENA(a, ROOM);
	const char *yo = e2e_cliente_perfil(&world, 0);
	const char *folio = e2e_medio_nuevo(&world, yo, CORREO, "medida@correo.prueba");
	const char *mail = one_message(&a, "medida@correo.prueba", 1);
	int64_t start = clock_monotonic();

	assert_non_null(strstr(press(&a, e2e_enlace(&a, mail), -1), "quedó validado"));
	assert_true(must_be_whole(folio, ""));
	return (long)(clock_monotonic() - start) * 1000;
}

static void test_under_a_link(void **state)
{
	long us = measure() * 5 / 4;
	int early = 0;
	int late = 0;

	(void)state;
	for (int who = 0; who < LINK_DEATHS / 4; who++) {
		ARENA(a, ROOM);
		const char *yo = e2e_cliente_perfil(&world, 0);
		const char *before = "";

		for (int i = 0; i < 4; i++) {
			const char *medio = arena_printf(&a, "liga%d-%d@correo.prueba", who, i);
			struct e2e_run r = E2E_RUN(&world, &a, "buzon-tui", "--perfil", yo, "medio",
				"nuevo", CORREO, medio, "--si", "--json",
				*before != '\0' ? "--reemplaza" : NULL, before);

			if (r.code != 0)
				fail_msg("%d %s", r.code, r.err);
			const char *folio = e2e_json(&a, r.out, "folio");
			const char *enlace = e2e_enlace(&a, one_message(&a, medio, 2));
			const char *page = press(&a, enlace, random() % us);
			bool done = must_be_whole(folio, before);

			/* What was answered stays. */
			assert_true(done || strstr(page, "quedó validado") == NULL);
			early += !done;
			late += done;
			e2e_server_start(&world);
			page = press(&a, enlace, -1);
			assert_non_null(strstr(
				page, done ? "ya estaba validado" : "Tu correo quedó validado"));
			assert_true(must_be_whole(folio, before));
			before = folio;
		}
	}
	print_message("%d deaths before it was validated, %d behind\n", early, late);
}

#define EACH(f) cmocka_unit_test_teardown(f, e2e_almacen_limpio)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(test_before_sending),
		EACH(test_behind_the_acuse),
		EACH(test_before_noting),
		EACH(test_under_a_client),
		EACH(test_under_a_link),
	};

	if (!rele_open(&rele)) {
		printf("skip medios_muertes: exim4 takes root\n");
		return 0;
	}
	return cmocka_run_group_tests(tests, open_world, close_world);
}
