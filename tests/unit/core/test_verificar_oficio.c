/*
 * `buzond verificar-almacen` on what the Institute issued, withdrew, decided, notified in person
 * and published: whole, it says so; of each single damage which row does not hold. L-6.1 L-6.5
 * L-7.1 L-7.8 L-7.9 L-7.10 L-8
 */
#include <string.h>
#include "base/log.h"
#include "base/secret.h"
#include "core/verifica.h"
#include "crypto/sha.h"
#include "ley/documento.h"
#include "ley/hora.h"
#include "tests/help/cm.h"
#include "tests/help/core_acervo.h"
#include "tests/help/core_oficio.h"
#include "tests/help/core_sql.h"
#include "tests/help/core_verbo.h"

static const char *issued, *other, *withdrawn, *estrados, *personal;
static const char *const kept[] = {"notificacion", "publicacion", "archivo", "acuse"};

static const char *issue(const char *oficio)
{
	struct m_oficio_emitir m = oficio_de(oficio);

	return oficio_emitido(&m);
}

/* With its file where `firmada` says for whom it was signed. */
static void publish(const char *titulo, const char *firmada, bool all)
{
	ARENA(a, 8 << 20);
	struct m_destinatario para[] = {{.rfc = rfc}, {.rfc = mundo.moral->cert.rfc}};
	struct m_publicar m = {.hat = {mundo.funcionario->cert.rfc, "funcionario"},
		.clase = firmada != NULL ? "documento" : "comunicado",
		.tipo = "Facilidades",
		.titulo = titulo,
		.texto = "Hasta el 30 de noviembre.",
		.todos = all,
		.para = all ? NULL : para,
		.para_count = all ? 0 : COUNT_OF(para)};
	struct documento d = {.oficio = titulo,
		.rfc = firmada,
		.firmante = mundo.funcionario->cert.rfc,
		.fecha = hora_text(&a, zona_centro(), mundo.now, HORA_CADENA)};
	const char *cadena;

	if (firmada != NULL) {
		assert_int_equal(sha256_hex(&a, bytes_of_text(OFICIO_PDF), &d.sha256), OK);
		assert_int_equal(documento_cadena(&a, &d, &cadena), OK);
		assert_int_equal(
			key_sign(&a, mundo.funcionario->key, bytes_of_text(cadena), &m.firma), OK);
		m.sha256 = d.sha256;
		m.fecha = d.fecha;
	}
	assert_string_equal(oficio_pide(&a, ROUTE_ID_publicar, &m), "");
}

static void decide(void)
{
	ARENA(a, 16 << 20);
	struct m_oficio_retirar r = {
		.hat = {rfc, "funcionario"}, .folio = withdrawn, .motivo = "Está mal"};
	struct m_oficio_estrados e = {.hat = {rfc, "funcionario"},
		.folio = estrados,
		.procede = true,
		.motivo = "Sin medios"};
	struct m_oficio_personal p = {.hat = {rfc, "funcionario"},
		.folio = personal,
		.notificada = mundo.now,
		.motivo = "Acta 1/2026"};

	assert_string_equal(oficio_pide(&a, ROUTE_ID_oficio_retirar, &r), "");
	oficio_propone(estrados, "Sin correo");
	assert_string_equal(oficio_pide(&a, ROUTE_ID_oficio_estrados, &e), "");
	assert_string_equal(oficio_pide(&a, ROUTE_ID_oficio_personal, &p), "");
}

static int set_up(void **state)
{
	int failed = oficio_set_up(state);

	core_verbo_config(acervo_config, sizeof(acervo_config), mundo.config.almacen);
	issued = issue("V/1");
	other = issue("V/2");
	withdrawn = issue("V/3");
	estrados = issue("V/4");
	personal = issue("V/5");
	decide();
	publish("Para todos", NULL, true);
	publish("Para dos", DOCUMENTO_PARA_VARIOS, false);
	for (size_t i = 0; i < COUNT_OF(kept); i++)
		lote_do(&mundo, "CREATE TABLE guarda_%s AS SELECT * FROM %s", kept[i], kept[i]);
	return failed;
}

static void restore(void)
{
	/* A document goes after what is about it, and comes before. */
	sql_run(mundo.config.almacen,
		"BEGIN; DELETE FROM notificacion; DELETE FROM publicacion; DELETE FROM archivo; "
		"DELETE FROM acuse; INSERT INTO archivo SELECT * FROM guarda_archivo; "
		"INSERT INTO notificacion SELECT * FROM guarda_notificacion; "
		"INSERT INTO publicacion SELECT * FROM guarda_publicacion; "
		"INSERT INTO acuse SELECT * FROM guarda_acuse; COMMIT;");
}

static void test_clean(void **state)
{
	(void)state;
	acervo_must_be_clean("nothing");
}

struct damage {
	const char *table;
	const char *set;    /* its columns */
	const char **folio; /* NULL: `where` */
	const char *where;
	const char *want;
};

#define N(folio, set, want)                                                                        \
	{                                                                                          \
		"notificacion", set, &(folio), NULL, want                                          \
	}
#define P(where, set, want)                                                                        \
	{                                                                                          \
		"publicacion", set, NULL, where, want                                              \
	}
#define ALL "titular = '*'"
#define ONE "titular = 'PEÑJ800101AB1'"
#define FILE_OF "folio = (SELECT MAX(folio) FROM publicacion)"

static const struct damage damages[] = {
	/* It says another thing than what was signed. */
	N(issued, "tipo = 'R-7.2'", "notificacion_emision"),
	N(issued, "oficio = 'V/9'", "notificacion_oficio notificacion_emision"),
	N(issued, "documento = 'Otro'", "notificacion_emision"),
	N(issued, "emitida = emitida + 1", "notificacion_emision"),
	N(issued, "firmante = 'AAAA800101AB1'", "notificacion_emision"),
	/* Nobody passes one off as of before there were acuses. */
	N(issued, "firmante = NULL", "notificacion_emision"),
	/* An outcome that nobody signed, or of another. */
	N(issued, "forma = 'retirada'", "notificacion_decision"),
	N(issued, "forma = 'estrados'", "notificacion_decision"),
	N(withdrawn, "acuse = NULL", "notificacion_decision"),
	N(withdrawn, "motivo = 'Otro'", "notificacion_decision"),
	N(withdrawn, "forma = 'estrados'", "notificacion_decision"),
	N(estrados, "motivo = 'Otro'", "notificacion_decision"),
	N(estrados, "forma = 'retirada'", "notificacion_decision"),
	N(estrados, "notificada = emitida", "notificacion_decision"),
	N(estrados, "acuse = (SELECT g.acuse FROM guarda_notificacion g WHERE g.oficio = 'V/3')",
		"notificacion_decision"),
	N(personal, "notificada = notificada + 1", "notificacion_decision"),
	N(personal, "acuse = (SELECT g.folio FROM guarda_notificacion g WHERE g.oficio = 'V/2')",
		"notificacion_decision"),
	/* Published otherwise than signed, or for another. */
	P(ALL, "titulo = 'Otro'", "publicacion_acuse"),
	P(ALL, "texto = 'Hasta el 31.'", "publicacion_acuse"),
	P(ALL, "texto = NULL", "publicacion_acuse"),
	P(ALL, "tipo = 'Otro'", "publicacion_acuse"),
	P(ALL, "clase = 'documento'", "publicacion_acuse"),
	P(ALL, "publicada = publicada + 1", "publicacion_acuse"),
	P(ALL, "firmante = 'AAAA800101AB1'", "publicacion_acuse"),
	P(ALL, "titular = 'PEÑJ800101AB1'", "publicacion_parte publicacion_acuse"),
	P(ALL, "parte = parte + 1", "publicacion_parte"),
	P(ONE, "titular = 'AINL900214QX6'", "publicacion_parte publicacion_acuse"),
	P(ONE, "rp = 'Y5412345109'", "publicacion_acuse"),
	P("archivo IS NOT NULL", "bytes = bytes + 1", "publicacion_huella"),
	P("archivo IS NOT NULL", "archivo = 'BI-0'",
		"archivo_sin_notificacion publicacion_sin_documento"),
	{"archivo", "bytes = bytes + 1", NULL, FILE_OF, "publicacion_huella"},
	{"archivo", "cadena = REPLACE(cadena, 'Para dos', 'Para mil')", NULL, FILE_OF,
		"publicacion_prueba"},
};

static void test_damages(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(damages); i++) {
		const struct damage *d = &damages[i];

		if (d->folio != NULL)
			lote_do(&mundo, "UPDATE %s SET %s WHERE folio = '%s'", d->table, d->set,
				*d->folio);
		else
			lote_do(&mundo, "UPDATE %s SET %s WHERE %s", d->table, d->set, d->where);
		wrong += !acervo_finds(d->set, d->want);
		restore();
	}
	acervo_must_be_clean("all damages");
	assert_int_equal(wrong, 0);
}

/* Its acuse is gone. */
static void test_no_acuse(void **state)
{
	(void)state;
	lote_do(&mundo, "DELETE FROM acuse WHERE folio = '%s'", issued);
	assert_true(acervo_finds("no acuse of the issue", "acto_sin_acuse notificacion_emision"));
	restore();
	lote_do(&mundo, "DELETE FROM acuse WHERE tipo = 'Acuse de publicación'");
	assert_true(acervo_finds("no acuse of a publication", "acto_sin_acuse publicacion_acuse"));
	restore();
}

static bool mine(const char *name)
{
	return strncmp(name, "publicacion_", strlen("publicacion_")) == 0 ||
	       strcmp(name, "notificacion_emision") == 0 ||
	       strcmp(name, "notificacion_decision") == 0;
}

/* None of them is a check that never fails. */
static void test_all_are_met(void **state)
{
	ARENA(a, 1 << 20);
	const char *all = " ";

	(void)state;
	for (size_t i = 0; i < COUNT_OF(damages); i++)
		all = arena_printf(&a, "%s%s ", all, damages[i].want);
	acervo_all_met(all, mine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_damages),
		cmocka_unit_test(test_no_acuse),
		cmocka_unit_test(test_all_are_met),
	};
	struct secret_status status;

	log_open(2, LOG_ERROR);
	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, set_up, oficio_tear_down);
}
