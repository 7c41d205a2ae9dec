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
	FILA_ESTRADOS,	 /* a functionary decided so (7.8) */
	FILA_PERSONAL,	 /* on paper (7.10) */
	FILA_RETIRADA,	 /* withdrawn: it notifies nothing */
};

/* What of the list is shown. Each has its bit in a row's class: fila_mascara. */
enum fila_filtro {
	FILTRO_TODAS,
	FILTRO_POR_ABRIR,   /* not notified yet */
	FILTRO_CON_PLAZO,   /* notified, and a term for an answer runs */
	FILTRO_NOTIFICADAS, /* opened, or by lapse */
	FILTRO_SIN_LEER,    /* nobody opened it, notified or not, nor read it on this device */
	FILTRO_POR_PLAZO,   /* notified by lapse (7.5) */
	FILTRO_ESTRADOS,
	FILTRO_PERSONALES,
	FILTRO_RETIRADAS,
	FILTRO_CAMBIADAS, /* a calendar that was published later moved its lapse */
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
#define FILA_BITS 2 /* that many stand between FILTRO_SIN_LEER's bit and the next filter's */

struct fila {
	struct m_notificacion m; /* as the server said it */
	int64_t due;		 /* ms UTC; 0: nothing is due */
	int64_t notificada;	 /* ms UTC; 0: not yet. By lapse even before the server says so */
	int32_t ultimo;		 /* last day of the term that runs; 0: none */
	enum fila_estado estado;
	bool leida; /* its document was read on this device; set before it is judged */
};

/*
 * Judges f->m at `now`. `c`: as its subdelegación and domicile make it (calendario_para); NULL: no
 * calendar yet, terms unknown.
 */
void fila_judge(struct fila *f, const struct calendario *c, int64_t now);
int64_t fila_clase(const struct fila *f);
/* The bit of the class that rows of that filter have. */
int64_t fila_mascara(enum fila_filtro filtro);
/* Its civil day for who looks for dates: of the aviso, Zona Centro; without one, of its outcome. */
int32_t fila_dia(const struct fila *f);
/* Nothing more can come of opening it: it is notified by other means than opening, or withdrawn. */
bool fila_cerrada(const struct fila *f);
/*
 * Where it stands among what falls due: the due instant; behind all of those, what is not due, the
 * last notified first.
 */
int64_t fila_orden(const struct fila *f);
/*
 * "por abrir", "abrir, movida" (por abrir, its lapse moved), "notificada", "por plazo", "por
 * plazo, leer", "por estrados", "en persona", "retirada".
 */
const char *fila_estatus(const struct fila *f);
/* As who looks for it types it (utf8_fold): what is searched and sorted by. NULL when memory ends.
 */
char *fila_fold(struct arena *a, const char *text) MUST_CHECK;
/*
 * What a search looks into: folio, document, oficio, status, RP, functionary, period and amount,
 * folded. NULL when memory ends.
 */
char *fila_plegado(struct arena *a, const struct fila *f) MUST_CHECK;

#endif
