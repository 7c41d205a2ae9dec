#include "core/waits.h"

#include <pthread.h>
#include "base/mem.h"
#include "net/timed.h"

#define MOST 20000
/* How often it is looked whose time is up and who has left. */
#define LOOK_MS 250

struct wait {
	struct wait *next;
	struct exchange *x;
	int64_t deadline; /* monotonic ms */
	bool look;	  /* once at first: a change may have come before it was here */
	bool blind;	  /* the store was gone when it looked: it looks again */
};

struct waits {
	struct server *server;
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t more;
	bool stopping;
	struct wait *list;
	size_t count; /* those that the thread has in hand, too */
	struct novedades news;
};

/* One look at all that wait. */
struct pass {
	const struct novedades *news;
	bool last;
	bool blind; /* the store did not answer one of them: it is not asked for the others */
};

/* False when it goes on waiting, be it that nobody can say whether there is news. */
static bool ask(struct waits *w, struct wait *one, struct pass *p, bool last)
{
	if (p->blind && last)
		exchange_refuse(one->x, ERR_STORE);
	else if (p->blind || serve_again(w->server, one->x, last) == SERVE_WAIT_CHANGE)
		return false;
	p->blind = p->blind || one->x->status >= 500;
	return last || !p->blind;
}

/* Runs one again; false when it goes on waiting. */
static bool settle(struct waits *w, struct wait *one, struct pass *p)
{
	bool look = one->look || one->blind ||
		    novedades_have(p->news, NOVEDAD_TITULAR, one->x->env.titular);
	/* Who left holds a connection that others of its address may need. */
	bool last = p->last || clock_monotonic() >= one->deadline ||
		    (one->x->left != NULL && one->x->left(one->x));

	one->look = false;
	if (!look && !last)
		return false;
	if (!ask(w, one, p, last)) {
		one->blind = p->blind;
		return false;
	}
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

static void look_at(struct waits *w, struct wait *list, const struct novedades *news, bool last)
{
	struct pass pass = {.news = news, .last = last};
	struct wait *kept = NULL;
	size_t answered = 0;

	while (list != NULL) {
		struct wait *one = list;

		list = one->next;
		if (settle(w, one, &pass)) {
			answered++;
			continue;
		}
		one->next = kept;
		kept = one;
	}
	keep(w, kept, answered);
}

static struct wait *take_all(struct waits *w, struct novedades *ret_news, bool *ret_stopping)
{
	int64_t until = clock_monotonic() + LOOK_MS;

	pthread_mutex_lock(&w->mutex);
	while (w->list == NULL && !w->stopping)
		pthread_cond_wait(&w->more, &w->mutex);
	while (!w->stopping && !w->news.all && w->news.size == 0 && !w->list->look)
		if (!timed_wait(&w->more, &w->mutex, until))
			break;
	struct wait *list = w->list;

	w->list = NULL;
	*ret_news = w->news;
	w->news = (struct novedades){0};
	*ret_stopping = w->stopping;
	pthread_mutex_unlock(&w->mutex);
	return list;
}

static void *run(void *arg)
{
	struct waits *w = arg;
	struct novedades news;
	bool stopping = false;

	while (!stopping) {
		struct wait *list = take_all(w, &news, &stopping);

		look_at(w, list, &news, stopping);
	}
	return NULL;
}

void waits_wake(struct waits *w, const char *titular)
{
	pthread_mutex_lock(&w->mutex);
	/* Whoever comes later looks by itself. */
	if (w->count != 0) {
		novedades_add(&w->news, titular != NULL ? NOVEDAD_TITULAR : NOVEDAD_TODO,
			titular != NULL ? titular : "");
		pthread_cond_signal(&w->more);
	}
	pthread_mutex_unlock(&w->mutex);
}

bool waits_any(struct waits *w)
{
	pthread_mutex_lock(&w->mutex);
	bool any = w->count != 0;

	pthread_mutex_unlock(&w->mutex);
	return any;
}

enum err waits_start(struct server *s, struct waits **ret)
{
	struct waits *w = mem_zalloc(sizeof(*w));

	if (w == NULL)
		return ERR_NO_MEMORY;
	w->server = s;
	if (!timed_make(&w->more)) {
		mem_free(w);
		return ERR_NO_MEMORY;
	}
	pthread_mutex_init(&w->mutex, NULL);
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
	*one = (struct wait){.x = x, .deadline = clock_monotonic() + seconds * 1000, .look = true};
	pthread_mutex_lock(&w->mutex);
	if (w->count >= MOST || w->stopping)
		e = ERR_UNAVAILABLE;
	else {
		one->next = w->list;
		w->list = one;
		w->count++;
		pthread_cond_signal(&w->more);
	}
	pthread_mutex_unlock(&w->mutex);
	if (e != OK)
		mem_free(one);
	return e;
}
