/*
 * A relay between buzond and PostgreSQL that understands just enough of the protocol (version 3, no
 * TLS) to see the transactions that hold acts, and to cut where a test wants: before a COMMIT
 * reaches the database, before its answer reaches the server, or at any byte.
 *
 * One thread carries all connections of one server.
 */
#ifndef TESTS_HELP_PG_RELAY_H
#define TESTS_HELP_PG_RELAY_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include "base/arena.h"

/* Of a transaction with acts, before it is passed on. */
enum pg_step {
	PG_ACT_DONE,	/* its first act's row is in: mailboxes are locked */
	PG_COMMIT_SENT, /* on its way to the database */
	PG_COMMIT_DONE, /* committed; the server does not know yet */
};

enum pg_verdict {
	PG_FORWARD,
	PG_CUT, /* it is not passed on, and the connection ends */
};

struct pg_relay;
typedef enum pg_verdict pg_judge(struct pg_relay *r, enum pg_step step);

struct pg_relay {
	unsigned to;		   /* PostgreSQL's port */
	unsigned port;		   /* ours; 0: not open */
	_Atomic(pg_judge *) judge; /* pg_relay_judge */
	void *context;		   /* the test's own */
	atomic_llong cut_after;	   /* so many bytes more, any way; 0: never */
	atomic_bool held;	   /* nothing passes, nothing is refused: PostgreSQL hangs */
	atomic_int cuts;	   /* connections ended by us */

	/* The relay's own. */
	int fd;
	pthread_t thread;
	atomic_bool stop;
	struct pg_link *links;
};

void pg_relay_open(struct pg_relay *r, unsigned to);
void pg_relay_close(struct pg_relay *r);
/* From now on; it runs on the relay's thread. NULL forwards. */
void pg_relay_judge(struct pg_relay *r, pg_judge *judge);
/* Until the judge has taken itself away (20 s). */
void pg_relay_judged(const struct pg_relay *r);
/* That database through the relay. */
const char *pg_relay_place(const struct pg_relay *r, struct arena *a, const char *database);

#endif
