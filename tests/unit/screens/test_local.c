/*
 * The local copy: what is taken is there after a restart, a transaction is whole or absent, rows
 * are judged by the clock and the calendar (L-7.4, L-7.5), a copy that can't be used says so.
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include "base/db_mem.h"
#include "base/file.h"
#include "base/mem.h"
#include "net/codec.h"
#include "screens/local_db.h"
#include "tests/help/acuse.h"
#include "tests/help/carpeta.h"
#include "tests/help/cm.h"
#include "tests/help/copia.h"

static char folder[256];

static int setup(void **state)
{
	(void)state;
	struct secret_status status;

	if (db_setup() != OK || zona_setup() != OK || secret_setup(&status) != OK)
		return -1;
	return carpeta_make(folder, sizeof(folder), "local");
}

static int teardown(void **state)
{
	(void)state;
	return carpeta_remove(folder);
}

static const char *path_of(struct arena *a, const char *name)
{
	const char *path = arena_printf(a, "%s/%s", folder, name);

	assert_non_null(path);
	return path;
}

static struct local *open_copy(const char *path, enum db_mode mode)
{
	struct local *l = NULL;

	assert_int_equal(local_open(path, mode, NULL, &l), OK);
	return l;
}

static void take(struct local *l, struct m_notificacion *n, size_t count, const char *cursor,
	const char *now)
{
	struct m_sincronizado s = {
		.cursor = cursor, .notificaciones = n, .notificaciones_count = count, .mas = true};

	assert_int_equal(local_take_sincronizado(l, &s, zc(now)), OK);
}

static void take_calendar(struct local *l, struct arena *a, const char *now)
{
	struct m_calendario c = calendar_message(a);
	struct m_sincronizado s = {.cursor = "c", .calendario = &c};

	assert_int_equal(local_take_sincronizado(l, &s, zc(now)), OK);
}

static struct fila row_of(struct local *l, struct arena *a, const char *folio)
{
	const struct in_fila in = {.folio = folio};
	struct out_fila row;
	struct fila f;

	assert_int_equal(q_fila(l, &in, a, &row), OK);
	assert_int_equal(local_fila(a, &row, &f), OK);
	return f;
}

static struct out_total totals(struct local *l, struct arena *a)
{
	struct out_total t;

	assert_int_equal(q_total(l, NULL, a, &t), OK);
	return t;
}

static void says_cursor(struct local *l, const char *cursor, bool mas)
{
	char found[LOCAL_CURSOR];
	bool more;

	assert_int_equal(local_cursor(l, found, &more), OK);
	assert_string_equal(found, cursor);
	assert_int_equal(more, mas);
}

/* Everything that is taken is there for another connection, and after a restart. */
static void test_restart(void **state)
{
	ARENA(a, (size_t)16 << 20);
	const char *path = path_of(&a, "restart");
	AUTO(local) w = open_copy(path, DB_WRITE);
	struct m_notificacion n[2] = {notice(&a, "BI-A", "2026-11-09 10:15", 15),
		notice(&a, "BI-B", "2026-11-10 12:00", 0)};
	struct m_entrado e = {.titular = "FÑA010203AB1",
		.nombre = "Ferretería Ñandú",
		.firmante = "FÑA010203AB1",
		.zona = ZONA_CENTRO,
		.version = 1};
	struct bytes json;
	struct calendario c;

	(void)state;
	AUTO(local) r = open_copy(path, DB_READ);

	says_cursor(r, "", false);
	assert_int_equal(local_entrado(r, &a, &e), ERR_NOT_FOUND);
	assert_int_equal(local_calendario(r, &a, &c), ERR_NOT_FOUND);
	assert_int_equal(codec_encode(&a, &message_entrado, &e, &json), OK);
	assert_int_equal(local_take_entrado(w, json), OK);
	assert_int_equal(local_take_entrado(w, bytes_of_text("{}")), ERR_BAD_ANSWER);
	take_calendar(w, &a, "2026-11-12 10:00");
	take(w, n, 2, "c2", "2026-11-12 10:00");
	local_close(w);
	w = open_copy(path, DB_WRITE);
	says_cursor(r, "c2", true);
	e.nombre = NULL;
	assert_int_equal(local_entrado(r, &a, &e), OK);
	assert_string_equal(e.nombre, "Ferretería Ñandú");
	assert_int_equal(local_calendario(r, &a, &c), OK);
	assert_int_equal(c.hasta, bare_calendar(&a).hasta);
	assert_int_equal(c.count, bare_calendar(&a).count);
	assert_string_equal(row_of(r, &a, "BI-A").m.oficio, "09 52 17/2026");
	assert_int_equal(totals(r, &a).filas, 2);
	assert_int_equal(totals(r, &a).por_abrir, 2);
	/* Who only reads writes nothing. */
	assert_int_not_equal(local_put(r, "x", bytes_of_text("y")), OK);
}

/* The cursor moves only with its rows: one that can't be kept leaves everything as it was. */
static void test_all_or_nothing(void **state)
{
	ARENA(a, (size_t)16 << 20);
	AUTO(local) l = open_copy(":memory:", DB_WRITE);
	struct m_calendario c = calendar_message(&a);
	struct m_notificacion n[2] = {notice(&a, "BI-A", "2026-11-09 10:15", 15),
		notice(&a, "BI-B", "2026-11-10 12:00", 0)};
	struct m_sincronizado s = {
		.cursor = "c1", .notificaciones = n, .notificaciones_count = 2, .calendario = &c};
	struct calendario found;

	(void)state;
	n[1].oficio = NULL; /* the message says that it is needed */
	assert_int_not_equal(local_take_sincronizado(l, &s, zc("2026-11-12 10:00")), OK);
	says_cursor(l, "", false);
	assert_int_equal(totals(l, &a).filas, 0);
	assert_int_equal(local_calendario(l, &a, &found), ERR_NOT_FOUND);
	n[1].oficio = "1";
	c.hasta = "2020-01-01"; /* before its beginning */
	assert_int_equal(local_take_sincronizado(l, &s, zc("2026-11-12 10:00")), ERR_BAD_ANSWER);
	says_cursor(l, "", false);
	assert_int_equal(totals(l, &a).filas, 0);
	assert_int_equal(access(":memory:", F_OK), -1);
}

/* L-7.5: nobody opened it, nobody was connected: it counts as notified by lapse from then on. */
static void test_offline_lapse(void **state)
{
	ARENA(a, (size_t)16 << 20);
	AUTO(local) l = open_copy(":memory:", DB_WRITE);
	struct m_notificacion n = notice(&a, "BI-A", "2026-11-09 10:15", 15); /* 13 Nov 09:30 */
	bool must;

	(void)state;
	take_calendar(l, &a, "2026-11-12 10:00");
	take(l, &n, 1, "c", "2026-11-12 10:00");
	assert_int_equal(row_of(l, &a, "BI-A").due, zc("2026-11-13 09:30"));
	assert_int_equal(local_must_judge(l, zc("2026-11-13 09:29:59.999"), &must), OK);
	assert_false(must);
	assert_int_equal(local_judge(l, zc("2026-11-13 09:29:59.999")), OK);
	assert_int_equal(row_of(l, &a, "BI-A").estado, FILA_POR_ABRIR);
	assert_int_equal(local_must_judge(l, zc("2026-11-13 09:30"), &must), OK);
	assert_true(must);
	assert_int_equal(local_judge(l, zc("2026-11-13 09:30")), OK);
	struct fila f = row_of(l, &a, "BI-A");

	assert_int_equal(f.estado, FILA_POR_PLAZO);
	assert_int_equal(f.notificada, zc("2026-11-13 09:30"));
	assert_int_equal(f.m.notificada, 0); /* the server's own word is kept as it was */
	assert_int_equal(f.ultimo, dia("2026-12-08"));
	assert_int_equal(f.due, zc("2026-12-08 23:59:59.999"));
	assert_int_equal(totals(l, &a).por_abrir, 0);
	assert_int_equal(totals(l, &a).notificadas, 1);
	assert_int_equal(totals(l, &a).con_plazo, 1);
	assert_int_equal(totals(l, &a).sin_leer, 1);
	assert_int_equal(totals(l, &a).vence, 1);
	assert_int_equal(local_must_judge(l, zc("2026-12-08 23:59:59.998"), &must), OK);
	assert_false(must);
	assert_int_equal(local_judge(l, zc("2026-12-09 00:00")), OK);
	assert_int_equal(row_of(l, &a, "BI-A").due, 0);
	assert_int_equal(totals(l, &a).vence, 0);
	assert_int_equal(local_must_judge(l, zc("2027-12-09 00:00"), &must), OK);
	assert_false(must);
}

/* A clock that ran a month ahead judged too early: put right when it is. */
static void test_clock_back(void **state)
{
	ARENA(a, (size_t)16 << 20);
	AUTO(local) l = open_copy(":memory:", DB_WRITE);
	struct m_notificacion n[2] = {notice(&a, "BI-A", "2026-11-09 10:15", 15),
		notified(&a, "BI-D", "2026-10-21 10:00", "2026-10-22 12:00", 15, "AC-D")};

	(void)state;
	take_calendar(l, &a, "2026-11-12 10:00");
	take(l, n, 2, "c", "2026-11-12 10:00");
	assert_int_equal(local_judge(l, zc("2027-01-12 10:00")), OK);
	assert_int_equal(totals(l, &a).vence, 0);
	assert_int_equal(local_judge(l, zc("2026-11-12 11:00")), OK);
	assert_int_equal(row_of(l, &a, "BI-A").estado, FILA_POR_ABRIR);
	assert_int_equal(row_of(l, &a, "BI-A").due, zc("2026-11-13 09:30"));
	assert_int_equal(row_of(l, &a, "BI-D").ultimo, dia("2026-11-13"));
	assert_int_equal(totals(l, &a).vence, 2);
	assert_int_equal(totals(l, &a).por_abrir, 1);
}

/* Another calendar: terms are counted anew, those that were over too. */
static void test_new_calendar(void **state)
{
	ARENA(a, (size_t)16 << 20);
	AUTO(local) l = open_copy(":memory:", DB_WRITE);
	struct m_notificacion n[2] = {notified(&a, "BI-D", "2026-10-21 10:00", "2026-10-22 12:00",
					      15, "AC-D"), /* 13 Nov */
		notified(&a, "BI-C", "2026-10-19 10:00", "2026-10-20 12:00", 15,
			"AC-C")}; /* 11 Nov */
	struct m_calendario c = calendar_message(&a);
	struct m_sincronizado s = {.cursor = "c", .calendario = &c};
	struct m_inhabil *more = arena_array(&a, c.inhabiles_count + 2, sizeof(*more));

	(void)state;
	take(l, n, 2, "c", "2026-11-12 10:00");
	assert_int_equal(totals(l, &a).con_plazo, 0); /* no calendar yet: nothing is guessed */
	take_calendar(l, &a, "2026-11-12 10:00");
	assert_int_equal(row_of(l, &a, "BI-D").ultimo, dia("2026-11-13"));
	assert_int_equal(row_of(l, &a, "BI-C").due, 0);
	memcpy(more, c.inhabiles, c.inhabiles_count * sizeof(*more));
	more[c.inhabiles_count] = (struct m_inhabil){.fecha = "2026-10-27", .motivo = "Cierre"};
	more[c.inhabiles_count + 1] = (struct m_inhabil){.fecha = "2026-10-28", .motivo = "Cierre"};
	c.inhabiles = more;
	c.inhabiles_count += 2;
	assert_int_equal(local_take_sincronizado(l, &s, zc("2026-11-12 10:00")), OK);
	assert_int_equal(row_of(l, &a, "BI-D").ultimo, dia("2026-11-18"));
	assert_int_equal(row_of(l, &a, "BI-C").ultimo, dia("2026-11-13"));
	assert_int_equal(totals(l, &a).con_plazo, 2);
}

/* The acuse says that it was opened before any synchronisation does; nothing closes it again. */
static void test_acuse_opens(void **state)
{
	ARENA(a, (size_t)16 << 20);
	AUTO(local) l = open_copy(":memory:", DB_WRITE);
	struct m_notificacion n = notice(&a, "BI-A", "2026-11-09 10:15", 15);
	struct m_notificacion_abrir rq = {
		.hat = {"FÑA010203AB1", "propio"}, .folio = "BI-A", .fecha_legal = "2026-11-12"};
	struct m_acuse acuse;
	struct m_acuse found;
	struct bytes json;
	struct bytes kept;

	(void)state;
	take_calendar(l, &a, "2026-11-12 10:00");
	take(l, &n, 1, "c", "2026-11-12 10:00");
	acuse_sample(&a, zc("2026-11-12 12:00"), ZONA_CENTRO, &acuse);
	assert_int_equal(codec_encode(&a, &message_notificacion_abrir, &rq, &acuse.cuerpo), OK);
	json = acuse_sample_json(&a, &acuse);
	assert_int_equal(local_acuse(l, &a, acuse.folio, &found, &kept), ERR_NOT_FOUND);
	assert_int_equal(local_take_acuse(l, &acuse, json), OK);
	assert_int_equal(local_acuse(l, &a, acuse.folio, &found, &kept), OK);
	assert_true(bytes_equal(kept, json));
	assert_string_equal(found.cadena, acuse.cadena);
	take(l, &n, 1, "c2", "2026-11-12 12:01"); /* made before the opening */
	struct fila f = row_of(l, &a, "BI-A");

	assert_int_equal(f.estado, FILA_NOTIFICADA);
	assert_int_equal(f.m.abierta, acuse.recibido);
	assert_int_equal(f.notificada, acuse.legal);
	assert_string_equal(f.m.acuse, acuse.folio);
	assert_int_equal(totals(l, &a).sin_leer, 0);
	says_cursor(l, "c2", true);
}

static void test_documento(void **state)
{
	ARENA(a, (size_t)64 << 20);
	AUTO(local) l = open_copy(":memory:", DB_WRITE);
	const size_t size = 480000;
	unsigned char *datos = arena_zalloc(&a, size);
	struct m_documento head = {.folio = "BI-A",
		.sha256 = "00",
		.total = (int64_t)size,
		.desde = 262144,
		.datos = bytes_of("part", 4),
		.cadena = "||",
		.firma = bytes_of("f", 1),
		.certificado = bytes_of("c", 1)};
	struct m_documento found;
	struct bytes all;

	(void)state;
	datos[size - 1] = 7;
	assert_int_equal(local_take_documento(l, &head, bytes_of(datos, 5)), ERR_BAD_ANSWER);
	assert_int_equal(local_documento(l, &a, "BI-A", &found, &all), ERR_NOT_FOUND);
	assert_int_equal(local_take_documento(l, &head, bytes_of(datos, size)), OK);
	assert_int_equal(local_documento(l, &a, "BI-A", &found, &all), OK);
	assert_true(bytes_equal(all, bytes_of(datos, size)));
	assert_int_equal(found.desde, 0);
	assert_int_equal(found.datos.size, 0);
	assert_string_equal(found.cadena, "||");
}

static void test_small_things(void **state)
{
	ARENA(a, (size_t)1 << 20);
	AUTO(local) l = open_copy(":memory:", DB_WRITE);
	struct bytes valor;
	const char **claves;
	size_t count;

	(void)state;
	assert_int_equal(local_get(l, &a, "ordenes", &valor), ERR_NOT_FOUND);
	assert_int_equal(local_put(l, "ordenes", bytes_of_text("ir 7")), OK);
	assert_int_equal(local_put(l, "borrador/2", bytes_of(NULL, 0)), OK);
	assert_int_equal(local_put(l, "borrador/1", bytes_of_text("Señor")), OK);
	assert_int_equal(local_put(l, "borrador/1", bytes_of_text("Señora")), OK);
	assert_int_equal(local_get(l, &a, "borrador/1", &valor), OK);
	assert_true(bytes_equal(valor, bytes_of_text("Señora")));
	assert_int_equal(local_get(l, &a, "borrador/2", &valor), OK);
	assert_int_equal(valor.size, 0);
	assert_int_equal(local_keys(l, &a, "borrador/", &claves, &count), OK);
	assert_int_equal(count, 2);
	assert_string_equal(claves[0], "borrador/1");
	assert_int_equal(local_remove(l, "borrador/1"), OK);
	assert_int_equal(local_remove(l, "borrador/1"), OK);
	assert_int_equal(local_keys(l, &a, "borrador/", &claves, &count), OK);
	assert_int_equal(count, 1);
}

/* The server reset the cursor: the list is asked for anew, nothing else is lost. */
static void test_forget_rows(void **state)
{
	ARENA(a, (size_t)16 << 20);
	AUTO(local) l = open_copy(":memory:", DB_WRITE);
	struct m_notificacion n = notice(&a, "BI-A", "2026-11-09 10:15", 15);
	struct calendario c;
	struct bytes valor;

	(void)state;
	take_calendar(l, &a, "2026-11-12 10:00");
	take(l, &n, 1, "c9", "2026-11-12 10:00");
	assert_int_equal(local_put(l, "borrador/1", bytes_of_text("x")), OK);
	assert_int_equal(local_forget_rows(l), OK);
	says_cursor(l, "", false);
	assert_int_equal(totals(l, &a).filas, 0);
	assert_int_equal(totals(l, &a).vence, 0);
	assert_int_equal(local_calendario(l, &a, &c), OK);
	assert_int_equal(local_get(l, &a, "borrador/1", &valor), OK);
	take(l, &n, 1, "c1", "2026-11-12 10:00");
	assert_int_equal(totals(l, &a).filas, 1);
}

static void spoil(const char *path, const char *sql)
{
	AUTO(db) d = NULL;

	assert_int_equal(db_open(path, DB_WRITE, NULL, 0, &d), OK);
	assert_int_equal(db_exec(d, sql), OK);
}

/* Of another program's schema, or no database at all: said, and made anew; drafts outlive it. */
static void test_bad_copy(void **state)
{
	ARENA(a, (size_t)16 << 20);
	const char *path = path_of(&a, "bad");
	const char *noise = path_of(&a, "noise");
	struct m_notificacion n = notice(&a, "BI-A", "2026-11-09 10:15", 15);
	AUTO(local) l = NULL;
	struct bytes valor;

	(void)state;
	assert_int_equal(local_open(path, DB_READ, NULL, &l), ERR_NO_FILE);
	l = open_copy(path, DB_WRITE);
	take(l, &n, 1, "c", "2026-11-12 10:00");
	assert_int_equal(local_put(l, "borrador/1", bytes_of_text("x")), OK);
	local_close(STEAL(l));
	spoil(path, "PRAGMA user_version = 99; CREATE TABLE otra (x)");
	assert_int_equal(local_open(path, DB_WRITE, NULL, &l), ERR_BAD_CACHE);
	assert_int_equal(local_open(path, DB_READ, NULL, &l), ERR_BAD_CACHE);
	assert_null(l);
	assert_int_equal(local_remake(path, NULL, &l), OK);
	assert_int_equal(totals(l, &a).filas, 0);
	assert_int_equal(local_get(l, &a, "borrador/1", &valor), OK);
	take(l, &n, 1, "c", "2026-11-12 10:00");
	local_close(STEAL(l));
	l = open_copy(path, DB_READ);
	assert_int_equal(totals(l, &a).filas, 1);
	local_close(STEAL(l));
	int fd = open(noise, O_CREAT | O_WRONLY, 0600);

	assert_true(fd >= 0);
	for (int i = 0; i < 4096; i++)
		assert_int_equal(write(fd, "no db!\n\n", 8), 8);
	assert_int_equal(close(fd), 0);
	assert_int_equal(local_open(noise, DB_WRITE, NULL, &l), ERR_BAD_CACHE);
	assert_int_equal(local_remake(noise, NULL, &l), ERR_BAD_CACHE);
}

/* Memory that ends anywhere in a write leaves the copy as it was; the same write then works. */
static void test_no_memory(void **state)
{
	ARENA(a, (size_t)16 << 20);
	AUTO(local) l = open_copy(":memory:", DB_WRITE);
	struct m_calendario c = calendar_message(&a);
	struct m_notificacion n[2] = {notice(&a, "BI-A", "2026-11-09 10:15", 15),
		notice(&a, "BI-B", "2026-11-10 12:00", 0)};
	struct m_sincronizado s = {
		.cursor = "c1", .notificaciones = n, .notificaciones_count = 2, .calendario = &c};
	enum err err = ERR_NO_MEMORY;
	long tries = 0;

	(void)state;
	while (err != OK && tries < 100000) {
		says_cursor(l, "", false);
		assert_int_equal(totals(l, &a).filas, 0);
		mem_fail_at(++tries);
		err = local_take_sincronizado(l, &s, zc("2026-11-12 10:00"));
		mem_fail_at(0);
		assert_true(err == OK || err == ERR_NO_MEMORY);
	}
	assert_int_equal(err, OK);
	assert_true(tries > 20);
	says_cursor(l, "c1", false);
	assert_int_equal(totals(l, &a).filas, 2);
	assert_int_equal(row_of(l, &a, "BI-A").due, zc("2026-11-13 09:30"));
}

static void key_of(struct secret *key, unsigned char byte)
{
	unsigned char raw[32];

	memset(raw, byte, sizeof(raw));
	assert_int_equal(secret_set(key, raw, sizeof(raw)), OK);
}

/* Sealed: nothing of it is in the files, another key or none gives nothing, and loses nothing. */
static void test_sealed(void **state)
{
	ARENA(a, (size_t)64 << 20);
	const char *path = path_of(&a, "sealed");
	const char *names[] = {path, arena_printf(&a, "%s-wal", path)};
	struct m_notificacion n = notice(&a, "BI-SECRETO", "2026-11-09 10:15", 15);
	AUTO(local) w = NULL;
	AUTO(local) l = NULL;
	SECRET(key);
	SECRET(other);

	(void)state;
	key_of(&key, 1);
	key_of(&other, 2);
	assert_int_equal(local_open(path, DB_WRITE, &key, &w), OK);
	take(w, &n, 1, "c", "2026-11-12 10:00");
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct bytes all;

		assert_int_equal(file_read(&a, names[i], (size_t)32 << 20, &all), OK);
		assert_null(memmem(all.data, all.size, "BI-SECRETO", 10));
		assert_null(memmem(all.data, all.size, "bi-secreto", 10));
	}
	assert_int_equal(local_open(path, DB_READ, &other, &l), ERR_BAD_CACHE);
	assert_int_equal(local_open(path, DB_WRITE, &other, &l), ERR_BAD_CACHE);
	assert_int_equal(local_remake(path, &other, &l), ERR_BAD_CACHE);
	assert_int_equal(local_open(path, DB_WRITE, NULL, &l), ERR_BAD_CACHE);
	assert_int_equal(local_open(path, DB_READ, &key, &l), OK);
	assert_string_equal(row_of(l, &a, "BI-SECRETO").m.folio, "BI-SECRETO");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_restart),
		cmocka_unit_test(test_all_or_nothing),
		cmocka_unit_test(test_offline_lapse),
		cmocka_unit_test(test_clock_back),
		cmocka_unit_test(test_new_calendar),
		cmocka_unit_test(test_acuse_opens),
		cmocka_unit_test(test_documento),
		cmocka_unit_test(test_small_things),
		cmocka_unit_test(test_forget_rows),
		cmocka_unit_test(test_bad_copy),
		cmocka_unit_test(test_sealed),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
