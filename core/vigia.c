#include "core/vigia.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include "base/log.h"
#include "base/mem.h"
#include "core/publicaciones.h"
#include "core/calendarios.h"
#include "core/catalogo.h"

/* A store without a socket is looked at: a new aviso shows within a second. */
#define LOOK_MS 250
#define LOOK_IDLE_MS 900
#define MEASURE_MS 10000

struct vigia {
	struct vigia_config config;
	struct store_watch *watch;
	pthread_t thread;
	int wake; /* eventfd: time to end */
	int64_t measured;
};

static void tell_tarea(const struct vigia *v, int64_t when)
{
	if (v->config.tarea != NULL)
		v->config.tarea(v->config.tarea_ctx, when);
}

/* What is in force is told to whoever waits, with what else is new. */
static void read_published(struct vigia *v)
{
	const struct server *server = v->config.server;
	struct store *s = store_pool_take(server->readers);
	enum err e = calendarios_refresh(server->calendarios, s);
	enum err of_catalogue = catalogos_refresh(server->catalogos, s);

	store_pool_give(server->readers, s);
	if (e != OK || of_catalogue != OK)
		log_write(LOG_WARN, "vigia", "what was published can't be read: %s",
			err_wire(e != OK ? e : of_catalogue));
}

static void hear(void *ctx, enum novedad what, const char *name)
{
	struct vigia *v = ctx;

	switch (what) {
	case NOVEDAD_TITULAR:
		/* What was published for everybody: their long polls look, and nobody's keys
		 * changed. */
		waits_wake(v->config.waits, strcmp(name, PUBLICACION_TODOS) != 0 ? name : NULL);
		break;
	case NOVEDAD_LLAVE:
		llaves_drop(v->config.server->llaves, name);
		break;
	case NOVEDAD_PUBLICADO:
		read_published(v);
		waits_wake(v->config.waits, NULL);
		break;
	case NOVEDAD_TAREA:
		tell_tarea(v, strtoll(name, NULL, 10));
		break;
	case NOVEDAD_TODO:
	default: /* a newer server's word */
		/* A file of SQLite's has one server, which knows what it changed of its keys. */
		if (store_shared(v->config.place))
			llaves_clear(v->config.server->llaves);
		read_published(v);
		waits_wake(v->config.waits, NULL);
		tell_tarea(v, 0);
		break;
	}
}

static void measure(struct vigia *v)
{
	if (!store_shared(v->config.place) || clock_monotonic() - v->measured < MEASURE_MS)
		return;
	v->measured = clock_monotonic();
	struct store *s = store_pool_take(v->config.server->readers);
	enum err e = reloj_measure(v->config.reloj, s);

	store_pool_give(v->config.server->readers, s);
	if (e != OK)
		log_write(LOG_WARN, "reloj", "the database's clock can't be read: %s", err_wire(e));
}

static void *run(void *arg)
{
	struct vigia *v = arg;

	for (;;) {
		int socket = store_watch_socket(v->watch);
		struct pollfd fds[] = {
			{.fd = v->wake, .events = POLLIN}, {.fd = socket, .events = POLLIN}};
		bool idle = socket < 0 && !waits_any(v->config.waits);

		(void)poll(fds, COUNT_OF(fds),
			socket >= 0 ? MEASURE_MS
			: idle	    ? LOOK_IDLE_MS
				    : LOOK_MS);
		if (fds[0].revents != 0)
			return NULL;
		enum err e = store_watch_look(v->watch, hear, v);

		if (e != OK && socket >= 0)
			log_write(LOG_WARN, "vigia", "news of the store: %s", err_wire(e));
		measure(v);
	}
}

static void drop(struct vigia *v)
{
	if (v->wake >= 0)
		close(v->wake);
	if (v->watch != NULL)
		store_watch_close(v->watch);
	mem_free(v);
}

enum err vigia_start(const struct vigia_config *c, struct vigia **ret)
{
	struct vigia *v = mem_zalloc(sizeof(*v));

	if (v == NULL)
		return ERR_NO_MEMORY;
	v->config = *c;
	v->wake = eventfd(0, EFD_CLOEXEC);
	enum err e = v->wake >= 0 ? store_watch_open(c->place, &v->watch) : ERR_NO_MEMORY;

	if (e == OK && pthread_create(&v->thread, NULL, run, v) != 0)
		e = ERR_NO_MEMORY;
	if (e == OK)
		*ret = v;
	else
		drop(v);
	return e;
}

void vigia_stop(struct vigia *v)
{
	uint64_t one = 1;

	if (write(v->wake, &one, sizeof(one)) == sizeof(one))
		pthread_join(v->thread, NULL);
	drop(v);
}
