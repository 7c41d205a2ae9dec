#include "core/sellar.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/log.h"
#include "core/listo.h"
#include "core/sealer_door.h"
#include "core/sealer_process.h"
#include "core/sealer_wire.h"

/* Each server has one; the rest is room for those that come back before the old one is gone. */
#define CONNECTIONS 64
#define TRIAL_MS 10000
#define GRACE_MS 5000

struct connection {
	int fd; /* kept to end its reading */
	pid_t pid;
};

struct service {
	const struct config *config;
	int door;
	int signals;
	struct connection connections[CONNECTIONS];
	size_t count;
};

/* A process that loads the key, says how it went, and ends: its error before anyone asks. */
static enum err try_key(const struct config *c)
{
	struct sealer_hello hello = {0};
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return ERR_SEAL;
	pid_t pid = sealer_process_fork(pair[1], c);

	close(pair[1]);
	enum err e = pid > 0 ? sealer_wire_read(
				       pair[0], &hello, sizeof(hello), clock_monotonic() + TRIAL_MS)
			     : ERR_SEAL;

	close(pair[0]);
	if (pid > 0 && e != OK)
		kill(pid, SIGKILL);
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	if (e == OK && hello.err < ERR_COUNT)
		e = (enum err)hello.err;
	return e;
}

/* ---- connections ---- */

/*
 * Who may connect is decided by the socket's mode: asking SO_PEERCRED for the same would be a
 * second list of users to keep. It is read for the log, where a key's use has a name to it.
 */
static void note_peer(int fd, pid_t pid)
{
	struct ucred peer = {0};
	socklen_t size = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0)
		log_write(LOG_INFO, "sello", "conexión del proceso %d, usuario %u: la atiende %d",
			(int)peer.pid, (unsigned)peer.uid, (int)pid);
}

static void take_connection(struct service *s)
{
	int fd = accept4(s->door, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0) {
		/* Without descriptors or memory the next try comes later; else somebody left. */
		if (errno != EAGAIN && errno != ECONNABORTED && errno != EINTR)
			poll(NULL, 0, 100);
		return;
	}
	pid_t pid = s->count < CONNECTIONS ? sealer_process_fork(fd, s->config) : -1;

	if (pid < 0) {
		log_write(LOG_ERROR, "sello", "conexión rechazada: hay %zu", s->count);
		close(fd);
		return;
	}
	note_peer(fd, pid);
	s->connections[s->count++] = (struct connection){.fd = fd, .pid = pid};
}

/* Of a process that ended the descriptor goes too, so that the server learns of it. */
static void forget(struct service *s, pid_t pid)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->connections[i].pid == pid) {
			close(s->connections[i].fd);
			s->connections[i] = s->connections[--s->count];
			return;
		}
}

/* False once it was told to stop. */
static bool take_signal(struct service *s)
{
	struct signalfd_siginfo info;
	pid_t pid;

	if (read(s->signals, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return true;
	/* One signal may stand for several that ended. */
	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		forget(s, pid);
	return info.ssi_signo == SIGCHLD;
}

static void serve(struct service *s)
{
	for (bool on = true; on;) {
		struct pollfd p[] = {
			{.fd = s->signals, .events = POLLIN}, {.fd = s->door, .events = POLLIN}};

		if (poll(p, COUNT_OF(p), -1) < 0)
			continue;
		if (p[0].revents != 0)
			on = take_signal(s);
		if (on && p[1].revents != 0)
			take_connection(s);
	}
}

/* What came in before is answered: a process ends when it has read all that was sent. */
static void drain(struct service *s)
{
	int64_t deadline = clock_monotonic() + GRACE_MS;

	for (size_t i = 0; i < s->count; i++)
		shutdown(s->connections[i].fd, SHUT_RD);
	while (s->count != 0 && clock_monotonic() < deadline) {
		struct pollfd p = {.fd = s->signals, .events = POLLIN};

		if (poll(&p, 1, (int)(deadline - clock_monotonic())) > 0)
			(void)take_signal(s);
	}
	for (size_t i = 0; i < s->count; i++) {
		log_write(LOG_WARN, "sello", "no recibieron su respuesta: proceso %d",
			(int)s->connections[i].pid);
		kill(s->connections[i].pid, SIGKILL);
		close(s->connections[i].fd);
	}
}

/* ---- set-up ---- */

/* From here on signals are read, never delivered. */
static int read_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		return -1;
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static const char *door_sentence(struct arena *a, enum err e, const char *path)
{
	switch (e) {
	case ERR_UNAVAILABLE:
		return arena_printf(a,
			"Otro buzond sellar contesta ya en %s; detenlo, o pon otro socket en "
			"[sello].",
			path);
	case ERR_CONFIG:
		return arena_printf(a,
			"En %s hay algo que no es un socket; quítalo, o pon otro socket en [sello].",
			path);
	case ERR_NO_FILE:
		return arena_printf(a,
			"No se puede usar la carpeta de %s; créala y dásela al usuario de buzond "
			"sellar.",
			path);
	default:
		return arena_printf(a,
			"No se pudo abrir el socket %s; revisa que su carpeta sea del usuario de "
			"buzond sellar.",
			path);
	}
}

static enum err open_door(struct service *s, struct arena *a, const char **ret_message)
{
	const char *path = s->config->sello_socket;
	enum err e = sealer_door_open(path, &s->door);

	if (e == OK) {
		e = sealer_door_give(path, s->config->sello_usuario);
		if (e != OK)
			sealer_door_close(path, s->door);
	}
	if (e != OK)
		*ret_message = door_sentence(a, e, path);
	return e;
}

enum err sellar(const struct config *c, struct arena *a, const char **ret_message)
{
	struct service s = {.config = c, .door = -1, .signals = -1};
	enum err e = try_key(c);

	if (e == OK)
		e = open_door(&s, a, ret_message);
	if (e != OK)
		return e;
	e = sealer_process_drop_user(c->sello_usuario);
	s.signals = e == OK ? read_signals() : -1;
	if (e == OK && s.signals < 0)
		e = ERR_INTERNAL;
	if (e == OK) {
		listo_say("buzond sella en %s", c->sello_socket);
		serve(&s);
		log_write(LOG_INFO, "sello", "deja de sellar");
	}
	sealer_door_close(c->sello_socket, s.door);
	drain(&s);
	if (s.signals >= 0)
		close(s.signals);
	return e;
}
