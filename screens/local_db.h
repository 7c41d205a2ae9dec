/*
 * The queries of a local copy, for its own two sources: local.c (what is kept) and tabla.c (the
 * list's window). No screen includes this.
 */
#ifndef SCREENS_LOCAL_DB_H
#define SCREENS_LOCAL_DB_H

#include "net/codec.h"
#include "screens/filtro.h"
#include "screens/local.h"

#define DB_TABLE "screens/local.def"
#define DB_OWNER local
#define DB_RUN local_run
#define DB_ALL local_all
#include "base/db_table.h"

/*
 * What is asked of a place in an order, behind the queries of the table. Each order has its index,
 * whose columns are a key, the folio and the class.
 */
enum local_forma {
	FORMA_DESPUES, /* rows past the place, near to far */
	FORMA_ANTES,   /* rows before it, near to far */
	FORMA_LUGAR,   /* how many are before it */
	FORMA_COUNT,
};

/*
 * A place is (key, folio) of a row, there or not. Only rows of a class in `mascara`, of that kind
 * and RP (numbers of faceta; 0: any) and those days, with `texto` and `buscado` (folded; "": any)
 * in them. The first `salta` rows are stepped over in the index.
 */
struct in_ventana {
	int64_t mascara;
	int64_t tipo;
	int64_t rp;
	int64_t desde;
	int64_t hasta;
	const char *texto;
	const char *buscado;
	int64_t numero;	   /* key of POR_VENCIMIENTO, POR_AVISO */
	const char *clave; /* key of POR_FOLIO, POR_DOCUMENTO */
	const char *folio;
	int64_t limite;
	int64_t salta;
};

struct out_lugar {
	int64_t filas;
};

/* FORMA_DESPUES and FORMA_ANTES give struct out_fila. */
static inline unsigned local_ventana(enum fila_por por, enum local_forma forma)
{
	return QUERY_COUNT + (unsigned)por * FORMA_COUNT + (unsigned)forma;
}

/* Names of `hoja`. */
#define LOCAL_ENTRADO "entrado"
#define LOCAL_CALENDARIO "calendario"
#define LOCAL_CUENTA "cuenta"
#define LOCAL_CATALOGO "catalogo"

/* faceta.que; -1 as a number of faceta: no row has that value. */
enum local_faceta { FACETA_TIPO = 1, FACETA_RP };

/* Runs `work` in a transaction: all of it or nothing. */
enum err local_transaction(struct local *l, enum err (*work)(struct local *l, const void *what),
	const void *what) MUST_CHECK;
/* Tests: the statement; NULL past the last. */
const char *local_sql(unsigned q);
/* What was written here decodes; else ERR_BAD_CACHE: the copy is damaged. */
enum err local_decode(
	struct arena *a, const struct message *m, struct bytes json, void *ret_struct) MUST_CHECK;
/* What a row says, with its message decoded. ERR_BAD_CACHE where it can't be. */
enum err local_fila(struct arena *a, const struct out_fila *row, struct fila *ret) MUST_CHECK;

#endif
