/*
 * Budgets, so that a stranger can't hurt the server (wire.md, Limits): requests a minute for one
 * key or address, and the bounded set of nonces of reads. In memory, thread-safe, fixed size.
 *
 * Where several servers share a store, a budget is one for all of them: its bucket is in the store,
 * and each server borrows an eighth of it at a time, so that few requests ask. What is borrowed and
 * not spent is lost after a while. Where the store does not answer each server counts by itself: it
 * gives an eighth each eighth of a minute.
 */
#ifndef CORE_BUDGET_H
#define CORE_BUDGET_H

#include <stdbool.h>
#include <stdint.h>
#include "base/bytes.h"
#include "base/err.h"

struct budget;

enum err budget_open(struct budget **ret) MUST_CHECK;
/* From now on with the other servers of that store. Errors of the store. */
enum err budget_share(struct budget *b, const char *place) MUST_CHECK;
void budget_close(struct budget *b);
AUTO_TYPE(budget, struct budget, budget_close);

/*
 * Takes one from the bucket of `who` which holds `per_minute` and refills evenly; 0: no limit.
 * ERR_TOO_MANY when empty. `now` in ms. Two names that share a slot share its bucket of the newer.
 */
enum err budget_take(
	struct budget *b, const char *who, unsigned per_minute, int64_t now) MUST_CHECK;
/* Gives one back: the request turned out to be what it said. */
void budget_give(struct budget *b, const char *who, unsigned per_minute);
/*
 * A read's nonce: ERR_NONCE_USED if it was seen within the last 10 minutes. When the set is full
 * its older half is forgotten: reads have no legal effect.
 */
enum err budget_nonce(
	struct budget *b, const char *keyid, struct bytes nonce, int64_t now) MUST_CHECK;

#endif
