#include "core/sealer.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "core/sealer_process.h"
#include "core/sealer_wire.h"
#include "crypto/cert.h"

#define DEADLINE_MS 10000
#define FILE_LIMIT 65536

struct sealer {
	struct arena arena; /* certificate */
	struct cert cert;
	const char
		*socket; /* of the service that seals, in the arena; NULL: the keeper's processes */
	pid_t keeper;
	int control; /* to the keeper */
	int fd;	     /* to the sealing process; -1: there is none */
	pid_t pid;
	size_t sello_bytes;
	size_t waiting; /* parts sent and not received */
};

static void forget_process(struct sealer *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	s->pid = 0;
}

/* The keeper is forked while there are no threads; it never runs what the server runs. */
static enum err start_keeper(struct sealer *s, const struct config *c)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return ERR_SEAL;
	s->keeper = fork();
	if (s->keeper == 0)
		_exit(sealer_process_keep(pair[1], c));
	close(pair[1]);
	if (s->keeper < 0) {
		close(pair[0]);
		s->keeper = 0;
		return ERR_SEAL;
	}
	s->control = pair[0];
	return OK;
}

/* The keeper forks a process for one end of a pair. */
static enum err ask_keeper(const struct sealer *s, int *ret_fd)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return ERR_SEAL;
	enum err e = sealer_wire_send_fd(s->control, pair[1]);

	close(pair[1]);
	*ret_fd = pair[0];
	return e;
}

static enum err ask_service(const struct sealer *s, int *ret_fd)
{
	enum err e = sealer_wire_connect(s->socket, ret_fd);

	if (e != OK)
		log_write(LOG_ERROR, "sello", "%s no contesta: %s", s->socket, err_wire(e));
	return e == OK ? OK : ERR_SEAL;
}

static enum err check_hello(const struct sealer *s, const struct sealer_hello *h)
{
	if (h->version != SEALER_WIRE_VERSION || h->err >= ERR_COUNT)
		return ERR_SEAL;
	if (h->err != OK)
		return (enum err)h->err;
	if (strncmp(h->thumbprint, s->cert.thumbprint, sizeof(h->thumbprint)) != 0)
		return ERR_KEY_MISMATCH;
	return h->sello_bytes == 0 || h->sello_bytes > SEALER_SELLO_BYTES ||
			       (s->sello_bytes != 0 && h->sello_bytes != s->sello_bytes)
		       ? ERR_SEAL
		       : OK;
}

/* A new sealing process; what it says of itself is its error. */
static enum err start_process(struct sealer *s)
{
	struct sealer_hello hello;
	enum err e = s->socket != NULL ? ask_service(s, &s->fd) : ask_keeper(s, &s->fd);

	if (e == OK)
		e = sealer_wire_read(s->fd, &hello, sizeof(hello), clock_monotonic() + DEADLINE_MS);
	if (e == OK)
		e = check_hello(s, &hello);
	if (e != OK) {
		forget_process(s);
		return e;
	}
	s->pid = hello.pid;
	s->sello_bytes = hello.sello_bytes;
	return OK;
}

static enum err read_certificate(struct sealer *s, const struct config *c)
{
	struct bytes file;
	enum err e = file_read(&s->arena, c->sello_certificado, FILE_LIMIT, &file);

	return e == OK ? cert_read(&s->arena, file, &s->cert) : e;
}

static enum err find_sealing(struct sealer *s, const struct config *c)
{
	if (c->sello_socket == NULL)
		return start_keeper(s, c);
	s->socket = arena_strdup(&s->arena, c->sello_socket);
	return s->socket != NULL ? OK : ERR_NO_MEMORY;
}

enum err sealer_start(const struct config *c, struct sealer **ret)
{
	AUTO(sealer) s = mem_zalloc(sizeof(*s));

	if (s == NULL)
		return ERR_NO_MEMORY;
	s->fd = -1;
	s->control = -1;
	arena_init(&s->arena, 256 * 1024);
	enum err e = read_certificate(s, c);

	if (e == OK)
		e = find_sealing(s, c);
	if (e == OK)
		e = start_process(s);
	if (e == OK)
		*ret = STEAL(s);
	return e;
}

void sealer_stop(struct sealer *s)
{
	forget_process(s);
	if (s->control >= 0)
		close(s->control);
	if (s->keeper > 0) {
		kill(s->keeper, SIGKILL);
		while (waitpid(s->keeper, NULL, 0) < 0 && errno == EINTR)
			;
	}
	arena_free(&s->arena);
	mem_free(s);
}

struct bytes sealer_certificate(const struct sealer *s)
{
	return s->cert.der;
}

const char *sealer_thumbprint(const struct sealer *s)
{
	return s->cert.thumbprint;
}

size_t sealer_sello_bytes(const struct sealer *s)
{
	return s->sello_bytes;
}

pid_t sealer_pid(const struct sealer *s)
{
	return s->pid;
}

static enum err request_of(
	struct arena *a, const char *const *cadenas, size_t count, struct bytes *ret)
{
	uint32_t number = (uint32_t)count;
	struct buf b;

	buf_init(&b, a);
	buf_add(&b, &number, sizeof(number));
	for (size_t i = 0; i < count; i++) {
		size_t bytes = strlen(cadenas[i]);

		/* Too long for any cadena: sent empty, so that it is refused and not the group. */
		number = bytes <= SEALER_CADENA_BYTES ? (uint32_t)bytes : 0;
		buf_add(&b, &number, sizeof(number));
		buf_add(&b, cadenas[i], number);
	}
	return buf_end(&b, ret);
}

static enum err take_answer(
	struct sealer *s, struct arena *a, size_t count, struct bytes *ret_sellos)
{
	int64_t deadline = clock_monotonic() + DEADLINE_MS;
	uint32_t answered = 0;
	size_t one = s->sello_bytes + 1;
	unsigned char *sellos = arena_array(a, count, one);

	if (sellos == NULL)
		return ERR_NO_MEMORY;
	enum err e = sealer_wire_read(s->fd, &answered, sizeof(answered), deadline);

	if (e == OK && answered != count)
		e = ERR_SEAL;
	if (e == OK)
		e = sealer_wire_read(s->fd, sellos, count * one, deadline);
	for (size_t i = 0; e == OK && i < count; i++)
		ret_sellos[i] = sellos[i * one] == 1
					? bytes_of(sellos + i * one + 1, s->sello_bytes)
					: bytes_of(NULL, 0);
	return e;
}

static enum err start_again(struct sealer *s)
{
	enum err e = start_process(s);

	if (e != OK) {
		log_write(LOG_ERROR, "sello", "el proceso no arranca: %s", err_wire(e));
		return ERR_SEAL;
	}
	log_write(LOG_WARN, "sello", "proceso de sello arrancado de nuevo");
	return OK;
}

void sealer_abandon(struct sealer *s)
{
	forget_process(s);
	s->waiting = 0;
}

enum err sealer_send(struct sealer *s, struct arena *a, const char *const *cadenas, size_t count)
{
	struct bytes request;
	enum err e = request_of(a, cadenas, count, &request);

	if (e == OK && s->fd < 0)
		e = start_again(s);
	if (e == OK)
		e = sealer_wire_write(s->fd, request, clock_monotonic() + DEADLINE_MS);
	if (e == OK)
		s->waiting++;
	else
		sealer_abandon(s);
	return e;
}

enum err sealer_receive(struct sealer *s, struct arena *a, size_t count, struct bytes *ret_sellos)
{
	enum err e = s->waiting != 0 ? take_answer(s, a, count, ret_sellos) : ERR_SEAL;

	/* Whatever was left half said must not answer the next group. */
	if (e != OK)
		sealer_abandon(s);
	else
		s->waiting--;
	return e;
}

enum err sealer_seal(struct sealer *s, struct arena *a, const char *const *cadenas, size_t count,
	struct bytes *ret_sellos)
{
	struct bytes *made = arena_array(a, count + 1, sizeof(*made));
	enum err e = made != NULL ? OK : ERR_NO_MEMORY;

	for (size_t at = 0; e == OK && at < count; at += SEALER_GROUP) {
		size_t part = count - at < SEALER_GROUP ? count - at : SEALER_GROUP;

		e = sealer_send(s, a, cadenas + at, part);
		if (e == OK)
			e = sealer_receive(s, a, part, made + at);
	}
	if (e == OK && count != 0)
		memcpy(ret_sellos, made, count * sizeof(*made));
	return e;
}
