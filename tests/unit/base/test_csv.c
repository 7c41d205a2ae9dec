/* CSV (RFC 4180), record by record. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"

#define MB (1 << 20)

static struct csv of(const void *text, size_t size, char separator)
{
	FILE *in = fmemopen((void *)(uintptr_t)text, size, "r");

	assert_non_null(in);
	return (struct csv){.in = in, .separator = separator, .line = 1};
}

#define OF(text, separator) of(text, strlen(text), separator)

static void test_records(void **state)
{
	ARENA(a, MB);
	struct csv_record r;
	struct csv c = OF("a,b,c\r\n\n\"x,\"\"y\"\"\nz\",,\"\"\r\n\r\nlast,\"one\"", ',');

	(void)state;
	assert_int_equal(csv_next(&c, &a, &r), OK);
	assert_int_equal(r.line, 1);
	assert_int_equal(r.count, 3);
	assert_string_equal(r.fields[2], "c");
	assert_int_equal(csv_next(&c, &a, &r), OK);
	assert_int_equal(r.line, 3);
	assert_int_equal(r.count, 3);
	assert_string_equal(r.fields[0], "x,\"y\"\nz");
	assert_string_equal(r.fields[1], "");
	assert_string_equal(r.fields[2], "");
	assert_int_equal(csv_next(&c, &a, &r), OK);
	assert_int_equal(r.line, 6);
	assert_string_equal(r.fields[1], "one");
	assert_int_equal(csv_next(&c, &a, &r), ERR_NOT_FOUND);
	fclose(c.in);
	c = OF("a;\"b;c\";", ';');
	assert_int_equal(csv_next(&c, &a, &r), OK);
	assert_int_equal(r.count, 3);
	assert_string_equal(r.fields[1], "b;c");
	fclose(c.in);
}

/* What is wrong is said with its line and field, and reading goes on behind it. */
static void test_wrong(void **state)
{
	static const struct {
		const char *text;
		const char *reason;
		size_t field;
	} CASES[] = {
		{"a,b\"c\nnext", "comillas sueltas", 1},
		{"\"a\" ,b\nnext", "comillas sueltas", 0},
		{"a,\"b\nnext", "comillas que cierran", 1},
	};
	ARENA(a, MB);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(CASES); i++) {
		struct csv_record r;
		struct csv c = OF(CASES[i].text, ',');

		assert_int_equal(csv_next(&c, &a, &r), ERR_BAD_FIELD);
		assert_int_equal(r.line, 1);
		assert_int_equal(r.bad_field, CASES[i].field);
		assert_non_null(strstr(r.reason, CASES[i].reason));
		assert_int_equal(csv_next(&c, &a, &r), i < 2 ? OK : ERR_NOT_FOUND);
		assert_true(i == 2 || r.line == 2);
		fclose(c.in);
	}
}

static void test_limits(void **state)
{
	ARENA(a, 4 * MB);
	char *big = malloc(2 * CSV_BYTES);
	struct csv_record r;

	(void)state;
	assert_non_null(big);
	memset(big, 'x', 2 * CSV_BYTES);
	big[CSV_BYTES + 1000] = '\n';
	struct csv c = of(big, 2 * CSV_BYTES, ',');

	assert_int_equal(csv_next(&c, &a, &r), ERR_BAD_FIELD);
	assert_non_null(strstr(r.reason, "demasiado largo"));
	assert_int_equal(csv_next(&c, &a, &r), OK);
	assert_int_equal(r.line, 2);
	fclose(c.in);
	memset(big, ',', 2 * CSV_FIELDS);
	c = of(big, 2 * CSV_FIELDS, ',');
	assert_int_equal(csv_next(&c, &a, &r), ERR_BAD_FIELD);
	assert_non_null(strstr(r.reason, "demasiadas columnas"));
	fclose(c.in);
	c = of("a\0b\n", 4, ',');
	assert_int_equal(csv_next(&c, &a, &r), ERR_BAD_FIELD);
	assert_non_null(strstr(r.reason, "byte nulo"));
	fclose(c.in);
	free(big);
}

static void test_names(void **state)
{
	static const char *const names[][2] = {{"Plazo días", "plazo_dias"}, {"  RFC\t", "rfc"},
		{"convenio-2020", "convenio_2020"}, {"", ""}, {"Año ¿?", "a?o_??"}};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		char name[CSV_NAME];

		csv_name(names[i][0], name);
		assert_string_equal(name, names[i][1]);
	}
	char longest[CSV_NAME];

	csv_name("0123456789012345678901234567890123456789012345", longest);
	assert_int_equal(strlen(longest), CSV_NAME - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
