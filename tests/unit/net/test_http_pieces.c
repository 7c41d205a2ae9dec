/*
 * Bodies in pieces: an upload of any size with the memory of one piece, a peer that waits while a
 * piece is with the handler, and every byte that came handed over however the line ends.
 * wire.md "Files", "Limits"
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/macros.h"
#include "net/http_in.h"
#include "tests/help/http.h"

#define PIECE ((size_t)256 * 1024)
#define LIMIT (10 * 1024 * 1024)

enum how {
	AT_ONCE, /* in the handler */
	OTHER,	 /* from another thread, as a writer does */
	HOLD,	 /* a piece stays until let_go */
	REFUSE,	 /* at the head */
	SECOND,	 /* answers at its second piece */
};

struct site {
	struct http_in *in;
	enum how how;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	unsigned char *got;
	size_t size, largest;
	int pieces, ends, lefts, excesses, requests, heads, closed;
	struct http_in_request *held;
};

static const struct http_in_answer fine = {.status = 200,
	.content_type = "application/json",
	.body = {(const unsigned char *)"{}", 2}};

static void finish(struct http_in_request *rq)
{
	struct http_in_upload u = {.offset = 7, .length = 9, .complete = rq->last};
	struct http_in_answer a = fine;

	a.upload = &u;
	http_in_answer(rq, &a);
}

/* An empty last one is the end; of what is past the limit only its refusal is left. */
static void proceed(struct http_in_request *rq)
{
	if (rq->excess)
		http_in_answer(rq, &(struct http_in_answer){.status = 413});
	else if (rq->last && rq->body.size == 0)
		finish(rq);
	else
		http_in_more(rq);
}

static void *proceed_there(void *rq)
{
	proceed(rq);
	return NULL;
}

static void proceed_elsewhere(struct http_in_request *rq)
{
	pthread_t other;

	assert_int_equal(pthread_create(&other, NULL, proceed_there, rq), 0);
	pthread_detach(other);
}

static void on_piece(void *ctx, struct http_in_request *rq)
{
	struct site *s = ctx;

	pthread_mutex_lock(&s->lock);
	if (rq->body.size != 0)
		memcpy(s->got + s->size, rq->body.data, rq->body.size);
	s->size += rq->body.size;
	s->largest = rq->body.size > s->largest ? rq->body.size : s->largest;
	s->pieces += rq->body.size != 0;
	s->ends += rq->last && rq->body.size == 0;
	s->lefts += rq->left;
	s->excesses += rq->excess;
	bool holds = s->how == HOLD && s->held == NULL && rq->body.size != 0 && !rq->left;
	bool second = s->how == SECOND && s->pieces == 2;
	if (holds)
		s->held = rq;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
	if (holds)
		return;
	if (second)
		http_in_answer(rq, &(struct http_in_answer){.status = 409});
	else if (s->how == OTHER)
		proceed_elsewhere(rq);
	else
		proceed(rq);
}

static bool on_head(void *ctx, struct http_in_request *rq, struct http_in_stream *ret)
{
	struct site *s = ctx;

	if (strcmp(rq->method, "PATCH") != 0)
		return false;
	s->heads++;
	*ret = (struct http_in_stream){.limit = LIMIT, .piece = PIECE};
	if (s->how == REFUSE)
		http_in_answer(rq, &(struct http_in_answer){.status = 409});
	return true;
}

static void on_request(void *ctx, struct http_in_request *rq)
{
	struct site *s = ctx;

	s->requests++;
	http_in_answer(rq, &fine);
}

static void on_closed(void *ctx, struct http_in_request *rq)
{
	struct site *s = ctx;

	(void)rq;
	pthread_mutex_lock(&s->lock);
	s->closed++;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
}

static void site_open(struct site *s, enum how how)
{
	struct http_in_config c = {.address = "127.0.0.1",
		.threads = 2,
		.body_limit = (size_t)64 * 1024,
		.arena_allowance = (size_t)64 * 1024};
	struct http_in_handlers h = {.ctx = s,
		.request = on_request,
		.streams = on_head,
		.piece = on_piece,
		.closed = on_closed};

	memset(s, 0, sizeof(*s));
	s->how = how;
	s->got = malloc(LIMIT + 1);
	assert_non_null(s->got);
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->changed, NULL);
	assert_int_equal(http_in_start(&c, &h, &s->in), OK);
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
	site_wait(s, &s->closed, s->heads + s->requests);
	assert_int_equal(s->closed, s->heads + s->requests);
	free(s->got);
}

static unsigned char *noise(size_t size)
{
	unsigned char *data = malloc(size);
	uint32_t x = 2463534242U;

	assert_non_null(data);
	for (size_t i = 0; i < size; i++) {
		x ^= x << 13;
		x ^= x >> 17;
		x ^= x << 5;
		data[i] = (unsigned char)x;
	}
	return data;
}

static int patch(struct site *s, size_t length, const char *more)
{
	char head[256];
	int fd = http_connect(http_in_port(s->in));

	snprintf(head, sizeof(head),
		"PATCH /x HTTP/1.1\r\nHost: h\r\nContent-Length: %zu\r\n%s\r\n", length, more);
	http_send_text(fd, head);
	return fd;
}

static void goes_up(enum how how)
{
	struct site s;
	char answer[4096];
	unsigned char *data = noise(LIMIT);

	site_open(&s, how);
	int fd = patch(&s, LIMIT, "");

	http_send(fd, data, LIMIT);
	http_receive_answer(fd, answer, sizeof(answer));
	assert_non_null(strstr(answer, "HTTP/1.1 200"));
	assert_non_null(strstr(answer, "\r\nUpload-Offset: 7\r\n"));
	assert_non_null(strstr(answer, "\r\nUpload-Length: 9\r\n"));
	assert_non_null(strstr(answer, "\r\nUpload-Complete: ?1\r\n"));
	assert_int_equal(s.size, LIMIT);
	assert_memory_equal(s.got, data, LIMIT);
	assert_true(s.largest <= PIECE);
	assert_true(s.pieces >= 40);
	assert_int_equal(s.ends, 1);
	/* The connection serves the next one, whole as ever. */
	http_send_text(fd, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab");
	http_receive_answer(fd, answer, sizeof(answer));
	assert_non_null(strstr(answer, "HTTP/1.1 200"));
	assert_int_equal(s.requests, 1);
	close(fd);
	site_close(&s);
	free(data);
}

static void ten_megabytes_go_up_in_pieces(void **state)
{
	(void)state;
	goes_up(AT_ONCE);
}

static void another_thread_may_take_them(void **state)
{
	(void)state;
	goes_up(OTHER);
}

/* All that the sockets hold, and no more, is taken from a peer while its piece is out. */
static void a_piece_that_is_out_holds_its_peer_back(void **state)
{
	struct site s;
	static char some[65536];
	size_t sent = 0;

	(void)state;
	site_open(&s, HOLD);
	int fd = patch(&s, LIMIT, "");
	int room = 65536;

	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	for (;;) {
		struct pollfd p = {.fd = fd, .events = POLLOUT};

		if (poll(&p, 1, 1000) <= 0)
			break;
		ssize_t n = send(fd, some, sizeof(some), MSG_DONTWAIT);

		if (n > 0)
			sent += (size_t)n;
	}
	assert_true(sent < LIMIT);
	assert_int_equal(s.pieces, 1);
	assert_true(s.size <= PIECE);
	http_in_more(s.held);
	while (sent < LIMIT) {
		ssize_t n = send(
			fd, some, LIMIT - sent < sizeof(some) ? LIMIT - sent : sizeof(some), 0);

		assert_true(n > 0);
		sent += (size_t)n;
	}
	site_wait(&s, &s.ends, 1);
	assert_int_equal(s.size, LIMIT);
	close(fd);
	site_close(&s);
}

/* Cut at any point: what came is handed over, the last bit too, and the answer is nobody's. */
static void a_cut_line_loses_nothing(void **state)
{
	static const size_t cuts[] = {0, 1, 1000, PIECE - 1, PIECE, PIECE + 1, 1000000, LIMIT - 1};
	unsigned char *data = noise(LIMIT);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cuts); i++) {
		struct site s;

		site_open(&s, i % 2 == 0 ? AT_ONCE : OTHER);
		int fd = patch(&s, LIMIT, "");

		http_send(fd, data, cuts[i]);
		close(fd);
		site_wait(&s, &s.closed, 1);
		assert_int_equal(s.size, cuts[i]);
		assert_memory_equal(s.got, data, cuts[i]);
		assert_int_equal(s.ends, 0);
		site_close(&s);
	}
	free(data);
}

/* Chunked, so that only the bytes themselves tell. */
static void what_is_past_the_limit_is_refused(void **state)
{
	struct site s;
	char answer[4096];
	char line[32];
	unsigned char *data = noise(LIMIT + 100000);

	(void)state;
	site_open(&s, OTHER);
	int fd = http_connect(http_in_port(s.in));

	http_send_text(fd, "PATCH /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
	snprintf(line, sizeof(line), "%x\r\n", LIMIT + 100000);
	http_send_text(fd, line);
	http_send(fd, data, LIMIT + 100000);
	http_send_text(fd, "\r\n0\r\n\r\n");
	http_receive_answer(fd, answer, sizeof(answer));
	assert_non_null(strstr(answer, "HTTP/1.1 413"));
	assert_int_equal(s.size, LIMIT);
	assert_int_equal(s.excesses, 1);
	close(fd);
	site_close(&s);
	free(data);
}

/* At the head: at once where the peer asks first or too much would come, else behind its body. */
static void a_head_may_be_answered(void **state)
{
	struct site s;
	char answer[4096];
	static char body[1000];

	(void)state;
	site_open(&s, REFUSE);
	int fd = patch(&s, 5000000, "");

	http_receive_answer(fd, answer, sizeof(answer));
	assert_non_null(strstr(answer, "HTTP/1.1 409"));
	close(fd);
	fd = patch(&s, 1000, "Expect: 100-continue\r\n");
	http_receive_answer(fd, answer, sizeof(answer));
	assert_non_null(strstr(answer, "HTTP/1.1 409"));
	close(fd);
	fd = patch(&s, 1000, "");
	assert_int_equal(http_receive(fd, answer, sizeof(answer), 100), 0);
	http_send(fd, body, sizeof(body));
	http_receive_answer(fd, answer, sizeof(answer));
	assert_non_null(strstr(answer, "HTTP/1.1 409"));
	close(fd);
	assert_int_equal(s.pieces + s.ends, 0);
	site_close(&s);
}

static void one_may_be_answered_in_its_middle(void **state)
{
	struct site s;
	char answer[4096];
	unsigned char *data = noise(1000000);

	(void)state;
	site_open(&s, SECOND);
	int fd = patch(&s, 1000000, "");

	http_send(fd, data, 1000000);
	http_receive_answer(fd, answer, sizeof(answer));
	assert_non_null(strstr(answer, "HTTP/1.1 409"));
	assert_int_equal(s.pieces, 2);
	close(fd);
	site_close(&s);
	free(data);
}

/* A slow line's bytes are not kept back until they are many. */
static void what_trickles_is_handed_over(void **state)
{
	struct site s;

	(void)state;
	site_open(&s, OTHER);
	int fd = patch(&s, 1000, "");
	int64_t until = clock_monotonic() + 20000;

	while (s.pieces == 0 && clock_monotonic() < until) {
		http_send_text(fd, "x");
		usleep(100000);
	}
	assert_true(s.pieces > 0);
	assert_true(s.largest < 1000);
	close(fd);
	site_close(&s);
}

/* A server that ends does not wait for the rest, keeps what came, and lets go of who has a piece.
 */
static void a_server_may_end_in_the_middle(void **state)
{
	struct site s;
	unsigned char *data = noise(600000);

	(void)state;
	site_open(&s, HOLD);
	int fd = patch(&s, LIMIT, "");
	int other = patch(&s, LIMIT, "");

	http_send(fd, data, 300000);
	site_wait(&s, &s.pieces, 1);
	http_send(other, data, 600000);
	site_wait(&s, &s.pieces, 2);
	http_in_stop(s.in, 200);
	http_in_more(s.held);
	site_wait(&s, &s.closed, 2);
	close(fd);
	close(other);
	free(s.got);
	free(data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ten_megabytes_go_up_in_pieces),
		cmocka_unit_test(another_thread_may_take_them),
		cmocka_unit_test(a_piece_that_is_out_holds_its_peer_back),
		cmocka_unit_test(a_cut_line_loses_nothing),
		cmocka_unit_test(what_is_past_the_limit_is_refused),
		cmocka_unit_test(a_head_may_be_answered),
		cmocka_unit_test(one_may_be_answered_in_its_middle),
		cmocka_unit_test(what_trickles_is_handed_over),
		cmocka_unit_test(a_server_may_end_in_the_middle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
