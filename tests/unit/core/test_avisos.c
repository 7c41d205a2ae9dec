/*
 * A notification from its issue to its notification, at chosen instants and with carriers that
 * work: its aviso goes out, stands, and lapses. L-5.7 L-6.1 L-7.2 L-7.3 L-7.4 L-7.5 L-7.6 L-7.7
 * L-10
 */
#include <string.h>
#include "base/file.h"
#include "base/secret.h"
#include "core/mime_lee.h"
#include "ley/acuse.h"
#include "tests/help/cm.h"
#include "tests/help/core_avisos.h"

#define MINUTO INT64_C(60000)
#define DIA (1440 * MINUTO)
#define LUNES "2026-11-09 10:15"
/* The worked case of requirements.md. */
#define VENCE zc("2026-11-13 09:30")
#define HECHA (VENCE + AVISO_EN_CAMINO_MS)

/* Issued on that Monday, accepted at once. */
static const char *issue(void)
{
	mundo_at(&mundo, zc(LUNES));
	const char *folio = avisos_emitir(mundo.now, NULL);

	avisos_run(mundo.now);
	return folio;
}

/* ---- it goes out ---- */

static void test_to_all_media(void **state)
{
	ARENA(a, 8 << 20);

	(void)state;
	avisos_medio("A1234567890", "correo", "rp@correo.prueba");
	avisos_medio("*", "celular", "5587654321");
	avisos_medio("B1234567890", "correo", "otro@correo.prueba");
	/* The RFC's own address, for that RP too: once. */
	avisos_medio("A1234567890", "correo", "ana@correo.prueba");
	mundo_at(&mundo, zc(LUNES));
	const char *folio = avisos_emitir(mundo.now, "A1234567890");

	assert_null(aviso_visto(&a, folio));
	assert_string_equal(aviso_abre(folio), "no-existe");
	avisos_run(mundo.now);
	assert_int_equal(aviso_envios(folio, "aviso_correo", "aceptado"), 3);
	assert_int_equal(aviso_envios(folio, "aviso_sms", "aceptado"), 2);
	assert_int_equal(lote_number(&mundo, "SELECT count(DISTINCT destino) FROM envio"), 5);
	assert_int_equal(
		lote_number(&mundo, "SELECT count(*) FROM envio WHERE destino LIKE 'otro%%'"), 0);
	assert_int_equal(aviso_eventos(folio, "aviso-enviado"), 5);
	assert_int_equal(aviso_number(folio, "aviso"), mundo.now);
	assert_int_equal(aviso_number(folio, "vence"), VENCE);
	assert_int_equal(aviso_instante(folio, "puesta"), mundo.now);
	assert_int_equal(aviso_eventos(folio, "retenida"), 0);
	const struct m_notificacion *n = aviso_visto(&a, folio);

	assert_non_null(n);
	assert_int_equal(n->aviso, mundo.now);
	assert_int_equal(n->vence, VENCE);
	assert_int_equal(n->bytes, 0);
	assert_null(n->sha256);
	assert_null(n->emision);
	assert_null(n->forma);
	assert_int_equal(avisos_jobs("plazo"), 1);
	assert_int_equal(avisos_jobs("aviso") + avisos_jobs("puesta") + avisos_jobs("correo"), 0);
}

/* The text of a message of that kind, as its template gives it. */
static const char *message(struct arena *a, const char *folio, const char *plantilla)
{
	struct mensaje text = {.arena = a, .id = "x", .destino = "x", .creado = mundo.now};
	const char *json = lote_text(&mundo,
		store_shared(mundo.config.almacen)
			? "SELECT convert_from(datos, 'UTF8') FROM envio WHERE acto = '%s' AND "
			  "plantilla = '%s' LIMIT 1"
			: "SELECT CAST(datos AS TEXT) FROM envio WHERE acto = '%s' AND "
			  "plantilla = '%s' LIMIT 1",
		folio, plantilla);

	assert_non_null(json);
	assert_int_equal(
		mensaje_hacer(mundo.server.mensajeria, plantilla, bytes_of_text(json), &text), OK);
	return arena_printf(a, "%s\n%s\n%s", text.asunto != NULL ? text.asunto : "", text.texto,
		text.html != NULL ? text.html : "");
}

/* Nothing of the act and nobody's name: how to enter, until when, that it is a test. */
static void must_be_bare(struct arena *a, const char *folio, const char *plantilla)
{
	static const char *const not [] = {
		"OF-1", "rectific", "R-7", "FUNCIONARIA", "PERSONA DE", "2026-1", "$1.00", "PEÑ"};
	const char *text = message(a, folio, plantilla);

	for (size_t i = 0; i < COUNT_OF(not ); i++)
		if (strstr(text, not [i]) != NULL)
			fail_msg("%s says «%s»: %s", plantilla, not [i], text);
	assert_null(strstr(text, folio));
	assert_non_null(strstr(text, "PRUEBA"));
	assert_non_null(strstr(text, "e.firma"));
	assert_non_null(strstr(text, "12 de noviembre de 2026"));
}

static void test_what_is_said(void **state)
{
	ARENA(a, 8 << 20);

	(void)state;
	mundo_at(&mundo, zc(LUNES));
	const char *folio = avisos_emitir(mundo.now, NULL);

	/* Made, and not carried yet: what they say goes with the carrier's word. */
	avisos_block(mundo.config.correo_carpeta);
	avisos_block(mundo.config.sms_carpeta);
	avisos_run(mundo.now);
	must_be_bare(&a, folio, "aviso_correo");
	must_be_bare(&a, folio, "aviso_sms");
	avisos_free(mundo.config.correo_carpeta);
	avisos_free(mundo.config.sms_carpeta);
	avisos_retry("correo", mundo.now);
	avisos_retry("sms", mundo.now);
	assert_int_equal(aviso_number(folio, "aviso"), mundo.now);
	assert_int_equal(
		lote_number(&mundo, "SELECT count(*) FROM envio WHERE datos IS NOT NULL"), 0);
}

/* Two of the same hour are two avisos: neither stands in for the other. */
static void test_two_at_once(void **state)
{
	(void)state;
	mundo_at(&mundo, zc(LUNES));
	const char *one = avisos_emitir(mundo.now, NULL);

	avisos_block(mundo.config.correo_carpeta);
	avisos_run(mundo.now);
	mundo_at(&mundo, zc(LUNES) + 1);
	const char *two = avisos_emitir(mundo.now, NULL);

	avisos_run(mundo.now);
	avisos_free(mundo.config.correo_carpeta);
	avisos_retry("correo", mundo.now + MINUTO);
	assert_int_equal(aviso_number(one, "aviso"), zc(LUNES) + 1 + MINUTO);
	assert_int_equal(aviso_number(two, "aviso"), zc(LUNES) + 1 + MINUTO);
	assert_int_equal(
		lote_number(&mundo, "SELECT count(*) FROM envio WHERE estado = 'sustituido'"), 0);
}

/* ---- the window ---- */

struct instante {
	const char *issued;
	const char *accepted; /* the later of the two kinds */
	const char *aviso;
	const char *vence;
};

/* Accepted on each side of the window: L-7.2, L-7.3. */
static void test_window(void **state)
{
	static const struct instante rows[] = {
		{"2026-11-09 10:15", "2026-11-09 17:59:59.999", "2026-11-09 17:59:59.999",
			"2026-11-13 09:30"},
		{"2026-11-09 10:15", "2026-11-09 18:00:00.000", "2026-11-09 18:00:00.000",
			"2026-11-13 09:30"},
		{"2026-11-09 10:15", "2026-11-09 18:00:00.001", "2026-11-10 09:30:00.000",
			"2026-11-17 09:30"},
		{"2026-11-09 10:15", "2026-11-10 09:29:59.999", "2026-11-10 09:30:00.000",
			"2026-11-17 09:30"},
		{"2026-11-09 10:15", "2026-11-10 09:30:00.000", "2026-11-10 09:30:00.000",
			"2026-11-17 09:30"},
		{"2026-11-13 17:00", "2026-11-13 18:00:00.000", "2026-11-13 18:00:00.000",
			"2026-11-20 09:30"},
		{"2026-11-13 17:00", "2026-11-13 18:00:00.001", "2026-11-17 09:30:00.000",
			"2026-11-23 09:30"},
		{"2026-11-13 17:00", "2026-11-14 12:00:00.000", "2026-11-17 09:30:00.000",
			"2026-11-23 09:30"},
		/* Third Monday of November. */
		{"2026-11-13 17:00", "2026-11-16 12:00:00.000", "2026-11-17 09:30:00.000",
			"2026-11-23 09:30"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		ARENA(a, 8 << 20);
		int64_t accepted = zc(rows[i].accepted);
		int64_t aviso = zc(rows[i].aviso);

		avisos_fresh(state);
		mundo_at(&mundo, zc(rows[i].issued));
		const char *folio = avisos_emitir(mundo.now, NULL);

		avisos_block(mundo.config.sms_carpeta);
		avisos_run(mundo.now);
		avisos_free(mundo.config.sms_carpeta);
		avisos_retry("sms", accepted);
		assert_int_equal(aviso_number(folio, "celular"), accepted);
		assert_int_equal(aviso_number(folio, "aviso"), aviso);
		assert_int_equal(aviso_number(folio, "vence"), zc(rows[i].vence));
		assert_int_equal(aviso_eventos(folio, "retenida"), aviso != accepted);
		if (aviso != accepted) {
			avisos_run(aviso - 1);
			assert_null(aviso_visto(&a, folio));
			assert_string_equal(aviso_abre(folio), "no-existe");
			assert_int_equal(aviso_eventos(folio, "puesta"), 0);
		}
		avisos_run(aviso);
		assert_non_null(aviso_visto(&a, folio));
		assert_int_equal(aviso_instante(folio, "puesta"), aviso);
		avisos_run(aviso);
		assert_int_equal(aviso_eventos(folio, "puesta"), 1);
	}
}

/* Issued on a Friday night: it leaves when the window opens, not before, not at night. */
static void test_held_until_it_opens(void **state)
{
	static const char *const closed[] = {"2026-11-13 18:00:00.001", "2026-11-14 10:00",
		"2026-11-16 10:00", "2026-11-17 09:29:59.999"};
	int64_t opens = zc("2026-11-17 09:30");

	(void)state;
	mundo_at(&mundo, zc(closed[0]));
	const char *folio = avisos_emitir(opens, NULL);

	assert_int_equal(aviso_eventos(folio, "retenida"), 1);
	for (size_t i = 0; i < COUNT_OF(closed); i++) {
		avisos_run(zc(closed[i]));
		/* Not even where its job comes early. */
		lote_do(&mundo, "UPDATE tarea SET vence = 1 WHERE clase = 'aviso'");
		avisos_run(zc(closed[i]));
		assert_int_equal(lote_number(&mundo, "SELECT count(*) FROM envio"), 0);
	}
	avisos_run(opens);
	assert_int_equal(aviso_number(folio, "aviso"), opens);
	assert_int_equal(aviso_number(folio, "vence"), zc("2026-11-23 09:30"));
}

/* No server was there while it was open: it waits for the next one. */
static void test_missed_window(void **state)
{
	(void)state;
	mundo_at(&mundo, zc(LUNES));
	const char *folio = avisos_emitir(mundo.now, NULL);

	avisos_run(zc("2026-11-09 20:00"));
	assert_int_equal(lote_number(&mundo, "SELECT count(*) FROM envio"), 0);
	avisos_run(zc("2026-11-10 09:30"));
	assert_int_equal(aviso_number(folio, "aviso"), zc("2026-11-10 09:30"));
}

/* ---- the lapse ---- */

static void must_be_lapsed(const char *folio)
{
	ARENA(a, 8 << 20);
	struct acuse_proof proof;
	const struct m_acuse *acuse = aviso_acuse_de(&a, folio);

	assert_int_equal(aviso_number(folio, "notificada"), VENCE);
	assert_int_equal(aviso_number(folio, "abierta"), 0);
	assert_string_equal(aviso_text(folio, "forma"), "automatica");
	assert_int_equal(acuse->legal, VENCE);
	assert_true(acuse->recibido >= VENCE);
	assert_string_equal(acuse->tipo, "Acuse de notificación");
	assert_true(acuse_is_automatico(acuse));
	assert_string_equal(acuse->contenido[0].valor, folio);
	assert_int_equal(acuse_prove(&a, acuse, mundo.trust, &proof), OK);
	assert_true(proof.holds);
	assert_int_equal(aviso_eventos(folio, "vencida"), 1);
	assert_int_equal(aviso_instante(folio, "vencida"), VENCE);
	assert_int_equal(aviso_acuses(folio), 1);
}

static void test_lapse(void **state)
{
	ARENA(a, 8 << 20);
	const char *folio = issue();
	struct m_documento_pedir doc = {.hat = {rfc, "propio"}, .folio = folio};

	(void)state;
	avisos_run(VENCE - 1);
	assert_int_equal(aviso_number(folio, "notificada"), 0);
	assert_string_equal(mundo_error(&a, titular_call(&a, ROUTE_ID_documento, &doc, &by_fisica)),
		"documento-sin-abrir");
	/* Not even where its job comes early. */
	lote_do(&mundo, "UPDATE tarea SET vence = 1 WHERE clase = 'plazo'");
	avisos_run(HECHA - 1);
	assert_int_equal(aviso_number(folio, "notificada"), 0);
	/* By law it is notified; what was received in time may still be under way. */
	const struct m_notificacion *n = aviso_visto(&a, folio);

	assert_int_equal(n->notificada, VENCE);
	assert_null(n->acuse);
	assert_string_equal(aviso_abre(folio), "notificacion-hecha");
	int64_t seq = aviso_number(folio, "seq");

	avisos_run(HECHA);
	must_be_lapsed(folio);
	assert_true(aviso_number(folio, "seq") > seq);
	assert_int_equal(aviso_envios(folio, "notificada", "aceptado"), 2);
	n = aviso_visto(&a, folio);
	assert_string_equal(n->forma, "automatica");
	assert_string_equal(n->acuse, aviso_text(folio, "acuse"));
	assert_string_equal(n->emision, folio);
	assert_int_equal(n->bytes, 8);
	assert_string_equal(aviso_abre(folio), "notificacion-hecha");
	assert_non_null(mundo_answer(&a, titular_call(&a, ROUTE_ID_documento, &doc, &by_fisica)));
	/* Again, and late: nothing more. */
	lote_put(&mundo, "plazo", arena_printf(&a, "%s %s", rfc, folio), 1);
	avisos_run(HECHA + DIA);
	must_be_lapsed(folio);
	assert_int_equal(lote_number(&mundo, "SELECT count(*) FROM tarea"), 0);
}

/* The instant is the law's, whenever a server is there to write it. */
static void test_server_away(void **state)
{
	const char *folio = issue();

	(void)state;
	avisos_run(VENCE + 9 * DIA + 12345);
	must_be_lapsed(folio);
}

/* A clock that is set back: nothing before its instant, nothing twice. */
static void test_clock_back(void **state)
{
	ARENA(a, 8 << 20);
	const char *folio = issue();

	(void)state;
	/* Its job is there too early. */
	lote_do(&mundo, "UPDATE tarea SET vence = 1 WHERE clase = 'plazo'");
	avisos_run(VENCE - 3 * DIA);
	assert_int_equal(aviso_number(folio, "notificada"), 0);
	assert_int_equal(
		lote_number(&mundo, "SELECT vence FROM tarea WHERE clase = 'plazo'"), HECHA);
	/* Before its aviso nobody sees it. */
	mundo_at(&mundo, zc(LUNES) - 1);
	assert_null(aviso_visto(&a, folio));
	assert_string_equal(aviso_abre(folio), "no-existe");
	avisos_run(HECHA);
	must_be_lapsed(folio);
	avisos_run(VENCE - DIA);
	assert_string_equal(aviso_abre(folio), "notificacion-hecha");
	avisos_run(HECHA);
	must_be_lapsed(folio);
}

/* Received at the very deadline is in time, though it be written later; a moment later is not. */
static void test_opened_at_the_deadline(void **state)
{
	(void)state;
	for (int late = 0; late <= 1; late++) {
		avisos_fresh(state);
		const char *folio = issue();

		mundo_at(&mundo, VENCE + late);
		assert_string_equal(aviso_abre(folio), late ? "notificacion-hecha" : "");
		avisos_run(HECHA);
		if (late) {
			must_be_lapsed(folio);
			continue;
		}
		assert_int_equal(aviso_number(folio, "abierta"), VENCE);
		assert_int_equal(aviso_number(folio, "notificada"), VENCE);
		assert_string_equal(aviso_text(folio, "forma"), "");
		assert_int_equal(aviso_eventos(folio, "abierta"), 1);
		assert_int_equal(aviso_eventos(folio, "vencida"), 0);
		assert_int_equal(aviso_acuses(folio), 1);
	}
}

/* Opened in its days: the earlier lawful date; its jobs find nothing to do. */
static void test_opened(void **state)
{
	ARENA(a, 8 << 20);
	const char *folio = issue();

	(void)state;
	mundo_at(&mundo, zc("2026-11-12 17:52"));
	assert_string_equal(aviso_abre(folio), "");
	assert_string_equal(aviso_abre(folio), "ya-notificada");
	avisos_run(HECHA);
	assert_int_equal(aviso_number(folio, "notificada"), zc("2026-11-12 17:52"));
	assert_int_equal(aviso_eventos(folio, "vencida"), 0);
	assert_string_equal(
		lote_text(&mundo, "SELECT actor FROM evento WHERE suceso = 'abierta'"), rfc);
	assert_string_equal(lote_text(&mundo, "SELECT prueba FROM evento WHERE suceso = 'abierta'"),
		aviso_text(folio, "acuse"));
	const struct m_acuse *acuse = aviso_acuse_de(&a, folio);

	assert_false(acuse_is_automatico(acuse));
	assert_string_equal(acuse->contenido[6].etiqueta, "Abierta");
}

/* ---- said to be sent (tests), moved by a calendar ---- */

static void test_said_to_be_sent(void **state)
{
	ARENA(a, 8 << 20);

	(void)state;
	/* Its term was over long ago. */
	mundo_at(&mundo, VENCE + 9 * DIA);
	const char *folio = avisos_emitir(mundo.now + DIA, NULL);

	lote_do(&mundo, "DELETE FROM tarea");
	avisos_do(aviso_dar_por_enviado, folio, zc(LUNES));
	assert_int_equal(aviso_instante(folio, "puesta"), zc(LUNES));
	assert_int_equal(avisos_jobs("recordar"), 0);
	avisos_run(mundo.now);
	must_be_lapsed(folio);
	assert_int_equal(
		lote_number(&mundo, "SELECT count(*) FROM envio WHERE plantilla LIKE 'aviso%%'"),
		0);
	/* Ready at night: held. */
	avisos_fresh(state);
	mundo_at(&mundo, zc("2026-11-09 20:00"));
	folio = avisos_emitir(mundo.now + DIA, NULL);
	lote_do(&mundo, "DELETE FROM tarea");
	avisos_do(aviso_dar_por_enviado, folio, mundo.now);
	assert_int_equal(aviso_number(folio, "aviso"), zc("2026-11-10 09:30"));
	assert_null(aviso_visto(&a, folio));
	avisos_run(zc("2026-11-10 09:30"));
	assert_non_null(aviso_visto(&a, folio));
}

static void test_moved(void **state)
{
	const char *folio = issue();
	int64_t vence = zc("2026-11-17 09:30");

	(void)state;
	lote_do(&mundo, "UPDATE notificacion SET vence = %lld", (long long)vence);
	avisos_do(aviso_mover, folio, vence);
	assert_int_equal(lote_number(&mundo, "SELECT vence FROM tarea WHERE clase = 'plazo'"),
		vence + AVISO_EN_CAMINO_MS);
	avisos_run(HECHA);
	assert_int_equal(aviso_number(folio, "notificada"), 0);
	avisos_run(vence + AVISO_EN_CAMINO_MS);
	assert_int_equal(aviso_number(folio, "notificada"), vence);
	/* Of one that is notified nothing moves. */
	avisos_do(aviso_mover, folio, vence + DIA);
	assert_int_equal(avisos_jobs("plazo"), 0);
}

/* ---- reminders ---- */

static int64_t reminders(const char *folio)
{
	return aviso_eventos(folio, "recordatorio");
}

static void test_reminders(void **state)
{
	ARENA(a, 8 << 20);
	const char *folio = issue();
	int64_t first = zc("2026-11-10 09:30");
	int64_t last = zc("2026-11-12 09:30");

	(void)state;
	lote_do(&mundo, "UPDATE tarea SET vence = 1 WHERE clase = 'recordar'");
	avisos_run(first - 1);
	assert_int_equal(reminders(folio), 0);
	avisos_block(mundo.config.correo_carpeta);
	avisos_run(first);
	assert_int_equal(reminders(folio), 1);
	must_be_bare(&a, folio, "recordatorio_aviso");
	avisos_free(mundo.config.correo_carpeta);
	avisos_retry("correo", first);
	avisos_run(first);
	avisos_run(last - 1);
	assert_int_equal(reminders(folio), 1);
	avisos_run(first);
	avisos_run(last);
	avisos_run(last + MINUTO);
	assert_int_equal(reminders(folio), 2);
	assert_int_equal(aviso_envios(folio, "recordatorio_aviso", "aceptado"), 4);
	assert_int_equal(aviso_envios(folio, "recordatorio_aviso_sms", "aceptado"), 0);
	assert_int_equal(avisos_jobs("recordar"), 0);
}

/* Nobody is reminded of what is open, twice of what fell due meanwhile, or against the setting. */
static void test_reminders_that_are_not(void **state)
{
	static const char *const none[] = {"no"};
	static const char *const second[] = {"2"};
	const char *folio = issue();

	(void)state;
	mundo_at(&mundo, zc("2026-11-09 12:00"));
	assert_string_equal(aviso_abre(folio), "");
	avisos_run(zc("2026-11-12 12:00"));
	assert_int_equal(reminders(folio), 0);
	avisos_fresh(state);
	folio = issue();
	avisos_run(zc("2026-11-12 12:00"));
	assert_int_equal(reminders(folio), 1);
	avisos_fresh(state);
	mundo.config.recordatorios = (const char **)(void *)none;
	mundo.config.recordatorios_count = 1;
	folio = issue();
	assert_int_equal(avisos_jobs("recordar"), 0);
	avisos_fresh(state);
	mundo.config.recordatorios = (const char **)(void *)second;
	mundo.config.recordatorios_count = 1;
	mundo.config.recordatorios_sms = true;
	folio = issue();
	avisos_run(zc("2026-11-11 09:29:59.999"));
	assert_int_equal(reminders(folio), 0);
	avisos_run(zc("2026-11-11 09:30"));
	assert_int_equal(reminders(folio), 1);
	assert_int_equal(aviso_envios(folio, "recordatorio_aviso_sms", "aceptado"), 1);
	assert_int_equal(avisos_jobs("recordar"), 0);
}

#define EACH(f) cmocka_unit_test_setup(f, avisos_fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(test_to_all_media),
		EACH(test_what_is_said),
		EACH(test_two_at_once),
		EACH(test_window),
		EACH(test_held_until_it_opens),
		EACH(test_missed_window),
		EACH(test_lapse),
		EACH(test_server_away),
		EACH(test_clock_back),
		EACH(test_opened_at_the_deadline),
		EACH(test_opened),
		EACH(test_said_to_be_sent),
		EACH(test_moved),
		EACH(test_reminders),
		EACH(test_reminders_that_are_not),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, avisos_set_up, avisos_tear_down);
}
