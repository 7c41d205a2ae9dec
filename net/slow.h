/*
 * Peers that keep a connection alive by sending a byte now and then, without ever ending their
 * request's head: the HTTP library's time-out counts silence only. A thread shuts them down.
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

/* Has the peer closed its end, or died? NULL: not known, false. */
bool slow_left(const struct slow_peer *p);

#endif
