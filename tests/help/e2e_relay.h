/*
 * A relay of bytes between client and server (TLS passes through untouched) that a test can cut at
 * the instant of its choice: it is asked before each piece of an answer goes on to the client.
 */
#ifndef TESTS_HELP_E2E_RELAY_H
#define TESTS_HELP_E2E_RELAY_H

#include <pthread.h>
#include <stdatomic.h>
#include "tests/help/e2e.h"

enum e2e_verdict {
	E2E_FORWARD,
	E2E_CUT,  /* nothing of it arrives; both connections end */
	E2E_HALF, /* half of it arrives, then both end */
};

struct e2e_relay {
	struct e2e *world;
	int fd;
	unsigned port;
	pthread_t thread;
	atomic_bool stop;
	/* Runs on the relay's thread; NULL forwards. */
	enum e2e_verdict (*_Atomic judge)(struct e2e_relay *r);
	atomic_int pieces; /* of answers, since the test last set it to 0 */
	int64_t number;	   /* the test's own */
};

/* Listens; before e2e_open, so that the server can be told the authority. */
void e2e_relay_open(struct e2e_relay *r, struct e2e *w);
/* Forwards from now on. */
void e2e_relay_start(struct e2e_relay *r);
void e2e_relay_close(struct e2e_relay *r);

#endif
