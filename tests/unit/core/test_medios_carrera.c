/*
 * Several at once, on the writer's thread and, where the store is shared, on two servers: one
 * medium is registered once, one code validates once, the end of 72 hours and a validation have one
 * outcome. L-5.2, A-10
 */
#include <pthread.h>
#include <string.h>
#include "base/secret.h"
#include "tests/help/cm.h"
#include "tests/help/core_medios.h"

#define CLIENTS 2
#define ROUNDS 6

/* A second server of the same store, with a writer of its own. */
static struct writer *other;

static int set_up_all(void **state)
{
	int failed = medios_set_up(state);

	assert_int_equal(writer_start(mundo.writer), OK);
	if (!store_shared(mundo.config.almacen))
		return failed;
	struct writer_config wc = {
		.server = &mundo.server, .place = mundo.config.almacen, .most = mundo.config.cola};

	assert_int_equal(sealer_start(&mundo.config, &wc.sealer), OK);
	assert_int_equal(writer_open(&wc, &other), OK);
	assert_int_equal(writer_start(other), OK);
	*state = wc.sealer;
	return failed;
}

static int tear_down_all(void **state)
{
	struct sealer *second = *state;

	if (other != NULL) {
		writer_close(other);
		sealer_stop(second);
	}
	return medios_tear_down(state);
}

static int set_up(void **state)
{
	(void)state;
	medios_forget();
	return 0;
}

/* One that waits for its answer, as an HTTP thread does. */
struct client {
	struct writer *writer;
	enum route route;
	const void *message;
	struct arena arena;
	struct exchange *x;
	pthread_mutex_t mutex;
	pthread_cond_t ended;
	bool done;
};

static void answered(struct exchange *x)
{
	struct client *c = x->user;

	pthread_mutex_lock(&c->mutex);
	c->done = true;
	pthread_cond_signal(&c->ended);
	pthread_mutex_unlock(&c->mutex);
}

static void *send(void *ctx)
{
	struct client *c = ctx;

	if (serve_check(&mundo.server, c->x) != SERVE_ACT || writer_submit(c->writer, c->x) != OK)
		return NULL;
	pthread_mutex_lock(&c->mutex);
	while (!c->done)
		pthread_cond_wait(&c->ended, &c->mutex);
	pthread_mutex_unlock(&c->mutex);
	return NULL;
}

static void prepare(struct client *c, int i, enum route route, const void *message)
{
	*c = (struct client){.writer = i % 2 != 0 && other != NULL ? other : mundo.writer,
		.route = route,
		.mutex = PTHREAD_MUTEX_INITIALIZER,
		.ended = PTHREAD_COND_INITIALIZER};
	arena_init(&c->arena, 8 << 20);
	c->x = arena_zalloc(&c->arena, sizeof(*c->x));
	assert_non_null(c->x);
	c->x->arena = &c->arena;
	c->x->rq = mundo_request(&mundo, &c->arena, route, message, &by_fisica);
	c->x->done = answered;
	c->x->user = c;
}

/* All at the same time; how many were refused with that, the others being answered well. */
static int all_at_once(struct client *cs, const char *refused)
{
	pthread_t threads[CLIENTS];
	int count = 0;

	for (int i = 0; i < CLIENTS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, send, &cs[i]), 0);
	for (int i = 0; i < CLIENTS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	for (int i = 0; i < CLIENTS; i++) {
		const char *error = mundo_error(&cs[i].arena, cs[i].x);

		count += strcmp(error, refused) == 0;
		if (*error != '\0' && strcmp(error, refused) != 0)
			fail_msg("%s", error);
		arena_free(&cs[i].arena);
	}
	return count;
}

/* Through the writer that runs: the act of one. */
static const char *act(enum route route, const void *message, struct arena *a)
{
	struct client c;

	prepare(&c, 0, route, message);
	send(&c);
	const char *error = mundo_error(&c.arena, c.x);

	if (*error != '\0')
		fail_msg("%s", error);
	const char *folio =
		arena_strdup(a, ((const struct m_acuse *)mundo_answer(&c.arena, c.x))->folio);

	arena_free(&c.arena);
	return folio;
}

static struct m_medio_registrar mail(struct arena *a, int n)
{
	return (struct m_medio_registrar){.hat = {rfc, "propio"},
		.mecanismo = "correo",
		.medio = arena_printf(a, "c%d@ejemplo.mx", n)};
}

static void test_registered_once(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		ARENA(a, 1 << 20);
		struct client cs[CLIENTS];
		struct m_medio_registrar m = mail(&a, round % 5);

		if (round % 5 == 0)
			medios_forget();
		for (int i = 0; i < CLIENTS; i++)
			prepare(&cs[i], i, ROUTE_ID_medio_registrar, &m);
		assert_int_equal(all_at_once(cs, "medio-repetido"), CLIENTS - 1);
		assert_int_equal(lote_number(&mundo,
					 "SELECT count(*) FROM medio WHERE clave = '%s'", m.medio),
			1);
	}
}

/* The fifth place is one. */
static void test_fifth_place(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		ARENA(a, 1 << 20);
		struct client cs[CLIENTS];
		struct m_medio_registrar m;

		medios_forget();
		for (int i = 0; i < 4; i++) {
			m = mail(&a, i);
			(void)act(ROUTE_ID_medio_registrar, &m, &a);
		}
		for (int i = 0; i < CLIENTS; i++) {
			m = mail(&a, 10 + i);
			prepare(&cs[i], i, ROUTE_ID_medio_registrar, &m);
		}
		assert_int_equal(all_at_once(cs, "medios-completos"), CLIENTS - 1);
		assert_int_equal(lote_number(&mundo, "SELECT count(*) FROM medio"), 5);
	}
}

static void test_validated_once(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		ARENA(a, 1 << 20);
		struct client cs[CLIENTS];
		struct m_medio_registrar m = mail(&a, round);

		medios_forget();
		struct m_medio_validar v = {
			.hat = {rfc, "propio"}, .folio = act(ROUTE_ID_medio_registrar, &m, &a)};

		v.codigo = medio_codigo(v.folio);
		for (int i = 0; i < CLIENTS; i++)
			prepare(&cs[i], i, ROUTE_ID_medio_validar, &v);
		assert_int_equal(all_at_once(cs, "medio-ya-validado"), CLIENTS - 1);
		assert_int_equal(
			lote_number(&mundo,
				"SELECT count(*) FROM envio WHERE plantilla = 'validado_correo'"),
			1);
	}
}

/* Misses from two sides are all counted. */
static void test_misses(void **state)
{
	ARENA(a, 1 << 20);
	struct m_medio_registrar m = mail(&a, 0);
	struct m_medio_validar v = {
		.hat = {rfc, "propio"}, .folio = act(ROUTE_ID_medio_registrar, &m, &a)};

	(void)state;
	v.codigo = medio_otro_codigo(medio_codigo(v.folio));
	for (int round = 1; round <= 2; round++) {
		struct client cs[CLIENTS];

		for (int i = 0; i < CLIENTS; i++)
			prepare(&cs[i], i, ROUTE_ID_medio_validar, &v);
		assert_int_equal(all_at_once(cs, "codigo-incorrecto"), CLIENTS);
		assert_int_equal(lote_number(&mundo, "SELECT fallos FROM medio"), 2 * round);
	}
}

/* The job of one server and an act at another, both at the end of the 72 hours. */
static void *expire(void *ctx)
{
	int64_t *vence = ctx;

	/* More than one batch where there are others' jobs. */
	for (int i = 0; i < 3; i++)
		(void)lote_run_there(tareas, mundo.writer, medio_cancela(*vence));
	return NULL;
}

static void test_expiry_or_validation(void **state)
{
	int64_t now = mundo.now;

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		ARENA(a, 1 << 20);
		struct client c;
		struct m_medio_registrar m = mail(&a, round);
		pthread_t job;
		pthread_t client;

		mundo_at(&mundo, now);
		medios_forget();
		struct m_medio_validar v = {
			.hat = {rfc, "propio"}, .folio = act(ROUTE_ID_medio_registrar, &m, &a)};
		int64_t vence = lote_number(&mundo, "SELECT vence FROM medio");

		v.codigo = medio_codigo(v.folio);
		mundo_at(&mundo, vence);
		prepare(&c, 1, ROUTE_ID_medio_validar, &v);
		assert_int_equal(pthread_create(&job, NULL, expire, &vence), 0);
		assert_int_equal(pthread_create(&client, NULL, send, &c), 0);
		assert_int_equal(pthread_join(job, NULL), 0);
		assert_int_equal(pthread_join(client, NULL), 0);
		const char *error = mundo_error(&c.arena, c.x);
		bool valid = *error == '\0';

		assert_true(valid || strcmp(error, "medio-vencido") == 0);
		assert_string_equal(medio_estado(v.folio), valid ? "validado" : "vencido");
		assert_int_equal(lote_number(&mundo, "SELECT count(*) FROM medio WHERE "
						     "(validado IS NULL) = (baja IS NULL)"),
			0);
		arena_free(&c.arena);
	}
	mundo_at(&mundo, now);
}

#define EACH(f) cmocka_unit_test_setup(f, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(test_registered_once),
		EACH(test_fifth_place),
		EACH(test_validated_once),
		EACH(test_misses),
		EACH(test_expiry_or_validation),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
