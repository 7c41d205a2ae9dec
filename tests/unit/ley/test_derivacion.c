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
#define SURTE ": surte efectos, el día hábil siguiente al de la notificación [CFF 135]"

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
		"mar 17/nov/2026" SURTE,
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
		("mar 05/ene/2027" SURTE),
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

struct prudente {
	const char *aviso;
	const char *zona;
	const char *abierta; /* civil there; NULL: never */
	int plazo;
	const char *motivo; /* NULL: none */
	const char *lines[4];
};

/*
 * Which reading brings the date forward, one upon the other; each date counted by hand (the last
 * ones are plazo_casos.def's). L-7.2 L-7.6 L-5.8 L-4.6
 */
#define SU_DIA                                                                                           \
	": por si la notificación contara desde el día mismo en que se abrió [Lineamientos 7.6; CFF " \
	"134]"
#define DOMICILIO ": por si el día en que se abrió fuera el de tu domicilio [Lineamientos 5.8]"
#define DECLARADOS                                                                                 \
	": por si los días declarados, o de un solo lugar, contaran como hábiles [CFF 12]"
#define TRANSMISION                                                                                       \
	": por si la transmisión del Poder Ejecutivo Federal no hiciera inhábil ese día [CFF 12; LFT " \
	"74, fracción VIII]"
#define EFECTOS ": por si el plazo se contara desde el día en que surte efectos [CFF 135]"
#define VARIAS "por si valieran juntas varias lecturas de la ley"
static const struct prudente READINGS[] = {
	{"2026-11-09 10:15", ZONA_CENTRO, NULL, 0, NULL, {0}},
	{"2026-11-09 10:15", ZONA_CENTRO, "2026-11-12 17:52", 15,
		"por si el plazo se contara desde el día en que surte efectos",
		{"vie 04/dic/2026" EFECTOS}},
	/* As of Tue 10: effects 11; 12-13 (2), 17-20 (6), 23-27 (11), 30-3. */
	{"2026-11-09 10:15", ZONA_CENTRO, "2026-11-10 07:00", 15, VARIAS,
		{"jue 03/dic/2026" SU_DIA, "mié 02/dic/2026" EFECTOS}},
	/* As of Wed 25 ZC: effects 26, the fifteenth Thu 17. As of Tue 24 there: Wed 16. */
	{"2026-11-23 12:00", "America/Tijuana", "2026-11-24 22:30", 15, VARIAS,
		{"jue 17/dic/2026" SU_DIA, "mié 16/dic/2026" DOMICILIO, "mar 15/dic/2026" EFECTOS}},
	/* Fourth Fri 18 April, effects 21. */
	{"2025-04-14 11:00", ZONA_CENTRO, NULL, 15, VARIAS,
		{"mié 14/may/2025" DECLARADOS, "mar 13/may/2025" EFECTOS}},
	/* Fourth Wed 2 October, effects 3; 4 (1), 7-11 (6), 14-18 (11), 21-24. */
	{"2024-09-26 12:00", ZONA_CENTRO, NULL, 15, VARIAS,
		{"jue 24/oct/2024" TRANSMISION, "mié 23/oct/2024" EFECTOS}},
};

static struct calendario with_holy_week(struct arena *a)
{
	const struct inhabil holy[] = {
		{.dia = dia("2025-04-17"), .motivo = "declarado", .declarado = true},
		{.dia = dia("2025-04-18"), .motivo = "declarado", .declarado = true},
	};
	struct calendario c;

	assert_int_equal(calendario_make(a, 2024, 2027, holy, COUNT_OF(holy), &c), OK);
	return c;
}

static void test_prudente(void **state)
{
	ARENA(a, MB);
	struct calendario c = with_holy_week(&a);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(READINGS); i++) {
		const struct prudente *k = &READINGS[i];
		int64_t opened = k->abierta != NULL ? at(k->zona, k->abierta) : 0;
		struct derivacion d = {.arena = &a};
		struct plazo_aviso p;
		const char *motivo;
		int32_t day;
		size_t n = 0;

		while (n < COUNT_OF(k->lines) && k->lines[n] != NULL)
			n++;
		assert_int_equal(plazo_de_aviso(&c, zc(k->aviso), &p), OK);
		assert_int_equal(plazo_prudente_en(&c, &p, opened, k->plazo, zona_find(k->zona), &d,
					 &day, &motivo),
			OK);
		lines_are(&a, &d, NULL, k->lines, n);
		if (k->motivo != NULL)
			assert_string_equal(motivo, k->motivo);
		else
			assert_null(motivo);
	}
}

/* Who has no domicile at hand reads by Zona Centro. */
static void test_prudente_without_domicile(void **state)
{
	ARENA(a, MB);
	struct calendario c = bare_calendar(&a);
	struct plazo_aviso p;
	const char *motivo;
	int32_t day;

	(void)state;
	assert_int_equal(plazo_de_aviso(&c, zc("2026-11-23 12:00"), &p), OK);
	assert_int_equal(
		plazo_prudente(&c, &p, zc("2026-11-25 00:30"), 15, NULL, &day, &motivo), OK);
	assert_int_equal(day, dia("2026-12-16"));
}

/* A lapse that the aviso had fixed stands, and the step says why. */
static void test_kept(void **state)
{
	static const char *const LINES[] = {
		"mié 18/nov/2026 09:30 (ZC): la fecha que su aviso ya había fijado se conserva, aunque "
		"el calendario de hoy diga otra [Lineamientos 7.5]",
		"jue 19/nov/2026" SURTE,
	};
	ARENA(a, MB);
	struct calendario c = bare_calendar(&a);
	struct derivacion d = {.arena = &a};
	struct plazo_aviso p;
	struct plazo_efecto e;
	int64_t until;

	(void)state;
	assert_int_equal(plazo_de_aviso(&c, zc("2026-11-09 10:15"), &p), OK);
	p.vence = zc("2026-11-18 09:30");
	assert_int_equal(plazo_derivar_apertura(&c, &p, 0, 0, &d, &e), OK);
	lines_are(&a, &d, NULL, LINES, COUNT_OF(LINES));
	/* Until then it can be opened with effect. */
	assert_int_equal(plazo_de_apertura(&c, &p, zc("2026-11-17 12:00"), 0, &e), OK);
	assert_int_equal(e.notificada, zc("2026-11-17 12:00"));
	assert_int_equal(plazo_vale_hasta(&c, &p, zc("2026-11-17 12:00"), &until), OK);
	assert_int_equal(until, zc("2026-11-17 18:00:00.001"));
	assert_int_equal(plazo_vale_hasta(&c, &p, zc("2026-11-17 19:00"), &until), OK);
	assert_int_equal(until, INT64_MAX);
}

/* L-6.3 L-5.8: a filing, as it is told at its domicile. */
static void test_filing(void **state)
{
	static const char *const LINES[] = {
		"lun 16/nov/2026 23:00 (ZC; en tu domicilio, America/Cancun, mar 17/nov/2026 00:00): "
		"presentada en día inhábil de su domicilio: recibida a la primera hora del día hábil "
		"siguiente [Lineamientos 5.8 y 6.3]",
		"  no cuentan el sáb 14/nov/2026 ni el dom 15/nov/2026: fin de semana",
		"  no cuenta el lun 16/nov/2026: CFF 12: tercer lunes de noviembre (20 de noviembre)",
	};
	ARENA(a, MB);
	struct calendario c = bare_calendar(&a);
	const struct zona *cancun = zona_find("America/Cancun");
	struct derivacion d = {.arena = &a};
	int64_t legal;

	(void)state;
	assert_int_equal(
		plazo_derivar_recepcion(&c, cancun, zc("2026-11-13 23:30"), &d, &legal), OK);
	lines_are(&a, &d, cancun, LINES, COUNT_OF(LINES));
}

/* What has no room, no memory or no calendar says so. */
static void test_faults(void **state)
{
	ARENA(a, MB);
	ARENA(none, 16);
	struct calendario c = bare_calendar(&a);
	struct derivacion d = {.arena = &none};
	struct derivacion_paso p = {.dia = dia("2026-11-17"), .regla = "r", .que = "q"};
	struct derivacion_linea *lines;
	size_t n;

	(void)state;
	assert_int_equal(derivacion_paso(NULL, &c, dia("2026-11-13"), &p), OK);
	assert_int_equal(derivacion_paso(&d, &c, dia("2026-11-13"), &p), ERR_NO_MEMORY);
	assert_int_equal(d.count, 0);
	d.arena = &a;
	for (size_t i = 0; i < DERIVACION_PASOS; i++)
		assert_int_equal(derivacion_paso(&d, &c, dia("2026-11-13"), &p), OK);
	assert_int_equal(d.pasos[0].salto_count, 3);
	assert_int_equal(derivacion_paso(&d, &c, dia("2026-11-13"), &p), ERR_INTERNAL);
	assert_int_equal(derivacion_texto(&none, &d, NULL, &lines, &n), ERR_NO_MEMORY);
	d.count = 0;
	p.dia = c.hasta + 3;
	assert_int_equal(derivacion_paso(&d, &c, c.hasta - 1, &p), ERR_HORIZON);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lapse),
		cmocka_unit_test(test_domicile),
		cmocka_unit_test(test_prudente),
		cmocka_unit_test(test_prudente_without_domicile),
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_filing),
		cmocka_unit_test(test_faults),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
