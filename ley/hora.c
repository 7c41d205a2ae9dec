#include "ley/hora.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "ley/zona.h"

#define MINUTE_MS INT64_C(60000)
#define DAY_MS INT64_C(86400000)

static const char *in_cadena(struct arena *a, const char *day, const struct hora_civil *t)
{
	int offset = abs(t->offset_s) / 60;

	return arena_printf(a, "%sT%02d:%02d:%02d.%03d%c%02d:%02d", day, t->ms / 3600000,
		t->ms / 60000 % 60, t->ms / 1000 % 60, t->ms % 1000, t->offset_s < 0 ? '-' : '+',
		offset / 60, offset % 60);
}

static const char *in_box(struct arena *a, const struct hora_civil *t)
{
	int y;
	int m;
	int d;

	fecha_split(t->dia, &y, &m, &d);
	return arena_printf(a, "%02d/%02d/%04d", d, m, y);
}

const char *hora_text(struct arena *a, const struct zona *z, int64_t instant, enum hora_form form)
{
	static const enum fecha_form DAY[] = {
		[HORA_LISTA] = FECHA_LISTA,
		[HORA_DIA] = FECHA_DIA,
		[HORA_ACUSE] = FECHA_LARGA,
		[HORA_CADENA] = FECHA_ISO,
	};
	struct hora_civil t = zona_civil(z, instant);
	const char *day = form == HORA_CUADRO ? in_box(a, &t) : fecha_text(a, t.dia, DAY[form]);

	if (day == NULL)
		return NULL;
	int hour = t.ms / 3600000;
	int minute = t.ms / 60000 % 60;

	if (form == HORA_CADENA)
		return in_cadena(a, day, &t);
	if (form == HORA_ACUSE)
		return arena_printf(
			a, "%s %02d:%02d:%02d hrs.", day, hour, minute, t.ms / 1000 % 60);
	return arena_printf(a, "%s %02d:%02d", day, hour, minute);
}

/* `9` in the pattern is a digit, `+` a sign, anything else itself. */
static bool looks_like(const char *text, const char *pattern)
{
	if (strlen(text) != strlen(pattern))
		return false;
	for (; *pattern != '\0'; text++, pattern++) {
		bool ok = *pattern == '9'   ? *text >= '0' && *text <= '9'
			  : *pattern == '+' ? *text == '+' || *text == '-'
					    : *text == *pattern;

		if (!ok)
			return false;
	}
	return true;
}

static int two(const char *digits)
{
	return (digits[0] - '0') * 10 + (digits[1] - '0');
}

int64_t hora_arriba(int64_t instant)
{
	return (instant + MINUTE_MS - 1) / MINUTE_MS * MINUTE_MS;
}

enum err hora_parse(const char *text, int64_t *ret_instant)
{
	char day[11] = {0};
	int32_t dia;

	if (text == NULL || !looks_like(text, "9999-99-99T99:99:99.999+99:99"))
		return ERR_BAD_FIELD;
	memcpy(day, text, 10);
	enum err e = fecha_parse(day, &dia);

	if (e != OK)
		return e;
	int hour = two(text + 11);
	int minute = two(text + 14);
	int second = two(text + 17);
	int ms = two(text + 20) * 10 + (text[22] - '0');
	int offset = two(text + 24) * 60 + two(text + 27);

	if (hour > 23 || minute > 59 || second > 59 || two(text + 27) > 59 || offset > 14 * 60)
		return ERR_BAD_FIELD;
	if (text[23] == '-')
		offset = -offset;
	*ret_instant =
		dia * DAY_MS + ((hour * 60 + minute - offset) * 60 + second) * INT64_C(1000) + ms;
	return OK;
}
