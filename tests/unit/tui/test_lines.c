/* What the line mode is made of: lines in, lines out, a field as a line, a page in parts. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/mem.h"
#include "tests/help/cm.h"
#include "tui/form.h"
#include "tui/line_in.h"
#include "tui/lines_out.h"
#include "tui/plain.h"

#define ROOM (4 * 1024 * 1024)

struct tube {
	struct line_in in;
	int to;
};

static int open_tube(void **state)
{
	static struct tube tube;
	struct secret_status status;
	int ends[2];

	assert_int_equal(secret_setup(&status), OK);
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	tube.to = ends[1];
	assert_int_equal(line_in_open(&tube.in, ends[0]), OK);
	*state = &tube;
	return 0;
}

static int close_tube(void **state)
{
	struct tube *t = *state;

	close(t->in.fd);
	if (t->to >= 0)
		close(t->to);
	line_in_close(&t->in);
	return 0;
}

static void put(struct tube *t, const void *bytes, size_t size)
{
	assert_int_equal(write(t->to, bytes, size), (ssize_t)size);
	line_in_read(&t->in);
}

static void put_text(struct tube *t, const char *text)
{
	put(t, text, strlen(text));
}

static void must_be(struct tube *t, const char *text)
{
	ARENA(a, ROOM);
	struct bytes line;

	assert_int_equal(line_in_next(&t->in, &line), LINE_IN_LINE);
	assert_string_equal(line_in_text(&a, line), text);
}

static void must_be_kind(struct tube *t, enum line_in_kind kind)
{
	struct bytes line;

	assert_int_equal(line_in_next(&t->in, &line), kind);
}

/* A line is one when its end comes, wherever it was cut; a character cut in two is whole again. */
static void test_partial(void **state)
{
	struct tube *t = *state;

	must_be_kind(t, LINE_IN_NONE);
	put_text(t, "no");
	must_be_kind(t, LINE_IN_NONE);
	put_text(t, "tificaciones\nNandu\xc3");
	must_be(t, "notificaciones");
	must_be_kind(t, LINE_IN_NONE);
	put_text(t, "\x91\n\n\r\nuna\r\n");
	must_be(t, "NanduÑ");
	must_be(t, "");
	must_be(t, "");
	must_be(t, "una");
	must_be_kind(t, LINE_IN_NONE);
}

/* Controls, NUL and bytes that are no UTF-8 harm nobody; a tab is a blank. */
static void test_junk(void **state)
{
	struct tube *t = *state;
	static const char nul[] = "fir\0mar\n";

	put(t, nul, sizeof(nul) - 1);
	must_be(t, "firmar");
	put_text(t, "\x1b[200~a\x1b[31mb\x07\x08\tc\x7f\xff\n");
	must_be(t, "[200~a[31mb c\xef\xbf\xbd");
	put_text(t, "\x1b\x01\n");
	must_be(t, "");
	put_text(t, "\xe2\x80\xaez\n");
	must_be(t, "z");
}

/* A megabyte without an end is refused once, nothing of it is taken, and the next line is whole. */
static void test_too_long(void **state)
{
	struct tube *t = *state;
	static char junk[4096];
	size_t told = 0;

	memset(junk, 'x', sizeof(junk));
	for (size_t sent = 0; sent < 1024 * 1024; sent += sizeof(junk)) {
		struct bytes line;

		put(t, junk, sizeof(junk));
		enum line_in_kind kind = line_in_next(&t->in, &line);

		assert_true(kind == LINE_IN_NONE || kind == LINE_IN_TOO_LONG);
		told += kind == LINE_IN_TOO_LONG;
	}
	assert_int_equal(told, 1);
	put_text(t, "fin\nsalir\n");
	must_be(t, "salir");
	must_be_kind(t, LINE_IN_NONE);
	/* The longest that fits. */
	memset(junk, 'y', sizeof(junk));
	put(t, junk, sizeof(junk));
	must_be_kind(t, LINE_IN_NONE);
	junk[sizeof(junk) - 1] = '\n';
	put(t, junk, sizeof(junk));
	struct bytes line;

	assert_int_equal(line_in_next(&t->in, &line), LINE_IN_LINE);
	assert_int_equal(line.size, LINE_IN_MOST - 1);
}

/* Lines that came before the end are still given; what has no end is none: it was cut. */
static void test_end(void **state)
{
	struct tube *t = *state;

	put_text(t, "una\nfirm");
	close(t->to);
	t->to = -1;
	line_in_read(&t->in);
	must_be(t, "una");
	must_be_kind(t, LINE_IN_END);
	must_be_kind(t, LINE_IN_END);
}

static bool holds(const struct line_in *in, const char *text)
{
	return memmem(in->buffer.data, in->buffer.capacity, text, strlen(text)) != NULL;
}

/* A secret keeps its bytes (a colon, blanks, Ñ), and none of it stays where it was read. */
static void test_secret(void **state)
{
	struct tube *t = *state;
	struct bytes line;
	SECRET(secret);

	put_text(t, ": clave Ñ 12\x01\r\nresto\n");
	assert_int_equal(line_in_next(&t->in, &line), LINE_IN_LINE);
	assert_int_equal(line_in_secret(line, &secret), OK);
	assert_int_equal(secret.size, strlen(": clave Ñ 12"));
	assert_memory_equal(secret.data, ": clave Ñ 12", secret.size);
	must_be(t, "resto");
	must_be_kind(t, LINE_IN_NONE);
	assert_false(holds(&t->in, "clave"));
	assert_false(holds(&t->in, "resto"));
	put_text(t, "antes\nde la pregunta");
	line_in_forget(&t->in);
	must_be_kind(t, LINE_IN_NONE);
	assert_false(holds(&t->in, "antes"));
	assert_false(holds(&t->in, "pregunta"));
}

/* ---- out ---------------------------------------------------------------------------------- */

static const char *sent(int fd)
{
	static char text[16384];
	ssize_t n = read(fd, text, sizeof(text) - 1);

	assert_true(n >= 0);
	text[n] = '\0';
	return text;
}

/* No control but the line's end leaves, split or whole; a line that is open is known. */
static void test_out(void **state)
{
	struct lines_out o;
	int ends[2];

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(lines_out_open(&o, ends[1], true), OK);
	(void)fputs("uno\r\x1b[2J\a Ñ…\n\xff", o.file);
	(void)fputs("dos: \xc3", o.file);
	(void)fflush(o.file);
	(void)fputs("\x91", o.file);
	assert_int_equal(lines_out_flush(&o), OK);
	assert_true(o.open);
	assert_string_equal(sent(ends[0]), "uno[2J Ñ…\n?dos: Ñ");
	(void)fputs("\n", o.file);
	assert_int_equal(lines_out_flush(&o), OK);
	assert_false(o.open);
	(void)sent(ends[0]);
	o.utf8 = false;
	(void)fputs("Ñandú…\n", o.file);
	assert_int_equal(lines_out_flush(&o), OK);
	assert_string_equal(sent(ends[0]), "Nandu~\n");
	close(ends[0]);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)fputs("nadie\n", o.file);
	assert_int_equal(lines_out_flush(&o), ERR_IO);
	lines_out_close(&o);
	close(ends[1]);
}

/* ---- a page in parts ---------------------------------------------------------------------- */

static char *printed(const struct page *p, const struct plain_options *o)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	assert_non_null(f);
	assert_int_equal(plain_page(f, NULL, p, o), OK);
	(void)fclose(f);
	return text;
}

/* Lines that are longer than the screen take more of the part; the parts are the whole. */
static void test_text_parts(void **state)
{
	static const struct page_paragraph lines[] = {{.text = "a"},
		{.text = "0123456789012345678901234"}, {.text = "c"}, {.text = "d"}, {.text = "e"}};
	struct page p = {.kind = PAGE_TEXT, .text = {lines, COUNT_OF(lines)}};
	struct plain_options o = {.labels = true, .row_cells = 10};
	size_t end = 0, total = 0;

	(void)state;
	assert_int_equal(plain_part(&p, &o, 3, &end, &total), OK);
	assert_int_equal(total, 5);
	assert_int_equal(end, 1);
	o.first = end;
	assert_int_equal(plain_part(&p, &o, 3, &end, &total), OK);
	assert_int_equal(end, 2);
	o.first = end;
	assert_int_equal(plain_part(&p, &o, 3, &end, &total), OK);
	assert_int_equal(end, 5);
	o.count = 2;
	char *text = printed(&p, &o);

	assert_string_equal(text, "c\nd\n");
	free(text);
	/* Nothing is left: nothing is said to be. */
	o.first = 5;
	assert_int_equal(plain_part(&p, &o, 3, &end, &total), OK);
	assert_int_equal(end, 5);
	/* Not even the first line fits: it is printed all the same. */
	o.first = 1;
	assert_int_equal(plain_part(&p, &o, 1, &end, &total), OK);
	assert_int_equal(end, 2);
}

/* A QR that is cut can't be read by any telephone; without UTF-8 it is a sentence. */
static void test_qr_whole(void **state)
{
	static unsigned char modules[21 * 21];
	static const struct page_qr qr = {21, modules};
	const struct page_paragraph lines[] = {
		{.text = "a"}, {.style = PAGE_QR, .qr = &qr}, {.text = "z"}};
	struct page p = {.kind = PAGE_TEXT, .text = {lines, COUNT_OF(lines)}};
	struct plain_options o = {.labels = true, .utf8 = true};
	size_t end = 0, total = 0;

	(void)state;
	assert_int_equal(plain_part(&p, &o, 5, &end, &total), OK);
	assert_int_equal(end, total - 1);
	assert_true(total > 12);
	o.utf8 = false;
	char *text = printed(&p, &o);

	assert_null(strstr(text, "#"));
	assert_non_null(strstr(text, "código QR"));
	free(text);
}

/* ---- a field ------------------------------------------------------------------------------ */

static void test_form_put(void **state)
{
	static const char *const choices[] = {"propio", "representante"};
	const struct page_field fields[] = {
		{.kind = PAGE_FIELD_TEXT, .key = "t", .value = "viejo", .limit = 5},
		{.kind = PAGE_FIELD_CHOICE, .key = "c", .choices = choices, .choice_count = 2},
		{.kind = PAGE_FIELD_SECRET, .key = "s"},
		{.kind = PAGE_FIELD_TEXT, .key = "f", .value = "fijo", .fixed = true},
		{.kind = PAGE_FIELD_AREA, .key = "a"}};
	struct page_form p = {.fields = fields, .count = COUNT_OF(fields)};
	struct form f = {0};

	(void)state;
	assert_int_equal(form_sync(&f, &p), OK);
	assert_int_equal(form_put(&f, &p, 0, "Ñandú"), FORM_CHANGED);
	assert_string_equal(form_value(&f, "t"), "Ñandú");
	assert_int_equal(form_put(&f, &p, 0, "seises"), FORM_REFUSED);
	assert_string_equal(form_value(&f, "t"), "Ñandú");
	assert_int_equal(form_put(&f, &p, 1, "otro"), FORM_REFUSED);
	assert_int_equal(form_put(&f, &p, 1, "representante"), FORM_CHANGED);
	assert_string_equal(form_value(&f, "c"), "representante");
	assert_int_equal(form_put(&f, &p, 2, "clave"), FORM_REFUSED);
	assert_int_equal(form_put(&f, &p, 3, "otro"), FORM_REFUSED);
	assert_string_equal(form_value(&f, "f"), "fijo");
	assert_int_equal(form_put(&f, &p, 4, "una\ndos\x1b"), FORM_CHANGED);
	assert_string_equal(form_value(&f, "a"), "una\ndos");
	mem_fail_at(1);
	assert_int_equal(form_put(&f, &p, 0, "x"), FORM_REFUSED);
	mem_fail_at(0);
	assert_string_equal(form_value(&f, "t"), "Ñandú");
	form_free(&f);
}

#define IN_TUBE(test) cmocka_unit_test_setup_teardown(test, open_tube, close_tube)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_TUBE(test_partial),
		IN_TUBE(test_junk),
		IN_TUBE(test_too_long),
		IN_TUBE(test_end),
		IN_TUBE(test_secret),
		cmocka_unit_test(test_out),
		cmocka_unit_test(test_text_parts),
		cmocka_unit_test(test_qr_whole),
		cmocka_unit_test(test_form_put),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
