/*
 * A sealed database of rows that can be told right from wrong: row `id` holds what cofre_name and
 * cofre_data say for it, and a text that must be seen in no file.
 */
#ifndef TESTS_HELP_COFRE_H
#define TESTS_HELP_COFRE_H

#include "base/db.h"

struct cofre_row {
	int64_t id;
	const char *name;
	struct bytes data;
};
struct cofre_number {
	int64_t number;
};
struct cofre_text {
	const char *text;
};

enum {
	COFRE_PUT, /* or replaces */
	COFRE_GET,
	COFRE_ALL,
	COFRE_COUNT,
	COFRE_DELETE,
	COFRE_INTEGRITY, /* "ok" */
	COFRE_PAGE_SIZE,
	COFRE_SYNCHRONOUS,
	COFRE_TEMP_STORE,
	COFRE_SECURE_DELETE,
	COFRE_JOURNAL,
	COFRE_QUERIES
};

extern const struct db_query cofre_queries[COFRE_QUERIES];

/* Part of each row. */
#define COFRE_MARK "Marca-Que-No-Debe-Verse"

struct cofre {
	char folder[200];
	char path[300];
	struct secret key;
	struct secret other; /* not its key */
};

/* 0, or -1 as a cmocka fixture says it. */
int cofre_make(struct cofre *c);
int cofre_remove(struct cofre *c);

/* Opens for writing, with the table made. */
enum err cofre_open(const struct cofre *c, struct db **ret);
/* The row's content for `size` bytes of data, made from the id. */
enum err cofre_put(struct db *d, int64_t id, size_t size);
/* How many rows; -1 where one is not what was put. */
enum err cofre_check(struct db *d, int64_t *ret_count);
/* Opens with `key`, checks all rows and SQLite's own integrity. */
enum err cofre_check_file(const char *path, const struct secret *key, int64_t *ret_count);
/* Is any piece of the mark, or of the schema, in a file of the folder? */
bool cofre_seen(const struct cofre *c);

#endif
