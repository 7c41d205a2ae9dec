/*
 * Mis comunicados, Mis documentos and Calendario through both programs: on the screen, in lines, by
 * commands, and by cron's exit codes with the line up and down. L-8 R-2 R-5 L-7.4 L-7.5
 */
#include "tests/help/cm.h"

#include <signal.h>
#include <stdio.h>
#include "base/b64.h"
#include "base/file.h"
#include "crypto/key.h"
#include "crypto/sha.h"
#include "ley/documento.h"
#include "ley/zona.h"
#include "tests/help/e2e_filas.h"
#include "tests/help/persona.h"
#include "tests/help/pki.h"

#define ROOM (32 * 1024 * 1024)
#define ENTER "\r"
#define ESC "\x1b"

static struct e2e world;

static int open_world(void **state)
{
	(void)state;
	if (zona_setup() != OK)
		return 1;
	e2e_open(&world);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	e2e_close(&world);
	return 0;
}

/* ---- what an operator's publication leaves in the store ---- */

static const char *blob(struct arena *a, struct bytes b)
{
	const char *hex = hex_encode(a, b);

	assert_non_null(hex);
	return arena_printf(a, world.place != NULL ? "decode('%s', 'hex')" : "X'%s'", hex);
}

static void publish(const char *folio, const char *clase, const char *titulo, const char *para)
{
	ARENA(a, 1 << 20);

	e2e_sql(&world,
		arena_printf(&a,
			"INSERT INTO publicacion (folio, parte, titular, seq, clase, tipo, titulo, "
			"firmante, funcionario, publicada, texto) VALUES ('%s', parte_de('%s'), '%s', "
			"(SELECT COALESCE(MAX(p.seq), 0) + 1 FROM publicacion p WHERE p.titular = "
			"'%s'), '%s', 'Aviso', '%s', 'X', 'LUCÍA PRUEBA', %lld, "
			"'Primer renglón.')",
			folio, para, para, para, clase, titulo, (long long)pki_now()));
}

/* With its file, signed for everybody by the functionary's e.firma. */
static void publish_file(const char *folio, const char *clase, const char *titulo, const char *para)
{
	ARENA(a, ROOM);
	AUTO(efirma) f = pki_efirma("funcionario");
	struct bytes pdf = {0};
	struct bytes firma = {0};
	const char *cadena = NULL;
	struct documento d = {.oficio = titulo,
		.rfc = DOCUMENTO_PARA_VARIOS,
		.firmante = f->cert.rfc,
		.fecha = hora_text(&a, zona_centro(), pki_now(), HORA_CADENA)};

	assert_int_equal(file_read(&a, e2e_path(&world, &a, e2e_pdf(&world)), 1 << 20, &pdf), OK);
	assert_int_equal(sha256_hex(&a, pdf, &d.sha256), OK);
	assert_int_equal(documento_cadena(&a, &d, &cadena), OK);
	assert_int_equal(key_sign(&a, f->key, bytes_of_text(cadena), &firma), OK);
	e2e_sql(&world,
		arena_printf(&a,
			"INSERT INTO archivo (folio, parte, sha256, bytes, cadena, firma, certificado, "
			"datos) VALUES ('%s', parte_de('%s'), '%s', %zu, '%s', %s, %s, %s)",
			folio, f->cert.rfc, d.sha256, pdf.size, cadena, blob(&a, firma),
			blob(&a, f->cert.der), blob(&a, pdf)));
	publish(folio, clase, titulo, para);
	e2e_sql(&world,
		arena_printf(&a,
			"UPDATE publicacion SET firmante = '%s', archivo = folio, sha256 = '%s', bytes "
			"= %zu WHERE folio = '%s'",
			f->cert.rfc, d.sha256, pdf.size, folio));
}

static void must_be(const struct e2e_run *r, int code)
{
	if (r->code != code)
		fail_msg("exit %d, not %d; out: %s; err: %s", r->code, code, r->out, r->err);
}

/* ---- publications ---- */

static void test_commands(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	struct e2e_run r = E2E_RUN(&world, &a, "buzon-tui", "comunicados");

	must_be(&r, 0);
	assert_non_null(strstr(r.err, "No hay comunicados."));
	publish("PB-20261101-000000001", "comunicado", "Facilidades por lluvias", "*");
	publish_file("PB-20261101-000000002", "documento", "Propuesta 10-2026", E2E_FISICA);
	publish("PB-20261101-000000003", "comunicado", "Solo para la moral", E2E_MORAL);
	r = E2E_RUN(&world, &a, "buzon-tui", "comunicados");
	must_be(&r, 0);
	assert_non_null(strstr(r.out, "nuevo  PB-20261101-000000001  Facilidades por lluvias"));
	assert_null(strstr(r.out, "moral"));
	r = E2E_RUN(&world, &a, "buzon-tui", "comunicados", "PB-20261101-000000001");
	must_be(&r, 0);
	assert_non_null(strstr(r.out, "Primer renglón."));
	r = E2E_RUN(&world, &a, "buzon-tui", "comunicados", "--json");
	must_be(&r, 0);
	assert_string_equal(e2e_json(&a, r.out, "folio"), "PB-20261101-000000001");
	assert_non_null(strstr(r.out, "\"leida\":true"));
	r = E2E_RUN(&world, &a, "buzon-tui", "documentos", "PB-20261101-000000002", "-o", "p.pdf");
	must_be(&r, 0);
	assert_non_null(strstr(r.err, "Firma comprobada."));
	assert_string_equal(e2e_file(&world, &a, "p.pdf"), e2e_file(&world, &a, e2e_pdf(&world)));
	/* Of the other menu, of another RFC, of nobody. */
	r = E2E_RUN(&world, &a, "buzon-tui", "documentos", "PB-20261101-000000001");
	must_be(&r, 66);
	r = E2E_RUN(&world, &a, "buzon-tui", "comunicados", "PB-20261101-000000003");
	must_be(&r, 66);
	r = E2E_RUN(&world, &a, "buzon-tui", "documentos", "../x");
	must_be(&r, 66);
	/* What is kept is there without a line, its file too. */
	r = E2E_RUN(&world, &a, "buzon-tui", "documentos", "PB-20261101-000000002", "-o", "q.pdf",
		"--sin-conexion");
	must_be(&r, 0);
	assert_string_equal(e2e_file(&world, &a, "q.pdf"), e2e_file(&world, &a, "p.pdf"));
}

/* A file that is not what the functionary signed is not saved. */
static void test_altered_file(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	publish_file("PB-20261101-000000009", "documento", "Alterado", E2E_FISICA);
	e2e_sql(&world,
		world.place != NULL
			? "UPDATE archivo SET datos = datos || 'x'::bytea, bytes = bytes + 1 WHERE "
			  "folio = 'PB-20261101-000000009'"
			: "UPDATE archivo SET datos = CAST(datos || X'20' AS BLOB), bytes = bytes + 1 "
			  "WHERE folio = 'PB-20261101-000000009'");
	struct e2e_run r = E2E_RUN(
		&world, &a, "buzon-tui", "documentos", "PB-20261101-000000009", "-o", "mal.pdf");

	assert_true(r.code != 0);
	assert_string_equal(e2e_file(&world, &a, "mal.pdf"), "");
	e2e_sql(&world, "DELETE FROM publicacion WHERE folio = 'PB-20261101-000000009'");
	e2e_forget_copy(&world, "fisica");
}

/* On the screen: they come by themselves, are read, and their file is proved and shown. */
static void test_screens(void **state)
{
	struct vt *vt = persona_entered(&world, &(struct persona){.rows = 24, .cols = 80});

	(void)state;
	persona_to(vt, "5", "Mis comunicados");
	persona_shows(vt, "Facilidades por lluvias");
	publish("PB-20261101-000000004", "comunicado", "Recién publicado", "*");
	persona_shows(vt, "Recién publicado");
	persona_to(vt, "fRecién" ENTER, "Filtro: «recien» (1 de 2");
	persona_to(vt, ENTER, "Primer renglón.");
	persona_shows(vt, "todos los particulares");
	persona_to(vt, ESC, "Filtro");
	persona_hides(vt, "nuevo");
	persona_to(vt, ESC, "Facilidades");
	persona_to(vt, "3", "Mis documentos");
	persona_to(vt, ENTER, "Archivo: PDF de");
	persona_to(vt, ENTER, "Comprobado");
	persona_shows(vt, "Cédula de liquidación para ÑANDÚ");
	persona_to(vt, "d", "Guardado");
	persona_leave(vt);
}

/* ---- the calendar ---- */

static void test_calendar_screens(void **state)
{
	const char *folio = e2e_notificar(&world, E2E_FISICA);
	struct vt *vt = persona_entered(&world, &(struct persona){.rows = 12, .cols = 40});

	(void)state;
	/* A month is seen whole in 40x12. */
	persona_to(vt, "2", "lu   ma   mi   ju   vi");
	persona_to(vt, "e31/dic/2026" ENTER, "[31");
	persona_shows(vt, "    1");
	persona_to(vt, ".", "*");
	persona_to(vt, "v", "Abrir, último");
	persona_to(vt, "p", "Por qué");
	persona_to(vt, ESC, "Abrir, último");
	persona_to(vt, "d", "Guardado");
	persona_leave(vt);
	vt = persona_entered(&world, &(struct persona){.rows = 24, .cols = 80});
	persona_to(vt, ":calendario" ENTER, "Qué hay");
	persona_to(vt, ":vista agenda" ENTER, "Agenda desde");
	persona_shows(vt, folio);
	persona_to(vt, ENTER, "Antes de abrir");
	persona_to(vt, ESC, "Agenda desde");
	persona_to(vt, ":de-todos" ENTER, "Agenda de todos");
	persona_leave(vt);
}

static void test_agenda(void **state)
{
	ARENA(a, ROOM);
	struct e2e_run r = E2E_RUN(&world, &a, "buzon-tui", "agenda", "--json");

	(void)state;
	must_be(&r, 10);
	assert_string_equal(e2e_json(&a, strstr(r.out, "{"), "perfil"), "fisica");
	assert_non_null(strstr(r.out, "\"clase\":\"abrir\""));
	assert_non_null(strstr(r.out, "\"clase\":\"lapso\""));
	r = E2E_RUN(&world, &a, "buzon-tui", "agenda", "--ics", "v.ics");
	must_be(&r, 10);
	const char *ics = e2e_file(&world, &a, "v.ics");

	assert_non_null(strstr(ics, "BEGIN:VALARM\r\n"));
	assert_non_null(strstr(ics, ".abrir."));
	/* Nothing is due before today. */
	r = E2E_RUN(&world, &a, "buzon-tui", "agenda", "--perfil", "moral", "--dias", "0");
	must_be(&r, 0);
	r = E2E_RUN(&world, &a, "buzon-tui", "agenda", "--todos");
	must_be(&r, 10);
	assert_non_null(strstr(r.out, "fisica"));
	static const char *const wrong[][3] = {{"--dias", "-1", NULL}, {"--dias", "x", NULL},
		{"--desde", "ayer", NULL}, {"--hasta", "1/ene/2020", NULL}};

	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		r = E2E_RUN(&world, &a, "buzon-tui", "agenda", wrong[i][0], wrong[i][1]);
		must_be(&r, 64);
	}
}

/* Cron on a line that is down: what is kept speaks for a day; then nobody knows, and says so. */
static void test_line_down(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	assert_int_equal(e2e_server_stop(&world, SIGTERM), 0);
	struct e2e_run r = E2E_RUN(&world, &a, "buzon-tui", "agenda");

	must_be(&r, 10);
	assert_non_null(strstr(r.err, "fisica: No hay conexión"));
	r = E2E_RUN(&world, &a, "buzon-tui", "agenda", "--sin-conexion", "--perfil", "moral",
		"--dias", "0");
	must_be(&r, 0);
	e2e_forget_copy(&world, "moral");
	r = E2E_RUN(&world, &a, "buzon-tui", "agenda", "--sin-conexion", "--perfil", "moral",
		"--dias", "0");
	must_be(&r, 11);
	assert_non_null(strstr(r.err, "todavía no se ha recibido nada"));
	e2e_server_start(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_altered_file),
		cmocka_unit_test(test_screens),
		cmocka_unit_test(test_calendar_screens),
		cmocka_unit_test(test_agenda),
		cmocka_unit_test(test_line_down),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
