/*
 * What the client's line promises to its keys: nothing waits for libcurl or a resolver, how far a
 * call is can be told, and what it cost.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dlfcn.h>
#include <netdb.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "net/http_out.h"
#include "tests/help/http.h"

#define ANSWER "HTTP/1.1 200 X\r\nContent-Length: 2\r\n\r\n{}"

struct seen {
	int calls;
	enum err err;
	int status;
};

static void on_done(void *ctx, const struct http_out_result *r)
{
	struct seen *s = ctx;

	s->calls++;
	s->err = r->err;
	s->status = r->status;
}

static const char *local(unsigned short port, const char *scheme)
{
	static char url[64];

	snprintf(url, sizeof(url), "%s://127.0.0.1:%u/v1/entrar", scheme, port);
	return url;
}

static void finish(struct http_out *o)
{
	while (http_out_busy(o) > 0)
		assert_int_equal(http_out_wait(o, NULL, 0, -1), OK);
}

/* ---- the library -------------------------------------------------------------------------- */

static bool library_hidden;

/* The test's own is found first. */
void *dlopen(const char *name, int flags)
{
	void *(*real)(const char *, int);

	*(void **)&real = dlsym(RTLD_NEXT, "dlopen");
	return library_hidden && name != NULL && strstr(name, "libcurl") != NULL
		       ? NULL
		       : real(name, flags);
}

/* 0, or the line of what is not as it should be. */
static int run_without_library(void)
{
	struct http_out_request rq = {.url = "http://127.0.0.1:1/", .limit = 10};
	struct http_out *o = NULL;
	struct seen s = {0};
	int keys[2];

	library_hidden = true;
	if (http_out_open(&o) != OK || http_out_start(o, &rq, on_done, &s, NULL) != OK)
		return __LINE__;
	if (http_out_setup() != ERR_NO_LIBCURL || http_out_setup() != ERR_NO_LIBCURL)
		return __LINE__;
	if (http_out_wait(o, NULL, 0, -1) != OK || s.calls != 1 || s.err != ERR_NO_LIBCURL)
		return __LINE__;
	if (http_out_start(o, &rq, on_done, &s, NULL) != ERR_NO_LIBCURL || http_out_busy(o) != 0)
		return __LINE__;
	if (pipe(keys) != 0 || write(keys[1], "k", 1) != 1)
		return __LINE__;
	struct http_out_fd fd = {.fd = keys[0]};
	if (http_out_wait(o, &fd, 1, -1) != OK || !fd.ready)
		return __LINE__;
	http_out_close(o);
	return 0;
}

/* Before any other test: the library is loaded once a process. */
static void without_the_library(void **state)
{
	int pipe_ends[2], wrong = -1;

	(void)state;
	assert_int_equal(pipe(pipe_ends), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		wrong = run_without_library();
		(void)!write(pipe_ends[1], &wrong, sizeof(wrong));
		_exit(0);
	}
	close(pipe_ends[1]);
	assert_int_equal(read(pipe_ends[0], &wrong, sizeof(wrong)), sizeof(wrong));
	assert_int_equal(waitpid(child, NULL, 0), child);
	close(pipe_ends[0]);
	if (wrong != 0)
		fail_msg("line %d", wrong);
}

static void *load(void *ctx)
{
	(void)ctx;
	assert_int_equal(http_out_setup(), OK);
	return NULL;
}

/* The only test that sees the library not loaded yet. */
static void calls_wait_for_the_library(void **state)
{
	const char *const headers[] = {"Signature: s=:x:", NULL};
	char signature[] = "Signature: s=:x:", body[] = "12345";
	const char *given[] = {signature, NULL};
	struct http_script script = {.answer = ANSWER};
	struct http_out_call *call = NULL, *dropped = NULL;
	struct http_out_request rq = {.headers = given, .body = bytes_of_text(body), .limit = 10};
	struct seen s = {0}, never = {0};
	struct http_out_fd fd;
	pthread_t other;
	int keys[2];
	AUTO(http_out) o = NULL;

	(void)state;
	http_script_start(&script);
	rq.url = local(script.port, "http");
	assert_int_equal(http_out_open(&o), OK);
	assert_int_equal(http_out_start(o, &rq, on_done, &s, &call), OK);
	assert_int_equal(http_out_start(o, &rq, on_done, &never, &dropped), OK);
	/* All of it was copied. */
	memset(signature, '!', 5);
	memset(body, '!', 5);
	/* The loop lives meanwhile. */
	assert_int_equal(pipe(keys), 0);
	assert_int_equal(write(keys[1], "k", 1), 1);
	fd = (struct http_out_fd){.fd = keys[0]};
	assert_int_equal(http_out_wait(o, &fd, 1, -1), OK);
	assert_true(fd.ready);
	assert_int_equal(http_out_progress(call).phase, HTTP_OUT_QUEUED);
	http_out_cancel(o, dropped);
	assert_int_equal(http_out_busy(o), 1);
	/* Whoever loads it wakes the loop. */
	assert_int_equal(pthread_create(&other, NULL, load, NULL), 0);
	finish(o);
	pthread_join(other, NULL);
	http_script_stop(&script);
	assert_int_equal(s.err, OK);
	assert_int_equal(s.status, 200);
	assert_int_equal(never.calls, 0);
	assert_non_null(strstr(script.request, headers[0]));
	assert_non_null(strstr(script.request, "\r\n\r\n12345"));
	close(keys[0]);
	close(keys[1]);
}

/* ---- names -------------------------------------------------------------------------------- */

static sem_t asked, answer_now, answered;

/* The resolver's threads ask the test's own, which answers when it is told to. */
int getaddrinfo(const char *restrict name, const char *restrict service,
	const struct addrinfo *restrict hints, struct addrinfo **restrict ret)
{
	int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

	if (strcmp(name, "colgado.prueba") == 0) {
		sem_post(&asked);
		sem_wait(&answer_now);
		sem_post(&answered);
		return EAI_NONAME;
	}
	*(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
	return real(name, service, hints, ret);
}

/* Nothing here would end if any of it waited for the resolver: it answers after all of it. */
static void a_dead_resolver_keeps_nobody(void **state)
{
	struct http_out_request rq = {.url = "http://colgado.prueba/", .limit = 10};
	struct http_out_call *call = NULL;
	struct seen s = {0};
	struct http_out_fd fd;
	int keys[2];
	AUTO(http_out) o = NULL;

	(void)state;
	assert_int_equal(http_out_open(&o), OK);
	assert_int_equal(http_out_start(o, &rq, on_done, &s, &call), OK);
	assert_int_equal(http_out_start(o, &rq, on_done, &s, NULL), OK);
	assert_int_equal(http_out_wait(o, NULL, 0, 0), OK);
	for (int i = 0; i < 2; i++)
		assert_int_equal(sem_wait(&asked), 0);
	assert_int_equal(pipe(keys), 0);
	assert_int_equal(write(keys[1], "k", 1), 1);
	fd = (struct http_out_fd){.fd = keys[0]};
	while (!fd.ready)
		assert_int_equal(http_out_wait(o, &fd, 1, -1), OK);
	assert_int_equal(http_out_progress(call).phase, HTTP_OUT_RESOLVING);
	http_out_cancel(o, call);
	http_out_close(STEAL(o));
	/* Past its time it ends by itself. */
	rq.timeout_ms = 50;
	assert_int_equal(http_out_open(&o), OK);
	assert_int_equal(http_out_start(o, &rq, on_done, &s, NULL), OK);
	finish(o);
	assert_int_equal(s.calls, 1);
	assert_int_equal(s.err, ERR_NETWORK);
	http_out_close(STEAL(o));
	for (int i = 0; i < 3; i++)
		sem_post(&answer_now);
	for (int i = 0; i < 3; i++)
		assert_int_equal(sem_wait(&answered), 0);
	close(keys[0]);
	close(keys[1]);
}

/* ---- how far, and how much ---------------------------------------------------------------- */

static struct http_out_progress until(
	struct http_out *o, const struct http_out_call *call, enum http_out_phase phase)
{
	while (http_out_progress(call).phase != phase)
		assert_int_equal(http_out_wait(o, NULL, 0, 10000), OK);
	return http_out_progress(call);
}

static void how_far_a_call_is(void **state)
{
	struct http_script script = {
		.answer = "HTTP/1.1 200 X\r\nContent-Length: 9\r\n\r\nabc", .then = SCRIPT_HANG};
	struct http_out_request rq = {.limit = 10};
	struct http_out_call *call = NULL;
	struct seen s = {0};
	AUTO(http_out) o = NULL;

	(void)state;
	http_script_start(&script);
	rq.url = local(script.port, "http");
	assert_int_equal(http_out_open(&o), OK);
	assert_int_equal(http_out_start(o, &rq, on_done, &s, &call), OK);
	struct http_out_progress p = until(o, call, HTTP_OUT_RECEIVING);

	while (p.received < 3) {
		assert_int_equal(http_out_wait(o, NULL, 0, 10000), OK);
		p = http_out_progress(call);
	}
	assert_int_equal(p.received, 3);
	assert_int_equal(p.total, 9);
	assert_int_equal(p.sent, 0);
	assert_true(p.started > 0 && p.started <= p.since);
	http_out_close(STEAL(o));
	http_script_stop(&script);
}

/* A server that takes the connection and says nothing: TLS is where it hangs. */
static void hung_in_tls(void **state)
{
	struct http_script script = {.answer = "", .then = SCRIPT_HANG};
	struct http_out_request rq = {.limit = 10};
	struct http_out_call *call = NULL;
	struct seen s = {0};
	AUTO(http_out) o = NULL;

	(void)state;
	http_script_start(&script);
	rq.url = local(script.port, "https");
	assert_int_equal(http_out_open(&o), OK);
	assert_int_equal(http_out_start(o, &rq, on_done, &s, &call), OK);
	(void)until(o, call, HTTP_OUT_TLS);
	http_out_cancel(o, call);
	assert_int_equal(http_out_busy(o), 0);
	http_out_close(STEAL(o));
	http_script_stop(&script);
	assert_int_equal(s.calls, 0);
}

static void what_it_cost(void **state)
{
	AUTO(http_out) o = NULL;
	int64_t out = 0;

	(void)state;
	assert_int_equal(http_out_open(&o), OK);
	for (int64_t i = 1; i <= 3; i++) {
		struct http_script script = {.answer = ANSWER};
		struct http_out_request rq = {.limit = 10};
		struct seen s = {0};

		http_script_start(&script);
		rq.url = local(script.port, "http");
		assert_int_equal(http_out_start(o, &rq, on_done, &s, NULL), OK);
		finish(o);
		http_script_stop(&script);
		assert_int_equal(s.err, OK);
		out += (int64_t)strlen(script.request);
		assert_int_equal(http_out_traffic(o).in, i * (int64_t)strlen(ANSWER));
		assert_int_equal(http_out_traffic(o).out, out);
	}
}

/* ---- TLS again ---------------------------------------------------------------------------- */

struct tls_server {
	struct http_tls files;
	SSL_CTX *ctx;
	int listener, reused;
};

/* Two connections, one answer each. */
static void *serve_twice(void *ctx)
{
	struct tls_server *t = ctx;
	char request[4096];

	for (int i = 0; i < 2; i++) {
		int fd = accept(t->listener, NULL, NULL);
		SSL *ssl = SSL_new(t->ctx);

		SSL_set_fd(ssl, fd);
		if (SSL_accept(ssl) == 1 && SSL_read(ssl, request, sizeof(request)) > 0)
			SSL_write(ssl, ANSWER, (int)strlen(ANSWER));
		t->reused += SSL_session_reused(ssl);
		SSL_shutdown(ssl);
		SSL_free(ssl);
		close(fd);
	}
	return NULL;
}

static void a_lost_connection_costs_no_whole_handshake(void **state)
{
	struct tls_server t = {0};
	struct http_out_request rq = {.limit = 10, .ca_file = t.files.ca};
	int64_t in[2] = {0};
	unsigned short port;
	pthread_t other;
	AUTO(http_out) o = NULL;

	(void)state;
	http_tls_make(&t.files);
	t.ctx = SSL_CTX_new(TLS_server_method());
	assert_int_equal(SSL_CTX_use_certificate_file(t.ctx, t.files.cert, SSL_FILETYPE_PEM), 1);
	assert_int_equal(SSL_CTX_use_PrivateKey_file(t.ctx, t.files.key, SSL_FILETYPE_PEM), 1);
	t.listener = http_listen(&port);
	assert_int_equal(pthread_create(&other, NULL, serve_twice, &t), 0);
	rq.url = local(port, "https");
	assert_int_equal(http_out_open(&o), OK);
	for (int i = 0; i < 2; i++) {
		struct seen s = {0};

		assert_int_equal(http_out_start(o, &rq, on_done, &s, NULL), OK);
		finish(o);
		assert_int_equal(s.err, OK);
		in[i] = http_out_traffic(o).in - in[0];
	}
	pthread_join(other, NULL);
	assert_int_equal(t.reused, 1);
	/* TLS is counted: more than the answer, and the certificate came once. */
	assert_true(in[0] > 600 && in[1] > (int64_t)strlen(ANSWER) && in[1] < in[0] - 400);
	SSL_CTX_free(t.ctx);
	close(t.listener);
	http_tls_drop(&t.files);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_the_library), /* the first two, in this order */
		cmocka_unit_test(calls_wait_for_the_library),
		cmocka_unit_test(a_dead_resolver_keeps_nobody),
		cmocka_unit_test(how_far_a_call_is),
		cmocka_unit_test(hung_in_tls),
		cmocka_unit_test(what_it_cost),
		cmocka_unit_test(a_lost_connection_costs_no_whole_handshake),
	};

	/* curl would take a loopback address to the proxy too. */
	setenv("no_proxy", "*", 1);
	sem_init(&asked, 0, 0);
	sem_init(&answer_now, 0, 0);
	sem_init(&answered, 0, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
