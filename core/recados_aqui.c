#include "core/recados_aqui.h"

#include <pthread.h>
#include "base/mem.h"

struct aqui {
	struct aqui *next;
	const struct http_out_request *rq;
	recado_aqui *how;
	http_out_done done;
	void *ctx;
};

struct recados_aqui {
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t more;
	bool stopping;
	struct aqui *first;
	struct aqui **last;
};

/* Waits for the next; NULL: it is time to end. */
static struct aqui *take(struct recados_aqui *r)
{
	pthread_mutex_lock(&r->mutex);
	while (r->first == NULL && !r->stopping)
		pthread_cond_wait(&r->more, &r->mutex);
	struct aqui *n = r->stopping ? NULL : r->first;

	if (n != NULL)
		r->first = n->next;
	if (r->first == NULL)
		r->last = &r->first;
	pthread_mutex_unlock(&r->mutex);
	return n;
}

static void end(struct aqui *n, const struct http_out_result *result)
{
	n->done(n->ctx, result);
	mem_free(n);
}

static void *run(void *arg)
{
	struct aqui *n;

	while ((n = take(arg)) != NULL) {
		struct http_out_result result = {0};

		n->how(n->rq, &result);
		end(n, &result);
	}
	return NULL;
}

enum err recados_aqui_start(struct recados_aqui **ret)
{
	struct recados_aqui *r = mem_zalloc(sizeof(*r));

	if (r == NULL)
		return ERR_NO_MEMORY;
	r->last = &r->first;
	pthread_mutex_init(&r->mutex, NULL);
	pthread_cond_init(&r->more, NULL);
	if (pthread_create(&r->thread, NULL, run, r) != 0) {
		mem_free(r);
		return ERR_NO_MEMORY;
	}
	*ret = r;
	return OK;
}

void recados_aqui_stop(struct recados_aqui *r)
{
	pthread_mutex_lock(&r->mutex);
	r->stopping = true;
	pthread_cond_signal(&r->more);
	pthread_mutex_unlock(&r->mutex);
	pthread_join(r->thread, NULL);
	while (r->first != NULL) {
		struct aqui *n = r->first;

		r->first = n->next;
		end(n, &(struct http_out_result){.err = ERR_CANCELLED});
	}
	pthread_cond_destroy(&r->more);
	pthread_mutex_destroy(&r->mutex);
	mem_free(r);
}

enum err recados_aqui_do(struct recados_aqui *r, const struct http_out_request *rq,
	recado_aqui *how, http_out_done done, void *ctx)
{
	struct aqui *n = mem_alloc(sizeof(*n));

	if (n == NULL)
		return ERR_NO_MEMORY;
	*n = (struct aqui){.rq = rq, .how = how, .done = done, .ctx = ctx};
	pthread_mutex_lock(&r->mutex);
	bool room = !r->stopping;

	if (room) {
		*r->last = n;
		r->last = &n->next;
		pthread_cond_signal(&r->more);
	}
	pthread_mutex_unlock(&r->mutex);
	if (room)
		return OK;
	mem_free(n);
	return ERR_UNAVAILABLE;
}
