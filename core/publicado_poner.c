#include "core/publicado_poner.h"

#include <time.h>
#include "core/calendarios.h"
#include "core/tarea.h"
#include "crypto/sha.h"

#define TRIES 20
#define PAUSE_MS 100
#define ROOM (32 * 1024 * 1024)

static enum err put_calendar(const struct publicado_nuevo *n, struct arena *a, struct bytes text,
	const char *sha, int64_t *ret_version)
{
	struct in_calendario_version none = {0};
	struct out_calendario_version had;
	struct in_calendario_poner in = {
		.publicado = n->now, .sha256 = sha, .acuerdo = n->acuerdo, .ics = text};
	enum err e = q_calendario_version(n->store, &none, a, &had);

	if (e != OK)
		return e;
	in.version = *ret_version = had.version + 1;
	return q_calendario_poner(n->store, &in, a, NULL);
}

static enum err put_catalogue(const struct publicado_nuevo *n, struct arena *a, struct bytes text,
	const char *sha, int64_t *ret_version)
{
	struct in_catalogo_version none = {0};
	struct out_catalogo_version had;
	struct in_catalogo_poner in = {.publicado = n->now, .sha256 = sha, .json = text};
	enum err e = q_catalogo_version(n->store, &none, a, &had);

	if (e != OK)
		return e;
	in.version = *ret_version = had.version + 1;
	return q_catalogo_poner(n->store, &in, a, NULL);
}

static enum err put(const struct publicado_nuevo *n, int64_t *ret_version)
{
	ARENA(a, ROOM);
	struct novedades news = {0};
	struct bytes text;
	const char *sha = NULL;
	bool calendar = n->which == PUBLICADO_CALENDARIO;
	enum err e = n->texto(n->ctx, &a, &text);

	if (e == OK)
		e = sha256_hex(&a, text, &sha);
	if (e == OK)
		e = calendar ? put_calendar(n, &a, text, sha, ret_version)
			     : put_catalogue(n, &a, text, sha, ret_version);
	if (e == OK && calendar)
		e = tarea_poner(n->store, &news, TAREA_calendario, CALENDARIOS_TODOS, n->now);
	novedades_add(&news, NOVEDAD_PUBLICADO, calendar ? "calendario" : "catalogo");
	return e == OK ? store_tell(n->store, &news) : e;
}

static enum err once(const struct publicado_nuevo *n, int64_t *ret_version)
{
	enum err e = store_begin(n->store);

	if (e == OK)
		e = store_lock(n->store, "publicado");
	if (e == OK)
		e = put(n, ret_version);
	if (e == OK)
		return store_commit(n->store);
	store_rollback(n->store);
	return e;
}

enum err publicado_poner(const struct publicado_nuevo *n, int64_t *ret_version)
{
	const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
	enum err e = once(n, ret_version);

	for (int i = 1; e == ERR_BUSY && i < TRIES; i++) {
		nanosleep(&pause, NULL);
		e = once(n, ret_version);
	}
	return e;
}
