/*
 * Obligations of the calendar: when each is due, prorogued by its own rule, and of which
 * period it is.
 */
#include <string.h>
#include <strings.h>
#include "core/calendarios_formas.h"

/* What the wire carries (messages.def, obligacion). */
#define NOMBRE_BYTES 200
#define FUNDAMENTO_BYTES 300

enum prorroga { NINGUNA, SIGUIENTE, VIERNES, PRORROGAS };

static const struct {
	const char *word;
	const char *says;
} prorrogas[PRORROGAS] = {
	[NINGUNA] = {"ninguna", NULL},
	[SIGUIENTE] = {"siguiente",
		"CFF, artículo 12: si el último día es inhábil, hasta el siguiente día hábil"},
	[VIERNES] = {"siguiente-viernes",
		"CFF, artículo 12: si el último día es inhábil o viernes, hasta el siguiente día "
		"hábil"},
};

/* Months of a period; it is the one before the month of the date. */
static const struct {
	const char *word;
	int months;
} periodos[] = {{"ninguno", 0}, {"mes", 1}, {"bimestre", 2}, {"cuatrimestre", 4}, {"anio", 12}};

static enum err own(struct calendarios_lectura *l, const struct ical_evento *ev, const char *name,
	const char **ret)
{
	const char *text = ical_propia(ev->propias, ev->propias_count, name);

	if (text == NULL)
		return calendarios_refuse(
			l, ev, "a una OBLIGACION le falta %s (buzond calendario --ejemplo).", name);
	*ret = text;
	return OK;
}

static enum err read_prorroga(
	struct calendarios_lectura *l, const struct ical_evento *ev, enum prorroga *ret)
{
	const char *word = "";
	enum err e = own(l, ev, "X-BUZON-PRORROGA", &word);

	for (unsigned i = 0; e == OK && i < PRORROGAS; i++)
		if (strcasecmp(prorrogas[i].word, word) == 0) {
			*ret = (enum prorroga)i;
			return OK;
		}
	return e != OK ? e
		       : calendarios_refuse(l, ev,
				 "X-BUZON-PRORROGA es ninguna, siguiente o siguiente-viernes.");
}

static enum err read_periodo(struct calendarios_lectura *l, const struct ical_evento *ev, int *ret)
{
	const char *word = "";
	enum err e = own(l, ev, "X-BUZON-PERIODO", &word);

	for (size_t i = 0; e == OK && i < COUNT_OF(periodos); i++)
		if (strcasecmp(periodos[i].word, word) == 0) {
			*ret = periodos[i].months;
			return OK;
		}
	return e != OK ? e
		       : calendarios_refuse(l, ev,
				 "X-BUZON-PERIODO es mes, bimestre, cuatrimestre, anio o ninguno.");
}

/* "octubre de 2026", "septiembre a octubre de 2026", "2026"; NULL: none, or no memory. */
static const char *period(struct arena *a, int32_t dia, int months)
{
	static const char *const names[] = {"enero", "febrero", "marzo", "abril", "mayo", "junio",
		"julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"};
	int year = 0;
	int month = 0;
	int day = 0;

	fecha_split(dia, &year, &month, &day);
	if (months == 12)
		return arena_printf(a, "%d", year - 1);
	/* Months from the year 0 on; the last of the period is the one before this. */
	int last = year * 12 + month - 2;
	int first = last - months + 1;

	if (months == 1)
		return arena_printf(a, "%s de %d", names[last % 12], last / 12);
	return arena_printf(a, "%s a %s de %d", names[first % 12], names[last % 12], last / 12);
}

/* The last day it may be done; ERR_HORIZON. */
static enum err prorogue(const struct calendario *c, enum prorroga how, int32_t dia, int32_t *ret)
{
	*ret = dia;
	if (how == NINGUNA)
		return OK;
	enum err e = calendario_en_o_despues(c, dia, ret);

	if (e == OK && how == VIERNES && fecha_weekday(*ret) == 5)
		e = calendario_despues(c, *ret, 1, ret);
	return e;
}

static enum err put(struct calendarios_lectura *l, const struct ical_evento *ev, int32_t dia,
	enum prorroga how, int months)
{
	int32_t vence = 0;
	enum err e = dia >= l->c.desde ? prorogue(&l->en_todas, how, dia, &vence) : OK;

	/* Nothing is said of what is past the horizon. */
	if (e == ERR_HORIZON || dia < l->c.desde)
		return OK;
	if (e != OK)
		return e;
	if (l->obligaciones_count == CALENDARIOS_FILAS)
		return calendarios_refuse(l, ev, "son más de %d vencimientos; acorta el horizonte.",
			CALENDARIOS_FILAS);
	struct m_obligacion *o = &l->obligaciones[l->obligaciones_count++];

	*o = (struct m_obligacion){.fecha = fecha_text(l->arena, dia, FECHA_ISO),
		.vence = fecha_text(l->arena, vence, FECHA_ISO),
		.nombre = ev->resumen,
		.periodo = months != 0 ? period(l->arena, dia, months) : NULL,
		.fundamento = ev->descripcion,
		.prorroga = prorrogas[how].says};
	return o->fecha != NULL && o->vence != NULL && (months == 0 || o->periodo != NULL)
		       ? OK
		       : ERR_NO_MEMORY;
}

enum err calendarios_obligacion(struct calendarios_lectura *l, const struct ical_evento *ev)
{
	enum prorroga how = NINGUNA;
	int months = 0;
	int32_t *dias = NULL;
	size_t count = 0;
	enum err e = read_prorroga(l, ev, &how);

	if (e == OK)
		e = read_periodo(l, ev, &months);
	if (e == OK &&
		(strlen(ev->resumen) > NOMBRE_BYTES || strlen(ev->descripcion) > FUNDAMENTO_BYTES))
		e = calendarios_refuse(l, ev,
			"SUMMARY admite hasta %d bytes y DESCRIPTION hasta %d; acórtalos.",
			NOMBRE_BYTES, FUNDAMENTO_BYTES);
	if (e == OK && ev->dura != 1)
		e = calendarios_refuse(l, ev, "una OBLIGACION es de un día; quita su DTEND.");
	if (e == OK)
		e = ical_dias(l->arena, ev, l->c.hasta, &dias, &count, l->ret_message);
	for (size_t i = 0; e == OK && i < count; i++)
		e = put(l, ev, dias[i], how, months);
	return e;
}
