/*
 * The seal in a service of its own, that a server without its key asks: opening gives its acuse,
 * and when either, or both, die in the middle of it, the acuse is there once.
 * L-6.1 L-6.5 L-7.9
 */
#include "tests/help/cm.h"
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "tests/help/e2e_sello.h"
#include "tests/help/pki.h"

#define ROOM (32 * 1024 * 1024)
#define OPENINGS "SELECT count(*) FROM acto WHERE ruta = 'notificacion_abrir' AND estado = 200"
#ifdef __SANITIZE_ADDRESS__
#define DEATHS 8
#else
#define DEATHS 30
#endif

static struct e2e world;
static struct e2e_sello seal;

static int open_world(void **state)
{
	static const char *const none[] = {NULL};

	(void)state;
	e2e_open(&world);
	e2e_sello_open(&seal, &world, none);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	if (seal.service > 0)
		(void)e2e_sello_stop(&seal, SIGKILL);
	e2e_close(&world);
	return 0;
}

static struct e2e_run open_folio(struct arena *a, const char *folio)
{
	return E2E_RUN(&world, a, "buzon-tui", "abrir", folio, "--si", "--json");
}

static void must_be_once(struct arena *a, const char *folio)
{
	const char *acuse = e2e_text(&world, a,
		arena_printf(a, "SELECT acuse FROM notificacion WHERE folio = '%s'", folio));

	if (acuse == NULL)
		fail_msg("%s has no acuse", folio);
	assert_int_equal(e2e_acuses_of(&world, folio), 1);
	struct e2e_run r = E2E_RUN(&world, a, "buzon-tui", "verificar",
		arena_printf(a, "datos/buzon-tui/fisica/acuses/%s.json", acuse));

	if (r.code != 0)
		fail_msg("acuse %s of %s: %d %s", acuse, folio, r.code, r.err);
}

static void test_opens(void **state)
{
	ARENA(a, ROOM);
	const char *folio = e2e_notificar(&world, E2E_FISICA);
	struct e2e_run r = open_folio(&a, folio);

	(void)state;
	if (r.code != 0)
		fail_msg("abrir: %d %s", r.code, r.err);
	must_be_once(&a, folio);
	/* The service tells whose it was, and the server has no key to tell of. */
	assert_non_null(strstr(e2e_file(&world, &a, "sellar.err"), "info sello: BI-"));
	assert_null(strstr(e2e_file(&world, &a, "buzond.ini"), "sello.key"));
}

/* The server goes on where the service was killed and came back, without being told. */
static void test_service_comes_back(void **state)
{
	ARENA(a, ROOM);
	const char *folio = e2e_notificar(&world, E2E_FISICA);

	(void)state;
	assert_int_equal(e2e_sello_stop(&seal, SIGKILL), 128 + SIGKILL);
	struct e2e_run r = open_folio(&a, folio);

	assert_int_not_equal(r.code, 0);
	assert_non_null(strstr(r.err, "no pudo sellar"));
	assert_null(e2e_text(&world, &a,
		arena_printf(&a, "SELECT acuse FROM notificacion WHERE folio = '%s'", folio)));
	e2e_sello_start(&seal);
	r = open_folio(&a, folio);
	if (r.code != 0)
		fail_msg("again: %d %s", r.code, r.err);
	must_be_once(&a, folio);
}

/* Both at once, at any instant of the opening. */
static void test_both_die_in_the_middle(void **state)
{
	ARENA(a, 8 * ROOM);
	const char *folio = e2e_notificar(&world, E2E_FISICA);
	int64_t start = clock_monotonic();
	int whole = 0;

	(void)state;
	assert_int_equal(open_folio(&a, folio).code, 0);
	long us = (long)(clock_monotonic() - start) * 1000;
	unsigned seed = (unsigned)start;

	print_message("seed %u, %ld us\n", seed, us);
	srandom(seed);
	for (int i = 0; i < DEATHS; i++) {
		int64_t before = e2e_number(&world, OPENINGS);

		folio = e2e_notificar(&world, E2E_FISICA);
		pid_t client = e2e_spawn(&world, "cliente",
			(const char *const[]){"buzon-tui", "abrir", folio, "--si", "--json", NULL});

		usleep((useconds_t)(random() % us));
		assert_int_equal(kill(seal.service, SIGKILL), 0);
		assert_int_equal(kill(world.server, SIGKILL), 0);
		assert_int_equal(e2e_sello_stop(&seal, SIGKILL), 128 + SIGKILL);
		assert_int_equal(e2e_server_stop(&world, SIGKILL), 128 + SIGKILL);
		e2e_sello_start(&seal);
		e2e_server_start(&world);
		/* It tries again for a while by itself; whatever it says, what follows decides. */
		whole += e2e_wait(client, 60000) == 0;
		struct e2e_run r = open_folio(&a, folio);

		if (r.code != 0 && strstr(r.err, err_wire(ERR_ALREADY_OPENED)) == NULL)
			fail_msg("again: %d %s", r.code, r.err);
		must_be_once(&a, folio);
		assert_int_equal(e2e_number(&world, OPENINGS), before + 1);
	}
	print_message("%d of %d got their acuse from the first try\n", whole, DEATHS);
}

/* Who has nobody to ask says whom to start; who has another certificate says that. */
static void test_server_says_what_is_missing(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	assert_int_equal(e2e_server_stop(&world, SIGTERM), 0);
	assert_int_equal(e2e_sello_stop(&seal, SIGTERM), 0);
	struct e2e_run r = E2E_RUN(&world, &a, "buzond", "servir", "--config", "buzond.ini");

	assert_int_equal(r.code, 69);
	assert_string_equal(r.out, "");
	assert_non_null(strstr(r.err, "arranca buzond sellar"));
	assert_non_null(strstr(r.err, seal.socket));
	e2e_sello_start(&seal);
	r = E2E_RUN(&world, &a, "buzond", "sellar", "--config", "sello/sello.conf");
	assert_int_equal(r.code, 69);
	assert_non_null(strstr(r.err, "contesta ya en"));
	r = E2E_RUN(&world, &a, "sh", "-c",
		arena_printf(&a,
			"sed 's|^certificado = .*|certificado = %s/fisica.cer|' buzond.ini >otro.ini",
			pki_dir()));
	assert_int_equal(r.code, 0);
	r = E2E_RUN(&world, &a, "buzond", "servir", "--config", "otro.ini");
	assert_int_equal(r.code, 65);
	assert_non_null(strstr(r.err, "usa otro certificado"));
	e2e_server_start(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_opens),
		cmocka_unit_test(test_service_comes_back),
		cmocka_unit_test(test_both_die_in_the_middle),
		cmocka_unit_test(test_server_says_what_is_missing),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
