/*
 * One notification of the list, judged: what it is at an instant, and when it falls due. Pure; the
 * only place where that is decided (the local copy keeps the outcome, the screens show it).
 *
 * Due is: not notified yet, the instant of the lapse (Lineamientos 7.5); notified with a term for
 * an answer that still runs, the end of its last day.
 */
#ifndef SCREENS_FILA_H
#define SCREENS_FILA_H

#include "ley/calendario.h"
#include "net/messages.h"

enum fila_estado {
	FILA_POR_ABRIR,
	FILA_NOTIFICADA, /* opened in time */
	FILA_POR_PLAZO,	 /* nobody opened it in time (7.5) */
};

/* What of the list is shown. Each is the bit 1 << filtro of a row's class. */
enum fila_filtro {
	FILTRO_TODAS,
	FILTRO_POR_ABRIR,   /* not notified yet */
	FILTRO_CON_PLAZO,   /* notified, and a term for an answer runs */
	FILTRO_NOTIFICADAS, /* opened, or by lapse */
	FILTRO_SIN_LEER,    /* nobody opened it, notified or not */
	FILTRO_COUNT,
};
/* The orders of the list. */
enum fila_por {
	POR_VENCIMIENTO, /* what falls due first; behind it the rest, the last notified first */
	POR_AVISO,	 /* the last aviso first */
	POR_FOLIO,
	POR_DOCUMENTO,
	POR_COUNT,
};

/* More bits of the class: something falls due; the clock or the calendar may change the outcome. */
#define FILA_VENCE 32
#define FILA_REVISABLE 64

struct fila {
	struct m_notificacion m; /* as the server said it */
	int64_t due;		 /* ms UTC; 0: nothing is due */
	int64_t notificada;	 /* ms UTC; 0: not yet. By lapse even before the server says so */
	int32_t ultimo;		 /* last day of the term that runs; 0: none */
	enum fila_estado estado;
};

/* Judges f->m at `now`. `c` NULL: no calendar yet, terms unknown. */
void fila_judge(struct fila *f, const struct calendario *c, int64_t now);
int64_t fila_clase(const struct fila *f);
/*
 * Where it stands among what falls due: the due instant; behind all of those, what is not due, the
 * last notified first.
 */
int64_t fila_orden(const struct fila *f);
/* "por abrir", "notificada", "notif. por plazo", "por plazo, leer". */
const char *fila_estatus(const struct fila *f);
/* As who looks for it types it (utf8_fold): what is searched and sorted by. NULL when memory ends.
 */
char *fila_fold(struct arena *a, const char *text) MUST_CHECK;
/* What a search looks into: folio, document, oficio and status, folded. NULL when memory ends. */
char *fila_plegado(struct arena *a, const struct fila *f) MUST_CHECK;

#endif
