/* Structured fields (RFC 8941), in the manner of the HTTP working group's own test suite. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include "net/sf.h"

#define NONE INT64_MIN

static void integers(void **state)
{
	static const struct {
		const char *text;
		int64_t n;
	} rows[] = {
		{"42", 42},
		{"0", 0},
		{"-0", 0},
		{"00", 0},
		{"-42", -42},
		{"042", 42},
		{"999999999999999", INT64_C(999999999999999)},
		{"-999999999999999", INT64_C(-999999999999999)},
		{"000000000000001", 1},
		{"1000000000000000", NONE},
		{"-1000000000000000", NONE},
		{"", NONE},
		{"-", NONE},
		{"--0", NONE},
		{"- 42", NONE},
		{"-a23", NONE},
		{"+1", NONE},
		{"1.0", NONE},
		{"1.", NONE},
		{".1", NONE},
		{"a", NONE},
		{" 1", NONE},
		{"4-2", 4},
		{"4 2", 4},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct sf s = sf_of(bytes_of_text(rows[i].text));
		int64_t n = NONE;

		if (sf_integer(&s, &n) != (rows[i].n != NONE) || n != rows[i].n)
			fail_msg("%s", rows[i].text);
		/* What does not belong to it is left for the caller to refuse. */
		if (rows[i].n == 4)
			assert_false(sf_end(&s));
	}
}

static void keys(void **state)
{
	static const struct {
		const char *text;
		const char *key;
	} rows[] = {
		{"a", "a"},
		{"*", "*"},
		{"*a-._9*", "*a-._9*"},
		{"sha-256=", "sha-256"},
		{"aB", "a"},
		{"", NULL},
		{"A", NULL},
		{"1a", NULL},
		{"-a", NULL},
		{"_a", NULL},
		{" a", NULL},
		{"\xc3\xb1", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct sf s = sf_of(bytes_of_text(rows[i].text));
		struct bytes key;
		bool good = sf_key(&s, &key);

		assert_int_equal(rows[i].key != NULL, good);
		if (good)
			assert_true(bytes_equal(key, bytes_of_text(rows[i].key)));
	}
	/* Every byte as the only and as the second character. */
	for (unsigned c = 0; c < 256; c++) {
		unsigned char two[2] = {'a', (unsigned char)c};
		struct sf first = sf_of(bytes_of(two + 1, 1));
		struct sf second = sf_of(bytes_of(two, 2));
		struct bytes key;

		assert_int_equal(c == '*' || (c >= 'a' && c <= 'z'), sf_key(&first, &key));
		assert_true(sf_key(&second, &key));
		assert_int_equal(1 + (c != 0 && strchr("abcdefghijklmnopqrstuvwxyz0123456789_-.*",
							c) != NULL),
			key.size);
	}
}

static void strings(void **state)
{
	static const struct {
		const char *text;
		const char *value;
	} rows[] = {
		{"\"foo bar\"", "foo bar"},
		{"\"\"", ""},
		{"\"   \"", "   "},
		{"\"b\\\"a\\\\r\"", "b\"a\\r"},
		{"\"a\" b", "a"},
		{"", NULL},
		{"foo", NULL},
		{"'foo'", NULL},
		{"\"", NULL},
		{"\"foo", NULL},
		{"\"foo \\", NULL},
		{"\"foo \\\"", NULL},
		{"\"foo \\,\"", NULL},
		{"\"\\n\"", NULL},
		{"\"f\xc3\xbc\"", NULL},
		{"\"\t\"", NULL},
		{"\"\n\"", NULL},
		{"\"\x7f\"", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		ARENA(a, 4096);
		struct sf s = sf_of(bytes_of_text(rows[i].text));
		const char *value = NULL;
		enum err e = sf_string(&a, &s, &value);

		if (e != (rows[i].value != NULL ? OK : ERR_BAD_REQUEST))
			fail_msg("%s", rows[i].text);
		if (e == OK)
			assert_string_equal(rows[i].value, value);
	}
	for (unsigned c = 0; c < 256; c++) {
		ARENA(a, 4096);
		unsigned char text[3] = {'"', (unsigned char)c, '"'};
		struct sf s = sf_of(bytes_of(text, 3));
		const char *value = NULL;
		bool good = c >= 0x20 && c <= 0x7e && c != '\\';

		/* A quote ends the string and leaves one behind. */
		assert_int_equal(good ? OK : ERR_BAD_REQUEST, sf_string(&a, &s, &value));
		if (good)
			assert_int_equal(c != '"', sf_end(&s));
	}
}

static void byte_sequences(void **state)
{
	static const struct {
		const char *text;
		const char *value;
	} rows[] = {
		{":aGVsbG8=:", "hello"},
		{"::", ""},
		{":/+Ah:", "\xff\xe0\x21"},
		{":aGVsbG8=", NULL},
		{"aGVsbG8=:", NULL},
		{"", NULL},
		{":", NULL},
		{":aGVsbG8:", NULL},
		{":aGVsbG9=:", NULL},
		{":aGVsbG8==:", NULL},
		{":=aGVsbG8=:", NULL},
		{":aGVsbG8= :", NULL},
		{": aGVsbG8=:", NULL},
		{":aGV\nsbG8=:", NULL},
		{":_-Ah:", NULL},
		{":\xc3\xbc==:", NULL},
		{":a:", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		ARENA(a, 4096);
		struct sf s = sf_of(bytes_of_text(rows[i].text));
		struct bytes value;
		enum err e = sf_bytes(&a, &s, &value);

		if (e != (rows[i].value != NULL ? OK : ERR_BAD_REQUEST))
			fail_msg("%s", rows[i].text);
		if (e == OK)
			assert_true(bytes_equal(value, bytes_of_text(rows[i].value)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers),
		cmocka_unit_test(keys),
		cmocka_unit_test(strings),
		cmocka_unit_test(byte_sequences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
