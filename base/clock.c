#include "base/clock.h"

#include <stdatomic.h>
#include <time.h>

static int64_t read_ms(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t system_now(const struct clock *self)
{
	return read_ms(CLOCK_REALTIME) + self->offset;
}

static int64_t fixed_now(const struct clock *self)
{
	return self->offset;
}

struct clock clock_system(int64_t offset)
{
	return (struct clock){.now = system_now, .offset = offset};
}

static int64_t shared_now(const struct clock *self)
{
	return read_ms(CLOCK_REALTIME) + atomic_load_explicit(self->shared, memory_order_relaxed);
}

struct clock clock_shared(const _Atomic int64_t *offset)
{
	return (struct clock){.now = shared_now, .shared = offset};
}

struct clock clock_fixed(int64_t at)
{
	return (struct clock){.now = fixed_now, .offset = at};
}

int64_t clock_monotonic(void)
{
	return read_ms(CLOCK_MONOTONIC);
}
