/*
 * The 72 hours at chosen instants, and the reminders of the 180 days: L-5.2, L-5.7, L-5.8, L-T1,
 *
 */
#include <string.h>
#include "base/secret.h"
#include "ley/plazo_activar.h"
#include "tests/help/cm.h"
#include "tests/help/core_medios.h"
#include "tests/help/dia.h"

static int set_up(void **state)
{
	(void)state;
	medios_forget();
	lote_do(&mundo, "UPDATE particular SET zona = 'America/Mexico_City', inscrito = NULL");
	return 0;
}

static const char *register_at(int64_t when, const char *valor)
{
	const char *folio;

	mundo_at(&mundo, when);
	assert_string_equal(medio_alta("correo", valor, NULL, &folio), "");
	return folio;
}

/* Registered on a Friday, valid through a weekend to Monday, 17:00:00.000. */
static void test_weekend(void **state)
{
	ARENA(a, 8 << 20);
	const char *folio = register_at(zc("2026-11-13 17:00:00"), "ana@ejemplo.mx");

	(void)state;
	assert_int_equal(
		lote_number(&mundo, "SELECT vence FROM medio"), zc("2026-11-16 17:00:00.000"));
	assert_string_equal(medio_dice(&a, folio, "Validar a más tardar"),
		"16 de noviembre de 2026 17:00:00 hrs. (Zona Centro)");
	/* The last instant counts. */
	mundo_at(&mundo, zc("2026-11-16 17:00:00.000"));
	assert_string_equal(medio_valida(folio, medio_codigo(folio), NULL), "");
}

struct limite {
	const char *when;
	const char *error;
};

static void test_limits(void **state)
{
	static const struct limite limites[] = {
		{"2026-11-16 16:59:59.999", ""},
		{"2026-11-16 17:00:00.000", ""},
		{"2026-11-16 17:00:00.001", "medio-vencido"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(limites); i++) {
		medios_forget();
		const char *folio = register_at(zc("2026-11-13 17:00:00"), "ana@ejemplo.mx");

		mundo_at(&mundo, zc(limites[i].when));
		assert_string_equal(
			medio_valida(folio, medio_codigo(folio), NULL), limites[i].error);
		if (*limites[i].error == '\0')
			continue;
		/* Before its job, too: nothing can be done with it but register it again. */
		assert_string_equal(medio_reenvia(folio), "medio-vencido");
		assert_string_equal(medio_elimina(folio, true, NULL), "medio-vencido");
		assert_string_equal(medio_alta("correo", "ana@ejemplo.mx", NULL, NULL), "");
	}
}

/* Each side of midnight in Zona Centro, and where clocks there would change. */
static void test_midnight(void **state)
{
	static const char *const pairs[][2] = {
		{"2026-12-31 23:59:59.999", "2027-01-03 23:59:59.999"},
		{"2027-01-01 00:00:00.000", "2027-01-04 00:00:00.000"},
		{"2028-02-27 23:30", "2028-03-01 23:30"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(pairs); i++) {
		medios_forget();
		register_at(zc(pairs[i][0]), "ana@ejemplo.mx");
		assert_int_equal(lote_number(&mundo, "SELECT vence FROM medio"), zc(pairs[i][1]));
	}
}

/* Running hours, not hours on a wall: Tijuana's clock goes back on 1 November 2026. L-5.8 */
static void test_domicile(void **state)
{
	static const struct {
		const char *zona;
		const char *text;
	} cases[] = {
		{"America/Tijuana",
			"02 de noviembre de 2026 17:00:00 hrs. (Zona Centro); en el domicilio fiscal, "
			"02 de noviembre de 2026 15:00:00 hrs."},
		{"America/Cancun",
			"02 de noviembre de 2026 17:00:00 hrs. (Zona Centro); en el domicilio fiscal, "
			"02 de noviembre de 2026 18:00:00 hrs."},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		ARENA(a, 8 << 20);

		medios_forget();
		lote_do(&mundo, "UPDATE particular SET zona = '%s'", cases[i].zona);
		const char *folio = register_at(zc("2026-10-30 17:00:00"), "ana@ejemplo.mx");

		assert_string_equal(medio_dice(&a, folio, "Validar a más tardar"), cases[i].text);
		assert_string_equal(medio_acuse(&a, folio)->zona, cases[i].zona);
		assert_int_equal(
			lote_number(&mundo, "SELECT vence - registrado FROM medio"), 72 * HORA_MS);
	}
	assert_int_equal(at("America/Tijuana", "2026-10-30 16:00"), zc("2026-10-30 17:00"));
}

/* ---- its job ---- */

static void test_expiry(void **state)
{
	ARENA(a, 8 << 20);
	int64_t start = zc("2026-11-13 17:00:00");

	(void)state;
	mundo_at(&mundo, start - HORA_MS);
	const char *valid = medio_listo("correo", "valido@ejemplo.mx", NULL);
	const char *folio = register_at(start, "ana@ejemplo.mx");
	int64_t vence = start + 72 * HORA_MS;

	/* That of the one that was validated finds nothing to do. */
	assert_int_equal(medios_run(tareas, medio_cancela(vence - HORA_MS)), 1);
	assert_string_equal(medio_estado(valid), "validado");
	assert_int_equal(medios_run(tareas, medio_cancela(vence) - 1), 0);
	assert_string_equal(medio_estado(folio), "pendiente");
	assert_int_equal(medios_run(tareas, medio_cancela(vence)), 1);
	assert_string_equal(medio_estado(folio), "vencido");
	assert_int_equal(lote_number(&mundo, "SELECT baja FROM medio WHERE folio = '%s'", folio),
		medio_cancela(vence));
	const char *acuse =
		lote_text(&mundo, "SELECT acuse_baja FROM medio WHERE folio = '%s'", folio);

	assert_string_equal(medio_dice(&a, acuse, "Folio del registro"), folio);
	assert_string_equal(medio_dice(&a, acuse, "Motivo"), "No se validó en 72 horas");
	assert_string_equal(
		medio_acuse(&a, acuse)->tipo, "Acuse de baja de mecanismos de comunicación");
	/* Only who is validated is told, once. */
	assert_string_equal(
		lote_text(&mundo, "SELECT destino FROM envio WHERE plantilla = 'medio_vencido'"),
		"valido@ejemplo.mx");
	assert_int_equal(
		lote_number(&mundo, "SELECT count(*) FROM envio WHERE plantilla = 'medio_vencido'"),
		1);
	assert_int_equal(
		lote_number(&mundo, "SELECT count(*) FROM tarea WHERE clase = 'medio'"), 0);
	mundo_at(&mundo, medio_cancela(vence) + 1);
	assert_string_equal(medio_valida(folio, medio_codigo(folio), NULL), "medio-vencido");
	assert_string_equal(medio_elimina(folio, true, NULL), "medio-dado-de-baja");
}

/* Received at the last instant, written when the job could have run: what counts is the receipt. */
static void test_received_in_time(void **state)
{
	ARENA(a, 8 << 20);
	int64_t start = zc("2026-11-13 17:00:00");
	const char *folio = register_at(start, "ana@ejemplo.mx");
	int64_t vence = start + 72 * HORA_MS;
	struct m_medio_validar v = {
		.hat = {rfc, "propio"}, .folio = folio, .codigo = medio_codigo(folio)};
	struct exchange x = {.arena = &a};
	struct exchange *xs[] = {&x};

	(void)state;
	mundo_at(&mundo, vence);
	x.rq = mundo_request(&mundo, &a, ROUTE_ID_medio_validar, &v, &by_fisica);
	assert_int_equal(serve_check(&mundo.server, &x), SERVE_ACT);
	mundo_at(&mundo, vence + 20000);
	assert_int_equal(medios_run(tareas, vence + 20000), 0);
	writer_group(mundo.writer, xs, 1);
	assert_string_equal(mundo_error(&a, &x), "");
	assert_string_equal(medio_estado(folio), "validado");
	assert_int_equal(lote_number(&mundo, "SELECT validado FROM medio"), vence);
	assert_int_equal(medios_run(tareas, medio_cancela(vence)), 1);
	assert_string_equal(medio_estado(folio), "validado");
}

/* Early, as where an operator moved it: it comes back when it is due. Of nobody: done. */
static void test_early_job(void **state)
{
	int64_t start = zc("2026-11-13 17:00:00");
	const char *folio = register_at(start, "ana@ejemplo.mx");

	(void)state;
	lote_do(&mundo, "UPDATE tarea SET vence = %lld WHERE " MEDIOS_TAREAS, (long long)start);
	assert_int_equal(medios_run(tareas, start), 1);
	assert_string_equal(medio_estado(folio), "pendiente");
	assert_int_equal(lote_number(&mundo, "SELECT vence FROM tarea WHERE " MEDIOS_TAREAS),
		medio_cancela(start + 72 * HORA_MS));
	/* At the last instant, too. */
	lote_do(&mundo, "UPDATE tarea SET vence = %lld WHERE " MEDIOS_TAREAS,
		(long long)start + 72 * HORA_MS);
	assert_int_equal(medios_run(tareas, start + 72 * HORA_MS), 1);
	assert_string_equal(medio_estado(folio), "pendiente");
	assert_int_equal(lote_number(&mundo, "SELECT vence FROM tarea WHERE " MEDIOS_TAREAS),
		medio_cancela(start + 72 * HORA_MS));
	lote_do(&mundo, "DELETE FROM medio");
	assert_int_equal(medios_run(tareas, medio_cancela(start + 72 * HORA_MS)), 1);
	assert_int_equal(lote_number(&mundo, "SELECT count(*) FROM tarea WHERE " MEDIOS_TAREAS), 0);
}

/* ---- a mobile: from when its first message was taken ---- */

struct taken {
	struct chore chore;
	const char *folio;
	int64_t now;
	enum err e;
};

static enum err tell_taken(struct writer_group *g, void *ctx)
{
	ARENA(a, 1 << 20);
	const struct taken *t = ctx;
	struct env env = {.arena = &a,
		.store = g->store,
		.now = t->now,
		.titular = rfc,
		.news = &g->news,
		.config = &mundo.config};

	return medios_enviado(&env, t->folio);
}

static void run_taken(struct chore *c, struct writer_group *g)
{
	struct taken *t = (struct taken *)(void *)c;

	t->e = writer_group_transact(g, t->now, 0, tell_taken, t);
}

static void taken(const char *folio, int64_t now)
{
	struct taken t = {.chore.run = run_taken, .folio = folio, .now = now};

	writer_chore_now(mundo.writer, &t.chore);
	assert_int_equal(t.e, OK);
}

static void test_mobile(void **state)
{
	int64_t start = zc("2026-11-13 17:00:00");
	int64_t first = start + 5 * HORA_MS;
	const char *folio;

	(void)state;
	mundo_at(&mundo, start);
	assert_string_equal(medio_alta("celular", "6641234567", NULL, &folio), "");
	taken(folio, first);
	assert_int_equal(lote_number(&mundo, "SELECT vence FROM medio"), first + 72 * HORA_MS);
	/* One sent again does not begin them anew. */
	taken(folio, first + HORA_MS);
	assert_int_equal(lote_number(&mundo, "SELECT vence FROM medio"), first + 72 * HORA_MS);
	assert_int_equal(lote_number(&mundo, "SELECT vence FROM tarea WHERE clase = 'medio'"),
		medio_cancela(first + 72 * HORA_MS));
	mundo_at(&mundo, first + 72 * HORA_MS);
	assert_string_equal(medio_valida(folio, medio_codigo(folio), NULL), "");
	/* Nor those of one that is validated, or of none. */
	taken(folio, first + 73 * HORA_MS);
	assert_int_equal(lote_number(&mundo, "SELECT vence FROM medio"), first + 72 * HORA_MS);
	taken("BI-20200101-000000000", first);
}

static void test_mobile_lapses(void **state)
{
	int64_t start = zc("2026-11-13 17:00:00");
	const char *folio;

	(void)state;
	mundo_at(&mundo, start);
	assert_string_equal(medio_alta("celular", "6641234567", NULL, &folio), "");
	/* Never sent: it waits. */
	assert_int_equal(medios_run(tareas, start + 1000 * HORA_MS), 0);
	taken(folio, start + 1000 * HORA_MS);
	assert_int_equal(medios_run(tareas, start + 1072 * HORA_MS), 0);
	assert_int_equal(medios_run(tareas, medio_cancela(start + 1072 * HORA_MS)), 1);
	assert_string_equal(medio_estado(folio), "vencido");
}

/* ---- the 180 days ---- */

static int64_t reminders(void)
{
	return lote_number(
		&mundo, "SELECT count(*) FROM envio WHERE plantilla = 'recordatorio_activar'");
}

static int64_t next_reminder(void)
{
	return lote_number(&mundo, "SELECT vence FROM tarea WHERE clase = 'recordatorio'");
}

/* 30, 7 and 1 days before 4 February 2025, to each validated mail. */
static void test_reminders(void **state)
{
	static const char *const when[] = {
		"2025-01-05 10:00", "2025-01-28 10:00", "2025-02-03 10:00"};
	static const char *const dias[] = {"\"dias\",\"valor\":\"30\"", "\"dias\",\"valor\":\"7\"",
		"\"dias\",\"valor\":\"1\""};

	(void)state;
	lote_do(&mundo, "UPDATE particular SET inscrito = %lld", (long long)zc("2001-03-04 10:00"));
	mundo_at(&mundo, zc("2024-09-02 12:00"));
	medio_listo("correo", "ana@ejemplo.mx", NULL);
	medio_listo("celular", "6641234567", NULL);
	lote_do(&mundo, "DELETE FROM tarea WHERE clase = 'medio'");
	for (int i = 0; i < 3; i++) {
		assert_int_equal(next_reminder(), zc(when[i]));
		assert_int_equal(medios_run(tareas, zc(when[i]) - 1), 0);
		assert_int_equal(medios_run(tareas, zc(when[i])), 1);
		assert_int_equal(reminders(), i + 1);
		const char *json = lote_text(&mundo,
			store_shared(mundo.config.almacen)
				? "SELECT convert_from(datos, 'UTF8') FROM envio WHERE plantilla = "
				  "'recordatorio_activar' ORDER BY creado DESC LIMIT 1"
				: "SELECT CAST(datos AS TEXT) FROM envio WHERE plantilla = "
				  "'recordatorio_activar' ORDER BY creado DESC LIMIT 1");

		assert_non_null(strstr(json, dias[i]));
		assert_non_null(strstr(json, "04 de febrero de 2025"));
	}
	assert_int_equal(lote_number(&mundo, "SELECT count(*) FROM tarea WHERE " MEDIOS_TAREAS), 0);
}

/* Enabled meanwhile; registered later; not known: nobody is reminded. */
static void test_no_reminder(void **state)
{
	int64_t start = zc("2024-09-02 12:00");

	(void)state;
	mundo_at(&mundo, start);
	lote_do(&mundo, "UPDATE particular SET inscrito = %lld", (long long)zc("2024-08-07 10:00"));
	medio_listo("correo", "uno@ejemplo.mx", NULL);
	assert_int_equal(next_reminder(), 0);
	lote_do(&mundo, "UPDATE particular SET inscrito = NULL");
	medio_listo("correo", "dos@ejemplo.mx", NULL);
	assert_int_equal(next_reminder(), 0);
	lote_do(&mundo, "UPDATE particular SET inscrito = %lld", (long long)zc("2024-08-06 10:00"));
	medio_listo("correo", "tres@ejemplo.mx", NULL);
	assert_int_equal(next_reminder(), zc("2025-01-05 10:00"));
	lote_do(&mundo, "UPDATE particular SET habilitado = %lld", (long long)start);
	lote_do(&mundo, "DELETE FROM tarea WHERE clase = 'medio'");
	assert_int_equal(medios_run(tareas, zc("2025-01-05 10:00")), 1);
	assert_int_equal(reminders(), 0);
	assert_int_equal(lote_number(&mundo, "SELECT count(*) FROM tarea WHERE " MEDIOS_TAREAS), 0);
	/* The term is over: today nothing is asked of anybody. */
	lote_do(&mundo, "UPDATE particular SET habilitado = NULL");
	mundo_at(&mundo, zc("2026-11-13 17:00"));
	medio_listo("correo", "cuatro@ejemplo.mx", NULL);
	assert_int_equal(next_reminder(), 0);
}

#define EACH(f) cmocka_unit_test_setup(f, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(test_reminders),
		EACH(test_no_reminder),
		EACH(test_domicile),
		EACH(test_weekend),
		EACH(test_limits),
		EACH(test_expiry),
		EACH(test_received_in_time),
		EACH(test_early_job),
		EACH(test_mobile),
		EACH(test_mobile_lapses),
		EACH(test_midnight),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, medios_set_up, medios_tear_down);
}
