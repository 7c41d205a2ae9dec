/* Folio and cadena original 3.0. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "ley/cadena.h"
#include "ley/folio.h"
#include "tests/help/dia.h"

static int setup(void **state)
{
	(void)state;
	return zona_setup();
}

/* */
static void test_folio(void **state)
{
	static const char *const BAD[] = {"", "BI-20261109-10150011", "BI-20261109-1015001140",
		"bi-20261109-101500114", "BI-20261309-101500114", "BI-20260431-101500114",
		"BI-20261109-241500114", "BI-20261109-106000114", "BI-20261109-101560114",
		"BI-20261109 101500114", "BI-2026110a-101500114"};
	char folio[FOLIO_BYTES];

	(void)state;
	folio_of(zc("2026-11-09 10:15:00.114"), folio);
	assert_string_equal(folio, "BI-20261109-101500114");
	/* Zona Centro, whatever the zone of the machine. */
	setenv("TZ", "Asia/Tokyo", 1);
	folio_of(zc("2026-12-31 23:59:59.999"), folio);
	assert_string_equal(folio, "BI-20261231-235959999");
	assert_true(folio_valid(folio));
	for (size_t i = 0; i < COUNT_OF(BAD); i++)
		assert_false(folio_valid(BAD[i]));
	assert_false(folio_valid(NULL));
}

static const struct cadena GOOD = {
	.version = "3.0",
	.tipo = "Apertura de notificación",
	.folio = "BI-20261112-175203114",
	.elaborado = "2026-11-12T17:52:03.120-06:00",
	.recibido = "2026-11-12T17:52:03.114-06:00",
	.legal = "2026-11-12T17:52:03.114-06:00",
	.titular = "ÑUÑ&010203AB1",
	.firmante = "ÑUÑ&010203AB1",
	.calidad = "propio",
	.base_sha256 = "aa",
	.contenido_sha256 = "bb",
	.certificado_sello = "cc",
};

static const char GOOD_TEXT[] =
	"||Versión:3.0|Tipo de trámite:Apertura de notificación|"
	"Folio del trámite:BI-20261112-175203114|"
	"Fecha de elaboración:2026-11-12T17:52:03.120-06:00|"
	"Recibido:2026-11-12T17:52:03.114-06:00|Fecha legal:2026-11-12T17:52:03.114-06:00|"
	"Titular:ÑUÑ&010203AB1|Firmante:ÑUÑ&010203AB1|Calidad:propio|"
	"SHA-256 de lo firmado:aa|SHA-256 del contenido:bb|Certificado del sello:cc||";

/* A-15 L-7.9: the exact bytes that are sealed, and back. */
static void test_round_trip(void **state)
{
	ARENA(a, 65536);
	const char *text;
	const char *again;
	struct cadena c;

	(void)state;
	assert_int_equal(cadena_build(&a, &GOOD, &text), OK);
	assert_string_equal(text, GOOD_TEXT);
	assert_int_equal(cadena_parse(&a, text, &c), OK);
	assert_string_equal(c.recibido, GOOD.recibido);
	assert_int_equal(cadena_build(&a, &c, &again), OK);
	assert_string_equal(again, text);
}

static void test_bad_values(void **state)
{
	static const char *const BAD[] = {
		NULL, "", "a|b", "a\nb", "a\x7f", "\xc2\x85", "\xff", "a\xc3"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(BAD); i++)
		for (size_t m = 0; m < sizeof(GOOD) / sizeof(char *); m++) {
			ARENA(a, 65536);
			struct cadena c = GOOD;
			const char *text = "as it was";

			((const char **)&c)[m] = BAD[i];
			assert_int_equal(cadena_build(&a, &c, &text), ERR_BAD_FIELD);
			assert_string_equal(text, "as it was");
		}
	ARENA(none, 64);
	const char *text;

	assert_int_equal(cadena_build(&none, &GOOD, &text), ERR_NO_MEMORY);
	struct cadena c;

	assert_int_equal(cadena_parse(&none, GOOD_TEXT, &c), ERR_NO_MEMORY);
}

/* Any other shape is refused: each byte cut off the end, each label broken, more behind. */
static void test_bad_shapes(void **state)
{
	struct cadena c;

	(void)state;
	for (size_t n = 0; n < sizeof(GOOD_TEXT) - 1; n++) {
		ARENA(a, 65536);
		char *cut = arena_copy(&a, GOOD_TEXT, n);

		assert_int_equal(cadena_parse(&a, cut, &c), ERR_BAD_FIELD);
	}
	static const char *const BAD[] = {"||Versión:3.0||", "||Folio del trámite:x||", "||||"};

	for (size_t i = 0; i < COUNT_OF(BAD); i++) {
		ARENA(a, 65536);
		assert_int_equal(cadena_parse(&a, BAD[i], &c), ERR_BAD_FIELD);
	}
	ARENA(a, 65536);
	assert_int_equal(cadena_parse(&a, NULL, &c), ERR_BAD_FIELD);
	assert_int_equal(cadena_parse(&a, arena_printf(&a, "%s ", GOOD_TEXT), &c), ERR_BAD_FIELD);
	assert_int_equal(
		cadena_parse(&a,
			arena_printf(&a, "%.*s|Otro:x||", (int)sizeof(GOOD_TEXT) - 3, GOOD_TEXT),
			&c),
		ERR_BAD_FIELD);
	assert_int_equal(cadena_parse(&a, arena_printf(&a, "|%s", GOOD_TEXT), &c), ERR_BAD_FIELD);
}

static void test_time(void **state)
{
	int64_t t = zc("2026-11-12 17:52:03.120");
	struct cadena c = GOOD;

	(void)state;
	assert_int_equal(cadena_check_time(&c, t + 300000, 300000), OK);
	assert_int_equal(cadena_check_time(&c, t - 300000, 300000), OK);
	assert_int_equal(cadena_check_time(&c, t + 300001, 300000), ERR_CLOCK_OFF);
	assert_int_equal(cadena_check_time(&c, t - 300001, 300000), ERR_CLOCK_OFF);
	c.elaborado = "ayer";
	assert_int_equal(cadena_check_time(&c, t, 300000), ERR_BAD_FIELD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_folio),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_bad_values),
		cmocka_unit_test(test_bad_shapes),
		cmocka_unit_test(test_time),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
