#include "net/http_out.h"

#include <curl/curl.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <strings.h>
#include <time.h>
#include "base/clock.h"
#include "base/mem.h"
#include "net/body.h"

enum {
	TIMEOUT_MS = 30 * 1000,
	CONNECT_MS = 10 * 1000,
	FDS_MOST = 32,
	RETRY_MOST_S = 24 * 60 * 60,
};

struct http_out {
	CURLM *multi;
	struct http_out_call *calls;
	size_t busy;
};

/* One request under way; owned by its http_out until `done` returned. */
struct http_out_call {
	struct http_out *out;
	struct http_out_call *next, *prev;
	CURL *easy;
	struct curl_slist *headers;
	http_out_done done;
	void *ctx;
	bool ending; /* its callback runs: it can't be cancelled any more */

	struct body body;
	bool head_whole; /* the blank line behind the headers came */
	bool framed;	 /* its end can be told from a cut */
	enum err failed; /* why on_body refused */
	int64_t date;
	int64_t retry_at; /* ms UTC, from an HTTP-date; 0: none */
	int retry_after_s;
	char reason[CURL_ERROR_SIZE]; /* libcurl's words; read here only, never shown */
};

/* ---- Set-up ---- */

static void *zero_alloc(size_t n, size_t size)
{
	return size != 0 && n > SIZE_MAX / size ? NULL : mem_zalloc(n * size);
}

static pthread_once_t setup_once = PTHREAD_ONCE_INIT;
static CURLcode setup_code;

static void setup_run(void)
{
	setup_code = curl_global_init_mem(
		CURL_GLOBAL_DEFAULT, mem_alloc, mem_free, mem_realloc, mem_strdup, zero_alloc);
}

enum err http_out_setup(void)
{
	pthread_once(&setup_once, setup_run);
	return setup_code == CURLE_OK ? OK : ERR_NO_MEMORY;
}

enum err http_out_open(struct http_out **ret)
{
	struct http_out *o = mem_zalloc(sizeof(*o));

	if (o == NULL)
		return ERR_NO_MEMORY;
	o->multi = curl_multi_init();
	if (o->multi == NULL) {
		mem_free(o);
		return ERR_NO_MEMORY;
	}
	*ret = o;
	return OK;
}

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

/* The value of header `name` in the line, copied to `to`; false where it is another header. */
static bool header_value(const char *line, size_t size, const char *name, char *to, size_t room)
{
	size_t n = strlen(name);

	if (size <= n || strncasecmp(line, name, n) != 0 || line[n] != ':')
		return false;
	for (line += n + 1, size -= n + 1; size > 0 && (*line == ' ' || *line == '\t'); size--)
		line++;
	while (size > 0 && strchr(" \t\r\n", line[size - 1]) != NULL)
		size--;
	if (size >= room)
		return false;
	memcpy(to, line, size);
	to[size] = '\0';
	return true;
}

static int64_t date_ms(const char *text)
{
	time_t at = curl_getdate(text, NULL);

	return at > 0 ? (int64_t)at * 1000 : 0;
}

/* Seconds or an HTTP-date (RFC 9110 section 10.2.3). */
static void take_retry_after(struct http_out_call *c, const char *value)
{
	char *end;
	long seconds = strtol(value, &end, 10);

	if (end != value && *end == '\0')
		c->retry_after_s = seconds < 0		    ? 0
				   : seconds > RETRY_MOST_S ? RETRY_MOST_S
							    : (int)seconds;
	else
		c->retry_at = date_ms(value);
}

static size_t on_header(char *line, size_t one, size_t size, void *ctx)
{
	struct http_out_call *c = ctx;
	char value[64];

	(void)one;
	if (size >= 5 && strncmp(line, "HTTP/", 5) == 0) {
		/* Each head (100, the CONNECT of a proxy, the answer) begins anew. */
		c->head_whole = false;
		/* HTTP/1.0 knows no other way than closing; 2 has frames. */
		c->framed = size < 8 || strncmp(line, "HTTP/1.1", 8) != 0;
		c->date = c->retry_at = 0;
		c->retry_after_s = 0;
	} else if (size <= 2 && (line[0] == '\r' || line[0] == '\n'))
		c->head_whole = true;
	else if (header_value(line, size, "Content-Length", value, sizeof(value)) ||
		 header_value(line, size, "Transfer-Encoding", value, sizeof(value)))
		c->framed = true;
	else if (header_value(line, size, "Date", value, sizeof(value)))
		c->date = date_ms(value);
	else if (header_value(line, size, "Retry-After", value, sizeof(value)))
		take_retry_after(c, value);
	return size;
}

/* ---- Start ---- */

static void call_unlink(struct http_out_call *c)
{
	struct http_out *o = c->out;

	curl_multi_remove_handle(o->multi, c->easy);
	if (c->prev != NULL)
		c->prev->next = c->next;
	else
		o->calls = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
	o->busy--;
}

static void call_free(struct http_out_call *c)
{
	if (c->easy != NULL)
		curl_easy_cleanup(c->easy);
	curl_slist_free_all(c->headers);
	body_free(&c->body);
	mem_free(c);
}
AUTO_TYPE(call, struct http_out_call, call_free);

void http_out_close(struct http_out *o)
{
	if (o == NULL)
		return;
	while (o->calls != NULL) {
		struct http_out_call *c = o->calls;

		call_unlink(c);
		call_free(c);
	}
	curl_multi_cleanup(o->multi);
	mem_free(o);
}

/* ERR_CONFIG where the address is none of http or https. */
static enum err url_check(const char *url)
{
	CURLU *parts = curl_url();
	char *scheme = NULL;
	enum err e = OK;

	if (parts == NULL)
		return ERR_NO_MEMORY;
	CURLUcode code = curl_url_set(parts, CURLUPART_URL, url, 0);
	if (code == CURLUE_OK)
		code = curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0);
	if (code == CURLUE_OUT_OF_MEMORY)
		e = ERR_NO_MEMORY;
	else if (code != CURLUE_OK || (strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0))
		e = ERR_CONFIG;
	curl_free(scheme);
	curl_url_cleanup(parts);
	return e;
}

static bool header_add(struct http_out_call *c, const char *line)
{
	struct curl_slist *longer = curl_slist_append(c->headers, line);

	if (longer == NULL)
		return false;
	c->headers = longer;
	return true;
}

static enum err headers_make(struct http_out_call *c, const struct http_out_request *rq)
{
	for (const char *const *line = rq->headers; line != NULL && *line != NULL; line++) {
		if (strpbrk(*line, "\r\n") != NULL)
			return ERR_BAD_FIELD;
		if (!header_add(c, *line))
			return ERR_NO_MEMORY;
	}
	/* curl would wait a second for a 100 that nobody sends. */
	return header_add(c, "Expect:") ? OK : ERR_NO_MEMORY;
}

static bool set_tls(CURL *e, const struct http_out_request *rq)
{
	bool ok = curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
		  curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
		  curl_easy_setopt(e, CURLOPT_SSLVERSION,
			  rq->relaxed_tls ? (long)CURL_SSLVERSION_TLSv1_0
					  : (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK;

	if (ok && rq->relaxed_tls)
		ok = curl_easy_setopt(e, CURLOPT_SSL_CIPHER_LIST, "DEFAULT:@SECLEVEL=0") ==
		     CURLE_OK;
	/* The system's folder would be trusted beside the file that was named. */
	if (ok && rq->ca_file != NULL)
		ok = curl_easy_setopt(e, CURLOPT_CAINFO, rq->ca_file) == CURLE_OK &&
		     curl_easy_setopt(e, CURLOPT_CAPATH, NULL) == CURLE_OK;
	return ok;
}

static bool set_limits(CURL *e, const struct http_out_request *rq)
{
	long timeout = rq->timeout_ms > 0 ? rq->timeout_ms : TIMEOUT_MS;
	long connect = timeout < CONNECT_MS ? timeout : CONNECT_MS;

	return curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, timeout) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, connect) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)rq->limit) == CURLE_OK;
}

static bool set_request(struct http_out_call *c, const struct http_out_request *rq)
{
	CURL *e = c->easy;
	bool ok = curl_easy_setopt(e, CURLOPT_URL, rq->url) == CURLE_OK &&
		  curl_easy_setopt(e, CURLOPT_HTTPHEADER, c->headers) == CURLE_OK &&
		  curl_easy_setopt(e, CURLOPT_USERAGENT, "buzon-tui/" BUZON_VERSION) == CURLE_OK &&
		  curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS) ==
			  CURLE_OK &&
		  /* Whatever this build of curl can decode. */
		  curl_easy_setopt(e, CURLOPT_ACCEPT_ENCODING, "") == CURLE_OK &&
		  curl_easy_setopt(e, CURLOPT_PRIVATE, c) == CURLE_OK &&
		  curl_easy_setopt(e, CURLOPT_ERRORBUFFER, c->reason) == CURLE_OK &&
		  curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
		  curl_easy_setopt(e, CURLOPT_WRITEDATA, c) == CURLE_OK &&
		  curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header) == CURLE_OK &&
		  curl_easy_setopt(e, CURLOPT_HEADERDATA, c) == CURLE_OK;

	if (!ok || rq->body.data == NULL)
		return ok;
	return curl_easy_setopt(e, CURLOPT_POST, 1L) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)rq->body.size) ==
		       CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_COPYPOSTFIELDS, rq->body.data) == CURLE_OK;
}

static void call_link(struct http_out *o, struct http_out_call *c)
{
	c->next = o->calls;
	if (c->next != NULL)
		c->next->prev = c;
	o->calls = c;
	o->busy++;
}

enum err http_out_start(struct http_out *o, const struct http_out_request *rq, http_out_done done,
	void *ctx, struct http_out_call **ret_call)
{
	enum err e = url_check(rq->url);

	if (e != OK)
		return e;
	AUTO(call) c = mem_zalloc(sizeof(*c));
	if (c == NULL)
		return ERR_NO_MEMORY;
	c->out = o;
	c->done = done;
	c->ctx = ctx;
	c->body.limit = rq->limit;
	c->easy = curl_easy_init();
	if (c->easy == NULL)
		return ERR_NO_MEMORY;
	e = headers_make(c, rq);
	if (e != OK)
		return e;
	if (!set_request(c, rq) || !set_limits(c->easy, rq) || !set_tls(c->easy, rq) ||
		curl_multi_add_handle(o->multi, c->easy) != CURLM_OK)
		return ERR_NO_MEMORY;
	call_link(o, c);
	if (ret_call != NULL)
		*ret_call = c;
	c = NULL;
	return OK;
}

void http_out_cancel(struct http_out *o, struct http_out_call *call)
{
	(void)o;
	if (call == NULL || call->ending)
		return;
	call_unlink(call);
	call_free(call);
}

static int64_t number_of(CURL *easy, CURLINFO what)
{
	curl_off_t n = 0;

	return curl_easy_getinfo(easy, what, &n) == CURLE_OK && n > 0 ? (int64_t)n : 0;
}

void http_out_progress(const struct http_out_call *call, int64_t *ret_received, int64_t *ret_total,
	int64_t *ret_sent)
{
	*ret_received = number_of(call->easy, CURLINFO_SIZE_DOWNLOAD_T);
	*ret_total = number_of(call->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T);
	*ret_sent = number_of(call->easy, CURLINFO_SIZE_UPLOAD_T);
}

size_t http_out_busy(const struct http_out *o)
{
	return o->busy;
}

/* ---- End ---- */

/* 204 and 304 have no body (RFC 9110 section 6.4.1). */
static bool came_whole(const struct http_out_call *c)
{
	long status = 0;

	curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
	return c->head_whole && (c->framed || status == 204 || status == 304);
}

/* The line broke. Once the request went out an answer was cut; before, there was no line. */
static enum err broken(const struct http_out_call *c)
{
	long sent = 0;

	curl_easy_getinfo(c->easy, CURLINFO_REQUEST_SIZE, &sent);
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

static enum err error_of(const struct http_out_call *c, CURLcode code)
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

static int retry_seconds(const struct http_out_call *c)
{
	if (c->retry_at == 0)
		return c->retry_after_s;
	/* Against the server's own clock where it told it. */
	int64_t now = c->date;
	if (now == 0) {
		struct clock system = clock_system(0);

		now = clock_now(&system);
	}
	int64_t seconds = (c->retry_at - now + 999) / 1000;

	return seconds < 0 ? 0 : seconds > RETRY_MOST_S ? RETRY_MOST_S : (int)seconds;
}

static void call_end(struct http_out_call *c, CURLcode code)
{
	struct http_out_result r = {.err = error_of(c, code)};
	long status = 0;

	if (c->head_whole) {
		curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
		r.status = (int)status;
		r.date = c->date;
		r.retry_after_s = retry_seconds(c);
	}
	if (r.err == OK)
		r.body = body_bytes(&c->body);
	call_unlink(c);
	c->ending = true;
	c->done(c->ctx, &r);
	call_free(c);
}

static size_t run_callbacks(struct http_out *o)
{
	size_t ended = 0;
	int left;

	for (CURLMsg *m; (m = curl_multi_info_read(o->multi, &left)) != NULL;) {
		char *c = NULL;

		if (m->msg != CURLMSG_DONE)
			continue;
		CURLcode code = m->data.result;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &c);
		call_end((struct http_out_call *)(void *)c, code);
		ended++;
	}
	return ended;
}

/* curl tells only of POLLIN: a closed pipe would be missed. */
static void mark_ready(struct http_out_fd *fds, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct pollfd p = {.fd = fds[i].fd, .events = POLLIN};

		fds[i].ready = fds[i].fd >= 0 && poll(&p, 1, 0) > 0;
	}
}

static enum err multi_error(CURLMcode code)
{
	if (code == CURLM_OK)
		return OK;
	return code == CURLM_OUT_OF_MEMORY ? ERR_NO_MEMORY : ERR_INTERNAL;
}

/* Waits at most `timeout_ms` for whatever comes first. */
static enum err wait_once(
	struct http_out *o, const struct http_out_fd *fds, size_t count, int timeout_ms)
{
	struct curl_waitfd extra[FDS_MOST] = {0};
	unsigned n = 0;

	for (size_t i = 0; i < count; i++)
		if (fds[i].fd >= 0)
			extra[n++] =
				(struct curl_waitfd){.fd = fds[i].fd, .events = CURL_WAIT_POLLIN};
	return multi_error(
		curl_multi_poll(o->multi, extra, n, timeout_ms < 0 ? INT32_MAX : timeout_ms, NULL));
}

enum err http_out_wait(struct http_out *o, struct http_out_fd *fds, size_t count, int timeout_ms)
{
	int running;

	if (count > FDS_MOST)
		return ERR_INTERNAL;
	enum err e = multi_error(curl_multi_perform(o->multi, &running));
	if (e != OK)
		return e;
	/* What a callback starts or ends the caller must see before it sleeps again. */
	if (run_callbacks(o) == 0) {
		e = wait_once(o, fds, count, timeout_ms);
		if (e == OK)
			e = multi_error(curl_multi_perform(o->multi, &running));
		if (e != OK)
			return e;
		run_callbacks(o);
	}
	mark_ready(fds, count);
	return OK;
}

void http_out_wake(struct http_out *o)
{
	curl_multi_wakeup(o->multi);
}
