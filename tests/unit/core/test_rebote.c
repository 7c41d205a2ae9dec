/*
 * Notifications as real mail servers write them: whose message it was and what became of it, and
 * nothing of what is none.
 */
#include <string.h>
#include "base/buf.h"
#include "core/rebote.h"
#include "tests/help/cm.h"

#define ID "abcdefghijklmnopqrstuvwx23"
#define OTRO "zbcdefghijklmnopqrstuvwx77"

#define EXIM                                                                                       \
	"Return-path: <>\r\nAuto-Submitted: auto-replied\r\nFrom: Mail Delivery System "           \
	"<Mailer-Daemon@rele>\r\nTo: rebote+" ID "@buzon.mx\r\nReferences: <" ID "@buzon.mx>\r\n"  \
	"Content-Type: multipart/report; report-type=delivery-status; "                            \
	"boundary=1794527523-eximdsn-1804289383\r\nMIME-Version: 1.0\r\n\r\n"                      \
	"--1794527523-eximdsn-1804289383\r\nContent-type: text/plain; charset=us-ascii\r\n\r\n"    \
	"This message was created automatically by mail delivery software.\r\n\r\n"                \
	"--1794527523-eximdsn-1804289383\r\nContent-type: message/delivery-status\r\n\r\n"         \
	"Reporting-MTA: dns; rele\r\n\r\nAction: failed\r\n"                                       \
	"Final-Recipient: rfc822;nadie@x.mx\r\nStatus: 5.0.0\r\nRemote-MTA: dns; 127.0.0.1\r\n"    \
	"Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n"                                    \
	"--1794527523-eximdsn-1804289383\r\nContent-type: message/rfc822\r\n\r\n"                  \
	"Message-ID: <" ID "@buzon.mx>\r\nSubject: x\r\n\r\nhola\r\n\r\n"                          \
	"--1794527523-eximdsn-1804289383--\r\n"

#define REPORT(fields)                                                                             \
	"Content-Type: multipart/report; boundary=\"B\"\n\n--B\nContent-Type: "                    \
	"message/delivery-status\n\n" fields "\n--B\nContent-Type: text/rfc822-headers\n\n"        \
	"Message-Id: <" ID "@buzon.mx>\n--B--\n"

static enum err read_it(const char *text, const char *para, struct rebote *ret)
{
	static struct arena a;

	arena_free(&a);
	arena_init(&a, 1 << 20);
	return rebote_leer(&a, bytes_of_text(text), para, ret);
}

static void test_exim(void **state)
{
	struct rebote r;

	(void)state;
	assert_int_equal(read_it(EXIM, NULL, &r), OK);
	assert_string_equal(r.id, ID);
	assert_int_equal(r.informe, INFORME_FALLIDO);
	assert_string_equal(r.codigo, "5.0.0");
	/* Where it came to is the surest. */
	assert_int_equal(read_it(EXIM, "rebote+" OTRO "@buzon.mx", &r), OK);
	assert_string_equal(r.id, OTRO);
}

static void test_actions(void **state)
{
	struct rebote r;

	(void)state;
	assert_int_equal(
		read_it(REPORT("Reporting-MTA: dns; a\n\nAction: delayed\nStatus: 4.4.1\n"), NULL,
			&r),
		OK);
	assert_int_equal(r.informe, INFORME_DEMORADO);
	assert_string_equal(r.codigo, "4.4.1");
	assert_string_equal(r.id, ID);
	assert_int_equal(
		read_it(REPORT("X: y\n\naction: Delivered\nStatus: 2.0.0 (ok)\n"), NULL, &r), OK);
	assert_int_equal(r.informe, INFORME_ENTREGADO);
	assert_string_equal(r.codigo, "2.0.0");
	/* The worst of several. */
	assert_int_equal(read_it(REPORT("X: y\n\nAction: failed\nStatus: 5.2.2\n\nAction: "
					"delayed\nStatus: 4.0.0\n"),
				 NULL, &r),
		OK);
	assert_int_equal(r.informe, INFORME_FALLIDO);
	assert_string_equal(r.codigo, "5.2.2");
	/* An envelope id is ours, too. */
	assert_int_equal(
		read_it(REPORT("Original-Envelope-Id: " OTRO "\n\nAction: failed\n"), NULL, &r),
		OK);
	assert_string_equal(r.id, OTRO);
	assert_string_equal(r.codigo, "");
}

static void test_none(void **state)
{
	static const char *const texts[] = {"", "\n", "hola",
		"To: rebote+" ID "@buzon.mx\n\nhola\n",
		"Content-Type: multipart/report; boundary=B\n\n--B\n",
		"Content-Type: multipart/report\n\n--B\n",
		/* A vacation message. */
		"Auto-Submitted: auto-replied\nIn-Reply-To: <" ID "@buzon.mx>\n\nEstoy fuera\n",
		("Content-Type: multipart/report; boundary=B\n\n--B\nContent-Type: "
		 "message/delivery-status\n\nX: y\n\nAction: dancing\n--B--\n")};
	struct rebote r;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		assert_int_equal(read_it(texts[i], "rebote+" ID "@buzon.mx", &r), ERR_BAD_EVIDENCE);
	/* A report, but of nobody's message. */
	assert_int_equal(read_it("Content-Type: multipart/report; boundary=B\n\n--B\nContent-Type: "
				 "message/delivery-status\n\nX: y\n\nAction: failed\n--B--\n",
				 "rebote@buzon.mx", &r),
		ERR_BAD_EVIDENCE);
}

/* Cut at every byte: never more than what is there. */
static void test_cut(void **state)
{
	(void)state;
	for (size_t n = 0; n < strlen(EXIM); n++) {
		ARENA(b, 1 << 20);
		struct rebote r;
		unsigned char *part = arena_copy(&b, EXIM, n);
		enum err e = rebote_leer(&b, bytes_of(part, n), NULL, &r);

		assert_true(e == OK || e == ERR_BAD_EVIDENCE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exim),
		cmocka_unit_test(test_actions),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
