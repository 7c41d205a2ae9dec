/*
 * Every route with its n-th allocation failing, for every n: ours, OpenSSL's, cJSON's and SQLite's.
 * The answer is whole or a 503 that left nothing half done, and the next request works.
 */
#include "base/mem.h"
#include "base/db_mem.h"
#include "base/secret.h"
#include "tests/help/cm.h"
#include "tests/help/core_representa.h"
#include "tests/help/ossl_mem.h"
#include "tests/help/pki.h"

static int64_t ready;

static int set_up(void **state)
{
	int failed = representa_set_up(state);

	ready = mundo_ready(&mundo);
	return failed;
}

/* What one round asks, and what must hold if it was refused. */
struct round {
	enum route route;
	const void *message;
	const struct firma_de *by;
	bool cold; /* keys and statements read again each time */
};

static bool stored(const struct exchange *x)
{
	ARENA(a, 1 << 20);
	struct in_acto in = {.nonce = x->sig.nonce, .llave = x->sig.keyid};
	struct out_acto row;

	return x->sig.nonce.size != 0 && q_acto(mundo.hand, &in, &a, &row) == OK;
}

/* True when the n-th allocation was never asked for: all of them were tried. */
static bool fail_at(const struct round *r, long n, int *ret_status)
{
	ARENA(a, 16 << 20);
	struct received rq = mundo_request(&mundo, &a, r->route, r->message, r->by);
	struct exchange *x = arena_zalloc(&a, sizeof(*x));

	assert_non_null(x);
	x->arena = &a;
	x->rq = rq;
	if (r->cold)
		mundo_restart(&mundo);
	mem_fail_at(n);
	if (serve_check(&mundo.server, x) == SERVE_ACT)
		writer_group(mundo.writer, &x, 1);
	bool over = mem_count() < n;

	mem_fail_at(0);
	if (x->status != 200 && x->status != 503)
		fail_msg("allocation %ld: status %d %.*s", n, x->status, (int)x->answer.size,
			x->answer.data);
	if (x->status == 503 && stored(x))
		fail_msg("allocation %ld: refused but kept", n);
	if (x->status == 200)
		assert_non_null(mundo_answer(&a, x));
	*ret_status = x->status;
	return over;
}

static void fail_everywhere(const struct round *r)
{
	int status = 0;
	long n = 1;

	while (!fail_at(r, n, &status))
		n++;
	assert_int_equal(status, 200);
	assert_true(n > 20);
}

static void test_entrar(void **state)
{
	unsigned char raw[32];
	struct m_entrar m = {.hat = {rfc, "propio"},
		.certificado = mundo.fisica->cert.der,
		.llave_lectura = bytes_of(raw, 32),
		.version = 1};

	(void)state;
	assert_int_equal(key_public_ed25519(by_reading.key, raw), OK);
	fail_everywhere(&(struct round){ROUTE_ID_entrar, &m, &by_fisica, false});
}

static void test_sincronizar(void **state)
{
	struct m_sincronizar m = {.hat = {rfc, "propio"}};

	(void)state;
	mundo_aviso(&mundo, rfc, ready);
	fail_everywhere(&(struct round){ROUTE_ID_sincronizar, &m, &by_reading, false});
	fail_everywhere(&(struct round){ROUTE_ID_sincronizar, &m, &by_reading, true});
}

static bool is_open(const char *folio)
{
	ARENA(a, 1 << 20);
	struct in_notificacion in = {.folio = folio, .titular = rfc};
	struct out_notificacion row;

	assert_int_equal(q_notificacion(mundo.hand, &in, &a, &row), OK);
	return row.abierta != 0;
}

static void test_notificacion_abrir(void **state)
{
	ARENA(a, 8 << 20);
	struct m_notificacion_abrir m = titular_opening(&a, mundo_aviso(&mundo, rfc, ready), ready);
	struct round r = {ROUTE_ID_notificacion_abrir, &m, &by_fisica, false};
	int status = 0;
	bool over = false;

	(void)state;
	for (long n = 1; !over; n++) {
		over = fail_at(&r, n, &status);
		/* Opened exactly when it was answered so. */
		assert_int_equal(is_open(m.folio), status == 200);
		if (status == 200)
			m.folio = mundo_aviso(&mundo, rfc, ready);
	}
	assert_int_equal(status, 200);
}

static const char *open_one(void)
{
	ARENA(a, 8 << 20);
	struct m_notificacion_abrir m = titular_opening(&a, mundo_aviso(&mundo, rfc, ready), ready);
	struct received rq = mundo_request(&mundo, &a, ROUTE_ID_notificacion_abrir, &m, &by_fisica);
	const struct m_acuse *acuse = mundo_answer(&a, mundo_call(&mundo, &a, &rq));

	assert_non_null(acuse);
	return arena_strdup(&mundo.arena, arena_printf(&a, "%s %s", m.folio, acuse->folio));
}

static void test_documento_and_acuse(void **state)
{
	ARENA(a, 1 << 20);
	char *folios = arena_strdup(&a, open_one());
	char *blank = strchr(folios, ' ');

	(void)state;
	*blank = '\0';
	struct m_documento_pedir doc = {.hat = {rfc, "propio"}, .folio = folios};
	struct m_acuse_pedir acuse = {.hat = {rfc, "propio"}, .folio = blank + 1};

	fail_everywhere(&(struct round){ROUTE_ID_documento, &doc, &by_reading, false});
	fail_everywhere(&(struct round){ROUTE_ID_acuse, &acuse, &by_reading, false});
}

/* ---- representatives: named, accepted and ended exactly when it was answered so ---- */

static struct out_representacion row_of(struct arena *a, const char *folio)
{
	struct in_representacion in = {.folio = folio, .titular = rfc};
	struct out_representacion row;

	assert_int_equal(q_representacion(mundo.hand, &in, a, &row), OK);
	return row;
}

static bool is_named(void)
{
	ARENA(a, 65536);
	struct in_representacion_abierta in = {
		.titular = rfc, .representante = representa_maria->cert.rfc, .ahora = mundo.now};
	struct out_representacion_abierta row;

	return q_representacion_abierta(mundo.hand, &in, &a, &row) == OK;
}

/* How many menus María is let into now. */
static size_t mandates(void)
{
	ARENA(a, 65536);
	struct in_mandatos in = {
		.titular = rfc, .representante = representa_maria->cert.rfc, .ahora = mundo.now};
	struct out_mandatos *list;
	size_t count;

	assert_int_equal(q_mandatos_all(mundo.hand, &in, 20, &a, &list, &count), OK);
	return count;
}

static void test_representante_alta(void **state)
{
	ARENA(a, 8 << 20);
	struct representa r = {mundo.fisica, representa_maria,
		"notificaciones:preparar medios:leer", 0, mundo.now + 3600000};
	struct round round = {
		ROUTE_ID_representante_alta, representa_request(&a, &r), &by_fisica, false};
	int status = 0;
	bool over = false;

	for (long n = 1; !over; n++) {
		over = fail_at(&round, n, &status);
		assert_int_equal(is_named(), status == 200);
		assert_int_equal(mandates(), status == 200 ? 2 : 0);
		if (status == 200)
			representa_clear(state);
	}
	assert_int_equal(status, 200);
}

static void test_representante_aceptar(void **state)
{
	ARENA(a, 32 << 20);
	struct representa r = {
		mundo.fisica, representa_maria, "notificaciones:firmar medios:abrir", 0, 0};
	struct firma_de by = mundo_efirma(r.a);
	struct m_representante_aceptar m = {.hat = {rfc, "representante"}};
	struct round round = {ROUTE_ID_representante_aceptar, &m, &by, false};
	int status = 200;
	bool over = false;

	for (long n = 1; !over; n++) {
		if (status == 200) {
			representa_clear(state);
			const struct m_acuse *first = mundo_answer(&a, representa_alta(&a, &r));

			assert_non_null(first);
			m.folio = first->folio;
			m.base_sha256 = representa_base(&a, first);
		}
		over = fail_at(&round, n, &status);
		assert_int_equal(row_of(&a, m.folio).aceptada != 0, status == 200);
		assert_int_equal(mandates(), status == 200 ? 2 : 0);
	}
	assert_int_equal(status, 200);
	representa_clear(state);
}

static void test_representante_baja(void **state)
{
	ARENA(a, 32 << 20);
	struct representa r = {mundo.fisica, representa_maria, "medios:leer", 0, 0};
	struct firma_de by = mundo_efirma(r.a);
	struct m_representante_baja m = {.hat = {rfc, "representante"}};
	struct round round = {ROUTE_ID_representante_baja, &m, &by, false};
	int status = 200;
	bool over = false;

	for (long n = 1; !over; n++) {
		if (status == 200) {
			representa_clear(state);
			m.folio = representa_vigente(&a, &r);
			mundo_at(&mundo, mundo.now + 1);
		}
		over = fail_at(&round, n, &status);
		assert_int_equal(row_of(&a, m.folio).termino != 0, status == 200);
		assert_int_equal(mandates(), status != 200);
	}
	assert_int_equal(status, 200);
	representa_clear(state);
}

/* Both lists of a cuenta, of either side. */
static void test_sincronizar_with_representatives(void **state)
{
	ARENA(a, 8 << 20);
	struct representa one = {mundo.fisica, representa_maria, "notificaciones:leer", 0, 0};
	struct representa two = {mundo.moral, mundo.fisica, "medios:leer", 0, 0};
	struct m_sincronizar m = {.hat = {rfc, "propio"}};
	struct firma_de by = mundo_efirma(representa_maria);

	representa_vigente(&a, &one);
	representa_vigente(&a, &two);
	fail_everywhere(&(struct round){ROUTE_ID_sincronizar, &m, &by_reading, false});
	m.hat.calidad = "representante";
	fail_everywhere(&(struct round){ROUTE_ID_sincronizar, &m, &by, false});
	representa_clear(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entrar),
		cmocka_unit_test(test_sincronizar),
		cmocka_unit_test(test_notificacion_abrir),
		cmocka_unit_test(test_documento_and_acuse),
		cmocka_unit_test(test_representante_alta),
		cmocka_unit_test(test_representante_aceptar),
		cmocka_unit_test(test_representante_baja),
		cmocka_unit_test(test_sincronizar_with_representatives),
	};
	struct secret_status status;

	ossl_mem_hook();
	if (db_setup() != OK || secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, set_up, representa_tear_down);
}
