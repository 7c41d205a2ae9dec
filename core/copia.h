/*
 * A copy of the store in one file (SQLite): made while a server writes, and looked at before
 * anybody relies on it.
 */
#ifndef CORE_COPIA_H
#define CORE_COPIA_H

#include <limits.h>
#include <stdbool.h>
#include "base/arena.h"
#include "base/db.h"

/* What a copy holds. */
struct copia {
	int64_t actos;
	int64_t ultimo; /* receipt of the last one, ms UTC; 0: none */
	int64_t bytes;
	const char *sha256; /* of the file; NULL where it was not asked for */
};

/*
 * One moment of the store at `from`, whatever is written meanwhile, in a new file PATH.XXXXXX (mode
 * 0600, on disk), named in `made`: the caller gives it its name or removes it. On failure nothing
 * is left. DB_READ, or DB_STILL where `from` is a file that nobody writes. ERR_DISK_FULL,
 * ERR_CANCELLED where go_on says so (db_copy_watched).
 */
enum err copia_make(const char *from, enum db_mode mode, const char *path, char made[PATH_MAX],
	bool (*go_on)(void *ctx, double done), void *ctx) MUST_CHECK;
/*
 * A file that nobody writes: is it a store of ours, of a schema that this program can use, with
 * every page, index and foreign key right? ERR_NOT_A_STORE, ERR_STORE_NEWER. `hash`: its SHA-256,
 * too.
 */
enum err copia_check(struct arena *a, const char *path, bool hash, struct copia *ret) MUST_CHECK;

#endif
