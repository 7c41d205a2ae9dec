/*
 * The store in a file of SQLite's: whose it is, two that write, a file of another program, what
 * step 1 left, memory that ends.
 */
#include "net/alcance.h"
#include "tests/help/cm.h"
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/db_mem.h"
#include "base/mem.h"
#include "core/folios.h"
#include "core/store/store_ops.h"
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

static void test_file_is_private(void **state)
{
	AUTO(store) s = open_store();
	struct stat st;

	(void)state;
	(void)s;
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
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
	assert_int_equal(store_open(path, DB_WRITE, &s), ERR_STORE_NEWER);
	assert_int_equal(store_open(path, DB_READ, &s), ERR_STORE_NEWER);
	assert_null(s);
}

/* A file of step 1, with rows: they are all there after the next ones, in their shard. */
static void test_from_step_1(void **state)
{
	static const char *const step_1[] = {
#define MIGRATION(n, least, sql, pg) (n) == 1 ? (sql) : "",
#include "core/store/migraciones.def"
#undef MIGRATION
	};
	ARENA(a, 1 << 20);
	struct db *d = NULL;
	AUTO(store) s = NULL;
	struct in_acuse at = {.folio = "BI-1", .titular = "AAA010101AA1"};
	struct out_acuse acuse;
	struct in_archivo_parte part = {.desde = 1, .folio = "BI-2", .titular = "AAA010101AA1"};
	struct out_archivo_parte file;
	struct in_mandatos mandates = {
		.titular = "AAA010101AA1", .representante = "BBBB010101AB1", .ahora = 5};
	struct out_mandatos mandate;
	struct folios f = {0};
	int64_t folio;

	(void)state;
	assert_int_equal(db_open(path, DB_WRITE, NULL, 0, &d), OK);
	assert_int_equal(db_exec(d, step_1[0]), OK);
	assert_int_equal(
		db_exec(d, "PRAGMA user_version = 1;"
			   "INSERT INTO folio VALUES (5000);"
			   "INSERT INTO particular VALUES ('AAA010101AA1', 'A', 'z', 1);"
			   "INSERT INTO acuse VALUES ('BI-1', 'AAA010101AA1', 't', 1, 'c', "
			   "x'7b7d');"
			   "INSERT INTO archivo VALUES ('BI-2', 's', 1, 'c', x'00', x'00', "
			   "x'25');"
			   "INSERT INTO notificacion VALUES ('BI-2', 'AAA010101AA1', 1, 'o', "
			   "'t', 'd', NULL, NULL, 'f', NULL, NULL, NULL, 15, 1, 2, NULL, "
			   "NULL, NULL, 's');"
			   "INSERT INTO mandato VALUES ('AAA010101AA1', 'BBBB010101AB1', "
			   "'notificaciones', 1, NULL);"),
		OK);
	db_close(d);
	s = open_store();
	assert_int_equal(q_acuse(s, &at, &a, &acuse), OK);
	assert_true(bytes_equal(acuse.json, bytes_of_text("{}")));
	assert_int_equal(q_archivo_parte(s, &part, &a, &file), OK);
	assert_true(bytes_equal(file.datos, bytes_of_text("%")));
	/* A mandate of then lets in as far as it did. */
	assert_int_equal(q_mandatos(s, &mandates, &a, &mandate), OK);
	assert_string_equal(mandate.ambito, "notificaciones");
	assert_int_equal(mandate.nivel, NIVEL_FIRMAR);
	/* No folio that was given is given again. */
	assert_int_equal(folios_begin(&f, s, 1, 1), OK);
	assert_int_equal(folios_take(&f, 1, &folio), OK);
	assert_true(folio > 5000);
	assert_int_equal(store_commit(s), OK);
}

/* A newer schema that says that this program still works on it. */
static void test_newer_but_good(void **state)
{
	struct db *d = NULL;
	AUTO(store) s = open_store();
	char mark[64];
	int64_t step = 0, least = 0;

	(void)state;
	assert_int_equal(s->ops->schema(s, &step, &least), OK);
	assert_true(step >= 3);
	assert_int_equal(db_open(path, DB_WRITE, NULL, 0, &d), OK);
	snprintf(mark, sizeof(mark), "PRAGMA user_version = %d", (int)(step << 16 | (step + 1)));
	assert_int_equal(db_exec(d, mark), OK);
	store_close(open_store());
	snprintf(mark, sizeof(mark), "PRAGMA user_version = %d",
		(int)((step + 1) << 16 | (step + 1)));
	assert_int_equal(db_exec(d, mark), OK);
	db_close(d);
	struct store *none = NULL;

	assert_int_equal(store_open(path, DB_WRITE, &none), ERR_STORE_NEWER);
	assert_null(none);
}

/* Every allocation of opening, migrating and one transaction fails in turn: nothing half done. */
static enum err one_transaction(void)
{
	ARENA(a, 65536);
	AUTO(store) s = NULL;
	struct in_acceso_poner in = {
		.instante = 1, .titular = "AAA010101AA1", .firmante = "F", .ruta = "r"};
	struct folios f = {0};
	enum err e = store_open(path, DB_WRITE, &s);

	if (e == OK)
		e = folios_begin(&f, s, 1, 1);
	if (e == OK)
		e = q_acceso_poner(s, &in, &a, NULL);
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
	struct in_folio_bloque none = {0};
	struct out_folio_bloque block;

	/* A block for each that committed, and for no other. */
	assert_int_equal(q_folio_bloque(s, &none, &a, &block), OK);
	assert_int_equal(block.hasta, committed * 64 + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_file_is_private, setup, teardown),
		cmocka_unit_test_setup_teardown(test_writers_wait, setup, teardown),
		cmocka_unit_test_setup_teardown(test_newer_or_missing_file, setup, teardown),
		cmocka_unit_test_setup_teardown(test_from_step_1, setup, teardown),
		cmocka_unit_test_setup_teardown(test_newer_but_good, setup, teardown),
		cmocka_unit_test_setup_teardown(test_memory_ends, setup, teardown),
	};

	if (db_setup() != OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
