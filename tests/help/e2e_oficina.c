/* The Institute's verbs of a world: over the wire, by its functionary. */
#include "tests/help/e2e.h"

#include <string.h>
#include "ley/hora.h"
#include "ley/zona.h"
#include "tests/help/cm.h"
#include "tests/help/pki.h"

#define ROOM (8 * 1024 * 1024)

static const char *must(const char *text)
{
	assert_non_null(text);
	return text;
}

struct e2e_run e2e_oficina(struct e2e *w, struct arena *a, const char *const argv[])
{
	const char *p = pki_dir();
	const char *words[48] = {"buzond"};
	const char *const tail[] = {"--servidor",
		must(arena_printf(a, "https://localhost:%u", w->frente != 0 ? w->frente : w->port)),
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
	ARENA(a, ROOM);
	const char *when = must(hora_text(&a, zona_centro(), w->aviso, HORA_CADENA));
	const char *oficio = must(arena_printf(&a, "PRUEBA/2026/%04u", ++w->oficios));
	struct e2e_run r = E2E_OFICINA(w, &a, "notificar", "--rfc", rfc, "--pdf", "documento.pdf",
		"--oficio", oficio, "--tipo", "R-7.1", "--documento", E2E_DOCUMENTO, "--plazo-dias",
		"15", "--aviso", when);

	if (r.code != 0)
		fail_msg("notificar: %d %s", r.code, r.err);
	return must(arena_printf(&w->arena, "%.*s", (int)strcspn(r.out, "\n"), r.out));
}
