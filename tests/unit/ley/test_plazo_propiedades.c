/*
 * What holds of every term, on calendars, instants and terms at random: BUZON_AZAR repeats a run by
 * the number that it printed. L-7.2 L-7.3 L-7.4 L-7.5 L-7.6 L-4.6 L-6.3
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "ley/plazo.h"
#include "net/messages.h"
#include "tests/help/dia.h"

#define MB (1 << 20)
#define RUNS 3000
#define EXTRAS 60
#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)

static uint64_t azar;
static uint64_t began;

/* xorshift64*: enough for a dice. */
static uint64_t dice(uint64_t sides)
{
	azar ^= azar >> 12;
	azar ^= azar << 25;
	azar ^= azar >> 27;
	return (azar * UINT64_C(2685821657736338717) >> 33) % sides;
}

static int setup(void **state)
{
	const char *given = getenv("BUZON_AZAR");

	(void)state;
	began = given != NULL ? strtoull(given, NULL, 10) : (uint64_t)time(NULL) * 2654435761u;
	print_message("   BUZON_AZAR=%llu\n", (unsigned long long)began);
	return zona_setup();
}

static int again(void **state)
{
	(void)state;
	azar = began | 1;
	return 0;
}

struct world {
	struct inhabil extra[EXTRAS + 1];
	size_t count;
	struct calendario c;
	int64_t ready;
	int64_t opened; /* 0: never */
	int plazo;
	struct plazo_aviso p;
	struct plazo_efecto e;
};

static int32_t day_of(int64_t instant)
{
	return zona_civil(zona_centro(), instant).dia;
}

/* Any instant, and often one at an edge: of the window, of a day. */
static int64_t instant_on(int32_t dia)
{
	static const int64_t EDGES[] = {0, 19 * HOUR_MS / 2, 18 * HOUR_MS, 12 * HOUR_MS};
	int64_t ms = dice(2) == 0 ? (int64_t)dice(DAY_MS)
				  : EDGES[dice(COUNT_OF(EDGES))] + (int64_t)dice(3) - 1;

	return zona_instant(zona_centro(), dia, 0) + ms;
}

static void make_calendar(struct arena *a, struct world *w)
{
	assert_int_equal(calendario_make(a, 2026, 2028, w->extra, w->count, &w->c), OK);
}

static void count(struct world *w)
{
	assert_int_equal(plazo_de_aviso(&w->c, w->ready, &w->p), OK);
	assert_int_equal(plazo_de_apertura(&w->c, &w->p, w->opened, w->plazo, &w->e), OK);
}

static struct inhabil any_day(void)
{
	return (struct inhabil){
		.dia = dia("2026-01-01") + (int32_t)dice(500),
		.motivo = dice(2) == 0 ? "vacaciones" : "contingencia",
		.declarado = dice(2) == 0,
	};
}

static void make(struct arena *a, struct world *w)
{
	w->count = dice(EXTRAS + 1);
	for (size_t i = 0; i < w->count; i++)
		w->extra[i] = any_day();
	make_calendar(a, w);
	w->ready = instant_on(dia("2026-01-02") + (int32_t)dice(400));
	w->plazo = dice(4) == 0 ? 0 : (int)dice(46);
	w->opened = 0;
	count(w);
	if (dice(3) == 0)
		return;
	w->opened = instant_on(day_of(w->p.aviso) + (int32_t)dice(9));
	if (w->opened < w->p.aviso)
		w->opened = w->p.aviso;
	count(w);
}

static bool habil(const struct calendario *c, int32_t dia)
{
	const char *motivo;
	bool is;

	assert_int_equal(calendario_habil(c, dia, &is, &motivo), OK);
	return is;
}

/* Días hábiles of (from, to], one by one. */
static int between(const struct calendario *c, int32_t from, int32_t to)
{
	int n = 0;

	for (int32_t d = from + 1; d <= to; d++)
		n += habil(c, d) ? 1 : 0;
	return n;
}

/* Never before the lawful minimum, and never past what 7.5 fixed. */
static void test_minimum(void **state)
{
	(void)state;
	for (size_t i = 0; i < RUNS; i++) {
		ARENA(a, MB);
		struct world w;

		make(&a, &w);
		int32_t sent = day_of(w.p.aviso);
		int32_t ms = zona_civil(zona_centro(), w.p.aviso).ms;

		assert_true(w.p.aviso >= w.ready);
		assert_true(habil(&w.c, sent) && ms >= 19 * HOUR_MS / 2 && ms <= 18 * HOUR_MS);
		assert_int_equal(between(&w.c, sent, w.p.dias[2]), 3);
		assert_int_equal(between(&w.c, sent, w.p.cuarto), 4);
		assert_true(habil(&w.c, w.p.cuarto));
		assert_int_equal(w.p.vence,
			zona_instant(zona_centro(), w.p.cuarto, (int32_t)(19 * HOUR_MS / 2)));
		assert_true(w.e.notificada <= w.p.vence && w.e.notificada >= w.p.aviso);
		if (w.opened != 0 && w.opened < w.p.vence)
			assert_true(w.e.notificada >= w.opened);
		else
			assert_int_equal(w.e.notificada, w.p.vence);
		assert_true(habil(&w.c, w.e.dia) && habil(&w.c, w.e.surte));
		assert_int_equal(between(&w.c, w.e.dia, w.e.surte), 1);
		assert_int_equal(between(&w.c, w.e.surte, w.e.ultimo), w.plazo);
		assert_int_equal(between(&w.c, w.e.surte, w.e.primero), 1);
	}
}

/* A later aviso never ends earlier. */
static void test_monotone(void **state)
{
	(void)state;
	for (size_t i = 0; i < RUNS; i++) {
		ARENA(a, MB);
		struct world w;

		make(&a, &w);
		w.opened = 0;
		count(&w);
		struct world later = w;

		later.ready += (int64_t)dice(dice(2) == 0 ? 10 : 6 * DAY_MS);
		count(&later);
		assert_true(later.p.aviso >= w.p.aviso);
		assert_true(later.p.dias[0] >= w.p.dias[0] && later.p.dias[2] >= w.p.dias[2]);
		assert_true(later.p.vence >= w.p.vence);
		assert_true(later.e.surte >= w.e.surte && later.e.ultimo >= w.e.ultimo);
	}
}

/* One día inhábil more never brings anything forward, opened or not. */
static void test_one_more(void **state)
{
	(void)state;
	for (size_t i = 0; i < RUNS; i++) {
		ARENA(a, MB);
		struct world w;

		make(&a, &w);
		struct world more = w;

		more.extra[more.count++] =
			(struct inhabil){.dia = day_of(w.p.aviso) + (int32_t)dice(40),
				.motivo = "uno más",
				.declarado = true};
		make_calendar(&a, &more);
		count(&more);
		assert_true(more.p.aviso >= w.p.aviso && more.p.vence >= w.p.vence);
		assert_true(more.e.notificada >= w.e.notificada);
		assert_true(more.e.surte >= w.e.surte && more.e.ultimo >= w.e.ultimo);
	}
}

/* Prudente is never later than the letter, wherever the domicile is, and still lies ahead of the
 * aviso. */
static void test_prudente(void **state)
{
	static const char *const ZONES[] = {ZONA_CENTRO, "America/Tijuana", "America/Cancun"};

	(void)state;
	for (size_t i = 0; i < RUNS; i++) {
		ARENA(a, MB);
		struct world w;
		struct derivacion d = {.arena = &a};
		const char *motivo;
		int32_t day;

		make(&a, &w);
		int32_t letter = w.plazo == 0 ? w.p.dias[2] : w.e.ultimo;

		assert_int_equal(
			plazo_prudente_en(&w.c, &w.p, w.opened, w.plazo,
				zona_find(ZONES[dice(COUNT_OF(ZONES))]), &d, &day, &motivo),
			OK);
		assert_true(day <= letter);
		assert_int_equal(day == letter, motivo == NULL);
		assert_int_equal(d.count == 0, motivo == NULL);
		for (size_t n = 0; n < d.count; n++)
			assert_true(d.pasos[n].dia < (n == 0 ? letter : d.pasos[n - 1].dia));
		if (d.count != 0)
			assert_int_equal(d.pasos[d.count - 1].dia, day);
		assert_true(day > day_of(w.p.aviso) - (w.plazo == 0 ? 0 : 1));
	}
}

/* An instant that was held: the days inhábiles from its own on were told of. */
static void held_is(const struct world *w, const struct derivacion_paso *k, int64_t instant)
{
	int32_t first = day_of(instant);

	assert_int_equal(k->salto_count, k->dia - first - between(&w->c, first - 1, k->dia - 1));
}

/* The derivation says what was counted, and skips nothing but días inhábiles, all of them. */
static void test_derivation(void **state)
{
	(void)state;
	for (size_t i = 0; i < RUNS; i++) {
		ARENA(a, MB);
		struct world w;
		struct derivacion d = {.arena = &a};
		struct derivacion_linea *lines;
		struct plazo_aviso p;
		struct plazo_efecto e;
		int32_t behind = 0;
		size_t n;

		make(&a, &w);
		assert_int_equal(plazo_derivar_aviso(&w.c, w.ready, &d, &p), OK);
		assert_memory_equal(&p, &w.p, sizeof(p));
		assert_int_equal(d.pasos[d.count - 1].dia, p.cuarto);
		assert_int_equal(d.pasos[d.count - 1].instante, p.vence);
		assert_int_equal(plazo_derivar_apertura(&w.c, &p, w.opened, w.plazo, &d, &e), OK);
		assert_memory_equal(&e, &w.e, sizeof(e));
		assert_int_equal(d.pasos[d.count - 1].dia, e.ultimo);
		assert_int_equal(d.count, w.plazo > 0 ? 9 : 7);
		for (size_t s = 0; s < d.count; s++) {
			const struct derivacion_paso *k = &d.pasos[s];

			assert_true(habil(&w.c, k->dia));
			for (size_t j = 0; j < k->salto_count; j++) {
				assert_false(habil(&w.c, k->saltos[j].dia));
				assert_true(k->saltos[j].dia < k->dia);
				assert_non_null(k->saltos[j].motivo);
			}
			/* Between two steps each day inhábil was told of. */
			if (k->clase != DERIVACION_AVISO && k->clase != DERIVACION_NOTIFICADA)
				assert_int_equal(k->salto_count,
					k->dia - behind - between(&w.c, behind, k->dia));
			if (k->clase == DERIVACION_AVISO)
				held_is(&w, k, w.ready);
			if (k->clase == DERIVACION_NOTIFICADA && e.notificada < p.vence)
				held_is(&w, k, w.opened);
			behind = k->dia;
		}
		assert_int_equal(
			derivacion_texto(&a, &d, zona_find("America/Tijuana"), &lines, &n), OK);
		assert_true(n >= d.count);
	}
}

/* What an acuse keeps gives the same when it is counted again. */
static void test_replay(void **state)
{
	(void)state;
	for (size_t i = 0; i < RUNS; i++) {
		ARENA(a, MB);
		struct m_dato rows[DERIVACION_FILAS];
		struct plazo_efecto e;
		const char *why;
		struct world w;
		size_t n;
		bool holds;

		make(&a, &w);
		if (dice(4) == 0)
			w.p.vence += DAY_MS * 7;
		assert_int_equal(plazo_de_apertura(&w.c, &w.p, w.opened, w.plazo, &w.e), OK);
		assert_int_equal(plazo_filas(&a, &w.c, &w.p, w.opened, w.plazo, rows, &n), OK);
		assert_int_equal(plazo_contar_de_nuevo(&a, rows, n, &e, &holds, &why), OK);
		if (!holds)
			fail_msg("%s", why);
		assert_memory_equal(&e, &w.e, sizeof(e));
	}
}

/* A filing: never before it was presented, itself on a día hábil, and nothing hábil between. */
static void test_filing(void **state)
{
	static const char *const ZONES[] = {ZONA_CENTRO, "America/Tijuana", "America/Cancun"};

	(void)state;
	for (size_t i = 0; i < RUNS; i++) {
		ARENA(a, MB);
		const struct zona *z = zona_find(ZONES[dice(COUNT_OF(ZONES))]);
		struct world w;
		int64_t legal;

		make(&a, &w);
		assert_int_equal(plazo_de_recepcion(&w.c, z, w.ready, &legal), OK);
		int32_t filed = zona_civil(z, w.ready).dia;
		int32_t received = zona_civil(z, legal).dia;

		assert_true(legal >= w.ready && habil(&w.c, received));
		if (habil(&w.c, filed))
			assert_int_equal(legal, w.ready);
		else
			assert_int_equal(between(&w.c, filed, received), 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_minimum, again),
		cmocka_unit_test_setup(test_monotone, again),
		cmocka_unit_test_setup(test_one_more, again),
		cmocka_unit_test_setup(test_prudente, again),
		cmocka_unit_test_setup(test_derivation, again),
		cmocka_unit_test_setup(test_replay, again),
		cmocka_unit_test_setup(test_filing, again),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
