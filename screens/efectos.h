/*
 * What opening a notification at an instant would do, or what became of it, worked out once for the
 * effect sheet, the signing dialogue, the ficha, the reasons and the commands, so that what is
 * signed is what was shown. By the server's word where it has said one (its lapse, its instant of
 * notification), by the published calendar for everything else.
 */
#ifndef SCREENS_EFECTOS_H
#define SCREENS_EFECTOS_H

#include "ley/plazo.h"
#include "screens/fila.h"

struct model;

enum efectos_estado {
	EFECTOS_CAMBIA,	    /* opened now it is notified earlier than by waiting */
	EFECTOS_IGUAL,	    /* opened now or not, the date is the same */
	EFECTOS_NOTIFICADA, /* it is notified: opening is past */
	EFECTOS_RETIRADA,   /* nothing comes of it */
};

/* One way it may go, or went. */
struct efectos_caso {
	struct plazo_efecto e; /* without the term where `sin_termino` */
	bool sin_efecto;       /* even the day of effects lies beyond the calendar */
	bool sin_termino;      /* the own term ends beyond the calendar */
	int32_t prudente;      /* 0: the same as by the letter, or not known */
	const char *motivo;    /* of `prudente` (N_) */
};

struct efectos {
	enum efectos_estado estado;
	bool con_aviso;		   /* `aviso` is known: it was notified in the Buzón */
	struct plazo_aviso aviso;  /* its vence is the server's */
	int64_t contado;	   /* the lapse as the calendar gives it; 0: not known */
	int64_t abierta;	   /* it was opened in time then; 0: it was not */
	struct efectos_caso abre;  /* opened now; EFECTOS_CAMBIA and EFECTOS_IGUAL only */
	struct efectos_caso lapso; /* never opened; what became of it where it is notified */
	enum fila_estado forma;	   /* of the row */
	int plazo_dias;		   /* 0: none */
	const char *plazo_para;	   /* what the term is for; NULL: not known */
	bool fuera;		   /* now is outside the window of 7.2 */
	int64_t vale_hasta; /* last instant (inclusive) at which the act of opening may arrive */
	int32_t sin_vacaciones; /* the year whose vacations are not published yet; 0: all are */
};

/* `c`: its own view (calendario_para). `tipo` may be NULL. ERR_HORIZON: not even the days to open.
 */
enum err efectos_contar(const struct calendario *c, const struct zona *domicilio,
	const struct fila *f, const struct m_tipo_acto *tipo, int64_t now,
	struct efectos *ret) MUST_CHECK;
/* The same by what the model knows; `a` needs room for a calendar. */
enum err efectos_de(struct arena *a, const struct model *m, const struct fila *f, int64_t now,
	struct efectos *ret) MUST_CHECK;

/*
 * The derivation of one of them: every step from the aviso to the last day, with the prudent ones
 * behind. ERR_HORIZON where it could not be counted.
 */
enum err efectos_derivar(const struct calendario *c, const struct zona *domicilio,
	const struct efectos *e, int64_t opened, struct derivacion *d) MUST_CHECK;

#endif
