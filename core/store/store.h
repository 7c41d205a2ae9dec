/*
 * The store: queries.def behind one door, whatever the database (SQLite now).
 *
 * queries.def gives, for each row, struct in_<query>, struct out_<query>, and the typed q_<query>
 * (one row) and q_<query>_all. One connection is used by one thread at a time: the writer owns the
 * writing one, each HTTP thread borrows a reading one.
 */
#ifndef CORE_STORE_STORE_H
#define CORE_STORE_STORE_H

#include "base/db.h"

struct store;

/* Opens and migrates (one transaction a step; ERR_STORE if the file is newer than this program). */
enum err store_open(const char *path, enum db_mode mode, struct store **ret) MUST_CHECK;
void store_close(struct store *s);
AUTO_TYPE(store, struct store, store_close);

enum err store_begin(struct store *s) MUST_CHECK;
/* Any failure: nothing of the transaction is there; ERR_DISK_FULL, ERR_STORE. */
enum err store_commit(struct store *s) MUST_CHECK;
void store_rollback(struct store *s);
enum err store_savepoint(struct store *s) MUST_CHECK;
enum err store_release(struct store *s) MUST_CHECK;
/* ERR_STORE where the database had already rolled the whole transaction back. */
enum err store_rollback_to(struct store *s) MUST_CHECK;
long store_changes(const struct store *s);
/* Changes when somebody else committed. */
enum err store_version(struct store *s, int64_t *ret_version) MUST_CHECK;

/* A pool of reading connections for the HTTP threads; borrow never waits for a writer. */
struct store_pool;
enum err store_pool_open(const char *path, unsigned size, struct store_pool **ret) MUST_CHECK;
void store_pool_close(struct store_pool *p);
AUTO_TYPE(store_pool, struct store_pool, store_pool_close);
struct store *store_pool_take(struct store_pool *p);
void store_pool_give(struct store_pool *p, struct store *s);

#define DB_TABLE "core/store/queries.def"
#define DB_OWNER store
#define DB_RUN store_run
#define DB_ALL store_all
#include "base/db_table.h"

#endif
