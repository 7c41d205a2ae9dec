/* The store in PostgreSQL, of any number of servers. READ COMMITTED: store_lock keeps order. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "core/store/pg.h"
#include "core/store/pg_parte.h"
#include "core/store/store_ops.h"
#include "crypto/sha.h"

#define CHANNEL "buzon"
/* Any one answer. A write may wait for other servers' mailboxes (lock_timeout). */
#define READ_PATIENCE_MS 5000
#define WRITE_PATIENCE_MS 15000
/* After a connection was lost: how often a new one is tried. */
#define REOPEN_MS 1000
#define QUERIES_ARENA 65536

/*
 * idle_in_transaction_session_timeout: a server that is stopped in the middle must not keep its
 * mailboxes from the others. synchronous_commit is only ever raised: what COMMIT acknowledged is on
 * disk. A table that was small when a statement was planned is walked until it is analysed again:
 * no plan of ours walks one that has an index. Without jit, as a plan that must walk counts as
 * dear.
 */
static const char for_all[] = "SET client_encoding = 'UTF8'; SET timezone = 'UTC';"
			      "SET tcp_keepalives_idle = 10; SET tcp_user_timeout = '10s';"
			      "SET enable_seqscan = off; SET enable_bitmapscan = off;"
			      "SET jit = off;";
static const char for_reading[] = "SET default_transaction_read_only = on;"
				  "SET statement_timeout = '4s';";
static const char for_writing[] =
	"SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '5s';"
	"SELECT set_config('synchronous_commit', 'on', false) "
	"WHERE current_setting('synchronous_commit') IN ('off', 'local');";
/*
 * A server that was stopped between two statements of one exchange is not idle to PostgreSQL, which
 * waits for the rest and has no limit for that: whoever it kept out of a lock ends its session.
 */
static const char end_stuck[] =
	"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user "
	"AND datname = current_database() AND pid <> pg_backend_pid() AND wait_event = 'ClientRead' "
	"AND xact_start IS NOT NULL AND state_change < clock_timestamp() - interval '5 s';";
static const char for_watching[] = "LISTEN " CHANNEL ";";

enum {
	FRAME_LOCK = FRAME_OWN,
	FRAME_TELL,
	FRAME_NOW,
	FRAME_MADE, /* is there a schema? */
	FRAME_SCHEMA,
	FRAME_ASYNC,
	FRAME_FSYNC,
};

struct row_number {
	int64_t number;
};
struct row_text {
	const char *text;
};
struct row_schema {
	int64_t step;
	int64_t least;
};
static const struct db_field number_field[] = {{DB_INT, offsetof(struct row_number, number)}};
static const struct db_field text_field[] = {{DB_TEXT, offsetof(struct row_text, text)}};
static const struct db_field schema_fields[] = {
	{DB_INT, offsetof(struct row_schema, step)}, {DB_INT, offsetof(struct row_schema, least)}};

static const struct db_query own[] = {
	[FRAME_LOCK - FRAME_OWN] = {.sql = "SELECT pg_advisory_xact_lock($1)",
		.in = number_field,
		.in_count = 1},
	[FRAME_TELL - FRAME_OWN] = {.sql = "SELECT pg_notify('" CHANNEL "', $1)",
		.in = text_field,
		.in_count = 1},
	[FRAME_NOW - FRAME_OWN] = {.sql = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * "
					  "1000 AS BIGINT)",
		.out = number_field,
		.out_count = 1,
		.out_size = sizeof(struct row_number)},
	/* A look into the catalogue itself: by name (to_regclass) a table that another server has
	   just made may not be there yet. */
	[FRAME_MADE - FRAME_OWN] = {.sql = "SELECT COUNT(*) FROM pg_catalog.pg_class WHERE relname "
					   "= 'esquema' AND pg_catalog.pg_table_is_visible(oid)",
		.out = number_field,
		.out_count = 1,
		.out_size = sizeof(struct row_number)},
	[FRAME_SCHEMA - FRAME_OWN] = {.sql = "SELECT COALESCE(MAX(paso), 0), COALESCE(MAX(minimo), "
					     "0) FROM esquema",
		.out = schema_fields,
		.out_count = 2,
		.out_size = sizeof(struct row_schema)},
	[FRAME_FSYNC - FRAME_OWN] = {.sql = "SELECT CAST(current_setting('fsync') <> 'off' AS "
					    "INTEGER)",
		.out = number_field,
		.out_count = 1,
		.out_size = sizeof(struct row_number)},
	[FRAME_ASYNC - FRAME_OWN] = {.sql = "SET LOCAL synchronous_commit = off"},
};
_Static_assert(COUNT_OF(own) == FRAME_COUNT - FRAME_OWN, "each has its place");

struct pg_store {
	struct store store;
	struct pg *pg;
	char *place;
	enum db_mode mode;
	bool transaction;
	bool savepoint;	    /* there is one; else: */
	bool wrote;	    /* since there would be one */
	int64_t tried;	    /* to connect, monotonic ms */
	struct arena arena; /* what queries were rewritten to */
	struct db_query queries[FRAME_COUNT];
	struct pg_parte partes[FRAME_COUNT];
};

static struct pg_store *of(struct store *s)
{
	return (struct pg_store *)s;
}

/* ---- opening ---- */

static void pg_store_close(struct store *s)
{
	if (of(s)->pg != NULL)
		pg_close(of(s)->pg);
	mem_free(of(s)->place);
	arena_free(&of(s)->arena);
	mem_free(s);
}

static enum err connect(struct pg_store *s)
{
	char settings[1024];
	bool read = s->mode == DB_READ;

	if (s->pg != NULL)
		pg_close(s->pg);
	s->pg = NULL;
	s->tried = clock_monotonic();
	snprintf(settings, sizeof(settings), "%s%s", for_all, read ? for_reading : for_writing);
	return pg_open(s->place, settings, read ? READ_PATIENCE_MS : WRITE_PATIENCE_MS, s->queries,
		FRAME_COUNT, &s->pg);
}

static enum err pg_store_open(const char *place, enum db_mode mode, struct store **ret)
{
	struct pg_store *s = mem_zalloc(sizeof(*s));

	if (s == NULL)
		return ERR_NO_MEMORY;
	s->store.ops = &store_pg;
	s->mode = mode;
	s->place = mem_strdup(place);
	store_table(true, s->queries);
	memcpy(s->queries + FRAME_OWN, own, sizeof(own));
	arena_init(&s->arena, QUERIES_ARENA);
	enum err e = s->place == NULL
			     ? ERR_NO_MEMORY
			     : pg_parte_rewrite(&s->arena, s->queries, FRAME_COUNT, s->partes);

	if (e == OK)
		e = connect(s);

	if (e == OK)
		*ret = &s->store;
	else
		pg_store_close(&s->store);
	return e;
}

static bool pg_store_lost(const struct store *s)
{
	const struct pg_store *p = (const struct pg_store *)s;

	return p->pg == NULL || pg_lost(p->pg);
}

static void pg_store_patience(struct store *s, int ms)
{
	if (of(s)->pg != NULL)
		pg_patience(of(s)->pg, ms);
}

/* A reader comes back by itself; whoever writes must know what became of its transaction. */
static bool heal(struct pg_store *s)
{
	if (s->mode != DB_READ || clock_monotonic() - s->tried < REOPEN_MS)
		return false;
	return connect(s) == OK;
}

/* ---- transactions ---- */

static enum err frame(struct store *s, unsigned f)
{
	return pg_store_lost(s) ? ERR_STORE : pg_queue(of(s)->pg, f, NULL, NULL);
}

static enum err frame_now(struct store *s, unsigned f)
{
	enum err e = frame(s, f);

	return e == OK ? pg_sync(of(s)->pg) : e;
}

static enum err pg_store_begin(struct store *s)
{
	if (of(s)->transaction || pg_store_lost(s))
		return ERR_STORE;
	enum err e = pg_kept_out(of(s)->pg) ? pg_exec(of(s)->pg, end_stuck) : OK;

	if (e != OK)
		return e;
	pg_begin(of(s)->pg);
	of(s)->transaction = true;
	return frame(s, FRAME_BEGIN);
}

static enum err pg_store_sync(struct store *s)
{
	return pg_store_lost(s) ? ERR_STORE : pg_sync(of(s)->pg);
}

static void pg_store_rollback(struct store *s)
{
	if (!of(s)->transaction)
		return;
	/* What was queued is waited for first, so that its failure does not keep this from being
	 * run.
	 */
	enum err e = pg_store_sync(s);

	if (!pg_store_lost(s))
		e = frame_now(s, FRAME_ROLLBACK);
	if (e != OK)
		log_write(LOG_WARN, "postgresql", "a rollback failed");
	of(s)->transaction = false;
	if (of(s)->pg != NULL)
		pg_end(of(s)->pg);
}

static enum err pg_store_commit(struct store *s)
{
	if (!of(s)->transaction)
		return ERR_STORE;
	enum err e = frame_now(s, FRAME_COMMIT);

	if (e == OK && !pg_committed(of(s)->pg))
		e = ERR_STORE;
	if (e != OK) {
		pg_store_rollback(s);
		return e;
	}
	of(s)->transaction = false;
	pg_end(of(s)->pg);
	return OK;
}

/* A savepoint costs two statements and a transaction number of its own: only where it may be used.
 */
static enum err pg_store_savepoint(struct store *s)
{
	if (!of(s)->transaction)
		return ERR_STORE;
	of(s)->savepoint = s->careful;
	of(s)->wrote = false;
	return s->careful ? frame(s, FRAME_SAVEPOINT) : OK;
}

static enum err pg_store_release(struct store *s)
{
	if (!of(s)->transaction)
		return ERR_STORE;
	return of(s)->savepoint ? frame(s, FRAME_RELEASE) : OK;
}

static enum err pg_store_rollback_to(struct store *s)
{
	if (!of(s)->transaction)
		return ERR_STORE;
	if (of(s)->savepoint)
		return frame_now(s, FRAME_ROLLBACK_TO);
	return of(s)->wrote ? ERR_STORE : OK;
}

/* ---- rows ---- */

static long pg_store_changes(struct store *s)
{
	return pg_store_lost(s) ? -1 : pg_changes(of(s)->pg);
}

/* A statement's parameters with their shard. */
struct params {
	const void *in;
	_Alignas(max_align_t) unsigned char room[PG_PARTE_ROOM];
};

static enum err with_parte(struct store *s, unsigned q, const void *in, struct params *ret)
{
	if (q >= FRAME_COUNT)
		return ERR_INTERNAL;
	of(s)->wrote = of(s)->wrote || of(s)->queries[q].out_count == 0;
	return pg_parte_fill(&of(s)->partes[q], in, ret->room, &ret->in);
}

static enum err pg_store_queue(struct store *s, unsigned q, const void *in, long *ret_changes)
{
	struct params ps;
	enum err e = with_parte(s, q, in, &ps);

	if (e == OK && pg_store_lost(s))
		e = ERR_STORE;
	return e == OK ? pg_queue(of(s)->pg, q, ps.in, ret_changes) : e;
}

static enum err pg_store_change(struct store *s, unsigned q, const void *in)
{
	struct params ps;
	enum err e = with_parte(s, q, in, &ps);

	if (e == OK && pg_store_lost(s))
		e = ERR_STORE;
	return e == OK ? pg_change(of(s)->pg, q, ps.in) : e;
}

/* A line that is gone is opened again by whoever wants the answer. */
static enum err pg_store_ahead(struct store *s, unsigned q, const void *in)
{
	struct params ps;
	enum err e = with_parte(s, q, in, &ps);

	if (e == OK && !pg_store_lost(s))
		e = pg_ahead(of(s)->pg, q, ps.in);
	return pg_store_lost(s) ? OK : e;
}

static void pg_store_forget(struct store *s)
{
	if (of(s)->pg != NULL)
		pg_forget(of(s)->pg);
}

static enum err pg_store_run(
	struct store *s, unsigned q, const void *in, struct arena *a, void *ret_row)
{
	struct params ps;
	enum err e = with_parte(s, q, in, &ps);

	if (e != OK)
		return e;
	if (of(s)->queries[q].out_count == 0)
		pg_store_forget(s);
	e = pg_store_lost(s) ? ERR_STORE : pg_run(of(s)->pg, q, ps.in, a, ret_row);
	return pg_store_lost(s) && heal(of(s)) ? pg_run(of(s)->pg, q, ps.in, a, ret_row) : e;
}

static enum err pg_store_all(struct store *s, unsigned q, const void *in, size_t limit,
	struct arena *a, void **ret_rows, size_t *ret_count)
{
	struct params ps;
	enum err e = with_parte(s, q, in, &ps);

	if (e != OK)
		return e;
	e = pg_store_lost(s) ? ERR_STORE
			     : pg_all(of(s)->pg, q, ps.in, limit, a, ret_rows, ret_count);
	return pg_store_lost(s) && heal(of(s))
		       ? pg_all(of(s)->pg, q, ps.in, limit, a, ret_rows, ret_count)
		       : e;
}

static enum err pg_store_lock(struct store *s, const char *titular)
{
	unsigned char hash[32];
	struct row_number in;

	if (!of(s)->transaction)
		return ERR_STORE;
	enum err e = sha256(bytes_of_text(titular), hash);

	memcpy(&in.number, hash, sizeof(in.number));
	return e == OK ? pg_store_queue(s, FRAME_LOCK, &in, NULL) : e;
}

/*
 * Not waiting for the disk: whatever commits with one of these folios is behind this in the log, so
 * it can't be there without it.
 */
static enum err pg_store_lease(struct store *s, int64_t from, int64_t count, int64_t *ret_end)
{
	ARENA(a, 1024);
	struct in_folio_bloque in = {.desde = from, .cuantos = count};
	struct out_folio_bloque row = {0};
	enum err e = pg_store_begin(s);

	if (e == OK)
		e = frame(s, FRAME_ASYNC);
	if (e == OK)
		e = q_folio_bloque(s, &in, &a, &row);
	if (e == OK)
		e = pg_store_commit(s);
	else
		pg_store_rollback(s);
	if (e == OK)
		*ret_end = row.hasta;
	return e;
}

static enum err pg_store_tell(struct store *s, const char *news)
{
	struct row_text in = {.text = news};

	return pg_store_queue(s, FRAME_TELL, &in, NULL);
}

static enum err pg_store_now(struct store *s, int64_t *ret_ms)
{
	ARENA(a, 1024);
	struct row_number row;
	enum err e = pg_store_run(s, FRAME_NOW, NULL, &a, &row);

	if (e == OK)
		*ret_ms = row.number;
	return e;
}

static enum err pg_store_durable(struct store *s, bool *ret)
{
	ARENA(a, 1024);
	struct row_number row;
	enum err e = pg_store_run(s, FRAME_FSYNC, NULL, &a, &row);

	if (e == OK)
		*ret = row.number != 0;
	return e;
}

/* ---- the schema ---- */

static enum err pg_store_schema(struct store *s, int64_t *ret_step, int64_t *ret_least)
{
	ARENA(a, 1024);
	struct row_number made = {0};
	struct row_schema row = {0};
	enum err e = pg_store_run(s, FRAME_MADE, NULL, &a, &made);

	if (e == OK && made.number != 0)
		e = pg_store_run(s, FRAME_SCHEMA, NULL, &a, &row);
	if (e == OK) {
		*ret_step = row.step;
		*ret_least = row.least;
	}
	return e;
}

static enum err pg_store_migrate(struct store *s, const struct store_step *step)
{
	char mark[240];

	snprintf(mark, sizeof(mark),
		"CREATE TABLE IF NOT EXISTS esquema (paso BIGINT NOT NULL PRIMARY KEY, minimo "
		"BIGINT NOT NULL); INSERT INTO esquema VALUES (%d, %d);",
		step->number, step->least);
	enum err e = pg_exec(of(s)->pg, "SET LOCAL lock_timeout = '500ms'");

	if (e == OK)
		e = pg_exec(of(s)->pg, step->sql_pg != NULL ? step->sql_pg : step->sql);
	return e == OK ? pg_exec(of(s)->pg, mark) : e;
}

/* ---- watching ---- */

struct pg_watch {
	struct store_watch watch;
	struct pg *pg;
	char *place;
	int64_t tried; /* monotonic ms */
};

static void watch_close(struct store_watch *watch)
{
	struct pg_watch *w = (struct pg_watch *)watch;

	if (w->pg != NULL)
		pg_close(w->pg);
	mem_free(w->place);
	mem_free(w);
}

static int watch_socket(const struct store_watch *watch)
{
	const struct pg_watch *w = (const struct pg_watch *)watch;

	return w->pg != NULL ? pg_socket(w->pg) : -1;
}

static enum err watch_connect(struct pg_watch *w)
{
	if (w->pg != NULL)
		pg_close(w->pg);
	w->pg = NULL;
	w->tried = clock_monotonic();
	return pg_open(w->place, for_watching, READ_PATIENCE_MS, NULL, 0, &w->pg);
}

struct telling {
	store_news *each;
	void *ctx;
};

static void tell_words(void *ctx, const char *payload)
{
	const struct telling *t = ctx;
	char words[sizeof(((struct novedades *)NULL)->text)];
	char *rest = NULL;

	/* Nobody else's are that long. */
	if (snprintf(words, sizeof(words), "%s", payload) >= (int)sizeof(words)) {
		t->each(t->ctx, NOVEDAD_TODO, "");
		return;
	}
	for (char *w = strtok_r(words, " ", &rest); w != NULL; w = strtok_r(NULL, " ", &rest))
		t->each(t->ctx, (enum novedad) * w, w + 1);
}

static enum err watch_look(struct store_watch *watch, store_news *each, void *ctx)
{
	struct pg_watch *w = (struct pg_watch *)watch;
	struct telling t = {.each = each, .ctx = ctx};

	if (w->pg != NULL && !pg_lost(w->pg))
		return pg_notified(w->pg, tell_words, &t);
	if (clock_monotonic() - w->tried < REOPEN_MS)
		return ERR_STORE;
	enum err e = watch_connect(w);

	/* What was said meanwhile nobody heard. */
	if (e == OK)
		each(ctx, NOVEDAD_TODO, "");
	return e;
}

static enum err pg_watch_open(const char *place, struct store_watch **ret)
{
	AUTO(store_watch) guard = NULL;
	struct pg_watch *w = mem_zalloc(sizeof(*w));

	if (w == NULL)
		return ERR_NO_MEMORY;
	guard = &w->watch;
	w->watch = (struct store_watch){
		.close = watch_close, .socket = watch_socket, .look = watch_look};
	w->place = mem_strdup(place);
	enum err e = w->place == NULL ? ERR_NO_MEMORY : watch_connect(w);

	if (e == OK)
		*ret = STEAL(guard);
	return e;
}

const struct store_ops store_pg = {.shared = true,
	.open = pg_store_open,
	.close = pg_store_close,
	.lost = pg_store_lost,
	.patience = pg_store_patience,
	.begin = pg_store_begin,
	.commit = pg_store_commit,
	.rollback = pg_store_rollback,
	.savepoint = pg_store_savepoint,
	.release = pg_store_release,
	.rollback_to = pg_store_rollback_to,
	.queue = pg_store_queue,
	.change = pg_store_change,
	.ahead = pg_store_ahead,
	.forget = pg_store_forget,
	.sync = pg_store_sync,
	.changes = pg_store_changes,
	.run = pg_store_run,
	.all = pg_store_all,
	.lock = pg_store_lock,
	.lease = pg_store_lease,
	.tell = pg_store_tell,
	.now = pg_store_now,
	.durable = pg_store_durable,
	.schema = pg_store_schema,
	.migrate = pg_store_migrate,
	.watch_open = pg_watch_open};
