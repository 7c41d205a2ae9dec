/*
 * A client's upload over bad lines and past a server's death: it ends with the file whole, sends
 * little twice, and nothing of what can't be notified. L-7.1, wire.md "Files"
 */
#include "core/subir.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/file.h"
#include "tests/help/cm.h"
#include "tests/help/core_lote.h"
#include "tests/help/core_sql.h"
#include "tests/help/core_subida.h"
#include "tests/help/e2e_relay.h"
#include "tests/help/http.h"
#include "tests/help/pki.h"

#define MB ((size_t)1024 * 1024)
#define ROOM (64 * MB)

struct client {
	struct subir s;
	struct e2e line; /* where the relay leads */
	struct e2e_relay relay;
	int announced;
	int64_t largest;
	void (*at_progress)(struct client *c, int64_t at);
	bool done;
};

static enum err crear(
	void *ctx, struct arena *a, struct m_archivo_crear *rq, struct m_archivo_creado *ret)
{
	struct client *c = ctx;
	const char *error;

	c->announced++;
	const struct m_archivo_creado *m = subida_anunciar(a, rq->sha256, rq->bytes, &error);

	if (m == NULL)
		return err_from_wire(error);
	*ret = *m;
	return OK;
}

static void avance(void *ctx, int64_t at, int64_t total)
{
	struct client *c = ctx;

	assert_true(at >= 0 && at <= total);
	c->largest = at > c->largest ? at : c->largest;
	if (c->at_progress != NULL)
		c->at_progress(c, at);
}

static void client_open(struct arena *a, struct client *c)
{
	*c = (struct client){.line.port = sitio.port};
	e2e_relay_open(&c->relay, &c->line);
	e2e_relay_start(&c->relay);
	c->s = (struct subir){.servidor = arena_printf(a, "http://127.0.0.1:%u", c->relay.port),
		.crear = crear,
		.avance = avance,
		.ctx = c,
		.paciencia_s = 60};
	assert_int_equal(http_out_open(&c->s.out), OK);
}

static void client_close(struct client *c)
{
	http_out_close(c->s.out);
	e2e_relay_close(&c->relay);
}

static int begin(void **state)
{
	(void)state;
	mundo_at(&mundo, pki_now());
	sql_run(mundo.config.almacen,
		"DELETE FROM subida; DELETE FROM subida_parte; DELETE FROM subida_cuota");
	return 0;
}

static const char *file_of(struct arena *a, struct bytes b)
{
	const char *path = arena_printf(a, "%s/documento.pdf", mundo.folder);

	assert_int_equal(file_write(path, b, 0600), OK);
	return path;
}

static void must_go_up(struct arena *a, struct client *c, struct bytes pdf)
{
	const char *sha256 = NULL;

	assert_int_equal(subir_archivo(&c->s, a, file_of(a, pdf), &sha256), OK);
	assert_string_equal(sha256, subida_sha256(a, pdf));
	assert_int_equal(lote_number(&mundo,
				 "SELECT COUNT(*) FROM subida WHERE completa IS NOT NULL AND "
				 "recibidos = bytes AND bytes = %zu",
				 pdf.size),
		1);
}

static void a_file_goes_up_once(void **state)
{
	ARENA(a, ROOM);
	struct client c;
	struct bytes pdf = subida_pdf(&a, 5 * MB, 21);

	(void)state;
	client_open(&a, &c);
	must_go_up(&a, &c, pdf);
	assert_int_equal(c.largest, pdf.size);
	assert_int_equal(c.announced, 1);
	long long up = atomic_load(&c.relay.up);
	assert_true(up >= (long long)pdf.size && up < (long long)pdf.size + 10000);
	must_go_up(&a, &c, pdf);
	assert_int_equal(atomic_load(&c.relay.up), up);
	client_close(&c);
}

/* Cuts the line whenever another megabyte has passed. */
static void *cut_each_megabyte(void *ctx)
{
	struct client *c = ctx;
	long long next = (long long)MB;

	while (!__atomic_load_n(&c->done, __ATOMIC_ACQUIRE)) {
		if (atomic_load(&c->relay.up) < next) {
			usleep(200);
			continue;
		}
		e2e_relay_cut(&c->relay, 50);
		next = atomic_load(&c->relay.up) + (long long)MB;
	}
	return NULL;
}

static void a_line_cut_at_every_megabyte_is_outlived(void **state)
{
	ARENA(a, ROOM);
	struct client c;
	struct bytes pdf = subida_pdf(&a, 9 * MB, 22);
	pthread_t cutter;

	(void)state;
	client_open(&a, &c);
	atomic_store(&c.relay.rate, 20 * (int)MB);
	assert_int_equal(pthread_create(&cutter, NULL, cut_each_megabyte, &c), 0);
	must_go_up(&a, &c, pdf);
	__atomic_store_n(&c.done, true, __ATOMIC_RELEASE);
	pthread_join(cutter, NULL);
	assert_true(atomic_load(&c.relay.cuts) >= 5);
	/* Of each cut only what stood in the line was sent again. */
	assert_true(atomic_load(&c.relay.up) < 2 * (long long)pdf.size);
	client_close(&c);
}

static void restart_once(struct client *c, int64_t at)
{
	if (at < 3 * (int64_t)MB || c->done)
		return;
	c->done = true;
	sitio_restart();
	c->line.port = sitio.port;
}

static void a_server_that_comes_back_goes_on(void **state)
{
	ARENA(a, ROOM);
	struct client c;
	struct bytes pdf = subida_pdf(&a, 9 * MB, 23);

	(void)state;
	client_open(&a, &c);
	c.at_progress = restart_once;
	must_go_up(&a, &c, pdf);
	assert_true(c.done);
	assert_int_equal(c.announced, 1);
	assert_true(atomic_load(&c.relay.up) < (long long)(pdf.size + 4 * MB));
	client_close(&c);
}

static void forget_once(struct client *c, int64_t at)
{
	if (at < 2 * (int64_t)MB || c->done)
		return;
	c->done = true;
	begin(NULL);
}

static void one_that_was_forgotten_is_announced_again(void **state)
{
	ARENA(a, ROOM);
	struct client c;
	struct bytes pdf = subida_pdf(&a, 5 * MB, 24);

	(void)state;
	client_open(&a, &c);
	c.at_progress = forget_once;
	must_go_up(&a, &c, pdf);
	assert_int_equal(c.announced, 2);
	client_close(&c);
}

/* What another attempt left there is not this file: it begins anew, once. */
static void what_was_left_there_does_not_matter(void **state)
{
	ARENA(a, ROOM);
	struct client c;
	struct bytes pdf = subida_pdf(&a, 3 * MB, 25);
	const char *error;
	const struct m_archivo_creado *m =
		subida_anunciar(&a, subida_sha256(&a, pdf), (int64_t)pdf.size, &error);

	(void)state;
	assert_int_equal(
		subida_patch(&a, &sitio, m->direccion, 0, bytes_of(pdf.data + 7, MB)).status, 200);
	client_open(&a, &c);
	must_go_up(&a, &c, pdf);
	client_close(&c);
}

static void what_may_not_be_notified_stays_here(void **state)
{
	ARENA(a, 2 * ROOM);
	struct client c;
	struct bytes pdf = subida_pdf(&a, 20000, 26);
	const char *locked = arena_printf(&a, "%s/locked.pdf", mundo.folder);
	const char *sha256 = NULL;
	char *large = arena_zalloc(&a, SUBIDA_BYTES + 1);

	(void)state;
	client_open(&a, &c);
	assert_int_equal(subir_archivo(&c.s, &a, "/no/hay.pdf", &sha256), ERR_NO_FILE);
	assert_int_equal(
		subir_archivo(&c.s, &a, file_of(&a, bytes_of_text("hola")), &sha256), ERR_BAD_PDF);
	assert_int_equal(
		subir_archivo(&c.s, &a, file_of(&a, bytes_of(pdf.data, pdf.size - 50)), &sha256),
		ERR_BAD_PDF);
	assert_int_equal(
		subir_archivo(&c.s, &a, file_of(&a, bytes_of(large, SUBIDA_BYTES + 1)), &sha256),
		ERR_FILE_TOO_LARGE);
	assert_int_equal(system(arena_printf(&a, "qpdf --encrypt '' clave 256 -- %s %s",
				 file_of(&a, pdf), locked)),
		0);
	assert_int_equal(subir_archivo(&c.s, &a, locked, &sha256), ERR_PDF_ENCRYPTED);
	assert_int_equal(c.announced, 0);
	assert_null(sha256);
	client_close(&c);
}

static void patience_ends(void **state)
{
	ARENA(a, ROOM);
	struct client c;
	const char *path = file_of(&a, subida_pdf(&a, 20000, 27));
	const char *sha256 = NULL;
	atomic_bool stop = true;

	(void)state;
	client_open(&a, &c);
	c.s.servidor = arena_printf(&a, "http://127.0.0.1:%u", http_dead_port());
	c.s.paciencia_s = 1;
	assert_int_equal(subir_archivo(&c.s, &a, path, &sha256), ERR_NETWORK);
	/* A server that hangs, and somebody who does not want to wait for it. */
	c.s.servidor = arena_printf(&a, "http://127.0.0.1:%u", c.relay.port);
	atomic_store(&c.relay.held, true);
	c.s.stop = &stop;
	assert_int_equal(subir_archivo(&c.s, &a, path, &sha256), ERR_CANCELLED);
	c.s.stop = NULL;
	/* What is refused is not tried again. */
	lote_do(&mundo, "DELETE FROM subida");
	lote_do(&mundo, "UPDATE subida_cuota SET archivos = %d", SUBIDA_ARCHIVOS_DUENO);
	c.announced = 0;
	assert_int_equal(subir_archivo(&c.s, &a, path, &sha256), ERR_UPLOADS_FULL);
	assert_int_equal(c.announced, 1);
	client_close(&c);
}

static int set_up(void **state)
{
	assert_int_equal(http_out_setup(), OK);
	return subida_set_up(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_file_goes_up_once, begin),
		cmocka_unit_test_setup(a_line_cut_at_every_megabyte_is_outlived, begin),
		cmocka_unit_test_setup(a_server_that_comes_back_goes_on, begin),
		cmocka_unit_test_setup(one_that_was_forgotten_is_announced_again, begin),
		cmocka_unit_test_setup(what_was_left_there_does_not_matter, begin),
		cmocka_unit_test_setup(what_may_not_be_notified_stays_here, begin),
		cmocka_unit_test_setup(patience_ends, begin),
	};

	return cmocka_run_group_tests(tests, set_up, subida_tear_down);
}
