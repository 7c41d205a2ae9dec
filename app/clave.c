#include "app/clave.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <limits.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include "app/llavero.h"
#include "base/file.h"
#include "crypto/cert.h"

#define PASSWORD_MOST 1024
#define CERT_FILE_MOST (64 * 1024)
#define CERT_ALLOWANCE (1024 * 1024)

extern char **environ;

/* The first line, without its end; what is read goes straight to locked memory. */
static enum err read_line(int fd, struct secret *ret)
{
	SECRET(line);
	enum err e = secret_make(&line, PASSWORD_MOST);

	while (e == OK) {
		ssize_t n = read(fd, line.data + line.size, 1);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return ERR_NO_PASSWORD;
		if (n == 0 || line.data[line.size] == '\n')
			break;
		if (++line.size == PASSWORD_MOST)
			return ERR_TOO_LARGE;
	}
	if (e == OK && line.size != 0 && line.data[line.size - 1] == '\r')
		secret_chop(&line, 1);
	if (e == OK && line.size == 0)
		e = ERR_NO_PASSWORD;
	return e == OK ? secret_set(ret, line.data, line.size) : e;
}

/* The rest of the output, unread, would end the program with SIGPIPE and look like its failure. */
static void drain(int fd)
{
	unsigned char junk[256];

	while (read(fd, junk, sizeof(junk)) > 0)
		;
	explicit_bzero(junk, sizeof(junk));
}

/* With SIGPIPE as programs expect it: we ignore it, and that would be inherited. */
static bool spawn_with(const char *const *argv, posix_spawn_file_actions_t *actions,
	posix_spawnattr_t *attributes, int out, pid_t *ret_pid)
{
	sigset_t usual;

	sigemptyset(&usual);
	sigaddset(&usual, SIGPIPE);
	return posix_spawnattr_setsigdefault(attributes, &usual) == 0 &&
	       posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF) == 0 &&
	       posix_spawn_file_actions_adddup2(actions, out, STDOUT_FILENO) == 0 &&
	       posix_spawnp(ret_pid, argv[0], actions, attributes, (char *const *)(uintptr_t)argv,
		       environ) == 0;
}

static bool spawn(const char *const *argv, int out, pid_t *ret_pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	bool ok = false;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return false;
	if (posix_spawnattr_init(&attributes) == 0) {
		ok = spawn_with(argv, &actions, &attributes, out, ret_pid);
		posix_spawnattr_destroy(&attributes);
	}
	posix_spawn_file_actions_destroy(&actions);
	return ok;
}

static bool ended_well(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

enum err clave_command(const char *const *argv, struct secret *ret)
{
	SECRET(line);
	pid_t pid;
	int ends[2];

	if (argv == NULL || argv[0] == NULL)
		return ERR_PASSWORD_COMMAND;
	if (pipe2(ends, O_CLOEXEC) != 0)
		return ERR_IO;
	bool started = spawn(argv, ends[1], &pid);

	close(ends[1]);
	enum err e = started ? read_line(ends[0], &line) : ERR_PASSWORD_COMMAND;

	if (started) {
		drain(ends[0]);
		if (!ended_well(pid))
			e = ERR_PASSWORD_COMMAND;
	}
	close(ends[0]);
	if (e == OK)
		e = secret_set(ret, line.data, line.size);
	return e == ERR_NO_PASSWORD ? ERR_PASSWORD_COMMAND : e;
}

/* ---- The prompt ---- */

static volatile sig_atomic_t deadly;

static void on_deadly(int number)
{
	deadly = number;
}

static const int deadly_signals[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT};

/*
 * One byte, or 0 where there will be none. The deadly signals are let in only while waiting, so
 * that the echo is given back before they end the process.
 */
static unsigned char next_byte(int tty, const sigset_t *open_mask)
{
	struct pollfd p = {.fd = tty, .events = POLLIN};
	unsigned char c = 0;

	while (deadly == 0) {
		if (ppoll(&p, 1, NULL, open_mask) < 0 && errno != EINTR)
			return 0;
		if (deadly != 0 || p.revents == 0)
			continue;
		ssize_t n = read(tty, &c, 1);

		if (n == 1)
			return c;
		if (n == 0 || errno != EINTR)
			return 0;
	}
	return 0;
}

/* Drops the last character: continuation bytes of UTF-8 and the byte that began them. */
static void drop_character(struct secret *s)
{
	while (s->size > 1 && (s->data[s->size - 1] & 0xc0) == 0x80)
		secret_chop(s, 1);
	secret_chop(s, 1);
}

static enum err type_line(int tty, const sigset_t *open_mask, struct secret *line)
{
	for (;;) {
		unsigned char c = next_byte(tty, open_mask);

		if (c == 0 || c == 3 || c == 4)
			return ERR_CANCELLED;
		if (c == '\r' || c == '\n')
			return line->size != 0 ? OK : ERR_CANCELLED;
		if (c == 127 || c == 8)
			drop_character(line);
		else if (c == 21)
			secret_chop(line, line->size);
		else if (c >= ' ' && line->size < PASSWORD_MOST)
			line->data[line->size++] = c;
	}
}

static void say(int tty, const char *text)
{
	/* A prompt that can't be shown is no reason not to read. */
	if (write(tty, text, strlen(text)) < 0)
		return;
}

static enum err with_signals(int tty, struct secret *line)
{
	struct sigaction catch = {.sa_handler = on_deadly};
	struct sigaction before[COUNT_OF(deadly_signals)];
	sigset_t blocked, open_mask;

	deadly = 0;
	sigemptyset(&blocked);
	for (size_t i = 0; i < COUNT_OF(deadly_signals); i++)
		sigaddset(&blocked, deadly_signals[i]);
	pthread_sigmask(SIG_BLOCK, &blocked, &open_mask);
	for (size_t i = 0; i < COUNT_OF(deadly_signals); i++)
		sigaction(deadly_signals[i], &catch, &before[i]);
	enum err e = type_line(tty, &open_mask, line);

	for (size_t i = 0; i < COUNT_OF(deadly_signals); i++)
		sigaction(deadly_signals[i], &before[i], NULL);
	pthread_sigmask(SIG_SETMASK, &open_mask, NULL);
	return e;
}

/* `why` it must be asked is told first; OK: nothing to tell. */
static enum err ask(enum err why, const char *prompt, struct secret *ret)
{
	SECRET(line);
	struct termios before, quiet;
	int tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (tty < 0)
		return ERR_NO_PASSWORD;
	if (tcgetattr(tty, &before) != 0) {
		close(tty);
		return ERR_NO_PASSWORD;
	}
	quiet = before;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG);
	quiet.c_cc[VMIN] = 1;
	quiet.c_cc[VTIME] = 0;
	enum err e = secret_make(&line, PASSWORD_MOST);

	if (e == OK) {
		tcsetattr(tty, TCSAFLUSH, &quiet);
		if (why != OK) {
			say(tty, err_sentence(why));
			say(tty, "\n");
		}
		say(tty, prompt);
		e = with_signals(tty, &line);
		tcsetattr(tty, TCSAFLUSH, &before);
		say(tty, "\n");
	}
	close(tty);
	/* Now, with the terminal whole again, what was asked for happens. */
	if (deadly != 0)
		raise(deadly);
	return e == OK ? secret_set(ret, line.data, line.size) : e;
}

/* ---- The ladder ---- */

/* A file that systemd gives to this unit alone; a path is no secret. */
static bool credential_path(const struct perfil *p, char path[PATH_MAX])
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");

	if (folder == NULL || folder[0] != '/')
		return false;
	int n = snprintf(path, PATH_MAX, "%s/buzon-tui.%s", folder, p->nombre);

	return n > 0 && n < PATH_MAX && file_exists(path);
}

static enum err read_credential(const struct perfil *p, struct secret *ret)
{
	char path[PATH_MAX];
	int fd = credential_path(p, path) ? open(path, O_RDONLY | O_CLOEXEC) : -1;

	if (fd < 0)
		return ERR_CREDENTIAL;
	enum err e = read_line(fd, ret);

	close(fd);
	return e == ERR_NO_PASSWORD ? ERR_CREDENTIAL : e;
}

enum err clave_huella(struct arena *a, const struct perfil *p, const char **ret_huella)
{
	struct bytes file;
	struct cert cert;
	enum err e = file_read(a, p->certificado, CERT_FILE_MOST, &file);

	if (e == OK)
		e = cert_read(a, file, &cert);
	if (e == OK)
		*ret_huella = cert.thumbprint;
	return e;
}

static enum err read_keyring(const struct perfil *p, struct secret *ret)
{
	ARENA(a, CERT_ALLOWANCE);
	const char *huella = NULL;
	enum err e = clave_huella(&a, p, &huella);

	return e == OK ? llavero_get(huella, ret) : e;
}

enum clave_step clave_step(const struct perfil *p, int fd)
{
	char path[PATH_MAX];

	if (fd >= 0)
		return CLAVE_DESCRIPTOR;
	if (credential_path(p, path))
		return CLAVE_CREDENCIAL;
	if (p->clave_comando != NULL)
		return CLAVE_COMANDO;
	return p->llavero ? CLAVE_LLAVERO : CLAVE_PREGUNTA;
}

enum err clave_unattended(const struct perfil *p, int fd, bool *ret_tried, struct secret *ret)
{
	enum clave_step step = clave_step(p, fd);

	*ret_tried = step != CLAVE_PREGUNTA;
	switch (step) {
	case CLAVE_DESCRIPTOR:
		return read_line(fd, ret);
	case CLAVE_CREDENCIAL:
		return read_credential(p, ret);
	case CLAVE_COMANDO:
		return clave_command(p->clave_comando, ret);
	case CLAVE_LLAVERO:
		return read_keyring(p, ret);
	default:
		return ERR_NO_PASSWORD;
	}
}

enum err clave_blame(const struct perfil *p, int fd, enum err e)
{
	if (e == ERR_WRONG_PASSWORD && clave_step(p, fd) == CLAVE_LLAVERO)
		return ERR_KEYRING_STALE;
	return e;
}

enum err clave_get(
	const struct perfil *p, int fd, const char *prompt, struct secret *ret, bool *ret_asked)
{
	bool keyring = clave_step(p, fd) == CLAVE_LLAVERO;
	bool tried = false;
	enum err why = clave_unattended(p, fd, &tried, ret);

	*ret_asked = false;
	if (tried && (why == OK || !keyring))
		return why;
	*ret_asked = true;
	enum err e = ask(keyring ? why : OK, prompt, ret);

	return keyring && e == ERR_NO_PASSWORD ? why : e;
}
