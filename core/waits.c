#include "core/waits.h"

#include <pthread.h>
#include <time.h>
#include "base/log.h"
#include "base/mem.h"

#define MOST 20000
/* A new aviso shows within a second: a look each quarter of one. */
#define LOOK_MS 250

struct wait {
	struct wait *next;
	struct exchange *x;
	int64_t deadline; /* monotonic ms */
};

struct waits {
	struct server *server;
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t more;
	bool stopping;
	struct wait *list;
	size_t count;
	int64_t version;
};

static bool changed(struct waits *w)
{
	struct store *s = store_pool_take(w->server->readers);
	int64_t version = w->version;
	enum err e = store_version(s, &version);

	store_pool_give(w->server->readers, s);
	if (e != OK)
		log_write(LOG_ERROR, "waits", "the store's version: %s", err_wire(e));
	bool differs = version != w->version;

	w->version = version;
	return differs;
}

/* Runs one again; false when it goes on waiting. */
static bool settle(struct waits *w, struct wait *one, bool look, bool last)
{
	/* Who left holds a connection that others of its address may need. */
	last = last || clock_monotonic() >= one->deadline ||
	       (one->x->left != NULL && one->x->left(one->x));
	if (!look && !last)
		return false;
	if (serve_again(w->server, one->x, last) == SERVE_WAIT_CHANGE)
		return false;
	one->x->done(one->x);
	mem_free(one);
	return true;
}

static void keep(struct waits *w, struct wait *list, size_t kept)
{
	pthread_mutex_lock(&w->mutex);
	while (list != NULL) {
		struct wait *next = list->next;

		list->next = w->list;
		w->list = list;
		list = next;
	}
	w->count -= kept;
	pthread_mutex_unlock(&w->mutex);
}

static void look_at(struct waits *w, struct wait *list, bool look, bool last)
{
	struct wait *kept = NULL;
	size_t answered = 0;

	while (list != NULL) {
		struct wait *one = list;

		list = one->next;
		if (settle(w, one, look, last)) {
			answered++;
			continue;
		}
		one->next = kept;
		kept = one;
	}
	keep(w, kept, answered);
}

static struct wait *take_all(struct waits *w, bool *ret_stopping)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += LOOK_MS * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000L;
	until.tv_nsec %= 1000000000L;
	pthread_mutex_lock(&w->mutex);
	while (w->list == NULL && !w->stopping)
		pthread_cond_wait(&w->more, &w->mutex);
	if (!w->stopping)
		pthread_cond_timedwait(&w->more, &w->mutex, &until);
	struct wait *list = w->list;

	w->list = NULL;
	*ret_stopping = w->stopping;
	pthread_mutex_unlock(&w->mutex);
	return list;
}

static void *run(void *arg)
{
	struct waits *w = arg;
	bool stopping = false;

	while (!stopping) {
		struct wait *list = take_all(w, &stopping);

		look_at(w, list, changed(w), stopping);
	}
	return NULL;
}

enum err waits_start(struct server *s, struct waits **ret)
{
	struct waits *w = mem_zalloc(sizeof(*w));

	if (w == NULL)
		return ERR_NO_MEMORY;
	w->server = s;
	pthread_mutex_init(&w->mutex, NULL);
	pthread_cond_init(&w->more, NULL);
	if (pthread_create(&w->thread, NULL, run, w) != 0) {
		mem_free(w);
		return ERR_NO_MEMORY;
	}
	*ret = w;
	return OK;
}

void waits_stop(struct waits *w)
{
	pthread_mutex_lock(&w->mutex);
	w->stopping = true;
	pthread_cond_signal(&w->more);
	pthread_mutex_unlock(&w->mutex);
	pthread_join(w->thread, NULL);
}

void waits_free(struct waits *w)
{
	pthread_cond_destroy(&w->more);
	pthread_mutex_destroy(&w->mutex);
	mem_free(w);
}

enum err waits_add(struct waits *w, struct exchange *x, int64_t seconds)
{
	struct wait *one = mem_alloc(sizeof(*one));
	enum err e = OK;

	if (one == NULL)
		return ERR_NO_MEMORY;
	*one = (struct wait){.x = x, .deadline = clock_monotonic() + seconds * 1000};
	pthread_mutex_lock(&w->mutex);
	if (w->count >= MOST || w->stopping)
		e = ERR_UNAVAILABLE;
	else {
		one->next = w->list;
		w->list = one;
		if (w->count++ == 0)
			pthread_cond_signal(&w->more);
	}
	pthread_mutex_unlock(&w->mutex);
	if (e != OK)
		mem_free(one);
	return e;
}
