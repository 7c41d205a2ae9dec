/*
 * What two servers must agree on at the same instant: one act at both, two acts on one
 * notification, who hears of a commit, and who has asked how often.
 * L-6.1 L-6.5 L-7.3 L-7.6 A-05
 */
#include "tests/help/cm.h"
#include <signal.h>
#include <stdio.h>
#include "base/clock.h"
#include "base/err.h"
#include "tests/help/e2e_filas.h"
#include "tests/help/fallas.h"
#include "tests/help/pki.h"

#define ROUNDS 100
#define POLLS 6
#define HEARD_MS 1000
#define EACH 600
#define ROOM (8 * 1024 * 1024)
#define WAIT_MS 20000

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

/* ---- at the same instant ------------------------------------------------------------------ */

/* One sending of two; each by connections of its own. */
struct shot {
	struct carga_persona persona;
	struct arena arena;
	unsigned port;
	struct carga_acto act;
	struct carga_respuesta answer;
	pthread_barrier_t *start;
	int64_t ended; /* monotonic ms */
};

static void *shoot(void *context)
{
	struct shot *s = context;

	if (s->start != NULL)
		pthread_barrier_wait(s->start);
	carga_enviar(&s->persona, &s->arena, s->port, &s->act, WAIT_MS, &s->answer);
	s->ended = clock_monotonic();
	return NULL;
}

static void load(struct shot *s, const struct carga_cliente *k, unsigned port)
{
	*s = (struct shot){.persona = k->persona, .port = port};
	s->persona.out = NULL;
	assert_int_equal(http_out_open(&s->persona.out), OK);
}

static void unload(struct shot *s)
{
	http_out_close(s->persona.out);
	arena_free(&s->arena);
}

static void shoot_both(struct shot shots[2])
{
	pthread_barrier_t start;
	pthread_t threads[2];

	pthread_barrier_init(&start, NULL, 2);
	for (int i = 0; i < 2; i++) {
		shots[i].start = &start;
		assert_int_equal(pthread_create(&threads[i], NULL, shoot, &shots[i]), 0);
	}
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&start);
}

static void must_be(const struct shot *s, int status)
{
	if (s->answer.err != OK || s->answer.status != status)
		fail_msg("at %u: %s %d %.*s", s->port, err_wire(s->answer.err), s->answer.status,
			(int)s->answer.body.size, (const char *)s->answer.body.data);
}

static void must_keep(
	struct carga_cliente *k, const struct shot *s, const char *folio, int64_t sent)
{
	ARENA(a, ROOM);
	const char *acuse = NULL;
	const char *wrong = carga_probar(&a, k, folio, &s->act, &s->answer, sent, &acuse);

	if (wrong != NULL)
		fail_msg("%s: %s", folio, wrong);
	assert_int_equal(carga_guardar(k, folio, acuse, &s->act, s->answer.body, s->port), OK);
}

static void refill(struct shot *s)
{
	arena_free(&s->arena);
	arena_init(&s->arena, ROOM);
}

/* The two that a round sends, each signed by itself or the second a copy of the first. */
static void sign_both(struct carga_cliente *k, const char *folio, struct shot shots[2], bool copy)
{
	for (int i = 0; i < 2; i++)
		refill(&shots[i]);
	assert_int_equal(carga_firmar_apertura(&shots[0].arena, k, folio, &shots[0].act), OK);
	shots[1].act = shots[0].act;
	if (!copy)
		assert_int_equal(
			carga_firmar_apertura(&shots[1].arena, k, folio, &shots[1].act), OK);
}

static void test_one_act_at_both(void **state)
{
	struct carga_cliente *k = &f.carga.clientes[0];
	struct shot shots[2];

	(void)state;
	for (int i = 0; i < 2; i++)
		load(&shots[i], k, f.servers[i].port);
	for (int i = 0; i < ROUNDS; i++) {
		char folio[32];
		int64_t sent = pki_now();

		carga_folio(k, k->count, folio);
		sign_both(k, folio, shots, true);
		shoot_both(shots);
		must_be(&shots[0], 200);
		must_be(&shots[1], 200);
		assert_true(bytes_equal(shots[0].answer.body, shots[1].answer.body));
		must_keep(k, &shots[0], folio, sent);
	}
	for (int i = 0; i < 2; i++)
		unload(&shots[i]);
	carga_check(&f.carga, "one act at both, 100 times");
}

static void test_two_acts_on_one(void **state)
{
	struct carga_cliente *k = &f.carga.clientes[1];
	struct shot shots[2];
	int won[2] = {0};

	(void)state;
	for (int i = 0; i < 2; i++)
		load(&shots[i], k, f.servers[i].port);
	for (int i = 0; i < ROUNDS; i++) {
		char folio[32];
		int64_t sent = pki_now();

		carga_folio(k, k->count, folio);
		sign_both(k, folio, shots, false);
		shoot_both(shots);
		int first = shots[0].answer.status == 200 ? 0 : 1;

		must_be(&shots[first], 200);
		must_be(&shots[1 - first], err_http(ERR_ALREADY_OPENED));
		assert_non_null(strstr((const char *)shots[1 - first].answer.body.data,
			err_wire(ERR_ALREADY_OPENED)));
		must_keep(k, &shots[first], folio, sent);
		won[first]++;
	}
	for (int i = 0; i < 2; i++)
		unload(&shots[i]);
	print_message("the first server won %d, the other %d\n", won[0], won[1]);
	carga_check(&f.carga, "two acts on one notification, 100 times");
}

/* A change has a number of its own in its mailbox, or a synchronisation would pass over it. */
static void test_two_in_one_mailbox(void **state)
{
	struct carga_cliente *k = &f.carga.clientes[3];
	struct shot shots[2];

	(void)state;
	for (int i = 0; i < 2; i++)
		load(&shots[i], k, f.servers[i].port);
	for (int i = 0; i < ROUNDS; i++) {
		char folios[2][32];
		int64_t sent = pki_now();

		for (int n = 0; n < 2; n++) {
			carga_folio(k, k->count + (size_t)n, folios[n]);
			refill(&shots[n]);
			assert_int_equal(
				carga_firmar_apertura(&shots[n].arena, k, folios[n], &shots[n].act),
				OK);
		}
		shoot_both(shots);
		for (int n = 0; n < 2; n++) {
			must_be(&shots[n], 200);
			must_keep(k, &shots[n], folios[n], sent);
		}
	}
	for (int i = 0; i < 2; i++)
		unload(&shots[i]);
	assert_int_equal(
		e2e_number(&f.world, "SELECT COUNT(*) FROM (SELECT titular, seq FROM notificacion "
				     "GROUP BY titular, seq HAVING COUNT(*) > 1) AS twice"),
		0);
	carga_check(&f.carga, "two acts in one mailbox, 100 times");
}

/* ---- who hears of it ---------------------------------------------------------------------- */

static void cursor_of(const struct carga_respuesta *r, char ret[80])
{
	ARENA(a, ROOM);
	struct m_sincronizado m;

	assert_int_equal(
		codec_decode(&a, &message_sincronizado, CODEC_TOLERANT, r->body, &m, NULL), OK);
	snprintf(ret, 80, "%s", m.cursor);
}

/* Reads all there is at that server, and waits for more. */
static pthread_t wait_at(struct shot *s)
{
	struct m_sincronizar m = {0};
	char cursor[80] = "0.0.0";
	pthread_t thread;

	for (int pages = 0; pages < 10; pages++) {
		char before[80];

		snprintf(before, sizeof(before), "%s", cursor);
		refill(s);
		m.cursor = cursor;
		assert_int_equal(
			carga_firmar(&s->arena, &s->persona, ROUTE_ID_sincronizar, &m, &s->act),
			OK);
		(void)shoot(s);
		must_be(s, 200);
		cursor_of(&s->answer, cursor);
	}
	m.espera_s = 30;
	refill(s);
	assert_int_equal(
		carga_firmar(&s->arena, &s->persona, ROUTE_ID_sincronizar, &m, &s->act), OK);
	assert_int_equal(pthread_create(&thread, NULL, shoot, s), 0);
	fallas_pause(300);
	return thread;
}

static void must_have_heard(struct shot *s, pthread_t thread, int64_t told, const char *folio)
{
	pthread_join(thread, NULL);
	must_be(s, 200);
	assert_non_null(strstr((const char *)s->answer.body.data, folio));
	if (s->ended > told + HEARD_MS)
		fail_msg("heard of it %lld ms later", (long long)(s->ended - told));
}

static void test_hears_of_the_others_act(void **state)
{
	struct carga_cliente *k = &f.carga.clientes[2];

	(void)state;
	for (int i = 0; i < POLLS; i++) {
		struct shot poll, act;
		char folio[32];
		int64_t sent = pki_now();

		load(&poll, k, f.servers[1 - i % 2].port);
		load(&act, k, f.servers[i % 2].port);
		pthread_t thread = wait_at(&poll);

		carga_folio(k, k->count, folio);
		refill(&act);
		assert_int_equal(carga_firmar_apertura(&act.arena, k, folio, &act.act), OK);
		(void)shoot(&act);
		must_be(&act, 200);
		must_keep(k, &act, folio, sent);
		must_have_heard(&poll, thread, act.ended, folio);
		unload(&poll);
		unload(&act);
	}
}

static void test_hears_of_an_aviso(void **state)
{
	struct carga_cliente fisica = {.carga = &f.carga};

	(void)state;
	assert_int_equal(carga_persona_open(&fisica.persona, "fisica", E2E_FISICA), OK);
	for (int i = 0; i < 2; i++) {
		struct shot poll;

		load(&poll, &fisica, f.servers[i].port);
		refill(&poll);
		assert_int_equal(carga_firmar_entrada(&poll.arena, &fisica.persona, &poll.act), OK);
		(void)shoot(&poll);
		must_be(&poll, 200);
		pthread_t thread = wait_at(&poll);
		const char *folio = e2e_notificar(&f.world, E2E_FISICA);

		must_have_heard(&poll, thread, clock_monotonic(), folio);
		unload(&poll);
	}
	carga_persona_close(&fisica.persona);
}

/* ---- who has asked how often -------------------------------------------------------------- */

#define BUDGET 40
#define ADDRESS 24
#define SHOOTERS 8
#define SHOTS 15 /* of each */
#define HANGS_MS 5000
/* An eighth of a budget is borrowed at a time: what a server may still hold at the end. */
#define SHARE(budget) ((budget) / 8)

/* A burst of one person's requests over some servers, as fast as they go. */
struct burst {
	struct shot shots[SHOOTERS];
	unsigned ports[FALLAS_SERVIDORES];
	size_t servers;
	bool forged;	      /* each carries the signature of another request */
	atomic_int told[600]; /* how many answers of each status */
	int64_t ms;
};

struct shooter {
	struct burst *burst;
	unsigned number;
};

static void one_shot(struct burst *b, struct shot *s, size_t n)
{
	struct m_sincronizar m = {0};

	refill(s);
	s->port = b->ports[n % b->servers];
	if (carga_firmar(&s->arena, &s->persona, ROUTE_ID_sincronizar, &m, &s->act) != OK)
		return;
	const char *other = s->act.rq.signature;

	if (carga_firmar(&s->arena, &s->persona, ROUTE_ID_sincronizar, &m, &s->act) != OK)
		return;
	if (b->forged)
		s->act.rq.signature = other;
	carga_enviar(&s->persona, &s->arena, s->port, &s->act, WAIT_MS, &s->answer);
	if (s->answer.err == OK && s->answer.status < 600)
		b->told[s->answer.status]++;
}

static void *burst_run(void *context)
{
	const struct shooter *of = context;
	struct burst *b = of->burst;

	for (size_t i = 0; i < SHOTS; i++)
		one_shot(b, &b->shots[of->number], of->number + i);
	return NULL;
}

static void burst(struct burst *b, const struct carga_cliente *k)
{
	struct shooter of[SHOOTERS];
	pthread_t threads[SHOOTERS];
	int64_t start = clock_monotonic();

	for (unsigned i = 0; i < SHOOTERS; i++) {
		load(&b->shots[i], k, b->ports[0]);
		of[i] = (struct shooter){b, i};
		assert_int_equal(pthread_create(&threads[i], NULL, burst_run, &of[i]), 0);
	}
	for (unsigned i = 0; i < SHOOTERS; i++)
		pthread_join(threads[i], NULL);
	b->ms = clock_monotonic() - start;
	for (unsigned i = 0; i < SHOOTERS; i++)
		unload(&b->shots[i]);
}

static void must_be_within(const struct burst *b, int status, int budget)
{
	/* It fills evenly while the burst lasts. */
	int most = budget + (int)(b->ms * budget / 60000) + 1;
	int least = budget - SHARE(budget) * (int)b->servers;

	print_message("%d answered %d, %d refused in %lld ms\n", b->told[status], status,
		b->told[429], (long long)b->ms);
	assert_in_range(b->told[status], least, most);
	assert_int_equal(b->told[status] + b->told[429], SHOOTERS * SHOTS);
}

static void restart_with(const char *const *lines)
{
	for (int i = 0; i < FALLAS_SERVIDORES; i++) {
		assert_int_equal(e2e_servidor_stop(&f.servers[i], SIGTERM), 0);
		f.servers[i].lines = lines;
		e2e_servidor_start(&f.world, &f.servers[i]);
	}
	e2e_sql(&f.world, "DELETE FROM presupuesto");
}

static void test_one_budget(void **state)
{
	static const char *const lines[] = {"presupuesto_rfc = 40", NULL};
	static struct burst b;

	(void)state;
	restart_with(lines);
	b = (struct burst){.servers = 2, .ports = {f.servers[0].port, f.servers[1].port}};
	burst(&b, &f.carga.clientes[4]);
	must_be_within(&b, 200, BUDGET);
	/* Another one's is his own. */
	b = (struct burst){.servers = 1, .ports = {f.servers[1].port}};
	burst(&b, &f.carga.clientes[5]);
	must_be_within(&b, 200, BUDGET);
}

/* Requests that nobody has signed, by address. */
static void test_one_budget_of_an_address(void **state)
{
	static const char *const lines[] = {"presupuesto_direccion = 24", NULL};
	static struct burst b;

	(void)state;
	restart_with(lines);
	b = (struct burst){
		.servers = 2, .ports = {f.servers[0].port, f.servers[1].port}, .forged = true};
	burst(&b, &f.carga.clientes[6]);
	must_be_within(&b, 401, ADDRESS);
}

/* What it has to ask the database about is not what a stranger's requests wait for. */
static void test_counts_while_it_hangs(void **state)
{
	static const char *const lines[] = {"presupuesto_direccion = 24", NULL};
	static struct burst b;

	(void)state;
	restart_with(lines);
	b = (struct burst){.servers = 1, .ports = {f.servers[0].port}};
	burst(&b, &f.carga.clientes[7]);
	f.relays[0].held = true;
	b = (struct burst){.servers = 1, .ports = {f.servers[0].port}, .forged = true};
	burst(&b, &f.carga.clientes[7]);
	f.relays[0].held = false;
	print_message("hanging: %d answered, %d refused in %lld ms\n", b.told[401], b.told[429],
		(long long)b.ms);
	assert_int_equal(b.told[401] + b.told[429], SHOOTERS * SHOTS);
	assert_in_range(b.told[401], 1, ADDRESS + b.ms * ADDRESS / 60000 + 1);
	assert_in_range(b.ms, 0, HANGS_MS);
}

/* Without the database each server counts by itself: what it refuses, it does not serve for ever.
 */
static void test_alone_it_counts(void **state)
{
	static const char *const lines[] = {"presupuesto_direccion = 24", NULL};
	static struct burst b;

	(void)state;
	restart_with(lines);
	for (int i = 0; i < FALLAS_SERVIDORES; i++) {
		/* So that it knows the key. */
		b = (struct burst){.servers = 1, .ports = {f.servers[i].port}};
		burst(&b, &f.carga.clientes[7]);
	}
	pg_cluster_kill(&f.cluster);
	for (int i = 0; i < FALLAS_SERVIDORES; i++) {
		b = (struct burst){.servers = 1, .ports = {f.servers[i].port}, .forged = true};
		burst(&b, &f.carga.clientes[7]);
		print_message("alone: %d answered, %d refused in %lld ms\n", b.told[401],
			b.told[429], (long long)b.ms);
		assert_in_range(b.told[401], 1, ADDRESS + b.ms * ADDRESS / 60000 + 1);
		assert_int_equal(b.told[401] + b.told[429], SHOOTERS * SHOTS);
	}
	pg_cluster_again(&f.cluster);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_act_at_both),
		cmocka_unit_test(test_two_acts_on_one),
		cmocka_unit_test(test_two_in_one_mailbox),
		cmocka_unit_test(test_hears_of_the_others_act),
		cmocka_unit_test(test_hears_of_an_aviso),
		cmocka_unit_test(test_one_budget),
		cmocka_unit_test(test_one_budget_of_an_address),
		cmocka_unit_test(test_counts_while_it_hangs),
		cmocka_unit_test(test_alone_it_counts),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
