#include "tests/help/cofre.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/file.h"
#include "base/mem.h"
#include "tests/help/carpeta.h"

#define ROOM (256 * 1024 * 1024)
#define FILE_BYTES (32 * 1024 * 1024)

static const struct db_field row_fields[] = {
	{DB_INT, offsetof(struct cofre_row, id)},
	{DB_TEXT, offsetof(struct cofre_row, name)},
	{DB_DATA, offsetof(struct cofre_row, data)},
};
static const struct db_field number[] = {{DB_INT, offsetof(struct cofre_number, number)}};
static const struct db_field text[] = {{DB_TEXT, offsetof(struct cofre_text, text)}};

#define NUMBER(query)                                                                              \
	{                                                                                          \
		.sql = query, .out = number, .out_count = 1,                                       \
		.out_size = sizeof(struct cofre_number)                                            \
	}
#define TEXT(query)                                                                                \
	{                                                                                          \
		.sql = query, .out = text, .out_count = 1, .out_size = sizeof(struct cofre_text)   \
	}

const struct db_query cofre_queries[COFRE_QUERIES] = {
	[COFRE_PUT] = {.sql = "INSERT OR REPLACE INTO recado (id, name, data) VALUES ($1, $2, $3)",
		.in = row_fields,
		.in_count = 3},
	[COFRE_GET] = {.sql = "SELECT id, name, data FROM recado WHERE id = $1",
		.in = number,
		.in_count = 1,
		.out = row_fields,
		.out_count = 3,
		.out_size = sizeof(struct cofre_row)},
	[COFRE_ALL] = {.sql = "SELECT id, name, data FROM recado ORDER BY name",
		.out = row_fields,
		.out_count = 3,
		.out_size = sizeof(struct cofre_row)},
	[COFRE_COUNT] = NUMBER("SELECT COUNT(*) FROM recado"),
	[COFRE_DELETE] = {.sql = "DELETE FROM recado WHERE id = $1", .in = number, .in_count = 1},
	[COFRE_INTEGRITY] = TEXT("PRAGMA integrity_check"),
	[COFRE_PAGE_SIZE] = NUMBER("PRAGMA page_size"),
	[COFRE_SYNCHRONOUS] = NUMBER("PRAGMA synchronous"),
	[COFRE_TEMP_STORE] = NUMBER("PRAGMA temp_store"),
	[COFRE_SECURE_DELETE] = NUMBER("PRAGMA secure_delete"),
	[COFRE_JOURNAL] = TEXT("PRAGMA journal_mode"),
};

int cofre_make(struct cofre *c)
{
	unsigned char key[32];

	*c = (struct cofre){0};
	if (carpeta_make(c->folder, sizeof(c->folder), "cofre") != 0)
		return -1;
	snprintf(c->path, sizeof(c->path), "%s/c.db", c->folder);
	for (unsigned i = 0; i < sizeof(key); i++)
		key[i] = (unsigned char)(i * 7 + 1);
	if (secret_set(&c->key, key, sizeof(key)) != OK)
		return -1;
	key[31] ^= 1;
	return secret_set(&c->other, key, sizeof(key)) == OK ? 0 : -1;
}

int cofre_remove(struct cofre *c)
{
	secret_clear(&c->key);
	secret_clear(&c->other);
	return carpeta_remove(c->folder);
}

enum err cofre_open(const struct cofre *c, struct db **ret)
{
	AUTO(db) d = NULL;
	enum err e = db_open_sealed(c->path, DB_WRITE, &c->key, cofre_queries, COFRE_QUERIES, &d);

	if (e == OK)
		e = db_exec(d, "CREATE TABLE IF NOT EXISTS recado (id INTEGER PRIMARY KEY, "
			       "name TEXT, data BLOB);"
			       "CREATE INDEX IF NOT EXISTS por_nombre ON recado (name)");
	if (e == OK)
		*ret = STEAL(d);
	return e;
}

static void fill_name(int64_t id, char to[64])
{
	snprintf(to, 64, "%s-%08lld", COFRE_MARK, (long long)id);
}

static void fill_data(int64_t id, unsigned char *to, size_t size)
{
	static const char mark[] = COFRE_MARK;
	uint64_t x = (uint64_t)id * 0x9e3779b97f4a7c15u + size;

	for (size_t i = 0; i < size; i++) {
		x = x * 6364136223846793005u + 1442695040888963407u;
		to[i] = i % 128 < sizeof(mark) ? (unsigned char)mark[i % 128]
					       : (unsigned char)(x >> 56);
	}
}

enum err cofre_put(struct db *d, int64_t id, size_t size)
{
	char name[64];
	AUTO(mem) data = mem_alloc(size + 1);

	if (data == NULL)
		return ERR_NO_MEMORY;
	fill_name(id, name);
	fill_data(id, (unsigned char *)data, size);

	struct cofre_row in = {.id = id, .name = name, .data = bytes_of(data, size)};

	return db_run(d, COFRE_PUT, &in, NULL, NULL);
}

static bool is_right(const struct cofre_row *row)
{
	char name[64];
	AUTO(mem) data = mem_alloc(row->data.size + 1);

	if (data == NULL || row->name == NULL)
		return false;
	fill_name(row->id, name);
	fill_data(row->id, (unsigned char *)data, row->data.size);
	return strcmp(row->name, name) == 0 &&
	       bytes_equal(row->data, bytes_of(data, row->data.size));
}

enum err cofre_check(struct db *d, int64_t *ret_count)
{
	ARENA(a, ROOM);
	void *rows = NULL;
	size_t count = 0;
	enum err e = db_all(d, COFRE_ALL, NULL, 1000000, &a, &rows, &count);

	if (e != OK)
		return e;
	*ret_count = (int64_t)count;
	for (size_t i = 0; i < count; i++)
		if (!is_right(&((struct cofre_row *)rows)[i]))
			*ret_count = -1;
	return OK;
}

enum err cofre_check_file(const char *path, const struct secret *key, int64_t *ret_count)
{
	ARENA(a, ROOM);
	AUTO(db) d = NULL;
	struct cofre_text said = {0};
	enum err e = db_open_sealed(path, DB_WRITE, key, cofre_queries, COFRE_QUERIES, &d);

	if (e == OK)
		e = cofre_check(d, ret_count);
	if (e == OK)
		e = db_run(d, COFRE_INTEGRITY, NULL, &a, &said);
	if (e == OK && strcmp(said.text, "ok") != 0)
		*ret_count = -1;
	return e;
}

bool cofre_seen(const struct cofre *c)
{
	static const char *const words[] = {
		"Marca", "No-Deb", "e-Verse", "SQLite f", "CREATE ", "recado"};
	ARENA(a, ROOM);
	char **names = NULL;
	size_t count = 0;
	bool seen = file_list(&a, c->folder, "", &names, &count) != OK || count == 0;

	for (size_t i = 0; i < count; i++) {
		const char *path = arena_printf(&a, "%s/%s", c->folder, names[i]);
		struct bytes all = {0};

		if (path == NULL || file_read(&a, path, FILE_BYTES, &all) != OK)
			return true;
		for (size_t w = 0; w < COUNT_OF(words); w++)
			seen |= all.size != 0 &&
				memmem(all.data, all.size, words[w], strlen(words[w])) != NULL;
	}
	return seen;
}
