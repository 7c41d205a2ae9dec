/*
 * Every act about media, and the activation, with its n-th allocation failing, for every n: done
 * whole and said so, or nothing of it is there. Then the job that ends one. L-5.1, L-5.2, L-5.3
 */
#include <string.h>
#include "base/db_mem.h"
#include "base/mem.h"
#include "base/secret.h"
#include "tests/help/cm.h"
#include "tests/help/core_medios.h"
#include "tests/help/ossl_mem.h"

/* All that an act may change, as one number a table. */
static int64_t picture(void)
{
	return lote_number(&mundo,
		"SELECT (SELECT count(*) FROM acuse) * 100000000 + (SELECT count(*) FROM medio) * 1000000 "
		"+ (SELECT count(*) FROM envio) * 10000 + (SELECT COALESCE(SUM(fallos), 0) FROM medio) * "
		"100 + (SELECT count(*) FROM medio WHERE validado IS NOT NULL) * 10 + (SELECT count(*) "
		"FROM medio WHERE baja IS NOT NULL) + (SELECT count(*) FROM particular WHERE habilitado "
		"IS NOT NULL) * 5");
}

/* One act; true when the n-th allocation was never asked for. */
static bool fail_at(enum route route, const void *message, long n, int want)
{
	ARENA(a, 16 << 20);
	struct received rq = mundo_request(&mundo, &a, route, message, &by_fisica);
	struct exchange *x = arena_zalloc(&a, sizeof(*x));
	int64_t before = picture();

	assert_non_null(x);
	x->arena = &a;
	x->rq = rq;
	mem_fail_at(n);
	if (serve_check(&mundo.server, x) == SERVE_ACT)
		writer_group(mundo.writer, &x, 1);
	bool over = mem_count() < n;

	mem_fail_at(0);
	if (x->status != want && x->status != 503)
		fail_msg("allocation %ld: status %d %.*s", n, x->status, (int)x->answer.size,
			x->answer.data);
	if ((picture() != before) != (x->status == want))
		fail_msg("allocation %ld: status %d, but %s", n, x->status,
			picture() != before ? "something changed" : "nothing changed");
	return over && x->status == want;
}

/* What each round begins with. */
struct scene {
	enum route route;
	int want;
	const void *(*make)(struct arena *a);
};

static const void *make_registrar(struct arena *a)
{
	struct m_medio_registrar *m = arena_zalloc(a, sizeof(*m));

	medios_forget();
	/* With all it can meet: a pending one goes, a validated one will. */
	medio_listo("celular", "6640000001", NULL);
	assert_string_equal(medio_alta("celular", "6640000002", NULL, NULL), "");
	*m = (struct m_medio_registrar){
		.hat = {rfc, "propio"}, .mecanismo = "celular", .medio = "6640000003"};
	return m;
}

static const void *make_correo(struct arena *a)
{
	struct m_medio_registrar *m = arena_zalloc(a, sizeof(*m));

	medios_forget();
	*m = (struct m_medio_registrar){
		.hat = {rfc, "propio"}, .mecanismo = "correo", .medio = "\"ana p\"@ejemplo.mx"};
	return m;
}

static const void *make_validar(struct arena *a)
{
	struct m_medio_validar *m = arena_zalloc(a, sizeof(*m));
	const char *folio;

	medios_forget();
	const char *old = medio_listo("correo", "uno@ejemplo.mx", NULL);

	assert_string_equal(medio_alta("correo", "dos@ejemplo.mx", old, &folio), "");
	*m = (struct m_medio_validar){
		.hat = {rfc, "propio"}, .folio = folio, .codigo = medio_codigo(folio)};
	return m;
}

static const void *make_miss(struct arena *a)
{
	struct m_medio_validar *m = arena_zalloc(a, sizeof(*m));
	const char *folio;

	medios_forget();
	assert_string_equal(medio_alta("correo", "dos@ejemplo.mx", NULL, &folio), "");
	*m = (struct m_medio_validar){.hat = {rfc, "propio"},
		.folio = folio,
		.codigo = medio_otro_codigo(medio_codigo(folio))};
	return m;
}

static const void *make_reenviar(struct arena *a)
{
	struct m_medio_reenviar *m = arena_zalloc(a, sizeof(*m));
	const char *folio;

	medios_forget();
	assert_string_equal(medio_alta("correo", "uno@ejemplo.mx", NULL, &folio), "");
	lote_do(&mundo, "UPDATE envio SET creado = creado - 60000");
	*m = (struct m_medio_reenviar){.hat = {rfc, "propio"}, .folio = folio};
	return m;
}

static const void *make_baja(struct arena *a)
{
	struct m_medio_baja *m = arena_zalloc(a, sizeof(*m));

	medios_forget();
	medio_listo("correo", "uno@ejemplo.mx", NULL);
	*m = (struct m_medio_baja){
		.hat = {rfc, "propio"}, .folio = medio_listo("correo", "dos@ejemplo.mx", NULL)};
	return m;
}

static const void *make_activar(struct arena *a)
{
	struct m_activar *m = arena_zalloc(a, sizeof(*m));
	struct m_sincronizar rq = {.hat = {rfc, "propio"}};

	medios_forget();
	lote_do(&mundo, "UPDATE particular SET habilitado = NULL");
	medio_listo("correo", "uno@ejemplo.mx", NULL);
	medio_listo("celular", "6640000001", NULL);
	const struct m_sincronizado *s =
		mundo_answer(a, titular_call(a, ROUTE_ID_sincronizar, &rq, &by_reading));

	*m = (struct m_activar){.hat = {rfc, "propio"},
		.terminos = s->cuenta->terminos,
		.terminos_sha256 = s->cuenta->terminos_sha256,
		.privacidad = s->cuenta->privacidad,
		.privacidad_sha256 = s->cuenta->privacidad_sha256};
	return m;
}

static const struct scene scenes[] = {
	{ROUTE_ID_medio_registrar, 200, make_registrar},
	{ROUTE_ID_medio_registrar, 200, make_correo},
	{ROUTE_ID_medio_validar, 200, make_validar},
	{ROUTE_ID_medio_validar, 409, make_miss},
	{ROUTE_ID_medio_reenviar, 200, make_reenviar},
	{ROUTE_ID_medio_baja, 200, make_baja},
	{ROUTE_ID_activar, 200, make_activar},
};

static void test_acts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(scenes); i++) {
		const struct scene *s = &scenes[i];
		struct arena a = {.allowance = 16 << 20};
		const void *m = s->make(&a);
		int64_t before = picture();
		long n = 1;

		while (!fail_at(s->route, m, n, s->want)) {
			n++;
			/* Done in spite of it: once more from the start. */
			if (picture() == before)
				continue;
			arena_free(&a);
			m = s->make(&a);
			before = picture();
		}
		assert_true(n > 20);
		arena_free(&a);
	}
}

/* What a client is told of them. */
static void test_cuenta(void **state)
{
	ARENA(a, 16 << 20);
	struct m_sincronizar rq = {.hat = {rfc, "propio"}};
	bool over = false;

	(void)state;
	(void)make_validar(&a);
	for (long n = 1; !over; n++) {
		ARENA(b, 16 << 20);
		struct received r =
			mundo_request(&mundo, &b, ROUTE_ID_sincronizar, &rq, &by_reading);

		mem_fail_at(n);
		struct exchange *x = mundo_call(&mundo, &b, &r);

		over = mem_count() < n;
		mem_fail_at(0);
		assert_true(x->status == 200 || x->status == 503);
		if (x->status != 200)
			continue;
		const struct m_sincronizado *m = mundo_answer(&b, x);

		assert_int_equal(m->cuenta->medios_count, 2);
	}
}

/* The row says it when its acuse and its message are there, and its job is not. */
static void test_expiry(void **state)
{
	int64_t at = medio_cancela(mundo.now + MEDIO_PLAZO_MS);
	bool over = false;
	const char *folio = NULL;

	(void)state;
	for (long n = 1; !over; n++) {
		size_t count = 0;

		if (folio == NULL) {
			medios_forget();
			medio_listo("correo", "uno@ejemplo.mx", NULL);
			assert_string_equal(
				medio_alta("correo", "dos@ejemplo.mx", NULL, &folio), "");
		}
		lote_do(&mundo, "DELETE FROM tarea WHERE NOT (" MEDIOS_TAREAS ")");
		lote_do(&mundo, "UPDATE tarea SET vence = %lld, intentos = 0 WHERE " MEDIOS_TAREAS,
			(long long)at);
		mem_fail_at(n);
		enum err e = lote_try(tareas, mundo.writer, at, &count);

		over = mem_count() < n;
		mem_fail_at(0);
		assert_true(e == OK || e == ERR_NO_MEMORY || e == ERR_STORE);
		bool ended = strcmp(medio_estado(folio), "vencido") == 0;

		assert_int_equal(
			lote_number(&mundo,
				"SELECT count(*) FROM tarea WHERE clase = 'medio' AND clave LIKE '%%%s'",
				folio),
			!ended);
		assert_int_equal(lote_number(&mundo, "SELECT count(*) FROM envio WHERE plantilla = "
						     "'medio_vencido'"),
			ended);
		assert_int_equal(
			lote_number(&mundo,
				"SELECT count(*) FROM acuse WHERE folio IN (SELECT acuse_baja FROM "
				"medio WHERE folio = '%s')",
				folio),
			ended);
		over = over && ended;
		if (ended)
			folio = NULL;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_acts),
		cmocka_unit_test(test_cuenta),
		cmocka_unit_test(test_expiry),
	};
	struct secret_status status;

	ossl_mem_hook();
	if (db_setup() != OK || secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, medios_set_up, medios_tear_down);
}
