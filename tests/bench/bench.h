/*
 * `make bench`: each figure of limits.md (Targets) against a limit measured in the same run, the
 * two interleaved; what is printed are medians. It is no test: a missed target is said, never an
 * error.
 *
 * `bench NAME...` runs these rows only, or all whose names begin with NAME-. What is on disk or
 * running beside the bench goes away with it, however it ends (keeper.h).
 */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include "tests/bench/load.h"
#include "tests/help/core_mundo.h"

/* Rounds in which each measured thing and its limit run in turn. */
#define BENCH_ROUNDS 7

enum bench_goal { BENCH_AT_LEAST, BENCH_AT_MOST };

/* Says why and ends the program: without this nothing can be measured. */
_Noreturn void bench_die(const char *why);
/* Seconds of the monotonic clock. */
double bench_now(void);
/*
 * Seconds of the core that this thread has used. Limits of pure arithmetic are measured so: other
 * programs on the machine then only lower a ratio, never raise it.
 */
double bench_cpu(void);
/* ms UTC. */
int64_t bench_wall(void);
double bench_median(const double *of, size_t count);
/* The value below which that share (0.99) lies; sorts. */
double bench_quantile(double *of, size_t count, double share);
/* This thread, and what it makes from now on, runs on that core only; -1: on any. */
void bench_pin(int core);

/* A line of the table. `figure` and `limit` are already in words with their units. */
void bench_row(const char *name, const char *figure, const char *limit, double ratio,
	enum bench_goal goal, double target);
/* A line without a target. */
void bench_figure(const char *name, const char *figure, const char *limit, double ratio);
/* A line under it. */
__attribute__((format(printf, 1, 2))) void bench_say(const char *format, ...);

/* Each measures and prints its rows. */
void bench_reads(void);
void bench_acts(void);
void bench_cold(void);
void bench_list(void);
void bench_paper(void);
void bench_rows(void);
void bench_oficina(void);
/* The same on PostgreSQL: `bench pg` runs these only. */
void bench_pg_reads(void);
void bench_pg_trips(void);
void bench_pg_acts(void);
void bench_pg_rows(void);
/* The client, on a terminal and on the network. */
void bench_pantalla(void);
void bench_colgados(void);
void bench_red(void);

#endif
