/*
 * An acuse that keeps how its dates were counted is proved by counting them again, too: sealed or
 * not, dates that don't follow are found. L-7.5 L-7.6 L-6.5 L-6.1
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ley/acuse_pdf.h"
#include "ley/pdf.h"
#include "ley/plazo.h"
#include "tests/help/acuse.h"
#include "tests/help/dia.h"
#include "tests/help/pki.h"

#define MB (1 << 20)
#define DAY_MS INT64_C(86400000)

/* Rows of a proof, as bits: of a signed acuse, then of an automatic one. */
enum {
	CONTENT = 1 << 5,
	DATES = 1 << 9,
	EVENT_CONTENT = 1 << 2,
	EVENT_CADENA = 1 << 3,
	EVENT_DATES = 1 << 6,
};

static int setup(void **state)
{
	(void)state;
	return zona_setup();
}

/* The notification of an aviso that was sent before `now`: opened then, or left to lapse. */
struct life {
	struct calendario c;
	struct plazo_aviso p;
	struct plazo_efecto e;
	struct m_dato rows[DERIVACION_FILAS];
	size_t count;
};

static void live(struct arena *a, int64_t now, bool lapse, struct life *l)
{
	l->c = bare_calendar(a);
	for (int64_t ready = now - DAY_MS;; ready -= DAY_MS) {
		assert_int_equal(plazo_de_aviso(&l->c, ready, &l->p), OK);
		if (l->p.aviso <= now && (!lapse || l->p.vence <= now))
			break;
	}
	assert_int_equal(plazo_de_apertura(&l->c, &l->p, lapse ? 0 : now, 15, &l->e), OK);
	assert_int_equal(plazo_filas(a, &l->c, &l->p, lapse ? 0 : now, 15, l->rows, &l->count), OK);
}

static void put_rows(struct arena *a, struct m_acuse *m, const struct life *l)
{
	struct m_dato *all = arena_array(a, m->contenido_count + l->count, sizeof(*all));

	assert_non_null(all);
	memcpy(all, m->contenido, m->contenido_count * sizeof(*all));
	memcpy(all + m->contenido_count, l->rows, l->count * sizeof(*all));
	m->contenido = all;
	m->contenido_count += l->count;
	m->legal = l->e.notificada;
	acuse_sample_seal(a, m);
}

static void sample(struct arena *a, bool lapse, struct life *l, struct m_acuse *m)
{
	int64_t now = pki_now();

	live(a, now, lapse, l);
	if (lapse)
		acuse_sample_automatico(a, now, m);
	else
		acuse_sample(a, now, ZONA_CENTRO, m);
	put_rows(a, m, l);
}

static void test_proved(void **state)
{
	ARENA(a, 4 * MB);
	AUTO(trust) t = acuse_sample_trust();
	struct acuse_proof p;
	struct m_acuse m;
	struct life l;

	(void)state;
	sample(&a, false, &l, &m);
	assert_int_equal(acuse_prove(&a, &m, t, &p), OK);
	assert_true(p.holds);
	assert_int_equal(p.count, 10);
	assert_non_null(strstr(p.checks[9].what, "contarlas de nuevo"));
	assert_non_null(strstr(p.checks[9].detail, "Se contaron de nuevo"));
	sample(&a, true, &l, &m);
	assert_int_equal(acuse_prove(&a, &m, t, &p), OK);
	assert_true(p.holds);
	assert_int_equal(p.count, 7);
}

/* As the last row of the content, each of them altered: the seal says so, and so does the count. */
static void test_altered(void **state)
{
	ARENA(a, 16 * MB);
	AUTO(trust) t = acuse_sample_trust();
	struct m_acuse good;
	struct life l;

	(void)state;
	sample(&a, false, &l, &good);
	for (size_t i = 0; i < l.count; i++) {
		struct m_acuse m = good;
		struct m_dato *rows = arena_copy(
			&a, good.contenido, good.contenido_count * sizeof(*good.contenido));
		size_t at = good.contenido_count - l.count + i;

		m.contenido = rows;
		rows[at].valor = arena_printf(&a, "%s; 2026-01-02 x", rows[at].valor);
		unsigned failing = acuse_sample_failing(&a, &m, t);

		assert_int_not_equal(failing & CONTENT, 0);
		/* Behind the first row it is the name of the calendar's source: only sealed. */
		assert_int_equal(failing & DATES, i == 0 ? 0 : DATES);
		/* Sealed so, it is still no count. */
		acuse_sample_seal(&a, &m);
		assert_int_equal(acuse_sample_failing(&a, &m, t), i == 0 ? 0 : DATES);
	}
}

/* What the seal covers all right, and yet is of another opening, or another date. */
static void test_sealed_lies(void **state)
{
	ARENA(a, 16 * MB);
	AUTO(trust) t = acuse_sample_trust();
	struct m_acuse good;
	struct m_acuse m;
	struct life l;

	(void)state;
	sample(&a, false, &l, &good);
	m = good;
	m.legal += 1;
	acuse_sample_seal(&a, &m);
	assert_int_equal(acuse_sample_failing(&a, &m, t), DATES);
	m = good;
	m.recibido -= 1000;
	acuse_sample_seal(&a, &m);
	assert_int_equal(acuse_sample_failing(&a, &m, t), DATES);
	/* Rows of a derivation without its first. */
	m = good;
	m.contenido_count--;
	acuse_sample_seal(&a, &m);
	assert_int_equal(acuse_sample_failing(&a, &m, t), DATES);
	/* A lapse whose rows tell of an opening, and one that is dated otherwise. */
	struct life opened;

	live(&a, pki_now(), false, &opened);
	acuse_sample_automatico(&a, pki_now(), &m);
	put_rows(&a, &m, &opened);
	assert_int_equal(acuse_sample_failing(&a, &m, t), EVENT_DATES);
	sample(&a, true, &l, &m);
	m.legal += DAY_MS;
	acuse_sample_seal(&a, &m);
	assert_int_equal(acuse_sample_failing(&a, &m, t), EVENT_DATES);
	/* Not sealed: both. */
	sample(&a, true, &l, &m);
	m.contenido[m.contenido_count - 1].valor = "inhábiles";
	assert_int_equal(
		acuse_sample_failing(&a, &m, t), EVENT_CONTENT | EVENT_CADENA | EVENT_DATES);
}

/* As many rows as there may be, as long as they may be, are on paper, and its evidence whole. */
static void test_on_paper(void **state)
{
	ARENA(a, 16 * MB);
	struct life l;
	struct m_acuse m;
	struct bytes pdf;
	struct bytes json;
	struct bytes evidence;

	(void)state;
	sample(&a, false, &l, &m);
	for (; l.count < DERIVACION_FILAS; l.count++) {
		char *valor = arena_alloc(&a, 1001);

		for (size_t i = 0; i < 1000; i += 20)
			memcpy(valor + i, "2026-11-16 un día;  ", 20);
		valor[1000] = '\0';
		l.rows[l.count] = (struct m_dato){"Derivación 8", valor};
	}
	put_rows(&a, &m, &l);
	json = acuse_sample_json(&a, &m);
	assert_int_equal(acuse_pdf(&a, &m, json, true, &pdf), OK);
	assert_int_equal(pdf_extract(&a, pdf, ACUSE_PDF_EVIDENCE, MB, &evidence), OK);
	assert_true(bytes_equal(evidence, json));
}

/* An acuse without a derivation, of before or of another act, has no such row. */
static void test_without(void **state)
{
	ARENA(a, 4 * MB);
	AUTO(trust) t = acuse_sample_trust();
	struct acuse_proof p;
	struct m_acuse m;

	(void)state;
	acuse_sample(&a, pki_now(), ZONA_CENTRO, &m);
	m.legal += 1;
	acuse_sample_seal(&a, &m);
	assert_int_equal(acuse_prove(&a, &m, t, &p), OK);
	assert_true(p.holds);
	assert_int_equal(p.count, 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_proved),
		cmocka_unit_test(test_altered),
		cmocka_unit_test(test_sealed_lies),
		cmocka_unit_test(test_on_paper),
		cmocka_unit_test(test_without),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
