/* What is done to a database as a whole: copied, taken from all others. */
#include "base/db_lite.h"

/* How long others that have it open are waited for. */
#define ALONE_MS 3000
/* 16 MiB of the store's pages. */
#define STEP_PAGES 1024

enum err db_copy(struct db *from, struct db *to)
{
	sqlite3_backup *copy = sqlite3_backup_init(to->lite, "main", from->lite, "main");

	if (copy == NULL)
		return db_lite_error(to, sqlite3_extended_errcode(to->lite));

	int code = sqlite3_backup_step(copy, -1);

	sqlite3_backup_finish(copy);
	/* "All was copied" is DONE; OK would be a part. */
	return code == SQLITE_DONE ? OK : code == SQLITE_OK ? ERR_STORE : db_lite_error(to, code);
}

static enum err copy_steps(
	struct db *to, sqlite3_backup *copy, bool (*go_on)(void *ctx, double done), void *ctx)
{
	int code = SQLITE_OK;

	while (code == SQLITE_OK) {
		code = sqlite3_backup_step(copy, STEP_PAGES);
		int all = sqlite3_backup_pagecount(copy);
		double left = all > 0 ? (double)sqlite3_backup_remaining(copy) / all : 0;

		if (code == SQLITE_OK && !go_on(ctx, 1 - left))
			return ERR_CANCELLED;
	}
	return code == SQLITE_DONE ? OK : db_lite_error(to, code);
}

enum err db_copy_watched(
	struct db *from, struct db *to, bool (*go_on)(void *ctx, double done), void *ctx)
{
	/* In a reading transaction of its own the source stands still for us: without it every
	 * write of another process would begin the copy again. */
	enum err e = db_exec(from, "BEGIN; SELECT COUNT(*) FROM sqlite_schema;");

	if (e != OK)
		return e;
	sqlite3_backup *copy = sqlite3_backup_init(to->lite, "main", from->lite, "main");

	e = copy != NULL ? copy_steps(to, copy, go_on, ctx)
			 : db_lite_error(to, sqlite3_extended_errcode(to->lite));
	if (copy != NULL && sqlite3_backup_finish(copy) != SQLITE_OK && e == OK)
		e = db_lite_error(to, sqlite3_extended_errcode(to->lite));
	enum err ended = db_exec(from, "ROLLBACK");

	return e == OK ? ended : e;
}

/* Without others there is no WAL to keep: so that leaving it fails where there are some. */
static const char alone[] = "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE;"
			    "BEGIN EXCLUSIVE; COMMIT;";

enum err db_take_alone(const char *path, struct db **ret)
{
	AUTO(db) d = NULL;
	enum err e = db_lite_make(NULL, 0, &d);

	if (e != OK)
		return e;
	int code =
		sqlite3_open_v2(path, &d->lite, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);

	if (code == SQLITE_OK) {
		sqlite3_busy_timeout(d->lite, ALONE_MS);
		code = sqlite3_exec(d->lite, alone, NULL, NULL, NULL);
	}
	if ((code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED)
		return ERR_BUSY;
	if (code != SQLITE_OK)
		return db_lite_error(d, code);
	*ret = STEAL(d);
	return OK;
}
