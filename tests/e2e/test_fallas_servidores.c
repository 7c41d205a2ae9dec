/*
 * Two servers on one PostgreSQL, and kill -9 of one of them: at any instant, and between a COMMIT
 * and its answer. Whoever had no answer sends the same bytes to the other and gets its one acuse.
 * L-6.1 L-6.5 L-7.6 P-13
 */
#include "tests/help/cm.h"
#include <signal.h>
#include <stdlib.h>
#include "tests/help/fallas.h"

#define DEATHS 18
#define AIMED 8
#define EACH 4000

static struct fallas f;

static int open_world(void **state)
{
	(void)state;
	fallas_open(&f, true);
	fallas_serve(&f, EACH);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	fallas_close(&f);
	return 0;
}

/* Dies with its threads in any state, and comes back while the other one carries the load. */
static void die_and_return(struct e2e_servidor *s)
{
	assert_false(e2e_servidor_dead(s));
	assert_int_equal(e2e_servidor_stop(s, SIGKILL), 128 + SIGKILL);
	carga_wait(&f.carga, CARGA_PERSONAS, 20000);
	e2e_servidor_start(&f.world, s);
}

static void test_dies_at_any_instant(void **state)
{
	(void)state;
	carga_start(&f.carga, 0);
	for (int i = 0; i < DEATHS; i++) {
		fallas_pause(random() % 400);
		die_and_return(&f.servers[random() % FALLAS_SERVIDORES]);
	}
	carga_wait(&f.carga, 5 * CARGA_PERSONAS, 20000);
	carga_stop(&f.carga);
	carga_check(&f.carga, "18 deaths of a server");
}

/* The server dies before it can know that its transaction is committed. */
static enum pg_verdict kill_committed(struct pg_relay *r, enum pg_step step)
{
	const struct e2e_servidor *s = r->context;

	if (step != PG_COMMIT_DONE)
		return PG_FORWARD;
	kill(s->pid, SIGKILL);
	pg_relay_judge(r, NULL);
	return PG_CUT;
}

static void test_dies_between_commit_and_answer(void **state)
{
	size_t before = carga_again(&f.carga);

	(void)state;
	carga_start(&f.carga, 0);
	for (int i = 0; i < AIMED; i++) {
		struct pg_relay *r = &f.relays[i % FALLAS_SERVIDORES];
		struct e2e_servidor *s = &f.servers[i % FALLAS_SERVIDORES];

		fallas_pause(random() % 150);
		pg_relay_judge(r, kill_committed);
		assert_int_equal(e2e_wait(s->pid, 20000), 128 + SIGKILL);
		s->pid = 0;
		pg_relay_judged(r);
		carga_wait(&f.carga, CARGA_PERSONAS, 20000);
		e2e_servidor_start(&f.world, s);
	}
	carga_stop(&f.carga);
	/* Each of those deaths cost at least one client its answer. */
	assert_in_range(carga_again(&f.carga), before + AIMED, SIZE_MAX);
	carga_check(&f.carga, "8 deaths between COMMIT and answer");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dies_at_any_instant),
		cmocka_unit_test(test_dies_between_commit_and_answer),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
