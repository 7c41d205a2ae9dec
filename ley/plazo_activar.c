#include "ley/plazo_activar.h"

#include "base/macros.h"

#define DIAS 180
#define A_LAS_DIEZ (10 * 3600000)

static int32_t vigor(void)
{
	return fecha_of(2024, 8, 6);
}

int64_t plazo_activar_vigor(void)
{
	return zona_instant(zona_centro(), vigor(), 0);
}

/* Saturday, 1 February 2025, then the first Monday of February. */
static int32_t last_day(const struct calendario *c)
{
	int32_t dia = vigor() + DIAS - 1;
	int32_t habil;

	if (calendario_en_o_despues(c, dia, &habil) == OK)
		return habil;
	return fecha_of(2025, 2, 4);
}

int64_t plazo_activar(const struct calendario *c, int64_t inscrito)
{
	const struct zona *zc = zona_centro();

	if (inscrito == 0 || zona_civil(zc, inscrito).dia > vigor())
		return 0;
	return zona_instant(zc, last_day(c) + 1, 0) - 1;
}

int64_t plazo_activar_aviso(int64_t plazo, int64_t despues)
{
	static const int before[] = {30, 7, 1};
	const struct zona *zc = zona_centro();
	int32_t last = zona_civil(zc, plazo).dia;

	for (size_t i = 0; i < COUNT_OF(before); i++) {
		int64_t at = zona_instant(zc, last - before[i], A_LAS_DIEZ);

		if (at > despues)
			return at;
	}
	return 0;
}

int32_t plazo_activar_dias(int64_t plazo, int64_t now)
{
	return zona_civil(zona_centro(), plazo).dia - zona_civil(zona_centro(), now).dia;
}
