/*
 * The store: every query of queries.def runs on the migrated schema, transactions and savepoints,
 * a full disk, other connections, the pool. L-6.2 L-6.5 (what is kept), L-7.2 (rows held back).
 */
#include "core/store/store.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include "base/clock.h"
#include "base/mem.h"
#include "tests/help/carpeta.h"

static char folder[200];
static char path[300];

static int setup(void **state)
{
	(void)state;
	if (carpeta_make(folder, sizeof(folder), "store") != 0)
		return -1;
	snprintf(path, sizeof(path), "%s/buzon.db", folder);
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

	assert_int_equal(store_open(path, DB_WRITE, &s), OK);
	return s;
}

static void put_particular(struct store *s, struct arena *a, const char *rfc)
{
	struct in_particular_poner in = {
		.rfc = rfc, .nombre = "JOSÉ PEÑA ÑANDÚ", .zona = "America/Mexico_City"};

	assert_int_equal(q_particular_poner(s, &in, a, NULL), OK);
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
		.datos = bytes_of_text("%PDF-")};
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

static void test_file_is_private(void **state)
{
	AUTO(store) s = open_store();
	struct stat st;

	(void)state;
	(void)s;
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
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

/* A folio is given once, whoever asks (A-05). */
static void test_folio_once(void **state)
{
	ARENA(a, 65536);
	AUTO(store) one = open_store();
	AUTO(store) two = open_store();
	struct in_folio_poner in = {.instante = 1000};
	struct in_folio_ultimo none = {0};
	struct out_folio_ultimo last;

	(void)state;
	assert_int_equal(q_folio_poner(one, &in, &a, NULL), OK);
	assert_int_equal(store_changes(one), 1);
	assert_int_equal(q_folio_poner(two, &in, &a, NULL), OK);
	assert_int_equal(store_changes(two), 0);
	assert_int_equal(q_folio_ultimo(two, &none, &a, &last), OK);
	assert_int_equal(last.instante, 1000);
}

/* L-7.4 L-7.5: an opening is recorded once. */
static void test_opened_once(void **state)
{
	ARENA(a, 1 << 20);
	AUTO(store) s = open_store();
	struct in_notificacion_abierta open = {.abierta = 50,
		.notificada = 50,
		.acuse = "B",
		.seq = 2,
		.folio = "A",
		.titular = "R"};
	struct in_notificacion at = {.folio = "A", .titular = "R"};
	struct out_notificacion row;

	(void)state;
	put_particular(s, &a, "R");
	assert_int_equal(put_notification(s, &a, "A", "R", 1, 10), OK);
	assert_int_equal(q_notificacion(s, &at, &a, &row), OK);
	assert_int_equal(row.abierta, 0);
	assert_null(row.acuse);
	assert_int_equal(q_notificacion_abierta(s, &open, &a, NULL), OK);
	assert_int_equal(store_changes(s), 1);
	open.abierta = 60;
	assert_int_equal(q_notificacion_abierta(s, &open, &a, NULL), OK);
	assert_int_equal(store_changes(s), 0);
	assert_int_equal(q_notificacion(s, &at, &a, &row), OK);
	assert_int_equal(row.abierta, 50);
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
	struct in_archivo_parte at = {.desde = 3, .folio = "A"};
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
	struct in_folio_ultimo none = {0};
	struct out_folio_ultimo last;

	(void)state;
	assert_int_equal(store_savepoint(s), ERR_STORE);
	assert_int_equal(store_begin(s), OK);
	for (int64_t i = 1; i <= 3; i++) {
		struct in_folio_poner in = {.instante = i};

		assert_int_equal(store_savepoint(s), OK);
		assert_int_equal(q_folio_poner(s, &in, &a, NULL), OK);
		if (i == 3)
			assert_int_equal(store_rollback_to(s), OK);
		assert_int_equal(store_release(s), OK);
	}
	assert_int_equal(store_commit(s), OK);
	assert_int_equal(q_folio_ultimo(s, &none, &a, &last), OK);
	assert_int_equal(last.instante, 2);
	assert_int_equal(store_begin(s), OK);
	struct in_folio_poner in = {.instante = 9};

	assert_int_equal(q_folio_poner(s, &in, &a, NULL), OK);
	store_rollback(s);
	assert_int_equal(store_commit(s), ERR_STORE);
	assert_int_equal(store_rollback_to(s), ERR_STORE);
	assert_int_equal(q_folio_ultimo(s, &none, &a, &last), OK);
	assert_int_equal(last.instante, 2);
}

static void test_other_connection(void **state)
{
	ARENA(a, 65536);
	AUTO(store) writer = open_store();
	AUTO(store) reader = NULL;
	struct in_folio_poner in = {.instante = 5};
	struct in_folio_ultimo none = {0};
	struct out_folio_ultimo last;
	int64_t before = 0;
	int64_t after = 0;

	(void)state;
	assert_int_equal(store_open(path, DB_READ, &reader), OK);
	assert_int_equal(store_version(reader, &before), OK);
	assert_int_equal(store_version(reader, &after), OK);
	assert_int_equal(before, after);
	assert_int_equal(store_begin(writer), OK);
	assert_int_equal(q_folio_poner(writer, &in, &a, NULL), OK);
	/* A reader neither waits for the writer nor sees its half. */
	assert_int_equal(q_folio_ultimo(reader, &none, &a, &last), OK);
	assert_int_equal(last.instante, 0);
	assert_int_equal(store_commit(writer), OK);
	assert_int_equal(q_folio_ultimo(reader, &none, &a, &last), OK);
	assert_int_equal(last.instante, 5);
	assert_int_equal(store_version(reader, &after), OK);
	assert_int_not_equal(before, after);
	in.instante = 6;
	assert_int_not_equal(q_folio_poner(reader, &in, &a, NULL), OK);
}

static void *commit_soon(void *s)
{
	usleep(200000);
	return store_commit(s) == OK ? s : NULL;
}

/* `buzond notificar` writes while the server does: it waits its turn at BEGIN, not half-way. */
static void test_writers_wait(void **state)
{
	AUTO(store) one = open_store();
	AUTO(store) two = open_store();
	pthread_t thread;
	void *committed = NULL;

	(void)state;
	assert_int_equal(store_begin(one), OK);
	int64_t began = clock_monotonic();

	assert_int_equal(pthread_create(&thread, NULL, commit_soon, one), 0);
	assert_int_equal(store_begin(two), OK);
	assert_true(clock_monotonic() - began >= 150);
	assert_int_equal(store_commit(two), OK);
	assert_int_equal(pthread_join(thread, &committed), 0);
	assert_non_null(committed);
}

static void test_newer_or_missing_file(void **state)
{
	struct store *s = NULL;
	struct db *d = NULL;

	(void)state;
	assert_int_equal(store_open(path, DB_READ, &s), ERR_NO_FILE);
	assert_int_equal(store_open("/nowhere/at/all.db", DB_WRITE, &s), ERR_NO_FILE);
	store_close(open_store());
	assert_int_equal(db_open(path, DB_WRITE, NULL, 0, &d), OK);
	assert_int_equal(db_exec(d, "PRAGMA user_version = 9999"), OK);
	db_close(d);
	assert_int_equal(store_open(path, DB_WRITE, &s), ERR_STORE);
	assert_int_equal(store_open(path, DB_READ, &s), ERR_STORE);
	assert_null(s);
}

static void test_pool(void **state)
{
	AUTO(store) s = open_store();
	AUTO(store_pool) p = NULL;

	(void)state;
	(void)s;
	assert_int_equal(store_pool_open(path, 2, &p), OK);
	struct store *one = store_pool_take(p);
	struct store *two = store_pool_take(p);

	assert_ptr_not_equal(one, two);
	store_pool_give(p, two);
	assert_ptr_equal(store_pool_take(p), two);
	store_pool_give(p, two);
	store_pool_give(p, one);
}

/* Every allocation of opening, migrating and one transaction fails in turn: nothing half done. */
static enum err one_transaction(void)
{
	ARENA(a, 65536);
	AUTO(store) s = NULL;
	struct in_folio_ultimo none = {0};
	struct out_folio_ultimo last;
	enum err e = store_open(path, DB_WRITE, &s);

	if (e == OK)
		e = store_begin(s);
	if (e == OK)
		e = q_folio_ultimo(s, &none, &a, &last);
	struct in_folio_poner in = {.instante = e == OK ? last.instante + 1 : 0};

	if (e == OK)
		e = q_folio_poner(s, &in, &a, NULL);
	return e == OK ? store_commit(s) : e;
}

static void test_memory_ends(void **state)
{
	ARENA(a, 65536);
	int64_t committed = 0;
	long n = 0;
	enum err e;

	(void)state;
	do {
		n++;
		mem_fail_at(n);
		e = one_transaction();
		bool failed = mem_count() >= n;

		mem_fail_at(0);
		/* SQLite survives some failures (caches), so OK is legal; anything else is memory.
		 */
		assert_true(e == OK || e == ERR_NO_MEMORY);
		committed += e == OK;
		if (!failed)
			break;
	} while (n < 100000);
	assert_int_equal(e, OK);
	assert_true(n > 100);
	AUTO(store) s = open_store();
	struct in_folio_ultimo none = {0};
	struct out_folio_ultimo last;

	assert_int_equal(q_folio_ultimo(s, &none, &a, &last), OK);
	assert_int_equal(last.instante, committed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_every_query, setup, teardown),
		cmocka_unit_test_setup_teardown(test_file_is_private, setup, teardown),
		cmocka_unit_test_setup_teardown(test_null_is_zero, setup, teardown),
		cmocka_unit_test_setup_teardown(test_folio_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_opened_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_foreign_keys, setup, teardown),
		cmocka_unit_test_setup_teardown(test_part_of_file, setup, teardown),
		cmocka_unit_test_setup_teardown(test_savepoints, setup, teardown),
		cmocka_unit_test_setup_teardown(test_other_connection, setup, teardown),
		cmocka_unit_test_setup_teardown(test_writers_wait, setup, teardown),
		cmocka_unit_test_setup_teardown(test_newer_or_missing_file, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pool, setup, teardown),
		cmocka_unit_test_setup_teardown(test_memory_ends, setup, teardown),
	};

	if (db_setup() != OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
