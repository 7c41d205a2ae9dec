/*
 * A padrón of many RFCs: all of it or nothing, in memory that does not grow with it, beside others
 * that write. L-4.1. (tests.mk wraps store_queue, so that a load can die behind any statement.)
 */
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/db_mem.h"
#include "base/secret.h"
#include "core/store/store.h"
#include "ley/zona.h"
#include "tests/help/carpeta.h"
#include "tests/help/cm.h"
#include "tests/help/core_sql.h"
#include "tests/help/core_titular.h"
#include "tests/help/core_verbo.h"
#include "tests/help/pg.h"
#include "tests/help/pki.h"

/* Two rows each. */
#define MANY 10000
#define FEW 1000

static char place[400];
static char conf[400];
static char path[400];
static char out_text[65536];
static char err_text[16384];
static long dies_at; /* the statement behind which this process ends; 0: none */
static long statements;
static long locks;

enum err __real_store_queue(struct store *s, unsigned q, const void *in, long *ret_changes);
enum err __wrap_store_queue(struct store *s, unsigned q, const void *in, long *ret_changes);

enum err __wrap_store_queue(struct store *s, unsigned q, const void *in, long *ret_changes)
{
	enum err e = __real_store_queue(s, q, in, ret_changes);

	if (++statements == dies_at && store_sync(s) == OK)
		raise(SIGKILL);
	return e;
}

enum err __real_store_lock(struct store *s, const char *titular);
enum err __wrap_store_lock(struct store *s, const char *titular);

enum err __wrap_store_lock(struct store *s, const char *titular)
{
	locks++;
	return __real_store_lock(s, titular);
}

static int load(void)
{
	return core_verbo(pki_now(),
		(const char *const[]){"padron", "--archivo", path, "--config", conf, NULL},
		out_text, sizeof(out_text), err_text, sizeof(err_text));
}

/* An RFC for each number below 26^3 * 100. */
static void put_rfc(FILE *to, int n, int mark)
{
	fprintf(to, "%c%c%c0001%02dA%d0", 'A' + n / 100 % 26, 'A' + n / 2600 % 26,
		'A' + n / 67600 % 26, 1 + n % 28, n / 28 % 4 + mark);
}

/* `count` of them, each with two Registros Patronales; a bad one behind them. */
static void write_file(int count, const char *name, bool bad)
{
	FILE *to = fopen(path, "w");

	assert_non_null(to);
	fputs("rfc,nombre,domicilio,rp,subdelegacion\n", to);
	for (int n = 0; n < count; n++) {
		for (int rp = 0; rp < 2; rp++) {
			put_rfc(to, n, 0);
			fprintf(to, ",%s %d,%0200d,A01%05d10%d,Norte\n", name, n, n, n, rp);
		}
	}
	if (bad)
		fputs("malo,X,,,\n", to);
	assert_int_equal(fclose(to), 0);
}

/* The same number, each with one representative. */
static void write_given(int count, const char *permisos)
{
	FILE *to = fopen(path, "w");

	assert_non_null(to);
	fputs("rfc,nombre,representante,permisos,desde\n", to);
	for (int n = 0; n < count; n++) {
		put_rfc(to, n, 0);
		fprintf(to, ",EMPRESA,NULM750615MNA,%s,2024-09-02\n", permisos);
	}
	assert_int_equal(fclose(to), 0);
}

static int64_t count_of(const char *table)
{
	ARENA(a, 65536);

	return strtoll(
		sql_ask(&a, place, arena_printf(&a, "SELECT COUNT(*) FROM %s", table)), NULL, 10);
}

static void assert_counts(int64_t rfcs)
{
	assert_int_equal(count_of("particular"), rfcs);
	assert_int_equal(count_of("registro_patronal"), 2 * rfcs);
}

static int fresh(void **state)
{
	(void)state;
	/* The first verb that writes makes the store. */
	struct store *s = NULL;

	assert_int_equal(store_open(place, DB_WRITE, &s), OK);
	store_close(s);
	sql_run(place, "DELETE FROM registro_patronal; DELETE FROM particular; "
		       "DELETE FROM representacion; DELETE FROM mandato; DELETE FROM tarea");
	return 0;
}

/* In a process of its own that dies there, or not (0); its status as of waitpid. */
static int load_apart(long where)
{
	pid_t pid = fork();
	int status = 0;

	assert_true(pid >= 0);
	if (pid == 0) {
		statements = 0;
		dies_at = where;
		_exit(load());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

/* One for the RFC, two for its Registros Patronales, and what its clients are told. */
#define EACH 4

static void assert_dies(long where)
{
	int status = load_apart(where);

	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void test_all_or_nothing(void **state)
{
	int status;

	(void)state;
	write_file(FEW, "EMPRESA", true);
	assert_int_equal(load(), 65);
	assert_counts(0);
	write_file(FEW, "EMPRESA", false);
	assert_dies(EACH * FEW / 2);
	assert_counts(0);
	/* Everything is behind it but COMMIT. */
	assert_dies(EACH * FEW);
	assert_counts(0);
	status = load_apart(EACH * FEW + 1);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_counts(FEW);
	/* And so what is there already. */
	write_file(FEW, "OTRA", false);
	assert_dies(FEW);
	assert_int_equal(count_of("particular WHERE nombre LIKE 'OTRA%'"), 0);
}

/* kB of that line of /proc/self/status. */
static long status_of(const char *name)
{
	char line[200];
	FILE *in = fopen("/proc/self/status", "r");
	long kb = -1;

	while (in != NULL && fgets(line, sizeof(line), in) != NULL)
		if (strncmp(line, name, strlen(name)) == 0)
			kb = strtol(line + strlen(name) + 1, NULL, 10);
	if (in != NULL)
		fclose(in);
	return kb;
}

/* The most resident memory that it took to read, or load, that many, kB. */
static long peak_of(int count, bool only_read)
{
	const char *words[] = {"padron", "--archivo", path, only_read ? "--revisar" : "--config",
		only_read ? NULL : conf, NULL};
	int ends[2];
	long peak = 0;
	pid_t pid;

	write_file(count, "EMPRESA", false);
	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		int fd = open("/proc/self/clear_refs", O_WRONLY);
		bool good = fd >= 0 && write(fd, "5", 1) == 1 &&
			    core_verbo(pki_now(), words, out_text, sizeof(out_text), err_text,
				    sizeof(err_text)) == 0;

		peak = good ? status_of("VmHWM") : -1;
		_exit(write(ends[1], &peak, sizeof(peak)) == sizeof(peak) ? 0 : 1);
	}
	assert_int_equal(read(ends[0], &peak, sizeof(peak)), sizeof(peak));
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	close(ends[0]);
	close(ends[1]);
	assert_true(peak > 0);
	return peak;
}

/* Of a sanitizer's heap nothing is given back. */
static void assert_grows(bool only_read, long kb)
{
	long few = peak_of(FEW, only_read);
	long many = peak_of(MANY, only_read);

#ifdef __SANITIZE_ADDRESS__
	kb = LONG_MAX;
#endif
	if (many - few > kb)
		fail_msg("%ld kB for %d, %ld kB for %d", few, FEW, many, MANY);
}

/*
 * Ten times as many take some hundred bytes more for each (which RFCs were seen), not the 5 MB
 * that the file has; SQLite has 16 MB of pages of its own besides.
 */
static void test_memory(void **state)
{
	(void)state;
	assert_grows(true, 2 * 1024);
	assert_grows(false, pg_wanted() ? 3 * 1024 : 19 * 1024);
	assert_counts(MANY);
	/* The report that a person reads is no longer for it. */
	assert_int_equal(load(), 0);
	assert_string_equal(out_text, "Sin cambios: 10000 RFC revisados.\n");
	write_file(FEW, "OTRA", false);
	assert_int_equal(load(), 0);
	assert_non_null(strstr(out_text, "… y 800 RFC más con cambios; --json los dice todos.\n"
					 "1000 RFC: 0 nuevos, 1000 cambiados, 0 sin cambios.\n"));
}

/* Another that holds a row of it is waited for, and nothing is lost or told twice. */
static void test_contended(void **state)
{
	ARENA(a, 65536);
	struct in_cuenta_cambio in = {.rfc = "AAA000101A00"};
	int status = 0;
	int go[2];
	char c = 0;

	(void)state;
	write_file(FEW, "EMPRESA", false);
	assert_int_equal(load(), 0);
	write_file(FEW, "OTRA", false);
	assert_int_equal(pipe(go), 0);
	/* Before there is a connection: SQLite's are not for two processes. */
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(read(go[0], &c, 1) == 1 ? load() : 1);
	AUTO(store) s = NULL;

	assert_int_equal(store_open(place, DB_WRITE, &s), OK);
	assert_int_equal(store_begin(s), OK);
	assert_int_equal(store_queue(s, QUERY_cuenta_cambio, &in, NULL), OK);
	assert_int_equal(store_sync(s), OK);
	assert_int_equal(write(go[1], "x", 1), 1);
	usleep(300000);
	assert_int_equal(waitpid(pid, &status, WNOHANG), 0);
	assert_int_equal(store_commit(s), OK);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_int_equal(count_of("particular WHERE nombre LIKE 'OTRA%'"), FEW);
	assert_string_equal(
		sql_ask(&a, place, "SELECT cuenta FROM particular WHERE rfc = 'AAA000101A00'"),
		"3");
	close(go[0]);
	close(go[1]);
}

/* PostgreSQL keeps each lock of a transaction in a memory of some thousand. */
static void test_locks(void **state)
{
	(void)state;
	write_given(FEW, "medios=leer");
	assert_int_equal(load(), 0);
	write_given(FEW, "medios=preparar");
	locks = 0;
	assert_int_equal(load(), 0);
	assert_int_equal(locks, 1);
	assert_int_equal(count_of("mandato WHERE nivel = 2"), FEW);
}

/* A side ends one while the padrón changes it: it stays ended. */
static void test_ended_meanwhile(void **state)
{
	ARENA(a, 65536);
	struct in_representacion_terminada in = {.termino = pki_now(),
		.termino_por = "NULM750615MNA",
		.folio = "PADRON-NULM750615MNA",
		.titular = "AAA000101A00"};
	int status = 0;
	int go[2];
	char c = 0;

	(void)state;
	write_given(1, "medios=leer");
	assert_int_equal(load(), 0);
	write_given(1, "medios=preparar");
	assert_int_equal(pipe(go), 0);
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(read(go[0], &c, 1) == 1 ? load() : 1);
	AUTO(store) s = NULL;

	assert_int_equal(store_open(place, DB_WRITE, &s), OK);
	assert_int_equal(store_begin(s), OK);
	assert_int_equal(store_change(s, QUERY_representacion_terminada, &in), OK);
	assert_int_equal(store_sync(s), OK);
	assert_int_equal(write(go[1], "x", 1), 1);
	usleep(300000);
	assert_int_equal(waitpid(pid, &status, WNOHANG), 0);
	assert_int_equal(store_commit(s), OK);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_string_equal(
		sql_ask(&a, place, "SELECT termino_por FROM representacion"), "NULM750615MNA");
	close(go[0]);
	close(go[1]);
}

static int set_up(void **state)
{
	ARENA(a, 65536);
	const char *shared = pg_database(&a);

	(void)state;
	if (carpeta_make(mundo.folder, sizeof(mundo.folder), "padron") != 0)
		return -1;
	snprintf(place, sizeof(place), "%s", shared != NULL ? shared : "");
	if (shared == NULL)
		snprintf(place, sizeof(place), "%s/buzon.db", mundo.folder);
	core_verbo_config(conf, sizeof(conf), place);
	snprintf(path, sizeof(path), "%s/padron.csv", mundo.folder);
	return zona_setup() == OK ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	return carpeta_remove(mundo.folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_all_or_nothing, fresh),
		cmocka_unit_test_setup(test_memory, fresh),
		cmocka_unit_test_setup(test_contended, fresh),
		cmocka_unit_test_setup(test_locks, fresh),
		cmocka_unit_test_setup(test_ended_meanwhile, fresh),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK || db_setup() != OK)
		return 1;
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
