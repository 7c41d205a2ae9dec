/*
 * `buzond verificar-almacen` on media of all kinds: whole, it says so; and of each single damage it
 * says which medium does not hold and why. A-09, L-5.1, L-5.2
 */
#include <string.h>
#include "base/log.h"
#include "base/secret.h"
#include "core/verifica.h"
#include "tests/help/cm.h"
#include "tests/help/core_acervo.h"
#include "tests/help/core_medios.h"
#include "tests/help/core_sql.h"
#include "tests/help/core_verbo.h"
#include "tests/help/pki.h"

static const char *valid;   /* a mail that is validated */
static const char *pending; /* one that is not */
static const char *gone;    /* removed by its titular */
static const char *old;	    /* a mobile that was replaced by a validation */
static const char *unused;  /* one that was replaced before it was validated */

static int set_up(void **state)
{
	int failed = titular_set_up(state);

	core_verbo_config(acervo_config, sizeof(acervo_config), mundo.config.almacen);
	valid = medio_listo("correo", "uno@ejemplo.mx", NULL);
	gone = medio_listo("correo", "Dos@ejemplo.mx", NULL);
	assert_string_equal(medio_elimina(gone, false, NULL), "");
	assert_string_equal(medio_alta("correo", "tres@ni\u00f1o.mx", NULL, &pending), "");
	old = medio_listo("celular", "6640000001", NULL);
	assert_string_equal(medio_alta("celular", "6640000002", NULL, &unused), "");
	medio_listo("celular", "6640000003", NULL);
	sql_run(mundo.config.almacen, "CREATE TABLE guarda_m AS SELECT * FROM medio;"
				      "CREATE TABLE guarda_u AS SELECT * FROM acuse");
	return failed;
}

static void test_clean(void **state)
{
	(void)state;
	acervo_must_be_clean("nothing");
}

struct damage {
	const char *what;
	const char *const *folio;
	const char *sql; /* %s: that folio */
	const char *want;
};

#define SET(f, assign, want)                                                                       \
	{                                                                                          \
		assign, &f, "UPDATE medio SET " assign " WHERE folio = '%s'", want                 \
	}
#define ACUSE(f, column, want)                                                                     \
	{                                                                                          \
		"no " column, &f,                                                                  \
			"DELETE FROM acuse WHERE folio = (SELECT " column                          \
			" FROM medio WHERE folio = '%s')",                                         \
			want                                                                       \
	}
#define OTHER(f, column, of, want)                                                                 \
	{                                                                                          \
		"another's " column, &f,                                                           \
			"UPDATE medio SET " column " = (SELECT g.folio FROM guarda_u g WHERE "     \
			"g.tipo LIKE '" of "%%%%' AND g.folio NOT IN (SELECT " column              \
			" FROM guarda_m WHERE " column                                             \
			" IS NOT NULL AND folio = '%s') LIMIT 1) WHERE folio = '%s'",              \
			want                                                                       \
	}

static const struct damage damages[] = {
	ACUSE(pending, "folio", "acto_sin_acuse medio_sin_acuse"),
	SET(pending, "valor = 'otro@ejemplo.mx'", "medio_clave medio_acuse"),
	SET(pending, "rp = '*'", "medio_acuse"),
	SET(pending, "registrado = registrado - 1", "medio_acuse"),
	SET(pending, "validado = registrado", "medio_validado"),
	SET(pending, "acuse_validacion = folio", "medio_validado medio_acuse_validacion"),
	SET(pending, "baja = registrado", "medio_baja"),
	SET(pending, "motivo = 'vencido'", "medio_baja"),
	SET(pending, "clave = 'otra'", "medio_clave"),
	SET(pending, "mecanismo = 'paloma'", "medio_clave"),
	SET(pending, "parte = parte + 1", "medio_parte"),
	ACUSE(valid, "acuse_validacion", "acto_sin_acuse medio_sin_acuse_validacion"),
	OTHER(valid, "acuse_validacion", "Acuse de validaci", "medio_acuse_validacion"),
	SET(valid, "rp = 'B1234567100'", "medio_acuse medio_acuse_validacion"),
	SET(valid, "validado = validado + 1", "medio_acuse_validacion"),
	SET(valid, "validado = NULL", "medio_validado medio_acuse_validacion"),
	SET(valid, "acuse_validacion = NULL", "medio_validado"),
	SET(valid, "vence = registrado - 1", "medio_validado"),
	ACUSE(gone, "acuse_baja", "acto_sin_acuse medio_sin_acuse_baja"),
	OTHER(gone, "acuse_baja", "Acuse de validaci", "medio_acuse_baja"),
	SET(gone, "motivo = 'vencido'", "medio_baja"),
	SET(gone, "motivo = 'sustituido'", "medio_acuse_baja"),
	SET(gone, "motivo = 'otro'", "medio_baja"),
	SET(gone, "baja = NULL", "medio_baja medio_acuse_baja"),
	SET(gone, "baja = baja + 1", "medio_acuse_baja"),
	SET(old, "motivo = 'eliminado'", "medio_acuse_baja"),
	OTHER(old, "acuse_baja", "Acuse de baja", "medio_acuse_baja"),
	OTHER(unused, "acuse_baja", "Acuse de registro", "medio_acuse_baja"),
	SET(unused, "acuse_baja = NULL", "medio_baja"),
	SET(unused, "valor = '664'", "medio_clave medio_acuse"),
};

static void restore(void)
{
	sql_run(mundo.config.almacen,
		"DELETE FROM medio; INSERT INTO medio SELECT * FROM guarda_m;"
		"DELETE FROM acuse; INSERT INTO acuse SELECT * FROM guarda_u");
}

static void test_damages(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(damages); i++) {
		ARENA(a, 16 << 20);
		const struct damage *d = &damages[i];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		sql_run(mundo.config.almacen, arena_printf(&a, d->sql, *d->folio, *d->folio));
#pragma GCC diagnostic pop
		wrong += !acervo_finds(d->what, d->want);
		restore();
	}
	acervo_must_be_clean("all damages");
	assert_int_equal(wrong, 0);
}

static bool mine(const char *name)
{
	return strncmp(name, "medio_", strlen("medio_")) == 0;
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
		cmocka_unit_test(test_all_are_met),
	};
	struct secret_status status;

	log_open(2, LOG_ERROR);
	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, set_up, titular_tear_down);
}
