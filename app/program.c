#include "app/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "tui/rescue.h"

#define CHUNK 16384
#define LAST_WORDS_MS 2000 /* from the signal that was passed on to the one that kills */

struct filter {
	pid_t pid;
	int in;	 /* we write; -1: closed */
	int out; /* we read */
	struct bytes input;
	size_t written;
	unsigned char *text;
	size_t size;
	size_t limit;
};

/* In the child: only async-signal-safe calls, for another thread may hold any lock. */
static void become(const char *const *argv, int in, int out, int report)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	sigset_t none;

	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)setsid();
	(void)dup2(in >= 0 ? in : null, 0);
	(void)dup2(out >= 0 ? out : null, 1);
	(void)dup2(null, 2);
	(void)execvp(argv[0], (char *const *)(const void *)argv);
	int number = errno;

	(void)!write(report, &number, sizeof(number));
	_exit(127);
}

/* What execvp said, through a pipe that a success closes. */
static enum err exec_error(int report)
{
	int number = 0;
	ssize_t n;

	do {
		n = read(report, &number, sizeof(number));
	} while (n < 0 && errno == EINTR);
	(void)close(report);
	if (n <= 0)
		return OK;
	return number == ENOENT || number == EACCES ? ERR_NO_FILE : ERR_IO;
}

static void close_pair(int pair[2])
{
	for (int i = 0; i < 2; i++)
		if (pair[i] >= 0)
			(void)close(pair[i]);
}

static enum err start(struct filter *f, const char *const *argv)
{
	int in[2] = {-1, -1};
	int out[2] = {-1, -1};
	int report[2] = {-1, -1};
	bool ok = pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0 &&
		  pipe2(report, O_CLOEXEC) == 0;

	f->pid = ok ? fork() : -1;
	if (f->pid == 0)
		become(argv, in[0], out[1], report[1]);
	if (f->pid < 0) {
		close_pair(in);
		close_pair(out);
		close_pair(report);
		return ERR_NO_MEMORY;
	}
	(void)close(in[0]);
	(void)close(out[1]);
	(void)close(report[1]);
	f->in = in[1];
	f->out = out[0];
	(void)fcntl(f->in, F_SETFL, O_NONBLOCK);
	return exec_error(report[0]);
}

static void feed(struct filter *f)
{
	ssize_t n = write(f->in, f->input.data + f->written, f->input.size - f->written);

	if (n > 0)
		f->written += (size_t)n;
	if (f->written < f->input.size && (n > 0 || errno == EAGAIN || errno == EINTR))
		return;
	(void)close(f->in);
	f->in = -1;
}

/* False at the end of what it writes. */
static bool drain(struct filter *f)
{
	unsigned char chunk[CHUNK];
	ssize_t n = read(f->out, chunk, sizeof(chunk));

	if (n < 0)
		return errno == EINTR;
	size_t take = (size_t)n < f->limit - f->size ? (size_t)n : f->limit - f->size;

	memcpy(f->text + f->size, chunk, take);
	f->size += take;
	return n > 0;
}

static enum err exchange(struct filter *f, int64_t until)
{
	if (f->input.size == 0) {
		(void)close(f->in);
		f->in = -1;
	}
	for (;;) {
		struct pollfd fds[2] = {{f->out, POLLIN, 0}, {f->in, POLLOUT, 0}};
		int64_t left = until - clock_monotonic();

		if (left <= 0)
			return ERR_TIMEOUT;
		if (poll(fds, 2, (int)left) < 0 && errno != EINTR)
			return ERR_IO;
		if (fds[1].revents != 0)
			feed(f);
		if (fds[0].revents != 0 && !drain(f))
			return OK;
	}
}

static enum err end(struct filter *f, enum err err)
{
	int status = 0;

	if (f->in >= 0)
		(void)close(f->in);
	(void)close(f->out);
	if (err != OK)
		(void)kill(f->pid, SIGKILL);
	while (waitpid(f->pid, &status, 0) < 0 && errno == EINTR)
		;
	if (err == OK && (!WIFEXITED(status) || WEXITSTATUS(status) != 0))
		return ERR_IO;
	return err;
}

enum err program_filter(struct arena *a, const char *const *argv, struct bytes input, size_t limit,
	int timeout_ms, struct bytes *ret)
{
	struct filter f = {.input = input, .limit = limit, .in = -1, .out = -1};
	sigset_t pipe_signal;

	/* A program that stops reading must not kill us; pending ones go with the thread's mask. */
	(void)sigemptyset(&pipe_signal);
	(void)sigaddset(&pipe_signal, SIGPIPE);
	(void)pthread_sigmask(SIG_BLOCK, &pipe_signal, NULL);
	f.text = arena_alloc(a, limit + 1);
	if (f.text == NULL)
		return ERR_NO_MEMORY;
	enum err err = start(&f, argv);

	if (f.pid < 0)
		return err;
	if (err == OK)
		err = exchange(&f, clock_monotonic() + timeout_ms);
	err = end(&f, err);
	if (err != OK)
		return err;
	f.text[f.size] = '\0';
	*ret = bytes_of(f.text, f.size);
	return OK;
}

enum err program_detach(const char *const *argv)
{
	int report[2];

	if (pipe2(report, O_CLOEXEC) != 0)
		return ERR_IO;
	pid_t pid = fork();

	/* Twice, so that it is nobody's child and leaves no zombie. */
	if (pid == 0) {
		if (fork() == 0)
			become(argv, -1, -1, report[1]);
		_exit(0);
	}
	(void)close(report[1]);
	if (pid < 0) {
		(void)close(report[0]);
		return ERR_NO_MEMORY;
	}
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return exec_error(report[0]);
}

/* ---- with the terminal -------------------------------------------------------------------- */

static const int passed[] = {SIGCHLD, SIGTERM, SIGHUP, SIGINT, SIGQUIT};

/* A handler has no argument of its own. */
static int notes_to = -1;

struct foreground {
	pid_t pid;
	int tty; /* -1: there is none */
	int notes;
	int asked;     /* the last signal that was passed on, 0: none */
	int64_t until; /* then it is killed */
	struct sigaction before[COUNT_OF(passed)];
};

static void on_note(int number)
{
	int before = errno;
	char c = (char)number;

	(void)!write(notes_to, &c, 1);
	errno = before;
}

static bool listen_to_signals(struct foreground *f)
{
	struct sigaction act = {.sa_handler = on_note, .sa_flags = SA_RESTART};
	int pair[2];

	if (pipe2(pair, O_CLOEXEC | O_NONBLOCK) != 0)
		return false;
	f->notes = pair[0];
	notes_to = pair[1];
	(void)sigemptyset(&act.sa_mask);
	for (size_t i = 0; i < COUNT_OF(passed); i++) {
		(void)sigaction(passed[i], NULL, &f->before[i]);
		/* Who ignores one (nohup) goes on ignoring it. */
		if (passed[i] == SIGCHLD || f->before[i].sa_handler != SIG_IGN)
			(void)sigaction(passed[i], &act, NULL);
	}
	return true;
}

static void unlisten(struct foreground *f)
{
	for (size_t i = 0; i < COUNT_OF(passed); i++)
		(void)sigaction(passed[i], &f->before[i], NULL);
	(void)close(notes_to);
	(void)close(f->notes);
	notes_to = -1;
}

/* With SIGTTOU blocked, for whoever asks is in the background then. */
static void give_terminal(const struct foreground *f, pid_t group)
{
	sigset_t ttou, before;

	if (f->tty < 0)
		return;
	(void)sigemptyset(&ttou);
	(void)sigaddset(&ttou, SIGTTOU);
	(void)pthread_sigmask(SIG_BLOCK, &ttou, &before);
	(void)tcsetpgrp(f->tty, group);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* In the child: only async-signal-safe calls. */
static void become_foreground(
	const struct foreground *f, const char *const *argv, int in, int report)
{
	sigset_t none;

	(void)setpgid(0, 0);
	give_terminal(f, getpid());
	(void)signal(SIGPIPE, SIG_DFL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	if (in >= 0)
		(void)dup2(in, 0);
	(void)execvp(argv[0], (char *const *)(const void *)argv);
	int number = errno;

	(void)!write(report, &number, sizeof(number));
	_exit(127);
}

static enum err start_foreground(struct foreground *f, const char *const *argv, int in)
{
	int report[2];

	if (pipe2(report, O_CLOEXEC) != 0)
		return ERR_NO_MEMORY;
	f->pid = fork();
	if (f->pid == 0)
		become_foreground(f, argv, in, report[1]);
	(void)close(report[1]);
	if (f->pid < 0) {
		(void)close(report[0]);
		return ERR_NO_MEMORY;
	}
	/* Here too: whichever of us is first. */
	(void)setpgid(f->pid, f->pid);
	give_terminal(f, f->pid);
	return exec_error(report[0]);
}

/* Ctrl-Z there: the shell gets the terminal, and who continues us continues it. */
static void stop_together(const struct foreground *f)
{
	give_terminal(f, getpgrp());
	rescue_stop_here();
	/* Continued in the background this stops us again, as it should: SIGTTOU is not blocked. */
	if (f->tty >= 0)
		(void)tcsetpgrp(f->tty, f->pid);
	(void)kill(-f->pid, SIGCONT);
}

static void pass_on(struct foreground *f)
{
	char notes[64];
	ssize_t n = read(f->notes, notes, sizeof(notes));

	for (ssize_t i = 0; i < n; i++) {
		if (notes[i] == SIGCHLD)
			continue;
		f->asked = notes[i];
		f->until = clock_monotonic() + LAST_WORDS_MS;
		(void)kill(-f->pid, f->asked);
		(void)kill(-f->pid, SIGCONT);
	}
}

static int wait_foreground(struct foreground *f)
{
	int status = 0;

	for (;;) {
		struct pollfd p = {.fd = f->notes, .events = POLLIN};
		pid_t got = waitpid(f->pid, &status, WNOHANG | WUNTRACED);

		if (got == f->pid && WIFSTOPPED(status)) {
			stop_together(f);
			continue;
		}
		if (got != 0)
			break;
		int64_t left = f->asked != 0 ? f->until - clock_monotonic() : -1;

		if (f->asked != 0 && left <= 0) {
			(void)kill(-f->pid, SIGKILL);
			left = LAST_WORDS_MS;
		}
		if (poll(&p, 1, (int)left) > 0)
			pass_on(f);
	}
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Ours to give only while we have it: -1 in the background, or without one. */
static int open_terminal(void)
{
	int tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (tty < 0 || tcgetpgrp(tty) == getpgrp())
		return tty;
	(void)close(tty);
	return -1;
}

static enum err memory_file(struct bytes input, int *ret_fd)
{
	int fd = memfd_create("entrada", MFD_CLOEXEC);

	if (fd < 0)
		return ERR_NO_MEMORY;
	for (size_t done = 0; done < input.size;) {
		ssize_t n = write(fd, input.data + done, input.size - done);

		if (n < 0 && errno != EINTR) {
			(void)close(fd);
			return ERR_NO_MEMORY;
		}
		done += n > 0 ? (size_t)n : 0;
	}
	(void)lseek(fd, 0, SEEK_SET);
	*ret_fd = fd;
	return OK;
}

enum err program_foreground(const char *const *argv, struct bytes input, int *ret_status)
{
	struct foreground f = {.tty = -1};
	int in = -1;
	enum err err = input.data != NULL ? memory_file(input, &in) : OK;

	if (err == OK && !listen_to_signals(&f))
		err = ERR_IO;
	if (err == OK) {
		f.tty = open_terminal();
		err = start_foreground(&f, argv, in);
		int status = f.pid > 0 ? wait_foreground(&f) : 0;

		give_terminal(&f, getpgrp());
		unlisten(&f);
		if (f.tty >= 0)
			(void)close(f.tty);
		if (f.asked != 0)
			(void)raise(f.asked);
		if (err == OK)
			*ret_status = status;
	}
	if (in >= 0)
		(void)close(in);
	return err;
}
