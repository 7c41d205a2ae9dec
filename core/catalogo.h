/*
 * The catalogue of what can be notified (R-7.1 to, L-4.3, L-4.4, L-T2): data of the server,
 * versioned in the store, ours until an operator publishes another or switches a kind on.
 */
#ifndef CORE_CATALOGO_H
#define CORE_CATALOGO_H

#include "core/store/store.h"
#include "net/messages.h"

struct catalogos;

enum err catalogos_open(
	struct store *s, struct catalogos **ret, const char **ret_message) MUST_CHECK;
void catalogos_free(struct catalogos *cs);
/* In force, for any thread; never NULL; lives as long as `cs`. */
const struct m_catalogo *catalogos_vigente(const struct catalogos *cs);
enum err catalogos_refresh(struct catalogos *cs, struct store *s) MUST_CHECK;
/*
 * Reads the JSON of a catalogue: *ret in the arena. ERR_BAD_FIELD with *ret_message (Spanish: which
 * kind, what is wrong).
 */
enum err catalogo_leer(struct arena *a, struct bytes json, struct m_catalogo *ret,
	const char **ret_message) MUST_CHECK;
/* The one in force in that store, by itself; *ret in the arena. Errors of catalogos_open. */
enum err catalogo_vigente_en(struct store *s, struct arena *a, struct m_catalogo *ret,
	const char **ret_message) MUST_CHECK;

/* The kind of that clave ("R-7.1"); NULL: none. */
const struct m_tipo_acto *catalogo_tipo(const struct m_catalogo *c, const char *clave);
/* Can it be used at `now` (L-4.3)? */
bool catalogo_disponible(const struct m_tipo_acto *t, int64_t now);

#endif
