/*
 * The earliest date under any reading. The letter settles what binds (requirements.md); here is
 * what somebody who decides later might read otherwise, so that nobody loses a day by it.
 */
#include "ley/plazo.h"

#include "base/texto.h"

/* Taken one upon the other, in this order: each only ever brings the date forward. */
enum reading {
	/*
	 * 7.2 makes an opening at an inhábil hour count from the next día hábil; 7.6 refers to CFF
	 * 134, fracción I, by which a notification is made when its acuse is generated: that day.
	 */
	ITS_OWN_DAY,
	/*
	 * 5.8 puts the practice of notifications, too, under the domicile's zone: west of Zona
	 * Centro the first hours of a day are still the day before.
	 */
	ITS_DOMICILE,
	/* CFF 12 names the law's own days; that others are inhábiles rests on their declaration. */
	NOT_DECLARED,
	/* LFT 74, VIII, has 1 October since 2024; copies of CFF 12 still have 1 December. */
	NO_HANDOVER,
	/*
	 * CFF 135 says when it takes effect, and "a partir de" that day is how some count a term:
	 * the day of its effects as the first.
	 */
	FROM_EFFECTS,
	READINGS,
};

static const struct {
	const char *regla;
	const char *que;
} says[READINGS] = {
	[ITS_OWN_DAY] = {N_("Lineamientos 7.6; CFF 134"),
		N_("por si la notificación contara desde el día mismo en que se abrió")},
	[ITS_DOMICILE] = {N_("Lineamientos 5.8"),
		N_("por si el día en que se abrió fuera el de tu domicilio")},
	[NOT_DECLARED] = {N_("CFF 12"),
		N_("por si los días declarados, o de un solo lugar, contaran como hábiles")},
	[NO_HANDOVER] = {N_("CFF 12; LFT 74, fracción VIII"),
		N_("por si la transmisión del Poder Ejecutivo Federal no hiciera inhábil ese día")},
	[FROM_EFFECTS] = {N_("CFF 135"),
		N_("por si el plazo se contara desde el día en que surte efectos")},
};

struct question {
	struct calendario c; /* what the reading does not count is left out of it */
	const struct plazo_aviso *aviso;
	int64_t opened;
	int plazo_dias;
	const struct zona *domicilio;
	struct plazo_efecto letra;
};

/* The day of notification; `through` is the last reading that is taken. */
static enum err notified(const struct question *q, int through, int32_t *ret_dia)
{
	struct plazo_aviso again;
	enum err e = plazo_de_aviso(&q->c, q->aviso->aviso, &again);
	int32_t dia = q->letra.dia;

	if (e != OK)
		return e;
	if (again.cuarto < dia)
		dia = again.cuarto;
	if (q->opened != 0) {
		int32_t own = zona_civil(zona_centro(), q->opened).dia;
		int32_t there = zona_civil(q->domicilio, q->opened).dia;

		dia = own < dia ? own : dia;
		if (through >= ITS_DOMICILE && there < dia)
			dia = there;
	}
	*ret_dia = dia;
	return OK;
}

static enum err last_day(struct question *q, int through, int32_t *ret_dia)
{
	struct plazo_aviso again;
	int32_t dia;

	q->c.omite = (through >= NOT_DECLARED ? CALENDARIO_OMITE_DECLARADOS : 0u) |
		     (through >= NO_HANDOVER ? CALENDARIO_OMITE_TRANSMISION : 0u);
	if (q->plazo_dias == 0) {
		enum err e = plazo_de_aviso(&q->c, q->aviso->aviso, &again);

		if (e == OK)
			*ret_dia = again.dias[2];
		return e;
	}
	enum err e = notified(q, through, &dia);

	if (e == OK && through < FROM_EFFECTS)
		e = calendario_despues(&q->c, dia, 1, &dia);
	return e == OK ? calendario_despues(&q->c, dia, q->plazo_dias, ret_dia) : e;
}

/* Each reading upon those before it; a step where it brings the date forward. */
static enum err read_all(struct question *q, int32_t letter, struct derivacion *d, int32_t *ret_dia,
	const char **ret_motivo)
{
	const char *motivo = NULL;
	int32_t dia = letter;

	for (int r = 0; r < READINGS; r++) {
		struct derivacion_paso p = {
			.clase = DERIVACION_PRUDENTE,
			.regla = says[r].regla,
			.que = says[r].que,
		};
		enum err e = last_day(q, r, &p.dia);

		if (e != OK)
			return e;
		if (p.dia >= dia)
			continue;
		dia = p.dia;
		motivo = motivo == NULL ? p.que
					: N_("por si valieran juntas varias lecturas de la ley");
		e = derivacion_paso(d, &q->c, dia, &p);
		if (e != OK)
			return e;
	}
	*ret_dia = dia;
	*ret_motivo = motivo;
	return OK;
}

enum err plazo_prudente_en(const struct calendario *c, const struct plazo_aviso *aviso,
	int64_t opened, int plazo_dias, const struct zona *domicilio, struct derivacion *d,
	int32_t *ret_dia, const char **ret_motivo)
{
	struct question q = {
		.c = *c,
		.aviso = aviso,
		.opened = opened,
		.plazo_dias = plazo_dias,
		.domicilio = domicilio,
	};
	enum err e = plazo_de_apertura(c, aviso, opened, plazo_dias, &q.letra);

	if (e != OK)
		return e;
	return read_all(
		&q, plazo_dias == 0 ? aviso->dias[2] : q.letra.ultimo, d, ret_dia, ret_motivo);
}

enum err plazo_prudente(const struct calendario *c, const struct plazo_aviso *aviso, int64_t opened,
	int plazo_dias, struct derivacion *d, int32_t *ret_dia, const char **ret_motivo)
{
	return plazo_prudente_en(
		c, aviso, opened, plazo_dias, zona_centro(), d, ret_dia, ret_motivo);
}
