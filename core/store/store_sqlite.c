/* The store in one file of SQLite's, of one server and its operators' verbs. */
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/mem.h"
#include "core/store/store_ops.h"

/* user_version holds both numbers of the schema; step 1 was written before there was a least. */
#define STEP_BITS 16

enum { FRAME_VERSION = FRAME_OWN };

struct row_number {
	int64_t number;
};
static const struct db_field number_field[] = {{DB_INT, offsetof(struct row_number, number)}};

struct lite {
	struct store store;
	struct db *db;
	struct db_query queries[FRAME_COUNT];
};

static struct lite *lite_of(struct store *s)
{
	return (struct lite *)s;
}

static struct db *db_of(struct store *s)
{
	return lite_of(s)->db;
}

static enum err frame(struct store *s, unsigned f)
{
	return db_run(db_of(s), f, NULL, NULL, NULL);
}

/* ---- opening ---- */

static void lite_close(struct store *s)
{
	if (db_of(s) != NULL)
		db_close(db_of(s));
	mem_free(s);
}

static enum err lite_open(const char *place, enum db_mode mode, struct store **ret)
{
	struct lite *l = mem_zalloc(sizeof(*l));

	if (l == NULL)
		return ERR_NO_MEMORY;
	l->store = (struct store){.ops = &store_sqlite};
	store_table(false, l->queries);
	l->queries[FRAME_VERSION] = (struct db_query){.sql = "PRAGMA user_version",
		.out = number_field,
		.out_count = 1,
		.out_size = sizeof(struct row_number)};
	enum err e = db_open(place, mode, l->queries, FRAME_COUNT, &l->db);

	if (e == OK)
		e = db_define(l->db, "parte_de", store_parte);
	if (e == OK)
		*ret = &l->store;
	else
		lite_close(&l->store);
	return e;
}

static bool lite_lost(const struct store *s)
{
	(void)s;
	return false;
}

/* ---- transactions ---- */

static enum err lite_begin(struct store *s)
{
	return frame(s, FRAME_BEGIN);
}

static void lite_rollback(struct store *s)
{
	struct db *d = db_of(s);

	/* Where even this fails, the connection stays in its transaction and says so at BEGIN. */
	if (db_in_transaction(d) && frame(s, FRAME_ROLLBACK) != OK && db_in_transaction(d) &&
		db_exec(d, "ROLLBACK") != OK)
		return;
}

static enum err lite_commit(struct store *s)
{
	if (!db_in_transaction(db_of(s)))
		return ERR_STORE;
	enum err e = frame(s, FRAME_COMMIT);

	if (e != OK)
		lite_rollback(s);
	return e;
}

static enum err lite_savepoint(struct store *s)
{
	return db_in_transaction(db_of(s)) ? frame(s, FRAME_SAVEPOINT) : ERR_STORE;
}

static enum err lite_release(struct store *s)
{
	return db_in_transaction(db_of(s)) ? frame(s, FRAME_RELEASE) : ERR_STORE;
}

static enum err lite_rollback_to(struct store *s)
{
	return db_in_transaction(db_of(s)) ? frame(s, FRAME_ROLLBACK_TO) : ERR_STORE;
}

/* ---- rows ---- */

static long lite_changes(struct store *s)
{
	return db_changes(db_of(s));
}

static enum err lite_queue(struct store *s, unsigned q, const void *in, long *ret_changes)
{
	enum err e = db_run(db_of(s), q, in, NULL, NULL);

	if (e == OK && ret_changes != NULL)
		*ret_changes = db_changes(db_of(s));
	return e;
}

static enum err lite_change(struct store *s, unsigned q, const void *in)
{
	enum err e = db_run(db_of(s), q, in, NULL, NULL);

	return e == OK && db_changes(db_of(s)) != 1 ? ERR_STORE : e;
}

static enum err lite_sync(struct store *s)
{
	(void)s;
	return OK;
}

static enum err lite_run(
	struct store *s, unsigned q, const void *in, struct arena *a, void *ret_row)
{
	return db_run(db_of(s), q, in, a, ret_row);
}

static enum err lite_all(struct store *s, unsigned q, const void *in, size_t limit, struct arena *a,
	void **ret_rows, size_t *ret_count)
{
	return db_all(db_of(s), q, in, limit, a, ret_rows, ret_count);
}

/* There is one writer at a time in the whole file. */
static enum err lite_lock(struct store *s, const char *titular)
{
	(void)titular;
	return db_in_transaction(db_of(s)) ? OK : ERR_STORE;
}

static enum err lite_lease(struct store *s, int64_t from, int64_t count, int64_t *ret_end)
{
	ARENA(a, 1024);
	struct in_folio_bloque in = {.desde = from, .cuantos = count};
	struct out_folio_bloque row;
	enum err e = q_folio_bloque(s, &in, &a, &row);

	if (e == OK)
		*ret_end = row.hasta;
	return e;
}

/* Whoever watches the file sees it change. */
static enum err lite_tell(struct store *s, const char *news)
{
	(void)s;
	(void)news;
	return OK;
}

static enum err lite_now(struct store *s, int64_t *ret_ms)
{
	struct clock clock = clock_system(0);

	(void)s;
	*ret_ms = clock_now(&clock);
	return OK;
}

static enum err lite_durable(struct store *s, bool *ret)
{
	(void)s;
	*ret = true; /* base/db.h */
	return OK;
}

/* ---- the schema ---- */

static enum err lite_schema(struct store *s, int64_t *ret_step, int64_t *ret_least)
{
	ARENA(a, 1024);
	struct row_number row;
	enum err e = db_run(db_of(s), FRAME_VERSION, NULL, &a, &row);

	if (e == OK) {
		*ret_step = row.number & ((1 << STEP_BITS) - 1);
		*ret_least = row.number >> STEP_BITS;
	}
	return e;
}

static enum err lite_migrate(struct store *s, const struct store_step *step)
{
	char mark[64];
	enum err e = db_exec(db_of(s), step->sql);

	snprintf(mark, sizeof(mark), "PRAGMA user_version = %d",
		step->least << STEP_BITS | step->number);
	return e == OK ? db_exec(db_of(s), mark) : e;
}

/* ---- watching ---- */

struct lite_watch {
	struct store_watch watch;
	struct store *store;
	int64_t version;
};

static void watch_close(struct store_watch *w)
{
	store_close(((struct lite_watch *)w)->store);
	mem_free(w);
}

static int watch_socket(const struct store_watch *w)
{
	(void)w;
	return -1;
}

static enum err watch_look(struct store_watch *watch, store_news *each, void *ctx)
{
	struct lite_watch *w = (struct lite_watch *)watch;
	int64_t version = 0;
	enum err e = db_version(db_of(w->store), &version);

	if (e == OK && version != w->version)
		each(ctx, NOVEDAD_TODO, "");
	if (e == OK)
		w->version = version;
	return e;
}

static enum err lite_watch_open(const char *place, struct store_watch **ret)
{
	struct lite_watch *w = mem_zalloc(sizeof(*w));

	if (w == NULL)
		return ERR_NO_MEMORY;
	w->watch = (struct store_watch){
		.close = watch_close, .socket = watch_socket, .look = watch_look};
	enum err e = store_open(place, DB_READ, &w->store);

	if (e == OK)
		e = db_version(db_of(w->store), &w->version);
	if (e == OK) {
		*ret = &w->watch;
		return OK;
	}
	if (w->store != NULL)
		store_close(w->store);
	mem_free(w);
	return e;
}

const struct store_ops store_sqlite = {.shared = false,
	.open = lite_open,
	.close = lite_close,
	.lost = lite_lost,
	.begin = lite_begin,
	.commit = lite_commit,
	.rollback = lite_rollback,
	.savepoint = lite_savepoint,
	.release = lite_release,
	.rollback_to = lite_rollback_to,
	.queue = lite_queue,
	.change = lite_change,
	.sync = lite_sync,
	.changes = lite_changes,
	.run = lite_run,
	.all = lite_all,
	.lock = lite_lock,
	.lease = lite_lease,
	.tell = lite_tell,
	.now = lite_now,
	.durable = lite_durable,
	.schema = lite_schema,
	.migrate = lite_migrate,
	.watch_open = lite_watch_open};
