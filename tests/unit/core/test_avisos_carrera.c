/*
 * The races of a notification with real threads and, where the store is shared, two servers: an
 * opening received at the very deadline against the job of the lapse, two openings, two jobs. One
 * outcome, the earlier lawful one, and one acuse. L-6.1 L-7.5 L-7.6
 */
#include <pthread.h>
#include <string.h>
#include "base/secret.h"
#include "tests/help/cm.h"
#include "tests/help/core_avisos.h"

#define ROUNDS 12
#define OPENERS 2

/* A second server of the same store, with a writer and jobs of its own. */
static struct writer *other;
static struct sealer *other_sealer;
static struct tareas *other_tareas;

static int set_up_all(void **state)
{
	int failed = avisos_set_up(state);
	struct writer_config wc = {
		.server = &mundo.server, .place = mundo.config.almacen, .most = mundo.config.cola};

	if (!store_shared(mundo.config.almacen))
		return failed;
	assert_int_equal(sealer_start(&mundo.config, &other_sealer), OK);
	wc.sealer = other_sealer;
	assert_int_equal(writer_open(&wc, &other), OK);
	assert_int_equal(writer_start(other), OK);
	struct tareas_config tc = {.server = &mundo.server, .writer = other};

	assert_int_equal(tareas_open(&tc, &other_tareas), OK);
	return failed;
}

static int tear_down_all(void **state)
{
	if (other != NULL) {
		writer_close(other);
		tareas_free(other_tareas);
		sealer_stop(other_sealer);
	}
	return avisos_tear_down(state);
}

static struct writer *writer_of(int i)
{
	return i % 2 != 0 && other != NULL ? other : mundo.writer;
}

/* ---- who races ---- */

struct opener {
	struct writer *writer;
	struct arena arena;
	struct exchange *x;
	pthread_barrier_t *start;
	pthread_mutex_t mutex;
	pthread_cond_t ended;
	bool done;
};

static void answered(struct exchange *x)
{
	struct opener *o = x->user;

	pthread_mutex_lock(&o->mutex);
	o->done = true;
	pthread_cond_signal(&o->ended);
	pthread_mutex_unlock(&o->mutex);
}

/* Received while the server's clock stands where it does. */
static void prepare(struct opener *o, int i, const char *folio, pthread_barrier_t *start)
{
	*o = (struct opener){.writer = writer_of(i),
		.start = start,
		.mutex = PTHREAD_MUTEX_INITIALIZER,
		.ended = PTHREAD_COND_INITIALIZER};
	arena_init(&o->arena, 8 << 20);
	struct m_notificacion_abrir m = {.hat = {rfc, "propio"},
		.folio = folio,
		.fecha_legal = mundo_fecha(&mundo, &o->arena, aviso_number(folio, "aviso"))};

	o->x = arena_zalloc(&o->arena, sizeof(*o->x));
	assert_non_null(o->x);
	o->x->arena = &o->arena;
	o->x->rq = mundo_request(&mundo, &o->arena, ROUTE_ID_notificacion_abrir, &m, &by_fisica);
	o->x->done = answered;
	o->x->user = o;
	assert_int_equal(serve_check(&mundo.server, o->x), SERVE_ACT);
}

static void *open_it(void *ctx)
{
	struct opener *o = ctx;

	pthread_barrier_wait(o->start);
	if (writer_submit(o->writer, o->x) != OK)
		return NULL;
	pthread_mutex_lock(&o->mutex);
	while (!o->done)
		pthread_cond_wait(&o->ended, &o->mutex);
	pthread_mutex_unlock(&o->mutex);
	return NULL;
}

struct lapse {
	struct tareas *tareas;
	struct writer *writer;
	int64_t now;
	pthread_barrier_t *start;
};

static void *lapse_it(void *ctx)
{
	struct lapse *l = ctx;

	pthread_barrier_wait(l->start);
	for (int i = 0; i < 3; i++)
		(void)lote_run_there(l->tareas, l->writer, l->now);
	return NULL;
}

/* ---- rounds ---- */

/* One acuse of it, whoever won, and nothing that the other left. */
static bool was_opened(const char *folio, int64_t vence)
{
	bool opened = aviso_number(folio, "abierta") != 0;

	assert_int_equal(aviso_number(folio, "notificada"), vence);
	assert_string_equal(aviso_text(folio, "forma"), opened ? "" : "automatica");
	assert_int_equal(aviso_acuses(folio), 1);
	assert_int_equal(lote_number(&mundo, "SELECT count(*) FROM acuse WHERE tipo = '%s'",
				 AVISO_ACUSE_TIPO),
		1);
	assert_int_equal(aviso_eventos(folio, "abierta"), opened);
	assert_int_equal(aviso_eventos(folio, "vencida"), !opened);
	return opened;
}

static const char *issue(void **state)
{
	avisos_fresh(state);
	lote_do(&mundo, "DELETE FROM acuse");
	mundo_at(&mundo, zc("2026-11-09 10:15"));
	const char *folio = avisos_emitir(mundo.now, NULL);

	avisos_run(mundo.now);
	avisos_run(zc("2026-11-12 12:00"));
	return folio;
}

static void test_opening_or_lapse(void **state)
{
	int opened = 0;

	for (int round = 0; round < ROUNDS; round++) {
		const char *folio = issue(state);
		int64_t vence = aviso_number(folio, "vence");
		pthread_barrier_t start;
		pthread_t client, job;
		struct opener o;
		struct lapse l = {.tareas = tareas,
			.writer = mundo.writer,
			.now = vence + AVISO_EN_CAMINO_MS,
			.start = &start};

		assert_int_equal(pthread_barrier_init(&start, NULL, 2), 0);
		mundo_at(&mundo, vence);
		prepare(&o, 1, folio, &start);
		assert_int_equal(pthread_create(&job, NULL, lapse_it, &l), 0);
		assert_int_equal(pthread_create(&client, NULL, open_it, &o), 0);
		assert_int_equal(pthread_join(client, NULL), 0);
		assert_int_equal(pthread_join(job, NULL), 0);
		bool won = was_opened(folio, vence);

		assert_string_equal(mundo_error(&o.arena, o.x), won ? "" : "notificacion-hecha");
		opened += won;
		arena_free(&o.arena);
		pthread_barrier_destroy(&start);
	}
	print_message("%d of %d were opened\n", opened, ROUNDS);
}

static void test_two_openings(void **state)
{
	for (int round = 0; round < ROUNDS; round++) {
		const char *folio = issue(state);
		int64_t at = zc("2026-11-12 12:00");
		pthread_barrier_t start;
		pthread_t threads[OPENERS];
		struct opener os[OPENERS];
		int refused = 0;

		assert_int_equal(pthread_barrier_init(&start, NULL, OPENERS), 0);
		mundo_at(&mundo, at);
		for (int i = 0; i < OPENERS; i++)
			prepare(&os[i], i, folio, &start);
		for (int i = 0; i < OPENERS; i++)
			assert_int_equal(pthread_create(&threads[i], NULL, open_it, &os[i]), 0);
		for (int i = 0; i < OPENERS; i++)
			assert_int_equal(pthread_join(threads[i], NULL), 0);
		for (int i = 0; i < OPENERS; i++) {
			refused += strcmp(mundo_error(&os[i].arena, os[i].x), "ya-notificada") == 0;
			arena_free(&os[i].arena);
		}
		assert_int_equal(refused, OPENERS - 1);
		assert_true(was_opened(folio, at));
		pthread_barrier_destroy(&start);
	}
}

/* Two servers find the same lapse: one writes it. */
static void test_two_lapses(void **state)
{
	if (other == NULL)
		return;
	for (int round = 0; round < ROUNDS; round++) {
		const char *folio = issue(state);
		int64_t vence = aviso_number(folio, "vence");
		pthread_barrier_t start;
		pthread_t threads[2];
		struct lapse ls[2] = {{tareas, mundo.writer, vence + AVISO_EN_CAMINO_MS, &start},
			{other_tareas, other, vence + AVISO_EN_CAMINO_MS, &start}};

		assert_int_equal(pthread_barrier_init(&start, NULL, 2), 0);
		for (int i = 0; i < 2; i++)
			assert_int_equal(pthread_create(&threads[i], NULL, lapse_it, &ls[i]), 0);
		for (int i = 0; i < 2; i++)
			assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_false(was_opened(folio, vence));
		pthread_barrier_destroy(&start);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_opening_or_lapse),
		cmocka_unit_test(test_two_openings),
		cmocka_unit_test(test_two_lapses),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
