#include "tests/help/pg.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "base/file.h"
#include "tests/help/cm.h"

#define ANSWER_MOST (1 << 20)
#define USUAL_PORT 5432

static void run(const char *command, struct arena *a, char **ret_out)
{
	static char out[ANSWER_MOST];
	FILE *f = popen(command, "re");

	assert_non_null(f);
	size_t size = fread(out, 1, sizeof(out) - 1, f);
	int code = pclose(f);

	out[size] = '\0';
	if (code != 0)
		fail_msg("%s: %d %s", command, code, out);
	while (size != 0 && out[size - 1] == '\n')
		out[--size] = '\0';
	*ret_out = arena_strdup(a, out);
	assert_non_null(*ret_out);
}

static const char *script(struct arena *a, const char *format, ...) PRINTF_LIKE(2, 3);

static const char *script(struct arena *a, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	const char *command = arena_vprintf(a, format, args);

	va_end(args);
	assert_non_null(command);
	return command;
}

bool pg_wanted(void)
{
	const char *dir = getenv("BUZON_PG");

	return dir != NULL && *dir != '\0';
}

/* `port` names the socket's file, too; 0: the usual. */
static const char *database_in(struct arena *a, const char *dir, unsigned port)
{
	static unsigned number;
	char *out;
	const char *name = script(a, "b%d_%u", (int)getpid(), ++number);

	port = port != 0 ? port : USUAL_PORT;
	run(script(a, "createdb -h '%s' -p %u -U postgres %s 2>&1", dir, port, name), a, &out);
	return script(a, "postgresql://postgres@/%s?host=%s&port=%u", name, dir, port);
}

const char *pg_database(struct arena *a)
{
	return pg_wanted() ? database_in(a, getenv("BUZON_PG"), 0) : NULL;
}

void pg_cluster_start(struct pg_cluster *c, unsigned port)
{
	ARENA(a, 4 << 20);
	char *out;

	c->port = port;
	run(port != 0 ? script(&a, "tests/pg.sh start %u", port) : "tests/pg.sh start", &a, &out);
	snprintf(c->dir, sizeof(c->dir), "%s", out);
}

const char *pg_cluster_database(const struct pg_cluster *c, struct arena *a)
{
	return database_in(a, c->dir, c->port);
}

pid_t pg_cluster_pid(const struct pg_cluster *c)
{
	ARENA(a, 65536);
	struct bytes text = {0};

	assert_int_equal(file_read(&a, script(&a, "%s/d/postmaster.pid", c->dir), 4096, &text), OK);
	return (pid_t)atoi((const char *)text.data);
}

/* A dead one may be nobody's to wait for, and stay a zombie. */
static bool lives(pid_t pid)
{
	ARENA(a, 65536);
	struct bytes text = {0};

	if (file_read(&a, script(&a, "/proc/%d/stat", (int)pid), 4096, &text) != OK)
		return false;
	const char *state = strrchr((const char *)text.data, ')');

	return state != NULL && state[2] != 'Z';
}

void pg_cluster_kill(struct pg_cluster *c)
{
	ARENA(a, 4 << 20);
	pid_t pid = pg_cluster_pid(c);
	char *children;
	char *rest = NULL;

	/* Stopped first, so that nobody is born while they are counted. */
	kill(pid, SIGSTOP);
	run(script(&a, "pgrep -P %d || true", (int)pid), &a, &children);
	kill(pid, SIGKILL);
	for (char *child = strtok_r(children, "\n", &rest); child != NULL;
		child = strtok_r(NULL, "\n", &rest)) {
		kill((pid_t)atoi(child), SIGKILL);
		/* Its shared memory must be nobody's before the next one starts. */
		while (lives((pid_t)atoi(child)))
			nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
	}
	while (lives(pid))
		nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
	/* Where nobody waits for orphans it is a zombie, which the next one would take for alive.
	 */
	(void)unlink(script(&a, "%s/d/postmaster.pid", c->dir));
	(void)unlink(script(
		&a, "%s/.s.PGSQL.%u.lock", c->dir, c->port != 0 ? c->port : (unsigned)USUAL_PORT));
}

void pg_cluster_again(struct pg_cluster *c)
{
	ARENA(a, 4 << 20);
	char *out;

	run(script(&a, "tests/pg.sh again '%s' 2>&1", c->dir), &a, &out);
}

void pg_cluster_stop(struct pg_cluster *c)
{
	ARENA(a, 4 << 20);
	char *out;

	if (c->dir[0] != '\0')
		run(script(&a, "tests/pg.sh stop '%s' 2>&1", c->dir), &a, &out);
	c->dir[0] = '\0';
}

const char *pg_ask(struct arena *a, const char *place, const char *sql)
{
	const char *quoted = "";
	char *out;

	/* For sh: ' is written '\'' */
	for (const char *at = sql; *at != '\0'; at++)
		quoted = script(a, *at == '\'' ? "%s'\\''" : "%s%c", quoted, *at);
	run(script(a, "psql '%s' -XqAt -v ON_ERROR_STOP=1 -c '%s' 2>&1", place, quoted), a, &out);
	return out;
}
