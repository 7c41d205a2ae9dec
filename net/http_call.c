#include "net/http_call.h"

#include <stdint.h>
#include <string.h>
#include "base/clock.h"
#include "base/mem.h"
#include "net/http_mail.h"

enum {
	TIMEOUT_MS = 30 * 1000,
	CONNECT_MS = 10 * 1000,
	SLOWEST = 100, /* bytes a second; a line of 9,600 bit/s carries 1,200 */
};

/* ---- What arrives ---- */

/* Decoded bytes: the limit also stops a small body that unpacks to a huge one. */
static size_t on_body(char *data, size_t one, size_t size, void *ctx)
{
	struct http_out_call *c = ctx;
	enum err e = body_add(&c->body, data, size);

	(void)one;
	if (e == OK)
		return size;
	c->failed = e;
	return CURL_WRITEFUNC_ERROR;
}

static size_t on_header(char *line, size_t one, size_t size, void *ctx)
{
	struct http_out_call *c = ctx;

	(void)one;
	http_reply_line(&c->reply, line, size);
	return size;
}

/* The line is up and TLS begins: no timer of libcurl's tells it before TLS is agreed. */
static CURLcode on_tls(CURL *easy, void *context, void *ctx)
{
	struct http_out_call *c = ctx;

	(void)easy;
	(void)context;
	c->in_tls = true;
	return CURLE_OK;
}

/* ---- The wire ---- */

static curl_socket_t on_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct wire_count *w = ctx;

	(void)purpose;
	return wire_count_socket(w, to->family, to->socktype, to->protocol);
}

static int on_socket_close(void *ctx, curl_socket_t fd)
{
	struct wire_count *w = ctx;

	wire_count_close(w, fd);
	return 0;
}

/* ---- Start ---- */

static int64_t date_ms(const char *text)
{
	time_t at = curl_lib.getdate(text, NULL);

	return at > 0 ? (int64_t)at * 1000 : 0;
}

enum err http_call_make(const struct http_out_request *rq, http_out_done done, void *ctx,
	struct http_out_call **ret)
{
	struct http_out_call *c = mem_zalloc(sizeof(*c));

	if (c == NULL)
		return ERR_NO_MEMORY;
	c->done = done;
	c->ctx = ctx;
	c->body.limit = rq->limit;
	c->reply.date_of = date_ms;
	c->timeout_ms = rq->timeout_ms > 0 ? rq->timeout_ms : TIMEOUT_MS;
	c->most_ms = rq->most_ms;
	c->progress.started = c->progress.since = c->moved = clock_monotonic();
	c->progress.to_send = (int64_t)rq->body.size;
	*ret = c;
	return OK;
}

void http_call_free(struct http_out_call *c)
{
	if (c->easy != NULL)
		curl_lib.easy_cleanup(c->easy);
	if (c->headers != NULL)
		curl_lib.slist_free_all(c->headers);
	if (c->to != NULL)
		curl_lib.slist_free_all(c->to);
	mem_free(c->message);
	mem_free(c->queued);
	body_free(&c->body);
	mem_free(c);
}

static bool header_add(struct http_out_call *c, const char *line)
{
	struct curl_slist *longer = curl_lib.slist_append(c->headers, line);

	if (longer == NULL)
		return false;
	c->headers = longer;
	return true;
}

/* Put together in the secure heap. */
static bool secret_header_add(
	struct http_out_call *c, const char *name, const struct secret *password)
{
	SECRET(line);

	return secret_append(&line, name, strlen(name)) == OK &&
	       secret_append(&line, ": ", 2) == OK &&
	       secret_append(&line, password->data, password->size) == OK &&
	       header_add(c, (const char *)line.data);
}

static bool login_make(struct http_out_call *c, const struct http_out_login *l)
{
	SECRET(user);

	if (l == NULL || l->user_header == NULL)
		return true;
	return secret_set(&user, l->user, strlen(l->user) + 1) == OK &&
	       secret_header_add(c, l->user_header, &user) &&
	       secret_header_add(c, l->password_header, l->password);
}

static bool headers_make(struct http_out_call *c, const struct http_out_request *rq)
{
	for (const char *const *line = rq->headers; line != NULL && *line != NULL; line++)
		if (!header_add(c, *line))
			return false;
	if (!login_make(c, rq->login))
		return false;
	/* curl would wait a second for a 100 that nobody sends. */
	return header_add(c, "Expect:");
}

static bool set_tls(struct http_out_call *c, const struct http_out_request *rq)
{
	CURL *e = c->easy;
	bool ok = curl_lib.easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
		  curl_lib.easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
		  curl_lib.easy_setopt(e, CURLOPT_SSLVERSION,
			  rq->relaxed_tls ? (long)CURL_SSLVERSION_TLSv1_0
					  : (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK;

	if (ok && rq->relaxed_tls)
		ok = curl_lib.easy_setopt(e, CURLOPT_SSL_CIPHER_LIST, "DEFAULT:@SECLEVEL=0") ==
		     CURLE_OK;
	/* A build over another library of TLS may have none; then TLS counts as connecting. */
	if (ok && curl_lib.easy_setopt(e, CURLOPT_SSL_CTX_FUNCTION, on_tls) == CURLE_OK)
		ok = curl_lib.easy_setopt(e, CURLOPT_SSL_CTX_DATA, c) == CURLE_OK;
	/* The system's folder would be trusted beside the file that was named. */
	if (ok && rq->ca_file != NULL)
		ok = curl_lib.easy_setopt(e, CURLOPT_CAINFO, rq->ca_file) == CURLE_OK &&
		     curl_lib.easy_setopt(e, CURLOPT_CAPATH, NULL) == CURLE_OK;
	return ok;
}

/* Sockets that are counted; a thread that resolves a name is left behind, never waited for. */
static bool set_line(CURL *e, CURLSH *shared, struct wire_count *wire)
{
	return curl_lib.easy_setopt(e, CURLOPT_SHARE, shared) == CURLE_OK &&
	       curl_lib.easy_setopt(e, CURLOPT_QUICK_EXIT, 1L) == CURLE_OK &&
	       curl_lib.easy_setopt(e, CURLOPT_TCP_NODELAY, 1L) == CURLE_OK &&
	       curl_lib.easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, on_socket) == CURLE_OK &&
	       curl_lib.easy_setopt(e, CURLOPT_OPENSOCKETDATA, wire) == CURLE_OK &&
	       curl_lib.easy_setopt(e, CURLOPT_CLOSESOCKETFUNCTION, on_socket_close) == CURLE_OK &&
	       curl_lib.easy_setopt(e, CURLOPT_CLOSESOCKETDATA, wire) == CURLE_OK;
}

/*
 * How long it may take is no option of libcurl's: its whole time would cut what a slow line still
 * carries, and its slowest speed wakes the loop each second of a long poll.
 */
static bool set_limits(const struct http_out_call *c, CURL *e, const struct http_out_request *rq)
{
	long connect = c->timeout_ms < CONNECT_MS ? c->timeout_ms : CONNECT_MS;

	return curl_lib.easy_setopt(e, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	       curl_lib.easy_setopt(e, CURLOPT_PROTOCOLS_STR,
		       c->mail ? "smtp,smtps" : "http,https") == CURLE_OK &&
	       curl_lib.easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
	       curl_lib.easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, connect) == CURLE_OK &&
	       curl_lib.easy_setopt(e, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)rq->limit) ==
		       CURLE_OK;
}

static bool set_request(struct http_out_call *c, const struct http_out_request *rq)
{
	CURL *e = c->easy;
	bool ok = curl_lib.easy_setopt(e, CURLOPT_URL, rq->url) == CURLE_OK &&
		  curl_lib.easy_setopt(e, CURLOPT_HTTPHEADER, c->headers) == CURLE_OK &&
		  curl_lib.easy_setopt(e, CURLOPT_USERAGENT, "buzon-tui/" BUZON_VERSION) ==
			  CURLE_OK &&
		  curl_lib.easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS) ==
			  CURLE_OK &&
		  /* Whatever this build of curl can decode. */
		  curl_lib.easy_setopt(e, CURLOPT_ACCEPT_ENCODING, "") == CURLE_OK &&
		  curl_lib.easy_setopt(e, CURLOPT_PRIVATE, c) == CURLE_OK &&
		  curl_lib.easy_setopt(e, CURLOPT_ERRORBUFFER, c->reason) == CURLE_OK &&
		  curl_lib.easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
		  curl_lib.easy_setopt(e, CURLOPT_WRITEDATA, c) == CURLE_OK &&
		  curl_lib.easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header) == CURLE_OK &&
		  curl_lib.easy_setopt(e, CURLOPT_HEADERDATA, c) == CURLE_OK;

	if (ok && rq->method != NULL)
		ok = strcmp(rq->method, "HEAD") == 0
			     ? curl_lib.easy_setopt(e, CURLOPT_NOBODY, 1L) == CURLE_OK
			     : curl_lib.easy_setopt(e, CURLOPT_CUSTOMREQUEST, rq->method) ==
				       CURLE_OK;
	if (!ok || rq->body.data == NULL)
		return ok;
	return curl_lib.easy_setopt(e, CURLOPT_POST, 1L) == CURLE_OK &&
	       curl_lib.easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)rq->body.size) ==
		       CURLE_OK &&
	       curl_lib.easy_setopt(e, CURLOPT_COPYPOSTFIELDS, rq->body.data) == CURLE_OK;
}

enum err http_call_begin(struct http_out_call *c, const struct http_out_request *rq, CURLSH *shared,
	struct wire_count *wire)
{
	c->mail = rq->mail_to != NULL;
	c->easy = curl_lib.easy_init();
	if (c->easy == NULL)
		return ERR_NO_MEMORY;
	if ((c->mail ? http_mail_set(c, rq) : headers_make(c, rq) && set_request(c, rq)) &&
		set_line(c->easy, shared, wire) && set_limits(c, c->easy, rq) && set_tls(c, rq))
		return OK;
	curl_lib.easy_cleanup(c->easy);
	c->easy = NULL;
	return ERR_NO_MEMORY;
}

/* ---- On the way ---- */

static int64_t number_of(CURL *easy, CURLINFO what)
{
	curl_off_t n = 0;

	return curl_lib.easy_getinfo(easy, what, &n) == CURLE_OK && n > 0 ? (int64_t)n : 0;
}

static enum http_out_phase phase_of(const struct http_out_call *c)
{
	if (c->easy == NULL)
		return HTTP_OUT_QUEUED;
	if (c->reply.begun)
		return HTTP_OUT_RECEIVING;
	if (number_of(c->easy, CURLINFO_PRETRANSFER_TIME_T) > 0)
		return c->progress.sent < c->progress.to_send ? HTTP_OUT_SENDING : HTTP_OUT_WAITING;
	if (c->in_tls)
		return HTTP_OUT_TLS;
	return number_of(c->easy, CURLINFO_NAMELOOKUP_TIME_T) > 0 ? HTTP_OUT_CONNECTING
								  : HTTP_OUT_RESOLVING;
}

void http_call_note(struct http_out_call *c)
{
	struct http_out_progress *p = &c->progress;
	int64_t before = p->sent + p->received;

	if (c->easy != NULL) {
		p->sent = number_of(c->easy, CURLINFO_SIZE_UPLOAD_T);
		p->received = number_of(c->easy, CURLINFO_SIZE_DOWNLOAD_T);
		p->total = number_of(c->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T);
	}
	enum http_out_phase phase = phase_of(c);

	if (phase != p->phase)
		p->since = clock_monotonic();
	if (phase != p->phase || p->sent + p->received != before)
		c->moved = clock_monotonic();
	p->phase = phase;
}

/* What dribbles is no better than what is silent: each byte earns its time at the slowest speed. */
int64_t http_call_due(const struct http_out_call *c)
{
	const struct http_out_progress *p = &c->progress;
	int64_t earned = (p->sent + p->received) * 1000 / SLOWEST;
	int64_t slow = p->started + c->timeout_ms + earned;
	int64_t silent = c->moved + c->timeout_ms;
	int64_t due = slow < silent ? slow : silent;
	int64_t last = p->started + c->most_ms;

	return c->most_ms != 0 && last < due ? last : due;
}

/* ---- End ---- */

/* 204 and 304 have no body (RFC 9110 section 6.4.1). */
static bool came_whole(const struct http_out_call *c)
{
	long status = 0;

	curl_lib.easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
	return c->reply.whole && (c->reply.framed || status == 204 || status == 304);
}

/* The line broke. Once the request went out an answer was cut; before, there was no line. */
static enum err broken(const struct http_out_call *c)
{
	long sent = 0;

	curl_lib.easy_getinfo(c->easy, CURLINFO_REQUEST_SIZE, &sent);
	return sent > 0 ? ERR_CUT : ERR_NETWORK;
}

static enum err timed_out(const struct http_out_call *c)
{
	return number_of(c->easy, CURLINFO_CONNECT_TIME_T) == 0 ? ERR_NETWORK : ERR_TIMEOUT;
}

/*
 * A peer that hung up before TLS was agreed has proved nothing wrong: that is a line that broke (a
 * proxy whose server is down), to be tried again. libcurl tells it by its words only: the errno of
 * a connection lost, or that it ended.
 */
static enum err no_tls(const struct http_out_call *c)
{
	static const char *const lost[] = {
		" SSL_connect: ", "unexpected eof", "Recv failure: ", "Send failure: "};

	for (size_t i = 0; i < COUNT_OF(lost); i++)
		if (strstr(c->reason, lost[i]) != NULL)
			return broken(c);
	return ERR_TLS;
}

enum err http_call_error(const struct http_out_call *c, CURLcode code)
{
	if (c->failed != OK)
		return c->failed;
	switch (code) {
	case CURLE_OK:
		return came_whole(c) ? OK : ERR_CUT;
	case CURLE_OPERATION_TIMEDOUT:
		return timed_out(c);
	case CURLE_SSL_CONNECT_ERROR:
		return no_tls(c);
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_INVALIDCERTSTATUS:
	case CURLE_SSL_ENGINE_NOTFOUND:
	case CURLE_SSL_ENGINE_SETFAILED:
	case CURLE_SSL_ENGINE_INITFAILED:
	case CURLE_USE_SSL_FAILED:
		return ERR_TLS;
	case CURLE_PARTIAL_FILE:
	case CURLE_GOT_NOTHING:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
		return broken(c);
	case CURLE_URL_MALFORMAT:
		return ERR_CONFIG;
	case CURLE_FILESIZE_EXCEEDED:
		return ERR_TOO_LARGE;
	case CURLE_OUT_OF_MEMORY:
		return ERR_NO_MEMORY;
	case CURLE_BAD_CONTENT_ENCODING:
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_WRITE_ERROR:
		return ERR_BAD_ANSWER;
	default:
		return ERR_NETWORK;
	}
}

struct http_out_result http_call_result(const struct http_out_call *c, CURLcode code)
{
	struct http_out_result r = {0};
	long status = 0;

	if (c->mail)
		return http_mail_result(c, code);
	r.err = http_call_error(c, code);
	if (c->reply.whole) {
		curl_lib.easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
		r.status = (int)status;
		r.date = c->reply.date;
		r.retry_after_s = http_reply_retry(&c->reply);
		r.uploads = c->reply.uploads;
		r.upload_complete = c->reply.upload_complete;
		r.upload_offset = c->reply.upload_offset;
	}
	if (r.err == OK)
		r.body = body_bytes(&c->body);
	return r;
}
