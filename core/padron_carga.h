/*
 * Many fichas into the padrón in one transaction: all of them or none (buzond padron, alta).
 */
#ifndef CORE_PADRON_CARGA_H
#define CORE_PADRON_CARGA_H

#include "core/padron.h"

struct padron_carga {
	struct store *store;
	const struct config *config;
	int64_t now; /* ms UTC */
	/*
	 * From the first ficha on; more than once where the database asks for it. What was told of
	 * an earlier run counts for nothing.
	 */
	enum err (*empieza)(void *ctx);
	/* The next one, in the arena; ERR_NOT_FOUND: there is none. */
	enum err (*siguiente)(void *ctx, struct arena *a, const struct padron_ficha **ret);
	/* What became of it, once padron_carga is OK. */
	enum err (*uno)(void *ctx, struct arena *a, const struct padron_ficha *f,
		const struct padron_cambios *c);
	void *ctx;
};

/*
 * OK: all is on disk, and servers are told whose clients wait. Else nothing of it is there, unless
 * the connection went with the COMMIT: then it is run again, which changes nothing twice.
 */
enum err padron_carga(const struct padron_carga *c) MUST_CHECK;

#endif
