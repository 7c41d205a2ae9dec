/*
 * What a database is to the store: store_sqlite.c and store_pg.c each fill one of these. The
 * contract of each member stands at the function of the same name in store.h.
 */
#ifndef CORE_STORE_STORE_OPS_H
#define CORE_STORE_STORE_OPS_H

#include "core/store/store.h"

struct store_step {
	int number;
	int least;
	const char *sql;
	const char *sql_pg; /* NULL: the same */
};

struct store_ops {
	bool shared; /* by several servers: statements are queued, folios leased apart */
	/* Connects; the schema is migrated or checked by store.c. */
	enum err (*open)(const char *place, enum db_mode mode, struct store **ret);
	void (*close)(struct store *s);
	bool (*lost)(const struct store *s);
	void (*patience)(struct store *s, int ms); /* NULL: never waits for a peer */
	enum err (*begin)(struct store *s);
	enum err (*commit)(struct store *s);
	void (*rollback)(struct store *s);
	enum err (*savepoint)(struct store *s);
	enum err (*release)(struct store *s);
	enum err (*rollback_to)(struct store *s);
	enum err (*queue)(struct store *s, unsigned q, const void *in, long *ret_changes);
	enum err (*change)(struct store *s, unsigned q, const void *in);
	enum err (*ahead)(struct store *s, unsigned q, const void *in); /* NULL: no use */
	void (*forget)(struct store *s);
	enum err (*sync)(struct store *s);
	long (*changes)(struct store *s);
	enum err (*run)(
		struct store *s, unsigned q, const void *in, struct arena *a, void *ret_row);
	enum err (*all)(struct store *s, unsigned q, const void *in, size_t limit, struct arena *a,
		void **ret_rows, size_t *ret_count);
	enum err (*lock)(struct store *s, const char *titular);
	enum err (*lease)(struct store *s, int64_t from, int64_t count, int64_t *ret_end);
	enum err (*tell)(struct store *s, const char *news);
	enum err (*now)(struct store *s, int64_t *ret_ms);
	enum err (*durable)(struct store *s, bool *ret);
	/* The step the schema stands at (0: empty) and the oldest program that may use it. */
	enum err (*schema)(struct store *s, int64_t *ret_step, int64_t *ret_least);
	/* Inside a transaction that nobody else migrates in: one step, and its mark. */
	enum err (*migrate)(struct store *s, const struct store_step *step);
	enum err (*watch_open)(const char *place, struct store_watch **ret);
};

struct store {
	const struct store_ops *ops;
	bool careful;
};

struct store_watch {
	void (*close)(struct store_watch *w);
	int (*socket)(const struct store_watch *w);
	enum err (*look)(struct store_watch *w, store_news *each, void *ctx);
};

extern const struct store_ops store_sqlite;
extern const struct store_ops store_pg;

/* queries.def and behind it the statements that frame them, as both databases want them. */
enum store_frame {
	FRAME_BEGIN = QUERY_COUNT,
	FRAME_COMMIT,
	FRAME_ROLLBACK,
	FRAME_SAVEPOINT,
	FRAME_RELEASE,
	FRAME_ROLLBACK_TO,
	FRAME_OWN, /* from here on each database has its own */
	FRAME_COUNT = FRAME_OWN + 7,
};

/* Copies the table; `pg`: with PostgreSQL's texts. */
void store_table(bool pg, struct db_query ret_table[FRAME_COUNT]);

#endif
