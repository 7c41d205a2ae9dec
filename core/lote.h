/*
 * Acts issued by the thousand from a manifest (Lineamientos 7.1): a CSV file, a row an act, with
 * its PDFs beside it. Several are on their way at once. A journal beside the manifest keeps each
 * act, signed, before it is sent (fsync), so that a run that died, whenever, is taken up by the
 * next: none is issued twice and none is left out. What is wrong with a row is said of that row,
 * and the others go.
 */
#ifndef CORE_LOTE_H
#define CORE_LOTE_H

#include "core/oficina.h"

/* One row, and what came of it. Its texts live in the manifest's arena. */
struct lote_renglon {
	int linea; /* of the file, from 1 */
	const char *rfc;
	const char *oficio;
	const char *tipo;
	const char *documento;
	const char *pdf; /* from the manifest's folder */
	const char *rp;	 /* NULL: none, as the rest */
	const char *subdelegacion;
	const char *periodo;
	const char *importe;
	int64_t plazo_dias; /* 0: that of its kind */
	int64_t aviso;	    /* of tests; 0: none */
	/* ---- its outcome ---- */
	bool hecho;	     /* err says how */
	enum err err;	     /* OK: it is issued, or (--revisar) could be */
	const char *campo;   /* column at fault, or NULL */
	const char *detalle; /* what is wrong and what to do; NULL: err's own sentence */
	bool antes;	     /* an earlier run had issued it */
	char folio[32];
	char capacidad[32];
	int64_t sale; /* --revisar */
};

struct lote_manifiesto {
	struct arena arena;
	struct lote_renglon *renglones;
	size_t count;
};

/*
 * Reads it; rows that can't be used have their outcome already. *ret_message: why none can (no such
 * file, no header, a column nobody knows), in `m`'s arena. The caller frees the arena, whatever is
 * returned. ERR_NO_FILE, ERR_BAD_FIELD, ERR_IO, ERR_NO_MEMORY.
 */
enum err lote_leer(
	const char *path, struct lote_manifiesto *m, const char **ret_message) MUST_CHECK;
/* Its columns, for a sentence or a manual. */
const char *lote_columnas(void);

struct lote {
	struct oficina *oficina;
	struct lote_manifiesto *manifiesto;
	const char *path;  /* of the manifest: the journal is PATH.bitacora */
	unsigned a_la_vez; /* acts on their way at once */
	bool revisar;	   /* only looked at: nothing is issued, no journal is kept */
	/* Now and then, from this thread; false: what is under way ends, and no other begins. */
	bool (*sigue)(void *ctx, size_t hechos, size_t malos);
	void *ctx;
};

/*
 * Issues what is not done yet. OK: every row has its outcome, whatever it is. Else what stopped it
 * (ERR_CANCELLED, the line, the journal's disk), with the outcomes so far; *ret_message: Spanish,
 * or NULL. Running it again goes on.
 */
enum err lote_emitir(struct lote *l, const char **ret_message) MUST_CHECK;

#endif
