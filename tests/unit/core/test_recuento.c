/*
 * A published calendar and the terms that are open (R-2, L-4.6, L-5.7): counted again by jobs,
 * whoever dies, never shortened; what is concluded stays as it was.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/buf.h"
#include "core/calendarios.h"
#include "ley/plazo.h"
#include "tests/help/cm.h"
#include "tests/help/core_calendario.h"
#include "tests/help/core_lote.h"
#include "tests/help/core_titular.h"

#define MB (1 << 20)

static struct tareas *jobs;
static int64_t ready;		 /* of every aviso of a test */
static struct plazo_aviso terms; /* by the calendar in force when it began */

static void drop_all(void)
{
	lote_do(&mundo, "DELETE FROM tarea");
	lote_do(&mundo, "DELETE FROM evento");
	lote_do(&mundo, "DELETE FROM notificacion");
	lote_do(&mundo, "DELETE FROM calendario");
}

/* No calendar published, nothing notified. */
static int set_up(void **state)
{
	(void)state;
	drop_all();
	mundo_publicado(&mundo);
	ready = mundo_ready(&mundo);
	assert_int_equal(plazo_de_aviso(&mundo.calendario, ready, &terms), OK);
	return 0;
}

/* Due jobs until none is left; one that goes on is due in the next millisecond. */
static void settle(int64_t now)
{
	while (lote_run(jobs, mundo.writer, now) != 0)
		now++;
}

static void publish(const char *events, const char *acuerdo)
{
	ARENA(a, MB);

	calendario_publica(&mundo, &a, calendario_con(&a, events), acuerdo, 0);
}

static void publish_day(int32_t dia, const char *ambito)
{
	ARENA(a, MB);

	publish(calendario_evento(&a, dia, ambito), "Acuerdo de prueba");
}

static int64_t number(const char *column, const char *folio)
{
	return lote_number(&mundo, "SELECT %s FROM notificacion WHERE folio = '%s'", column, folio);
}

#define MOVED(what) "SELECT " what " FROM evento WHERE suceso = 'calendario'"

static int64_t events(const char *folio)
{
	return lote_number(&mundo, MOVED("count(*)") " AND folio = '%s'", folio);
}

static int64_t left(void)
{
	return lote_number(&mundo, "SELECT count(*) FROM tarea WHERE clase = 'recuento'") +
	       lote_number(&mundo,
		       "SELECT count(*) FROM tarea WHERE clase = 'calendario' AND clave <> 'todos'");
}

static int64_t in_zc(int32_t dia)
{
	return zona_instant(zona_centro(), dia, (9 * 60 + 30) * 60000);
}

/* The first día hábil after the fourth, by the calendar that the test began with. */
static int32_t next(void)
{
	int32_t dia = 0;

	assert_int_equal(calendario_despues(&mundo.calendario, terms.cuarto, 1, &dia), OK);
	return dia;
}

/* ---- it moves, and says why ---- */

static void test_a_term_moves(void **state)
{
	ARENA(a, 8 * MB);
	const char *folio = mundo_aviso(&mundo, rfc, ready);
	const char *acuerdo = "Acuerdo ACDO.PRUEBA/1, DOF del 17/nov/2026";
	int32_t after = next();
	struct m_sincronizar rq = {.hat = {rfc, "propio"}};
	const struct m_sincronizado *got =
		mundo_answer(&a, titular_call(&a, ROUTE_ID_sincronizar, &rq, &by_fisica));
	int64_t seq = number("seq", folio);

	(void)state;
	assert_int_equal(number("vence", folio), terms.vence);
	rq.cursor = got->cursor;
	publish(calendario_evento(&a, terms.dias[1], NULL), acuerdo);
	/* Nothing has moved before the jobs ran, and the server had not heard of it yet. */
	assert_int_equal(number("vence", folio), terms.vence);
	settle(mundo.now);
	assert_int_equal(number("vence", folio), in_zc(after));
	assert_int_equal(number("vence_antes", folio), terms.vence);
	assert_in_range(number("cambio_desde", folio), mundo.now, mundo.now + 10);
	assert_int_equal(number("calendario", folio), 1);
	assert_true(number("seq", folio) > seq);
	/* The row has both dates beside its reason; its event says all three in words. */
	assert_string_equal(
		lote_text(&mundo, "SELECT cambio FROM notificacion WHERE folio = '%s'", folio),
		acuerdo);
	assert_string_equal(
		lote_text(&mundo,
			"SELECT detalle FROM evento WHERE suceso = 'calendario' AND folio = '%s'",
			folio),
		arena_printf(&a, "vencía el %s, ahora el %s: %s",
			fecha_text(&a, terms.cuarto, FECHA_LISTA),
			fecha_text(&a, after, FECHA_LISTA), acuerdo));
	assert_string_equal(
		lote_text(&mundo,
			"SELECT actor FROM evento WHERE suceso = 'calendario' AND folio = '%s'",
			folio),
		"BUZON-IMSS");
	assert_int_equal(events(folio), 1);
	assert_int_equal(left(), 0);
	/* The job of its lapse waits for the new one. */
	assert_in_range(lote_number(&mundo,
				"SELECT vence FROM tarea WHERE clase = 'plazo' AND clave = '%s %s'",
				rfc, folio),
		in_zc(after), in_zc(after) + 600000);
	/* Its client is told of all of it by the cursor that it had. */
	got = mundo_answer(&a, titular_call(&a, ROUTE_ID_sincronizar, &rq, &by_fisica));
	assert_int_equal(got->notificaciones_count, 1);
	assert_int_equal(got->notificaciones[0].vence, in_zc(after));
	assert_int_equal(got->calendario->version, 1);
	assert_string_equal(got->calendario->fuente, acuerdo);
	assert_non_null(got->catalogo);
	rq.cursor = got->cursor;
	got = mundo_answer(&a, titular_call(&a, ROUTE_ID_sincronizar, &rq, &by_fisica));
	assert_null(got->calendario);
	assert_null(got->catalogo);
}

/* A day taken back is no day less for who has the term. */
static void test_never_shorter(void **state)
{
	const char *folio = mundo_aviso(&mundo, rfc, ready);
	int32_t after = next();

	(void)state;
	publish_day(terms.dias[0], NULL);
	settle(mundo.now);
	assert_int_equal(number("vence", folio), in_zc(after));
	publish("", "Acuerdo que lo deja sin efecto");
	settle(mundo.now);
	assert_int_equal(number("vence", folio), in_zc(after));
	assert_int_equal(number("calendario", folio), 2);
	assert_int_equal(events(folio), 1);
	/* Who is notified from then on has the calendar that is in force. */
	assert_int_equal(
		plazo_de_aviso(&calendarios_vigente(mundo.server.calendarios)->c, ready, &terms),
		OK);
	assert_true(terms.vence < in_zc(after));
}

/* The day of the aviso itself declared inhábil afterwards: the three days begin later. */
static void test_the_days_around(void **state)
{
	const char *folio = mundo_aviso(&mundo, rfc, ready);
	int32_t sent = zona_civil(zona_centro(), terms.aviso).dia;

	(void)state;
	publish_day(sent, NULL);
	settle(mundo.now);
	assert_int_equal(number("vence", folio), in_zc(next()));
	publish_day(terms.cuarto + 30, NULL);
	settle(mundo.now);
	assert_int_equal(number("vence", folio), in_zc(next()));
	assert_int_equal(events(folio), 1);
}

/* ---- what is concluded, or has not begun ---- */

static void test_concluded_stays(void **state)
{
	ARENA(a, 8 * MB);
	const char *opened = mundo_aviso(&mundo, rfc, ready);
	struct m_notificacion_abrir rq = titular_opening(&a, opened, ready);
	const char *lapsed = mundo_aviso(&mundo, rfc, ready);
	const char *silent = mundo_aviso(&mundo, rfc, ready);

	(void)state;
	assert_string_equal(
		mundo_error(&a, titular_call(&a, ROUTE_ID_notificacion_abrir, &rq, &by_fisica)),
		"");
	/* Its lapse is behind us, and no job has said so yet. */
	lote_do(&mundo, "UPDATE notificacion SET vence = %lld WHERE folio = '%s'",
		(long long)mundo.now, lapsed);
	lote_do(&mundo, "UPDATE notificacion SET vence = NULL, aviso = NULL WHERE folio = '%s'",
		silent);
	publish_day(terms.dias[2], NULL);
	settle(mundo.now);
	assert_int_equal(number("vence", opened), terms.vence);
	assert_int_equal(number("vence", lapsed), mundo.now);
	assert_int_equal(number("vence", silent), 0);
	assert_int_equal(number("calendario", opened), 0);
	assert_int_equal(number("calendario", lapsed), 0);
	assert_int_equal(events(opened) + events(lapsed) + events(silent), 0);
}

/* Decided by estrados or in person, with a term that ran: that one is concluded, too. */
static void test_decided_stays(void **state)
{
	const char *folio = mundo_aviso(&mundo, rfc, ready);

	(void)state;
	lote_do(&mundo, "UPDATE notificacion SET forma = 'estrados' WHERE folio = '%s'", folio);
	publish_day(terms.dias[2], NULL);
	settle(mundo.now);
	assert_int_equal(number("vence", folio), terms.vence);
	assert_int_equal(number("vence_antes", folio), 0);
	assert_int_equal(events(folio), 0);
	assert_int_equal(left(), 0);
}

/* Held to a day that was declared inhábil meanwhile: it goes on being held. L-7.2 L-7.3 */
static void test_a_held_aviso_moves(void **state)
{
	const char *folio = mundo_aviso(&mundo, rfc, ready);
	struct plazo_aviso p;

	(void)state;
	assert_int_equal(plazo_de_aviso(&mundo.calendario, in_zc(terms.dias[0]), &p), OK);
	lote_do(&mundo, "UPDATE notificacion SET aviso = %lld, vence = %lld WHERE folio = '%s'",
		(long long)p.aviso, (long long)p.vence, folio);
	publish_day(terms.dias[0], NULL);
	settle(mundo.now);
	assert_int_equal(number("aviso", folio), in_zc(terms.dias[1]));
	assert_true(number("vence", folio) > p.vence);
	/* One that was sent was sent then. */
	folio = mundo_aviso(&mundo, rfc, ready);
	publish_day(terms.dias[1], NULL);
	settle(mundo.now);
	assert_int_equal(number("aviso", folio), terms.aviso);
}

/*
 * Published before the lapse, and no server was there until it was over: the fourth day is inhábil
 * all the same, and nobody is notified on it, whichever job comes first. L-7.5
 */
static void test_published_in_time(void **state)
{
	const char *folio = mundo_aviso(&mundo, rfc, ready);
	int32_t after = next();
	int64_t lapse = terms.vence + 180000;

	(void)state;
	publish_day(terms.cuarto, NULL);
	lote_do(&mundo, "INSERT INTO tarea (clase, clave, vence) VALUES ('plazo', '%s %s', 1)", rfc,
		folio);
	settle(lapse);
	assert_int_equal(number("notificada", folio), 0);
	assert_int_equal(number("vence", folio), in_zc(after));
	assert_int_equal(events(folio), 1);
	/* What lapses it waits for the new one, and for nothing else. */
	assert_int_equal(
		lote_number(&mundo,
			"SELECT vence FROM tarea WHERE clase = 'plazo' AND clave = '%s %s'", rfc,
			folio),
		in_zc(after) + 120000);
	assert_int_equal(left(), 0);
}

/* ---- scopes ---- */

static void test_only_where_it_counts(void **state)
{
	const char *folio = mundo_aviso(&mundo, rfc, ready);
	const char *of_north = mundo_aviso(&mundo, rfc, ready);
	int32_t after = next();

	(void)state;
	lote_do(&mundo, "UPDATE notificacion SET subdelegacion = 'Norte' WHERE folio = '%s'",
		of_north);
	lote_do(&mundo, "UPDATE particular SET estado = 'COL' WHERE rfc = '%s'", rfc);
	publish_day(terms.dias[0], "estado:JAL");
	settle(mundo.now);
	assert_int_equal(number("vence", folio), terms.vence);
	publish_day(terms.dias[0], "subdelegacion:Norte");
	settle(mundo.now);
	assert_int_equal(number("vence", folio), terms.vence);
	assert_int_equal(number("vence", of_north), in_zc(after));
	publish_day(terms.dias[0], "estado:COL");
	settle(mundo.now);
	assert_int_equal(number("vence", folio), in_zc(after));
	lote_do(&mundo, "UPDATE particular SET estado = NULL WHERE rfc = '%s'", rfc);
}

/* ---- a server that had not heard ---- */

static void test_counted_late_by_the_older(void **state)
{
	(void)state;
	publish_day(terms.dias[0], NULL);
	settle(mundo.now);
	/* By a server that still has version 0 in its hands. */
	const char *folio = mundo_aviso(&mundo, rfc, ready);
	int64_t wrong = number("vence", folio);

	settle(mundo.now + 1000);
	lote_do(&mundo, "UPDATE notificacion SET vence = %lld WHERE folio = '%s'",
		(long long)terms.vence, folio);
	assert_int_equal(number("calendario", folio), 0);
	settle(mundo.now + 61000);
	assert_int_equal(number("calendario", folio), 1);
	assert_int_equal(number("vence", folio), in_zc(next()));
	assert_true(wrong >= terms.vence);
	/* An hour is enough later, and it goes on for ever. */
	settle(mundo.now + 700000);
	assert_in_range(
		lote_number(&mundo,
			"SELECT vence FROM tarea WHERE clase = 'calendario' AND clave = 'todos'"),
		mundo.now + 700000 + 3600000, mundo.now + 700000 + 3600010);
}

/* A server starts on a store where the job was lost, and makes it again. */
static void test_seeded(void **state)
{
	const char *folio = mundo_aviso(&mundo, rfc, ready);

	(void)state;
	lote_seed(jobs, mundo.writer, mundo.now);
	assert_int_equal(
		lote_number(&mundo, "SELECT count(*) FROM tarea WHERE clase = 'calendario'"), 0);
	publish_day(terms.dias[0], NULL);
	mundo_publicado(&mundo);
	lote_do(&mundo, "DELETE FROM tarea");
	lote_seed(jobs, mundo.writer, mundo.now);
	settle(mundo.now);
	assert_int_equal(number("calendario", folio), 1);
}

/* ---- many: pages, and who dies in the middle ---- */

#define MANY 120

static void put_many(void)
{
	char name[32];

	for (int i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "AAA%06d%03d", 800101, i);
		mundo_alta(&mundo, name, "PRUEBA", true);
		mundo_aviso(&mundo, name, ready);
	}
	/* One with more than a page of its own. */
	for (int i = 0; i < 60; i++)
		mundo_aviso(&mundo, rfc, ready);
}

static void assert_all_moved_once(int64_t vence, int64_t version)
{
	assert_int_equal(lote_number(&mundo, "SELECT count(*) FROM notificacion"), MANY + 60);
	assert_int_equal(lote_number(&mundo,
				 "SELECT count(*) FROM notificacion WHERE vence = %lld AND "
				 "calendario = %lld AND vence_antes = %lld",
				 (long long)vence, (long long)version, (long long)terms.vence),
		MANY + 60);
	assert_int_equal(lote_number(&mundo, MOVED("count(*)")), MANY + 60);
	assert_int_equal(lote_number(&mundo, MOVED("count(DISTINCT folio)")), MANY + 60);
	assert_int_equal(left(), 0);
}

static void test_pages(void **state)
{
	(void)state;
	put_many();
	publish_day(terms.dias[0], NULL);
	settle(mundo.now);
	assert_all_moved_once(in_zc(next()), 1);
}

/* A server that runs jobs until it is killed; a byte through the pipe for each batch. */
static _Noreturn void die_at_work(int out)
{
	struct writer *w;
	struct tareas *t;
	struct writer_config wc = {.server = &mundo.server,
		.place = mundo.config.almacen,
		.sealer = mundo.sealer,
		.most = 10};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (writer_open(&wc, &w) != OK)
		_exit(1);
	struct tareas_config c = {.server = &mundo.server, .writer = w};

	if (tareas_open(&c, &t) != OK)
		_exit(1);
	for (int64_t now = mundo.now; lote_run(t, w, now) != 0; now++)
		if (write(out, "x", 1) != 1)
			_exit(1);
	_exit(0);
}

/* Killed with -9 as soon as that many batches are done, in the middle of the next. */
static void kill_after(int batches)
{
	int ends[2];
	char byte;

	assert_int_equal(pipe(ends), 0);
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		close(ends[0]);
		die_at_work(ends[1]);
	}
	close(ends[1]);
	for (int i = 0; i < batches && read(ends[0], &byte, 1) == 1; i++)
		;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(ends[0]);
}

static void test_killed_in_the_middle(void **state)
{
	(void)state;
	put_many();
	publish_day(terms.dias[0], NULL);
	mundo_let_go(&mundo);
	for (int batches = 1; batches <= 3; batches++)
		kill_after(batches);
	mundo_take(&mundo);
	/* Some of it was done, some of it was not. */
	assert_true(
		lote_number(&mundo, "SELECT count(*) FROM notificacion WHERE calendario = 1") > 0);
	settle(mundo.now + 1000);
	assert_all_moved_once(in_zc(next()), 1);
}

/* ---- whatever is published ---- */

static uint32_t seed = 20241126;

static uint32_t any(uint32_t below)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % below;
}

static void random_events(struct arena *a, struct buf *b)
{
	int32_t from = zona_civil(zona_centro(), terms.aviso).dia - 1;
	static const char *const scopes[] = {NULL, NULL, "estado:JAL", "subdelegacion:Norte"};

	buf_init(b, a);
	for (int32_t d = from; d < from + 12; d++) {
		struct calendario there;
		const char *motivo = NULL;
		bool habil = false;

		assert_int_equal(calendario_para(a, &mundo.calendario, NULL, NULL, &there), OK);
		assert_int_equal(calendario_habil(&there, d, &habil, &motivo), OK);
		if (habil && any(3) == 0)
			buf_text(b, calendario_evento(a, d, scopes[any(COUNT_OF(scopes))]));
	}
}

/* Never before what it was, never before what the calendar in force gives; told where it moved. */
static void test_property_never_shortens(void **state)
{
	const char *folios[4];
	int64_t before[COUNT_OF(folios)];

	(void)state;
	lote_do(&mundo, "UPDATE particular SET estado = 'JAL' WHERE rfc = '%s'", rfc);
	for (size_t i = 0; i < COUNT_OF(folios); i++) {
		folios[i] = mundo_aviso(&mundo, rfc, ready);
		before[i] = number("vence", folios[i]);
		if (i % 2 == 1)
			lote_do(&mundo,
				"UPDATE notificacion SET subdelegacion = 'Norte' WHERE folio = '%s'",
				folios[i]);
	}
	for (int round = 1; round <= 20; round++) {
		ARENA(a, 8 * MB);
		struct buf b;
		struct calendario there;
		struct plazo_aviso counted;

		mundo_publicado(&mundo);
		struct calendario kept = mundo.calendario;

		/* Days are chosen on ours, so that none is given twice. */
		assert_int_equal(calendario_make(&a, 2024, 2032, NULL, 0, &mundo.calendario), OK);
		random_events(&a, &b);
		mundo.calendario = kept;
		publish(b.size != 0 ? b.data : "", "Acuerdo al azar");
		settle(mundo.now);
		const struct calendario *c = &calendarios_vigente(mundo.server.calendarios)->c;

		struct buf expected;

		buf_init(&expected, &a);
		assert_int_equal(c->version, round);
		for (size_t i = 0; i < COUNT_OF(folios); i++) {
			assert_int_equal(
				calendario_para(&a, c, "JAL", i % 2 == 1 ? "Norte" : NULL, &there),
				OK);
			assert_int_equal(plazo_de_aviso(&there, ready, &counted), OK);
			if (counted.vence > before[i])
				before[i] = counted.vence;
			buf_printf(&expected, "%s(folio = '%s' AND vence = %lld)",
				i != 0 ? " OR " : "", folios[i], (long long)before[i]);
		}
		assert_int_equal(lote_number(&mundo,
					 "SELECT count(*) FROM notificacion WHERE calendario = %d "
					 "AND (%s)",
					 round, buf_end_text(&expected)),
			COUNT_OF(folios));
	}
	lote_do(&mundo, "UPDATE particular SET estado = NULL WHERE rfc = '%s'", rfc);
}

static int open_all(void **state)
{
	int r = titular_set_up(state);
	struct tareas_config c = {.server = &mundo.server, .writer = mundo.writer};

	assert_int_equal(tareas_open(&c, &jobs), OK);
	return r;
}

static int close_all(void **state)
{
	tareas_free(jobs);
	return titular_tear_down(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_a_term_moves, set_up),
		cmocka_unit_test_setup(test_never_shorter, set_up),
		cmocka_unit_test_setup(test_the_days_around, set_up),
		cmocka_unit_test_setup(test_concluded_stays, set_up),
		cmocka_unit_test_setup(test_decided_stays, set_up),
		cmocka_unit_test_setup(test_a_held_aviso_moves, set_up),
		cmocka_unit_test_setup(test_published_in_time, set_up),
		cmocka_unit_test_setup(test_only_where_it_counts, set_up),
		cmocka_unit_test_setup(test_counted_late_by_the_older, set_up),
		cmocka_unit_test_setup(test_seeded, set_up),
		cmocka_unit_test_setup(test_pages, set_up),
		cmocka_unit_test_setup(test_property_never_shortens, set_up),
		cmocka_unit_test_setup(test_killed_in_the_middle, set_up),
	};

	return cmocka_run_group_tests(tests, open_all, close_all);
}
