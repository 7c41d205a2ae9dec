/* One list over all profiles (issue 3.6): order, ties, what is locked, the cursor, what is read. */
#include "tests/help/cm.h"

#include <stdio.h>
#include <stdlib.h>
#include "screens/agenda.h"
#include "tests/help/copia.h"
#include "tests/help/screens.h"

/* ---- the order, over rows that nobody holds ------------------------------------------------ */

#define PERFILES 40
#define ROWS 100000

struct fake {
	size_t reads;
	int64_t span; /* of a profile's rows, in instants; 1: all are due at once */
};

/* Rows of a profile grow, each in its own way, with many ties among profiles. */
static int64_t fake_due(void *ctx, size_t perfil, size_t index)
{
	struct fake *f = ctx;

	f->reads++;
	return 1000 + (int64_t)(index * (perfil % 7 + 1)) * f->span / 1000 * 1000;
}

static size_t compared(
	const struct agenda_place *a, int64_t a_due, const struct agenda_place *b, int64_t b_due)
{
	if (a_due != b_due)
		return a_due < b_due;
	return a->perfil != b->perfil ? a->perfil < b->perfil : a->index < b->index;
}

static struct agenda agenda_of(struct arena *a, struct fake *f, size_t count, const size_t *counts)
{
	struct agenda g;

	assert_int_equal(
		agenda_init(&g, a,
			&(struct agenda_source){
				.count = count, .due_counts = counts, .due = fake_due, .ctx = f}),
		OK);
	return g;
}

/* Every rank once, each after the one before; forwards, backwards and by leaps agree. */
static void test_agenda_order(void **state)
{
	static const size_t counts[] = {300, 0, 1, 500, 77};
	static const int64_t spans[] = {1, 10, 400, 5000};
	ARENA(a, (size_t)8 << 20);

	(void)state;
	for (size_t s = 0; s < COUNT_OF(spans); s++) {
		struct fake f = {.span = spans[s]};
		struct agenda g = agenda_of(&a, &f, COUNT_OF(counts), counts);
		struct agenda other = agenda_of(&a, &f, COUNT_OF(counts), counts);
		struct agenda_place last = {0};
		struct agenda_place place;

		assert_int_equal(g.total, 878);
		for (size_t rank = 0; rank < g.total; rank++) {
			assert_true(agenda_at(&g, rank, &place));
			assert_true(place.index < counts[place.perfil]);
			if (rank > 0)
				assert_true(compared(&last, fake_due(&f, last.perfil, last.index),
					&place, fake_due(&f, place.perfil, place.index)));
			assert_int_equal(agenda_rank(&other, place), rank);
			/* A leap of the other one to the far end, and back here. */
			struct agenda_place leap;

			assert_true(agenda_at(&other, g.total - 1 - rank, &leap));
			assert_true(agenda_at(&other, rank, &leap));
			assert_int_equal(leap.perfil, place.perfil);
			assert_int_equal(leap.index, place.index);
			last = place;
		}
		assert_false(agenda_at(&g, g.total, &place));
	}
}

/* 40 x 100,000: a screenful costs a screenful; the farthest jump some thousand reads of 4,000,000.
 */
static void test_agenda_reads(void **state)
{
	ARENA(a, (size_t)1 << 20);
	struct fake f = {.span = 700};
	size_t counts[PERFILES];
	struct agenda_place place;
	size_t most = 0;

	(void)state;
	for (size_t i = 0; i < PERFILES; i++)
		counts[i] = ROWS;
	struct agenda g = agenda_of(&a, &f, PERFILES, counts);

	for (size_t i = 0; i < 64; i++) {
		f.reads = 0;
		assert_true(agenda_at(&g, (i * 2654435761u) % g.total, &place));
		most = f.reads > most ? f.reads : most;
	}
	assert_in_range(most, 1, 20000);
	f.reads = 0;
	size_t rank = agenda_rank(&g, (struct agenda_place){17, ROWS / 2});

	assert_in_range(f.reads, 1, PERFILES * 20);
	f.reads = 0;
	for (size_t i = 0; i < 50; i++)
		assert_true(agenda_at(&g, rank + i, &place));
	for (size_t i = 50; i-- > 0;)
		assert_true(agenda_at(&g, rank + i, &place));
	assert_in_range(f.reads, 1, 120);
	assert_int_equal(place.perfil, 17);
	assert_int_equal(place.index, ROWS / 2);
}

/* As a screen goes on: each page a new agenda that knows where the last one stood. */
static void test_agenda_near(void **state)
{
	ARENA(a, (size_t)8 << 20);
	struct fake f = {.span = 700};
	size_t counts[PERFILES];
	size_t near[PERFILES];
	struct agenda_place place;
	size_t rank = 1500000;

	(void)state;
	for (size_t i = 0; i < PERFILES; i++)
		counts[i] = ROWS;
	struct agenda g = agenda_of(&a, &f, PERFILES, counts);

	assert_true(agenda_at(&g, rank, &place));
	for (size_t page = 0; page < 50; page++) {
		memcpy(near, g.at, sizeof(near));
		f.reads = 0;
		g = agenda_of(&a, &f, PERFILES, counts);
		g.from.near = near;
		assert_int_equal(agenda_rank(&g, place), rank);
		assert_in_range(f.reads, 1, PERFILES * 6);
		memcpy(near, g.at, sizeof(near));
		f.reads = 0;
		g = agenda_of(&a, &f, PERFILES, counts);
		g.from.near = near;
		rank = page % 5 == 4 ? rank - 45 : rank + 20;
		assert_true(agenda_at(&g, rank, &place));
		assert_in_range(f.reads, 1, PERFILES * 2 + 45);
	}
	/* The ends, from far away; and what stood somewhere else before is no harm. */
	f.reads = 0;
	assert_true(agenda_at(&g, g.total - 1, &place));
	assert_true(agenda_at(&g, 0, &place));
	assert_in_range(f.reads, 1, PERFILES * 4);
	for (size_t i = 0; i < PERFILES; i++)
		near[i] = i * 7919 % (ROWS + 50000);
	struct agenda plain = agenda_of(&a, &f, PERFILES, counts);

	for (size_t i = 0; i < 200; i++) {
		struct agenda_place other;

		rank = i * 2654435761u % g.total;
		g = agenda_of(&a, &f, PERFILES, counts);
		g.from.near = near;
		assert_true(agenda_at(&g, rank, &place));
		assert_true(agenda_at(&plain, rank, &other));
		assert_int_equal(place.perfil, other.perfil);
		assert_int_equal(place.index, other.index);
		assert_int_equal(agenda_rank(&g, place), rank);
	}
	/* As many rows before it as the rank says, but not those that come first. */
	for (size_t i = 0; i < PERFILES; i++)
		near[i] = i % 2 == 0 ? ROWS : 0;
	g = agenda_of(&a, &f, PERFILES, counts);
	g.from.near = near;
	assert_true(agenda_at(&g, ROWS * PERFILES / 2, &place));
	assert_int_equal(agenda_rank(&plain, place), ROWS * PERFILES / 2);
}

/* Instants at the ends of what a number holds neither loop nor overflow. */
static int64_t extreme_due(void *ctx, size_t perfil, size_t index)
{
	(void)ctx;
	return index == 0 ? INT64_MIN : perfil == 0 ? INT64_MAX : INT64_MAX - 1;
}

static void test_agenda_extremes(void **state)
{
	static const size_t counts[] = {300, 300};
	ARENA(a, (size_t)1 << 20);
	struct agenda g;
	struct agenda_place place;

	(void)state;
	assert_int_equal(agenda_init(&g, &a,
				 &(struct agenda_source){
					 .count = 2, .due_counts = counts, .due = extreme_due}),
		OK);
	assert_true(agenda_at(&g, 599, &place));
	assert_int_equal(place.perfil, 0);
	assert_int_equal(place.index, 299);
	assert_true(agenda_at(&g, 2, &place));
	assert_int_equal(place.perfil, 1);
	assert_int_equal(place.index, 1);
	assert_int_equal(agenda_rank(&g, (struct agenda_place){0, 1}), 301);
}

/* ---- the screen ---------------------------------------------------------------------------- */

/* Three profiles; luis is locked unless a test opens it. */
struct tres {
	struct pantalla de[3];
	struct mundo_perfil perfiles[3];
	struct mundo mundo;
};

static void tres_init(struct tres *t)
{
	static const char *const names[] = {"ferreteria", "ana", "luis"};
	static const char *const rfcs[] = {"FÑA010203AB1", "AAAA800101AAA", "LUIS800101AAA"};

	*t = (struct tres){0};
	for (size_t i = 0; i < 3; i++) {
		pantalla_init(&t->de[i], ZONA_CENTRO, "2026-11-13 08:00");
		t->perfiles[i] = (struct mundo_perfil){.nombre = names[i],
			.rfc = rfcs[i],
			.estado = i < 2 ? MUNDO_LECTURA : MUNDO_BLOQUEADO,
			.model = i < 2 ? &t->de[i].m : NULL};
		t->de[i].m.mundo = &t->mundo;
	}
	t->mundo = (struct mundo){t->perfiles, 3, 0, 3};
}

static void tres_free(struct tres *t)
{
	for (size_t i = 0; i < 3; i++)
		pantalla_free(&t->de[i]);
}

static void tres_open(struct tres *t)
{
	struct effect from = effect_to(EFFECT_OPEN, SCREEN_vencimientos, NULL);

	pantalla_open(&t->de[0], &from);
}

/* Ferretería: today and on the 17th; ana: today at the same instant, later today, and one past. */
static void some(struct tres *t)
{
	pantalla_aviso(&t->de[0], "BI-F1", "2026-11-10 12:00", 15); /* 17 Nov 09:30 */
	pantalla_aviso(&t->de[0], "BI-F2", "2026-11-09 10:15", 15); /* 13 Nov 09:30 */
	pantalla_aviso(&t->de[1], "BI-A1", "2026-11-09 10:15", 15); /* the same instant */
	pantalla_notificada(&t->de[1], "BI-A2", "2026-10-21 10:00", "2026-10-22 12:00", 15,
		"AC-2"); /* 13 Nov, its term */
	pantalla_notificada(&t->de[1], "BI-A3", "2026-10-12 10:00", NULL, 0, "AC-3");
	pantalla_aviso(&t->de[2], "BI-L1", "2026-11-09 10:14", 15);
}

static const char *cell(struct tres *t, size_t index, size_t column)
{
	struct page page = pantalla_page(&t->de[0]);
	struct page_row row;

	assert_true(index < page.list.row_count);
	assert_int_equal(page.list.row(page.list.context, &t->de[0].arena, index, &row), OK);
	return row.cells[column];
}

static void rows_are(struct tres *t, const char *const *folios, size_t count)
{
	assert_int_equal(pantalla_page(&t->de[0]).list.row_count, count);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(cell(t, i, 3), folios[i]);
}

/* What is due first, whose it is; at one instant, as the configuration has them. */
static void test_order(void **state)
{
	static const char *const folios[] = {"BI-F2", "BI-A1", "BI-A2", "BI-F1"};
	struct tres t;

	(void)state;
	tres_init(&t);
	some(&t);
	tres_open(&t);
	rows_are(&t, folios, COUNT_OF(folios));
	assert_string_equal(cell(&t, 0, 0), "HOY 09:30");
	assert_string_equal(cell(&t, 0, 1), "ferreteria");
	assert_string_equal(cell(&t, 1, 0), "HOY 09:30");
	assert_string_equal(cell(&t, 1, 1), "ana");
	assert_string_equal(cell(&t, 1, 2), "AAAA800101AAA");
	assert_string_equal(cell(&t, 1, 5), "por abrir");
	assert_string_equal(cell(&t, 2, 0), "HOY 23:59");
	assert_string_equal(cell(&t, 2, 5), "notificada");
	assert_string_equal(cell(&t, 3, 0), "mar 17/nov 09:30");
	tres_free(&t);
}

/* What can't be seen, or may be old, is said; opened, it is there. */
static void test_locked(void **state)
{
	static const char *const folios[] = {"BI-F2", "BI-A1", "BI-L1", "BI-A2", "BI-F1"};
	struct tres t;

	(void)state;
	tres_init(&t);
	some(&t);
	tres_open(&t);
	pantalla_says(
		&t.de[0], "1 perfil bloqueado (luis): su correspondencia no se ve; P lo abre.");
	pantalla_hides(&t.de[0], "Sin sincronizar");
	t.perfiles[1].model = NULL;
	pantalla_says(&t.de[0],
		"2 perfiles bloqueados (ana, luis): su correspondencia no se ve; P los abre.");
	t.perfiles[1].model = &t.de[1].m;
	t.perfiles[2].model = &t.de[2].m;
	t.perfiles[2].estado = MUNDO_ABIERTO;
	pantalla_hides(&t.de[0], "bloqueado");
	rows_are(&t, folios, COUNT_OF(folios));
	model_line(&t.de[1].m, ERR_NETWORK, t.de[1].now);
	pantalla_says(&t.de[0], "Sin sincronizar: ana. Puede faltar lo más nuevo.");
	tres_free(&t);
}

/* A copy that can't be read is empty without being so: that is said, here and on Inicio. */
static void test_unreadable(void **state)
{
	struct effect from = effect_to(EFFECT_OPEN, SCREEN_inicio, NULL);
	struct tres t;

	(void)state;
	tres_init(&t);
	some(&t);
	tres_open(&t);
	pantalla_hides(&t.de[0], "No se puede leer");
	t.de[1].m.tabla.totales = (struct tabla_totales){0};
	t.de[1].m.tabla.err = ERR_BAD_CACHE;
	pantalla_says(
		&t.de[0], "No se puede leer lo guardado de ana: lo suyo no se ve; P dice por qué.");
	assert_int_equal(pantalla_page(&t.de[0]).list.row_count, 2);
	pantalla_open(&t.de[0], &from);
	pantalla_says(&t.de[0], "No se puede leer lo guardado de ana; P dice por qué");
	tres_free(&t);
}

/* Rows read or stepped over in all the copies. */
static uint64_t reads_of(const struct pantalla *p, size_t count)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += p[i].m.tabla.leidas;
	return sum;
}

#define COPIES 6
#define IN_COPY 4000
#define SCREENFUL 20

static void fill(struct pantalla *p, size_t which)
{
	struct m_notificacion *rows = arena_array(&p->arena, IN_COPY, sizeof(*rows));

	assert_non_null(rows);
	for (size_t i = 0; i < IN_COPY; i++) {
		rows[i] = notice(&p->arena, "", "2026-11-09 10:15", 15);
		rows[i].folio = arena_printf(&p->arena, "BI-%zu-%zu", which, i);
		rows[i].vence += (int64_t)(i * (which + 1)) * 1000;
		assert_non_null(rows[i].folio);
	}
	struct m_sincronizado s = {
		.cursor = "c3", .notificaciones = rows, .notificaciones_count = IN_COPY};

	assert_int_equal(local_take_sincronizado(p->local, &s, p->now), OK);
	model_refresh(&p->m);
}

/* A screenful at `first`, as a terminal asks for it after the cursor went to `index`. */
static uint64_t screenful(struct pantalla *de, size_t index, size_t first)
{
	uint64_t before = reads_of(de, COPIES);

	(void)pantalla_event(&de[0], (struct event){.kind = EVENT_MOVED, .index = index});
	struct page page = pantalla_page(&de[0]);

	assert_int_equal(page.list.selected, index);
	for (size_t i = first; i < first + SCREENFUL && i < page.list.row_count; i++) {
		struct page_row row;

		assert_int_equal(page.list.row(page.list.context, &de[0].arena, i, &row), OK);
	}
	return reads_of(de, COPIES) - before;
}

/* Pages over real copies read what is seen and a stretch or two of each, however many are due. */
static void test_reads(void **state)
{
	static struct pantalla de[COPIES];
	static struct mundo_perfil perfiles[COPIES];
	struct effect from = effect_to(EFFECT_OPEN, SCREEN_vencimientos, NULL);
	struct mundo w = {perfiles, COPIES, 0, COPIES};
	uint64_t most = 0;

	(void)state;
	for (size_t i = 0; i < COPIES; i++) {
		pantalla_init(&de[i], ZONA_CENTRO, "2026-11-12 08:00");
		perfiles[i] = (struct mundo_perfil){
			.nombre = "x", .rfc = "XAXX010101000", .model = &de[i].m};
		de[i].m.mundo = &w;
		fill(&de[i], i);
	}
	pantalla_open(&de[0], &from);
	assert_int_equal(pantalla_page(&de[0]).list.row_count, COPIES * IN_COPY);
	for (size_t at = 0; at < 40 * SCREENFUL; at += SCREENFUL) {
		uint64_t reads = screenful(de, at, at);

		most = reads > most ? reads : most;
	}
	assert_in_range(most, SCREENFUL, COPIES * TABLA_TRAMO * 4);
	/* To the end and back. */
	assert_in_range(screenful(de, COPIES * IN_COPY - 1, COPIES * IN_COPY - SCREENFUL),
		SCREENFUL, COPIES * TABLA_TRAMO * 4);
	assert_in_range(screenful(de, 0, 0), 0, COPIES * TABLA_TRAMO * 4);
	for (size_t i = 0; i < COPIES; i++)
		pantalla_free(&de[i]);
}

/* The cursor is on a profile's folio, whoever synchronises; gone, its neighbour has it. */
static void test_cursor(void **state)
{
	struct tres t;

	(void)state;
	tres_init(&t);
	some(&t);
	tres_open(&t);
	(void)pantalla_event(&t.de[0], (struct event){.kind = EVENT_MOVED, .index = 2});
	assert_int_equal(pantalla_page(&t.de[0]).list.selected, 2);
	pantalla_aviso(&t.de[1], "BI-A0", "2026-11-09 10:14", 15);
	assert_int_equal(pantalla_page(&t.de[0]).list.selected, 3);
	assert_string_equal(cell(&t, 3, 3), "BI-A2");
	t.perfiles[2].model = &t.de[2].m;
	assert_int_equal(pantalla_page(&t.de[0]).list.selected, 4);
	/* The same folio in another profile is another row. */
	pantalla_aviso(&t.de[0], "BI-A2", "2026-11-09 10:13", 15);
	assert_int_equal(pantalla_page(&t.de[0]).list.selected, 5);
	for (size_t i = 0; i < COUNT_OF(t.de); i++)
		pantalla_at(&t.de[i], "2026-11-14 08:00"); /* its lapse is past: it is due later */
	assert_string_equal(cell(&t, pantalla_page(&t.de[0]).list.selected, 3), "BI-L1");
	tres_free(&t);
}

/* Enter: above this list in the profile in front, else in its own. */
static void test_enter(void **state)
{
	struct tres t;

	(void)state;
	tres_init(&t);
	some(&t);
	tres_open(&t);
	struct effect e = pantalla_key(&t.de[0], "Enter");

	assert_int_equal(e.kind, EFFECT_OPEN);
	assert_int_equal(e.screen, SCREEN_efecto);
	assert_string_equal(e.folio, "BI-F2");
	(void)pantalla_event(&t.de[0], (struct event){.kind = EVENT_MOVED, .index = 1});
	e = pantalla_key(&t.de[0], "Enter");
	assert_int_equal(e.kind, EFFECT_PERFIL);
	assert_int_equal(e.perfil, 1);
	assert_int_equal(e.screen, SCREEN_efecto);
	assert_string_equal(e.folio, "BI-A1");
	(void)pantalla_event(&t.de[0], (struct event){.kind = EVENT_MOVED, .index = 2});
	e = pantalla_key(&t.de[0], "Enter");
	assert_int_equal(e.kind, EFFECT_PERFIL);
	assert_int_equal(e.screen, SCREEN_ficha);
	assert_string_equal(e.folio, "BI-A2");
	assert_int_equal(pantalla_key(&t.de[0], "B").kind, EFFECT_LOCK);
	assert_int_equal(pantalla_key(&t.de[0], "q").kind, EFFECT_BACK);
	tres_free(&t);
}

/* Nothing due, with and without something that can't be seen; and a screen that knows no mundo. */
static void test_empty(void **state)
{
	struct tres t;

	(void)state;
	tres_init(&t);
	tres_open(&t);
	pantalla_says(&t.de[0], "Nada por vencer en lo que se ve.");
	assert_int_equal(pantalla_key(&t.de[0], "Enter").kind, EFFECT_NONE);
	t.perfiles[2].model = &t.de[2].m;
	pantalla_says(&t.de[0], "Nada por vencer en ningún perfil.");
	t.de[0].m.mundo = NULL;
	pantalla_says(&t.de[0], "Nada por vencer");
	assert_int_equal(pantalla_key(&t.de[0], "Enter").kind, EFFECT_BACK);
	tres_free(&t);
}

/* Inicio of one profile says what waits in the others, and which of them can't be seen. */
static void test_inicio(void **state)
{
	struct effect from = effect_to(EFFECT_OPEN, SCREEN_inicio, NULL);
	struct tres t;

	(void)state;
	tres_init(&t);
	pantalla_open(&t.de[0], &from);
	pantalla_hides(&t.de[0], "HOY");
	pantalla_says(&t.de[0], "Otros perfiles: 1 bloqueado (luis); P lo abre");
	some(&t);
	pantalla_says(&t.de[0], "Otros perfiles: 2 vencimientos HOY en ana; T los muestra");
	t.perfiles[2].model = &t.de[2].m;
	pantalla_says(&t.de[0], "Otros perfiles: 3 vencimientos HOY en ana, luis; T los muestra");
	pantalla_hides(&t.de[0], "bloqueado");
	t.perfiles[1].model = NULL;
	pantalla_says(&t.de[0], "Otros perfiles: 1 vencimiento HOY en luis; T lo muestra");
	t.mundo.count = 1;
	pantalla_hides(&t.de[0], "Otros perfiles");
	tres_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_agenda_order),
		cmocka_unit_test(test_agenda_reads),
		cmocka_unit_test(test_agenda_near),
		cmocka_unit_test(test_agenda_extremes),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_locked),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_reads),
		cmocka_unit_test(test_cursor),
		cmocka_unit_test(test_enter),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_inicio),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
