/*
 * Requests that must be refused, each with its own word: L-4.1, L-4.2, L-5.2.
 */
#include "base/secret.h"
#include "tests/help/cm.h"
#include "tests/help/core_titular.h"
#include "tests/help/pki.h"

static void test_strangers(void **state)
{
	ARENA(a, 8 << 20);
	int64_t ready = mundo_ready(&mundo);
	const char *folio = mundo_aviso(&mundo, rfc, ready);
	struct m_documento_pedir doc = {.hat = {mundo.moral->cert.rfc, "propio"}, .folio = folio};
	struct firma_de by_moral = mundo_efirma(mundo.moral);
	const char *keyid;
	struct key *reading = mundo_enter(&mundo, mundo.moral, &keyid);
	struct firma_de by_reading_moral = {.key = reading, .keyid = keyid};

	(void)state;
	/* One RFC never sees another's. */
	assert_string_equal(
		mundo_error(&a, titular_call(&a, ROUTE_ID_documento, &doc, &by_reading_moral)),
		"no-existe");
	doc.hat.titular = rfc;
	assert_string_equal(
		mundo_error(&a, titular_call(&a, ROUTE_ID_documento, &doc, &by_reading_moral)),
		"rfc-ajeno");
	doc.hat.calidad = "representante";
	assert_string_equal(
		mundo_error(&a, titular_call(&a, ROUTE_ID_documento, &doc, &by_reading_moral)),
		"sin-representacion");
	doc.hat.calidad = "funcionario";
	assert_string_equal(
		mundo_error(&a, titular_call(&a, ROUTE_ID_documento, &doc, &by_reading_moral)),
		"rfc-ajeno");
	struct m_notificacion_abrir rq = titular_opening(&a, folio, ready);

	assert_string_equal(
		mundo_error(&a, titular_call(&a, ROUTE_ID_notificacion_abrir, &rq, &by_moral)),
		"rfc-ajeno");
	/* A reading key can't act. */
	assert_string_equal(
		mundo_error(&a, titular_call(&a, ROUTE_ID_notificacion_abrir, &rq, &by_reading)),
		"requiere-efirma");
	key_free(reading);
}

/*
 * Whoever is not enabled may enter and is told what leads to it; notifications are neither shown
 * nor opened (L-5.2).
 */
static void test_not_enabled(void **state)
{
	ARENA(a, 8 << 20);
	struct efirma *contador = pki_efirma("contador");
	struct m_sincronizar rq = {.hat = {contador->cert.rfc, "propio"}};
	struct firma_de f = mundo_efirma(contador);
	const char *keyid;

	(void)state;
	assert_string_equal(mundo_error(&a, titular_call(&a, ROUTE_ID_sincronizar, &rq, &f)),
		"llave-desconocida");
	key_free(mundo_enter(&mundo, contador, &keyid));
	mundo_alta(&mundo, rq.hat.titular, "CONTADOR DE PRUEBA", false);
	mundo_aviso(&mundo, rq.hat.titular, mundo_ready(&mundo));
	const struct m_sincronizado *told =
		mundo_answer(&a, titular_call(&a, ROUTE_ID_sincronizar, &rq, &f));

	assert_non_null(told);
	assert_non_null(told->cuenta);
	assert_int_equal(told->cuenta->habilitado, 0);
	assert_non_null(told->calendario);
	assert_int_equal(told->notificaciones_count, 0);
	/* What was held back is told once it may be, whatever was told meanwhile. */
	mundo_alta(&mundo, rq.hat.titular, "CONTADOR DE PRUEBA", true);
	rq.cursor = told->cursor;
	told = mundo_answer(&a, titular_call(&a, ROUTE_ID_sincronizar, &rq, &f));
	assert_non_null(told);
	assert_int_equal(told->notificaciones_count, 1);
	efirma_free(contador);
}

static void test_not_enabled_acts(void **state)
{
	ARENA(a, 8 << 20);
	struct efirma *otro = pki_efirma("representante");
	struct m_notificacion_abrir act = {.hat = {otro->cert.rfc, "propio"},
		.folio = "BI-20260101-000000000",
		.fecha_legal = "2026-01-02"};
	struct m_documento_pedir doc = {.hat = act.hat, .folio = act.folio};
	struct firma_de f = mundo_efirma(otro);
	const char *keyid;

	(void)state;
	key_free(mundo_enter(&mundo, otro, &keyid));
	assert_string_equal(
		mundo_error(&a, titular_call(&a, ROUTE_ID_notificacion_abrir, &act, &f)),
		"buzon-no-habilitado");
	assert_string_equal(mundo_error(&a, titular_call(&a, ROUTE_ID_documento, &doc, &f)),
		"buzon-no-habilitado");
	efirma_free(otro);
}

struct alteration {
	const char *name;
	void (*alter)(struct arena *a, struct received *rq);
	const char *error;
};

static void alter_body(struct arena *a, struct received *rq)
{
	char *body = arena_copy(a, rq->body.data, rq->body.size);

	body[rq->body.size - 3] ^= 1;
	rq->body.data = (unsigned char *)body;
}

static void alter_signature(struct arena *a, struct received *rq)
{
	char *s = arena_strdup(a, rq->signature);

	s[40] = s[40] == 'A' ? 'B' : 'A';
	rq->signature = s;
}

static void alter_host(struct arena *a, struct received *rq)
{
	(void)a;
	rq->host = "otro.prueba";
}

static void alter_digest(struct arena *a, struct received *rq)
{
	(void)a;
	rq->content_digest = "sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:";
}

static void drop_signature(struct arena *a, struct received *rq)
{
	(void)a;
	rq->signature = NULL;
}

static void alter_path(struct arena *a, struct received *rq)
{
	(void)a;
	rq->target = "/v1/acuse";
}

static void unknown_path(struct arena *a, struct received *rq)
{
	(void)a;
	rq->target = "/v1/nada";
}

static void use_get(struct arena *a, struct received *rq)
{
	(void)a;
	rq->method = "GET";
}

static void repeat(struct arena *a, struct received *rq)
{
	(void)a;
	rq->repeated = true;
}

static void encode(struct arena *a, struct received *rq)
{
	(void)a;
	rq->content_encoding = "gzip";
}

static void test_altered(void **state)
{
	static const struct alteration rows[] = {
		{"body", alter_body, "huella-invalida"},
		{"signature", alter_signature, "firma-invalida"},
		{"host", alter_host, "servidor-equivocado"},
		{"digest", alter_digest, "firma-invalida"},
		{"no signature", drop_signature, "firma-invalida"},
		{"path", alter_path, "firma-invalida"},
		{"unknown path", unknown_path, "ruta-desconocida"},
		{"method", use_get, "metodo-no-permitido"},
		{"repeated", repeat, "solicitud-invalida"},
		{"encoding", encode, "solicitud-invalida"},
	};
	struct m_documento_pedir doc = {.hat = {rfc, "propio"}, .folio = "BI-20260101-000000000"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		ARENA(a, 8 << 20);
		struct received rq =
			mundo_request(&mundo, &a, ROUTE_ID_documento, &doc, &by_fisica);

		rows[i].alter(&a, &rq);
		const char *error = mundo_error(&a, mundo_call(&mundo, &a, &rq));

		if (strcmp(error, rows[i].error) != 0)
			fail_msg("%s: %s, not %s", rows[i].name, error, rows[i].error);
	}
}

/* A body that is still valid JSON but not the signed one. */
static void test_other_body(void **state)
{
	ARENA(a, 8 << 20);
	struct m_documento_pedir doc = {.hat = {rfc, "propio"}, .folio = "BI-20260101-000000000"};
	struct m_documento_pedir other = {.hat = {rfc, "propio"}, .folio = "BI-20260101-000000001"};
	struct received rq = mundo_request(&mundo, &a, ROUTE_ID_documento, &doc, &by_fisica);

	(void)state;
	rq.body = mundo_request(&mundo, &a, ROUTE_ID_documento, &other, &by_fisica).body;
	assert_string_equal(mundo_error(&a, mundo_call(&mundo, &a, &rq)), "huella-invalida");
}

static void test_times(void **state)
{
	ARENA(a, 8 << 20);
	struct m_acuse_pedir read = {.hat = {rfc, "propio"}, .folio = "BI-20260101-000000000"};
	struct m_notificacion_abrir act = {.hat = {rfc, "propio"},
		.folio = "BI-20260101-000000000",
		.fecha_legal = "2026-01-02"};
	struct firma_de f = by_fisica;

	(void)state;
	f.created = mundo.now - 301000;
	f.expires = mundo.now + 300000;
	struct exchange *x = titular_call(&a, ROUTE_ID_acuse, &read, &f);

	assert_string_equal(mundo_error(&a, x), "reloj-desfasado");
	/* An act signed long ago and not expired is in time. */
	assert_string_equal(
		mundo_error(&a, titular_call(&a, ROUTE_ID_notificacion_abrir, &act, &f)),
		"no-existe");
	f.created = mundo.now + 302000;
	f.expires = f.created + 60000;
	assert_string_equal(
		mundo_error(&a, titular_call(&a, ROUTE_ID_notificacion_abrir, &act, &f)),
		"reloj-desfasado");
	f.created = mundo.now - 7200000;
	f.expires = mundo.now - 2000;
	assert_string_equal(
		mundo_error(&a, titular_call(&a, ROUTE_ID_notificacion_abrir, &act, &f)),
		"acto-vencido");
	f.created = mundo.now;
	f.expires = mundo.now + SERVE_ACT_MS + 2000;
	assert_string_equal(
		mundo_error(&a, titular_call(&a, ROUTE_ID_notificacion_abrir, &act, &f)),
		"campo-invalido");
}

/* What can't be verified spends its address's budget; what can does not (wire.md, Limits). */
static void test_budgets(void **state)
{
	ARENA(a, 16 << 20);
	struct m_acuse_pedir read = {.hat = {rfc, "propio"}, .folio = "BI-20260101-000000000"};
	struct received forged = mundo_request(&mundo, &a, ROUTE_ID_acuse, &read, &by_reading);

	(void)state;
	alter_signature(&a, &forged);
	mundo.config.presupuesto_direccion = 3;
	for (int i = 0; i < 6; i++)
		assert_string_equal(
			mundo_error(&a, titular_call(&a, ROUTE_ID_acuse, &read, &by_reading)),
			"no-existe");
	for (int i = 0; i < 3; i++)
		assert_string_equal(
			mundo_error(&a, mundo_call(&mundo, &a, &forged)), "firma-invalida");
	struct exchange *x = mundo_call(&mundo, &a, &forged);

	assert_string_equal(mundo_error(&a, x), "demasiadas-solicitudes");
	assert_true(x->retry_after_s > 0);
	mundo.config.presupuesto_direccion = 0;
	mundo.config.presupuesto_rfc = 2;
	for (int i = 0; i < 2; i++)
		titular_call(&a, ROUTE_ID_acuse, &read, &by_reading);
	const char *error = mundo_error(&a, titular_call(&a, ROUTE_ID_acuse, &read, &by_reading));

	mundo.config.presupuesto_rfc = 0;
	assert_string_equal(error, "demasiadas-solicitudes");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_strangers),
		cmocka_unit_test(test_not_enabled),
		cmocka_unit_test(test_not_enabled_acts),
		cmocka_unit_test(test_altered),
		cmocka_unit_test(test_other_body),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_budgets),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, titular_set_up, titular_tear_down);
}
