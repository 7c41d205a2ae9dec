/* Requests as they leave: what the other end parses is what was signed. */
#include "tests/help/cm.h"

#include "net/request.h"
#include "tests/help/pki.h"

#define MB (1 << 20)

static void test_server(void **state)
{
	static const struct {
		const char *url;
		const char *base; /* NULL: refused */
		const char *authority;
	} cases[] = {
		{"https://buzon.mx", "https://buzon.mx", "buzon.mx"},
		{"https://BUZON.mx:443/", "https://buzon.mx", "buzon.mx"},
		{"https://buzon.mx:8443", "https://buzon.mx:8443", "buzon.mx:8443"},
		{"http://127.0.0.1:80", "http://127.0.0.1", "127.0.0.1"},
		{"http://[::1]:8080/", "http://[::1]:8080", "[::1]:8080"},
		{"http://localhost:9", "http://localhost:9", "localhost:9"},
		{"http://127.0.0.1.mx:80", NULL, NULL},
		{"http://buzon.mx", NULL, NULL},
		{"ftp://buzon.mx", NULL, NULL},
		{"https://", NULL, NULL},
		{"https://buzon.mx:", NULL, NULL},
		{"https://buzon.mx:0", NULL, NULL},
		{"https://buzon.mx:65536", NULL, NULL},
		{"https://buzon.mx/x", NULL, NULL},
		{"https://buzon.mx?x", NULL, NULL},
		{"https://a@buzon.mx", NULL, NULL},
		{"https://[::1", NULL, NULL},
		{"https://ñ.mx", NULL, NULL},
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		ARENA(a, MB);
		const char *base = NULL;
		const char *authority = NULL;
		enum err e = request_server(&a, cases[i].url, &base, &authority);

		assert_int_equal(e, cases[i].base != NULL ? OK : ERR_BAD_FIELD);
		if (e != OK)
			continue;
		assert_string_equal(base, cases[i].base);
		assert_string_equal(authority, cases[i].authority);
	}
}

/* Whoever acts for another than the profile's says so in the request (A-16). */
static void test_own_hat(void **state)
{
	ARENA(a, MB);
	const struct m_hat hat = {"PEÑJ800101AB1", "propio"};
	struct m_representante_aceptar rq = {
		.hat = {"FÑ&010203AB1", "representante"}, .folio = "R", .base_sha256 = "00"};
	struct m_representante_aceptar back;
	struct bytes body;

	(void)state;
	assert_int_equal(request_body(&a, ROUTE_ID_representante_aceptar, &rq, &hat, &body), OK);
	assert_int_equal(
		codec_decode(&a, &message_representante_aceptar, CODEC_STRICT, body, &back, NULL),
		OK);
	assert_string_equal(back.hat.titular, "FÑ&010203AB1");
	assert_string_equal(back.hat.calidad, "representante");
}

/* wire.md "Requests": signed here, parsed and verified as the server does. */
static void test_round_trip(void **state)
{
	ARENA(a, 4 * MB);
	AUTO(efirma) f = pki_efirma("fisica");
	AUTO(key) public = NULL;
	struct m_notificacion_abrir rq = {
		.folio = "BI-20261109-101500114", .fecha_legal = "2026-11-12"};
	struct m_notificacion_abrir back;
	struct m_hat hat = {f->cert.rfc, "propio"};
	int64_t now = INT64_C(1794500000123);
	struct request_signer signer = {f->key, f->cert.thumbprint, now, now + 3600000};
	struct bytes body;
	struct request r, r2;
	struct httpsig got;

	(void)state;
	assert_int_equal(request_body(&a, ROUTE_ID_notificacion_abrir, &rq, &hat, &body), OK);
	assert_int_equal(
		codec_decode(&a, &message_notificacion_abrir, CODEC_STRICT, body, &back, NULL), OK);
	assert_string_equal(back.hat.titular, f->cert.rfc);
	assert_string_equal(back.hat.calidad, "propio");
	assert_null(rq.hat.titular);
	assert_int_equal(request_sign(&a, "https://Buzon.MX:443/", ROUTE_ID_notificacion_abrir,
				 body, &signer, &r),
		OK);
	assert_string_equal(r.url, "https://buzon.mx/v1/notificacion_abrir");
	assert_string_equal(r.rq.authority, "buzon.mx");
	assert_int_equal(httpsig_check_digest(&a, r.rq.content_digest, body), OK);
	assert_int_equal(httpsig_parse(&a, &r.rq, &got), OK);
	assert_true(bytes_equal(got.base, r.sig.base));
	assert_int_equal(got.created, now / 1000);
	assert_int_equal(got.expires, now / 1000 + 3600);
	assert_string_equal(got.keyid, f->cert.thumbprint);
	assert_int_equal(key_of_cert(&f->cert, &public), OK);
	assert_int_equal(key_verify(public, got.base, got.signature), OK);
	/* A second one is another act. */
	assert_int_equal(request_sign(&a, "https://buzon.mx", ROUTE_ID_notificacion_abrir, body,
				 &signer, &r2),
		OK);
	assert_false(bytes_equal(r.sig.nonce, r2.sig.nonce));
	const char *const *h = request_headers(&a, &r.rq);

	assert_non_null(h);
	assert_string_equal(h[0], "Content-Type: application/json");
	assert_int_equal(strncmp(h[1], "Content-Digest: sha-256=:", 25), 0);
	assert_int_equal(strncmp(h[2], "Signature-Input: buzon=(", 24), 0);
	assert_int_equal(strncmp(h[3], "Signature: buzon=:", 18), 0);
	assert_null(h[4]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_server),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_own_hat),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
