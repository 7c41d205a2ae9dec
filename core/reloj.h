/*
 * The clock that all servers of one store share: the database's, as an offset to this machine's
 * that is measured again and again. The legal time of an act does not depend on which server
 * received it. With SQLite it is this machine's.
 */
#ifndef CORE_RELOJ_H
#define CORE_RELOJ_H

#include "base/clock.h"
#include "core/store/store.h"

struct reloj {
	_Atomic int64_t offset; /* ms */
};

/* Measures; logs an offset that an operator must know of. Errors of the store: it stays. */
enum err reloj_measure(struct reloj *r, struct store *s) MUST_CHECK;
struct clock reloj_clock(const struct reloj *r);

#endif
