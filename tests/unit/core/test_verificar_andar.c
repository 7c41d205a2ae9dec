/*
 * How `buzond verificar-almacen` goes about it: what a person reads, many pages, Ctrl-C, memory
 * that ends, and stores that it can't read. L-6.5
 */
#include "core/verifica.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/db_mem.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/secret.h"
#include "tests/help/cm.h"
#include "tests/help/core_acervo.h"
#include "tests/help/core_sql.h"
#include "tests/help/core_verbo.h"
#include "tests/help/pg.h"
#include "tests/help/pki.h"

/* What a person reads: which row, what does not hold, how many, and what to do. */
static void test_lines(void **state)
{
	ARENA(a, 1 << 20);
	const char *folio =
		sql_ask(&a, mundo.config.almacen, "SELECT folio FROM acuse WHERE " U_FIRST);

	(void)state;
	sql_run(mundo.config.almacen, "DELETE FROM acuse WHERE " U_FIRST);
	assert_int_equal(acervo_verify(NULL), 65);
	assert_non_null(strstr(acervo_out, "acto 0"));
	assert_non_null(
		strstr(acervo_out, arena_printf(&a, ", folio %s: falta su acuse\n", folio)));
	assert_non_null(strstr(acervo_out, " Fallas: 2.\n"));
	assert_non_null(strstr(acervo_err, "restaura un respaldo"));
	acervo_restore();
	/* A row that tries to speak to the terminal. */
	sql_run(mundo.config.almacen,
		store_shared(mundo.config.almacen)
			? "UPDATE acuse SET folio = E'\\x1b[2J' WHERE " U_FIRST
			: "UPDATE acuse SET folio = char(27) || '[2J' WHERE " U_FIRST);
	assert_int_equal(acervo_verify(NULL), 65);
	assert_null(strchr(acervo_out, 27));
	assert_int_equal(acervo_verify("--json"), 65);
	assert_null(strchr(acervo_out, 27));
	acervo_restore();
}

/* The program itself, its lines in a pipe that holds few of them and that nobody reads yet. */
static pid_t start_piped(int *ret_fd)
{
	const char *build = getenv("BUZON_BUILD");
	char program[512];
	int fds[2];

	snprintf(program, sizeof(program), "%s/buzond",
		build != NULL && *build != '\0' ? build : "build");
	assert_int_equal(pipe(fds), 0);
	assert_true(fcntl(fds[1], F_SETPIPE_SZ, 4096) > 0);
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(fds[1], 1);
		dup2(fds[1], 2);
		close(fds[0]);
		execl(program, program, "verificar-almacen", "--json", "--config", acervo_config,
			(char *)NULL);
		_exit(127);
	}
	close(fds[1]);
	*ret_fd = fds[0];
	return pid;
}

static void read_all(int fd)
{
	size_t size = 0;
	ssize_t n;

	while ((n = read(fd, acervo_out + size, sizeof(acervo_out) - 1 - size)) > 0)
		size += (size_t)n;
	acervo_out[size] = '\0';
	close(fd);
}

/* Ctrl-C: what was told stays, the sum says that it is not all, and how to go on. */
static void interrupt(void)
{
	int fd = -1;
	int waiting = 0;
	int status = 0;
	pid_t pid = start_piped(&fd);

	while (waiting < 3500) {
		assert_int_equal(ioctl(fd, FIONREAD, &waiting), 0);
		/* One that ended will tell no more. */
		assert_int_equal(waitpid(pid, &status, WNOHANG), 0);
		usleep(1000);
	}
	assert_int_equal(kill(pid, SIGINT), 0);
	read_all(fd);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), err_exit(ERR_CANCELLED));
	assert_non_null(strstr(acervo_out, "\"completo\":false"));
	assert_non_null(strstr(acervo_out, "Se interrumpió"));
	assert_null(strstr(acervo_out, "\"acuses\":155"));
}

/* Many pages: what stands at their edges is looked at, too, and once. */
static void test_pages(void **state)
{
	enum { MANY = 150 };
	ARENA(a, 64 << 20);

	(void)state;
	titular_group(&a, MANY);
	acervo_must_be_clean("many");
	assert_string_equal(
		acervo_out, "Comprobado: actos 160, acuses 155, notificaciones 156. Fallas: 0.\n");
	sql_run(mundo.config.almacen, "UPDATE notificacion SET parte = parte");
	sql_run(mundo.config.almacen, "UPDATE acto SET legal = legal + 1 WHERE folio IS NOT NULL");
	assert_int_equal(acervo_verify("--json"), 65);
	assert_non_null(strstr(acervo_out, "\"fallas\":155,"));
	interrupt();
	sql_run(mundo.config.almacen, "UPDATE acto SET legal = legal - 1 WHERE folio IS NOT NULL");
	acervo_must_be_clean("many again");
}

/* ---- what keeps it from looking ----------------------------------------------------------- */

static bool stop_at_once(void *ctx, const struct verifica_cuenta *c)
{
	int *asked = ctx;

	(void)c;
	return ++*asked < 3;
}

static void never(void *ctx, const struct verifica_hallazgo *h)
{
	(void)ctx;
	fail_msg("%s %s", h->objeto, verifica_nombre(h->falla));
}

static void test_cancelled(void **state)
{
	AUTO(store) s = NULL;
	int asked = 0;
	struct verifica_cuenta sum;

	(void)state;
	assert_int_equal(store_open(mundo.config.almacen, DB_READ, &s), OK);
	struct verifica_config c = {.store = s,
		.trust = mundo.trust,
		.tell = never,
		.go_on = stop_at_once,
		.ctx = &asked};

	assert_int_equal(verifica(&c, &sum), ERR_CANCELLED);
	assert_int_equal(asked, 3);
	assert_int_equal(sum.actos, 0);
}

/* The schema's own steps; each since the second works with the second's programs. */
static const int steps[] = {
#define MIGRATION(n, least, sql, pg) (n),
#include "core/store/migraciones.def"
#undef MIGRATION
};

static void put_schema(const char *place, int step)
{
	ARENA(a, 65536);

	if (!store_shared(place)) {
		sql_run(place, arena_printf(&a, "PRAGMA user_version = %d", 2 << 16 | step));
		return;
	}
	sql_run(place, arena_printf(&a, "DELETE FROM esquema WHERE paso > %d", step));
	sql_run(place, arena_printf(&a,
			       "INSERT INTO esquema SELECT i, 2 FROM generate_series(3, %d) AS i "
			       "ON CONFLICT DO NOTHING",
			       step));
}

/* A schema that this program does not know: said, not walked through. */
static void test_other_schemas(void **state)
{
	const char *place = mundo.config.almacen;
	bool pg = store_shared(place);

	(void)state;
	sql_run(place,
		pg ? "INSERT INTO esquema VALUES (900, 900)" : "PRAGMA user_version = 58983300");
	assert_int_equal(acervo_verify(NULL), err_exit(ERR_STORE_NEWER));
	assert_non_null(strstr(acervo_err, "versión más nueva"));
	put_schema(place, 2);
	assert_int_equal(acervo_verify(NULL), 69);
	assert_non_null(strstr(acervo_err, "versión anterior"));
	assert_non_null(strstr(acervo_err, "buzond servir"));
	put_schema(place, steps[COUNT_OF(steps) - 1]);
	acervo_must_be_clean("other schemas");
}

static void test_no_store(void **state)
{
	ARENA(a, 65536);
	struct bytes text;
	const char *was = mundo.config.almacen;

	(void)state;
	mundo.config.almacen =
		store_shared(was) ? "postgresql://postgres@/nadie?host=/no/hay" : "/no/hay.db";
	core_verbo_config(acervo_config, sizeof(acervo_config), mundo.config.almacen);
	int code = acervo_verify(NULL);

	mundo.config.almacen = was;
	assert_int_equal(code, store_shared(was) ? 69 : 66);
	assert_non_null(strstr(acervo_err, "[almacen]"));
	if (!store_shared(was)) {
		const char *path = arena_printf(&a, "%s/texto", mundo.folder);

		assert_int_equal(file_write(path,
					 bytes_of_text("no es una base de datos, es "
						       "un texto que no dice nada"),
					 0600),
			OK);
		mundo.config.almacen = path;
		core_verbo_config(acervo_config, sizeof(acervo_config), mundo.config.almacen);
		code = acervo_verify(NULL);
		mundo.config.almacen = was;
		assert_int_equal(code, 65);
		assert_non_null(strstr(acervo_err, "no es un almacén"));
		assert_int_equal(file_read(&a, path, 4096, &text), OK);
		assert_int_equal(text.size, 53);
	}
	core_verbo_config(acervo_config, sizeof(acervo_config), mundo.config.almacen);
	acervo_must_be_clean("no store");
}

static int run_verb(const char *const *words)
{
	return core_verbo(
		pki_now(), words, acervo_out, sizeof(acervo_out), acervo_err, sizeof(acervo_err));
}

/* A copy of a file is of no use to PostgreSQL: what is, is named. */
static void test_copies_of_postgresql(void **state)
{
	(void)state;
	if (!pg_wanted())
		skip();
	assert_int_equal(run_verb((const char *const[]){
				 "respaldar", "--a", "/tmp/no", "--config", acervo_config, NULL}),
		64);
	assert_non_null(strstr(acervo_err, "pg_dump"));
	assert_non_null(strstr(acervo_err, "pg_basebackup"));
	assert_int_equal(run_verb((const char *const[]){"restaurar", "--de", "/tmp/no", "--si",
				 "--config", acervo_config, NULL}),
		64);
	assert_non_null(strstr(acervo_err, "pg_restore"));
	assert_int_equal(access("/tmp/no", F_OK), -1);
}

/* Any allocation fails, OpenSSL's and SQLite's too: memory is told, never a row that is whole. */
static void test_memory_ends(void **state)
{
	bool failed = true;
	int code = 1;
	size_t told = 0;

	(void)state;
	for (long n = 1; failed; n += n < 100 ? 1 : pg_wanted() ? 797 : 97) {
		mem_fail_at(n);
		code = acervo_verify(NULL);
		failed = mem_count() >= n;
		mem_fail_at(0);
		if (code != 0 && code != err_exit(ERR_NO_MEMORY))
			fail_msg("allocation %ld: exit %d\n%s%s", n, code, acervo_out, acervo_err);
		told += code != 0;
	}
	assert_int_equal(code, 0);
	assert_true(told > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines), cmocka_unit_test(test_cancelled),
		cmocka_unit_test(test_other_schemas), cmocka_unit_test(test_no_store),
		cmocka_unit_test(test_copies_of_postgresql), cmocka_unit_test(test_memory_ends),
		cmocka_unit_test(test_pages), /* the last: its rows stay */
	};
	struct secret_status status;

	log_open(2, LOG_ERROR);
	if (secret_setup(&status) != OK || db_setup() != OK)
		return 1;
	return cmocka_run_group_tests(tests, acervo_set_up, titular_tear_down);
}
