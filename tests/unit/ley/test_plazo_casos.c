/*
 * The tables of worked cases (tests/vectors/plazo_casos.def, recepcion_casos.def): what the law
 * says, counted by hand, against what the code counts, derives, keeps in an acuse and counts again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "ley/plazo.h"
#include "net/messages.h"
#include "tests/help/dia.h"

#define MB (1 << 20)
#define CENTRO ZONA_CENTRO
#define TIJUANA "America/Tijuana"
#define JUAREZ "America/Ciudad_Juarez"
#define CANCUN "America/Cancun"

enum cual { PELADO, SANTA, VACACIONES, JALISCO, NARVARTE, FUERA, DICIEMBRE, CUALES };

static const struct {
	const char *dia;
	enum cual cual;
	const char *ambito;
	bool declarado;
} EXTRA[] = {
	{"2025-04-17", SANTA, NULL, true},
	{"2025-04-18", SANTA, NULL, true},
	{"2026-04-02", SANTA, NULL, true},
	{"2026-04-03", SANTA, NULL, true},
	{"2026-12-24", VACACIONES, NULL, true},
	{"2026-12-28", VACACIONES, NULL, true},
	{"2026-12-29", VACACIONES, NULL, true},
	{"2026-12-30", VACACIONES, NULL, true},
	{"2026-12-31", VACACIONES, NULL, true},
	{"2026-02-16", JALISCO, "estado:JAL", false},
	{"2026-02-16", NARVARTE, "subdelegacion:Piedad Narvarte", false},
	{"2026-02-16", FUERA, "estado:JAL", false},
	{"2026-02-16", FUERA, "subdelegacion:Piedad Narvarte", false},
	{"2036-12-01", DICIEMBRE, NULL, false},
};

static struct calendario calendar(struct arena *a, enum cual cual)
{
	struct inhabil extra[COUNT_OF(EXTRA)];
	struct calendario all;
	struct calendario c;
	size_t n = 0;

	for (size_t i = 0; i < COUNT_OF(EXTRA); i++)
		if (EXTRA[i].cual == cual)
			extra[n++] = (struct inhabil){.dia = dia(EXTRA[i].dia),
				.motivo = "Acuerdo del H. Consejo Técnico",
				.ambito = EXTRA[i].ambito,
				.declarado = EXTRA[i].declarado};
	assert_int_equal(calendario_make(a, 2024, 2037, extra, n, &all), OK);
	assert_int_equal(calendario_para(a, &all, cual == JALISCO ? "JAL" : "SON",
				 cual == NARVARTE ? "Piedad Narvarte" : "Polanco", &c),
		OK);
	return c;
}

static const char *at_hand; /* the case that is being looked at; NULL: none failed */

static int show(void **state)
{
	(void)state;
	if (at_hand != NULL)
		print_message("   the case of %s\n", at_hand);
	at_hand = NULL;
	return 0;
}

static int setup(void **state)
{
	(void)state;
	return zona_setup();
}

struct caso {
	const char *linea;
	enum cual cual;
	const char *listo, *aviso, *zona, *abierta;
	int plazo;
	const char *vence, *notificada, *surte, *primero, *ultimo, *prudente, *articulos;
};

static const struct caso CASOS[] = {
#define CASO(cual, listo, aviso, zona, abierta, plazo, vence, notificada, surte, primero, ultimo,  \
	prudente, articulos)                                                                       \
	{listo " " zona " " #abierta, cual, listo, aviso, zona, abierta, plazo, vence, notificada, \
		surte, primero, ultimo, prudente, articulos},
#include "tests/vectors/plazo_casos.def"
#undef CASO
};

/* Days are compared as texts, so that what fails can be read. */
static void day_is(struct arena *a, int32_t day, const char *expected)
{
	assert_string_equal(fecha_text(a, day, FECHA_ISO), expected);
}

static void instant_is(struct arena *a, int64_t instant, const char *expected)
{
	assert_string_equal(hora_text(a, zona_centro(), instant, HORA_CADENA),
		hora_text(a, zona_centro(), zc(expected), HORA_CADENA));
}

static bool names(const struct derivacion *d, const char *articulos)
{
	for (size_t i = 0; i < d->count; i++)
		if (strstr(d->pasos[i].regla, articulos) != NULL)
			return true;
	return false;
}

static void case_is(struct arena *a, const struct caso *k)
{
	struct calendario c = calendar(a, k->cual);
	const struct zona *z = zona_find(k->zona);
	int64_t opened = k->abierta != NULL ? at(k->zona, k->abierta) : 0;
	struct derivacion d = {.arena = a};
	struct plazo_aviso p;
	struct plazo_efecto e;
	struct derivacion_paso last;
	const char *motivo;
	int32_t prudente;

	assert_int_equal(plazo_derivar_aviso(&c, zc(k->listo), &d, &p), OK);
	instant_is(a, p.aviso, k->aviso);
	instant_is(a, p.vence, k->vence);
	assert_int_equal(plazo_derivar_apertura(&c, &p, opened, k->plazo, &d, &e), OK);
	instant_is(a, e.notificada, k->notificada);
	day_is(a, e.surte, k->surte);
	day_is(a, e.primero, k->primero);
	day_is(a, e.ultimo, k->ultimo);
	last = d.pasos[d.count - 1];
	assert_int_equal(last.dia, e.ultimo);
	assert_int_equal(last.dias, k->plazo);
	assert_true(names(&d, k->articulos));
	assert_int_equal(
		plazo_prudente_en(&c, &p, opened, k->plazo, z, &d, &prudente, &motivo), OK);
	day_is(a, prudente, k->prudente);
	assert_int_equal(
		motivo == NULL, k->plazo == 0 ? prudente == p.dias[2] : prudente == e.ultimo);
	if (motivo != NULL)
		assert_int_equal(d.pasos[d.count - 1].dia, prudente);
}

/* L-7.2 L-7.3 L-7.4 L-7.5 L-7.6 L-4.6 L-5.7 L-5.8 */
static void test_cases(void **state)
{
	(void)state;
	assert_true(COUNT_OF(CASOS) >= 60);
	for (size_t i = 0; i < COUNT_OF(CASOS); i++) {
		ARENA(a, MB);

		at_hand = CASOS[i].linea;
		case_is(&a, &CASOS[i]);
	}
	at_hand = NULL;
}

/* Each of them is kept, and counted again from what was kept, to the same dates. */
static void test_cases_kept(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(CASOS); i++) {
		ARENA(a, MB);
		const struct caso *k = &CASOS[i];
		at_hand = k->linea;
		struct calendario c = calendar(&a, k->cual);
		int64_t opened = k->abierta != NULL ? at(k->zona, k->abierta) : 0;
		struct m_dato rows[DERIVACION_FILAS];
		struct plazo_contado r;
		struct plazo_aviso p;
		size_t n;

		assert_int_equal(plazo_de_aviso(&c, zc(k->listo), &p), OK);
		assert_int_equal(plazo_filas(&a, &c, &p, opened, k->plazo, rows, &n), OK);
		assert_int_equal(plazo_recontar(&a, rows, n, &r), OK);
		assert_null(r.detalle);
		assert_true(r.holds);
		assert_int_equal(r.abierta, opened);
		assert_int_equal(r.plazo_dias, k->plazo);
		instant_is(&a, r.aviso, k->aviso);
		instant_is(&a, r.efecto.notificada, k->notificada);
		day_is(&a, r.efecto.surte, k->surte);
		day_is(&a, r.efecto.ultimo, k->ultimo);
	}
	at_hand = NULL;
}

/* L-6.3 L-5.8 */
static void test_filings(void **state)
{
	static const struct {
		enum cual cual;
		const char *zona, *presentada, *recibida;
	} FILINGS[] = {
#define CASO(cual, zona, presentada, recibida) {cual, zona, presentada, recibida},
#include "tests/vectors/recepcion_casos.def"
#undef CASO
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(FILINGS); i++) {
		ARENA(a, MB);
		struct calendario c = calendar(&a, FILINGS[i].cual);
		const struct zona *z = zona_find(FILINGS[i].zona);
		struct derivacion d = {.arena = &a};
		int64_t legal;

		assert_int_equal(plazo_derivar_recepcion(&c, z,
					 at(FILINGS[i].zona, FILINGS[i].presentada), &d, &legal),
			OK);
		assert_string_equal(hora_text(&a, z, legal, HORA_CADENA),
			hora_text(&a, z, at(FILINGS[i].zona, FILINGS[i].recibida), HORA_CADENA));
		assert_int_equal(d.count, 1);
		assert_int_equal(d.pasos[0].instante, legal);
		assert_int_equal(d.pasos[0].dia, zona_civil(z, legal).dia);
		assert_true(d.pasos[0].domicilio);
		/* What it jumped over is what lies between, the day itself among it. */
		assert_int_equal(d.pasos[0].salto_count,
			d.pasos[0].dia -
				zona_civil(z, at(FILINGS[i].zona, FILINGS[i].presentada)).dia);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_cases, show),
		cmocka_unit_test_teardown(test_cases_kept, show),
		cmocka_unit_test(test_filings),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
