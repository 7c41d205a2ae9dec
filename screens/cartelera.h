/*
 * What was published for this RFC and for everybody (L-8): Mis comunicados or Mis documentos over a
 * local copy, by one query (order, filter, words). The places of its rows are read once a query or
 * a change, the rows themselves when they are seen.
 *
 * Where the copy can't be read there are no rows, and `err` says why until the next
 * cartelera_changed. The copy is borrowed, and only read.
 */
#ifndef SCREENS_CARTELERA_H
#define SCREENS_CARTELERA_H

#include "screens/local.h"

enum cartelera_clase { CARTELERA_COMUNICADOS, CARTELERA_DOCUMENTOS };
enum cartelera_filtro {
	CARTELERA_TODAS,
	CARTELERA_SIN_LEER,
	CARTELERA_PROPIAS, /* for this RFC, not for everybody */
	CARTELERA_CON_ARCHIVO,
	CARTELERA_FILTROS,
};
enum cartelera_por {
	CARTELERA_POR_FECHA, /* the newest first */
	CARTELERA_POR_TIPO,
	CARTELERA_POR_TITULO,
	CARTELERA_ORDENES,
};

#define CARTELERA_TEXTO 128 /* bytes of the words of a query and their NUL */

struct publicacion {
	struct m_publicacion m;
	bool leida; /* on this device */
};

struct cartelera {
	struct local *local; /* NULL: nothing is known */
	enum cartelera_clase clase;
	enum cartelera_por por;
	enum cartelera_filtro filtro;
	char texto[CARTELERA_TEXTO]; /* folded; "": any */
	enum err err;
	bool counted;
	struct arena arena;
	const int64_t *ids; /* rows of the query, in its order */
	size_t count;
	size_t total; /* whatever the query */
	size_t sin_leer;
};

/* The class that the word of a message names; what is not known is a comunicado. */
enum cartelera_clase cartelera_clase(const char *word);

void cartelera_init(struct cartelera *c, enum cartelera_clase clase);
void cartelera_free(struct cartelera *c);
/* NULL: nothing is known any more. */
void cartelera_attach(struct cartelera *c, struct local *reader);
/* Somebody wrote to the copy. The query stays. */
void cartelera_changed(struct cartelera *c);
/* `texto` as it was typed. ERR_NO_MEMORY: the query is as before. */
enum err cartelera_query(struct cartelera *c, enum cartelera_por por, enum cartelera_filtro filtro,
	const char *texto) MUST_CHECK;
size_t cartelera_count(struct cartelera *c);
size_t cartelera_total(struct cartelera *c);
size_t cartelera_sin_leer(struct cartelera *c);
/* Row of the query; its texts are in the arena. ERR_NOT_FOUND past the end. */
enum err cartelera_at(
	struct cartelera *c, struct arena *a, size_t index, struct publicacion *ret) MUST_CHECK;
/* By folio, in the query or not, of either class. ERR_NOT_FOUND. */
enum err cartelera_find(struct cartelera *c, struct arena *a, const char *folio,
	struct publicacion *ret) MUST_CHECK;
/* Where the folio stands in the query. ERR_NOT_FOUND where it is not in it. */
enum err cartelera_index(struct cartelera *c, const char *folio, size_t *ret_index) MUST_CHECK;
/*
 * The next row of the query with those words (as typed) after row `from`, or before it, going
 * round; row `from` itself comes last. ERR_NOT_FOUND: none.
 */
enum err cartelera_search(struct cartelera *c, const char *words, size_t from, bool backwards,
	size_t *ret_index) MUST_CHECK;
/* What a search looks into, folded. NULL when memory ends. */
char *cartelera_plegado(struct arena *a, const struct m_publicacion *m) MUST_CHECK;

#endif
