/*
 * What may be notified is a sound PDF that everybody can read: files as qpdf makes them, of every
 * structure, whole, cut and encrypted. L-7.1, bad input of issue 6
 */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/macros.h"
#include "ley/pdf.h"
#include "ley/pdf_check.h"

#define MB (1 << 20)

static char folder[] = "/tmp/buzon-pdf-check-XXXXXX";

static struct bytes file(struct arena *a, const char *name)
{
	char path[PATH_MAX];
	struct bytes out;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	assert_int_equal(file_read(a, path, 4 * MB, &out), OK);
	return out;
}

/* A file of our own writer, which qpdf turns into what others write. */
static int setup(void **state)
{
	ARENA(a, 8 * MB);
	struct pdf *p;
	struct bytes pdf;
	char path[PATH_MAX];

	(void)state;
	if (mkdtemp(folder) == NULL || pdf_open(&a, "Cédula", 0, &p) != OK)
		return -1;
	for (int i = 0; i < 3; i++) {
		if (pdf_page(p) != OK)
			return -1;
		pdf_text(p, PDF_REGULAR, 10, 72, 700, "Cédula de liquidación");
	}
	if (pdf_end(p, &pdf) != OK)
		return -1;
	snprintf(path, sizeof(path), "%s/base.pdf", folder);
	return file_write(path, pdf, 0600) == OK ? 0 : -1;
}

static int teardown(void **state)
{
	char command[PATH_MAX];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return system(command);
}

static struct bytes qpdf(struct arena *a, const char *options)
{
	char command[PATH_MAX];

	snprintf(command, sizeof(command), "cd '%s' && qpdf %s base.pdf made.pdf", folder, options);
	assert_int_equal(system(command), 0);
	return file(a, "made.pdf");
}

static const char *const shapes[] = {
	"--object-streams=disable",
	"--object-streams=generate",
	"--linearize",
	"--linearize --object-streams=generate",
	"--qdf --object-streams=disable",
	"--qdf --object-streams=generate",
	"--min-version=2.0",
};

static void sound_files_are_taken(void **state)
{
	ARENA(a, 16 * MB);

	(void)state;
	assert_int_equal(pdf_check_bytes(file(&a, "base.pdf")), OK);
	for (size_t i = 0; i < COUNT_OF(shapes); i++)
		if (pdf_check_bytes(qpdf(&a, shapes[i])) != OK)
			fail_msg("refused: qpdf %s", shapes[i]);
}

static void encrypted_files_are_named_so(void **state)
{
	static const char *const ways[] = {
		"--encrypt abierta duena 256 --",
		"--encrypt '' duena 256 --",
		"--encrypt abierta duena 128 --use-aes=y --",
		"--allow-weak-crypto --encrypt '' duena 40 --",
		"--object-streams=generate --encrypt abierta duena 256 --",
		"--linearize --encrypt '' duena 256 --",
		"--linearize --object-streams=generate --encrypt '' duena 256 --",
	};
	ARENA(a, 16 * MB);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(ways); i++)
		if (pdf_check_bytes(qpdf(&a, ways[i])) != ERR_PDF_ENCRYPTED)
			fail_msg("not seen: qpdf %s", ways[i]);
}

/* Cut anywhere but in the blanks at its end, or with anything else behind it. */
static void cut_files_are_refused(void **state)
{
	ARENA(a, 16 * MB);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(shapes); i++) {
		struct bytes pdf = qpdf(&a, shapes[i]);
		size_t end = pdf.size;
		char *more = arena_alloc(&a, pdf.size + 8);

		while (pdf.data[end - 1] == '\n')
			end--;
		for (size_t n = 0; n < end; n++)
			if (pdf_check_bytes(bytes_of(pdf.data, n)) != ERR_BAD_PDF)
				fail_msg(
					"taken: %zu bytes of %zu, qpdf %s", n, pdf.size, shapes[i]);
		assert_int_equal(pdf_check_bytes(bytes_of(pdf.data, end)), OK);
		assert_non_null(more);
		memcpy(more, pdf.data, pdf.size);
		memcpy(more + pdf.size, "<html>", 6);
		assert_int_equal(pdf_check_bytes(bytes_of(more, pdf.size + 6)), ERR_BAD_PDF);
	}
}

/* Bytes that were lost in the middle: no offset is where the end says. */
static void shifted_files_are_refused(void **state)
{
	ARENA(a, 16 * MB);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(shapes); i++) {
		struct bytes pdf = qpdf(&a, shapes[i]);
		char *less = arena_alloc(&a, pdf.size);

		assert_non_null(less);
		memcpy(less, pdf.data, 20);
		memcpy(less + 20, pdf.data + 120, pdf.size - 120);
		assert_int_equal(pdf_check_bytes(bytes_of(less, pdf.size - 100)), ERR_BAD_PDF);
	}
}

static void others_are_refused(void **state)
{
	static const char *const texts[] = {"", "%PDF-1.7", "%PDF-1.7\n%%EOF\n",
		"%PDF-1.7\nstartxref\n0\n%%EOF\n", "%PDF-1.7\nstartxref\n9999999999\n%%EOF\n",
		"%PDF-1.7\nstartxref\n99999999999999999999\n%%EOF\n",
		"%PDF-1.7\nstartxref\n-9\n%%EOF\n", "<html>startxref 0 %%EOF",
		"PK\003\004 hola hola"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		assert_int_equal(pdf_check_bytes(bytes_of_text(texts[i])), ERR_BAD_PDF);
}

/* ---- by hand: what later savings add, and what is made to mislead ---- */

static const char *hand(struct arena *a, const char *trailer)
{
	const char *body = "%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\n";
	const char *text = arena_printf(a,
		"%sxref\n0 2\n0000000000 65535 f \n0000000009 00000 n \ntrailer\n<<%s>>\n"
		"startxref\n%zu\n%%%%EOF\n",
		body, trailer, strlen(body));

	assert_non_null(text);
	return text;
}

static enum err judge(struct arena *a, const char *trailer)
{
	return pdf_check_bytes(bytes_of_text(hand(a, trailer)));
}

static void trailers_are_read_whole(void **state)
{
	ARENA(a, MB);

	(void)state;
	assert_int_equal(judge(&a, "/Size 2/Root 1 0 R"), OK);
	assert_int_equal(judge(&a, "/Size 2/Root 1 0 R/ID[<00><01>]/Info<</T(a\\)b(c)>>)>>"), OK);
	assert_int_equal(judge(&a, "/Size 2 % /Encrypt 3 0 R\n/Root 1 0 R"), OK);
	assert_int_equal(judge(&a, "/Size 2/Root 1 0 R/Info (/Encrypt 3 0 R)"), OK);
	assert_int_equal(judge(&a, "/Size 2/Root 1 0 R/Encrypt 3 0 R"), ERR_PDF_ENCRYPTED);
	assert_int_equal(judge(&a, "/Size 2/Root 1 0 R/En#63rypt 3 0 R"), ERR_PDF_ENCRYPTED);
	assert_int_equal(judge(&a, "/Size 2/Root 1 0 R/Encrypt<</V 4>>"), ERR_PDF_ENCRYPTED);
	assert_int_equal(judge(&a, "/Size 2"), ERR_BAD_PDF);
	assert_int_equal(judge(&a, "/Root 1 0 R"), ERR_BAD_PDF);
	assert_int_equal(judge(&a, "/Size 2/Root 1"), ERR_BAD_PDF);
	assert_int_equal(judge(&a, "/Size 2/Root 1 0 R/Info[<<]>>"), ERR_BAD_PDF);
	assert_int_equal(judge(&a, "/Size 2/Root 1 0 R/Prev 42"), ERR_BAD_PDF);
	assert_int_equal(judge(&a, "/Size 2/Root 1 0 R/Prev (x)"), ERR_BAD_PDF);
	assert_int_equal(judge(&a, "/Size 2/Root 1 0 R/XRefStm 9"), ERR_BAD_PDF);
}

/* That file, saved once more. */
static enum err judge_saved(struct arena *a, const char *first)
{
	const char *both = arena_printf(a,
		"%sxref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 2/Root 1 0 R/Prev 42>>\n"
		"startxref\n%zu\n%%%%EOF\n",
		first, strlen(first));

	assert_non_null(both);
	return pdf_check_bytes(bytes_of_text(both));
}

static void later_savings_are_followed_back(void **state)
{
	ARENA(a, MB);

	(void)state;
	assert_int_equal(judge_saved(&a, hand(&a, "/Size 2/Root 1 0 R")), OK);
	assert_int_equal(
		judge_saved(&a, hand(&a, "/Size 2/Root 1 0 R/Encrypt 3 0 R")), ERR_PDF_ENCRYPTED);
}

/* ---- a file that is not in memory ---- */

static int reads;

static enum err count_reads(void *ctx, int64_t at, size_t size, unsigned char *to)
{
	const struct bytes *b = ctx;

	reads++;
	assert_true(at >= 0 && (size_t)at + size <= b->size && size <= 4096);
	memcpy(to, b->data + at, size);
	return OK;
}

static enum err no_reads(void *ctx, int64_t at, size_t size, unsigned char *to)
{
	(void)ctx;
	(void)at;
	(void)size;
	(void)to;
	return ERR_STORE;
}

static void little_of_a_file_is_read(void **state)
{
	ARENA(a, 64 * MB);
	struct pdf *p;
	struct bytes pdf;
	char *filler = arena_zalloc(&a, 9 * MB);

	(void)state;
	assert_non_null(filler);
	uint32_t x = 2463534242U;

	for (size_t i = 0; i < 9 * MB; i++) {
		x ^= x << 13;
		x ^= x >> 17;
		x ^= x << 5;
		filler[i] = (char)x;
	}
	assert_int_equal(pdf_open(&a, "grande", 0, &p), OK);
	assert_int_equal(pdf_page(p), OK);
	pdf_attach(p, "relleno.bin", "application/octet-stream", bytes_of(filler, 9 * MB));
	assert_int_equal(pdf_end(p, &pdf), OK);
	assert_true(pdf.size > MB);
	struct pdf_fuente f = {.size = (int64_t)pdf.size, .read = count_reads, .ctx = &pdf};

	assert_int_equal(pdf_check(&f), OK);
	assert_true(reads < 10);
	f.read = no_reads;
	assert_int_equal(pdf_check(&f), ERR_STORE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sound_files_are_taken),
		cmocka_unit_test(encrypted_files_are_named_so),
		cmocka_unit_test(cut_files_are_refused),
		cmocka_unit_test(shifted_files_are_refused),
		cmocka_unit_test(others_are_refused),
		cmocka_unit_test(trailers_are_read_whole),
		cmocka_unit_test(later_savings_are_followed_back),
		cmocka_unit_test(little_of_a_file_is_read),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
