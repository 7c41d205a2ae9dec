/*
 * The catalogue of what is notified (R-7.1, R-7.2, R-7.3, R-7.4, R-7.5, R-7.6, R-7.7, R-7.8, R-7.9,
 * L-4.3, L-4.4, L-T2) and
 * the verbs of buzond that publish it and the calendar.
 */
#include <stdio.h>
#include <stdlib.h>
#include "base/file.h"
#include "core/calendarios.h"
#include "core/catalogo.h"
#include "core/publicados_texto.h"
#include "ley/plazo_activar.h"
#include "tests/help/cm.h"
#include "tests/help/core_calendario.h"
#include "tests/help/core_titular.h"
#include "tests/help/core_verbo.h"
#include "tests/help/dia.h"

#define MB (1 << 20)
#define TIPOS 18

/* Letter for letter from the relation of trámites of the Lineamientos, 7.1 to 7.18. */
static const char *const nombres[TIPOS] = {
	"Resolución de Determinación de la Prima en el Seguro de Riesgos de Trabajo",
	"Resolución de Rectificación de la Prima en el Seguro de Riesgos de Trabajo",
	"Multa derivada de la Rectificación de la Prima en el Seguro de Riesgos de Trabajo",
	"Resolución para cubrir la Prima Media, conforme al artículo 72, último párrafo, de la Ley del Seguro Social",
	"Resolución de rectificación de la clasificación de la empresa",
	"Oficio de requerimiento de información faltante en el trámite",
	"Oficio para desechar el trámite por falta de atención del requerimiento",
	"Invitación para revisar la correcta clasificación de las empresas",
	"Oficio de requerimiento de documentación complementaria dentro de la corrección en materia de clasificación de empresas",
	"Oficio de abandono de la corrección en materia de clasificación de empresas",
	"Oficio de respuesta dejando a salvo facultades de comprobación en materia de clasificación de empresas",
	"Oficio artículo 182 del Reglamento de la Ley del Seguro Social en materia de Afiliación, Clasificación de Empresas, Recaudación y Fiscalización (a contrario sensu) en materia de clasificación de empresas",
	"Oficio de conclusión del trámite de corrección en materia de clasificación de empresas",
	"Oficio de cierre por validación de la corrección patronal",
	"Autorización de registro para dictaminar las obligaciones en materia de seguridad social",
	"Baja de registro de Contador Público Autorizado",
	"Artículo 17 de la Ley del Seguro Social a patrones con probables inscripciones improcedentes",
	"Carta Invitación a patrones con concentración salarial",
};

static char config[300];
static char out[60000];
static char err[2000];

static int verb(const char *const *words)
{
	return core_verbo(mundo.now, words, out, sizeof(out), err, sizeof(err));
}

#define VERB(...) verb((const char *const[]){__VA_ARGS__, "--config", config, NULL})

static void assert_says(const char *where, const char *what)
{
	if (strstr(where, what) == NULL)
		fail_msg("\"%s\" is not in: %s", what, where);
}

static const struct m_catalogo *in_force(void)
{
	mundo_publicado(&mundo);
	return catalogos_vigente(mundo.server.catalogos);
}

/* ---- the catalogue ---- */

static void test_the_eighteen(void **state)
{
	const struct m_catalogo *c = in_force();

	(void)state;
	assert_int_equal(c->version, 0);
	assert_int_equal(c->tipos_count, TIPOS);
	assert_says(c->aprobacion, "ACDO.AS2.HCT.230724/261.P.DIR");
	assert_says(c->dof, "5 de agosto de 2024");
	for (size_t i = 0; i < TIPOS; i++) {
		char clave[8];

		snprintf(clave, sizeof(clave), "R-7.%zu", i + 1);
		const struct m_tipo_acto *t = catalogo_tipo(c, clave);

		assert_non_null(t);
		assert_string_equal(t->nombre, nombres[i]);
		assert_true(*t->fundamento != '\0' && *t->consecuencia != '\0');
		/* L-T2: the first four from the first day, the others wait. */
		assert_int_equal(catalogo_disponible(t, plazo_activar_vigor()), i < 4);
		assert_false(catalogo_disponible(t, plazo_activar_vigor() - 1));
		assert_int_equal(
			catalogo_disponible(t, mundo.now + INT64_C(1) * 1000 * 86400000), i < 4);
		/* LSS 294: what can be contested has fifteen days for it. */
		assert_int_equal(t->plazo_dias, i < 5 ? 15 : 0);
	}
	assert_null(catalogo_tipo(c, "R-7.19"));
	assert_null(catalogo_tipo(c, "r-7.1"));
	assert_false(catalogo_disponible(NULL, mundo.now));
}

/* L-T2: announced for a day, and from that day on. */
static void test_a_kind_is_switched_on(void **state)
{
	const struct m_catalogo *before = in_force();

	(void)state;
	assert_int_equal(VERB("catalogo", "--disponible", "R-7.5"), 64);
	assert_says(err, "--desde FECHA");
	assert_int_equal(VERB("catalogo", "--disponible", "R-7.5", "--desde", "ayer"), 65);
	assert_int_equal(VERB("catalogo", "--disponible", "R-7.99", "--desde", "2027-01-04"), 66);
	assert_int_equal(in_force()->version, 0);
	assert_int_equal(VERB("catalogo", "--disponible", "R-7.5", "--desde", "2027-01-04"), 0);
	assert_says(out, "versión 1");
	const struct m_tipo_acto *t = catalogo_tipo(in_force(), "R-7.5");

	assert_int_equal(t->disponible, zc("2027-01-04 00:00"));
	assert_false(catalogo_disponible(t, zc("2027-01-03 23:59:59.999")));
	assert_true(catalogo_disponible(t, zc("2027-01-04 00:00")));
	/* Who still has the one before has it whole. */
	assert_int_equal(before->version, 0);
	assert_int_equal(catalogo_tipo(before, "R-7.5")->disponible, 0);
	assert_int_equal(VERB("catalogo"), 0);
	assert_says(out, "En vigor: versión 1");
	assert_says(out, "R-7.6   por ofrecerse");
	assert_says(out, "04/ene/2027");
}

/* L-4.4: another version, from a file that is what --json gives; the approval it rests on. */
static void test_another_version(void **state)
{
	ARENA(a, MB);
	char path[300];

	(void)state;
	snprintf(path, sizeof(path), "%s/catalogo.json", mundo.folder);
	assert_int_equal(VERB("catalogo", "--json"), 0);
	char *text = arena_strdup(&a, out);
	char *at = strstr(text, "230724/261");
	int64_t version = in_force()->version;

	memcpy(at, "000000/999", 10);
	assert_int_equal(file_write(path, bytes_of_text(text), 0600), OK);
	assert_int_equal(VERB("catalogo", "--publicar", path, "--json"), 0);
	assert_says(out, "\"publicado\":true");
	assert_int_equal(in_force()->version, version + 1);
	assert_says(in_force()->aprobacion, "000000/999");
	/* A kind of which acts may run can't vanish. */
	memcpy(strstr(text, "R-7.18"), "R-8.18", 6);
	assert_int_equal(file_write(path, bytes_of_text(text), 0600), OK);
	assert_int_equal(VERB("catalogo", "--publicar", path), 65);
	assert_says(err, "R-7.18");
	memcpy(strstr(text, "R-8.18"), "R-7.17", 6);
	assert_int_equal(file_write(path, bytes_of_text(text), 0600), OK);
	assert_int_equal(VERB("catalogo", "--publicar", path), 65);
	assert_says(err, "R-7.17 está dos veces");
	assert_int_equal(file_write(path, bytes_of_text("{\"version\":0,\"x\":1}"), 0600), OK);
	assert_int_equal(VERB("catalogo", "--publicar", path), 65);
	assert_says(err, "x falta, es demasiado largo o no se conoce");
	assert_int_equal(file_write(path, bytes_of_text("no"), 0600), OK);
	assert_int_equal(VERB("catalogo", "--publicar", path), 65);
	assert_says(err, "no es JSON");
	assert_int_equal(VERB("catalogo", "--publicar", "/no/hay"), 66);
	assert_int_equal(in_force()->version, version + 1);
}

/* ---- the calendar's verb ---- */

static void test_calendar_is_shown(void **state)
{
	(void)state;
	assert_int_equal(VERB("calendario", "--anio", "2026"), 0);
	assert_says(out, "no se ha publicado ninguno");
	assert_says(out, "No hay vacaciones generales publicadas");
	assert_says(out, "lun 16/nov/2026  CFF 12: tercer lunes de noviembre");
	assert_says(out, "lun 19/ene/2026  Pago de las cuotas obrero patronales del mes: "
			 "diciembre de 2025");
	assert_null(strstr(out, "2027"));
	assert_int_equal(VERB("calendario", "--json"), 0);
	assert_says(out, "\"version\":0");
	assert_says(out, "{\"fecha\":\"2030-10-01\",\"motivo\":\"LFT 74");
	assert_says(out, "\"vence\":\"2026-01-19\"");
	assert_int_equal(VERB("calendario", "--anio", "26"), 65);
}

static void test_calendar_is_checked_whole(void **state)
{
	ARENA(a, MB);
	char path[300];

	(void)state;
	snprintf(path, sizeof(path), "%s/c.ics", mundo.folder);
	const char *one = calendario_con(&a, calendario_evento(&a, dia("2027-03-25"), NULL));

	assert_int_equal(file_write(path, bytes_of_text(one), 0600), OK);
	assert_int_equal(VERB("calendario", "--revisar", path), 0);
	assert_says(out, "+ jue 25/mar/2027  Suspensión de labores (declarado)");
	assert_says(out, "se agregan: 1; que se quitan: 0");
	assert_says(out, "No se publicó nada");
	mundo_publicado(&mundo);
	assert_int_equal(mundo.calendario.version, 0);
	assert_int_equal(VERB("calendario", "--publicar", path), 64);
	assert_says(err, "Falta --acuerdo");
	assert_int_equal(VERB("calendario", "--publicar", path, "--acuerdo", ""), 65);
	assert_int_equal(VERB("calendario", "--publicar", path, "--revisar", path), 64);
	/* The example is one of a form, never of days. */
	assert_int_equal(VERB("calendario", "--ejemplo"), 0);
	assert_int_equal(file_write(path, bytes_of_text(out), 0600), OK);
	assert_int_equal(VERB("calendario", "--publicar", path, "--acuerdo", "x"), 65);
	assert_says(err, "Evento «vacaciones-2026-2@ejemplo»: es un ejemplo");
	assert_int_equal(VERB("calendario", "--revisar", "/no/hay"), 66);
	mundo_publicado(&mundo);
	assert_int_equal(mundo.calendario.version, 0);
}

static void test_calendar_is_published(void **state)
{
	ARENA(a, MB);
	const char *one =
		calendario_con(&a, calendario_evento(&a, dia("2027-03-25"), "estado:JAL"));
	const char *said = calendario_publica(&mundo, &a, one, "Acuerdo ACDO.1", 0);
	char path[300];

	(void)state;
	assert_says(said, "+ jue 25/mar/2027  Suspensión de labores (declarado) [estado:JAL]");
	assert_says(said, "Publicado: versión 1");
	mundo_publicado(&mundo);
	assert_int_equal(mundo.calendario.version, 1);
	assert_string_equal(mundo.calendario.fuente, "Acuerdo ACDO.1");
	assert_int_equal(VERB("calendario", "--anio", "2027"), 0);
	assert_says(out, "versión 1, publicada el ");
	assert_says(out, "Acuerdo ACDO.1");
	assert_says(out, "(declarado) [estado:JAL]");
	assert_int_equal(VERB("calendario", "--ics"), 0);
	assert_string_equal(out, one);
	/* What is published reaches at least as far as what was. */
	snprintf(path, sizeof(path), "%s/c.ics", mundo.folder);
	char *shorter = arena_strdup(&a, one);

	memcpy(strstr(shorter, "HASTA:2032"), "HASTA:2031", 10);
	said = calendario_publica(&mundo, &a, shorter, "x", 65);
	assert_says(said, "agrega lo que falta");
	mundo_publicado(&mundo);
	assert_int_equal(mundo.calendario.version, 1);
}

/* ---- what a client is told ---- */

/* The first answer carries all of it, in a few KB on the line; a cursor of before is answered. */
static void test_told_once(void **state)
{
	ARENA(a, 16 * MB);
	struct m_sincronizar rq = {.hat = {rfc, "propio"}};
	struct exchange *x = titular_call(&a, ROUTE_ID_sincronizar, &rq, &by_reading);
	const struct m_sincronizado *got = mundo_answer(&a, x);

	(void)state;
	assert_int_equal(got->catalogo->tipos_count, TIPOS);
	assert_string_equal(got->catalogo->tipos[17].nombre, nombres[17]);
	assert_int_equal(got->calendario->obligaciones_count, 9 * 22);
	assert_string_equal(got->calendario->hasta, "2032-12-31");
	bool scoped = false;

	for (size_t i = 0; i < got->calendario->inhabiles_count; i++) {
		const struct m_inhabil *d = &got->calendario->inhabiles[i];

		if (d->ambito == NULL)
			continue;
		scoped = true;
		assert_string_equal(d->ambito, "estado:JAL");
		assert_string_equal(d->clase, "declarado");
	}
	assert_true(scoped);
	print_message("first sincronizado: %zu bytes of JSON\n", x->answer.size);
	assert_true(x->answer.size < 160 * 1024);
	rq.cursor = got->cursor;
	got = mundo_answer(&a, titular_call(&a, ROUTE_ID_sincronizar, &rq, &by_reading));
	assert_null(got->catalogo);
	assert_null(got->calendario);
	/* Of a client that was told before there was a catalogue. */
	rq.cursor = "0.0.1a2b3c4d.1";
	got = mundo_answer(&a, titular_call(&a, ROUTE_ID_sincronizar, &rq, &by_reading));
	assert_non_null(got->catalogo);
	assert_non_null(got->calendario);
	rq.cursor = "0.0.1a2b3c4d";
	got = mundo_answer(&a, titular_call(&a, ROUTE_ID_sincronizar, &rq, &by_reading));
	assert_non_null(got->calendario);
}

/* A version that this program can't read does not stop a server that runs. */
static void test_of_a_newer_program(void **state)
{
	ARENA(a, MB);
	struct in_catalogo_version none = {0};
	struct out_catalogo_version last;
	struct catalogos *cs = NULL;
	const char *message = NULL;
	int64_t before = in_force()->version;

	(void)state;
	assert_int_equal(q_catalogo_version(mundo.hand, &none, &a, &last), OK);
	struct in_catalogo_poner in = {.version = last.version + 1,
		.publicado = mundo.now,
		.sha256 = "x",
		.json = bytes_of_text("{\"version\":9,\"de_otro\":true,\"tipos\":[]}")};

	assert_int_equal(q_catalogo_poner(mundo.hand, &in, &a, NULL), OK);
	assert_int_equal(catalogos_refresh(mundo.server.catalogos, mundo.hand), ERR_BAD_FIELD);
	assert_int_equal(catalogos_vigente(mundo.server.catalogos)->version, before);
	assert_int_equal(catalogos_open(mundo.hand, &cs, &message), ERR_BAD_FIELD);
	assert_says(message, "actualízalo");
}

static int open_all(void **state)
{
	int r = titular_set_up(state);

	core_verbo_config(config, sizeof(config), mundo.config.almacen);
	return r;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_eighteen),
		cmocka_unit_test(test_a_kind_is_switched_on),
		cmocka_unit_test(test_another_version),
		cmocka_unit_test(test_calendar_is_shown),
		cmocka_unit_test(test_calendar_is_checked_whole),
		cmocka_unit_test(test_calendar_is_published),
		cmocka_unit_test(test_told_once),
		cmocka_unit_test(test_of_a_newer_program),
	};

	return cmocka_run_group_tests(tests, open_all, titular_tear_down);
}
