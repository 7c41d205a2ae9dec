#include "tests/help/http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

static struct sockaddr_in loopback(unsigned short port)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return a;
}

int http_connect(unsigned short port)
{
	struct sockaddr_in a = loopback(port);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

void http_send(int fd, const void *data, size_t size)
{
	const char *at = data;

	while (size > 0) {
		ssize_t n = send(fd, at, size, MSG_NOSIGNAL);

		if (n <= 0)
			return;
		at += n;
		size -= (size_t)n;
	}
}

void http_send_text(int fd, const char *text)
{
	http_send(fd, text, strlen(text));
}

static bool readable(int fd, int ms)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	return poll(&p, 1, ms) > 0;
}

size_t http_receive(int fd, char *to, size_t room, int ms)
{
	size_t size = 0;

	while (size < room - 1 && readable(fd, ms)) {
		ssize_t n = recv(fd, to + size, room - 1 - size, 0);

		if (n <= 0)
			break;
		size += (size_t)n;
	}
	to[size] = '\0';
	return size;
}

static bool answer_whole(const char *text, size_t size)
{
	const char *end = strstr(text, "\r\n\r\n");
	const char *length = strcasestr(text, "\r\nContent-Length:");

	if (end == NULL || length == NULL || length > end)
		return false;
	return size >= (size_t)(end + 4 - text) + strtoul(length + 17, NULL, 10);
}

size_t http_receive_answer(int fd, char *to, size_t room)
{
	size_t size = 0;

	to[0] = '\0';
	while (size < room - 1 && !answer_whole(to, size) && readable(fd, 10000)) {
		ssize_t n = recv(fd, to + size, room - 1 - size, 0);

		if (n <= 0)
			break;
		size += (size_t)n;
		to[size] = '\0';
	}
	return size;
}

/* One request of a client that is not pipelining: its head and Content-Length bytes. */
static void script_read(struct http_script *s, int fd)
{
	http_receive_answer(fd, s->request, sizeof(s->request));
}

static bool request_has_body(const char *text)
{
	return strncmp(text, "POST", 4) == 0;
}

static void script_read_get(struct http_script *s, int fd)
{
	size_t size = 0;

	s->request[0] = '\0';
	while (strstr(s->request, "\r\n\r\n") == NULL && size < sizeof(s->request) - 1) {
		ssize_t n = recv(fd, s->request + size, 1, 0);

		if (n <= 0)
			return;
		size += (size_t)n;
		s->request[size] = '\0';
	}
}

/* Ends early where the client hangs up, or the test stops it. */
static void script_dribble(struct http_script *s, int fd)
{
	http_send(fd, s->answer, s->at_once);
	for (size_t i = s->at_once; i < s->size && !readable(s->stop[0], s->pace_ms); i++)
		if (send(fd, s->answer + i, 1, MSG_NOSIGNAL) != 1)
			return;
}

static void *script_run(void *ctx)
{
	struct http_script *s = ctx;
	int fd = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC);
	char peek[5] = "";

	if (fd < 0)
		return NULL;
	recv(fd, peek, 4, MSG_PEEK | MSG_WAITALL);
	if (request_has_body(peek))
		script_read(s, fd);
	else if (peek[0] >= 'A' && peek[0] <= 'Z')
		script_read_get(s, fd);
	if (s->pace_ms > 0)
		script_dribble(s, fd);
	else
		http_send(fd, s->answer, s->size);
	if (s->then == SCRIPT_HANG)
		readable(s->stop[0], -1);
	if (s->then == SCRIPT_RESET) {
		struct linger now = {.l_onoff = 1};

		/* Lets what was sent be read before the reset discards it. */
		usleep(100000);
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	}
	close(fd);
	return NULL;
}

static int listen_any(unsigned short *ret_port)
{
	struct sockaddr_in a = loopback(0);
	socklen_t size = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &size), 0);
	*ret_port = ntohs(a.sin_port);
	return fd;
}

int http_listen(unsigned short *ret_port)
{
	int fd = listen_any(ret_port);

	assert_int_equal(listen(fd, 8), 0);
	return fd;
}

void http_script_start(struct http_script *s)
{
	if (s->size == 0 && s->answer != NULL)
		s->size = strlen(s->answer);
	s->listener = http_listen(&s->port);
	assert_int_equal(pipe(s->stop), 0);
	assert_int_equal(pthread_create(&s->thread, NULL, script_run, s), 0);
}

void http_script_stop(struct http_script *s)
{
	shutdown(s->listener, SHUT_RDWR);
	close(s->stop[1]);
	pthread_join(s->thread, NULL);
	close(s->stop[0]);
	close(s->listener);
}

unsigned short http_dead_port(void)
{
	unsigned short port;

	close(listen_any(&port));
	return port;
}

static void run(const char *format, const char *a, const char *b, const char *c)
{
	char line[1024];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(line, sizeof(line), format, a, b, c);
#pragma GCC diagnostic pop
	assert_int_equal(system(line), 0);
}

static char *whole_file(const char *path)
{
	char *text = calloc(1, 16384);
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	assert_true(fread(text, 1, 16383, f) > 0);
	fclose(f);
	return text;
}

void http_tls_make(struct http_tls *t)
{
	snprintf(t->folder, sizeof(t->folder), "/tmp/buzon-tls-XXXXXX");
	assert_non_null(mkdtemp(t->folder));
	snprintf(t->ca, sizeof(t->ca), "%s/ca.pem", t->folder);
	snprintf(t->other_ca, sizeof(t->other_ca), "%s/other.pem", t->folder);
	snprintf(t->cert, sizeof(t->cert), "%s/cert.pem", t->folder);
	snprintf(t->key, sizeof(t->key), "%s/key.pem", t->folder);
	const char *ca = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
			 "-keyout %1$s/%2$s.key -out %3$s -days 2 -subj /CN=%2$s 2>/dev/null";
	run(ca, t->folder, "ca", t->ca);
	run(ca, t->folder, "other", t->other_ca);
	run("cd %s && printf 'subjectAltName=IP:127.0.0.1\\n' > ext && openssl req -new -newkey ec "
	    "-pkeyopt ec_paramgen_curve:P-256 -nodes -keyout %s -out csr -subj /CN=prueba "
	    "2>/dev/null && openssl x509 -req -in csr -CA ca.pem -CAkey ca.key -CAcreateserial "
	    "-days 2 -extfile ext -out %s 2>/dev/null",
		t->folder, t->key, t->cert);
	t->cert_pem = whole_file(t->cert);
	t->key_pem = whole_file(t->key);
}

void http_tls_drop(struct http_tls *t)
{
	run("rm -r %s%s%s", t->folder, "", "");
	free(t->cert_pem);
	free(t->key_pem);
}
