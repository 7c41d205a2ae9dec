/* The client's HTTP end against raw servers that cut, hang and exaggerate. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include "base/clock.h"
#include "base/mem.h"
#include "net/http_out.h"
#include "tests/help/http.h"

struct seen {
	int calls;
	enum err err;
	int status, retry_after_s;
	int64_t date;
	size_t size;
	char body[64];
};

static void on_done(void *ctx, const struct http_out_result *r)
{
	struct seen *s = ctx;

	s->calls++;
	s->err = r->err;
	s->status = r->status;
	s->date = r->date;
	s->retry_after_s = r->retry_after_s;
	s->size = r->body.size;
	if (r->body.size > 0 && r->body.size < sizeof(s->body))
		memcpy(s->body, r->body.data, r->body.size);
}

static const char *local(unsigned short port, const char *scheme)
{
	static char url[64];

	snprintf(url, sizeof(url), "%s://127.0.0.1:%u/v1/entrar", scheme, port);
	return url;
}

static struct seen run_on(struct http_out *o, const struct http_out_request *rq)
{
	struct seen s = {0};

	assert_int_equal(http_out_start(o, rq, on_done, &s, NULL), OK);
	while (http_out_busy(o) > 0)
		assert_int_equal(http_out_wait(o, NULL, 0, -1), OK);
	assert_int_equal(s.calls, 1);
	return s;
}

static struct seen fetch(const struct http_out_request *rq)
{
	AUTO(http_out) o = NULL;

	assert_int_equal(http_out_open(&o), OK);
	return run_on(o, rq);
}

/* What the client makes of a server that sends `answer` and then ends as told. */
static struct seen fetch_script(struct http_script *script, size_t limit, int timeout_ms)
{
	struct seen s;

	http_script_start(script);
	s = fetch(&(struct http_out_request){
		.url = local(script->port, "http"), .limit = limit, .timeout_ms = timeout_ms});
	http_script_stop(script);
	return s;
}

static struct seen fetch_text(const char *answer)
{
	struct http_script script = {.answer = answer};

	return fetch_script(&script, 1000, 5000);
}

static void an_answer_comes_whole(void **state)
{
	struct seen s = fetch_text("HTTP/1.1 429 X\r\nContent-Length: 2\r\nRetry-After: 12\r\n"
				   "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n{}");

	(void)state;
	assert_int_equal(s.err, OK);
	assert_int_equal(s.status, 429);
	assert_string_equal(s.body, "{}");
	assert_int_equal(s.date, 784111777000);
	assert_int_equal(s.retry_after_s, 12);
	s = fetch_text("HTTP/1.1 503 X\r\nContent-Length: 0\r\n"
		       "Retry-After: Sun, 06 Nov 1994 08:50:07 GMT\r\n"
		       "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n");
	assert_int_equal(s.err, OK);
	assert_int_equal(s.retry_after_s, 30);
	s = fetch_text("HTTP/1.1 200 X\r\nContent-Length: 0\r\nRetry-After: 99999999999\r\n\r\n");
	assert_int_equal(s.retry_after_s, 86400);
	assert_int_equal(s.date, 0);
}

static void redirects_are_not_followed(void **state)
{
	struct seen s = fetch_text("HTTP/1.1 302 X\r\nContent-Length: 0\r\n"
				   "Location: http://127.0.0.1:1/\r\n\r\n");

	(void)state;
	assert_int_equal(s.err, OK);
	assert_int_equal(s.status, 302);
}

static void the_request_goes_as_given(void **state)
{
	const char *const headers[] = {"Content-Type: application/json", "Signature: s=:x:", NULL};
	struct http_script script = {.answer = "HTTP/1.1 200 X\r\nContent-Length: 0\r\n\r\n"};
	char *body = calloc(1, 3001);

	(void)state;
	memset(body, 'b', 3000);
	http_script_start(&script);
	struct seen s = fetch(&(struct http_out_request){.url = local(script.port, "http"),
		.headers = headers,
		.body = bytes_of(body, 3000),
		.limit = 10});
	http_script_stop(&script);
	assert_int_equal(s.err, OK);
	assert_non_null(strstr(script.request, "POST /v1/entrar HTTP/1.1\r\n"));
	assert_non_null(strstr(script.request, "\r\nSignature: s=:x:\r\n"));
	assert_non_null(strstr(script.request, "\r\nContent-Type: application/json\r\n"));
	assert_non_null(strstr(script.request, "\r\nContent-Length: 3000\r\n"));
	assert_non_null(strstr(script.request, body));
	assert_null(strstr(script.request, "Expect"));
	free(body);
}

static void a_server_that_is_down(void **state)
{
	struct seen s = fetch(
		&(struct http_out_request){.url = local(http_dead_port(), "http"), .limit = 10});

	(void)state;
	assert_int_equal(s.err, ERR_NETWORK);
	assert_int_equal(s.status, 0);
}

static void answers_that_are_cut(void **state)
{
	static const char *const cuts[] = {
		"",
		"HTTP/1.1 200",
		"HTTP/1.1 200 X\r\n",
		"HTTP/1.1 200 X\r\nContent-Length: 9\r\n",
		"HTTP/1.1 200 X\r\nContent-Length: 9\r\n\r\n",
		"HTTP/1.1 200 X\r\nContent-Length: 9\r\n\r\nabc",
		"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc",
		"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
		"HTTP/1.1 100 Continue\r\n\r\n",
		/* Nothing tells its end from a cut. */
		"HTTP/1.1 200 X\r\n\r\nabc",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cuts); i++) {
		struct http_script script = {.answer = cuts[i]};
		struct seen s = fetch_script(&script, 1000, 5000);

		if (s.err != ERR_CUT)
			fail_msg("closed after \"%s\": %s", cuts[i], err_wire(s.err));
		assert_int_equal(s.size, 0);
		script = (struct http_script){.answer = cuts[i], .then = SCRIPT_RESET};
		s = fetch_script(&script, 1000, 5000);
		if (s.err != ERR_CUT)
			fail_msg("reset after \"%s\": %s", cuts[i], err_wire(s.err));
	}
}

static void answers_that_are_too_large(void **state)
{
	struct seen s = fetch_text("HTTP/1.1 200 X\r\nContent-Length: 1001\r\n\r\n");
	char big[2000];

	(void)state;
	assert_int_equal(s.err, ERR_TOO_LARGE);
	memset(big, 'x', sizeof(big));
	memcpy(big, "HTTP/1.0 200 X\r\n\r\n", 18);
	big[18 + 1001] = '\0';
	assert_int_equal(fetch_text(big).err, ERR_TOO_LARGE);
	big[18 + 1000] = '\0';
	s = fetch_text(big);
	assert_int_equal(s.err, OK);
	assert_int_equal(s.size, 1000);
}

/* 1 MB of blanks as a gzip answer; the answer's bytes. */
static size_t bomb(char *to, size_t room, size_t plain)
{
	z_stream z = {0};
	unsigned char *blanks = calloc(1, plain);
	int n = snprintf(to, room, "HTTP/1.0 200 X\r\nContent-Encoding: gzip\r\n\r\n");

	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = blanks;
	z.avail_in = (uInt)plain;
	z.next_out = (unsigned char *)to + n;
	z.avail_out = (uInt)(room - (size_t)n);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	free(blanks);
	return (size_t)n + z.total_out;
}

static void small_answers_that_unpack_huge(void **state)
{
	static char answer[4096];
	size_t size = bomb(answer, sizeof(answer), 1000000);
	struct http_script script = {.answer = answer, .size = size};
	struct seen s = fetch_script(&script, 100000, 5000);

	(void)state;
	assert_int_equal(s.err, ERR_TOO_LARGE);
	script = (struct http_script){.answer = answer, .size = size};
	s = fetch_script(&script, 1000000, 5000);
	assert_int_equal(s.err, OK);
	assert_int_equal(s.size, 1000000);
}

static void a_server_that_hangs(void **state)
{
	struct http_script script = {.answer = "", .then = SCRIPT_HANG};
	int64_t before = clock_monotonic();

	(void)state;
	assert_int_equal(fetch_script(&script, 1000, 300).err, ERR_TIMEOUT);
	assert_in_range(clock_monotonic() - before, 290, 2500);
	script = (struct http_script){
		.answer = "HTTP/1.1 200 X\r\nContent-Length: 9\r\n\r\nabc", .then = SCRIPT_HANG};
	assert_int_equal(fetch_script(&script, 1000, 300).err, ERR_TIMEOUT);
}

/* What a slow line carries is waited for, longer than the time in which nothing may move. */
static void slow_is_no_end_but_a_dribble_is(void **state)
{
	static char answer[4100];
	size_t head = (size_t)snprintf(
		answer, sizeof(answer), "HTTP/1.1 200 X\r\nContent-Length: 4000\r\n\r\n");
	struct http_script script = {
		.answer = answer, .size = head + 4000, .at_once = head, .pace_ms = 1};
	int64_t before = clock_monotonic();

	(void)state;
	memset(answer + head, 'x', 4000);
	struct seen s = fetch_script(&script, 5000, 3000);

	assert_int_equal(s.err, OK);
	assert_int_equal(s.size, 4000);
	assert_true(clock_monotonic() - before >= 4000);
	before = clock_monotonic();
	script.pace_ms = 100;
	s = fetch_script(&script, 5000, 1000);
	assert_int_equal(s.err, ERR_TIMEOUT);
	assert_true(clock_monotonic() - before >= 1000);
	assert_true(clock_monotonic() - before < 100000);
}

static void *press_key(void *ctx)
{
	usleep(200000);
	assert_int_equal(write(*(int *)ctx, "k", 1), 1);
	return NULL;
}

static void keys_are_read_while_the_network_hangs(void **state)
{
	struct http_script script = {.answer = "", .then = SCRIPT_HANG};
	struct http_out_request rq = {.limit = 10, .timeout_ms = 20000};
	struct seen s = {0};
	pthread_t other;
	int keys[2], quiet[2];
	int64_t before = clock_monotonic();
	AUTO(http_out) o = NULL;

	(void)state;
	http_script_start(&script);
	rq.url = local(script.port, "http");
	assert_int_equal(pipe(keys), 0);
	assert_int_equal(pipe(quiet), 0);
	assert_int_equal(http_out_open(&o), OK);
	assert_int_equal(http_out_start(o, &rq, on_done, &s, NULL), OK);
	pthread_create(&other, NULL, press_key, &keys[1]);
	struct http_out_fd fds[] = {{.fd = -1}, {.fd = quiet[0]}, {.fd = keys[0]}};
	while (!fds[2].ready)
		assert_int_equal(http_out_wait(o, fds, 3, 15000), OK);
	assert_in_range(clock_monotonic() - before, 190, 3000);
	assert_false(fds[0].ready || fds[1].ready);
	/* A descriptor that was closed at its other end is ready too. */
	close(quiet[1]);
	assert_int_equal(http_out_wait(o, fds, 2, 15000), OK);
	assert_true(fds[1].ready);
	assert_in_range(clock_monotonic() - before, 190, 5000);
	assert_int_equal(s.calls, 0);
	pthread_join(other, NULL);
	http_script_stop(&script);
	close(keys[0]);
	close(keys[1]);
	close(quiet[0]);
}

static void *wake(void *o)
{
	usleep(100000);
	http_out_wake(o);
	return NULL;
}

static void another_thread_may_end_a_wait(void **state)
{
	int64_t before = clock_monotonic();
	pthread_t other;
	AUTO(http_out) o = NULL;

	(void)state;
	assert_int_equal(http_out_open(&o), OK);
	pthread_create(&other, NULL, wake, o);
	assert_int_equal(http_out_wait(o, NULL, 0, -1), OK);
	assert_in_range(clock_monotonic() - before, 90, 3000);
	pthread_join(other, NULL);
	before = clock_monotonic();
	assert_int_equal(http_out_wait(o, NULL, 0, 150), OK);
	assert_in_range(clock_monotonic() - before, 140, 3000);
}

static void a_cancelled_call_is_silent(void **state)
{
	struct http_script script = {.answer = "", .then = SCRIPT_HANG};
	struct http_out_request rq = {.limit = 10};
	struct http_out_call *call = NULL;
	struct seen s = {0};
	struct http_out_progress p = {0};
	AUTO(http_out) o = NULL;

	(void)state;
	http_script_start(&script);
	rq.url = local(script.port, "http");
	rq.body = bytes_of_text("12345");
	assert_int_equal(http_out_open(&o), OK);
	assert_int_equal(http_out_start(o, &rq, on_done, &s, &call), OK);
	assert_int_equal(http_out_start(o, &rq, on_done, &s, NULL), OK);
	while (p.phase != HTTP_OUT_WAITING) {
		assert_int_equal(http_out_wait(o, NULL, 0, 5000), OK);
		p = http_out_progress(call);
	}
	assert_int_equal(p.sent, 5);
	assert_int_equal(p.to_send, 5);
	assert_int_equal(p.received, 0);
	assert_int_equal(http_out_busy(o), 2);
	http_out_cancel(o, call);
	assert_int_equal(http_out_busy(o), 1);
	http_out_close(STEAL(o));
	assert_int_equal(s.calls, 0);
	http_script_stop(&script);
}

struct chain {
	struct http_out *out;
	struct http_out_call *call;
	struct seen first, second;
	unsigned short port;
};

static void start_another(void *ctx, const struct http_out_result *r)
{
	struct chain *c = ctx;
	struct http_out_request rq = {.url = local(c->port, "http"), .limit = 10};

	on_done(&c->first, r);
	/* It is ending: this must do nothing. */
	http_out_cancel(c->out, c->call);
	assert_int_equal(http_out_start(c->out, &rq, on_done, &c->second, NULL), OK);
}

static void a_callback_may_start_and_cancel(void **state)
{
	struct http_out_request rq = {.url = local(http_dead_port(), "http"), .limit = 10};
	struct chain c = {.port = http_dead_port()};

	(void)state;
	assert_int_equal(http_out_open(&c.out), OK);
	assert_int_equal(http_out_start(c.out, &rq, start_another, &c, &c.call), OK);
	while (http_out_busy(c.out) > 0)
		assert_int_equal(http_out_wait(c.out, NULL, 0, 5000), OK);
	assert_int_equal(c.first.calls, 1);
	assert_int_equal(c.second.calls, 1);
	http_out_close(c.out);
}

static void bad_requests_do_not_start(void **state)
{
	const char *const split[] = {"A: b\r\nC: d", NULL};
	struct http_out_request rq = {.url = "ftp://127.0.0.1/", .limit = 10};
	AUTO(http_out) o = NULL;

	(void)state;
	assert_int_equal(http_out_open(&o), OK);
	assert_int_equal(http_out_start(o, &rq, on_done, NULL, NULL), ERR_CONFIG);
	rq.url = "file:///etc/passwd";
	assert_int_equal(http_out_start(o, &rq, on_done, NULL, NULL), ERR_CONFIG);
	rq.url = "no es";
	assert_int_equal(http_out_start(o, &rq, on_done, NULL, NULL), ERR_CONFIG);
	rq.url = "http://127.0.0.1/";
	rq.headers = split;
	assert_int_equal(http_out_start(o, &rq, on_done, NULL, NULL), ERR_BAD_FIELD);
	assert_int_equal(http_out_busy(o), 0);
}

static void tls_against_a_plain_server(void **state)
{
	struct http_script script = {.answer = "HTTP/1.1 200 X\r\nContent-Length: 0\r\n\r\n"};

	(void)state;
	http_script_start(&script);
	assert_int_equal(
		fetch(&(struct http_out_request){.url = local(script.port, "https"), .limit = 10})
			.err,
		ERR_TLS);
	http_script_stop(&script);
}

/* Hung up before TLS was agreed: nothing was proved wrong, the line broke. */
static void hung_up_before_tls(void **state)
{
	struct http_script script = {.answer = ""};

	(void)state;
	http_script_start(&script);
	assert_int_equal(
		fetch(&(struct http_out_request){.url = local(script.port, "https"), .limit = 10})
			.err,
		ERR_NETWORK);
	http_script_stop(&script);
}

/* The whole of one request with its n-th allocation failing; true where it was reached. */
static bool fails_cleanly(long n, bool *ret_ok)
{
	const char *const headers[] = {"Content-Type: application/json", NULL};
	struct http_script script = {.answer = "HTTP/1.1 200 X\r\nContent-Length: 2\r\n\r\n{}"};
	struct http_out_request rq = {
		.headers = headers, .body = bytes_of_text("{}"), .limit = 10, .timeout_ms = 5000};
	struct seen s = {0};
	struct http_out *o = NULL;

	http_script_start(&script);
	rq.url = local(script.port, "http");
	mem_fail_at(n);
	enum err e = http_out_open(&o);
	if (e == OK)
		e = http_out_start(o, &rq, on_done, &s, NULL);
	while (e == OK && http_out_busy(o) > 0)
		e = http_out_wait(o, NULL, 0, 1000);
	bool reached = mem_count() >= n;

	mem_fail_at(0);
	*ret_ok = e == OK && s.err == OK;
	http_out_close(o);
	http_script_stop(&script);
	return reached;
}

static void any_allocation_may_fail(void **state)
{
	bool ok = false, reached = true;
	int failed = 0;

	(void)state;
	for (long n = 1; reached; n++) {
		reached = fails_cleanly(n, &ok);
		failed += !ok;
		assert_true(n < 5000);
	}
	assert_true(ok);
	assert_true(failed > 10);
}

static int set_up(void **state)
{
	(void)state;
	/* curl would take a loopback address to the proxy too. */
	setenv("no_proxy", "*", 1);
	return http_out_setup() == OK && http_out_setup() == OK ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_comes_whole),
		cmocka_unit_test(redirects_are_not_followed),
		cmocka_unit_test(the_request_goes_as_given),
		cmocka_unit_test(a_server_that_is_down),
		cmocka_unit_test(answers_that_are_cut),
		cmocka_unit_test(answers_that_are_too_large),
		cmocka_unit_test(small_answers_that_unpack_huge),
		cmocka_unit_test(a_server_that_hangs),
		cmocka_unit_test(slow_is_no_end_but_a_dribble_is),
		cmocka_unit_test(keys_are_read_while_the_network_hangs),
		cmocka_unit_test(another_thread_may_end_a_wait),
		cmocka_unit_test(a_cancelled_call_is_silent),
		cmocka_unit_test(a_callback_may_start_and_cancel),
		cmocka_unit_test(bad_requests_do_not_start),
		cmocka_unit_test(tls_against_a_plain_server),
		cmocka_unit_test(hung_up_before_tls),
		cmocka_unit_test(any_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
