/*
 * Loopback peers for the tests of the HTTP ends: a raw client, a raw server that plays a script,
 * and TLS files made on the spot.
 */
#ifndef TESTS_HELP_HTTP_H
#define TESTS_HELP_HTTP_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/* A connection to 127.0.0.1; fails the test where there is none. */
int http_connect(unsigned short port);
void http_send(int fd, const void *data, size_t size);
void http_send_text(int fd, const char *text);
/* Reads until the peer closes, `ms` pass in silence or the room ends; NUL behind. */
size_t http_receive(int fd, char *to, size_t room, int ms);
/* Reads one whole answer with Content-Length (or until the peer closes). */
size_t http_receive_answer(int fd, char *to, size_t room);

/*
 * A server that takes one request, sends `answer` and then closes, resets or goes silent. With
 * `pace_ms` all but the first `at_once` bytes go one by one, that far apart.
 */
struct http_script {
	const char *answer;
	size_t size;
	size_t at_once;
	int pace_ms;
	enum { SCRIPT_CLOSE, SCRIPT_RESET, SCRIPT_HANG } then;

	unsigned short port;
	char request[8192]; /* what came, NUL behind */
	int listener, stop[2];
	pthread_t thread;
};
void http_script_start(struct http_script *s);
void http_script_stop(struct http_script *s);
/* A socket that listens on a free port of 127.0.0.1. */
int http_listen(unsigned short *ret_port);
/* A port of 127.0.0.1 where nobody listens. */
unsigned short http_dead_port(void);

/* Files in a new temporary folder: a CA, another CA, a certificate of the first for 127.0.0.1. */
struct http_tls {
	char folder[64];
	char ca[96], other_ca[96], cert[96], key[96];
	char *cert_pem, *key_pem;
};
void http_tls_make(struct http_tls *t);
void http_tls_drop(struct http_tls *t);

#endif
