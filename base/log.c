#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static atomic_int log_fd = 2;
static atomic_int log_least = LOG_INFO;

void log_open(int fd, enum log_level level)
{
	log_fd = fd;
	log_least = (int)level;
}

static atomic_long log_left;
static void (*_Atomic log_full)(void);

void log_limit(size_t bytes, void (*full)(void))
{
	log_left = (long)bytes;
	log_full = full;
}

static void count(long written)
{
	if (log_full == NULL || atomic_fetch_sub(&log_left, written) > written)
		return;
	/* Whoever takes it calls it; a thread that comes meanwhile finds none. */
	void (*full)(void) = atomic_exchange(&log_full, NULL);

	if (full != NULL)
		full();
}

void log_write(enum log_level level, const char *area, const char *format, ...)
{
	static const char *const names[] = {"error", "warn", "info", "debug"};
	char line[1024];
	struct timespec t;
	struct tm utc;
	va_list args;

	if ((int)level > log_least)
		return;
	clock_gettime(CLOCK_REALTIME, &t);
	gmtime_r(&t.tv_sec, &utc);
	size_t n = strftime(line, sizeof(line), "%Y-%m-%dT%H:%M:%S", &utc);

	n += (size_t)snprintf(line + n, sizeof(line) - n, ".%03ldZ %s %s: ", t.tv_nsec / 1000000,
		names[level], area);
	size_t text = n;

	va_start(args, format);
	int m = vsnprintf(line + n, sizeof(line) - n - 1, format, args);

	va_end(args);
	n += m < 0 ? 0 : (size_t)m < sizeof(line) - n - 2 ? (size_t)m : sizeof(line) - n - 2;
	for (size_t i = text; i < n; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = '?';
	line[n++] = '\n';
	/* A log that can't be written must not stop the program. */
	if (write(log_fd, line, n) == (ssize_t)n)
		count((long)n);
}
