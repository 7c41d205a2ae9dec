/*
 * The files of one SQLite connection, sealed: a VFS of its own over the system's (db.c only).
 *
 * No page of the database or of its WAL reaches the disk open, and what is read is what was
 * written, in its place, under this key: else SQLITE_IOERR_DATA. What is not secret stays readable:
 * page numbers and salts (-shm, WAL headers), sizes. An older state of the files put back whole is
 * not noticed. A WAL whose end does not open is cut there, as after a power failure.
 *
 * A connection must set SEALED_PAGE and SEALED_RESERVE before the first write, use WAL, keep its
 * temporary tables in memory and secure_delete on (a freed page that SQLite never wrote would be a
 * hole, and a hole is damage here). All else is refused, never written open.
 */
#ifndef BASE_DB_SEALED_H
#define BASE_DB_SEALED_H

#include "base/err.h"
#include "base/macros.h"
#include "base/page_seal.h"
#include "base/secret.h"

#define SEALED_PAGE 8192
#define SEALED_RESERVE PAGE_SEAL_BYTES

struct db_sealed;

/* The key is not kept: only its expansion, till db_sealed_free. */
enum err db_sealed_make(const struct secret *key, struct db_sealed **ret) MUST_CHECK;
/* Only after its connection is closed. */
void db_sealed_free(struct db_sealed *s);
AUTO_TYPE(db_sealed, struct db_sealed, db_sealed_free);
/* The VFS's name, for sqlite3_open_v2. */
const char *db_sealed_name(const struct db_sealed *s);

#endif
