/*
 * The disk of a server with SQLite fills up under load, three times: what was acknowledged is there
 * once, and acts go on as soon as there is space.
 * L-6.1 L-6.5
 */
#include "tests/help/cm.h"
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <unistd.h>
#include "tests/help/fallas.h"

#define TIMES 3
#define EACH 600

static struct e2e world;
static struct carga carga;
static char folder[200], store[256], ballast[256];

/* In a name space of our own the mount goes with us, however we end. */
static bool small_disk(void)
{
	const char *tmp = getenv("BUZON_TMP");

	snprintf(folder, sizeof(folder), "%s/disco.XXXXXX", tmp != NULL ? tmp : "/tmp");
	assert_non_null(mkdtemp(folder));
	snprintf(store, sizeof(store), "%s/buzon.db", folder);
	snprintf(ballast, sizeof(ballast), "%s/lastre", folder);
	if (unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
		mount("none", folder, "tmpfs", 0, "size=64m") == 0)
		return true;
	rmdir(folder);
	return false;
}

static void take_space(void)
{
	static const char block[65536];
	int fd = open(ballast, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	while (write(fd, block, sizeof(block)) > 0)
		;
	while (write(fd, block, 512) > 0)
		;
	close(fd);
}

static void test_full_under_load(void **state)
{
	size_t again = 0;

	(void)state;
	if (!small_disk())
		skip();
	world = (struct e2e){.store = store, .authority = CARGA_AUTORIDAD};
	e2e_open(&world);
	carga = (struct carga){.servers = 1, .ports = {world.port}};
	carga_open(&carga, &world, EACH);
	carga_start(&carga, 0);
	for (int i = 0; i < TIMES; i++) {
		carga_wait(&carga, CARGA_PERSONAS + (size_t)random() % 40, 20000);
		take_space();
		/* Somebody has been told that there is none. */
		for (int ms = 0; carga_again(&carga) == again && ms < 20000; ms++)
			fallas_pause(1);
		assert_in_range(carga_again(&carga), again + 1, SIZE_MAX);
		fallas_pause(300);
		assert_int_equal(unlink(ballast), 0);
		carga_wait(&carga, CARGA_PERSONAS, 20000);
		again = carga_again(&carga);
	}
	carga_stop(&carga);
	carga_check(&carga, "a full disk, 3 times");
	assert_int_equal(e2e_server_stop(&world, SIGTERM), 0);
}

static int close_world(void **state)
{
	(void)state;
	carga_close(&carga);
	e2e_close(&world);
	(void)umount(folder);
	rmdir(folder);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_full_under_load, close_world),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
