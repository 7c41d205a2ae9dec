/*
 * Who may be at a store that is a file, besides what SQLite keeps apart: one server; and nobody
 * while the file itself is put in another's place. Locks of the kernel's (flock), so that they end
 * with the process however it ends. A store that several servers share (store_shared) wants none.
 */
#ifndef CORE_STORE_STORE_GUARD_H
#define CORE_STORE_STORE_GUARD_H

#include "core/store/store.h"

struct store_guard;

void store_guard_drop(struct store_guard *g);
AUTO_TYPE(store_guard, struct store_guard, store_guard_drop);

/*
 * For the life of a server, on PLACE.servidor, which stays. ERR_STORE_TAKEN: another has it.
 * *ret may be NULL with OK, here and below: there is nothing to guard.
 */
enum err store_guard_server(const char *place, struct store_guard **ret) MUST_CHECK;
/*
 * For who writes beside a server (verbs of buzond): the file stays where it is meanwhile. Taken
 * before store_open, dropped after store_close: dropping it ends locks of SQLite's. ERR_BUSY.
 */
enum err store_guard_use(const char *place, struct store_guard **ret) MUST_CHECK;
/* None of the latter until it is dropped: the file may be put elsewhere. ERR_BUSY. */
enum err store_guard_alone(const char *place, struct store_guard **ret) MUST_CHECK;

#endif
