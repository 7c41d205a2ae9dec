#include "core/sealer.h"

#include <errno.h>
#include <pthread.h>
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
	pthread_mutex_t lock; /* one exchange at a time */
	pid_t keeper;
	int control; /* to the keeper */
	int fd;	     /* to the sealing process; -1: there is none */
	pid_t pid;
	size_t sello_bytes;
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

/* A new sealing process; what it says of itself is its error. */
static enum err start_process(struct sealer *s)
{
	struct sealer_hello hello;
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return ERR_SEAL;
	enum err e = sealer_wire_send_fd(s->control, pair[1]);

	close(pair[1]);
	s->fd = pair[0];
	if (e == OK)
		e = sealer_wire_read(s->fd, &hello, sizeof(hello), clock_monotonic() + DEADLINE_MS);
	if (e == OK && hello.err < ERR_COUNT)
		e = (enum err)hello.err;
	if (e == OK && (hello.sello_bytes == 0 || hello.sello_bytes > SEALER_SELLO_BYTES ||
			       (s->sello_bytes != 0 && hello.sello_bytes != s->sello_bytes)))
		e = ERR_SEAL;
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

enum err sealer_start(const struct config *c, struct sealer **ret)
{
	AUTO(sealer) s = mem_zalloc(sizeof(*s));

	if (s == NULL)
		return ERR_NO_MEMORY;
	s->fd = -1;
	s->control = -1;
	pthread_mutex_init(&s->lock, NULL);
	arena_init(&s->arena, 256 * 1024);
	enum err e = read_certificate(s, c);

	if (e == OK)
		e = start_keeper(s, c);
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
	pthread_mutex_destroy(&s->lock);
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

static enum err exchange(struct sealer *s, struct arena *a, struct bytes request, size_t count,
	struct bytes *ret_sellos)
{
	int64_t deadline = clock_monotonic() + DEADLINE_MS;
	uint32_t answered = 0;
	size_t one = s->sello_bytes + 1;
	unsigned char *sellos = arena_array(a, count, one);

	if (sellos == NULL)
		return ERR_NO_MEMORY;
	enum err e = sealer_wire_write(s->fd, request, deadline);

	if (e == OK)
		e = sealer_wire_read(s->fd, &answered, sizeof(answered), deadline);
	if (e == OK && answered != count)
		e = ERR_SEAL;
	if (e == OK)
		e = sealer_wire_read(s->fd, sellos, count * one, deadline);
	for (size_t i = 0; e == OK && i < count; i++)
		if (sellos[i * one] == 1)
			ret_sellos[i] = bytes_of(sellos + i * one + 1, s->sello_bytes);
	return e;
}

static enum err seal_part(struct sealer *s, struct arena *a, const char *const *cadenas,
	size_t count, struct bytes *ret_sellos)
{
	struct bytes request;
	enum err e = request_of(a, cadenas, count, &request);

	if (e != OK)
		return e;
	if (s->fd < 0) {
		e = start_process(s);
		if (e != OK) {
			log_write(LOG_ERROR, "sello", "el proceso no arranca: %s", err_wire(e));
			return ERR_SEAL;
		}
		log_write(LOG_WARN, "sello", "proceso de sello arrancado de nuevo");
	}
	e = exchange(s, a, request, count, ret_sellos);
	/* Whatever was left half said must not answer the next group. */
	if (e != OK)
		forget_process(s);
	return e;
}

enum err sealer_seal(struct sealer *s, struct arena *a, const char *const *cadenas, size_t count,
	struct bytes *ret_sellos)
{
	struct bytes *made = arena_array(a, count + 1, sizeof(*made));
	enum err e = made != NULL ? OK : ERR_NO_MEMORY;

	pthread_mutex_lock(&s->lock);
	for (size_t at = 0; e == OK && at < count; at += SEALER_GROUP) {
		size_t part = count - at < SEALER_GROUP ? count - at : SEALER_GROUP;

		e = seal_part(s, a, cadenas + at, part, made + at);
	}
	pthread_mutex_unlock(&s->lock);
	if (e == OK && count != 0)
		memcpy(ret_sellos, made, count * sizeof(*made));
	return e;
}
