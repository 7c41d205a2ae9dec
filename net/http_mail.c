#include "net/http_mail.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/mem.h"

/* Whoever has the message owes us no goodbye. */
#define QUIT_MS 2000

/* ---- what the relay says ---- */

/* "550 5.1.1 ..." (RFC 2034): class, subject and detail of the last refusal. */
static void take_enhanced(struct http_out_call *c, const char *line, size_t size)
{
	size_t n = 0;

	if (line[0] != '4' && line[0] != '5')
		return;
	*c->enhanced = '\0';
	for (size_t at = 4; at < size && (isdigit((unsigned char)line[at]) || line[at] == '.');
		at++)
		n++;
	if (n < 5 || n >= sizeof(c->enhanced) || line[4] != line[0] || line[5] != '.')
		return;
	memcpy(c->enhanced, line + 4, n);
	c->enhanced[n] = '\0';
}

static size_t on_reply(char *line, size_t one, size_t size, void *ctx)
{
	struct http_out_call *c = ctx;

	(void)one;
	if (size > 4)
		take_enhanced(c, line, size);
	if (size > 4 && line[0] == '2' && c->message_at == c->message_size && c->taken == 0)
		c->taken = clock_monotonic();
	return size;
}

/*
 * Asked about once a second, also while libcurl waits for an answer and our loop stands still (the
 * end of DATA, QUIT): what it would have ended is ended here.
 */
static int on_progress(void *ctx, curl_off_t a, curl_off_t b, curl_off_t d, curl_off_t e)
{
	const struct http_out_call *c = ctx;
	int64_t now = clock_monotonic();

	(void)a;
	(void)b;
	(void)d;
	(void)e;
	return (c->stop != NULL && atomic_load(c->stop)) || now >= http_call_due(c) ||
	       (c->taken != 0 && now >= c->taken + QUIT_MS);
}

/* Told of commands as they go out: AUTH's, too, so nothing of it is kept. */
static int on_command(CURL *easy, curl_infotype type, char *data, size_t size, void *ctx)
{
	struct http_out_call *c = ctx;

	(void)easy;
	if (type == CURLINFO_HEADER_OUT && size >= 10 && strncmp(data, "MAIL FROM:", 10) == 0)
		c->of_message = true;
	return 0;
}

/* ---- the message ---- */

static size_t on_read(char *to, size_t one, size_t room, void *ctx)
{
	struct http_out_call *c = ctx;
	size_t left = c->message_size - c->message_at;
	size_t n = left < room ? left : room;

	(void)one;
	memcpy(to, c->message + c->message_at, n);
	c->message_at += n;
	return n;
}

/* A connection that was kept may turn out to be dead: it begins anew. */
static int on_seek(void *ctx, curl_off_t offset, int origin)
{
	struct http_out_call *c = ctx;

	if (origin != SEEK_SET || offset < 0 || (size_t)offset > c->message_size)
		return CURL_SEEKFUNC_FAIL;
	c->message_at = (size_t)offset;
	return CURL_SEEKFUNC_OK;
}

static bool copy_message(struct http_out_call *c, struct bytes body)
{
	c->message = mem_alloc(body.size + 1);
	if (c->message == NULL)
		return false;
	memcpy(c->message, body.data, body.size);
	c->message_size = body.size;
	return true;
}

/* ---- its options ---- */

/* libcurl says SMTPUTF8 by itself where a name is not ASCII (RFC 6531). */
static bool set_envelope(struct http_out_call *c, const struct http_out_request *rq)
{
	char from[300];
	char to[300];

	if ((size_t)snprintf(from, sizeof(from), "<%s>", rq->mail_from) >= sizeof(from) ||
		(size_t)snprintf(to, sizeof(to), "<%s>", rq->mail_to) >= sizeof(to))
		return false;
	c->to = curl_lib.slist_append(NULL, to);
	return c->to != NULL &&
	       curl_lib.easy_setopt(c->easy, CURLOPT_MAIL_FROM, from) == CURLE_OK &&
	       curl_lib.easy_setopt(c->easy, CURLOPT_MAIL_RCPT, c->to) == CURLE_OK;
}

static bool set_login(CURL *e, const struct http_out_login *l)
{
	return l == NULL || (curl_lib.easy_setopt(e, CURLOPT_USERNAME, l->user) == CURLE_OK &&
				    curl_lib.easy_setopt(e, CURLOPT_PASSWORD,
					    (const char *)l->password->data) == CURLE_OK);
}

static bool set_upload(struct http_out_call *c, CURL *e)
{
	return curl_lib.easy_setopt(e, CURLOPT_UPLOAD, 1L) == CURLE_OK &&
	       curl_lib.easy_setopt(e, CURLOPT_INFILESIZE_LARGE, (curl_off_t)c->message_size) ==
		       CURLE_OK &&
	       curl_lib.easy_setopt(e, CURLOPT_READFUNCTION, on_read) == CURLE_OK &&
	       curl_lib.easy_setopt(e, CURLOPT_READDATA, c) == CURLE_OK &&
	       curl_lib.easy_setopt(e, CURLOPT_SEEKFUNCTION, on_seek) == CURLE_OK &&
	       curl_lib.easy_setopt(e, CURLOPT_SEEKDATA, c) == CURLE_OK;
}

static bool set_watch(struct http_out_call *c, CURL *e)
{
	return curl_lib.easy_setopt(e, CURLOPT_PRIVATE, c) == CURLE_OK &&
	       curl_lib.easy_setopt(e, CURLOPT_ERRORBUFFER, c->reason) == CURLE_OK &&
	       curl_lib.easy_setopt(e, CURLOPT_HEADERFUNCTION, on_reply) == CURLE_OK &&
	       curl_lib.easy_setopt(e, CURLOPT_HEADERDATA, c) == CURLE_OK &&
	       curl_lib.easy_setopt(e, CURLOPT_NOPROGRESS, 0L) == CURLE_OK &&
	       curl_lib.easy_setopt(e, CURLOPT_XFERINFOFUNCTION, on_progress) == CURLE_OK &&
	       curl_lib.easy_setopt(e, CURLOPT_XFERINFODATA, c) == CURLE_OK &&
	       /* Else QUIT would be waited for where nobody is asked. */
	       curl_lib.easy_setopt(e, CURLOPT_FORBID_REUSE, 1L) == CURLE_OK &&
	       curl_lib.easy_setopt(e, CURLOPT_VERBOSE, 1L) == CURLE_OK &&
	       curl_lib.easy_setopt(e, CURLOPT_DEBUGFUNCTION, on_command) == CURLE_OK &&
	       curl_lib.easy_setopt(e, CURLOPT_DEBUGDATA, c) == CURLE_OK;
}

bool http_mail_set(struct http_out_call *c, const struct http_out_request *rq)
{
	static const long tls[] = {[HTTP_OUT_TLS_NEED] = CURLUSESSL_ALL,
		[HTTP_OUT_TLS_MAY] = CURLUSESSL_TRY,
		[HTTP_OUT_TLS_NEVER] = CURLUSESSL_NONE};
	CURL *e = c->easy;

	c->stop = rq->stop;
	return copy_message(c, rq->body) &&
	       curl_lib.easy_setopt(e, CURLOPT_URL, rq->url) == CURLE_OK &&
	       curl_lib.easy_setopt(e, CURLOPT_USE_SSL, tls[rq->starttls]) == CURLE_OK &&
	       set_envelope(c, rq) && set_login(e, rq->login) && set_upload(c, e) &&
	       set_watch(c, e);
}

/* ---- the end ---- */

/* Did libcurl end because of what the relay said, rather than of the line? */
static bool was_told(CURLcode code)
{
	return code == CURLE_SEND_ERROR || code == CURLE_WEIRD_SERVER_REPLY ||
	       code == CURLE_LOGIN_DENIED || code == CURLE_REMOTE_ACCESS_DENIED ||
	       code == CURLE_RECV_ERROR;
}

struct http_out_result http_mail_result(const struct http_out_call *c, CURLcode code)
{
	struct http_out_result r = {.of_message = c->of_message};
	long status = 0;

	curl_lib.easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
	if (code == CURLE_OK || (was_told(code) && status >= 400)) {
		r.status = (int)status;
		if (status >= 400)
			snprintf(r.enhanced, sizeof(r.enhanced), "%s", c->enhanced);
		return r;
	}
	if (code == CURLE_ABORTED_BY_CALLBACK)
		r.err = c->stop != NULL && atomic_load(c->stop) ? ERR_CANCELLED : ERR_TIMEOUT;
	else
		r.err = http_call_error(c, code);
	return r;
}
