/*
 * Everything that is stored, proved again from its own bytes and a trust folder (wire.md,
 * Evidence): acts and what they were answered, acuses, certificates, notifications and their
 * documents, revocations asked later. Reads only, page by page, while servers write: what was
 * committed before it began is looked at, in bounded memory whatever the size of the store.
 *
 * What does not hold is told, row by row, and never ends the walk.
 */
#ifndef CORE_VERIFICA_H
#define CORE_VERIFICA_H

#include "core/store/store.h"
#include "crypto/trust.h"

enum verifica_falla {
#define FALLA(name, sentence) FALLA_##name,
#include "core/verifica.def"
#undef FALLA
	FALLA_COUNT
};

/* Its stable name, and what it means: a Spanish clause about the object. */
const char *verifica_nombre(enum verifica_falla f);
const char *verifica_frase(enum verifica_falla f);

/* Texts live as long as the call that tells of it; they are the rows', which may be damaged. */
struct verifica_hallazgo {
	enum verifica_falla falla;
	const char *objeto;  /* "acto", "acuse" ... */
	const char *clave;   /* its folio, the nonce in hex, the thumbprint */
	const char *folio;   /* of an act that has one, or NULL */
	const char *detalle; /* which check of a proof, Spanish; or NULL */
};

struct verifica_cuenta {
	int64_t actos;
	int64_t acuses;
	int64_t notificaciones;
	int64_t fallas;
};

struct verifica_config {
	struct store *store;
	const struct trust *trust;
	void (*tell)(void *ctx, const struct verifica_hallazgo *h);
	/* Asked before each page; false ends the walk with ERR_CANCELLED. */
	bool (*go_on)(void *ctx, const struct verifica_cuenta *c);
	void *ctx;
};

/* *ret has what was looked at, whatever is returned. Errors of the store, ERR_NO_MEMORY. */
enum err verifica(const struct verifica_config *c, struct verifica_cuenta *ret) MUST_CHECK;

#endif
