#include "net/http_in.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/compress.h"

enum {
	HEADERS_LIMIT = 16 * 1024,
	/* Above the headers' limit, so that most of those who pass it get our own answer. */
	CONNECTION_MEMORY = 24 * 1024,
	REQUEST_MS = 30 * 1000,
	IDLE_S = 30,
	/* A body past its limit is read and dropped up to so many limits: else the peer, still
	 * sending, would see a reset instead of the answer. */
	DRAIN_TIMES = 16,
	BODY_STEP = 4096,
	COMPRESS_ABOVE = 1024,
	FORCED_MS = 1000,
	CONNECTIONS_MOST = 8192,
	OTHER_FDS = 128,
};

/* TLS 1.2 and 1.3, forward secrecy, AEAD only. */
static const char tls_priorities[] =
	"NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:-CIPHER-ALL:+AES-256-GCM:+AES-128-GCM:"
	"+CHACHA20-POLY1305:%SERVER_PRECEDENCE";

static const char page_policy[] = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; "
				  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/* An answer that is made at start, so that it goes out without memory. */
struct canned {
	struct MHD_Response *response;
	unsigned status;
};

struct http_in {
	struct MHD_Daemon *daemon;
	struct http_in_handlers handlers;
	struct http_in_config config;
	int listener;
	unsigned short port;
	struct canned too_large, bad_request, busy;

	pthread_mutex_t lock; /* what follows, and each connection's shared part */
	pthread_cond_t ended;
	struct http_in_connection *waiting; /* given to the handler, not over yet */
	size_t open;			    /* of those, the ones with a live connection */
	size_t references;		    /* the owner's and one per waiting */
	bool stopping;			    /* no new requests */
	bool forced;			    /* no more waiting either */
};

enum step { STEP_HEAD, STEP_BODY, STEP_GIVEN };

/*
 * One request. MHD's thread owns it until it is given to the handler; from then on the shared part
 * is under the lock of `in`. It is freed when MHD is done with it and it was answered.
 */
struct http_in_connection {
	struct http_in *in;
	struct http_in_request rq;
	enum step step;
	int64_t started;
	char peer[INET6_ADDRSTRLEN];
	const struct canned *refusal; /* decided; the rest of the body is dropped */
	unsigned char *body;
	size_t body_size, body_room;

	/* Shared. */
	struct http_in_connection *next, *prev;
	struct MHD_Connection *mhd; /* NULL once MHD is done */
	bool suspended;
	bool answered;
	struct http_in_answer answer;
	unsigned char *answer_body;
	char *answer_type;
};

static const char *const header_names[HTTP_IN_HEADERS] = {
	[HTTP_IN_HOST] = "Host",
	[HTTP_IN_CONTENT_TYPE] = "Content-Type",
	[HTTP_IN_CONTENT_DIGEST] = "Content-Digest",
	[HTTP_IN_CONTENT_ENCODING] = "Content-Encoding",
	[HTTP_IN_SIGNATURE_INPUT] = "Signature-Input",
	[HTTP_IN_SIGNATURE] = "Signature",
	[HTTP_IN_ACCEPT_ENCODING] = "Accept-Encoding",
	[HTTP_IN_FORWARDED_FOR] = "X-Forwarded-For",
};

/* ---- Lives ---- */

static void canned_free(struct canned *c)
{
	if (c->response != NULL)
		MHD_destroy_response(c->response);
}

static void in_free(struct http_in *in)
{
	canned_free(&in->too_large);
	canned_free(&in->bad_request);
	canned_free(&in->busy);
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
	mem_free(c->body);
	mem_free(c->answer_body);
	mem_free(c->answer_type);
	mem_free(c);
}

/* With the lock. */
static void waiting_add(struct http_in *in, struct http_in_connection *c)
{
	c->next = in->waiting;
	if (c->next != NULL)
		c->next->prev = c;
	in->waiting = c;
	in->open++;
	in->references++;
}

/* With the lock. */
static void waiting_remove(struct http_in *in, struct http_in_connection *c)
{
	if (c->prev != NULL)
		c->prev->next = c->next;
	else
		in->waiting = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
}

/* Without the lock; the last that happens to a request that the handler saw. */
static void connection_close(struct http_in_connection *c)
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

static bool common_headers(struct MHD_Response *r)
{
	return MHD_add_response_header(r, "Cache-Control", "no-store") == MHD_YES &&
	       MHD_add_response_header(r, "X-Content-Type-Options", "nosniff") == MHD_YES;
}

static bool canned_make(struct canned *c, enum err e)
{
	char text[128];
	int size = snprintf(text, sizeof(text), "{\"error\":\"%s\"}", err_wire(e));

	c->status = (unsigned)err_http(e);
	c->response = MHD_create_response_from_buffer((size_t)size, text, MHD_RESPMEM_MUST_COPY);
	return c->response != NULL && common_headers(c->response) &&
	       MHD_add_response_header(c->response, "Content-Type", "application/json") ==
		       MHD_YES &&
	       MHD_add_response_header(c->response, "Connection", "close") == MHD_YES;
}

/* 503 without a body: what goes out when an answer has no memory. */
static bool busy_make(struct canned *c)
{
	c->status = MHD_HTTP_SERVICE_UNAVAILABLE;
	c->response = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	return c->response != NULL && common_headers(c->response) &&
	       MHD_add_response_header(c->response, "Retry-After", "5") == MHD_YES;
}

static bool answer_headers(struct MHD_Response *r, const struct http_in_connection *c)
{
	const struct http_in_answer *a = &c->answer;
	char seconds[16];

	if (!common_headers(r))
		return false;
	if (c->answer_type != NULL &&
		MHD_add_response_header(r, "Content-Type", c->answer_type) != MHD_YES)
		return false;
	if (a->retry_after_s > 0) {
		snprintf(seconds, sizeof(seconds), "%d", a->retry_after_s);
		if (MHD_add_response_header(r, "Retry-After", seconds) != MHD_YES)
			return false;
	}
	if (!a->page)
		return true;
	return MHD_add_response_header(r, "Content-Security-Policy", page_policy) == MHD_YES &&
	       MHD_add_response_header(r, "Referrer-Policy", "no-referrer") == MHD_YES;
}

/* Codes the answer's body in place; false only where headers can't be added. */
static bool answer_compress(
	struct http_in_connection *c, enum coding *ret_coding, unsigned char **data, size_t *size)
{
	enum coding coding = compress_choose(c->rq.headers[HTTP_IN_ACCEPT_ENCODING]);
	unsigned char *coded;

	*ret_coding = CODING_NONE;
	if (*size <= COMPRESS_ABOVE || coding == CODING_NONE)
		return true;
	if (compress_run(coding, bytes_of(*data, *size), &coded, size) != OK)
		return true;
	mem_free(*data);
	*data = coded;
	*ret_coding = coding;
	return true;
}

static struct MHD_Response *answer_build(struct http_in_connection *c)
{
	unsigned char *data = STEAL(c->answer_body);
	size_t size = c->answer.body.size;
	bool varies = size > COMPRESS_ABOVE;
	enum coding coding;

	answer_compress(c, &coding, &data, &size);
	struct MHD_Response *r =
		MHD_create_response_from_buffer_with_free_callback(size, data, mem_free);
	if (r == NULL) {
		mem_free(data);
		return NULL;
	}
	if (answer_headers(r, c) &&
		(!varies || MHD_add_response_header(r, "Vary", "Accept-Encoding") == MHD_YES) &&
		(coding == CODING_NONE || MHD_add_response_header(r, "Content-Encoding",
						  compress_name(coding)) == MHD_YES))
		return r;
	MHD_destroy_response(r);
	return NULL;
}

/* On MHD's thread; `answered` was seen under the lock, so the answer is ours now. */
static enum MHD_Result send_answer(struct http_in_connection *c, struct MHD_Connection *mhd)
{
	struct MHD_Response *r = c->answer_body != NULL ? answer_build(c) : NULL;

	if (r == NULL)
		return send_canned(mhd, &c->in->busy);
	enum MHD_Result queued = MHD_queue_response(mhd, (unsigned)c->answer.status, r);

	MHD_destroy_response(r);
	return queued;
}

/* Copies what the caller owns; without memory the answer is left empty (503). */
static void answer_copy(const struct http_in_answer *a, unsigned char **ret_body, char **ret_type)
{
	unsigned char *body = mem_alloc(a->body.size);
	char *type = a->content_type != NULL && body != NULL ? mem_strdup(a->content_type) : NULL;

	if (body == NULL || (a->content_type != NULL && type == NULL)) {
		mem_free(body);
		return;
	}
	if (a->body.size > 0)
		memcpy(body, a->body.data, a->body.size);
	*ret_body = body;
	*ret_type = type;
}

void http_in_answer(struct http_in_request *rq, const struct http_in_answer *answer)
{
	struct http_in_connection *c = rq->connection;
	struct http_in *in = c->in;
	unsigned char *body = NULL;
	char *type = NULL;

	answer_copy(answer, &body, &type);
	pthread_mutex_lock(&in->lock);
	bool orphan = c->mhd == NULL;
	c->answer = *answer;
	c->answer_body = body;
	c->answer_type = type;
	c->answered = true;
	if (orphan)
		waiting_remove(in, c);
	else if (c->suspended) {
		c->suspended = false;
		MHD_resume_connection(c->mhd);
	}
	pthread_mutex_unlock(&in->lock);
	if (orphan)
		connection_close(c);
}

/* ---- Requests ---- */

static bool trimmed(struct arena *a, const char *value, size_t size, const char **ret)
{
	while (size > 0 && (*value == ' ' || *value == '\t')) {
		value++;
		size--;
	}
	while (size > 0 && (value[size - 1] == ' ' || value[size - 1] == '\t'))
		size--;
	*ret = arena_copy(a, value, size);
	return *ret != NULL;
}

struct head_scan {
	struct http_in_connection *c;
	size_t size;
	unsigned lengths, codings; /* Content-Length and Transfer-Encoding lines */
	uint64_t length;
};

static void scan_length(struct head_scan *s, const char *value)
{
	s->lengths++;
	s->length = 0;
	for (; *value >= '0' && *value <= '9' && s->length < UINT64_MAX / 20; value++)
		s->length = s->length * 10 + (uint64_t)(*value - '0');
}

static enum MHD_Result on_header(void *ctx, enum MHD_ValueKind kind, const char *key,
	size_t key_size, const char *value, size_t value_size)
{
	struct head_scan *s = ctx;
	struct http_in_connection *c = s->c;

	(void)kind;
	s->size += key_size + value_size + 4;
	if (strcasecmp(key, "Content-Length") == 0 && value != NULL)
		scan_length(s, value);
	if (strcasecmp(key, "Transfer-Encoding") == 0)
		s->codings++;
	for (int i = 0; i < HTTP_IN_HEADERS; i++) {
		if (strcasecmp(key, header_names[i]) != 0)
			continue;
		if (c->rq.headers[i] != NULL)
			c->rq.repeated[i] = true;
		else if (!trimmed(&c->rq.arena, value != NULL ? value : "", value_size,
				 &c->rq.headers[i]))
			c->refusal = &c->in->busy;
	}
	return MHD_YES;
}

static void peer_text(struct MHD_Connection *mhd, char *to)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *a = info != NULL ? info->client_addr : NULL;

	to[0] = '\0';
	if (a != NULL && a->sa_family == AF_INET)
		inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)a)->sin_addr, to,
			INET6_ADDRSTRLEN);
	else if (a != NULL && a->sa_family == AF_INET6)
		inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)a)->sin6_addr, to,
			INET6_ADDRSTRLEN);
}

/* The head is whole. Refuses at once what can't be read further, else lets the body come. */
static enum MHD_Result take_head(
	struct http_in_connection *c, struct MHD_Connection *mhd, const char *method)
{
	struct http_in *in = c->in;
	struct head_scan s = {.c = c};

	c->step = STEP_BODY;
	peer_text(mhd, c->peer);
	c->rq.peer = c->peer;
	c->rq.method = arena_strdup(&c->rq.arena, method);
	MHD_get_connection_values_n(mhd, MHD_HEADER_KIND, on_header, &s);
	if (c->rq.method == NULL)
		c->refusal = &in->busy;
	if (s.size > HEADERS_LIMIT)
		c->refusal = &in->too_large;
	/* Two lengths are how requests are smuggled past a proxy (RFC 9112 section 6.3). */
	if (s.lengths + s.codings > 1)
		return send_canned(mhd, &in->bad_request);
	if (s.length > in->config.body_limit)
		c->refusal = &in->too_large;
	if (s.length > (uint64_t)in->config.body_limit * DRAIN_TIMES)
		return send_canned(mhd, &in->too_large);
	return MHD_YES;
}

/* Grows with what arrives, never by what a peer announces. A NUL is kept behind. */
static bool body_room(struct http_in_connection *c, size_t more)
{
	size_t need = c->body_size + more + 1;
	size_t room = c->body_room < BODY_STEP ? BODY_STEP : c->body_room;

	if (need <= c->body_room)
		return true;
	while (room < need)
		room *= 2;
	unsigned char *body = mem_realloc(c->body, room);
	if (body == NULL)
		return false;
	c->body = body;
	c->body_room = room;
	return true;
}

static enum MHD_Result take_body(struct http_in_connection *c, const char *data, size_t size)
{
	size_t limit = c->in->config.body_limit;

	if (clock_monotonic() - c->started > REQUEST_MS)
		return MHD_NO;
	if (c->body_size + size > limit)
		c->refusal = &c->in->too_large;
	if (c->refusal != NULL) {
		c->body_size += size;
		return c->body_size / DRAIN_TIMES <= limit ? MHD_YES : MHD_NO;
	}
	if (!body_room(c, size)) {
		c->refusal = &c->in->busy;
		return MHD_YES;
	}
	memcpy(c->body + c->body_size, data, size);
	c->body_size += size;
	c->body[c->body_size] = '\0';
	return MHD_YES;
}

/* Answered in the handler: out at once. Else the connection waits, unless the server ends. */
static enum MHD_Result after_handler(struct http_in_connection *c, struct MHD_Connection *mhd)
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
	return answered ? send_answer(c, mhd) : send_canned(mhd, &in->busy);
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
		waiting_add(in, c);
	}
	pthread_mutex_unlock(&in->lock);
	if (stopping)
		return send_canned(mhd, &in->busy);
	c->rq.body = bytes_of(c->body, c->body_size);
	in->handlers.request(in->handlers.ctx, &c->rq);
	return after_handler(c, mhd);
}

/* MHD calls again after a resume. */
static enum MHD_Result give_answer(struct http_in_connection *c, struct MHD_Connection *mhd)
{
	pthread_mutex_lock(&c->in->lock);
	bool answered = c->answered;

	pthread_mutex_unlock(&c->in->lock);
	return answered ? send_answer(c, mhd) : send_canned(mhd, &c->in->busy);
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
	if (c->step == STEP_GIVEN)
		return give_answer(c, mhd);
	if (*size == 0)
		return give(c, mhd);
	enum MHD_Result taken = take_body(c, data, *size);

	*size = 0;
	return taken;
}

/* The only place where the target is still as the peer wrote it. */
static void *on_target(void *ctx, const char *target, struct MHD_Connection *mhd)
{
	struct http_in *in = ctx;
	struct http_in_connection *c = mem_zalloc(sizeof(*c));

	(void)mhd;
	if (c == NULL)
		return NULL;
	c->in = in;
	c->started = clock_monotonic();
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

	(void)mhd;
	(void)why;
	*state = NULL;
	if (c == NULL)
		return;
	if (c->step != STEP_GIVEN) {
		connection_free(c);
		return;
	}
	pthread_mutex_lock(&in->lock);
	c->mhd = NULL;
	c->suspended = false;
	bool answered = c->answered;
	if (answered)
		waiting_remove(in, c);
	in->open--;
	pthread_cond_broadcast(&in->ended);
	pthread_mutex_unlock(&in->lock);
	/* Unanswered, its owner may still be working with it: http_in_answer ends it. */
	if (answered)
		connection_close(c);
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

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static enum err address_parse(
	const struct http_in_config *c, union address *ret, socklen_t *ret_size)
{
	union address a = {0};

	if (inet_pton(AF_INET, c->address, &a.v4.sin_addr) == 1) {
		a.v4.sin_family = AF_INET;
		a.v4.sin_port = htons(c->port);
		*ret_size = sizeof(a.v4);
	} else if (inet_pton(AF_INET6, c->address, &a.v6.sin6_addr) == 1) {
		a.v6.sin6_family = AF_INET6;
		a.v6.sin6_port = htons(c->port);
		*ret_size = sizeof(a.v6);
	} else
		return ERR_CONFIG;
	*ret = a;
	return OK;
}

/* Bound here and not by MHD, so that a busy port can be told from a bad certificate. */
static enum err listener_open(struct http_in *in, const struct http_in_config *config)
{
	union address a;
	socklen_t size;
	int on = 1;
	enum err e = address_parse(config, &a, &size);

	if (e != OK)
		return e;
	in->listener = socket(a.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (in->listener < 0)
		return ERR_UNAVAILABLE;
	setsockopt(in->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(in->listener, &a.any, size) != 0 || listen(in->listener, SOMAXCONN) != 0 ||
		getsockname(in->listener, &a.any, &size) != 0) {
		log_write(LOG_ERROR, "http", "%s:%u: %s", config->address, config->port,
			strerror(errno));
		return errno == EACCES || errno == EADDRNOTAVAIL ? ERR_CONFIG : ERR_UNAVAILABLE;
	}
	in->port = ntohs(a.any.sa_family == AF_INET ? a.v4.sin_port : a.v6.sin6_port);
	return OK;
}

/* As many as descriptors allow; the rest of the process keeps some. */
static unsigned connections_most(void)
{
	struct rlimit fds;

	if (getrlimit(RLIMIT_NOFILE, &fds) != 0 || fds.rlim_cur >= CONNECTIONS_MOST + OTHER_FDS)
		return CONNECTIONS_MOST;
	return fds.rlim_cur > 2 * OTHER_FDS ? (unsigned)fds.rlim_cur - OTHER_FDS : OTHER_FDS;
}

static enum err daemon_start(struct http_in *in, const struct http_in_config *c)
{
	bool v6 = strchr(c->address, ':') != NULL, tls = c->tls_cert != NULL;
	unsigned flags = MHD_USE_EPOLL | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_SUSPEND_RESUME |
			 MHD_USE_ERROR_LOG | (v6 ? MHD_USE_IPv6 : 0U) | (tls ? MHD_USE_TLS : 0U);
	struct MHD_OptionItem options[16] = {
		{MHD_OPTION_LISTEN_SOCKET, in->listener, NULL},
		{MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY, NULL},
		{MHD_OPTION_CONNECTION_LIMIT, connections_most(), NULL},
		{MHD_OPTION_CONNECTION_TIMEOUT, IDLE_S, NULL},
		{MHD_OPTION_PER_IP_CONNECTION_LIMIT, c->connections_per_address, NULL},
		{MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL},
		{MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)on_completed, in},
		{MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)on_target, in},
	};
	size_t n = 8;

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
	if (in->daemon == NULL)
		return tls ? ERR_CONFIG : ERR_UNAVAILABLE;
	return OK;
}

static bool locks_make(struct http_in *in)
{
	pthread_condattr_t monotonic;

	if (pthread_condattr_init(&monotonic) != 0)
		return false;
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	bool made = pthread_cond_init(&in->ended, &monotonic) == 0;

	pthread_condattr_destroy(&monotonic);
	return made && pthread_mutex_init(&in->lock, NULL) == 0;
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
	in->references = 1;
	if (!locks_make(in)) {
		mem_free(in);
		return ERR_NO_MEMORY;
	}
	enum err e = ERR_NO_MEMORY;
	if (canned_make(&in->too_large, ERR_TOO_LARGE) &&
		canned_make(&in->bad_request, ERR_BAD_REQUEST) && busy_make(&in->busy))
		e = listener_open(in, c);
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
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += (ms % 1000) * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000L;
	}
	while (in->open > 0)
		if (pthread_cond_timedwait(&in->ended, &in->lock, &until) != 0)
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
	MHD_quiesce_daemon(in->daemon);
	shutdown(in->listener, SHUT_RDWR);
	pthread_mutex_lock(&in->lock);
	in->stopping = true;
	wait_ended(in, grace_ms);
	force_all(in);
	wait_ended(in, FORCED_MS);
	pthread_mutex_unlock(&in->lock);
	MHD_stop_daemon(in->daemon);
	in_release(in);
}
