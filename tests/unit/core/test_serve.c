/*
 * Whole requests through serve_check and the writer: L-6.1, L-6.5, L-7.5, L-7.6, L-7.7, A-17.
 */
#include "base/secret.h"
#include "core/llaves.h"
#include "ley/acuse.h"
#include "ley/plazo.h"
#include "tests/help/cm.h"
#include "tests/help/core_titular.h"
#include "tests/help/pki.h"

static void test_enter_and_sync(void **state)
{
	ARENA(a, 8 << 20);
	struct m_sincronizar rq = {.hat = {rfc, "propio"}};
	const char *folio = mundo_aviso(&mundo, rfc, mundo_ready(&mundo));

	(void)state;
	const struct m_sincronizado *first =
		mundo_answer(&a, titular_call(&a, ROUTE_ID_sincronizar, &rq, &by_reading));

	assert_non_null(first);
	assert_non_null(first->calendario);
	assert_int_equal(first->notificaciones_count, 1);
	assert_string_equal(first->notificaciones[0].folio, folio);
	/* Before it is notified nothing of the document is told. */
	assert_null(first->notificaciones[0].sha256);
	assert_int_equal(first->notificaciones[0].bytes, 0);
	rq.cursor = first->cursor;
	const struct m_sincronizado *again =
		mundo_answer(&a, titular_call(&a, ROUTE_ID_sincronizar, &rq, &by_reading));

	assert_null(again->calendario);
	assert_int_equal(again->notificaciones_count, 0);
}

/* What is known of a signer is the request's own: its key may be forgotten before its rule runs. */
static void test_signer_outlives_its_key(void **state)
{
	ARENA(a, 8 << 20);
	struct m_activar rq = {.hat = {rfc, "propio"},
		.terminos = "0",
		.terminos_sha256 = "0",
		.privacidad = "0",
		.privacidad_sha256 = "0"};
	struct firma_de by = mundo_efirma(mundo.fisica);
	struct exchange x = {
		.arena = &a, .rq = mundo_request(&mundo, &a, ROUTE_ID_activar, &rq, &by)};
	struct llave *k;

	(void)state;
	assert_int_equal(serve_check(&mundo.server, &x), SERVE_ACT);
	assert_int_equal(llaves_get(mundo.server.llaves, mundo.hand, x.signer.huella, &k), OK);
	assert_ptr_not_equal(x.signer.n.data, k->signer.n.data);
	assert_ptr_not_equal(x.signer.der.data, k->signer.der.data);
	assert_ptr_not_equal(x.signer.emisor.data, k->signer.emisor.data);
	assert_ptr_not_equal(x.signer.nombre, k->signer.nombre);
	llaves_put(mundo.server.llaves, k);
	llaves_clear(mundo.server.llaves);
	assert_true(bytes_equal(x.signer.n, mundo.fisica->cert.rsa_n));
}

/* An aviso held to the next window is not shown before, and is shown then (L-7.3). */
static void test_sync_held_aviso(void **state)
{
	ARENA(a, 8 << 20);
	struct m_sincronizar rq = {.hat = {rfc, "propio"}};
	int64_t then = mundo.now + 20 * INT64_C(86400000);
	struct plazo_aviso held;
	const struct m_sincronizado *got;

	(void)state;
	assert_int_equal(plazo_de_aviso(&mundo.calendario, then, &held), OK);
	const char *folio = mundo_aviso(&mundo, rfc, then);

	mundo_aviso(&mundo, rfc, mundo_ready(&mundo));
	got = mundo_answer(&a, titular_call(&a, ROUTE_ID_sincronizar, &rq, &by_reading));
	for (size_t i = 0; i < got->notificaciones_count; i++)
		assert_string_not_equal(got->notificaciones[i].folio, folio);
	rq.cursor = got->cursor;
	int64_t now = mundo.now;

	mundo_at(&mundo, held.aviso);
	got = mundo_answer(&a, titular_call(&a, ROUTE_ID_sincronizar, &rq, &by_fisica));
	bool seen = false;

	for (size_t i = 0; i < got->notificaciones_count; i++)
		seen = seen || strcmp(got->notificaciones[i].folio, folio) == 0;
	assert_true(seen);
	mundo_at(&mundo, now);
}

static void assert_proved(struct arena *a, const struct m_acuse *acuse)
{
	struct acuse_proof proof;

	assert_int_equal(acuse_prove(a, acuse, mundo.trust, &proof), OK);
	for (size_t i = 0; i < proof.count; i++)
		if (!proof.checks[i].holds)
			fail_msg("%s: %s", proof.checks[i].what, proof.checks[i].detail);
	assert_true(proof.holds);
}

static void test_open(void **state)
{
	ARENA(a, 8 << 20);
	int64_t ready = mundo_ready(&mundo);
	const char *folio = mundo_aviso(&mundo, rfc, ready);
	struct m_documento_pedir doc = {.hat = {rfc, "propio"}, .folio = folio};
	struct m_notificacion_abrir rq = titular_opening(&a, folio, ready);
	struct plazo_aviso aviso;
	struct plazo_efecto efecto;

	(void)state;
	assert_string_equal(
		mundo_error(&a, titular_call(&a, ROUTE_ID_documento, &doc, &by_reading)),
		"documento-sin-abrir");
	const struct m_acuse *acuse =
		mundo_answer(&a, titular_call(&a, ROUTE_ID_notificacion_abrir, &rq, &by_fisica));

	assert_non_null(acuse);
	assert_proved(&a, acuse);
	assert_int_equal(plazo_de_aviso(&mundo.calendario, ready, &aviso), OK);
	assert_int_equal(plazo_de_apertura(&mundo.calendario, &aviso, mundo.now, 15, &efecto), OK);
	assert_int_equal(acuse->legal, efecto.notificada);
	const struct m_documento *got =
		mundo_answer(&a, titular_call(&a, ROUTE_ID_documento, &doc, &by_reading));

	assert_true(bytes_equal(got->datos, bytes_of_text("%PDF-1.7")));
	struct m_acuse_pedir again = {.hat = {rfc, "propio"}, .folio = acuse->folio};
	const struct m_acuse *kept =
		mundo_answer(&a, titular_call(&a, ROUTE_ID_acuse, &again, &by_reading));

	assert_true(bytes_equal(kept->sello, acuse->sello));
	assert_string_equal(
		mundo_error(&a, titular_call(&a, ROUTE_ID_notificacion_abrir, &rq, &by_fisica)),
		"ya-notificada");
}

/* Behind the fourth day's 09:30 it is notified by law: the document is readable, and an opening
 * would change nothing (7.5). */
static void test_lapse(void **state)
{
	ARENA(a, 8 << 20);
	int64_t ready = mundo.now - 20 * INT64_C(86400000);
	const char *folio = mundo_aviso(&mundo, rfc, ready);
	struct m_documento_pedir doc = {.hat = {rfc, "propio"}, .folio = folio};
	struct m_notificacion_abrir rq = titular_opening(&a, folio, ready);

	(void)state;
	assert_non_null(mundo_answer(&a, titular_call(&a, ROUTE_ID_documento, &doc, &by_reading)));
	assert_string_equal(
		mundo_error(&a, titular_call(&a, ROUTE_ID_notificacion_abrir, &rq, &by_fisica)),
		"notificacion-hecha");
}

static void test_effect_changed(void **state)
{
	ARENA(a, 8 << 20);
	int64_t ready = mundo_ready(&mundo);
	struct m_notificacion_abrir rq =
		titular_opening(&a, mundo_aviso(&mundo, rfc, ready), ready);

	(void)state;
	rq.fecha_legal = "2026-01-02";
	struct exchange *x = titular_call(&a, ROUTE_ID_notificacion_abrir, &rq, &by_fisica);

	assert_string_equal(mundo_error(&a, x), "efecto-cambiado");
	/* Nothing happened: the same notification can be opened with the right date. */
	rq.fecha_legal = mundo_fecha(&mundo, &a, ready);
	assert_non_null(
		mundo_answer(&a, titular_call(&a, ROUTE_ID_notificacion_abrir, &rq, &by_fisica)));
}

static void test_exactly_once(void **state)
{
	ARENA(a, 8 << 20);
	int64_t ready = mundo_ready(&mundo);
	int64_t now = mundo.now;
	struct m_notificacion_abrir rq =
		titular_opening(&a, mundo_aviso(&mundo, rfc, ready), ready);
	struct received signed_rq =
		mundo_request(&mundo, &a, ROUTE_ID_notificacion_abrir, &rq, &by_fisica);
	struct exchange *first = mundo_call(&mundo, &a, &signed_rq);

	(void)state;
	assert_int_equal(first->status, 200);
	mundo_restart(&mundo);
	mundo_at(&mundo, now + 100 * INT64_C(3600000)); /* long expired: a retry all the same */
	struct exchange *retry = mundo_call(&mundo, &a, &signed_rq);

	mundo_at(&mundo, now);
	assert_int_equal(retry->status, 200);
	assert_true(bytes_equal(first->answer, retry->answer));
}

static void test_nonce_of_another_act(void **state)
{
	ARENA(a, 8 << 20);
	int64_t ready = mundo_ready(&mundo);
	struct m_notificacion_abrir one =
		titular_opening(&a, mundo_aviso(&mundo, rfc, ready), ready);
	struct m_notificacion_abrir two =
		titular_opening(&a, mundo_aviso(&mundo, rfc, ready), ready);
	struct firma_de f = by_fisica;

	(void)state;
	memset(f.nonce, 7, sizeof(f.nonce));
	assert_int_equal(titular_call(&a, ROUTE_ID_notificacion_abrir, &one, &f)->status, 200);
	assert_string_equal(
		mundo_error(&a, titular_call(&a, ROUTE_ID_notificacion_abrir, &two, &f)),
		"nonce-usado");
}

/* A refusal is the act's answer too: the same bytes are refused the same way. */
static void test_refusal_is_kept(void **state)
{
	ARENA(a, 8 << 20);
	struct m_notificacion_abrir rq = {.hat = {rfc, "propio"},
		.folio = "BI-20260101-000000000",
		.fecha_legal = "2026-01-02"};
	struct received signed_rq =
		mundo_request(&mundo, &a, ROUTE_ID_notificacion_abrir, &rq, &by_fisica);
	struct exchange *first = mundo_call(&mundo, &a, &signed_rq);

	(void)state;
	assert_string_equal(mundo_error(&a, first), "no-existe");
	struct exchange *retry = mundo_call(&mundo, &a, &signed_rq);

	assert_true(bytes_equal(first->answer, retry->answer));
}

static void test_twins_in_a_group(void **state)
{
	ARENA(a, 8 << 20);
	int64_t ready = mundo_ready(&mundo);
	struct m_notificacion_abrir rq =
		titular_opening(&a, mundo_aviso(&mundo, rfc, ready), ready);
	struct received signed_rq =
		mundo_request(&mundo, &a, ROUTE_ID_notificacion_abrir, &rq, &by_fisica);
	struct exchange *xs[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		xs[i] = arena_zalloc(&a, sizeof(*xs[i]));
		xs[i]->arena = &a;
		xs[i]->rq = signed_rq;
		assert_int_equal(serve_check(&mundo.server, xs[i]), SERVE_ACT);
	}
	writer_group(mundo.writer, xs, 2);
	assert_int_equal(xs[0]->status, 200);
	assert_true(bytes_equal(xs[0]->answer, xs[1]->answer));
}

/* Two acts for one notification in one group: the second is told so, each keeps its answer. */
static void test_opened_twice_in_a_group(void **state)
{
	ARENA(a, 8 << 20);
	int64_t ready = mundo_ready(&mundo);
	struct m_notificacion_abrir rq =
		titular_opening(&a, mundo_aviso(&mundo, rfc, ready), ready);
	struct received signed_rqs[2];
	struct exchange *xs[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		signed_rqs[i] =
			mundo_request(&mundo, &a, ROUTE_ID_notificacion_abrir, &rq, &by_fisica);
		xs[i] = arena_zalloc(&a, sizeof(*xs[i]));
		xs[i]->arena = &a;
		xs[i]->rq = signed_rqs[i];
		assert_int_equal(serve_check(&mundo.server, xs[i]), SERVE_ACT);
	}
	writer_group(mundo.writer, xs, 2);
	assert_int_equal(xs[0]->status, 200);
	assert_string_equal(mundo_error(&a, xs[1]), err_wire(ERR_ALREADY_OPENED));
	for (int i = 0; i < 2; i++)
		assert_true(
			bytes_equal(mundo_call(&mundo, &a, &signed_rqs[i])->answer, xs[i]->answer));
}

static void test_group_of_many(void **state)
{
	enum { N = 60 };
	ARENA(a, 64 << 20);
	const char *folios[N];
	struct exchange **xs = titular_group(&a, N);

	(void)state;
	for (int i = 0; i < N; i++) {
		const struct m_acuse *m = mundo_answer(&a, xs[i]);

		assert_non_null(m);
		assert_proved(&a, m);
		folios[i] = m->folio;
		/* A bumped folio is not the legal time. */
		assert_int_equal(m->recibido, mundo.now);
		for (int j = 0; j < i; j++)
			assert_string_not_equal(folios[i], folios[j]);
	}
}

static void test_replayed_read(void **state)
{
	ARENA(a, 8 << 20);
	struct m_acuse_pedir read = {.hat = {rfc, "propio"}, .folio = "BI-20260101-000000000"};
	struct received rq = mundo_request(&mundo, &a, ROUTE_ID_acuse, &read, &by_reading);

	(void)state;
	assert_string_equal(mundo_error(&a, mundo_call(&mundo, &a, &rq)), "no-existe");
	assert_string_equal(mundo_error(&a, mundo_call(&mundo, &a, &rq)), "nonce-usado");
}

static void test_reading_key_ends(void **state)
{
	ARENA(a, 8 << 20);
	struct m_acuse_pedir read = {.hat = {rfc, "propio"}, .folio = "BI-20260101-000000000"};
	int64_t now = mundo.now;

	(void)state;
	mundo_at(&mundo, now + 13 * INT64_C(3600000));
	const char *error = mundo_error(&a, titular_call(&a, ROUTE_ID_acuse, &read, &by_reading));

	mundo_at(&mundo, now);
	assert_string_equal(error, "llave-desconocida");
}

/* Each answer is newer than the one before. */
static void set_revoked(int64_t at)
{
	static int64_t newer;
	ARENA(a, 1 << 20);
	struct in_certificado_ocsp in = {.ocsp = bytes_of_text("x"),
		.ocsp_desde = mundo.now + newer++,
		.ocsp_hasta = mundo.now + 1000,
		.revocado = at,
		.huella = mundo.fisica->cert.thumbprint};

	assert_int_equal(q_certificado_ocsp(mundo.hand, &in, &a, NULL), OK);
	llaves_drop(mundo.server.llaves, mundo.fisica->cert.thumbprint);
}

static void test_revoked(void **state)
{
	ARENA(a, 8 << 20);
	struct m_acuse_pedir read = {.hat = {rfc, "propio"}, .folio = "BI-20260101-000000000"};

	(void)state;
	set_revoked(mundo.now - 1000);
	const char *error = mundo_error(&a, titular_call(&a, ROUTE_ID_acuse, &read, &by_reading));

	set_revoked(0);
	assert_string_equal(error, "certificado-revocado");
	assert_string_equal(
		mundo_error(&a, titular_call(&a, ROUTE_ID_acuse, &read, &by_reading)), "no-existe");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_enter_and_sync),
		cmocka_unit_test(test_signer_outlives_its_key),
		cmocka_unit_test(test_sync_held_aviso),
		cmocka_unit_test(test_open),
		cmocka_unit_test(test_lapse),
		cmocka_unit_test(test_effect_changed),
		cmocka_unit_test(test_exactly_once),
		cmocka_unit_test(test_nonce_of_another_act),
		cmocka_unit_test(test_refusal_is_kept),
		cmocka_unit_test(test_twins_in_a_group),
		cmocka_unit_test(test_opened_twice_in_a_group),
		cmocka_unit_test(test_group_of_many),
		cmocka_unit_test(test_replayed_read),
		cmocka_unit_test(test_reading_key_ends),
		cmocka_unit_test(test_revoked),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, titular_set_up, titular_tear_down);
}
