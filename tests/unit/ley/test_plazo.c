/* The worked cases of time of requirements.md, row by row, on the bare calendar of CFF 12. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ley/plazo.h"
#include "tests/help/dia.h"

#define MB (1 << 20)

static int setup(void **state)
{
	(void)state;
	return zona_setup();
}

struct aviso_case {
	const char *ready;
	const char *aviso;
	const char *dias[3];
	const char *vence;
};

/* L-7.2 L-7.3 L-7.4 L-7.5 */
static void test_aviso(void **state)
{
	static const struct aviso_case CASES[] = {
		{"2026-11-09 10:15", "2026-11-09 10:15", {"2026-11-10", "2026-11-11", "2026-11-12"},
			"2026-11-13 09:30"},
		{"2026-11-10 17:59", "2026-11-10 17:59", {"2026-11-11", "2026-11-12", "2026-11-13"},
			"2026-11-17 09:30"},
		{"2026-11-13 18:00:00", "2026-11-13 18:00",
			{"2026-11-17", "2026-11-18", "2026-11-19"}, "2026-11-20 09:30"},
		{"2026-11-13 18:00:01", "2026-11-17 09:30",
			{"2026-11-18", "2026-11-19", "2026-11-20"}, "2026-11-23 09:30"},
		{"2026-11-13 18:00:00.001", "2026-11-17 09:30",
			{"2026-11-18", "2026-11-19", "2026-11-20"}, "2026-11-23 09:30"},
		{"2026-12-23 12:00", "2026-12-23 12:00", {"2026-12-24", "2026-12-28", "2026-12-29"},
			"2026-12-30 09:30"},
		{"2026-11-09 09:29:59.999", "2026-11-09 09:30",
			{"2026-11-10", "2026-11-11", "2026-11-12"}, "2026-11-13 09:30"},
		{"2026-11-14 12:00", "2026-11-17 09:30", {"2026-11-18", "2026-11-19", "2026-11-20"},
			"2026-11-23 09:30"},
	};
	ARENA(a, MB);
	struct calendario c = bare_calendar(&a);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(CASES); i++) {
		struct plazo_aviso p;

		assert_int_equal(plazo_de_aviso(&c, zc(CASES[i].ready), &p), OK);
		assert_int_equal(p.aviso, zc(CASES[i].aviso));
		for (int d = 0; d < 3; d++)
			assert_int_equal(p.dias[d], dia(CASES[i].dias[d]));
		assert_int_equal(p.vence, zc(CASES[i].vence));
		assert_int_equal(zona_civil(zona_centro(), p.vence).dia, p.cuarto);
	}
}

struct opening_case {
	const char *aviso;
	const char *zona;
	const char *opened; /* NULL: never */
	const char *notified;
	const char *surte;
	const char *primero;
	const char *ultimo; /* of 15 días hábiles */
};

/* L-7.2 L-7.5 L-7.6 L-4.6 L-5.7 L-5.8 */
static void test_opening(void **state)
{
	static const struct opening_case CASES[] = {
		{"2026-11-09 10:15", ZONA_CENTRO, NULL, "2026-11-13 09:30", "2026-11-17",
			"2026-11-18", "2026-12-08"},
		{"2026-11-09 10:15", ZONA_CENTRO, "2026-11-12 17:52", "2026-11-12 17:52",
			"2026-11-13", "2026-11-17", "2026-12-07"},
		{"2026-11-09 10:15", ZONA_CENTRO, "2026-11-12 18:00:01", "2026-11-13 09:30",
			"2026-11-17", "2026-11-18", "2026-12-08"},
		{"2026-11-09 10:15", ZONA_CENTRO, "2026-11-12 18:00:00", "2026-11-12 18:00",
			"2026-11-13", "2026-11-17", "2026-12-07"},
		{"2026-11-09 10:15", ZONA_CENTRO, "2026-11-10 07:00", "2026-11-11 09:30", NULL,
			NULL, NULL},
		{"2026-11-09 10:15", ZONA_CENTRO, "2026-11-13 08:00", "2026-11-13 09:30",
			"2026-11-17", "2026-11-18", "2026-12-08"},
		{"2026-11-09 10:15", ZONA_CENTRO, "2031-06-01 08:00", "2026-11-13 09:30",
			"2026-11-17", "2026-11-18", "2026-12-08"},
		{"2026-11-23 12:00", "America/Tijuana", "2026-11-24 16:30", "2026-11-25 09:30",
			"2026-11-26", "2026-11-27", "2026-12-17"},
		{"2026-11-23 12:00", "America/Cancun", "2026-11-24 18:30", "2026-11-24 17:30",
			"2026-11-25", "2026-11-26", "2026-12-16"},
		{"2026-12-23 12:00", ZONA_CENTRO, NULL, "2026-12-30 09:30", "2026-12-31",
			"2027-01-04", "2027-01-22"},
	};
	ARENA(a, MB);
	struct calendario c = bare_calendar(&a);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(CASES); i++) {
		const struct opening_case *k = &CASES[i];
		int64_t opened = k->opened != NULL ? at(k->zona, k->opened) : 0;
		struct plazo_aviso p;
		struct plazo_efecto f;

		assert_int_equal(plazo_de_aviso(&c, zc(k->aviso), &p), OK);
		assert_int_equal(plazo_de_apertura(&c, &p, opened, 15, &f), OK);

		assert_int_equal(f.notificada, zc(k->notified));
		assert_int_equal(f.dia, zona_civil(zona_centro(), f.notificada).dia);
		if (k->surte == NULL)
			continue;
		assert_int_equal(f.surte, dia(k->surte));
		assert_int_equal(f.primero, dia(k->primero));
		assert_int_equal(f.ultimo, dia(k->ultimo));
	}
}

/* Both times of an opening are there to show. L-5.8 */
static void test_both_times(void **state)
{
	ARENA(a, 4096);
	int64_t t = zc("2026-11-24 17:30");

	(void)state;
	assert_string_equal(
		hora_text(&a, zona_find("America/Cancun"), t, HORA_LISTA), "24/nov/2026 18:30");
	/* Never earlier than it is: 18:30:00.000 is 18:30, a moment later is 18:31. */
	assert_int_equal(hora_arriba(t / 60000 * 60000), t / 60000 * 60000);
	assert_int_equal(hora_arriba(t / 60000 * 60000 + 1), (t / 60000 + 1) * 60000);
	assert_string_equal(hora_text(&a, zona_centro(), t, HORA_LISTA), "24/nov/2026 17:30");
	/* 18:30 ZC is 16:30 in Tijuana: the table's "18:30 ZC by a domicile in Tijuana". */
	assert_int_equal(zc("2026-11-24 18:30"), at("America/Tijuana", "2026-11-24 16:30"));
}

/* Declared vacations move all of it (last worked case). L-7.4 L-7.5 L-4.6 */
static void test_vacations(void **state)
{
	ARENA(a, MB);
	struct inhabil vacation[8];
	size_t n = 0;
	struct calendario c;
	struct plazo_aviso p;
	struct plazo_efecto f;

	(void)state;
	/* 24 and 28-31 December; the weekend among them is no row. */
	for (int32_t d = dia("2026-12-24"); d <= dia("2026-12-31"); d++)
		vacation[n++] = (struct inhabil){.dia = d, .motivo = "vacaciones generales"};
	assert_int_equal(calendario_make(&a, 2026, 2027, vacation, n, &c), OK);
	assert_int_equal(plazo_de_aviso(&c, zc("2026-12-23 12:00"), &p), OK);
	assert_int_equal(p.dias[0], dia("2027-01-04"));
	assert_int_equal(p.dias[2], dia("2027-01-06"));
	assert_int_equal(p.vence, zc("2027-01-07 09:30"));
	assert_int_equal(plazo_de_apertura(&c, &p, 0, 15, &f), OK);
	assert_int_equal(f.surte, dia("2027-01-08"));
	assert_int_equal(f.primero, dia("2027-01-11"));
	assert_int_equal(f.ultimo, dia("2027-01-29"));
}

/* Holding an aviso; the window's last instant is in it. L-7.2 L-7.3 */
static void test_window(void **state)
{
	static const char *const CASES[][2] = {
		{"2026-11-09 09:30:00.000", "2026-11-09 09:30:00.000"},
		{"2026-11-09 18:00:00.000", "2026-11-09 18:00:00.000"},
		{"2026-11-09 18:00:00.001", "2026-11-10 09:30"},
		{"2026-11-09 09:29:59.999", "2026-11-09 09:30"},
		{"2026-11-09 00:00", "2026-11-09 09:30"},
		{"2026-11-16 12:00", "2026-11-17 09:30"},
		{"2026-11-15 23:59:59.999", "2026-11-17 09:30"},
	};
	ARENA(a, MB);
	struct calendario c = bare_calendar(&a);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(CASES); i++) {
		int64_t held;

		assert_int_equal(plazo_en_ventana(&c, zc(CASES[i][0]), &held), OK);
		assert_int_equal(held, zc(CASES[i][1]));
	}
}

/*
 * What plazo_vale_hasta promises, minute by minute: the same legal date up to it, another from it
 * on (or none ever). L-7.2 L-7.5
 */
static void test_valid_until(void **state)
{
	ARENA(a, MB);
	struct calendario c = bare_calendar(&a);
	struct plazo_aviso p;
	size_t endless = 0;

	(void)state;
	assert_int_equal(plazo_de_aviso(&c, zc("2026-11-11 10:15"), &p), OK);
	assert_int_equal(p.vence, zc("2026-11-18 09:30"));
	for (int64_t now = p.aviso; now < p.vence + 86400000; now += 60000) {
		struct plazo_efecto f[3];
		int64_t until;

		assert_int_equal(plazo_vale_hasta(&c, &p, now, &until), OK);
		assert_true(until > now);
		assert_int_equal(plazo_de_apertura(&c, &p, now, 0, &f[0]), OK);
		if (until == INT64_MAX) {
			assert_int_equal(f[0].notificada, p.vence);
			endless++;
			continue;
		}
		assert_true(until <= p.vence);
		assert_int_equal(plazo_de_apertura(&c, &p, until - 1, 0, &f[1]), OK);
		assert_int_equal(plazo_de_apertura(&c, &p, until, 0, &f[2]), OK);
		assert_int_equal(f[0].dia, f[1].dia);
		assert_int_not_equal(f[0].dia, f[2].dia);
		assert_int_equal(endless, 0);
	}
	/* Endless from Tue 17 Nov 18:00:00.001 (the third day's close) on. */
	assert_int_equal(endless, (p.vence + 86400000 - zc("2026-11-17 18:01")) / 60000);
}

static void until_is(const struct calendario *c, const char *now, int64_t expected)
{
	struct plazo_aviso p;
	int64_t until;

	assert_int_equal(plazo_de_aviso(c, zc("2026-11-09 10:15"), &p), OK);
	assert_int_equal(plazo_vale_hasta(c, &p, zc(now), &until), OK);
	assert_int_equal(until, expected);
}

/* L-7.2 L-7.5: the effect sheet's last row, "opening no longer changes the date". */
static void test_valid_until_cases(void **state)
{
	ARENA(a, MB);
	struct calendario c = bare_calendar(&a);

	(void)state;
	until_is(&c, "2026-11-12 17:52", zc("2026-11-12 18:00:00.001"));
	until_is(&c, "2026-11-12 18:00", zc("2026-11-12 18:00:00.001"));
	until_is(&c, "2026-11-12 18:00:00.001", INT64_MAX);
	until_is(&c, "2026-11-13 08:00", INT64_MAX);
	until_is(&c, "2026-11-13 09:30", INT64_MAX);
	until_is(&c, "2026-11-12 08:00", zc("2026-11-12 09:30"));
	until_is(&c, "2026-11-10 20:00", zc("2026-11-11 00:00"));
}

struct filing_case {
	const char *zona;
	const char *filed; /* civil, there */
	const char *legal; /* civil, there */
};

/* L-6.3 L-5.8 */
static void test_filing(void **state)
{
	static const struct filing_case CASES[] = {
		{"America/Tijuana", "2026-12-08 23:30", "2026-12-08 23:30"},
		{"America/Cancun", "2026-12-09 00:30", "2026-12-09 00:30"},
		{"America/Cancun", "2026-11-14 00:30", "2026-11-17 00:00"},
		{ZONA_CENTRO, "2026-11-13 23:59:59.999", "2026-11-13 23:59:59.999"},
		{ZONA_CENTRO, "2026-11-14 00:00", "2026-11-17 00:00"},
		{ZONA_CENTRO, "2026-11-16 12:00", "2026-11-17 00:00"},
	};
	ARENA(a, MB);
	struct calendario c = bare_calendar(&a);
	int64_t legal;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(CASES); i++) {
		const struct filing_case *k = &CASES[i];

		assert_int_equal(
			plazo_de_recepcion(&c, zona_find(k->zona), at(k->zona, k->filed), &legal),
			OK);
		assert_int_equal(legal, at(k->zona, k->legal));
	}
	/* The table's own instants, in Zona Centro. */
	assert_int_equal(zc("2026-12-09 01:30"), at("America/Tijuana", "2026-12-08 23:30"));
	assert_int_equal(zc("2026-11-13 23:30"), at("America/Cancun", "2026-11-14 00:30"));
	assert_int_equal(zc("2026-11-16 23:00"), at("America/Cancun", "2026-11-17 00:00"));
}

/* Last day of a term: the civil date at the domicile decides. L-5.8 L-6.3 */
static void test_last_day(void **state)
{
	ARENA(a, MB);
	struct calendario c = bare_calendar(&a);
	struct plazo_aviso p;
	struct plazo_efecto f;
	int64_t legal;
	const struct zona *tijuana = zona_find("America/Tijuana");
	const struct zona *cancun = zona_find("America/Cancun");

	(void)state;
	assert_int_equal(plazo_de_aviso(&c, zc("2026-11-09 10:15"), &p), OK);
	assert_int_equal(plazo_de_apertura(&c, &p, 0, 15, &f), OK);
	assert_int_equal(f.ultimo, dia("2026-12-08"));
	assert_int_equal(plazo_de_recepcion(&c, tijuana, zc("2026-12-09 01:30"), &legal), OK);
	assert_true(zona_civil(tijuana, legal).dia <= f.ultimo);
	assert_int_equal(plazo_de_recepcion(&c, cancun, zc("2026-12-08 23:30"), &legal), OK);
	assert_true(zona_civil(cancun, legal).dia > f.ultimo);
}

/* Nothing is guessed past the horizon, and failure leaves the result alone. */
static void test_horizon(void **state)
{
	ARENA(a, MB);
	struct calendario c;
	struct plazo_aviso p = {.aviso = 7};
	struct plazo_efecto f = {.dia = 7};
	int64_t t = 7;

	(void)state;
	assert_int_equal(calendario_make(&a, 2026, 2026, NULL, 0, &c), OK);
	assert_int_equal(plazo_de_aviso(&c, zc("2026-12-29 12:00"), &p), ERR_HORIZON);
	assert_int_equal(p.aviso, 7);
	assert_int_equal(plazo_en_ventana(&c, zc("2027-01-04 12:00"), &t), ERR_HORIZON);
	assert_int_equal(
		plazo_de_recepcion(&c, zona_centro(), zc("2027-01-04 12:00"), &t), ERR_HORIZON);
	assert_int_equal(t, 7);
	assert_int_equal(plazo_de_aviso(&c, zc("2026-12-09 12:00"), &p), OK);
	assert_int_equal(plazo_de_apertura(&c, &p, 0, 15, &f), ERR_HORIZON);
	assert_int_equal(f.dia, 7);
	assert_int_equal(plazo_de_apertura(&c, &p, 0, -1, &f), ERR_BAD_FIELD);
	/* An act without a term of its own. */
	assert_int_equal(plazo_de_apertura(&c, &p, 0, 0, &f), OK);
	assert_int_equal(f.ultimo, f.surte);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_aviso),
		cmocka_unit_test(test_opening),
		cmocka_unit_test(test_both_times),
		cmocka_unit_test(test_vacations),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_valid_until),
		cmocka_unit_test(test_valid_until_cases),
		cmocka_unit_test(test_filing),
		cmocka_unit_test(test_last_day),
		cmocka_unit_test(test_horizon),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
