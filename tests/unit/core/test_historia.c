/*
 * The timeline of a notification (ETSI EN 319 522): what it tells in which order, to whom, and that
 * nothing of an unnotified document is in it; deliveries are written behind the reads.
 * L-6.5 L-7.3 L-7.7 L-10
 */
#include <stdio.h>
#include <string.h>
#include "base/mem.h"
#include "base/secret.h"
#include "tests/help/cm.h"
#include "tests/help/core_avisos.h"
#include "tests/help/pki.h"

#define LUNES "2026-11-09 10:15"
#define VENCE zc("2026-11-13 09:30")
#define HECHA (VENCE + AVISO_EN_CAMINO_MS)

static struct firma_de by_moral, by_funcionario, by_otro;
static struct efirma *otro;
static struct funcionario servants[2];

/* Their certificates are known from then on. */
static struct firma_de enter(const struct efirma *f)
{
	const char *keyid;

	key_free(mundo_enter(&mundo, f, &keyid));
	return mundo_efirma(f);
}

static int set_up(void **state)
{
	int failed = avisos_set_up(state);

	otro = pki_efirma("contador");
	by_moral = enter(mundo.moral);
	by_funcionario = enter(mundo.funcionario);
	by_otro = enter(otro);
	lote_do(&mundo, "UPDATE certificado SET desde = 0, hasta = 4102444800000");
	llaves_clear(mundo.server.llaves);
	servants[0] = mundo.config.funcionarios[0];
	servants[1] = servants[0];
	servants[0].rfc = mundo.funcionario->cert.rfc;
	servants[1].rfc = otro->cert.rfc;
	mundo.config.funcionarios = servants;
	mundo.config.funcionarios_count = 2;
	return failed;
}

static int tear_down(void **state)
{
	efirma_free(otro);
	return avisos_tear_down(state);
}

static const char *issue(void)
{
	mundo_at(&mundo, zc("2026-11-08 12:00"));
	const char *folio = avisos_emitir(zc("2026-11-09 09:30"), NULL);

	lote_do(&mundo, "UPDATE notificacion SET firmante = '%s'", servants[0].rfc);
	lote_do(&mundo,
		"INSERT INTO evento (folio, parte, orden, instante, suceso, actor, detalle, prueba) "
		"VALUES ('%s', parte_de('%s'), 0, %lld, 'emitida', '%s', 'Multa', '%s')",
		folio, rfc, (long long)mundo.now, servants[0].rfc, folio);
	return folio;
}

static const struct m_historia *ask(struct arena *a, const char *folio, const char *calidad,
	const struct firma_de *by, const char **ret_error)
{
	struct m_historia_pedir m = {.hat = {rfc, calidad}, .folio = folio};
	struct exchange *x = titular_call(a, ROUTE_ID_historia, &m, by);

	*ret_error = mundo_error(a, x);
	return mundo_answer(a, x);
}

/* "suceso suceso ..." */
static const char *words(struct arena *a, const struct m_historia *h)
{
	const char *all = "";

	for (size_t i = 0; i < h->eventos_count; i++)
		all = arena_printf(a, "%s%s%s", all, *all != '\0' ? " " : "", h->eventos[i].suceso);
	return all;
}

static void test_a_life(void **state)
{
	ARENA(a, 16 << 20);
	const char *folio = issue();
	const char *error;

	(void)state;
	/* Nothing is there to be seen yet. */
	assert_null(ask(&a, folio, "propio", &by_fisica, &error));
	assert_string_equal(error, "no-existe");
	avisos_run(zc("2026-11-09 09:30"));
	const struct m_historia *h = ask(&a, folio, "propio", &by_fisica, &error);

	assert_non_null(h);
	assert_string_equal(
		words(&a, h), "emitida retenida aviso-enviado aviso-enviado aviso-enviado puesta");
	/* Not even that it was the acuse of a fine. */
	assert_null(h->eventos[0].detalle);
	assert_null(h->eventos[0].prueba);
	assert_string_equal(h->eventos[5].actor, EVIDENCIA_BUZON);
	assert_int_equal(h->eventos[5].instante, zc("2026-11-09 09:30"));
	avisos_run(zc("2026-11-10 09:30"));
	avisos_run(HECHA);
	h = ask(&a, folio, "propio", &by_fisica, &error);
	assert_string_equal(words(&a, h),
		"emitida retenida aviso-enviado aviso-enviado aviso-enviado puesta recordatorio "
		"vencida");
	assert_string_equal(h->eventos[0].detalle, "Multa");
	assert_string_equal(h->eventos[0].prueba, folio);
	assert_int_equal(h->eventos[7].instante, aviso_number(folio, "vence"));
	assert_string_equal(h->eventos[7].prueba, aviso_text(folio, "acuse"));
	/* Each message's event names it. */
	assert_int_equal(
		lote_number(&mundo,
			"SELECT count(*) FROM evento v JOIN envio e ON e.id = v.prueba WHERE "
			"v.suceso = 'aviso-enviado' AND v.actor = e.via"),
		3);
}

/* ---- who may ask ---- */

static void test_who(void **state)
{
	ARENA(a, 16 << 20);
	const char *folio = issue();
	const char *error;

	(void)state;
	lote_do(&mundo, "DELETE FROM mandato");
	/* Who issued it sees it from the start, with all that it says. */
	const struct m_historia *h = ask(&a, folio, "funcionario", &by_funcionario, &error);

	assert_non_null(h);
	assert_string_equal(h->eventos[0].detalle, "Multa");
	assert_null(ask(&a, folio, "funcionario", &by_otro, &error));
	assert_string_equal(error, "no-existe");
	assert_null(ask(&a, folio, "funcionario", &by_moral, &error));
	assert_string_equal(error, "no-es-funcionario");
	avisos_run(zc("2026-11-09 09:30"));
	assert_null(ask(&a, folio, "representante", &by_moral, &error));
	assert_string_equal(error, "sin-representacion");
	lote_do(&mundo,
		"INSERT INTO mandato (titular, representante, ambito, desde, nivel, folio) VALUES "
		"('%s', '%s', 'medios', 0, 4, '')",
		rfc, mundo.moral->cert.rfc);
	assert_null(ask(&a, folio, "representante", &by_moral, &error));
	assert_string_equal(error, "fuera-de-alcance");
	lote_do(&mundo, "UPDATE mandato SET ambito = 'notificaciones', nivel = 1");
	h = ask(&a, folio, "representante", &by_moral, &error);
	assert_non_null(h);
	assert_null(h->eventos[0].detalle);
	/* Of another mailbox nobody learns whether there is one. */
	struct m_historia_pedir m = {.hat = {mundo.moral->cert.rfc, "propio"}, .folio = folio};

	assert_string_equal(
		mundo_error(&a, titular_call(&a, ROUTE_ID_historia, &m, &by_moral)), "no-existe");
}

/* ---- deliveries ---- */

/* As servir's does behind an answer. */
static void note(const char *folio, const char *who, bool entera)
{
	struct note *n = mem_zalloc(sizeof(*n));

	assert_non_null(n);
	n->instante = mundo.now;
	n->entera = entera;
	snprintf(n->titular, sizeof(n->titular), "%s", rfc);
	snprintf(n->firmante, sizeof(n->firmante), "%s", who);
	snprintf(n->ruta, sizeof(n->ruta), "documento");
	snprintf(n->folio, sizeof(n->folio), "%s", folio);
	writer_note(mundo.writer, n);
}

static void wait_accesses(int64_t n)
{
	lote_wait(&mundo, n, "SELECT count(*) FROM acceso");
}

static void test_deliveries(void **state)
{
	ARENA(a, 16 << 20);
	const char *folio = issue();
	const char *error;

	(void)state;
	lote_do(&mundo, "DELETE FROM acceso");
	avisos_run(zc("2026-11-09 09:30"));
	avisos_run(HECHA);
	/* A part of it is no delivery; it is an access all the same (L-10). */
	note(folio, rfc, false);
	wait_accesses(1);
	avisos_run(HECHA + 1000);
	assert_int_equal(aviso_eventos(folio, "entregada"), 0);
	note(folio, rfc, true);
	wait_accesses(2);
	avisos_run(HECHA + 2000);
	mundo_at(&mundo, HECHA + 3000);
	note(folio, mundo.moral->cert.rfc, true);
	note(folio, rfc, true);
	wait_accesses(4);
	avisos_run(HECHA + 4000);
	assert_int_equal(aviso_eventos(folio, "entregada"), 1);
	assert_int_equal(aviso_instante(folio, "entregada"), HECHA + 1000);
	assert_int_equal(aviso_eventos(folio, "consultada"), 2);
	assert_int_equal(aviso_instante(folio, "consultada"), HECHA + 3000);
	assert_int_equal(avisos_jobs("entrega"), 0);
	assert_non_null(ask(&a, folio, "propio", &by_fisica, &error));
	/* A publication's file has no timeline, whoever reads it. */
	lote_put(&mundo, "entrega", arena_printf(&a, "%s PB-1 %lld %s", rfc, (long long)HECHA, rfc),
		HECHA);
	avisos_run(HECHA + 4500);
	assert_int_equal(aviso_eventos("PB-1", "entregada"), 0);
	assert_int_equal(avisos_jobs("entrega"), 0);
	/* However often it is read, its timeline can be told. */
	for (int i = 0; i < 450; i++)
		lote_put(&mundo, "entrega",
			arena_printf(&a, "%s %s %lld %s", rfc, folio, (long long)(HECHA + 5000 + i),
				rfc),
			HECHA);
	avisos_run(HECHA + 9000);
	const struct m_historia *h = ask(&a, folio, "propio", &by_fisica, &error);

	assert_non_null(h);
	assert_int_equal(h->eventos_count, 400);
	assert_int_equal(avisos_jobs("entrega"), 0);
}

/* Which answer had the last byte. */
static void test_last_byte(void **state)
{
	ARENA(a, 16 << 20);
	const char *folio = issue();
	struct m_documento_pedir m = {.hat = {rfc, "propio"}, .folio = folio};

	(void)state;
	avisos_run(zc("2026-11-09 09:30"));
	assert_false(titular_call(&a, ROUTE_ID_documento, &m, &by_fisica)->entera);
	avisos_run(HECHA);
	assert_true(titular_call(&a, ROUTE_ID_documento, &m, &by_fisica)->entera);
	m.desde = 8;
	assert_false(titular_call(&a, ROUTE_ID_documento, &m, &by_fisica)->entera);
	m.desde = 9;
	assert_false(titular_call(&a, ROUTE_ID_documento, &m, &by_fisica)->entera);
	lote_do(&mundo, "UPDATE archivo SET bytes = 300000");
	m.desde = 0;
	assert_false(titular_call(&a, ROUTE_ID_documento, &m, &by_fisica)->entera);
}

#define EACH(f) cmocka_unit_test_setup(f, avisos_fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(test_a_life),
		EACH(test_who),
		EACH(test_deliveries),
		EACH(test_last_byte),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
