#include "app/outbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/b64.h"
#include "base/buf.h"
#include "base/file.h"
#include "crypto/sha.h"

#define ENDING ".acto"
#define FIRST_LINE "buzon-acto 1\n"
/* A body of 64 KiB, its base and headers. */
#define ACT_MOST (256 * 1024)

enum part_kind { PART_TEXT, PART_BYTES, PART_INT };

/* What a file holds, in this order: `key size\n` bytes `\n`; its hash comes last. */
static const struct part {
	const char *key;
	enum part_kind kind;
	size_t offset;
	bool refused_only;
} parts[] = {
	{"url", PART_TEXT, offsetof(struct outbox_act, url), false},
	{"created", PART_INT, offsetof(struct outbox_act, created), false},
	{"expires", PART_INT, offsetof(struct outbox_act, expires), false},
	{"content-type", PART_TEXT, offsetof(struct outbox_act, content_type), false},
	{"content-digest", PART_TEXT, offsetof(struct outbox_act, content_digest), false},
	{"signature-input", PART_TEXT, offsetof(struct outbox_act, signature_input), false},
	{"signature", PART_TEXT, offsetof(struct outbox_act, signature), false},
	{"base", PART_BYTES, offsetof(struct outbox_act, base), false},
	{"body", PART_BYTES, offsetof(struct outbox_act, body), false},
	{"error", PART_TEXT, offsetof(struct outbox_act, error), true},
	{"campo", PART_TEXT, offsetof(struct outbox_act, campo), true},
	{"cuando", PART_INT, offsetof(struct outbox_act, cuando), true},
};

enum err outbox_open(struct arena *a, const char *folder, const char *rejected, struct outbox *ret)
{
	struct outbox o = {arena_strdup(a, folder), arena_strdup(a, rejected)};

	if (o.folder == NULL || o.rejected == NULL)
		return ERR_NO_MEMORY;
	enum err e = file_make_folder(folder);

	if (e == OK)
		e = file_make_folder(rejected);
	if (e == OK)
		*ret = o;
	return e;
}

enum err outbox_act_of(
	struct arena *a, enum route route, const struct request *r, struct outbox_act *ret)
{
	const char *name = hex_encode(a, r->sig.nonce);

	if (name == NULL)
		return ERR_NO_MEMORY;
	*ret = (struct outbox_act){
		.name = name,
		.route = route,
		.url = r->url,
		.created = r->sig.created * 1000,
		.expires = r->sig.expires * 1000,
		.content_type = r->rq.content_type,
		.content_digest = r->rq.content_digest,
		.signature_input = r->rq.signature_input,
		.signature = r->rq.signature,
		.base = r->sig.base,
		.body = r->body,
	};
	return OK;
}

struct httpsig_request outbox_headers(const struct outbox_act *act)
{
	return (struct httpsig_request){
		.content_type = act->content_type,
		.content_digest = act->content_digest,
		.signature_input = act->signature_input,
		.signature = act->signature,
	};
}

static void write_part(struct buf *b, const char *key, struct bytes value)
{
	buf_printf(b, "%s %zu\n", key, value.size);
	buf_add(b, value.data, value.size);
	buf_char(b, '\n');
}

static void write_member(struct buf *b, const struct part *p, const struct outbox_act *act)
{
	const char *at = (const char *)act + p->offset;
	char number[24];
	const char *text;
	struct bytes bytes;
	int64_t n;

	switch (p->kind) {
	case PART_TEXT:
		memcpy(&text, at, sizeof(text));
		write_part(b, p->key, bytes_of_text(text != NULL ? text : ""));
		break;
	case PART_BYTES:
		memcpy(&bytes, at, sizeof(bytes));
		write_part(b, p->key, bytes);
		break;
	case PART_INT:
		memcpy(&n, at, sizeof(n));
		snprintf(number, sizeof(number), "%lld", (long long)n);
		write_part(b, p->key, bytes_of_text(number));
		break;
	}
}

static enum err act_write(struct arena *a, const struct outbox_act *act, struct bytes *ret)
{
	struct buf b;
	struct bytes whole;
	const char *hash = NULL;

	buf_init(&b, a);
	buf_text(&b, FIRST_LINE);
	write_part(&b, "ruta", bytes_of_text(route_row(act->route)->name));
	for (size_t i = 0; i < COUNT_OF(parts); i++)
		if (!parts[i].refused_only || act->error != NULL)
			write_member(&b, &parts[i], act);
	enum err e = buf_end(&b, &whole);

	if (e == OK)
		e = sha256_hex(a, whole, &hash);
	if (e != OK)
		return e;
	write_part(&b, "sha256", bytes_of_text(hash));
	return buf_end(&b, ret);
}

struct cursor {
	struct arena *arena;
	const unsigned char *at;
	const unsigned char *end;
};

/* Takes `key size\n` bytes `\n`; the value is copied, NUL behind. */
static enum err take_part(struct cursor *c, const char *key, struct bytes *ret)
{
	size_t n = strlen(key);
	size_t left = (size_t)(c->end - c->at);
	size_t size = 0;

	if (left < n + 4 || memcmp(c->at, key, n) != 0 || c->at[n] != ' ')
		return ERR_BAD_EVIDENCE;
	const unsigned char *at = c->at + n + 1;

	while (at < c->end && *at >= '0' && *at <= '9' && size <= ACT_MOST)
		size = size * 10 + (size_t)(*at++ - '0');
	if (at == c->end || *at != '\n' || size + 2 > (size_t)(c->end - at) || at[size + 1] != '\n')
		return ERR_BAD_EVIDENCE;
	void *copy = arena_copy(c->arena, at + 1, size);

	if (copy == NULL)
		return ERR_NO_MEMORY;
	*ret = bytes_of(copy, size);
	c->at = at + size + 2;
	return OK;
}

static enum err take_member(struct cursor *c, const struct part *p, struct outbox_act *act)
{
	char *to = (char *)act + p->offset;
	struct bytes value;
	enum err e = take_part(c, p->key, &value);

	if (e != OK)
		return e;
	const char *text = (const char *)value.data;
	int64_t n = strtoll(text, NULL, 10);

	if (p->kind == PART_BYTES)
		memcpy(to, &value, sizeof(value));
	else if (p->kind == PART_TEXT)
		memcpy(to, &text, sizeof(text));
	else
		memcpy(to, &n, sizeof(n));
	return OK;
}

static enum err take_route(struct cursor *c, enum route *ret)
{
	struct bytes name;
	enum err e = take_part(c, "ruta", &name);
	unsigned r = 0;

	if (e != OK)
		return e;
	while (r < ROUTE_COUNT &&
		strcmp(route_row((enum route)r)->name, (const char *)name.data) != 0)
		r++;
	if (r == ROUTE_COUNT)
		return ERR_BAD_EVIDENCE;
	*ret = (enum route)r;
	return OK;
}

static enum err check_hash(struct cursor *c, struct bytes file)
{
	struct bytes whole = bytes_of(file.data, (size_t)(c->at - file.data));
	struct bytes hash;
	const char *again = NULL;
	enum err e = take_part(c, "sha256", &hash);

	if (e == OK)
		e = sha256_hex(c->arena, whole, &again);
	if (e != OK)
		return e;
	return c->at == c->end && strcmp(again, (const char *)hash.data) == 0 ? OK
									      : ERR_BAD_EVIDENCE;
}

static enum err act_read(struct arena *a, struct bytes file, bool refused, struct outbox_act *ret)
{
	struct outbox_act act = {0};
	struct cursor c = {a, file.data, file.data + file.size};
	size_t n = strlen(FIRST_LINE);

	if (file.size < n || memcmp(file.data, FIRST_LINE, n) != 0)
		return ERR_BAD_EVIDENCE;
	c.at += n;
	enum err e = take_route(&c, &act.route);

	for (size_t i = 0; e == OK && i < COUNT_OF(parts); i++)
		if (!parts[i].refused_only || refused)
			e = take_member(&c, &parts[i], &act);
	if (e == OK)
		e = check_hash(&c, file);
	if (e == OK)
		*ret = act;
	return e;
}

static enum err write_act(struct arena *a, const char *folder, const struct outbox_act *act)
{
	const char *path = arena_printf(a, "%s/%s" ENDING, folder, act->name);
	struct bytes file;
	enum err e = path != NULL ? act_write(a, act, &file) : ERR_NO_MEMORY;

	return e == OK ? file_write(path, file, 0600) : e;
}

enum err outbox_put(const struct outbox *o, struct arena *a, const struct outbox_act *act)
{
	struct outbox_act waiting = *act;

	const char *path = arena_printf(a, "%s/%s" ENDING, o->folder, act->name);

	if (path == NULL)
		return ERR_NO_MEMORY;
	bool had = file_exists(path);

	waiting.error = NULL;
	enum err e = write_act(a, o->folder, &waiting);

	/* What is not surely on disk was not signed: a leftover would be sent behind the person. */
	if (e != OK && !had && outbox_remove(o, a, act->name) != OK)
		return ERR_IO;
	return e;
}

static enum err list_acts(struct arena *a, const char *folder, char ***ret_names, size_t *ret_count)
{
	char **names = NULL;
	size_t count = 0;
	enum err e = file_list(a, folder, ENDING, &names, &count);

	if (e != OK)
		return e;
	for (size_t i = 0; i < count; i++)
		names[i][strlen(names[i]) - strlen(ENDING)] = '\0';
	*ret_names = names;
	*ret_count = count;
	return OK;
}

enum err outbox_list(const struct outbox *o, struct arena *a, char ***ret_names, size_t *ret_count)
{
	return list_acts(a, o->folder, ret_names, ret_count);
}

static enum err get_act(
	struct arena *a, const char *folder, const char *name, bool refused, struct outbox_act *ret)
{
	const char *path = arena_printf(a, "%s/%s" ENDING, folder, name);
	char *own_name = arena_strdup(a, name);
	struct bytes file;
	enum err e = path != NULL && own_name != NULL ? file_read(a, path, ACT_MOST, &file)
						      : ERR_NO_MEMORY;

	if (e == OK)
		e = act_read(a, file, refused, ret);
	if (e == OK)
		ret->name = own_name;
	return e;
}

enum err outbox_get(
	const struct outbox *o, struct arena *a, const char *name, struct outbox_act *ret)
{
	return get_act(a, o->folder, name, false, ret);
}

static enum err drop(struct arena *a, const char *folder, const char *name, const char *ending)
{
	const char *path = arena_printf(a, "%s/%s%s", folder, name, ending);

	if (path == NULL)
		return ERR_NO_MEMORY;
	if (unlink(path) != 0 && errno != ENOENT)
		return file_error(errno);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	/* Not on disk yet, the removal may be undone by a crash: the act is sent again, harmlessly.
	 */
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	return OK;
}

enum err outbox_remove(const struct outbox *o, struct arena *a, const char *name)
{
	return drop(a, o->folder, name, ENDING);
}

enum err outbox_reject(const struct outbox *o, struct arena *a, const struct outbox_act *act)
{
	enum err e = write_act(a, o->rejected, act);

	return e == OK ? outbox_remove(o, a, act->name) : e;
}

enum err outbox_rejected(
	const struct outbox *o, struct arena *a, struct outbox_act **ret_acts, size_t *ret_count)
{
	char **names = NULL;
	size_t count = 0;
	size_t good = 0;
	enum err e = list_acts(a, o->rejected, &names, &count);
	struct outbox_act *acts = e == OK ? arena_array(a, count, sizeof(*acts)) : NULL;

	if (e == OK && acts == NULL && count != 0)
		e = ERR_NO_MEMORY;
	/* A damaged record must not hide the others. */
	for (size_t i = 0; e == OK && i < count; i++) {
		e = get_act(a, o->rejected, names[i], true, &acts[good]);
		good += e == OK;
		e = e == ERR_NO_MEMORY ? e : OK;
	}
	if (e != OK)
		return e;
	*ret_acts = acts;
	*ret_count = good;
	return OK;
}

enum err outbox_forget(const struct outbox *o, struct arena *a, const char *name)
{
	const char *from = arena_printf(a, "%s/%s" ENDING, o->rejected, name);
	const char *to = arena_printf(a, "%s/%s.visto", o->rejected, name);

	if (from == NULL || to == NULL)
		return ERR_NO_MEMORY;
	return rename(from, to) == 0 || errno == ENOENT ? OK : file_error(errno);
}

enum err outbox_keep_answer(
	const struct outbox *o, struct arena *a, const char *name, struct bytes answer)
{
	const char *path = arena_printf(a, "%s/%s.respuesta", o->folder, name);

	return path != NULL ? file_write(path, answer, 0600) : ERR_NO_MEMORY;
}
