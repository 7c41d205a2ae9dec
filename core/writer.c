#include "core/writer.h"

#include <limits.h>
#include <pthread.h>
#include "base/log.h"
#include "base/mem.h"
#include "core/writer_group.h"
#include "net/timed.h"

/*
 * Largest group: beyond it the wait of the first grows more than the cost of each shrinks. Shared:
 * PostgreSQL keeps so many savepoints of a transaction at hand; past them every reader pays.
 */
#define GROUP 256
#define GROUP_SHARED 60
/* How long a group waits for those who have just been answered; and for the next one of them. */
#define GATHER_MS 8
#define QUIET_MS 2

struct writer {
	struct writer_config config;
	struct writer_group group;
	pthread_t thread;
	bool running;
	pthread_mutex_t mutex;
	pthread_cond_t more;
	bool stopping;
	struct exchange *first;
	struct exchange **last;
	unsigned count;
	unsigned expected; /* waited when the last group ended, its own included */
	struct note *notes;
	struct note **last_note;
	unsigned note_count;
	struct chore *chores; /* newest first */
	unsigned chore_count;
	size_t group_most;
};

enum err writer_open(const struct writer_config *c, struct writer **ret)
{
	struct writer *w = mem_zalloc(sizeof(*w));

	if (w == NULL)
		return ERR_NO_MEMORY;
	w->config = *c;
	w->group = (struct writer_group){.server = c->server,
		.place = c->place,
		.sealer = c->sealer,
		.tarea = c->tarea,
		.tarea_ctx = c->tarea_ctx};
	w->group_most = store_shared(c->place) ? GROUP_SHARED : GROUP;
	w->last = &w->first;
	w->last_note = &w->notes;
	if (!timed_make(&w->more)) {
		mem_free(w);
		return ERR_NO_MEMORY;
	}
	pthread_mutex_init(&w->mutex, NULL);
	enum err e = writer_group_open(&w->group);

	if (e == OK)
		*ret = w;
	else
		writer_close(w);
	return e;
}

static void free_notes(struct note *n)
{
	while (n != NULL) {
		struct note *next = n->next;

		mem_free(n);
		n = next;
	}
}

static void run_chores(struct writer *w, struct chore *newest);

void writer_close(struct writer *w)
{
	if (w->running) {
		pthread_mutex_lock(&w->mutex);
		w->stopping = true;
		pthread_cond_signal(&w->more);
		pthread_mutex_unlock(&w->mutex);
		pthread_join(w->thread, NULL);
	}
	run_chores(w, w->chores);
	if (w->group.store != NULL)
		store_close(w->group.store);
	free_notes(w->notes);
	pthread_cond_destroy(&w->more);
	pthread_mutex_destroy(&w->mutex);
	mem_free(w);
}

/* A certificate whose row changed is read again at its next use. */
static void forget_changed(
	struct writer *w, struct exchange **xs, size_t count, const struct note *notes)
{
	struct llaves *l = w->config.server->llaves;

	for (size_t i = 0; i < count; i++) {
		const struct m_entrar *m = xs[i]->message;
		const char *lectura;

		if (xs[i]->route != ROUTE_ID_entrar || xs[i]->status != 200)
			continue;
		llaves_drop(l, xs[i]->signer.huella);
		if (key_id_ed25519(xs[i]->arena, m->llave_lectura, &lectura) == OK)
			llaves_drop(l, lectura);
	}
	for (; notes != NULL; notes = notes->next)
		if (notes->ocsp)
			llaves_drop(l, notes->huella);
}

static void run_group(
	struct writer *w, struct exchange **xs, size_t count, const struct note *notes)
{
	writer_group_run(&w->group, xs, count, notes);
	forget_changed(w, xs, count, notes);
}

void writer_group(struct writer *w, struct exchange **xs, size_t count)
{
	run_group(w, xs, count, NULL);
	for (size_t i = 0; i < count; i++)
		if (xs[i]->again)
			run_group(w, &xs[i], 1, NULL);
}

/*
 * With the mutex. Those whom the last group answered ask again at once, most of them: a moment for
 * them makes one large group of two that would take turns, and half the fsyncs. Who is alone never
 * waits here.
 */
static void gather(struct writer *w)
{
	int64_t until = clock_monotonic() + GATHER_MS;
	unsigned before = 0;

	while (w->count != before && w->count < w->expected && clock_monotonic() < until) {
		int64_t quiet = clock_monotonic() + QUIET_MS;

		before = w->count;
		while (w->count < w->expected && !w->stopping)
			if (!timed_wait(&w->more, &w->mutex, quiet))
				break;
	}
}

struct taken {
	struct exchange *xs[GROUP];
	size_t count;
	struct note *notes;
	struct chore *chores; /* newest first */
};

/* Takes up to a group from the queue; waits while there is nothing. False when it is time to end.
 */
static bool take(struct writer *w, struct taken *t)
{
	pthread_mutex_lock(&w->mutex);
	while (w->first == NULL && w->notes == NULL && w->chores == NULL && !w->stopping)
		pthread_cond_wait(&w->more, &w->mutex);
	gather(w);
	for (t->count = 0; t->count < w->group_most && w->first != NULL; t->count++) {
		t->xs[t->count] = w->first;
		w->first = w->first->next;
	}
	if (w->first == NULL)
		w->last = &w->first;
	w->count -= (unsigned)t->count;
	t->notes = w->notes;
	w->notes = NULL;
	w->last_note = &w->notes;
	w->note_count = 0;
	t->chores = w->chores;
	w->chores = NULL;
	w->chore_count = 0;
	pthread_mutex_unlock(&w->mutex);
	return t->count != 0 || t->notes != NULL || t->chores != NULL;
}

static void run_chores(struct writer *w, struct chore *newest)
{
	struct chore *oldest = NULL;

	while (newest != NULL) {
		struct chore *next = newest->next;

		newest->next = oldest;
		oldest = newest;
		newest = next;
	}
	while (oldest != NULL) {
		struct chore *c = oldest;

		oldest = c->next; /* run() may free it */
		c->run(c, &w->group);
	}
}

static void run_taken(struct writer *w, struct taken *t)
{
	if (t->count != 0 || t->notes != NULL)
		run_group(w, t->xs, t->count, t->notes);
	free_notes(t->notes);
	pthread_mutex_lock(&w->mutex);
	w->expected = w->count + (unsigned)t->count;
	pthread_mutex_unlock(&w->mutex);
	for (size_t i = 0; i < t->count; i++) {
		/* Its twin is answered now: the same bytes are there. */
		if (t->xs[i]->again)
			writer_group(w, &t->xs[i], 1);
		t->xs[i]->done(t->xs[i]);
	}
	run_chores(w, t->chores);
}

static void *run(void *arg)
{
	struct writer *w = arg;
	struct taken t;

	while (take(w, &t))
		run_taken(w, &t);
	return NULL;
}

enum err writer_start(struct writer *w)
{
	if (pthread_create(&w->thread, NULL, run, w) != 0)
		return ERR_NO_MEMORY;
	w->running = true;
	return OK;
}

enum err writer_submit(struct writer *w, struct exchange *x)
{
	enum err e = OK;

	x->next = NULL;
	pthread_mutex_lock(&w->mutex);
	if (w->count >= w->config.most || w->stopping)
		e = ERR_UNAVAILABLE;
	else {
		*w->last = x;
		w->last = &x->next;
		w->count++;
		if (w->count == 1 || w->count >= w->expected)
			pthread_cond_signal(&w->more);
	}
	pthread_mutex_unlock(&w->mutex);
	return e;
}

void writer_note(struct writer *w, struct note *note)
{
	note->next = NULL;
	pthread_mutex_lock(&w->mutex);
	bool room = w->note_count < w->config.most * 4;

	if (room) {
		*w->last_note = note;
		w->last_note = &note->next;
		w->note_count++;
		pthread_cond_signal(&w->more);
	}
	pthread_mutex_unlock(&w->mutex);
	if (!room) {
		log_write(LOG_WARN, "writer", "queue full: a note was dropped");
		mem_free(note);
	}
}

static enum err add_chore(struct writer *w, struct chore *c, unsigned most)
{
	pthread_mutex_lock(&w->mutex);
	bool room = w->chore_count < most;

	if (room) {
		c->next = w->chores;
		w->chores = c;
		w->chore_count++;
		pthread_cond_signal(&w->more);
	}
	pthread_mutex_unlock(&w->mutex);
	return room ? OK : ERR_UNAVAILABLE;
}

void writer_chore(struct writer *w, struct chore *c)
{
	(void)add_chore(w, c, UINT_MAX);
}

enum err writer_offer(struct writer *w, struct chore *c)
{
	return add_chore(w, c, WRITER_OFFERS);
}

void writer_chore_now(struct writer *w, struct chore *c)
{
	c->run(c, &w->group);
}
