#include "net/http_in.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/http_head.h"
#include "net/http_in_connection.h"
#include "net/slow.h"
#include "net/timed.h"

enum {
	HEADERS_LIMIT = 16 * 1024,
	/* Above the headers' limit, so that most of those who pass it get our own answer. */
	CONNECTION_MEMORY = 24 * 1024,
	REQUEST_MS = 30 * 1000,
	IDLE_S = 30,
	/* A body past its limit is read and dropped up to so many limits: else the peer, still
	 * sending, would see a reset instead of the answer. */
	DRAIN_TIMES = 16,
	FORCED_MS = 1000,
};

/* TLS 1.2 and 1.3, forward secrecy, AEAD only. */
static const char tls_priorities[] =
	"NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:-CIPHER-ALL:+AES-256-GCM:+AES-128-GCM:"
	"+CHACHA20-POLY1305:%SERVER_PRECEDENCE";

/* ---- Lives ---- */

static void in_free(struct http_in *in)
{
	canned_free(&in->too_large);
	canned_free(&in->bad_request);
	canned_free(&in->busy);
	slow_stop(in->slow);
	if (in->listener >= 0)
		close(in->listener);
	pthread_cond_destroy(&in->ended);
	pthread_mutex_destroy(&in->lock);
	mem_free(in);
}

static void in_release(struct http_in *in)
{
	pthread_mutex_lock(&in->lock);
	bool last = --in->references == 0;

	pthread_mutex_unlock(&in->lock);
	if (last)
		in_free(in);
}

static void connection_free(struct http_in_connection *c)
{
	arena_free(&c->rq.arena);
	body_free(&c->body);
	http_stream_free(&c->stream);
	http_answer_free(&c->answer);
	mem_free(c);
}

void http_in_waiting_add(struct http_in *in, struct http_in_connection *c)
{
	c->next = in->waiting;
	if (c->next != NULL)
		c->next->prev = c;
	in->waiting = c;
	in->open++;
	in->references++;
}

void http_in_waiting_remove(struct http_in *in, struct http_in_connection *c)
{
	if (c->prev != NULL)
		c->prev->next = c->next;
	else
		in->waiting = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
}

void http_in_close(struct http_in_connection *c)
{
	struct http_in *in = c->in;

	in->handlers.closed(in->handlers.ctx, &c->rq);
	connection_free(c);
	in_release(in);
}

/* ---- Answers ---- */

static enum MHD_Result send_canned(struct MHD_Connection *mhd, const struct canned *c)
{
	return MHD_queue_response(mhd, c->status, c->response);
}

enum MHD_Result http_in_send(struct http_in_connection *c, struct MHD_Connection *mhd)
{
	struct MHD_Response *r =
		http_in_response(&c->answer, c->rq.headers[HTTP_IN_ACCEPT_ENCODING]);

	if (r == NULL)
		return send_canned(mhd, &c->in->busy);
	enum MHD_Result queued = MHD_queue_response(mhd, (unsigned)c->answer.status, r);

	MHD_destroy_response(r);
	return queued;
}

bool http_in_left(const struct http_in_request *rq)
{
	return slow_left(rq->connection->slow);
}

void http_in_answer(struct http_in_request *rq, const struct http_in_answer *answer)
{
	struct http_in_connection *c = rq->connection;
	struct http_in *in = c->in;
	struct http_answer copy = http_answer_copy(answer);

	pthread_mutex_lock(&in->lock);
	bool orphan = c->mhd == NULL;

	c->answer = copy;
	c->answered = true;
	c->out = false;
	if (orphan)
		http_in_waiting_remove(in, c);
	else if (c->suspended) {
		c->suspended = false;
		MHD_resume_connection(c->mhd);
	}
	pthread_mutex_unlock(&in->lock);
	if (orphan)
		http_in_close(c);
}

/* ---- Requests ---- */

static enum MHD_Result on_header(void *ctx, enum MHD_ValueKind kind, const char *key,
	size_t key_size, const char *value, size_t value_size)
{
	(void)kind;
	http_head_take(ctx, key, key_size, value, value_size);
	return MHD_YES;
}

/* The head is whole. Refuses at once what can't be read further, else lets the body come. */
static enum MHD_Result take_head(
	struct http_in_connection *c, struct MHD_Connection *mhd, const char *method)
{
	struct http_in *in = c->in;
	struct http_head head = {.rq = &c->rq};
	enum MHD_Result begun;

	c->step = STEP_BODY;
	slow_allow(in->slow, c->slow, -1);
	const union MHD_ConnectionInfo *peer =
		MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

	listener_peer(peer != NULL ? peer->client_addr : NULL, c->peer);
	c->rq.peer = c->peer;
	c->rq.method = arena_strdup(&c->rq.arena, method);
	MHD_get_connection_values_n(mhd, MHD_HEADER_KIND, on_header, &head);
	if (c->rq.method == NULL || head.failed)
		c->refusal = &in->busy;
	if (head.size > HEADERS_LIMIT)
		c->refusal = &in->too_large;
	/* Two lengths are how requests are smuggled past a proxy (RFC 9112 section 6.3). */
	if (head.framings > 1)
		return send_canned(mhd, &in->bad_request);
	c->rq.length = head.chunked ? -1 : (int64_t)head.length;
	if (c->refusal == NULL && http_pieces_begin(c, mhd, &begun))
		return begun;
	if (head.length > in->config.body_limit)
		c->refusal = &in->too_large;
	if (head.length > (uint64_t)in->config.body_limit * DRAIN_TIMES)
		return send_canned(mhd, &in->too_large);
	return MHD_YES;
}

static enum MHD_Result take_body(struct http_in_connection *c, const char *data, size_t size)
{
	if (clock_monotonic() - c->started > c->in->config.request_ms)
		return MHD_NO;
	if (c->refusal == NULL) {
		enum err e = body_add(&c->body, data, size);

		if (e == ERR_TOO_LARGE)
			c->refusal = &c->in->too_large;
		else if (e != OK)
			c->refusal = &c->in->busy;
	}
	c->received += size;
	return c->received / DRAIN_TIMES <= c->body.limit ? MHD_YES : MHD_NO;
}

/* Answered in the handler: out at once. Else the connection waits, unless the server ends. */
static enum MHD_Result send_or_wait(struct http_in_connection *c, struct MHD_Connection *mhd)
{
	struct http_in *in = c->in;

	pthread_mutex_lock(&in->lock);
	bool answered = c->answered;
	bool waits = !answered && !in->forced;
	if (waits) {
		/* Under the lock, so that an answer from another thread resumes after this. */
		MHD_suspend_connection(mhd);
		c->suspended = true;
	}
	pthread_mutex_unlock(&in->lock);
	if (waits)
		return MHD_YES;
	return answered ? http_in_send(c, mhd) : send_canned(mhd, &in->busy);
}

static enum MHD_Result give(struct http_in_connection *c, struct MHD_Connection *mhd)
{
	struct http_in *in = c->in;

	if (c->refusal != NULL)
		return send_canned(mhd, c->refusal);
	pthread_mutex_lock(&in->lock);
	bool stopping = in->stopping;
	if (!stopping) {
		c->step = STEP_GIVEN;
		c->mhd = mhd;
		http_in_waiting_add(in, c);
	}
	pthread_mutex_unlock(&in->lock);
	if (stopping)
		return send_canned(mhd, &in->busy);
	c->rq.body = body_bytes(&c->body);
	in->handlers.request(in->handlers.ctx, &c->rq);
	return send_or_wait(c, mhd);
}

static enum MHD_Result on_access(void *ctx, struct MHD_Connection *mhd, const char *url,
	const char *method, const char *version, const char *data, size_t *size, void **state)
{
	struct http_in *in = ctx;
	struct http_in_connection *c = *state;

	(void)url;
	(void)version;
	if (c == NULL)
		return send_canned(mhd, &in->busy);
	if (c->step == STEP_HEAD)
		return take_head(c, mhd, method);
	if (c->step == STEP_GIVEN) /* resumed */
		return send_or_wait(c, mhd);
	if (*size == 0)
		return c->step == STEP_PIECES ? http_pieces_end(c, mhd) : give(c, mhd);
	enum MHD_Result taken = c->step == STEP_PIECES ? http_pieces_data(c, mhd, data, *size)
						       : take_body(c, data, *size);

	*size = 0;
	return taken;
}

static struct slow_peer *slow_of(struct MHD_Connection *mhd)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info != NULL ? info->socket_context : NULL;
}

/* MHD tells of the end before it closes the descriptor, so a sweep can't hit another's. */
static void on_connection(void *ctx, struct MHD_Connection *mhd, void **state,
	enum MHD_ConnectionNotificationCode what)
{
	struct http_in *in = ctx;
	const union MHD_ConnectionInfo *info;

	if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
		slow_remove(in->slow, *state);
		*state = NULL;
		return;
	}
	info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
	if (info == NULL)
		return;
	/* Without memory the peer is merely not watched. */
	*state = slow_add(in->slow, info->connect_fd);
	slow_allow(in->slow, *state, in->config.request_ms);
}

/* The only place where the target is still as the peer wrote it. */
static void *on_target(void *ctx, const char *target, struct MHD_Connection *mhd)
{
	struct http_in *in = ctx;
	struct http_in_connection *c = mem_zalloc(sizeof(*c));

	if (c == NULL)
		return NULL;
	c->in = in;
	c->started = clock_monotonic();
	c->body.limit = in->config.body_limit;
	c->slow = slow_of(mhd);
	c->rq.connection = c;
	arena_init(&c->rq.arena, in->config.arena_allowance);
	if (target == NULL)
		c->refusal = &in->bad_request;
	else if ((c->rq.target = arena_strdup(&c->rq.arena, target)) == NULL)
		c->refusal = &in->busy;
	return c;
}

/* MHD is done with the request: sent, or the peer left. */
static void on_completed(
	void *ctx, struct MHD_Connection *mhd, void **state, enum MHD_RequestTerminationCode why)
{
	struct http_in *in = ctx;
	struct http_in_connection *c = *state;

	(void)why;
	*state = NULL;
	/* The next head: MHD's own time-out ends a silent connection before. */
	slow_allow(in->slow, slow_of(mhd), IDLE_S * 1000 + in->config.request_ms);
	slow_expect(in->slow, slow_of(mhd), false);
	if (c == NULL)
		return;
	if (c->step == STEP_PIECES) {
		http_pieces_completed(c);
		return;
	}
	if (c->step != STEP_GIVEN) {
		connection_free(c);
		return;
	}
	pthread_mutex_lock(&in->lock);
	c->mhd = NULL;
	c->suspended = false;
	bool answered = c->answered;
	if (answered)
		http_in_waiting_remove(in, c);
	in->open--;
	pthread_cond_broadcast(&in->ended);
	pthread_mutex_unlock(&in->lock);
	/* Unanswered, its owner may still be working with it: http_in_answer ends it. */
	if (answered)
		http_in_close(c);
}

__attribute__((format(printf, 2, 0))) static void on_log(
	void *ctx, const char *format, va_list args)
{
	char text[256];

	(void)ctx;
	vsnprintf(text, sizeof(text), format, args);
	log_write(LOG_DEBUG, "http", "%s", text);
}

/* ---- Start and stop ---- */

static enum err daemon_start(struct http_in *in, const struct http_in_config *c)
{
	bool v6 = strchr(c->address, ':') != NULL, tls = c->tls_cert != NULL;
	unsigned flags = MHD_USE_EPOLL | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_SUSPEND_RESUME |
			 MHD_USE_ERROR_LOG | (v6 ? MHD_USE_IPv6 : 0U) | (tls ? MHD_USE_TLS : 0U);
	struct MHD_OptionItem options[16] = {
		{MHD_OPTION_LISTEN_SOCKET, in->listener, NULL},
		{MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY, NULL},
		{MHD_OPTION_CONNECTION_LIMIT, listener_connections(), NULL},
		{MHD_OPTION_CONNECTION_TIMEOUT, IDLE_S, NULL},
		{MHD_OPTION_PER_IP_CONNECTION_LIMIT, c->connections_per_address, NULL},
		{MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL},
		{MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)on_completed, in},
		{MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)on_connection, in},
		{MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)on_target, in},
	};
	size_t n = 9;

	/* A pool of one is refused by MHD: its own thread is that one. */
	if (c->threads > 1)
		options[n++] =
			(struct MHD_OptionItem){MHD_OPTION_THREAD_POOL_SIZE, c->threads, NULL};
	if (tls) {
		options[n++] = (struct MHD_OptionItem){
			MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(size_t)c->tls_cert};
		options[n++] = (struct MHD_OptionItem){
			MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(size_t)c->tls_key};
		options[n++] = (struct MHD_OptionItem){
			MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(size_t)tls_priorities};
	}
	options[n] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
	in->daemon = MHD_start_daemon(flags, 0, NULL, NULL, on_access, in,
		MHD_OPTION_EXTERNAL_LOGGER, on_log, in, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
	if (in->daemon != NULL)
		return OK;
	/* On some failures MHD closes the socket it was given, on others not. */
	if (fcntl(in->listener, F_GETFD) < 0)
		in->listener = -1;
	return tls ? ERR_CONFIG : ERR_UNAVAILABLE;
}

enum err http_in_start(
	const struct http_in_config *c, const struct http_in_handlers *h, struct http_in **ret)
{
	if ((c->tls_cert == NULL) != (c->tls_key == NULL) ||
		(c->tls_cert != NULL && MHD_is_feature_supported(MHD_FEATURE_TLS) != MHD_YES))
		return ERR_CONFIG;
	struct http_in *in = mem_zalloc(sizeof(*in));
	if (in == NULL)
		return ERR_NO_MEMORY;
	in->listener = -1;
	in->handlers = *h;
	in->config = *c;
	if (in->config.request_ms <= 0)
		in->config.request_ms = REQUEST_MS;
	in->references = 1;
	if (!timed_make(&in->ended)) {
		mem_free(in);
		return ERR_NO_MEMORY;
	}
	pthread_mutex_init(&in->lock, NULL);
	enum err e = ERR_NO_MEMORY;
	if (canned_make(&in->too_large, ERR_TOO_LARGE) &&
		canned_make(&in->bad_request, ERR_BAD_REQUEST) && canned_make_busy(&in->busy))
		e = listener_open(c->address, c->port, &in->listener, &in->port);
	if (e == OK)
		e = slow_start(&in->slow);
	if (e == OK)
		e = daemon_start(in, c);
	if (e != OK) {
		in_free(in);
		return e;
	}
	*ret = in;
	return OK;
}

unsigned short http_in_port(const struct http_in *in)
{
	return in->port;
}

/* With the lock: until no request is open, or `ms` pass. */
static void wait_ended(struct http_in *in, int ms)
{
	int64_t until = clock_monotonic() + ms;

	while (in->open > 0)
		if (!timed_wait(&in->ended, &in->lock, until))
			return;
}

/* With the lock: whoever still waits gets a 503. MHD must not be stopped with suspended ones. */
static void force_all(struct http_in *in)
{
	in->forced = true;
	for (struct http_in_connection *c = in->waiting; c != NULL; c = c->next) {
		if (!c->suspended)
			continue;
		c->suspended = false;
		MHD_resume_connection(c->mhd);
	}
}

void http_in_stop(struct http_in *in, int grace_ms)
{
	if (in == NULL)
		return;
	/* New ones get a 503. Not MHD_quiesce_daemon: with epoll its threads race for the listener
	 * and MHD aborts (0.9.75). */
	pthread_mutex_lock(&in->lock);
	in->stopping = true;
	wait_ended(in, grace_ms);
	force_all(in);
	wait_ended(in, FORCED_MS);
	pthread_mutex_unlock(&in->lock);
	MHD_stop_daemon(in->daemon);
	in->listener = -1; /* MHD closed it */
	in_release(in);
}
