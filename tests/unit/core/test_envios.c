/*
 * The outbox at instants of the test's choice: what is put is handed over once to a real folder,
 * what failed is tried later and told, what is reported later changes no end. L-5.2, L-7.3, A-06,
 * A-07, L-10
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "base/file.h"
#include "base/secret.h"
#include "core/envio_estado.h"
#include "core/mime_lee.h"
#include "tests/help/cm.h"
#include "tests/help/core_envio.h"

#define RFC "PEÑJ800101AB1"
#define HORA INT64_C(3600000)
#define DIRECCION "niño@correo.prueba"

static struct mundo m;
static struct mensajeria mensajeria;
static struct recados *recados;
static struct recados_aqui *aqui;
static struct tareas *t;

static int set_up(void **state)
{
	(void)state;
	mundo_open(&m);
	mundo_alta(&m, RFC, "JOSÉ PEÑA ÑANDÚ", true);
	envio_world_open(&m, &mensajeria);
	return http_out_setup() == OK ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	mensajeria_close(&mensajeria);
	mundo_close(&m);
	return 0;
}

static int begin(void **state)
{
	struct tareas_config c = {.server = &m.server, .writer = m.writer};

	(void)state;
	assert_int_equal(writer_start(m.writer), OK);
	assert_int_equal(recados_start(100, &recados), OK);
	assert_int_equal(recados_aqui_start(&aqui), OK);
	c.recados = recados;
	c.aqui = aqui;
	assert_int_equal(tareas_open(&c, &t), OK);
	mundo_at(&m, m.now + HORA);
	return 0;
}

static int end(void **state)
{
	(void)state;
	recados_stop(recados);
	recados_aqui_stop(aqui);
	mundo_restart(&m);
	tareas_free(t);
	lote_do(&m, "DELETE FROM tarea");
	return 0;
}

static size_t run_at(int64_t now)
{
	mundo_at(&m, now);
	size_t count = lote_run_there(t, m.writer, now);

	while (tareas_errands(t) != 0)
		nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
	return count;
}

static int64_t jobs(void)
{
	return lote_number(&m, "SELECT count(*) FROM tarea WHERE clase IN ('correo', 'sms')");
}

static int64_t cuenta(void)
{
	return lote_number(&m, "SELECT cuenta FROM particular WHERE rfc = '" RFC "'");
}

static int64_t events(const char *id, const char *evento)
{
	return lote_number(&m,
		"SELECT count(*) FROM envio_evento WHERE id = '%s' AND evento = '%s'", id, evento);
}

/* The names in a folder whose name holds that text. */
static size_t files(struct arena *a, const char *folder, const char *part, const char **ret_path)
{
	char **names;
	size_t count = 0;
	size_t found = 0;

	if (file_list(a, folder, "", &names, &count) != OK)
		return 0;
	for (size_t i = 0; i < count; i++)
		if (strstr(names[i], part) != NULL) {
			*ret_path = arena_printf(a, "%s/%s", folder, names[i]);
			found++;
		}
	return found;
}

static const char *in_maildir(struct arena *a, const char *id)
{
	const char *path = NULL;
	struct bytes text;

	assert_int_equal(
		files(a, arena_printf(a, "%s/new", m.config.correo_carpeta), id, &path), 1);
	assert_int_equal(file_read(a, path, 1 << 20, &text), OK);
	return (const char *)text.data;
}

/* ---- handed over ---- */

static void test_mail_reaches_the_maildir(void **state)
{
	ARENA(a, 8 << 20);
	const char *id = envio_put(&m, RFC, PLANTILLA_validacion_correo, "M1", DIRECCION, "48213");
	int64_t before = cuenta();
	struct stat st;

	(void)state;
	assert_int_equal(strlen(id), ENVIO_ID);
	assert_string_equal(envio_state(&m, id), "pendiente");
	assert_int_equal(jobs(), 1);
	assert_int_equal(run_at(m.now), 1);
	assert_string_equal(envio_state(&m, id), "aceptado");
	assert_int_equal(jobs(), 0);
	const char *text = in_maildir(&a, id);
	struct mime_parte whole = mime_lee(bytes_of_text(text));
	struct mime_parte plain;
	struct bytes body;

	assert_string_equal(mime_campo(&a, whole.head, "To"), "<" DIRECCION ">");
	assert_string_equal(mime_palabras(&a, mime_campo(&a, whole.head, "Subject")),
		"[PRUEBA] Valida tu correo en el Buzón IMSS");
	assert_non_null(strstr(mime_campo(&a, whole.head, "Message-ID"), id));
	assert_true(mime_hija(&a, &whole, 0, &plain));
	assert_int_equal(mime_cuerpo(&a, &plain, &body), OK);
	assert_non_null(strstr((const char *)body.data, "https://buzon.prueba/c/abc?a=1&b\n"));
	assert_non_null(strstr((const char *)body.data, "contacto: 48213\n"));
	/* Values are escaped where they are HTML. */
	assert_true(mime_hija(&a, &whole, 1, &plain));
	assert_int_equal(mime_cuerpo(&a, &plain, &body), OK);
	assert_non_null(
		strstr((const char *)body.data, "href=\"https://buzon.prueba/c/abc?a=1&amp;b\""));
	/* Whoever waits is told, and no code is kept (L-10). */
	assert_int_equal(cuenta(), before + 1);
	assert_int_equal(
		lote_number(&m, "SELECT count(*) FROM envio WHERE id = '%s' AND datos IS NULL", id),
		1);
	assert_int_equal(lote_number(&m, "SELECT aceptado FROM envio WHERE id = '%s'", id), m.now);
	assert_int_equal(events(id, "aceptado"), 1);
	/* Nobody else reads it. */
	assert_int_equal(stat(m.config.correo_carpeta, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
}

static void test_sms_reaches_its_folder(void **state)
{
	ARENA(a, 8 << 20);
	const char *id = envio_put(&m, RFC, PLANTILLA_validacion_sms, "M2", "6641234567", "00017");
	const char *path = NULL;
	struct bytes text;

	(void)state;
	assert_int_equal(run_at(m.now), 1);
	assert_string_equal(envio_state(&m, id), "aceptado");
	assert_int_equal(files(&a, m.config.sms_carpeta, id, &path), 1);
	assert_int_equal(file_read(&a, path, 65536, &text), OK);
	assert_non_null(strstr((const char *)text.data, "Para: 6641234567\n"));
	assert_non_null(strstr((const char *)text.data,
		"\n\nPRUEBA sin validez oficial.\nBuzón IMSS: código 00017. No lo compartas.\n"));
}

/* The transaction is undone: nothing is sent. */
static void test_put_and_undone(void **state)
{
	ARENA(a, 1 << 20);
	struct env env = {
		.arena = &a, .store = m.hand, .now = m.now, .titular = RFC, .config = &m.config};

	(void)state;
	assert_int_equal(store_begin(m.hand), OK);
	assert_int_equal(envio_put_in(&env, PLANTILLA_validacion_correo, "M3", "a@b.mx", "1"), OK);
	store_rollback(m.hand);
	assert_int_equal(jobs(), 0);
	/* No header of a mail, and no command of SMTP, is made of an address. */
	assert_int_equal(store_begin(m.hand), OK);
	assert_int_equal(envio_put_in(&env, PLANTILLA_validacion_correo, "M3",
				 "a@b.mx\r\nBcc: todos@b.mx", "1"),
		ERR_BAD_FIELD);
	store_rollback(m.hand);
	assert_int_equal(
		lote_number(&m, "SELECT count(*) FROM envio WHERE destino LIKE 'a@b.mx%%'"), 0);
}

static void counted(const char *cupo, int64_t from, struct envio_cuantos *ret)
{
	ARENA(a, 1 << 20);
	struct env env = {.arena = &a, .store = m.hand, .now = m.now, .titular = RFC};

	assert_int_equal(envio_cuantos(&env, cupo, from, ret), OK);
}

static void test_counts(void **state)
{
	int64_t from = m.now;
	struct envio_cuantos n;

	(void)state;
	envio_put(&m, RFC, PLANTILLA_validado_correo, "C", "c@b.mx", "1");
	mundo_at(&m, m.now + 1000);
	envio_put(&m, RFC, PLANTILLA_validado_correo, "C", "C@b.mx", "1");
	envio_put(&m, RFC, PLANTILLA_validado_correo, "D", "d@b.mx", "1");
	envio_put(&m, RFC, PLANTILLA_validado_correo, NULL, "c@b.mx", "1");
	envio_put(&m, "XAXX010101000", PLANTILLA_validado_correo, "C", "c@b.mx", "1");
	counted("C", from, &n);
	assert_int_equal(n.del_titular, 2);
	assert_int_equal(n.todos, 3);
	assert_int_equal(n.a_todos, 3);
	assert_int_equal(n.ultimo, from + 1000);
	counted("C", from + 1, &n);
	assert_int_equal(n.del_titular, 1);
	assert_int_equal(n.todos, 2);
	assert_int_equal(n.a_todos, 2);
	counted("E", from, &n);
	assert_int_equal(n.del_titular + n.todos + n.ultimo, 0);
}

/* ---- failures ---- */

/* A file stands where the folder should be: its disk is full, gone, not ours. */
static void block_folder(const char *folder)
{
	ARENA(a, 4096);

	assert_int_equal(rename(folder, arena_printf(&a, "%s.aparte", folder)), 0);
	assert_int_equal(file_write(folder, bytes_of_text("x"), 0600), OK);
}

static void free_folder(const char *folder)
{
	ARENA(a, 4096);

	assert_int_equal(unlink(folder), 0);
	assert_int_equal(rename(arena_printf(&a, "%s.aparte", folder), folder), 0);
}

static void test_failed_and_tried_again(void **state)
{
	const char *id = envio_put(&m, RFC, PLANTILLA_validacion_correo, "M4", "d@b.mx", "1");
	int64_t first = m.now;
	int64_t before = cuenta();

	(void)state;
	block_folder(m.config.correo_carpeta);
	assert_int_equal(run_at(first), 1);
	assert_string_equal(envio_state(&m, id), "pendiente");
	/* What an operator sees, and what is kept of the attempt. */
	assert_int_equal(lote_number(&m, "SELECT intentos FROM tarea WHERE clase = 'correo'"), 1);
	assert_non_null(lote_text(&m, "SELECT fallo FROM tarea WHERE clase = 'correo'"));
	assert_int_equal(events(id, "no entregado"), 1);
	/* What the user sees, who is told once. */
	assert_non_null(strstr(
		lote_text(&m, "SELECT detalle FROM envio WHERE id = '%s'", id), "); se sigue"));
	assert_int_equal(cuenta(), before + 1);
	int64_t next = lote_number(&m, "SELECT vence FROM tarea WHERE clase = 'correo'");

	assert_in_range(next, first + 26000, first + 30000);
	assert_int_equal(run_at(next - 1), 0);
	assert_int_equal(run_at(next), 1);
	assert_int_equal(lote_number(&m, "SELECT intentos FROM tarea WHERE clase = 'correo'"), 2);
	assert_int_equal(cuenta(), before + 1);
	free_folder(m.config.correo_carpeta);
	next = lote_number(&m, "SELECT vence FROM tarea WHERE clase = 'correo'");
	assert_int_equal(run_at(next), 1);
	assert_string_equal(envio_state(&m, id), "aceptado");
	assert_null(lote_text(&m, "SELECT detalle FROM envio WHERE id = '%s'", id));
	assert_int_equal(events(id, "no entregado"), 2);
	assert_int_equal(jobs(), 0);
}

static void test_given_up_after_three_days(void **state)
{
	const char *id = envio_put(&m, RFC, PLANTILLA_validacion_correo, "M5", "e@b.mx", "1");
	int64_t first = m.now;
	int64_t before = cuenta();

	(void)state;
	block_folder(m.config.correo_carpeta);
	assert_int_equal(run_at(first), 1);
	/* To the last instant. */
	lote_put(&m, "correo", arena_printf(&m.arena, RFC " %s", id), first);
	assert_int_equal(run_at(first + 72 * HORA - 1), 1);
	assert_string_equal(envio_state(&m, id), "pendiente");
	assert_int_equal(events(id, "no entregado"), 2);
	free_folder(m.config.correo_carpeta);
	lote_put(&m, "correo", arena_printf(&m.arena, RFC " %s", id), first);
	assert_int_equal(run_at(first + 72 * HORA), 1);
	assert_string_equal(envio_state(&m, id), "fallido");
	assert_int_equal(events(id, "fallido"), 1);
	assert_int_equal(jobs(), 0);
	assert_non_null(strstr(
		lote_text(&m, "SELECT detalle FROM envio WHERE id = '%s'", id), "tres días"));
	/* That it waits, and that it was given up. */
	assert_int_equal(cuenta(), before + 2);
	assert_int_equal(
		lote_number(&m, "SELECT count(*) FROM envio WHERE id = '%s' AND datos IS NULL", id),
		1);
}

/* A code that was asked for again: the earlier one serves nobody, and is not sent. */
static void test_superseded(void **state)
{
	ARENA(a, 8 << 20);
	const char *first =
		envio_put(&m, RFC, PLANTILLA_validacion_correo, "M6", "f@b.mx", "11111");
	const char *path;

	(void)state;
	mundo_at(&m, m.now + 1000);
	const char *second =
		envio_put(&m, RFC, PLANTILLA_validacion_correo, "M6", "f@b.mx", "22222");
	/* Of another medium. */
	const char *other =
		envio_put(&m, RFC, PLANTILLA_validacion_correo, "M7", "g@b.mx", "33333");

	assert_int_equal(run_at(m.now), 3);
	assert_string_equal(envio_state(&m, first), "sustituido");
	assert_string_equal(envio_state(&m, second), "aceptado");
	assert_string_equal(envio_state(&m, other), "aceptado");
	assert_int_equal(
		files(&a, arena_printf(&a, "%s/new", m.config.correo_carpeta), first, &path), 0);
	in_maildir(&a, second);
}

/* Died between the carrier's word and our note of it: the same file again, not a second one. */
static void test_handed_over_again_is_the_same(void **state)
{
	ARENA(a, 8 << 20);
	const char *id = envio_put(&m, RFC, PLANTILLA_validacion_correo, "M8", "h@b.mx", "1");

	(void)state;
	assert_int_equal(run_at(m.now), 1);
	const char *once = in_maildir(&a, id);

	const char *donor = envio_put(&m, RFC, PLANTILLA_validacion_correo, "M9", "i@b.mx", "1");

	lote_do(&m,
		"UPDATE envio SET estado = 'pendiente', datos = (SELECT e.datos FROM envio e WHERE "
		"e.id = '%s') WHERE id = '%s'",
		donor, id);
	lote_put(&m, "correo", arena_printf(&a, RFC " %s", id), m.now);
	assert_int_equal(run_at(m.now), 2);
	assert_string_equal(in_maildir(&a, id), once);
}

/* ---- reports ---- */

struct reporting {
	const char *id;
	enum envio_informe what;
};

static enum err report_in(struct writer_group *g, void *ctx)
{
	ARENA(a, 1 << 20);
	const struct reporting *r = ctx;
	struct env env = {
		.arena = &a, .store = g->store, .now = m.now, .titular = RFC, .news = &g->news};
	enum err e = store_lock(g->store, RFC);

	return e == OK ? envio_informar(&env, r->id, r->what, "informe") : e;
}

struct reporter {
	struct chore chore;
	struct reporting r;
};

static void report_run(struct chore *c, struct writer_group *g)
{
	struct reporter *r = (struct reporter *)(void *)c;

	assert_int_equal(writer_group_transact(g, m.now, 0, report_in, &r->r), OK);
}

/* Whatever order they come in, and however often. */
static void report(const char *id, enum envio_informe what)
{
	struct reporter r = {.chore.run = report_run, .r = {id, what}};
	int64_t before = lote_number(&m, "SELECT count(*) FROM envio_evento WHERE id = '%s'", id);

	writer_chore(m.writer, &r.chore);
	while (lote_number(&m, "SELECT count(*) FROM envio_evento WHERE id = '%s'", id) == before)
		nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
	/* The writer is done with it once it takes another turn. */
	lote_run_there(t, m.writer, 1);
}

static void test_reports_of_delivery(void **state)
{
	const char *id = envio_put(&m, RFC, PLANTILLA_validacion_sms, "M10", "5511111111", "1");
	const char *early = envio_put(&m, RFC, PLANTILLA_validacion_sms, "M11", "5511111112", "1");
	const char *lost = envio_put(&m, RFC, PLANTILLA_validacion_sms, "M12", "5511111113", "1");

	(void)state;
	/* Before its own errand has come home. */
	report(early, INFORME_ENTREGADO);
	assert_string_equal(envio_state(&m, early), "entregado");
	assert_int_equal(events(early, "aceptado"), 1);
	assert_int_equal(run_at(m.now), 3);
	assert_string_equal(envio_state(&m, early), "entregado");
	int64_t before = cuenta();

	report(id, INFORME_EN_CAMINO);
	assert_string_equal(envio_state(&m, id), "aceptado");
	assert_int_equal(cuenta(), before);
	report(id, INFORME_ENTREGADO);
	assert_string_equal(envio_state(&m, id), "entregado");
	assert_int_equal(cuenta(), before + 1);
	/* What is over stays as it is; what was said is kept. */
	report(id, INFORME_FALLIDO);
	assert_string_equal(envio_state(&m, id), "entregado");
	assert_int_equal(events(id, "fallido"), 1);
	report(lost, INFORME_FALLIDO);
	assert_string_equal(envio_state(&m, lost), "fallido");
	assert_string_equal(
		lote_text(&m, "SELECT detalle FROM envio WHERE id = '%s'", lost), "informe");
	report(lost, INFORME_ENTREGADO);
	assert_string_equal(envio_state(&m, lost), "fallido");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_mail_reaches_the_maildir, begin, end),
		cmocka_unit_test_setup_teardown(test_sms_reaches_its_folder, begin, end),
		cmocka_unit_test_setup_teardown(test_put_and_undone, begin, end),
		cmocka_unit_test_setup_teardown(test_counts, begin, end),
		cmocka_unit_test_setup_teardown(test_failed_and_tried_again, begin, end),
		cmocka_unit_test_setup_teardown(test_given_up_after_three_days, begin, end),
		cmocka_unit_test_setup_teardown(test_superseded, begin, end),
		cmocka_unit_test_setup_teardown(test_handed_over_again_is_the_same, begin, end),
		cmocka_unit_test_setup_teardown(test_reports_of_delivery, begin, end),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
