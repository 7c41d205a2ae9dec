/*
 * The server when something breaks beside it: the sealing process dies, the disk fills, many come
 * at once. What was not acknowledged can be sent again and is done once (L-6.1, L-6.5).
 */
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include "base/secret.h"
#include "tests/help/cm.h"
#include "tests/help/core_titular.h"
#include "tests/help/pg.h"

static int64_t ready;

static int set_up(void **state)
{
	int failed = titular_set_up(state);

	ready = mundo_ready(&mundo);
	return failed;
}

static struct received signed_opening(struct arena *a)
{
	struct m_notificacion_abrir m = titular_opening(a, mundo_aviso(&mundo, rfc, ready), ready);

	return mundo_request(&mundo, a, ROUTE_ID_notificacion_abrir, &m, &by_fisica);
}

static void test_sealing_process_dies(void **state)
{
	ARENA(a, 8 << 20);
	struct received rq = signed_opening(&a);
	struct exchange *x;

	(void)state;
	assert_true(sealer_pid(mundo.sealer) > 1);
	assert_int_equal(kill(sealer_pid(mundo.sealer), SIGKILL), 0);
	x = mundo_call(&mundo, &a, &rq);
	/* Found dead in the middle: 503; the very same bytes are an acuse at the next try. */
	if (x->status != 200) {
		assert_string_equal(mundo_error(&a, x), "sello-no-disponible");
		x = mundo_call(&mundo, &a, &rq);
	}
	assert_int_equal(x->status, 200);
}

static void limit_files(rlim_t bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void test_disk_full(void **state)
{
	(void)state;
	if (pg_wanted()) /* its files are not this process's */
		skip();
	ARENA(a, 8 << 20);
	struct received rq = signed_opening(&a);

	signal(SIGXFSZ, SIG_IGN);
	limit_files(4096);
	struct exchange *x = mundo_call(&mundo, &a, &rq);

	limit_files(RLIM_INFINITY);
	assert_int_equal(x->status, 503);
	x = mundo_call(&mundo, &a, &rq);
	assert_int_equal(x->status, 200);
}

/* Two openings of one notification in one group: one acuse, one refusal. */
static void test_two_open_the_same(void **state)
{
	ARENA(a, 8 << 20);
	struct m_notificacion_abrir m = titular_opening(&a, mundo_aviso(&mundo, rfc, ready), ready);
	struct exchange *xs[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		xs[i] = arena_zalloc(&a, sizeof(*xs[i]));
		xs[i]->arena = &a;
		xs[i]->rq = mundo_request(&mundo, &a, ROUTE_ID_notificacion_abrir, &m, &by_fisica);
		assert_int_equal(serve_check(&mundo.server, xs[i]), SERVE_ACT);
	}
	writer_group(mundo.writer, xs, 2);
	assert_int_equal(xs[0]->status, 200);
	assert_string_equal(mundo_error(&a, xs[1]), "ya-notificada");
}

static void count_done(struct exchange *x)
{
	__atomic_fetch_add((int *)x->user, 1, __ATOMIC_SEQ_CST);
}

static void test_thread_and_queue(void **state)
{
	enum { N = 40 };
	ARENA(a, 64 << 20);
	struct exchange *xs[N];
	int done = 0;

	(void)state;
	for (int i = 0; i < N; i++) {
		xs[i] = arena_zalloc(&a, sizeof(*xs[i]));
		xs[i]->arena = &a;
		xs[i]->rq = signed_opening(&a);
		xs[i]->done = count_done;
		xs[i]->user = &done;
		assert_int_equal(serve_check(&mundo.server, xs[i]), SERVE_ACT);
	}
	assert_int_equal(writer_start(mundo.writer), OK);
	for (int i = 0; i < N; i++)
		assert_int_equal(writer_submit(mundo.writer, xs[i]), OK);
	/* Closing finishes what is queued. */
	mundo_restart(&mundo);
	assert_int_equal(__atomic_load_n(&done, __ATOMIC_SEQ_CST), N);
	for (int i = 0; i < N; i++)
		assert_int_equal(xs[i]->status, 200);
}

static void test_full_queue(void **state)
{
	ARENA(a, 8 << 20);
	struct exchange x = {.arena = &a, .rq = signed_opening(&a)};

	(void)state;
	mundo.config.cola = 0;
	mundo_restart(&mundo);
	assert_int_equal(serve_check(&mundo.server, &x), SERVE_ACT);
	assert_int_equal(writer_submit(mundo.writer, &x), ERR_UNAVAILABLE);
	mundo.config.cola = 1000;
	mundo_restart(&mundo);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sealing_process_dies),
		cmocka_unit_test(test_disk_full),
		cmocka_unit_test(test_two_open_the_same),
		cmocka_unit_test(test_thread_and_queue),
		cmocka_unit_test(test_full_queue),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, set_up, titular_tear_down);
}
