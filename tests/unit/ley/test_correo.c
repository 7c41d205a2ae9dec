/*
 * Addresses and numbers as they come from people, and from those who mean harm: L-5.1, A-03, A-07,
 * R-1.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "ley/correo.h"

#define L64 "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz01"
#define L63 "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0"

/* valor NULL: the same as the text; clave NULL: the same as valor. */
struct good {
	const char *text;
	const char *valor;
	const char *clave;
};

static const struct good GOOD[] = {
	{"ana@ejemplo.mx", NULL, NULL},
	{"Ana.Perez@Ejemplo.MX", "Ana.Perez@ejemplo.mx", "ana.perez@ejemplo.mx"},
	{"a@b.mx", NULL, NULL},
	{"ana+imss@sub.dominio.gob.mx", NULL, NULL},
	{"!#$%&'*+-/=?^_`{|}~@ejemplo.mx", NULL, NULL},
	/* RFC 6531. */
	{"peña@ejemplo.mx", NULL, NULL},
	{"PEÑA@ejemplo.mx", NULL, "peña@ejemplo.mx"},
	{"josé@correo.mx", "josé@correo.mx", NULL},
	/* The same, decomposed. */
	{"jose\u0301@correo.mx", "josé@correo.mx", NULL},
	{"ana@niño.mx", NULL, "ana@xn--nio-8ma.mx"},
	{"ana@NIÑO.mx", "ana@niño.mx", "ana@xn--nio-8ma.mx"},
	{"ana@nin\u0303o.mx", "ana@niño.mx", "ana@xn--nio-8ma.mx"},
	{"ana@xn--nio-8ma.mx", "ana@niño.mx", "ana@xn--nio-8ma.mx"},
	{"用户@例子.公司", NULL, "用户@xn--fsqu00a.xn--55qx5d"},
	/* Quoted strings: none where none is needed. */
	{"\"ana\"@ejemplo.mx", "ana@ejemplo.mx", NULL},
	{"\"a\\na\"@ejemplo.mx", "ana@ejemplo.mx", NULL},
	{"\"ana perez\"@ejemplo.mx", NULL, NULL},
	{"\"ana@casa\"@ejemplo.mx", NULL, NULL},
	{"\"a\\\"b\\\\c\"@ejemplo.mx", NULL, NULL},
	{"\"\"@ejemplo.mx", NULL, NULL},
	{"\"a..b\"@ejemplo.mx", NULL, NULL},
	{"\"(nota)\"@ejemplo.mx", NULL, NULL},
	/* Lengths: 64, 63, 254. */
	{L64 "@ejemplo.mx", NULL, NULL},
	{"a@" L63 ".mx", NULL, NULL},
	{L64 "@" L63 "." L63 "."
	     "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvw"
	     ".a",
		NULL, NULL},
};

static void test_good(void **state)
{
	ARENA(a, 1 << 20);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(GOOD); i++) {
		const struct good *g = &GOOD[i];
		const char *valor = g->valor != NULL ? g->valor : g->text;
		const char *clave = g->clave != NULL ? g->clave : valor;
		struct correo got = {0};

		if (correo_read(&a, g->text, &got) != OK)
			fail_msg("refused: %s", g->text);
		assert_string_equal(got.valor, valor);
		assert_string_equal(got.clave, clave);
		/* What is kept is read as itself. */
		struct correo again = {0};

		assert_int_equal(correo_read(&a, got.valor, &again), OK);
		assert_string_equal(again.valor, got.valor);
		assert_string_equal(again.clave, got.clave);
	}
	assert_int_equal(strlen(GOOD[COUNT_OF(GOOD) - 1].text), CORREO_BYTES);
}

static const char *const BAD[] = {
	"",
	"@",
	"ana",
	"ana@",
	"@ejemplo.mx",
	"ana@@ejemplo.mx",
	"ana@casa@ejemplo.mx",
	".ana@ejemplo.mx",
	"ana.@ejemplo.mx",
	"ana..p@ejemplo.mx",
	"ana perez@ejemplo.mx",
	" ana@ejemplo.mx",
	"ana@ejemplo.mx ",
	"ana@ejemplo .mx",
	"ana@ejemplo.mx,eva@ejemplo.mx",
	"ana@ejemplo.mx;eva@ejemplo.mx",
	"<ana@ejemplo.mx>",
	"Ana <ana@ejemplo.mx>",
	"mailto:ana@ejemplo.mx",
	"ana(nota)@ejemplo.mx",
	"ana@(nota)ejemplo.mx",
	"ana@ejemplo.mx(nota)",
	/* Header and command injection. */
	"ana@ejemplo.mx\r\nBcc: todos@ejemplo.mx",
	"ana@ejemplo.mx\nRCPT TO:<x@y.mx>",
	"ana\r\n@ejemplo.mx",
	"\"ana\r\nBcc: x\"@ejemplo.mx",
	"\"ana\\\n\"@ejemplo.mx",
	"ana@ejemplo.mx\r",
	"ana\t@ejemplo.mx",
	"ana\x01@ejemplo.mx",
	"ana\x7f@ejemplo.mx",
	"ana\xc2\x85@ejemplo.mx",
	"ana@ejemplo.mx> SIZE=1",
	/* What hides, turns round or is a blank. */
	"a\u200bna@ejemplo.mx",
	"ana\u202e@ejemplo.mx",
	"ana@ejem\u00adplo.mx",
	"ana\u00a0@ejemplo.mx",
	"ana\u3000@ejemplo.mx",
	"ana\u2003@ejemplo.mx",
	"\"ana\u202e\"@ejemplo.mx",
	/* No UTF-8. */
	"\xf1@ejemplo.mx",
	"ana@\xc3.mx",
	"ana\xc0\x80@ejemplo.mx",
	"ana\xed\xa0\x80@ejemplo.mx",
	/* Quotes. */
	"\"ana@ejemplo.mx",
	"\"ana\"perez@ejemplo.mx",
	"ana\"perez\"@ejemplo.mx",
	"\"ana\\\"@ejemplo.mx",
	"\"ana\"",
	"\"ana\\ñ\"@ejemplo.mx",
	/* The DNS. */
	"ana@localhost",
	"ana@[192.0.2.1]",
	"ana@192.0.2.1",
	"ana@[IPv6:::1]",
	"ana@ejemplo..mx",
	"ana@.ejemplo.mx",
	"ana@ejemplo.mx.",
	"ana@-ejemplo.mx",
	"ana@ejemplo-.mx",
	"ana@eje_mplo.mx",
	"ana@ejemplo.mx/x",
	"ana@eje%mplo.mx",
	"ana@xn--a.mx",
	"ana@xn--n-8ca.mx",
	"ana@ejemplo.123",
	"ana@☃️.mx",
	/* One more than fits. */
	L64 "a@ejemplo.mx",
	"a@" L63 "a.mx",
	L64 "@" L63 "." L63 "."
	    "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwx"
	    ".a",
	/* 63 characters, but not as the DNS has them. */
	"a@ñabcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz.mx",
};

static void test_bad(void **state)
{
	ARENA(a, 1 << 20);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(BAD); i++) {
		struct correo got = {0};
		enum err e = correo_read(&a, BAD[i], &got);

		if (e != ERR_BAD_MAIL)
			fail_msg("%zu: %s: %s", i, BAD[i], err_wire(e));
	}
}

static void test_no_memory(void **state)
{
	struct correo got;

	(void)state;
	for (size_t room = 0; room < 2000; room += 8) {
		ARENA(a, room);
		enum err e = correo_read(&a, "\"pe ña\"@niño.mx", &got);

		assert_true(e == OK || e == ERR_NO_MEMORY);
		assert_true(room != 0 || e == ERR_NO_MEMORY);
	}
}

static void test_mobile(void **state)
{
	static const char *const bad[] = {"", "664123456", "66412345678", "+526641234567",
		"664 123 4567", "664-123-4567", "664123456x", "664123456\n",
		"６６４１２３４５６７"};

	(void)state;
	assert_true(celular_valid("6641234567"));
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_false(celular_valid(bad[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_mobile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
