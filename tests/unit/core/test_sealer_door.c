/*
 * The sealing service's socket: a stale one is replaced by one at a time, a live one and whatever
 * else stands there are not, and its mode is never wider than it should be.
 */
#include "core/sealer_door.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/file.h"
#include "core/sealer_wire.h"
#include "tests/help/carpeta.h"
#include "tests/help/cm.h"

static char folder[200];
static char path[260];

static int set_up(void **state)
{
	(void)state;
	if (carpeta_make(folder, sizeof(folder), "puerta") != 0)
		return -1;
	snprintf(path, sizeof(path), "%s/sello.sock", folder);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	return carpeta_remove(folder);
}

static ino_t inode(void)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	return st.st_ino;
}

/* As a service that was killed leaves it: the file is there, nobody listens. */
static void leave_stale(void)
{
	int fd = -1;

	assert_int_equal(sealer_door_open(path, &fd), OK);
	close(fd);
	assert_int_equal(sealer_wire_connect(path, &fd), ERR_SEAL);
}

static void test_stale_and_live(void **state)
{
	int live = -1;
	int other = -1;
	int fd = -1;
	struct stat st;

	(void)state;
	leave_stale();
	mode_t before = umask(0);

	assert_int_equal(sealer_door_open(path, &live), OK);
	assert_int_equal(umask(before), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0660);
	ino_t of_live = inode();

	assert_int_equal(sealer_door_open(path, &other), ERR_UNAVAILABLE);
	assert_int_equal(inode(), of_live);
	assert_int_equal(sealer_wire_connect(path, &fd), OK);
	close(fd);
	sealer_door_close(path, live);
	assert_false(file_exists(path));
	assert_int_equal(sealer_wire_connect(path, &fd), ERR_NO_FILE);
}

/* One that lives but is too busy to answer is live. */
static void test_full_is_live(void **state)
{
	enum { MOST = 200 };
	int live = -1;
	int other = -1;
	int fd[MOST];
	int n = 0;

	(void)state;
	assert_int_equal(sealer_door_open(path, &live), OK);
	while (n < MOST && sealer_wire_connect(path, &fd[n]) == OK)
		n++;
	assert_in_range(n, 1, MOST - 1);
	assert_int_equal(sealer_door_open(path, &other), ERR_UNAVAILABLE);
	while (n > 0)
		close(fd[--n]);
	sealer_door_close(path, live);
}

static void test_other_things_are_kept(void **state)
{
	char target[300];
	int fd = -1;

	(void)state;
	assert_int_equal(file_write(path, bytes_of_text("mías"), 0600), OK);
	assert_int_equal(sealer_door_open(path, &fd), ERR_CONFIG);
	assert_true(file_exists(path));
	assert_int_equal(unlink(path), 0);
	snprintf(target, sizeof(target), "%s/otro.sock", folder);
	assert_int_equal(symlink(target, path), 0);
	assert_int_equal(sealer_door_open(path, &fd), ERR_CONFIG);
	snprintf(target, sizeof(target), "%s/no-hay/sello.sock", folder);
	assert_int_equal(sealer_door_open(target, &fd), ERR_NO_FILE);
	assert_int_equal(fd, -1);
}

/* Who looks at a socket that is stale may be late: the folder is locked meanwhile. */
static void test_one_at_a_time(void **state)
{
	int status = 0;

	(void)state;
	leave_stale();
	int lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ino_t before = inode();

	assert_int_equal(flock(lock, LOCK_EX), 0);
	fflush(NULL);
	pid_t opener = fork();

	if (opener == 0) {
		int fd = -1;

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(lock);
		_exit(sealer_door_open(path, &fd) == OK ? 0 : 1);
	}
	usleep(200000);
	assert_int_equal(waitpid(opener, &status, WNOHANG), 0);
	assert_int_equal(inode(), before);
	close(lock);
	assert_int_equal(waitpid(opener, &status, 0), opener);
	assert_int_equal(status, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_stale_and_live),
		TEST(test_full_is_live),
		TEST(test_other_things_are_kept),
		TEST(test_one_at_a_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
