#include "screens/mes.h"

#include "base/buf.h"
#include "base/texto.h"

/* 0: Monday. */
static int weekday(int32_t dia)
{
	return (fecha_weekday(dia) + 6) % 7;
}

void mes_de(int32_t dia, int32_t *ret_primero, int32_t *ret_ultimo)
{
	int year, month, day;

	fecha_split(dia, &year, &month, &day);
	*ret_primero = fecha_of(year, month, 1);
	*ret_ultimo = fecha_of(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1) - 1;
}

size_t mes_semana(int32_t dia)
{
	int32_t first, last;

	mes_de(dia, &first, &last);
	return (size_t)(dia - first + weekday(first)) / 7;
}

size_t mes_semanas(int32_t dia)
{
	int32_t first, last;

	mes_de(dia, &first, &last);
	return mes_semana(last) + 1;
}

int32_t mes_en_semana(int32_t dia, size_t semana)
{
	int32_t first, last;

	mes_de(dia, &first, &last);
	int32_t at = dia + 7 * ((int32_t)semana - (int32_t)mes_semana(dia));

	return at < first ? first : at > last ? last : at;
}

int32_t mes_sumar(int32_t dia, int meses)
{
	int year, month, day;
	int32_t first, last;

	fecha_split(dia, &year, &month, &day);
	int count = year * 12 + month - 1 + meses;

	mes_de(fecha_of(count / 12, count % 12 + 1, 1), &first, &last);
	return first + day - 1 < last ? first + day - 1 : last;
}

const char *mes_titulo(void)
{
	return _("  lu   ma   mi   ju   vi   sá   do");
}

const char *mes_nombre(struct arena *a, int32_t dia)
{
	static const char *const names[] = {N_("enero"), N_("febrero"), N_("marzo"), N_("abril"),
		N_("mayo"), N_("junio"), N_("julio"), N_("agosto"), N_("septiembre"), N_("octubre"),
		N_("noviembre"), N_("diciembre")};
	int year, month, day;

	fecha_split(dia, &year, &month, &day);
	return arena_printf(a, "%s %d", texto(names[month - 1]), year);
}

static char mark_of(const struct calendario *c, const struct citas *citas, int32_t dia)
{
	const char *motivo;
	bool habil;
	char mark = ' ';

	if (c != NULL && weekday(dia) < 5 && calendario_habil(c, dia, &habil, &motivo) == OK &&
		!habil)
		mark = 'x';
	for (size_t i = 0; i < citas->count; i++) {
		const struct cita *x = &citas->rows[i];

		if (x->dia == dia && x->clase != CITA_OBLIGACION)
			return '*';
		if (x->dia == dia)
			mark = '+';
	}
	return mark;
}

const char *mes_texto(struct arena *a, const struct calendario *c, const struct citas *citas,
	int32_t dia, size_t semana)
{
	int32_t first, last;
	struct buf b;

	mes_de(dia, &first, &last);
	buf_init(&b, a);
	for (int i = 0; i < 7; i++) {
		int32_t at = first - weekday(first) + (int32_t)semana * 7 + i;

		if (at < first || at > last)
			buf_text(&b, "     ");
		else
			buf_printf(&b, "%c%2d%c%c", at == dia ? '[' : ' ', (int)(at - first + 1),
				mark_of(c, citas, at), at == dia ? ']' : ' ');
	}
	return buf_end_text(&b);
}
