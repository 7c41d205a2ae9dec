/*
 * Forms with files, cut in every way: what is read is what was sent, and what is none is told so.
 * RFC 7578
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include "base/macros.h"
#include "net/multipart.h"

#define TYPE "multipart/form-data; boundary=----WebKitFormBoundaryAbC"
#define LONG                                                                                       \
	"multipart/form-data; boundary="                                                           \
	"0123456789012345678901234567890123456789012345678901234567890123456789x"
#define MARK "------WebKitFormBoundaryAbC"

/* "name:file=[data]" of each part, one behind the other. */
struct seen {
	char text[4096];
	size_t size;
};

static void add(struct seen *s, const char *data, size_t size)
{
	assert_true(s->size + size < sizeof(s->text));
	memcpy(s->text + s->size, data, size);
	s->size += size;
	s->text[s->size] = '\0';
}

static void begins(void *ctx, const char *name, bool file)
{
	add(ctx, "|", 1);
	add(ctx, name, strlen(name));
	add(ctx, file ? ":f=" : ":t=", 3);
}

static void take(void *ctx, struct bytes some)
{
	add(ctx, (const char *)some.data, some.size);
}

static bool read_in(const char *type, const char *form, size_t size, size_t step, struct seen *s)
{
	struct multipart_handlers to = {.ctx = s, .begins = begins, .data = take};
	struct multipart m;

	*s = (struct seen){0};
	assert_int_equal(multipart_begin(&m, type, &to), OK);
	for (size_t at = 0; at < size; at += step)
		multipart_add(&m, bytes_of(form + at, size - at < step ? size - at : step));
	return multipart_ended(&m);
}

static const char form[] =
	"preamble\r\n" MARK "\r\n"
	"Content-Disposition: form-data; name=\"clave\"\r\n\r\n"
	"0123\r\n" MARK " \t\r\n"
	"content-type: application/pdf\r\n"
	"content-disposition: form-data; filename=\"a;name=x.pdf\"; NAME=archivo\r\n"
	"\r\n"
	"%PDF\r\n\r\r\n--\r\n------WebKitFormBoundaryAbX\r\n\r\n" MARK "--\r\nrest";

static void forms_are_read_however_they_are_cut(void **state)
{
	struct seen s;

	(void)state;
	for (size_t step = 1; step < sizeof(form); step++) {
		assert_true(read_in(TYPE, form, sizeof(form) - 1, step, &s));
		assert_string_equal(s.text,
			"|clave:t=0123|archivo:f=%PDF\r\n\r\r\n--\r\n------WebKitFormBoundaryAbX\r\n");
	}
	assert_true(
		read_in("Multipart/Form-Data ; charset=x; boundary=\"----WebKitFormBoundaryAbC\"",
			form, sizeof(form) - 1, 100, &s));
}

static void a_file_that_was_not_picked_is_empty(void **state)
{
	static const char none[] = MARK "\r\nContent-Disposition: form-data; name=\"archivo\"; "
					"filename=\"\"\r\n\r\n\r\n" MARK "--\r\n";
	struct seen s;

	(void)state;
	assert_true(read_in(TYPE, none, sizeof(none) - 1, 1, &s));
	assert_string_equal(s.text, "|archivo:f=");
}

static void cut_forms_are_told(void **state)
{
	struct seen s;
	size_t whole = (size_t)(strstr(form, MARK "--") - form) + strlen(MARK) + 2;

	(void)state;
	for (size_t n = 0; n < whole; n++)
		assert_false(read_in(TYPE, form, n, 7, &s));
	assert_true(read_in(TYPE, form, whole, 7, &s));
}

static void what_is_no_form_is_told(void **state)
{
	static const char *const types[] = {"multipart/form-data",
		"multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
		"text/plain; boundary=x", (LONG)};
	static const struct multipart_handlers to = {.begins = begins, .data = take};
	static char long_head[MULTIPART_HEADERS + 200];
	struct multipart m;
	struct seen s;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(types); i++)
		assert_int_equal(multipart_begin(&m, types[i], &to), ERR_BAD_REQUEST);
	assert_false(multipart_is(NULL));
	assert_false(read_in(TYPE, "--x--", 5, 1, &s));
	static const char odd[] = MARK "-x\r\n";
	assert_false(read_in(TYPE, odd, sizeof(odd) - 1, 1, &s));
	static const char unnamed[] =
		MARK "\r\nContent-Disposition: form-data\r\n\r\nx\r\n" MARK "--\r\n";
	assert_false(read_in(TYPE, unnamed, sizeof(unnamed) - 1, 1, &s));
	int n = snprintf(long_head, sizeof(long_head), MARK "\r\nX: ");
	memset(long_head + n, 'x', sizeof(long_head) - (size_t)n);
	assert_false(read_in(TYPE, long_head, sizeof(long_head), 1, &s));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms_are_read_however_they_are_cut),
		cmocka_unit_test(a_file_that_was_not_picked_is_empty),
		cmocka_unit_test(cut_forms_are_told),
		cmocka_unit_test(what_is_no_form_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
