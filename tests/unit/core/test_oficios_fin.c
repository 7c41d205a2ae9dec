/*
 * What a public servant decides of what they issued: withdrawn before its aviso, estrados that the
 * system proposed, notified in person; and what nobody may.
 * L-7.8 (a functionary may decide estrados; proposed, recorded, shown, never automatic), L-7.10,
 * L-7.3 (withdrawn: its titular never hears of it), L-10
 */
#include <string.h>
#include "base/secret.h"
#include "core/acuse_make.h"
#include "core/oficios.h"
#include "tests/help/cm.h"
#include "tests/help/core_oficio.h"
#include "tests/help/pki.h"

static const char *folio;

/* Issued a moment ago; its aviso has not gone out. */
static int issue(void **state)
{
	struct m_oficio_emitir m = oficio_de("E/1");

	oficio_clear(state);
	mundo_at(&mundo, pki_now());
	folio = oficio_emitido(&m);
	return 0;
}

static const char *retira(struct arena *a)
{
	struct m_oficio_retirar m = {
		.hat = {rfc, "funcionario"}, .folio = folio, .motivo = "El importe está mal"};

	return oficio_pide(a, ROUTE_ID_oficio_retirar, &m);
}

static const char *decide(struct arena *a, bool procede)
{
	struct m_oficio_estrados m = {.hat = {rfc, "funcionario"},
		.folio = folio,
		.procede = procede,
		.motivo = "No registró medios de contacto"};

	return oficio_pide(a, ROUTE_ID_oficio_estrados, &m);
}

static const char *en_persona(struct arena *a, int64_t when)
{
	struct m_oficio_personal m = {.hat = {rfc, "funcionario"},
		.folio = folio,
		.notificada = when,
		.motivo = "Acta de notificación 12/2026"};

	return oficio_pide(a, ROUTE_ID_oficio_personal, &m);
}

static const char *column(const char *name)
{
	return lote_text(&mundo, "SELECT %s FROM notificacion WHERE folio = '%s'", name, folio);
}

/* The value of that row in the acuse of how it ended. */
static const char *acuse_says(struct arena *a, const char *label)
{
	struct in_acuse in = {.folio = column("acuse"), .titular = rfc};
	struct out_acuse row;
	struct m_acuse m = {0};

	assert_int_equal(q_acuse(mundo.hand, &in, a, &row), OK);
	assert_int_equal(codec_decode(a, &message_acuse, CODEC_TOLERANT, row.json, &m, NULL), OK);
	assert_int_equal(acuse_verify(a, &m, mundo.trust), OK);
	for (size_t i = 0; i < m.contenido_count; i++)
		if (strcmp(m.contenido[i].etiqueta, label) == 0)
			return m.contenido[i].valor;
	return NULL;
}

static int64_t jobs(void)
{
	return lote_number(&mundo, "SELECT COUNT(*) FROM tarea WHERE clase IN ('aviso', 'puesta', "
				   "'plazo', 'recordar')");
}

static const char *acuse_as_titular(struct arena *a, const char *which)
{
	struct m_acuse_pedir m = {.hat = {rfc, "propio"}, .folio = which};

	return mundo_error(a, titular_call(a, ROUTE_ID_acuse, &m, &by_reading));
}

static const char *document_as_titular(struct arena *a)
{
	struct m_documento_pedir m = {.hat = {rfc, "propio"}, .folio = folio};

	return mundo_error(a, titular_call(a, ROUTE_ID_documento, &m, &by_reading));
}

/* ---- withdrawn ---- */

static void test_withdrawn(void **state)
{
	ARENA(a, 16 << 20);

	(void)state;
	assert_int_equal(jobs(), 1);
	assert_string_equal(retira(&a), "");
	assert_string_equal(column("forma"), "retirada");
	assert_string_equal(column("motivo"), "El importe está mal");
	assert_null(column("notificada"));
	assert_non_null(strstr(oficio_sucesos(folio), "retirada"));
	assert_string_equal(acuse_says(&a, OFICIOS_FOLIO), folio);
	/* Nobody but who issued it ever hears of it. */
	assert_string_equal(acuse_as_titular(&a, folio), "no-existe");
	assert_string_equal(acuse_as_titular(&a, column("acuse")), "no-existe");
	assert_string_equal(document_as_titular(&a), "no-existe");
	/* One outcome. */
	assert_string_equal(retira(&a), "acto-retirado");
	assert_string_equal(en_persona(&a, mundo.now), "acto-retirado");
	oficio_propone(folio, "Sin medios");
	assert_string_equal(decide(&a, true), "acto-retirado");
}

/* A carrier has taken one, or both: it went out. */
static void test_not_after_its_aviso(void **state)
{
	ARENA(a, 16 << 20);

	(void)state;
	lote_do(&mundo,
		"INSERT INTO envio (id, parte, titular, via, destino, plantilla, creado, estado, desde, "
		"acto) SELECT 'e1', parte_de('%s'), '%s', 'correo', 'a@b.mx', 'aviso', 1, 'pendiente', "
		"1, '%s'",
		rfc, rfc, folio);
	lote_do(&mundo, "UPDATE envio SET estado = 'aceptado', aceptado = 1");
	assert_string_equal(retira(&a), "aviso-enviado");
	lote_do(&mundo, "DELETE FROM envio");
	lote_do(&mundo, "UPDATE notificacion SET celular = 1");
	assert_string_equal(retira(&a), "aviso-enviado");
	lote_do(&mundo, "UPDATE notificacion SET celular = NULL, aviso = %lld, vence = %lld",
		(long long)mundo.now, (long long)mundo.now + 1000000);
	assert_string_equal(retira(&a), "aviso-enviado");
	lote_do(&mundo, "UPDATE notificacion SET aviso = NULL, vence = NULL");
	assert_string_equal(retira(&a), "");
}

/* ---- estrados ---- */

/* L-7.8: only where the system proposes them; the decision and its reason are there to be shown. */
static void test_estrados(void **state)
{
	ARENA(a, 16 << 20);

	(void)state;
	assert_string_equal(decide(&a, true), "sin-propuesta");
	assert_string_equal(decide(&a, false), "sin-propuesta");
	oficio_propone(folio, "Sin medios de contacto validados");
	assert_string_equal(decide(&a, true), "");
	assert_string_equal(column("forma"), "estrados");
	assert_string_equal(column("motivo"), "No registró medios de contacto");
	assert_null(column("propuesta"));
	/* CFF 139 counts from a publication that is not here: no date is guessed. */
	assert_null(column("notificada"));
	assert_non_null(strstr(acuse_says(&a, "Qué sigue"), "artículo 139"));
	assert_string_equal(
		acuse_says(&a, "Propuesta del sistema"), "Sin medios de contacto validados");
	assert_string_equal(acuse_says(&a, OFICIOS_DECISION), OFICIOS_PROCEDE);
	assert_non_null(strstr(oficio_sucesos(folio), "estrados"));
	/* It is shown to its titular. */
	assert_string_equal(acuse_as_titular(&a, column("acuse")), "");
	assert_string_equal(acuse_as_titular(&a, folio), "");
	assert_string_equal(document_as_titular(&a), "");
	assert_string_equal(decide(&a, false), "notificacion-hecha");
	assert_string_equal(retira(&a), "notificacion-hecha");
	assert_string_equal(en_persona(&a, mundo.now), "notificacion-hecha");
}

/* Turned down: it goes on, its titular hears nothing, and its aviso is tried again. */
static void test_estrados_turned_down(void **state)
{
	ARENA(a, 16 << 20);

	(void)state;
	oficio_propone(folio, "El correo no se pudo entregar");
	lote_do(&mundo, "DELETE FROM tarea");
	assert_string_equal(decide(&a, false), "");
	assert_null(column("forma"));
	assert_null(column("propuesta"));
	assert_int_equal(jobs(), 1);
	assert_non_null(strstr(oficio_sucesos(folio), "sin-estrados"));
	assert_string_equal(document_as_titular(&a), "no-existe");
	const char *acuse =
		lote_text(&mundo, "SELECT folio FROM acuse WHERE tipo LIKE '%%estrados%%'");

	assert_string_equal(acuse_as_titular(&a, acuse), "no-existe");
	assert_string_equal(decide(&a, true), "sin-propuesta");
	assert_string_equal(retira(&a), "");
}

/* ---- in person ---- */

static void test_personal(void **state)
{
	ARENA(a, 16 << 20);
	int64_t issued = mundo.now;

	(void)state;
	mundo_at(&mundo, issued + 240000);
	assert_string_equal(en_persona(&a, issued - 1), "campo-invalido");
	assert_string_equal(en_persona(&a, mundo.now + 1), "campo-invalido");
	assert_string_equal(en_persona(&a, issued + 60000), "");
	assert_string_equal(column("forma"), "personal");
	assert_int_equal(
		lote_number(&mundo, "SELECT notificada FROM notificacion"), issued + 60000);
	assert_non_null(acuse_says(&a, OFICIOS_NOTIFICADA));
	assert_non_null(strstr(oficio_sucesos(folio), "personal"));
	assert_string_equal(document_as_titular(&a), "");
	assert_string_equal(acuse_as_titular(&a, folio), "");
	assert_string_equal(acuse_as_titular(&a, column("acuse")), "");
	assert_string_equal(en_persona(&a, mundo.now), "notificacion-hecha");
	assert_string_equal(retira(&a), "notificacion-hecha");
}

/* While its term runs, yes; from the very instant of its lapse on it is notified already. */
static void test_personal_and_the_lapse(void **state)
{
	ARENA(a, 16 << 20);

	(void)state;
	lote_do(&mundo, "UPDATE notificacion SET aviso = %lld, vence = %lld", (long long)mundo.now,
		(long long)mundo.now + 60000);
	mundo_at(&mundo, mundo.now + 60000);
	assert_string_equal(en_persona(&a, mundo.now - 1), "notificacion-hecha");
	mundo_at(&mundo, mundo.now - 1);
	assert_string_equal(en_persona(&a, mundo.now), "");
}

/* ---- who may ---- */

static void test_roles(void **state)
{
	static const struct {
		enum facultad needed;
		const char *got[3]; /* of a withdrawal, a decision, in person */
	} cases[] = {
		{FACULTAD_EMITIR, {"sin-facultades", "sin-facultades", "sin-facultades"}},
		{FACULTAD_ESTRADOS, {"sin-facultades", "sin-propuesta", "sin-facultades"}},
	};
	ARENA(a, 16 << 20);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		oficio_facultades(1U << cases[i].needed, NULL, 0);
		assert_string_equal(retira(&a), cases[i].got[0]);
		assert_string_equal(decide(&a, true), cases[i].got[1]);
		assert_string_equal(en_persona(&a, mundo.now), cases[i].got[2]);
	}
	assert_null(column("forma"));
}

/* Another functionary's act is none of theirs, whatever they may do. */
static void test_anothers_act(void **state)
{
	ARENA(a, 16 << 20);

	(void)state;
	oficio_propone(folio, "Sin medios");
	lote_do(&mundo, "UPDATE notificacion SET firmante = 'AAAA800101AB1'");
	assert_string_equal(retira(&a), "sin-facultades");
	assert_string_equal(decide(&a, true), "sin-facultades");
	assert_string_equal(decide(&a, false), "sin-facultades");
	assert_string_equal(en_persona(&a, mundo.now), "sin-facultades");
	struct m_propuestas_pedir m = {.hat = {mundo.funcionario->cert.rfc, "funcionario"}};
	const struct m_propuestas *p =
		mundo_answer(&a, titular_call(&a, ROUTE_ID_propuestas, &m, &by_funcionario_lee));

	assert_int_equal(p->propuestas_count, 0);
	/* Nor is one of another titular's mailbox, by this one's name. */
	lote_do(&mundo, "UPDATE notificacion SET firmante = 'GAIL700310KL4'");
	struct m_oficio_retirar other = {.hat = {mundo.moral->cert.rfc, "funcionario"},
		.folio = folio,
		.motivo = "No es suyo"};

	assert_string_equal(oficio_pide(&a, ROUTE_ID_oficio_retirar, &other), "no-existe");
}

/* ---- what waits for a decision ---- */

static void test_proposals(void **state)
{
	ARENA(a, 32 << 20);
	struct m_propuestas_pedir m = {.hat = {mundo.funcionario->cert.rfc, "funcionario"}};
	const struct m_propuestas *p;
	size_t count = 0;

	(void)state;
	for (int i = 0; i < 102; i++)
		lote_do(&mundo,
			"INSERT INTO archivo SELECT 'BI-%d', parte, sha256, bytes, cadena, firma, "
			"certificado, datos FROM archivo WHERE folio = '%s'",
			100 + i, folio);
	lote_do(&mundo,
		"INSERT INTO notificacion (folio, parte, titular, seq, oficio, tipo, documento, "
		"funcionario, plazo_dias, archivo, firmante, propuesta, propuesta_desde) "
		"SELECT a.folio, a.parte, n.titular, 9, a.folio, n.tipo, n.documento, n.funcionario, 0, "
		"n.archivo, n.firmante, 'Sin correo', 7 FROM archivo a, notificacion n "
		"WHERE a.folio <> n.folio");
	do {
		p = mundo_answer(
			&a, titular_call(&a, ROUTE_ID_propuestas, &m, &by_funcionario_lee));
		assert_non_null(p);
		for (size_t i = 0; i < p->propuestas_count; i++) {
			assert_true(m.desde == NULL || strcmp(m.desde, p->propuestas[i].folio) < 0);
			m.desde = p->propuestas[i].folio;
			assert_string_equal(p->propuestas[i].motivo, "Sin correo");
			assert_string_equal(p->propuestas[i].titular, rfc);
			assert_int_equal(p->propuestas[i].desde, 7);
			count++;
		}
	} while (p->mas);
	assert_int_equal(count, 102);
	oficio_facultades(1U << FACULTAD_EMITIR, NULL, 0);
	assert_string_equal(oficio_pide(&a, ROUTE_ID_propuestas, &m), "sin-facultades");
}

#define TEST(f) cmocka_unit_test_setup(f, issue)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_withdrawn),
		TEST(test_not_after_its_aviso),
		TEST(test_estrados),
		TEST(test_estrados_turned_down),
		TEST(test_personal),
		TEST(test_personal_and_the_lapse),
		TEST(test_roles),
		TEST(test_anothers_act),
		TEST(test_proposals),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, oficio_set_up, oficio_tear_down);
}
