/*
 * The jobs of tareas.def, with a real responder (openssl ocsp) that answers, is down, hangs, and
 * says that a certificate was revoked. L-4.2, wire.md (Evidence).
 */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "base/file.h"
#include "base/secret.h"
#include "tests/help/cm.h"
#include "tests/help/core_lote.h"
#include "tests/help/core_titular.h"
#include "tests/help/e2e.h"
#include "tests/help/pg.h"
#include "tests/help/pki.h"

#define HORA INT64_C(3600000)

static struct e2e w; /* the responder */
static struct recados *recados;
static struct tareas *t;
static const char *huella;

/* ---- a server with a responder, or without ---- */

static void open_tareas(void)
{
	struct tareas_config c = {.server = &mundo.server, .writer = mundo.writer};

	assert_int_equal(writer_start(mundo.writer), OK);
	assert_int_equal(recados_start(100, &recados), OK);
	c.recados = recados;
	assert_int_equal(tareas_open(&c, &t), OK);
}

static void close_tareas(void)
{
	recados_stop(recados);
	mundo_restart(&mundo);
	tareas_free(t);
}

static int set_up(void **state)
{
	titular_set_up(state);
	huella = mundo.fisica->cert.thumbprint;
	snprintf(w.dir, sizeof(w.dir), "%s", mundo.folder);
	arena_init(&w.arena, 16 << 20);
	assert_int_equal(http_out_setup(), OK);
	open_tareas();
	return 0;
}

static int tear_down(void **state)
{
	close_tareas();
	e2e_ocsp_stop(&w);
	arena_free(&w.arena);
	return titular_tear_down(state);
}

static void use_responder(void)
{
	close_tareas();
	e2e_ocsp_start(&w);
	mundo.config.ocsp = arena_printf(&mundo.arena, "http://127.0.0.1:%u/", w.ocsp_port);
	open_tareas();
}

static size_t run(int64_t now)
{
	size_t count = lote_run_there(t, mundo.writer, now);

	while (tareas_errands(t) != 0)
		nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
	return count;
}

static int64_t of_job(const char *column, const char *clase)
{
	return lote_number(&mundo, "SELECT %s FROM tarea WHERE clase = '%s'", column, clase);
}

static int64_t of_certificate(const char *column)
{
	return lote_number(
		&mundo, "SELECT %s FROM certificado WHERE huella = '%s'", column, huella);
}

/* What is known of the certificate is that old from now on. */
static void grow_old(int64_t ms)
{
	lote_do(&mundo,
		"UPDATE certificado SET ocsp_desde = %lld, ocsp_hasta = %lld, revocado = NULL "
		"WHERE huella = '%s'",
		(long long)(mundo.now - ms), (long long)(mundo.now - ms + HORA), huella);
	llaves_clear(mundo.server.llaves);
}

/* ---- reading keys ---- */

static const char *reading(int64_t at)
{
	ARENA(a, 8 << 20);
	struct m_acuse_pedir read = {.hat = {rfc, "propio"}, .folio = "BI-20260101-000000000"};
	int64_t now = mundo.now;

	mundo_at(&mundo, at);
	const char *error = mundo_error(&a, titular_call(&a, ROUTE_ID_acuse, &read, &by_reading));

	mundo_at(&mundo, now);
	return arena_strdup(&mundo.arena, error);
}

static void test_reading_key_ends(void **state)
{
	int64_t vence = of_job("vence", "lectura");
	int64_t now = mundo.now;

	(void)state;
	assert_int_equal(vence, now + 12 * HORA);
	/* Prolonged: the job that is there is late by then, and moves itself. */
	lote_do(&mundo, "UPDATE lectura SET vence = %lld", (long long)(vence + 5));
	assert_int_equal(run(vence - 1), 0);
	assert_int_equal(run(vence), 1);
	assert_int_equal(of_job("vence", "lectura"), vence + 5);
	assert_int_equal(lote_number(&mundo, "SELECT count(*) FROM lectura"), 1);
	/* In memory now. */
	assert_string_equal(reading(now), "no-existe");
	assert_int_equal(run(vence + 5), 1);
	assert_int_equal(lote_number(&mundo, "SELECT count(*) FROM lectura"), 0);
	assert_int_equal(of_job("count(*)", "lectura"), 0);
	/* And not any more, whatever the clock says. */
	assert_string_equal(reading(now), "llave-desconocida");
	/* A job whose key is gone is done. */
	lote_put(&mundo, "lectura", "nadie", now);
	assert_int_equal(run(now), 1);
	assert_int_equal(of_job("count(*)", "lectura"), 0);
}

/* As behind a responder that did not answer. */
static void call_unasked(struct arena *a, enum route route, const void *message)
{
	struct exchange x = {.arena = a,
		.rq = mundo_request(&mundo, a, route, message, &by_fisica),
		.ocsp_tried = true};
	struct exchange *xs = &x;

	assert_int_equal(serve_check(&mundo.server, &x), SERVE_ACT);
	writer_group(mundo.writer, &xs, 1);
	assert_string_equal(mundo_error(a, &x), "");
}

static void enter_again(void)
{
	unsigned char raw[32];
	ARENA(a, 8 << 20);
	struct m_entrar entrar = {.hat = {rfc, "propio"},
		.certificado = mundo.fisica->cert.der,
		.llave_lectura = bytes_of(raw, sizeof(raw)),
		.version = 1};

	assert_int_equal(key_public_ed25519(by_reading.key, raw), OK);
	call_unasked(&a, ROUTE_ID_entrar, &entrar);
}

/* The same key enrolled again has its job moved, not doubled. */
static void test_entering_moves_the_job(void **state)
{
	int64_t now = mundo.now;

	(void)state;
	for (int i = 1; i <= 2; i++) {
		mundo_at(&mundo, now + i * HORA);
		enter_again();
		assert_int_equal(of_job("vence", "lectura"), mundo.now + 12 * HORA);
		assert_int_equal(of_job("count(*)", "lectura"), 1);
	}
	mundo_at(&mundo, now);
}

/* ---- acts that were received without an answer ---- */

/* Opens a notification, received at `at`, about whose signer nobody can be asked. */
static void act_unchecked(int64_t at)
{
	ARENA(a, 16 << 20);
	int64_t now = mundo.now;

	mundo_at(&mundo, at);
	int64_t ready = mundo_ready(&mundo);
	struct m_notificacion_abrir m = titular_opening(&a, mundo_aviso(&mundo, rfc, ready), ready);

	call_unasked(&a, ROUTE_ID_notificacion_abrir, &m);
	mundo_at(&mundo, now);
}

static int64_t pending(void)
{
	return lote_number(&mundo, "SELECT count(*) FROM comprobacion WHERE resultado IS NULL");
}

static int64_t settled(const char *how)
{
	return lote_number(&mundo, "SELECT count(*) FROM comprobacion WHERE resultado = '%s'", how);
}

/* Without a responder nothing is asked and nothing spins; with one all is made up for. */
static void test_without_a_responder(void **state)
{
	(void)state;
	lote_do(&mundo, "DELETE FROM tarea WHERE clase = 'lectura'");
	assert_int_equal(
		pending(), lote_number(&mundo,
				   "SELECT count(*) FROM acto WHERE revocacion = 'por comprobar'"));
	assert_true(pending() != 0);
	lote_seed(t, mundo.writer, mundo.now);
	assert_int_equal(of_job("count(*)", "revocacion"), 0);
	assert_int_equal(of_job("count(*)", "ocsp"), 0);
	/* Not even one that another server has made. */
	lote_put(&mundo, "revocacion", huella, mundo.now);
	assert_int_equal(run(mundo.now + HORA / 2), 0);
	lote_do(&mundo, "DELETE FROM tarea WHERE clase = 'revocacion'");
	use_responder();
	for (int i = 0; i < 2; i++) {
		lote_seed(t, mundo.writer, mundo.now + i);
		assert_int_equal(of_job("count(*)", "revocacion"), 1);
		assert_int_equal(of_job("vence", "revocacion"), mundo.now);
	}
	lote_do(&mundo, "DELETE FROM tarea WHERE clase IN ('presupuesto', 'subida')");
	assert_int_equal(run(mundo.now), 1);
	assert_int_equal(pending(), 0);
	assert_true(settled("comprobada") != 0);
	assert_int_equal(of_job("count(*)", "revocacion"), 0);
	/* With the answer as evidence of its own, and with the certificate. */
	assert_true(lote_number(&mundo, "SELECT min(length(ocsp)) FROM comprobacion") > 200);
	assert_int_equal(lote_number(&mundo, "SELECT min(instante) FROM comprobacion"), mundo.now);
	assert_in_range(of_certificate("ocsp_desde"), mundo.now - 60000, mundo.now + 300000);
}

static void test_settled_by_itself(void **state)
{
	int64_t before = settled("comprobada");

	(void)state;
	grow_old(25 * HORA);
	e2e_ocsp_stop(&w);
	act_unchecked(mundo.now);
	act_unchecked(mundo.now);
	assert_int_equal(pending(), 2);
	assert_int_equal(of_job("count(*)", "revocacion"), 1);
	assert_int_equal(of_job("vence", "revocacion"), mundo.now + 30000);
	/* However long it is down. */
	for (int i = 1; i <= 12; i++) {
		assert_int_equal(run(of_job("vence", "revocacion")), 1);
		assert_int_equal(of_job("intentos", "revocacion"), i);
		assert_in_range(of_job("vence", "revocacion"), mundo.now + 26250, mundo.now + HORA);
	}
	assert_string_equal(lote_text(&mundo, "SELECT fallo FROM tarea WHERE clase = 'revocacion'"),
		"sin-conexion");
	assert_int_equal(pending(), 2);
	e2e_ocsp_start(&w);
	assert_int_equal(run(mundo.now + HORA), 1);
	assert_int_equal(pending(), 0);
	assert_int_equal(settled("comprobada"), before + 2);
	assert_int_equal(of_job("count(*)", "revocacion"), 0);
}

/* An act that was checked has no such row. */
static void test_checked_act(void **state)
{
	int64_t before = lote_number(&mundo, "SELECT count(*) FROM comprobacion");

	(void)state;
	act_unchecked(mundo.now);
	assert_int_equal(lote_number(&mundo, "SELECT count(*) FROM comprobacion"), before);
}

/* Where it is not there, 0 would be all of us. */
static void signal_responder(int number)
{
	assert_true(w.ocsp > 1);
	assert_int_equal(kill(w.ocsp, number), 0);
}

static void test_silent_responder(void **state)
{
	(void)state;
	grow_old(25 * HORA);
	act_unchecked(mundo.now);
	signal_responder(SIGSTOP);
	assert_int_equal(run(mundo.now + 30000), 1);
	assert_string_equal(lote_text(&mundo, "SELECT fallo FROM tarea WHERE clase = 'revocacion'"),
		"tiempo-agotado");
	assert_int_equal(pending(), 1);
	signal_responder(SIGCONT);
	assert_int_equal(run(mundo.now + HORA), 1);
	assert_int_equal(pending(), 0);
}

/* ---- certificates in use ---- */

static void test_refreshed(void **state)
{
	(void)state;
	grow_old(2 * HORA);
	enter_again();
	assert_int_equal(of_job("count(*)", "ocsp"), 1);
	assert_int_equal(of_job("vence", "ocsp"), mundo.now + 60000);
	/* Its nextUpdate, an hour ago, has passed: it is asked. */
	assert_int_equal(run(mundo.now + 60000), 1);
	int64_t since = of_certificate("ocsp_desde");

	assert_in_range(since, mundo.now - 60000, mundo.now + 300000);
	/* The responder says a day: 23 h. */
	assert_int_equal(of_job("vence", "ocsp"), since + 23 * HORA);
	/* Earlier than that it only moves itself. */
	lote_put(&mundo, "ocsp", huella, mundo.now + HORA);
	e2e_ocsp_stop(&w);
	assert_int_equal(run(mundo.now + HORA), 1);
	assert_int_equal(of_job("vence", "ocsp"), since + 23 * HORA);
	assert_int_equal(of_job("intentos", "ocsp"), 0);
	e2e_ocsp_start(&w);
	/* By then no reading key is left. */
	assert_int_equal(run(since + 23 * HORA), 2);
	assert_int_equal(of_job("count(*)", "ocsp"), 0);
	assert_int_equal(of_certificate("ocsp_desde"), since);
}

/* A nextUpdate of a minute is asked for hourly, not each minute. */
static void test_hourly_at_most(void **state)
{
	(void)state;
	enter_again();
	lote_do(&mundo, "UPDATE certificado SET ocsp_desde = %lld, ocsp_hasta = %lld",
		(long long)mundo.now, (long long)mundo.now + 60000);
	assert_int_equal(run(mundo.now + 61000), 1);
	assert_int_equal(of_job("vence", "ocsp"), mundo.now + HORA);
}

/* ---- revoked ---- */

static const char *index_time(struct arena *a, int64_t at)
{
	time_t seconds = (time_t)(at / 1000);
	struct tm tm;
	char *text = arena_alloc(a, 32);

	assert_non_null(text);
	gmtime_r(&seconds, &tm);
	snprintf(text, 32, "%02d%02d%02d%02d%02d%02dZ", tm.tm_year % 100, tm.tm_mon + 1, tm.tm_mday,
		tm.tm_hour, tm.tm_min, tm.tm_sec);
	return text;
}

/* The responder again, from an index in which the titular's certificate was revoked then. */
static void revoke_since(int64_t at)
{
	ARENA(a, 1 << 20);
	const char *text = (const char *)pki_read(&a, "index.txt").data;
	const char *serial = "";

	for (const char *c = mundo.fisica->cert.serial; *c != '\0'; c++)
		serial = arena_printf(&a, "%s%02X", serial, (unsigned)*c);
	const char *line = strstr(text, serial);

	assert_non_null(line);
	/* "V<tab>expires<tab><tab>serial" */
	const char *start = line - strlen("V\t301125230353Z\t\t");

	assert_true(*start == 'V' && (start == text || start[-1] == '\n'));
	const char *changed = arena_printf(&a, "%.*sR%.*s\t%s%s", (int)(start - text), text,
		(int)strlen("\t301125230353Z"), start + 1, index_time(&a, at), line - 1);

	w.ocsp_index = e2e_path(&w, &w.arena, "revocado.txt");
	assert_int_equal(file_write(w.ocsp_index, bytes_of_text(changed), 0600), OK);
	/* One person has several certificates in it. */
	assert_int_equal(file_write(e2e_path(&w, &w.arena, "revocado.txt.attr"),
				 bytes_of_text("unique_subject = no\n"), 0600),
		OK);
	e2e_ocsp_stop(&w);
	e2e_ocsp_start(&w);
}

static struct novedades heard;

static void hear(void *ctx, enum novedad what, const char *name)
{
	(void)ctx;
	novedades_add(&heard, what, name);
}

static void assert_heard(struct store_watch *watch)
{
	for (int i = 0; i < 100 && !novedades_have(&heard, NOVEDAD_LLAVE, huella); i++) {
		struct pollfd fd = {.fd = store_watch_socket(watch), .events = POLLIN};

		(void)poll(&fd, 1, 50);
		assert_int_equal(store_watch_look(watch, hear, NULL), OK);
	}
	assert_true(novedades_have(&heard, NOVEDAD_LLAVE, huella));
}

/* What came before it was revoked stands, what came after does not; and it signs nothing more. */
static void test_revoked(void **state)
{
	AUTO(store_watch) watch = NULL;
	int64_t good = settled("comprobada");
	int64_t at = (mundo.now - 60000) / 1000 * 1000;

	(void)state;
	grow_old(25 * HORA);
	act_unchecked(at - 1000);
	act_unchecked(at);
	act_unchecked(mundo.now);
	assert_int_equal(pending(), 3);
	revoke_since(at);
	assert_int_equal(store_watch_open(mundo.config.almacen, &watch), OK);
	/* Known in memory as good. */
	struct m_acuse_pedir read = {.hat = {rfc, "propio"}, .folio = "BI-20260101-000000000"};
	ARENA(a, 8 << 20);

	assert_string_equal(
		mundo_error(&a, titular_call(&a, ROUTE_ID_acuse, &read, &by_fisica)), "no-existe");
	assert_true(run(mundo.now + 30000) != 0);
	assert_int_equal(pending(), 0);
	assert_int_equal(settled("comprobada"), good + 1);
	assert_int_equal(settled("revocada"), 2);
	assert_int_equal(of_certificate("revocado"), at);
	assert_string_equal(mundo_error(&a, titular_call(&a, ROUTE_ID_acuse, &read, &by_fisica)),
		"certificado-revocado");
	assert_heard(watch);
	/* Its refresh ends. */
	lote_put(&mundo, "ocsp", huella, mundo.now);
	assert_true(run(mundo.now) != 0);
	assert_int_equal(of_job("count(*)", "ocsp"), 0);
}

/* The refresh itself finds it. */
static void test_refresh_finds_revoked(void **state)
{
	(void)state;
	grow_old(25 * HORA);
	lote_put(&mundo, "ocsp", huella, mundo.now);
	assert_true(run(mundo.now) != 0);
	assert_true(of_certificate("revocado") != 0);
	assert_int_equal(of_job("count(*)", "ocsp"), 0);
	/* An older answer that comes behind it changes nothing, nor one of the same second. */
	ARENA(b, 65536);
	struct in_certificado_ocsp late = {.ocsp = bytes_of_text("x"),
		.ocsp_desde = of_certificate("ocsp_desde"),
		.ocsp_hasta = mundo.now + HORA,
		.huella = huella};

	for (int i = 0; i < 2; i++, late.ocsp_desde -= 1000) {
		assert_int_equal(q_certificado_ocsp(mundo.hand, &late, &b, NULL), OK);
		assert_true(of_certificate("revocado") != 0);
	}
}

/* ---- budgets ---- */

static void test_budgets(void **state)
{
	ARENA(a, 65536);
	struct in_presupuesto_tomar take = {.quien = "viejo",
		.lleno = 60000,
		.toma = 1000,
		.ahora = mundo.now,
		.por_minuto = 60};

	(void)state;
	lote_do(&mundo, "DELETE FROM tarea");
	lote_seed(t, mundo.writer, mundo.now);
	lote_seed(t, mundo.writer, mundo.now + 1);
	if (!pg_wanted()) {
		/* A file has one server, which counts in memory. */
		assert_int_equal(of_job("count(*)", "presupuesto"), 0);
		return;
	}
	lote_do(&mundo, "DELETE FROM tarea WHERE clase = 'subida'");
	assert_int_equal(of_job("vence", "presupuesto"), mundo.now + HORA);
	assert_int_equal(q_presupuesto_tomar(mundo.hand, &take, &a, NULL), OK);
	take.quien = "nuevo";
	take.ahora = mundo.now + HORA - 1000;
	assert_int_equal(q_presupuesto_tomar(mundo.hand, &take, &a, NULL), OK);
	assert_int_equal(run(mundo.now + HORA), 1);
	assert_string_equal(lote_text(&mundo, "SELECT quien FROM presupuesto"), "nuevo");
	assert_int_equal(lote_number(&mundo, "SELECT count(*) FROM presupuesto"), 1);
	assert_int_equal(of_job("vence", "presupuesto"), mundo.now + 2 * HORA);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reading_key_ends),
		cmocka_unit_test(test_entering_moves_the_job),
		cmocka_unit_test(test_without_a_responder),
		cmocka_unit_test(test_settled_by_itself),
		cmocka_unit_test(test_checked_act),
		cmocka_unit_test(test_silent_responder),
		cmocka_unit_test(test_refreshed),
		cmocka_unit_test(test_hourly_at_most),
		cmocka_unit_test(test_revoked),
		cmocka_unit_test(test_refresh_finds_revoked),
		cmocka_unit_test(test_budgets),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
