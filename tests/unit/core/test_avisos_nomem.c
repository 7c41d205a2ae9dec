/*
 * Each job of a notification with its n-th allocation failing, for every n: done whole, or nothing
 * of it is there and its job is. L-6.1 L-7.3 L-7.5
 */
#include "base/db_mem.h"
#include "base/mem.h"
#include "base/secret.h"
#include "tests/help/cm.h"
#include "tests/help/core_avisos.h"
#include "tests/help/ossl_mem.h"

#define LUNES zc("2026-11-09 10:15")

/* How far it has come, and what must be there by then. */
struct paso {
	const char *clase;
	int64_t (*at)(const char *folio);
	/* Both tell of the same: the row, and all that comes with it. */
	const char *row;
	const char *rest;
	int64_t parts; /* of the rest, when it is done */
};

static int64_t at_issue(const char *folio)
{
	(void)folio;
	return LUNES;
}

static int64_t at_lapse(const char *folio)
{
	return aviso_number(folio, "vence") + AVISO_EN_CAMINO_MS;
}

static int64_t at_reminder(const char *folio)
{
	(void)folio;
	return zc("2026-11-10 09:30");
}

static const struct paso pasos[] = {
	{"aviso", at_issue,
		"SELECT CASE WHEN count(*) = 3 THEN 1 ELSE 0 END FROM envio WHERE plantilla LIKE "
		"'aviso%'",
		"SELECT (SELECT count(*) FROM envio) + (SELECT count(*) FROM tarea WHERE clase IN "
		"('correo', 'sms'))",
		6},
	{"puesta", at_issue, "SELECT count(*) FROM notificacion WHERE aviso IS NOT NULL",
		"SELECT (SELECT count(*) FROM tarea WHERE clase IN ('plazo', 'recordar')) + (SELECT "
		"count(*) FROM evento WHERE suceso = 'puesta')",
		3},
	{"recordar", at_reminder, "SELECT count(*) FROM evento WHERE suceso = 'recordatorio'",
		"SELECT count(*) FROM envio WHERE plantilla = 'recordatorio_aviso'", 2},
	{"plazo", at_lapse, "SELECT count(*) FROM notificacion WHERE forma = 'automatica'",
		"SELECT (SELECT count(*) FROM acuse WHERE folio = (SELECT acuse FROM notificacion)) + "
		"(SELECT count(*) FROM evento WHERE suceso = 'vencida') + (SELECT count(*) FROM envio "
		"WHERE plantilla = 'notificada')",
		4},
};

/* All before that step, and nothing else that is due. */
static const char *prepare(void **state, const struct paso *p)
{
	avisos_fresh(state);
	mundo_at(&mundo, LUNES);
	const char *folio = avisos_emitir(LUNES, NULL);

	if (p->at != at_issue)
		avisos_run(LUNES);
	else if (p != pasos)
		lote_do(&mundo,
			"BEGIN; UPDATE notificacion SET correo = %lld, celular = %lld; DELETE FROM "
			"tarea; INSERT INTO tarea (clase, clave, vence) VALUES ('puesta', '%s %s', 1); "
			"COMMIT;",
			(long long)LUNES, (long long)LUNES, rfc, folio);
	lote_do(&mundo, "DELETE FROM tarea WHERE clase <> '%s'", p->clase);
	lote_do(&mundo, "DELETE FROM envio");
	return folio;
}

static int64_t number(const char *sql)
{
	return lote_number(&mundo, "%s", sql);
}

/* The batch alone: its errands would end whenever they do. */
static bool fail_at(const struct paso *p, const char *folio, long n)
{
	size_t count = 0;
	int64_t at = p->at(folio);

	lote_do(&mundo, "UPDATE tarea SET vence = %lld, intentos = 0", (long long)at);
	mundo_at(&mundo, at);
	mem_fail_at(n);
	enum err e = lote_try(tareas, mundo.writer, at, &count);
	bool over = mem_count() < n;

	mem_fail_at(0);
	assert_true(e == OK || e == ERR_NO_MEMORY || e == ERR_STORE);
	bool done = number(p->row) != 0;

	assert_int_equal(number(p->rest), done ? p->parts : 0);
	return over && done;
}

static void test_jobs(void **state)
{
	for (size_t i = 0; i < COUNT_OF(pasos); i++) {
		const struct paso *p = &pasos[i];
		const char *folio = prepare(state, p);
		long n = 1;

		while (!fail_at(p, folio, n)) {
			n++;
			if (number(p->row) != 0)
				folio = prepare(state, p);
		}
		if (n <= 20)
			fail_msg("%s: %ld allocations", p->clase, n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_jobs)};
	struct secret_status status;

	ossl_mem_hook();
	if (db_setup() != OK || secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, avisos_set_up, avisos_tear_down);
}
