/* Acts on contact media in the signing dialogue: what is said, accepted, and done. */
#include <stdio.h>
#include "screens/contacto.h"
#include "tests/help/cm.h"
#include "tests/help/screens.h"
#include "tests/help/tres_medios.h"

static struct pantalla p;
static struct m_medio medios[8];
static struct m_cuenta cuenta;

static int setup(void **state)
{
	(void)state;
	pantalla_init(&p, ZONA_CENTRO, "2026-11-11 12:00");
	tres_medios(medios);
	cuenta = pantalla_medios(&p, medios, 3);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	pantalla_free(&p);
	return 0;
}

static void changed(void)
{
	pantalla_cuenta(&p, &cuenta);
	(void)pantalla_event(&p, (struct event){.kind = EVENT_CHANGED_MODEL});
}

static void sign(const struct acto *acto)
{
	struct effect from = effect_to(EFFECT_OPEN, SCREEN_firmar, NULL);

	pantalla_efirma(&p, true, "2024-01-01 00:00", "2028-01-01 00:00");
	from.acto = acto;
	pantalla_open(&p, &from);
}

static void refuse(enum route route, enum err err, int64_t dato)
{
	struct event e = {.now = p.now, .dato = dato};

	(void)p.view->arrived(p.state, &p.m, route, err, false, &e);
}

/* Takes an acuse as one that just arrived. */
static void arrive(const char *folio)
{
	struct m_acuse m = {.folio = folio, .recibido = zc("2024-08-08 11:42:45")};

	assert_int_equal(model_arrived(&p.m, ROUTE_ID_medio_registrar, &m, (struct bytes){0}), OK);
}

/* the portal's words; folio, date and hour, what next, 72 h, the aclaración. */
static void test_sign_new(void **state)
{
	const struct acto acto = {.route = ROUTE_ID_medio_registrar,
		.mecanismo = CONTACTO_CORREO,
		.medio = "luis@example.mx"};

	(void)state;
	sign(&acto);
	struct page page = pantalla_page(&p);

	assert_string_equal(page.title, "Registrar medio de contacto");
	assert_string_equal(page.dialog.buttons[0].label, "Cancelar");
	assert_int_equal(page.dialog.safe, 0);
	(void)pantalla_press(&p, "validar");
	assert_string_equal(pantalla_page(&p).dialog.buttons[1].label, "Aceptar");
	struct effect e = pantalla_press(&p, "firmar");

	assert_int_equal(e.kind, EFFECT_CALL);
	assert_string_equal(e.request.medio_registrar.medio, "luis@example.mx");
	assert_null(e.request.medio_registrar.rp);
	assert_null(e.request.medio_registrar.reemplaza);
	arrive("BI-20240808-114245001");
	/* Signed: what was typed is no draft any more. */
	e = pantalla_arrived(&p, ROUTE_ID_medio_registrar, OK, false);
	assert_int_equal(e.kind, EFFECT_KEEP);
	assert_string_equal(e.folio, CONTACTO_BORRADOR);
	assert_string_equal(e.text, "");
	page = pantalla_page(&p);
	assert_int_equal(page.dialog.paragraphs[0].style, PAGE_DONE);
	pantalla_says(&p, "Folio: BI-20240808-114245001");
	pantalla_says(&p, "Fecha y hora: 08/08/2024 11:42 (Zona Centro)");
	pantalla_says(&p, "sigue su enlace");
	pantalla_says(&p, "Tienes 72 horas");
	pantalla_says(&p, "no llega en 24 horas");
	assert_string_equal(page.dialog.buttons[0].label, "Aceptar");
	assert_string_equal(page.dialog.buttons[1].label, "Ver acuse");
	e = pantalla_press(&p, "acuse");
	assert_int_equal(e.screen, SCREEN_acuse);
	assert_int_equal(e.levels, 2);
	assert_int_equal(pantalla_press(&p, "regresar").levels, 2);
}

static void outbox(size_t n, const char *clave, enum err err, int64_t cuando)
{
	struct model_acto *x = &p.m.actos[n];

	*x = (struct model_acto){.route = ROUTE_ID_medio_registrar, .err = err, .cuando = cuando};
	(void)snprintf(x->clave, sizeof(x->clave), "%s", clave);
	p.m.acto_count = n + 1;
}

/* The line is down and the same is asked for again: it is not signed twice. */
static void test_not_twice(void **state)
{
	struct acto acto = {.route = ROUTE_ID_medio_registrar,
		.mecanismo = CONTACTO_CORREO,
		.medio = "luis@example.mx"};

	(void)state;
	outbox(0, "luis@example.mx", ERR_MEDIA_FULL, p.now - 1);
	outbox(1, "luis@example.mx", OK, zc("2026-11-11 22:10"));
	sign(&acto);
	pantalla_says(&p, "Firmado y guardado");
	pantalla_says(&p, "La firma vale hasta: mié 11/nov/2026 22:10");
	assert_int_equal(pantalla_page(&p).dialog.button_count, 1);
	assert_int_equal(pantalla_press(&p, "firmar").kind, EFFECT_NONE);
	assert_int_equal(pantalla_press(&p, "validar").kind, EFFECT_NONE);
	struct effect e = pantalla_press(&p, "regresar");

	/* What was typed is that act: no draft any more. */
	assert_int_equal(e.kind, EFFECT_KEEP);
	assert_string_equal(e.text, "");
	assert_int_equal(e.levels, 2);
	/* The same address for the Registros Patronales is another act. */
	(void)snprintf(acto.rp, sizeof(acto.rp), "%s", CONTACTO_TODOS);
	pantalla_close(&p);
	sign(&acto);
	pantalla_hides(&p, "Firmado y guardado");
	pantalla_close(&p);
	outbox(1, "luis@example.mx para todos los Registros Patronales", OK, p.now + 1);
	sign(&acto);
	pantalla_says(&p, "Firmado y guardado");
	p.m.actos[1].err = ERR_MEDIUM_EXISTS;
	p.m.actos[1].cuando = p.now;
	pantalla_says(&p, "el servidor no lo admitió");
	pantalla_says(&p, err_sentence(ERR_MEDIUM_EXISTS));
	pantalla_hides(&p, "no hace falta firmar otra vez");
	pantalla_hides(&p, "La firma vale hasta");
}

/* The help was looked at while it was sent: what came of it is said all the same. */
static void test_covered(void **state)
{
	const struct acto acto = {.route = ROUTE_ID_medio_registrar,
		.mecanismo = CONTACTO_CORREO,
		.medio = "luis@example.mx"};
	const struct event back = {.kind = EVENT_RESUMED};

	(void)state;
	sign(&acto);
	(void)pantalla_press(&p, "firmar");
	/* Nothing is cancelled any more. */
	assert_string_equal(pantalla_page(&p).dialog.buttons[0].label, "No esperar");
	outbox(0, "luis@example.mx", ERR_MEDIUM_EXISTS, p.now);
	assert_int_equal(pantalla_event(&p, back).kind, EFFECT_NONE);
	pantalla_says(&p, err_sentence(ERR_MEDIUM_EXISTS));
	assert_int_equal(pantalla_press(&p, "firmar").kind, EFFECT_NONE);
	pantalla_close(&p);
	p.m.acto_count = 0;
	sign(&acto);
	(void)pantalla_press(&p, "firmar");
	arrive("BI-20240808-114245001");
	assert_int_equal(pantalla_event(&p, back).kind, EFFECT_KEEP);
	pantalla_says(&p, "Folio: BI-20240808-114245001");
	pantalla_says(&p, "Tienes 72 horas");
}

/* Two clients at once: what is there by now is not signed again; a refusal is said and closes. */
static void test_sign_new_refused(void **state)
{
	struct acto acto = {.route = ROUTE_ID_medio_registrar,
		.mecanismo = CONTACTO_CORREO,
		.medio = "ANA@example.mx"};

	(void)state;
	sign(&acto);
	(void)pantalla_press(&p, "validar");
	pantalla_says(&p, err_sentence(ERR_MEDIUM_EXISTS));
	assert_int_equal(pantalla_press(&p, "firmar").kind, EFFECT_NONE);
	pantalla_close(&p);
	(void)snprintf(acto.medio, sizeof(acto.medio), "luis@example.mx");
	sign(&acto);
	(void)pantalla_press(&p, "validar");
	(void)pantalla_press(&p, "firmar");
	refuse(ROUTE_ID_medio_registrar, ERR_TOO_MANY_SENT, zc("2026-11-12 00:00"));
	pantalla_says(&p, err_sentence(ERR_TOO_MANY_SENT));
	pantalla_says(&p, "Otra vez desde el jue 12/nov/2026 00:00.");
	assert_int_equal(pantalla_press(&p, "firmar").kind, EFFECT_NONE);
}

static void test_sign_code(void **state)
{
	const struct acto acto = {
		.route = ROUTE_ID_medio_validar, .folio = CORREO, .codigo = "12345"};

	(void)state;
	pantalla_at(&p, "2026-11-12 10:00");
	sign(&acto);
	pantalla_says(&p, "la validación con el código 12345");
	(void)pantalla_press(&p, "validar");
	/* It must arrive while it counts. */
	struct effect e = pantalla_press(&p, "firmar");

	assert_int_equal(e.expires, zc("2026-11-12 10:15"));
	assert_string_equal(e.request.medio_validar.codigo, "12345");
	refuse(ROUTE_ID_medio_validar, ERR_BAD_CODE, 3);
	pantalla_says(&p, "Quedan 3 intentos.");
	assert_int_equal(pantalla_press(&p, "firmar").kind, EFFECT_NONE);
	pantalla_close(&p);
	sign(&acto);
	(void)pantalla_press(&p, "validar");
	pantalla_at(&p, "2026-11-12 10:15:00.001");
	assert_int_equal(pantalla_press(&p, "firmar").kind, EFFECT_NONE);
	pantalla_says(&p, err_sentence(ERR_MEDIUM_EXPIRED));
}

static void test_sign_code_done(void **state)
{
	const struct acto acto = {
		.route = ROUTE_ID_medio_validar, .folio = CORREO, .codigo = "12345"};

	(void)state;
	sign(&acto);
	(void)pantalla_press(&p, "validar");
	(void)pantalla_press(&p, "firmar");
	arrive("BI-20240808-114245001");
	(void)pantalla_arrived(&p, ROUTE_ID_medio_validar, OK, false);
	assert_int_equal(pantalla_page(&p).dialog.paragraphs[0].style, PAGE_DONE);
	pantalla_says(&p, "quedó validado");
	pantalla_says(&p, "Activación Buzón IMSS (0) dice lo que falta");
	assert_int_equal(pantalla_press(&p, "regresar").levels, 2);
}

/* no acuse; how often more today, and that the 72 h go on. */
static void test_sign_resend(void **state)
{
	const struct acto acto = {.route = ROUTE_ID_medio_reenviar, .folio = CORREO};
	struct m_medio_reenviado r = {
		.folio = CORREO, .vence = zc("2026-11-12 10:15"), .quedan = 2};

	(void)state;
	sign(&acto);
	pantalla_says(&p, "siguen corriendo");
	(void)pantalla_press(&p, "validar");
	assert_int_equal(pantalla_press(&p, "firmar").kind, EFFECT_CALL);
	assert_int_equal(model_arrived(&p.m, ROUTE_ID_medio_reenviar, &r, (struct bytes){0}), OK);
	assert_int_equal(
		pantalla_arrived(&p, ROUTE_ID_medio_reenviar, OK, false).kind, EFFECT_NONE);
	pantalla_says(&p, "Va en camino otro código a ana@example.mx.");
	pantalla_says(&p, "hasta el jue 12/nov/2026 10:15; quedan 22 horas");
	pantalla_says(&p, "Hoy puedes pedirlo 2 veces más.");
	assert_int_equal(pantalla_page(&p).dialog.button_count, 1);
	assert_int_equal(pantalla_press(&p, "regresar").levels, 1);
	r.quedan = 0;
	assert_int_equal(model_arrived(&p.m, ROUTE_ID_medio_reenviar, &r, (struct bytes){0}), OK);
	pantalla_says(&p, "Hoy ya no se puede pedir otra vez.");
}

/* A-10, L-5.6: the consequence is said before; what was not said is not signed. */
static void test_sign_removal(void **state)
{
	struct acto acto = {.route = ROUTE_ID_medio_baja, .folio = CELULAR, .bajo_minimo = true};

	(void)state;
	sign(&acto);
	struct page page = pantalla_page(&p);

	assert_string_equal(page.title, "Eliminar medio de contacto");
	assert_string_equal(page.dialog.buttons[page.dialog.safe].label, "Cancelar");
	pantalla_says(&p, "eliminar 5512345678 (para el RFC); no se puede deshacer");
	pantalla_says(&p, "sin ellos no se puede activar");
	cuenta.habilitado = zc("2026-11-10 00:00");
	changed();
	pantalla_says(&p, "podría notificarte por estrados");
	(void)pantalla_press(&p, "validar");
	assert_true(pantalla_press(&p, "firmar").request.medio_baja.bajo_minimo);
	assert_int_equal(pantalla_arrived(&p, ROUTE_ID_medio_baja, OK, false).levels, 1);
	pantalla_close(&p);
	acto.bajo_minimo = false;
	sign(&acto);
	(void)pantalla_press(&p, "validar");
	pantalla_says(&p, err_sentence(ERR_BELOW_MINIMUM));
	assert_int_equal(pantalla_press(&p, "firmar").kind, EFFECT_NONE);
}

/* Memory that ends is an error, before the act and behind it. */
static void test_no_memory(void **state)
{
	static const struct acto actos[] = {
		{.route = ROUTE_ID_medio_registrar, .mecanismo = "correo", .medio = "a@b.mx"},
		{.route = ROUTE_ID_medio_validar, .folio = CORREO, .codigo = "12345"},
		{.route = ROUTE_ID_medio_reenviar, .folio = CORREO},
		{.route = ROUTE_ID_medio_baja, .folio = CELULAR, .bajo_minimo = true}};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(actos); i++) {
		sign(&actos[i]);
		pantalla_no_memory(&p);
		arrive("BI-20240808-114245001");
		(void)pantalla_press(&p, "validar");
		(void)pantalla_press(&p, "firmar");
		(void)pantalla_arrived(&p, actos[i].route, OK, false);
		pantalla_no_memory(&p);
		pantalla_close(&p);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_sign_new),
		TEST(test_sign_new_refused),
		TEST(test_not_twice),
		TEST(test_covered),
		TEST(test_sign_code),
		TEST(test_sign_code_done),
		TEST(test_sign_resend),
		TEST(test_sign_removal),
		TEST(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
