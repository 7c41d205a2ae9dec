#include "tui/rescue.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define RESTORE_BYTES 256
/* Below this a handler with a few hundred bytes of locals would not be safe on any architecture. */
#define STACK_BYTES 32768

static const int deadly[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGSYS, SIGTRAP, SIGTERM,
	SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGXCPU, SIGUSR1, SIGUSR2, SIGALRM};
#define DEADLY COUNT_OF(deadly)

/* A handler has no argument of its own: what it needs stands here, written before it is armed. */
static struct {
	volatile sig_atomic_t armed;
	pid_t pid;
	int fd;
	char bytes[RESTORE_BYTES];
	size_t size;
	struct termios before;
	struct sigaction old[DEADLY];
	char stack[STACK_BYTES] __attribute__((aligned(16)));
	stack_t old_stack;
} rescue;

static struct {
	int kept;  /* memfd, -1 = stderr is not caught */
	int saved; /* the real stderr */
} caught = {-1, -1};

static struct {
	int pipe[2];
	struct sigaction old_winch;
	struct sigaction old_tstp;
} watch = {.pipe = {-1, -1}};

static void write_all(int fd, const char *data, size_t size)
{
	while (size != 0) {
		ssize_t n = write(fd, data, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		data += n;
		size -= (size_t)n;
	}
}

/* Only calls that a signal handler may make. */
static void show_caught(void)
{
	char chunk[512];
	ssize_t n;

	if (caught.kept < 0 || lseek(caught.kept, 0, SEEK_SET) != 0)
		return;
	while ((n = read(caught.kept, chunk, sizeof(chunk))) > 0)
		write_all(caught.saved, chunk, (size_t)n);
}

static void on_death(int number)
{
	/* A child between fork and exec has our handler but not our terminal. */
	if (rescue.armed != 0 && getpid() == rescue.pid) {
		rescue.armed = 0;
		write_all(rescue.fd, rescue.bytes, rescue.size);
		(void)tcsetattr(rescue.fd, TCSANOW, &rescue.before);
		show_caught();
	}
	(void)signal(number, SIG_DFL);
	(void)raise(number);
}

void rescue_arm(int fd, const char *bytes, size_t size, const struct termios *before)
{
	struct sigaction act = {.sa_handler = on_death, .sa_flags = SA_ONSTACK | SA_RESETHAND};
	stack_t stack = {.ss_sp = rescue.stack, .ss_size = sizeof(rescue.stack)};

	rescue.pid = getpid();
	rescue.fd = fd;
	rescue.size = size < sizeof(rescue.bytes) ? size : sizeof(rescue.bytes);
	memcpy(rescue.bytes, bytes, rescue.size);
	rescue.before = *before;
	(void)sigfillset(&act.sa_mask);
	(void)sigaltstack(&stack, &rescue.old_stack);
	rescue.armed = 1;
	for (size_t i = 0; i < DEADLY; i++) {
		/* Who ignored a signal (nohup, SIGPIPE) or handled it keeps it so. */
		if (rescue.old[i].sa_handler != SIG_IGN &&
			(rescue.old[i].sa_handler == SIG_DFL || i < 7))
			(void)sigaction(deadly[i], &act, NULL);
	}
}

void rescue_disarm(void)
{
	struct sigaction now;

	if (rescue.pid == 0)
		return;
	rescue.armed = 0;
	for (size_t i = 0; i < DEADLY; i++)
		if (sigaction(deadly[i], NULL, &now) == 0 && now.sa_handler == on_death)
			(void)sigaction(deadly[i], &rescue.old[i], NULL);
	rescue.pid = 0;
	if (rescue.old_stack.ss_sp == NULL)
		rescue.old_stack.ss_flags = SS_DISABLE;
	(void)sigaltstack(&rescue.old_stack, NULL);
}

enum err rescue_catch_stderr(void)
{
	if (caught.kept >= 0 || isatty(STDERR_FILENO) == 0)
		return OK;
	int saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	int kept = saved >= 0 ? memfd_create("stderr", MFD_CLOEXEC) : -1;

	if (kept < 0 || dup2(kept, STDERR_FILENO) < 0) {
		if (saved >= 0)
			(void)close(saved);
		if (kept >= 0)
			(void)close(kept);
		return ERR_IO;
	}
	caught.saved = saved;
	caught.kept = kept;
	return OK;
}

void rescue_free_stderr(void)
{
	if (caught.kept < 0)
		return;
	(void)dup2(caught.saved, STDERR_FILENO);
	show_caught();
	(void)close(caught.kept);
	(void)close(caught.saved);
	caught.kept = -1;
	caught.saved = -1;
}

static void on_note(int number)
{
	int before = errno;
	char c = number == SIGTSTP ? 'z' : 'w';

	(void)!write(watch.pipe[1], &c, 1);
	errno = before;
}

int rescue_watch(void)
{
	struct sigaction act = {.sa_handler = on_note, .sa_flags = SA_RESTART};

	if (pipe2(watch.pipe, O_CLOEXEC | O_NONBLOCK) != 0)
		return -1;
	/* As they were before ncurses sets its own, which would exit(1). */
	for (size_t i = 0; i < DEADLY; i++)
		(void)sigaction(deadly[i], NULL, &rescue.old[i]);
	(void)sigemptyset(&act.sa_mask);
	(void)sigaction(SIGWINCH, &act, &watch.old_winch);
	(void)sigaction(SIGTSTP, NULL, &watch.old_tstp);
	/* A shell without job control ignores it for us: nobody could continue us. */
	if (watch.old_tstp.sa_handler != SIG_IGN)
		(void)sigaction(SIGTSTP, &act, NULL);
	return watch.pipe[0];
}

void rescue_unwatch(void)
{
	if (watch.pipe[0] < 0)
		return;
	(void)sigaction(SIGWINCH, &watch.old_winch, NULL);
	(void)sigaction(SIGTSTP, &watch.old_tstp, NULL);
	(void)close(watch.pipe[0]);
	(void)close(watch.pipe[1]);
	watch.pipe[0] = -1;
	watch.pipe[1] = -1;
}

void rescue_stop_here(void)
{
	struct sigaction plain = {.sa_handler = SIG_DFL};
	struct sigaction mine;

	(void)sigaction(SIGTSTP, &plain, &mine);
	(void)raise(SIGTSTP);
	(void)sigaction(SIGTSTP, &mine, NULL);
}
