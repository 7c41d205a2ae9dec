/*
 * Filters of Mis notificaciones as they are typed and said, and each status of a row (L-7.5, L-7.8,
 * L-7.10): what combines, what is refused with what was expected, which rows are of it.
 */
#include "screens/filtro.h"
#include "tests/help/cm.h"
#include "tests/help/copia.h"

#define NOW "2026-11-12 10:00"

static int setup(void **state)
{
	(void)state;
	return zona_setup() == OK ? 0 : -1;
}

static struct filtro typed(struct arena *a, const char *const *lines)
{
	struct filtro f = {0};

	for (; *lines != NULL; lines++) {
		const char *why = NULL;

		assert_int_equal(filtro_tomar(a, &f, *lines, &why), OK);
	}
	return f;
}

#define TYPED(...) typed(&a, (const char *const[]){__VA_ARGS__, NULL})

static void says(struct arena *a, struct filtro f, const char *text)
{
	assert_string_equal(filtro_texto(a, &f), text);
	assert_int_equal(filtro_hay(&f), text[0] != '\0');
}

static void test_typed(void **state)
{
	ARENA(a, (size_t)1 << 20);

	(void)state;
	says(&a, TYPED(""), "");
	says(&a, TYPED("POR ABRIR"), "por abrir");
	says(&a, TYPED("por plazo"), "por plazo");
	/* Not the name of a status: a word. */
	says(&a, TYPED("por"), "«por»");
	says(&a, TYPED("por abrirse"), "«por abrirse»");
	says(&a, TYPED("tipo 7.3"), "tipo R-7.3");
	says(&a, TYPED("Tipo r-7.13 rp b07-12345-10-8 10-8"),
		"tipo R-7.13, RP B0712345108, «10-8»");
	says(&a, TYPED("desde 01/nov/2026 hasta 2026-11-30"),
		"desde 01/nov/2026, hasta 30/nov/2026");
	says(&a, TYPED("Rectificación de la Prima"), "«rectificacion de la prima»");
	/* Each beside the others; words take the place of words, a status that of a status. */
	says(&a, TYPED("sin leer ñandú", "tipo R-7.1", "multa", "estrados"),
		"estrados, tipo R-7.1, «multa»");
	says(&a, TYPED("tipo R-7.1 desde 2026-11-01", "todas"), "");
	says(&a, TYPED("prima", "todas por abrir"), "por abrir");
}

static void test_wrong(void **state)
{
	static const struct {
		const char *text;
		const char *says;
	} wrong[] = {
		{"tipo", "R-7.3"},
		{"rp 123", "11 caracteres"},
		{"desde ayer", "31/dic/2026"},
		{"por abrir hasta 32/dic/2026", "31/dic/2026"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		ARENA(a, 65536);
		struct filtro f = TYPED("sin leer");
		const char *why = NULL;

		assert_int_equal(filtro_tomar(&a, &f, wrong[i].text, &why), ERR_BAD_FIELD);
		assert_non_null(why);
		assert_non_null(strstr(why, wrong[i].says));
		says(&a, f, "sin leer");
	}
}

/* Cut where it is too long, never inside a letter. */
static void test_long_words(void **state)
{
	char text[512];
	struct filtro f = {0};

	(void)state;
	for (size_t i = 0; i + 2 < sizeof(text); i += 2)
		memcpy(text + i, "ñ", 2);
	text[sizeof(text) - 2] = '\0';
	assert_int_equal(filtro_palabras(&f, text + 1), OK);
	for (size_t cut = 0; cut < 4; cut++) {
		memmove(text + 1, text, 300);
		text[0] = 'x';
		text[300] = '\0';
		assert_int_equal(filtro_palabras(&f, text), OK);
		assert_in_range(strlen(f.texto), FILTRO_TEXTO - 4, FILTRO_TEXTO - 1);
	}
}

static struct fila row(struct arena *a, const char *forma, int64_t notificada)
{
	struct fila f = {.m = notice(a, "BI-A", "2026-11-09 10:15", 15)};
	struct calendario c = bare_calendar(a);

	f.m.forma = forma;
	f.m.notificada = notificada;
	f.m.rp = "B0712345108";
	fila_judge(&f, &c, zc(NOW));
	return f;
}

static bool admits(struct filtro f, const struct fila *row)
{
	ARENA(a, 65536);
	bool in = false;

	assert_int_equal(filtro_admite(&a, &f, row, &in), OK);
	return in;
}

/* L-7.5 L-7.8 L-7.10: every way to be notified, with the term that runs from it. */
static void test_statuses(void **state)
{
	ARENA(a, (size_t)1 << 20);
	const struct {
		const char *forma;
		int64_t notificada;
		enum fila_estado estado;
		const char *estatus;
		const char *ultimo; /* of 15 días hábiles; NULL: none runs */
		enum fila_filtro in;
	} rows[] = {
		{NULL, 0, FILA_POR_ABRIR, "por abrir", NULL, FILTRO_POR_ABRIR},
		{"automatica", zc("2026-11-11 09:30"), FILA_POR_PLAZO, "por plazo, leer",
			"2026-12-04", FILTRO_POR_PLAZO},
		{"estrados", zc("2026-11-11 12:00"), FILA_ESTRADOS, "por estrados", "2026-12-04",
			FILTRO_ESTRADOS},
		{"personal", zc("2026-11-10 11:00"), FILA_PERSONAL, "en persona", "2026-12-03",
			FILTRO_PERSONALES},
		{"retirada", 0, FILA_RETIRADA, "retirada", NULL, FILTRO_RETIRADAS},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct fila f = row(&a, rows[i].forma, rows[i].notificada);

		assert_int_equal(f.estado, rows[i].estado);
		assert_string_equal(fila_estatus(&f), rows[i].estatus);
		assert_int_equal(f.ultimo, rows[i].ultimo != NULL ? dia(rows[i].ultimo) : 0);
		assert_int_equal(fila_cerrada(&f), rows[i].estado != FILA_POR_ABRIR);
		for (unsigned q = 0; q < FILTRO_COUNT; q++) {
			bool done = rows[i].notificada != 0;
			bool want = q == FILTRO_TODAS || q == rows[i].in ||
				    (q == FILTRO_NOTIFICADAS && done) ||
				    (q == FILTRO_CON_PLAZO && done) ||
				    (q == FILTRO_SIN_LEER && rows[i].estado != FILA_RETIRADA);

			if (admits((struct filtro){.que = (enum fila_filtro)q}, &f) != want)
				fail_msg("%s, %s", rows[i].estatus, filtro_nombre(q));
		}
	}
	/* Read here without having been opened. */
	struct fila f = row(&a, "automatica", zc("2026-11-11 09:30"));

	f.leida = true;
	assert_string_equal(fila_estatus(&f), "por plazo");
	assert_false(admits((struct filtro){.que = FILTRO_SIN_LEER}, &f));
	/* A calendar that came later moved it: still to be opened, and said. */
	f = row(&a, NULL, 0);
	f.m.cambio = "Acuerdo";
	assert_string_equal(fila_estatus(&f), "abrir, movida");
	assert_true(admits((struct filtro){.que = FILTRO_CAMBIADAS}, &f));
	assert_true(admits((struct filtro){.que = FILTRO_POR_ABRIR}, &f));
	assert_true(admits(TYPED("movida"), &f));
	assert_true(admits((struct filtro){.texto = "por abrir"}, &f));
}

static void test_row(void **state)
{
	ARENA(a, (size_t)1 << 20);
	struct fila f = row(&a, NULL, 0);

	(void)state;
	assert_true(admits(TYPED("tipo 7.1"), &f));
	assert_false(admits(TYPED("tipo 7.10"), &f));
	assert_true(admits(TYPED("rp B0712345108"), &f));
	assert_false(admits(TYPED("rp B0712345109"), &f));
	assert_true(admits(TYPED("desde 09/nov/2026 hasta 09/nov/2026"), &f));
	assert_false(admits(TYPED("desde 10/nov/2026"), &f));
	assert_false(admits(TYPED("hasta 08/nov/2026"), &f));
	assert_true(admits(TYPED("peña lopez"), &f));
	assert_true(admits(TYPED("b0712345108"), &f));
	assert_true(
		admits(TYPED("por abrir tipo 7.1 rp B0712345108 desde 2026-11-09 17/2026"), &f));
	assert_false(admits(TYPED("notificadas tipo 7.1 rp B0712345108"), &f));
	f.m.rp = NULL;
	assert_false(admits(TYPED("rp B0712345108"), &f));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_typed),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_long_words),
		cmocka_unit_test(test_statuses),
		cmocka_unit_test(test_row),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
