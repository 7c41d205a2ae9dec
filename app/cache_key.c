#include "app/cache_key.h"

#include <limits.h>
#include <stdio.h>
#include "base/file.h"
#include "crypto/hkdf.h"

#define MASTER_BYTES 32
#define FILE_BYTES 4096
#define ROOM (64 * 1024)
/* Says what the file is, and which way of wrapping. */
static const char mark[] = "buzon-tui llave v1\n";
#define MARK_BYTES (sizeof(mark) - 1)
#define INFO "buzon-tui cache v1|"

static bool same(const struct secret *s, const struct secret *t)
{
	return s->size == t->size && memcmp(s->data, t->data, s->size) == 0;
}

static enum err path_of(const struct cert *c, const char *folder, char path[PATH_MAX])
{
	int n = snprintf(path, PATH_MAX, "%s/%s.llave", folder, c->thumbprint);

	return n < PATH_MAX ? OK : ERR_NO_FILE;
}

/* ERR_NO_FILE where there is none: all else that is not a master of this key is damage. */
static enum err read_master(const struct efirma *f, const char *path, struct secret *ret)
{
	ARENA(a, ROOM);
	SECRET(master);
	struct bytes file;
	enum err e = file_read(&a, path, FILE_BYTES, &file);

	if (e == ERR_TOO_LARGE)
		return ERR_BAD_CACHE;
	if (e != OK)
		return e;
	if (file.size < MARK_BYTES || memcmp(file.data, mark, MARK_BYTES) != 0)
		return ERR_BAD_CACHE;
	e = key_unwrap(f->key, bytes_of(file.data + MARK_BYTES, file.size - MARK_BYTES), &master);
	if (e == ERR_NOT_ITS_KEY || (e == OK && master.size != MASTER_BYTES))
		return ERR_BAD_CACHE;
	return e == OK ? secret_set(ret, master.data, master.size) : e;
}

/*
 * Wrapped for the certificate and opened again with its key: what did not open now would lose all
 * that is kept under it. OpenSSL computes wrong, and says nothing, where memory ends in the middle.
 */
static enum err wrap_master(
	struct arena *a, const struct efirma *f, const struct secret *master, struct bytes *ret)
{
	AUTO(key) public = NULL;
	SECRET(back);
	struct bytes wrapped;
	enum err e = key_of_cert(&f->cert, &public);

	if (e == OK)
		e = key_wrap(a, public, master, &wrapped);
	if (e == OK)
		e = key_unwrap(f->key, wrapped, &back);
	if (e == ERR_NOT_ITS_KEY || (e == OK && !same(master, &back)))
		return ERR_NO_MEMORY;
	if (e == OK)
		*ret = wrapped;
	return e;
}

/* *ret_made: false where a file was there, and stays. */
static enum err write_master(
	const struct efirma *f, const char *path, const struct secret *master, bool *ret_made)
{
	ARENA(a, ROOM);
	struct bytes wrapped = {0};
	enum err e = wrap_master(&a, f, master, &wrapped);

	if (e != OK)
		return e;

	unsigned char *content = arena_alloc(&a, MARK_BYTES + wrapped.size);

	if (content == NULL)
		return ERR_NO_MEMORY;
	memcpy(content, mark, MARK_BYTES);
	memcpy(content + MARK_BYTES, wrapped.data, wrapped.size);
	return file_write_new(path, bytes_of(content, MARK_BYTES + wrapped.size), 0600, ret_made);
}

static enum err make_master(const struct efirma *f, const char *path)
{
	SECRET(master);
	bool made = false;
	enum err e = secret_make(&master, MASTER_BYTES);

	if (e == OK)
		e = random_bytes(master.data, MASTER_BYTES);
	master.size = MASTER_BYTES;
	return e == OK ? write_master(f, path, &master, &made) : e;
}

enum err cache_key_open(
	const struct efirma *f, const char *folder, const char *perfil, struct secret *ret_key)
{
	ARENA(a, ROOM);
	SECRET(master);
	char path[PATH_MAX];
	const char *info = arena_printf(&a, INFO "%s", perfil);
	enum err e = info != NULL ? path_of(&f->cert, folder, path) : ERR_NO_MEMORY;

	if (e == OK)
		e = read_master(f, path, &master);
	/* Another process may be faster, before or after this look: what is there is the one. */
	if (e == ERR_NO_FILE && info != NULL) {
		e = cache_key_exists(&f->cert, folder) ? OK : make_master(f, path);
		if (e == OK)
			e = read_master(f, path, &master);
	}
	return e == OK ? hkdf_sha256(&master, (struct bytes){0}, bytes_of_text(info), MASTER_BYTES,
				 ret_key)
		       : e;
}

bool cache_key_exists(const struct cert *c, const char *folder)
{
	char path[PATH_MAX];

	return path_of(c, folder, path) == OK && file_exists(path);
}
