#include "base/db.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/db_lite.h"
#include "base/mem.h"

/* How long a writer waits for another process (`buzond notificar`) that is writing. */
#define BUSY_MS 5000
#define BUSY_STEP_MS 5
/* A WAL that once grew is cut back to this; it is copied to the file at half of it. */
#define WAL_BYTES "67108864"
#define WAL_PAGES "2048"
/* KiB of pages that the writing connection keeps: the hot ends of all trees and indexes. */
#define WRITE_CACHE "-16384"
/* The same for a client's own copy: one writer, few readers, and little memory and disk. */
#define SEALED_WAL_BYTES "4194304"
#define SEALED_WAL_PAGES "256"
#define SEALED_CACHE "-2048"

/* ---- errors ---- */

/* errno of the last failed write: of a COMMIT SQLite keeps it with the file only. */
static int last_errno(sqlite3 *lite)
{
	sqlite3_file *wal = NULL;
	int number = sqlite3_system_errno(lite);

	if (number == 0 &&
		sqlite3_file_control(lite, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal) ==
			SQLITE_OK &&
		wal != NULL && wal->pMethods != NULL && wal->pMethods->xFileControl != NULL)
		wal->pMethods->xFileControl(wal, SQLITE_FCNTL_LAST_ERRNO, &number);
	if (number == 0 &&
		sqlite3_file_control(lite, "main", SQLITE_FCNTL_LAST_ERRNO, &number) != SQLITE_OK)
		number = 0;
	return number;
}

/* SQLite calls only ENOSPC full; quotas and size limits mean the same to us. */
static enum err io_error(sqlite3 *lite, int code)
{
	int extended = (code & ~0xff) == 0 && lite != NULL ? sqlite3_extended_errcode(lite) : code;

	if (extended == SQLITE_IOERR_NOMEM)
		return ERR_NO_MEMORY;
	/* Only sealed files say so (db_sealed.h). */
	if (extended == SQLITE_IOERR_DATA)
		return ERR_BAD_CACHE;
	switch (lite != NULL ? last_errno(lite) : 0) {
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return ERR_DISK_FULL;
	default:
		return ERR_IO;
	}
}

enum err db_lite_error(const struct db *d, int code)
{
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return OK;
	case SQLITE_NOMEM:
		return ERR_NO_MEMORY;
	case SQLITE_FULL:
		return ERR_DISK_FULL;
	case SQLITE_IOERR:
		return io_error(d->lite, code);
	case SQLITE_CANTOPEN:
		return ERR_NO_FILE;
	/* The disk, or its owner, lets nothing be written: the file itself may be as good as ever.
	 */
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return ERR_IO;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return d->sealed != NULL ? ERR_BAD_CACHE : ERR_STORE;
	default:
		return ERR_STORE;
	}
}

/* ---- opening ---- */

static bool in_memory(const char *path)
{
	return strcmp(path, ":memory:") == 0;
}

/*
 * SQLite would make it readable by the group. O_EXCL matters: closing a descriptor of an existing
 * database would drop the locks that this process holds on it.
 */
static void make_private(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd >= 0)
		close(fd);
}

/* In memory what a savepoint may undo: a file for it costs a third of a write. */
static const char for_all[] = "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;"
			      "PRAGMA temp_store = MEMORY;";
/* The page size counts only while the file is empty. */
static const char for_writing[] = "PRAGMA page_size = 16384; PRAGMA journal_mode = WAL;"
				  "PRAGMA synchronous = FULL;"
				  "PRAGMA journal_size_limit = " WAL_BYTES ";"
				  "PRAGMA wal_autocheckpoint = " WAL_PAGES ";"
				  "PRAGMA cache_size = " WRITE_CACHE ";";
/* What db_sealed.h asks for; a draft that was acknowledged survives the power (FULL). */
static const char for_sealed_writing[] = "PRAGMA journal_mode = WAL; PRAGMA secure_delete = ON;"
					 "PRAGMA synchronous = FULL;"
					 "PRAGMA journal_size_limit = " SEALED_WAL_BYTES ";"
					 "PRAGMA wal_autocheckpoint = " SEALED_WAL_PAGES ";"
					 "PRAGMA cache_size = " SEALED_CACHE ";";
static const char for_reading[] = "PRAGMA query_only = ON;";
static const char for_making[] = "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;";
/* The schema is read now: a page that does not open is told here. */
static const char for_sealed_reading[] = "PRAGMA query_only = ON; PRAGMA schema_version;";

/* Turning to WAL does not wait by itself for another process that makes the same file. */
static enum err exec_patiently(struct db *d, const char *sql)
{
	enum err e = db_exec(d, sql);

	for (int ms = 0;
		e != OK && (sqlite3_errcode(d->lite) & 0xff) == SQLITE_BUSY && ms < BUSY_MS;
		ms += BUSY_STEP_MS) {
		(void)sqlite3_sleep(BUSY_STEP_MS);
		e = db_exec(d, sql);
	}
	return e;
}

/* `own`: the settings of this kind of connection. */
static enum err set_up(struct db *d, const char *own)
{
	sqlite3_extended_result_codes(d->lite, 1);
	sqlite3_busy_timeout(d->lite, BUSY_MS);
	sqlite3_db_config(d->lite, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	enum err e = exec_patiently(d, own);

	return e == OK ? db_exec(d, for_all) : e;
}

enum err db_lite_make(const struct db_query *queries, size_t count, struct db **ret)
{
	AUTO(db) d = mem_zalloc(sizeof(*d));

	if (d == NULL)
		return ERR_NO_MEMORY;
	d->statements = mem_zalloc((count + 1) * sizeof(*d->statements));
	if (d->statements == NULL)
		return ERR_NO_MEMORY;
	d->queries = queries;
	d->count = count;
	*ret = STEAL(d);
	return OK;
}

/* The path as a URI (RFC 3986) that tells SQLite to lock nothing. */
static enum err still_name(const char *path, char *to, size_t room)
{
	size_t n = (size_t)snprintf(to, room, "file:");

	for (; *path != '\0' && n + 4 < room; path++)
		n += (size_t)snprintf(to + n, room - n,
			strchr("?#%", *path) != NULL ? "%%%02X" : "%c", (unsigned char)*path);
	int end = snprintf(to + n, room - n, "?immutable=1");

	return *path == '\0' && end > 0 && (size_t)end < room - n ? OK : ERR_NO_FILE;
}

static enum err open_lite(struct db *d, const char *path, enum db_mode mode)
{
	bool writes = mode == DB_WRITE || mode == DB_MAKE;
	int flags = writes ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
	const char *vfs = d->sealed != NULL ? db_sealed_name(d->sealed) : NULL;
	char still[PATH_MAX * 2];

	if (mode == DB_STILL) {
		enum err e = still_name(path, still, sizeof(still));

		if (e != OK)
			return e;
		flags |= SQLITE_OPEN_URI;
		path = still;
	}
	if (writes && !in_memory(path))
		make_private(path);
	return db_lite_error(d, sqlite3_open_v2(path, &d->lite, flags | SQLITE_OPEN_NOMUTEX, vfs));
}

enum err db_open(const char *path, enum db_mode mode, const struct db_query *queries, size_t count,
	struct db **ret)
{
	AUTO(db) d = NULL;
	enum err e = db_lite_make(queries, count, &d);

	if (e == OK)
		e = open_lite(d, path, mode);
	if (e == OK)
		e = set_up(d, mode == DB_WRITE	? for_writing
			      : mode == DB_MAKE ? for_making
						: for_reading);
	if (e == OK)
		*ret = STEAL(d);
	return e;
}

/* Before the first write: a file with pages keeps its own. In memory too, so that copies fit. */
static enum err set_up_pages(struct db *d)
{
	static const char size[] = "PRAGMA page_size = " TEXT_OF(SEALED_PAGE) ";";
	int reserve = SEALED_RESERVE;
	enum err e = db_exec(d, size);

	if (e != OK)
		return e;
	return db_lite_error(
		d, sqlite3_file_control(d->lite, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserve));
}

enum err db_open_sealed(const char *path, enum db_mode mode, const struct secret *key,
	const struct db_query *queries, size_t count, struct db **ret)
{
	AUTO(db) d = NULL;
	enum err e = db_lite_make(queries, count, &d);

	if (e == OK && !in_memory(path))
		e = db_sealed_make(key, &d->sealed);
	if (e == OK)
		e = open_lite(d, path, mode);
	if (e == OK && mode == DB_WRITE)
		e = set_up_pages(d);
	if (e == OK)
		e = set_up(d, mode == DB_WRITE ? for_sealed_writing : for_sealed_reading);
	if (e == OK)
		*ret = STEAL(d);
	return e;
}

void db_close(struct db *d)
{
	for (size_t i = 0; d->statements != NULL && i < d->count; i++)
		sqlite3_finalize(d->statements[i]);
	sqlite3_finalize(d->version);
	sqlite3_close(d->lite);
	db_sealed_free(d->sealed);
	mem_free(d->statements);
	mem_free(d);
}

static void call_defined(sqlite3_context *context, int count, sqlite3_value **values)
{
	/* Functions can't be kept behind a data pointer: the address of one can. */
	enum err (*const *f)(struct bytes, int64_t *) = sqlite3_user_data(context);
	int64_t value = 0;

	(void)count;
	if (sqlite3_value_type(values[0]) == SQLITE_NULL)
		return;
	const unsigned char *text = sqlite3_value_text(values[0]);

	if (text == NULL ||
		(*f)(bytes_of(text, (size_t)sqlite3_value_bytes(values[0])), &value) != OK)
		sqlite3_result_error_nomem(context);
	else
		sqlite3_result_int64(context, value);
}

enum err db_define(struct db *d, const char *name, enum err (*f)(struct bytes text, int64_t *ret))
{
	enum err (**kept)(struct bytes, int64_t *) = mem_alloc(sizeof(*kept));

	if (kept == NULL)
		return ERR_NO_MEMORY;
	*kept = f;
	/* Where it fails SQLite has already freed it. */
	return db_lite_error(
		d, sqlite3_create_function_v2(d->lite, name, 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
			   kept, call_defined, NULL, NULL, mem_free));
}

enum err db_exec(struct db *d, const char *sql)
{
	return db_lite_error(d, sqlite3_exec(d->lite, sql, NULL, NULL, NULL));
}

/* ---- rows ---- */

static enum err prepare(struct db *d, unsigned q)
{
	if (d->statements[q] != NULL)
		return OK;
	int code = sqlite3_prepare_v3(
		d->lite, d->queries[q].sql, -1, SQLITE_PREPARE_PERSISTENT, &d->statements[q], NULL);

	/* SQL that the schema does not know is our mistake, not the disk's. */
	if (code != SQLITE_OK)
		return code == SQLITE_ERROR ? ERR_INTERNAL : db_lite_error(d, code);
	/* A row of the table that does not say what its SQL asks for would bind silently wrong. */
	if (sqlite3_bind_parameter_count(d->statements[q]) != (int)d->queries[q].in_count ||
		sqlite3_column_count(d->statements[q]) != (int)d->queries[q].out_count) {
		sqlite3_finalize(d->statements[q]);
		d->statements[q] = NULL;
		return ERR_INTERNAL;
	}
	return OK;
}

static int bind_data(sqlite3_stmt *s, int at, struct bytes b)
{
	if (b.data == NULL)
		return sqlite3_bind_null(s, at);
	if (b.size == 0)
		return sqlite3_bind_zeroblob(s, at, 0);
	return sqlite3_bind_blob64(s, at, b.data, b.size, SQLITE_STATIC);
}

static int bind_field(sqlite3_stmt *s, int at, const struct db_field *f, const char *in)
{
	switch (f->kind) {
	case DB_INT:
		return sqlite3_bind_int64(s, at, *(const int64_t *)(const void *)(in + f->offset));
	case DB_TEXT:
		return sqlite3_bind_text(s, at,
			*(const char *const *)(const void *)(in + f->offset), -1, SQLITE_STATIC);
	default:
		return bind_data(s, at, *(const struct bytes *)(const void *)(in + f->offset));
	}
}

static enum err bind(struct db *d, unsigned q, const void *in)
{
	const struct db_query *query = &d->queries[q];

	for (size_t i = 0; i < query->in_count; i++) {
		int code = bind_field(d->statements[q], (int)i + 1, &query->in[i], in);

		if (code != SQLITE_OK)
			return db_lite_error(d, code);
	}
	return OK;
}

/* Copies column `at`; the byte count is asked for after the value, as SQLite wants it. */
static enum err take_column(sqlite3_stmt *s, int at, enum db_kind kind, struct arena *a, void *to)
{
	if (kind == DB_INT) {
		*(int64_t *)to = sqlite3_column_int64(s, at);
		return OK;
	}
	const void *raw = NULL;
	void *copy = NULL;
	bool null = sqlite3_column_type(s, at) == SQLITE_NULL;

	if (!null) {
		raw = kind == DB_TEXT ? (const void *)sqlite3_column_text(s, at)
				      : sqlite3_column_blob(s, at);
		size_t size = (size_t)sqlite3_column_bytes(s, at);

		if (raw == NULL && (size != 0 || kind == DB_TEXT))
			return ERR_NO_MEMORY;
		copy = arena_copy(a, raw != NULL ? raw : "", size);
		if (copy == NULL)
			return ERR_NO_MEMORY;
	}
	if (kind == DB_TEXT)
		*(const char **)to = copy;
	else
		*(struct bytes *)to =
			bytes_of(copy, null ? 0 : (size_t)sqlite3_column_bytes(s, at));
	return OK;
}

static enum err take_row(struct db *d, unsigned q, struct arena *a, char *row)
{
	const struct db_query *query = &d->queries[q];

	for (size_t i = 0; i < query->out_count; i++) {
		enum err e = take_column(d->statements[q], (int)i, query->out[i].kind, a,
			row + query->out[i].offset);

		if (e != OK)
			return e;
	}
	return OK;
}

/* The statement is ready again, and nothing of the caller's stays bound. */
static enum err finish(struct db *d, unsigned q, enum err e)
{
	sqlite3_reset(d->statements[q]);
	sqlite3_clear_bindings(d->statements[q]);
	return e;
}

/* *ret_row: there is one. */
static enum err step(struct db *d, unsigned q, bool *ret_row)
{
	int code = sqlite3_step(d->statements[q]);

	if (code != SQLITE_ROW && code != SQLITE_DONE)
		return db_lite_error(d, code);
	*ret_row = code == SQLITE_ROW;
	return OK;
}

static enum err start(struct db *d, unsigned q, const void *in)
{
	if (q >= d->count)
		return ERR_INTERNAL;
	enum err e = prepare(d, q);

	if (e == OK) {
		e = bind(d, q, in);
		if (e != OK)
			return finish(d, q, e);
	}
	return e;
}

static enum err run_started(struct db *d, unsigned q, struct arena *a, void *ret_row)
{
	const struct db_query *query = &d->queries[q];
	bool row = false;
	enum err e = step(d, q, &row);

	if (e != OK || query->out_count == 0)
		return e;
	if (!row)
		return ERR_NOT_FOUND;
	char *made = arena_zalloc(a, query->out_size);

	if (made == NULL)
		return ERR_NO_MEMORY;
	e = take_row(d, q, a, made);
	if (e == OK)
		memcpy(ret_row, made, query->out_size);
	return e;
}

enum err db_run(struct db *d, unsigned q, const void *in, struct arena *a, void *ret_row)
{
	enum err e = start(d, q, in);

	return e == OK ? finish(d, q, run_started(d, q, a, ret_row)) : e;
}

/* Room for twice as many; the old rows stay in the arena until it is freed. */
static char *more_room(struct arena *a, const char *rows, size_t count, size_t size, size_t *room)
{
	size_t bigger = *room != 0 ? *room * 2 : 16;
	char *made = arena_array(a, bigger, size);

	if (made == NULL)
		return NULL;
	if (count != 0)
		memcpy(made, rows, count * size);
	*room = bigger;
	return made;
}

static enum err all_started(
	struct db *d, unsigned q, size_t limit, struct arena *a, void **ret_rows, size_t *ret_count)
{
	size_t size = d->queries[q].out_size;
	size_t room = 0;
	size_t count = 0;
	char *rows = NULL;
	bool row = true;

	while (count < limit) {
		enum err e = step(d, q, &row);

		if (e != OK)
			return e;
		if (!row)
			break;
		if (count == room)
			rows = more_room(a, rows, count, size, &room);
		if (rows == NULL)
			return ERR_NO_MEMORY;
		e = take_row(d, q, a, rows + count * size);
		if (e != OK)
			return e;
		count++;
	}
	*ret_rows = rows;
	*ret_count = count;
	return OK;
}

enum err db_all(struct db *d, unsigned q, const void *in, size_t limit, struct arena *a,
	void **ret_rows, size_t *ret_count)
{
	enum err e = start(d, q, in);

	return e == OK ? finish(d, q, all_started(d, q, limit, a, ret_rows, ret_count)) : e;
}

/* ---- what happened ---- */

long db_changes(const struct db *d)
{
	return (long)sqlite3_changes64(d->lite);
}

bool db_in_transaction(const struct db *d)
{
	return sqlite3_get_autocommit(d->lite) == 0;
}

enum err db_version(struct db *d, int64_t *ret_version)
{
	if (d->version == NULL) {
		int code = sqlite3_prepare_v3(d->lite, "PRAGMA data_version", -1,
			SQLITE_PREPARE_PERSISTENT, &d->version, NULL);

		if (code != SQLITE_OK)
			return db_lite_error(d, code);
	}
	int code = sqlite3_step(d->version);
	int64_t version = code == SQLITE_ROW ? sqlite3_column_int64(d->version, 0) : 0;
	enum err e = code == SQLITE_ROW ? OK : db_lite_error(d, code);

	sqlite3_reset(d->version);
	if (e == OK)
		*ret_version = version;
	else if (code == SQLITE_DONE)
		return ERR_STORE;
	return e;
}
