#include "tests/help/dia.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

int32_t dia(const char *iso)
{
	int32_t d;

	assert_int_equal(fecha_parse(iso, &d), OK);
	return d;
}

int64_t at(const char *zona, const char *text)
{
	const struct zona *z = zona_find(zona);
	char day[11] = {0};
	int hour = 0;
	int minute = 0;
	int second = 0;
	int ms = 0;

	assert_non_null(z);
	assert_true(sscanf(text, "%10s %2d:%2d:%2d.%3d", day, &hour, &minute, &second, &ms) >= 3);
	return zona_instant(z, dia(day), ((hour * 60 + minute) * 60 + second) * 1000 + ms);
}

int64_t zc(const char *text)
{
	return at(ZONA_CENTRO, text);
}

struct calendario bare_calendar(struct arena *a)
{
	struct calendario c;

	assert_int_equal(calendario_make(a, 2024, 2030, NULL, 0, &c), OK);
	return c;
}
