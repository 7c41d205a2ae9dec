#include "net/timed.h"

#include <time.h>

bool timed_make(pthread_cond_t *c)
{
	pthread_condattr_t monotonic;

	if (pthread_condattr_init(&monotonic) != 0)
		return false;
	bool made = pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0 &&
		    pthread_cond_init(c, &monotonic) == 0;

	pthread_condattr_destroy(&monotonic);
	return made;
}

bool timed_wait(pthread_cond_t *c, pthread_mutex_t *lock, int64_t until)
{
	struct timespec at = {.tv_sec = until / 1000, .tv_nsec = (long)(until % 1000) * 1000000L};

	return pthread_cond_timedwait(c, lock, &at) == 0;
}
