/*
 * What buzond(8) says of PostgreSQL, done as it says: the tables that grow are turned into hash
 * partitions with the manual's own SQL, whole requests go on as before on rows old and new, each
 * asks one partition; and what pg_dump took another database gives back. L-6.1 L-6.5
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/file.h"
#include "base/log.h"
#include "base/secret.h"
#include "core/store/store_ops.h"
#include "ley/acuse.h"
#include "tests/help/cm.h"
#include "tests/help/core_sql.h"
#include "tests/help/core_titular.h"
#include "tests/help/core_verbo.h"
#include "tests/help/pg.h"
#include "tests/help/pki.h"

#define ROOM (16 << 20)
#define OLD 20
#define MARK "test_particiones.c runs this.\n.Bd -literal -offset indent\n"

static const char *before[OLD]; /* acuses of before the partitions */
static struct received first;	/* a request of then, as it was sent */
static struct bytes first_answer;

/* The block of the manual, as a reader of it would type it. */
static const char *manual_sql(struct arena *a)
{
	struct bytes text = {0};

	assert_int_equal(file_read(a, "buzond.8", 1 << 20, &text), OK);
	const char *from = strstr((const char *)text.data, MARK);

	assert_non_null(from);
	from += strlen(MARK);
	const char *to = strstr(from, ".Ed\n");

	assert_non_null(to);
	/* Nothing that roff would change. */
	assert_null(memchr(from, '\\', (size_t)(to - from)));
	return arena_printf(a, "%.*s", (int)(to - from), from);
}

static const char *open_one(struct arena *a)
{
	int64_t ready = mundo_ready(&mundo);
	struct m_notificacion_abrir m = titular_opening(a, mundo_aviso(&mundo, rfc, ready), ready);
	struct received rq = mundo_request(&mundo, a, ROUTE_ID_notificacion_abrir, &m, &by_fisica);
	struct exchange *x = mundo_call(&mundo, a, &rq);
	const struct m_acuse *acuse = mundo_answer(a, x);

	assert_non_null(acuse);
	if (first.method == NULL) {
		first = rq;
		first_answer = x->answer;
	}
	return acuse->folio;
}

static const char *file_of(struct arena *a, const char *name)
{
	return arena_printf(a, "%s/%s", mundo.folder, name);
}

static void must_run(const char *command)
{
	if (system(command) != 0)
		fail_msg("%s", command);
}

static int set_up(void **state)
{
	static struct arena a;

	if (!pg_wanted())
		return -1;
	arena_init(&a, 64 << 20);
	titular_set_up(state);
	for (int i = 0; i < OLD; i++)
		before[i] = open_one(&a);
	struct in_acceso_poner in = {
		.instante = 1, .titular = rfc, .firmante = rfc, .ruta = "acuse", .folio = "BI-1"};

	assert_int_equal(q_acceso_poner(mundo.hand, &in, &a, NULL), OK);
	assert_int_equal(file_write(file_of(&a, "p.sql"), bytes_of_text(manual_sql(&a)), 0644), OK);
	must_run(arena_printf(&a, "psql '%s' -Xq -v ON_ERROR_STOP=1 -f %s >/dev/null",
		mundo.config.almacen, file_of(&a, "p.sql")));
	/* The servers were stopped meanwhile. */
	mundo_restart(&mundo);
	return 0;
}

static void must_prove(const char *place)
{
	static char out[65536];
	static char err[4096];
	char config[400];

	core_verbo_config(config, sizeof(config), place);
	int code = core_verbo(pki_now(),
		(const char *const[]){"verificar-almacen", "--config", config, NULL}, out,
		sizeof(out), err, sizeof(err));

	if (code != 0)
		fail_msg("%d %s%s", code, out, err);
	assert_non_null(strstr(out, " Fallas: 0."));
	assert_int_not_equal(strncmp(out, "0 actos", 7), 0);
}

static long count(const char *sql)
{
	ARENA(a, ROOM);

	return strtol(sql_ask(&a, mundo.config.almacen, sql), NULL, 10);
}

static void test_tables_are_partitions(void **state)
{
	static const char *const tables[] = {"acto", "acuse", "archivo", "notificacion", "acceso"};
	ARENA(a, ROOM);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(tables); i++) {
		assert_int_equal(count(arena_printf(&a,
					 "SELECT count(*) FROM pg_inherits WHERE "
					 "inhparent = '%s'::regclass",
					 tables[i])),
			16);
		assert_true(count(arena_printf(&a, "SELECT count(*) FROM %s", tables[i])) > 0);
	}
	/* What the wide one was told of its storage stays. */
	assert_string_equal(sql_ask(&a, mundo.config.almacen,
				    "SELECT attstorage FROM pg_attribute WHERE attrelid = "
				    "'archivo_p0'::regclass AND attname = 'datos'"),
		"e");
	must_prove(mundo.config.almacen);
}

/* Old rows are read, new ones made, an old request is answered as it was. */
static void test_whole_requests(void **state)
{
	ARENA(a, 64 << 20);
	struct m_sincronizar sync = {.hat = {rfc, "propio"}};
	const struct m_sincronizado *list =
		mundo_answer(&a, titular_call(&a, ROUTE_ID_sincronizar, &sync, &by_reading));

	(void)state;
	assert_non_null(list);
	assert_int_equal(list->notificaciones_count, OLD);
	for (int i = 0; i < OLD; i++) {
		struct m_acuse_pedir m = {.hat = {rfc, "propio"}, .folio = before[i]};
		const struct m_acuse *acuse =
			mundo_answer(&a, titular_call(&a, ROUTE_ID_acuse, &m, &by_reading));

		assert_non_null(acuse);
		assert_int_equal(acuse_verify(&a, acuse, mundo.trust), OK);
		struct m_documento_pedir d = {
			.hat = {rfc, "propio"}, .folio = list->notificaciones[i].folio};
		const struct m_documento *got =
			mundo_answer(&a, titular_call(&a, ROUTE_ID_documento, &d, &by_reading));

		assert_true(bytes_equal(got->datos, bytes_of_text("%PDF-1.7")));
	}
	/* Exactly once, across the change. */
	struct exchange *again = mundo_call(&mundo, &a, &first);

	assert_int_equal(again->status, 200);
	assert_true(bytes_equal(again->answer, first_answer));
	long acts = count("SELECT count(*) FROM acto");

	for (int i = 0; i < OLD; i++)
		open_one(&a);
	assert_int_equal(count("SELECT count(*) FROM acto"), acts + OLD);
	struct m_notificacion_abrir nothing = {.hat = {rfc, "propio"},
		.folio = "BI-20260101-000000000",
		.fecha_legal = "2026-01-02"};

	assert_string_equal(mundo_error(&a, titular_call(&a, ROUTE_ID_notificacion_abrir, &nothing,
						    &by_fisica)),
		"no-existe");
	/* Someone else's mailbox, in another partition. */
	const char *keyid;

	key_free(mundo_enter(&mundo, mundo.moral, &keyid));
	mundo_aviso(&mundo, mundo.moral->cert.rfc, mundo_ready(&mundo));
	struct in_acceso_poner in = {
		.instante = 2, .titular = rfc, .firmante = rfc, .ruta = "acuse", .folio = "BI-2"};

	/* Numbers go on behind those that were copied. */
	assert_int_equal(q_acceso_poner(mundo.hand, &in, &a, NULL), OK);
	assert_int_equal(count("SELECT count(*) - count(DISTINCT id) FROM acceso"), 0);
	must_prove(mundo.config.almacen);
}

static void test_groups(void **state)
{
	enum { N = 60 };
	ARENA(a, 64 << 20);
	struct exchange **xs = titular_group(&a, N);

	(void)state;
	for (int i = 0; i < N; i++)
		assert_int_equal(xs[i]->status, 200);
	must_prove(mundo.config.almacen);
}

/* The statement of queries.def as psql runs it, its parameters any of their kind. */
static const char *explained(struct arena *a, enum query q)
{
	static const char *const types[] = {
		[DB_INT] = "bigint", [DB_TEXT] = "text", [DB_DATA] = "bytea"};
	static const char *const values[] = {
		[DB_INT] = "1", [DB_TEXT] = "'A'", [DB_DATA] = "'\\x00'"};
	static struct db_query table[FRAME_COUNT];
	const char *kinds = "";
	const char *given = "";

	store_table(true, table);
	for (size_t i = 0; i < table[q].in_count; i++) {
		const char *comma = i != 0 ? ", " : "";

		kinds = arena_printf(a, "%s%s%s", kinds, comma, types[table[q].in[i].kind]);
		given = arena_printf(a, "%s%s%s", given, comma, values[table[q].in[i].kind]);
	}
	return arena_printf(a,
		"PREPARE q (%s) AS %s; EXPLAIN (COSTS OFF, FORMAT JSON) EXECUTE q (%s)", kinds,
		table[q].sql, given);
}

/* What the server asks all the time asks one partition; else it would be sixteen. */
static void test_one_partition_each(void **state)
{
	static const struct {
		enum query q;
		const char *table;
		unsigned asked;
	} cases[] = {
		{QUERY_acto, "acto", 1},
		{QUERY_acto_cerrar, "acto", 1},
		{QUERY_acto_quitar, "acto", 1},
		{QUERY_acuse, "acuse", 1},
		{QUERY_notificacion, "notificacion", 1},
		{QUERY_notificacion_abierta, "notificacion", 1},
		{QUERY_buzon_seq, "notificacion", 1},
		{QUERY_notificaciones_desde, "notificacion", 1},
		{QUERY_archivo_parte, "archivo", 1},
		/* By its capability only: nothing else is known. */
		{QUERY_acuse_por_capacidad, "acuse", 16},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		ARENA(a, ROOM);
		const char *sql = explained(&a, cases[i].q);
		const char *plan = sql_ask(&a, mundo.config.almacen, sql);
		unsigned asked = 0;

		for (int p = 0; p < 16; p++)
			asked += strstr(plan, arena_printf(&a, "\"Relation Name\": \"%s_p%d\"",
						      cases[i].table, p)) != NULL;
		if (asked != cases[i].asked)
			fail_msg("%s: %u\n%s", sql, asked, plan);
	}
}

/* An act's acuse is looked for where its titular's are: that is known only while it runs. */
static void test_one_partition_of_acuses(void **state)
{
	ARENA(a, ROOM);
	const char *plan = sql_ask(&a, mundo.config.almacen,
		arena_printf(&a,
			"EXPLAIN (ANALYZE, COSTS OFF) SELECT (SELECT json FROM acuse WHERE "
			"acuse.folio = acto.folio AND acuse.parte = parte_de(acto.titular)) FROM "
			"acto WHERE folio = '%s'",
			before[0]));
	unsigned asked = 0;

	(void)state;
	for (const char *at = plan; (at = strstr(at, " on acuse_p")) != NULL; at++) {
		const char *rest = arena_printf(&a, "%.*s", (int)strcspn(at, "\n"), at);

		asked += strstr(rest, "never executed") == NULL;
	}
	if (asked != 1)
		fail_msg("%u\n%s", asked, plan);
}

/* The manual's other SQL: a logical copy, given back to another database, holds all of it. */
static void test_dump(void **state)
{
	ARENA(a, ROOM);
	const char *other = pg_database(&a);

	(void)state;
	must_run(arena_printf(&a,
		"pg_dump -Fc -f %s/buzon.dump '%s' && pg_restore --exit-on-error -d '%s' "
		"%s/buzon.dump",
		mundo.folder, mundo.config.almacen, other, mundo.folder));
	assert_string_equal(sql_ask(&a, other, "SELECT count(*) FROM acto"),
		sql_ask(&a, mundo.config.almacen, "SELECT count(*) FROM acto"));
	must_prove(other);
}

/* A program of the next version that adds a column finds partitions as it would find tables. */
static void test_migrates(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	sql_run(mundo.config.almacen, "ALTER TABLE acto ADD COLUMN nueva BIGINT");
	assert_int_equal(count("SELECT count(*) FROM acto_p3 WHERE nueva IS NOT NULL"), 0);
	open_one(&a);
	must_prove(mundo.config.almacen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables_are_partitions),
		cmocka_unit_test(test_whole_requests),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_one_partition_each),
		cmocka_unit_test(test_one_partition_of_acuses),
		cmocka_unit_test(test_dump),
		cmocka_unit_test(test_migrates),
	};
	struct secret_status status;

	log_open(2, LOG_ERROR);
	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, set_up, titular_tear_down);
}
