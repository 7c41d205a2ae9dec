/*
 * The Institute's acts with their n-th allocation failing, for every n: issued whole or not at all.
 * L-7.1 L-6.2
 */
#include "base/db_mem.h"
#include "base/mem.h"
#include "base/secret.h"
#include "tests/help/cm.h"
#include "tests/help/core_oficio.h"
#include "tests/help/ossl_mem.h"

/* True when the n-th allocation was never asked for. */
static bool fail_at(
	enum route route, const void *message, const struct firma_de *by, long n, int *ret_status)
{
	ARENA(a, 16 << 20);
	struct received rq = mundo_request(&mundo, &a, route, message, by);
	struct exchange *x = arena_zalloc(&a, sizeof(*x));

	assert_non_null(x);
	x->arena = &a;
	x->rq = rq;
	mem_fail_at(n);
	if (serve_check(&mundo.server, x) == SERVE_ACT)
		writer_group(mundo.writer, &x, 1);
	bool over = mem_count() < n;

	mem_fail_at(0);
	if (x->status != 200 && x->status != 503)
		fail_msg("allocation %ld: status %d %.*s", n, x->status, (int)x->answer.size,
			x->answer.data);
	*ret_status = x->status;
	return over;
}

static int64_t rows(const char *table)
{
	return lote_number(&mundo, "SELECT COUNT(*) FROM %s", table);
}

/* Its rows are there exactly when it was answered so. */
static void test_issue(void **state)
{
	static const char *const tables[] = {"notificacion", "archivo", "acuse"};
	int64_t made = 0;
	int status = 0;
	bool over = false;

	(void)state;
	for (long n = 1; !over; n++) {
		struct m_oficio_emitir m = oficio_de(arena_printf(&mundo.arena, "N/%ld", n));

		oficio_firma(&mundo.arena, &m, mundo.funcionario);
		over = fail_at(ROUTE_ID_oficio_emitir, &m, &by_funcionario, n, &status);
		made += status == 200;
		for (size_t i = 0; i < COUNT_OF(tables); i++)
			assert_int_equal(rows(tables[i]), made);
	}
	assert_int_equal(status, 200);
}

static void test_estrados(void **state)
{
	struct m_oficio_emitir issue = oficio_de("E/1");
	struct m_oficio_estrados m = {.hat = {rfc, "funcionario"},
		.folio = oficio_emitido(&issue),
		.procede = true,
		.motivo = "Sin medios"};
	int status = 0;
	bool over = false;

	(void)state;
	oficio_propone(m.folio, "Sin correo");
	for (long n = 1; !over; n++) {
		over = fail_at(ROUTE_ID_oficio_estrados, &m, &by_funcionario, n, &status);
		assert_int_equal(
			lote_number(&mundo, "SELECT COUNT(*) FROM notificacion WHERE forma "
					    "IS NOT NULL"),
			status == 200);
		if (status == 200)
			lote_do(&mundo,
				"UPDATE notificacion SET forma = NULL, motivo = NULL, acuse "
				"= NULL, propuesta = 'Sin correo', propuesta_desde = 1");
	}
	assert_int_equal(status, 200);
}

static void test_publish(void **state)
{
	struct m_publicar m = {.hat = {mundo.funcionario->cert.rfc, "funcionario"},
		.clase = "comunicado",
		.tipo = "Facilidades",
		.titulo = "Pago en parcialidades",
		.texto = "Hasta el 30.",
		.todos = true};
	int64_t made = 0;
	int status = 0;
	bool over = false;

	(void)state;
	for (long n = 1; !over; n++) {
		over = fail_at(ROUTE_ID_publicar, &m, &by_funcionario, n, &status);
		made += status == 200;
		assert_int_equal(rows("publicacion"), made);
	}
	assert_int_equal(status, 200);
}

static void test_review(void **state)
{
	struct m_oficio_revisar m = {
		.hat = {rfc, "funcionario"}, .oficio = "R/1", .tipo = "R-7.1", .rp = "Y5412345109"};
	int status = 0;
	bool over = false;

	(void)state;
	for (long n = 1; !over; n++)
		over = fail_at(ROUTE_ID_oficio_revisar, &m, &by_funcionario_lee, n, &status);
	assert_int_equal(status, 200);
}

#define TEST(f) cmocka_unit_test_setup(f, oficio_clear)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_issue),
		TEST(test_estrados),
		TEST(test_publish),
		TEST(test_review),
	};
	struct secret_status status;

	ossl_mem_hook();
	if (db_setup() != OK || secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, oficio_set_up, oficio_tear_down);
}
