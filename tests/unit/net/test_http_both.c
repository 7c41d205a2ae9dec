/* Both HTTP ends against each other: TLS, many requests at once, coded answers, long waits. */
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
#include <unistd.h>
#include "base/clock.h"
#include "base/mem.h"
#include "net/http_in.h"
#include "net/http_out.h"
#include "tests/help/http.h"

enum { MANY = 50 };

static struct http_tls tls;

/* Answers with the body it got, at once or from `worker`, which drains what waits. */
struct echo {
	struct http_in *in;
	bool later;
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct http_in_request *waiting[MANY];
	size_t count, hold; /* the worker begins when `hold` wait */
	int closed, requests;
	bool ends;
	pthread_t worker;
};

static void echo(struct http_in_request *rq)
{
	http_in_answer(rq, &(struct http_in_answer){.status = 200,
				   .content_type = "application/octet-stream",
				   .body = rq->body});
}

static void on_request(void *ctx, struct http_in_request *rq)
{
	struct echo *e = ctx;

	pthread_mutex_lock(&e->lock);
	e->requests++;
	if (e->later) {
		e->waiting[e->count++] = rq;
		pthread_cond_signal(&e->more);
	}
	pthread_mutex_unlock(&e->lock);
	if (!e->later)
		echo(rq);
}

static void on_closed(void *ctx, struct http_in_request *rq)
{
	struct echo *e = ctx;

	(void)rq;
	pthread_mutex_lock(&e->lock);
	e->closed++;
	pthread_mutex_unlock(&e->lock);
}

static void *work(void *ctx)
{
	struct echo *e = ctx;

	pthread_mutex_lock(&e->lock);
	while (!e->ends) {
		if (e->count < e->hold || e->count == 0) {
			pthread_cond_wait(&e->more, &e->lock);
			continue;
		}
		e->hold = 0;
		struct http_in_request *rq = e->waiting[--e->count];
		pthread_mutex_unlock(&e->lock);
		echo(rq);
		pthread_mutex_lock(&e->lock);
	}
	pthread_mutex_unlock(&e->lock);
	return NULL;
}

static void echo_open(struct echo *e, bool with_tls, size_t hold)
{
	struct http_in_handlers h = {.ctx = e, .request = on_request, .closed = on_closed};
	struct http_in_config c = {.address = "127.0.0.1",
		.tls_cert = with_tls ? tls.cert_pem : NULL,
		.tls_key = with_tls ? tls.key_pem : NULL,
		.threads = 2,
		.body_limit = 64 * 1024,
		.arena_allowance = 64 * 1024};

	memset(e, 0, sizeof(*e));
	pthread_mutex_init(&e->lock, NULL);
	pthread_cond_init(&e->more, NULL);
	e->later = hold > 0;
	e->hold = hold;
	assert_int_equal(http_in_start(&c, &h, &e->in), OK);
	assert_int_equal(pthread_create(&e->worker, NULL, work, e), 0);
}

static void echo_close(struct echo *e)
{
	http_in_stop(e->in, 2000);
	pthread_mutex_lock(&e->lock);
	e->ends = true;
	pthread_cond_signal(&e->more);
	pthread_mutex_unlock(&e->lock);
	pthread_join(e->worker, NULL);
	assert_int_equal(e->closed, e->requests);
}

struct seen {
	int calls;
	enum err err;
	int status;
	unsigned char body[60000];
	size_t size;
};

static void on_done(void *ctx, const struct http_out_result *r)
{
	struct seen *s = ctx;

	s->calls++;
	s->err = r->err;
	s->status = r->status;
	s->size = r->body.size;
	if (r->body.size > 0 && r->body.size <= sizeof(s->body))
		memcpy(s->body, r->body.data, r->body.size);
}

static struct http_out_request post(char *url, size_t room, const struct echo *e,
	const char *scheme, const char *host, struct bytes body)
{
	snprintf(url, room, "%s://%s:%u/v1/eco", scheme, host, http_in_port(e->in));
	return (struct http_out_request){.url = url, .body = body, .limit = 100000};
}

static enum err fetch_tls(const struct echo *e, const char *host, const char *ca)
{
	static struct seen s;
	char url[96];
	struct http_out_request rq =
		post(url, sizeof(url), e, "https", host, bytes_of_text("hola"));
	AUTO(http_out) o = NULL;

	s = (struct seen){0};
	rq.ca_file = ca;
	assert_int_equal(http_out_open(&o), OK);
	assert_int_equal(http_out_start(o, &rq, on_done, &s, NULL), OK);
	while (http_out_busy(o) > 0)
		assert_int_equal(http_out_wait(o, NULL, 0, -1), OK);
	if (s.err == OK)
		assert_memory_equal(s.body, "hola", 4);
	return s.err;
}

static void tls_proves_the_server(void **state)
{
	struct echo e;

	(void)state;
	echo_open(&e, true, 0);
	assert_int_equal(fetch_tls(&e, "127.0.0.1", tls.ca), OK);
	assert_int_equal(fetch_tls(&e, "127.0.0.1", tls.other_ca), ERR_TLS);
	assert_int_equal(fetch_tls(&e, "127.0.0.1", NULL), ERR_TLS);
	assert_int_equal(fetch_tls(&e, "localhost", tls.ca), ERR_TLS);
	assert_int_equal(fetch_tls(&e, "127.0.0.1", "/tmp/no-existe.pem"), ERR_TLS);
	/* What failed sent nothing. */
	assert_int_equal(e.requests, 1);
	echo_close(&e);
}

static int handshake(const struct echo *e, const char *version)
{
	char line[256];

	snprintf(line, sizeof(line),
		"openssl s_client -connect 127.0.0.1:%u -CAfile %s -verify_return_error %s "
		"-cipher ALL@SECLEVEL=0 </dev/null >/dev/null 2>&1",
		http_in_port(e->in), tls.ca, version);
	return system(line);
}

static void old_tls_is_refused(void **state)
{
	struct echo e;

	(void)state;
	echo_open(&e, true, 0);
	assert_int_equal(handshake(&e, "-tls1_3"), 0);
	assert_int_equal(handshake(&e, "-tls1_2"), 0);
	assert_int_not_equal(handshake(&e, "-tls1_1"), 0);
	assert_int_not_equal(handshake(&e, "-tls1"), 0);
	echo_close(&e);
}

/* All at once over one loop; each must get its own bytes back. */
static void many_at_once(bool with_tls, bool later)
{
	static struct seen seen[MANY];
	static char bodies[MANY][5000];
	struct echo e;
	char url[96];
	AUTO(http_out) o = NULL;

	memset(seen, 0, sizeof(seen));
	echo_open(&e, with_tls, later ? MANY : 0);
	assert_int_equal(http_out_open(&o), OK);
	for (size_t i = 0; i < MANY; i++) {
		memset(bodies[i], 'a' + (int)(i % 26), sizeof(bodies[i]));
		bodies[i][0] = (char)i;
		struct http_out_request rq = post(url, sizeof(url), &e, with_tls ? "https" : "http",
			"127.0.0.1", bytes_of(bodies[i], sizeof(bodies[i]) - i));
		rq.ca_file = tls.ca;
		assert_int_equal(http_out_start(o, &rq, on_done, &seen[i], NULL), OK);
	}
	while (http_out_busy(o) > 0)
		assert_int_equal(http_out_wait(o, NULL, 0, -1), OK);
	for (size_t i = 0; i < MANY; i++) {
		assert_int_equal(seen[i].calls, 1);
		assert_int_equal(seen[i].err, OK);
		assert_int_equal(seen[i].status, 200);
		assert_int_equal(seen[i].size, sizeof(bodies[i]) - i);
		assert_memory_equal(seen[i].body, bodies[i], seen[i].size);
	}
	echo_close(&e);
}

static void fifty_at_once(void **state)
{
	(void)state;
	many_at_once(false, false);
}

static void fifty_wait_and_are_answered_by_another_thread(void **state)
{
	(void)state;
	many_at_once(false, true);
}

static void fifty_wait_over_tls(void **state)
{
	(void)state;
	many_at_once(true, true);
}

static void clients_leave_while_they_wait(void **state)
{
	static struct seen seen;
	struct echo e;
	char url[96];
	struct http_out *o = NULL;

	(void)state;
	echo_open(&e, true, 1000);
	assert_int_equal(http_out_open(&o), OK);
	struct http_out_request rq =
		post(url, sizeof(url), &e, "https", "127.0.0.1", bytes_of_text("x"));
	rq.ca_file = tls.ca;
	for (int i = 0; i < 20; i++)
		assert_int_equal(http_out_start(o, &rq, on_done, &seen, NULL), OK);
	for (int got = 0; got < 20;) {
		assert_int_equal(http_out_wait(o, NULL, 0, 10), OK);
		pthread_mutex_lock(&e.lock);
		got = e.requests;
		pthread_mutex_unlock(&e.lock);
	}
	http_out_close(o);
	pthread_mutex_lock(&e.lock);
	e.hold = 0;
	pthread_cond_signal(&e.more);
	pthread_mutex_unlock(&e.lock);
	echo_close(&e);
	assert_int_equal(e.closed, 20);
}

static void garbage_does_no_harm(void **state)
{
	static const char *const garbage[] = {"\r\n\r\n", "GET\r\n\r\n", "GET /\r\n\r\n",
		"\001\002\n\n", " / HTTP/1.1\r\nHost: h\r\n\r\n",
		"GET  HTTP/1.1\r\nHost: h\r\n\r\n", "GET / HTTP/9.9\r\nHost: h\r\n\r\n",
		"GET / HTTP/1.1\r\n\r\n", "GET /%zz%00?&&=%\r\n HTTP/1.1\r\nHost: h\r\n: x\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"};
	char answer[8192];

	(void)state;
	for (int with_tls = 0; with_tls < 2; with_tls++) {
		struct echo e;

		echo_open(&e, with_tls != 0, 0);
		for (size_t i = 0; i < COUNT_OF(garbage); i++) {
			int fd = http_connect(http_in_port(e.in));

			http_send_text(fd, garbage[i]);
			shutdown(fd, SHUT_WR);
			http_receive(fd, answer, sizeof(answer), 300);
			close(fd);
		}
		if (with_tls)
			assert_int_equal(fetch_tls(&e, "127.0.0.1", tls.ca), OK);
		echo_close(&e);
	}
}

static void starting_tells_what_is_wrong(void **state)
{
	struct http_in_handlers h = {.request = on_request, .closed = on_closed};
	struct http_in_config c = {.address = "no es", .threads = 2};
	struct http_in *in = NULL;
	struct echo e;

	(void)state;
	assert_int_equal(http_in_start(&c, &h, &in), ERR_CONFIG);
	c.address = "127.0.0.1";
	c.tls_cert = c.tls_key = "esto no es PEM";
	assert_int_equal(http_in_start(&c, &h, &in), ERR_CONFIG);
	c.tls_key = NULL;
	assert_int_equal(http_in_start(&c, &h, &in), ERR_CONFIG);
	echo_open(&e, false, 0);
	c.tls_cert = NULL;
	c.port = http_in_port(e.in);
	assert_int_equal(http_in_start(&c, &h, &in), ERR_UNAVAILABLE);
	echo_close(&e);
	for (long n = 1; n < 6; n++) {
		c.port = 0;
		mem_fail_at(n);
		if (http_in_start(&c, &h, &in) == OK)
			http_in_stop(in, 0);
		else
			assert_null(in);
		in = NULL;
	}
	mem_fail_at(0);
}

static int set_up(void **state)
{
	(void)state;
	/* curl would take a loopback address to the proxy too. */
	setenv("no_proxy", "*", 1);
	http_tls_make(&tls);
	return http_out_setup() == OK ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	http_tls_drop(&tls);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tls_proves_the_server),
		cmocka_unit_test(old_tls_is_refused),
		cmocka_unit_test(fifty_at_once),
		cmocka_unit_test(fifty_wait_and_are_answered_by_another_thread),
		cmocka_unit_test(fifty_wait_over_tls),
		cmocka_unit_test(garbage_does_no_harm),
		cmocka_unit_test(starting_tells_what_is_wrong),
		cmocka_unit_test(clients_leave_while_they_wait),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
