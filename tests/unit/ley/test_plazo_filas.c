/*
 * What an acuse keeps of how its dates were counted: canonical, counted again with nothing else,
 * and whatever is altered is found. L-7.5 L-7.6 L-6.5
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "ley/plazo.h"
#include "net/messages.h"
#include "tests/help/dia.h"

#define MB (1 << 20)
#define ABIERTA "2026-11-12 17:52"

static int setup(void **state)
{
	(void)state;
	return zona_setup();
}

/* The first worked case, opened (or not: NULL), as its acuse keeps it. */
static size_t sample(
	struct arena *a, const char *opened, struct m_dato rows[static DERIVACION_FILAS])
{
	struct calendario c = bare_calendar(a);
	struct plazo_aviso p;
	size_t n;

	assert_int_equal(plazo_de_aviso(&c, zc("2026-11-09 10:15"), &p), OK);
	assert_int_equal(plazo_filas(a, &c, &p, opened != NULL ? zc(opened) : 0, 15, rows, &n), OK);
	return n;
}

/* Counted again: does it hold? And what it says of it. */
static bool holds(
	struct arena *a, const struct m_dato *rows, size_t n, struct plazo_efecto *ret_efecto)
{
	struct plazo_efecto e;
	const char *why = "left alone";
	bool is = true;
	enum err r = plazo_contar_de_nuevo(a, rows, n, &e, &is, &why);

	if (r != OK) {
		assert_int_equal(r, ERR_BAD_FIELD);
		assert_string_equal(why, "left alone");
		return false;
	}
	assert_true(is || (why != NULL && strlen(why) > 20));
	*ret_efecto = e;
	return is;
}

static bool sound(struct arena *a, const struct m_dato *rows, size_t n)
{
	struct plazo_efecto e;

	return holds(a, rows, n, &e);
}

/* The text of it, letter for letter: an acuse of today is read in five years. */
static void test_text(void **state)
{
	static const struct m_dato OPENED[] = {
		{"Derivación 1",
			"aviso 2026-11-09T10:15:00.000-06:00; abierta "
			"2026-11-12T17:52:00.000-06:00; plazo 15; calendario sin publicar"},
		{"Derivación 2",
			"días para abrir 2026-11-10, 2026-11-11 y 2026-11-12; cuarto 2026-11-13; "
			"vence 2026-11-13T09:30:00.000-06:00; notificada "
			"2026-11-12T17:52:00.000-06:00; surte 2026-11-13; plazo del 2026-11-17 al "
			"2026-12-07"},
		{"Derivación 3", "inhábiles del 2026-11-09 al 2026-12-07, además de sábados y "
				 "domingos: 2026-11-16 CFF 12: tercer lunes de noviembre (20 de "
				 "noviembre)"},
	};
	ARENA(a, MB);
	struct m_dato rows[DERIVACION_FILAS];

	(void)state;
	assert_int_equal(sample(&a, ABIERTA, rows), COUNT_OF(OPENED));
	for (size_t i = 0; i < COUNT_OF(OPENED); i++) {
		assert_string_equal(rows[i].etiqueta, OPENED[i].etiqueta);
		assert_string_equal(rows[i].valor, OPENED[i].valor);
		assert_true(plazo_es_fila(&rows[i]));
	}
	assert_true(sound(&a, OPENED, COUNT_OF(OPENED)));
	assert_int_equal(sample(&a, NULL, rows), 3);
	assert_non_null(strstr(rows[0].valor, "; abierta no; "));
	assert_true(sound(&a, rows, 3));
}

/* Other rows of the acuse stand around them. */
static void test_among_others(void **state)
{
	ARENA(a, MB);
	struct m_dato rows[DERIVACION_FILAS];
	struct m_dato all[DERIVACION_FILAS + 3];
	size_t n = sample(&a, NULL, rows);

	(void)state;
	all[0] = (struct m_dato){"Oficio", "1"};
	all[1] = rows[0];
	all[2] = (struct m_dato){"Documento", "x"};
	memcpy(all + 3, rows + 1, (n - 1) * sizeof(*rows));
	all[n + 2] = (struct m_dato){"Derivada", "no es de éstas"};
	assert_true(sound(&a, all, n + 3));
	/* Those are none at all. */
	assert_false(sound(&a, all, 1));
	assert_false(sound(&a, all + 2, 1));
	assert_false(sound(&a, NULL, 0));
}

struct change {
	size_t row;
	const char *from;
	const char *to;
};

static bool after(struct arena *a, const char *opened, const struct change *c)
{
	struct m_dato rows[DERIVACION_FILAS];
	size_t n = sample(a, opened, rows);
	const char *at = strstr(rows[c->row].valor, c->from);

	assert_non_null(at);
	rows[c->row].valor = arena_printf(a, "%.*s%s%s", (int)(at - rows[c->row].valor),
		rows[c->row].valor, c->to, at + strlen(c->from));
	return sound(a, rows, n);
}

static void test_altered(void **state)
{
	static const struct change CHANGES[] = {
		/* Facts: another day of aviso, one that is held, openings, terms. */
		{0, "aviso 2026-11-09T10:15", "aviso 2026-11-10T10:15"},
		{0, "aviso 2026-11-09T10:15", "aviso 2026-11-09T18:01"},
		{0, "aviso 2026-11-09T10:15", "aviso 2026-11-08T10:15"},
		{0, "aviso 2026-11-09T10:15", "aviso 2019-11-09T10:15"},
		{0, "10:15:00.000-06:00", "11:15:00.000-05:00"},
		{0, "abierta 2026-11-12T17:52", "abierta 2026-11-12T17:53"},
		{0, "abierta 2026-11-12T17:52", "abierta 2026-11-12T18:52"},
		{0, "abierta 2026-11-12T17:52:00.000-06:00", "abierta no"},
		{0, "plazo 15", "plazo 16"},
		{0, "plazo 15", "plazo 015"},
		{0, "plazo 15", "plazo 1001"},
		{0, "plazo 15", "plazo -1"},
		{0, "plazo 15; ", "plazo 15; vence conservado 2026-11-13T09:30:00.000-06:00; "},
		{0, "calendario sin publicar", "calendario 0"},
		{0, "calendario sin publicar", "calendario"},
		{0, "calendario sin publicar", "calendario sin publicar; "},
		/* Results, one by one. */
		{1, "2026-11-10,", "2026-11-11,"},
		{1, "2026-11-11 y", "2026-11-12 y"},
		{1, "2026-11-12;", "2026-11-13;"},
		{1, "cuarto 2026-11-13", "cuarto 2026-11-17"},
		{1, "vence 2026-11-13", "vence 2026-11-17"},
		{1, "notificada 2026-11-12T17:52", "notificada 2026-11-12T17:51"},
		{1, "surte 2026-11-13", "surte 2026-11-12"},
		{1, "del 2026-11-17", "del 2026-11-16"},
		{1, "al 2026-12-07", "al 2026-12-04"},
		{1, "al 2026-12-07", "al 2026-12-08"},
		/* Days: dropped, added, moved, out of place, on a weekend, twice. */
		{2, "2026-11-16 CFF 12: tercer lunes de noviembre (20 de noviembre)", "ninguno"},
		{2, "2026-11-16 CFF", "2026-11-17 CFF"},
		{2, "2026-11-16 CFF", "2026-11-15 CFF"},
		{2, "2026-11-16 CFF", "2026-11-16/2026-11-17 CFF"},
		{2, "2026-11-16 CFF", "2026-11-16/2026-11-15 CFF"},
		{2, "2026-11-16 CFF", "2026-11-11 aniversario; 2026-11-16 CFF"},
		{2, "2026-11-16 CFF", "2026-11-16 CFF; 2026-11-16 CFF"},
		{2, "noviembre)", "noviembre); 2026-11-20 declarado"},
		{2, "noviembre)", "noviembre); 2026-12-07 declarado"},
		{2, "noviembre)", "noviembre); 2026-12-08 fuera"},
		{2, "noviembre)", "noviembre); "},
		{2, "noviembre)", "noviembre);x"},
		{2, "del 2026-11-09", "del 2026-11-10"},
		{2, "al 2026-12-07", "al 2026-12-08"},
		{2, "al 2026-12-07", "al 2026-12-04"},
		{2, "al 2026-12-07", "al 2926-12-07"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(CHANGES); i++) {
		ARENA(a, MB);

		if (after(&a, ABIERTA, &CHANGES[i]))
			fail_msg("holds with «%s»", CHANGES[i].to);
	}
}

/* What is found is told: what it says, and what comes of counting. */
static void test_told(void **state)
{
	ARENA(a, MB);
	struct m_dato rows[DERIVACION_FILAS];
	size_t n = sample(&a, ABIERTA, rows);
	struct plazo_efecto e;
	const char *why;
	bool is;

	(void)state;
	*strstr((char *)(uintptr_t)rows[1].valor, "2026-12-07") = '3';
	assert_int_equal(plazo_contar_de_nuevo(&a, rows, n, &e, &is, &why), OK);
	assert_false(is);
	assert_non_null(
		strstr(why, "dice «plazo del 2026-11-17 al 3026-12-07» y resulta «plazo del "
			    "2026-11-17 al 2026-12-07»"));
	assert_int_equal(e.ultimo, dia("2026-12-07"));
	/* A day that was dropped changes the count from there on. */
	n = sample(&a, ABIERTA, rows);
	rows[2].valor = "inhábiles del 2026-11-09 al 2026-12-07, además de sábados y domingos: "
			"ninguno";
	assert_int_equal(plazo_contar_de_nuevo(&a, rows, n, &e, &is, &why), OK);
	assert_false(is);
	assert_int_equal(e.primero, dia("2026-11-16"));
	assert_non_null(strstr(why, "resulta «plazo del 2026-11-16 al 2026-12-04»"));
	/* Fewer days than the count needs. */
	rows[2].valor = "inhábiles del 2026-11-09 al 2026-11-20, además de sábados y domingos: "
			"2026-11-16 CFF 12: tercer lunes de noviembre (20 de noviembre)";
	assert_int_equal(plazo_contar_de_nuevo(&a, rows, n, &e, &is, &why), OK);
	assert_false(is);
	assert_non_null(strstr(why, "faltan días"));
}

/* Every bit of every byte: where it still holds, its dates are the same (a reason was altered, or
 * the minute of the aviso: the seal is over those). */
static void test_every_bit(void **state)
{
	ARENA(kept, MB);
	struct m_dato rows[DERIVACION_FILAS];
	size_t n = sample(&kept, ABIERTA, rows);
	struct plazo_efecto good;
	size_t found = 0;
	size_t all = 0;

	(void)state;
	assert_true(holds(&kept, rows, n, &good));
	for (size_t i = 0; i < n; i++)
		for (size_t bit = 0; bit < 8 * strlen(rows[i].valor); bit++, all++) {
			ARENA(a, MB);
			struct m_dato changed[DERIVACION_FILAS];
			struct plazo_efecto e;
			char *own = arena_strdup(&a, rows[i].valor);

			memcpy(changed, rows, sizeof(rows));
			own[bit / 8] = (char)(own[bit / 8] ^ (1 << bit % 8));
			changed[i].valor = own;
			if (holds(&a, changed, n, &e))
				assert_memory_equal(&e, &good, sizeof(e));
			else
				found++;
		}
	print_message("   %zu of %zu found\n", found, all);
	assert_true(found > all / 2);
}

/* Rows dropped, swapped, twice, named otherwise. */
static void test_rows(void **state)
{
	ARENA(a, MB);
	struct m_dato rows[DERIVACION_FILAS + 2];
	size_t n = sample(&a, ABIERTA, rows);
	struct m_dato other;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		other = rows[i];
		rows[i].etiqueta = "Otra";
		assert_false(sound(&a, rows, n));
		rows[i] = other;
		rows[i].valor = NULL;
		assert_false(sound(&a, rows, n));
		rows[i] = other;
		rows[i].valor = "";
		assert_false(sound(&a, rows, n));
		rows[i] = other;
	}
	assert_false(sound(&a, rows, n - 1));
	assert_false(sound(&a, rows + 1, n - 1));
	rows[n] = rows[n - 1];
	assert_false(sound(&a, rows, n + 1));
	rows[n].etiqueta = "Derivación 4";
	assert_false(sound(&a, rows, n + 1));
	rows[n].valor = "2026-11-20 declarado";
	assert_false(sound(&a, rows, n + 1));
	other = rows[0], rows[0] = rows[1], rows[1] = other;
	assert_false(sound(&a, rows, n));
}

/* Two weeks of vacations are two stretches around the law's day between them. */
static void test_vacations(void **state)
{
	ARENA(a, MB);
	struct m_dato rows[DERIVACION_FILAS];
	struct inhabil vacation[20];
	struct calendario c;
	struct plazo_aviso p;
	size_t n = 0;

	(void)state;
	for (int32_t d = dia("2026-12-21"); d <= dia("2027-01-05"); d++)
		vacation[n++] = (struct inhabil){
			.dia = d, .motivo = "Segundo periodo; vacaciones", .declarado = true};
	assert_int_equal(calendario_make(&a, 2026, 2027, vacation, n, &c), OK);
	c.version = 3;
	c.fuente = "Acuerdo ACDO.AS2.HCT; DOF 30/nov/2026";
	assert_int_equal(plazo_de_aviso(&c, zc("2026-12-18 10:00"), &p), OK);
	assert_int_equal(plazo_filas(&a, &c, &p, 0, 0, rows, &n), OK);
	assert_int_equal(n, 3);
	assert_string_equal(rows[0].valor,
		"aviso 2026-12-18T10:00:00.000-06:00; abierta no; plazo 0; calendario 3; Acuerdo "
		"ACDO.AS2.HCT, DOF 30/nov/2026");
	assert_string_equal(rows[2].valor,
		"inhábiles del 2026-12-18 al 2027-01-13, además de sábados y domingos: "
		"2026-12-21/2026-12-24 Segundo periodo, vacaciones; 2026-12-25 CFF 12: 25 de "
		"diciembre; 2026-12-28/2026-12-31 Segundo periodo, vacaciones; 2027-01-01 CFF 12: "
		"1 de enero; 2027-01-04/2027-01-05 Segundo periodo, vacaciones");
	assert_true(sound(&a, rows, n));
}

/* `many` days of reasons that are as long as they may be, one each. */
static enum err long_ones(struct arena *a, int plazo, int step, struct m_dato *rows, size_t *ret_n)
{
	static char reasons[1000][201];
	struct inhabil extra[1000];
	struct calendario c;
	struct plazo_aviso p;
	size_t n = 0;

	for (int32_t d = dia("2024-01-08"); n < COUNT_OF(extra); d += step, n++) {
		snprintf(reasons[n], sizeof(reasons[n]), "%03zu ", n);
		for (size_t at = 4; at < 200; at += 2)
			memcpy(reasons[n] + at, "ñ", 3);
		extra[n] = (struct inhabil){.dia = d, .motivo = reasons[n]};
	}
	assert_int_equal(calendario_make(a, 2024, 2036, extra, n, &c), OK);
	assert_int_equal(plazo_de_aviso(&c, zc("2024-01-03 10:00"), &p), OK);
	return plazo_filas(a, &c, &p, 0, plazo, rows, ret_n);
}

/* Reasons give way to days, and where days themselves don't fit it is said. */
static void test_room(void **state)
{
	static const struct {
		int plazo;
		int step;
		const char *has;   /* in the third row */
		const char *lacks; /* in all of them */
	} CASES[] = {
		{20, 7, "001 ñññññññññññññññññññññññññññññññññññññ", "…"},
		{200, 7, "2024-01-08 000 ññññññññññññññññññññññññññ…;",
			"ñññññññññññññññññññññññññññ"},
		{900, 7, "2024-01-08; 2024-01-15; ", "ñ"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(CASES); i++) {
		ARENA(a, 16 * MB);
		struct m_dato rows[DERIVACION_FILAS];
		size_t n;

		assert_int_equal(long_ones(&a, CASES[i].plazo, CASES[i].step, rows, &n), OK);
		assert_true(n <= DERIVACION_FILAS);
		assert_non_null(strstr(rows[2].valor, CASES[i].has));
		for (size_t r = 0; r < n; r++) {
			assert_true(
				strlen(rows[r].valor) <= 1000 && strlen(rows[r].etiqueta) <= 100);
			assert_null(strstr(rows[r].valor, CASES[i].lacks));
		}
		assert_true(sound(&a, rows, n));
	}
	ARENA(a, 16 * MB);
	struct m_dato rows[DERIVACION_FILAS];
	size_t n = 7;

	assert_int_equal(long_ones(&a, 1000, 2, rows, &n), ERR_TOO_LARGE);
	assert_int_equal(n, 7);
	assert_int_equal(long_ones(&a, 1001, 7, rows, &n), ERR_BAD_FIELD);
	assert_int_equal(long_ones(&a, -1, 7, rows, &n), ERR_BAD_FIELD);
}

/* A reason with anything in it is still one reason. */
static void test_reasons(void **state)
{
	static const char *const REASONS[] = {"", " ", "/2026-11-20", "2026-11-20",
		"a;b; 2026-11-20 c", "una\nlínea\t\x7f", "ninguno", "; ", "Ñandú €", "…"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(REASONS); i++) {
		ARENA(a, MB);
		struct m_dato rows[DERIVACION_FILAS];
		const struct inhabil extra[] = {
			{.dia = dia("2026-11-18"), .motivo = REASONS[i]},
			{.dia = dia("2026-11-19"), .motivo = REASONS[i]},
		};
		struct calendario c;
		struct plazo_aviso p;
		size_t n;

		assert_int_equal(calendario_make(&a, 2026, 2027, extra, 2, &c), OK);
		c.fuente = REASONS[i];
		assert_int_equal(plazo_de_aviso(&c, zc("2026-11-09 10:15"), &p), OK);
		assert_int_equal(plazo_filas(&a, &c, &p, 0, 15, rows, &n), OK);
		for (size_t r = 0; r < n; r++)
			for (const char *t = rows[r].valor; *t != '\0'; t++)
				assert_true((unsigned char)*t >= 0x20 && *t != 0x7f);
		assert_non_null(strstr(rows[2].valor, "2026-11-18/2026-11-19"));
		assert_true(sound(&a, rows, n));
	}
}

static bool kept_holds(struct arena *a, const char *vence, const char *opened, const char **ret_row)
{
	struct calendario c = bare_calendar(a);
	struct m_dato rows[DERIVACION_FILAS];
	struct plazo_efecto e;
	struct plazo_aviso p;
	size_t n;

	assert_int_equal(plazo_de_aviso(&c, zc("2026-11-09 10:15"), &p), OK);
	p.vence = zc(vence);
	assert_int_equal(plazo_filas(a, &c, &p, opened != NULL ? zc(opened) : 0, 15, rows, &n), OK);
	*ret_row = rows[0].valor;
	bool is = holds(a, rows, n, &e);

	if (is && opened == NULL)
		assert_int_equal(e.notificada, p.vence);
	return is;
}

/* A lapse that the aviso had fixed stands, and the rows say so; one that can't be does not pass. */
static void test_kept(void **state)
{
	ARENA(a, MB);
	const char *row;

	(void)state;
	assert_true(kept_holds(&a, "2026-11-18 09:30", NULL, &row));
	assert_non_null(
		strstr(row, "; vence conservado 2026-11-18T09:30:00.000-06:00; calendario"));
	assert_true(kept_holds(&a, "2026-12-18 09:30", "2026-11-17 12:00", &row));
	assert_true(kept_holds(&a, "2026-11-18 09:30", "2026-11-17 20:00", &row));
	assert_false(kept_holds(&a, "2026-11-12 09:30", NULL, &row));
	assert_false(kept_holds(&a, "2026-11-18 09:30:00.001", NULL, &row));
	assert_false(kept_holds(&a, "2026-11-18 09:29:59.999", NULL, &row));
	assert_false(kept_holds(&a, "2026-11-21 09:30", NULL, &row));
	assert_true(kept_holds(&a, "2026-11-13 09:30", NULL, &row));
	assert_null(strstr(row, "conservado"));
}

/* A day of CFF 12 that was counted as hábil: the sums are right, and it is said. L-4.6 */
static void test_law(void **state)
{
	ARENA(a, MB);
	struct calendario c = {.desde = dia("2026-01-01"), .hasta = dia("2027-12-31")};
	struct m_dato rows[DERIVACION_FILAS];
	struct plazo_contado r;
	struct plazo_aviso p;
	size_t n;

	(void)state;
	assert_int_equal(plazo_de_aviso(&c, zc("2026-11-09 10:15"), &p), OK);
	assert_int_equal(plazo_filas(&a, &c, &p, 0, 5, rows, &n), OK);
	assert_non_null(strstr(rows[2].valor, "domingos: ninguno"));
	assert_int_equal(plazo_recontar(&a, rows, n, &r), OK);
	assert_true(r.holds);
	assert_non_null(strstr(r.detalle, "Cuenta como hábil el lun 16/nov/2026"));
}

/* Memory that ends is told as that, never as a derivation that does not hold. */
static void test_memory(void **state)
{
	ARENA(kept, MB);
	struct calendario c = bare_calendar(&kept);
	struct plazo_aviso p;
	size_t ended = 0;

	(void)state;
	assert_int_equal(plazo_de_aviso(&c, zc("2026-11-09 10:15"), &p), OK);
	for (size_t room = 0;; room += 16) {
		ARENA(a, room);
		struct m_dato rows[DERIVACION_FILAS];
		struct plazo_contado r;
		size_t n;
		enum err e = plazo_filas(&a, &c, &p, 0, 15, rows, &n);

		if (e == OK)
			e = plazo_recontar(&a, rows, n, &r);
		if (e == OK) {
			assert_true(r.holds);
			break;
		}
		assert_int_equal(e, ERR_NO_MEMORY);
		ended++;
	}
	assert_true(ended > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_among_others),
		cmocka_unit_test(test_altered),
		cmocka_unit_test(test_told),
		cmocka_unit_test(test_every_bit),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_vacations),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_law),
		cmocka_unit_test(test_memory),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
