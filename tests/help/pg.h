/*
 * PostgreSQL for tests. A test program that tests/run.sh runs as PROGRAM@pg has $BUZON_PG, the
 * folder of a cluster that is there for all of them; what it does then it does on a database of its
 * own in it. Tests that end a cluster start one of their own.
 */
#ifndef TESTS_HELP_PG_H
#define TESTS_HELP_PG_H

#include <stdbool.h>
#include <sys/types.h>
#include "base/arena.h"

/* Is this run on PostgreSQL? */
bool pg_wanted(void);
/* A new database's postgresql:// address in the arena; NULL unless pg_wanted. */
const char *pg_database(struct arena *a);

/* A cluster of this test's own; with a port it listens on 127.0.0.1, too. */
struct pg_cluster {
	char dir[64];
	unsigned port;
};
void pg_cluster_start(struct pg_cluster *c, unsigned port);
/* kill -9 of all its processes; it is gone when this returns. */
void pg_cluster_kill(struct pg_cluster *c);
void pg_cluster_again(struct pg_cluster *c);
void pg_cluster_stop(struct pg_cluster *c);
/* The postmaster's process. */
pid_t pg_cluster_pid(const struct pg_cluster *c);
/* A new database in it. */
const char *pg_cluster_database(const struct pg_cluster *c, struct arena *a);

/* What psql prints for the statement (unaligned, a row a line, no newline at the end). */
const char *pg_ask(struct arena *a, const char *place, const char *sql);

#endif
