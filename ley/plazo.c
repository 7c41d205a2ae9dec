#include "ley/plazo.h"

#include "base/texto.h"

/* Lineamientos 7.2, ms of the day in Zona Centro; both ends are inside. */
#define OPENS_MS 34200000
#define CLOSES_MS 64800000

int64_t plazo_abre(int32_t dia)
{
	return zona_instant(zona_centro(), dia, OPENS_MS);
}

/* Where an instant stands: its day in Zona Centro, and the next día hábil. */
struct stand {
	int32_t dia;
	int32_t next; /* first día hábil after `dia` */
	enum part { IN_WINDOW, BEFORE_WINDOW, AFTER_WINDOW, INHABIL } part;
};

static enum err stand_of(const struct calendario *c, int64_t instant, struct stand *ret)
{
	struct hora_civil t = zona_civil(zona_centro(), instant);
	struct stand s = {.dia = t.dia, .part = IN_WINDOW};
	bool habil;
	const char *motivo;
	enum err e = calendario_habil(c, t.dia, &habil, &motivo);

	if (e == OK)
		e = calendario_despues(c, t.dia, 1, &s.next);
	if (e != OK)
		return e;
	if (!habil)
		s.part = INHABIL;
	else if (t.ms < OPENS_MS)
		s.part = BEFORE_WINDOW;
	else if (t.ms > CLOSES_MS)
		s.part = AFTER_WINDOW;
	*ret = s;
	return OK;
}

/* The day behind which skipping begins: an inhábil one is skipped itself. */
static int32_t skips_from(const struct stand *s)
{
	return s->part == INHABIL ? s->dia - 1 : s->dia;
}

static int64_t held(const struct stand *s, int64_t instant)
{
	if (s->part == IN_WINDOW)
		return instant;
	return plazo_abre(s->part == BEFORE_WINDOW ? s->dia : s->next);
}

enum err plazo_en_ventana(const struct calendario *c, int64_t instant, int64_t *ret_instant)
{
	struct stand s;
	enum err e = stand_of(c, instant, &s);

	if (e == OK)
		*ret_instant = held(&s, instant);
	return e;
}

/* ---- the aviso ---- */

static enum err tell_aviso(
	struct derivacion *d, const struct calendario *c, const struct stand *s, int64_t aviso)
{
	static const char *const QUE[] = {
		[IN_WINDOW] = N_("el aviso se envió, en día hábil y dentro del horario de 09:30 a "
				 "18:00"),
		[BEFORE_WINDOW] = N_("el aviso estuvo listo antes de las 09:30 y salió al abrir el "
				     "horario de ese día hábil"),
		[AFTER_WINDOW] = N_("el aviso estuvo listo después de las 18:00 y salió a las "
				    "09:30 del día hábil siguiente"),
		[INHABIL] = N_("el aviso estuvo listo en día inhábil y salió a las 09:30 del día "
			       "hábil siguiente"),
	};
	const struct derivacion_paso p = {
		.clase = DERIVACION_AVISO,
		.regla = N_("Lineamientos 7.2 y 7.3"),
		.que = QUE[s->part],
		.instante = aviso,
		.dia = zona_civil(zona_centro(), aviso).dia,
	};

	return derivacion_paso(d, c, skips_from(s), &p);
}

/* The three días hábiles to open (7.4) and the fourth (7.5), counted from the day behind it. */
static enum err count_days(
	const struct calendario *c, int32_t dia, struct derivacion *d, struct plazo_aviso *p)
{
	static const char *const QUE[] = {
		N_("primer día hábil para abrirla"),
		N_("segundo día hábil para abrirla"),
		N_("tercer y último día hábil para abrirla"),
		N_("cuarto día hábil: si no se abrió antes, queda notificada a las 09:30"),
	};
	enum err e = OK;

	for (int i = 0; e == OK && i < 4; i++) {
		struct derivacion_paso step = {
			.clase = i < 3 ? DERIVACION_ABRIR : DERIVACION_CUARTO,
			.regla = i < 3 ? N_("Lineamientos 7.4") : N_("Lineamientos 7.5"),
			.que = QUE[i],
		};

		e = calendario_despues(c, dia, 1, &step.dia);
		if (e != OK)
			return e;
		if (i == 3)
			step.instante = p->vence = plazo_abre(step.dia);
		*(i < 3 ? &p->dias[i] : &p->cuarto) = step.dia;
		e = derivacion_paso(d, c, dia, &step);
		dia = step.dia;
	}
	return e;
}

enum err plazo_derivar_aviso(
	const struct calendario *c, int64_t ready, struct derivacion *d, struct plazo_aviso *ret)
{
	struct plazo_aviso p = {0};
	struct stand s;
	enum err e = stand_of(c, ready, &s);

	if (e != OK)
		return e;
	p.aviso = held(&s, ready);
	e = tell_aviso(d, c, &s, p.aviso);
	if (e == OK)
		e = count_days(c, zona_civil(zona_centro(), p.aviso).dia, d, &p);
	if (e == OK)
		*ret = p;
	return e;
}

enum err plazo_de_aviso(const struct calendario *c, int64_t ready, struct plazo_aviso *ret)
{
	return plazo_derivar_aviso(c, ready, NULL, ret);
}

/* ---- the legal instant ---- */

/* Why the legal instant is what it is: an opening by its hour, or what bounds it. */
enum outcome { BY_HOUR, BY_LAPSE = INHABIL + 1, TOO_LATE, BOUNDED, OUTCOMES };

struct legal {
	int64_t instante;
	int outcome;   /* enum part, or enum outcome from BY_LAPSE on */
	int32_t desde; /* behind which it skips */
};

/* What the aviso said stands where a calendar that was published later says another date. */
static bool kept(const struct plazo_aviso *aviso)
{
	return aviso->vence != plazo_abre(aviso->cuarto);
}

static enum err legal_of(const struct calendario *c, const struct plazo_aviso *aviso,
	int64_t opened, struct legal *ret)
{
	struct legal l = {.instante = aviso->vence};
	struct stand s;

	l.desde = zona_civil(zona_centro(), aviso->vence).dia - 1;
	if (opened == 0 || opened >= aviso->vence) {
		l.outcome = opened == 0 ? BY_LAPSE : TOO_LATE;
		*ret = l;
		return OK;
	}
	enum err e = stand_of(c, opened, &s);

	if (e != OK)
		return e;
	/* 7.2: before 09:30 of a día hábil it is the next one's, too. */
	int64_t instante = s.part == IN_WINDOW ? opened : plazo_abre(s.next);

	l.outcome = BOUNDED;
	if (instante <= aviso->vence)
		l = (struct legal){.instante = instante, .outcome = (int)s.part};
	if (instante <= aviso->vence)
		l.desde = skips_from(&s);
	*ret = l;
	return OK;
}

static enum err tell_legal(struct derivacion *d, const struct calendario *c,
	const struct plazo_aviso *aviso, const struct legal *l)
{
	static const struct {
		const char *regla;
		const char *que;
	} SAYS[OUTCOMES] = {
		[IN_WINDOW] = {N_("Lineamientos 7.6"),
			N_("notificada al abrirla, en día hábil y dentro del horario")},
		[BEFORE_WINDOW] = {N_("Lineamientos 7.2"),
			N_("abierta antes de las 09:30, hora inhábil: cuenta desde las 09:30 del "
			   "día hábil siguiente")},
		[AFTER_WINDOW] = {N_("Lineamientos 7.2"),
			N_("abierta después de las 18:00, hora inhábil: cuenta desde las 09:30 del "
			   "día hábil siguiente")},
		[INHABIL] = {N_("Lineamientos 7.2"),
			N_("abierta en día inhábil: cuenta desde las 09:30 del día hábil "
			   "siguiente")},
		[BY_LAPSE] = {N_("Lineamientos 7.5"),
			N_("no se abrió en sus tres días hábiles: notificada al cuarto")},
		[TOO_LATE] = {N_("Lineamientos 7.5"),
			N_("se abrió cuando ya estaba notificada: abrirla no cambió la fecha")},
		[BOUNDED] = {N_("Lineamientos 7.2 y 7.5"),
			N_("abierta en hora inhábil: nunca cuenta después del cuarto día hábil")},
	};
	struct derivacion_paso p = {
		.clase = DERIVACION_NOTIFICADA,
		.regla = SAYS[l->outcome].regla,
		.que = SAYS[l->outcome].que,
		.instante = l->instante,
		.dia = zona_civil(zona_centro(), l->instante).dia,
	};

	if (l->outcome >= BY_LAPSE && kept(aviso))
		p.que = N_("la fecha que su aviso ya había fijado se conserva, aunque el "
			   "calendario de hoy diga otra");
	return derivacion_paso(d, c, l->desde, &p);
}

/* ---- what comes of it ---- */

static enum err tell_effects(struct derivacion *d, const struct calendario *c,
	const struct plazo_efecto *e, int plazo_dias)
{
	const struct derivacion_paso surte = {
		.clase = DERIVACION_SURTE,
		.regla = N_("CFF 135"),
		.que = N_("surte efectos, el día hábil siguiente al de la notificación"),
		.dia = e->surte,
	};
	const struct derivacion_paso primero = {
		.clase = DERIVACION_PRIMERO,
		.regla = N_("Lineamientos 4.6; CFF 135"),
		.que = N_("primer día del plazo, el hábil siguiente a aquél en que surte efectos"),
		.dia = e->primero,
	};
	const struct derivacion_paso ultimo = {
		.clase = DERIVACION_ULTIMO,
		.regla = N_("CFF 12"),
		.que = N_("último día del plazo, que sólo cuenta días hábiles"),
		.dia = e->ultimo,
		.dias = plazo_dias,
	};
	enum err err = derivacion_paso(d, c, e->dia, &surte);

	if (err == OK && plazo_dias > 0)
		err = derivacion_paso(d, c, e->surte, &primero);
	if (err == OK && plazo_dias > 0)
		err = derivacion_paso(d, c, e->primero, &ultimo);
	return err;
}

enum err plazo_derivar_apertura(const struct calendario *c, const struct plazo_aviso *aviso,
	int64_t opened, int plazo_dias, struct derivacion *d, struct plazo_efecto *ret)
{
	struct plazo_efecto p = {0};
	struct legal l;

	if (plazo_dias < 0)
		return ERR_BAD_FIELD;
	enum err e = legal_of(c, aviso, opened, &l);

	if (e != OK)
		return e;
	p.notificada = l.instante;
	p.dia = zona_civil(zona_centro(), p.notificada).dia;
	e = calendario_despues(c, p.dia, 1, &p.surte);
	if (e == OK)
		e = calendario_despues(c, p.surte, 1, &p.primero);
	p.ultimo = p.surte;
	if (e == OK && plazo_dias > 0)
		e = calendario_despues(c, p.surte, plazo_dias, &p.ultimo);
	if (e == OK)
		e = tell_legal(d, c, aviso, &l);
	if (e == OK)
		e = tell_effects(d, c, &p, plazo_dias);
	if (e == OK)
		*ret = p;
	return e;
}

enum err plazo_de_apertura(const struct calendario *c, const struct plazo_aviso *aviso,
	int64_t opened, int plazo_dias, struct plazo_efecto *ret)
{
	return plazo_derivar_apertura(c, aviso, opened, plazo_dias, NULL, ret);
}

enum err plazo_vale_hasta(const struct calendario *c, const struct plazo_aviso *aviso, int64_t now,
	int64_t *ret_until)
{
	const struct zona *zc = zona_centro();
	int64_t until = INT64_MAX;
	struct stand s;

	if (now < aviso->vence) {
		enum err e = stand_of(c, now, &s);

		if (e != OK)
			return e;
		if (s.part == IN_WINDOW)
			until = zona_instant(zc, s.dia, CLOSES_MS + 1);
		else
			until = s.part == BEFORE_WINDOW ? plazo_abre(s.dia)
							: zona_instant(zc, s.next, 0);
	}
	/* From midnight of the lapse's day on, every opening ends in the lapse. */
	*ret_until =
		until < zona_instant(zc, zona_civil(zc, aviso->vence).dia, 0) ? until : INT64_MAX;
	return OK;
}

/* ---- filings ---- */

enum err plazo_derivar_recepcion(const struct calendario *c, const struct zona *domicilio,
	int64_t instant, struct derivacion *d, int64_t *ret_legal)
{
	struct hora_civil t = zona_civil(domicilio, instant);
	struct derivacion_paso p = {
		.clase = DERIVACION_RECEPCION,
		.regla = N_("Lineamientos 5.8 y 6.3"),
		.que = N_("recibida al presentarla, en día hábil de su domicilio"),
		.instante = instant,
		.domicilio = true,
	};
	int32_t desde = t.dia;
	enum err e = calendario_en_o_despues(c, t.dia, &p.dia);

	if (e != OK)
		return e;
	if (p.dia != t.dia) {
		desde = t.dia - 1;
		p.instante = zona_instant(domicilio, p.dia, 0);
		p.que = N_("presentada en día inhábil de su domicilio: recibida a la primera hora "
			   "del día hábil siguiente");
	}
	e = derivacion_paso(d, c, desde, &p);
	if (e == OK)
		*ret_legal = p.instante;
	return e;
}

enum err plazo_de_recepcion(const struct calendario *c, const struct zona *domicilio,
	int64_t instant, int64_t *ret_legal)
{
	return plazo_derivar_recepcion(c, domicilio, instant, NULL, ret_legal);
}
