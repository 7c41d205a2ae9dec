/* The PDF writer by itself: metrics against poppler's, extraction, refusals. And QR. */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"
#include "ley/pdf.h"
#include "ley/pdf_zip.h"
#include "ley/qr.h"

#define MB (1 << 20)

static char folder[] = "/tmp/buzon-pdf-XXXXXX";

static int setup(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL ? -1 : 0;
}

static int teardown(void **state)
{
	char command[PATH_MAX];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return system(command);
}

static struct bytes run(struct arena *a, struct bytes pdf, const char *tool)
{
	char command[PATH_MAX];
	struct bytes out;

	snprintf(command, sizeof(command), "%s/a.pdf", folder);
	assert_int_equal(file_write(command, pdf, 0600), OK);
	snprintf(command, sizeof(command), "cd '%s' && %s >out 2>&1", folder, tool);
	assert_int_equal(system(command), 0);
	snprintf(command, sizeof(command), "%s/out", folder);
	assert_int_equal(file_read(a, command, MB, &out), OK);
	return out;
}

/* Every character of WinAnsi between two X: the width of the word is ours to 0.01 points. */
static void test_widths(void **state)
{
	ARENA(a, 8 * MB);
	struct pdf *p;
	struct bytes pdf;
	char *words[3 * 224];
	size_t count = 0;

	(void)state;
	assert_int_equal(pdf_open(&a, "anchos", 0, &p), OK);
	for (enum pdf_font font = 0; font < PDF_FONTS; font++) {
		assert_int_equal(pdf_page(p), OK);
		for (unsigned c = 33; c < 256; c++) {
			if ((c >= 0x7F && c <= 0xA0) || c == 0xAD)
				continue;
			words[count] =
				c < 0x80 ? arena_printf(&a, "X%c%c%cX", c, c, c)
					 : arena_printf(&a, "X%c%c%c%c%c%cX", 0xC0 | c >> 6,
						   0x80 | (c & 63), 0xC0 | c >> 6, 0x80 | (c & 63),
						   0xC0 | c >> 6, 0x80 | (c & 63));
			pdf_text(
				p, font, 10, 30 + 60 * (c % 8), 780 - c / 8 * 20.0, words[count++]);
		}
	}
	assert_int_equal(pdf_end(p, &pdf), OK);
	run(&a, pdf, "qpdf --check a.pdf");
	struct bytes boxes = run(&a, pdf, "pdftotext -bbox a.pdf -");
	const char *at = (const char *)boxes.data;

	for (size_t i = 0; i < count; i++) {
		enum pdf_font font = (enum pdf_font)(i / (count / 3));
		double x1;
		double x2;

		at = strstr(at, "<word");
		assert_non_null(at);
		assert_int_equal(
			sscanf(at, "<word xMin=\"%lf\" yMin=\"%*f\" xMax=\"%lf\"", &x1, &x2), 2);
		double wide = pdf_width(font, 10, words[i]);

		/* Courier is 600 throughout; poppler's table says 603 for one sign. */
		double slack = font == PDF_MONO ? 0.1 : 0.01;

		if (x2 - x1 - wide > slack || x2 - x1 - wide < -slack)
			fail_msg("   %d %s: %f, poppler %f\n", (int)font, words[i], wide, x2 - x1);
		at++;
	}
}

/* L-7.9 (extraction): what went in comes out; anything else is refused. */
static void test_extract(void **state)
{
	static const unsigned char BINARY[] = {0, 1, 2, '\n', 255, 'e', 'n', 'd'};
	ARENA(a, 8 * MB);
	struct pdf *p;
	struct bytes pdf;
	struct bytes out = {.size = 7};

	(void)state;
	assert_int_equal(pdf_open(&a, "(paréntesis) \\ Ñ", 1794500000000, &p), OK);
	assert_int_equal(pdf_page(p), OK);
	pdf_text(p, PDF_MONO, 12, 72.25, 700.5, "Ñandú (uno\\dos) 日 \x01 fin");
	pdf_line(p, 72, 690, 200, 690, 0.5);
	pdf_rect(p, 72, 600, 10, 10);
	pdf_attach(p, "uno.txt", "text/plain", bytes_of_text("primero"));
	pdf_attach(p, "dos.bin", "application/octet-stream", bytes_of(BINARY, sizeof(BINARY)));
	pdf_attach(p, "nada", "text/plain", (struct bytes){0});
	assert_int_equal(pdf_end(p, &pdf), OK);
	run(&a, pdf, "qpdf --check a.pdf");
	struct bytes text = run(&a, pdf, "pdftotext a.pdf -");

	assert_non_null(strstr((const char *)text.data, "Ñandú (uno\\dos) ? ? fin"));
	assert_int_equal(pdf_extract(&a, pdf, "dos.bin", 100, &out), OK);
	assert_true(bytes_equal(out, bytes_of(BINARY, sizeof(BINARY))));
	assert_int_equal(pdf_extract(&a, pdf, "uno.txt", 7, &out), OK);
	assert_int_equal(pdf_extract(&a, pdf, "nada", 7, &out), OK);
	assert_int_equal(out.size, 0);
	out.size = 7;
	assert_int_equal(pdf_extract(&a, pdf, "uno.txt", 6, &out), ERR_TOO_LARGE);
	assert_int_equal(pdf_extract(&a, pdf, "tres", 100, &out), ERR_BAD_EVIDENCE);
	for (size_t n = 0; n < pdf.size; n++)
		assert_int_equal(pdf_extract(&a, bytes_of(pdf.data, n), "uno.txt", 100, &out),
			ERR_BAD_EVIDENCE);
	/* Any altered bit of it: either the very content, or an error. */
	for (size_t n = 0; n < 400; n++) {
		ARENA(scratch, MB);
		unsigned char *copy = arena_copy(&scratch, pdf.data, pdf.size);

		copy[n] ^= (unsigned char)(1u << n % 8);
		enum err e = pdf_extract(&scratch, bytes_of(copy, pdf.size), "uno.txt", 100, &out);

		if (e == OK && !bytes_equal(out, bytes_of_text("primero")))
			fail_msg("bit of byte %zu: %.*s", n, (int)out.size, (const char *)out.data);
	}
}

/* Offsets past 64 KiB and more than 256 objects need wider fields in the cross references. */
static void test_wide(void **state)
{
	ARENA(a, 8 * MB);
	unsigned char *noise = arena_alloc(&a, 70000);
	struct pdf *p;
	struct bytes pdf;

	(void)state;
	srand(3);
	for (size_t i = 0; i < 70000; i++)
		noise[i] = (unsigned char)rand();
	for (int wide = 0; wide < 4; wide++) {
		assert_int_equal(pdf_open(&a, "ancho", 0, &p), OK);
		for (int n = 1; n <= ((wide & 1) != 0 ? 300 : 1); n++) {
			assert_int_equal(pdf_page(p), OK);
			pdf_text(p, PDF_MONO, 9, 72, 700, arena_printf(&a, "hoja %d", n));
		}
		if ((wide & 2) != 0)
			pdf_attach(p, "ruido", "text/plain", bytes_of(noise, 70000));
		assert_int_equal(pdf_end(p, &pdf), OK);
		run(&a, pdf, "qpdf --check a.pdf");
		struct bytes text = run(&a, pdf, "pdftotext a.pdf -");

		assert_true(
			(strstr((const char *)text.data, "hoja 300") != NULL) == ((wide & 1) != 0));
	}
}

static void test_misuse(void **state)
{
	ARENA(a, MB);
	struct pdf *p;
	struct bytes pdf;

	(void)state;
	assert_int_equal(pdf_open(&a, "t", 0, &p), OK);
	assert_int_equal(pdf_end(p, &pdf), ERR_BAD_FIELD);
	pdf_text(p, PDF_BOLD, 9, 0, 0, "sin página");
	assert_int_equal(pdf_page(p), OK);
	assert_int_not_equal(pdf_end(p, &pdf), OK);
	assert_int_equal(pdf_open(&a, "t", 0, &p), OK);
	assert_int_equal(pdf_page(p), OK);
	pdf_attach(p, "a)b", "text/plain", (struct bytes){0});
	assert_int_not_equal(pdf_end(p, &pdf), OK);
}

/* Deflate of prose, hashes, nothing and noise comes back; bombs and rubbish do not. */
static void test_zip(void **state)
{
	(void)state;
	for (size_t size = 0; size < 3000; size += 97) {
		ARENA(a, MB);
		unsigned char *raw = arena_alloc(&a, size + 1);
		struct bytes zip;
		struct bytes out;

		srand((unsigned)size);
		for (size_t i = 0; i < size; i++) {
			bool noise = i / 200 % 2 != 0;

			int c = noise ? 'A' + rand() % 26 : "la ley "[i % 7];

			raw[i] = (unsigned char)c;
		}
		assert_int_equal(pdf_zip(&a, bytes_of(raw, size), &zip), OK);
		assert_int_equal(pdf_unzip(&a, zip, size, &out), OK);
		assert_true(bytes_equal(out, bytes_of(raw, size)));
		if (size == 0)
			continue;
		assert_int_equal(pdf_unzip(&a, zip, size - 1, &out), ERR_TOO_LARGE);
		assert_int_equal(pdf_unzip(&a, bytes_of(zip.data, zip.size - 1), size, &out),
			ERR_BAD_EVIDENCE);
		assert_int_equal(pdf_unzip(&a, bytes_of(raw, size), size, &out), ERR_BAD_EVIDENCE);
	}
}

#define GRID 64
#define UNIT 4

/* Each cell of a grid is there and nothing else, also in rows of 64 changes. L-QR */
static void test_grid(void **state)
{
	ARENA(a, 8 * MB);
	unsigned char cells[GRID * GRID];
	struct pdf *p;
	struct bytes pdf;

	(void)state;
	srand(7);
	for (size_t i = 0; i < sizeof(cells); i++)
		cells[i] = i / GRID % 4 == 0   ? (unsigned char)(i % 2)
			   : i / GRID % 4 == 1 ? (unsigned char)((i + 1) % 2)
					       : (unsigned char)(rand() & 1);
	assert_int_equal(pdf_open(&a, "rejilla", 0, &p), OK);
	assert_int_equal(pdf_page(p), OK);
	pdf_grid(p, 100, 200, UNIT, cells, GRID);
	assert_int_equal(pdf_end(p, &pdf), OK);
	struct bytes image = run(&a, pdf, "pdftoppm -r 72 -gray -singlefile a.pdf g && cat g.pgm");
	const unsigned char *pixels = image.data + image.size - 612 * 792;

	assert_true(image.size > 612 * 792);
	for (int row = 0; row < GRID; row++)
		for (int i = 0; i < GRID; i++) {
			int x = 100 + i * UNIT + UNIT / 2;
			int y = 792 - 200 - GRID * UNIT + row * UNIT + UNIT / 2;
			bool dark = pixels[y * 612 + x] < 128;

			if (dark != (cells[row * GRID + i] != 0))
				fail_msg("row %d, cell %d", row, i);
		}
}

/* L-QR */
static void test_qr(void **state)
{
	ARENA(a, MB);
	struct qr qr = {.size = 7};
	char *large = arena_alloc(&a, 4001);

	(void)state;
	memset(large, 'x', 4000);
	large[4000] = '\0';
	assert_int_equal(qr_make(&a, large, &qr), ERR_BAD_FIELD);
	assert_int_equal(qr_make(&a, "", &qr), ERR_BAD_FIELD);
	assert_int_equal(qr.size, 7);
	assert_int_equal(qr_make(&a, "https://buzon.prueba.test/v/q7Rk2xT9mZ4bW8vN1cYd", &qr), OK);
	assert_int_equal(qr.size % 4, 1);
	/* The three finder patterns' corners are dark, the separator is light. */
	assert_int_equal(qr.modules[0], 1);
	assert_int_equal(qr.modules[qr.size - 1], 1);
	assert_int_equal(qr.modules[(qr.size - 1) * qr.size], 1);
	assert_int_equal(qr.modules[7], 0);
	ARENA(none, 10);
	assert_int_equal(qr_make(&none, "x", &qr), ERR_NO_MEMORY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_widths),
		cmocka_unit_test(test_extract),
		cmocka_unit_test(test_wide),
		cmocka_unit_test(test_misuse),
		cmocka_unit_test(test_zip),
		cmocka_unit_test(test_grid),
		cmocka_unit_test(test_qr),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
