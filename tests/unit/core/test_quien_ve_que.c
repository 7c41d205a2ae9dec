/*
 * What is told to whom: a representative who may only read or prepare never learns what is in a
 * document that is not notified; whoever is let in later misses nothing. A-16 L-7.4 L-10
 */
#include <string.h>
#include "base/secret.h"
#include "tests/help/cm.h"
#include "tests/help/core_lote.h"
#include "tests/help/core_representa.h"

static void let_in(const struct efirma *whom, const char *permisos)
{
	ARENA(a, 8 << 20);
	struct representa r = {mundo.fisica, whom, permisos, 0, 0};

	representa_vigente(&a, &r);
}

static bool has_text(const struct exchange *x, const char *text)
{
	return memmem(x->answer.data, x->answer.size, text, strlen(text)) != NULL;
}

#define IMPORTE "$ 98,765.43"
#define PERIODO "06-2026"

struct telling {
	const char *permisos;
	bool row;   /* that there is a notification */
	bool claim; /* what is claimed in it */
};

/* Of a notification nobody has opened, and whose term runs. */
static void check_told(const struct telling *t, const char *folio, const char *sha)
{
	ARENA(a, 8 << 20);
	struct firma_de by = mundo_efirma(representa_maria);
	struct m_sincronizar rq = {.hat = {rfc, "representante"}};
	struct m_documento_pedir doc = {.hat = {rfc, "representante"}, .folio = folio};

	let_in(representa_maria, t->permisos);
	struct exchange *x = titular_call(&a, ROUTE_ID_sincronizar, &rq, &by);

	if (x->status != 200 || has_text(x, folio) != t->row || has_text(x, IMPORTE) != t->claim ||
		has_text(x, PERIODO) != t->claim || has_text(x, sha))
		fail_msg("%s is told: %.*s", t->permisos, (int)x->answer.size, x->answer.data);
	x = titular_call(&a, ROUTE_ID_documento, &doc, &by);
	assert_string_equal(
		mundo_error(&a, x), t->row ? "documento-sin-abrir" : "fuera-de-alcance");
}

static void test_unnotified_is_not_revealed(void **state)
{
	ARENA(a, 1 << 20);
	static const struct telling cases[] = {
		{"notificaciones:leer", true, false},
		{"notificaciones:preparar", true, false},
		{"notificaciones:abrir", true, true},
		{"notificaciones:firmar", true, true},
		{"medios:firmar activacion:firmar", false, false},
	};
	const char *folio = mundo_aviso(&mundo, rfc, mundo_ready(&mundo));
	const char *sha =
		lote_text(&mundo, "SELECT archivo FROM notificacion WHERE folio = '%s'", folio);

	lote_do(&mundo,
		"UPDATE notificacion SET importe = '" IMPORTE "', periodo = '" PERIODO
		"' WHERE folio = '%s'",
		folio);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		representa_clear(state);
		check_told(&cases[i], folio, sha);
	}
	/* Once notified by lapse there is nothing to hide from who may read. */
	representa_clear(state);
	let_in(representa_maria, "notificaciones:leer");
	lote_do(&mundo, "UPDATE notificacion SET vence = %lld WHERE folio = '%s'",
		(long long)mundo.now - 1, folio);
	struct firma_de by = mundo_efirma(representa_maria);
	struct m_sincronizar rq = {.hat = {rfc, "representante"}};
	struct exchange *x = titular_call(&a, ROUTE_ID_sincronizar, &rq, &by);

	assert_true(has_text(x, IMPORTE));
	assert_true(has_text(x, sha));
}

/* Whoever is let into a menu later finds all of it, what time changed meanwhile included. */
static void test_let_in_later(void **state)
{
	ARENA(a, 8 << 20);
	struct representa r = {mundo.fisica, representa_maria, "medios:leer", 0, 0};
	const char *folio = mundo_aviso(&mundo, rfc, mundo_ready(&mundo));
	const char *first = representa_vigente(&a, &r);
	const struct m_sincronizado *told =
		representa_sincroniza(&a, rfc, r.a, "representante", NULL);

	(void)state;
	assert_int_equal(told->notificaciones_count, 0);
	representa_baja(&a, &r, r.titular, first);
	r.permisos = "notificaciones:leer";
	representa_vigente(&a, &r);
	told = representa_sincroniza(&a, rfc, r.a, "representante", told->cursor);
	assert_non_null(told);
	bool found = false;

	for (size_t i = 0; i < told->notificaciones_count; i++)
		found = found || strcmp(told->notificaciones[i].folio, folio) == 0;
	assert_true(found);
}

#define TEST(f) cmocka_unit_test_setup(f, representa_clear)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_unnotified_is_not_revealed),
		TEST(test_let_in_later),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, representa_set_up, representa_tear_down);
}
