#include "app/copias.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "app/cache_key.h"
#include "app/folders.h"
#include "base/file.h"
#include "screens/historia.h"
#include "screens/local.h"

#define ALLOWANCE ((size_t)16 << 20)
#define PREFIX "copia-"
#define ENDING ".db"
#define NAME_CHARS 16 /* of the certificate's thumbprint */
#define DRAFT "borrador/"
#define HISTORY "ordenes"
#define DRAFTS_MOST 8 /* of one name, each another: an e.firma lasts four years */

enum err copias_of(struct arena *a, const struct perfil *p, struct copias *ret)
{
	struct copias c = {.folder = folders_data(a, p->nombre, ""), .keys = folders_keys(a)};

	if (c.folder == NULL || c.keys == NULL)
		return ERR_NO_MEMORY;
	*ret = c;
	return OK;
}

const char *copias_name(struct arena *a, const struct cert *cert)
{
	return arena_printf(a, PREFIX "%.*s" ENDING, NAME_CHARS, cert->thumbprint);
}

enum err copias_others(struct arena *a, const struct copias *c, const struct cert *cert,
	char ***ret_names, size_t *ret_count)
{
	const char *own = copias_name(a, cert);
	char **names = NULL;
	size_t count = 0;
	size_t kept = 0;
	enum err err = own == NULL ? ERR_NO_MEMORY : OK;

	if (err == OK && file_exists(c->folder))
		err = file_list(a, c->folder, ENDING, &names, &count);
	if (err != OK)
		return err;
	for (size_t i = 0; i < count; i++)
		if (strncmp(names[i], PREFIX, strlen(PREFIX)) == 0 && strcmp(names[i], own) != 0)
			names[kept++] = names[i];
	*ret_names = names;
	*ret_count = kept;
	return OK;
}

/* The copy first: a WAL alone is nobody's, a copy without its WAL would be an older one. */
enum err copias_remove(struct arena *a, const struct copias *c, const char *name)
{
	static const char *const beside[] = {"", "-wal", "-shm"};

	for (size_t i = 0; i < COUNT_OF(beside); i++) {
		const char *path = arena_printf(a, "%s%s%s", c->folder, name, beside[i]);

		if (path == NULL)
			return ERR_NO_MEMORY;
		if (remove(path) != 0 && errno != ENOENT)
			return ERR_IO;
	}
	return OK;
}

/* ---- carrying over ---- */

struct carry {
	struct local *from;
	struct local *to;
	size_t carried;
};

static bool same(struct bytes s, struct bytes t)
{
	return s.size == t.size && (s.size == 0 || memcmp(s.data, t.data, s.size) == 0);
}

/* The older lines stand first, each line once: done twice it is the same. */
static enum err join_history(struct arena *a, struct bytes old, struct bytes *now)
{
	struct historia *h = arena_zalloc(a, sizeof(*h));
	const char *both = arena_printf(a, "%.*s\n%.*s", (int)old.size, (const char *)old.data,
		(int)now->size, (const char *)now->data);
	const char *text = NULL;

	if (h == NULL || both == NULL)
		return ERR_NO_MEMORY;
	historia_load(h, both);
	enum err err = historia_text(h, a, &text);

	if (err == OK)
		*now = bytes_of_text(text);
	return err;
}

/* Neither draft is lost: the old one gets the next name that is free, unless it is there. */
static enum err put_beside(struct carry *k, struct arena *a, const char *name, struct bytes old)
{
	struct bytes there;
	enum err err = OK;

	for (int i = 0; i < DRAFTS_MOST; i++) {
		name = arena_printf(a, "%s.anterior", name);
		if (name == NULL)
			return ERR_NO_MEMORY;
		err = local_get(k->to, a, name, &there);
		if (err == ERR_NOT_FOUND)
			return local_put(k->to, name, old);
		if (err != OK || same(there, old))
			return err;
	}
	return ERR_TOO_LARGE;
}

static enum err carry_one(struct carry *k, const char *name)
{
	ARENA(a, ALLOWANCE);
	struct bytes old;
	struct bytes now;
	enum err err = local_get(k->from, &a, name, &old);

	if (err != OK)
		return err;
	k->carried++;
	err = local_get(k->to, &a, name, &now);
	if (err == ERR_NOT_FOUND)
		return local_put(k->to, name, old);
	if (err != OK || same(old, now))
		return err;
	if (strncmp(name, DRAFT, strlen(DRAFT)) == 0)
		return put_beside(k, &a, name, old);
	if (strcmp(name, HISTORY) != 0)
		return OK;
	err = join_history(&a, old, &now);
	return err == OK ? local_put(k->to, name, now) : err;
}

static enum err carry_all(struct carry *k)
{
	ARENA(a, ALLOWANCE);
	const char **names = NULL;
	size_t count = 0;
	enum err err = local_keys(k->from, &a, "", &names, &count);

	for (size_t i = 0; err == OK && i < count; i++)
		err = carry_one(k, names[i]);
	return err;
}

static enum err open_copy(struct arena *a, const struct copias *c, const struct perfil *p,
	const struct efirma *f, struct local **ret)
{
	SECRET(key);
	const char *name = copias_name(a, &f->cert);
	const char *path = name != NULL ? arena_printf(a, "%s%s", c->folder, name) : NULL;
	enum err err = path == NULL ? ERR_NO_MEMORY : cache_key_open(f, c->keys, p->nombre, &key);

	return err == OK ? local_open(path, DB_WRITE, &key, ret) : err;
}

static enum err carry_between(struct arena *a, const struct copias *c, const struct perfil *p,
	const struct efirma *old, const struct efirma *now, size_t *ret_carried)
{
	AUTO(local) from = NULL;
	AUTO(local) to = NULL;
	enum err err = open_copy(a, c, p, old, &from);

	if (err == OK)
		err = open_copy(a, c, p, now, &to);
	struct carry k = {from, to, 0};

	if (err == OK)
		err = carry_all(&k);
	if (err == OK)
		*ret_carried = k.carried;
	return err;
}

enum err copias_carry(const struct perfil *p, const struct efirma *old, const struct efirma *now,
	size_t *ret_carried)
{
	ARENA(a, ALLOWANCE);
	struct copias c;
	size_t carried = 0;
	const char *name = copias_name(&a, &old->cert);
	enum err err = name == NULL ? ERR_NO_MEMORY : copias_of(&a, p, &c);

	if (err == OK && (old->cert.rfc[0] == '\0' || strcmp(old->cert.rfc, now->cert.rfc) != 0))
		err = ERR_RFC_MISMATCH;
	const char *path = err == OK ? arena_printf(&a, "%s%s", c.folder, name) : NULL;

	if (err == OK && path == NULL)
		err = ERR_NO_MEMORY;
	/* Asked first: to open one makes it. */
	if (err == OK && (strcmp(old->cert.thumbprint, now->cert.thumbprint) == 0 ||
				 !file_exists(path) || !cache_key_exists(&old->cert, c.keys)))
		err = ERR_NO_OLD_COPY;
	if (err == OK)
		err = carry_between(&a, &c, p, old, now, &carried);
	if (err == OK)
		err = copias_remove(&a, &c, name);
	if (err == OK)
		*ret_carried = carried;
	return err;
}
