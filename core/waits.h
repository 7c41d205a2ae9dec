/*
 * Long polls: readings that wait for the next change of their mailbox (wire.md, sincronizar).
 *
 * One thread runs a waiting reading again when its mailbox is said to have changed (core/vigia.h),
 * and looks a few times a second whose time is up or who has left. Where the store does not answer
 * it goes on waiting: a database that restarts is no business of a client's.
 */
#ifndef CORE_WAITS_H
#define CORE_WAITS_H

#include "core/serve.h"

struct waits;

enum err waits_start(struct server *s, struct waits **ret) MUST_CHECK;
/* Answers all that wait with what there is, and ends; from then on waits_add refuses. */
void waits_stop(struct waits *w);
/* After waits_stop, when nobody can call waits_add any more. */
void waits_free(struct waits *w);
/* Takes the exchange; x->done is called within `seconds`. ERR_UNAVAILABLE past `most` waiting. */
enum err waits_add(struct waits *w, struct exchange *x, int64_t seconds) MUST_CHECK;

/* That mailbox changed; NULL: any may have. */
void waits_wake(struct waits *w, const char *titular);
/* Does anybody wait? */
bool waits_any(struct waits *w);

#endif
