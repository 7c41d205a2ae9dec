/*
 * Either side ends a representation; each act under it says who signed for whom; and several
 * clients and servers do all of it at once. A-16 L-3 L-4.2
 */
#include <pthread.h>
#include "base/secret.h"
#include "tests/help/cm.h"
#include "tests/help/core_lote.h"
#include "tests/help/core_representa.h"

static struct representa to_maria(const char *permisos)
{
	return (struct representa){mundo.fisica, representa_maria, permisos, 0, 0};
}

/* ---- the end ---- */

static void test_either_side_ends(void **state)
{
	ARENA(a, 8 << 20);
	struct representa r = to_maria("notificaciones:firmar medios:leer");
	const struct efirma *const sides[] = {mundo.fisica, representa_maria};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(sides); i++) {
		const char *folio = representa_vigente(&a, &r);

		mundo_at(&mundo, mundo.now + 1000);
		assert_string_equal(representa_entra(&a, rfc, r.a), "");
		const struct m_acuse *m =
			mundo_answer(&a, representa_baja(&a, &r, sides[i], folio));

		assert_non_null(m);
		assert_string_equal(m->tipo, "Acuse de baja de representante");
		assert_string_equal(m->estatus, "Terminada");
		assert_string_equal(m->titular, rfc);
		assert_string_equal(m->firmante, sides[i]->cert.rfc);
		assert_string_equal(m->calidad, i == 0 ? "propio" : "representante");
		assert_string_equal(representa_valor(m, "Terminada por"), sides[i]->cert.rfc);
		assert_string_equal(representa_valor(m, "Notificaciones"), "Firmar");
		/* Of the very instant of its end. */
		assert_string_equal(representa_entra(&a, rfc, r.a), "sin-representacion");
		const struct m_cuenta *c =
			representa_sincroniza(&a, rfc, r.titular, "propio", NULL)->cuenta;

		assert_string_equal(c->representantes[0].estado, "terminada");
		assert_int_equal(c->representantes[0].termino, mundo.now);
		assert_string_equal(c->representantes[0].termino_por, sides[i]->cert.rfc);
		assert_string_equal(c->representantes[0].acuse_baja, m->folio);
		assert_string_equal(mundo_error(&a, representa_baja(&a, &r, r.titular, folio)),
			"representacion-terminada");
		representa_clear(NULL);
	}
}

static void test_proposal_withdrawn(void **state)
{
	ARENA(a, 8 << 20);
	struct representa r = to_maria("notificaciones:firmar");
	const struct m_acuse *m = mundo_answer(&a, representa_alta(&a, &r));

	(void)state;
	assert_string_equal(mundo_error(&a, representa_baja(&a, &r, r.a, m->folio)), "");
	assert_string_equal(mundo_error(&a, representa_aceptar(&a, &r, m)), "sin-representacion");
	m = mundo_answer(&a, representa_alta(&a, &r));
	assert_string_equal(mundo_error(&a, representa_baja(&a, &r, r.titular, m->folio)), "");
	assert_string_equal(mundo_error(&a, representa_aceptar(&a, &r, m)), "sin-representacion");
	assert_int_equal(lote_number(&mundo, "SELECT COUNT(*) FROM mandato"), 0);
}

static void test_others_end_nothing(void **state)
{
	ARENA(a, 8 << 20);
	struct representa r = to_maria("notificaciones:leer");
	struct representa ana = {mundo.fisica, representa_ana, "medios:leer", 0, 0};
	struct representa theirs = {mundo.moral, representa_ana, "medios:leer", 0, 0};
	const char *folio = representa_vigente(&a, &r);

	(void)state;
	assert_string_equal(mundo_error(&a, representa_baja(&a, &r, representa_ana, folio)),
		"sin-representacion");
	representa_vigente(&a, &ana);
	assert_string_equal(
		mundo_error(&a, representa_baja(&a, &r, representa_ana, folio)), "no-existe");
	/* Another titular's folio under one's own hat. */
	assert_string_equal(
		mundo_error(&a, representa_baja(&a, &theirs, mundo.moral, folio)), "no-existe");
	assert_string_equal(representa_entra(&a, rfc, r.a), "");
}

/* Acts under it say who signed for whom, and go on being the signer's to read. */
static void test_attributed(void **state)
{
	ARENA(a, 16 << 20);
	struct representa r = to_maria("notificaciones:abrir");
	int64_t ready = mundo_ready(&mundo);
	const char *folio = mundo_aviso(&mundo, rfc, ready);
	struct firma_de by = mundo_efirma(r.a);
	struct m_notificacion_abrir rq = titular_opening(&a, folio, ready);

	(void)state;
	representa_vigente(&a, &r);
	rq.hat.calidad = "representante";
	const struct m_acuse *m =
		mundo_answer(&a, titular_call(&a, ROUTE_ID_notificacion_abrir, &rq, &by));

	assert_non_null(m);
	assert_string_equal(m->titular, rfc);
	assert_string_equal(m->firmante, r.a->cert.rfc);
	assert_string_equal(m->firmante_nombre, r.a->cert.name);
	assert_string_equal(m->calidad, "representante");
	struct m_acuse_pedir ask = {.hat = {rfc, "representante"}, .folio = m->folio};

	assert_string_equal(mundo_error(&a, titular_call(&a, ROUTE_ID_acuse, &ask, &by)), "");
	ask.hat.calidad = "propio";
	assert_string_equal(
		mundo_error(&a, titular_call(&a, ROUTE_ID_acuse, &ask, &by_reading)), "");
}

/* An acuse is told to those whose menu it is of; what concerns the titular alone to nobody else. */
static void test_acuses_by_menu(void **state)
{
	ARENA(a, 8 << 20);
	struct representa r = to_maria("notificaciones:firmar");
	struct representa ana = {mundo.fisica, representa_ana, "medios:leer", 0, 0};
	struct firma_de by_ana = mundo_efirma(representa_ana);
	struct firma_de by_maria = mundo_efirma(representa_maria);
	const struct m_acuse *alta = mundo_answer(&a, representa_alta(&a, &r));
	const struct m_acuse *second = mundo_answer(&a, representa_aceptar(&a, &r, alta));
	int64_t ready = mundo_ready(&mundo);
	struct m_notificacion_abrir open =
		titular_opening(&a, mundo_aviso(&mundo, rfc, ready), ready);
	const struct m_acuse *opened =
		mundo_answer(&a, titular_call(&a, ROUTE_ID_notificacion_abrir, &open, &by_fisica));
	struct m_acuse_pedir ask = {.hat = {rfc, "representante"}, .folio = opened->folio};

	(void)state;
	representa_vigente(&a, &ana);
	assert_string_equal(mundo_error(&a, titular_call(&a, ROUTE_ID_acuse, &ask, &by_maria)), "");
	assert_string_equal(mundo_error(&a, titular_call(&a, ROUTE_ID_acuse, &ask, &by_ana)),
		"fuera-de-alcance");
	ask.folio = alta->folio;
	assert_string_equal(mundo_error(&a, titular_call(&a, ROUTE_ID_acuse, &ask, &by_maria)),
		"fuera-de-alcance");
	ask.folio = second->folio;
	assert_string_equal(mundo_error(&a, titular_call(&a, ROUTE_ID_acuse, &ask, &by_maria)), "");
	assert_string_equal(mundo_error(&a, titular_call(&a, ROUTE_ID_acuse, &ask, &by_ana)),
		"fuera-de-alcance");
}

/* ---- several at once ---- */

static struct exchange *ready_exchange(
	struct arena *a, enum route route, const void *message, const struct efirma *by)
{
	struct exchange *x = arena_zalloc(a, sizeof(*x));
	struct firma_de f = mundo_efirma(by);

	assert_non_null(x);
	x->arena = a;
	x->rq = mundo_request(&mundo, a, route, message, &f);
	assert_int_equal(serve_check(&mundo.server, x), SERVE_ACT);
	return x;
}

/* In one transaction: what the first did, the second finds. */
static void test_in_one_group(void **state)
{
	ARENA(a, 16 << 20);
	struct representa r = to_maria("notificaciones:firmar");
	int64_t ready = mundo_ready(&mundo);
	const struct m_acuse *m = mundo_answer(&a, representa_alta(&a, &r));
	struct m_representante_aceptar accept = {.hat = {rfc, "representante"},
		.folio = m->folio,
		.base_sha256 = representa_base(&a, m)};
	struct m_notificacion_abrir open =
		titular_opening(&a, mundo_aviso(&mundo, rfc, ready), ready);
	struct m_representante_baja end = {.hat = {rfc, "propio"}, .folio = m->folio};

	(void)state;
	open.hat.calidad = "representante";
	struct exchange *xs[] = {
		ready_exchange(&a, ROUTE_ID_notificacion_abrir, &open, r.a),
		ready_exchange(&a, ROUTE_ID_representante_aceptar, &accept, r.a),
		ready_exchange(&a, ROUTE_ID_representante_aceptar, &accept, r.a),
	};

	writer_group(mundo.writer, xs, COUNT_OF(xs));
	assert_string_equal(mundo_error(&a, xs[0]), "sin-representacion");
	assert_string_equal(mundo_error(&a, xs[1]), "");
	assert_string_equal(mundo_error(&a, xs[2]), "representacion-ya-vigente");
	mundo_at(&mundo, mundo.now + 1000);
	struct exchange *more[] = {
		ready_exchange(&a, ROUTE_ID_representante_baja, &end, r.titular),
		ready_exchange(&a, ROUTE_ID_notificacion_abrir, &open, r.a),
		ready_exchange(&a, ROUTE_ID_representante_baja, &end, r.titular),
	};

	writer_group(mundo.writer, more, COUNT_OF(more));
	assert_string_equal(mundo_error(&a, more[0]), "");
	assert_string_equal(mundo_error(&a, more[1]), "sin-representacion");
	assert_string_equal(mundo_error(&a, more[2]), "representacion-terminada");
}

/* A server as far as acts go. */
struct peer {
	struct sealer *sealer;
	struct writer *writer;
	struct exchange *x;
	pthread_t thread;
};

static void *run_one(void *arg)
{
	struct peer *p = arg;

	writer_group(p->writer, &p->x, 1);
	return NULL;
}

static void open_peer(struct peer *p)
{
	*p = (struct peer){0};
	assert_int_equal(sealer_start(&mundo.config, &p->sealer), OK);
	struct writer_config wc = {.server = &mundo.server,
		.place = mundo.config.almacen,
		.sealer = p->sealer,
		.most = 10};

	assert_int_equal(writer_open(&wc, &p->writer), OK);
}

static void close_peer(struct peer *p)
{
	writer_close(p->writer);
	sealer_stop(p->sealer);
}

static void race(struct peer two[2], struct exchange *one, struct exchange *other)
{
	two[0].x = one;
	two[1].x = other;
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&two[i].thread, NULL, run_one, &two[i]), 0);
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_join(two[i].thread, NULL), 0);
}

static void assert_one_of(const char *got, const char *one, const char *other)
{
	if (strcmp(got, one) != 0 && strcmp(got, other) != 0)
		fail_msg("«%s», neither «%s» nor «%s»", got, one, other);
}

/* Exactly one of two answers is that of the act; the other says why not. */
static void assert_just_one(struct arena *a, struct peer two[2], const char *why)
{
	const char *first = mundo_error(a, two[0].x);

	assert_one_of(first, "", why);
	assert_string_equal(mundo_error(a, two[1].x), *first == '\0' ? why : "");
}

static void race_round(struct peer two[2])
{
	ARENA(a, 16 << 20);
	struct representa r = to_maria("notificaciones:firmar");
	struct m_representante_alta *rq = representa_request(&a, &r);

	race(two, ready_exchange(&a, ROUTE_ID_representante_alta, rq, r.titular),
		ready_exchange(&a, ROUTE_ID_representante_alta, rq, r.titular));
	assert_just_one(&a, two, "representacion-repetida");
	const struct m_acuse *m = mundo_answer(&a, two[two[0].x->status == 200 ? 0 : 1].x);
	struct m_representante_aceptar accept = {.hat = {rfc, "representante"},
		.folio = m->folio,
		.base_sha256 = representa_base(&a, m)};
	struct m_representante_baja end = {.hat = {rfc, "propio"}, .folio = m->folio};

	race(two, ready_exchange(&a, ROUTE_ID_representante_aceptar, &accept, r.a),
		ready_exchange(&a, ROUTE_ID_representante_aceptar, &accept, r.a));
	assert_just_one(&a, two, "representacion-ya-vigente");
	assert_string_equal(mundo_error(&a, representa_baja(&a, &r, r.titular, m->folio)), "");
	m = mundo_answer(&a, representa_alta(&a, &r));
	accept.folio = end.folio = m->folio;
	accept.base_sha256 = representa_base(&a, m);
	/* The end against the acceptance: whichever is first, it has ended. */
	race(two, ready_exchange(&a, ROUTE_ID_representante_aceptar, &accept, r.a),
		ready_exchange(&a, ROUTE_ID_representante_baja, &end, r.titular));
	assert_one_of(mundo_error(&a, two[0].x), "", "sin-representacion");
	assert_string_equal(mundo_error(&a, two[1].x), "");
	assert_string_equal(representa_entra(&a, rfc, r.a), "sin-representacion");
	assert_int_equal(
		lote_number(&mundo, "SELECT COUNT(*) FROM mandato WHERE hasta IS NULL"), 0);
	mundo_at(&mundo, mundo.now + 1000);
}

static void test_two_clients_at_once(void **state)
{
	struct peer two[2];

	(void)state;
	open_peer(&two[0]);
	open_peer(&two[1]);
	for (int i = 0; i < 12; i++) {
		race_round(two);
		representa_clear(NULL);
	}
	close_peer(&two[0]);
	close_peer(&two[1]);
}

/* Each names the other, on two servers: whoever waits for whom, both are done. */
static void test_crosswise(void **state)
{
	struct peer two[2];
	struct representa there = {mundo.fisica, mundo.moral, "medios:leer", 0, 0};
	struct representa back = {mundo.moral, mundo.fisica, "medios:leer", 0, 0};

	(void)state;
	open_peer(&two[0]);
	open_peer(&two[1]);
	for (int i = 0; i < 8; i++) {
		ARENA(a, 16 << 20);

		race(two,
			ready_exchange(&a, ROUTE_ID_representante_alta,
				representa_request(&a, &there), there.titular),
			ready_exchange(&a, ROUTE_ID_representante_alta,
				representa_request(&a, &back), back.titular));
		assert_string_equal(mundo_error(&a, two[0].x), "");
		assert_string_equal(mundo_error(&a, two[1].x), "");
		representa_clear(NULL);
	}
	close_peer(&two[0]);
	close_peer(&two[1]);
}

#define TEST(f) cmocka_unit_test_setup(f, representa_clear)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_either_side_ends),
		TEST(test_proposal_withdrawn),
		TEST(test_others_end_nothing),
		TEST(test_attributed),
		TEST(test_acuses_by_menu),
		TEST(test_in_one_group),
		TEST(test_two_clients_at_once),
		TEST(test_crosswise),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, representa_set_up, representa_tear_down);
}
