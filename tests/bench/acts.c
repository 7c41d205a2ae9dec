/* A verified, sealed, durable act, with 32 clients that each wait for their acuse. */
#include <stdio.h>
#include <stdlib.h>
#include "tests/bench/lote.h"
#include "tests/bench/proceso.h"
#include "tests/help/cm.h"

#define CLIENTS 32
#define ACTS 960 /* a round */
#define WARM 320

enum variant { ONE_CORE, SLOW_DISK, TWO_CORES, VARIANTS };

struct scene {
	struct mundo m;
	struct arena arena;
	struct key *reading;
	struct proceso server;
	struct bytes *requests;
	size_t next;
	double figures[BENCH_ROUNDS];
	double ratios[BENCH_ROUNDS];
};

static const struct {
	const char *name;
	double target;
	int core;
	unsigned hilos;
} variants[VARIANTS] = {
	[ONE_CORE] = {"sealed act, 32 clients, one core", 0.80, 0, 1},
	[SLOW_DISK] = {"the same, each fsync 5 ms longer", 0.80, 0, 1},
	[TWO_CORES] = {"the same, two cores, by one's limit", 1.40, -1, 2},
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

static void run(struct scene *s, enum variant v, size_t count, double *ret_seconds)
{
	struct load l = {.port = s->server.port,
		.connections = CLIENTS,
		.requests = s->requests + s->next,
		.count = count};

	bench_pin(variants[v].core < 0 ? -1 : 1);
	struct load_result r = load_run(&l);

	if (r.ok != count)
		bench_die("acts were refused");
	s->next += count;
	*ret_seconds = r.seconds / (double)count;
}

static void open_scene(struct scene *s, enum variant v)
{
	enum { ALL = WARM + ACTS * BENCH_ROUNDS };
	struct firma_de by;
	struct proceso_config pc = {.core = variants[v].core, .hilos = variants[v].hilos};
	double warm;

	arena_init(&s->arena, (size_t)ALL * 8192);
	s->reading = lote_open(&s->m, &by);
	if (v == SLOW_DISK)
		pc.preload = slow_disk(s);
	if (v == SLOW_DISK && pc.preload == NULL)
		bench_die("no compiler for tests/bench/shim");
	const char **folios = arena_array(&s->arena, ALL, sizeof(*folios));

	s->requests = arena_array(&s->arena, ALL, sizeof(*s->requests));
	assert_non_null(folios);
	assert_non_null(s->requests);
	lote_avisos(&s->m, &s->arena, s->m.fisica->cert.rfc, ALL, folios);
	lote_openings(&s->m, &s->arena, folios, ALL, s->requests);
	proceso_buzond(&s->m, &pc, &s->server);
	run(s, v, WARM, &warm);
}

static void close_scene(struct scene *s)
{
	proceso_stop(&s->server);
	key_free(s->reading);
	mundo_close(&s->m);
	arena_free(&s->arena);
}

/* Seconds of one RSA-2048 sign and one verify, on one core. */
static double limit_time(struct mundo *m, struct key *public)
{
	enum { TIMES = 400 };
	static const char cadena[1000];
	struct bytes text = bytes_of(cadena, sizeof(cadena));
	struct bytes signature;

	bench_pin(0);
	double start = bench_cpu();

	for (int i = 0; i < TIMES; i++) {
		ARENA(a, 65536);
		assert_int_equal(key_sign(&a, m->fisica->key, text, &signature), OK);
		assert_int_equal(key_verify(public, text, signature), OK);
	}
	return (bench_cpu() - start) / TIMES;
}

static void print(const struct scene *s, enum variant v, double limit)
{
	char figure[32], most[32];

	snprintf(figure, sizeof(figure), "%.0f/s", 1 / bench_median(s->figures, BENCH_ROUNDS));
	snprintf(most, sizeof(most), "%.0f/s", 1 / limit);
	bench_row(variants[v].name, figure, most, bench_median(s->ratios, BENCH_ROUNDS),
		BENCH_AT_LEAST, variants[v].target);
}

void bench_acts(void)
{
	static struct scene scenes[VARIANTS];
	double limits[BENCH_ROUNDS];
	AUTO(key) public = NULL;

	for (enum variant v = 0; v < VARIANTS; v++)
		open_scene(&scenes[v], v);
	const struct cert *c = &scenes[0].m.fisica->cert;

	assert_int_equal(key_from_rsa(c->rsa_n, c->rsa_e, &public), OK);
	for (int i = 0; i < BENCH_ROUNDS; i++) {
		limits[i] = limit_time(&scenes[0].m, public);
		for (enum variant v = 0; v < VARIANTS; v++) {
			run(&scenes[v], v, ACTS, &scenes[v].figures[i]);
			scenes[v].ratios[i] = limits[i] / scenes[v].figures[i];
		}
	}
	double limit = bench_median(limits, BENCH_ROUNDS);

	for (enum variant v = 0; v < VARIANTS; v++)
		print(&scenes[v], v, limit);
	bench_pin(-1);
	for (enum variant v = 0; v < VARIANTS; v++)
		close_scene(&scenes[v]);
}
