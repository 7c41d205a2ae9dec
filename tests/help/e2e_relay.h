/*
 * A relay of bytes between client and server (TLS passes through untouched) that is as bad a line
 * as a test wants: cut at the instant of its choice (it is asked before each piece of an answer
 * goes on to the client), slow, far, dead for a while, or hung.
 *
 * One thread carries all connections. Each way of the line has one rate, shared by them.
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
	char authority[32]; /* what the client calls a server behind it */
	pthread_t thread;
	atomic_bool stop;
	/* Runs on the relay's thread; NULL forwards. */
	enum e2e_verdict (*_Atomic judge)(struct e2e_relay *r);
	atomic_int pieces; /* of answers, since the test last set it to 0 */
	int64_t number;	   /* the test's own */

	/* The line; changed at any time, 0 at first. */
	atomic_int rate;       /* bytes a second, each way; 0: no limit */
	atomic_int delay_ms;   /* one way */
	atomic_bool held;      /* connections are accepted, nothing passes: the server hangs */
	atomic_llong up, down; /* bytes that came to the server, to the client (or its judge) */
	atomic_int cuts;       /* how often it was cut while somebody was on the line */

	/* The relay's own. */
	atomic_llong dead_until; /* monotonic ms */
	int64_t free_at[2];	 /* when each way can take the next piece, monotonic us */
	struct e2e_link *links;
};

/* Listens; before e2e_open, which tells the world's server its authority. */
void e2e_relay_open(struct e2e_relay *r, struct e2e *w);
/* Forwards from now on. */
void e2e_relay_start(struct e2e_relay *r);
/* All connections end now, and none passes for `ms`. */
void e2e_relay_cut(struct e2e_relay *r, int ms);
void e2e_relay_close(struct e2e_relay *r);

#endif
