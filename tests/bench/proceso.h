/*
 * Server processes to measure: the finished buzond, and an HTTP end that answers at once. Both die
 * with the bench.
 */
#ifndef TESTS_BENCH_PROCESO_H
#define TESTS_BENCH_PROCESO_H

#include <sys/types.h>
#include "tests/help/core_mundo.h"

struct proceso {
	pid_t pid;
	unsigned short port;
};

struct proceso_config {
	int core; /* -1: any */
	unsigned hilos;
	const char *preload; /* a library in LD_PRELOAD, or NULL */
	unsigned short port; /* where it listens, and by which it may be called; 0: any */
};

/* $BUZON_BUILD/buzond over the world's store and seal; ready when this returns. */
void proceso_buzond(struct mundo *m, const struct proceso_config *c, struct proceso *ret);
/* net/http_in with a handler that answers `body` bytes, on that core. */
void proceso_bare(size_t body, int core, struct proceso *ret);
void proceso_stop(struct proceso *p);

/* That process and all below it run on that core only, and so does what they start; -1: on any. */
void proceso_pin(pid_t root, int core);
/* Seconds of a core that they have used, all that still run. */
double proceso_cpu(pid_t root);

#endif
