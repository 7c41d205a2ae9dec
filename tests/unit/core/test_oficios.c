/*
 * Issuing acts: who may, of what, to whom, signed how, and what comes of it.
 * L-7.1 (signed by the competent public servant), L-7.2 L-7.3 (when its aviso goes out), L-4.3
 * (only what is available), L-6.2, L-7.9, L-10 (nothing is told before it is notified)
 */
#include <stdlib.h>
#include <string.h>
#include "base/secret.h"
#include "core/oficios.h"
#include "ley/folio.h"
#include "ley/hora.h"
#include "tests/help/cm.h"
#include "tests/help/core_oficio.h"
#include "tests/help/dia.h"

static const char *emite(struct m_oficio_emitir *m)
{
	ARENA(a, 8 << 20);

	return arena_strdup(&mundo.arena, mundo_error(&a, oficio_emite(&a, m)));
}

static int64_t issued(void)
{
	return lote_number(&mundo, "SELECT COUNT(*) FROM notificacion");
}

/* The field that the refusal names. */
static const char *campo(struct m_oficio_emitir *m)
{
	ARENA(a, 8 << 20);
	struct m_fallo f = {0};
	struct exchange *x = oficio_emite(&a, m);

	assert_int_not_equal(x->status, 200);
	assert_int_equal(codec_decode(&a, &message_fallo, CODEC_TOLERANT, x->answer, &f, NULL), OK);
	return arena_strdup(&mundo.arena, f.campo != NULL ? f.campo : "");
}

/* ---- it works ---- */

/* L-7.1: its folio is that of its acuse, which binds document, signature and addressee. */
static void test_issue(void **state)
{
	ARENA(a, 8 << 20);
	struct m_oficio_emitir m = oficio_de("A/1");
	struct out_oficio row;

	(void)state;
	m.periodo = "septiembre de 2026";
	m.importe = "$1.00";
	m.subdelegacion = "Subdelegación Norte";
	struct exchange *x = oficio_emite(&a, &m);
	const struct m_acuse *acuse = mundo_answer(&a, x);

	assert_non_null(acuse);
	assert_true(folio_valid(acuse->folio));
	assert_string_equal(acuse->calidad, "funcionario");
	assert_string_equal(acuse->titular, rfc);
	assert_string_equal(acuse->firmante, mundo.funcionario->cert.rfc);
	assert_int_equal(acuse_verify(&a, acuse, mundo.trust), OK);
	struct in_oficio in = {.folio = acuse->folio, .titular = rfc};

	assert_int_equal(q_oficio(mundo.hand, &in, &a, &row), OK);
	assert_string_equal(row.archivo, m.sha256);
	assert_int_equal(row.emitida, mundo.now);
	assert_int_equal(row.aviso, 0);
	assert_int_equal(row.vence, 0);
	assert_string_equal(row.firmante, mundo.funcionario->cert.rfc);
	assert_true(row.sale >= mundo.now);
	assert_int_equal(strncmp(oficio_sucesos(acuse->folio), "emitida", 7), 0);
	assert_int_equal(lote_number(&mundo,
				 "SELECT COUNT(*) FROM acuse WHERE folio = '%s' AND ambito = '%s'",
				 acuse->folio, OFICIOS_EMISION),
		1);
	assert_int_equal(
		lote_number(&mundo, "SELECT COUNT(*) FROM tarea WHERE clase = 'aviso'"), 1);
}

/* What its public servant signed stands beside the bytes, and proves itself. */
static void test_document(void **state)
{
	ARENA(a, 8 << 20);
	struct m_oficio_emitir m = oficio_de("A/2");
	const char *folio = oficio_emitido(&m);
	struct in_archivo_parte in = {.desde = 1, .folio = folio, .titular = rfc};
	struct out_archivo_parte part;
	struct acuse_proof proof;

	(void)state;
	assert_int_equal(q_archivo_parte(mundo.hand, &in, &a, &part), OK);
	assert_true(bytes_equal(part.datos, bytes_of_text(OFICIO_PDF)));
	const struct documento_firmado d = {.folio = folio,
		.titular = rfc,
		.sha256 = m.sha256,
		.cadena = part.cadena,
		.firma = part.firma,
		.certificado = part.certificado};

	assert_int_equal(documento_prove(&a, &d, mundo.trust, &proof), OK);
	assert_true(proof.holds);
}

/* The term is the kind's, unless the act says another; the RP is the addressee's. */
static void test_terms_and_rp(void **state)
{
	struct m_oficio_emitir m = oficio_de("A/3");

	(void)state;
	oficio_emitido(&m);
	assert_int_equal(lote_number(&mundo, "SELECT plazo_dias FROM notificacion"), 15);
	m = oficio_de("A/4");
	m.plazo_dias = 5;
	oficio_emitido(&m);
	assert_int_equal(
		lote_number(&mundo, "SELECT plazo_dias FROM notificacion WHERE oficio = 'A/4'"), 5);
	m = oficio_de("A/5");
	m.rp = "Y54-12345-10-9";
	assert_string_equal(emite(&m), "rp-desconocido");
	lote_do(&mundo,
		"INSERT INTO registro_patronal (rfc, rp, parte) SELECT '%s', 'Y5412345109', parte_de('%s')",
		rfc, rfc);
	m.firma.size = 0;
	oficio_emitido(&m);
	assert_string_equal(lote_text(&mundo, "SELECT rp FROM notificacion WHERE oficio = 'A/5'"),
		"Y5412345109");
	m.oficio = "A/6";
	m.rp = "*";
	m.firma.size = 0;
	assert_string_equal(campo(&m), "rp");
}

/* L-7.2 L-7.3: outside the window its aviso is held to the next one. */
static void test_window(void **state)
{
	static const struct {
		const char *ready;
		const char *aviso;
	} cases[] = {
		{"2026-11-12 09:29:59.999", "2026-11-12 09:30"},
		{"2026-11-12 09:30", "2026-11-12 09:30"},
		{"2026-11-12 18:00", "2026-11-12 18:00"},
		{"2026-11-12 18:00:00.001", "2026-11-13 09:30"},
		{"2026-11-13 20:00", "2026-11-17 09:30"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct m_oficio_emitir m = oficio_de(arena_printf(&mundo.arena, "V/%zu", i));

		m.aviso = zc(cases[i].ready);
		const char *folio = oficio_emitido(&m);

		assert_true(lote_number(&mundo, "SELECT aviso FROM notificacion WHERE folio = '%s'",
				    folio) == zc(cases[i].aviso));
	}
	/* Thu 12; Fri 13, (Mon 16 holiday) Tue 17, Wed 18; lapse on Thu 19 at 09:30. */
	assert_true(lote_number(&mundo, "SELECT vence FROM notificacion WHERE oficio = 'V/1'") ==
		    zc("2026-11-19 09:30"));
}

/* A root that is nobody's test. */
static struct trust *real_trust(void)
{
	ARENA(a, 8192);
	const char *d = mundo.folder;
	struct trust *t = NULL;

	assert_int_equal(
		system(arena_printf(&a,
			"mkdir -p %s/real/raices && openssl req -x509 -newkey rsa:2048 -nodes "
			"-days 9 -subj /CN=Raiz -outform DER -keyout %s/real/llave "
			"-out %s/real/raices/raiz.cer 2>/dev/null",
			d, d, d)),
		0);
	assert_int_equal(trust_open(arena_printf(&a, "%s/real", d), &t), OK);
	assert_false(trust_is_test(t));
	return t;
}

/* Only with a trust folder of tests may an act say that its aviso was sent. */
static void test_no_given_aviso(void **state)
{
	struct m_oficio_emitir m = oficio_de("R/1");
	struct trust *test = mundo.trust;
	struct trust *real = real_trust();

	(void)state;
	mundo.server.trust = real;
	m.aviso = mundo.now;
	const char *got = campo(&m);

	mundo.server.trust = test;
	trust_free(real);
	assert_string_equal(got, "aviso");
	assert_int_equal(issued(), 0);
}

/* ---- refused ---- */

/* L-7.1: nobody whose role does not say so, of that act and of that kind. */
static void test_roles(void **state)
{
	const char *some[] = {"R-7.2", "R-7.3"};
	struct m_oficio_emitir m = oficio_de("F/1");

	(void)state;
	oficio_facultades(FACULTADES_TODAS & ~(1U << FACULTAD_EMITIR), NULL, 0);
	assert_string_equal(emite(&m), "sin-facultades");
	oficio_facultades(0, NULL, 0);
	assert_string_equal(emite(&m), "sin-facultades");
	oficio_facultades(1U << FACULTAD_EMITIR, some, COUNT_OF(some));
	assert_string_equal(emite(&m), "sin-facultades");
	assert_string_equal(campo(&m), "tipo");
	assert_int_equal(issued(), 0);
	m.tipo = "R-7.3";
	assert_string_equal(emite(&m), "");
	assert_int_equal(issued(), 1);
}

/* L-4.3: a kind that nobody knows, and one that is not offered yet. */
static void test_kinds(void **state)
{
	struct m_oficio_emitir m = oficio_de("K/1");

	(void)state;
	m.tipo = "R-7.99";
	assert_string_equal(emite(&m), "tipo-desconocido");
	m.tipo = "R-7.5";
	assert_string_equal(emite(&m), "tipo-por-ofrecerse");
	assert_int_equal(issued(), 0);
}

static void test_addressee(void **state)
{
	struct m_oficio_emitir m = oficio_de("D/1");

	(void)state;
	m.hat.titular = "AINL900214QX6";
	assert_string_equal(emite(&m), "rfc-no-registrado");
	assert_int_equal(issued(), 0);
}

/* The same oficio to the same RFC is one act; to another it is another, and after a withdrawal. */
static void test_repeated(void **state)
{
	ARENA(a, 8 << 20);
	struct m_oficio_emitir m = oficio_de("X/1");
	struct m_oficio_emitir other = oficio_de("X/1");
	const char *folio;

	(void)state;
	folio = oficio_emitido(&m);
	m.firma.size = 0;
	assert_string_equal(emite(&m), "oficio-repetido");
	assert_string_equal(campo(&m), "oficio");
	other.hat.titular = mundo.moral->cert.rfc;
	assert_string_equal(emite(&other), "");
	struct m_oficio_retirar back = {
		.hat = {rfc, "funcionario"}, .folio = folio, .motivo = "Error en el importe"};

	assert_string_equal(oficio_pide(&a, ROUTE_ID_oficio_retirar, &back), "");
	m.firma.size = 0;
	assert_string_equal(emite(&m), "");
	assert_int_equal(issued(), 3);
}

/* Twice in one group of acts: the second sees the first. */
static void test_repeated_in_one_group(void **state)
{
	ARENA(a, 16 << 20);
	struct exchange *xs[2];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(xs); i++) {
		struct m_oficio_emitir m = oficio_de("G/1");

		oficio_firma(&a, &m, mundo.funcionario);
		xs[i] = arena_zalloc(&a, sizeof(*xs[i]));
		xs[i]->arena = &a;
		xs[i]->rq = mundo_request(&mundo, &a, ROUTE_ID_oficio_emitir, &m, &by_funcionario);
		assert_int_equal(serve_check(&mundo.server, xs[i]), SERVE_ACT);
	}
	writer_group(mundo.writer, xs, COUNT_OF(xs));
	assert_string_equal(mundo_error(&a, xs[0]), "");
	assert_string_equal(mundo_error(&a, xs[1]), "oficio-repetido");
	assert_int_equal(issued(), 1);
}

/* L-7.1: the document is signed by who sends it, for that addressee, of those bytes, then. */
static void test_signature(void **state)
{
	ARENA(a, 8 << 20);
	struct m_oficio_emitir m = oficio_de("S/1");

	(void)state;
	oficio_firma(&a, &m, mundo.fisica);
	assert_string_equal(campo(&m), "firma");
	oficio_firma(&a, &m, mundo.funcionario);
	m.hat.titular = mundo.moral->cert.rfc;
	assert_string_equal(campo(&m), "firma");
	m.hat.titular = rfc;
	m.oficio = "S/2";
	assert_string_equal(campo(&m), "firma");
	m = oficio_de("S/3");
	m.fecha = "ayer";
	m.firma = bytes_of_text("x");
	assert_string_equal(campo(&m), "fecha");
	m = oficio_de("S/4");
	m.fecha = hora_text(&a, zona_centro(), mundo.now + 600000, HORA_CADENA);
	oficio_firma(&a, &m, mundo.funcionario);
	assert_string_equal(campo(&m), "fecha");
	m = oficio_de("S/5");
	m.fecha = hora_text(
		&a, zona_centro(), mundo.funcionario->cert.not_before - 1000, HORA_CADENA);
	oficio_firma(&a, &m, mundo.funcionario);
	assert_string_equal(campo(&m), "fecha");
	assert_int_equal(issued(), 0);
}

/* A file that nobody, or somebody else, brought. */
static void test_file(void **state)
{
	struct m_oficio_emitir m = oficio_de("P/1");

	(void)state;
	m.sha256 = oficio_sube(rfc, "%PDF-1.4 de otra persona");
	assert_string_equal(emite(&m), "archivo-sin-subir");
	assert_string_equal(campo(&m), "sha256");
	assert_int_equal(issued(), 0);
	assert_int_equal(lote_number(&mundo, "SELECT COUNT(*) FROM acuse"), 0);
}

/* A bulk issue is not held back by what is enough for a person. */
static void test_budget(void **state)
{
	ARENA(a, 16 << 20);
	struct m_sincronizar ask = {.hat = {rfc, "propio"}};
	size_t refused = 0;

	(void)state;
	mundo.config.presupuesto_rfc = 3;
	mundo.config.presupuesto_funcionario = 1000;
	for (int i = 0; i < 8; i++) {
		struct m_oficio_emitir m = oficio_de(arena_printf(&mundo.arena, "B/%d", i));

		assert_string_equal(emite(&m), "");
		refused += titular_call(&a, ROUTE_ID_sincronizar, &ask, &by_reading)->status == 429;
	}
	mundo.config.presupuesto_rfc = 0;
	mundo.config.presupuesto_funcionario = 0;
	assert_int_equal(refused, 5);
}

/* ---- what its titular sees ---- */

static const char *acuse_as(struct arena *a, const char *folio)
{
	struct m_acuse_pedir m = {.hat = {rfc, "propio"}, .folio = folio};

	return mundo_error(a, titular_call(a, ROUTE_ID_acuse, &m, &by_reading));
}

static const char *document_as(struct arena *a, const char *folio)
{
	struct m_documento_pedir m = {.hat = {rfc, "propio"}, .folio = folio};

	return mundo_error(a, titular_call(a, ROUTE_ID_documento, &m, &by_reading));
}

/* L-7.3: nothing of it before its aviso, nothing of the document before it is notified. */
static void test_titular_sees(void **state)
{
	ARENA(a, 16 << 20);
	struct m_oficio_emitir m = oficio_de("T/1");
	const char *folio = oficio_emitido(&m);

	(void)state;
	assert_string_equal(acuse_as(&a, folio), "no-existe");
	assert_string_equal(document_as(&a, folio), "no-existe");
	m = oficio_de("T/2");
	m.aviso = mundo_ready(&mundo);
	folio = oficio_emitido(&m);
	assert_string_equal(acuse_as(&a, folio), "no-existe");
	assert_string_equal(document_as(&a, folio), "documento-sin-abrir");
	struct m_notificacion_abrir open = titular_opening(&a, folio, m.aviso);

	assert_string_equal(
		mundo_error(&a, titular_call(&a, ROUTE_ID_notificacion_abrir, &open, &by_fisica)),
		"");
	assert_string_equal(acuse_as(&a, folio), "");
	assert_string_equal(document_as(&a, folio), "");
}

/* ---- looked at beforehand ---- */

static const struct m_oficio_revisado *look(struct arena *a, struct m_oficio_revisar *m)
{
	struct exchange *x = titular_call(a, ROUTE_ID_oficio_revisar, m, &by_funcionario_lee);
	const struct m_oficio_revisado *r = mundo_answer(a, x);

	assert_non_null(r);
	return r;
}

/* The labels of its observations, by blanks. */
static const char *labels(struct arena *a, const struct m_oficio_revisado *r)
{
	const char *text = "";

	for (size_t i = 0; i < r->observaciones_count; i++)
		text = arena_printf(
			a, "%s%s%s", text, i > 0 ? " " : "", r->observaciones[i].etiqueta);
	return text;
}

static void test_review(void **state)
{
	ARENA(a, 16 << 20);
	struct m_oficio_revisar m = {.hat = {rfc, "funcionario"},
		.oficio = "L/1",
		.tipo = "R-7.1",
		.aviso = zc(OFICIO_HORA)};
	const struct m_oficio_revisado *r = look(&a, &m);

	(void)state;
	assert_true(r->se_puede);
	assert_string_equal(labels(&a, r), "correo celular");
	assert_true(r->sale == zc(OFICIO_HORA));
	assert_true(r->vence == zc("2026-11-19 09:30"));
	m.aviso = zc("2026-11-13 18:00:01");
	r = look(&a, &m);
	assert_string_equal(labels(&a, r), "correo celular sale");
	assert_true(r->sale == zc("2026-11-17 09:30"));
	m.tipo = "R-7.99";
	m.rp = "nada";
	r = look(&a, &m);
	assert_false(r->se_puede);
	assert_string_equal(labels(&a, r), "tipo rp correo celular sale");
	m.hat.titular = "AINL900214QX6";
	r = look(&a, &m);
	assert_string_equal(labels(&a, r), "tipo rp rfc sale");
	/* Who may not issue learns of nobody whether they are there, nor of their media. L-10 */
	m.hat.titular = rfc;
	oficio_facultades(1U << FACULTAD_PUBLICAR, NULL, 0);
	r = look(&a, &m);
	assert_false(r->se_puede);
	assert_string_equal(labels(&a, r), "funcionario");
	assert_int_equal(r->sale, 0);
	assert_int_equal(issued(), 0);
	assert_int_equal(lote_number(&mundo, "SELECT COUNT(*) FROM evento"), 0);
}

#define TEST(f) cmocka_unit_test_setup(f, oficio_clear)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_issue),
		TEST(test_document),
		TEST(test_terms_and_rp),
		TEST(test_window),
		TEST(test_no_given_aviso),
		TEST(test_roles),
		TEST(test_kinds),
		TEST(test_addressee),
		TEST(test_repeated),
		TEST(test_repeated_in_one_group),
		TEST(test_signature),
		TEST(test_file),
		TEST(test_budget),
		TEST(test_titular_sees),
		TEST(test_review),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, oficio_set_up, oficio_tear_down);
}
