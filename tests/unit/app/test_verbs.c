/* The command line: arguments by verbs.def, JSON lines, and an acuse proved offline. */
#include "tests/help/cm.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "app/evidence.h"
#include "app/hoja.h"
#include "app/verbs.h"
#include "base/file.h"
#include "ley/acuse_pdf.h"
#include "ley/zona.h"
#include "net/json_line.h"
#include "tests/help/acuse.h"
#include "tests/help/dia.h"
#include "tests/help/pki.h"

#define MB (1 << 20)

static char folder[] = "/tmp/b-app-verbs-XXXXXX";

/* Reads a line of words split by blanks. */
static enum err read_words(struct arena *a, const char *line, struct verb_call *v, const char **m)
{
	char program[] = "buzon-tui";
	char *words[16] = {program};
	char *text = arena_strdup(a, line);
	int n = 1;

	for (char *w = strtok(text, " "); w != NULL; w = strtok(NULL, " "))
		words[n++] = w;
	return verbs_read(a, n, words, v, m);
}

static void test_arguments(void **state)
{
	ARENA(a, MB);
	struct verb_call v;
	const char *m = NULL;

	(void)state;
	assert_int_equal(read_words(&a, "", &v, &m), OK);
	assert_null(v.verb);
	assert_int_equal(
		read_words(&a, "--perfil ana abrir BI-1 --si -oF.pdf --clave-fd=3 --json", &v, &m),
		OK);
	assert_string_equal(v.verb, "abrir");
	assert_int_equal(v.args_count, 1);
	assert_string_equal(v.args[0], "BI-1");
	assert_string_equal(v.opt[OPTION_perfil], "ana");
	assert_string_equal(v.opt[OPTION_salida], "F.pdf");
	assert_non_null(v.opt[OPTION_si]);
	assert_non_null(v.opt[OPTION_json]);
	assert_null(v.opt[OPTION_confianza]);
	assert_int_equal(v.clave_fd, 3);
	assert_int_equal(read_words(&a, "verificar -- --raro", &v, &m), OK);
	assert_string_equal(v.args[0], "--raro");
	assert_int_equal(v.clave_fd, -1);
	assert_int_equal(read_words(&a, "abrir --help", &v, &m), OK);
	assert_non_null(v.opt[OPTION_ayuda]);
}

static void test_bad_arguments(void **state)
{
	static const char *const lines[] = {"borrar", "abrir", "abrir A B", "entrar --si",
		"entrar -x", "entrar --clave-fd", "entrar --clave-fd x", "entrar --clave-fd=-1",
		"entrar --json=si", "entrar --perfil=", "entrar A", "--nada", "medio",
		"medio baja A B C", "medios --si", "activar A", "activar --correo a@b.mx",
		"representados X", "representante lista --correo a@b.mx"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		ARENA(a, MB);
		struct verb_call v;
		const char *m = NULL;

		assert_int_equal(read_words(&a, lines[i], &v, &m), ERR_USAGE);
		assert_non_null(m);
	}
}

static void test_json_line(void **state)
{
	ARENA(a, MB);
	struct json_line j;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	json_line_begin(&j, &a);
	json_line_text(&j, "a", "Ñ\"\\\n\x1b\x7f");
	json_line_text(&j, "b", NULL);
	json_line_int(&j, "c", INT64_MIN);
	json_line_bool(&j, "d", true);
	assert_int_equal(json_line_end(&j, out), OK);
	fclose(out);
	assert_string_equal(text, "{\"a\":\"Ñ\\\"\\\\\\u000a\\u001b\\u007f\",\"c\":-"
				  "9223372036854775808,\"d\":true}\n");
	free(text);
}

/* Runs `verificar` with its stdout in a file; *ret_text is what it printed. */
static enum err verify(
	struct arena *a, const char *path, const char *options, const char **ret_text)
{
	struct verb_call v;
	struct bytes text;
	const char *m = NULL;
	const char *line = arena_printf(a, "verificar %s %s", path, options);
	const char *out = arena_printf(a, "%s/salida", folder);
	int saved = dup(1);

	assert_int_equal(read_words(a, line, &v, &m), OK);
	fflush(stdout);
	assert_non_null(freopen(out, "w", stdout));
	enum err e = verbs_run(&v);

	fflush(stdout);
	dup2(saved, 1);
	close(saved);
	assert_int_equal(file_read(a, out, MB, &text), OK);
	*ret_text = (const char *)text.data;
	return e;
}

static const char *write_sample(struct arena *a, const char *name, struct m_acuse *m, bool pdf)
{
	const char *path = arena_printf(a, "%s/%s", folder, name);
	struct bytes json, content;

	acuse_sample(a, pki_now(), ZONA_CENTRO, m);
	assert_int_equal(codec_encode(a, &message_acuse, m, &json), OK);
	content = json;
	if (pdf)
		assert_int_equal(acuse_pdf(a, m, json, true, &content), OK);
	assert_int_equal(file_write(path, content, 0600), OK);
	return path;
}

/* L-7.9 L-6.1: JSON and PDF prove themselves by content, whatever their names. */
static void test_verificar(void **state)
{
	(void)state;
	for (int pdf = 0; pdf < 2; pdf++) {
		ARENA(a, 16 * MB);
		struct m_acuse m;
		const char *path = write_sample(&a, "acuse.bin", &m, pdf != 0);
		const char *trust = arena_printf(&a, "--confianza %s/confianza", pki_dir());
		const char *text = NULL;

		assert_int_equal(verify(&a, path, trust, &text), OK);
		assert_non_null(strstr(text, m.folio));
		assert_non_null(strstr(text, "SI  El sello corresponde a la cadena original"));
		assert_null(strstr(text, "NO  "));
		assert_non_null(strstr(text, "se comprobó por completo.\n"));
		assert_non_null(strstr(text, "PRUEBA"));
		assert_int_equal(verify(&a, path, arena_printf(&a, "%s --json", trust), &text), OK);
		assert_non_null(strstr(text, "\"comprobado\":true}\n"));
		assert_null(strstr(text, "\"cumple\":false"));
	}
}

static void test_verificar_altered(void **state)
{
	ARENA(a, 16 * MB);
	struct m_acuse m;
	struct bytes file;
	const char *path = write_sample(&a, "acuse.json", &m, false);
	const char *trust = arena_printf(&a, "--confianza %s/confianza", pki_dir());
	const char *text = NULL;

	(void)state;
	assert_int_equal(file_read(&a, path, MB, &file), OK);
	char *at = strstr((char *)(uintptr_t)file.data, "Piedad Narvarte");

	assert_non_null(at);
	*at = 'Q';
	assert_int_equal(file_write(path, file, 0600), OK);
	assert_int_equal(verify(&a, path, trust, &text), ERR_NOT_PROVED);
	assert_non_null(strstr(text, "NO  El contenido es el que se selló"));
	assert_non_null(strstr(text, "El acuse NO se comprobó"));
	assert_int_equal(
		verify(&a, path, arena_printf(&a, "%s --json", trust), &text), ERR_NOT_PROVED);
	assert_non_null(strstr(text, "\"comprobado\":false}\n"));
	assert_int_equal(file_write(path, bytes_of_text("hola"), 0600), OK);
	assert_int_equal(verify(&a, path, trust, &text), ERR_BAD_EVIDENCE);
	assert_int_equal(verify(&a, "/no/hay", trust, &text), ERR_NO_FILE);
	assert_int_equal(verify(&a, path, "--confianza /no/hay", &text), ERR_NO_TRUST);
}

/* True evidence inside a paper that says something else: the paper is not proved. */
static void test_verificar_false_paper(void **state)
{
	ARENA(a, 16 * MB);
	struct m_acuse m;
	struct bytes json;
	struct bytes pdf;
	const char *path = write_sample(&a, "acuse.json", &m, false);
	const char *trust = arena_printf(&a, "--confianza %s/confianza", pki_dir());
	const char *text = NULL;

	(void)state;
	assert_int_equal(file_read(&a, path, MB, &json), OK);
	m.titular_nombre = "OTRA PERSONA";
	assert_int_equal(acuse_pdf(&a, &m, json, true, &pdf), OK);
	assert_int_equal(file_write(path, pdf, 0600), OK);
	assert_int_equal(verify(&a, path, trust, &text), ERR_NOT_PROVED);
	assert_non_null(strstr(text, "NO  Lo impreso en el PDF es lo que se comprobó"));
}

/* Plain openssl agrees, by the commands that --openssl prints. */
static void test_openssl(void **state)
{
	ARENA(a, 16 * MB);
	struct m_acuse m;
	const char *path = write_sample(&a, "acuse.json", &m, false);
	const char *text = NULL;
	const char *options =
		arena_printf(&a, "--confianza %s/confianza --openssl %s/prueba", pki_dir(), folder);
	char *command = arena_printf(&a,
		"cd %s/prueba && openssl x509 -in sello.cer -pubkey -noout > sello.pem && "
		"openssl base64 -d -A -in sello.b64 -out sello.bin && "
		"openssl dgst -sha256 -verify sello.pem -signature sello.bin cadena.txt >/dev/null",
		folder);

	(void)state;
	assert_int_equal(verify(&a, path, options, &text), OK);
	assert_int_equal(system(command), 0);
	assert_int_equal(file_write(arena_printf(&a, "%s/prueba/cadena.txt", folder),
				 bytes_of_text(m.folio), 0600),
		OK);
	assert_int_not_equal(system(command), 0);
}

/* L-7.2 L-7.4 L-7.5 L-7.6: what the sheet says before anything is signed. */
static void test_hoja(void **state)
{
	ARENA(a, MB);
	struct calendario c = bare_calendar(&a);
	struct m_notificacion n = {.folio = "BI-20261109-101500114",
		.oficio = "O-1",
		.documento = "Resolución\x1b[2J",
		.funcionario = "LUIS",
		.plazo_dias = 15,
		.aviso = zc("2026-11-09 10:15")};
	int64_t now = zc("2026-11-12 17:52");
	struct plazo_aviso aviso;
	struct hoja h;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_int_equal(plazo_de_aviso(&c, n.aviso, &aviso), OK);
	n.vence = aviso.vence;
	assert_int_equal(hoja_make(&n, &c, now, &h), OK);
	assert_int_equal(h.si_abre.notificada, now);
	assert_int_equal(h.si_no.notificada, zc("2026-11-13 09:30"));
	assert_int_equal(h.vale_hasta, zc("2026-11-12 18:00"));
	assert_false(h.ya_notificada);
	assert_int_equal(hoja_print(&a, out, &n, &h, now), OK);
	fclose(out);
	assert_non_null(strstr(text, "quedas notificado el jue 12/nov/2026 17:52"));
	assert_non_null(strstr(text, "Si no la abres, quedas notificado el vie 13/nov/2026 09:30"));
	assert_non_null(strstr(text, "15 días hábiles"));
	assert_null(strchr(text, '\x1b'));
	free(text);
	/* 24 h at most, and a lapse is said to have been. */
	assert_int_equal(hoja_make(&n, &c, zc("2026-12-01 10:00"), &h), OK);
	assert_true(h.ya_notificada);
	assert_int_equal(h.vale_hasta, zc("2026-12-02 10:00"));
}

/* L-7.4 L-7.6: a program is told all that the sheet says, and why. */
static void test_hoja_json(void **state)
{
	ARENA(a, MB);
	struct calendario c = bare_calendar(&a);
	struct m_notificacion n = {.folio = "BI-1",
		.oficio = "O-1",
		.documento = "Resolución",
		.funcionario = "LUIS",
		.plazo_dias = 15,
		.aviso = zc("2026-11-09 10:15")};
	int64_t now = zc("2026-11-12 17:52");
	struct plazo_aviso aviso;
	struct hoja h;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	static const char *const said[] = {"\"documento\":\"Resolución\"",
		"\"dias_para_abrir\":[\"2026-11-10\",\"2026-11-11\",\"2026-11-12\"]",
		"\"cuarto_dia\":\"2026-11-13\"", "\"fuera_de_horario\":false", "\"cambia\":true",
		"\"si_abre_fecha\":\"2026-11-12\"", "\"si_abre_surte\":\"2026-11-13\"",
		"\"si_no_fecha\":\"2026-11-13\"", "\"si_abre_prudente\":\"",
		("\"inhabiles\":[{\"fecha\":\"2026-11-14\",\"motivo\":\"sábado\"},{\"fecha\":"
		 "\"2026-11-15\",\"motivo\":\"domingo\"},{\"fecha\":\"2026-11-16\"")};

	(void)state;
	assert_int_equal(plazo_de_aviso(&c, n.aviso, &aviso), OK);
	n.vence = aviso.vence;
	assert_int_equal(hoja_make(&n, &c, now, &h), OK);
	assert_int_equal(hoja_json(&a, out, &n, &c, &h), OK);
	fclose(out);
	for (size_t i = 0; i < COUNT_OF(said); i++)
		if (strstr(text, said[i]) == NULL)
			fail_msg("no %s in %s", said[i], text);
	assert_null(strstr(text, "[,"));
	assert_null(strstr(text, "{,"));
	free(text);
	/* Out of hours it says so. */
	assert_int_equal(hoja_make(&n, &c, zc("2026-11-11 20:00"), &h), OK);
	assert_true(h.fuera);
}

static int setup(void **state)
{
	(void)state;
	return zona_setup() == OK && mkdtemp(folder) != NULL ? 0 : -1;
}

static int drop_folder(void **state)
{
	char command[96];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arguments),
		cmocka_unit_test(test_bad_arguments),
		cmocka_unit_test(test_json_line),
		cmocka_unit_test(test_verificar),
		cmocka_unit_test(test_verificar_altered),
		cmocka_unit_test(test_verificar_false_paper),
		cmocka_unit_test(test_openssl),
		cmocka_unit_test(test_hoja),
		cmocka_unit_test(test_hoja_json),
	};

	return cmocka_run_group_tests(tests, setup, drop_folder);
}
