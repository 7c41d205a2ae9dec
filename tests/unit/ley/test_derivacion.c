/* Why a date is that date: the steps, what they skipped, and how a person reads them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "ley/plazo.h"
#include "tests/help/dia.h"

#define MB (1 << 20)

static int setup(void **state)
{
	(void)state;
	return zona_setup();
}

static void lines_are(struct arena *a, const struct derivacion *d, const struct zona *z,
	const char *const *expected, size_t count)
{
	struct derivacion_linea *l;
	size_t n;

	assert_int_equal(derivacion_texto(a, d, z, &l, &n), OK);
	for (size_t i = 0; i < n && i < count; i++) {
		const char *text = arena_printf(a, "%s%s", l[i].nivel == 1 ? "  " : "", l[i].texto);

		assert_string_equal(text, expected[i]);
	}
	assert_int_equal(n, count);
}

/* The first worked case, never opened, as its page shows it. L-7.3 L-7.4 L-7.5 L-4.6 */
static void test_lapse(void **state)
{
	static const char *const LINES[] = {
		"lun 09/nov/2026 10:15 (ZC): el aviso se envió, en día hábil y dentro del horario "
		"de 09:30 a 18:00 [Lineamientos 7.2 y 7.3]",
		"mar 10/nov/2026: primer día hábil para abrirla [Lineamientos 7.4]",
		"mié 11/nov/2026: segundo día hábil para abrirla [Lineamientos 7.4]",
		"jue 12/nov/2026: tercer y último día hábil para abrirla [Lineamientos 7.4]",
		"vie 13/nov/2026 09:30 (ZC): cuarto día hábil: si no se abrió antes, queda "
		"notificada a las 09:30 [Lineamientos 7.5]",
		"vie 13/nov/2026 09:30 (ZC): no se abrió en sus tres días hábiles: notificada al "
		"cuarto [Lineamientos 7.5]",
		"mar 17/nov/2026: surte efectos, el día hábil siguiente al de la notificación "
		"[CFF 135]",
		"  no cuentan el sáb 14/nov/2026 ni el dom 15/nov/2026: fin de semana",
		"  no cuenta el lun 16/nov/2026: CFF 12: tercer lunes de noviembre (20 de "
		"noviembre)",
		"mié 18/nov/2026: primer día del plazo, el hábil siguiente a aquél en que surte "
		"efectos [Lineamientos 4.6; CFF 135]",
		"mar 08/dic/2026: último día del plazo, que sólo cuenta días hábiles [CFF 12; "
		"plazo de 15 días hábiles]",
		"  no cuentan el sáb 21/nov/2026 ni el dom 22/nov/2026: fin de semana",
		"  no cuentan el sáb 28/nov/2026 ni el dom 29/nov/2026: fin de semana",
		"  no cuentan el sáb 05/dic/2026 ni el dom 06/dic/2026: fin de semana",
	};
	ARENA(a, MB);
	struct calendario c = bare_calendar(&a);
	struct derivacion d = {.arena = &a};
	struct plazo_aviso p;
	struct plazo_efecto e;

	(void)state;
	assert_int_equal(plazo_derivar_aviso(&c, zc("2026-11-09 10:15"), &d, &p), OK);
	assert_int_equal(plazo_derivar_apertura(&c, &p, 0, 15, &d, &e), OK);
	lines_are(&a, &d, NULL, LINES, COUNT_OF(LINES));
}

/* Both zones where the domicile differs; vacations are one line. L-5.8 L-7.2 */
static void test_domicile(void **state)
{
	static const char *const LINES[] = {
		"lun 04/ene/2027 09:30 (ZC; en tu domicilio, America/Tijuana, lun 04/ene/2027 "
		"07:30): abierta después de las 18:00, hora inhábil: cuenta desde las 09:30 del "
		"día hábil siguiente [Lineamientos 7.2]",
		"  no cuenta el jue 24/dic/2026: vacaciones generales",
		"  no cuenta el vie 25/dic/2026: CFF 12: 25 de diciembre",
		"  no cuentan el sáb 26/dic/2026 ni el dom 27/dic/2026: fin de semana",
		"  no cuentan del lun 28/dic/2026 al jue 31/dic/2026: vacaciones generales",
		"  no cuenta el vie 01/ene/2027: CFF 12: 1 de enero",
		"  no cuentan el sáb 02/ene/2027 ni el dom 03/ene/2027: fin de semana",
		"mar 05/ene/2027: surte efectos, el día hábil siguiente al de la notificación "
		"[CFF 135]",
	};
	ARENA(a, MB);
	struct derivacion d = {.arena = &a};
	struct inhabil vacation[8];
	size_t n = 0;
	struct calendario c;
	struct plazo_aviso p;
	struct plazo_efecto e;

	(void)state;
	for (int32_t day = dia("2026-12-24"); day <= dia("2026-12-31"); day++)
		vacation[n++] = (struct inhabil){
			.dia = day, .motivo = "vacaciones generales", .declarado = true};
	assert_int_equal(calendario_make(&a, 2026, 2027, vacation, n, &c), OK);
	assert_int_equal(plazo_de_aviso(&c, zc("2026-12-22 12:00"), &p), OK);
	assert_int_equal(plazo_derivar_apertura(&c, &p, zc("2026-12-23 18:00:01"), 0, &d, &e), OK);
	lines_are(&a, &d, zona_find("America/Tijuana"), LINES, COUNT_OF(LINES));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lapse),
		cmocka_unit_test(test_domicile),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
