/*
 * Publishing to one, to a list, to everybody: L-8, R-5, L-7.9 (who signed its file), L-10.
 */
#include <string.h>
#include "base/secret.h"
#include "crypto/sha.h"
#include "ley/documento.h"
#include "ley/hora.h"
#include "tests/help/cm.h"
#include "tests/help/core_oficio.h"

static struct m_publicar comunicado(void)
{
	return (struct m_publicar){.hat = {mundo.funcionario->cert.rfc, "funcionario"},
		.clase = "comunicado",
		.tipo = "Facilidades",
		.titulo = "Pago en parcialidades",
		.texto = "Del 1 al 30 de noviembre.",
		.todos = true};
}

/* With the file OFICIO_PDF, signed for `para` (an RFC, or several). */
static struct m_publicar documento(const char *para)
{
	struct m_publicar m = {.hat = {mundo.funcionario->cert.rfc, "funcionario"},
		.clase = "documento",
		.tipo = "Propuesta de cédula de determinación",
		.titulo = "Propuesta de noviembre"};
	struct documento d = {.oficio = m.titulo,
		.rfc = para,
		.firmante = mundo.funcionario->cert.rfc,
		.fecha = hora_text(&mundo.arena, zona_centro(), mundo.now, HORA_CADENA)};
	const char *cadena;

	assert_int_equal(sha256_hex(&mundo.arena, bytes_of_text(OFICIO_PDF), &d.sha256), OK);
	assert_int_equal(documento_cadena(&mundo.arena, &d, &cadena), OK);
	assert_int_equal(
		key_sign(&mundo.arena, mundo.funcionario->key, bytes_of_text(cadena), &m.firma),
		OK);
	m.sha256 = d.sha256;
	m.fecha = d.fecha;
	return m;
}

static const char *campo_of(const struct m_publicar *m)
{
	ARENA(a, 8 << 20);
	struct m_fallo f = {0};
	struct exchange *x = titular_call(&a, ROUTE_ID_publicar, m, &by_funcionario);

	assert_int_not_equal(x->status, 200);
	assert_int_equal(codec_decode(&a, &message_fallo, CODEC_TOLERANT, x->answer, &f, NULL), OK);
	return arena_printf(&mundo.arena, "%s %s %lld", f.error, f.campo != NULL ? f.campo : "-",
		(long long)f.dato);
}

static const struct m_acuse *publish(struct arena *a, const struct m_publicar *m)
{
	struct exchange *x = titular_call(a, ROUTE_ID_publicar, m, &by_funcionario);

	assert_string_equal(mundo_error(a, x), "");
	const struct m_acuse *acuse = mundo_answer(a, x);

	assert_int_equal(acuse_verify(a, acuse, mundo.trust), OK);
	return acuse;
}

static int64_t rows(void)
{
	return lote_number(&mundo, "SELECT COUNT(*) FROM publicacion");
}

static void test_all(void **state)
{
	ARENA(a, 16 << 20);
	struct m_publicar m = comunicado();
	const struct m_acuse *acuse = publish(&a, &m);

	(void)state;
	assert_string_equal(acuse->titular, mundo.funcionario->cert.rfc);
	assert_int_equal(rows(), 1);
	assert_string_equal(lote_text(&mundo, "SELECT titular FROM publicacion"), "*");
	assert_string_equal(lote_text(&mundo, "SELECT folio FROM publicacion"), acuse->folio);
	publish(&a, &m);
	assert_int_equal(lote_number(&mundo, "SELECT MAX(seq) FROM publicacion"), 2);
}

/* One row each, with seqs of their own; the file is kept once. */
static void test_list(void **state)
{
	ARENA(a, 16 << 20);
	struct m_publicar m = documento(DOCUMENTO_PARA_VARIOS);
	struct m_destinatario para[] = {{.rfc = rfc}, {.rfc = mundo.moral->cert.rfc}};
	struct m_publicar one = documento(rfc);

	(void)state;
	one.para = para;
	one.para_count = 1;
	publish(&a, &one);
	m.para = para;
	m.para_count = 2;
	publish(&a, &m);
	assert_int_equal(rows(), 3);
	assert_int_equal(lote_number(&mundo, "SELECT COUNT(*) FROM archivo"), 2);
	assert_int_equal(
		lote_number(&mundo, "SELECT MAX(seq) FROM publicacion WHERE titular = '%s'", rfc),
		2);
	assert_int_equal(
		lote_number(&mundo, "SELECT MAX(seq) FROM publicacion WHERE titular = '%s'",
			mundo.moral->cert.rfc),
		1);
}

/* Its reader proves who signed it, for them or for several; others don't learn that it is there. */
static void test_file_is_read(void **state)
{
	ARENA(a, 16 << 20);
	struct m_publicar m = documento(DOCUMENTO_PARA_VARIOS);
	struct m_destinatario para[] = {{.rfc = rfc}, {.rfc = "GAIL700310KL4"}};

	(void)state;
	mundo_alta(&mundo, "GAIL700310KL4", "LUIS", false);
	m.para = para;
	m.para_count = 2;
	struct m_documento_pedir ask = {.hat = {rfc, "propio"}, .folio = publish(&a, &m)->folio};
	struct exchange *x = titular_call(&a, ROUTE_ID_documento, &ask, &by_reading);
	const struct m_documento *d = mundo_answer(&a, x);
	struct acuse_proof proof;

	assert_non_null(d);
	assert_true(bytes_equal(d->datos, bytes_of_text(OFICIO_PDF)));
	struct documento_firmado f = {.folio = d->folio,
		.titular = rfc,
		.sha256 = d->sha256,
		.cadena = d->cadena,
		.firma = d->firma,
		.certificado = d->certificado,
		.publicado = true};

	assert_int_equal(documento_prove(&a, &f, mundo.trust, &proof), OK);
	assert_true(proof.holds);
	lote_do(&mundo,
		"UPDATE publicacion SET titular = 'FÑ&010203AB1', parte = "
		"parte_de('FÑ&010203AB1') WHERE titular = '%s'",
		rfc);
	assert_string_equal(
		mundo_error(&a, titular_call(&a, ROUTE_ID_documento, &ask, &by_reading)),
		"no-existe");
}

static void test_refused(void **state)
{
	struct m_publicar m = comunicado();
	struct m_publicar d = documento(rfc);
	struct m_destinatario para[] = {{.rfc = rfc}, {.rfc = rfc}, {.rfc = "AINL900214QX6"},
		{.rfc = "nadie"}, {.rfc = rfc, .rp = "Y54-12345-10-9"}};

	(void)state;
	m.clase = "rumor";
	assert_string_equal(campo_of(&m), "campo-invalido clase 0");
	m = comunicado();
	m.texto = NULL;
	assert_string_equal(campo_of(&m), "campo-invalido texto 0");
	m = comunicado();
	m.clase = "documento";
	assert_string_equal(campo_of(&m), "campo-invalido sha256 0");
	m = comunicado();
	m.todos = false;
	assert_string_equal(campo_of(&m), "campo-invalido para 0");
	m.para = para;
	m.para_count = 2;
	assert_string_equal(campo_of(&m), "campo-invalido para 2");
	m.todos = true;
	assert_string_equal(campo_of(&m), "campo-invalido para 0");
	m.todos = false;
	m.para = para + 1;
	assert_string_equal(campo_of(&m), "rfc-no-registrado para 2");
	m.para = para + 3;
	m.para_count = 1;
	assert_string_equal(campo_of(&m), "campo-invalido para 1");
	m.para = para + 4;
	assert_string_equal(campo_of(&m), "rp-desconocido para 1");
	/* Signed for one, sent to several; and for all. */
	d.todos = true;
	assert_string_equal(campo_of(&d), "campo-invalido firma 0");
	d = documento(rfc);
	d.titulo = "Otro";
	d.para = para;
	d.para_count = 1;
	assert_string_equal(campo_of(&d), "campo-invalido firma 0");
	d = documento(rfc);
	d.fecha = NULL;
	d.para = para;
	d.para_count = 1;
	assert_string_equal(campo_of(&d), "campo-invalido fecha 0");
	oficio_facultades(FACULTADES_TODAS & ~(1U << FACULTAD_PUBLICAR), NULL, 0);
	m = comunicado();
	assert_string_equal(campo_of(&m), "sin-facultades - 0");
	assert_int_equal(rows(), 0);
}

#define TEST(f) cmocka_unit_test_setup(f, oficio_clear)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_all),
		TEST(test_list),
		TEST(test_file_is_read),
		TEST(test_refused),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, oficio_set_up, oficio_tear_down);
}
