/*
 * How an SMS is coded: no accent is lost without need, no part is paid for without need, nothing
 * becomes a question mark. A-07
 */
#include <string.h>
#include "core/sms_texto.h"
#include "tests/help/cm.h"

#define ROOM 65536

static const char *repeat(struct arena *a, const char *piece, size_t n)
{
	char *text = arena_zalloc(a, strlen(piece) * n + 1);

	assert_non_null(text);
	for (size_t i = 0; i < n; i++)
		strcat(text, piece);
	return text;
}

static void check(const char *text, const char *want, bool ucs2, unsigned partes)
{
	ARENA(a, ROOM);
	struct sms_texto s;

	assert_int_equal(sms_texto(&a, text, &s), OK);
	assert_string_equal(s.texto, want);
	assert_int_equal(s.ucs2, ucs2);
	assert_int_equal(s.partes, partes);
}

static void test_letters(void **state)
{
	(void)state;
	/* What the default alphabet has. */
	check("Año: ¿ñandú?", "Año: ¿ñandú?", true, 1);
	check("Año 2026, é ü ¡!", "Año 2026, é ü ¡!", false, 1);
	check("código", "código", true, 1);
	check("[€]", "[€]", false, 1);
	check("`", "`", true, 1);
	check("a\nb", "a\nb", false, 1);
	check("😀", "😀", true, 1);
}

static void test_lengths(void **state)
{
	ARENA(a, ROOM);
	struct sms_texto s;

	(void)state;
	check(repeat(&a, "x", 160), repeat(&a, "x", 160), false, 1);
	check(repeat(&a, "x", 161), repeat(&a, "x", 161), false, 2);
	/* Two septets each. */
	check(repeat(&a, "€", 80), repeat(&a, "€", 80), false, 1);
	check(repeat(&a, "€", 81), repeat(&a, "€", 81), false, 2);
	check(repeat(&a, "ó", 70), repeat(&a, "ó", 70), true, 1);
	/* An accent less is better than a part more. */
	check(repeat(&a, "ó", 71), repeat(&a, "o", 71), false, 1);
	check(repeat(&a, "ó", 160), repeat(&a, "o", 160), false, 1);
	/* As many either way: the accents stay. */
	check(repeat(&a, "Ж", 71), repeat(&a, "Ж", 71), true, 2);
	check(repeat(&a, "Ж", 134), repeat(&a, "Ж", 134), true, 2);
	check(repeat(&a, "😀", 67), repeat(&a, "😀", 67), true, 2);
	assert_int_equal(sms_texto(&a, repeat(&a, "Ж", 135), &s), ERR_TOO_LARGE);
	assert_int_equal(sms_texto(&a, repeat(&a, "x", 306), &s), OK);
	assert_int_equal(sms_texto(&a, repeat(&a, "x", 307), &s), ERR_TOO_LARGE);
	assert_int_equal(sms_texto(&a, "", &s), ERR_BAD_FIELD);
	assert_int_equal(sms_texto(&a, "\xff", &s), ERR_BAD_FIELD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_letters),
		cmocka_unit_test(test_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
