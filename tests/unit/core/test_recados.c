/* Errands: each ends once, in its time, whatever the peer does; no more than so many at once. */
#include "core/recados.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
#include "base/clock.h"
#include "tests/help/cm.h"
#include "tests/help/http.h"

#define MOST 8

/* What became of the errands of one test. */
struct ends {
	pthread_mutex_t mutex;
	pthread_cond_t more;
	int count;
	enum err last;
	char body[64];
};

static struct ends ends = {.mutex = PTHREAD_MUTEX_INITIALIZER, .more = PTHREAD_COND_INITIALIZER};
static struct recados *recados;

static int start(void **state)
{
	(void)state;
	ends.count = 0;
	ends.body[0] = '\0';
	return http_out_setup() == OK && recados_start(MOST, &recados) == OK ? 0 : -1;
}

static int stop(void **state)
{
	(void)state;
	if (recados != NULL)
		recados_stop(recados);
	recados = NULL;
	return 0;
}

static void ended(void *ctx, const struct http_out_result *result)
{
	assert_ptr_equal(ctx, &ends);
	pthread_mutex_lock(&ends.mutex);
	ends.count++;
	ends.last = result->err;
	snprintf(ends.body, sizeof(ends.body), "%.*s", (int)result->body.size,
		result->body.size != 0 ? (const char *)result->body.data : "");
	pthread_cond_signal(&ends.more);
	pthread_mutex_unlock(&ends.mutex);
}

static void wait_for(int count)
{
	pthread_mutex_lock(&ends.mutex);
	while (ends.count < count)
		pthread_cond_wait(&ends.more, &ends.mutex);
	pthread_mutex_unlock(&ends.mutex);
}

/* The caller's texts are gone by the time that they are sent. */
static enum err ask(unsigned short port, int64_t most_ms)
{
	char url[64];
	char body[] = "pregunta";
	char header[] = "X-Prueba: 1";
	const char *headers[] = {header, NULL};

	snprintf(url, sizeof(url), "http://127.0.0.1:%u/", port);
	struct http_out_request rq = {.url = url,
		.headers = headers,
		.body = bytes_of_text(body),
		.timeout_ms = 60000,
		.limit = 4096};
	enum err e = recados_ask(recados, &rq, most_ms, ended, &ends);

	memset(url, 'x', sizeof(url) - 1);
	memset(body, 'x', sizeof(body) - 1);
	memset(header, 'x', sizeof(header) - 1);
	return e;
}

#define ANSWER "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nrespuesta"

static void test_answer(void **state)
{
	struct http_script s = {
		.answer = ANSWER, .size = strlen(ANSWER), .at_once = strlen(ANSWER)};

	(void)state;
	http_script_start(&s);
	assert_int_equal(ask(s.port, 10000), OK);
	wait_for(1);
	assert_int_equal(ends.last, OK);
	assert_string_equal(ends.body, "respuesta");
	assert_non_null(strstr(s.request, "X-Prueba: 1"));
	assert_non_null(strstr(s.request, "pregunta"));
	http_script_stop(&s);
}

static void test_nobody_there(void **state)
{
	(void)state;
	assert_int_equal(ask(http_dead_port(), 10000), OK);
	wait_for(1);
	assert_int_equal(ends.last, ERR_NETWORK);
}

/* A byte now and then is no silence; the time is over all the same. */
static void test_slow_answer(void **state)
{
	struct http_script s = {.answer = ANSWER, .size = strlen(ANSWER), .pace_ms = 200};
	int64_t from = clock_monotonic();

	(void)state;
	http_script_start(&s);
	assert_int_equal(ask(s.port, 600), OK);
	wait_for(1);
	assert_int_equal(ends.last, ERR_TIMEOUT);
	assert_in_range(clock_monotonic() - from, 600, 2500);
	http_script_stop(&s);
}

/* A peer that accepts and says nothing holds MOST of them; the next is told so at once. */
static void test_silent_peer_holds_few(void **state)
{
	unsigned short port;
	int listener = http_listen(&port);
	int64_t from = clock_monotonic();

	(void)state;
	for (int i = 0; i < MOST; i++)
		assert_int_equal(ask(port, 700), OK);
	for (int i = 0; i < 100; i++)
		assert_int_equal(ask(port, 700), ERR_UNAVAILABLE);
	assert_in_range(clock_monotonic() - from, 0, 600);
	wait_for(MOST);
	assert_int_equal(ends.last, ERR_TIMEOUT);
	/* There is room again. */
	assert_int_equal(ask(port, 100), OK);
	wait_for(MOST + 1);
	close(listener);
}

/* Ending gives all back, without waiting for the peer. */
static void test_stop_gives_back(void **state)
{
	unsigned short port;
	int listener = http_listen(&port);
	int64_t from = clock_monotonic();

	for (int i = 0; i < MOST; i++)
		assert_int_equal(ask(port, 60000), OK);
	stop(state);
	assert_in_range(clock_monotonic() - from, 0, 2000);
	assert_int_equal(ends.count, MOST);
	assert_int_equal(ends.last, ERR_CANCELLED);
	close(listener);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_answer, start, stop),
		cmocka_unit_test_setup_teardown(test_nobody_there, start, stop),
		cmocka_unit_test_setup_teardown(test_slow_answer, start, stop),
		cmocka_unit_test_setup_teardown(test_silent_peer_holds_few, start, stop),
		cmocka_unit_test_setup_teardown(test_stop_gives_back, start, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
