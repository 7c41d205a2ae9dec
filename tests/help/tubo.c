#include "tests/help/tubo.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include "tests/help/cm.h"

#define TUBO_MS 20000

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void become(const char *dir, char *const argv[], char *const envp[])
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || chdir(dir) != 0)
		_exit(126);
	execve(argv[0], argv, envp);
	_exit(127);
}

static void by_pipes(struct tubo *t)
{
	int in[2], out[2];

	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	t->pid = fork();
	assert_true(t->pid >= 0);
	if (t->pid == 0 && (dup2(in[0], 0) < 0 || dup2(out[1], 1) < 0 || dup2(out[1], 2) < 0))
		_exit(126);
	close(in[0]);
	close(out[1]);
	t->to = in[1];
	t->from = out[0];
}

static void by_terminal(struct tubo *t)
{
	struct winsize size = {.ws_row = 24, .ws_col = 80};

	t->pid = forkpty(&t->from, NULL, NULL, &size);
	assert_true(t->pid >= 0);
	t->to = t->from;
	if (t->pid != 0)
		(void)fcntl(t->from, F_SETFD, FD_CLOEXEC);
}

void tubo_start(struct tubo *t, bool tty, const char *dir, char *const argv[], char *const envp[])
{
	*t = (struct tubo){.tty = tty};
	t->text = calloc(1, 1);
	assert_non_null(t->text);
	fflush(NULL);
	if (tty)
		by_terminal(t);
	else
		by_pipes(t);
	if (t->pid == 0)
		become(dir, argv, envp);
}

bool tubo_echoes(const struct tubo *t)
{
	struct termios now;

	return tcgetattr(t->from, &now) == 0 && (now.c_lflag & ECHO) != 0;
}

void tubo_send(struct tubo *t, const char *lines)
{
	size_t size = strlen(lines);

	assert_int_equal(write(t->to, lines, size), (ssize_t)size);
}

/* False at its end, or when the time is over. */
static bool take(struct tubo *t, long deadline)
{
	struct pollfd p = {.fd = t->from, .events = POLLIN};
	char chunk[8192];
	long left = deadline - now_ms();

	if (left <= 0 || poll(&p, 1, (int)left) <= 0)
		return false;
	ssize_t n = read(t->from, chunk, sizeof(chunk));

	if (n <= 0)
		return false;
	t->text = realloc(t->text, t->size + (size_t)n + 1);
	assert_non_null(t->text);
	memcpy(t->text + t->size, chunk, (size_t)n);
	t->size += (size_t)n;
	t->text[t->size] = '\0';
	return true;
}

/* cmocka cuts long messages. */
static void never_came(const struct tubo *t, const char *text)
{
	fprintf(stderr, "%.*s\n---- waited for here ----\n%s\n", (int)t->seen, t->text,
		t->text + t->seen);
	fail_msg("«%s» never came", text);
}

bool tubo_wait_either(struct tubo *t, const char *text, const char *other)
{
	long deadline = now_ms() + TUBO_MS;
	const char *a, *b;

	for (;;) {
		a = strstr(t->text + t->seen, text);
		b = strstr(t->text + t->seen, other);
		if (a != NULL || b != NULL)
			break;
		if (!take(t, deadline))
			never_came(t, text);
	}
	bool first = a != NULL && (b == NULL || a < b);

	t->seen = (size_t)((first ? a : b) - t->text) + strlen(first ? text : other);
	return first;
}

void tubo_wait(struct tubo *t, const char *text)
{
	(void)tubo_wait_either(t, text, text);
}

void tubo_eof(struct tubo *t)
{
	if (t->tty) {
		tubo_send(t, "\x04");
		return;
	}
	if (t->to >= 0)
		close(t->to);
	t->to = -1;
}

int tubo_end(struct tubo *t)
{
	long deadline = now_ms() + TUBO_MS;
	int status = 0;

	while (take(t, deadline))
		;
	/* Its output is closed: it is about to end, or it hangs. */
	if (now_ms() >= deadline)
		kill(t->pid, SIGKILL);
	if (waitpid(t->pid, &status, 0) != t->pid || now_ms() >= deadline)
		return -1;
	t->pid = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void tubo_free(struct tubo *t)
{
	if (t->pid > 0) {
		kill(t->pid, SIGKILL);
		(void)waitpid(t->pid, NULL, 0);
	}
	if (t->to >= 0 && t->to != t->from)
		close(t->to);
	close(t->from);
	free(t->text);
	*t = (struct tubo){.to = -1, .from = -1};
}
