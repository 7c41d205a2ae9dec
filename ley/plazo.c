#include "ley/plazo.h"

/* Lineamientos 7.2, ms of the day in Zona Centro; both ends are inside. */
#define OPENS_MS 34200000
#define CLOSES_MS 64800000

static int64_t opening_of(int32_t dia)
{
	return zona_instant(zona_centro(), dia, OPENS_MS);
}

/* Where an instant stands: its day in Zona Centro, and the next día hábil. */
struct stand {
	int32_t dia;
	int32_t next; /* first día hábil after `dia` */
	enum { BEFORE_WINDOW, IN_WINDOW, NO_WINDOW_LEFT } part;
};

static enum err stand_of(const struct calendario *c, int64_t instant, struct stand *ret)
{
	struct hora_civil t = zona_civil(zona_centro(), instant);
	struct stand s = {.dia = t.dia, .part = NO_WINDOW_LEFT};
	bool habil;
	const char *motivo;
	enum err e = calendario_habil(c, t.dia, &habil, &motivo);

	if (e == OK)
		e = calendario_despues(c, t.dia, 1, &s.next);
	if (e != OK)
		return e;
	if (habil && t.ms <= CLOSES_MS)
		s.part = t.ms < OPENS_MS ? BEFORE_WINDOW : IN_WINDOW;
	*ret = s;
	return OK;
}

enum err plazo_en_ventana(const struct calendario *c, int64_t instant, int64_t *ret_instant)
{
	struct stand s;
	enum err e = stand_of(c, instant, &s);

	if (e != OK)
		return e;
	if (s.part == IN_WINDOW)
		*ret_instant = instant;
	else
		*ret_instant = opening_of(s.part == BEFORE_WINDOW ? s.dia : s.next);
	return OK;
}

enum err plazo_de_aviso(const struct calendario *c, int64_t ready, struct plazo_aviso *ret)
{
	struct plazo_aviso p;
	enum err e = plazo_en_ventana(c, ready, &p.aviso);

	if (e != OK)
		return e;
	int32_t dia = zona_civil(zona_centro(), p.aviso).dia;

	for (int i = 0; i < 4; i++) {
		e = calendario_despues(c, dia, 1, &dia);
		if (e != OK)
			return e;
		*(i < 3 ? &p.dias[i] : &p.cuarto) = dia;
	}
	p.vence = opening_of(p.cuarto);
	*ret = p;
	return OK;
}

/* The legal instant of opening (7.2, 7.6), which 7.5 bounds. 0: never opened. */
static enum err legal_instant(const struct calendario *c, const struct plazo_aviso *aviso,
	int64_t opened, int64_t *ret_instant)
{
	struct stand s;

	if (opened == 0 || opened >= aviso->vence) {
		*ret_instant = aviso->vence;
		return OK;
	}
	enum err e = stand_of(c, opened, &s);

	if (e != OK)
		return e;
	int64_t legal = s.part == IN_WINDOW ? opened : opening_of(s.next);

	*ret_instant = legal < aviso->vence ? legal : aviso->vence;
	return OK;
}

enum err plazo_de_apertura(const struct calendario *c, const struct plazo_aviso *aviso,
	int64_t opened, int plazo_dias, struct plazo_efecto *ret)
{
	struct plazo_efecto p;

	if (plazo_dias < 0)
		return ERR_BAD_FIELD;
	enum err e = legal_instant(c, aviso, opened, &p.notificada);

	if (e != OK)
		return e;
	p.dia = zona_civil(zona_centro(), p.notificada).dia;
	e = calendario_despues(c, p.dia, 1, &p.surte);
	if (e == OK)
		e = calendario_despues(c, p.surte, 1, &p.primero);
	p.ultimo = p.surte;
	if (e == OK && plazo_dias > 0)
		e = calendario_despues(c, p.surte, plazo_dias, &p.ultimo);
	if (e != OK)
		return e;
	*ret = p;
	return OK;
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
			until = s.part == BEFORE_WINDOW ? opening_of(s.dia)
							: zona_instant(zc, s.next, 0);
	}
	/* From midnight of the fourth day on, every opening ends in the lapse. */
	*ret_until = until < zona_instant(zc, aviso->cuarto, 0) ? until : INT64_MAX;
	return OK;
}

enum err plazo_de_recepcion(const struct calendario *c, const struct zona *domicilio,
	int64_t instant, int64_t *ret_legal)
{
	struct hora_civil t = zona_civil(domicilio, instant);
	int32_t dia;
	enum err e = calendario_en_o_despues(c, t.dia, &dia);

	if (e != OK)
		return e;
	*ret_legal = dia == t.dia ? instant : zona_instant(domicilio, dia, 0);
	return OK;
}
