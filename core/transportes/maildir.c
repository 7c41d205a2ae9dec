/*
 * Mail into a Maildir: written to tmp/, synced, moved to new/ in one step. Its name is the
 * message's own, so that one that is handed over twice is there once for as long as nobody has
 * moved it.
 */
#include <string.h>
#include "base/file.h"
#include "core/correo_texto.h"
#include "core/mensajeria.h"

const char *transporte_maildir_falta(const struct config *c)
{
	(void)c; /* its folder is made when it is needed */
	return NULL;
}

/* Lines of a file end with LF. */
static struct bytes without_cr(struct arena *a, struct bytes text)
{
	char *to = arena_alloc(a, text.size + 1);
	size_t n = 0;

	for (size_t i = 0; to != NULL && i < text.size; i++)
		if (text.data[i] != '\r')
			to[n++] = (char)text.data[i];
	return to != NULL ? bytes_of(to, n) : (struct bytes){0};
}

static enum err make_folders(struct arena *a, const char *folder)
{
	static const char *const names[] = {"tmp", "new", "cur"};
	enum err e = OK;

	for (size_t i = 0; e == OK && i < COUNT_OF(names); i++) {
		char *path = arena_printf(a, "%s/%s", folder, names[i]);

		e = path != NULL ? file_make_folder(path) : ERR_NO_MEMORY;
	}
	return e;
}

static enum err deliver(struct arena *a, const char *folder, const char *name, struct bytes text)
{
	char *from = arena_printf(a, "%s/tmp/%s", folder, name);
	char *to = arena_printf(a, "%s/new/%s", folder, name);
	enum err e = from != NULL && to != NULL ? make_folders(a, folder) : ERR_NO_MEMORY;

	if (e == OK)
		e = file_write(from, text, 0600);
	if (e == OK)
		e = file_rename(from, to, true);
	return e == OK ? file_sync_folder_of(to) : e;
}

static void leave(
	const struct http_out_request *rq, const atomic_bool *stop, struct http_out_result *ret)
{
	ARENA(a, 65536);

	(void)stop;
	ret->err = deliver(&a, rq->url, rq->headers[0], rq->body);
}

enum err transporte_maildir_pide(
	const struct mensaje *m, struct http_out_request *ret, recado_aqui **ret_aqui)
{
	struct arena *a = m->arena;
	const char **name = arena_array(a, 2, sizeof(*name));
	struct bytes text;
	enum err e = name != NULL ? correo_texto(m, &text) : ERR_NO_MEMORY;

	if (e != OK)
		return e;
	/* Maildir's: seconds, what is unique, host. */
	name[0] = arena_printf(a, "%lld.%s.buzond", (long long)(m->creado / 1000), m->id);
	text = without_cr(a, text);
	if (name[0] == NULL || text.data == NULL)
		return ERR_NO_MEMORY;
	*ret = (struct http_out_request){
		.url = m->de->config->correo_carpeta, .headers = name, .body = text};
	*ret_aqui = leave;
	return OK;
}

enum err transporte_maildir_juzga(
	struct arena *a, const struct http_out_result *r, struct veredicto *ret)
{
	return transporte_de_disco(a, r, ret);
}
