/*
 * The list over the copy: orders, filters, words, places and searches agree with a plain sort of
 * the same rows; a paint or a step reads a screenful whatever the size; a bad copy is an empty
 * list.
 */
#include <stdio.h>
#include <stdlib.h>
#include "screens/local_db.h"
#include "screens/tabla.h"
#include "tests/help/carpeta.h"
#include "tests/help/cm.h"
#include "tests/help/copia.h"

#define NOW "2026-11-12 10:00"
#define FEW 500
#define MANY 100000
#define FAR (4 * TABLA_HITO)
#define SCREEN 50 /* rows of a tall terminal */

static const char *const papers[] = {
	"Resolución de rectificación", "Cédula de liquidación", "Aviso de baja", "Ñandú"};

struct lista {
	struct local *l;
	struct tabla t;
	struct arena arena;
	struct fila *all; /* judged, in no order */
	size_t count;
};

static int setup(void **state)
{
	(void)state;
	return zona_setup() == OK ? 0 : -1;
}

/* Rows of every class: i decides which. */
static struct m_notificacion row_of(struct arena *a, const struct m_notificacion *like, size_t i)
{
	struct m_notificacion n = like[i % 5];

	n.folio = arena_printf(a, "BI-%06zu", i * 7919 % 1000003);
	n.documento = papers[i * 31 % COUNT_OF(papers)];
	n.oficio = i % 97 == 0 ? "raro" : "común";
	n.aviso -= (int64_t)(i / 5 % 40) * 1000;
	n.vence -= (int64_t)(i / 5 % 40) * 1000;
	if (n.notificada != 0)
		n.notificada -= (int64_t)i;
	n.tipo = arena_printf(a, "R-7.%zu", i % 18 + 1);
	n.rp = i % 7 == 0 ? NULL : arena_printf(a, "B07%08zu", i % 100);
	assert_non_null(n.tipo);
	assert_non_null(n.folio);
	return n;
}

static void put(struct lista *x, struct m_notificacion *rows, size_t count, const char *cursor)
{
	struct m_sincronizado s = {
		.cursor = cursor, .notificaciones = rows, .notificaciones_count = count};

	assert_int_equal(local_take_sincronizado(x->l, &s, zc(NOW)), OK);
}

static void init(struct lista *x, size_t count)
{
	struct calendario c;
	struct m_calendario wire;

	*x = (struct lista){.count = count};
	arena_init(&x->arena, (size_t)512 << 20);
	tabla_init(&x->t);
	assert_int_equal(local_open(":memory:", DB_WRITE, NULL, &x->l), OK);
	tabla_attach(&x->t, x->l);
	wire = calendar_message(&x->arena);
	c = bare_calendar(&x->arena);
	assert_int_equal(
		local_take_sincronizado(x->l,
			&(struct m_sincronizado){.cursor = "c", .calendario = &wire}, zc(NOW)),
		OK);
	const struct m_notificacion like[5] = {notice(&x->arena, "A", "2026-11-09 10:15", 15),
		notified(&x->arena, "B", "2026-10-21 10:00", "2026-10-22 12:00", 15, "AC-B"),
		notified(&x->arena, "C", "2026-10-12 10:00", NULL, 0, NULL),
		notified(&x->arena, "D", "2026-09-21 10:00", "2026-09-22 12:00", 0, "AC-D"),
		notice(&x->arena, "E", "2026-11-05 10:15", 0)};
	struct m_notificacion *rows = arena_array(&x->arena, count, sizeof(*rows));

	x->all = arena_array(&x->arena, count, sizeof(*x->all));
	assert_non_null(rows);
	assert_non_null(x->all);
	for (size_t i = 0; i < count; i++) {
		rows[i] = row_of(&x->arena, like, i);
		x->all[i] = (struct fila){.m = rows[i]};
		fila_judge(&x->all[i], &c, zc(NOW));
	}
	put(x, rows, count, "c1");
	tabla_changed(&x->t);
}

static void done(struct lista *x)
{
	tabla_free(&x->t);
	local_close(x->l);
	arena_free(&x->arena);
}

/* ---- the same by other means ---- */

static enum fila_por sorting;

static int by_sorting(const void *pa, const void *pb)
{
	const struct fila *a = pa;
	const struct fila *b = pb;
	ARENA(arena, 4096);
	int64_t x = 0;
	int64_t y = 0;
	int c = 0;

	if (sorting == POR_VENCIMIENTO) {
		c = (a->due == 0) - (b->due == 0);
		x = a->due != 0 ? a->due : -a->notificada;
		y = b->due != 0 ? b->due : -b->notificada;
	} else if (sorting == POR_AVISO) {
		x = -a->m.aviso;
		y = -b->m.aviso;
	} else if (sorting == POR_DOCUMENTO) {
		c = strcmp(fila_fold(&arena, a->m.documento), fila_fold(&arena, b->m.documento));
	}
	if (c == 0)
		c = (x > y) - (x < y);
	return c != 0 ? c : strcmp(a->m.folio, b->m.folio);
}

static bool has(const struct fila *f, enum fila_filtro filtro, const char *words)
{
	ARENA(a, 8192);
	bool done = f->estado != FILA_POR_ABRIR && f->estado != FILA_RETIRADA;
	bool in = filtro == FILTRO_TODAS ||
		  (filtro == FILTRO_POR_ABRIR && f->estado == FILA_POR_ABRIR) ||
		  (filtro == FILTRO_CON_PLAZO && f->ultimo != 0) ||
		  (filtro == FILTRO_NOTIFICADAS && done) ||
		  (filtro == FILTRO_SIN_LEER && f->m.abierta == 0 && f->estado != FILA_RETIRADA) ||
		  (filtro == FILTRO_POR_PLAZO && f->estado == FILA_POR_PLAZO) ||
		  (filtro == FILTRO_ESTRADOS && f->estado == FILA_ESTRADOS) ||
		  (filtro == FILTRO_PERSONALES && f->estado == FILA_PERSONAL) ||
		  (filtro == FILTRO_RETIRADAS && f->estado == FILA_RETIRADA) ||
		  (filtro == FILTRO_CAMBIADAS && f->m.cambio != NULL);

	return in && strstr(fila_plegado(&a, f), fila_fold(&a, words)) != NULL;
}

static size_t expected(struct lista *x, enum fila_por por, enum fila_filtro filtro,
	const char *words, struct fila *ret)
{
	size_t n = 0;

	for (size_t i = 0; i < x->count; i++)
		if (has(&x->all[i], filtro, words))
			ret[n++] = x->all[i];
	sorting = por;
	qsort(ret, n, sizeof(*ret), by_sorting);
	return n;
}

static void same_row(struct lista *x, size_t index, const struct fila *want)
{
	ARENA(a, (size_t)64 << 10);
	struct fila got;
	size_t place;

	assert_int_equal(tabla_at(&x->t, &a, index, &got), OK);
	assert_string_equal(got.m.folio, want->m.folio);
	assert_int_equal(got.due, want->due);
	assert_int_equal(got.estado, want->estado);
	assert_int_equal(got.ultimo, want->ultimo);
	assert_int_equal(got.notificada, want->notificada);
	assert_string_equal(got.m.documento, want->m.documento);
	assert_int_equal(tabla_index(&x->t, want->m.folio, &place), OK);
	assert_int_equal(place, index);
}

static void query(struct lista *x, enum fila_por por, enum fila_filtro que, const char *words)
{
	struct filtro f = {.que = que};

	assert_int_equal(filtro_palabras(&f, words), OK);
	tabla_query(&x->t, por, &f);
}

/* Every order with every filter, with words and without, walked and jumped about in. */
static void test_queries(void **state)
{
	static const char *const words[] = {"", "LIQUIDACION", "raro", "por abrir", "no hay"};
	struct lista x;
	size_t not_empty = 0;

	(void)state;
	init(&x, FEW);
	struct fila *want = arena_array(&x.arena, FEW, sizeof(*want));

	for (unsigned por = 0; por < POR_COUNT; por++)
		for (unsigned f = 0; f < FILTRO_COUNT; f++)
			for (size_t w = 0; w < COUNT_OF(words); w++) {
				size_t n = expected(&x, por, f, words[w], want);

				query(&x, por, f, words[w]);
				assert_int_equal(tabla_count(&x.t), n);
				for (size_t i = 0; i < n; i++)
					same_row(&x, i * 211 % n, &want[i * 211 % n]);
				for (size_t i = 0; i < n; i++)
					same_row(&x, n - 1 - i, &want[n - 1 - i]);
				assert_int_equal(
					tabla_at(&x.t, &x.arena, n, &want[0]), ERR_NOT_FOUND);
				not_empty += n != 0;
			}
	assert_true(not_empty > 50);
	assert_int_equal(tabla_totales(&x.t)->filas, FEW);
	size_t due = 0;

	for (size_t i = 0; i < FEW; i++)
		due += x.all[i].due != 0;
	assert_in_range(due, 1, FEW - 1);
	assert_int_equal(tabla_totales(&x.t)->vence, due);
	done(&x);
}

/* Kind, RP, days and words beside each other and a status: the same rows as by looking at each. */
static void test_combined(void **state)
{
	static const char *const typed[] = {"tipo R-7.3", "rp B0700000005", "desde 09/nov/2026",
		"hasta 31/oct/2026", "desde 01/oct/2026 hasta 31/oct/2026", "tipo R-7.99",
		"tipo R-7.3 rp B0700000020", "notificadas tipo R-7.4 desde 01/oct/2026",
		"por abrir rp B0700000011 liquidacion",
		"sin leer tipo R-7.5 hasta 05/nov/2026 prima"};
	struct lista x;
	size_t not_empty = 0;

	(void)state;
	init(&x, FEW);
	struct fila *want = arena_array(&x.arena, FEW, sizeof(*want));

	for (unsigned por = 0; por < POR_COUNT; por++)
		for (size_t i = 0; i < COUNT_OF(typed); i++) {
			struct filtro f = {0};
			const char *why = NULL;
			size_t n = 0;

			assert_int_equal(filtro_tomar(&x.arena, &f, typed[i], &why), OK);
			for (size_t k = 0; k < FEW; k++) {
				bool in = false;

				assert_int_equal(filtro_admite(&x.arena, &f, &x.all[k], &in), OK);
				if (in)
					want[n++] = x.all[k];
			}
			sorting = por;
			qsort(want, n, sizeof(*want), by_sorting);
			tabla_query(&x.t, por, &f);
			assert_int_equal(tabla_count(&x.t), n);
			for (size_t k = 0; k < n; k++)
				same_row(&x, k * 211 % n, &want[k * 211 % n]);
			not_empty += n != 0;
		}
	assert_true(not_empty > 20);
	done(&x);
}

/* `/ n N`: the next one, the one before, going round; the row itself last. */
static void test_search(void **state)
{
	struct lista x;
	size_t at = 0;
	size_t found = 0;

	(void)state;
	init(&x, FEW);
	struct fila *want = arena_array(&x.arena, FEW, sizeof(*want));
	size_t n = expected(&x, POR_VENCIMIENTO, FILTRO_TODAS, "", want);

	for (size_t i = 0; i < n; i++)
		found += has(&want[i], FILTRO_TODAS, "raro");
	assert_true(found > 3);
	for (int backwards = 0; backwards < 2; backwards++) {
		at = 0;
		for (size_t k = 0; k < 2 * found; k++) {
			size_t next = at;

			do
				next = (next + (backwards ? n - 1 : 1)) % n;
			while (!has(&want[next], FILTRO_TODAS, "raro"));
			assert_int_equal(tabla_search(&x.t, "RARO", at, backwards, &at), OK);
			assert_int_equal(at, next);
		}
	}
	assert_int_equal(tabla_search(&x.t, want[3].m.folio, 3, false, &at), OK);
	assert_int_equal(at, 3);
	assert_int_equal(tabla_search(&x.t, "nada así", 3, false, &at), ERR_NOT_FOUND);
	assert_int_equal(at, 3);
	assert_int_equal(x.t.err, OK);
	done(&x);
}

/* A write by another hand: what was read stays until tabla_changed, then it is the new one. */
static void test_changed(void **state)
{
	struct lista x;
	struct fila f;
	size_t place;

	(void)state;
	init(&x, FEW);
	assert_int_equal(tabla_at(&x.t, &x.arena, 0, &f), OK);
	struct m_notificacion n = notice(&x.arena, "BI-NUEVA", "2026-11-03 10:15", 0);

	n.vence = zc("2026-11-12 10:01");
	put(&x, &n, 1, "c2");
	assert_int_equal(tabla_count(&x.t), FEW);
	tabla_changed(&x.t);
	assert_int_equal(tabla_count(&x.t), FEW + 1);
	assert_int_equal(tabla_index(&x.t, f.m.folio, &place), OK);
	assert_int_equal(place, 1);
	assert_int_equal(tabla_at(&x.t, &x.arena, 0, &f), OK);
	assert_string_equal(f.m.folio, "BI-NUEVA");
	assert_int_equal(tabla_find(&x.t, &x.arena, "BI-NADIE", &f), ERR_NOT_FOUND);
	assert_int_equal(tabla_find_acuse(&x.t, &x.arena, "AC-D", &f), OK);
	assert_true(f.m.abierta != 0);
	/* Fewer rows than were counted: rows that are not there, and no harm. */
	assert_int_equal(tabla_count(&x.t), FEW + 1);
	assert_int_equal(local_forget_rows(x.l), OK);
	assert_int_equal(tabla_at(&x.t, &x.arena, FEW, &f), ERR_NOT_FOUND);
	tabla_changed(&x.t);
	assert_int_equal(tabla_count(&x.t), 0);
	assert_int_equal(x.t.err, OK);
	done(&x);
}

static void see(struct lista *x, size_t top)
{
	for (size_t i = top; i < top + SCREEN; i++) {
		ARENA(a, (size_t)64 << 10);
		struct fila f;

		assert_int_equal(tabla_at(&x->t, &a, i, &f), OK);
	}
}

static uint64_t cost(struct lista *x, size_t top)
{
	uint64_t before = x->t.leidas;

	see(x, top);
	return x->t.leidas - before;
}

/*
 * 100,000 feel like 10: the first page, a repaint, a step, a page down and the last page read a
 * screenful; the middle is reached from the nearer end, once, and then it is near.
 */
static void test_bounded(void **state)
{
	const size_t most = SCREEN + 2 * TABLA_TRAMO;
	struct lista x;
	size_t place;

	(void)state;
	init(&x, MANY);
	for (unsigned por = 0; por < POR_COUNT; por++) {
		tabla_query(&x.t, por, NULL);
		assert_in_range(cost(&x, 0), SCREEN, most);
		assert_int_equal(cost(&x, 0), 0);
		assert_in_range(cost(&x, 1), 0, TABLA_TRAMO);
		for (size_t top = 1; top < 40 * SCREEN; top += SCREEN)
			assert_in_range(cost(&x, top), 0, most);
		assert_in_range(cost(&x, MANY - SCREEN), SCREEN, most);
		assert_in_range(cost(&x, MANY - 2 * SCREEN), 0, most);
		assert_in_range(cost(&x, MANY / 2), 1, MANY / 2 + most);
		assert_in_range(cost(&x, MANY / 2 + SCREEN), 0, most);
		assert_in_range(cost(&x, MANY / 2 - SCREEN), 0, most);
		/* From then on nothing before it is far away. */
		for (size_t i = 0; i < 100; i++)
			assert_in_range(cost(&x, i * 48611 % (MANY / 2)), 0, TABLA_HITO + most);
		assert_in_range(cost(&x, MANY - 5 * TABLA_HITO), 1, MANY / 2 + most);
		for (size_t i = 0; i < 100; i++)
			assert_in_range(cost(&x, i * 48611 % (MANY - SCREEN)), 0, FAR + most);
	}
	/* What is found so far away is what stands there. */
	struct fila *want = arena_array(&x.arena, MANY, sizeof(*want));

	assert_non_null(want);
	assert_int_equal(expected(&x, POR_AVISO, FILTRO_TODAS, "", want), MANY);
	tabla_query(&x.t, POR_AVISO, NULL);
	for (size_t i = 0; i < 64; i++)
		same_row(&x, (i * 48611 + 1023) % MANY, &want[(i * 48611 + 1023) % MANY]);
	for (size_t i = 8; i < 90; i += 9)
		for (size_t k = 0; k < 3; k++)
			same_row(&x, i * TABLA_HITO - 1 + k, &want[i * TABLA_HITO - 1 + k]);
	/* A sync with the cursor on the first page. */
	tabla_query(&x.t, POR_VENCIMIENTO, NULL);
	char folio[TABLA_FOLIO];

	assert_int_equal(tabla_folio(&x.t, 10, folio), OK);
	tabla_changed(&x.t);
	uint64_t before = x.t.leidas;

	assert_int_equal(tabla_index(&x.t, folio, &place), OK);
	assert_int_equal(place, 10);
	see(&x, 0);
	assert_in_range(x.t.leidas - before, SCREEN, most + 16);
	done(&x);
}

/* A filter that leaves one row of a thousand: a paint or a step reads no more rows than are seen.
 */
static void test_bounded_filtered(void **state)
{
	const size_t most = SCREEN + 2 * TABLA_TRAMO;
	struct filtro f = {0};
	const char *why = NULL;
	struct lista x;

	(void)state;
	init(&x, MANY);
	assert_int_equal(
		filtro_tomar(&x.arena, &f, "rp B0700000020 desde 01/oct/2026 tipo R-7.3", &why),
		OK);
	for (unsigned por = 0; por < POR_COUNT; por++) {
		tabla_query(&x.t, por, &f);
		size_t count = tabla_count(&x.t);

		assert_in_range(count, SCREEN + 1, MANY / 500);
		/* Counted once a query, by an index alone; a repaint counts nothing. */
		assert_in_range(cost(&x, 0), SCREEN, most);
		assert_int_equal(tabla_count(&x.t), count);
		assert_int_equal(cost(&x, 0), 0);
		assert_in_range(cost(&x, 1), 0, TABLA_TRAMO);
		assert_in_range(cost(&x, count - SCREEN), 0, most);
	}
	done(&x);
}

struct plan_in {
	int64_t any;
};

struct plan_out {
	int64_t numbers[3];
	const char *detail;
};

static void plan_is(
	struct arena *a, const char *path, const char *sql, size_t params, const char *first)
{
	static const struct db_field in[11] = {{DB_INT, offsetof(struct plan_in, any)}};
	static const struct db_field out[4] = {{DB_INT, offsetof(struct plan_out, numbers)},
		{DB_INT, offsetof(struct plan_out, numbers)},
		{DB_INT, offsetof(struct plan_out, numbers)},
		{DB_TEXT, offsetof(struct plan_out, detail)}};
	const struct db_query explain = {.sql = arena_printf(a, "EXPLAIN QUERY PLAN %s", sql),
		.in = in,
		.in_count = params,
		.out = out,
		.out_count = 4,
		.out_size = sizeof(struct plan_out)};
	const struct plan_in none = {0};
	struct plan_out *rows = NULL;
	AUTO(db) d = NULL;
	void *raw = NULL;
	size_t count = 0;

	assert_int_equal(db_open(path, DB_READ, &explain, 1, &d), OK);
	assert_int_equal(db_all(d, 0, &none, 20, a, &raw, &count), OK);
	assert_true(count > 0);
	rows = raw;
	if (strstr(rows[0].detail, first) == NULL)
		fail_msg("«%s», not «%s»", rows[0].detail, first);
	for (size_t i = 0; i < count; i++)
		assert_null(strstr(rows[i].detail, "TEMP B-TREE"));
}

/* Each statement of the window walks its own index from a place, and sorts nothing. */
static void test_plans(void **state)
{
	static const char *const indexes[POR_COUNT] = {
		"fila_vencimiento", "fila_aviso", "fila_folio", "fila_documento"};
	ARENA(a, (size_t)1 << 20);
	char folder[256];
	AUTO(local) l = NULL;

	(void)state;
	assert_int_equal(carpeta_make(folder, sizeof(folder), "planes"), 0);
	const char *path = arena_printf(&a, "%s/copia", folder);

	assert_int_equal(local_open(path, DB_WRITE, NULL, &l), OK);
	for (unsigned por = 0; por < POR_COUNT; por++)
		for (unsigned forma = 0; forma < FORMA_COUNT; forma++)
			plan_is(&a, path, local_sql(local_ventana(por, forma)),
				forma == FORMA_LUGAR ? 9 : 11,
				arena_printf(&a, "SEARCH fila USING INDEX %s (", indexes[por]));
	/* How many a filter has never leaves the index. */
	plan_is(&a, path, local_sql(QUERY_cuantas), 5, "SCAN fila USING COVERING INDEX fila_folio");
	assert_int_equal(carpeta_remove(folder), 0);
}

/* A row that can't be read is missing, and said; without a copy nothing is there, and no harm. */
static void test_bad_copy(void **state)
{
	struct lista x;
	struct fila f;
	size_t place;

	(void)state;
	init(&x, FEW);
	const struct in_cuerpo_poner bad = {.id = 1, .json = bytes_of_text("{")};

	assert_int_equal(q_cuerpo_poner(x.l, &bad, NULL, NULL), OK);
	size_t errors = 0;

	for (size_t i = 0; i < FEW; i++)
		errors += tabla_at(&x.t, &x.arena, i, &f) == ERR_BAD_CACHE;
	assert_int_equal(errors, 1);
	assert_int_equal(x.t.err, ERR_BAD_CACHE);
	tabla_attach(&x.t, NULL);
	assert_int_equal(x.t.err, OK);
	assert_int_equal(tabla_count(&x.t), 0);
	assert_int_equal(tabla_totales(&x.t)->filas, 0);
	assert_int_equal(tabla_at(&x.t, &x.arena, 0, &f), ERR_NOT_FOUND);
	assert_int_equal(tabla_find(&x.t, &x.arena, "BI-000000", &f), ERR_NOT_FOUND);
	assert_int_equal(tabla_index(&x.t, "BI-000000", &place), ERR_NOT_FOUND);
	assert_int_equal(tabla_search(&x.t, "BI", 0, false, &place), ERR_NOT_FOUND);
	done(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_queries),
		cmocka_unit_test(test_combined),
		cmocka_unit_test(test_search),
		cmocka_unit_test(test_changed),
		cmocka_unit_test(test_bounded),
		cmocka_unit_test(test_bounded_filtered),
		cmocka_unit_test(test_plans),
		cmocka_unit_test(test_bad_copy),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
