/*
 * PostgreSQL dies and comes back under two servers; the connection to it is cut before a COMMIT
 * reaches it, between the COMMIT and its answer, and at any byte. Meanwhile the servers say 503 at
 * once; afterwards reads, long polls and acts go on by themselves, each act once.
 * L-6.1 L-6.5 L-7.6 P-13
 */
#include "tests/help/cm.h"
#include <stdio.h>
#include <stdlib.h>
#include "base/clock.h"
#include "tests/help/fallas.h"

#define DEATHS 5
#define CUTS 14 /* of each kind */
#define EACH 4000
#define ROOM (4 * 1024 * 1024)
/* What "at once" is: a machine that is busy with other tests, too. */
#define AT_ONCE_MS 2000
#define BACK_MS 6000
#define POLL_S 40

static struct fallas f;
static struct carga_persona reader;

static void must_enter(struct carga_persona *p, unsigned port)
{
	ARENA(a, ROOM);
	struct carga_acto act;
	struct carga_respuesta r;

	assert_int_equal(carga_firmar_entrada(&a, p, &act), OK);
	carga_enviar(p, &a, port, &act, 10000, &r);
	assert_int_equal(r.err, OK);
	assert_int_equal(r.status, 200);
}

static int open_world(void **state)
{
	(void)state;
	fallas_open(&f, true);
	fallas_serve(&f, EACH);
	/* Nobody else's mailbox: what waits for it waits for all of the test. */
	assert_int_equal(carga_persona_open(&reader, "fisica", E2E_FISICA), OK);
	must_enter(&reader, f.servers[0].port);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	carga_persona_close(&reader);
	fallas_close(&f);
	return 0;
}

/* ---- reads -------------------------------------------------------------------------------- */

static void read_once(struct carga_persona *p, struct arena *a, unsigned port, const char *cursor,
	int64_t wait_s, struct carga_respuesta *ret)
{
	struct m_sincronizar m = {.cursor = cursor, .espera_s = wait_s};
	struct carga_acto act;

	*ret = (struct carga_respuesta){.err = carga_firmar(a, p, ROUTE_ID_sincronizar, &m, &act)};
	if (ret->err == OK)
		carga_enviar(p, a, port, &act, 60000, ret);
}

static void must_refuse_at_once(const char *what, const struct carga_respuesta *r)
{
	if (r->err != OK || r->status != 503 || r->ms > AT_ONCE_MS)
		fail_msg("%s without a database: %s %d after %lld ms", what, err_wire(r->err),
			r->status, (long long)r->ms);
}

/* Without a database: 503, and no waiting for it. */
static void must_say_503(unsigned port)
{
	ARENA(a, ROOM);
	struct carga_acto act;
	struct carga_respuesta r;

	read_once(&reader, &a, port, NULL, 0, &r);
	must_refuse_at_once("a read", &r);
	assert_int_equal(carga_firmar_entrada(&a, &reader, &act), OK);
	carga_enviar(&reader, &a, port, &act, 10000, &r);
	must_refuse_at_once("an act", &r);
}

/* Nobody has touched the server: its next reads find the database again. */
static void must_read_again(unsigned port)
{
	int64_t until = clock_monotonic() + BACK_MS;
	struct carga_respuesta r = {0};

	while (r.status != 200 && clock_monotonic() < until) {
		ARENA(a, ROOM);

		read_once(&reader, &a, port, NULL, 0, &r);
		fallas_pause(20);
	}
	if (r.status != 200)
		fail_msg("reads do not come back: %s %d", err_wire(r.err), r.status);
}

/* ---- a long poll that goes through all of it ----------------------------------------------- */

struct poll {
	struct carga_persona persona;
	pthread_t thread;
	struct arena arena;
	unsigned port;
	char cursor[80];
	bool news;
	struct carga_respuesta answer;
};

/* An answer without news asks for the next one, as a client does. */
static void *poll_run(void *context)
{
	struct poll *p = context;

	do {
		struct m_sincronizado m;

		read_once(&p->persona, &p->arena, p->port, p->cursor, POLL_S, &p->answer);
		p->news = p->answer.err != OK || p->answer.status != 200 ||
			  codec_decode(&p->arena, &message_sincronizado, CODEC_TOLERANT,
				  p->answer.body, &m, NULL) != OK ||
			  m.notificaciones_count != 0;
		if (!p->news)
			snprintf(p->cursor, sizeof(p->cursor), "%s", m.cursor);
	} while (!p->news);
	return NULL;
}

static void poll_begin(struct poll *p, unsigned port)
{
	ARENA(a, ROOM);
	struct carga_respuesta r;
	struct m_sincronizado m;

	*p = (struct poll){.port = port};
	arena_init(&p->arena, ROOM);
	assert_int_equal(carga_persona_open(&p->persona, "fisica", E2E_FISICA), OK);
	must_enter(&p->persona, port);
	read_once(&p->persona, &a, port, NULL, 0, &r);
	assert_int_equal(r.status, 200);
	assert_int_equal(
		codec_decode(&a, &message_sincronizado, CODEC_TOLERANT, r.body, &m, NULL), OK);
	snprintf(p->cursor, sizeof(p->cursor), "%s", m.cursor);
	assert_int_equal(pthread_create(&p->thread, NULL, poll_run, p), 0);
}

/* It was neither dropped nor refused, and hears what is notified now. */
static void poll_must_hear(struct poll *p, const char *folio)
{
	struct m_sincronizado m;

	pthread_join(p->thread, NULL);
	if (p->answer.err != OK || p->answer.status != 200)
		fail_msg("a long poll at %u: %s %d after %lld ms", p->port, err_wire(p->answer.err),
			p->answer.status, (long long)p->answer.ms);
	assert_int_equal(codec_decode(&p->arena, &message_sincronizado, CODEC_TOLERANT,
				 p->answer.body, &m, NULL),
		OK);
	assert_int_equal(m.notificaciones_count, 1);
	assert_string_equal(m.notificaciones[0].folio, folio);
	carga_persona_close(&p->persona);
	arena_free(&p->arena);
}

/* ---- its death ---------------------------------------------------------------------------- */

static void test_dies_and_comes_back(void **state)
{
	static struct poll polls[FALLAS_SERVIDORES]; /* a test that fails leaves them waiting */

	(void)state;
	for (size_t i = 0; i < FALLAS_SERVIDORES; i++)
		poll_begin(&polls[i], f.servers[i].port);
	carga_start(&f.carga, 0);
	for (int i = 0; i < DEATHS; i++) {
		fallas_pause(200 + random() % 500);
		pg_cluster_kill(&f.cluster);
		for (size_t s = 0; s < FALLAS_SERVIDORES; s++)
			must_say_503(f.servers[s].port);
		fallas_pause(random() % 1000);
		pg_cluster_again(&f.cluster);
		for (size_t s = 0; s < FALLAS_SERVIDORES; s++) {
			must_read_again(f.servers[s].port);
			assert_false(e2e_servidor_dead(&f.servers[s]));
		}
		carga_wait(&f.carga, CARGA_PERSONAS, 15000);
	}
	carga_stop(&f.carga);
	const char *folio = e2e_notificar(&f.world, E2E_FISICA);

	for (size_t i = 0; i < FALLAS_SERVIDORES; i++)
		poll_must_hear(&polls[i], folio);
	carga_check(&f.carga, "5 deaths of PostgreSQL");
}

/* ---- cuts --------------------------------------------------------------------------------- */

static enum pg_step cut_at;

static enum pg_verdict cut_there(struct pg_relay *r, enum pg_step step)
{
	if (step != cut_at)
		return PG_FORWARD;
	pg_relay_judge(r, NULL);
	return PG_CUT;
}

static void cut_many(enum pg_step step, const char *what)
{
	cut_at = step;
	carga_start(&f.carga, 0);
	for (int i = 0; i < CUTS; i++) {
		struct pg_relay *r = &f.relays[i % FALLAS_SERVIDORES];

		fallas_pause(random() % 100);
		pg_relay_judge(r, cut_there);
		pg_relay_judged(r);
	}
	carga_wait(&f.carga, 5 * CARGA_PERSONAS, 20000);
	carga_stop(&f.carga);
	carga_check(&f.carga, what);
}

static void test_cut_between_commit_and_answer(void **state)
{
	(void)state;
	cut_many(PG_COMMIT_DONE, "14 cuts between COMMIT and answer");
}

static void test_cut_before_commit(void **state)
{
	(void)state;
	cut_many(PG_COMMIT_SENT, "14 cuts before COMMIT");
}

static void test_cut_at_any_byte(void **state)
{
	(void)state;
	carga_start(&f.carga, 0);
	for (int i = 0; i < CUTS; i++) {
		struct pg_relay *r = &f.relays[i % FALLAS_SERVIDORES];

		r->cut_after = 1 + random() % 60000;
		for (int ms = 0; r->cut_after != 0 && ms < 20000; ms++)
			fallas_pause(1);
		assert_int_equal(r->cut_after, 0);
	}
	carga_wait(&f.carga, 5 * CARGA_PERSONAS, 20000);
	carga_stop(&f.carga);
	carga_check(&f.carga, "14 cuts at any byte");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dies_and_comes_back),
		cmocka_unit_test(test_cut_between_commit_and_answer),
		cmocka_unit_test(test_cut_before_commit),
		cmocka_unit_test(test_cut_at_any_byte),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
