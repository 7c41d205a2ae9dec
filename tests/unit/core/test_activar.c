/*
 * Activation, and how an RFC's Buzón stands afterwards: L-5.1, L-5.2, L-5.3, L-5.4, A-12.
 */
#include <string.h>
#include "base/secret.h"
#include "core/activacion.h"
#include "tests/help/cm.h"
#include "tests/help/core_medios.h"
#include "tests/help/dia.h"

static int set_up(void **state)
{
	(void)state;
	medios_forget();
	lote_do(&mundo, "UPDATE particular SET habilitado = NULL");
	return 0;
}

static const char *activate(struct arena *a, const struct m_activar *m)
{
	return mundo_error(a, titular_call(a, ROUTE_ID_activar, m, &by_fisica));
}

static const struct m_cuenta *cuenta(struct arena *a)
{
	struct m_sincronizar rq = {.hat = {rfc, "propio"}};
	const struct m_sincronizado *m =
		mundo_answer(a, titular_call(a, ROUTE_ID_sincronizar, &rq, &by_reading));

	assert_non_null(m);
	return m->cuenta;
}

/* As the client does it: with what the cuenta says is in force. */
static struct m_activar request(struct arena *a)
{
	const struct m_cuenta *c = cuenta(a);

	return (struct m_activar){.hat = {rfc, "propio"},
		.terminos = c->terminos,
		.terminos_sha256 = c->terminos_sha256,
		.privacidad = c->privacidad,
		.privacidad_sha256 = c->privacidad_sha256};
}

/* One of each kind, of the RFC itself, validated. */
static void test_not_ready(void **state)
{
	ARENA(a, 8 << 20);
	struct m_activar m = request(&a);
	const char *mobile;

	(void)state;
	assert_string_equal(activate(&a, &m), "medios-sin-validar");
	medio_listo("correo", "ana@ejemplo.mx", NULL);
	assert_string_equal(activate(&a, &m), "medios-sin-validar");
	assert_string_equal(medio_alta("celular", "6641234567", NULL, &mobile), "");
	assert_string_equal(activate(&a, &m), "medios-sin-validar");
	assert_int_equal(lote_number(&mundo, "SELECT count(*) FROM particular WHERE habilitado IS "
					     "NOT NULL"),
		0);
	/* Those of an RP are no one's for this. */
	lote_do(&mundo, "UPDATE medio SET rp = 'Y5412345101' WHERE mecanismo = 'correo'");
	assert_string_equal(medio_valida(mobile, medio_codigo(mobile), NULL), "");
	assert_string_equal(activate(&a, &m), "medios-sin-validar");
}

static void test_terms_changed(void **state)
{
	ARENA(a, 8 << 20);
	struct m_activar changed[4];

	(void)state;
	medio_listo("correo", "ana@ejemplo.mx", NULL);
	medio_listo("celular", "6641234567", NULL);
	for (int i = 0; i < 4; i++)
		changed[i] = request(&a);
	changed[0].terminos = "0";
	changed[1].terminos_sha256 =
		"1111111111111111111111111111111111111111111111111111111111111111";
	changed[2].privacidad = "0";
	changed[3].privacidad_sha256 = changed[1].terminos_sha256;
	for (int i = 0; i < 4; i++)
		assert_string_equal(activate(&a, &changed[i]), "terminos-cambiados");
}

static void test_activate(void **state)
{
	ARENA(a, 16 << 20);
	struct m_activar m = request(&a);

	(void)state;
	medio_listo("correo", "uno@ejemplo.mx", NULL);
	medio_listo("correo", "dos@ejemplo.mx", NULL);
	medio_listo("celular", "6641234567", NULL);
	assert_int_equal(cuenta(&a)->habilitado, 0);
	assert_int_equal(cuenta(&a)->papeles_count, 0);
	const struct m_acuse *acuse =
		mundo_answer(&a, titular_call(&a, ROUTE_ID_activar, &m, &by_fisica));

	assert_non_null(acuse);
	assert_string_equal(acuse->tipo, "Acuse de activación del Buzón IMSS");
	assert_string_equal(acuse->estatus, "Habilitado");
	bool named = false;

	for (size_t i = 0; i < acuse->contenido_count; i++)
		named = named || strcmp(acuse->contenido[i].valor, m.terminos_sha256) == 0;
	assert_true(named);
	/* With the user's signature and the Institute's seal. */
	assert_true(acuse->firma.size != 0 && acuse->sello.size != 0);
	const struct m_cuenta *c = cuenta(&a);

	assert_int_equal(c->habilitado, mundo.now);
	assert_false(c->convenio_2020);
	assert_int_equal(c->papeles_count, 1);
	assert_string_equal(c->papeles[0].tipo, acuse->tipo);
	assert_string_equal(c->papeles[0].folio, acuse->folio);
	assert_int_equal(c->papeles[0].fecha, acuse->elaborado);
	/* To each of its mails. */
	assert_int_equal(
		lote_number(&mundo, "SELECT count(*) FROM envio WHERE plantilla = 'activado'"), 2);
	assert_string_equal(activate(&a, &m), "ya-habilitado");
	/* What follows is open now. L-5.2, L-5.5 */
	int64_t ready = mundo_ready(&mundo);
	struct m_notificacion_abrir open =
		titular_opening(&a, mundo_aviso(&mundo, rfc, ready), ready);

	assert_int_equal(
		titular_call(&a, ROUTE_ID_notificacion_abrir, &open, &by_fisica)->status, 200);
}

/* Twice in one group: one of them. */
static const char *content(const struct m_acuse *m, const char *label)
{
	for (size_t i = 0; i < m->contenido_count; i++)
		if (strcmp(m->contenido[i].etiqueta, label) == 0)
			return m->contenido[i].valor;
	fail_msg("no %s in the acuse", label);
	return NULL;
}

/* who it is, with its Registros Patronales; a thousand of them fit no acuse. A-13 */
static void test_identity(void **state)
{
	ARENA(a, 16 << 20);
	struct m_activar m = request(&a);

	(void)state;
	medio_listo("correo", "uno@ejemplo.mx", NULL);
	medio_listo("celular", "6641234567", NULL);
	const struct m_acuse *acuse =
		mundo_answer(&a, titular_call(&a, ROUTE_ID_activar, &m, &by_fisica));

	assert_non_null(acuse);
	assert_string_equal(content(acuse, "Registros Patronales"), "No constan");
	for (int i = 0; i < 300; i++)
		lote_do(&mundo,
			"INSERT INTO registro_patronal (rfc, rp, parte) VALUES ('%s', "
			"'A01%05d100', parte_de('%s'))",
			rfc, i, rfc);
	lote_do(&mundo, "UPDATE particular SET habilitado = NULL");
	m = request(&a);
	acuse = mundo_answer(&a, titular_call(&a, ROUTE_ID_activar, &m, &by_fisica));
	assert_non_null(acuse);
	const char *rps = content(acuse, "Registros Patronales");

	assert_memory_equal(rps, "A01-00000-10-0, A01-00001-10-0, ", 32);
	assert_non_null(strstr(rps, " y 243 más"));
	assert_in_range(strlen(rps), 900, 1000);
}

static void test_twice(void **state)
{
	ARENA(a, 16 << 20);
	struct m_activar m = request(&a);
	struct exchange *xs[2];

	(void)state;
	medio_listo("correo", "ana@ejemplo.mx", NULL);
	medio_listo("celular", "6641234567", NULL);
	for (int i = 0; i < 2; i++) {
		xs[i] = arena_zalloc(&a, sizeof(*xs[i]));
		xs[i]->arena = &a;
		xs[i]->rq = mundo_request(&mundo, &a, ROUTE_ID_activar, &m, &by_fisica);
		assert_int_equal(serve_check(&mundo.server, xs[i]), SERVE_ACT);
	}
	writer_group(mundo.writer, xs, 2);
	assert_string_equal(mundo_error(&a, xs[0]), "");
	assert_string_equal(mundo_error(&a, xs[1]), "ya-habilitado");
}

/* Enabled under the agreement of 2020: nothing is to be done. L-5.4 */
static void test_agreement(void **state)
{
	ARENA(a, 8 << 20);
	struct m_activar m = request(&a);
	int64_t vigor = zc("2024-08-06 00:00");

	(void)state;
	lote_do(&mundo, "UPDATE particular SET habilitado = %lld", (long long)vigor - 1);
	assert_true(cuenta(&a)->convenio_2020);
	assert_string_equal(activate(&a, &m), "ya-habilitado");
	lote_do(&mundo, "UPDATE particular SET habilitado = %lld", (long long)vigor);
	assert_false(cuenta(&a)->convenio_2020);
}

#define EACH(f) cmocka_unit_test_setup(f, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(test_not_ready),
		EACH(test_terms_changed),
		EACH(test_activate),
		EACH(test_identity),
		EACH(test_twice),
		EACH(test_agreement),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, medios_set_up, medios_tear_down);
}
