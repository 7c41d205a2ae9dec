/*
 * Mail that is written is read back by Python's email module, which knows nothing of us, and by our
 * own reader; nothing that is put into a header becomes another one. A-06
 */
#include <string.h>
#include "base/buf.h"
#include "core/mime.h"
#include "core/mime_lee.h"
#include "tests/help/cm.h"
#include "tests/help/python.h"

#define ROOM (16 << 20)

/* Headers decoded, then each part's type and content; strict about defects. */
static const char script[] =
	"import sys, email, email.policy\n"
	"m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.SMTPUTF8)\n"
	"assert not m.defects, m.defects\n"
	"for k in m.keys(): print(k + '=' + str(m[k]))\n"
	"for p in m.walk():\n"
	"    assert not p.defects, p.defects\n"
	"    if not p.is_multipart(): print('[' + p.get_content_type() + ']' + p.get_content().replace('\\r','') , end='|\\n')\n";

static struct mime_mail mail(void)
{
	return (struct mime_mail){.from_name = "Buzón IMSS",
		.from = "buzon@ejemplo.mx",
		.to = "ana@correo.mx",
		.subject = "Valida tu correo",
		.id = "abcdefghijklmnopqrstuvwxyz@ejemplo.mx",
		.date = INT64_C(1794527523114),
		.text = "Hola\n",
		.html = "<p>Hola</p>\n"};
}

static struct bytes write_mail(struct arena *a, const struct mime_mail *m)
{
	struct bytes message;

	assert_int_equal(mime_write(a, m, &message), OK);
	return message;
}

static void expect(const char *text, const char *line)
{
	if (strstr(text, line) == NULL)
		fail_msg("no «%s» in:\n%s", line, text);
}

/* What a relay refuses or breaks: long lines, bare CR or LF, bytes that are not ASCII. */
static void check_lines(struct bytes message, bool ascii)
{
	size_t column = 0;

	for (size_t i = 0; i < message.size; i++) {
		unsigned char c = message.data[i];

		if (c == '\n') {
			assert_true(i > 0 && message.data[i - 1] == '\r');
			assert_in_range(column, 1, 77);
			column = 0;
			continue;
		}
		assert_true(c != '\r' || message.data[i + 1] == '\n');
		assert_true(!ascii || (c < 0x80 && c != 0));
		column++;
	}
	assert_int_equal(column, 0);
}

static void test_whole(void **state)
{
	ARENA(a, ROOM);
	struct mime_mail m = mail();
	struct bytes message = write_mail(&a, &m);
	const char *text = python_run(&a, script, message);

	(void)state;
	check_lines(message, true);
	expect(text, "From=Buzón IMSS <buzon@ejemplo.mx>\n");
	expect(text, "To=ana@correo.mx\n");
	expect(text, "Subject=Valida tu correo\n");
	expect(text, "Message-ID=<abcdefghijklmnopqrstuvwxyz@ejemplo.mx>\n");
	expect(text, "Date=Thu, 12 Nov 2026 23:52:03 +0000\n");
	expect(text, "Auto-Submitted=auto-generated\n");
	expect(text, "MIME-Version=1.0\n");
	expect(text, "[text/plain]Hola\n|");
	expect(text, "[text/html]<p>Hola</p>\n|");
}

/* Of every length, so that a word's end falls on each byte of a character. */
static const char *subject_of(struct arena *a, size_t n)
{
	static const char *const letters[] = {"a", "ñ", "€", "😀", " ", "=?"};
	struct buf b;

	buf_init(&b, a);
	for (size_t i = 0; i < n; i++)
		buf_text(&b, letters[(i * i + n) % COUNT_OF(letters)]);
	buf_char(&b, 'z');
	return buf_end_text(&b);
}

static void test_subjects(void **state)
{
	static const char decode[] =
		"import sys, email, email.header as h\n"
		"for t in sys.stdin.buffer.read().split(b'\\0'):\n"
		"    m = email.message_from_bytes(t)\n"
		"    print(str(h.make_header(h.decode_header(m['Subject']))))\n";
	ARENA(a, 4 * ROOM);
	struct buf all;
	struct buf want;
	struct bytes messages;

	(void)state;
	buf_init(&all, &a);
	buf_init(&want, &a);
	for (size_t n = 1; n < 140; n++) {
		struct mime_mail m = mail();

		m.subject = subject_of(&a, n);
		m.from_name = n % 2 == 0 ? m.subject : "Uno \"dos\" \\ tres";
		struct bytes message = write_mail(&a, &m);

		check_lines(message, true);
		assert_string_equal(
			mime_palabras(&a, mime_campo(&a, mime_lee(message).head, "Subject")),
			m.subject);
		buf_add(&all, n > 1 ? "\0" : "", n > 1);
		buf_add(&all, message.data, message.size);
		buf_printf(&want, "%s\n", m.subject);
	}
	assert_int_equal(buf_end(&all, &messages), OK);
	assert_string_equal(python_run(&a, decode, messages), buf_end_text(&want));
}

static size_t lines_of(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += *text == '\n';
	return n;
}

static void test_bodies(void **state)
{
	static const char *const bodies[] = {"", "\n", "sin final", "=", "a=3D\n",
		"blanco al final \n", "tab al final\t\n.\n..\nFrom ana\n", "á\r\né\r\n",
		"12345678901234567890123456789012345678901234567890123456789012345678901234567\n",
		"1234567890123456789012345678901234567890123456789012345678901234567890123456\n",
		"123456789012345678901234567890123456789012345678901234567890123456789012345ñ\n",
		"--=_abcdefghijklmnopqrstuvwxyz\n--=_abcdefghijklmnopqrstuvwxyz--\n"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bodies); i++) {
		ARENA(a, ROOM);
		struct mime_mail m = mail();
		struct mime_parte part;
		struct bytes body;

		m.text = bodies[i];
		struct bytes message = write_mail(&a, &m);
		struct mime_parte whole = mime_lee(message);
		const char *py = python_run(&a,
			"import sys, email\n"
			"m = email.message_from_bytes(sys.stdin.buffer.read())\n"
			"assert len(m.get_payload()) == 2, m.get_payload()\n"
			"sys.stdout.buffer.write(m.get_payload()[0].get_payload(decode=True)"
			".replace(b'\\r\\n', b'\\n'))\n",
			message);
		struct buf want;

		buf_init(&want, &a);
		buf_text(&want, "");
		for (const char *c = bodies[i]; *c != '\0'; c++)
			if (*c != '\r')
				buf_char(&want, *c);
		const char *text = buf_end_text(&want);

		/* A last line gets its end. */
		if (*text != '\0' && text[strlen(text) - 1] != '\n')
			text = arena_printf(&a, "%s\n", text);
		assert_string_equal(py, text);
		assert_true(mime_hija(&a, &whole, 0, &part));
		assert_int_equal(mime_cuerpo(&a, &part, &body), OK);
		assert_int_equal(lines_of((const char *)body.data), lines_of(text));
		assert_true(mime_hija(&a, &whole, 1, &part));
		assert_true(mime_es(&a, &part, "text/html"));
		assert_false(mime_hija(&a, &whole, 2, &part));
	}
}

/* RFC 6532: with SMTPUTF8 an address stands as it is. */
static void test_utf8_address(void **state)
{
	ARENA(a, ROOM);
	struct mime_mail m = mail();

	(void)state;
	m.to = "niño@ñandú.mx";
	struct bytes message = write_mail(&a, &m);

	check_lines(message, false);
	expect(python_run(&a, script, message), "To=niño@ñandú.mx\n");
}

static void test_no_header_is_made(void **state)
{
	static const char *const evil[] = {
		"a\r\nBcc: b@c.mx", "a\nBcc: b@c.mx", "a\rb", "a\tb", "a\x01", "\xff", "a\x7f"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(evil); i++) {
		ARENA(a, ROOM);
		struct bytes message;
		struct mime_mail ms[] = {mail(), mail(), mail(), mail(), mail()};

		ms[0].subject = evil[i];
		ms[1].to = evil[i];
		ms[2].from = evil[i];
		ms[3].from_name = evil[i];
		ms[4].id = evil[i];
		for (size_t k = 0; k < COUNT_OF(ms); k++)
			assert_int_equal(mime_write(&a, &ms[k], &message), ERR_BAD_FIELD);
	}
}

/* What others write. */
static void test_reads_others(void **state)
{
	ARENA(a, ROOM);
	static const char text[] =
		"Subject: =?utf-8?q?Ca=C3=B1a_y?=\r\n\t=?UTF-8?B?IG3DoXM=?= fin\r\nX: 1\n"
		"CONTENT-TYPE: Multipart/Mixed; Boundary=\"a b\"\nsubject: otro\n\nantes\n--a b\n"
		"\ncuerpo\n--a b\nContent-Transfer-Encoding: BASE64\n\nQcOx\nbw==\n--a b--\n--a b\n";
	struct mime_parte whole = mime_lee(bytes_of_text(text));
	struct mime_parte part;
	struct bytes body;

	(void)state;
	assert_string_equal(
		mime_palabras(&a, mime_campo(&a, whole.head, "subject")), "Caña y más fin");
	assert_null(mime_campo(&a, whole.head, "Subj"));
	assert_true(mime_es(&a, &whole, "multipart/mixed"));
	assert_true(mime_hija(&a, &whole, 0, &part));
	assert_memory_equal(part.body.data, "cuerpo\n", 7);
	assert_true(mime_hija(&a, &whole, 1, &part));
	assert_int_equal(mime_cuerpo(&a, &part, &body), OK);
	assert_string_equal((const char *)body.data, "Año");
	assert_false(mime_hija(&a, &whole, 2, &part));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_subjects),
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_utf8_address),
		cmocka_unit_test(test_no_header_is_made),
		cmocka_unit_test(test_reads_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
