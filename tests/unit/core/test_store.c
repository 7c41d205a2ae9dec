/*
 * The store, on whichever database this run is for (tests/help/pg.h): every query of queries.def
 * runs on the migrated schema, transactions and savepoints, folios, news, the pool.
 * L-6.2 L-6.5 (what is kept), L-7.2 (rows held back).
 */
#include "tests/help/cm.h"
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/db_mem.h"
#include "core/folios.h"
#include "tests/help/carpeta.h"
#include "tests/help/pg.h"

static char folder[200];
static char place[300];

static int setup(void **state)
{
	ARENA(a, 4096);
	const char *shared = pg_database(&a);

	(void)state;
	if (carpeta_make(folder, sizeof(folder), "store") != 0)
		return -1;
	if (shared != NULL)
		snprintf(place, sizeof(place), "%s", shared);
	else
		snprintf(place, sizeof(place), "%s/buzon.db", folder);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	return carpeta_remove(folder);
}

static struct store *open_store(void)
{
	struct store *s = NULL;

	assert_int_equal(store_open(place, DB_WRITE, &s), OK);
	return s;
}

static enum err put(struct store *s, struct arena *a, const char *rfc)
{
	struct in_particular_poner in = {
		.rfc = rfc, .nombre = "JOSÉ PEÑA ÑANDÚ", .zona = "America/Mexico_City"};

	return q_particular_poner(s, &in, a, NULL);
}

static void put_particular(struct store *s, struct arena *a, const char *rfc)
{
	assert_int_equal(put(s, a, rfc), OK);
}

static bool has(struct store *s, const char *rfc)
{
	ARENA(a, 65536);
	struct in_particular in = {.rfc = rfc};
	struct out_particular row;
	enum err e = q_particular(s, &in, &a, &row);

	assert_true(e == OK || e == ERR_NOT_FOUND);
	return e == OK;
}

static enum err put_notification(struct store *s, struct arena *a, const char *folio,
	const char *rfc, int64_t seq, int64_t aviso)
{
	struct in_archivo_poner file = {.folio = folio,
		.sha256 = "00",
		.bytes = 5,
		.cadena = "||x||",
		.firma = bytes_of_text("f"),
		.certificado = bytes_of_text("c"),
		.datos = bytes_of_text("%PDF-"),
		.titular = rfc};
	struct in_notificacion_poner in = {.folio = folio,
		.titular = rfc,
		.seq = seq,
		.oficio = "O-1",
		.tipo = "R-7.3",
		.documento = "Cédula",
		.funcionario = "LUIS",
		.plazo_dias = 15,
		.aviso = aviso,
		.vence = aviso + 100,
		.archivo = "00"};
	enum err e = q_archivo_poner(s, &file, a, NULL);

	return e == OK ? q_notificacion_poner(s, &in, a, NULL) : e;
}

/* Every statement must be one that the schema knows, with the parameters its row names. */
static void test_every_query(void **state)
{
	static const char zeros[512];
	AUTO(store) s = open_store();

	(void)state;
	for (unsigned q = 0; q < QUERY_COUNT; q++) {
		ARENA(a, 65536);
		char row[512];
		enum err e = store_run(s, q, zeros, &a, row);

		/* NOT NULL columns refuse the nothing that is bound here; SQL errors are INTERNAL.
		 */
		if (e != OK && e != ERR_NOT_FOUND && e != ERR_STORE)
			fail_msg("query %u: %s", q, err_wire(e));
	}
}

static void test_null_is_zero(void **state)
{
	ARENA(a, 65536);
	AUTO(store) s = open_store();
	struct in_particular at = {.rfc = "AAA010101AA1"};
	struct out_particular row;

	(void)state;
	assert_int_equal(q_particular(s, &at, &a, &row), ERR_NOT_FOUND);
	put_particular(s, &a, at.rfc);
	assert_int_equal(q_particular(s, &at, &a, &row), OK);
	assert_string_equal(row.nombre, "JOSÉ PEÑA ÑANDÚ");
	assert_int_equal(row.habilitado, 0);
	struct in_particular_poner in = {
		.rfc = at.rfc, .nombre = "OTRO", .zona = "America/Tijuana", .habilitado = 7};

	assert_int_equal(q_particular_poner(s, &in, &a, NULL), OK);
	in.habilitado = 9;
	assert_int_equal(q_particular_poner(s, &in, &a, NULL), OK);
	assert_int_equal(q_particular(s, &at, &a, &row), OK);
	/* The first enabling stands. */
	assert_int_equal(row.habilitado, 7);
	assert_string_equal(row.zona, "America/Tijuana");
}

/* A folio is given once, whoever asks, and none before its instant (A-05). */
static void test_folio_once(void **state)
{
	enum { N = 300 };
	AUTO(store) one = open_store();
	AUTO(store) two = open_store();
	struct store *s[2] = {one, two};
	struct folios f[2] = {{0}, {0}};
	static int64_t given[N];

	(void)state;
	for (int i = 0; i < N; i++) {
		int who = i % 2;
		int64_t now = 1000000 + i / 10;

		assert_int_equal(folios_begin(&f[who], s[who], now, 1), OK);
		assert_int_equal(folios_take(&f[who], now, &given[i]), OK);
		assert_int_equal(store_commit(s[who]), OK);
		assert_true(given[i] >= now);
		/* Blocks are small: it stays near. */
		assert_true(given[i] < now + 1000);
		for (int j = 0; j < i; j++)
			assert_int_not_equal(given[i], given[j]);
	}
}

/* More than was asked for is a mistake of the caller's, never a folio of somebody else's. */
static void test_folio_beyond(void **state)
{
	AUTO(store) s = open_store();
	struct folios f = {0};
	int64_t at = 0;
	int taken = 0;

	(void)state;
	assert_int_equal(folios_begin(&f, s, 1000, 70), OK);
	while (folios_take(&f, 1000, &at) == OK)
		taken++;
	assert_int_equal(taken, 70);
	store_rollback(s);
}

/* What was rolled back is given again or never, but not to two. */
static void test_folio_after_rollback(void **state)
{
	AUTO(store) one = open_store();
	AUTO(store) two = open_store();
	struct folios f = {0}, g = {0}, before = f;
	int64_t at = 0, other = 0;

	(void)state;
	assert_int_equal(folios_begin(&f, one, 1000, 1), OK);
	store_rollback(one);
	folios_rolled_back(&f, one, &before);
	assert_int_equal(folios_begin(&g, two, 1000, 1), OK);
	assert_int_equal(folios_take(&g, 1000, &other), OK);
	assert_int_equal(store_commit(two), OK);
	assert_int_equal(folios_begin(&f, one, 1000, 1), OK);
	assert_int_equal(folios_take(&f, 1000, &at), OK);
	assert_int_equal(store_commit(one), OK);
	assert_int_not_equal(at, other);
}

/* L-7.4 L-7.5: an opening is recorded once. */
static void test_opened_once(void **state)
{
	ARENA(a, 1 << 20);
	AUTO(store) s = open_store();
	struct in_notificacion_abierta open = {
		.abierta = 50, .notificada = 50, .acuse = "B", .folio = "A", .titular = "R"};
	struct in_notificacion at = {.folio = "A", .titular = "R"};
	struct in_buzon_seq mailbox = {.titular = "R"};
	struct out_notificacion row;
	struct out_buzon_seq last;

	(void)state;
	put_particular(s, &a, "R");
	assert_int_equal(put_notification(s, &a, "A", "R", 1, 10), OK);
	assert_int_equal(q_notificacion(s, &at, &a, &row), OK);
	assert_int_equal(row.abierta, 0);
	assert_null(row.acuse);
	assert_int_equal(store_change(s, QUERY_notificacion_abierta, &open), OK);
	assert_int_equal(q_buzon_seq(s, &mailbox, &a, &last), OK);
	assert_int_equal(last.seq, 2);
	open.abierta = 60;
	assert_int_equal(store_change(s, QUERY_notificacion_abierta, &open), ERR_STORE);
	assert_int_equal(q_notificacion(s, &at, &a, &row), OK);
	assert_int_equal(row.abierta, 50);
	/* Nor can it be committed by whoever is not told at once. */
	assert_int_equal(store_begin(s), OK);
	put_particular(s, &a, "T");
	enum err e = store_change(s, QUERY_notificacion_abierta, &open);

	assert_int_equal(e == OK ? store_commit(s) : e, ERR_STORE);
	store_rollback(s);
	assert_false(has(s, "T"));
	/* Nobody else's folio. */
	at.titular = "S";
	assert_int_equal(q_notificacion(s, &at, &a, &row), ERR_NOT_FOUND);
}

static void test_foreign_keys(void **state)
{
	ARENA(a, 1 << 20);
	AUTO(store) s = open_store();
	struct in_lectura_poner key = {
		.llave = "k", .publica = bytes_of_text("p"), .huella = "nobody", .vence = 1};

	(void)state;
	assert_int_equal(put_notification(s, &a, "A", "UNKNOWN", 1, 10), ERR_STORE);
	assert_int_equal(q_lectura_poner(s, &key, &a, NULL), ERR_STORE);
}

static void test_part_of_file(void **state)
{
	ARENA(a, 1 << 20);
	AUTO(store) s = open_store();
	struct in_archivo_parte at = {.desde = 3, .folio = "A", .titular = "R"};
	struct out_archivo_parte row;

	(void)state;
	put_particular(s, &a, "R");
	assert_int_equal(put_notification(s, &a, "A", "R", 1, 10), OK);
	assert_int_equal(q_archivo_parte(s, &at, &a, &row), OK);
	assert_int_equal(row.bytes, 5);
	assert_true(bytes_equal(row.datos, bytes_of_text("DF-")));
	at.desde = 6;
	assert_int_equal(q_archivo_parte(s, &at, &a, &row), OK);
	assert_int_equal(row.datos.size, 0);
}

/* A group: a request that is refused leaves nothing, the others stay. */
static void test_savepoints(void **state)
{
	ARENA(a, 65536);
	AUTO(store) s = open_store();
	static const char *const rfcs[] = {"AAA010101AA1", "AAA010101AA2", "AAA010101AA3"};

	(void)state;
	store_careful(s, true);
	assert_int_equal(store_savepoint(s), ERR_STORE);
	assert_int_equal(store_begin(s), OK);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(store_savepoint(s), OK);
		put_particular(s, &a, rfcs[i]);
		if (i == 2)
			assert_int_equal(store_rollback_to(s), OK);
		assert_int_equal(store_release(s), OK);
	}
	assert_int_equal(store_commit(s), OK);
	assert_true(has(s, rfcs[0]) && has(s, rfcs[1]) && !has(s, rfcs[2]));
	assert_int_equal(store_begin(s), OK);
	put_particular(s, &a, rfcs[2]);
	store_rollback(s);
	assert_int_equal(store_commit(s), ERR_STORE);
	assert_int_equal(store_rollback_to(s), ERR_STORE);
	assert_false(has(s, rfcs[2]));
}

/* Not careful: what has written nothing is undone, what has may take the transaction with it. */
static void test_without_savepoints(void **state)
{
	ARENA(a, 65536);
	AUTO(store) s = open_store();
	static const char *const rfcs[] = {"AAA010101AA1", "AAA010101AA2", "AAA010101AA3"};

	(void)state;
	assert_int_equal(store_begin(s), OK);
	assert_int_equal(store_savepoint(s), OK);
	put_particular(s, &a, rfcs[0]);
	assert_int_equal(store_release(s), OK);
	assert_int_equal(store_savepoint(s), OK);
	assert_true(has(s, rfcs[0]));
	assert_int_equal(store_rollback_to(s), OK);
	put_particular(s, &a, rfcs[1]);
	assert_int_equal(store_release(s), OK);
	assert_int_equal(store_savepoint(s), OK);
	put_particular(s, &a, rfcs[2]);
	if (store_rollback_to(s) == OK) {
		assert_int_equal(store_release(s), OK);
		assert_int_equal(store_commit(s), OK);
	} else {
		assert_false(store_is_careful(s));
		store_rollback(s);
	}
	assert_true(has(s, rfcs[0]) == store_is_careful(s));
	assert_true(has(s, rfcs[1]) == store_is_careful(s));
	assert_false(has(s, rfcs[2]));
}

/* Careful: what fails inside a savepoint is told there, and its neighbours are kept. */
static void test_failure_in_savepoint(void **state)
{
	ARENA(a, 1 << 20);
	AUTO(store) s = open_store();
	enum err e;

	(void)state;
	store_careful(s, true);
	assert_int_equal(store_begin(s), OK);
	assert_int_equal(store_savepoint(s), OK);
	put_particular(s, &a, "AAA010101AA1");
	assert_int_equal(store_release(s), OK);
	assert_int_equal(store_savepoint(s), OK);
	/* No name: NOT NULL. */
	struct in_particular_poner bad = {.rfc = "AAA010101AA2", .zona = "x"};

	e = q_particular_poner(s, &bad, &a, NULL);
	if (e == OK)
		e = store_release(s);
	assert_int_equal(e, ERR_STORE);
	assert_int_equal(store_rollback_to(s), OK);
	assert_int_equal(store_release(s), OK);
	assert_int_equal(store_commit(s), OK);
	assert_true(has(s, "AAA010101AA1"));
}

/* Whatever is queued and fails, COMMIT does not say that it is there. */
static void test_failure_is_told_by_commit(void **state)
{
	ARENA(a, 1 << 20);
	AUTO(store) s = open_store();
	struct in_particular_poner bad = {.rfc = "AAA010101AA2", .zona = "x"};

	(void)state;
	assert_int_equal(store_begin(s), OK);
	put_particular(s, &a, "AAA010101AA1");
	enum err e = q_particular_poner(s, &bad, &a, NULL);

	if (e == OK)
		e = store_commit(s);
	else
		store_rollback(s);
	assert_int_equal(e, ERR_STORE);
	assert_false(has(s, "AAA010101AA1"));
	/* And the connection works. */
	assert_int_equal(store_begin(s), OK);
	put_particular(s, &a, "AAA010101AA3");
	assert_int_equal(store_commit(s), OK);
	assert_true(has(s, "AAA010101AA3"));
}

static void test_queue(void **state)
{
	AUTO(store) s = open_store();
	struct in_acto_poner in = {.llave = "k",
		.nonce = bytes_of_text("1234567890123456"),
		.base_sha256 = bytes_of_text("b"),
		.recibido = 1};
	long changes[2] = {-1, -1};

	(void)state;
	assert_int_equal(store_begin(s), OK);
	assert_int_equal(store_lock(s, "AAA010101AA1"), OK);
	for (int i = 0; i < 2; i++)
		assert_int_equal(store_queue(s, QUERY_acto_poner, &in, &changes[i]), OK);
	assert_int_equal(store_sync(s), OK);
	assert_int_equal(changes[0], 1);
	assert_int_equal(changes[1], 0);
	assert_int_equal(store_commit(s), OK);
}

static void test_other_connection(void **state)
{
	ARENA(a, 65536);
	AUTO(store) writer = open_store();
	AUTO(store) reader = NULL;

	(void)state;
	assert_int_equal(store_open(place, DB_READ, &reader), OK);
	assert_int_equal(store_begin(writer), OK);
	put_particular(writer, &a, "AAA010101AA1");
	/* A reader neither waits for the writer nor sees its half. */
	assert_false(has(reader, "AAA010101AA1"));
	assert_int_equal(store_commit(writer), OK);
	assert_true(has(reader, "AAA010101AA1"));
	assert_int_not_equal(put(reader, &a, "AAA010101AA2"), OK);
}

/* ---- news ---- */

static struct novedades heard;

static void hear(void *ctx, enum novedad what, const char *name)
{
	(void)ctx;
	novedades_add(&heard, what, name);
}

/* Looks until something is heard. */
static bool hears(struct store_watch *w, enum novedad what, const char *name)
{
	int64_t until = clock_monotonic() + 5000;

	heard = (struct novedades){0};
	while (clock_monotonic() < until) {
		struct pollfd fd = {.fd = store_watch_socket(w), .events = POLLIN};

		(void)poll(&fd, 1, 20);
		assert_int_equal(store_watch_look(w, hear, NULL), OK);
		if (heard.all || heard.size != 0)
			return novedades_have(&heard, what, name);
	}
	return false;
}

static void test_news(void **state)
{
	ARENA(a, 65536);
	AUTO(store) s = open_store();
	AUTO(store_watch) w = NULL;
	struct novedades n = {0};

	(void)state;
	assert_int_equal(store_watch_open(place, &w), OK);
	novedades_add(&n, NOVEDAD_TITULAR, "FÑ&010203AB1");
	novedades_add(&n, NOVEDAD_LLAVE, "huella");
	assert_int_equal(store_begin(s), OK);
	put_particular(s, &a, "AAA010101AA1");
	assert_int_equal(store_tell(s, &n), OK);
	/* Not before it is true. */
	heard = (struct novedades){0};
	assert_int_equal(store_watch_look(w, hear, NULL), OK);
	assert_false(heard.all || heard.size != 0);
	assert_int_equal(store_commit(s), OK);
	assert_true(hears(w, NOVEDAD_TITULAR, "FÑ&010203AB1"));
	assert_true(novedades_have(&heard, NOVEDAD_LLAVE, "huella"));
	/* What was rolled back is no news. */
	assert_int_equal(store_begin(s), OK);
	assert_int_equal(store_tell(s, &n), OK);
	store_rollback(s);
	heard = (struct novedades){0};
	assert_int_equal(store_watch_look(w, hear, NULL), OK);
	assert_false(heard.all || heard.size != 0);
}

static void test_words_of_news(void **state)
{
	struct novedades n = {0};
	char name[40];

	(void)state;
	novedades_add(&n, NOVEDAD_TITULAR, "AAA");
	novedades_add(&n, NOVEDAD_TITULAR, "AAA");
	assert_string_equal(n.text, "tAAA");
	assert_false(novedades_have(&n, NOVEDAD_TITULAR, "AA"));
	assert_false(novedades_have(&n, NOVEDAD_LLAVE, "AAA"));
	novedades_add(&n, NOVEDAD_LLAVE, "x");
	assert_string_equal(n.text, "tAAA kx");
	assert_false(n.all);
	/* Too much to say is everything. */
	for (int i = 0; i < 400; i++) {
		snprintf(name, sizeof(name), "RFC%010d", i);
		novedades_add(&n, NOVEDAD_TITULAR, name);
	}
	assert_true(n.all);
	assert_true(novedades_have(&n, NOVEDAD_TITULAR, "whoever"));
	struct novedades blank = {0};

	novedades_add(&blank, NOVEDAD_TITULAR, "a b");
	assert_true(blank.all);
}

static void test_pool(void **state)
{
	AUTO(store) s = open_store();
	AUTO(store_pool) p = NULL;

	(void)state;
	(void)s;
	assert_int_equal(store_pool_open(place, 2, &p), OK);
	struct store *one = store_pool_take(p);
	struct store *two = store_pool_take(p);

	assert_ptr_not_equal(one, two);
	store_pool_give(p, two);
	assert_ptr_equal(store_pool_take(p), two);
	store_pool_give(p, two);
	store_pool_give(p, one);
}

/* The clock that all servers share is a clock. */
static void test_now(void **state)
{
	AUTO(store) s = open_store();
	struct clock here = clock_system(0);
	int64_t there = 0;

	(void)state;
	assert_int_equal(store_now(s, &there), OK);
	assert_in_range(there, clock_now(&here) - 5000, clock_now(&here) + 5000);
}

static void test_durable(void **state)
{
	AUTO(store) s = open_store();
	bool durable = false;

	(void)state;
	assert_int_equal(store_durable(s, &durable), OK);
	assert_true(durable);
}

static void *open_one(void *unused)
{
	struct store *s = NULL;

	(void)unused;
	return store_open(place, DB_WRITE, &s) == OK ? s : NULL;
}

/* Two programs that open a new store together make it once. */
static void test_opened_together(void **state)
{
	enum { N = 6 };
	pthread_t threads[N];
	void *made;

	(void)state;
	for (int i = 0; i < N; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, open_one, NULL), 0);
	for (int i = 0; i < N; i++) {
		assert_int_equal(pthread_join(threads[i], &made), 0);
		assert_non_null(made);
		store_close(made);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_every_query, setup, teardown),
		cmocka_unit_test_setup_teardown(test_null_is_zero, setup, teardown),
		cmocka_unit_test_setup_teardown(test_folio_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_folio_beyond, setup, teardown),
		cmocka_unit_test_setup_teardown(test_folio_after_rollback, setup, teardown),
		cmocka_unit_test_setup_teardown(test_opened_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_foreign_keys, setup, teardown),
		cmocka_unit_test_setup_teardown(test_part_of_file, setup, teardown),
		cmocka_unit_test_setup_teardown(test_savepoints, setup, teardown),
		cmocka_unit_test_setup_teardown(test_without_savepoints, setup, teardown),
		cmocka_unit_test_setup_teardown(test_failure_in_savepoint, setup, teardown),
		cmocka_unit_test_setup_teardown(test_failure_is_told_by_commit, setup, teardown),
		cmocka_unit_test_setup_teardown(test_queue, setup, teardown),
		cmocka_unit_test_setup_teardown(test_other_connection, setup, teardown),
		cmocka_unit_test_setup_teardown(test_news, setup, teardown),
		cmocka_unit_test_setup_teardown(test_words_of_news, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pool, setup, teardown),
		cmocka_unit_test_setup_teardown(test_now, setup, teardown),
		cmocka_unit_test_setup_teardown(test_durable, setup, teardown),
		cmocka_unit_test_setup_teardown(test_opened_together, setup, teardown),
	};

	if (db_setup() != OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
