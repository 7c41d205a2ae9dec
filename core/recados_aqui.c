#include "core/recados_aqui.h"

#include <pthread.h>
#include "base/mem.h"

struct aqui {
	struct recados_aqui *r;
	const struct http_out_request *rq;
	recado_aqui *how;
	http_out_done done;
	void *ctx;
};

struct recados_aqui {
	pthread_mutex_t mutex;
	pthread_cond_t ended;
	atomic_bool stopping;
	size_t busy;
};

static void leave(struct recados_aqui *r)
{
	pthread_mutex_lock(&r->mutex);
	r->busy--;
	pthread_cond_signal(&r->ended);
	pthread_mutex_unlock(&r->mutex);
}

static bool enter(struct recados_aqui *r)
{
	pthread_mutex_lock(&r->mutex);
	bool open = !atomic_load(&r->stopping);

	if (open)
		r->busy++;
	pthread_mutex_unlock(&r->mutex);
	return open;
}

static void *run(void *arg)
{
	struct aqui *n = arg;
	struct recados_aqui *r = n->r;
	struct http_out_result result = {0};

	n->how(n->rq, &r->stopping, &result);
	n->done(n->ctx, &result);
	mem_free(n);
	leave(r);
	return NULL;
}

enum err recados_aqui_start(struct recados_aqui **ret)
{
	struct recados_aqui *r = mem_zalloc(sizeof(*r));

	if (r == NULL)
		return ERR_NO_MEMORY;
	pthread_mutex_init(&r->mutex, NULL);
	pthread_cond_init(&r->ended, NULL);
	*ret = r;
	return OK;
}

void recados_aqui_stop(struct recados_aqui *r)
{
	pthread_mutex_lock(&r->mutex);
	atomic_store(&r->stopping, true);
	while (r->busy != 0)
		pthread_cond_wait(&r->ended, &r->mutex);
	pthread_mutex_unlock(&r->mutex);
	pthread_cond_destroy(&r->ended);
	pthread_mutex_destroy(&r->mutex);
	mem_free(r);
}

static bool start(struct aqui *n)
{
	pthread_attr_t attr;
	pthread_t thread;

	if (pthread_attr_init(&attr) != 0)
		return false;
	bool ok = pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED) == 0 &&
		  pthread_create(&thread, &attr, run, n) == 0;

	pthread_attr_destroy(&attr);
	return ok;
}

enum err recados_aqui_do(struct recados_aqui *r, const struct http_out_request *rq,
	recado_aqui *how, http_out_done done, void *ctx)
{
	struct aqui *n = mem_alloc(sizeof(*n));

	if (n == NULL)
		return ERR_NO_MEMORY;
	*n = (struct aqui){.r = r, .rq = rq, .how = how, .done = done, .ctx = ctx};
	if (!enter(r)) {
		mem_free(n);
		return ERR_UNAVAILABLE;
	}
	if (start(n))
		return OK;
	mem_free(n);
	leave(r);
	return ERR_NO_MEMORY;
}
