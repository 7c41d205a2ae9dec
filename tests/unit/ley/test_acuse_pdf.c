/* The acuse on paper, looked at by the tools that others use: qpdf, poppler, zbar. */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/b64.h"
#include "base/file.h"
#include "base/mem.h"
#include "ley/acuse_pdf.h"
#include "ley/pdf.h"
#include "ley/zona.h"
#include "tests/help/acuse.h"
#include "tests/help/pki.h"

#define MB (1 << 20)
/*
 * limits.md says 6 KB; two RSA-2048 certificates, two signatures and the hashes of a whole evidence
 * deflate to 3.6 KB by themselves, the page to 2.2 KB (signature and seal are printed once more)
 * and its QR to 0.4 KB.
 */
#define ACUSE_LIMIT 7136

static char folder[] = "/tmp/buzon-acuse-pdf-XXXXXX";

static int setup(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	return zona_setup();
}

static int teardown(void **state)
{
	char command[PATH_MAX];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return system(command);
}

/* What the command wrote; a tool that is missing (127) or fails fails the test. */
static struct bytes run(struct arena *a, const char *tool)
{
	char command[PATH_MAX];
	struct bytes out;

	snprintf(command, sizeof(command), "cd '%s' && %s >out 2>err", folder, tool);
	int status = system(command);

	snprintf(command, sizeof(command), "%s/out", folder);
	assert_int_equal(file_read(a, command, MB, &out), OK);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		fail_msg("%s: status %d: %s", tool, status, (const char *)out.data);
	return out;
}

static void save(struct bytes pdf)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/a.pdf", folder);
	assert_int_equal(file_write(path, pdf, 0600), OK);
}

static bool says(struct bytes text, const char *words)
{
	if (strstr((const char *)text.data, words) != NULL)
		return true;
	print_message("missing: %s\n", words);
	return false;
}

/* Text as one run of words: paper breaks lines where it must. */
static struct bytes joined(struct arena *a, struct bytes text, bool blanks)
{
	char *to = arena_alloc(a, text.size + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.size; i++) {
		bool blank = text.data[i] == ' ' || text.data[i] == '\n' || text.data[i] == '\f';

		if (!blank)
			to[n++] = (char)text.data[i];
		else if (blanks && n != 0 && to[n - 1] != ' ')
			to[n++] = ' ';
	}
	to[n] = '\0';
	return bytes_of(to, n);
}

static struct bytes draw(struct arena *a, const struct m_acuse *m, bool prueba, struct bytes *json)
{
	struct bytes pdf;

	*json = acuse_sample_json(a, m);
	assert_int_equal(acuse_pdf(a, m, *json, prueba, &pdf), OK);
	save(pdf);
	return pdf;
}

/* A-15 A-18 L-5.8 L-6.1 L-10: every part is there, with Ñ and accents. */
static void test_text(void **state)
{
	ARENA(a, 8 * MB);
	struct m_acuse m;
	struct bytes json;

	(void)state;
	acuse_sample(&a, pki_now(), "America/Tijuana", &m);
	draw(&a, &m, true, &json);
	struct bytes words = joined(&a, run(&a, "pdftotext -layout a.pdf -"), true);
	struct bytes letters = joined(&a, run(&a, "pdftotext -raw a.pdf -"), false);
	const char *const WORDS[] = {m.tipo, m.folio, m.titular, m.titular_nombre, m.estatus,
		"JOSÉ PEÑA ÑANDÚ", "Sello Digital", "Cadena Original (Versión 3.0)",
		"Firma electrónica del firmante", "Zona Centro", "domicilio fiscal (Tijuana)",
		"Resolución de rectificación de la prima", "LUIS GARCÍA IBÁÑEZ",
		"PRUEBA: sin validez legal.", hora_text(&a, zona_centro(), m.recibido, HORA_ACUSE),
		hora_text(&a, zona_find("America/Tijuana"), m.recibido, HORA_ACUSE)};

	for (size_t i = 0; i < COUNT_OF(WORDS); i++)
		assert_true(says(words, WORDS[i]));
	/* Long runs are broken over lines: nothing of them may be lost. */
	const char *const RUNS[] = {m.cadena, b64_encode(&a, m.sello), b64_encode(&a, m.firma),
		m.fundamento, acuse_texto_privacidad(), acuse_texto_contacto(),
		acuse_texto_confidencialidad(), acuse_url(&a, &m)};

	for (size_t i = 0; i < COUNT_OF(RUNS); i++) {
		struct bytes run_of = joined(&a, bytes_of_text(RUNS[i]), false);

		assert_true(says(letters, (const char *)run_of.data));
	}
}

/* L-6.1 L-7.5: one of what nobody signed says so, shows the event and no empty signature. */
static void test_automatic(void **state)
{
	ARENA(a, 8 * MB);
	struct m_acuse m;
	struct bytes json;

	(void)state;
	acuse_sample_automatico(&a, pki_now(), &m);
	draw(&a, &m, true, &json);
	struct bytes words = joined(&a, run(&a, "pdftotext -layout a.pdf -"), true);
	struct bytes letters = joined(&a, run(&a, "pdftotext -raw a.pdf -"), false);

	assert_true(says(words, "sin firma de persona alguna"));
	assert_true(says(words, "nadie la firmó"));
	assert_true(says(letters, (const char *)m.cuerpo.data));
	assert_true(says(words, "Sello Digital"));
	assert_null(strstr((const char *)words.data, "Firma electrónica"));
	assert_null(strstr((const char *)words.data, "Firmante (RFC)"));
	run(&a, "qpdf --check a.pdf");
}

/* an operator's own words at the foot, instead of ours and once. */
static void test_foot(void **state)
{
	ARENA(a, 8 * MB);
	struct m_acuse m;
	struct bytes json;
	struct m_dato rows[] = {
		{"Documento", "Uno"}, {"Contacto del Instituto", "Sólo por la tarde."}};

	(void)state;
	acuse_sample(&a, pki_now(), ZONA_CENTRO, &m);
	m.contenido = rows;
	m.contenido_count = COUNT_OF(rows);
	acuse_sample_seal(&a, &m);
	draw(&a, &m, true, &json);
	struct bytes words = joined(&a, run(&a, "pdftotext -layout a.pdf -"), true);
	const char *at = strstr((const char *)words.data, "Sólo por la tarde.");

	assert_non_null(at);
	assert_null(strstr(at + 1, "Sólo por la tarde."));
	assert_true(strstr((const char *)words.data, "Sello Digital") < at);
	assert_null(strstr((const char *)words.data, "Contacto:"));
	assert_true(says(words, "Información confidencial del titular"));
}

/* L-5.8: one time where the domicile's is the same. */
static void test_same_zone(void **state)
{
	ARENA(a, 8 * MB);
	struct m_acuse m;
	struct bytes json;

	(void)state;
	acuse_sample(&a, pki_now(), ZONA_CENTRO, &m);
	draw(&a, &m, false, &json);
	struct bytes text = run(&a, "pdftotext a.pdf -");

	assert_null(strstr((const char *)text.data, "domicilio fiscal"));
	assert_null(strstr((const char *)text.data, "PRUEBA"));
}

/* The file is sound, small, the same every time, and carries its evidence. A-15 L-6.1 L-7.9 */
static void test_file(void **state)
{
	ARENA(a, 8 * MB);
	struct m_acuse m;
	struct bytes json;
	struct bytes again;
	struct bytes out;

	(void)state;
	acuse_sample(&a, pki_now(), "America/Tijuana", &m);
	struct bytes pdf = draw(&a, &m, true, &json);

	print_message("   %zu bytes, evidence %zu, two certificates %zu\n", pdf.size, json.size,
		m.certificado.size + m.certificado_sello.size);
	run(&a, "qpdf --check a.pdf");
	out = run(&a, "qpdf --show-attachment=acuse.json a.pdf");
	assert_true(bytes_equal(out, json));
	assert_int_equal(pdf_extract(&a, pdf, ACUSE_PDF_EVIDENCE, MB, &out), OK);
	assert_true(bytes_equal(out, json));
	assert_int_equal(acuse_pdf(&a, &m, json, true, &again), OK);
	assert_true(bytes_equal(pdf, again));
	assert_true(pdf.size <= ACUSE_LIMIT);
}

/* L-QR L-7.9: the QR is read from the print. */
static void test_qr(void **state)
{
	ARENA(a, 8 * MB);
	struct m_acuse m;
	struct bytes json;

	(void)state;
	acuse_sample(&a, pki_now(), ZONA_CENTRO, &m);
	draw(&a, &m, true, &json);
	run(&a, "pdftoppm -r 150 -png -singlefile a.pdf page");
	struct bytes code = run(&a, "zbarimg --nodbus -q --raw page.png");

	assert_true(code.size > 1);
	assert_string_equal(
		(const char *)code.data, arena_printf(&a, "%s/v/%s\n", m.direccion, m.capacidad));
}

/* The longest acuse that messages.def allows: pages follow one another, nothing falls off. */
static void test_long(void **state)
{
	ARENA(a, 32 * MB);
	struct m_acuse m;
	struct m_dato rows[40];
	struct bytes json;
	char value[1001] = "";

	(void)state;
	acuse_sample(&a, pki_now(), ZONA_CENTRO, &m);
	for (size_t i = 0; i < 500; i++)
		memcpy(value + 2 * i, "Ž", 3);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		rows[i] = (struct m_dato){
			arena_printf(&a, "Un dato de etiqueta larga, número %zu", i),
			i % 2 != 0
				? value
				: arena_printf(&a, "%s fin%zu",
					  "Año y ñandú, «comillas», “otras” y guion — largo", i)};
	}
	m.contenido = rows;
	m.contenido_count = COUNT_OF(rows);
	acuse_sample_seal(&a, &m);
	draw(&a, &m, true, &json);
	run(&a, "qpdf --check a.pdf");
	struct bytes text = run(&a, "pdftotext -raw a.pdf -");
	struct bytes letters = joined(&a, text, false);

	assert_true(says(letters, "Añoyñandú,«comillas»,“otras”yguion—largofin38"));
	size_t wide = 0;

	for (const char *p = strstr((const char *)letters.data, "Ž"); p != NULL;
		p = strstr(p + 2, "Ž"))
		wide++;
	assert_int_equal(wide, 20 * 500);
	assert_true(says(text, "página 5"));
	assert_true(says(text, "Sello Digital"));
	/* No word leaves the page (612 x 792). */
	struct bytes boxes = run(&a, "pdftotext -bbox a.pdf -");

	for (const char *p = strstr((const char *)boxes.data, "<word"); p != NULL;
		p = strstr(p + 1, "<word")) {
		double x1;
		double y1;
		double x2;
		double y2;

		assert_int_equal(
			sscanf(p, "<word xMin=\"%lf\" yMin=\"%lf\" xMax=\"%lf\" yMax=\"%lf\"", &x1,
				&y1, &x2, &y2),
			4);
		if (strncmp(strchr(p, '>') + 1, "PRUEBA: sin validez legal.", 6) != 0)
			assert_true(x1 >= 53.9 && x2 <= 558.1 && y1 > 30 && y2 < 770);
	}
}

/* A message without what the paper needs is refused; memory may end anywhere. */
static void test_failures(void **state)
{
	ARENA(a, 8 * MB);
	struct m_acuse m;
	struct bytes json;
	struct bytes good;
	struct bytes pdf = {.size = 7};
	enum err e = ERR_NO_MEMORY;

	(void)state;
	acuse_sample(&a, pki_now(), "America/Tijuana", &m);
	good = draw(&a, &m, true, &json);
	for (long n = 1; e != OK && n < 2000; n++) {
		ARENA(scratch, 8 * MB);
		mem_fail_at(n);
		e = acuse_pdf(&scratch, &m, json, true, &pdf);
		mem_fail_at(0);
		assert_true(e == OK || (e == ERR_NO_MEMORY && pdf.size == 7));
		if (e == OK)
			assert_true(bytes_equal(pdf, good));
	}
	assert_int_equal(e, OK);
	for (size_t allowance = 0; allowance < 200000; allowance += 1000) {
		ARENA(scratch, allowance);
		pdf = (struct bytes){.size = 7};
		e = acuse_pdf(&scratch, &m, json, true, &pdf);
		assert_true(e == OK || (e == ERR_NO_MEMORY && pdf.size == 7));
	}
	m.estatus = NULL;
	assert_int_equal(acuse_pdf(&a, &m, json, true, &pdf), ERR_BAD_FIELD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_automatic),
		cmocka_unit_test(test_foot),
		cmocka_unit_test(test_same_zone),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_qr),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_failures),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
