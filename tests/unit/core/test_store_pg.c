/*
 * What only PostgreSQL does to a server: statements that fail late, transactions that it asks for
 * again, connections that end anywhere, other servers on the same rows. Triggers of the test stand
 * for what can't be waited for. L-6.1 L-6.5 (once, whatever happens).
 */
#include "tests/help/cm.h"
#include <libpq-fe.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/secret.h"
#include "core/budget.h"
#include "core/reloj.h"
#include "core/store/pg.h"
#include "core/store/store_ops.h"
#include "tests/help/core_titular.h"
#include "tests/help/pg.h"

static void sql(const char *text)
{
	ARENA(a, 2 << 20);

	(void)pg_ask(&a, mundo.config.almacen, text);
}

static int64_t number(const char *text)
{
	ARENA(a, 2 << 20);

	return strtoll(pg_ask(&a, mundo.config.almacen, text), NULL, 10);
}

/* ---- a group that meets something ---- */

enum { N = 9 };

struct group {
	struct arena arena;
	struct exchange *xs[N];
	const char *folios[N]; /* of the notifications */
};

static void make_group(struct group *g)
{
	int64_t ready = mundo_ready(&mundo);

	arena_init(&g->arena, 64 << 20);
	for (int i = 0; i < N; i++) {
		g->folios[i] = mundo_aviso(&mundo, rfc, ready);
		struct m_notificacion_abrir rq = titular_opening(&g->arena, g->folios[i], ready);
		struct exchange *x = arena_zalloc(&g->arena, sizeof(*x));

		x->arena = &g->arena;
		x->rq = mundo_request(
			&mundo, &g->arena, ROUTE_ID_notificacion_abrir, &rq, &by_fisica);
		assert_int_equal(serve_check(&mundo.server, x), SERVE_ACT);
		g->xs[i] = x;
	}
}

/* `bad` of them are refused with a 503 and left no trace; the others are whole. */
static void must_be(struct group *g, int bad)
{
	int refused = 0;

	for (int i = 0; i < N; i++) {
		struct in_acto at = {.nonce = g->xs[i]->sig.nonce, .llave = g->xs[i]->sig.keyid};
		struct out_acto row;
		enum err e = q_acto(mundo.hand, &at, &g->arena, &row);

		refused += g->xs[i]->status == 503;
		assert_int_equal(e, g->xs[i]->status == 503 ? ERR_NOT_FOUND : OK);
		if (g->xs[i]->status == 503)
			continue;
		assert_int_equal(g->xs[i]->status, 200);
		/* What was told is what is kept. */
		assert_true(bytes_equal(row.respuesta, g->xs[i]->answer));
	}
	assert_int_equal(refused, bad);
	assert_int_equal(number("SELECT count(*) FROM acto WHERE estado IS NULL"), 0);
	assert_int_equal(number("SELECT count(*) FROM acuse a WHERE NOT EXISTS (SELECT 1 FROM "
				"notificacion n WHERE n.acuse = a.folio)"),
		0);
	assert_int_equal(number("SELECT count(*) - count(DISTINCT acuse) FROM notificacion WHERE "
				"acuse IS NOT NULL"),
		0);
	arena_free(&g->arena);
}

/* A trigger on that table with this body, and a counter that no rollback turns back. */
static void trap(const char *kind, const char *table, const char *body)
{
	ARENA(a, 65536);

	sql(arena_printf(&a,
		"DROP SEQUENCE IF EXISTS veces; CREATE SEQUENCE veces;"
		"CREATE OR REPLACE FUNCTION trampa() RETURNS trigger LANGUAGE plpgsql AS "
		"$f$ BEGIN %s RETURN NEW; END $f$;"
		"CREATE %s trampa AFTER INSERT OR UPDATE ON %s %s FOR EACH ROW EXECUTE FUNCTION "
		"trampa();",
		body, kind, table,
		strcmp(kind, "TRIGGER") != 0 ? "DEFERRABLE INITIALLY DEFERRED" : ""));
}

static void no_trap(const char *table)
{
	ARENA(a, 65536);

	sql(arena_printf(&a, "DROP TRIGGER trampa ON %s", table));
}

/* An insert that was only queued fails: its own request is refused, nobody else's. */
static void test_one_of_a_group(void **state)
{
	ARENA(a, 65536);
	struct group g;

	(void)state;
	make_group(&g);
	trap("TRIGGER", "acuse",
		arena_printf(&a,
			"IF position('%s' IN convert_from(NEW.json, 'UTF8')) > 0 THEN RAISE "
			"EXCEPTION 'no'; END IF;",
			g.folios[4]));
	writer_group(mundo.writer, g.xs, N);
	no_trap("acuse");
	/* acuse_poner comes when all is sealed: that ends a group. */
	must_be(&g, N);
	make_group(&g);
	trap("TRIGGER", "notificacion",
		arena_printf(
			&a, "IF NEW.folio = '%s' THEN RAISE EXCEPTION 'no'; END IF;", g.folios[4]));
	writer_group(mundo.writer, g.xs, N);
	no_trap("notificacion");
	must_be(&g, 1);
	make_group(&g);
	trap("TRIGGER", "acto",
		"IF NEW.estado IS NOT NULL AND nextval('veces') % 9 = 5 THEN RAISE EXCEPTION "
		"'no'; END IF;");
	writer_group(mundo.writer, g.xs, N);
	no_trap("acto");
	must_be(&g, 1);
}

/* Twins in a group whose first comes to nothing: the second is no stranger (404), it is run. */
static void test_twin_of_a_failure(void **state)
{
	struct group g;
	struct exchange *pair[2];

	(void)state;
	make_group(&g);
	struct exchange twin = {.arena = &g.arena, .rq = g.xs[0]->rq};

	assert_int_equal(serve_check(&mundo.server, &twin), SERVE_ACT);
	pair[0] = g.xs[0];
	pair[1] = &twin;
	trap("TRIGGER", "notificacion",
		"IF nextval('veces') < 3 THEN RAISE EXCEPTION 'no'; END IF;");
	writer_group(mundo.writer, pair, 2);
	no_trap("notificacion");
	assert_int_equal(g.xs[0]->status, 503);
	assert_int_equal(twin.status, 200);
	arena_free(&g.arena);
}

/* 40001 and 40P01: the same group again, with the same result. */
static void test_asked_again(void **state)
{
	static const char *const states[] = {"40001", "40P01", "55P03"};
	ARENA(a, 65536);
	struct group g;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(states); i++) {
		make_group(&g);
		trap("TRIGGER", "acto",
			arena_printf(&a,
				"IF NEW.estado IS NOT NULL AND nextval('veces') IN (5, 9, 30) THEN "
				"RAISE EXCEPTION 'again' USING ERRCODE = '%s'; END IF;",
				states[i]));
		writer_group(mundo.writer, g.xs, N);
		no_trap("acto");
		must_be(&g, 0);
	}
	/* Also when it is careful already. */
	make_group(&g);
	trap("TRIGGER", "acto",
		"IF NEW.estado IS NOT NULL THEN CASE nextval('veces') WHEN 5 THEN RAISE EXCEPTION "
		"'no'; WHEN 13 THEN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; ELSE NULL; "
		"END CASE; END IF;");
	writer_group(mundo.writer, g.xs, N);
	no_trap("acto");
	must_be(&g, 0);
	/* Not for ever. */
	make_group(&g);
	trap("TRIGGER", "acto", "RAISE EXCEPTION 'again' USING ERRCODE = '40001';");
	writer_group(mundo.writer, g.xs, N);
	no_trap("acto");
	must_be(&g, N);
}

/* Two that really wait for each other. */
static void *lock_other_way(void *place)
{
	struct store *s = NULL;

	assert_int_equal(store_open(place, DB_WRITE, &s), OK);
	assert_int_equal(store_begin(s), OK);
	assert_int_equal(store_lock(s, "Z"), OK);
	assert_int_equal(store_sync(s), OK);
	nanosleep(&(struct timespec){.tv_nsec = 300000000}, NULL);
	enum err e = store_lock(s, "A");

	if (e == OK)
		e = store_sync(s);
	store_rollback(s);
	store_close(s);
	if (e != OK && e != ERR_BUSY)
		return NULL;
	return (void *)(uintptr_t)(e == ERR_BUSY ? "busy" : "ok");
}

static void test_deadlock(void **state)
{
	AUTO(store) s = NULL;
	pthread_t thread;
	void *said;

	(void)state;
	assert_int_equal(store_open(mundo.config.almacen, DB_WRITE, &s), OK);
	assert_int_equal(pthread_create(&thread, NULL, lock_other_way,
				 (void *)(uintptr_t)mundo.config.almacen),
		0);
	assert_int_equal(store_begin(s), OK);
	assert_int_equal(store_lock(s, "A"), OK);
	assert_int_equal(store_sync(s), OK);
	nanosleep(&(struct timespec){.tv_nsec = 150000000}, NULL);
	enum err e = store_lock(s, "Z");

	if (e == OK)
		e = store_sync(s);
	store_rollback(s);
	assert_int_equal(pthread_join(thread, &said), 0);
	assert_non_null(said);
	/* One of them was told to begin again, the other has both. */
	assert_true((e == ERR_BUSY) != (strcmp(said, "busy") == 0));
	assert_true(e == OK || strcmp(said, "ok") == 0);
}

/*
 * Another server was stopped when half of an exchange was on its way: PostgreSQL waits for the rest
 * and keeps what it had locked. Who needs it ends that session, and goes on.
 */
static void test_stuck_between_statements(void **state)
{
	PGconn *c = PQconnectdb(mundo.config.almacen);
	struct group g;

	(void)state;
	make_group(&g);
	assert_int_equal(PQenterPipelineMode(c), 1);
	assert_int_equal(PQsendQueryParams(c, "BEGIN", 0, NULL, NULL, NULL, NULL, 0), 1);
	assert_int_equal(PQsendQueryParams(c, "SELECT 1 FROM notificacion FOR UPDATE", 0, NULL,
				 NULL, NULL, NULL, 0),
		1);
	/* No Sync. */
	assert_int_equal(PQsendFlushRequest(c), 1);
	assert_int_equal(PQflush(c), 0);
	for (int results = 0; results < 2;) {
		PGresult *r = PQgetResult(c);

		assert_true(r == NULL || PQresultStatus(r) != PGRES_FATAL_ERROR);
		results += r != NULL;
		PQclear(r);
	}
	writer_group(mundo.writer, g.xs, N);
	must_be(&g, 0);
	PQfinish(c);
	arena_free(&g.arena);
}

/* The connection ends in the middle, at COMMIT, at the first statement. */
static void test_connection_ends(void **state)
{
	static const struct {
		const char *kind;
		const char *when;
	} cases[] = {
		{"TRIGGER", "IN (1)"},
		{"TRIGGER", "IN (7, 16)"},
		{"CONSTRAINT TRIGGER", "IN (1)"},
	};
	ARENA(a, 65536);
	struct group g;

	(void)state;
	make_group(&g);
	trap("TRIGGER", "acto",
		"IF NEW.estado IS NOT NULL THEN CASE nextval('veces') WHEN 5 THEN RAISE EXCEPTION "
		"'no'; WHEN 13 THEN PERFORM pg_terminate_backend(pg_backend_pid()); ELSE NULL; END "
		"CASE; END IF;");
	writer_group(mundo.writer, g.xs, N);
	no_trap("acto");
	must_be(&g, 0);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		make_group(&g);
		trap(cases[i].kind, "acto",
			arena_printf(&a,
				"IF nextval('veces') %s THEN PERFORM "
				"pg_terminate_backend(pg_backend_pid()); END IF;",
				cases[i].when));
		writer_group(mundo.writer, g.xs, N);
		no_trap("acto");
		must_be(&g, 0);
	}
}

/* ---- readers and watchers ---- */

static void end_all_others(void)
{
	sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = "
	    "current_database() AND pid <> pg_backend_pid()");
}

static void test_readers_come_back(void **state)
{
	ARENA(a, 8 << 20);
	struct m_sincronizar rq = {.hat = {rfc, "propio"}};

	(void)state;
	for (int i = 0; i < 2; i++) {
		nanosleep(&(struct timespec){.tv_sec = 1, .tv_nsec = 50000000}, NULL);
		end_all_others();
		for (int k = 0; k < 6; k++)
			assert_int_equal(
				titular_call(&a, ROUTE_ID_sincronizar, &rq, &by_reading)->status,
				200);
	}
	store_close(mundo.hand);
	assert_int_equal(store_open(mundo.config.almacen, DB_WRITE, &mundo.hand), OK);
}

static bool everything;

static void hear(void *ctx, enum novedad what, const char *name)
{
	(void)ctx;
	(void)name;
	everything = everything || what == NOVEDAD_TODO;
}

/* What was said while nobody listened may have been anything. */
static void test_watch_comes_back(void **state)
{
	AUTO(store_watch) w = NULL;
	bool told = false;

	(void)state;
	assert_int_equal(store_watch_open(mundo.config.almacen, &w), OK);
	everything = false;
	end_all_others();
	for (int i = 0; i < 200 && !everything; i++) {
		struct pollfd fd = {.fd = store_watch_socket(w), .events = POLLIN};

		(void)poll(&fd, 1, 20);
		told = store_watch_look(w, hear, NULL) != OK || told;
	}
	assert_true(told);
	assert_true(everything);
	store_close(mundo.hand);
	assert_int_equal(store_open(mundo.config.almacen, DB_WRITE, &mundo.hand), OK);
}

/* A database that does not answer costs a connection, not a thread. */
static void test_patience(void **state)
{
	static const struct db_field none[] = {{DB_INT, 0}};
	static const struct db_query queries[] = {
		{.sql = "SELECT CAST(pg_sleep(20) IS NULL AS INTEGER)",
			.out = none,
			.out_count = 1,
			.out_size = sizeof(int64_t)}};
	ARENA(a, 1024);
	AUTO(pg) p = NULL;
	int64_t row;
	int64_t began = clock_monotonic();

	(void)state;
	assert_int_equal(pg_open(mundo.config.almacen, NULL, 300, queries, 1, &p), OK);
	assert_int_equal(pg_run(p, 0, NULL, &a, &row), ERR_STORE);
	assert_true(pg_lost(p));
	assert_in_range(clock_monotonic() - began, 250, 3000);
	assert_int_equal(pg_run(p, 0, NULL, &a, &row), ERR_STORE);
}

/* ---- several servers ---- */

/* L-5.7: one clock for all; a machine's own may be wrong. */
static void test_clock(void **state)
{
	AUTO(store) s = NULL;
	struct reloj r = {.offset = 180000};
	struct clock shared = reloj_clock(&r);
	struct clock here = clock_system(0);

	(void)state;
	assert_in_range(clock_now(&shared) - clock_now(&here), 179000, 181000);
	assert_int_equal(store_open(mundo.config.almacen, DB_READ, &s), OK);
	assert_int_equal(reloj_measure(&r, s), OK);
	assert_in_range(clock_now(&shared) - clock_now(&here) + 1000, 0, 2000);
}

static int spend_all(struct budget *b[2], const char *who, unsigned per_minute, int64_t now)
{
	int spent = 0;

	for (int i = 0; i < 400; i++)
		spent += budget_take(b[i % 2], who, per_minute, now) == OK;
	return spent;
}

static void test_budget_is_one(void **state)
{
	struct budget *b[2] = {NULL, NULL};
	static const unsigned limits[] = {1, 7, 40, 100};
	char who[20];

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(budget_open(&b[i]), OK);
		assert_int_equal(budget_share(b[i], mundo.config.almacen), OK);
	}
	for (size_t i = 0; i < COUNT_OF(limits); i++) {
		snprintf(who, sizeof(who), "llave%zu", i);
		assert_int_equal(spend_all(b, who, limits[i], mundo.now), limits[i]);
		/* A minute later as much again, half of it after half. */
		int64_t later = mundo.now + 60000;

		assert_int_equal(spend_all(b, who, limits[i], later), limits[i]);
		assert_int_equal(spend_all(b, who, limits[i], later + 30000), limits[i] / 2);
	}
	/* What one server borrowed and did not spend is lost after a while, not doubled. */
	assert_int_equal(budget_take(b[0], "uno", 80, mundo.now), OK);
	int spent = spend_all(b, "uno", 80, mundo.now + 16000);

	assert_in_range(spent, 70, 80);
	for (int i = 0; i < 2; i++)
		budget_close(b[i]);
}

/* Without the database each counts by itself: nobody is locked out, and nobody has it all. */
static void test_budget_alone(void **state)
{
	AUTO(budget) b = NULL;
	int spent = 0;

	(void)state;
	assert_int_equal(budget_open(&b), OK);
	assert_int_equal(budget_share(b, mundo.config.almacen), OK);
	sql("ALTER TABLE presupuesto RENAME TO p");
	/* An eighth, however often it is asked; and the next one an eighth of a minute later. */
	for (int i = 0; i < 40; i++)
		spent += budget_take(b, "x", 40, mundo.now + i) == OK;
	assert_int_equal(spent, 5);
	for (int i = 0; i < 40; i++)
		spent += budget_take(b, "x", 40, mundo.now + 7500 + i) == OK;
	sql("ALTER TABLE p RENAME TO presupuesto");
	assert_int_equal(spent, 10);
}

/* A newer schema that says whether this program still works on it. */
static void test_newer_schema(void **state)
{
	struct store *s = NULL;
	int64_t newest = number("SELECT MAX(paso) FROM esquema");
	ARENA(a, 65536);

	(void)state;
	sql(arena_printf(&a, "INSERT INTO esquema VALUES (%d, 2)", (int)newest + 1));
	assert_int_equal(store_open(mundo.config.almacen, DB_WRITE, &s), OK);
	store_close(s);
	s = NULL;
	sql(arena_printf(
		&a, "INSERT INTO esquema VALUES (%d, %d)", (int)newest + 2, (int)newest + 2));
	assert_int_equal(store_open(mundo.config.almacen, DB_WRITE, &s), ERR_STORE_NEWER);
	assert_int_equal(store_open(mundo.config.almacen, DB_READ, &s), ERR_STORE_NEWER);
	sql(arena_printf(&a, "DELETE FROM esquema WHERE paso > %d", (int)newest));
	assert_null(s);
}

/* parte_de says the same in both databases: the shard of a row moves with it. */
static void test_shard(void **state)
{
	static const char *const rfcs[] = {"PEÑJ800101AB1", "FÑ&010203AB1", "XAXX010101000", ""};
	ARENA(a, 65536);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rfcs); i++) {
		int64_t parte = -1;

		assert_int_equal(store_parte(bytes_of_text(rfcs[i]), &parte), OK);
		assert_int_equal(number(arena_printf(&a, "SELECT parte_de('%s')", rfcs[i])), parte);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_of_a_group),
		cmocka_unit_test(test_twin_of_a_failure),
		cmocka_unit_test(test_asked_again),
		cmocka_unit_test(test_deadlock),
		cmocka_unit_test(test_stuck_between_statements),
		cmocka_unit_test(test_connection_ends),
		cmocka_unit_test(test_readers_come_back),
		cmocka_unit_test(test_watch_comes_back),
		cmocka_unit_test(test_patience),
		cmocka_unit_test(test_clock),
		cmocka_unit_test(test_budget_is_one),
		cmocka_unit_test(test_budget_alone),
		cmocka_unit_test(test_newer_schema),
		cmocka_unit_test(test_shard),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, titular_set_up, titular_tear_down);
}
