#include "ley/plazo.h"

/* Lineamientos 7.2, ms of the day in Zona Centro; both ends are inside. */
#define OPENS_MS 34200000
#define CLOSES_MS 64800000

static int64_t opening_of(int32_t dia)
{
	return zona_instant(zona_centro(), dia, OPENS_MS);
}

enum err plazo_en_ventana(const struct calendario *c, int64_t instant, int64_t *ret_instant)
{
	struct hora_civil t = zona_civil(zona_centro(), instant);
	bool habil;
	const char *motivo;
	int32_t next;
	enum err e = calendario_habil(c, t.dia, &habil, &motivo);

	if (e != OK)
		return e;
	if (habil && t.ms <= CLOSES_MS) {
		*ret_instant = t.ms < OPENS_MS ? opening_of(t.dia) : instant;
		return OK;
	}
	e = calendario_despues(c, t.dia, 1, &next);
	if (e != OK)
		return e;
	*ret_instant = opening_of(next);
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
	int64_t held;

	if (opened == 0 || opened >= aviso->vence) {
		*ret_instant = aviso->vence;
		return OK;
	}
	enum err e = plazo_en_ventana(c, opened, &held);

	if (e != OK)
		return e;
	*ret_instant = held < aviso->vence ? held : aviso->vence;
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
	int64_t legal;
	enum err e = legal_instant(c, aviso, now, &legal);

	if (e != OK)
		return e;
	if (legal == aviso->vence) {
		*ret_until = INT64_MAX;
		return OK;
	}
	int32_t dia = zona_civil(zona_centro(), legal).dia;
	int64_t closed = zona_instant(zona_centro(), dia, CLOSES_MS + 1);

	*ret_until = closed < aviso->vence ? closed : aviso->vence;
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
