/*
 * From a new RFC to an enabled Buzón, through both real programs on a real terminal: the board of
 * media, mail with its link, SMS with its code, the terms, the acuse; and what is asked of who is
 * not there yet. A-02 A-03 A-04 A-05 A-07 A-09 A-12 A-14 L-5.1 L-5.2 L-5.3 O-06 R-1
 */
#include "base/clock.h"
#include "tests/help/cm.h"
#include "tests/help/e2e_correo.h"
#include "tests/help/e2e_filas.h"
#include "tests/help/persona.h"
#include "tests/help/pki.h"

#define ROOM (64 * 1024 * 1024)
#define ENTER "\r"
#define ESC "\x1b"
#define SOON_MS 2000

static struct e2e world;

static int open_world(void **state)
{
	(void)state;
	world.sin_activar = true;
	e2e_open(&world);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	e2e_close(&world);
	return 0;
}

/* To Inicio of an RFC that is not activated. */
static struct vt *enter(const char *perfil)
{
	struct vt *vt = persona_start(&world, &(struct persona){.perfil = perfil, .rows = 40});

	persona_to(vt, "", "Validación FIEL");
	e2e_focus(vt, "Validar");
	persona_to(vt, ENTER, "Tu Buzón no está habilitado");
	persona_to(vt, "", "Sincronizado");
	return vt;
}

/* The confirmation window: with the e.firma open its second button signs. */
static void confirm(struct vt *vt, const char *button, const char *then)
{
	persona_shows(vt, "La validación de la FIEL fue exitosa");
	e2e_focus(vt, button);
	persona_to(vt, ENTER, then);
}

/* The dialogue, from its first page to what came of it. */
static void sign(struct vt *vt, const char *button, const char *then)
{
	e2e_focus(vt, "Validar");
	persona_to(vt, ENTER, "La validación de la FIEL fue exitosa");
	e2e_focus(vt, button);
	persona_to(vt, ENTER, then);
}

/* From the board, through the form, to the box that says what to do next, and back. */
static void add(struct vt *vt, bool mobile, const char *medio)
{
	persona_to(vt, "n", "Nuevo medio de contacto");
	if (mobile) {
		e2e_focus(vt, "Mecanismo");
		persona_to(vt, " ", "< Teléfono >");
		e2e_focus(vt, "Medio de Contacto *");
	}
	persona_to(vt, medio, medio);
	e2e_focus(vt, "Guardar");
	persona_to(vt, ENTER, "Registrar medio de contacto");
	persona_shows(vt, "Cancelar");
	confirm(vt, "Aceptar", "falta validarlo");
	persona_shows(vt, "Folio: BI-");
	e2e_focus(vt, "Aceptar");
	persona_to(vt, ENTER, "Mis medios de contacto");
	persona_shows(vt, "En proceso");
}

static void code_of_sms(struct vt *vt, const char *codigo)
{
	persona_to(vt, "v", "Validación de Celular");
	persona_to(vt, codigo, codigo);
	e2e_focus(vt, "Validar");
	persona_to(vt, ENTER, "la validación con el código");
	confirm(vt, "Firmar", "quedó validado");
	e2e_focus(vt, "Aceptar");
	persona_to(vt, ENTER, "Mis medios de contacto");
}

/* L-5.2, O-06, A-14: by number and by command alike, what is not open yet leads to what is missing.
 */
static void test_before(void **state)
{
	struct vt *vt = enter("fisica");

	(void)state;
	assert_non_null(strstr(vt_row(vt, 1), "4 Medios"));
	assert_null(strstr(vt_row(vt, 1), "Notificaciones"));
	persona_to(vt, "7", "«Notificaciones» se usa con el Buzón habilitado");
	persona_to(vt, "1", "Tu Buzón no está habilitado");
	persona_to(vt, ":notificaciones" ENTER, "«Notificaciones» se usa con el Buzón habilitado");
	persona_shows(vt, "AQUÍ ESTÁS");
	persona_shows(vt, "800 623 23 23");
	persona_leave(vt);
}

/* A-02: all four steps, in one sitting. */
static void test_whole(void **state)
{
	ARENA(a, ROOM);
	struct vt *vt = enter("fisica");

	(void)state;
	persona_to(vt, ENTER, "Activación Buzón IMSS");
	persona_to(vt, ENTER, "No hay medios de contacto");
	add(vt, false, "ana@correo.prueba");
	const char *mail = e2e_correo(&world, &a, "ana@correo.prueba", "Valida tu correo");

	/* The link is followed elsewhere; the board says so by itself. */
	(void)e2e_confirmar(&world, &a, e2e_enlace(&a, mail));
	persona_shows(vt, "Correos electrónicos validados: 1");
	(void)e2e_correo(&world, &a, "ana@correo.prueba", "quedó validado");
	add(vt, true, "5512345678");
	code_of_sms(vt, e2e_codigo(&a, e2e_sms(&world, &a, "")));
	persona_shows(vt, "Teléfonos celulares validados: 1");
	persona_to(vt, ESC, "4. Firmar los términos y condiciones: AQUÍ ESTÁS");
	persona_to(vt, ENTER, "Términos y condiciones");
	persona_shows(vt, "Versión:");
	persona_to(vt, ENTER, "Aviso de privacidad");
	persona_shows(vt, "Versión:");
	persona_to(vt, ENTER, "Firma con e.firma");
	sign(vt, "Firmar", "Acuse");
	persona_shows(vt, "Folio: BI-");
	/* Everything is there at once. */
	persona_to(vt, ESC, "Tu Buzón está habilitado");
	assert_non_null(strstr(vt_row(vt, 1), "7 Notificaciones"));
	persona_to(vt, "7", "Mis notificaciones");
	persona_to(vt, "1", "Lo que vence primero");
	persona_leave(vt);
	assert_int_equal(e2e_number(&world, "SELECT count(*) FROM medio WHERE validado IS NOT NULL "
					    "AND baja IS NULL"),
		2);
	/* And it stays so: the next one enters as everybody does. */
	vt = persona_entered(&world, &(struct persona){.perfil = "fisica"});
	persona_leave(vt);
}

/* A-06, A-07: a wrong code is said beside its field; the link closes the dialogue by itself. */
static void test_code_and_link(void **state)
{
	ARENA(a, ROOM);
	struct vt *vt = enter("moral");

	(void)state;
	persona_to(vt, "4", "No hay medios de contacto");
	add(vt, false, "moral@correo.prueba");
	const char *mail = e2e_correo(&world, &a, "moral@correo.prueba", "Valida tu correo");
	const char *codigo = e2e_codigo(&a, mail);

	persona_to(vt, "v", "Validación de Correo Electrónico");
	persona_to(vt, strcmp(codigo, "00000") == 0 ? "00001" : "00000", "0000");
	e2e_focus(vt, "Validar");
	persona_to(vt, ENTER, "la validación con el código");
	confirm(vt, "Firmar", "El código no es el que se envió");
	persona_shows(vt, "Quedan 4");
	e2e_focus(vt, "Regresar");
	persona_to(vt, ENTER, "Validación de Correo Electrónico");
	persona_shows(vt, "! El código no es el que se envió");
	(void)e2e_confirmar(&world, &a, e2e_enlace(&a, mail));
	persona_shows(vt, "Ese medio ya está validado");
	persona_to(vt, ENTER, "Correos electrónicos validados: 1");
	persona_leave(vt);
}

/* L-5.2: the last instant passes while the code is being typed: said by itself, nothing is signed.
 */
static void test_too_late(void **state)
{
	ARENA(a, ROOM);
	struct vt *vt = enter("moral");

	(void)state;
	persona_to(vt, "4", "Mis medios de contacto");
	add(vt, true, "5587654321");
	persona_to(vt, "v", "Validación de Celular");
	persona_to(vt, "123", "123");
	e2e_sql(&world, arena_printf(&a, "UPDATE medio SET vence = %lld WHERE valor = '5587654321'",
				(long long)(pki_now() + SOON_MS)));
	/* What changes its cuenta tells its clients. */
	struct e2e_run r = E2E_RUN(&world, &a, "buzond", "alta", "--rfc", E2E_MORAL, "--nombre",
		E2E_MORAL_NOMBRE, "--rp", "A0123456107", "--config", "buzond.ini");

	assert_int_equal(r.code, 0);
	persona_shows(vt, "Pasaron las 72 horas");
	persona_hides(vt, "123");
	persona_to(vt, ENTER, "Vencido");
	persona_leave(vt);
}

/* What was typed outlives Esc and the program; what was sent is no draft any more. */
static void test_draft(void **state)
{
	struct vt *vt = enter("moral");

	(void)state;
	persona_to(vt, "4", "Mis medios de contacto");
	persona_to(vt, "n", "Nuevo medio de contacto");
	persona_to(vt, "otra@correo.prueba", "otra@correo.prueba");
	persona_to(vt, ESC, "Mis medios de contacto");
	persona_to(vt, "q", "Tu Buzón no está habilitado");
	assert_true(vt_send(vt, "q"));
	assert_int_equal(vt_close(vt), 0);
	vt = enter("moral");
	persona_to(vt, "4", "Mis medios de contacto");
	persona_to(vt, "n", "otra@correo.prueba");
	e2e_focus(vt, "Guardar");
	persona_to(vt, ENTER, "Registrar medio de contacto");
	confirm(vt, "Aceptar", "falta validarlo");
	e2e_focus(vt, "Aceptar");
	persona_to(vt, ENTER, "Mis medios de contacto");
	persona_to(vt, "n", "0 / 254");
	persona_hides(vt, "otra@correo.prueba");
	persona_leave(vt);
}

/*
 * Bytes that the line carries for one step, once everything stands still. That the program was idle
 * may have been said before the key was read.
 */
static long step(struct vt *vt, const char *key)
{
	persona_to(vt, "", "Sincronizado");
	assert_true(vt_settle(vt, VT_MS));
	size_t before = vt_bytes(vt);
	int64_t until = clock_monotonic() + VT_MS;

	assert_true(vt_key(vt, key) >= 0);
	while (vt_bytes(vt) == before && clock_monotonic() < until)
		(void)vt_wait_idle(vt, 50);
	return (long)(vt_bytes(vt) - before);
}

/* experience.md: a step of the cursor costs at most 12 bytes in the new lists, too. */
static void test_bytes(void **state)
{
	ARENA(a, ROOM);
	static const char *const others[] = {E2E_FISICA, "RUSA820922TT8"};
	struct vt *vt;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		struct e2e_run r =
			E2E_RUN(&world, &a, "buzon-tui", "--perfil", "moral", "representante",
				"alta", others[i], "--permiso", "notificaciones:leer", "--si");

		assert_int_equal(r.code, 0);
	}
	vt = enter("moral");
	persona_to(vt, "4", "otra@correo.prueba");
	for (int i = 0; i < 2; i++) {
		assert_in_range(step(vt, "j"), 1, 12);
		assert_in_range(step(vt, "k"), 1, 12);
	}
	persona_to(vt, "R", "Representantes: 2");
	assert_in_range(step(vt, "j"), 1, 12);
	assert_in_range(step(vt, "k"), 1, 12);
	persona_leave(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_before),
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_code_and_link),
		cmocka_unit_test(test_too_late),
		cmocka_unit_test(test_draft),
		cmocka_unit_test(test_bytes),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
