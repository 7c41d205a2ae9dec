/*
 * Each kind of act by both programs: those that are available are issued, listed with their name
 * and term, opened and answered by an acuse that says which they are; the others are refused until
 * the operator switches them on, and are the same from then on.
 *
 * R-7.16 R-7.17 R-7.18 L-4.3 L-T2
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/file.h"
#include "base/secret.h"
#include "ley/fecha.h"
#include "ley/hora.h"
#include "ley/zona.h"
#include "tests/help/cm.h"
#include "tests/help/e2e.h"
#include "tests/help/pki.h"

#define ROOM (16 * 1024 * 1024)
#define TRIES 300

static struct e2e world;

/* From the Lineamientos: how each is called, and whether it is there from the first day (L-T2). */
static const struct {
	const char *clave;
	const char *nombre;
	bool ofrecido;
	int plazo_dias; /* LSS 294; 0: it resolves nothing that has a term of its own */
} tipos[] = {
	{"R-7.1", "Resolución de Determinación de la Prima", true, 15},
	{"R-7.2", "Resolución de Rectificación de la Prima", true, 15},
	{"R-7.3", "Multa derivada de la Rectificación", true, 15},
	{"R-7.4", "Resolución para cubrir la Prima Media", true, 15},
	{"R-7.5", "Resolución de rectificación de la clasificación", false, 15},
	{"R-7.6", "Oficio de requerimiento de información faltante", false, 0},
	{"R-7.7", "Oficio para desechar el trámite", false, 0},
	{"R-7.8", "Invitación para revisar la correcta clasificación", false, 0},
	{"R-7.9", "Oficio de requerimiento de documentación complementaria", false, 0},
	{"R-7.10", "Oficio de abandono de la corrección", false, 0},
	{"R-7.11", "Oficio de respuesta dejando a salvo", false, 0},
	{"R-7.12", "Oficio artículo 182 del Reglamento", false, 0},
	{"R-7.13", "Oficio de conclusión del trámite de corrección", false, 0},
	{"R-7.14", "Oficio de cierre por validación", false, 0},
	{"R-7.15", "Autorización de registro para dictaminar", false, 0},
	{"R-7.16", "Baja de registro de Contador Público", false, 0},
	{"R-7.17", "Artículo 17 de la Ley del Seguro Social", false, 0},
	{"R-7.18", "Carta Invitación a patrones con concentración salarial", false, 0},
};

static int open_world(void **state)
{
	(void)state;
	e2e_open(&world);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	e2e_close(&world);
	return 0;
}

static struct e2e_run notifica(struct arena *a, size_t i)
{
	return E2E_OFICINA(&world, a, "notificar", "--rfc", E2E_FISICA, "--pdf", "documento.pdf",
		"--oficio", arena_printf(a, "TIPO/%s", tipos[i].clave), "--tipo", tipos[i].clave,
		"--documento", E2E_DOCUMENTO, "--json", "--aviso",
		hora_text(a, zona_centro(), world.aviso, HORA_CADENA));
}

static void must_say(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("no «%s» in: %s", part, text);
}

/* Of that kind the client has this one, as it is called, with its term. */
static void must_be_listed(struct arena *a, size_t i, const char *folio)
{
	struct e2e_run r = E2E_RUN(
		&world, a, "buzon-tui", "notificaciones", "--json", "--tipo", tipos[i].clave);

	assert_int_equal(r.code, 0);
	assert_string_equal(e2e_json(a, r.out, "folio"), folio);
	assert_string_equal(e2e_json(a, r.out, "tipo"), tipos[i].clave);
	must_say(e2e_json(a, r.out, "tipo_nombre"), tipos[i].nombre);
	if (tipos[i].plazo_dias != 0)
		must_say(r.out, arena_printf(a, "\"plazo_dias\":%d,", tipos[i].plazo_dias));
	else
		assert_null(strstr(r.out, "plazo_dias"));
	assert_string_equal(e2e_json(a, r.out, "estatus"), "por abrir");
	assert_null(strstr(strchr(r.out, '\n'), folio));
}

/* Issued, listed, opened; the acuse says what it is, and is proved. */
static void lives(size_t i)
{
	ARENA(a, ROOM);
	struct e2e_run r = notifica(&a, i);

	if (r.code != 0)
		fail_msg("%s: %d %s", tipos[i].clave, r.code, r.err);
	const char *folio = e2e_json(&a, r.out, "folio");

	must_be_listed(&a, i, folio);
	r = E2E_RUN(&world, &a, "buzon-tui", "abrir", folio, "--si", "--json");
	if (r.code != 0)
		fail_msg("%s: %d %s", tipos[i].clave, r.code, r.err);
	r = E2E_RUN(
		&world, &a, "buzon-tui", "acuse", e2e_json(&a, r.out, "folio"), "-o", "acuse.json");
	assert_int_equal(r.code, 0);
	must_say(e2e_file(&world, &a, "acuse.json"), folio);
	must_say(e2e_file(&world, &a, "acuse.json"), arena_printf(&a, "TIPO/%s", tipos[i].clave));
	r = E2E_RUN(&world, &a, "buzon-tui", "verificar", "acuse.json");
	assert_int_equal(r.code, 0);
}

static void test_from_the_first_day(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(tipos); i++) {
		ARENA(a, ROOM);

		if (tipos[i].ofrecido) {
			lives(i);
			continue;
		}
		struct e2e_run r = notifica(&a, i);

		assert_int_equal(r.code, 65);
		must_say(r.err, "por ofrecerse");
	}
	assert_int_equal(e2e_number(&world, "SELECT COUNT(*) FROM notificacion"), 4);
}

/* A server hears of a version that is published; it is asked until it has. */
static void until_offered(size_t i)
{
	ARENA(a, ROOM);

	for (int n = 0; n < TRIES; n++) {
		struct e2e_run r = E2E_OFICINA(&world, &a, "notificar", "--rfc", E2E_FISICA,
			"--oficio", "MIRA/1", "--tipo", tipos[i].clave, "--revisar");

		if (r.code == 0)
			return;
		nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
	}
	fail_msg("%s is not offered", tipos[i].clave);
}

static void test_once_they_are_switched_on(void **state)
{
	ARENA(a, ROOM);
	const char *today = fecha_text(&a, zona_civil(zona_centro(), pki_now()).dia, FECHA_ISO);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(tipos); i++) {
		struct e2e_run r;

		if (tipos[i].ofrecido)
			continue;
		r = E2E_RUN(&world, &a, "buzond", "catalogo", "--disponible", tipos[i].clave,
			"--desde", today, "--config", "buzond.ini");
		if (r.code != 0)
			fail_msg("%s: %d %s", tipos[i].clave, r.code, r.err);
	}
	until_offered(COUNT_OF(tipos) - 1);
	for (size_t i = 0; i < COUNT_OF(tipos); i++)
		if (!tipos[i].ofrecido)
			lives(i);
	assert_int_equal(e2e_number(&world, "SELECT COUNT(DISTINCT tipo) FROM notificacion"), 18);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_from_the_first_day),
		cmocka_unit_test(test_once_they_are_switched_on),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, open_world, close_world);
}
