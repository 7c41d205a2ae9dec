/*
 * A connection of base/db.c's from within, for the files that share the door to SQLite.
 */
#ifndef BASE_DB_LITE_H
#define BASE_DB_LITE_H

#include <sqlite3.h>
#include "base/db.h"
#include "base/db_sealed.h"

struct db {
	sqlite3 *lite;
	const struct db_query *queries;
	sqlite3_stmt **statements; /* made at first use, kept */
	size_t count;
	sqlite3_stmt *version;
	struct db_sealed *sealed; /* NULL: plain */
};

/* What a result code means to us. */
enum err db_lite_error(const struct db *d, int code) MUST_CHECK;
/* One that is not opened yet. */
enum err db_lite_make(const struct db_query *queries, size_t count, struct db **ret) MUST_CHECK;

#endif
