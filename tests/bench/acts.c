/*
 * A verified, sealed, durable act: clients that each wait for their acuse, on one server or on two.
 *
 * One server and its sealing processes have one core for themselves; the load, and PostgreSQL, have
 * the other. Where there are two servers, or one may use two cores, nothing is pinned: all of them,
 * PostgreSQL and the load share both cores, which in earnest they would not.
 */
#include <stdio.h>
#include <stdlib.h>
#include "tests/bench/keeper.h"
#include "tests/bench/lote.h"
#include "tests/bench/proceso.h"
#include "tests/help/cm.h"
#include "tests/help/pg.h"

#define WARM 160
#define LIMIT_TIMES 400
#define SERVERS 2

enum shape { PINNED, SLOW_DISK, FREE };

struct variant {
	const char *name;
	double target; /* 0: none */
	enum lote_store where;
	enum shape shape;
	unsigned clients;
	unsigned acts; /* a round */
	size_t servers;
	bool two; /* each server's clients have a mailbox of their own */
};

static const struct variant on_sqlite[] = {
	{"sealed act, 32 clients, one core", 0.80, LOTE_SQLITE, PINNED, 32, 960, 1, false},
	{"the same, each fsync 5 ms longer", 0.80, LOTE_SQLITE, SLOW_DISK, 32, 960, 1, false},
	{"the same, two cores, by one's limit", 1.40, LOTE_SQLITE, FREE, 32, 960, 1, false},
};

static const struct variant on_postgres[] = {
	{"PostgreSQL: sealed act, 1 client", 0, LOTE_POSTGRES, PINNED, 1, 100, 1, false},
	{"PostgreSQL: 8 clients", 0, LOTE_POSTGRES, PINNED, 8, 480, 1, false},
	{"PostgreSQL: 32 clients", 0.80, LOTE_POSTGRES, PINNED, 32, 960, 1, false},
	{"PostgreSQL: 1 client, 2 servers", 0, LOTE_POSTGRES, FREE, 1, 100, 2, true},
	{"PostgreSQL: 8 clients, 2 servers", 0, LOTE_POSTGRES, FREE, 8, 480, 2, true},
	{"PostgreSQL: 32 clients, 2 servers", 1.40, LOTE_POSTGRES, FREE, 32, 960, 2, true},
	{"the same, all for one mailbox", 0, LOTE_POSTGRES, FREE, 32, 960, 2, false},
};

enum { SCENES = 8 };

/* Requests for one server. */
struct lane {
	struct proceso server;
	struct bytes *requests;
	size_t next;
};

struct scene {
	const struct variant *v;
	struct mundo m;
	struct arena arena;
	struct key *reading;
	struct lane lanes[SERVERS];
	double figures[BENCH_ROUNDS];
	double ratios[BENCH_ROUNDS];
	double server_cpu; /* of all rounds, seconds */
	double database_cpu;
};

/* Built here, so that the product knows nothing of it. NULL: there is no compiler. */
static const char *slow_disk(struct scene *s)
{
	const char *cc = getenv("CC");
	char *path = arena_printf(&s->arena, "%s/slow_fsync.so", s->m.folder);
	char *command = arena_printf(&s->arena, "%s -O2 -shared -fPIC -o %s %s -ldl",
		cc != NULL ? cc : "cc", path, "tests/bench/shim/slow_fsync.c");

	return command != NULL && system(command) == 0 ? path : NULL;
}

static double servers_cpu(const struct scene *s)
{
	double sum = 0;

	for (size_t i = 0; i < s->v->servers; i++)
		sum += proceso_cpu(s->lanes[i].server.pid);
	return sum;
}

static double database_cpu(const struct scene *s)
{
	return s->v->where == LOTE_POSTGRES ? proceso_cpu(keeper_postmaster()) : 0;
}

/* Half of the clients and acts for each of two servers; one client has one server. */
static unsigned share(const struct scene *s, size_t lane, unsigned of)
{
	bool alone = s->v->servers == 1 || s->v->clients == 1;

	return alone ? (lane == 0 ? of : 0) : of / 2;
}

/* Seconds of one act. */
static double run(struct scene *s, unsigned acts)
{
	struct load loads[SERVERS] = {0};
	size_t sent = 0;

	bench_pin(s->v->shape == FREE ? -1 : 1);
	if (s->v->where == LOTE_POSTGRES)
		proceso_pin(keeper_postmaster(), s->v->shape == FREE ? -1 : 1);
	for (size_t i = 0; i < s->v->servers; i++) {
		struct lane *l = &s->lanes[i];

		loads[i] = (struct load){.port = l->server.port,
			.connections = share(s, i, s->v->clients),
			.requests = l->requests + l->next,
			.count = share(s, i, acts)};
		l->next += loads[i].count;
		sent += loads[i].count;
	}
	struct load_result r = load_run(loads, s->v->servers);

	if (r.ok != sent)
		bench_die("acts were refused");
	return r.seconds / (double)sent;
}

static void fill_lane(struct scene *s, size_t at, const struct efirma *by)
{
	const size_t all = WARM + (size_t)s->v->acts * BENCH_ROUNDS;
	const char **folios = arena_array(&s->arena, all, sizeof(*folios));
	struct lane *l = &s->lanes[at];

	l->requests = arena_array(&s->arena, all, sizeof(*l->requests));
	assert_non_null(folios);
	assert_non_null(l->requests);
	lote_avisos(&s->m, &s->arena, by->cert.rfc, all, folios);
	lote_openings(&s->m, &s->arena, by, folios, all, l->requests);
}

static void open_scene(struct scene *s, const struct variant *v)
{
	struct firma_de by;
	struct proceso_config pc = {
		.core = v->shape == FREE ? -1 : 0, .hilos = v->shape == FREE ? 2 : 1};

	s->v = v;
	arena_init(&s->arena, (size_t)256 << 20);
	s->reading = lote_open(&s->m, v->where, &by);
	lote_moral(&s->m);
	if (v->shape == SLOW_DISK)
		pc.preload = slow_disk(s);
	if (v->shape == SLOW_DISK && pc.preload == NULL)
		bench_die("no compiler for tests/bench/shim");
	for (size_t i = 0; i < v->servers; i++)
		fill_lane(s, i, v->two && i == 1 ? s->m.moral : s->m.fisica);
	for (size_t i = 0; i < v->servers; i++)
		proceso_buzond(&s->m, &pc, &s->lanes[i].server);
	(void)run(s, WARM);
}

static void close_scene(struct scene *s)
{
	for (size_t i = 0; i < s->v->servers; i++)
		proceso_stop(&s->lanes[i].server);
	key_free(s->reading);
	mundo_close(&s->m);
	arena_free(&s->arena);
}

/* Seconds of one RSA-2048 sign and one verify, on one core. */
static double limit_time(struct mundo *m, struct key *public)
{
	static const char cadena[1000];
	struct bytes text = bytes_of(cadena, sizeof(cadena));
	struct bytes signature;

	bench_pin(0);
	double start = bench_cpu();

	for (int i = 0; i < LIMIT_TIMES; i++) {
		ARENA(a, 65536);
		assert_int_equal(key_sign(&a, m->fisica->key, text, &signature), OK);
		assert_int_equal(key_verify(public, text, signature), OK);
	}
	return (bench_cpu() - start) / LIMIT_TIMES;
}

static void measure(struct scene *s, int round, double limit)
{
	double server = servers_cpu(s);
	double database = database_cpu(s);

	s->figures[round] = run(s, s->v->acts);
	s->ratios[round] = limit / s->figures[round];
	s->server_cpu += servers_cpu(s) - server;
	s->database_cpu += database_cpu(s) - database;
}

/* An acuse is written by its group's own transaction, none of its savepoints. */
static void say_costs(const struct scene *s)
{
	ARENA(a, 1 << 20);
	double acts = (double)s->v->acts * BENCH_ROUNDS;

	if (s->v->where == LOTE_SQLITE) {
		bench_say("an act costs %.0f us of a core", s->server_cpu / acts * 1e6);
		return;
	}
	bench_say("an act costs %.0f us of a core in the servers, %.0f us in PostgreSQL; %s acts a "
		  "transaction",
		s->server_cpu / acts * 1e6, s->database_cpu / acts * 1e6,
		pg_ask(&a, s->m.config.almacen,
			"SELECT round(count(*) / count(DISTINCT xmin::text)::numeric, 1) FROM "
			"acuse"));
}

static void print(const struct scene *s, double limit)
{
	char figure[32], most[32];
	double ratio = bench_median(s->ratios, BENCH_ROUNDS);

	snprintf(figure, sizeof(figure), "%.0f/s", 1 / bench_median(s->figures, BENCH_ROUNDS));
	snprintf(most, sizeof(most), "%.0f/s", 1 / limit);
	if (s->v->target > 0)
		bench_row(s->v->name, figure, most, ratio, BENCH_AT_LEAST, s->v->target);
	else
		bench_figure(s->v->name, figure, most, ratio);
	say_costs(s);
}

static void acts(const struct variant *variants, size_t count)
{
	static struct scene scenes[SCENES];
	double limits[BENCH_ROUNDS];
	AUTO(key) public = NULL;

	memset(scenes, 0, sizeof(scenes));
	for (size_t v = 0; v < count; v++)
		open_scene(&scenes[v], &variants[v]);
	const struct cert *c = &scenes[0].m.fisica->cert;

	assert_int_equal(key_from_rsa(c->rsa_n, c->rsa_e, &public), OK);
	for (int i = 0; i < BENCH_ROUNDS; i++) {
		limits[i] = limit_time(&scenes[0].m, public);
		for (size_t v = 0; v < count; v++)
			measure(&scenes[v], i, limits[i]);
	}
	for (size_t v = 0; v < count; v++)
		print(&scenes[v], bench_median(limits, BENCH_ROUNDS));
	bench_pin(-1);
	for (size_t v = 0; v < count; v++)
		close_scene(&scenes[v]);
}

void bench_acts(void)
{
	acts(on_sqlite, COUNT_OF(on_sqlite));
}

void bench_pg_acts(void)
{
	acts(on_postgres, COUNT_OF(on_postgres));
	proceso_pin(keeper_postmaster(), -1);
	bench_say(
		"one server: on a core of its own, PostgreSQL and the load on the other; two: all "
		"on both");
}
