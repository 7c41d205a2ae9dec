#include "core/revocacion.h"

#include <pthread.h>
#include "base/log.h"
#include "base/mem.h"
#include "net/http_out.h"

#define OCSP_MS 4000
#define OCSP_MOST 16384

struct revocacion {
	struct server *server;
	struct writer *writer;
	void (*asked)(struct exchange *x);
	struct http_out *out;
	pthread_t thread;
	pthread_mutex_t mutex;
	bool stopping;
	struct exchange *queue;
};

/* An exchange under way; it holds the only reference to the exchange. */
struct question {
	struct revocacion *r;
	struct exchange *x;
};

static void note_verdict(struct revocacion *r, const struct exchange *x)
{
	struct note *n = mem_zalloc(sizeof(*n) + x->ocsp.size);

	if (n == NULL) /* asked again at the next act */
		return;
	n->ocsp = true;
	memcpy(n->huella, x->signer.huella, sizeof(n->huella));
	n->verdict = x->verdict;
	n->size = x->ocsp.size;
	memcpy(n->data, x->ocsp.data, x->ocsp.size);
	writer_note(r->writer, n);
}

static void take_answer(struct revocacion *r, struct exchange *x, struct bytes der)
{
	struct ocsp_verdict verdict;
	void *copy = arena_copy(x->arena, der.data, der.size);
	enum err e = copy == NULL
			     ? ERR_NO_MEMORY
			     : ocsp_judge(r->server->trust, der, x->signer.der, x->signer.emisor,
				       clock_now(&r->server->clock), &verdict);

	if (e == OK && verdict.status == OCSP_UNKNOWN)
		e = ERR_OCSP;
	if (e != OK) {
		log_write(LOG_WARN, "ocsp", "an answer was not usable: %s", err_wire(e));
		return;
	}
	x->ocsp = bytes_of(copy, der.size);
	x->verdict = verdict;
	note_verdict(r, x);
}

static void answered(void *ctx, const struct http_out_result *result)
{
	struct question *q = ctx;
	struct exchange *x = q->x;

	if (result->err == OK && result->status == 200)
		take_answer(q->r, x, result->body);
	else
		log_write(LOG_WARN, "ocsp", "no answer: %s %d", err_wire(result->err),
			result->status);
	x->ocsp_tried = true;
	struct revocacion *r = q->r;

	mem_free(q);
	r->asked(x);
}

static enum err send(struct revocacion *r, struct question *q)
{
	static const char *const headers[] = {"Content-Type: application/ocsp-request", NULL};
	struct http_out_request rq = {.url = r->server->config->ocsp,
		.headers = headers,
		.timeout_ms = OCSP_MS,
		.limit = OCSP_MOST,
		.relaxed_tls = r->server->config->ocsp_tls_relajado};
	enum err e = ocsp_request(q->x->arena, q->x->signer.der, q->x->signer.emisor, &rq.body);

	return e == OK ? http_out_start(r->out, &rq, answered, q, NULL) : e;
}

static void ask(struct revocacion *r, struct exchange *x)
{
	struct question *q = mem_alloc(sizeof(*q));
	enum err e = ERR_NO_MEMORY;

	if (q != NULL) {
		*q = (struct question){.r = r, .x = x};
		e = send(r, q);
	}
	if (e == OK)
		return;
	mem_free(q);
	x->ocsp_tried = true;
	r->asked(x);
}

static void *run(void *arg)
{
	struct revocacion *r = arg;

	for (;;) {
		pthread_mutex_lock(&r->mutex);
		struct exchange *x = r->queue;
		bool stopping = r->stopping;

		r->queue = NULL;
		pthread_mutex_unlock(&r->mutex);
		while (x != NULL) {
			struct exchange *next = x->next;

			ask(r, x);
			x = next;
		}
		if (stopping && http_out_busy(r->out) == 0)
			return NULL;
		if (http_out_wait(r->out, NULL, 0, 1000) != OK)
			log_write(LOG_ERROR, "ocsp", "waiting failed");
	}
}

enum err revocacion_start(struct server *s, struct writer *w, void (*asked)(struct exchange *x),
	struct revocacion **ret)
{
	struct revocacion *r = mem_zalloc(sizeof(*r));

	if (r == NULL)
		return ERR_NO_MEMORY;
	*r = (struct revocacion){.server = s, .writer = w, .asked = asked};
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

void revocacion_stop(struct revocacion *r)
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

void revocacion_ask(struct revocacion *r, struct exchange *x)
{
	pthread_mutex_lock(&r->mutex);
	x->next = r->queue;
	r->queue = x;
	pthread_mutex_unlock(&r->mutex);
	http_out_wake(r->out);
}
