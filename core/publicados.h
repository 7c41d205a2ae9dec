/*
 * What operators publish in versions (the calendar, the catalogue), as a running server keeps it:
 * the newest version of the store, read once, else our own. A version that was given out stays
 * where it is for as long as the whole does, so nobody who uses one locks anything.
 */
#ifndef CORE_PUBLICADOS_H
#define CORE_PUBLICADOS_H

#include "core/publicados_texto.h"
#include "core/store/store.h"

/* A row of the store; version 0: our own text. */
struct publicado_fila {
	int64_t version;
	int64_t publicado; /* ms UTC */
	const char *acuerdo;
	struct bytes texto;
};

struct publicado_clase {
	enum publicado which;
	const char *nombre; /* for the log */
	size_t size;	    /* of what `lee` gives */
	enum err (*version)(struct store *s, struct arena *a, int64_t *ret); /* 0: none */
	enum err (*fila)(struct store *s, struct arena *a, struct publicado_fila *ret);
	enum err (*lee)(struct arena *a, const struct publicado_fila *fila, void *ret,
		const char **ret_message);
};

struct publicados;

/* *ret_message: what is wrong with the version in force (Spanish), where something is. */
enum err publicados_open(const struct publicado_clase *c, struct store *s, struct publicados **ret,
	const char **ret_message) MUST_CHECK;
void publicados_free(struct publicados *p);
/* What `lee` gave of the version in force; never NULL. Any thread. */
const void *publicados_vigente(const struct publicados *p);
/*
 * Looks whether the store has another version, in whatever transaction is open, and reads it. Where
 * that fails what was in force stays so. Any thread.
 */
enum err publicados_refresh(struct publicados *p, struct store *s) MUST_CHECK;

#endif
