/*
 * Waiting on a condition for at most so long, by the monotonic clock: setting the clock of the
 * machine neither cuts a wait nor makes it endless.
 */
#ifndef NET_TIMED_H
#define NET_TIMED_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include "base/macros.h"

/* A condition for timed_wait; false when the system has no room for it. */
bool timed_make(pthread_cond_t *c) MUST_CHECK;
/* Until signalled or the instant `until` (clock_monotonic) passes: false then. */
bool timed_wait(pthread_cond_t *c, pthread_mutex_t *lock, int64_t until) MUST_CHECK;

#endif
