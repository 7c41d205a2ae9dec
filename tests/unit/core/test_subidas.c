/*
 * Uploads: every byte that was acknowledged is kept, whatever ends between; only what was
 * announced, and is a sound PDF, may be named in an act. L-7.1, wire.md "Files", bad input of issue
 * 6
 */
#include "core/subidas.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/file.h"
#include "core/tareas.h"
#include "core/writer_group.h"
#include "tests/help/cm.h"
#include "tests/help/core_lote.h"
#include "tests/help/core_sql.h"
#include "tests/help/core_subida.h"
#include "tests/help/http.h"
#include "tests/help/pki.h"

#define MB ((size_t)1024 * 1024)
#define ROOM (64 * MB)
#define WAIT_MS 60000

static int begin(void **state)
{
	(void)state;
	mundo_at(&mundo, pki_now());
	mundo.config.presupuesto_direccion = 0;
	sql_run(mundo.config.almacen,
		"DELETE FROM subida; DELETE FROM subida_parte; DELETE FROM subida_cuota");
	return 0;
}

static struct bytes part(struct bytes b, size_t from, size_t size)
{
	return bytes_of(b.data + from, size);
}

/* A place for that file; announced as it is. */
static const char *announce(struct arena *a, struct bytes pdf)
{
	const char *error;
	const struct m_archivo_creado *m =
		subida_anunciar(a, subida_sha256(a, pdf), (int64_t)pdf.size, &error);

	if (m == NULL)
		fail_msg("refused: %s", error);
	return m->direccion;
}

static void must(struct respuesta r, int status, int64_t offset, bool complete)
{
	if (r.status != status || r.offset != offset || r.complete != complete)
		fail_msg("%d %" PRId64 " %d, not %d %" PRId64 " %d: %s", r.status, r.offset,
			r.complete, status, offset, complete, r.text);
}

static void says(struct respuesta r, const char *text)
{
	if (strstr(r.text, text) == NULL)
		fail_msg("not there: %s\n%s", text, r.text);
}

/* Waits until HEAD tells that offset: a line that was cut is noticed a moment later. */
static void wait_offset(struct arena *a, const char *direccion, int64_t offset)
{
	int64_t until = clock_monotonic() + WAIT_MS;
	struct respuesta r;

	do
		r = subida_head(a, &sitio, direccion);
	while (r.offset < offset && clock_monotonic() < until && usleep(20000) == 0);
	must(r, 200, offset, false);
}

/* What stands in `archivo` under that folio is that file. */
static void must_hold(struct arena *a, const char *folio, struct bytes pdf)
{
	struct store *s = store_pool_take(mundo.server.readers);
	struct in_archivo_parte in = {.desde = 1, .folio = folio, .titular = rfc};
	struct out_archivo_parte row;
	size_t at = 0;

	while (at < pdf.size) {
		in.desde = (int64_t)at + 1;
		assert_int_equal(q_archivo_parte(s, &in, a, &row), OK);
		assert_int_equal(row.bytes, pdf.size);
		assert_true(row.datos.size != 0);
		assert_memory_equal(row.datos.data, pdf.data + at, row.datos.size);
		at += row.datos.size;
	}
	store_pool_give(mundo.server.readers, s);
}

/* ---- using one, in the writer ---- */

struct use {
	struct chore chore;
	const char *owner, *sha256, *folio;
	int64_t bytes;
	enum err err;
	pthread_mutex_t lock;
	pthread_cond_t done;
	bool ended;
};

static enum err use_in(struct writer_group *g, void *ctx)
{
	ARENA(a, 65536);
	struct use *u = ctx;
	struct env env = {.arena = &a, .store = g->store, .now = mundo.now, .titular = rfc};

	u->err = subida_usar(&env, u->owner, u->sha256, u->folio, "||cadena||",
		bytes_of_text("firma"), bytes_of_text("certificado"), &u->bytes);
	return u->err == ERR_NO_UPLOAD ? OK : u->err;
}

static void use_run(struct chore *c, struct writer_group *g)
{
	struct use *u = (struct use *)(void *)c;

	assert_int_equal(writer_group_transact(g, mundo.now, 0, use_in, u), OK);
	pthread_mutex_lock(&u->lock);
	u->ended = true;
	pthread_cond_signal(&u->done);
	pthread_mutex_unlock(&u->lock);
}

static enum err use(struct arena *a, const char *owner, struct bytes pdf, const char *folio)
{
	struct use u = {.chore.run = use_run,
		.owner = owner,
		.sha256 = subida_sha256(a, pdf),
		.folio = folio,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.done = PTHREAD_COND_INITIALIZER};

	writer_chore(mundo.writer, &u.chore);
	pthread_mutex_lock(&u.lock);
	while (!u.ended)
		pthread_cond_wait(&u.done, &u.lock);
	pthread_mutex_unlock(&u.lock);
	if (u.err == OK)
		assert_int_equal(u.bytes, pdf.size);
	return u.err;
}

static enum err use_own(struct arena *a, struct bytes pdf, const char *folio)
{
	return use(a, mundo.funcionario->cert.rfc, pdf, folio);
}

/* ---- a place ---- */

static void a_file_announced_again_goes_on(void **state)
{
	ARENA(a, ROOM);
	struct bytes pdf = subida_pdf(&a, MB, 1);
	const char *error;
	const char *direccion = announce(&a, pdf);

	(void)state;
	assert_int_equal(strlen(direccion), SUBIDA_DIRECCION);
	must(subida_patch(&a, &sitio, direccion, 0, part(pdf, 0, 600000)), 200, 600000, false);
	mundo_at(&mundo, mundo.now + 1000);
	const struct m_archivo_creado *m =
		subida_anunciar(&a, subida_sha256(&a, pdf), (int64_t)pdf.size, &error);
	assert_non_null(m);
	assert_string_equal(m->direccion, direccion);
	assert_int_equal(m->desde, 600000);
	assert_int_equal(m->vence, mundo.now + SUBIDA_MS);
	assert_false(m->completa);
	must(subida_patch(&a, &sitio, direccion, 600000, part(pdf, 600000, pdf.size - 600000)), 200,
		(int64_t)pdf.size, true);
	m = subida_anunciar(&a, subida_sha256(&a, pdf), (int64_t)pdf.size, &error);
	assert_true(m->completa);
	assert_int_equal(m->desde, pdf.size);
	assert_int_equal(lote_number(&mundo, "SELECT archivos FROM subida_cuota"), 1);
	assert_int_equal(lote_number(&mundo, "SELECT bytes FROM subida_cuota"), pdf.size);
	/* Of what is whole no other size is believed; of what is not, the last one. */
	assert_null(subida_anunciar(&a, subida_sha256(&a, pdf), 5, &error));
	assert_string_equal(error, "campo-invalido");
	struct bytes other = subida_pdf(&a, 1000, 2);
	assert_non_null(subida_anunciar(&a, subida_sha256(&a, other), 500, &error));
	must(subida_patch(&a, &sitio, announce(&a, other), 0, other), 200, (int64_t)other.size,
		true);
	assert_int_equal(
		lote_number(&mundo, "SELECT bytes FROM subida_cuota"), pdf.size + other.size);
}

static void announcements_have_limits(void **state)
{
	ARENA(a, ROOM);
	const char *error;
	const char *sha = subida_sha256(&a, bytes_of_text("uno"));

	(void)state;
	assert_null(subida_anunciar(&a, sha, SUBIDA_BYTES + 1, &error));
	assert_string_equal(error, "archivo-demasiado-grande");
	assert_null(subida_anunciar(&a, sha, INT64_C(104857600), &error));
	assert_string_equal(error, "archivo-demasiado-grande");
	assert_null(subida_anunciar(&a, "ABC", 10, &error));
	assert_string_equal(error, "campo-invalido");
	assert_non_null(subida_anunciar(&a, sha, SUBIDA_BYTES, &error));
	lote_do(&mundo, "UPDATE subida_cuota SET archivos = %d", SUBIDA_ARCHIVOS_DUENO);
	assert_null(subida_anunciar(&a, subida_sha256(&a, bytes_of_text("dos")), 10, &error));
	assert_string_equal(error, "subidas-completas");
	assert_non_null(subida_anunciar(&a, sha, SUBIDA_BYTES, &error));
	lote_do(&mundo, "UPDATE subida_cuota SET archivos = 1, bytes = %" PRId64,
		SUBIDA_BYTES_DUENO - 9);
	assert_null(subida_anunciar(&a, subida_sha256(&a, bytes_of_text("dos")), 10, &error));
	assert_string_equal(error, "subidas-completas");
	assert_non_null(subida_anunciar(&a, subida_sha256(&a, bytes_of_text("dos")), 9, &error));
	/* For nobody but oneself, and no particular. */
	struct m_archivo_crear m = {.hat = {rfc, "funcionario"}, .sha256 = sha, .bytes = 1};
	struct firma_de by = mundo_efirma(mundo.funcionario);

	assert_string_equal(
		mundo_error(&a, subida_act(&a, ROUTE_ID_archivo_crear, &m, &by)), "rfc-ajeno");
	m.hat.calidad = "propio";
	assert_string_equal(mundo_error(&a, subida_act(&a, ROUTE_ID_archivo_crear, &m, &by_fisica)),
		"rfc-ajeno");
}

/* ---- bytes ---- */

static void a_small_file_goes_in_one(void **state)
{
	ARENA(a, ROOM);
	struct bytes pdf = subida_pdf(&a, 20000, 3);
	const char *direccion = announce(&a, pdf);

	(void)state;
	must(subida_head(&a, &sitio, direccion), 200, 0, false);
	assert_int_equal(use_own(&a, pdf, "BI-20260102-000000001"), ERR_NO_UPLOAD);
	must(subida_patch(&a, &sitio, direccion, 0, pdf), 200, (int64_t)pdf.size, true);
	must(subida_head(&a, &sitio, direccion), 200, (int64_t)pdf.size, true);
	assert_int_equal(use_own(&a, pdf, "BI-20260102-000000001"), OK);
	must_hold(&a, "BI-20260102-000000001", pdf);
	/* Only its owner's acts; and as often as they want. */
	assert_int_equal(use(&a, rfc, pdf, "BI-20260102-000000002"), ERR_NO_UPLOAD);
	assert_int_equal(use_own(&a, pdf, "BI-20260102-000000003"), OK);
	/* Nothing follows what is whole; asking so again is answered well. */
	must(subida_patch(&a, &sitio, direccion, (int64_t)pdf.size, bytes_of("", 0)), 200,
		(int64_t)pdf.size, true);
	must(subida_patch(&a, &sitio, direccion, 0, pdf), 409, (int64_t)pdf.size, true);
	must(subida_patch(&a, &sitio, direccion, (int64_t)pdf.size, part(pdf, 0, 1)), 409,
		(int64_t)pdf.size, true);
}

/* Cut at every megabyte: what came is there, the next goes on, and the server dies in between. */
static void a_line_cut_at_every_megabyte_loses_nothing(void **state)
{
	ARENA(a, ROOM);
	struct bytes pdf = subida_pdf(&a, 9 * MB + 12345, 4);
	const char *direccion = announce(&a, pdf);
	size_t at = 0;

	(void)state;
	while (at + MB < pdf.size) {
		int fd = subida_begin(&sitio, direccion, (int64_t)at, (int64_t)(pdf.size - at));

		http_send(fd, pdf.data + at, MB);
		close(fd);
		at += MB;
		wait_offset(&a, direccion, (int64_t)at);
		if (at == 4 * MB)
			sitio_restart();
	}
	must(subida_patch(&a, &sitio, direccion, (int64_t)at, part(pdf, at, pdf.size - at)), 200,
		(int64_t)pdf.size, true);
	assert_int_equal(use_own(&a, pdf, "BI-20260102-000000004"), OK);
	must_hold(&a, "BI-20260102-000000004", pdf);
}

/* All bytes came, and the server died before it proved them: an empty PATCH has it done. */
static void what_was_not_proved_is_proved_later(void **state)
{
	ARENA(a, ROOM);
	struct bytes pdf = subida_pdf(&a, MB, 5);
	const char *direccion = announce(&a, pdf);

	(void)state;
	must(subida_patch(&a, &sitio, direccion, 0, part(pdf, 0, 500)), 200, 500, false);
	must(subida_patch(&a, &sitio, direccion, 500, part(pdf, 500, pdf.size - 500)), 200,
		(int64_t)pdf.size, true);
	lote_do(&mundo, "UPDATE subida SET completa = NULL");
	must(subida_head(&a, &sitio, direccion), 200, (int64_t)pdf.size, false);
	assert_int_equal(use_own(&a, pdf, "BI-20260102-000000005"), ERR_NO_UPLOAD);
	must(subida_patch(&a, &sitio, direccion, (int64_t)pdf.size, bytes_of("", 0)), 200,
		(int64_t)pdf.size, true);
	assert_int_equal(use_own(&a, pdf, "BI-20260102-000000005"), OK);
	must_hold(&a, "BI-20260102-000000005", pdf);
}

static void a_wrong_offset_is_told_the_right_one(void **state)
{
	ARENA(a, ROOM);
	struct bytes pdf = subida_pdf(&a, MB, 6);
	const char *direccion = announce(&a, pdf);

	(void)state;
	must(subida_patch(&a, &sitio, direccion, 1, part(pdf, 1, 1000)), 409, 0, false);
	must(subida_patch(&a, &sitio, direccion, 0, part(pdf, 0, 1000)), 200, 1000, false);
	struct respuesta r = subida_patch(&a, &sitio, direccion, 0, part(pdf, 0, 1000));
	must(r, 409, 1000, false);
	says(r, "{\"error\":\"archivo-en-otro-punto\",\"dato\":1000}");
	must(subida_patch(&a, &sitio, direccion, 2000, part(pdf, 2000, 1000)), 409, 1000, false);
	must(subida_head(&a, &sitio, direccion), 200, 1000, false);
}

/* Both begin where it is; the one whose bytes come later is told where it is by then. */
static void the_later_of_two_is_told_the_offset(void **state)
{
	ARENA(a, ROOM);
	struct bytes pdf = subida_pdf(&a, MB, 13);
	const char *direccion = announce(&a, pdf);
	int first = subida_begin(&sitio, direccion, 0, 1000);
	int second = subida_begin(&sitio, direccion, 0, 500);

	(void)state;
	/* Their heads are seen before either sends more. */
	usleep(300000);
	http_send(first, pdf.data, 1000);
	must(subida_end(&a, first), 200, 1000, false);
	http_send(second, pdf.data, 500);
	must(subida_end(&a, second), 409, 1000, false);
	must(subida_head(&a, &sitio, direccion), 200, 1000, false);
}

/* ---- two at once ---- */

struct sender {
	const struct sitio *to;
	const char *direccion;
	struct bytes pdf;
	pthread_t thread;
};

/* Goes on from wherever HEAD says until it is whole, as a client does. */
static void *send_all(void *ctx)
{
	ARENA(a, ROOM);
	const struct sender *s = ctx;
	struct respuesta r = {0};

	for (int i = 0; i < 1000 && !r.complete; i++) {
		r = subida_head(&a, s->to, s->direccion);
		if (r.status != 200 || r.complete)
			continue;
		size_t at = (size_t)r.offset;
		int fd = subida_begin(s->to, s->direccion, r.offset, (int64_t)(s->pdf.size - at));

		/* Refused in the middle, its line may be reset. */
		for (size_t n; at < s->pdf.size; at += n) {
			n = s->pdf.size - at < 65536 ? s->pdf.size - at : 65536;
			if (send(fd, s->pdf.data + at, n, MSG_NOSIGNAL) != (ssize_t)n)
				break;
		}
		r = subida_end(&a, fd);
	}
	assert_true(r.complete);
	return NULL;
}

/* At one address, on two servers: of each piece one is taken, and the file is the file. */
static void two_may_write_at_once(void **state)
{
	ARENA(a, ROOM);
	struct bytes pdf = subida_pdf(&a, 3 * MB, 7);
	const char *direccion = announce(&a, pdf);
	struct sitio other = {0};
	struct writer *w = NULL;
	struct sender senders[4];

	(void)state;
	sitio_open_other(&other, &w);
	for (size_t i = 0; i < COUNT_OF(senders); i++) {
		senders[i] = (struct sender){
			.to = i % 2 == 0 ? &sitio : &other, .direccion = direccion, .pdf = pdf};
		assert_int_equal(
			pthread_create(&senders[i].thread, NULL, send_all, &senders[i]), 0);
	}
	for (size_t i = 0; i < COUNT_OF(senders); i++)
		pthread_join(senders[i].thread, NULL);
	sitio_close_other(&other, w);
	assert_int_equal(use_own(&a, pdf, "BI-20260102-000000006"), OK);
	must_hold(&a, "BI-20260102-000000006", pdf);
}

/* ---- what may not be notified ---- */

static struct bytes altered(struct arena *a, struct bytes pdf, size_t at)
{
	unsigned char *copy = arena_copy(a, pdf.data, pdf.size);

	assert_non_null(copy);
	copy[at] ^= 1;
	return bytes_of(copy, pdf.size);
}

static void another_file_begins_anew(void **state)
{
	ARENA(a, ROOM);
	const size_t sizes[] = {20000, 2 * MB};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		struct bytes pdf = subida_pdf(&a, sizes[i], 8);
		const char *direccion = announce(&a, pdf);
		struct respuesta r =
			subida_patch(&a, &sitio, direccion, 0, altered(&a, pdf, pdf.size / 2));

		must(r, 409, 0, false);
		says(r, "{\"error\":\"archivo-distinto\"}");
		must(subida_head(&a, &sitio, direccion), 200, 0, false);
		assert_int_equal(lote_number(&mundo, "SELECT COUNT(*) FROM subida_parte"), 0);
		must(subida_patch(&a, &sitio, direccion, 0, pdf), 200, (int64_t)pdf.size, true);
		begin(NULL);
	}
}

static struct bytes encrypted(struct arena *a, size_t size)
{
	struct bytes pdf = subida_pdf(a, size, 9);
	struct bytes out;
	const char *path = arena_printf(a, "%s/plain.pdf", mundo.folder);
	const char *locked = arena_printf(a, "%s/locked.pdf", mundo.folder);

	assert_int_equal(file_write(path, pdf, 0600), OK);
	assert_int_equal(
		system(arena_printf(a, "qpdf --encrypt '' clave 256 -- %s %s", path, locked)), 0);
	assert_int_equal(file_read(a, locked, ROOM, &out), OK);
	return out;
}

static void only_sound_pdfs_are_taken(void **state)
{
	ARENA(a, 2 * ROOM);
	const size_t sizes[] = {20000, 2 * MB};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		struct bytes pdf = subida_pdf(&a, sizes[i], 9);
		const struct {
			struct bytes file;
			const char *error;
		} bad[] = {
			{part(pdf, 0, pdf.size - 100), "pdf-invalido"},
			{part(pdf, 1, pdf.size - 1), "pdf-invalido"},
			{encrypted(&a, sizes[i]), "pdf-cifrado"},
		};

		for (size_t k = 0; k < COUNT_OF(bad); k++) {
			const char *direccion = announce(&a, bad[k].file);
			struct respuesta r = subida_patch(&a, &sitio, direccion, 0, bad[k].file);

			must(r, 400, 0, false);
			says(r, bad[k].error);
			assert_int_equal(
				use_own(&a, bad[k].file, "BI-20260102-000000007"), ERR_NO_UPLOAD);
		}
	}
}

static void more_than_announced_is_refused(void **state)
{
	ARENA(a, ROOM);
	struct bytes pdf = subida_pdf(&a, 20000, 10);
	const char *direccion = announce(&a, pdf);
	unsigned char *more = arena_zalloc(&a, 100 * MB / 8);

	(void)state;
	assert_non_null(more);
	/* By what its head says, whether it is little or 100 MB. */
	int fd = subida_begin(&sitio, direccion, 0, (int64_t)pdf.size + 1);

	http_send(fd, more, pdf.size + 1);
	must(subida_end(&a, fd), 413, 0, false);
	fd = subida_begin(&sitio, direccion, 0, INT64_C(104857600));
	must(subida_end(&a, fd), 413, 0, false);
	/* By its bytes. */
	fd = subida_begin(&sitio, direccion, 0, -1);
	http_send_text(fd, arena_printf(&a, "%zx\r\n", pdf.size + 1));
	http_send(fd, more, pdf.size + 1);
	http_send_text(fd, "\r\n0\r\n\r\n");
	must(subida_end(&a, fd), 413, 0, false);
	must(subida_patch(&a, &sitio, direccion, 0, pdf), 200, (int64_t)pdf.size, true);
}

static int status_of(
	struct arena *a, const char *method, const char *direccion, const char *headers)
{
	int fd = http_connect(sitio.port);

	http_send_text(fd, arena_printf(a, "%s /v1/archivo/%s HTTP/1.1\r\nHost: h\r\n%s\r\n",
				   method, direccion, headers));
	return subida_end(a, fd).status;
}

static void strangers_learn_nothing(void **state)
{
	ARENA(a, ROOM);
	struct bytes pdf = subida_pdf(&a, 20000, 11);
	const char *direccion = announce(&a, pdf);
	const char *wrong = "00112233445566778899aabbccddeeff";

	(void)state;
	assert_int_equal(subida_head(&a, &sitio, wrong).status, 404);
	assert_int_equal(subida_head(&a, &sitio, "x").status, 404);
	assert_int_equal(subida_patch(&a, &sitio, wrong, 0, pdf).status, 404);
	assert_int_equal(status_of(&a, "GET", direccion, ""), 405);
	assert_int_equal(status_of(&a, "PATCH", direccion,
				 "Content-Length: 0\r\nContent-Type: application/partial-upload"
				 "\r\nUpload-Offset: -1\r\n"),
		400);
	assert_int_equal(
		status_of(&a, "PATCH", direccion, "Content-Length: 0\r\nUpload-Offset: 0\r\n"),
		400);
	/* Who guesses uses up what an address may ask; who knows does not. */
	mundo.config.presupuesto_direccion = 5;
	for (int i = 0; i < 20; i++)
		assert_int_equal(subida_head(&a, &sitio, direccion).status, 200);
	for (int i = 0; i < 5; i++)
		assert_int_equal(subida_head(&a, &sitio, wrong).status, 404);
	assert_int_equal(subida_head(&a, &sitio, wrong).status, 429);
	mundo.config.presupuesto_direccion = 0;
}

/* ---- in time ---- */

/* One job for all; what somebody came back to stays, and its owner's room is given back. */
static void what_nobody_used_is_forgotten(void **state)
{
	ARENA(a, ROOM);
	struct tareas_config c = {.server = &mundo.server, .writer = mundo.writer};
	struct tareas *t = NULL;
	struct bytes kept = subida_pdf(&a, 20000, 12);
	const char *error;
	int64_t then = mundo.now;

	(void)state;
	lote_do(&mundo, "DELETE FROM tarea");
	assert_int_equal(tareas_open(&c, &t), OK);
	lote_seed(t, mundo.writer, then);
	for (int i = 0; i < 250; i++) {
		const char *text = arena_printf(&a, "%d", i);

		assert_non_null(
			subida_anunciar(&a, subida_sha256(&a, bytes_of_text(text)), 100, &error));
	}
	const char *direccion = announce(&a, kept);
	must(subida_patch(&a, &sitio, direccion, 0, part(kept, 0, 100)), 200, 100, false);
	mundo_at(&mundo, then + SUBIDA_MS - 1);
	must(subida_patch(&a, &sitio, direccion, 100, part(kept, 100, 100)), 200, 200, false);
	lote_run_there(t, mundo.writer, mundo.now);
	assert_int_equal(lote_number(&mundo, "SELECT COUNT(*) FROM subida"), 251);
	mundo_at(&mundo, then + SUBIDA_MS + 3600000);
	for (int i = 0; i < 5; i++)
		lote_run_there(t, mundo.writer, mundo.now + i);
	assert_int_equal(lote_number(&mundo, "SELECT COUNT(*) FROM subida"), 1);
	assert_int_equal(lote_number(&mundo, "SELECT archivos FROM subida_cuota"), 1);
	assert_int_equal(lote_number(&mundo, "SELECT bytes FROM subida_cuota"), kept.size);
	assert_true(
		lote_number(&mundo, "SELECT vence FROM tarea WHERE clase = 'subida'") > mundo.now);
	must(subida_patch(&a, &sitio, direccion, 200, part(kept, 200, kept.size - 200)), 200,
		(int64_t)kept.size, true);
	mundo_at(&mundo, mundo.now + SUBIDA_MS);
	assert_int_equal(subida_head(&a, &sitio, direccion).status, 404);
	for (int i = 0; i < 3; i++)
		lote_run_there(t, mundo.writer, mundo.now + 3600000 + i);
	assert_int_equal(lote_number(&mundo, "SELECT COUNT(*) FROM subida"), 0);
	assert_int_equal(lote_number(&mundo, "SELECT COUNT(*) FROM subida_parte"), 0);
	tareas_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_file_announced_again_goes_on, begin),
		cmocka_unit_test_setup(announcements_have_limits, begin),
		cmocka_unit_test_setup(a_small_file_goes_in_one, begin),
		cmocka_unit_test_setup(a_line_cut_at_every_megabyte_loses_nothing, begin),
		cmocka_unit_test_setup(what_was_not_proved_is_proved_later, begin),
		cmocka_unit_test_setup(a_wrong_offset_is_told_the_right_one, begin),
		cmocka_unit_test_setup(the_later_of_two_is_told_the_offset, begin),
		cmocka_unit_test_setup(two_may_write_at_once, begin),
		cmocka_unit_test_setup(another_file_begins_anew, begin),
		cmocka_unit_test_setup(only_sound_pdfs_are_taken, begin),
		cmocka_unit_test_setup(more_than_announced_is_refused, begin),
		cmocka_unit_test_setup(strangers_learn_nothing, begin),
		cmocka_unit_test_setup(what_nobody_used_is_forgotten, begin),
	};

	return cmocka_run_group_tests(tests, subida_set_up, subida_tear_down);
}
