/*
 * `buzond verificar-almacen` on representations of all kinds: whole, it says so; and of each single
 * damage done to who may act for whom, it says what does not hold. A-16 L-4.2 L-6.5
 */
#include "base/log.h"
#include "base/secret.h"
#include "core/representaciones.h"
#include "core/verifica.h"
#include "tests/help/cm.h"
#include "tests/help/core_acervo.h"
#include "tests/help/core_representa.h"
#include "tests/help/core_sql.h"
#include "tests/help/core_verbo.h"

/* By whom and how far: of each kind there is one. */
#define MARIA "representante = 'NULM750615MN7'"
#define ANA "representante = 'RUSA820922TT8'"
#define FISICA "titular = 'PEÑJ800101AB1'"
#define MORAL "titular = 'FÑ&010203AB1'"
#define TWO FISICA " AND " MARIA	  /* two signatures, in force */
#define ONE FISICA " AND " ANA		  /* one signature, in force */
#define OPEN MORAL " AND " ANA		  /* to be accepted */
#define ENDED "titular = 'NULM750615MN7'" /* ended by its representative, Ana */
#define PADRON MORAL " AND " MARIA	  /* from the padrón */

static const char *const kept[] = {"representacion", "mandato"};

static void put_padron(void)
{
	ARENA(a, 1 << 20);
	struct env env = {.arena = &a, .store = mundo.hand, .now = mundo.now};
	struct alcance all = {{NIVEL_FIRMAR, NIVEL_LEER, NIVEL_NADA}};

	assert_int_equal(representaciones_padron(&env, mundo.moral->cert.rfc,
				 representa_maria->cert.rfc, &all, mundo.now - 1000, 0),
		OK);
}

static int set_up(void **state)
{
	ARENA(a, 16 << 20);
	struct representa two = {NULL, NULL, "notificaciones:abrir medios:firmar", 0, 0};
	struct representa one = {NULL, NULL, "notificaciones:preparar", 0, 0};
	struct representa open = {NULL, NULL, "activacion:firmar", 0, 0};
	struct representa ended = {NULL, NULL, "medios:abrir", 0, 0};

	representa_set_up(state);
	core_verbo_config(acervo_config, sizeof(acervo_config), mundo.config.almacen);
	two.titular = one.titular = mundo.fisica;
	open.titular = mundo.moral;
	ended.titular = two.a = representa_maria;
	one.a = open.a = ended.a = representa_ana;
	one.hasta = mundo.now + 86400000;
	representa_vigente(&a, &two);
	representa_vigente(&a, &one);
	assert_string_equal(mundo_error(&a, representa_alta(&a, &open)), "");
	const char *folio = representa_vigente(&a, &ended);

	mundo_at(&mundo, mundo.now + 1000);
	assert_string_equal(mundo_error(&a, representa_baja(&a, &ended, ended.a, folio)), "");
	put_padron();
	for (size_t i = 0; i < COUNT_OF(kept); i++)
		sql_run(mundo.config.almacen,
			arena_printf(&a, "CREATE TABLE guarda_%s AS SELECT * FROM %s", kept[i],
				kept[i]));
	return 0;
}

static void restore(void)
{
	ARENA(a, 65536);

	for (size_t i = 0; i < COUNT_OF(kept); i++)
		sql_run(mundo.config.almacen,
			arena_printf(&a, "DELETE FROM %s; INSERT INTO %s SELECT * FROM guarda_%s",
				kept[i], kept[i], kept[i]));
}

static void test_clean(void **state)
{
	(void)state;
	acervo_must_be_clean("nothing");
	assert_string_equal(acervo_err, "");
}

/* ---- damages ---- */

struct damage {
	const char *sql;
	const char *want; /* names of failures, in order */
};

#define SET(t, assign, where, want)                                                                \
	{                                                                                          \
		"UPDATE " t " SET " assign " WHERE " where, want                                   \
	}
#define ACUSE_OF(what) "(SELECT folio FROM acto WHERE ruta = '" what "' AND estado = 200 LIMIT 1)"

static const struct damage damages[] = {
	/* A representation says more, or another thing, than what was signed. */
	SET("representacion", "parte = parte + 1", ONE,
		"representacion_parte mandato_sin_representacion"),
	SET("representacion", "permisos = 'todo'", ONE, "representacion_permisos"),
	SET("representacion", "permisos = 'notificaciones:leer'", ONE,
		"representacion_registro representacion_mandatos"),
	SET("representacion", "permisos = 'notificaciones:firmar'", ONE,
		"representacion_registro representacion_dos_firmas representacion_mandatos"),
	SET("representacion", "hasta = NULL", ONE,
		"representacion_registro representacion_mandatos"),
	SET("representacion", "desde = desde - 1", ONE,
		"representacion_registro representacion_mandatos"),
	SET("representacion", "representante = 'CAAA800101AB1'", ONE,
		"representacion_registro representacion_mandatos mandato_sin_representacion"),
	SET("representacion", "acepta_antes = acepta_antes + 1", OPEN, "representacion_registro"),
	SET("representacion", "acepta_antes = NULL", OPEN,
		"representacion_registro representacion_dos_firmas representacion_mandatos"),
	SET("representacion", "base_sha256 = 'x'", ONE, "representacion_base"),
	SET("representacion", "base_sha256 = 'x'", TWO,
		"representacion_base representacion_aceptacion"),
	SET("representacion", "folio = 'BI-20260101-000000000'", ONE,
		"representacion_sin_acuse representacion_mandatos mandato_sin_representacion"),
	SET("representacion", "folio = " ACUSE_OF("representante_baja"), OPEN,
		"representacion_sin_acuse"),
	SET("representacion", "origen = 'padron'", ONE, "representacion_registro"),
	SET("representacion", "origen = 'buzon'", PADRON,
		"representacion_sin_acuse representacion_dos_firmas"),
	SET("representacion", "origen = 'otro'", PADRON, "representacion_registro"),
	/* An acceptance that nobody signed. */
	SET("representacion", "aceptada = desde", OPEN,
		"representacion_aceptacion representacion_mandatos"),
	SET("representacion",
		"aceptada = desde, acuse_aceptacion = " ACUSE_OF("representante_aceptar"), OPEN,
		"representacion_aceptacion representacion_mandatos"),
	SET("representacion", "aceptada = aceptada + 1", TWO,
		"representacion_aceptacion representacion_mandatos"),
	SET("representacion", "aceptada = NULL", TWO,
		"representacion_aceptacion representacion_mandatos"),
	SET("representacion", "acuse_aceptacion = NULL", TWO, "representacion_aceptacion"),
	SET("representacion", "acuse_aceptacion = 'BI-20260101-000000000'", TWO,
		"representacion_aceptacion"),
	SET("representacion", "acuse_aceptacion = folio", TWO, "representacion_aceptacion"),
	/* An end that nobody signed, or that is gone. */
	SET("representacion", "termino = desde + 5", ONE,
		"representacion_baja representacion_mandatos"),
	SET("representacion", "termino = termino + 1", ENDED,
		"representacion_baja representacion_mandatos"),
	SET("representacion", "termino = NULL", ENDED,
		"representacion_baja representacion_mandatos"),
	SET("representacion", "termino_por = titular", ENDED, "representacion_baja"),
	SET("representacion", "acuse_baja = NULL", ENDED, "representacion_baja"),
	SET("representacion", "acuse_baja = folio", ENDED, "representacion_baja"),
	SET("representacion", "termino_por = 'RUSA820922TT8'", PADRON, "representacion_baja"),
	/* Mandates: what lets somebody in. */
	SET("mandato", "nivel = 4", ONE, "representacion_mandatos"),
	SET("mandato", "ambito = 'medios'", ONE, "representacion_mandatos"),
	SET("mandato", "desde = desde - 1", ONE, "representacion_mandatos"),
	SET("mandato", "hasta = NULL", ONE, "representacion_mandatos"),
	SET("mandato", "hasta = NULL", ENDED, "representacion_mandatos"),
	SET("mandato", "nivel = nivel + 1", PADRON, "representacion_mandatos"),
	SET("mandato", "representante = 'CAAA800101AB1'", ONE,
		"representacion_mandatos mandato_sin_representacion"),
	SET("mandato", "folio = ''", ONE, "representacion_mandatos mandato_sin_representacion"),
	{"DELETE FROM mandato WHERE " TWO " AND ambito = 'medios'", "representacion_mandatos"},
	{"INSERT INTO mandato (titular, representante, ambito, desde, nivel, folio) SELECT titular, "
	 "representante, 'activacion', desde, 4, folio FROM representacion WHERE " OPEN,
		"representacion_mandatos"},
	{"INSERT INTO mandato (titular, representante, ambito, desde, nivel) VALUES "
	 "('PEÑJ800101AB1', 'CAAA800101AB1', 'notificaciones', 0, 4)",
		"mandato_sin_representacion"},
	{"DELETE FROM representacion WHERE " ONE, "mandato_sin_representacion"},
};

static void test_damages(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(damages); i++) {
		sql_run(mundo.config.almacen, damages[i].sql);
		wrong += !acervo_finds(damages[i].sql, damages[i].want);
		restore();
	}
	acervo_must_be_clean("all damages");
	assert_int_equal(wrong, 0);
}

static bool mine(const char *name)
{
	return strstr(name, "representacion") != NULL;
}

/* Every row of the table that speaks of them can be met. */
static void test_all_are_met(void **state)
{
	ARENA(a, 1 << 20);
	const char *all = " ";

	(void)state;
	for (size_t i = 0; i < COUNT_OF(damages); i++)
		all = arena_printf(&a, "%s%s ", all, damages[i].want);
	acervo_all_met(all, mine);
}

/* An acuse that is gone is missed by what stands on it. */
static void test_acuse_is_gone(void **state)
{
	ARENA(a, 1 << 20);

	(void)state;
	sql_run(mundo.config.almacen,
		"CREATE TABLE guarda_acuse AS SELECT * FROM acuse;"
		"DELETE FROM acuse WHERE folio = (SELECT folio FROM representacion WHERE " ONE ")");
	assert_int_equal(acervo_verify("--json"), err_exit(ERR_STORE_NOT_PROVED));
	assert_string_equal(acervo_found(&a), "acto_sin_acuse representacion_sin_acuse");
	sql_run(mundo.config.almacen,
		"DELETE FROM acuse; INSERT INTO acuse SELECT * FROM guarda_acuse");
	acervo_must_be_clean("an acuse that was gone");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_damages),
		cmocka_unit_test(test_all_are_met),
		cmocka_unit_test(test_acuse_is_gone),
	};
	struct secret_status status;

	log_open(2, LOG_ERROR);
	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, set_up, representa_tear_down);
}
