/*
 * PostgreSQL behind typed rows: with pg_rows.c the only door to libpq, shaped like base/db.h.
 *
 * A struct pg is one connection, used by one thread at a time, always in pipeline mode: a statement
 * without columns is only queued inside a transaction, and travels with the next one whose rows or
 * counts are asked for. So what a queued statement meets is told by a later call; pg_sync waits for
 * it. Statements are prepared once and kept. No call waits longer than its patience: a server that
 * is stopped or gone costs a connection (pg_lost), never a thread.
 *
 * Errors: ERR_BUSY where the database asks to run the transaction again (40001, 40P01, 55P03),
 * ERR_DISK_FULL, ERR_NO_MEMORY, ERR_INTERNAL (SQL that the schema does not know), ERR_STORE. Of
 * what PostgreSQL says only the SQLSTATE is logged: its texts may quote rows.
 */
#ifndef CORE_STORE_PG_H
#define CORE_STORE_PG_H

#include "base/db.h"

struct pg;

/*
 * Connects to a postgresql:// address. `queries` is borrowed for the connection's life; `settings`
 * is SQL that is run at once (SET ...). `patience_ms`: for any one answer. ERR_STORE.
 */
enum err pg_open(const char *address, const char *settings, int patience_ms,
	const struct db_query *queries, size_t count, struct pg **ret) MUST_CHECK;
void pg_close(struct pg *p);
AUTO_TYPE(pg, struct pg, pg_close);
/* From now on, for any one answer. */
void pg_patience(struct pg *p, int ms);
/* The connection is gone; nothing but pg_close works. */
bool pg_lost(const struct pg *p);

/* Was a lock waited for in vain (lock_timeout)? Since it was last asked. */
bool pg_kept_out(struct pg *p);

/* Several statements of trusted text, now. */
enum err pg_exec(struct pg *p, const char *sql) MUST_CHECK;
/*
 * From here to pg_end statements without columns are only queued. An error of one undoes nothing by
 * itself: ROLLBACK (TO) does.
 */
void pg_begin(struct pg *p);
void pg_end(struct pg *p);
/* As db_run and db_all. */
enum err pg_run(
	struct pg *p, unsigned q, const void *in, struct arena *a, void *ret_row) MUST_CHECK;
enum err pg_all(struct pg *p, unsigned q, const void *in, size_t limit, struct arena *a,
	void **ret_rows, size_t *ret_count) MUST_CHECK;
/*
 * Queues a statement; its rows, if any, are dropped. *ret_changes (may be NULL) is written by the
 * time that a later call waits, and must live until then.
 */
enum err pg_queue(struct pg *p, unsigned q, const void *in, long *ret_changes) MUST_CHECK;
/* The same; fails in the database where it does not change exactly one row. */
enum err pg_change(struct pg *p, unsigned q, const void *in) MUST_CHECK;
/*
 * Sends a question whose answer pg_run or pg_all with equal parameters will want: it comes with the
 * next answer that is waited for, and stands until pg_forget, which pg_begin and pg_end do, too.
 * Does nothing where there are too many.
 */
enum err pg_ahead(struct pg *p, unsigned q, const void *in) MUST_CHECK;
void pg_forget(struct pg *p);
/* Waits for all that was queued: the first error among it. */
enum err pg_sync(struct pg *p) MUST_CHECK;
/* Rows changed by the last statement, waited for; -1 where it failed. */
long pg_changes(struct pg *p);
/* Did the last COMMIT commit? (A failed transaction answers it with a ROLLBACK.) */
bool pg_committed(const struct pg *p);

/* ---- notifications ---- */

/* The socket, to wait on; -1 when lost. */
int pg_socket(const struct pg *p);
/* What came by LISTEN since: calls `each` with every payload. ERR_STORE when the line is gone. */
enum err pg_notified(
	struct pg *p, void (*each)(void *ctx, const char *payload), void *ctx) MUST_CHECK;

#endif
