#include "core/reloj.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include "base/log.h"

/* Below this two clocks agree: the way to the database and back is in it. */
#define AGREE_MS 20
/* An operator's business: NTP does not work here. */
#define TELL_MS 2000
/* The sealing process believes its own machine only (core/sealer_process.c). */
#define SEAL_MS (5 * INT64_C(60000))

static void tell(int64_t offset)
{
	if (llabs(offset) >= SEAL_MS)
		log_write(LOG_ERROR, "reloj",
			"this machine's clock is %" PRId64 " ms off the database's: the seal will "
			"refuse; set it",
			-offset);
	else if (llabs(offset) >= TELL_MS)
		log_write(LOG_WARN, "reloj",
			"this machine's clock is %" PRId64
			" ms off the database's, which counts; set it",
			-offset);
}

enum err reloj_measure(struct reloj *r, struct store *s)
{
	struct clock here = clock_system(0);
	int64_t before = clock_now(&here);
	int64_t there;
	enum err e = store_now(s, &there);

	if (e != OK)
		return e;
	int64_t offset = there - (before + clock_now(&here)) / 2;
	int64_t had = atomic_load(&r->offset);

	if (llabs(offset - had) < AGREE_MS)
		return OK;
	if (llabs(offset) < AGREE_MS)
		offset = 0;
	tell(offset);
	atomic_store(&r->offset, offset);
	return OK;
}

struct clock reloj_clock(const struct reloj *r)
{
	return clock_shared(&r->offset);
}
