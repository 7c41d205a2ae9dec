/*
 * Time is int64 milliseconds UTC since 1970. Below main the clock is an argument: a value where one
 * instant is enough, a struct clock where time passes.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

struct clock {
	int64_t (*now)(const struct clock *self); /* ms UTC */
	int64_t offset;				  /* added to the system's, or the fixed instant */
	const _Atomic int64_t *shared;		  /* the offset while others change it */
};

/* The system's clock plus an offset (the server's time minus ours). */
struct clock clock_system(int64_t offset);
/* The same with an offset that another thread keeps; borrowed. */
struct clock clock_shared(const _Atomic int64_t *offset);
/* Always the same instant: tests. */
struct clock clock_fixed(int64_t at);

static inline int64_t clock_now(const struct clock *c)
{
	return c->now(c);
}

/* Monotonic milliseconds, for waiting and measuring only. */
int64_t clock_monotonic(void);

#endif
