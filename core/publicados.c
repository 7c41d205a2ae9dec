#include "core/publicados.h"

#include <pthread.h>
#include <stdatomic.h>
#include "base/log.h"
#include "base/mem.h"

/* One version, read: a file of the size that it may have, days and rows of it. */
#define VERSION_BYTES (16 * 1024 * 1024)
#define LOOK_BYTES 4096

struct version {
	struct arena arena;
	struct version *before;
	int64_t number;
	void *read;
};

struct publicados {
	const struct publicado_clase *clase;
	pthread_mutex_t lock; /* of who reads another one */
	_Atomic(struct version *) newest;
};

static void drop(struct version *v)
{
	arena_free(&v->arena);
	mem_free(v);
}

static enum err read_row(
	const struct publicados *p, struct store *s, struct version *v, struct publicado_fila *ret)
{
	*ret = (struct publicado_fila){0};
	enum err e = p->clase->fila(s, &v->arena, ret);

	return e == ERR_NOT_FOUND ? publicados_texto(&v->arena, p->clase->which, &ret->texto) : e;
}

static enum err read_version(
	struct publicados *p, struct store *s, struct version **ret, const char **ret_message)
{
	struct version *v = mem_zalloc(sizeof(*v));
	struct publicado_fila row;

	if (v == NULL)
		return ERR_NO_MEMORY;
	arena_init(&v->arena, VERSION_BYTES);
	enum err e = read_row(p, s, v, &row);

	v->read = e == OK ? arena_zalloc(&v->arena, p->clase->size) : NULL;
	if (e == OK && v->read == NULL)
		e = ERR_NO_MEMORY;
	if (e == OK)
		e = p->clase->lee(&v->arena, &row, v->read, ret_message);
	v->number = row.version;
	if (e == OK || *ret_message != NULL)
		*ret = v; /* the sentence is in its arena */
	else
		drop(v);
	return e;
}

static enum err take(struct publicados *p, struct store *s)
{
	const char *message = NULL;
	struct version *v = NULL;
	enum err e = read_version(p, s, &v, &message);

	if (e != OK) {
		log_write(LOG_ERROR, p->clase->nombre, "a published version can't be read: %s",
			message != NULL ? message : err_wire(e));
		if (v != NULL)
			drop(v);
		return e;
	}
	v->before = atomic_load(&p->newest);
	atomic_store(&p->newest, v);
	log_write(LOG_INFO, p->clase->nombre, "version %lld is in force", (long long)v->number);
	return OK;
}

enum err publicados_open(const struct publicado_clase *c, struct store *s, struct publicados **ret,
	const char **ret_message)
{
	struct publicados *p = mem_zalloc(sizeof(*p));
	struct version *v = NULL;

	*ret_message = NULL;
	if (p == NULL)
		return ERR_NO_MEMORY;
	p->clase = c;
	if (pthread_mutex_init(&p->lock, NULL) != 0) {
		mem_free(p);
		return ERR_NO_MEMORY;
	}
	enum err e = read_version(p, s, &v, ret_message);

	atomic_init(&p->newest, v);
	if (e == OK) {
		*ret = p;
		return OK;
	}
	if (v != NULL)
		log_write(LOG_ERROR, c->nombre, "%s", *ret_message);
	*ret_message = v != NULL ? "La versión publicada en el almacén no la entiende este "
				   "programa; actualízalo o publica otra."
				 : NULL;
	publicados_free(p);
	return e;
}

void publicados_free(struct publicados *p)
{
	struct version *v = atomic_load(&p->newest);

	while (v != NULL) {
		struct version *before = v->before;

		drop(v);
		v = before;
	}
	pthread_mutex_destroy(&p->lock);
	mem_free(p);
}

const void *publicados_vigente(const struct publicados *p)
{
	return atomic_load(&p->newest)->read;
}

enum err publicados_refresh(struct publicados *p, struct store *s)
{
	ARENA(a, LOOK_BYTES);
	int64_t number = 0;

	pthread_mutex_lock(&p->lock);
	enum err e = p->clase->version(s, &a, &number);

	if (e == OK && number != atomic_load(&p->newest)->number)
		e = take(p, s);
	pthread_mutex_unlock(&p->lock);
	return e;
}
