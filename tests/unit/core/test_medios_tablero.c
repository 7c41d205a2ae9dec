/*
 * Contact media: how they end, those of Registros Patronales, and the board: L-2, L-5.1, L-5.6,
 *
 */
#include <string.h>
#include "base/secret.h"
#include "tests/help/cm.h"
#include "tests/help/core_medios.h"

static int set_up(void **state)
{
	(void)state;
	medios_forget();
	return 0;
}

static const struct m_cuenta *cuenta(struct arena *a)
{
	struct m_sincronizar rq = {.hat = {rfc, "propio"}};
	const struct m_sincronizado *m =
		mundo_answer(a, titular_call(a, ROUTE_ID_sincronizar, &rq, &by_reading));

	assert_non_null(m);
	assert_non_null(m->cuenta);
	return m->cuenta;
}

static int64_t sent(const char *plantilla)
{
	return lote_number(&mundo, "SELECT count(*) FROM envio WHERE plantilla = '%s'", plantilla);
}

/* ---- the end of one ---- */

/* L-5.6: the consequence is said before. */
static void test_removal(void **state)
{
	ARENA(a, 8 << 20);
	const char *one = medio_listo("correo", "uno@ejemplo.mx", NULL);
	const char *two = medio_listo("correo", "dos@ejemplo.mx", NULL);
	const char *mobile = medio_listo("celular", "6641234567", NULL);
	const char *pending;
	const char *acuse;

	(void)state;
	assert_string_equal(medio_elimina(one, false, &acuse), "");
	const struct m_acuse *m = medio_acuse(&a, acuse);

	assert_string_equal(m->tipo, "Acuse de baja de mecanismos de comunicación");
	assert_string_equal(medio_dice(&a, acuse, "Folio del registro"), one);
	assert_null(medio_dice(&a, acuse, "Consecuencia aceptada"));
	assert_int_equal(sent("medio_baja"), 1);
	assert_string_equal(medio_elimina(one, true, NULL), "medio-dado-de-baja");
	assert_string_equal(medio_elimina(two, false, NULL), "bajo-el-minimo");
	assert_string_equal(medio_elimina(mobile, false, NULL), "bajo-el-minimo");
	/* One that is pending is no other. */
	assert_string_equal(medio_alta("correo", "tres@ejemplo.mx", NULL, &pending), "");
	assert_string_equal(medio_elimina(two, false, NULL), "bajo-el-minimo");
	assert_string_equal(medio_elimina(pending, false, NULL), "");
	assert_string_equal(medio_elimina(two, true, &acuse), "");
	assert_non_null(medio_dice(&a, acuse, "Consecuencia aceptada"));
	/* It may come again. */
	assert_string_equal(medio_alta("correo", "uno@ejemplo.mx", NULL, NULL), "");
}

/* ---- of Registros Patronales ---- */

static void test_rp(void **state)
{
	ARENA(a, 8 << 20);
	const char *folio;

	(void)state;
	assert_string_equal(
		medio_alta_rp("*", "correo", "rp@ejemplo.mx", NULL, NULL), "rp-desconocido");
	int64_t parte;

	assert_int_equal(store_parte(bytes_of_text(rfc), &parte), OK);
	lote_do(&mundo,
		"INSERT INTO registro_patronal (rfc, rp, parte) VALUES ('%s', 'Y5412345101', "
		"%lld)",
		rfc, (long long)parte);
	assert_string_equal(medio_alta_rp("Z9900000101", "correo", "rp@ejemplo.mx", NULL, NULL),
		"rp-desconocido");
	assert_string_equal(
		medio_alta_rp("Y5412345101", "correo", "rp@ejemplo.mx", NULL, &folio), "");
	assert_string_equal(
		medio_dice(&a, folio, "Registrado para"), "Registro Patronal Y5412345101");
	assert_string_equal(medio_alta_rp("Y5412345101", "correo", "RP@ejemplo.mx", NULL, NULL),
		"medio-repetido");
	/* The RFC's own are others. */
	assert_string_equal(medio_alta("correo", "rp@ejemplo.mx", NULL, NULL), "");
	assert_string_equal(medio_alta_rp("*", "celular", "6641234567", NULL, &folio), "");
	assert_string_equal(
		medio_dice(&a, folio, "Registrado para"), "Todos los Registros Patronales");
	/* Without a minimum of their own. */
	assert_string_equal(medio_valida(folio, medio_codigo(folio), NULL), "");
	assert_string_equal(medio_elimina(folio, false, NULL), "");
	lote_do(&mundo, "DELETE FROM registro_patronal");
}

/* ---- the board ---- */

static void test_board(void **state)
{
	ARENA(a, 16 << 20);
	const char *old = medio_listo("correo", "uno@ejemplo.mx", NULL);
	const char *late;
	int64_t now = mundo.now;

	(void)state;
	mundo_at(&mundo, now + 1000);
	assert_string_equal(medio_alta("celular", "6641234567", NULL, &late), "");
	/* 300 that are gone leave none out that is in use. */
	lote_do(&mundo,
		"INSERT INTO medio (folio, parte, titular, rp, mecanismo, valor, clave, registrado, "
		"baja, acuse_baja, motivo) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM "
		"n WHERE i < 301) SELECT 'BI-X' || i, parte, titular, rp, mecanismo, valor, clave, "
		"registrado + 5000, 1, 'x', 'eliminado' FROM medio, n WHERE folio = '%s'",
		old);
	lote_do(&mundo, "UPDATE envio SET estado = 'fallido', desde = 7, detalle = 'no such user' "
			"WHERE plantilla = 'validado_correo'");
	lote_do(&mundo,
		"UPDATE envio SET creado = creado - 1 WHERE plantilla = 'validacion_correo'");
	const struct m_cuenta *c = cuenta(&a);

	assert_int_equal(c->medios_count, 300);
	for (size_t i = 1; i < c->medios_count; i++)
		assert_true(c->medios[i - 1].registrado >= c->medios[i].registrado);
	const struct m_medio *last = &c->medios[299];
	const struct m_medio *before = &c->medios[298];

	assert_string_equal(last->folio, old);
	assert_int_equal(last->validado, now);
	assert_non_null(last->acuse_validacion);
	assert_null(last->rp);
	assert_string_equal(last->aviso, "fallido");
	assert_int_equal(last->aviso_desde, 7);
	assert_string_equal(last->aviso_detalle, "no such user");
	assert_string_equal(before->folio, late);
	assert_string_equal(before->aviso, "por-enviar");
	assert_int_equal(before->validado, 0);
	mundo_at(&mundo, now);
}

/* Whom the titular let into another menu only is told of none of them. A-16 */
static void test_board_of_others(void **state)
{
	ARENA(a, 8 << 20);
	struct firma_de by_moral = mundo_efirma(mundo.moral);
	struct m_sincronizar rq = {.hat = {rfc, "representante"}};
	static const char *const menus[] = {"notificaciones", "medios"};

	(void)state;
	medio_listo("correo", "ana@ejemplo.mx", NULL);
	key_free(mundo_enter(&mundo, mundo.moral, &by_moral.keyid));
	by_moral = mundo_efirma(mundo.moral);
	for (size_t i = 0; i < COUNT_OF(menus); i++) {
		lote_do(&mundo,
			"INSERT INTO mandato (titular, representante, ambito, desde, nivel) VALUES "
			"('%s', '%s', '%s', 0, 1)",
			rfc, mundo.moral->cert.rfc, menus[i]);
		const struct m_sincronizado *m =
			mundo_answer(&a, titular_call(&a, ROUTE_ID_sincronizar, &rq, &by_moral));

		assert_non_null(m);
		assert_int_equal(m->cuenta->medios_count, i);
	}
	lote_do(&mundo, "DELETE FROM mandato");
}

/* Whoever waits is told, and a first act makes the RFC known. L-2 */
static void test_first_act(void **state)
{
	ARENA(a, 8 << 20);

	(void)state;
	lote_do(&mundo, "DELETE FROM particular WHERE rfc = '%s'", rfc);
	const struct m_cuenta *c = cuenta(&a);

	assert_int_equal(c->medios_count, 0);
	assert_string_equal(medio_alta("correo", "ana@ejemplo.mx", NULL, NULL), "");
	assert_int_equal(
		lote_number(&mundo, "SELECT cuenta FROM particular WHERE rfc = '%s'", rfc), 1);
	assert_string_equal(
		lote_text(&mundo, "SELECT nombre FROM particular WHERE rfc = '%s'", rfc),
		mundo.fisica->cert.name);
	assert_int_equal(cuenta(&a)->medios_count, 1);
}

#define EACH(f) cmocka_unit_test_setup(f, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(test_removal),
		EACH(test_rp),
		EACH(test_board),
		EACH(test_board_of_others),
		EACH(test_first_act),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, medios_set_up, medios_tear_down);
}
