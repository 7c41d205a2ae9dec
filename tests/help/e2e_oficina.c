#include "tests/help/e2e_oficina.h"

#include <stdio.h>
#include "base/file.h"
#include "ley/hora.h"
#include "ley/plazo.h"
#include "ley/zona.h"
#include "tests/help/cm.h"
#include "tests/help/pki.h"

static const char *must(const char *text)
{
	assert_non_null(text);
	return text;
}

/* ---- before the first act ---- */

/* The 09:30 of the last día hábil that is not past its own term. */
static int64_t last_window(struct e2e *w)
{
	struct calendario c;
	int64_t now = pki_now();
	int64_t found = 0;

	assert_int_equal(zona_setup(), OK);
	assert_int_equal(calendario_make(&w->arena, 2024, 2036, NULL, 0, &c), OK);
	for (int32_t dia = zona_civil(zona_centro(), now).dia; found == 0; dia--) {
		int64_t at = zona_instant(zona_centro(), dia, (9 * 60 + 30) * 60000);
		int64_t held = 0;

		assert_int_equal(plazo_en_ventana(&c, at, &held), OK);
		if (held == at && at < now)
			found = at;
	}
	return found;
}

const char *e2e_pdf(struct e2e *w)
{
	return e2e_path(w, &w->arena, "documento.pdf");
}

/* One page; WinAnsi in octal, so that a reader of text must know the encoding. */
static void write_pdf(struct e2e *w)
{
	static const char *const objects[] = {"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 "
		"4 0 R >> >> /Contents 5 0 R >>",
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
		"<< /Length 83 >>\nstream\nBT /F1 12 Tf 60 700 Td (PRUEBA: C\\351dula de "
		"liquidaci\\363n para \\321AND\\332) Tj ET\nendstream"};
	ARENA(a, 64 * 1024);
	const char *pdf = "%PDF-1.4\n";
	const char *xref = "xref\n0 6\n0000000000 65535 f \n";

	for (size_t i = 0; i < COUNT_OF(objects); i++) {
		xref = must(arena_printf(&a, "%s%010zu 00000 n \n", xref, strlen(pdf)));
		pdf = must(arena_printf(&a, "%s%zu 0 obj\n%s\nendobj\n", pdf, i + 1, objects[i]));
	}
	pdf = must(arena_printf(&a,
		"%s%strailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%zu\n%%%%EOF\n", pdf, xref,
		strlen(pdf)));
	assert_int_equal(file_write(e2e_pdf(w), bytes_of_text(pdf), 0600), OK);
}

void e2e_oficina_set_up(struct e2e *w)
{
	w->aviso = last_window(w);
	write_pdf(w);
}

/* ---- acts ---- */

struct e2e_run e2e_oficina(struct e2e *w, struct arena *a, const char *const argv[])
{
	const char *p = pki_dir();
	const char *words[48] = {"buzond"};
	const char *const tail[] = {"--servidor",
		must(arena_printf(a, "https://localhost:%u", w->front != 0 ? w->front : w->port)),
		"--ca", must(arena_printf(a, "%s/tls_ca.pem", p)), "--cer",
		must(arena_printf(a, "%s/funcionario.cer", p)), "--key",
		must(arena_printf(a, "%s/funcionario.key", p)), "--contrasena-archivo",
		must(arena_printf(a, "%s/funcionario.pass", p)), "--confianza",
		must(arena_printf(a, "%s/confianza", p))};
	size_t n = 1;

	for (size_t i = 0; argv[i] != NULL; i++)
		words[n++] = argv[i];
	assert_true(n + COUNT_OF(tail) < COUNT_OF(words));
	for (size_t i = 0; i < COUNT_OF(tail); i++)
		words[n++] = tail[i];
	return e2e_run(w, a, words);
}

const char *e2e_notificar(struct e2e *w, const char *rfc)
{
	ARENA(a, 8 << 20);
	const char *when = must(hora_text(&a, zona_centro(), w->aviso, HORA_CADENA));
	const char *oficio = must(arena_printf(&a, "PRUEBA/2026/%04u", ++w->oficios));
	struct e2e_run r = E2E_OFICINA(w, &a, "notificar", "--rfc", rfc, "--pdf", "documento.pdf",
		"--oficio", oficio, "--tipo", "R-7.1", "--documento", E2E_DOCUMENTO, "--plazo-dias",
		"15", "--aviso", when);

	if (r.code != 0)
		fail_msg("notificar: %d %s", r.code, r.err);
	return must(arena_printf(&w->arena, "%.*s", (int)strcspn(r.out, "\n"), r.out));
}
