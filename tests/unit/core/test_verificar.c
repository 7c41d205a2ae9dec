/*
 * `buzond verificar-almacen` on a store with acts of all kinds: whole, it says so; and of each
 * single damage, done behind the program's back, it says which row does not hold and why.
 * L-6.1 L-6.5 (evidence that can be proved later), L-7.1 L-7.9 (authorship of what is notified)
 */
#include "core/verifica.h"

#include "base/b64.h"
#include "base/log.h"
#include "base/secret.h"
#include "tests/help/cm.h"
#include "tests/help/core_acervo.h"
#include "tests/help/core_sql.h"

static void test_clean(void **state)
{
	(void)state;
	acervo_must_be_clean("nothing");
	assert_string_equal(acervo_out, ACERVO_SUM);
	assert_string_equal(acervo_err, "");
	assert_int_equal(acervo_verify("--json"), 0);
	assert_string_equal(acervo_out,
		"{\"actos\":10,\"acuses\":5,\"notificaciones\":6,\"fallas\":0,"
		"\"completo\":true}\n");
}

/* ---- damages ------------------------------------------------------------------------------ */

struct damage {
	const char *what;
	const char *table; /* of a byte; NULL: `sql` */
	const char *column;
	const char *where;
	const char *sql;
	const char *want; /* names of failures, in order */
};

#define FLIP(t, c, w, want)                                                                        \
	{                                                                                          \
		t "." c, t, c, w, NULL, want                                                       \
	}
#define SQL(what, text, want)                                                                      \
	{                                                                                          \
		what, NULL, NULL, NULL, text, want                                                 \
	}
#define SET(t, assign, w, want) SQL(t " " assign, "UPDATE " t " SET " assign " WHERE " w, want)

static const struct damage damages[] = {
	/* An act that has an acuse. */
	FLIP("acto", "firma", A_FIRST, "acto_firma acto_acuse"),
	FLIP("acto", "cuerpo", A_FIRST, "acto_cuerpo acto_titular acto_acuse"),
	FLIP("acto", "base", A_FIRST, "acto_huella acto_base acto_firma"),
	FLIP("acto", "base_sha256", A_FIRST, "acto_huella"),
	FLIP("acto", "ocsp", A_CHECKED, "acto_ocsp"),
	SET("acto", "ocsp = NULL", A_CHECKED, "acto_revocacion"),
	SET("acto", "revocacion = 'comprobada'", A_FIRST, "acto_revocacion"),
	SET("acto", "revocacion = NULL", A_REFUSED, "acto_revocacion"),
	SET("acto", "titular = 'FÑ&010203AB1'", A_FIRST,
		"acto_titular acto_ajeno acto_sin_acuse acuse_sin_acto"),
	SET("acto", "firmante = 'FÑ&010203AB1'", A_FIRST, "acto_firmante acto_ajeno acto_acuse"),
	SET("acto", "titular = NULL", A_REFUSED, "acto_titular"),
	SET("acto", "titular = 'OTRO'", A_NOBODY, "acto_titular"),
	SET("acto", "calidad = 'representante'", A_FIRST, "acto_titular acto_acuse"),
	SET("acto", "estado = 404, legal = recibido", A_FIRST, "acto_folio acto_respuesta"),
	SET("acto", "estado = 503", A_REFUSED, "acto_estado"),
	SET("acto", "estado = NULL", A_REFUSED, "acto_sin_respuesta"),
	SET("acto", "estado = 409", A_REFUSED, "acto_respuesta"),
	SET("acto", "folio = 'BI-20260101-000000000'", A_FIRST, "acto_sin_acuse acuse_sin_acto"),
	SET("acto", "folio = 'BI-20260101-000000000'", A_REFUSED, "acto_folio"),
	SET("acto", "parte = parte + 1", A_FIRST,
		"acto_parte acuse_sin_acto comprobacion_sin_acto"),
	SET("acto", "ruta = 'entrar'", A_REFUSED, "acto_ruta"),
	SET("acto", "ruta = NULL", A_FIRST, "acto_ruta"),
	SET("acto", "llave = 'x'", A_REFUSED, "acto_parte acto_clave acto_sin_certificado"),
	FLIP("acto", "nonce", A_REFUSED, "acto_clave"),
	SET("acto", "recibido = recibido + 1", A_FIRST, "acto_instantes comprobacion_sin_acto"),
	SET("acto", "recibido = 1600000000000", A_STRANGER,
		"acto_efirma acto_emisor acto_instantes"),
	SET("acto", "legal = legal + 1", A_FIRST, "acto_instantes"),
	SET("acto", "legal = legal - 1", A_ENTRY, "acto_instantes"),
	FLIP("acto", "respuesta", A_REFUSED, "acto_respuesta"),
	FLIP("acto", "respuesta", A_ENTRY, "acto_respuesta"),
	FLIP("acto", "cuerpo", A_STRANGER, "acto_cuerpo acto_sin_certificado acto_titular"),
	SQL("an act is gone", "DELETE FROM acto WHERE " A_FIRST,
		"acuse_sin_acto comprobacion_sin_acto"),
	/* Acuses. */
	FLIP("acuse", "json", U_FIRST, "*"),
	SQL("an acuse is gone", "DELETE FROM acuse WHERE " U_FIRST,
		"acto_sin_acuse notificacion_sin_acuse"),
	SQL("two acuses are swapped",
		"UPDATE acuse SET json = CASE WHEN " U_FIRST " THEN (SELECT g.json FROM "
		"guarda_acuse g WHERE g." U_SECOND ") ELSE (SELECT g.json FROM guarda_acuse g "
		"WHERE g." U_FIRST ") END WHERE " U_FIRST " OR " U_SECOND,
		"acto_acuse acto_folio acto_instantes acuse_columnas notificacion_acuse"),
	SET("acuse", "titular = 'FÑ&010203AB1'", U_FIRST,
		"acuse_parte acuse_columnas notificacion_sin_acuse"),
	SET("acuse", "capacidad = 'AAAAAAAAAAAAAAAAAAAA'", U_FIRST, "acuse_columnas"),
	SET("acuse", "tipo = 'Otro'", U_FIRST, "acuse_columnas"),
	SET("acuse", "elaborado = elaborado + 1", U_FIRST, "acuse_columnas"),
	SET("acuse", "parte = parte + 1", U_FIRST,
		"acto_sin_acuse acuse_parte notificacion_sin_acuse"),
	/* Certificates. */
	FLIP("certificado", "der", C_FISICA, "*"),
	FLIP("certificado", "n", C_FISICA, "certificado_datos"),
	SET("certificado", "hasta = hasta + 1000", C_FISICA, "certificado_datos"),
	SET("certificado", "rfc = 'XAXX010101000'", C_FISICA, "certificado_datos"),
	FLIP("certificado", "emisor", C_FISICA, "certificado_emisor"),
	FLIP("certificado", "cadena", C_FISICA, "certificado_emisor"),
	FLIP("certificado", "ocsp", C_FISICA, "certificado_ocsp"),
	SET("certificado", "revocado = ocsp_desde", C_FISICA, "certificado_ocsp"),
	SET("certificado", "ocsp_desde = 1700000000000", C_FISICA, "certificado_ocsp"),
	SQL("a certificate is gone", "DELETE FROM certificado WHERE " C_FISICA,
		"acto_sin_certificado comprobacion_ocsp"),
	/* Notifications and documents. */
	FLIP("archivo", "datos", F_FIRST, "notificacion_huella notificacion_prueba"),
	FLIP("archivo", "firma", F_FIRST, "notificacion_prueba"),
	FLIP("archivo", "certificado", F_FIRST, "notificacion_prueba"),
	SET("archivo", "cadena = cadena || 'x'", F_FIRST,
		"notificacion_prueba notificacion_oficio"),
	SET("archivo", "bytes = bytes + 1", F_FIRST, "notificacion_bytes"),
	SET("archivo", "sha256 = 'x'", F_FIRST, "notificacion_huella"),
	SET("archivo", "parte = parte + 1", F_FIRST,
		"notificacion_sin_documento archivo_sin_notificacion"),
	SQL("a document is gone", "DELETE FROM archivo WHERE " F_FIRST,
		"notificacion_sin_documento"),
	SQL("a notification is gone", "DELETE FROM notificacion WHERE " N_FIRST,
		"archivo_sin_notificacion"),
	SET("notificacion", "archivo = 'x'", N_CLOSED, "notificacion_huella"),
	SET("notificacion", "oficio = 'OTRO'", N_CLOSED, "notificacion_oficio"),
	SET("notificacion", "titular = 'FÑ&010203AB1'", N_CLOSED,
		"notificacion_parte notificacion_sin_documento"),
	SET("notificacion", "abierta = abierta + 1", N_FIRST, "notificacion_acuse"),
	SET("notificacion", "notificada = notificada + 1", N_FIRST, "notificacion_acuse"),
	SET("notificacion", "abierta = NULL", N_FIRST, "notificacion_abierta notificacion_acuse"),
	SET("notificacion", "acuse = NULL", N_FIRST, "notificacion_abierta"),
	SET("notificacion", "abierta = 5", N_CLOSED, "notificacion_abierta"),
	SQL("two notifications share an acuse",
		"UPDATE notificacion SET acuse = (SELECT g.acuse FROM guarda_notificacion g WHERE "
		"g." N_SECOND ") WHERE " N_FIRST,
		"notificacion_acuse"),
	/* Texts that were accepted. */
	FLIP("legal", "texto", "cual = 'terminos'", "texto_huella"),
	SET("legal", "sha256 = 'x'", "cual = 'privacidad'", "texto_huella"),
	/* What was to be asked later. */
	SET("comprobacion", "resultado = 'revocada'", "resultado IS NOT NULL", "comprobacion_ocsp"),
	SET("comprobacion", "resultado = 'tal vez'", "resultado IS NOT NULL",
		"comprobacion_resultado"),
	FLIP("comprobacion", "ocsp", "resultado IS NOT NULL", "comprobacion_ocsp"),
	FLIP("comprobacion", "nonce", A_FIRST, "comprobacion_sin_acto"),
};

static void do_damage(const struct damage *d)
{
	if (d->table != NULL)
		sql_flip(mundo.config.almacen, d->table, d->column, d->where);
	else
		sql_run(mundo.config.almacen, d->sql);
}

static void test_damages(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(damages); i++) {
		const struct damage *d = &damages[i];

		do_damage(d);
		/* A byte of an acuse or a certificate may break any of its checks: but some. */
		wrong += !acervo_finds(d->what, d->want);
		assert_non_null(strstr(acervo_out, "\"completo\":true"));
		acervo_restore();
	}
	acervo_must_be_clean("all damages");
	assert_int_equal(wrong, 0);
}

static void test_partes_of_accesses(void **state)
{
	ARENA(a, 1 << 20);

	(void)state;
	sql_run(mundo.config.almacen, "UPDATE acceso SET parte = parte + 1");
	assert_int_equal(acervo_verify("--json"), err_exit(ERR_STORE_NOT_PROVED));
	assert_string_equal(acervo_found(&a), "acceso_parte");
	sql_run(mundo.config.almacen, "UPDATE acceso SET parte = parte - 1");
	acervo_must_be_clean("parte of an access");
}

/* The others are those of test_verificar_medios, _representacion, _avisos and _oficio. */
static bool mine(const char *name)
{
	return strncmp(name, "medio_", strlen("medio_")) != 0 &&
	       strncmp(name, "aviso_", strlen("aviso_")) != 0 &&
	       strncmp(name, "publicacion_", strlen("publicacion_")) != 0 &&
	       strcmp(name, "notificacion_emision") != 0 &&
	       strcmp(name, "notificacion_decision") != 0 && strstr(name, "representacion") == NULL;
}

/* Every row of the table can be met: none of them is a check that never fails. */
static void test_all_are_met(void **state)
{
	ARENA(a, 1 << 20);
	const char *all = " acuse_ilegible acuse_prueba certificado_ilegible acceso_parte ";

	(void)state;
	for (size_t i = 0; i < COUNT_OF(damages); i++)
		all = arena_printf(&a, "%s%s ", all, damages[i].want);
	acervo_all_met(all, mine);
}

/* Each of these by itself: what a flipped byte only may give. */
static void test_unreadable(void **state)
{
	static const struct {
		const char *sql;
		const char *name;
	} cases[] = {
		{"UPDATE acuse SET json = (SELECT base FROM acto WHERE " A_FIRST ") WHERE " U_FIRST,
			"acuse_ilegible"},
		{"UPDATE certificado SET der = (SELECT base FROM acto WHERE " A_FIRST
		 ") WHERE " C_FISICA,
			"certificado_ilegible"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		sql_run(mundo.config.almacen, cases[i].sql);
		assert_int_equal(acervo_verify("--json"), 65);
		if (strstr(acervo_out, cases[i].name) == NULL)
			fail_msg("%s not in %s", cases[i].name, acervo_out);
		acervo_restore();
	}
}

/* The sello itself: its base64 in the JSON, one letter; the proof names what does not hold. */
static void test_sello(void **state)
{
	ARENA(a, 4 << 20);
	const char *place = mundo.config.almacen;
	bool pg = store_shared(place);
	const char *json = sql_ask(&a, place,
		pg ? "SELECT convert_from(json, 'UTF8') FROM acuse WHERE " U_FIRST
		   : "SELECT CAST(json AS TEXT) FROM acuse WHERE " U_FIRST);
	char *made = arena_strdup(&a, json);
	char *sello = strstr(made, "\"sello\":\"");

	(void)state;
	assert_non_null(sello);
	sello[20] = sello[20] == 'A' ? 'B' : 'A';
	const char *hex = hex_encode(&a, bytes_of_text(made));

	sql_run(place, arena_printf(&a,
			       pg ? "UPDATE acuse SET json = '\\x%s' WHERE %s"
				  : "UPDATE acuse SET json = x'%s' WHERE %s",
			       hex, U_FIRST));
	assert_int_equal(acervo_verify(NULL), 65);
	assert_non_null(strstr(acervo_out,
		"no se prueba a sí mismo («El sello corresponde a la cadena original» no "
		"se cumple)"));
	assert_non_null(strstr(acervo_out, " Fallas: 1.\n"));
	acervo_restore();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_damages),
		cmocka_unit_test(test_partes_of_accesses),
		cmocka_unit_test(test_all_are_met),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_sello),
	};
	struct secret_status status;

	log_open(2, LOG_ERROR);
	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, acervo_set_up, titular_tear_down);
}
