/*
 * Why a date is that date: the steps by which a term was counted, each with its rule and article
 * and every day that was skipped with its reason. What a person reads under `p`, what an acuse
 * keeps, and what `buzon-tui verificar` counts again offline.
 */
#ifndef LEY_DERIVACION_H
#define LEY_DERIVACION_H

#include "ley/calendario.h"

enum derivacion_paso_clase {
	DERIVACION_AVISO,      /* held to the window, or not (7.2, 7.3) */
	DERIVACION_ABRIR,      /* first, second, third día hábil to open (7.4) */
	DERIVACION_CUARTO,     /* the fourth, 09:30 (7.5) */
	DERIVACION_NOTIFICADA, /* the legal instant of an opening, or the lapse (7.2, 7.5, 7.6) */
	DERIVACION_SURTE,      /* día hábil after (CFF 135) */
	DERIVACION_PRIMERO,    /* first day of the act's own term */
	DERIVACION_ULTIMO,     /* its last day */
	DERIVACION_RECEPCION,  /* a filing's legal receipt (6.3) */
	DERIVACION_PRUDENTE,   /* an earlier date under another reading */
};

struct derivacion_salto {
	int32_t dia;
	const char *motivo; /* "sábado", or the calendar's reason */
};

struct derivacion_paso {
	enum derivacion_paso_clase clase;
	const char *regla; /* "Lineamientos 7.4", "CFF 135" (to be translated: N_) */
	const char *que;   /* what it says, one sentence (N_) */
	int64_t instante;  /* ms UTC, where the step gives an instant; else 0 */
	int32_t dia;	   /* the civil day that it gives */
	int dias;	   /* how many días hábiles the term has that ends on it; 0: none does */
	bool domicilio;	   /* that day is of the domicile's zone, not Zona Centro's */
	const struct derivacion_salto *saltos; /* skipped on the way to it */
	size_t salto_count;
};

#define DERIVACION_PASOS 16

/* Zeroed: empty. Its texts and rows live in the arena. */
struct derivacion {
	struct arena *arena;
	struct derivacion_paso pasos[DERIVACION_PASOS];
	size_t count;
};

/*
 * One step more, with the días inhábiles of (`desde`, p->dia) as its saltos; `d` may be NULL: then
 * nothing is kept. ERR_NO_MEMORY, ERR_INTERNAL (no room), ERR_HORIZON. Who derives several steps
 * and fails at one leaves those before it: a derivation is good only where its caller said OK.
 */
enum err derivacion_paso(struct derivacion *d, const struct calendario *c, int32_t desde,
	const struct derivacion_paso *p) MUST_CHECK;

/*
 * For a person: a line a step ("vie 13/nov/2026 09:30 (ZC): ...; Lineamientos 7.5") and, below it,
 * a line for each stretch of days that was skipped with its reason, `nivel` 1. Translated; the
 * arena's. `domicilio` (NULL: Zona Centro's) gives the second time where it differs (5.8).
 * ERR_NO_MEMORY.
 */
struct derivacion_linea {
	const char *texto;
	int nivel; /* 0: a step; 1: what it skipped */
};

enum err derivacion_texto(struct arena *a, const struct derivacion *d, const struct zona *domicilio,
	struct derivacion_linea **ret, size_t *ret_count) MUST_CHECK;

/*
 * The rows of an acuse that keep it (plazo_filas): this label and a number, so many at most.
 */
#define DERIVACION_ETIQUETA "Derivación"
#define DERIVACION_FILAS 8

#endif
