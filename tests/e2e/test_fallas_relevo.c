/*
 * Servers are replaced one by one while they are worked with: by themselves, and by the next
 * version with its schema, beside which the old program goes on. No act is refused, none is lost.
 * Where the schema has left it behind, an old program says so and does not start.
 * L-6.1 L-6.5 P-13
 */
#include "tests/help/cm.h"
#include <signal.h>
#include "base/err.h"
#include "tests/help/fallas.h"

#define EACH 4000
#define RESTARTS 8
#define ROOM (1 << 20)
#define NEXT "SELECT COUNT(*) FROM information_schema.columns WHERE column_name = 'urgencia'"

static struct fallas f;

static int open_world(void **state)
{
	(void)state;
	fallas_open(&f, false);
	fallas_serve(&f, EACH);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	fallas_close(&f);
	return 0;
}

/* Ends in order, and its place is taken by that program. */
static void relieve(struct e2e_servidor *s, const char *program)
{
	assert_int_equal(e2e_servidor_stop(s, SIGTERM), 0);
	carga_wait(&f.carga, CARGA_PERSONAS, 20000);
	s->program = program;
	e2e_servidor_start(&f.world, s);
}

/* That one answers, not only the other. */
static void must_work(const struct e2e_servidor *s)
{
	size_t before = carga_answered_by(&f.carga, s->port);

	for (int ms = 0; carga_answered_by(&f.carga, s->port) < before + CARGA_PERSONAS; ms += 5) {
		if (ms > 20000)
			fail_msg("%s does no work", s->name);
		fallas_pause(5);
	}
}

static void test_one_by_one(void **state)
{
	(void)state;
	carga_start(&f.carga, 0);
	for (int i = 0; i < RESTARTS; i++) {
		relieve(&f.servers[i % FALLAS_SERVIDORES], NULL);
		must_work(&f.servers[i % FALLAS_SERVIDORES]);
	}
	carga_stop(&f.carga);
	carga_check(&f.carga, "8 restarts");
}

static void test_schema_rolls(void **state)
{
	(void)state;
	assert_int_equal(e2e_number(&f.world, NEXT), 0);
	carga_start(&f.carga, 0);
	carga_wait(&f.carga, CARGA_PERSONAS, 20000);
	relieve(&f.servers[0], "buzond-siguiente");
	assert_int_equal(e2e_number(&f.world, NEXT), 1);
	must_work(&f.servers[0]);
	/* The old one on the new schema: as it ran, and started there. */
	must_work(&f.servers[1]);
	relieve(&f.servers[1], NULL);
	must_work(&f.servers[1]);
	relieve(&f.servers[1], "buzond-siguiente");
	must_work(&f.servers[1]);
	carga_stop(&f.carga);
	carga_check(&f.carga, "the next version's schema");
}

static void test_left_behind(void **state)
{
	ARENA(a, ROOM);
	int code = 0;

	(void)state;
	assert_int_equal(e2e_servidor_stop(&f.servers[0], SIGTERM), 0);
	assert_int_equal(e2e_servidor_stop(&f.servers[1], SIGTERM), 0);
	f.servers[0].program = "buzond-ruptura";
	e2e_servidor_start(&f.world, &f.servers[0]);
	f.servers[1].program = NULL;
	assert_false(e2e_servidor_try(&f.world, &f.servers[1], &code));
	assert_int_equal(code, err_exit(ERR_STORE_NEWER));
	assert_non_null(strstr(
		e2e_servidor_log(&f.world, &a, &f.servers[1]), err_sentence(ERR_STORE_NEWER)));
	/* And the new one is none the worse for it. */
	f.carga.ports[1] = f.servers[0].port;
	carga_start(&f.carga, 5);
	carga_stop(&f.carga);
	carga_check(&f.carga, "the version that breaks");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_by_one),
		cmocka_unit_test(test_schema_rolls),
		cmocka_unit_test(test_left_behind),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
