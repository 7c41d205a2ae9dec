/*
 * The local copy and the e.firmas that open it (issue 3.1, 3.6): one opens those of all the
 * profiles that sign with it, asked for once; a renewed one has the drafts and the history of the
 * one before.
 */
#include "tests/help/cm.h"
#include <signal.h>
#include <stdio.h>
#include "base/err.h"
#include "base/file.h"
#include "tests/help/e2e_mesa.h"
#include "tests/help/pki.h"

#define ROOM (32 * 1024 * 1024)
#define CONFIG "copia.ini"
#define REPRESENTANTE "NULM750615MN7"

static struct e2e world;

static int open_world(void **state)
{
	(void)state;
	world = (struct e2e){0};
	e2e_open(&world);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	e2e_close(&world);
	return 0;
}

/* Whatever the test before it came to. */
static int server_up(void **state)
{
	(void)state;
	if (world.server <= 0)
		e2e_server_start(&world);
	return 0;
}

/* A profile of this test's own: its folder, its copy. */
static void perfil(const char *nombre)
{
	mesa_perfil(&world, CONFIG, &(struct mesa_perfil){.nombre = nombre});
}

static struct vt *start(const char *nombre)
{
	struct vt *vt = mesa_screen(&world, CONFIG, nombre);

	mesa_enter(vt);
	return vt;
}

static void server_down(void)
{
	assert_int_equal(e2e_server_stop(&world, SIGTERM), 0);
}

/* ---- one e.firma, many profiles ----------------------------------------------------------- */

static void mandate(const char *titular)
{
	ARENA(a, ROOM);

	(void)e2e_text(&world, &a,
		arena_printf(&a,
			"INSERT INTO mandato (titular, representante, ambito, desde) VALUES "
			"('%s', '%s', 'notificaciones', 0)",
			titular, REPRESENTANTE));
}

static void type_password(struct vt *vt, const char *efirma)
{
	ARENA(a, ROOM);
	struct bytes text = pki_read(&a, arena_printf(&a, "%s.pass", efirma));

	e2e_focus(vt, "Contraseña");
	assert_true(
		vt_key(vt, arena_printf(&a, "%.*s", (int)text.size, (const char *)text.data)) > 0);
}

static void representative(const char *nombre, const char *rfc, const char *calidad)
{
	mesa_perfil(&world, "despacho.ini",
		&(struct mesa_perfil){.nombre = nombre,
			.rfc = rfc,
			.calidad = calidad,
			.efirma = "representante",
			.tecleada = true});
}

/* Its password opens all three, once with a line and once without; T tells of all of them. */
static void test_one_efirma(void **state)
{
	ARENA(a, ROOM);
	const char *first = e2e_notificar(&world, E2E_FISICA);
	const char *second = e2e_notificar(&world, E2E_MORAL);
	struct e2e_run r = E2E_RUN(&world, &a, "buzond", "alta", "--rfc", REPRESENTANTE, "--nombre",
		"MARÍA NÚÑEZ LÓPEZ", "--habilitado-2020", "--config", "buzond.ini");

	(void)state;
	assert_int_equal(r.code, 0);
	const char *third = e2e_notificar(&world, REPRESENTANTE);

	mandate(E2E_FISICA);
	mandate(E2E_MORAL);
	representative("maria", REPRESENTANTE, "propio");
	representative("jose", E2E_FISICA, "representante");
	representative("ferreteria", E2E_MORAL, "representante");
	for (int line = 1; line >= 0; line--) {
		const char *how = line == 1 ? "abierto" : "sin línea";
		struct vt *vt = mesa_screen(&world, "despacho.ini", "maria");

		type_password(vt, "representante");
		mesa_enter(vt);
		mesa_to(vt, "P", "Perfiles");
		mesa_row(vt, "maria", how);
		mesa_row(vt, "jose", how);
		mesa_row(vt, "ferreteria", how);
		mesa_to(vt, "T", "Vencimientos de");
		mesa_row(vt, "maria", "por abrir");
		mesa_row(vt, "jose", "por abrir");
		mesa_row(vt, E2E_MORAL, "por abrir");
		mesa_hide(vt, "bloqueado");
		mesa_leave(vt);
		if (line == 1)
			server_down();
	}
	e2e_server_start(&world);
	/* Each in its own folder, under its own key, one master for all. */
	const char *const folios[] = {first, second, third};
	const char *const names[] = {"jose", "ferreteria", "maria"};

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		assert_true(file_exists(mesa_copy(&world, &a, names[i], "representante")));
		r = E2E_RUN(&world, &a, "sh", "-c",
			arena_printf(&a,
				"exec '%s' notificaciones --json --config despacho.ini "
				"--perfil %s --clave-fd 3 3<'%s/representante.pass'",
				e2e_program(&world, "buzon-tui"), names[i], pki_dir()));
		assert_int_equal(r.code, 0);
		assert_non_null(strstr(r.out, folios[i]));
	}
}

/* ---- renewal ------------------------------------------------------------------------------ */

static struct e2e_run renovar(struct arena *a, const char *options)
{
	const char *d = pki_dir();

	return E2E_RUN(&world, a, "sh", "-c",
		arena_printf(a,
			"(cat '%s/renovada.pass'; echo; cat '%s/fisica.pass') >claves && "
			"exec '%s' renovar --config renovada.ini --perfil jose2 --clave-fd 3 %s "
			"3<claves",
			d, d, e2e_program(&world, "buzon-tui"), options));
}

/* A new e.firma of the same RFC: told, listed, carried over with the old one's key, or not. */
static void test_renewal(void **state)
{
	ARENA(a, ROOM);
	const char *folio = e2e_notificar(&world, E2E_FISICA);
	const char *d = pki_dir();

	(void)state;
	perfil("jose2");
	mesa_perfil(&world, "renovada.ini",
		&(struct mesa_perfil){.nombre = "jose2", .efirma = "renovada"});
	struct vt *vt = start("jose2");

	mesa_order(vt, "vencimientos", "Vencimientos de");
	mesa_quit(vt);
	const char *old = mesa_copy(&world, &a, "jose2", "fisica");

	assert_true(file_exists(old));
	vt = mesa_screen(&world, "renovada.ini", "jose2");
	mesa_enter(vt);
	mesa_show(vt, "Hay una copia local de otro certificado");
	mesa_show(vt, "buzon-tui renovar");
	mesa_to(vt, "7", folio);
	mesa_leave(vt);
	/* Nothing is taken away by looking, by a no, or by the wrong key. */
	struct e2e_run r = renovar(&a, "");

	assert_int_equal(r.code, 0);
	assert_non_null(strstr(r.out, old));
	assert_non_null(strstr(r.out, "--descartar --si"));
	r = renovar(&a, "--descartar");
	assert_int_equal(r.code, err_exit(ERR_NEED_DISCARD));
	r = renovar(&a, arena_printf(&a,
				"--certificado-anterior '%s/moral.cer' --llave-anterior "
				"'%s/moral.key'",
				d, d));
	assert_int_not_equal(r.code, 0);
	assert_true(file_exists(old));
	r = renovar(&a, arena_printf(&a,
				"--json --certificado-anterior '%s/fisica.cer' --llave-anterior "
				"'%s/fisica.key'",
				d, d));
	if (r.code != 0)
		fail_msg("renovar: %d %s", r.code, r.err);
	assert_string_equal(e2e_json(&a, r.out, "renovar"), "pasada");
	assert_false(file_exists(old));
	vt = mesa_screen(&world, "renovada.ini", "jose2");
	mesa_enter(vt);
	mesa_hide(vt, "otro certificado");
	mesa_history(vt, "vencimientos");
	mesa_leave(vt);
	assert_string_equal(e2e_json(&a, renovar(&a, "--json").out, "renovar"), "nada");
	/* Declined: gone, and only the old one. */
	mesa_leave(start("jose2"));
	assert_true(file_exists(old));
	assert_string_equal(
		e2e_json(&a, renovar(&a, "--json --descartar --si").out, "renovar"), "descartadas");
	assert_false(file_exists(old));
	assert_true(file_exists(mesa_copy(&world, &a, "jose2", "renovada")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_one_efirma, server_up),
		cmocka_unit_test_setup(test_renewal, server_up),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
