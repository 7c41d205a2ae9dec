#include "core/store/store.h"

#include <pthread.h>
#include <stdio.h>
#include "base/mem.h"

struct store {
	struct db *db;
};

/* ---- queries.def as data ---- */

#include "base/db_table_fields.h"

/* Behind the table's: the ones that frame them, prepared like the rest. */
enum frame {
	FRAME_BEGIN = QUERY_COUNT,
	FRAME_COMMIT,
	FRAME_ROLLBACK,
	FRAME_SAVEPOINT,
	FRAME_RELEASE,
	FRAME_ROLLBACK_TO,
	FRAME_VERSION,
	FRAME_COUNT,
};

struct row_version {
	int64_t number;
};
static const struct db_field version_fields[] = {{DB_INT, offsetof(struct row_version, number)}};

static const struct db_query queries[FRAME_COUNT] = {
#include "base/db_table_queries.h"
	[FRAME_BEGIN] = {.sql = "BEGIN IMMEDIATE"},
	[FRAME_COMMIT] = {.sql = "COMMIT"},
	[FRAME_ROLLBACK] = {.sql = "ROLLBACK"},
	[FRAME_SAVEPOINT] = {.sql = "SAVEPOINT solicitud"},
	[FRAME_RELEASE] = {.sql = "RELEASE solicitud"},
	[FRAME_ROLLBACK_TO] = {.sql = "ROLLBACK TO solicitud"},
	[FRAME_VERSION] = {.sql = "PRAGMA user_version",
		.out = version_fields,
		.out_count = 1,
		.out_size = sizeof(struct row_version)},
};

static enum err frame(struct store *s, enum frame f)
{
	return db_run(s->db, f, NULL, NULL, NULL);
}

/* ---- opening ---- */

struct migration {
	int number;
	const char *sql;
};

static const struct migration migrations[] = {
#define MIGRATION(n, text) {(n), (text)},
#include "core/store/migraciones.def"
#undef MIGRATION
};

static enum err schema_version(struct store *s, int64_t *ret_number)
{
	ARENA(a, 1024);
	struct row_version row;
	enum err e = db_run(s->db, FRAME_VERSION, NULL, &a, &row);

	if (e == OK)
		*ret_number = row.number;
	return e;
}

/* Inside BEGIN, so that two programs that open a new file together make it once. */
static enum err migrate_step(struct store *s, const struct migration *m)
{
	char mark[48];
	int64_t done = 0;
	enum err e = schema_version(s, &done);

	if (e != OK || done >= m->number)
		return e;
	snprintf(mark, sizeof(mark), "PRAGMA user_version = %d", m->number);
	e = db_exec(s->db, m->sql);
	return e == OK ? db_exec(s->db, mark) : e;
}

static enum err migrate(struct store *s)
{
	for (size_t i = 0; i < COUNT_OF(migrations); i++) {
		enum err e = store_begin(s);

		if (e == OK)
			e = migrate_step(s, &migrations[i]);
		if (e == OK)
			e = store_commit(s);
		if (e != OK) {
			store_rollback(s);
			return e;
		}
	}
	return OK;
}

static enum err check_version(struct store *s, enum db_mode mode)
{
	const int64_t newest = migrations[COUNT_OF(migrations) - 1].number;
	int64_t found = 0;
	enum err e = schema_version(s, &found);

	if (e != OK)
		return e;
	if (found > newest)
		return ERR_STORE;
	if (found == newest)
		return OK;
	return mode == DB_WRITE ? migrate(s) : ERR_STORE;
}

enum err store_open(const char *path, enum db_mode mode, struct store **ret)
{
	AUTO(store) s = mem_zalloc(sizeof(*s));

	if (s == NULL)
		return ERR_NO_MEMORY;
	enum err e = db_open(path, mode, queries, FRAME_COUNT, &s->db);

	if (e == OK)
		e = check_version(s, mode);
	if (e == OK)
		*ret = STEAL(s);
	return e;
}

void store_close(struct store *s)
{
	if (s->db != NULL)
		db_close(s->db);
	mem_free(s);
}

/* ---- transactions ---- */

enum err store_begin(struct store *s)
{
	return frame(s, FRAME_BEGIN);
}

enum err store_commit(struct store *s)
{
	if (!db_in_transaction(s->db))
		return ERR_STORE;
	enum err e = frame(s, FRAME_COMMIT);

	if (e != OK)
		store_rollback(s);
	return e;
}

void store_rollback(struct store *s)
{
	/* Where even this fails, the connection stays in its transaction and says so at BEGIN. */
	if (db_in_transaction(s->db) && frame(s, FRAME_ROLLBACK) != OK &&
		db_in_transaction(s->db) && db_exec(s->db, "ROLLBACK") != OK)
		return;
}

enum err store_savepoint(struct store *s)
{
	return db_in_transaction(s->db) ? frame(s, FRAME_SAVEPOINT) : ERR_STORE;
}

enum err store_release(struct store *s)
{
	return db_in_transaction(s->db) ? frame(s, FRAME_RELEASE) : ERR_STORE;
}

enum err store_rollback_to(struct store *s)
{
	return db_in_transaction(s->db) ? frame(s, FRAME_ROLLBACK_TO) : ERR_STORE;
}

long store_changes(const struct store *s)
{
	return db_changes(s->db);
}

enum err store_version(struct store *s, int64_t *ret_version)
{
	return db_version(s->db, ret_version);
}

enum err store_run(struct store *s, unsigned q, const void *in, struct arena *a, void *ret_row)
{
	return db_run(s->db, q, in, a, ret_row);
}

enum err store_all(struct store *s, unsigned q, const void *in, size_t limit, struct arena *a,
	void **ret_rows, size_t *ret_count)
{
	return db_all(s->db, q, in, limit, a, ret_rows, ret_count);
}

/* ---- the pool ---- */

struct store_pool {
	pthread_mutex_t lock;
	pthread_cond_t given;
	struct store **free; /* a stack: the last one given has the warmest cache */
	unsigned count;	     /* of it */
	unsigned size;
};

enum err store_pool_open(const char *path, unsigned size, struct store_pool **ret)
{
	AUTO(store_pool) p = mem_zalloc(sizeof(*p));

	if (p == NULL)
		return ERR_NO_MEMORY;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->given, NULL);
	p->free = mem_zalloc((size + 1) * sizeof(*p->free));
	if (p->free == NULL)
		return ERR_NO_MEMORY;
	for (; p->size < size; p->size++) {
		enum err e = store_open(path, DB_READ, &p->free[p->size]);

		if (e != OK)
			return e;
		p->count++;
	}
	*ret = STEAL(p);
	return OK;
}

void store_pool_close(struct store_pool *p)
{
	while (p->count != 0)
		store_close(p->free[--p->count]);
	pthread_cond_destroy(&p->given);
	pthread_mutex_destroy(&p->lock);
	mem_free(p->free);
	mem_free(p);
}

struct store *store_pool_take(struct store_pool *p)
{
	pthread_mutex_lock(&p->lock);
	while (p->count == 0)
		pthread_cond_wait(&p->given, &p->lock);
	struct store *s = p->free[--p->count];

	pthread_mutex_unlock(&p->lock);
	return s;
}

void store_pool_give(struct store_pool *p, struct store *s)
{
	pthread_mutex_lock(&p->lock);
	p->free[p->count++] = s;
	pthread_cond_signal(&p->given);
	pthread_mutex_unlock(&p->lock);
}
