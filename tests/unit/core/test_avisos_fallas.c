/*
 * What goes wrong with an aviso, and what is told of it: carriers that refuse, are late or away for
 * days, mail that comes back, media that are not there, acts that are withdrawn. No term runs that
 * was not announced. L-5.6 L-6.5 L-7.3 L-7.6 L-7.8 L-7.10 L-10
 */
#include <string.h>
#include "base/secret.h"
#include "core/envio_estado.h"
#include "tests/help/cm.h"
#include "tests/help/core_avisos.h"

#define MINUTO INT64_C(60000)
#define DIA (1440 * MINUTO)
#define LUNES "2026-11-09 10:15"
#define VENCE zc("2026-11-13 09:30")
#define HECHA (VENCE + AVISO_EN_CAMINO_MS)

static const char *issue(void)
{
	mundo_at(&mundo, zc(LUNES));
	const char *folio = avisos_emitir(mundo.now, NULL);

	avisos_run(mundo.now);
	return folio;
}

static void must_not_run(const char *folio)
{
	ARENA(a, 8 << 20);

	assert_int_equal(aviso_number(folio, "aviso"), 0);
	assert_int_equal(aviso_number(folio, "vence"), 0);
	assert_int_equal(avisos_jobs("plazo") + avisos_jobs("recordar"), 0);
	assert_null(aviso_visto(&a, folio));
	assert_string_equal(aviso_abre(folio), "no-existe");
}

static void must_propose(const char *folio, const char *why)
{
	assert_string_equal(aviso_text(folio, "propuesta"), why);
	assert_int_equal(aviso_eventos(folio, "propuesta"), 1);
	assert_int_equal(
		aviso_number(folio, "propuesta_desde"), aviso_instante(folio, "propuesta"));
}

/* ---- carriers ---- */

/* The gateway takes it a day after the relay did: the term is counted from then. */
static void test_a_day_apart(void **state)
{
	(void)state;
	avisos_block(mundo.config.sms_carpeta);
	const char *folio = issue();

	assert_int_equal(aviso_number(folio, "correo"), zc(LUNES));
	must_not_run(folio);
	avisos_run(zc("2026-11-09 20:00"));
	must_not_run(folio);
	avisos_free(mundo.config.sms_carpeta);
	avisos_retry("sms", zc("2026-11-10 10:20"));
	assert_int_equal(aviso_number(folio, "correo"), zc(LUNES));
	assert_int_equal(aviso_number(folio, "aviso"), zc("2026-11-10 10:20"));
	assert_int_equal(aviso_number(folio, "vence"), zc("2026-11-17 09:30"));
	assert_string_equal(aviso_text(folio, "propuesta"), "");
}

/* Down for days: nothing runs, a person is to decide; the rest of the outbox goes on. */
static void test_relay_down(void **state)
{
	(void)state;
	avisos_block(mundo.config.correo_carpeta);
	const char *folio = issue();

	for (int day = 1; day <= 3; day++) {
		must_not_run(folio);
		avisos_retry("correo", zc(LUNES) + day * DIA - 1);
		assert_string_equal(aviso_text(folio, "propuesta"), "");
	}
	avisos_retry("correo", zc(LUNES) + 3 * DIA);
	must_not_run(folio);
	assert_int_equal(aviso_envios(folio, "aviso_correo", "fallido"), 2);
	assert_int_equal(aviso_eventos(folio, "aviso-fallido"), 2);
	assert_int_equal(aviso_eventos(folio, "aviso-enviado"), 1);
	assert_non_null(strstr(lote_text(&mundo, "SELECT detalle FROM evento WHERE suceso = "
						 "'aviso-fallido' ORDER BY orden LIMIT 1"),
		"tres días"));
	must_propose(folio, "El aviso no se pudo entregar a ningún correo validado");
	/* However late it is: it is never notified by itself. */
	avisos_run(HECHA + 30 * DIA);
	must_not_run(folio);
	assert_int_equal(aviso_number(folio, "notificada"), 0);
	avisos_free(mundo.config.correo_carpeta);
	/* Turned down, and sent anew, the SMS that was taken too. */
	lote_do(&mundo, "UPDATE notificacion SET propuesta = NULL, propuesta_desde = NULL");
	mundo_at(&mundo, zc("2027-01-11 12:00"));
	avisos_do(aviso_programar, folio, mundo.now);
	avisos_run(mundo.now);
	assert_int_equal(aviso_number(folio, "celular"), mundo.now);
	assert_int_equal(aviso_number(folio, "aviso"), mundo.now);
	assert_int_equal(avisos_jobs("plazo"), 1);
}

/* Neither way works: it is proposed once, for whichever is found first. */
static void test_all_down(void **state)
{
	(void)state;
	avisos_block(mundo.config.correo_carpeta);
	avisos_block(mundo.config.sms_carpeta);
	const char *folio = issue();

	avisos_retry("correo", zc(LUNES) + 3 * DIA);
	assert_int_equal(aviso_eventos(folio, "aviso-fallido"), 3);
	assert_non_null(strstr(aviso_text(folio, "propuesta"), "no se pudo entregar"));
	assert_int_equal(aviso_eventos(folio, "propuesta"), 1);
	must_not_run(folio);
	assert_int_equal(lote_number(&mundo, "SELECT count(*) FROM tarea"), 0);
}

/* What a carrier or a bounce says of that message. */
static enum err report(struct env *env, const char *folio, int64_t n)
{
	const char *id = lote_text(&mundo,
		"SELECT id FROM envio WHERE acto = '%s' AND via = 'correo' ORDER BY destino LIMIT 1 "
		"OFFSET %d",
		folio, (int)n);
	enum err e = store_lock(env->store, env->titular);

	return e == OK ? envio_informar(env, id, INFORME_FALLIDO, "550 no existe") : e;
}

/* It came back after it was taken: evidence and a proposal; the aviso stands (L-7.3). */
static void test_bounced(void **state)
{
	ARENA(a, 8 << 20);
	const char *folio = issue();

	(void)state;
	mundo_at(&mundo, zc("2026-11-10 08:00"));
	avisos_do(report, folio, 0);
	assert_int_equal(aviso_eventos(folio, "aviso-rebotado"), 1);
	assert_string_equal(aviso_text(folio, "propuesta"), "");
	avisos_do(report, folio, 1);
	assert_int_equal(aviso_eventos(folio, "aviso-rebotado"), 2);
	must_propose(folio, "El aviso volvió de todos los correos validados");
	assert_string_equal(lote_text(&mundo, "SELECT detalle FROM evento WHERE suceso = "
					      "'aviso-rebotado' ORDER BY orden LIMIT 1"),
		"550 no existe");
	assert_int_equal(aviso_number(folio, "aviso"), zc(LUNES));
	assert_int_equal(aviso_number(folio, "vence"), VENCE);
	assert_non_null(aviso_visto(&a, folio));
	avisos_run(HECHA);
	assert_int_equal(aviso_number(folio, "notificada"), VENCE);
	assert_int_equal(aviso_eventos(folio, "aviso-fallido"), 0);
	/* Nothing is left to be decided of what is notified. */
	assert_string_equal(aviso_text(folio, "propuesta"), "");
	assert_int_equal(aviso_number(folio, "propuesta_desde"), 0);
}

/* It was opened while estrados were proposed: that proposal is over. */
static void test_opened_while_proposed(void **state)
{
	const char *folio = issue();

	(void)state;
	avisos_do(report, folio, 0);
	avisos_do(report, folio, 1);
	must_propose(folio, "El aviso volvió de todos los correos validados");
	mundo_at(&mundo, zc("2026-11-10 11:00"));
	assert_string_equal(aviso_abre(folio), "");
	assert_string_equal(aviso_text(folio, "propuesta"), "");
}

/* The mails of its last attempt come back. */
static enum err report_last(struct env *env, const char *folio, int64_t n)
{
	const char *id = lote_text(&mundo,
		"SELECT id FROM envio WHERE acto = '%s' AND via = 'correo' AND estado = 'pendiente' "
		"ORDER BY destino LIMIT 1",
		folio);
	enum err e = store_lock(env->store, env->titular);

	(void)n;
	return e == OK ? envio_informar(env, id, INFORME_FALLIDO, "550 no existe") : e;
}

/*
 * Tried again without estrados: an aviso is whole or none. What a carrier took of the first
 * attempt, for media that may be others by now, begins no term with what it takes of the second.
 * L-7.3
 */
static void test_two_attempts_are_two(void **state)
{
	(void)state;
	avisos_block(mundo.config.sms_carpeta);
	const char *folio = issue();

	assert_int_equal(aviso_number(folio, "correo"), zc(LUNES));
	avisos_block(mundo.config.correo_carpeta);
	avisos_free(mundo.config.sms_carpeta);
	mundo_at(&mundo, zc("2026-11-10 10:00"));
	avisos_do(aviso_programar, folio, mundo.now);
	avisos_run(zc("2026-11-10 10:01"));
	assert_int_equal(aviso_number(folio, "celular"), zc("2026-11-10 10:01"));
	must_not_run(folio);
	/* Its own mails fail: that of the first attempt keeps nobody from a proposal. */
	avisos_do(report_last, folio, 0);
	assert_string_equal(aviso_text(folio, "propuesta"), "");
	avisos_do(report_last, folio, 0);
	must_propose(folio, "El aviso no se pudo entregar a ningún correo validado");
	avisos_free(mundo.config.correo_carpeta);
}

/* The mail came back before the SMS was taken: both were taken, the later one counts. */
static void test_bounced_between(void **state)
{
	(void)state;
	avisos_block(mundo.config.sms_carpeta);
	const char *folio = issue();

	avisos_do(report, folio, 0);
	avisos_do(report, folio, 1);
	must_propose(folio, "El aviso volvió de todos los correos validados");
	avisos_free(mundo.config.sms_carpeta);
	avisos_retry("sms", zc("2026-11-09 12:00"));
	assert_int_equal(aviso_number(folio, "aviso"), zc("2026-11-09 12:00"));
}

/* An RP's media are told besides: no term rests on them, and none is proposed for them. */
static void test_rp_media_are_not_enough(void **state)
{
	(void)state;
	avisos_medio("A1234567890", "celular", "5587654321");
	mundo_at(&mundo, zc(LUNES));
	const char *folio = avisos_emitir(mundo.now, "A1234567890");

	avisos_block(mundo.config.sms_carpeta);
	avisos_run(mundo.now);
	avisos_free(mundo.config.sms_carpeta);
	lote_do(&mundo,
		"UPDATE tarea SET vence = 1 WHERE clase = 'sms' AND clave LIKE '%%' || (SELECT id FROM "
		"envio WHERE destino = '5587654321')");
	avisos_run(mundo.now + 1);
	assert_int_equal(aviso_eventos(folio, "aviso-enviado"), 3);
	must_not_run(folio);
	avisos_retry("sms", mundo.now + MINUTO);
	assert_int_equal(aviso_number(folio, "aviso"), mundo.now);
}

/* ---- nobody to send it to ---- */

struct sin {
	const char *sql;
	const char *why;
};

static void test_without_media(void **state)
{
	static const struct sin rows[] = {
		{"UPDATE particular SET habilitado = NULL", "El Buzón no está habilitado"},
		{"DELETE FROM medio WHERE mecanismo = 'correo'", "No hay un correo validado"},
		{"UPDATE medio SET validado = NULL WHERE mecanismo = 'correo'",
			"No hay un correo validado"},
		{"UPDATE medio SET baja = 1 WHERE mecanismo = 'celular'",
			"No hay un celular validado"},
		{"UPDATE medio SET rp = 'A1234567890' WHERE mecanismo = 'celular'",
			"No hay un celular validado"},
		{"DELETE FROM medio", "No hay correo ni celular validados"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		avisos_fresh(state);
		lote_do(&mundo, "%s", rows[i].sql);
		const char *folio = issue();

		assert_int_equal(lote_number(&mundo, "SELECT count(*) FROM envio"), 0);
		assert_int_equal(lote_number(&mundo, "SELECT count(*) FROM tarea"), 0);
		assert_int_equal(aviso_eventos(folio, "sin-aviso"), 1);
		must_propose(folio, rows[i].why);
		lote_do(&mundo, "UPDATE particular SET habilitado = 1");
		must_not_run(folio);
		assert_int_equal(aviso_number(folio, "notificada"), 0);
	}
}

/* ---- ended otherwise ---- */

static enum err remove_it(struct env *env, const char *folio, int64_t at)
{
	(void)at;
	return aviso_quitar(env, folio);
}

static void end_as(const char *folio, const char *forma, int64_t notificada)
{
	lote_do(&mundo,
		"UPDATE notificacion SET forma = '%s', notificada = NULLIF(%lld, 0), motivo = 'error "
		"en el oficio', seq = seq + 1 WHERE folio = '%s'",
		forma, (long long)notificada, folio);
	avisos_do(remove_it, folio, 0);
}

/* Before anybody was told: for its titular it never was. */
static void test_withdrawn_before(void **state)
{
	ARENA(a, 8 << 20);

	(void)state;
	mundo_at(&mundo, zc("2026-11-08 12:00"));
	const char *folio = avisos_emitir(zc("2026-11-09 09:30"), NULL);

	end_as(folio, AVISO_RETIRADA, 0);
	avisos_run(zc(LUNES));
	assert_int_equal(lote_number(&mundo, "SELECT count(*) FROM envio"), 0);
	must_not_run(folio);
	assert_int_equal(aviso_eventos(folio, "sin-aviso"), 0);
	assert_null(aviso_visto(&a, folio));
}

/* Somebody was told: they see that it was withdrawn, and why; what has not left does not leave. */
static void test_withdrawn_between(void **state)
{
	ARENA(a, 8 << 20);

	(void)state;
	avisos_block(mundo.config.sms_carpeta);
	const char *folio = issue();
	struct m_documento_pedir doc = {.hat = {rfc, "propio"}, .folio = folio};

	end_as(folio, AVISO_RETIRADA, 0);
	avisos_free(mundo.config.sms_carpeta);
	avisos_retry("sms", zc(LUNES) + MINUTO);
	assert_int_equal(aviso_envios(folio, "aviso_sms", "sustituido"), 1);
	assert_int_equal(aviso_number(folio, "aviso"), 0);
	const struct m_notificacion *n = aviso_visto(&a, folio);

	assert_non_null(n);
	assert_string_equal(n->forma, "retirada");
	assert_string_equal(n->motivo, "error en el oficio");
	assert_int_equal(n->notificada, 0);
	assert_null(n->emision);
	assert_string_equal(aviso_abre(folio), "acto-retirado");
	assert_string_equal(mundo_error(&a, titular_call(&a, ROUTE_ID_documento, &doc, &by_fisica)),
		"documento-sin-abrir");
}

/* Estrados, or in person: it is seen, read, and can't be opened or lapse any more. */
static void test_notified_otherwise(void **state)
{
	static const char *const formas[] = {AVISO_ESTRADOS, AVISO_PERSONAL};

	(void)state;
	for (size_t i = 0; i < 2 * COUNT_OF(formas); i++) {
		ARENA(a, 8 << 20);
		bool was_told = i >= COUNT_OF(formas);

		avisos_fresh(state);
		if (!was_told)
			lote_do(&mundo, "DELETE FROM medio");
		const char *folio = issue();
		struct m_documento_pedir doc = {.hat = {rfc, "propio"}, .folio = folio};

		/* Of estrados nothing but the decision is written. */
		int64_t notificada = i % 2 == 0 ? 0 : zc("2026-11-11 12:00");

		end_as(folio, formas[i % 2], notificada);
		mundo_at(&mundo, zc("2026-11-11 13:00"));
		const struct m_notificacion *n = aviso_visto(&a, folio);

		assert_non_null(n);
		assert_string_equal(n->forma, formas[i % 2]);
		assert_int_equal(n->notificada, notificada);
		assert_int_equal(n->vence, was_told ? VENCE : 0);
		assert_int_equal(n->bytes, 8);
		assert_string_equal(aviso_abre(folio), "notificacion-hecha");
		assert_non_null(
			mundo_answer(&a, titular_call(&a, ROUTE_ID_documento, &doc, &by_fisica)));
		avisos_run(HECHA);
		assert_string_equal(aviso_text(folio, "forma"), formas[i % 2]);
		assert_int_equal(aviso_acuses(folio), 0);
	}
}

#define EACH(f) cmocka_unit_test_setup(f, avisos_fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(test_a_day_apart),
		EACH(test_relay_down),
		EACH(test_all_down),
		EACH(test_bounced),
		EACH(test_opened_while_proposed),
		EACH(test_two_attempts_are_two),
		EACH(test_bounced_between),
		EACH(test_rp_media_are_not_enough),
		EACH(test_without_media),
		EACH(test_withdrawn_before),
		EACH(test_withdrawn_between),
		EACH(test_notified_otherwise),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, avisos_set_up, avisos_tear_down);
}
