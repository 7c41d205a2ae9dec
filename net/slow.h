/*
 * Peers that keep a connection alive by sending a byte now and then, without ever ending their
 * request's head: the HTTP library's time-out counts silence only. A thread shuts them down, and
 * those that left in the middle of a body.
 */
#ifndef NET_SLOW_H
#define NET_SLOW_H

#include <stdbool.h>
#include "base/err.h"

struct slow;
struct slow_peer;

enum err slow_start(struct slow **ret) MUST_CHECK;
/* Ends the thread; peers that are left are forgotten. */
void slow_stop(struct slow *s);

/* NULL when memory ends. The descriptor must stay open until slow_remove. */
struct slow_peer *slow_add(struct slow *s, int fd) MUST_CHECK;
void slow_remove(struct slow *s, struct slow_peer *p);
/* The peer has `ms` from now until the next call; -1: as long as it wants. */
void slow_allow(struct slow *s, struct slow_peer *p, int ms);

/*
 * More is to come from the peer, or not: one that closed its end without is shut down. The HTTP
 * library, told once of bytes and of the end behind them, sees the bytes only.
 */
void slow_expect(struct slow *s, struct slow_peer *p, bool more);

/* Has the peer closed its end, or died? NULL: not known, false. */
bool slow_left(const struct slow_peer *p);

#endif
