/*
 * A real mail relay (exim4) on loopback, in a folder of its own: plain, STARTTLS with AUTH, TLS
 * from the first byte. By the local part it defers, rejects, is slow, refuses behind DATA, or takes
 * a message that it then can't deliver. What it delivers is in a Maildir.
 */
#ifndef TESTS_HELP_RELE_H
#define TESTS_HELP_RELE_H

#include <stdbool.h>
#include <sys/types.h>
#include "base/arena.h"
#include "tests/help/http.h"

struct rele {
	char dir[64];
	struct http_tls tls;
	unsigned plain, starttls, smtps; /* ports */
	pid_t pid;
};

/* False: exim4 can't be run here, for it takes root. */
bool rele_open(struct rele *r);
void rele_close(struct rele *r);
/* On the same ports. */
void rele_start(struct rele *r);
void rele_stop(struct rele *r);
/* Whoever connects waits for its greeting, as with one that has no time. */
void rele_hold(struct rele *r, bool held);
/* Behind DATA it says 451 to everybody. */
void rele_defer(struct rele *r, bool deferring);
/* Until it has a message that is not delivered yet: for medita@ it then thinks for 2 s. */
void rele_wait_taken(struct rele *r);
/* The messages for that address, once all that the relay took is delivered: how many there are. */
size_t rele_all(struct rele *r, struct arena *a, const char *to, const char **ret_first,
	const char **ret_second);
/* The messages for that address, whole; how many (20 s are waited for at least `least`). */
size_t rele_messages(struct rele *r, struct arena *a, const char *to, size_t least,
	const char **ret_first, const char **ret_second);

#endif
