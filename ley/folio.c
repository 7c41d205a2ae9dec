#include "ley/folio.h"

#include <stdio.h>
#include <string.h>

void folio_of(int64_t instant, char ret_folio[FOLIO_BYTES])
{
	struct hora_civil t = zona_civil(zona_centro(), instant);
	int y;
	int m;
	int d;

	fecha_split(t.dia, &y, &m, &d);
	/* The moduli are for the compiler's sake: they bound each field's digits. */
	snprintf(ret_folio, FOLIO_BYTES, "BI-%04u%02u%02u-%02u%02u%02u%03u", (unsigned)y % 10000,
		(unsigned)m % 100, (unsigned)d % 100, (unsigned)t.ms / 3600000 % 100,
		(unsigned)t.ms / 60000 % 60, (unsigned)t.ms / 1000 % 60, (unsigned)t.ms % 1000);
}

bool folio_valid(const char *text)
{
	static const char PATTERN[] = "BI-99999999-999999999";
	char day[11] = {0};
	int32_t dia;

	if (text == NULL || strlen(text) != FOLIO_BYTES - 1)
		return false;
	for (size_t i = 0; i < FOLIO_BYTES - 1; i++) {
		bool digit = text[i] >= '0' && text[i] <= '9';

		if (PATTERN[i] == '9' ? !digit : text[i] != PATTERN[i])
			return false;
	}
	snprintf(day, sizeof(day), "%.4s-%.2s-%.2s", text + 3, text + 7, text + 9);
	return fecha_parse(day, &dia) == OK && memcmp(text + 12, "24", 2) < 0 && text[14] < '6' &&
	       text[16] < '6';
}
