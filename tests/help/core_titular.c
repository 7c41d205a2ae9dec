#include "tests/help/core_titular.h"

#include "tests/help/cm.h"

struct mundo mundo;
const char *rfc;
struct firma_de by_fisica;
struct firma_de by_reading;

static struct key *lectura;

int titular_set_up(void **state)
{
	(void)state;
	mundo_open(&mundo);
	rfc = mundo.fisica->cert.rfc;
	mundo_alta(&mundo, rfc, "PERSONA DE PRUEBA", true);
	mundo_alta(&mundo, mundo.moral->cert.rfc, "MORAL DE PRUEBA", true);
	by_fisica = mundo_efirma(mundo.fisica);
	lectura = mundo_enter(&mundo, mundo.fisica, &by_reading.keyid);
	by_reading.key = lectura;
	return 0;
}

int titular_tear_down(void **state)
{
	(void)state;
	key_free(lectura);
	mundo_close(&mundo);
	return 0;
}

struct m_notificacion_abrir titular_opening(struct arena *a, const char *folio, int64_t ready)
{
	return (struct m_notificacion_abrir){.hat = {rfc, "propio"},
		.folio = folio,
		.fecha_legal = mundo_fecha(&mundo, a, ready)};
}

struct exchange **titular_group(struct arena *a, size_t count)
{
	int64_t ready = mundo_ready(&mundo);
	struct exchange **xs = arena_array(a, count, sizeof(struct exchange *));

	assert_non_null(xs);
	for (size_t i = 0; i < count; i++) {
		struct m_notificacion_abrir rq =
			titular_opening(a, mundo_aviso(&mundo, rfc, ready), ready);

		xs[i] = arena_zalloc(a, sizeof(*xs[i]));
		xs[i]->arena = a;
		xs[i]->rq = mundo_request(&mundo, a, ROUTE_ID_notificacion_abrir, &rq, &by_fisica);
		assert_int_equal(serve_check(&mundo.server, xs[i]), SERVE_ACT);
	}
	writer_group(mundo.writer, xs, count);
	return xs;
}

struct exchange *titular_call(
	struct arena *a, enum route r, const void *m, const struct firma_de *f)
{
	struct received rq = mundo_request(&mundo, a, r, m, f);

	return mundo_call(&mundo, a, &rq);
}
