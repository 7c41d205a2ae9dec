/*
 * Handing a message over to a relay that plays a script: what is said to it, and what each of its
 * answers, silences and deaths means. A real one is in tests/e2e/test_correo.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/mem.h"
#include "net/http_out.h"
#include "tests/help/http.h"

#define HEARD 65536

/* What it answers to each command; NULL: well. HANG: nothing; GONE: it hangs up. */
#define HANG "hang"
#define GONE "gone"

struct relay {
	const char *greeting;
	const char *extensions; /* behind its name in the answer to EHLO */
	const char *mail, *rcpt, *data, *end;
	unsigned short port;
	int listener;
	char heard[HEARD];
	pthread_t thread;
};

static bool heard(const struct relay *r, const char *text)
{
	return strstr(r->heard, text) != NULL;
}

/* One line, or all up to the lone dot; false: it left. */
static bool hear(struct relay *r, int fd, const char *until)
{
	size_t from = strlen(r->heard);
	size_t at = from;

	while (at + 1 < HEARD && read(fd, r->heard + at, 1) == 1) {
		r->heard[++at] = '\0';
		if (at - from >= strlen(until) && strcmp(r->heard + at - strlen(until), until) == 0)
			return true;
	}
	return false;
}

static bool say(int fd, const char *line, const char *usual)
{
	char text[1024];
	char c;

	if (line != NULL && strcmp(line, GONE) == 0)
		return false;
	if (line != NULL && strcmp(line, HANG) == 0)
		return read(fd, &c, 1) > 0;
	snprintf(text, sizeof(text), "%.1000s\r\n", line != NULL ? line : usual);
	http_send_text(fd, text);
	return true;
}

static bool answer(struct relay *r, int fd, const char *command)
{
	char hello[512];

	if (strncasecmp(command, "EHLO", 4) == 0) {
		snprintf(hello, sizeof(hello), "250%srele%s", r->extensions != NULL ? "-" : " ",
			r->extensions != NULL ? r->extensions : "");
		return say(fd, NULL, hello);
	}
	if (strncasecmp(command, "AUTH", 4) == 0)
		return say(fd, NULL, "334 ");
	if (strncmp(command, "AHlv", 4) == 0)
		return say(fd, NULL, "235 2.7.0 ok");
	if (strncasecmp(command, "MAIL", 4) == 0)
		return say(fd, r->mail, "250 2.1.0 ok");
	if (strncasecmp(command, "RCPT", 4) == 0)
		return say(fd, r->rcpt, "250 2.1.5 ok");
	if (strncasecmp(command, "DATA", 4) == 0) {
		if (!say(fd, r->data, "354 go on"))
			return false;
		return r->data != NULL ||
		       (hear(r, fd, "\r\n.\r\n") && say(fd, r->end, "250 2.0.0 ok"));
	}
	return say(fd, NULL, strncasecmp(command, "QUIT", 4) == 0 ? "221 bye" : "502 what");
}

static void *serve(void *arg)
{
	struct relay *r = arg;
	int fd;

	while ((fd = accept(r->listener, NULL, NULL)) >= 0) {
		bool on = say(fd, r->greeting, "220 rele");

		while (on) {
			size_t from = strlen(r->heard);

			on = hear(r, fd, "\r\n") && answer(r, fd, r->heard + from);
		}
		close(fd);
	}
	return NULL;
}

static void open_relay(struct relay *r)
{
	r->listener = http_listen(&r->port);
	assert_int_equal(pthread_create(&r->thread, NULL, serve, r), 0);
}

static void close_relay(struct relay *r)
{
	shutdown(r->listener, SHUT_RDWR);
	pthread_join(r->thread, NULL);
	close(r->listener);
}

static struct http_out_request message(const struct relay *r, char url[64])
{
	snprintf(url, 64, "smtp://127.0.0.1:%u/yo.prueba", r->port);
	return (struct http_out_request){.url = url,
		.body = bytes_of_text("Subject: x\r\n\r\nuno\r\n.dos\r\n.\r\n"),
		.timeout_ms = 2000,
		.mail_to = "ana@b.mx",
		.mail_from = "yo+1@b.mx",
		.starttls = HTTP_OUT_TLS_NEVER};
}

static struct http_out_result run(const struct http_out_request *rq)
{
	atomic_bool stop = false;
	struct http_out_result result = {.status = -1};

	http_out_once(rq, &stop, &result);
	return result;
}

static struct http_out_result hand_over(struct relay *r)
{
	char url[64];

	open_relay(r);
	struct http_out_request rq = message(r, url);
	struct http_out_result result = run(&rq);

	close_relay(r);
	return result;
}

static void taken(void **state)
{
	struct relay r = {0};
	struct http_out_result result = hand_over(&r);

	(void)state;
	assert_int_equal(result.err, OK);
	assert_int_equal(result.status, 250);
	assert_true(result.of_message);
	assert_string_equal(result.enhanced, "");
	assert_true(heard(&r, "EHLO yo.prueba\r\nMAIL FROM:<yo+1@b.mx>"));
	assert_true(heard(&r, "RCPT TO:<ana@b.mx>\r\nDATA\r\n"));
	/* Its own dots are not the end. */
	assert_true(heard(&r, "Subject: x\r\n\r\nuno\r\n..dos\r\n..\r\n.\r\n"));
}

static void refused(void **state)
{
	static const struct {
		struct relay relay;
		int status;
		const char *enhanced;
		bool of_message;
	} cases[] = {
		{{.greeting = "554 5.3.2 closed"}, 554, "5.3.2", false},
		{{.greeting = "421 busy"}, 421, "", false},
		{{.mail = "550 5.7.1 not you"}, 550, "5.7.1", true},
		{{.mail = "451 4.3.0 later"}, 451, "4.3.0", true},
		{{.rcpt = "550 5.1.1 nobody"}, 550, "5.1.1", true},
		{{.rcpt = "450 4.2.1"}, 450, "4.2.1", true},
		{{.rcpt = "550 no such user"}, 550, "", true},
		{{.rcpt = "550 2.1.1 lies"}, 550, "", true},
		{{.rcpt = "550 5.1.111111111111 long"}, 550, "", true},
		{{.data = "554 5.5.1 no"}, 554, "5.5.1", true},
		{{.end = "552 5.2.2 full"}, 552, "5.2.2", true},
		{{.end = "452 4.3.1 disk"}, 452, "4.3.1", true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct relay r = cases[i].relay;
		struct http_out_result result = hand_over(&r);

		assert_int_equal(result.err, OK);
		assert_int_equal(result.status, cases[i].status);
		assert_string_equal(result.enhanced, cases[i].enhanced);
		assert_int_equal(result.of_message, cases[i].of_message);
	}
}

/* Nobody knows: the relay may have it. Never an answer. */
static void broken(void **state)
{
	static const struct relay cases[] = {{.greeting = HANG}, {.mail = HANG}, {.end = HANG},
		{.greeting = GONE}, {.mail = GONE}, {.rcpt = GONE}, {.data = GONE}, {.end = GONE}};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct relay r = cases[i];
		char url[64];

		open_relay(&r);
		struct http_out_request rq = message(&r, url);

		rq.timeout_ms = 300;
		struct http_out_result result = run(&rq);

		close_relay(&r);
		assert_int_equal(result.status, 0);
		assert_true(result.err == ERR_TIMEOUT || result.err == ERR_CUT ||
			    result.err == ERR_NETWORK || result.err == ERR_BAD_ANSWER);
	}
}

static void tls_that_is_not_offered(void **state)
{
	struct relay r = {.extensions = "\r\n250 SIZE"};
	char url[64];

	(void)state;
	open_relay(&r);
	struct http_out_request rq = message(&r, url);

	rq.starttls = HTTP_OUT_TLS_NEED;
	assert_int_equal(run(&rq).err, ERR_TLS);
	assert_false(heard(&r, "MAIL"));
	rq.starttls = HTTP_OUT_TLS_MAY;
	assert_int_equal(run(&rq).status, 250);
	close_relay(&r);
}

static void login(void **state)
{
	struct relay r = {.extensions = "\r\n250 AUTH PLAIN"};
	SECRET(password);
	struct http_out_login l = {.user = "yo", .password = &password};
	char url[64];

	(void)state;
	assert_int_equal(secret_set(&password, "clave", 6), OK);
	open_relay(&r);
	struct http_out_request rq = message(&r, url);

	rq.login = &l;
	assert_int_equal(run(&rq).status, 250);
	close_relay(&r);
	assert_true(heard(&r, "AUTH PLAIN"));
	/* NUL yo NUL clave */
	assert_true(heard(&r, "AHlvAGNsYXZl\r\nMAIL"));
}

/* RFC 6531, and a relay that does not know it. */
static void utf8(void **state)
{
	struct relay r = {.extensions = "\r\n250 SMTPUTF8"};
	char url[64];

	(void)state;
	open_relay(&r);
	struct http_out_request rq = message(&r, url);

	rq.mail_to = "niño@b.mx";
	assert_int_equal(run(&rq).status, 250);
	close_relay(&r);
	assert_true(heard(&r, "MAIL FROM:<yo+1@b.mx> SMTPUTF8\r\nRCPT TO:<niño@b.mx>\r\n"));
}

static void bad_requests_do_not_start(void **state)
{
	struct relay none = {.port = 1};
	char url[64];
	struct http_out_request rq = message(&none, url);

	(void)state;
	rq.mail_to = "a@b.mx>\r\nRCPT TO:<c@d.mx";
	assert_int_equal(run(&rq).err, ERR_BAD_FIELD);
	rq.mail_to = "a@b.mx";
	rq.mail_from = "a@b.mx\nX";
	assert_int_equal(run(&rq).err, ERR_BAD_FIELD);
	rq.mail_from = "";
	rq.url = "http://127.0.0.1/";
	assert_int_equal(run(&rq).err, ERR_CONFIG);
	rq.mail_to = NULL;
	rq.url = "smtp://127.0.0.1/";
	assert_int_equal(run(&rq).err, ERR_CONFIG);
}

/* A server that ends does not wait for a relay, even where libcurl does. */
static void *stop_soon(void *arg)
{
	usleep(200000);
	atomic_store((atomic_bool *)arg, true);
	return NULL;
}

static void stopped(void **state)
{
	static const struct relay cases[] = {{.greeting = HANG}, {.rcpt = HANG}, {.end = HANG}};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct relay r = cases[i];
		struct http_out_result result = {0};
		atomic_bool stop = false;
		pthread_t thread;
		char url[64];

		open_relay(&r);
		struct http_out_request rq = message(&r, url);

		rq.timeout_ms = 60000;
		assert_int_equal(pthread_create(&thread, NULL, stop_soon, &stop), 0);
		http_out_once(&rq, &stop, &result);
		assert_int_equal(result.err, ERR_CANCELLED);
		pthread_join(thread, NULL);
		close_relay(&r);
	}
}

/* Whoever has it for so long only must not find it with the relay afterwards: each answer comes
 * within its time, and all of them together don't. */
static void no_longer_than_that(void **state)
{
	static const struct relay cases[] = {{.greeting = HANG}, {.end = HANG}};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct relay r = cases[i];
		int64_t began = clock_monotonic();
		char url[64];

		open_relay(&r);
		struct http_out_request rq = message(&r, url);

		rq.timeout_ms = 60000;
		rq.most_ms = 500;
		assert_int_equal(run(&rq).err, ERR_TIMEOUT);
		assert_true(clock_monotonic() - began < 30000);
		close_relay(&r);
	}
}

static void nobody_listens(void **state)
{
	struct relay none = {.port = http_dead_port()};
	char url[64];
	struct http_out_request rq = message(&none, url);

	(void)state;
	assert_int_equal(run(&rq).err, ERR_NETWORK);
}

static int set_up(void **state)
{
	struct secret_status status;

	(void)state;
	return secret_setup(&status) == OK && http_out_setup() == OK ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(taken),
		cmocka_unit_test(refused),
		cmocka_unit_test(broken),
		cmocka_unit_test(tls_that_is_not_offered),
		cmocka_unit_test(login),
		cmocka_unit_test(utf8),
		cmocka_unit_test(bad_requests_do_not_start),
		cmocka_unit_test(stopped),
		cmocka_unit_test(no_longer_than_that),
		cmocka_unit_test(nobody_listens),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
