/*
 * SQLite behind typed rows: the only door to it (server store, client cache).
 *
 * A struct db is one connection, used by one thread at a time. Opened with WAL and
 * synchronous=FULL: what COMMIT acknowledged is on disk. Statements are prepared once and kept.
 * No text of SQLite's reaches a caller.
 */
#ifndef BASE_DB_H
#define BASE_DB_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/secret.h"

struct db;

enum db_kind { DB_INT, DB_TEXT, DB_DATA };

struct db_field {
	enum db_kind
		kind; /* int64_t, const char * (NULL is SQL NULL), struct bytes (data NULL: NULL) */
	size_t offset; /* in the caller's struct */
};

/* A statement as data: `$1..$n` first used in order. */
struct db_query {
	const char *sql;
	const struct db_field *in;
	size_t in_count;
	const struct db_field *out;
	size_t out_count;
	size_t out_size; /* of one row's struct */
};

/*
 * Two modes besides, for whole files. DB_STILL: nobody writes it, so neither locks nor a WAL are
 * looked for, and nothing is made beside it. DB_MAKE: it is of no use to anybody yet, so there is
 * no file beside it and nothing is synced: whoever makes it syncs it when it is whole.
 */
enum db_mode { DB_WRITE, DB_READ, DB_STILL, DB_MAKE };

/*
 * Opens (DB_WRITE: makes, mode 0600) the file. `queries` is borrowed for the connection's life.
 * ERR_NO_FILE, ERR_STORE, ERR_NO_MEMORY.
 */
enum err db_open(const char *path, enum db_mode mode, const struct db_query *queries, size_t count,
	struct db **ret) MUST_CHECK;
/*
 * The same with every page of the file and of its WAL sealed under a key of 32 bytes (db_sealed.h),
 * which is not kept; several connections, threads and processes as with any. ERR_BAD_CACHE here or
 * at any later call: another key, another kind of file, or altered; never rows that were not
 * written. Nothing of a file that did not open is touched. ":memory:" is a plain one that fits
 * db_copy.
 */
enum err db_open_sealed(const char *path, enum db_mode mode, const struct secret *key,
	const struct db_query *queries, size_t count, struct db **ret) MUST_CHECK;
/*
 * All of `from`, as last committed, takes the place of all of `to`, in which no transaction is
 * open. Both opened with db_open_sealed, or both with db_open, or `to` new and in memory.
 */
enum err db_copy(struct db *from, struct db *to) MUST_CHECK;
/*
 * The same while others write `from`, however much: one moment of it is copied, in steps. `go_on`
 * is asked between them with the share that is done (0 to 1); false: ERR_CANCELLED, and `to` is of
 * no use.
 */
enum err db_copy_watched(struct db *from, struct db *to, bool (*go_on)(void *ctx, double done),
	void *ctx) MUST_CHECK;
/*
 * Until db_close the file is this process's alone, and all that was committed is in the file
 * itself: it has no WAL any more. ERR_BUSY: somebody else has it open; ERR_STORE: it is damaged;
 * ERR_NO_FILE.
 */
enum err db_take_alone(const char *path, struct db **ret) MUST_CHECK;
void db_close(struct db *d);
AUTO_TYPE(db, struct db, db_close);

/*
 * From now on NAME(text) in this connection's SQL is f's value; NULL gives NULL. `f` is pure;
 * where it fails the statement does, as for want of memory.
 */
enum err db_define(
	struct db *d, const char *name, enum err (*f)(struct bytes text, int64_t *ret)) MUST_CHECK;
/* Several statements of trusted text (migrations, BEGIN, SAVEPOINT x). */
enum err db_exec(struct db *d, const char *sql) MUST_CHECK;
/*
 * Runs query number `q` with the caller's struct. ERR_NOT_FOUND where a query with columns gives no
 * row; otherwise *ret_row (may be NULL without columns) has the first, its texts in the arena.
 */
enum err db_run(
	struct db *d, unsigned q, const void *in, struct arena *a, void *ret_row) MUST_CHECK;
/* All rows (at most `limit`), an array in the arena. */
enum err db_all(struct db *d, unsigned q, const void *in, size_t limit, struct arena *a,
	void **ret_rows, size_t *ret_count) MUST_CHECK;
/* Rows changed by the last statement. */
long db_changes(const struct db *d);
/* Is a transaction open? (A full disk or lost memory may have rolled it back.) */
bool db_in_transaction(const struct db *d);
/* Changes when another connection or process committed (PRAGMA data_version). */
enum err db_version(struct db *d, int64_t *ret_version) MUST_CHECK;

#endif
