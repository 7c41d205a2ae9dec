/* The server's HTTP end against a raw peer: wire.md "Limits", L-7.5 of the requirements. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>
#include "base/clock.h"
#include "base/mem.h"
#include "net/http_in.h"
#include "tests/help/http.h"

enum how { NOW, BEFORE_RETURN, LATER, BIG, PAGE };

/* A server with a handler that records what it sees and answers as `how` says. */
struct site {
	struct http_in *in;
	enum how how;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int requests, closed;
	struct http_in_request *held; /* LATER: the last one */
	char target[512], body[256], signature[64], peer[64];
	size_t body_size;
	bool repeated;
	bool had_type;
};

static const struct http_in_answer fine = {.status = 200,
	.content_type = "application/json",
	.body = {(const unsigned char *)"{}", 2}};

static void *answer_it(void *rq)
{
	http_in_answer(rq, &fine);
	return NULL;
}

static void record(struct site *s, struct http_in_request *rq)
{
	snprintf(s->target, sizeof(s->target), "%s", rq->target);
	snprintf(s->peer, sizeof(s->peer), "%s", rq->peer);
	snprintf(s->signature, sizeof(s->signature), "%s",
		rq->headers[HTTP_IN_SIGNATURE] != NULL ? rq->headers[HTTP_IN_SIGNATURE] : "-");
	s->repeated = rq->repeated[HTTP_IN_SIGNATURE];
	s->had_type = rq->headers[HTTP_IN_CONTENT_TYPE] != NULL;
	s->body_size = rq->body.size;
	if (rq->body.size > 0 && rq->body.size < sizeof(s->body))
		memcpy(s->body, rq->body.data, rq->body.size + 1);
}

static void answer_big(struct http_in_request *rq, bool page)
{
	static unsigned char text[8000];

	memset(text, 'a', sizeof(text));
	http_in_answer(rq, &(struct http_in_answer){.status = 200,
				   .content_type = page ? "text/html; charset=utf-8" : "text/plain",
				   .body = bytes_of(text, sizeof(text)),
				   .retry_after_s = 7,
				   .policy = page ? "default-src 'none'" : NULL});
}

static void on_request(void *ctx, struct http_in_request *rq)
{
	struct site *s = ctx;
	pthread_t other;

	pthread_mutex_lock(&s->lock);
	s->requests++;
	record(s, rq);
	if (s->how == LATER)
		s->held = rq;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
	if (s->how == NOW)
		http_in_answer(rq, &fine);
	if (s->how == BIG || s->how == PAGE)
		answer_big(rq, s->how == PAGE);
	if (s->how == BEFORE_RETURN) {
		assert_int_equal(pthread_create(&other, NULL, answer_it, rq), 0);
		pthread_detach(other);
	}
}

static void on_closed(void *ctx, struct http_in_request *rq)
{
	struct site *s = ctx;

	pthread_mutex_lock(&s->lock);
	s->closed++;
	if (s->held == rq)
		s->held = NULL;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
}

static struct http_in_config config(void)
{
	return (struct http_in_config){.address = "127.0.0.1",
		.threads = 2,
		.body_limit = 64 * 1024,
		.arena_allowance = 64 * 1024};
}

static void site_open_with(struct site *s, enum how how, const struct http_in_config *c)
{
	struct http_in_handlers h = {.ctx = s, .request = on_request, .closed = on_closed};

	memset(s, 0, sizeof(*s));
	s->how = how;
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->changed, NULL);
	assert_int_equal(http_in_start(c, &h, &s->in), OK);
}

static void site_open(struct site *s, enum how how)
{
	struct http_in_config c = config();

	site_open_with(s, how, &c);
}

static void site_wait(struct site *s, const int *what, int least)
{
	pthread_mutex_lock(&s->lock);
	while (*what < least)
		pthread_cond_wait(&s->changed, &s->lock);
	pthread_mutex_unlock(&s->lock);
}

static void site_close(struct site *s)
{
	http_in_stop(s->in, 2000);
	assert_int_equal(s->closed, s->requests);
}

static void ask(struct site *s, const char *request, char *answer, size_t room)
{
	int fd = http_connect(http_in_port(s->in));

	http_send_text(fd, request);
	http_receive_answer(fd, answer, room);
	close(fd);
}

static void target_is_kept_as_sent(void **state)
{
	struct site s;
	char answer[2048];

	(void)state;
	site_open(&s, NOW);
	ask(&s, "GET /v1/a%2Fb%20c?x=%41&y HTTP/1.1\r\nHost: h\r\n\r\n", answer, sizeof(answer));
	assert_non_null(strstr(answer, "HTTP/1.1 200"));
	assert_string_equal(s.target, "/v1/a%2Fb%20c?x=%41&y");
	assert_string_equal(s.peer, "127.0.0.1");
	assert_non_null(strstr(answer, "Cache-Control: no-store\r\n"));
	assert_non_null(strstr(answer, "X-Content-Type-Options: nosniff\r\n"));
	assert_non_null(strstr(answer, "Date: "));
	assert_null(strstr(answer, "Content-Security-Policy"));
	site_close(&s);
}

static void headers_are_trimmed_and_repeats_flagged(void **state)
{
	struct site s;
	char answer[2048];

	(void)state;
	site_open(&s, NOW);
	ask(&s, "GET / HTTP/1.1\r\nHost: h\r\nsignature: \t uno \t \r\n\r\n", answer,
		sizeof(answer));
	assert_string_equal(s.signature, "uno");
	assert_false(s.repeated);
	assert_false(s.had_type);
	ask(&s, "GET / HTTP/1.1\r\nHost: h\r\nSignature: uno\r\nX: y\r\nSIGNATURE: dos\r\n\r\n",
		answer, sizeof(answer));
	assert_true(s.repeated);
	site_close(&s);
}

static void bodies_come_whole(void **state)
{
	struct site s;
	char answer[4096];
	int fd;

	(void)state;
	site_open(&s, NOW);
	fd = http_connect(http_in_port(s.in));
	http_send_text(fd, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n01234");
	usleep(50000);
	assert_int_equal(s.requests, 0);
	http_send_text(fd, "56789");
	http_receive_answer(fd, answer, sizeof(answer));
	assert_int_equal(s.body_size, 10);
	assert_string_equal(s.body, "0123456789");
	/* The connection serves the next one too. */
	http_send_text(fd, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
			   "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
	http_receive_answer(fd, answer, sizeof(answer));
	assert_string_equal(s.body, "abcde");
	close(fd);
	site_close(&s);
}

/* Sends a head, then `size` bytes, and expects the JSON refusal without the handler's help. */
static void expect_too_large(const char *head, size_t size, bool chunked)
{
	struct site s;
	char answer[4096];
	char *body = calloc(1, size + 1);

	site_open(&s, NOW);
	int fd = http_connect(http_in_port(s.in));
	memset(body, 'x', size);
	http_send_text(fd, head);
	http_send(fd, body, size);
	if (chunked)
		http_send_text(fd, "\r\n0\r\n\r\n");
	http_receive_answer(fd, answer, sizeof(answer));
	assert_non_null(strstr(answer, "HTTP/1.1 413"));
	assert_non_null(strstr(answer, "\r\n\r\n{\"error\":\"demasiado-grande\"}"));
	assert_int_equal(s.requests, 0);
	close(fd);
	free(body);
	site_close(&s);
}

static void large_requests_are_refused(void **state)
{
	char head[20000];

	(void)state;
	expect_too_large(
		"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 65537\r\n\r\n", 65537, false);
	expect_too_large(
		"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999\r\n\r\n", 0, false);
	expect_too_large(
		"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n10001\r\n", 65537,
		true);
	int n = snprintf(head, sizeof(head), "GET / HTTP/1.1\r\nHost: h\r\nX: ");
	memset(head + n, 'x', 17000);
	strcpy(head + n + 17000, "\r\n\r\n");
	expect_too_large(head, 0, false);
}

static void the_limit_itself_is_allowed(void **state)
{
	struct site s;
	char answer[4096];
	static char body[65537];

	(void)state;
	site_open(&s, NOW);
	int fd = http_connect(http_in_port(s.in));
	memset(body, 'x', 65536);
	http_send_text(fd, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 65536\r\n\r\n");
	http_send(fd, body, 65536);
	http_receive_answer(fd, answer, sizeof(answer));
	assert_non_null(strstr(answer, "HTTP/1.1 200"));
	assert_int_equal(s.body_size, 65536);
	close(fd);
	site_close(&s);
}

static void two_lengths_are_refused(void **state)
{
	struct site s;
	char answer[4096];

	(void)state;
	site_open(&s, NOW);
	ask(&s, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nab",
		answer, sizeof(answer));
	assert_non_null(strstr(answer, "HTTP/1.1 400"));
	ask(&s,
		"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nTransfer-Encoding: "
		"chunked\r\n\r\n"
		"0\r\n\r\n",
		answer, sizeof(answer));
	assert_non_null(strstr(answer, "HTTP/1.1 400"));
	assert_int_equal(s.requests, 0);
	site_close(&s);
}

static void another_thread_may_answer_later(void **state)
{
	struct site s;
	char answer[4096];

	(void)state;
	site_open(&s, LATER);
	int fd = http_connect(http_in_port(s.in));
	http_send_text(fd, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
	site_wait(&s, &s.requests, 1);
	assert_int_equal(http_receive(fd, answer, sizeof(answer), 100), 0);
	http_in_answer(s.held, &fine);
	http_receive_answer(fd, answer, sizeof(answer));
	assert_non_null(strstr(answer, "\r\n\r\n{}"));
	site_wait(&s, &s.closed, 1);
	close(fd);
	site_close(&s);
}

static void an_answer_may_overtake_the_suspension(void **state)
{
	struct site s;
	char answer[4096];

	(void)state;
	site_open(&s, BEFORE_RETURN);
	int fd = http_connect(http_in_port(s.in));
	for (int i = 0; i < 500; i++) {
		http_send_text(fd, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
		http_receive_answer(fd, answer, sizeof(answer));
		assert_non_null(strstr(answer, "HTTP/1.1 200"));
	}
	close(fd);
	site_close(&s);
	assert_int_equal(s.requests, 500);
}

static void a_peer_may_leave_while_it_waits(void **state)
{
	struct site s;

	(void)state;
	site_open(&s, LATER);
	for (int i = 1; i <= 20; i++) {
		int fd = http_connect(http_in_port(s.in));
		struct linger now = {.l_onoff = i % 2};

		http_send_text(fd, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
		site_wait(&s, &s.requests, i);
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
		close(fd);
		usleep(2000);
		/* It is still ours: nothing was freed under the one who works with it. */
		assert_string_equal(s.held->target, "/");
		http_in_answer(s.held, &fine);
		site_wait(&s, &s.closed, i);
	}
	site_close(&s);
}

static void peers_may_leave_in_the_middle(void **state)
{
	static const char *const parts[] = {"GE", "GET / HTTP/1.1\r\nHost",
		"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc"};
	struct site s;

	(void)state;
	site_open(&s, NOW);
	for (size_t i = 0; i < 3; i++) {
		int fd = http_connect(http_in_port(s.in));

		http_send_text(fd, parts[i]);
		usleep(20000);
		close(fd);
	}
	usleep(20000);
	assert_int_equal(s.requests, 0);
	site_close(&s);
}

static void stopping_answers_who_waits(void **state)
{
	struct site s;
	char answer[4096];

	(void)state;
	site_open(&s, LATER);
	int fd = http_connect(http_in_port(s.in));
	http_send_text(fd, "GET /espera HTTP/1.1\r\nHost: h\r\n\r\n");
	site_wait(&s, &s.requests, 1);
	http_in_stop(s.in, 50);
	http_receive_answer(fd, answer, sizeof(answer));
	assert_non_null(strstr(answer, "HTTP/1.1 503"));
	/* Its owner comes late: still there, and ended by the answer. */
	assert_int_equal(s.closed, 0);
	assert_string_equal(s.held->target, "/espera");
	http_in_answer(s.held, &fine);
	assert_int_equal(s.closed, 1);
	close(fd);
}

static void *answer_after(void *ctx)
{
	struct site *s = ctx;

	usleep(200000);
	http_in_answer(s->held, &fine);
	return NULL;
}

static void stopping_lets_answers_end(void **state)
{
	struct site s;
	char answer[4096];
	pthread_t other;

	(void)state;
	site_open(&s, LATER);
	int fd = http_connect(http_in_port(s.in));
	http_send_text(fd, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
	site_wait(&s, &s.requests, 1);
	pthread_create(&other, NULL, answer_after, &s);
	site_close(&s);
	http_receive_answer(fd, answer, sizeof(answer));
	assert_non_null(strstr(answer, "HTTP/1.1 200"));
	pthread_join(other, NULL);
	close(fd);
}

static void an_address_has_few_connections(void **state)
{
	struct http_in_config c = config();
	struct site s;
	char answer[4096];
	int fds[3];

	(void)state;
	c.connections_per_address = 2;
	site_open_with(&s, NOW, &c);
	for (int i = 0; i < 3; i++) {
		fds[i] = http_connect(http_in_port(s.in));
		http_send_text(fds[i], "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
		http_receive_answer(fds[i], answer, sizeof(answer));
		assert_int_equal(strstr(answer, "HTTP/1.1 200") != NULL, i < 2);
	}
	for (int i = 0; i < 3; i++)
		close(fds[i]);
	site_close(&s);
}

static void answers_are_compressed_as_allowed(void **state)
{
	struct site s;
	static char answer[16384], plain[16384];

	(void)state;
	site_open(&s, BIG);
	ask(&s, "GET / HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip, zstd;q=0.5\r\n\r\n", answer,
		sizeof(answer));
	assert_non_null(strstr(answer, "Content-Encoding: zstd\r\n"));
	assert_non_null(strstr(answer, "Vary: Accept-Encoding\r\n"));
	assert_non_null(strstr(answer, "Retry-After: 7\r\n"));
	const char *body = strstr(answer, "\r\n\r\n") + 4;
	size_t size = strtoul(strstr(answer, "Content-Length: ") + 16, NULL, 10);
	assert_int_equal(ZSTD_decompress(plain, sizeof(plain), body, size), 8000);
	ask(&s, "GET / HTTP/1.1\r\nHost: h\r\nAccept-Encoding: GZIP;q=1.0,zstd; q=0\r\n\r\n",
		answer, sizeof(answer));
	assert_non_null(strstr(answer, "Content-Encoding: gzip\r\n"));
	ask(&s, "GET / HTTP/1.1\r\nHost: h\r\nAccept-Encoding: br, gzip;q=0.000\r\n\r\n", answer,
		sizeof(answer));
	assert_null(strstr(answer, "Content-Encoding"));
	assert_non_null(strstr(answer, "Content-Length: 8000\r\n"));
	site_close(&s);
}

static void pages_carry_a_strict_policy(void **state)
{
	struct site s;
	static char answer[16384];

	(void)state;
	site_open(&s, PAGE);
	ask(&s, "GET / HTTP/1.1\r\nHost: h\r\n\r\n", answer, sizeof(answer));
	const char *policy = strstr(answer, "Content-Security-Policy: default-src 'none'\r\n");
	assert_non_null(policy);
	assert_null(strstr(answer, "script"));
	assert_non_null(strstr(answer, "Referrer-Policy: no-referrer\r\n"));
	assert_non_null(strstr(answer, "Cache-Control: no-store\r\n"));
	site_close(&s);
}

static void a_full_arena_is_a_503(void **state)
{
	struct http_in_config c = config();
	struct site s;
	char answer[4096];

	(void)state;
	c.arena_allowance = 16;
	site_open_with(&s, NOW, &c);
	ask(&s, "GET /una/ruta/que/no/cabe HTTP/1.1\r\nHost: h\r\n\r\n", answer, sizeof(answer));
	assert_non_null(strstr(answer, "HTTP/1.1 503"));
	assert_int_equal(s.requests, 0);
	site_close(&s);
}

static void any_allocation_may_fail(void **state)
{
	struct site s;
	char answer[16384];
	bool ended = false;
	int refused = 0;

	(void)state;
	site_open(&s, BIG);
	for (long n = 1; !ended; n++) {
		mem_fail_at(n);
		ask(&s,
			"POST / HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip\r\nContent-Length: "
			"3\r\n"
			"\r\nabc",
			answer, sizeof(answer));
		ended = mem_count() < n;
		assert_true(strstr(answer, "HTTP/1.1 200") || strstr(answer, "HTTP/1.1 503"));
		refused += strstr(answer, "HTTP/1.1 503") != NULL;
		assert_true(n < 100);
	}
	mem_fail_at(0);
	assert_true(refused >= 4);
	site_close(&s);
}

/* Sends `head`, then a byte every 40 ms until the server ends the connection; the ms it took. */
static int64_t drip(struct site *s, const char *head)
{
	int64_t before = clock_monotonic();
	int fd = http_connect(http_in_port(s->in));
	struct timeval pause = {.tv_usec = 40000};
	char c;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &pause, sizeof(pause));
	http_send_text(fd, head);
	while (clock_monotonic() - before < 5000) {
		http_send(fd, "x", 1);
		if (recv(fd, &c, 1, 0) == 0)
			break;
	}
	close(fd);
	return clock_monotonic() - before;
}

static void peers_that_drip_are_shut_down(void **state)
{
	struct http_in_config c = config();
	struct site s;
	char answer[2048];

	(void)state;
	c.request_ms = 600;
	site_open_with(&s, LATER, &c);
	assert_in_range(drip(&s, "GET / HTTP/1.1\r\nX: "), 500, 4000);
	assert_in_range(
		drip(&s, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9000\r\n\r\n"), 500, 4000);
	assert_int_equal(s.requests, 0);
	/* One that waits for its answer is not slow. */
	int fd = http_connect(http_in_port(s.in));
	http_send_text(fd, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
	site_wait(&s, &s.requests, 1);
	assert_int_equal(http_receive(fd, answer, sizeof(answer), 1200), 0);
	http_in_answer(s.held, &fine);
	http_receive_answer(fd, answer, sizeof(answer));
	assert_non_null(strstr(answer, "HTTP/1.1 200"));
	close(fd);
	site_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(target_is_kept_as_sent),
		cmocka_unit_test(headers_are_trimmed_and_repeats_flagged),
		cmocka_unit_test(bodies_come_whole),
		cmocka_unit_test(large_requests_are_refused),
		cmocka_unit_test(the_limit_itself_is_allowed),
		cmocka_unit_test(two_lengths_are_refused),
		cmocka_unit_test(another_thread_may_answer_later),
		cmocka_unit_test(an_answer_may_overtake_the_suspension),
		cmocka_unit_test(a_peer_may_leave_while_it_waits),
		cmocka_unit_test(peers_may_leave_in_the_middle),
		cmocka_unit_test(stopping_answers_who_waits),
		cmocka_unit_test(stopping_lets_answers_end),
		cmocka_unit_test(an_address_has_few_connections),
		cmocka_unit_test(answers_are_compressed_as_allowed),
		cmocka_unit_test(pages_carry_a_strict_policy),
		cmocka_unit_test(a_full_arena_is_a_503),
		cmocka_unit_test(any_allocation_may_fail),
		cmocka_unit_test(peers_that_drip_are_shut_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
