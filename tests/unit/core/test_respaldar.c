/*
 * `buzond respaldar` as a program of its own, on the store of a server that writes: one moment of
 * it, whole, or nothing. L-6.1 L-6.5
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/secret.h"
#include "core/copia.h"
#include "tests/help/cm.h"
#include "tests/help/core_copia.h"

#define ROOM (64 << 20)
/* So many that a copy takes many steps. */
#define LARGE 6

static void test_backup(void **state)
{
	ARENA(a, ROOM);
	const char *to = core_copia_path(&a, "copia.db");
	struct copia c;
	struct stat st;

	(void)state;
	int code = core_copia_back_up(to);

	if (code != 0)
		fail_msg("%d %s", code, core_copia_err);
	assert_int_equal(stat(to, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(copia_check(&a, to, true, &c), OK);
	assert_int_equal(c.actos, core_copia_acts(mundo.config.almacen));
	assert_true(c.ultimo <= mundo.now && c.ultimo > mundo.now - 600000);
	assert_non_null(strstr(core_copia_out, c.sha256));
	assert_non_null(strstr(core_copia_out,
		arena_printf(&a, "%ld actos, el último recibido el ", (long)c.actos)));
	/* The same as everybody else finds. */
	assert_int_equal(system(arena_printf(&a, "sha256sum %s | grep -q ^%s", to, c.sha256)), 0);
	/* One file: nothing that must be kept with it. */
	assert_int_equal(core_copia_files("copia.db-wal") + core_copia_files("copia.db-shm"), 0);
	core_copia_must_prove(to);
	core_copia_forget(to);
}

static void test_never_overwrites(void **state)
{
	ARENA(a, ROOM);
	const char *to = core_copia_path(&a, "copia.db");
	struct bytes text;

	(void)state;
	assert_int_equal(file_write(to, bytes_of_text("lo de antes"), 0644), OK);
	size_t before = core_copia_files("");

	assert_int_equal(core_copia_back_up(to), 65);
	assert_non_null(strstr(core_copia_err, "--sobrescribir"));
	/* One that somebody makes while it is copied. */
	assert_int_equal(file_rename(core_copia_config, to, false), ERR_EXISTS);
	assert_int_equal(file_read(&a, to, 100, &text), OK);
	assert_true(bytes_equal(text, bytes_of_text("lo de antes")));
	assert_int_equal(CORE_COPIA_RUN("respaldar", "--a", to, "--sobrescribir", "--config",
				 core_copia_config),
		0);
	assert_int_equal(core_copia_files(""), before);
	core_copia_must_prove(to);
	assert_int_equal(core_copia_back_up(mundo.config.almacen), 64);
	assert_int_equal(CORE_COPIA_RUN("respaldar", "--a", mundo.config.almacen, "--sobrescribir",
				 "--config", core_copia_config),
		64);
	assert_non_null(strstr(core_copia_err, "el almacén mismo"));
	assert_int_equal(core_copia_back_up("/no/hay/copia.db"), 66);
	assert_non_null(strstr(core_copia_err, "carpeta"));
	core_copia_must_prove(mundo.config.almacen);
	core_copia_forget(to);
}

static atomic_bool writing;
static atomic_long written;

static void *write_acts(void *unused)
{
	(void)unused;
	while (atomic_load(&writing)) {
		core_copia_act();
		atomic_fetch_add(&written, 1);
	}
	return NULL;
}

/* Constant writes: the copy ends, and holds all that was acknowledged before it began. */
static void test_under_load(void **state)
{
	ARENA(a, ROOM);
	const char *to = core_copia_path(&a, "copia.db");
	pthread_t thread;

	(void)state;
	for (int i = 0; i < LARGE; i++)
		core_copia_large();
	atomic_store(&writing, true);
	assert_int_equal(pthread_create(&thread, NULL, write_acts, NULL), 0);
	while (atomic_load(&written) < 20)
		usleep(1000);
	for (int i = 0; i < 3; i++) {
		int64_t began = clock_monotonic();
		long before = core_copia_acts(mundo.config.almacen);
		long at = atomic_load(&written);
		int code = CORE_COPIA_RUN(
			"respaldar", "--a", to, "--sobrescribir", "--config", core_copia_config);
		long meanwhile = atomic_load(&written) - at;

		if (code != 0)
			fail_msg("%d %s", code, core_copia_err);
		assert_true(clock_monotonic() - began < 60000);
		assert_true(core_copia_acts(to) >= before);
		/* Else there was no load. */
		assert_true(meanwhile > 5);
		core_copia_small(to);
		core_copia_must_prove(to);
	}
	atomic_store(&writing, false);
	assert_int_equal(pthread_join(thread, NULL), 0);
	core_copia_small(mundo.config.almacen);
	core_copia_must_prove(mundo.config.almacen);
	core_copia_forget(to);
}

static void test_disk_full(void **state)
{
	ARENA(a, ROOM);
	size_t before = core_copia_files("");

	(void)state;
	core_copia_limit = 65536;
	int code = core_copia_back_up(core_copia_path(&a, "copia.db"));

	core_copia_limit = 0;
	assert_int_equal(code, 74);
	assert_non_null(strstr(core_copia_err, "No cabe la copia"));
	assert_int_equal(core_copia_files(""), before);
}

/* Ctrl-C, and a death: the first leaves nothing, the second nothing by that name. */
static void test_interrupted(void **state)
{
	ARENA(a, ROOM);
	const char *to = core_copia_path(&a, "copia.db");
	size_t before;
	int interrupted = 0;

	(void)state;
	for (int i = 0; i < LARGE; i++)
		core_copia_large();
	before = core_copia_files("");
	for (int i = 0; i < 30 && interrupted < 3; i++) {
		pid_t pid = core_copia_start((const char *const[]){
			"respaldar", "--a", to, "--config", core_copia_config, NULL});

		usleep(10000 + (unsigned)i * 4000);
		kill(pid, SIGINT);
		int code = core_copia_finish(pid);

		/* Before it listens it dies of it. */
		if (code == err_exit(ERR_CANCELLED)) {
			assert_non_null(strstr(core_copia_err, "no se hizo ninguna copia"));
			interrupted++;
		}
		assert_true(code == 0 || code == 1 || code == 128 + SIGINT);
		if (code == 0)
			core_copia_forget(to);
		assert_int_equal(core_copia_files(""), before);
	}
	assert_true(interrupted > 0);
	core_copia_small(mundo.config.almacen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_backup),
		cmocka_unit_test(test_never_overwrites),
		cmocka_unit_test(test_under_load),
		cmocka_unit_test(test_disk_full),
		cmocka_unit_test(test_interrupted),
	};
	struct secret_status status;

	log_open(2, LOG_ERROR);
	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, core_copia_set_up, titular_tear_down);
}
