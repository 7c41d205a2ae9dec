/*
 * Jobs at chosen instants, in the store alone: each effect once or not at all, one that fails harms
 * no other, and is tried again, later and later.
 */
#include <stdio.h>
#include "base/secret.h"
#include "tests/help/cm.h"
#include "tests/help/core_lote.h"
#include "tests/help/pg.h"

static struct mundo m;
static struct tareas *t;

/* ---- kinds of this test: their effect is a row of `acceso`, which nobody ever removes ---- */

static enum err note(struct tarea *j, const char *who)
{
	struct in_acceso_poner in = {
		.instante = j->env.now, .titular = who, .firmante = "tarea", .ruta = j->clave};

	return q_acceso_poner(j->env.store, &in, j->env.arena, NULL);
}

static enum err apunta(struct tarea *j)
{
	return note(j, "apunta");
}

/* Fails behind its effect. */
static enum err falla(struct tarea *j)
{
	enum err e = note(j, "falla");

	return e == OK ? ERR_SEAL : e;
}

/* Something that the database refuses. */
static enum err revienta(struct tarea *j)
{
	enum err e = note(j, "revienta");

	return e == OK ? note(j, NULL) : e;
}

static enum err rehusa(struct tarea *j)
{
	enum err e = note(j, "rehusa");

	return e == OK ? ERR_ALREADY_OPENED : e;
}

/* A kind that has no end of its own would run for ever in one instant. */
static enum err insiste(struct tarea *j)
{
	j->otra = j->env.now - 5;
	return note(j, "insiste");
}

static enum err vuelve(struct tarea *j)
{
	j->otra = j->env.now + 1000;
	return note(j, "vuelve");
}

/* With the mailbox, and a folio of its own. */
static enum err del_buzon(struct tarea *j)
{
	int64_t folio = 0;
	enum err e = folios_take(j->env.folios, j->env.now, &folio);
	struct in_acceso_poner in = {.instante = folio,
		.titular = j->env.titular,
		.firmante = "tarea",
		.ruta = j->clave};

	return e == OK ? q_acceso_poner(j->env.store, &in, j->env.arena, NULL) : e;
}

static const struct tarea_fila filas[] = {
	{.clase = "apunta", .primera_ms = 1000, .mayor_ms = 8000, .hace = apunta},
	{.clase = "falla", .intentos = 3, .primera_ms = 1000, .mayor_ms = 8000, .hace = falla},
	{.clase = "revienta", .primera_ms = 1000, .mayor_ms = 8000, .hace = revienta},
	{.clase = "rehusa", .primera_ms = 1000, .mayor_ms = 8000, .hace = rehusa},
	{.clase = "vuelve", .primera_ms = 1000, .mayor_ms = 8000, .hace = vuelve},
	{.clase = "insiste", .primera_ms = 1000, .mayor_ms = 8000, .hace = insiste},
	{.clase = "del_buzon",
		.de = TAREA_DE_TITULAR,
		.primera_ms = 1000,
		.mayor_ms = 8000,
		.hace = del_buzon},
};

static int set_up(void **state)
{
	(void)state;
	mundo_open(&m);
	struct tareas_config c = {.server = &m.server,
		.writer = m.writer,
		.filas = filas,
		.filas_count = COUNT_OF(filas)};

	return tareas_open(&c, &t) == OK ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	mundo_close(&m);
	tareas_free(t);
	return 0;
}

static int64_t effects(const char *key)
{
	return lote_number(&m, "SELECT count(*) FROM acceso WHERE ruta = '%s'", key);
}

static int64_t of_job(const char *column, const char *key)
{
	return lote_number(&m, "SELECT %s FROM tarea WHERE clave = '%s'", column, key);
}

/* ---- when ---- */

static void test_at_its_instant(void **state)
{
	(void)state;
	lote_put(&m, "apunta", "instante", m.now);
	assert_int_equal(lote_run(t, m.writer, m.now - 1), 0);
	assert_int_equal(effects("instante"), 0);
	assert_int_equal(lote_run(t, m.writer, m.now), 1);
	assert_int_equal(effects("instante"), 1);
	assert_int_equal(of_job("count(*)", "instante"), 0);
	assert_int_equal(lote_run(t, m.writer, m.now + 1000000), 0);
	assert_int_equal(effects("instante"), 1);
}

/* Any text of up to 200 bytes is a key. */
static void test_any_key(void **state)
{
	char key[TAREA_CLAVE + 1];

	(void)state;
	memset(key, 'x', TAREA_CLAVE);
	memcpy(key, "Ñ %_ \\ \" |", strlen("Ñ %_ \\ \" |"));
	key[TAREA_CLAVE] = '\0';
	lote_put(&m, "apunta", key, m.now);
	assert_int_equal(lote_run(t, m.writer, m.now), 1);
	assert_int_equal(effects(key), 1);
	assert_int_equal(of_job("count(*)", key), 0);
	char longer[TAREA_CLAVE + 2];

	memset(longer, 'x', TAREA_CLAVE + 1);
	longer[TAREA_CLAVE + 1] = '\0';
	assert_int_equal(tarea_poner(m.hand, NULL, TAREA_presupuesto, longer, m.now), ERR_INTERNAL);
	assert_int_equal(
		tarea_asegurar(m.hand, NULL, TAREA_presupuesto, longer, m.now), ERR_INTERNAL);
}

static void test_moved(void **state)
{
	(void)state;
	lote_put(&m, "apunta", "movida", m.now);
	lote_put(&m, "apunta", "movida", m.now + 5000);
	assert_int_equal(lote_run(t, m.writer, m.now + 4999), 0);
	assert_int_equal(lote_run(t, m.writer, m.now + 5000), 1);
	assert_int_equal(effects("movida"), 1);
	/* To before, as well. */
	lote_put(&m, "apunta", "adelantada", m.now + 5000);
	lote_put(&m, "apunta", "adelantada", m.now);
	assert_int_equal(lote_run(t, m.writer, m.now), 1);
	assert_int_equal(effects("adelantada"), 1);
}

/* What only must be there stays as it is. */
static void test_ensured(void **state)
{
	struct novedades news = {0};

	(void)state;
	assert_int_equal(
		tarea_asegurar(m.hand, &news, TAREA_presupuesto, "asegurada", m.now + 7), OK);
	assert_int_equal(news.tarea, m.now + 7);
	assert_int_equal(tarea_asegurar(m.hand, NULL, TAREA_presupuesto, "asegurada", m.now), OK);
	assert_int_equal(of_job("vence", "asegurada"), m.now + 7);
	assert_int_equal(tarea_poner(m.hand, &news, TAREA_presupuesto, "asegurada", m.now + 3), OK);
	assert_int_equal(of_job("vence", "asegurada"), m.now + 3);
	assert_int_equal(news.tarea, m.now + 3);
	/* A kind that this server does not do is not touched. */
	assert_int_equal(lote_run(t, m.writer, m.now + 1000000), 0);
	assert_int_equal(of_job("vence", "asegurada"), m.now + 3);
}

static void test_due_again(void **state)
{
	(void)state;
	lote_put(&m, "vuelve", "otra vez", m.now);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(lote_run(t, m.writer, m.now + i * 1000), 1);
		assert_int_equal(lote_run(t, m.writer, m.now + i * 1000), 0);
		assert_int_equal(effects("otra vez"), i + 1);
	}
	assert_int_equal(of_job("vence", "otra vez"), m.now + 3000);
	lote_do(&m, "DELETE FROM tarea");
	lote_put(&m, "insiste", "insistente", m.now);
	assert_int_equal(lote_run(t, m.writer, m.now), 1);
	assert_int_equal(lote_run(t, m.writer, m.now), 0);
	assert_int_equal(of_job("vence", "insistente"), m.now + 1);
	lote_do(&m, "DELETE FROM tarea");
}

static void test_by_batches(void **state)
{
	static const size_t batches[] = {20, 20, 5, 0};

	(void)state;
	for (int i = 0; i < 45; i++) {
		char key[16];

		snprintf(key, sizeof(key), "n%d", i);
		lote_put(&m, "apunta", key, m.now - i);
	}
	for (size_t i = 0; i < COUNT_OF(batches); i++)
		assert_int_equal(lote_run(t, m.writer, m.now), batches[i]);
	assert_int_equal(
		lote_number(&m, "SELECT count(DISTINCT ruta) FROM acceso WHERE ruta LIKE 'n%%'"),
		45);
	assert_int_equal(lote_number(&m, "SELECT count(*) FROM acceso WHERE ruta LIKE 'n%%'"), 45);
}

/* ---- failures ---- */

static void test_wait_table(void **state)
{
	const struct tarea_fila f = {.primera_ms = 30000, .mayor_ms = 3600000};
	static const int64_t table[] = {30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600};
	int different = 0;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		int64_t wait = tarea_espera(&f, "clave", (int64_t)i + 1);

		assert_in_range(wait, table[i] * 875, table[i] * 1000);
		assert_int_equal(wait, tarea_espera(&f, "clave", (int64_t)i + 1));
		different += wait != tarea_espera(&f, "clavf", (int64_t)i + 1);
	}
	assert_true(different > 5);
	/* However long it has been failing. */
	assert_in_range(tarea_espera(&f, "clave", INT64_C(1) << 40), 3150000, 3600000);
}

static void test_fails_and_is_given_up(void **state)
{
	int64_t now = m.now;

	(void)state;
	lote_put(&m, "falla", "tres veces", now);
	for (int i = 1; i <= 3; i++) {
		assert_int_equal(lote_run(t, m.writer, now - 1), 0);
		assert_int_equal(lote_run(t, m.writer, now), 1);
		/* Nothing of it is there. */
		assert_int_equal(effects("tres veces"), 0);
		assert_int_equal(of_job("intentos", "tres veces"), i);
		assert_string_equal(
			lote_text(&m, "SELECT fallo FROM tarea WHERE clave = 'tres veces'"),
			err_wire(ERR_SEAL));
		if (i < 3)
			now += tarea_espera(&filas[1], "tres veces", i);
		assert_int_equal(of_job("vence", "tres veces"), i < 3 ? now : 0);
	}
	/* Kept, so that an operator sees it; never done. */
	assert_null(lote_text(&m, "SELECT vence FROM tarea WHERE clave = 'tres veces'"));
	assert_int_equal(lote_run(t, m.writer, now + INT64_C(86400000)), 0);
	/* Made due again it begins anew. */
	struct in_tarea_reanudar in = {.vence = now, .clase = "falla", .clave = "tres veces"};

	assert_int_equal(q_tarea_reanudar(m.hand, &in, NULL, NULL), OK);
	assert_int_equal(lote_run(t, m.writer, now), 1);
	assert_int_equal(of_job("intentos", "tres veces"), 1);
	lote_do(&m, "DELETE FROM tarea");
}

/* No try would change what a rule refuses. */
static void test_refusal_is_given_up(void **state)
{
	(void)state;
	lote_put(&m, "rehusa", "rehusada", m.now);
	assert_int_equal(lote_run(t, m.writer, m.now), 1);
	assert_int_equal(effects("rehusada"), 0);
	assert_null(lote_text(&m, "SELECT vence FROM tarea WHERE clave = 'rehusada'"));
	assert_string_equal(
		lote_text(&m, "SELECT fallo FROM tarea WHERE clave = 'rehusada'"), "ya-notificada");
	lote_do(&m, "DELETE FROM tarea");
}

/* One in the middle of a full batch fails, by itself or in the database: the others don't notice.
 */
static void test_one_of_twenty(void **state)
{
	static const char *const bad[] = {"falla", "revienta", "rehusa"};

	(void)state;
	for (size_t b = 0; b < COUNT_OF(bad); b++) {
		char key[24];

		for (int i = 0; i < 20; i++) {
			snprintf(key, sizeof(key), "%s%d", bad[b], i);
			lote_put(&m, i == 9 ? bad[b] : "apunta", key, m.now + i);
		}
		assert_int_equal(lote_run(t, m.writer, m.now + 20), 20);
		assert_int_equal(
			lote_number(
				&m, "SELECT count(*) FROM acceso WHERE ruta LIKE '%s%%'", bad[b]),
			19);
		snprintf(key, sizeof(key), "%s9", bad[b]);
		assert_int_equal(effects(key), 0);
		assert_int_equal(lote_number(&m, "SELECT count(*) FROM tarea"), 1);
		assert_int_equal(of_job("intentos", key), 1);
		lote_do(&m, "DELETE FROM tarea");
	}
}

/* ---- mailboxes ---- */

/* A job of a mailbox sees whose it is, and its folio is nobody else's. */
static void test_mailbox_and_folio(void **state)
{
	(void)state;
	lote_put(&m, "del_buzon", "PEÑJ800101AB1 uno", m.now);
	lote_put(&m, "del_buzon", "PEÑJ800101AB1 dos", m.now);
	lote_put(&m, "del_buzon", "FÑ&010203AB1", m.now);
	assert_int_equal(lote_run(t, m.writer, m.now), 3);
	assert_int_equal(
		lote_number(&m, "SELECT count(*) FROM acceso WHERE titular = 'PEÑJ800101AB1'"), 2);
	assert_int_equal(
		lote_number(&m, "SELECT count(*) FROM acceso WHERE titular = 'FÑ&010203AB1'"), 1);
	assert_int_equal(lote_number(&m, "SELECT count(DISTINCT instante) FROM acceso WHERE "
					 "titular IN ('PEÑJ800101AB1', 'FÑ&010203AB1')"),
		3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_at_its_instant),
		cmocka_unit_test(test_any_key),
		cmocka_unit_test(test_moved),
		cmocka_unit_test(test_due_again),
		cmocka_unit_test(test_by_batches),
		cmocka_unit_test(test_wait_table),
		cmocka_unit_test(test_fails_and_is_given_up),
		cmocka_unit_test(test_refusal_is_given_up),
		cmocka_unit_test(test_one_of_twenty),
		cmocka_unit_test(test_mailbox_and_folio),
		cmocka_unit_test(test_ensured),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
