#include "core/copia.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/file.h"
#include "core/store/store.h"
#include "crypto/sha.h"

#define CHUNK (1024 * 1024)

/* ---- making ---- */

static enum err make_name(const char *path, char made[PATH_MAX])
{
	if (snprintf(made, PATH_MAX, "%s.XXXXXX", path) >= PATH_MAX)
		return ERR_NO_FILE;
	int fd = mkostemp(made, O_CLOEXEC);

	if (fd < 0)
		return file_error(errno);
	close(fd);
	return OK;
}

static enum err fill(const char *from, enum db_mode mode, const char *made,
	bool (*go_on)(void *ctx, double done), void *ctx)
{
	AUTO(db) source = NULL;
	AUTO(db) copy = NULL;
	enum err e = db_open(from, mode, NULL, 0, &source);

	if (e == OK)
		e = db_open(made, DB_MAKE, NULL, 0, &copy);
	return e == OK ? db_copy_watched(source, copy, go_on, ctx) : e;
}

enum err copia_make(const char *from, enum db_mode mode, const char *path, char made[PATH_MAX],
	bool (*go_on)(void *ctx, double done), void *ctx)
{
	enum err e = make_name(path, made);

	if (e != OK)
		return e;
	e = fill(from, mode, made, go_on, ctx);
	if (e == OK)
		e = file_sync(made);
	if (e != OK)
		unlink(made);
	return e;
}

/* ---- looking at ---- */

enum { INTEGRITY, FOREIGN_KEYS, TABLES, LAST, QUERIES };

struct row_text {
	const char *text;
};
struct row_numbers {
	int64_t one;
	int64_t two;
};
static const struct db_field text_field[] = {{DB_TEXT, offsetof(struct row_text, text)}};
static const struct db_field number_fields[] = {
	{DB_INT, offsetof(struct row_numbers, one)}, {DB_INT, offsetof(struct row_numbers, two)}};

static const struct db_query queries[QUERIES] = {
	[INTEGRITY] = {.sql = "PRAGMA integrity_check(1)",
		.out = text_field,
		.out_count = 1,
		.out_size = sizeof(struct row_text)},
	[FOREIGN_KEYS] = {.sql = "SELECT \"table\" FROM pragma_foreign_key_check",
		.out = text_field,
		.out_count = 1,
		.out_size = sizeof(struct row_text)},
	[TABLES] = {.sql = "SELECT COUNT(*), 0 FROM sqlite_schema WHERE type = 'table' AND name "
			   "IN ('particular', 'certificado', 'acto', 'acuse', 'archivo', "
			   "'notificacion')",
		.out = number_fields,
		.out_count = 2,
		.out_size = sizeof(struct row_numbers)},
	[LAST] = {.sql = "SELECT COUNT(*), COALESCE(MAX(recibido), 0) FROM acto",
		.out = number_fields,
		.out_count = 2,
		.out_size = sizeof(struct row_numbers)},
};
#define TABLES_OF_OURS 6

static enum err check_age(const char *path)
{
	enum store_age age = STORE_EMPTY;
	enum err e = store_age(path, DB_STILL, &age);

	if (e != OK)
		return e;
	return age == STORE_NEW ? ERR_STORE_NEWER : age == STORE_EMPTY ? ERR_NOT_A_STORE : OK;
}

static enum err check_pages(struct db *d, struct arena *a)
{
	struct row_text row = {0};
	struct row_numbers tables = {0};
	enum err e = db_run(d, TABLES, NULL, a, &tables);

	if (e == OK && tables.one != TABLES_OF_OURS)
		return ERR_NOT_A_STORE;
	if (e == OK)
		e = db_run(d, INTEGRITY, NULL, a, &row);
	if (e == OK && strcmp(row.text, "ok") != 0)
		return ERR_NOT_A_STORE;
	if (e == OK)
		e = db_run(d, FOREIGN_KEYS, NULL, a, &row);
	return e == ERR_NOT_FOUND ? OK : e == OK ? ERR_NOT_A_STORE : e;
}

static enum err check_all(struct arena *a, const char *path, struct copia *ret)
{
	AUTO(db) d = NULL;
	struct row_numbers last = {0};
	enum err e = check_age(path);

	if (e == OK)
		e = db_open(path, DB_STILL, queries, QUERIES, &d);
	if (e == OK)
		e = check_pages(d, a);
	if (e == OK)
		e = db_run(d, LAST, NULL, a, &last);
	ret->actos = last.one;
	ret->ultimo = last.two;
	/* What SQLite finds wrong of a file. */
	return e == ERR_STORE || e == ERR_INTERNAL ? ERR_NOT_A_STORE : e;
}

static enum err hash_fd(struct arena *a, int fd, const char **ret_hex)
{
	AUTO(sha256_parts) sum = NULL;
	unsigned char *chunk = arena_alloc(a, CHUNK);
	enum err e = chunk != NULL ? sha256_parts_begin(&sum) : ERR_NO_MEMORY;
	ssize_t n = 1;

	while (e == OK && n != 0) {
		n = read(fd, chunk, CHUNK);
		if (n < 0 && errno != EINTR)
			e = ERR_IO;
		else if (n > 0)
			e = sha256_parts_add(sum, bytes_of(chunk, (size_t)n));
	}
	return e == OK ? sha256_parts_hex(sum, a, ret_hex) : e;
}

static enum err hash_file(struct arena *a, const char *path, const char **ret_hex)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return file_error(errno);
	enum err e = hash_fd(a, fd, ret_hex);

	close(fd);
	return e;
}

enum err copia_check(struct arena *a, const char *path, bool hash, struct copia *ret)
{
	struct copia c = {0};
	struct stat st;

	if (stat(path, &st) != 0)
		return file_error(errno);
	if (!S_ISREG(st.st_mode))
		return ERR_NOT_A_STORE;
	c.bytes = st.st_size;
	enum err e = check_all(a, path, &c);

	if (e == OK && hash)
		e = hash_file(a, path, &c.sha256);
	if (e == OK)
		*ret = c;
	return e;
}
