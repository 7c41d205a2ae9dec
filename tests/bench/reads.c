/* A verified read, key cached: what the server adds to checking a signature and to HTTP. */
#include <stdio.h>
#include "tests/bench/keeper.h"
#include "tests/bench/lote.h"
#include "tests/bench/proceso.h"
#include "tests/help/cm.h"

#define CONNECTIONS 16
#define READS 3000 /* a round */
#define TARGET 0.65

struct scene {
	struct mundo m;
	struct arena arena;
	struct firma_de by;
	struct key *reading;
	struct key *public;
	const char *cursor;
	struct proceso server;
	struct proceso bare;
	struct received sample;
	struct httpsig sig; /* of the sample */
};

static void sign(struct scene *s, struct arena *a, struct bytes *ret_requests)
{
	struct m_sincronizar rq = {.hat = {s->m.fisica->cert.rfc, "propio"}, .cursor = s->cursor};

	mundo_at(&s->m, bench_wall());
	for (size_t i = 0; i < READS; i++) {
		ARENA(scratch, 65536);
		struct received asked = lote_sync(&s->m, &scratch, &rq, &s->by);

		ret_requests[i] = load_request(a, &asked, NULL);
	}
}

static struct load_result run(struct scene *s, const struct proceso *p)
{
	ARENA(a, 64 << 20);
	struct bytes *requests = arena_array(&a, READS, sizeof(*requests));

	assert_non_null(requests);
	sign(s, &a, requests);
	struct load l = {
		.port = p->port, .connections = CONNECTIONS, .requests = requests, .count = READS};
	struct load_result r = load_run(&l, 1);

	if (r.ok != READS)
		bench_die("reads were refused");
	return r;
}

/* Seconds of one raw verify on that core. */
static double verify_time(struct scene *s, int core)
{
	enum { TIMES = 2000 };

	bench_pin(core);
	double start = bench_cpu();

	for (int i = 0; i < TIMES; i++)
		assert_int_equal(key_verify(s->public, s->sig.base, s->sig.signature), OK);
	double took = (bench_cpu() - start) / TIMES;

	bench_pin(1);
	return took;
}

static void open_scene(struct scene *s, enum lote_store where)
{
	unsigned char raw[32];
	struct proceso_config pc = {.core = 0, .hilos = 1};

	arena_init(&s->arena, 16 << 20);
	s->reading = lote_open(&s->m, where, &s->by);
	lote_avisos(&s->m, &s->arena, s->m.fisica->cert.rfc, 5, NULL);
	s->cursor = lote_cursor(&s->m, &s->arena, s->m.fisica->cert.rfc, &s->by);
	assert_int_equal(key_public_ed25519(s->reading, raw), OK);
	assert_int_equal(key_from_ed25519(bytes_of(raw, 32), &s->public), OK);
	struct m_sincronizar rq = {.hat = {s->m.fisica->cert.rfc, "propio"}, .cursor = s->cursor};

	s->sample = lote_sync(&s->m, &s->arena, &rq, &s->by);
	struct httpsig_request covered = {.method = s->sample.method,
		.authority = s->sample.host,
		.path = s->sample.target,
		.content_type = s->sample.content_type,
		.content_digest = s->sample.content_digest,
		.signature_input = s->sample.signature_input,
		.signature = s->sample.signature};

	assert_int_equal(httpsig_parse(&s->arena, &covered, &s->sig), OK);
	bench_pin(1);
	if (where == LOTE_POSTGRES)
		proceso_pin(keeper_postmaster(), 1);
	proceso_buzond(&s->m, &pc, &s->server);
	proceso_bare(run(s, &s->server).body, 0, &s->bare); /* the first round warms up */
}

static void close_scene(struct scene *s)
{
	proceso_stop(&s->bare);
	proceso_stop(&s->server);
	bench_pin(-1);
	key_free(s->public);
	key_free(s->reading);
	mundo_close(&s->m);
	arena_free(&s->arena);
}

static void reads(struct scene *s, const char *name)
{
	double read[BENCH_ROUNDS], limit[BENCH_ROUNDS], ratio[BENCH_ROUNDS];
	double bare[BENCH_ROUNDS], verify[BENCH_ROUNDS];
	char figure[32], most[32];

	for (int i = 0; i < BENCH_ROUNDS; i++) {
		verify[i] = verify_time(s, 0);
		bare[i] = run(s, &s->bare).seconds / READS;
		read[i] = run(s, &s->server).seconds / READS;
		limit[i] = verify[i] + bare[i];
		ratio[i] = limit[i] / read[i];
	}
	snprintf(figure, sizeof(figure), "%.0f/s", 1 / bench_median(read, BENCH_ROUNDS));
	snprintf(most, sizeof(most), "%.0f/s", 1 / bench_median(limit, BENCH_ROUNDS));
	bench_row(name, figure, most, bench_median(ratio, BENCH_ROUNDS), BENCH_AT_LEAST, TARGET);
	bench_say("one core: Ed25519 verify %.0f us, bare HTTP %.0f us, the whole read %.0f us",
		bench_median(verify, BENCH_ROUNDS) * 1e6, bench_median(bare, BENCH_ROUNDS) * 1e6,
		bench_median(read, BENCH_ROUNDS) * 1e6);
}

void bench_reads(void)
{
	static struct scene s;

	open_scene(&s, LOTE_SQLITE);
	reads(&s, "verified read, key cached");
	close_scene(&s);
}

void bench_pg_reads(void)
{
	static struct scene s;

	open_scene(&s, LOTE_POSTGRES);
	reads(&s, "PostgreSQL: verified read, key cached");
	bench_say("the server and the bare HTTP end on one core, PostgreSQL and the load on the "
		  "other");
	close_scene(&s);
	proceso_pin(keeper_postmaster(), -1);
}
