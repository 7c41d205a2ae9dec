#include "ley/fecha.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

static const char *const MONTHS[12] = {"enero", "febrero", "marzo", "abril", "mayo", "junio",
	"julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"};
static const char *const WEEKDAYS[7] = {"dom", "lun", "mar", "mié", "jue", "vie", "sáb"};

/* Years are counted from March, so that the leap day ends them: 400 years are 146097 days. */
int32_t fecha_of(int year, int month, int day)
{
	int y = month <= 2 ? year - 1 : year;
	int era = (y >= 0 ? y : y - 399) / 400;
	int year_of_era = y - era * 400;
	int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * 146097 + day_of_era - 719468;
}

void fecha_split(int32_t dia, int *ret_year, int *ret_month, int *ret_day)
{
	int64_t z = (int64_t)dia + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int day_of_era = (int)(z - era * 146097);
	int year_of_era =
		(day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int mp = (5 * day_of_year + 2) / 153;

	*ret_day = day_of_year - (153 * mp + 2) / 5 + 1;
	*ret_month = mp < 10 ? mp + 3 : mp - 9;
	*ret_year = (int)(year_of_era + era * 400) + (*ret_month <= 2 ? 1 : 0);
}

int fecha_weekday(int32_t dia)
{
	/* 1970-01-01 was a Thursday. */
	int w = (int)(((int64_t)dia + 4) % 7);

	return w < 0 ? w + 7 : w;
}

static bool number(const char *text, int digits, int *ret_number)
{
	int n = 0;

	for (int i = 0; i < digits; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		n = n * 10 + (text[i] - '0');
	}
	*ret_number = n;
	return true;
}

/* 31 April comes back as 1 May: no such date. */
static enum err exact(int year, int month, int day, int32_t *ret_dia)
{
	int32_t dia = fecha_of(year, month, day);
	int y;
	int m;
	int d;

	fecha_split(dia, &y, &m, &d);
	if (y != year || m != month || d != day)
		return ERR_BAD_FIELD;
	*ret_dia = dia;
	return OK;
}

enum err fecha_parse(const char *text, int32_t *ret_dia)
{
	int y;
	int m;
	int d;

	if (text == NULL || strlen(text) != 10 || text[4] != '-' || text[7] != '-' ||
		!number(text, 4, &y) || !number(text + 5, 2, &m) || !number(text + 8, 2, &d) ||
		y < 1 || m < 1 || m > 12 || d < 1 || d > 31)
		return ERR_BAD_FIELD;
	return exact(y, m, d, ret_dia);
}

/* Figures, or the beginning of one month's name, three letters at least; 0: neither. */
static int month_of(const char *text, size_t size)
{
	int n = 0;

	if (size != 0 && size <= 2 && number(text, (int)size, &n))
		return n;
	for (int i = 0; size >= 3 && i < 12; i++)
		if (size <= strlen(MONTHS[i]) && strncasecmp(text, MONTHS[i], size) == 0)
			return i + 1;
	return 0;
}

enum err fecha_escrita(const char *text, int32_t *ret_dia)
{
	char trimmed[24];
	size_t size = text != NULL ? strlen(text) : 0;
	int y = 0;
	int d = 0;

	while (size != 0 && text[0] == ' ')
		text++, size--;
	while (size != 0 && text[size - 1] == ' ')
		size--;
	if (size >= sizeof(trimmed))
		return ERR_BAD_FIELD;
	memcpy(trimmed, text != NULL ? text : "", size);
	trimmed[size] = '\0';
	if (strchr(trimmed, '/') == NULL)
		return fecha_parse(trimmed, ret_dia);

	size_t day = strcspn(trimmed, "/");
	const char *month = trimmed + day + 1;
	size_t letters = strcspn(month, "/");
	int m = month_of(month, letters);

	if (day == 0 || day > 2 || !number(trimmed, (int)day, &d) || m < 1 || m > 12 ||
		month[letters] != '/' || strlen(month + letters) != 5 ||
		!number(month + letters + 1, 4, &y) || y < 1 || d < 1 || d > 31)
		return ERR_BAD_FIELD;
	return exact(y, m, d, ret_dia);
}

const char *fecha_text(struct arena *a, int32_t dia, enum fecha_form form)
{
	int y;
	int m;
	int d;

	fecha_split(dia, &y, &m, &d);
	const char *month = MONTHS[m - 1];

	switch (form) {
	case FECHA_LISTA:
		return arena_printf(a, "%02d/%.3s/%04d", d, month, y);
	case FECHA_DIA:
		return arena_printf(
			a, "%s %02d/%.3s/%04d", WEEKDAYS[fecha_weekday(dia)], d, month, y);
	case FECHA_LARGA:
		return arena_printf(a, "%02d de %s de %04d", d, month, y);
	case FECHA_ISO:
		break;
	}
	return arena_printf(a, "%04d-%02d-%02d", y, m, d);
}
