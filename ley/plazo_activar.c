#include "ley/plazo_activar.h"

#define DAYS 180
#define DAY_MS 86400000
#define BARE_BYTES 16384

static int32_t entry_into_force(void)
{
	return fecha_of(2024, 8, 6);
}

/* The day that a calendar of its own would have been published for. */
static int32_t bare(int32_t dia)
{
	ARENA(a, BARE_BYTES);
	struct calendario c;
	int32_t to = dia;
	enum err e = calendario_make(&a, 2024, 2025, NULL, 0, &c);

	if (e == OK)
		e = calendario_en_o_despues(&c, dia, &to);
	/* Without memory nobody is overdue earlier than they are. */
	return e == OK ? to : fecha_of(2025, 2, 4);
}

int64_t plazo_activar(const struct calendario *c, int64_t inscrito)
{
	const struct zona *zc = zona_centro();
	int32_t first = entry_into_force();
	int32_t last = first + DAYS - 1;

	if (inscrito != 0 && inscrito >= zona_instant(zc, first, 0))
		return 0;
	if (calendario_en_o_despues(c, last, &last) != OK)
		last = bare(last);
	return zona_instant(zc, last, 0) + DAY_MS - 1;
}
