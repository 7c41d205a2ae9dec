/*
 * Contact media through signed acts: L-5.1, L-5.2, A-03, A-05, A-07, A-09, A-10, R-1. Codes are
 * read from what was sent.
 */
#include <string.h>
#include "base/secret.h"
#include "ley/folio.h"
#include "tests/help/cm.h"
#include "tests/help/core_medios.h"

static int set_up(void **state)
{
	(void)state;
	medios_forget();
	return 0;
}

static int64_t sent(const char *plantilla)
{
	return lote_number(&mundo, "SELECT count(*) FROM envio WHERE plantilla = '%s'", plantilla);
}

/* One transaction: row, message and job are there, or nothing would be. A-05 */
static void test_register_and_validate(void **state)
{
	ARENA(a, 8 << 20);
	const char *folio;
	const char *acuse;

	(void)state;
	assert_string_equal(medio_alta("correo", "Ana@Ejemplo.MX", NULL, &folio), "");
	assert_true(folio_valid(folio));
	assert_string_equal(medio_estado(folio), "pendiente");
	assert_int_equal(
		lote_number(&mundo,
			"SELECT count(*) FROM envio WHERE medio = '%s' AND via = 'correo' AND "
			"destino = 'Ana@ejemplo.mx' AND plantilla = 'validacion_correo'",
			folio),
		1);
	assert_int_equal(
		lote_number(&mundo,
			"SELECT vence FROM tarea WHERE clase = 'medio' AND clave = '%s %s'", rfc,
			folio),
		mundo.now + 72 * HORA_MS + MEDIO_EN_CAMINO_MS + 1);
	const struct m_acuse *m = medio_acuse(&a, folio);

	assert_string_equal(
		m->tipo, "Acuse de registro o actualización de mecanismos de comunicación");
	assert_string_equal(m->estatus, "En proceso");
	assert_string_equal(medio_dice(&a, folio, "Medio de Contacto"), "Ana@ejemplo.mx");
	assert_string_equal(
		medio_dice(&a, folio, "Mecanismo de Comunicación"), "Correo Electrónico");
	assert_string_equal(medio_valida(folio, medio_codigo(folio), &acuse), "");
	assert_string_equal(medio_estado(folio), "validado");
	m = medio_acuse(&a, acuse);
	assert_string_equal(m->tipo, "Acuse de validación de mecanismos de comunicación");
	assert_string_equal(m->estatus, "Validado");
	assert_string_equal(medio_dice(&a, acuse, "Folio del registro"), folio);
	assert_int_equal(sent("validado_correo"), 1);
	/* Nothing of the code is left. */
	assert_int_equal(
		lote_number(&mundo, "SELECT count(*) FROM medio WHERE codigo IS NOT NULL"), 0);
	assert_string_equal(medio_valida(folio, medio_codigo(folio), NULL), "medio-ya-validado");
}

/* A mobile has a code and no link, its 72 hours not begun. A-07 */
static void test_mobile(void **state)
{
	ARENA(a, 8 << 20);
	const char *folio;

	(void)state;
	assert_string_equal(medio_alta("celular", "664123456", NULL, NULL), "celular-invalido");
	assert_string_equal(medio_alta("celular", "664 1234567", NULL, NULL), "celular-invalido");
	assert_string_equal(medio_alta("paloma", "6641234567", NULL, NULL), "campo-invalido");
	assert_string_equal(medio_alta("celular", "6641234567", NULL, &folio), "");
	assert_int_equal(
		lote_number(&mundo,
			"SELECT count(*) FROM medio WHERE vence IS NULL AND enlace IS NULL"),
		1);
	assert_int_equal(
		lote_number(&mundo, "SELECT count(*) FROM tarea WHERE clase = 'medio'"), 0);
	assert_string_equal(medio_dice(&a, folio, "Mecanismo de Comunicación"), "Teléfono");
	assert_string_equal(medio_valida(folio, medio_codigo(folio), NULL), "");
	assert_int_equal(sent("validado_sms"), 1);
}

/* Nothing that ends a header gets near one; it is kept as it is compared. */
static void test_values(void **state)
{
	/* Controls and what hides don't even pass the codec. */
	static const char *const bad[] = {"ana", "<ana@ejemplo.mx>", "ana@[10.0.0.1]",
		"ana@ejemplo.mx, eva@ejemplo.mx", "ana@ejemplo.mx> SIZE=1", "ana@ejemplo",
		"a\u00a0na@ejemplo.mx"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_string_equal(medio_alta("correo", bad[i], NULL, NULL), "correo-invalido");
	assert_int_equal(lote_number(&mundo, "SELECT count(*) FROM envio"), 0);
	assert_string_equal(medio_alta("correo", "Ana@Ejemplo.mx", NULL, NULL), "");
	assert_string_equal(medio_alta("correo", "ana@EJEMPLO.MX", NULL, NULL), "medio-repetido");
	assert_string_equal(
		medio_alta("correo", "\"Ana\"@ejemplo.mx", NULL, NULL), "medio-repetido");
	assert_string_equal(medio_alta("correo", "ana@ni\u00f1o.mx", NULL, NULL), "");
	assert_string_equal(
		medio_alta("correo", "ana@nin\u0303o.mx", NULL, NULL), "medio-repetido");
	assert_string_equal(
		medio_alta("correo", "ana@xn--nio-8ma.mx", NULL, NULL), "medio-repetido");
	assert_string_equal(medio_alta("correo", "a{b&c@ejemplo.mx", NULL, NULL), "");
}

/* Five; the sixth names one. Replaced when it is validated, both named by that acuse. A-10 */
static void test_sixth(void **state)
{
	ARENA(a, 8 << 20);
	const char *folios[5];
	const char *sixth;
	const char *seventh;
	const char *acuse;

	(void)state;
	for (int i = 0; i < 5; i++)
		folios[i] = medio_listo("correo", arena_printf(&a, "c%d@ejemplo.mx", i), NULL);
	assert_string_equal(medio_alta("correo", "c6@ejemplo.mx", NULL, NULL), "medios-completos");
	assert_string_equal(
		medio_alta("correo", "c6@ejemplo.mx", "BI-20200101-000000000", NULL), "no-existe");
	assert_string_equal(medio_alta("correo", "c6@ejemplo.mx", folios[2], &sixth), "");
	assert_string_equal(medio_estado(folios[2]), "validado");
	/* Another that is to take the same place: the pending one goes at once. */
	assert_string_equal(medio_alta("correo", "c7@ejemplo.mx", folios[2], &seventh), "");
	assert_string_equal(medio_estado(sixth), "sustituido");
	assert_string_equal(medio_dice(&a, seventh, "Folio del medio sustituido"), sixth);
	assert_string_equal(
		medio_dice(&a, seventh, "Al validarse sustituye al medio con folio"), folios[2]);
	assert_string_equal(medio_valida(sixth, medio_codigo(sixth), NULL), "medio-dado-de-baja");
	assert_string_equal(medio_valida(seventh, medio_codigo(seventh), &acuse), "");
	assert_string_equal(medio_estado(folios[2]), "sustituido");
	assert_string_equal(
		lote_text(&mundo, "SELECT acuse_baja FROM medio WHERE folio = '%s'", folios[2]),
		acuse);
	assert_string_equal(medio_dice(&a, acuse, "Folio del medio sustituido"), folios[2]);
	assert_string_equal(medio_dice(&a, acuse, "Medio sustituido"), "c2@ejemplo.mx");
	/* Those that remain are told, the one that went is not. */
	assert_int_equal(sent("medio_baja"), 5);
	assert_int_equal(
		lote_number(&mundo, "SELECT count(*) FROM envio WHERE plantilla = 'medio_baja' AND "
				    "destino = 'c2@ejemplo.mx'"),
		0);
}

/* One mobile: the second waits until it is validated. */
static void test_second_mobile(void **state)
{
	ARENA(a, 8 << 20);
	const char *first = medio_listo("celular", "6640000001", NULL);
	const char *second;
	const char *third;
	const char *acuse;

	(void)state;
	assert_string_equal(medio_alta("celular", "6640000002", NULL, &second), "");
	assert_string_equal(medio_estado(first), "validado");
	assert_string_equal(medio_alta("celular", "6640000003", NULL, &third), "");
	assert_string_equal(medio_estado(second), "sustituido");
	assert_string_equal(medio_estado(first), "validado");
	assert_string_equal(medio_valida(third, medio_codigo(third), &acuse), "");
	assert_string_equal(medio_estado(first), "sustituido");
	assert_string_equal(medio_dice(&a, acuse, "Folio del medio sustituido"), first);
	assert_int_equal(lote_number(&mundo, "SELECT count(*) FROM medio WHERE baja IS NULL"), 1);
}

/* ---- codes ---- */

/* The fifth miss spends it; a new one begins anew. The act's answer is kept, and counted once. */
static void test_wrong_codes(void **state)
{
	const char *folio;

	(void)state;
	assert_string_equal(medio_alta("correo", "ana@ejemplo.mx", NULL, &folio), "");
	const char *right = medio_codigo(folio);
	const char *wrong = medio_otro_codigo(right);

	assert_string_equal(medio_valida(folio, "1234", NULL), "campo-invalido");
	assert_string_equal(medio_valida(folio, "1234x", NULL), "campo-invalido");
	for (int i = 1; i <= 4; i++) {
		assert_string_equal(medio_valida(folio, wrong, NULL), "codigo-incorrecto");
		assert_int_equal(lote_number(&mundo, "SELECT fallos FROM medio"), i);
	}
	assert_string_equal(medio_valida(folio, wrong, NULL), "codigo-agotado");
	assert_string_equal(medio_valida(folio, right, NULL), "codigo-agotado");
	assert_int_equal(lote_number(&mundo, "SELECT fallos FROM medio"), 5);
	int64_t now = mundo.now;

	mundo_at(&mundo, now + MEDIO_ENTRE_MS);
	assert_string_equal(medio_reenvia(folio), "");
	assert_int_equal(lote_number(&mundo, "SELECT fallos FROM medio"), 0);
	assert_string_equal(medio_valida(folio, right, NULL),
		strcmp(right, medio_codigo(folio)) == 0 ? "" : "codigo-incorrecto");
	if (strcmp(medio_estado(folio), "validado") != 0)
		assert_string_equal(medio_valida(folio, medio_codigo(folio), NULL), "");
	mundo_at(&mundo, now);
}

/* The same signed act again is the same refusal, and no second miss. */
static void test_miss_is_counted_once(void **state)
{
	ARENA(a, 8 << 20);
	const char *folio;

	(void)state;
	assert_string_equal(medio_alta("correo", "ana@ejemplo.mx", NULL, &folio), "");
	struct m_medio_validar m = {.hat = {rfc, "propio"},
		.folio = folio,
		.codigo = medio_otro_codigo(medio_codigo(folio))};
	struct received rq = mundo_request(&mundo, &a, ROUTE_ID_medio_validar, &m, &by_fisica);
	struct exchange *first = mundo_call(&mundo, &a, &rq);

	assert_string_equal(mundo_error(&a, first), "codigo-incorrecto");
	for (int i = 0; i < 3; i++)
		assert_true(bytes_equal(mundo_call(&mundo, &a, &rq)->answer, first->answer));
	assert_int_equal(lote_number(&mundo, "SELECT fallos FROM medio"), 1);
}

/* Misses that arrive in one group: each is counted, and the sixth meets a spent code. */
static void test_misses_in_a_group(void **state)
{
	enum { N = 7 };
	ARENA(a, 16 << 20);
	struct exchange *xs[N];
	const char *folio;
	size_t bad = 0;
	size_t spent = 0;

	(void)state;
	assert_string_equal(medio_alta("correo", "ana@ejemplo.mx", NULL, &folio), "");
	const char *right = medio_codigo(folio);
	struct m_medio_validar m = {.hat = {rfc, "propio"}, .folio = folio};

	for (int i = 0; i < N; i++) {
		/* The last one knows it. */
		m.codigo = i < N - 1 ? medio_otro_codigo(right) : right;
		xs[i] = arena_zalloc(&a, sizeof(*xs[i]));
		xs[i]->arena = &a;
		xs[i]->rq = mundo_request(&mundo, &a, ROUTE_ID_medio_validar, &m, &by_fisica);
		assert_int_equal(serve_check(&mundo.server, xs[i]), SERVE_ACT);
	}
	writer_group(mundo.writer, xs, N);
	for (int i = 0; i < N; i++) {
		bad += strcmp(mundo_error(&a, xs[i]), "codigo-incorrecto") == 0;
		spent += strcmp(mundo_error(&a, xs[i]), "codigo-agotado") == 0;
	}
	assert_int_equal(bad, 4);
	assert_int_equal(spent, 3);
	assert_int_equal(lote_number(&mundo, "SELECT fallos FROM medio"), 5);
	assert_string_equal(medio_estado(folio), "pendiente");
}

/* Two act for one in a group: what the first did stands, the second is told of it. */
static void test_two_in_a_group(void **state)
{
	ARENA(a, 16 << 20);
	struct exchange *xs[3];
	const char *folio;

	(void)state;
	assert_string_equal(medio_alta("correo", "ana@ejemplo.mx", NULL, &folio), "");
	struct m_medio_validar v = {
		.hat = {rfc, "propio"}, .folio = folio, .codigo = medio_codigo(folio)};
	struct m_medio_baja b = {.hat = {rfc, "propio"}, .folio = folio};
	struct received rqs[] = {
		mundo_request(&mundo, &a, ROUTE_ID_medio_validar, &v, &by_fisica),
		mundo_request(&mundo, &a, ROUTE_ID_medio_validar, &v, &by_fisica),
		mundo_request(&mundo, &a, ROUTE_ID_medio_baja, &b, &by_fisica),
	};

	for (int i = 0; i < 3; i++) {
		xs[i] = arena_zalloc(&a, sizeof(*xs[i]));
		xs[i]->arena = &a;
		xs[i]->rq = rqs[i];
		assert_int_equal(serve_check(&mundo.server, xs[i]), SERVE_ACT);
	}
	writer_group(mundo.writer, xs, 3);
	assert_string_equal(mundo_error(&a, xs[0]), "");
	assert_string_equal(mundo_error(&a, xs[1]), "medio-ya-validado");
	/* By then it is the only one that is validated. */
	assert_string_equal(mundo_error(&a, xs[2]), "bajo-el-minimo");
	assert_string_equal(medio_estado(folio), "validado");
}

/* Another RFC's folio is no folio, whatever its code. */
static void test_of_others(void **state)
{
	ARENA(a, 8 << 20);
	struct firma_de by_moral = mundo_efirma(mundo.moral);
	const char *other = mundo.moral->cert.rfc;
	const char *folio;

	(void)state;
	key_free(mundo_enter(&mundo, mundo.moral, &by_moral.keyid));
	by_moral = mundo_efirma(mundo.moral);
	lote_do(&mundo, "UPDATE certificado SET desde = 0, hasta = 4102444800000");
	assert_string_equal(medio_alta("correo", "ana@ejemplo.mx", NULL, &folio), "");
	struct m_medio_validar v = {
		.hat = {other, "propio"}, .folio = folio, .codigo = medio_codigo(folio)};
	struct m_medio_reenviar r = {.hat = {other, "propio"}, .folio = folio};
	struct m_medio_baja b = {.hat = {other, "propio"}, .folio = folio, .bajo_minimo = true};

	assert_string_equal(
		mundo_error(&a, titular_call(&a, ROUTE_ID_medio_validar, &v, &by_moral)),
		"no-existe");
	assert_string_equal(
		mundo_error(&a, titular_call(&a, ROUTE_ID_medio_reenviar, &r, &by_moral)),
		"no-existe");
	assert_string_equal(
		mundo_error(&a, titular_call(&a, ROUTE_ID_medio_baja, &b, &by_moral)), "no-existe");
	/* The same address serves many. A-10 */
	struct m_medio_registrar m = {
		.hat = {other, "propio"}, .mecanismo = "correo", .medio = "ana@ejemplo.mx"};

	assert_string_equal(
		mundo_error(&a, titular_call(&a, ROUTE_ID_medio_registrar, &m, &by_moral)), "");
	assert_int_equal(lote_number(&mundo, "SELECT count(DISTINCT titular) FROM medio"), 2);
	/* With the code of one the other is not validated. */
	v.folio = lote_text(&mundo, "SELECT folio FROM medio WHERE titular = '%s'", other);
	v.codigo = medio_otro_codigo(medio_codigo(v.folio));
	assert_string_equal(
		mundo_error(&a, titular_call(&a, ROUTE_ID_medio_validar, &v, &by_moral)),
		"codigo-incorrecto");
}

/* ---- sending again ---- */

static void test_resend(void **state)
{
	const char *folio;
	int64_t now = mundo.now;
	const struct zona *zc = zona_centro();
	int32_t day = zona_civil(zc, now).dia + 1;
	int64_t ten = zona_instant(zc, day, 10 * 3600000);

	(void)state;
	mundo_at(&mundo, ten);
	assert_string_equal(medio_alta("correo", "ana@ejemplo.mx", NULL, &folio), "");
	const char *link = medio_enlace(folio);
	int64_t vence = lote_number(&mundo, "SELECT vence FROM medio");

	mundo_at(&mundo, ten + MEDIO_ENTRE_MS - 1);
	assert_string_equal(medio_reenvia(folio), "limite-de-envios");
	assert_int_equal(medio_dato, ten + MEDIO_ENTRE_MS);
	for (int i = 1; i <= 4; i++) {
		mundo_at(&mundo, ten + i * MEDIO_ENTRE_MS);
		assert_string_equal(medio_reenvia(folio), "");
	}
	mundo_at(&mundo, ten + 5 * HORA_MS);
	assert_string_equal(medio_reenvia(folio), "limite-de-envios");
	int64_t midnight = zona_instant(zc, day + 1, 0);

	assert_int_equal(medio_dato, midnight);
	mundo_at(&mundo, midnight - 1);
	assert_string_equal(medio_reenvia(folio), "limite-de-envios");
	mundo_at(&mundo, midnight);
	assert_string_equal(medio_reenvia(folio), "");
	/* A new link, the same end. L-5.2 */
	assert_string_not_equal(medio_enlace(folio), link);
	assert_int_equal(lote_number(&mundo, "SELECT vence FROM medio"), vence);
	assert_string_equal(medio_valida(folio, medio_codigo(folio), NULL), "");
	mundo_at(&mundo, midnight + HORA_MS);
	assert_string_equal(medio_reenvia(folio), "medio-ya-validado");
	assert_string_equal(medio_reenvia("BI-20200101-000000000"), "no-existe");
	mundo_at(&mundo, now);
}

/* Removing and registering again is no way round. */
static void test_registering_counts_too(void **state)
{
	const char *folio;

	(void)state;
	for (int i = 0; i < 5; i++) {
		assert_string_equal(medio_alta("correo", "ana@ejemplo.mx", NULL, &folio), "");
		assert_string_equal(medio_elimina(folio, false, NULL), "");
	}
	assert_string_equal(medio_alta("correo", "ana@ejemplo.mx", NULL, NULL), "limite-de-envios");
	assert_true(medio_dato > mundo.now);
	assert_string_equal(medio_alta("correo", "otra@ejemplo.mx", NULL, NULL), "");
}

/* However it is written, it is one mailbox that gets them. */
static void test_other_case_is_no_way_round(void **state)
{
	static const char *const ways[] = {"ana@ejemplo.mx", "Ana@ejemplo.mx", "ANA@EJEMPLO.MX",
		"\"ana\"@ejemplo.mx", "anA@Ejemplo.mx", "aNa@ejemplo.mx"};
	const char *folio;

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		assert_string_equal(medio_alta("correo", ways[i], NULL, &folio), "");
		assert_string_equal(medio_elimina(folio, false, NULL), "");
	}
	assert_string_equal(medio_alta("correo", ways[5], NULL, NULL), "limite-de-envios");
}

/* What a busy day brings besides codes keeps nobody from registering. */
static void test_notices_are_not_counted(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++) {
		const char *folio = medio_listo("correo", "ana@ejemplo.mx", NULL);

		assert_string_equal(medio_elimina(folio, true, NULL), "");
	}
	assert_int_equal(sent("validado_correo"), 4);
	assert_string_equal(medio_alta("correo", "ana@ejemplo.mx", NULL, NULL), "");
}

static void codes_sent(const char *titulares, const char *cupos, int count)
{
	lote_do(&mundo,
		"INSERT INTO envio (id, parte, titular, via, destino, cupo, plantilla, creado, estado, "
		"desde) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
		"SELECT 'x' || i, parte_de(%s), %s, 'correo', %s, %s, 'x', %lld, 'enviado', 0 FROM n",
		count, titulares, titulares, cupos, cupos, (long long)mundo.now);
}

/* L-5.2: nobody fills the mailboxes and telephones of strangers, one message each. */
static void test_limit_of_an_rfc(void **state)
{
	ARENA(a, 4096);
	int64_t now = mundo.now;
	const char *folio;

	(void)state;
	codes_sent(arena_printf(&a, "'%s'", rfc), "'a' || i || '@ejemplo.mx'", 199);
	assert_string_equal(medio_alta("correo", "ana@ejemplo.mx", NULL, &folio), "");
	assert_string_equal(medio_alta("celular", "5512345678", NULL, NULL), "limite-de-envios");
	/* From the next day of Zona Centro on. */
	assert_in_range(medio_dato, now, now + 24 * HORA_MS);
	mundo_at(&mundo, medio_dato);
	assert_string_equal(medio_alta("celular", "5512345678", NULL, NULL), "");
	mundo_at(&mundo, now);
}

/* Nobody's mailbox is filled by many RFCs together. */
static void test_limit_of_a_destination(void **state)
{
	const char *folio;

	(void)state;
	codes_sent("'OTRO' || i", "'ana@ejemplo.mx'", 199);
	assert_string_equal(medio_alta("correo", "ana@ejemplo.mx", NULL, &folio), "");
	assert_string_equal(medio_elimina(folio, false, NULL), "");
	assert_string_equal(medio_alta("correo", "ana@ejemplo.mx", NULL, NULL), "limite-de-envios");
}

#define EACH(f) cmocka_unit_test_setup(f, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(test_register_and_validate),
		EACH(test_mobile),
		EACH(test_values),
		EACH(test_sixth),
		EACH(test_second_mobile),
		EACH(test_wrong_codes),
		EACH(test_miss_is_counted_once),
		EACH(test_misses_in_a_group),
		EACH(test_two_in_a_group),
		EACH(test_of_others),
		EACH(test_resend),
		EACH(test_registering_counts_too),
		EACH(test_other_case_is_no_way_round),
		EACH(test_notices_are_not_counted),
		EACH(test_limit_of_an_rfc),
		EACH(test_limit_of_a_destination),
		EACH(test_limit_of_an_rfc),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, medios_set_up, medios_tear_down);
}
