/*
 * `buzond verificar-almacen` on notifications that lapsed, wait, were opened, decided and
 * withdrawn: whole, it says so; of each single damage which row does not hold. L-6.1 L-6.5 L-7.3
 * L-7.5
 */
#include <string.h>
#include "base/log.h"
#include "base/secret.h"
#include "core/verifica.h"
#include "tests/help/cm.h"
#include "tests/help/core_acervo.h"
#include "tests/help/core_avisos.h"
#include "tests/help/core_sql.h"
#include "tests/help/core_verbo.h"

#define LUNES "2026-11-09 10:15"

/* Two lapsed; one that waits, one whose SMS nobody took. */
static const char *lapsed, *other, *waits, *half;

static const char *issue(int64_t at)
{
	mundo_at(&mundo, at);
	const char *folio = avisos_emitir(at, NULL);

	avisos_run(at);
	return folio;
}

static int set_up(void **state)
{
	int failed = avisos_set_up(state);

	avisos_fresh(state);
	core_verbo_config(acervo_config, sizeof(acervo_config), mundo.config.almacen);
	lapsed = issue(zc(LUNES));
	other = issue(zc(LUNES) + 1000);
	avisos_run(zc("2026-11-13 09:32:01"));
	assert_string_equal(aviso_text(other, "forma"), "automatica");
	waits = issue(zc("2026-11-17 10:00"));
	avisos_block(mundo.config.sms_carpeta);
	half = issue(zc("2026-11-17 10:03"));
	avisos_free(mundo.config.sms_carpeta);
	/* As of before there were acuses of an issue: those are core/verifica_oficio.c's. */
	lote_do(&mundo, "UPDATE notificacion SET firmante = NULL");
	/* What the world did to sign at any instant is none of what is looked at. */
	lote_do(&mundo, "DELETE FROM medio");
	lote_do(&mundo, "DELETE FROM acto");
	lote_do(&mundo, "DELETE FROM certificado");
	lote_do(&mundo, "DELETE FROM comprobacion");
	lote_do(&mundo, "CREATE TABLE guarda_n AS SELECT * FROM notificacion");
	lote_do(&mundo, "CREATE TABLE guarda_u AS SELECT * FROM acuse");
	return failed;
}

static void test_clean(void **state)
{
	(void)state;
	acervo_must_be_clean("nothing");
	assert_non_null(strstr(acervo_out, "acuses 2, notificaciones 4. Fallas: 0.\n"));
}

struct damage {
	const char **folio;
	const char *set; /* columns of its row */
	const char *want;
};

static const struct damage damages[] = {
	{&waits, "aviso = NULL", "aviso_plazo"},
	{&waits, "vence = NULL", "aviso_plazo"},
	{&waits, "vence = aviso", "aviso_plazo"},
	{&waits, "aviso = aviso - 1", "aviso_plazo"},
	{&waits, "celular = aviso + 1", "aviso_plazo"},
	{&waits, "correo = NULL", "aviso_plazo"},
	{&half, "aviso = correo, vence = correo + 1", "aviso_plazo"},
	{&waits, "forma = 'paloma'", "aviso_forma"},
	{&waits, "forma = 'personal'", "aviso_forma notificacion_decision"},
	{&waits, "forma = 'retirada', notificada = vence", "aviso_forma notificacion_decision"},
	{&waits, "forma = 'estrados', abierta = vence", "aviso_forma notificacion_decision"},
	{&waits, "forma = 'estrados', acuse = 'BI-0'", "notificacion_decision"},
	{&waits, "forma = 'retirada', aviso = NULL, vence = NULL, notificada = 1",
		"aviso_forma notificacion_decision"},
	{&waits, "forma = 'automatica', notificada = vence", "aviso_acuse"},
	{&lapsed, "notificada = notificada - 1", "aviso_vencida"},
	{&lapsed, "vence = vence - 1, notificada = vence - 1", "aviso_acuse"},
	/* Written at 09:32: of a term that was not over then it is no acuse. */
	{&lapsed, "vence = vence + 600000, notificada = vence + 600000", "aviso_acuse"},
	{&lapsed, "abierta = notificada", "aviso_forma"},
	{&lapsed, "oficio = 'OTRO'", "notificacion_oficio aviso_acuse"},
	{&lapsed, "acuse = NULL", "aviso_sin_notificacion aviso_acuse"},
	{&lapsed,
		"acuse = (SELECT g.acuse FROM guarda_n g WHERE g.acuse IS NOT NULL AND g.acuse <> "
		"notificacion.acuse)",
		"aviso_sin_notificacion aviso_acuse"},
	{&lapsed, "forma = NULL", "notificacion_abierta notificacion_acuse"},
};

static void restore(void)
{
	sql_run(mundo.config.almacen,
		"BEGIN; DELETE FROM notificacion; INSERT INTO notificacion SELECT * FROM guarda_n; "
		"DELETE FROM acuse; INSERT INTO acuse SELECT * FROM guarda_u; COMMIT;");
}

static void test_damages(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(damages); i++) {
		const struct damage *d = &damages[i];

		lote_do(&mundo, "UPDATE notificacion SET %s WHERE folio = '%s'", d->set, *d->folio);
		wrong += !acervo_finds(d->set, d->want);
		restore();
	}
	acervo_must_be_clean("all damages");
	assert_int_equal(wrong, 0);
}

/* An acuse of a lapse stands for nothing where its notification is gone. */
static void test_lapse_of_nothing(void **state)
{
	(void)state;
	lote_do(&mundo, "DELETE FROM notificacion WHERE folio = '%s'", lapsed);
	assert_true(acervo_finds("gone", "aviso_sin_notificacion archivo_sin_notificacion"));
	restore();
	lote_do(&mundo, "DELETE FROM acuse WHERE folio = '%s'", aviso_text(lapsed, "acuse"));
	assert_true(acervo_finds("no acuse", "aviso_acuse"));
	restore();
}

static bool mine(const char *name)
{
	return strncmp(name, "aviso_", strlen("aviso_")) == 0;
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
		cmocka_unit_test(test_lapse_of_nothing),
		cmocka_unit_test(test_all_are_met),
	};
	struct secret_status status;

	log_open(2, LOG_ERROR);
	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, set_up, avisos_tear_down);
}
