/* How often the server waits for PostgreSQL: exchanges of a read, and of acts in groups. */
#include <dlfcn.h>
#include <libpq-fe.h>
#include <stdio.h>
#include "tests/bench/lote.h"
#include "tests/help/cm.h"

#define GROUP 32
#define WARM 8 /* statements are prepared, keys known */

static size_t trips;

/* Stands before libpq's, for our archives: what was sent is waited for at each. */
int PQpipelineSync(PGconn *conn)
{
	static int (*real)(PGconn *);

	/* As dlsym(3) does it: ISO C has no cast from object to function. */
	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "PQpipelineSync");
	trips++;
	return real(conn);
}

struct scene {
	struct mundo m;
	struct key *reading;
	struct firma_de by;
};

static size_t read_trips(struct scene *s, struct arena *a)
{
	const char *rfc = s->m.fisica->cert.rfc;
	struct m_sincronizar rq = {
		.hat = {rfc, "propio"}, .cursor = lote_cursor(&s->m, a, rfc, &s->by)};
	struct exchange x = {.arena = a, .rq = lote_sync(&s->m, a, &rq, &s->by)};
	size_t before = trips;

	if (serve_check(&s->m.server, &x) != SERVE_ANSWER || x.status != 200)
		bench_die("a read was refused");
	return trips - before;
}

struct act_trips {
	size_t check; /* before the queue, of all of them */
	size_t group;
};

static struct act_trips group_trips(struct scene *s, size_t count)
{
	ARENA(a, 64 << 20);
	const char *folios[GROUP];
	struct exchange *xs[GROUP];
	struct act_trips made = {0};
	size_t before;

	lote_avisos(&s->m, &a, s->m.fisica->cert.rfc, count, folios);
	mundo_at(&s->m, bench_wall());
	for (size_t i = 0; i < count; i++) {
		xs[i] = arena_zalloc(&a, sizeof(*xs[i]));
		assert_non_null(xs[i]);
		xs[i]->arena = &a;
		xs[i]->rq = lote_opening(&s->m, &a, s->m.fisica, folios[i]);
		before = trips;
		if (serve_check(&s->m.server, xs[i]) != SERVE_ACT)
			bench_die("an act was refused");
		made.check += trips - before;
	}
	before = trips;
	writer_group(s->m.writer, xs, count);
	made.group = trips - before;
	for (size_t i = 0; i < count; i++)
		if (xs[i]->status != 200)
			bench_die("an act was refused");
	return made;
}

void bench_pg_trips(void)
{
	static struct scene s;
	ARENA(a, 16 << 20);

	s.reading = lote_open(&s.m, LOTE_POSTGRES, &s.by);
	(void)group_trips(&s, WARM);
	(void)read_trips(&s, &a);
	size_t read = read_trips(&s, &a);
	struct act_trips one = group_trips(&s, 1);
	struct act_trips many = group_trips(&s, GROUP);

	bench_say("PostgreSQL, exchanges waited for: a read %zu; an act alone %zu + %zu in its "
		  "transaction; a group of %d acts %zu + %zu, %.1f an act",
		read, one.check, one.group, GROUP, many.check, many.group,
		(double)(many.check + many.group) / GROUP);
	key_free(s.reading);
	mundo_close(&s.m);
}
