#include "tests/bench/bench.h"

#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include "base/log.h"
#include "tests/bench/keeper.h"

void bench_die(const char *why)
{
	fprintf(stderr, "bench: %s\n", why);
	exit(1);
}

static double seconds_of(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

double bench_now(void)
{
	return seconds_of(CLOCK_MONOTONIC);
}

double bench_cpu(void)
{
	return seconds_of(CLOCK_THREAD_CPUTIME_ID);
}

int64_t bench_wall(void)
{
	struct clock clock = clock_system(0);

	return clock_now(&clock);
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double bench_quantile(double *of, size_t count, double share)
{
	size_t at = (size_t)((double)count * share);

	qsort(of, count, sizeof(*of), by_size);
	return of[at < count ? at : count - 1];
}

double bench_median(const double *of, size_t count)
{
	double sorted[BENCH_ROUNDS];

	if (count == 0 || count > BENCH_ROUNDS)
		bench_die("a median of nothing");
	memcpy(sorted, of, count * sizeof(*of));
	return bench_quantile(sorted, count, 0.5);
}

void bench_pin(int core)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	for (int i = 0; i < CPU_SETSIZE; i++)
		if (core < 0 || i == core)
			CPU_SET(i, &set);
	if (sched_setaffinity(0, sizeof(set), &set) != 0)
		bench_die("can't choose a core");
}

void bench_row(const char *name, const char *figure, const char *limit, double ratio,
	enum bench_goal goal, double target)
{
	bool ok = goal == BENCH_AT_LEAST ? ratio >= target : ratio <= target;

	printf("%-38s %18s %18s %7.2f  %s %-5.2f %s\n", name, figure, limit, ratio,
		goal == BENCH_AT_LEAST ? ">=" : "<=", target, ok ? "OK" : "MISSED");
	fflush(stdout);
}

void bench_figure(const char *name, const char *figure, const char *limit, double ratio)
{
	printf("%-38s %18s %18s %7.2f\n", name, figure, limit, ratio);
	fflush(stdout);
}

void bench_say(const char *format, ...)
{
	va_list args;

	printf("    ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	fflush(stdout);
}

static bool chosen(const char *name, int argc, char **argv)
{
	for (int k = 1; k < argc; k++) {
		size_t size = strlen(argv[k]);

		if (strncmp(name, argv[k], size) == 0 && (name[size] == '\0' || name[size] == '-'))
			return true;
	}
	return argc < 2;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} all[] = {
		{"reads", bench_reads},
		{"acts", bench_acts},
		{"cold", bench_cold},
		{"list", bench_list},
		{"paper", bench_paper},
		{"rows", bench_rows},
		{"oficina", bench_oficina},
		{"pg-reads", bench_pg_reads},
		{"pg-trips", bench_pg_trips},
		{"pg-acts", bench_pg_acts},
		{"pg-rows", bench_pg_rows},
		{"pantalla", bench_pantalla},
		{"colgados", bench_colgados},
		{"red", bench_red},
	};
	double start = bench_now();

	log_open(STDERR_FILENO, LOG_WARN);
	keeper_open();
	printf("%-38s %18s %18s %7s  %s\n", "what", "measured", "limit", "ratio", "target");
	for (size_t i = 0; i < COUNT_OF(all); i++)
		if (chosen(all[i].name, argc, argv))
			all[i].run();
	bench_say("%d cores, %.0f s in all, medians of %d interleaved rounds",
		(int)sysconf(_SC_NPROCESSORS_ONLN), bench_now() - start, BENCH_ROUNDS);
	keeper_close();
	return 0;
}
