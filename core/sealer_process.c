#include "core/sealer_process.h"

#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "core/sealer_wire.h"
#include "core/secret_file.h"
#include "crypto/key.h"
#include "ley/cadena.h"
#include "ley/folio.h"

#define SKEW_MS (5 * 60 * 1000)
#define FILE_LIMIT 16384
#define MAX_THREADS 64
/* A cadena's own fields and one signature. */
#define ITEM_ARENA (64 * 1024)

struct item {
	uint32_t size;
	char *cadena;
	unsigned char sealed;
	unsigned char sello[SEALER_SELLO_BYTES];
};

struct process {
	int fd;
	struct arena arena; /* certificate */
	struct cert cert;
	struct key *key;
	size_t sello_bytes;
	/* The group at hand, shared by its threads. */
	struct item *items;
	uint32_t count;
	atomic_uint next;
	cpu_set_t cores;
};

/* ---- becoming the sealing process ---- */

enum err sealer_process_drop_user(const char *name)
{
	struct passwd *p = name != NULL && geteuid() == 0 ? getpwnam(name) : NULL;

	if (name == NULL || geteuid() != 0)
		return OK;
	if (p == NULL || setgroups(0, NULL) != 0 || setgid(p->pw_gid) != 0 ||
		setuid(p->pw_uid) != 0)
		return ERR_CONFIG;
	return OK;
}

static enum err load_key(const struct config *c, struct process *p)
{
	SECRET(password);
	SECRET(file);
	enum err e = c->sello_contrasena != NULL
			     ? secret_file_password(c->sello_contrasena, &password)
			     : OK;

	if (e == OK)
		e = secret_file_read(c->sello_llave, FILE_LIMIT, &file);
	return e == OK ? key_load(bytes_of(file.data, file.size), &password, &p->key) : e;
}

static enum err load(const struct config *c, struct process *p)
{
	struct secret_status status = {0};
	struct bytes der;
	enum err e = sealer_process_drop_user(c->sello_usuario);

	if (e == OK)
		e = secret_setup_child(&status);
	if (e == OK)
		e = file_read(&p->arena, c->sello_certificado, FILE_LIMIT, &der);
	if (e == OK)
		e = cert_read(&p->arena, der, &p->cert);
	if (e == OK && (p->cert.rsa_bits < 2048 || p->cert.rsa_bits > SEALER_SELLO_BYTES * 8))
		e = ERR_WEAK_KEY;
	if (e == OK)
		e = load_key(c, p);
	if (e == OK)
		e = key_matches(p->key, &p->cert);
	p->sello_bytes = (p->cert.rsa_bits + 7) / 8;
	if (e == OK && !status.heap_locked)
		log_write(LOG_WARN, "sello",
			"la memoria de la llave no se pudo fijar (RLIMIT_MEMLOCK)");
	return e;
}

/* ---- sealing ---- */

/* The shapes and times that are refused (sealer.h); *ret_folio in the arena, for the log. */
static enum err check(
	const struct process *p, struct arena *a, const char *cadena, const char **ret_folio)
{
	struct clock clock = clock_system(0);
	struct cadena c;
	enum err e = cadena_parse(a, cadena, &c);

	if (e == OK &&
		(!folio_valid(c.folio) || strcmp(c.certificado_sello, p->cert.thumbprint) != 0))
		e = ERR_BAD_FIELD;
	if (e == OK)
		e = cadena_check_time(&c, clock_now(&clock), SKEW_MS);
	if (e == OK)
		*ret_folio = c.folio;
	return e;
}

static void seal_item(struct process *p, struct item *item)
{
	ARENA(a, ITEM_ARENA);
	struct bytes sello;
	const char *folio = "";
	enum err e = check(p, &a, item->cadena, &folio);

	if (e == OK)
		e = key_sign(&a, p->key, bytes_of(item->cadena, item->size), &sello);
	if (e == OK && sello.size != p->sello_bytes)
		e = ERR_SEAL;
	if (e != OK) {
		log_write(LOG_WARN, "sello", "rechazado: %s", err_wire(e));
		return;
	}
	memcpy(item->sello, sello.data, sello.size);
	item->sealed = 1;
	log_write(LOG_INFO, "sello", "%s", folio);
}

static void *seal_items(void *context)
{
	struct process *p = context;

	for (uint32_t i = atomic_fetch_add(&p->next, 1); i < p->count;
		i = atomic_fetch_add(&p->next, 1))
		seal_item(p, &p->items[i]);
	return NULL;
}

/* It was started on a core of its own; from there on the kernel may move it. */
static void *help(void *context)
{
	struct process *p = context;

	sched_setaffinity(0, sizeof(p->cores), &p->cores);
	return seal_items(p);
}

/*
 * The kernel starts a thread next to its parent and moves it milliseconds later: longer than a
 * whole part takes. So each is started where it belongs.
 */
static bool start_helper(struct process *p, int core, pthread_t *ret)
{
	pthread_attr_t attr;
	cpu_set_t there;

	CPU_ZERO(&there);
	CPU_SET(core, &there);
	if (pthread_attr_init(&attr) != 0)
		return false;
	bool made = pthread_attr_setaffinity_np(&attr, sizeof(there), &there) == 0 &&
		    pthread_create(ret, &attr, help, p) == 0;

	pthread_attr_destroy(&attr);
	return made;
}

/* On all cores it may use; a thread that can't be made leaves its share to the others. */
static void seal_group(struct process *p)
{
	pthread_t threads[MAX_THREADS];
	uint32_t made = 0;
	int here = sched_getcpu();

	atomic_store(&p->next, 0);
	if (sched_getaffinity(0, sizeof(p->cores), &p->cores) != 0)
		CPU_ZERO(&p->cores);
	for (int i = 0; i < CPU_SETSIZE && made + 1 < p->count && made < MAX_THREADS; i++)
		if (i != here && CPU_ISSET(i, &p->cores) && start_helper(p, i, &threads[made]))
			made++;
	seal_items(p);
	while (made != 0)
		pthread_join(threads[--made], NULL);
}

static enum err take_item(struct process *p, struct arena *a, struct item *item)
{
	enum err e = sealer_wire_read(p->fd, &item->size, sizeof(item->size), 0);

	if (e != OK)
		return e;
	if (item->size > SEALER_CADENA_BYTES)
		return ERR_SEAL;
	item->cadena = arena_zalloc(a, (size_t)item->size + 1);
	if (item->cadena == NULL)
		return ERR_NO_MEMORY;
	e = sealer_wire_read(p->fd, item->cadena, item->size, 0);
	/* What is parsed and what is signed must be the same bytes. */
	return e == OK && strlen(item->cadena) != item->size ? ERR_SEAL : e;
}

static enum err answer(struct process *p, struct arena *a)
{
	struct bytes content;
	struct buf b;

	buf_init(&b, a);
	buf_add(&b, &p->count, sizeof(p->count));
	for (uint32_t i = 0; i < p->count; i++) {
		buf_add(&b, &p->items[i].sealed, 1);
		buf_add(&b, p->items[i].sello, p->sello_bytes);
	}
	enum err e = buf_end(&b, &content);

	return e == OK ? sealer_wire_write(p->fd, content, 0) : e;
}

static enum err serve_group(struct process *p)
{
	/* The items, their cadenas, and an answer that grew by doubling. */
	ARENA(a, (size_t)SEALER_GROUP * (SEALER_CADENA_BYTES + 4 * sizeof(struct item)));
	enum err e = sealer_wire_read(p->fd, &p->count, sizeof(p->count), 0);

	if (e != OK)
		return e;
	if (p->count == 0 || p->count > SEALER_GROUP)
		return ERR_SEAL;
	p->items = arena_array(&a, p->count, sizeof(*p->items));
	if (p->items == NULL)
		return ERR_NO_MEMORY;
	for (uint32_t i = 0; e == OK && i < p->count; i++)
		e = take_item(p, &a, &p->items[i]);
	if (e != OK)
		return e;
	seal_group(p);
	return answer(p, &a);
}

static enum err say_hello(const struct process *p, enum err loaded)
{
	struct sealer_hello hello = {.version = SEALER_WIRE_VERSION,
		.err = (uint32_t)loaded,
		.sello_bytes = (uint32_t)p->sello_bytes,
		.pid = (int32_t)getpid()};

	if (loaded == OK)
		snprintf(hello.thumbprint, sizeof(hello.thumbprint), "%s", p->cert.thumbprint);
	return sealer_wire_write(p->fd, bytes_of(&hello, sizeof(hello)), 0);
}

static int seal_until_closed(int fd, const struct config *c, pid_t parent)
{
	struct process p = {.fd = fd};

	arena_init(&p.arena, 256 * 1024);
	enum err e = load(c, &p);

	/* Not before: a change of user forgets it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	enum err sent = getppid() == parent ? say_hello(&p, e) : ERR_SEAL;

	while (e == OK && sent == OK)
		e = serve_group(&p);
	if (p.key != NULL)
		key_free(p.key);
	arena_free(&p.arena);
	return 0;
}

/* ---- its beginning, and the keeper ---- */

/* Nothing of the server's stays open but the log and `keep`, which becomes descriptor 3. */
static int only(int keep)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null >= 0) {
		dup2(null, 0);
		dup2(null, 1);
	}
	if (keep != 3)
		dup2(keep, 3);
	close_range(4, ~0U, 0);
	return 3;
}

/* Signals meant for the server's group must not end the seal of what it still has in flight. */
static void quiet_signals(void)
{
	static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGPIPE};
	sigset_t none;

	for (size_t i = 0; i < COUNT_OF(ignored); i++)
		signal(ignored[i], SIG_IGN);
	/* Nobody waits for the sealing processes one by one. */
	signal(SIGCHLD, SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

pid_t sealer_process_fork(int fd, const struct config *c)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	prctl(PR_SET_NAME, "buzond-sello");
	quiet_signals();
	_exit(seal_until_closed(only(fd), c, parent));
}

int sealer_process_keep(int control, const struct config *c)
{
	int fd = -1;

	quiet_signals();
	control = only(control);
	prctl(PR_SET_NAME, "buzond-guarda");
	while (sealer_wire_take_fd(control, &fd) == OK) {
		sealer_process_fork(fd, c);
		close(fd);
	}
	return 0;
}
