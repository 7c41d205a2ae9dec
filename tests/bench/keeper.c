#include "tests/bench/keeper.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "tests/bench/bench.h"
#include "tests/help/pg.h"
#include "tests/help/pki.h"

static struct {
	pid_t pid;
	int asks;    /* a byte: start the cluster; its end: the bench has ended */
	int answers; /* the cluster, once it is there */
	struct pg_cluster cluster;
} keeper;
static char folder[PATH_MAX];

/* Of the other process; by whatever it ends itself. */
static void clean(void)
{
	char command[PATH_MAX + 16];

	pg_cluster_stop(&keeper.cluster);
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	if (system(command) != 0)
		fprintf(stderr, "bench: %s was left behind\n", folder);
}

/* The other process. A cluster that is just being made is waited for, and then ended as well. */
static _Noreturn void keep(int asks, int answers)
{
	char ask;

	setsid();
	signal(SIGPIPE, SIG_IGN);
	atexit(clean);
	while (read(asks, &ask, 1) == 1) {
		pg_cluster_start(&keeper.cluster, 0);
		if (write(answers, &keeper.cluster, sizeof(keeper.cluster)) !=
			sizeof(keeper.cluster))
			break;
	}
	exit(0);
}

static void check_disks(void)
{
	struct stat ours, cluster;

	if (stat(folder, &ours) == 0 && stat(keeper.cluster.dir, &cluster) == 0 &&
		ours.st_dev != cluster.st_dev)
		bench_say("PostgreSQL is on another disk than SQLite: %s", keeper.cluster.dir);
}

void keeper_open(void)
{
	const char *tmp = getenv("BUZON_TMP");
	int asks[2], answers[2];

	/* The test e.firmas are kept from run to run. */
	setenv("BUZON_PKI", pki_dir(), 1);
	unsetenv("BUZON_PG");
	snprintf(folder, sizeof(folder), "%s/buzon-bench.XXXXXX", tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(folder) == NULL || setenv("BUZON_TMP", folder, 1) != 0)
		bench_die("no folder to work in");
	if (pipe2(asks, O_CLOEXEC) != 0 || pipe2(answers, O_CLOEXEC) != 0)
		bench_die("no pipe");
	keeper.pid = fork();
	if (keeper.pid == 0) {
		close(asks[1]);
		close(answers[0]);
		keep(asks[0], answers[1]);
	}
	close(asks[0]);
	close(answers[1]);
	keeper.asks = asks[1];
	keeper.answers = answers[0];
}

void keeper_close(void)
{
	if (keeper.pid <= 0)
		return;
	close(keeper.asks);
	(void)waitpid(keeper.pid, NULL, 0);
	keeper.pid = 0;
}

static void need_cluster(void)
{
	if (keeper.cluster.dir[0] != '\0')
		return;
	if (write(keeper.asks, "c", 1) != 1 ||
		read(keeper.answers, &keeper.cluster, sizeof(keeper.cluster)) !=
			sizeof(keeper.cluster))
		bench_die("no PostgreSQL (tests/pg.sh start says why)");
	check_disks();
}

void keeper_postgres(bool on)
{
	if (on) {
		need_cluster();
		setenv("BUZON_PG", keeper.cluster.dir, 1);
	} else {
		unsetenv("BUZON_PG");
	}
}

pid_t keeper_postmaster(void)
{
	need_cluster();
	return pg_cluster_pid(&keeper.cluster);
}
