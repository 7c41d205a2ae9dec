/*
 * What the bench has on disk and running beside it goes away with it, however it ends: an error,
 * Ctrl-C, kill -9. A process in a session of its own sees to it.
 *
 * That is the folder of all its worlds ($BUZON_TMP from here on) and a PostgreSQL cluster
 * (tests/pg.sh: fsync on), which is started by the first row that wants it.
 */
#ifndef TESTS_BENCH_KEEPER_H
#define TESTS_BENCH_KEEPER_H

#include <stdbool.h>
#include <sys/types.h>

/* First of all, once. */
void keeper_open(void);
/* All is gone when this returns. */
void keeper_close(void);
/* Worlds opened from now on are on PostgreSQL, each on a database of its own; or on SQLite again.
 */
void keeper_postgres(bool on);
/* The postmaster of the cluster. */
pid_t keeper_postmaster(void);

#endif
