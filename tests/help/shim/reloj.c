/* Preloaded into buzond by the tests: a machine whose clock is BUZON_RELOJ_MS off. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t which, struct timespec *to)
{
	long failed = syscall(SYS_clock_gettime, which, to);
	const char *off = getenv("BUZON_RELOJ_MS");

	if (failed != 0 || off == NULL ||
		(which != CLOCK_REALTIME && which != CLOCK_REALTIME_COARSE))
		return (int)failed;
	long ms = atol(off);
	long ns = to->tv_nsec + ms % 1000 * 1000000;

	to->tv_sec += ms / 1000 + (ns < 0 ? -1 : ns / 1000000000);
	to->tv_nsec = ns < 0 ? ns + 1000000000 : ns % 1000000000;
	return 0;
}

time_t time(time_t *to)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	if (to != NULL)
		*to = t.tv_sec;
	return t.tv_sec;
}

int gettimeofday(struct timeval *restrict to, void *restrict zone)
{
	struct timespec t;

	(void)zone;
	clock_gettime(CLOCK_REALTIME, &t);
	*to = (struct timeval){.tv_sec = t.tv_sec, .tv_usec = t.tv_nsec / 1000};
	return 0;
}
