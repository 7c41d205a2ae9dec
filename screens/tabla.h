/*
 * The list of notifications over a local copy: one query (order and filter), of which only the
 * rows that are seen are ever read. Rows are kept in stretches of TABLA_TRAMO; the next stretch is
 * read from the place where its neighbour ends, one that is far away from the nearer end, or from
 * the milestone before it: the first jump to far away sets one every TABLA_HITO rows on its way.
 *
 * Where the copy can't be read, counts are 0, rows are not there, and `err` says why until the next
 * tabla_changed. The copy is borrowed, and only read.
 */
#ifndef SCREENS_TABLA_H
#define SCREENS_TABLA_H

#include "screens/filtro.h"
#include "screens/local.h"

#define TABLA_TRAMO 32	/* rows a stretch: a screen of 80x24 and a few more */
#define TABLA_TRAMOS 16 /* kept; the one used longest ago gives way */
#define TABLA_HITO 1024 /* rows from one milestone to the next */
#define TABLA_FOLIO 33

struct out_fila;

struct tabla_tramo {
	struct arena arena;
	size_t number; /* its first row is number * TABLA_TRAMO */
	size_t count;  /* 0: free */
	uint64_t used;
	struct out_fila *rows;
};

/* The place of row (its number + 1) * TABLA_HITO - 1. */
struct tabla_hito {
	int64_t numero;
	const char *clave;
	const char *folio;
};

/* Of all rows, whatever the query. */
struct tabla_totales {
	size_t filas;
	size_t por_filtro[FILTRO_COUNT];
	size_t vence; /* something falls due: the first rows of POR_VENCIMIENTO */
};

struct tabla {
	struct local *local; /* NULL: nothing is known */
	enum fila_por por;
	struct filtro filtro;
	int64_t tipo; /* of the filter, as the copy numbers them (local_db.h) */
	int64_t rp;
	enum err err;
	bool counted; /* totales and matches are of now */
	struct tabla_totales totales;
	size_t matches; /* rows of the query */
	struct tabla_tramo tramos[TABLA_TRAMOS];
	uint64_t uses;
	struct arena hito_arena;
	struct tabla_hito *hitos; /* from the first on */
	size_t hito_count;
	size_t hito_room;
	char lugar_folio[TABLA_FOLIO]; /* the last place that was asked for; "": none */
	size_t lugar;
	uint64_t leidas; /* rows read or stepped over, ever: what a paint costs */
};

void tabla_init(struct tabla *t);
void tabla_free(struct tabla *t);
/* NULL: nothing is known any more. */
void tabla_attach(struct tabla *t, struct local *reader);
/* Somebody wrote to the copy: what is seen is read again. The query stays. */
void tabla_changed(struct tabla *t);
/* NULL: all rows. */
void tabla_query(struct tabla *t, enum fila_por por, const struct filtro *filtro);
/* Rows of the query. */
size_t tabla_count(struct tabla *t);
const struct tabla_totales *tabla_totales(struct tabla *t);
/* Row of the query; its texts are in the arena. ERR_NOT_FOUND past the end. */
enum err tabla_at(struct tabla *t, struct arena *a, size_t index, struct fila *ret) MUST_CHECK;
/* The folio alone of a row of the query: cheap, for many. */
enum err tabla_folio(struct tabla *t, size_t index, char ret[TABLA_FOLIO]) MUST_CHECK;
/* When that row is due (ms UTC), 0 where it is not: cheap, too. */
enum err tabla_due(struct tabla *t, size_t index, int64_t *ret) MUST_CHECK;
/* By folio, in the query or not. */
enum err tabla_find(
	struct tabla *t, struct arena *a, const char *folio, struct fila *ret) MUST_CHECK;
/* The opened notification whose acuse that is. */
enum err tabla_find_acuse(
	struct tabla *t, struct arena *a, const char *acuse, struct fila *ret) MUST_CHECK;
/* Where the folio stands in the query. ERR_NOT_FOUND where it is not in it. */
enum err tabla_index(struct tabla *t, const char *folio, size_t *ret_index) MUST_CHECK;
/*
 * The next row with those words (as typed) after row `from` of the query, or before it, going
 * round; row `from` itself comes last. ERR_NOT_FOUND: none.
 */
enum err tabla_search(struct tabla *t, const char *words, size_t from, bool backwards,
	size_t *ret_index) MUST_CHECK;

#endif
