#include "core/recados.h"

#include <pthread.h>
#include <time.h>
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/http_request.h"

/* How exactly `most_ms` is kept. */
#define LOOK_MS 250
/* Where waiting itself fails: memory or descriptors may be there again. */
#define PAUSE_MS 100

struct recado {
	struct recado *next;
	struct recados *r;
	struct http_out_request *rq;
	struct http_out_call *call;
	int64_t until; /* monotonic ms */
	http_out_done done;
	void *ctx;
};

struct recados {
	struct http_out *out;
	pthread_t thread;
	size_t most;
	pthread_mutex_t mutex;
	bool stopping;
	size_t busy;	      /* asked and not ended */
	struct recado *queue; /* the newest first */
	struct recado *sent;  /* the thread's own */
};

/* Out of the list, and the caller is told. */
static void end(struct recado *c, const struct http_out_result *result)
{
	struct recados *r = c->r;

	c->done(c->ctx, result);
	mem_free(c->rq);
	mem_free(c);
	pthread_mutex_lock(&r->mutex);
	r->busy--;
	pthread_mutex_unlock(&r->mutex);
}

static void forget(struct recado *c)
{
	struct recado **at = &c->r->sent;

	while (*at != c)
		at = &(*at)->next;
	*at = c->next;
}

static void answered(void *ctx, const struct http_out_result *result)
{
	struct recado *c = ctx;

	forget(c);
	end(c, result);
}

static void give_up(struct recado *c, enum err why)
{
	http_out_cancel(c->r->out, c->call);
	forget(c);
	end(c, &(struct http_out_result){.err = why});
}

static void send(struct recado *c)
{
	struct recados *r = c->r;

	c->next = r->sent;
	r->sent = c;
	enum err e = http_out_start(r->out, c->rq, answered, c, &c->call);

	if (e == OK)
		return;
	forget(c);
	end(c, &(struct http_out_result){.err = e});
}

static void end_overdue(struct recados *r)
{
	int64_t now = clock_monotonic();

	for (struct recado *c = r->sent; c != NULL;) {
		struct recado *next = c->next;

		if (c->until <= now)
			give_up(c, ERR_TIMEOUT);
		c = next;
	}
}

/* The oldest first. */
static void send_queued(struct recado *newest)
{
	struct recado *oldest = NULL;

	while (newest != NULL) {
		struct recado *next = newest->next;

		newest->next = oldest;
		oldest = newest;
		newest = next;
	}
	while (oldest != NULL) {
		struct recado *c = oldest;

		oldest = c->next;
		send(c);
	}
}

static void *run(void *arg)
{
	struct recados *r = arg;

	for (;;) {
		pthread_mutex_lock(&r->mutex);
		struct recado *queue = r->queue;
		bool stopping = r->stopping;

		r->queue = NULL;
		pthread_mutex_unlock(&r->mutex);
		send_queued(queue);
		while (stopping && r->sent != NULL)
			give_up(r->sent, ERR_CANCELLED);
		if (stopping)
			return NULL;
		end_overdue(r);
		if (http_out_wait(r->out, NULL, 0, r->sent != NULL ? LOOK_MS : -1) == OK)
			continue;
		log_write(LOG_ERROR, "recados", "waiting failed");
		nanosleep(&(struct timespec){.tv_nsec = PAUSE_MS * 1000000L}, NULL);
	}
}

enum err recados_start(size_t most, struct recados **ret)
{
	struct recados *r = mem_zalloc(sizeof(*r));

	if (r == NULL)
		return ERR_NO_MEMORY;
	r->most = most;
	pthread_mutex_init(&r->mutex, NULL);
	enum err e = http_out_open(&r->out);

	if (e == OK && pthread_create(&r->thread, NULL, run, r) != 0) {
		http_out_close(r->out);
		e = ERR_NO_MEMORY;
	}
	if (e == OK)
		*ret = r;
	else
		mem_free(r);
	return e;
}

void recados_stop(struct recados *r)
{
	pthread_mutex_lock(&r->mutex);
	r->stopping = true;
	pthread_mutex_unlock(&r->mutex);
	http_out_wake(r->out);
	pthread_join(r->thread, NULL);
	http_out_close(r->out);
	pthread_mutex_destroy(&r->mutex);
	mem_free(r);
}

static bool enter(struct recados *r, struct recado *c)
{
	pthread_mutex_lock(&r->mutex);
	bool room = !r->stopping && r->busy < r->most;

	if (room) {
		r->busy++;
		c->next = r->queue;
		r->queue = c;
	}
	pthread_mutex_unlock(&r->mutex);
	return room;
}

enum err recados_ask(struct recados *r, const struct http_out_request *rq, int64_t most_ms,
	http_out_done done, void *ctx)
{
	struct recado *c = mem_zalloc(sizeof(*c));
	struct http_out_request *copy = c != NULL ? http_request_copy(rq) : NULL;

	if (copy == NULL) {
		mem_free(c);
		return ERR_NO_MEMORY;
	}
	*c = (struct recado){
		.r = r, .rq = copy, .until = clock_monotonic() + most_ms, .done = done, .ctx = ctx};
	if (!enter(r, c)) {
		mem_free(copy);
		mem_free(c);
		return ERR_UNAVAILABLE;
	}
	http_out_wake(r->out);
	return OK;
}
