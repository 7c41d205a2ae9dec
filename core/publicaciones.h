/*
 * Mis comunicados and Mis documentos (L-8, R-5, R-4.1): what was published for one RFC, for a list
 * of them, or for everybody. What is for everybody is one row, whose titular is PUBLICACION_TODOS:
 * it has a seq of its own beside each RFC's.
 *
 * A cursor counts both. Whoever publishes does so under one lock, kept until the commit, so seqs
 * become visible in their order: none is ever committed behind a cursor that has passed it.
 */
#ifndef CORE_PUBLICACIONES_H
#define CORE_PUBLICACIONES_H

#include "core/env.h"

#define PUBLICACION_TODOS "*"
#define PUBLICACION_COMUNICADO "comunicado"
#define PUBLICACION_DOCUMENTO "documento"

/*
 * One publication for each of `para` (rfc PUBLICACION_TODOS: everybody), and news for them; `p`
 * says the rest (its titular and rp are not read). p->archivo: the folio of its row in `archivo`,
 * which lies in the part of p->firmante; NULL: no file. Errors of the store.
 */
enum err publicaciones_poner(struct env *env, const struct in_publicacion_poner *p,
	const struct m_destinatario *para, size_t count) MUST_CHECK;

/* How far a client was told: the last seq of its own, of everybody's, and which classes it sees. */
struct publicaciones_cursor {
	int64_t propias;
	int64_t todos;
	unsigned clases;
};

/*
 * The part of a cursor that is ours: "-" and all that follows, whose first byte `text` points to;
 * "": nothing was told yet. False: it is none.
 */
bool publicaciones_read_cursor(const char *text, struct publicaciones_cursor *ret);
/* The same in the arena, to stand at the end of a cursor. NULL: no memory. */
const char *publicaciones_write_cursor(struct arena *a, const struct publicaciones_cursor *c);

/* Says to the store what publicaciones_desde will ask. */
enum err publicaciones_ahead(struct env *env, const struct publicaciones_cursor *had) MUST_CHECK;
/*
 * What the signer may see of env->titular's (an enabled Buzón, Lineamientos 5.2; the menus that a
 * representative was let into) behind `had`, a page of it: into ret->publicaciones, and ret->mas
 * where there is more. Whoever sees other menus than `had` says is told all of it again. *ret_next:
 * where the next page begins.
 */
enum err publicaciones_desde(struct env *env, const struct publicaciones_cursor *had,
	struct m_sincronizado *ret, struct publicaciones_cursor *ret_next) MUST_CHECK;

/*
 * The file of a publication that env->titular may read: *ret (struct out_publicacion_archivo) where
 * its bytes are. ERR_NOT_FOUND; ERR_NO_SCOPE: the signer was not let into that menu.
 */
struct out_publicacion_archivo;
enum err publicaciones_archivo(
	struct env *env, const char *folio, struct out_publicacion_archivo *ret) MUST_CHECK;

#endif
