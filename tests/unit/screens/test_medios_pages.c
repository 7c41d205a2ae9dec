/* Contact media and activation as they are seen: 80x24, 40x10, 200x50, monochrome. A-02 A-03 A-09
 */
#include "screens/contacto.h"
#include "tests/help/cm.h"
#include "tests/help/pantalla_vt.h"

static struct pantalla p;
static struct m_medio medios[] = {
	{.folio = "BI-20261109-110000115",
		.mecanismo = CONTACTO_CELULAR,
		.medio = "5512345678",
		.acuse_validacion = "BI-20261109-110500999"},
	{.folio = "BI-20261109-101500114",
		.mecanismo = CONTACTO_CORREO,
		.medio = "contabilidad.ferreteria@example.mx"},
};

static int setup(void **state)
{
	(void)state;
	pantalla_init(&p, ZONA_CENTRO, "2026-11-11 12:00");
	medios[0].registrado = zc("2026-11-09 11:00");
	medios[0].validado = zc("2026-11-09 11:05");
	medios[1].registrado = zc("2026-11-09 10:15");
	medios[1].vence = zc("2026-11-12 10:15");
	(void)pantalla_medios(&p, medios, COUNT_OF(medios));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	pantalla_free(&p);
	return 0;
}

static void rows_are(enum screen screen, const char *folio, const char *const env[], int rows,
	int cols, const char *const *text)
{
	const struct effect from = effect_to(EFFECT_OPEN, screen, folio);

	pantalla_rows_are(&p, &from, env, rows, cols, text);
}

static void test_medios(void **state)
{
	static const char *const all[] = {
		"  Mis medios de contacto",
		"Correos electrónicos validados: 0",
		"Teléfonos celulares validados: 1",
		"  Folio                  Mecanismo de Comunicación  Medios de Contacto       Fecha de Registro  Acuse de Registro      Fecha de Validación  Acuse de Validación    Fecha de Baja  Acuse de Baja",
		"▸ BI-20261109-110000115  Teléfono                   5512345678               09/nov/2026        BI-20261109-110000115  09/nov/2026          BI-20261109-110500999",
		"  BI-20261109-101500114  Correo Electrónico         contabilidad.ferreteri…  09/nov/2026        BI-20261109-101500114  En proceso",
		NULL,
	};
	static const char *const wide[] = {
		"  Mis medios de contacto",
		"Correos electrónicos validados: 0",
		"Teléfonos celulares validados: 1",
		"  Medios de Contacto                         Fecha de Validación  Fecha de Baja",
		"▸ 5512345678                                 09/nov/2026",
		"  contabilidad.ferreteria@example.mx         En proceso",
		"",
		NULL,
	};
	static const char *const small[] = {
		"  Mis medios de contacto",
		"Correos electrónicos validados: 0",
		"Teléfonos celulares validados: 1",
		"  Medios de Contacto       Fecha de Val…",
		"▸ 5512345678               09/nov/2026",
		"  contabilidad.ferreteri…  En proceso",
		NULL,
	};

	(void)state;
	rows_are(SCREEN_medios, NULL, pantalla_color, 50, 200, all);
	rows_are(SCREEN_medios, NULL, pantalla_color, 24, 80, wide);
	rows_are(SCREEN_medios, NULL, pantalla_mono, 24, 80, wide);
	rows_are(SCREEN_medios, NULL, pantalla_color, 10, 40, small);
}

static void test_nuevo(void **state)
{
	static const char *const wide[] = {
		"  Nuevo medio de contacto",
		"  Pestaña *                    < Medio de Contacto de RFC >",
		"  Mecanismo de Comunicación *  < Correo Electrónico >",
		"▸ Medio de Contacto *",
		"                                                                         0 / 254",
		"                               [ Guardar ]",
		"                               [ Regresar ]",
		"",
		NULL,
	};
	static const char *const small[] = {
		"  Nuevo medio de contacto",
		"  Pestaña *         < Medio de Contacto",
		"  Mecanismo de Co…  < Correo Electrónico",
		"▸ Medio de Contac…",
		"                                 0 / 254",
		"                    [ Guardar ]",
		NULL,
	};

	(void)state;
	rows_are(SCREEN_medio_nuevo, NULL, pantalla_color, 24, 80, wide);
	rows_are(SCREEN_medio_nuevo, NULL, pantalla_color, 10, 40, small);
}

static void test_codigo(void **state)
{
	static const char *const wide[] = {
		"  Validación de Correo Electrónico",
		"Escribe el código de cinco dígitos que viene en el correo. Seguir el enlace del",
		"correo hace lo mismo: entonces esta pantalla lo dice sola.",
		"Puede validarse: hasta el jue 12/nov/2026 10:15; quedan 22 horas",
		"Se envió a: contabilidad.ferreteria@example.mx",
		"",
		"▸ Código de verificación *",
		"                            [ Validar ]",
		"                            [ Reenviar código de verificación ]",
		"                            [ Regresar ]",
		"",
		NULL,
	};
	static const char *const small[] = {
		"  Validación de Correo Electrónico",
		"                 quedan 22 horas",
		"Se envió a: contabilidad.ferreteria@exam",
		"            ple.mx",
		"",
		"▸ Código de verif…",
		NULL,
	};

	(void)state;
	rows_are(SCREEN_medio_validar, medios[1].folio, pantalla_color, 24, 80, wide);
	rows_are(SCREEN_medio_validar, medios[1].folio, pantalla_color, 10, 40, small);
}

static void test_activacion(void **state)
{
	static const char *const wide[] = {
		"  Activación Buzón IMSS",
		"1. Entrar al Buzón: hecho.",
		"2. Autenticarte con tu e.firma: hecho.",
		"! 3. Registrar y validar tus medios de contacto: AQUÍ ESTÁS (Enter).",
		"Falta validar: contabilidad.ferreteria@example.mx, hasta el jue 12/nov/2026",
		"               10:15; quedan 22 horas",
		"4. Firmar los términos y condiciones: cuando termine el paso 3.",
		"No constan Registros Patronales de este RFC. Puedes seguir sin ellos; si debería",
		"haberlos, detente y acláralo en tu subdelegación.",
		"Plazo para habilitarlo: sin plazo señalado",
		"",
		"Si necesitas ayuda",
		NULL,
	};
	static const char *const small[] = {
		"  Activación Buzón IMSS",
		"1. Entrar al Buzón: hecho.",
		"2. Autenticarte con tu e.firma: hecho.",
		"! 3. Registrar y validar tus medios de",
		"  contacto: AQUÍ ESTÁS (Enter).",
		"Falta validar: contabilidad.ferreteria@e",
		NULL,
	};

	(void)state;
	rows_are(SCREEN_activacion, NULL, pantalla_color, 24, 80, wide);
	rows_are(SCREEN_activacion, NULL, pantalla_mono, 24, 80, wide);
	rows_are(SCREEN_activacion, NULL, pantalla_color, 10, 40, small);
}

/* what was done is green where there is colour, and stands out where there is none. */
static void test_done(void **state)
{
	const struct effect from = effect_to(EFFECT_OPEN, SCREEN_medio_validar, medios[0].folio);

	(void)state;
	pantalla_row_stands_out(&p, &from, "Ese medio ya está validado");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_medios),
		TEST(test_nuevo),
		TEST(test_codigo),
		TEST(test_activacion),
		TEST(test_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
