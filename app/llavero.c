#include "app/llavero.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "app/llavero_wire.h"
#include "base/clock.h"
#include "base/log.h"

#define PROBE_MS 2000
#define UNLOCK_MS 60000 /* a person reads a dialogue and types */
#define REAP_MS 5
#define ENVIRONMENT_BYTES 4096

struct helper {
	pid_t pid;
	int in;	 /* we write; -1: closed */
	int out; /* we read */
	int64_t until;
};

/* ---- start -------------------------------------------------------------------------------- */

/* What finds the bus, and nothing that could hold a secret. */
struct environment {
	char text[ENVIRONMENT_BYTES];
	char *list[8];
};

static void environment_make(struct environment *e)
{
	static const char *const names[] = {"DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "HOME",
		"LANG", "DISPLAY", "WAYLAND_DISPLAY", "PATH"};
	size_t used = 0;
	size_t count = 0;

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const char *value = getenv(names[i]);
		size_t room = sizeof(e->text) - used;
		int n = value != NULL ? snprintf(e->text + used, room, "%s=%s", names[i], value)
				      : -1;

		/* One that does not fit is left out: a cut path leads elsewhere. */
		if (n < 0 || (size_t)n >= room)
			continue;
		e->list[count++] = e->text + used;
		used += (size_t)n + 1;
	}
	e->list[count] = NULL;
}

/* Beside this program, where a build leaves it; else where it is installed. */
static bool find_program(char path[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 1);
	char *slash;

	if (n > 0) {
		path[n] = '\0';
		slash = strrchr(path, '/');
		if (slash != NULL &&
			(size_t)(slash + 1 - path) + sizeof(LLAVERO_PROGRAM) <= PATH_MAX) {
			memcpy(slash + 1, LLAVERO_PROGRAM, sizeof(LLAVERO_PROGRAM));
			if (access(path, X_OK) == 0)
				return true;
		}
	}
	(void)snprintf(path, PATH_MAX, "%s/%s", BUZON_LIBEXEC, LLAVERO_PROGRAM);
	return access(path, X_OK) == 0;
}

/* A session of its own: no terminal to write to, and one group to kill. */
static bool prepare(posix_spawnattr_t *attributes, posix_spawn_file_actions_t *actions,
	const int in[2], const int out[2])
{
	sigset_t usual, none;

	sigfillset(&usual);
	sigemptyset(&none);
	return posix_spawnattr_setsigdefault(attributes, &usual) == 0 &&
	       posix_spawnattr_setsigmask(attributes, &none) == 0 &&
	       posix_spawnattr_setflags(attributes,
		       POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK) == 0 &&
	       posix_spawn_file_actions_adddup2(actions, in[0], STDIN_FILENO) == 0 &&
	       posix_spawn_file_actions_adddup2(actions, out[1], STDOUT_FILENO) == 0 &&
	       posix_spawn_file_actions_addopen(actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) ==
		       0 &&
	       posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1) == 0;
}

static bool spawn_at(const char *path, const char *act, const char *huella, const int in[2],
	const int out[2], pid_t *ret_pid)
{
	const char *argv[] = {LLAVERO_PROGRAM, act, huella, NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	struct environment env;
	bool ok = false;

	environment_make(&env);
	if (posix_spawn_file_actions_init(&actions) != 0)
		return false;
	if (posix_spawnattr_init(&attributes) == 0) {
		ok = prepare(&attributes, &actions, in, out) &&
		     posix_spawn(ret_pid, path, &actions, &attributes,
			     (char *const *)(uintptr_t)argv, env.list) == 0;
		posix_spawnattr_destroy(&attributes);
	}
	posix_spawn_file_actions_destroy(&actions);
	return ok;
}

static enum err start(struct helper *h, const char *act, const char *huella, int ms)
{
	char path[PATH_MAX];
	int in[2], out[2];

	if (!find_program(path)) {
		log_write(LOG_INFO, "llavero", "%s no está instalado", LLAVERO_PROGRAM);
		return ERR_KEYRING_UNAVAILABLE;
	}
	if (pipe2(in, O_CLOEXEC) != 0)
		return ERR_NO_MEMORY;
	if (pipe2(out, O_CLOEXEC) != 0) {
		close(in[0]);
		close(in[1]);
		return ERR_NO_MEMORY;
	}
	bool ok = spawn_at(path, act, huella, in, out, &h->pid);

	close(in[0]);
	close(out[1]);
	h->in = in[1];
	h->out = out[0];
	h->until = clock_monotonic() + ms;
	if (ok)
		return OK;
	close(h->in);
	close(h->out);
	return ERR_KEYRING_UNAVAILABLE;
}

/* ---- talk --------------------------------------------------------------------------------- */

/* A pipe holds more than any secret of ours: it is written at once, whoever reads or not. */
static void give(struct helper *h, const struct secret *secret)
{
	if (secret != NULL && write(h->in, secret->data, secret->size) != (ssize_t)secret->size)
		log_write(LOG_INFO, "llavero", "no recibió lo que se le dio");
	close(h->in);
	h->in = -1;
}

/* To the end of what it writes. */
static enum err take(struct helper *h, struct secret *to)
{
	for (;;) {
		struct pollfd p = {.fd = h->out, .events = POLLIN};
		int64_t left = h->until - clock_monotonic();

		if (left <= 0)
			return ERR_KEYRING_TIMEOUT;
		if (poll(&p, 1, (int)left) <= 0)
			continue;
		ssize_t n = read(h->out, to->data + to->size, to->capacity - to->size);

		if (n == 0)
			return OK;
		if (n < 0 && errno == EINTR)
			continue;
		/* A byte more than any secret has room for. */
		if (n < 0 || (to->size += (size_t)n) == to->capacity)
			return ERR_KEYRING_UNAVAILABLE;
	}
}

/* Its exit code, or -1 where it must be ended: with it ends all that it may have started. */
static int reap(struct helper *h, bool hopeless)
{
	int status = 0;
	pid_t found = 0;

	while (!hopeless && (found = waitpid(h->pid, &status, WNOHANG)) != h->pid) {
		hopeless = (found < 0 && errno != EINTR) || clock_monotonic() >= h->until;
		if (!hopeless)
			(void)poll(NULL, 0, REAP_MS);
	}
	if (!hopeless)
		return WIFEXITED(status) ? WEXITSTATUS(status) : LLAVERO_FAILED;
	(void)kill(-h->pid, SIGKILL);
	(void)kill(h->pid, SIGKILL);
	while (waitpid(h->pid, &status, 0) < 0 && errno == EINTR)
		;
	return -1;
}

static enum err meaning(int code)
{
	switch (code) {
	case LLAVERO_DONE:
		return OK;
	case LLAVERO_EMPTY:
		return ERR_KEYRING_EMPTY;
	case LLAVERO_LOCKED:
		return ERR_KEYRING_LOCKED;
	case -1:
		return ERR_KEYRING_TIMEOUT;
	default:
		return ERR_KEYRING_UNAVAILABLE;
	}
}

/* `given` goes in, what comes out is put into *ret; either may be NULL. */
static enum err ask(
	const char *act, const char *huella, int ms, const struct secret *given, struct secret *ret)
{
	SECRET(answer);
	struct helper h = {.in = -1, .out = -1};
	enum err e = secret_make(&answer, LLAVERO_SECRET_MOST + 1);

	if (e == OK)
		e = start(&h, act, huella, ms);
	if (e != OK)
		return e;
	give(&h, given);
	e = take(&h, &answer);
	close(h.out);
	int code = reap(&h, e != OK);

	if (e == OK)
		e = meaning(code);
	log_write(e == OK ? LOG_DEBUG : LOG_INFO, "llavero", "%s: %s (%d)", act, err_wire(e), code);
	if (e == OK && ret != NULL)
		e = answer.size != 0 ? secret_set(ret, answer.data, answer.size)
				     : ERR_KEYRING_EMPTY;
	return e;
}

enum err llavero_get(const char *huella, struct secret *ret)
{
	return ask("buscar", huella, PROBE_MS, NULL, ret);
}

enum err llavero_put(const char *huella, const struct secret *secret)
{
	if (secret->size == 0 || secret->size > LLAVERO_SECRET_MOST)
		return ERR_TOO_LARGE;
	return ask("guardar", huella, PROBE_MS, secret, NULL);
}

enum err llavero_remove(const char *huella)
{
	return ask("borrar", huella, PROBE_MS, NULL, NULL);
}

enum err llavero_probe(const char *huella)
{
	return ask("probar", huella, PROBE_MS, NULL, NULL);
}

enum err llavero_unlock(const char *huella)
{
	return ask("desbloquear", huella, UNLOCK_MS, NULL, NULL);
}
