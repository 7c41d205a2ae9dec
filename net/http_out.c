#include "net/http_out.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include "base/clock.h"
#include "base/mem.h"
#include "net/http_call.h"
#include "net/http_request.h"
#include "net/http_wake.h"

struct http_out {
	CURLM *multi; /* NULL until the library is there */
	CURLSH *shared;
	struct http_out_call *calls; /* the newest first */
	size_t busy;
	struct http_wake wake;
	struct wire_count wire;
};

/* ---- Set-up ---- */

static pthread_once_t setup_once = PTHREAD_ONCE_INIT;
static enum err setup_err;
/* setup_err and the library may be used. */
static atomic_bool setup_ended;

static void setup_run(void)
{
	setup_err = curl_load();
	atomic_store(&setup_ended, true);
	http_wake_all();
}

enum err http_out_setup(void)
{
	pthread_once(&setup_once, setup_run);
	return setup_err;
}

enum err http_out_open(struct http_out **ret)
{
	struct http_out *o = mem_zalloc(sizeof(*o));
	enum err e = o != NULL ? http_wake_open(&o->wake) : ERR_NO_MEMORY;

	if (e != OK) {
		mem_free(o);
		return e;
	}
	*ret = o;
	return OK;
}

/* What of `o` is libcurl's; once the library is there. */
static enum err multi_open(struct http_out *o)
{
	if (o->multi != NULL)
		return OK;
	/* One thread uses it, so no locks; a connection that was lost costs no whole handshake. */
	if (o->shared == NULL)
		o->shared = curl_lib.share_init();
	if (o->shared == NULL || curl_lib.share_setopt(o->shared, CURLSHOPT_SHARE,
					 CURL_LOCK_DATA_SSL_SESSION) != CURLSHE_OK)
		return ERR_NO_MEMORY;
	o->multi = curl_lib.multi_init();
	return o->multi != NULL ? OK : ERR_NO_MEMORY;
}

/* ---- Calls ---- */

static void call_link(struct http_out *o, struct http_out_call *c)
{
	c->next = o->calls;
	if (c->next != NULL)
		c->next->prev = c;
	o->calls = c;
	o->busy++;
}

static void call_unlink(struct http_out *o, struct http_out_call *c)
{
	if (c->easy != NULL)
		curl_lib.multi_remove_handle(o->multi, c->easy);
	if (c->prev != NULL)
		c->prev->next = c->next;
	else
		o->calls = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
	o->busy--;
}

void http_out_close(struct http_out *o)
{
	if (o == NULL)
		return;
	while (o->calls != NULL) {
		struct http_out_call *c = o->calls;

		call_unlink(o, c);
		http_call_free(c);
	}
	if (o->multi != NULL)
		curl_lib.multi_cleanup(o->multi);
	if (o->shared != NULL)
		curl_lib.share_cleanup(o->shared);
	http_wake_close(&o->wake);
	wire_count_free(&o->wire);
	mem_free(o);
}

static bool begins(const char *url, const char *scheme)
{
	return strncmp(url, scheme, strlen(scheme)) == 0;
}

static bool on_one_line(const char *text)
{
	return strpbrk(text, "\r\n") == NULL;
}

/* What no library is needed for. */
static enum err request_check(const struct http_out_request *rq)
{
	bool mail = rq->mail_to != NULL;

	if (!begins(rq->url, mail ? "smtp://" : "http://") &&
		!begins(rq->url, mail ? "smtps://" : "https://"))
		return ERR_CONFIG;
	if (mail && (!on_one_line(rq->mail_to) || !on_one_line(rq->mail_from)))
		return ERR_BAD_FIELD;
	for (const char *const *line = rq->headers; line != NULL && *line != NULL; line++)
		if (!on_one_line(*line))
			return ERR_BAD_FIELD;
	return OK;
}

/* Hands the call over to libcurl. */
static enum err call_begin(
	struct http_out *o, struct http_out_call *c, const struct http_out_request *rq)
{
	enum err e = http_call_begin(c, rq, o->shared, &o->wire);

	if (e != OK || curl_lib.multi_add_handle(o->multi, c->easy) == CURLM_OK)
		return e;
	curl_lib.easy_cleanup(c->easy);
	c->easy = NULL;
	return ERR_NO_MEMORY;
}

static enum err call_queue(struct http_out_call *c, const struct http_out_request *rq)
{
	c->queued = http_request_copy(rq);
	return c->queued != NULL ? OK : ERR_NO_MEMORY;
}

enum err http_out_start(struct http_out *o, const struct http_out_request *rq, http_out_done done,
	void *ctx, struct http_out_call **ret_call)
{
	bool ready = atomic_load(&setup_ended);
	enum err e = request_check(rq);

	if (e == OK && ready)
		e = setup_err != OK ? setup_err : multi_open(o);
	if (e != OK)
		return e;
	AUTO(http_call) c = NULL;
	e = http_call_make(rq, done, ctx, &c);
	if (e != OK)
		return e;
	e = ready ? call_begin(o, c, rq) : call_queue(c, rq);
	if (e != OK)
		return e;
	call_link(o, c);
	if (ret_call != NULL)
		*ret_call = c;
	c = NULL;
	return OK;
}

void http_out_cancel(struct http_out *o, struct http_out_call *call)
{
	if (call == NULL || call->ending)
		return;
	call_unlink(o, call);
	http_call_free(call);
}

struct http_out_progress http_out_progress(const struct http_out_call *call)
{
	return call->progress;
}

struct http_out_traffic http_out_traffic(const struct http_out *o)
{
	return wire_count_now(&o->wire);
}

size_t http_out_busy(const struct http_out *o)
{
	return o->busy;
}

/* ---- Waiting ---- */

static void call_finish(
	struct http_out *o, struct http_out_call *c, const struct http_out_result *r)
{
	call_unlink(o, c);
	c->ending = true;
	c->done(c->ctx, r);
	http_call_free(c);
}

static void call_end(struct http_out *o, struct http_out_call *c, CURLcode code)
{
	struct http_out_result r = http_call_result(c, code);

	call_finish(o, c, &r);
}

/* The next of those that waited for the library, the oldest first. */
static struct http_out_call *queued_next(const struct http_out *o)
{
	struct http_out_call *found = NULL;

	for (struct http_out_call *c = o->calls; c != NULL; c = c->next)
		if (c->queued != NULL)
			found = c;
	return found;
}

/* Once the library is there, or can't be: whoever waited begins, or ends with why not. */
static enum err begin_queued(struct http_out *o, size_t *ret_ended)
{
	struct http_out_call *c;
	enum err e = setup_err == OK ? multi_open(o) : OK;

	if (e != OK)
		return e;
	while ((c = queued_next(o)) != NULL) {
		struct http_out_request *rq = STEAL(c->queued);
		struct http_out_result r = {
			.err = setup_err != OK ? setup_err : call_begin(o, c, rq)};

		mem_free(rq);
		if (r.err == OK)
			continue;
		call_finish(o, c, &r);
		++*ret_ended;
	}
	return OK;
}

static size_t run_callbacks(struct http_out *o)
{
	size_t ended = 0;
	int left;

	for (CURLMsg *m; (m = curl_lib.multi_info_read(o->multi, &left)) != NULL;) {
		char *c = NULL;

		if (m->msg != CURLMSG_DONE)
			continue;
		CURLcode code = m->data.result;
		curl_lib.easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &c);
		call_end(o, (struct http_out_call *)(void *)c, code);
		ended++;
	}
	return ended;
}

static enum err multi_error(CURLMcode code)
{
	if (code == CURLM_OK)
		return OK;
	return code == CURLM_OUT_OF_MEMORY ? ERR_NO_MEMORY : ERR_INTERNAL;
}

/* One whose time is over; NULL: none. A callback may end others, so they are looked for anew. */
static struct http_out_call *overdue(const struct http_out *o)
{
	int64_t now = clock_monotonic();

	for (struct http_out_call *c = o->calls; c != NULL; c = c->next)
		if (c->easy != NULL && http_call_due(c) <= now)
			return c;
	return NULL;
}

static size_t give_up(struct http_out *o)
{
	size_t ended = 0;

	for (struct http_out_call *c; (c = overdue(o)) != NULL; ended++)
		call_end(o, c, CURLE_OPERATION_TIMEDOUT);
	return ended;
}

/* The shorter of `timeout_ms` (-1: for ever) and what the first call to be given up has left. */
static int patience(const struct http_out *o, int timeout_ms)
{
	int64_t now = clock_monotonic();
	int64_t least = timeout_ms < 0 ? INT32_MAX : timeout_ms;

	for (const struct http_out_call *c = o->calls; c != NULL; c = c->next)
		if (c->easy != NULL && http_call_due(c) - now < least)
			least = http_call_due(c) - now;
	return least > 0 ? (int)least : 0;
}

/* Does what can be done now. */
static enum err perform(struct http_out *o, size_t *ret_ended)
{
	int running;
	enum err e = multi_error(curl_lib.multi_perform(o->multi, &running));

	if (e != OK)
		return e;
	for (struct http_out_call *c = o->calls; c != NULL; c = c->next)
		http_call_note(c);
	*ret_ended += run_callbacks(o);
	*ret_ended += give_up(o);
	return OK;
}

/* Waits at most `timeout_ms` for whatever comes first. */
static enum err wait_once(
	struct http_out *o, const struct http_out_fd *fds, size_t count, int timeout_ms)
{
	struct curl_waitfd extra[HTTP_OUT_FDS_MOST + 1] = {
		{.fd = o->wake.fd, .events = CURL_WAIT_POLLIN}};
	unsigned n = 1;

	for (size_t i = 0; i < count; i++)
		if (fds[i].fd >= 0)
			extra[n++] =
				(struct curl_waitfd){.fd = fds[i].fd, .events = CURL_WAIT_POLLIN};
	return multi_error(curl_lib.multi_poll(o->multi, extra, n, patience(o, timeout_ms), NULL));
}

/* What a callback starts or ends the caller must see before it sleeps again. */
static enum err wait_network(
	struct http_out *o, const struct http_out_fd *fds, size_t count, int timeout_ms)
{
	size_t ended = 0;
	enum err e = begin_queued(o, &ended);

	/* Without the library there is nothing but the descriptors. */
	if (e == OK && o->multi == NULL) {
		http_wake_wait(&o->wake, fds, count, ended > 0 ? 0 : timeout_ms);
		return OK;
	}
	if (e == OK)
		e = perform(o, &ended);
	if (e != OK || ended > 0)
		return e;
	e = wait_once(o, fds, count, timeout_ms);
	return e == OK ? perform(o, &ended) : e;
}

enum err http_out_wait(struct http_out *o, struct http_out_fd *fds, size_t count, int timeout_ms)
{
	enum err e = OK;

	if (count > HTTP_OUT_FDS_MOST)
		return ERR_INTERNAL;
	if (atomic_load(&setup_ended))
		e = wait_network(o, fds, count, timeout_ms);
	else
		http_wake_wait(&o->wake, fds, count, timeout_ms);
	http_wake_seen(&o->wake);
	http_wake_mark(fds, count);
	return e;
}

void http_out_wake(struct http_out *o)
{
	http_wake_up(&o->wake);
}

/* ---- One call ---- */

#define LOOK_MS 250

static void keep_result(void *ctx, const struct http_out_result *result)
{
	struct http_out_result *to = ctx;

	*to = *result;
	to->body = (struct bytes){0};
}

void http_out_once(
	const struct http_out_request *rq, const atomic_bool *stop, struct http_out_result *ret)
{
	AUTO(http_out) o = NULL;
	struct http_out_request once = *rq;
	struct http_out_result result = {0};
	enum err e = http_out_open(&o);

	once.stop = stop;
	if (e == OK)
		e = http_out_start(o, &once, keep_result, &result, NULL);
	while (e == OK && o->busy != 0)
		e = atomic_load(stop) ? ERR_CANCELLED : http_out_wait(o, NULL, 0, LOOK_MS);
	if (e != OK)
		result = (struct http_out_result){.err = e};
	*ret = result;
}
