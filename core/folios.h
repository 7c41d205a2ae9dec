/*
 * Folios are instants (A-05: BI-YYYYMMDD-HHMMSSmmm), one a millisecond, given from blocks leased of
 * the store, so that servers never meet. A folio identifies: where its own millisecond is given it
 * is a later one; what a block still had when it was dropped nobody gets.
 */
#ifndef CORE_FOLIOS_H
#define CORE_FOLIOS_H

#include "core/store/store.h"

/* One writer's block: [next, end), ms UTC. */
struct folios {
	int64_t next;
	int64_t end;
};

/*
 * Begins a transaction in which `count` folios of instants from `now` on can be taken. Where it is
 * rolled back, folios_rolled_back. Errors of the store.
 */
enum err folios_begin(struct folios *f, struct store *s, int64_t now, size_t count) MUST_CHECK;
/* `before`: the block as it was at folios_begin; a lease may have been undone with it. */
void folios_rolled_back(struct folios *f, const struct store *s, const struct folios *before);
/* ERR_INTERNAL where more are taken than were asked for. */
enum err folios_take(struct folios *f, int64_t now, int64_t *ret_at) MUST_CHECK;

#endif
