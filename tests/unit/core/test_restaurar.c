/*
 * `buzond restaurar` as a program of its own: the store is the old or the restored one, whole,
 * whatever instant it dies at; and only while nobody has it. L-6.1 L-6.5
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/secret.h"
#include "core/store/store_guard.h"
#include "tests/help/cm.h"
#include "tests/help/core_copia.h"
#include "tests/help/core_sql.h"
#include "tests/help/core_verbo.h"

#define ROOM (64 << 20)
#define KILLS 40

static void test_restore(void **state)
{
	ARENA(a, ROOM);
	const char *copy = core_copia_path(&a, "copia.db");
	long then = core_copia_acts(mundo.config.almacen);

	(void)state;
	assert_int_equal(core_copia_back_up(copy), 0);
	core_copia_act();
	core_copia_act();
	mundo_let_go(&mundo);
	assert_int_equal(core_copia_acts(mundo.config.almacen), then + 2);
	/* Without --si it only says so. */
	assert_int_equal(
		CORE_COPIA_RUN("restaurar", "--de", copy, "--config", core_copia_config), 64);
	assert_non_null(strstr(core_copia_out, "Se restauraría"));
	assert_non_null(strstr(core_copia_err, "--si"));
	assert_int_equal(core_copia_acts(mundo.config.almacen), then + 2);
	int code = core_copia_restore(copy);

	if (code != 0)
		fail_msg("%d %s", code, core_copia_err);
	/* The old one is named, and whole. */
	const char *at = strstr(core_copia_out, "quedó en ");

	assert_non_null(at);
	at += strlen("quedó en ");
	const char *kept = arena_printf(&a, "%.*s", (int)strcspn(at, ":"), at);

	assert_int_equal(strncmp(kept, mundo.config.almacen, strlen(mundo.config.almacen)), 0);
	assert_int_equal(core_copia_acts(mundo.config.almacen), then);
	core_copia_must_prove(mundo.config.almacen);
	assert_int_equal(core_copia_acts(kept), then + 2);
	core_copia_must_prove(kept);
	mundo_take(&mundo);
	core_copia_act();
	assert_int_equal(core_copia_acts(mundo.config.almacen), then + 1);
	core_copia_must_prove(mundo.config.almacen);
	core_copia_forget(kept);
	core_copia_forget(copy);
}

/* Whoever has it: a server, another program. */
static void test_not_while_used(void **state)
{
	ARENA(a, ROOM);
	const char *copy = core_copia_path(&a, "copia.db");
	struct store_guard *server = NULL;
	struct store_guard *second = NULL;

	(void)state;
	assert_int_equal(core_copia_back_up(copy), 0);
	assert_int_equal(store_guard_server(mundo.config.almacen, &server), OK);
	assert_int_equal(store_guard_server(mundo.config.almacen, &second), ERR_STORE_TAKEN);
	assert_int_equal(core_copia_restore(copy), 75);
	assert_non_null(strstr(core_copia_err, "systemctl stop buzond"));
	store_guard_drop(server);
	size_t before = core_copia_files("");

	/* This process has it open. */
	assert_int_equal(core_copia_restore(copy), 75);
	assert_non_null(strstr(core_copia_err, "Otro programa"));
	assert_int_equal(core_copia_files(""), before);
	core_copia_act();
	core_copia_must_prove(mundo.config.almacen);
	core_copia_forget(copy);
}

/* A verb that waits for its turn writes to the restored one, never to the one that was put away. */
static void test_verbs_wait(void **state)
{
	ARENA(a, ROOM);
	const char *other = core_copia_path(&a, "otro.db");
	struct store_guard *alone = NULL;

	(void)state;
	assert_int_equal(core_copia_back_up(other), 0);
	mundo_let_go(&mundo);
	assert_int_equal(store_guard_alone(mundo.config.almacen, &alone), OK);
	pid_t pid = core_copia_start((const char *const[]){"alta", "--rfc", "RUSA820922TT8",
		"--nombre", "ANA", "--config", core_copia_config, NULL});

	usleep(300000);
	assert_int_equal(waitpid(pid, NULL, WNOHANG), 0);
	assert_int_equal(file_exchange(other, mundo.config.almacen), OK);
	store_guard_drop(alone);
	assert_int_equal(core_copia_finish(pid), 0);
	static const char ask[] = "SELECT nombre FROM particular WHERE rfc = 'RUSA820922TT8'";

	assert_string_equal(sql_ask(&a, mundo.config.almacen, ask), "ANA");
	assert_string_equal(sql_ask(&a, other, ask), "");
	mundo_take(&mundo);
	core_copia_forget(other);
}

static void refused(const char *copy, int code, const char *says)
{
	long acts = core_copia_acts(mundo.config.almacen);
	size_t before = core_copia_files("");
	int got = core_copia_restore(copy);

	if (got != code || strstr(core_copia_err, says) == NULL)
		fail_msg("%s: %d %s", says, got, core_copia_err);
	assert_int_equal(core_copia_files(""), before);
	assert_int_equal(core_copia_acts(mundo.config.almacen), acts);
}

/* What is no copy of ours, or not whole, takes nobody's place. */
static void test_bad_copies(void **state)
{
	static const struct {
		const char *sql;
		int code;
		const char *says;
	} cases[] = {
		{"PRAGMA user_version = 58983300", 78, "versión más nueva"},
		{"PRAGMA user_version = 0", 65, "no es un almacén"},
		{"DROP TABLE acuse", 65, "no es un almacén"},
		{"DELETE FROM archivo", 65, "no es un almacén"},
		{"DELETE FROM certificado", 65, "no es un almacén"},
	};
	ARENA(a, ROOM);
	const char *copy = core_copia_path(&a, "copia.db");

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(core_copia_back_up(copy), 0);
		sql_run(copy, cases[i].sql);
		refused(copy, cases[i].code, cases[i].says);
		core_copia_forget(copy);
	}
}

/* No copy at all; and files that were one before a disk or a hand altered them. */
static void test_no_copies(void **state)
{
	ARENA(a, ROOM);
	const char *copy = core_copia_path(&a, "copia.db");
	const char *wal = core_copia_path(&a, "copia.db-wal");

	(void)state;
	refused(core_copia_path(&a, "nada.db"), 66, "--de");
	refused(mundo.folder, 65, "no es un almacén");
	refused(mundo.config.almacen, 64, "el almacén mismo");
	assert_int_equal(file_write(copy, bytes_of_text("hola"), 0600), OK);
	refused(copy, 65, "no es un almacén");
	core_copia_forget(copy);
	/* An index that says another thing than its table. */
	assert_int_equal(core_copia_back_up(copy), 0);
	long root = strtol(sql_ask(&a, copy,
				   "SELECT CAST(rootpage AS TEXT) FROM sqlite_schema WHERE name = "
				   "'notificacion_titular'"),
		NULL, 10);
	int index = open(copy, O_WRONLY);

	assert_int_equal(pwrite(index, "0000", 4, root * 16384 - 30), 4);
	close(index);
	refused(copy, 65, "no es un almacén");
	core_copia_forget(copy);
	/* A page in the middle; the end. */
	assert_int_equal(core_copia_back_up(copy), 0);
	int fd = open(copy, O_WRONLY);

	for (off_t at = 16384 * 4; at < 16384 * 8; at += 512)
		assert_int_equal(pwrite(fd, "dañado", 6, at), 6);
	close(fd);
	refused(copy, 65, "no es un almacén");
	core_copia_forget(copy);
	assert_int_equal(core_copia_back_up(copy), 0);
	assert_int_equal(truncate(copy, 16384 * 6), 0);
	refused(copy, 65, "no es un almacén");
	core_copia_forget(copy);
	assert_int_equal(core_copia_back_up(copy), 0);
	assert_int_equal(file_write(wal, bytes_of_text("x"), 0600), OK);
	refused(copy, 65, "buzond respaldar");
	core_copia_forget(copy);
	unlink(wal);
	core_copia_must_prove(mundo.config.almacen);
}

/* The case it is for: the store itself is broken, its WAL beside it. */
static void test_damaged_store(void **state)
{
	ARENA(a, ROOM);
	const char *copy = core_copia_path(&a, "copia.db");
	const char *wal = arena_printf(&a, "%s-wal", mundo.config.almacen);
	long then = core_copia_acts(mundo.config.almacen);
	struct bytes log;

	(void)state;
	assert_int_equal(core_copia_back_up(copy), 0);
	/* A WAL that SQLite would believe, beside whatever file has the name. */
	core_copia_act();
	assert_int_equal(file_read(&a, wal, ROOM / 2, &log), OK);
	assert_true(log.size > 16384);
	mundo_let_go(&mundo);
	int fd = open(mundo.config.almacen, O_WRONLY);

	for (off_t at = 0; at < 16384 * 4; at += 64)
		assert_int_equal(pwrite(fd, "no es", 5, at), 5);
	close(fd);
	assert_int_equal(file_write(wal, log, 0600), OK);
	int code = core_copia_restore(copy);

	if (code != 0)
		fail_msg("%d %s", code, core_copia_err);
	assert_non_null(strstr(core_copia_out, "que estaba dañado"));
	assert_int_equal(core_copia_acts(mundo.config.almacen), then);
	core_copia_must_prove(mundo.config.almacen);
	assert_true(core_copia_files("-wal") <= 1); /* the old one's, with its own name */
	mundo_take(&mundo);
	core_copia_act();
	assert_int_equal(system(arena_printf(&a, "rm %s.20*", mundo.config.almacen)), 0);
	core_copia_forget(copy);
}

static void test_no_room_to_restore(void **state)
{
	ARENA(a, ROOM);
	const char *copy = core_copia_path(&a, "copia.db");

	(void)state;
	assert_int_equal(core_copia_back_up(copy), 0);
	mundo_let_go(&mundo);
	core_copia_limit = 65536;
	refused(copy, 74, "libera espacio");
	core_copia_limit = 0;
	mundo_take(&mundo);
	core_copia_forget(copy);
}

static void test_where_there_is_none(void **state)
{
	ARENA(a, ROOM);
	const char *copy = core_copia_path(&a, "copia.db");
	const char *empty = core_copia_path(&a, "nuevo.db");
	char other[400];

	(void)state;
	assert_int_equal(core_copia_back_up(copy), 0);
	core_verbo_config(other, sizeof(other), empty);
	assert_int_equal(CORE_COPIA_RUN("restaurar", "--de", copy, "--si", "--config", other), 0);
	assert_null(strstr(core_copia_out, "almacén anterior"));
	assert_int_equal(core_copia_acts(empty), core_copia_acts(copy));
	core_copia_must_prove(empty);
	core_copia_forget(empty);
	core_copia_forget(copy);
}

/* ---- death at any instant ----------------------------------------------------------------- */

static long whole_us(const char *copy)
{
	int64_t began = clock_monotonic();

	assert_int_equal(core_copia_restore(copy), 0);
	return (long)(clock_monotonic() - began) * 1000;
}

static void test_killed_at_any_instant(void **state)
{
	ARENA(a, ROOM);
	const char *one = core_copia_path(&a, "uno.db");
	const char *two = core_copia_path(&a, "dos.db");
	const char *copies[] = {one, two};
	long acts[2];
	int killed = 0;

	(void)state;
	assert_int_equal(core_copia_back_up(one), 0);
	core_copia_act();
	assert_int_equal(core_copia_back_up(two), 0);
	mundo_let_go(&mundo);
	acts[0] = core_copia_acts(one);
	acts[1] = core_copia_acts(two);
	long whole = whole_us(one);

	for (int i = 0; i < KILLS; i++) {
		long before = core_copia_acts(mundo.config.almacen);
		int to = before == acts[0] ? 1 : 0;
		pid_t pid = core_copia_start((const char *const[]){"restaurar", "--de", copies[to],
			"--si", "--config", core_copia_config, NULL});

		usleep((unsigned)(whole * i / KILLS));
		kill(pid, SIGKILL);
		bool dead = core_copia_finish(pid) == 128 + SIGKILL;

		killed += dead;
		/* Faster than when it was measured, on a machine that others use, too. */
		if (!dead)
			whole = whole * 9 / 10;
		long after = core_copia_acts(mundo.config.almacen);

		assert_true(after == before || after == acts[to]);
		assert_string_equal(
			sql_ask(&a, mundo.config.almacen, "PRAGMA integrity_check"), "ok");
		/* The lock went with it, and nothing that it left is in the way. */
		if (i % 8 == 0)
			core_copia_must_prove(mundo.config.almacen);
	}
	assert_true(killed > KILLS / 2);
	assert_int_equal(core_copia_restore(two), 0);
	core_copia_must_prove(mundo.config.almacen);
	mundo_take(&mundo);
	core_copia_act();
	core_copia_must_prove(mundo.config.almacen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_restore),
		cmocka_unit_test(test_not_while_used),
		cmocka_unit_test(test_verbs_wait),
		cmocka_unit_test(test_bad_copies),
		cmocka_unit_test(test_no_copies),
		cmocka_unit_test(test_damaged_store),
		cmocka_unit_test(test_no_room_to_restore),
		cmocka_unit_test(test_where_there_is_none),
		cmocka_unit_test(test_killed_at_any_instant),
	};
	struct secret_status status;

	log_open(2, LOG_ERROR);
	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, core_copia_set_up, titular_tear_down);
}
