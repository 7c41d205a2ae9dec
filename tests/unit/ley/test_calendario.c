/* Días inhábiles as dated data. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "tests/help/dia.h"

#define MB (1 << 20)

/* L-4.6: CFF 12 of 2026, all of it and nothing else. */
static void test_2026(void **state)
{
	static const char *const DAYS[] = {"2026-01-01", "2026-02-02", "2026-03-16", "2026-05-01",
		"2026-05-05", "2026-09-16", "2026-11-16", "2026-12-25"};
	ARENA(a, MB);
	struct calendario c;

	(void)state;
	assert_int_equal(calendario_make(&a, 2026, 2026, NULL, 0, &c), OK);
	assert_int_equal(c.count, COUNT_OF(DAYS));
	assert_int_equal(c.desde, dia("2026-01-01"));
	assert_int_equal(c.hasta, dia("2026-12-31"));
	for (size_t i = 0; i < COUNT_OF(DAYS); i++)
		assert_int_equal(c.rows[i].dia, dia(DAYS[i]));
}

/* The first Mondays of February that libical's RRULE gives (real-parts.md 12). */
static void test_mondays(void **state)
{
	static const char *const DAYS[] = {"2024-02-05", "2025-02-03", "2026-02-02", "2027-02-01",
		"2028-02-07", "2029-02-05", "2030-02-04"};
	ARENA(a, MB);
	struct calendario c = bare_calendar(&a);
	const char *motivo;
	bool habil;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(DAYS); i++) {
		assert_int_equal(calendario_habil(&c, dia(DAYS[i]), &habil, &motivo), OK);
		assert_false(habil);
		assert_string_equal(motivo, "CFF 12: primer lunes de febrero (5 de febrero)");
	}
	assert_int_equal(calendario_habil(&c, dia("2028-03-20"), &habil, &motivo), OK);
	assert_false(habil);
}

static void test_handover(void **state)
{
	ARENA(a, MB);
	struct calendario c;
	const char *motivo;
	bool habil;

	(void)state;
	assert_int_equal(calendario_make(&a, 2012, 2030, NULL, 0, &c), OK);
	assert_int_equal(calendario_habil(&c, dia("2024-10-01"), &habil, &motivo), OK);
	assert_false(habil);
	assert_int_equal(calendario_habil(&c, dia("2030-10-01"), &habil, &motivo), OK);
	assert_false(habil);
	assert_int_equal(calendario_habil(&c, dia("2025-10-01"), &habil, &motivo), OK);
	assert_true(habil);
	assert_null(motivo);
	/* 1 Dec 2018 was a Saturday: the weekend is its reason, and it is no row. */
	assert_int_equal(calendario_habil(&c, dia("2018-12-01"), &habil, &motivo), OK);
	assert_string_equal(motivo, "sábado");
	for (size_t i = 1; i < c.count; i++)
		assert_true(c.rows[i].dia > c.rows[i - 1].dia);
}

static void test_declared_days(void **state)
{
	ARENA(a, MB);
	/* Out of order, twice, on a weekend, on a day of CFF 12, beyond the horizon. */
	const struct inhabil extra[] = {
		{.dia = dia("2026-12-31"), .motivo = "vacaciones"},
		{.dia = dia("2026-04-02"), .motivo = "jueves santo"},
		{.dia = dia("2026-04-02"), .motivo = "otra vez"},
		{.dia = dia("2026-04-04"), .motivo = "sábado de gloria"},
		{.dia = dia("2026-05-01"), .motivo = "declarado"},
		{.dia = dia("2027-01-04"), .motivo = "del otro año"},
	};
	struct calendario c;
	const char *motivo;
	bool habil;

	(void)state;
	assert_int_equal(calendario_make(&a, 2026, 2026, extra, COUNT_OF(extra), &c), OK);
	assert_int_equal(c.count, 10);
	assert_int_equal(calendario_habil(&c, dia("2026-04-02"), &habil, &motivo), OK);
	assert_string_equal(motivo, "jueves santo");
	assert_int_equal(calendario_habil(&c, dia("2026-05-01"), &habil, &motivo), OK);
	assert_string_equal(motivo, "CFF 12: 1 de mayo");
	assert_int_equal(calendario_habil(&c, dia("2026-12-31"), &habil, &motivo), OK);
	assert_false(habil);
}

/*
 * Several rows a day for different places; one where it is inhábil everywhere, the law's first.
 * Texts are the calendar's own.
 */
static void test_ambitos(void **state)
{
	ARENA(a, MB);
	char sub[] = "subdelegacion:Piedad Narvarte";
	const struct inhabil extra[] = {
		{.dia = dia("2026-02-16"), .motivo = "sismo", .ambito = sub, .declarado = true},
		{.dia = dia("2026-02-16"), .motivo = "carnaval", .ambito = "estado:VER"},
		{.dia = dia("2026-02-16"), .motivo = "otra vez", .ambito = "estado:VER"},
		{.dia = dia("2026-04-02"), .motivo = "en un estado", .ambito = "estado:JAL"},
		{.dia = dia("2026-04-02"), .motivo = "declarado", .declarado = true},
		{.dia = dia("2026-05-05"), .motivo = "batalla", .ambito = "estado:PUE"},
	};
	struct calendario c;
	struct calendario view;
	const char *motivo;
	bool habil;

	(void)state;
	assert_int_equal(calendario_make(&a, 2026, 2026, extra, COUNT_OF(extra), &c), OK);
	memset(sub, 'x', sizeof(sub) - 1);
	assert_int_equal(c.count, 8 + 3);
	assert_string_equal(c.rows[2].ambito, "subdelegacion:Piedad Narvarte");
	assert_true(c.rows[2].declarado);
	assert_string_equal(c.rows[3].ambito, "estado:VER");
	assert_string_equal(c.rows[3].motivo, "carnaval");
	assert_string_equal(c.rows[5].motivo, "declarado");
	assert_null(c.rows[5].ambito);
	static const struct {
		const char *estado;
		const char *subdelegacion;
		const char *motivo; /* of 16 Feb; NULL: hábil */
	} VIEWS[] = {
		{NULL, NULL, NULL},
		{"JAL", "Polanco", NULL},
		{"Piedad Narvarte", "VER", NULL},
		{"VER", NULL, "carnaval"},
		{NULL, "Piedad Narvarte", "sismo"},
		{"VER", "Piedad Narvarte", "sismo"},
	};

	for (size_t i = 0; i < COUNT_OF(VIEWS); i++) {
		assert_int_equal(
			calendario_para(&a, &c, VIEWS[i].estado, VIEWS[i].subdelegacion, &view),
			OK);
		assert_int_equal(calendario_habil(&view, dia("2026-02-16"), &habil, &motivo), OK);
		assert_int_equal(habil, VIEWS[i].motivo == NULL);
		if (!habil)
			assert_string_equal(motivo, VIEWS[i].motivo);
		for (size_t r = 1; r < view.count; r++)
			assert_true(view.rows[r].dia > view.rows[r - 1].dia);
	}
}

/* A published calendar may have its rows of a day in any order: the view takes the law's. */
static void test_view_prefers_the_law(void **state)
{
	ARENA(a, MB);
	const struct inhabil rows[] = {
		{.dia = dia("2026-05-05"), .motivo = "allá", .ambito = "estado:PUE"},
		{.dia = dia("2026-05-05"), .motivo = "declarado", .declarado = true},
		{.dia = dia("2026-05-05"), .motivo = "CFF 12"},
	};
	const struct calendario c = {.desde = dia("2026-01-01"),
		.hasta = dia("2026-12-31"),
		.rows = rows,
		.count = COUNT_OF(rows)};
	struct calendario view;
	const char *motivo;
	bool habil;

	(void)state;
	assert_int_equal(calendario_para(&a, &c, "PUE", NULL, &view), OK);
	assert_int_equal(view.count, 1);
	/* Without what was only declared it is inhábil all the same. */
	view.omite = CALENDARIO_OMITE_DECLARADOS | CALENDARIO_OMITE_TRANSMISION;
	assert_int_equal(calendario_habil(&view, dia("2026-05-05"), &habil, &motivo), OK);
	assert_string_equal(motivo, "CFF 12");
}

/* What a reading leaves out. */
static void test_left_out(void **state)
{
	static const struct {
		const char *dia;
		unsigned by; /* what makes it hábil */
	} DAYS[] = {
		{"2036-10-01", CALENDARIO_OMITE_TRANSMISION},
		{"2024-10-01", CALENDARIO_OMITE_TRANSMISION},
		{"2024-12-02", CALENDARIO_OMITE_DECLARADOS},
		{"2030-10-01", CALENDARIO_OMITE_TRANSMISION},
		{"2036-12-01", CALENDARIO_OMITE_TRANSMISION},
		{"2024-12-25", 0},
		{"2024-11-18", 0},
	};
	ARENA(a, MB);
	const struct inhabil extra[] = {
		{.dia = dia("2024-12-02"), .motivo = "declarado", .declarado = true},
		{.dia = dia("2036-12-01"), .motivo = "copias del CFF 12"},
	};
	struct calendario c;
	const char *motivo;
	bool habil;

	(void)state;
	assert_int_equal(calendario_make(&a, 2012, 2036, extra, COUNT_OF(extra), &c), OK);
	for (size_t i = 0; i < COUNT_OF(DAYS); i++)
		for (unsigned omite = 0; omite < 4; omite++) {
			c.omite = omite;
			assert_int_equal(
				calendario_habil(&c, dia(DAYS[i].dia), &habil, &motivo), OK);
			assert_int_equal(habil, (omite & DAYS[i].by) != 0);
		}
}

static void test_counting(void **state)
{
	ARENA(a, MB);
	struct calendario c = bare_calendar(&a);
	int32_t d;

	(void)state;
	assert_int_equal(calendario_despues(&c, dia("2026-11-13"), 1, &d), OK);
	assert_int_equal(d, dia("2026-11-17"));
	assert_int_equal(calendario_despues(&c, dia("2026-11-17"), 15, &d), OK);
	assert_int_equal(d, dia("2026-12-08"));
	assert_int_equal(calendario_en_o_despues(&c, dia("2026-11-13"), &d), OK);
	assert_int_equal(d, dia("2026-11-13"));
	assert_int_equal(calendario_en_o_despues(&c, dia("2026-11-14"), &d), OK);
	assert_int_equal(d, dia("2026-11-17"));
	assert_int_equal(calendario_despues(&c, dia("2026-11-13"), 0, &d), ERR_BAD_FIELD);
}

static void test_horizon(void **state)
{
	ARENA(a, MB);
	struct calendario c = bare_calendar(&a);
	const char *motivo = "as it was";
	bool habil = true;
	int32_t d = 7;

	(void)state;
	assert_int_equal(calendario_habil(&c, c.hasta + 1, &habil, &motivo), ERR_HORIZON);
	/* A Sunday beyond it is not judged either. */
	assert_int_equal(calendario_habil(&c, dia("2031-01-05"), &habil, &motivo), ERR_HORIZON);
	assert_int_equal(calendario_habil(&c, c.desde - 1, &habil, &motivo), ERR_HORIZON);
	assert_string_equal(motivo, "as it was");
	assert_int_equal(calendario_despues(&c, c.hasta, 1, &d), ERR_HORIZON);
	assert_int_equal(calendario_en_o_despues(&c, c.hasta + 1, &d), ERR_HORIZON);
	assert_int_equal(d, 7);
	assert_int_equal(calendario_en_o_despues(&c, c.hasta, &d), OK);
	struct calendario empty = {.desde = 0, .hasta = 10};

	assert_int_equal(calendario_habil(&empty, 5, &habil, &motivo), OK);
	assert_true(habil);
}

static void test_bad_years_and_memory(void **state)
{
	const struct inhabil extra[] = {{.dia = dia("2026-04-02"), .motivo = "jueves santo"}};
	struct calendario c = {.desde = 7};

	(void)state;
	ARENA(a, MB);
	assert_int_equal(calendario_make(&a, 2027, 2026, NULL, 0, &c), ERR_BAD_FIELD);
	assert_int_equal(calendario_make(&a, 1900, 2026, NULL, 0, &c), ERR_BAD_FIELD);
	ARENA(none, 16);
	assert_int_equal(calendario_make(&none, 2026, 2026, extra, 1, &c), ERR_NO_MEMORY);
	ARENA(tight, 10 * sizeof(struct inhabil));
	assert_int_equal(calendario_make(&tight, 2026, 2026, extra, 1, &c), ERR_NO_MEMORY);
	assert_int_equal(c.desde, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_2026),
		cmocka_unit_test(test_mondays),
		cmocka_unit_test(test_handover),
		cmocka_unit_test(test_declared_days),
		cmocka_unit_test(test_ambitos),
		cmocka_unit_test(test_view_prefers_the_law),
		cmocka_unit_test(test_left_out),
		cmocka_unit_test(test_counting),
		cmocka_unit_test(test_horizon),
		cmocka_unit_test(test_bad_years_and_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
