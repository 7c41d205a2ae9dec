/*
 * A new version of what operators publish: one transaction, after which every server hears of it.
 */
#ifndef CORE_PUBLICADO_PONER_H
#define CORE_PUBLICADO_PONER_H

#include "core/publicados_texto.h"
#include "core/store/store.h"

struct publicado_nuevo {
	struct store *store;
	enum publicado which;
	int64_t now;	     /* ms UTC */
	const char *acuerdo; /* of a calendar */
	/*
	 * The text, made inside the transaction, where nobody else publishes: what is in force then
	 * is what it follows. May run again.
	 */
	enum err (*texto)(void *ctx, struct arena *a, struct bytes *ret);
	void *ctx;
};

/*
 * *ret_version: its number. A calendar's open terms are counted again from then on (core/tareas/
 * calendario.c). Errors of `texto` and of the store.
 */
enum err publicado_poner(const struct publicado_nuevo *n, int64_t *ret_version) MUST_CHECK;

#endif
