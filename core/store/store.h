/*
 * The store: queries.def behind one door, whatever the database. A place that begins with
 * postgresql:// is PostgreSQL with any number of servers on it; any other is a file of SQLite's, of
 * one server.
 *
 * queries.def gives, for each row, struct in_<query>, struct out_<query>, and the typed q_<query>
 * (one row) and q_<query>_all. One connection is used by one thread at a time: the writer owns the
 * writing one, each HTTP thread borrows a reading one.
 */
#ifndef CORE_STORE_STORE_H
#define CORE_STORE_STORE_H

#include "base/db.h"

struct store;

/* More than one server may work on it. */
bool store_shared(const char *place);
/*
 * Opens and, to write, migrates (one transaction a step). ERR_STORE_NEWER if a newer program has
 * changed the schema in a way that this one can't work with; ERR_STORE if there is no connection.
 */
enum err store_open(const char *place, enum db_mode mode, struct store **ret) MUST_CHECK;
void store_close(struct store *s);
AUTO_TYPE(store, struct store, store_close);
/* The shard of an RFC or a key: parte_de of the SQL (migraciones.def). */
enum err store_parte(struct bytes text, int64_t *ret) MUST_CHECK;
/*
 * How the schema at `place` stands to this program's; nothing is changed. DB_READ, or DB_STILL for
 * a file of SQLite's that nobody writes. Errors of store_open.
 */
enum store_age {
	STORE_EMPTY, /* no schema of ours */
	STORE_OLD,   /* store_open to write would bring it up */
	STORE_GOOD,
	STORE_NEW, /* of a program that this one can't work beside */
};
enum err store_age(const char *place, enum db_mode mode, enum store_age *ret) MUST_CHECK;
/* The connection is gone: whoever owns it closes and opens. Never with SQLite. */
bool store_lost(const struct store *s);
/* For no answer of PostgreSQL it is waited longer than that, from now on. */
void store_patience(struct store *s, int ms);

/*
 * Inside a transaction a statement without columns may only be queued (PostgreSQL): what it meets
 * is then told by a later call, at worst by store_commit. Nor is a savepoint made:
 * store_rollback_to has nothing to undo, or ends the transaction. A careful store waits at every
 * store_release, so that what fails inside a savepoint is told there, and can undo it. SQLite
 * always is.
 */
void store_careful(struct store *s, bool careful);
bool store_is_careful(const struct store *s);

enum err store_begin(struct store *s) MUST_CHECK;
/*
 * ERR_BUSY: nothing of it is there, run it again. ERR_DISK_FULL, ERR_STORE: nothing of it is there;
 * but where store_lost, nobody knows: ask through a new connection, under store_lock.
 */
enum err store_commit(struct store *s) MUST_CHECK;
void store_rollback(struct store *s);
enum err store_savepoint(struct store *s) MUST_CHECK;
enum err store_release(struct store *s) MUST_CHECK;
/* ERR_STORE where only the whole transaction can be, or was already, rolled back. */
enum err store_rollback_to(struct store *s) MUST_CHECK;
/* Of the last statement; -1 where it failed. */
long store_changes(struct store *s);
/* A statement whose *ret_changes is there after store_sync, and must live until then. */
enum err store_queue(struct store *s, unsigned q, const void *in, long *ret_changes) MUST_CHECK;
/*
 * A statement that must change one row, no less and no more: else ERR_STORE, told now or, where it
 * is only queued, by a later call.
 */
enum err store_change(struct store *s, unsigned q, const void *in) MUST_CHECK;
/*
 * q_<query> or its _all with equal parameters will be asked for: PostgreSQL sends it with whatever
 * is waited for next. What it finds stands until the transaction ends, outside of one until
 * store_forget: whatever store_queue and store_change write meanwhile, which therefore must not
 * rely on it alone. Any other statement that writes forgets all. Does nothing where nothing is
 * gained by it: SQLite, a careful store.
 */
enum err store_ahead(struct store *s, unsigned q, const void *in) MUST_CHECK;
void store_forget(struct store *s);
enum err store_sync(struct store *s) MUST_CHECK;
/*
 * Nobody else changes that mailbox until this transaction ends. Who takes several takes them in
 * strcmp order of the titulares. Queued.
 */
enum err store_lock(struct store *s, const char *titular) MUST_CHECK;

/*
 * A block of `count` folios, from the instant `from` (ms) or later: *ret_end - count is the first.
 * Nobody gets any of them again. PostgreSQL: outside any transaction, in a short one of its own;
 * SQLite: inside the one that uses it.
 */
enum err store_lease(struct store *s, int64_t from, int64_t count, int64_t *ret_end) MUST_CHECK;
/* Does store_lease want to be called before store_begin? */
bool store_leases_apart(const struct store *s);
/* The clock that all servers of the store share, ms UTC: PostgreSQL's; SQLite: the system's. */
enum err store_now(struct store *s, int64_t *ret_ms) MUST_CHECK;

/* Is what it acknowledged still there after the power was cut? */
enum err store_durable(struct store *s, bool *ret) MUST_CHECK;

/* ---- news: who is told of a commit ---- */

/* What changed, as words: a letter and a name. Full: everything may have. */
struct novedades {
	char text[4000];
	size_t size;
	bool all;
	int64_t tarea; /* of all jobs only the earliest is told; 0: none */
};
enum novedad {
	NOVEDAD_TODO = '*',	 /* anything; no name */
	NOVEDAD_TITULAR = 't',	 /* that RFC's mailbox */
	NOVEDAD_LLAVE = 'k',	 /* that key's or certificate's row */
	NOVEDAD_PUBLICADO = 'p', /* a calendar or a catalogue; which */
	NOVEDAD_TAREA = 'j',	 /* there is a job; its instant, ms, in decimal */
};
void novedades_add(struct novedades *n, enum novedad what, const char *name);
/* The same of a job that is due at `when`, ms UTC. */
void novedades_tarea(struct novedades *n, int64_t when);
bool novedades_have(const struct novedades *n, enum novedad what, const char *name);
typedef void store_news(void *ctx, enum novedad what, const char *name);
/* Tells each, as a watch would. */
void novedades_each(const struct novedades *n, store_news *each, void *ctx);
/* With the transaction at hand, all servers' watches are told of it (SQLite: see them itself). */
enum err store_tell(struct store *s, const struct novedades *n) MUST_CHECK;

/* Sees the commits of others: other servers, verbs of buzond; PostgreSQL's also our own. */
struct store_watch;
enum err store_watch_open(const char *place, struct store_watch **ret) MUST_CHECK;
void store_watch_close(struct store_watch *w);
AUTO_TYPE(store_watch, struct store_watch, store_watch_close);
/* Readable when there is news; -1: look a few times a second. */
int store_watch_socket(const struct store_watch *w);
/* Tells each; never waits. ERR_STORE: the line is gone, and news with it. */
enum err store_watch_look(struct store_watch *w, store_news *each, void *ctx) MUST_CHECK;

/* ---- the pool ---- */

/* Reading connections for the HTTP threads; borrow never waits for a writer. */
struct store_pool;
enum err store_pool_open(const char *place, unsigned size, struct store_pool **ret) MUST_CHECK;
void store_pool_close(struct store_pool *p);
AUTO_TYPE(store_pool, struct store_pool, store_pool_close);
/*
 * Never NULL, but maybe lost: its queries fail at once. What was lost is opened again, at most once
 * a second.
 */
struct store *store_pool_take(struct store_pool *p);
/* What was asked ahead is forgotten. */
void store_pool_give(struct store_pool *p, struct store *s);

#define DB_TABLE "core/store/queries.def"
#define DB_OWNER store
#define DB_RUN store_run
#define DB_ALL store_all
#include "base/db_table.h"

#endif
