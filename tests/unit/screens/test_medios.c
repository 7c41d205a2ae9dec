/* Mis medios de contacto: the board, one medium, its code, at instants that matter. R-1 */
#include <stdio.h>
#include "screens/contacto.h"
#include "tests/help/cm.h"
#include "tests/help/screens.h"

#define CORREO "BI-20261109-101500114"
#define CELULAR "BI-20261109-110000115"
#define VIEJO "BI-20261001-090000116"

static struct pantalla p;
static struct m_medio medios[8];
static struct m_cuenta cuenta;

/* A mail in process since 9 Nov 10:15, a validated mobile, a mail that was removed. */
static int setup(void **state)
{
	(void)state;
	pantalla_init(&p, ZONA_CENTRO, "2026-11-11 12:00");
	medios[0] = (struct m_medio){.folio = CELULAR,
		.mecanismo = CONTACTO_CELULAR,
		.medio = "5512345678",
		.registrado = zc("2026-11-09 11:00"),
		.vence = zc("2026-11-12 11:00:30"),
		.validado = zc("2026-11-09 11:05"),
		.acuse_validacion = "BI-20261109-110500999",
		.aviso = "entregado",
		.aviso_desde = zc("2026-11-09 11:01")};
	medios[1] = (struct m_medio){.folio = CORREO,
		.mecanismo = CONTACTO_CORREO,
		.medio = "ana@example.mx",
		.registrado = zc("2026-11-09 10:15"),
		.vence = zc("2026-11-12 10:15"),
		.aviso = "fallido",
		.aviso_desde = zc("2026-11-09 10:20"),
		.aviso_detalle = "550 el buzón no existe"};
	medios[2] = (struct m_medio){.folio = VIEJO,
		.mecanismo = CONTACTO_CORREO,
		.medio = "vieja@example.mx",
		.registrado = zc("2026-10-01 09:00"),
		.validado = zc("2026-10-02 09:00"),
		.acuse_validacion = "BI-20261002-090000998",
		.baja = zc("2026-10-03 09:00"),
		.acuse_baja = "BI-20261003-090000997",
		.motivo = "eliminado"};
	cuenta = pantalla_medios(&p, medios, 3);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	pantalla_free(&p);
	return 0;
}

static void show(enum screen screen, const char *folio)
{
	struct effect from = effect_to(EFFECT_OPEN, screen, folio);

	pantalla_open(&p, &from);
}

static void move(size_t row)
{
	(void)pantalla_event(&p, (struct event){.kind = EVENT_MOVED, .index = row});
}

static void changed(void)
{
	pantalla_cuenta(&p, &cuenta);
	(void)pantalla_event(&p, (struct event){.kind = EVENT_CHANGED_MODEL});
}

/* ---- the board ---- */

/* the portal's columns letter for letter, dates as on its boards. */
static void test_board(void **state)
{
	static const char *const labels[] = {"Folio", "Mecanismo de Comunicación",
		"Medios de Contacto", "Fecha de Registro", "Acuse de Registro",
		"Fecha de Validación", "Acuse de Validación", "Fecha de Baja", "Acuse de Baja"};

	(void)state;
	show(SCREEN_medios, NULL);
	struct page page = pantalla_page(&p);

	assert_string_equal(page.title, "Mis medios de contacto");
	assert_int_equal(page.list.column_count, COUNT_OF(labels));
	for (size_t i = 0; i < COUNT_OF(labels); i++)
		assert_string_equal(page.list.columns[i].label, labels[i]);
	assert_int_equal(page.list.row_count, 3);
	assert_string_equal(pantalla_cell(&p, 0, "mecanismo"), "Teléfono");
	assert_string_equal(pantalla_cell(&p, 0, "registro"), "09/nov/2026");
	assert_string_equal(pantalla_cell(&p, 0, "validacion"), "09/nov/2026");
	assert_string_equal(pantalla_cell(&p, 0, "acuse_validacion"), "BI-20261109-110500999");
	assert_string_equal(pantalla_cell(&p, 0, "baja"), "");
	assert_string_equal(pantalla_cell(&p, 1, "mecanismo"), "Correo Electrónico");
	assert_string_equal(pantalla_cell(&p, 1, "acuse_registro"), CORREO);
	assert_string_equal(pantalla_cell(&p, 1, "validacion"), "En proceso");
	assert_string_equal(pantalla_cell(&p, 2, "baja"), "03/oct/2026");
	assert_string_equal(pantalla_cell(&p, 2, "acuse_baja"), "BI-20261003-090000997");
}

/* L-5.2: the last instant of the 72 h counts; then it says so by itself, no server needed. */
static void test_72_hours(void **state)
{
	(void)state;
	show(SCREEN_medios, NULL);
	pantalla_at(&p, "2026-11-12 10:14:59.999"); /* 71:59:59.999 */
	assert_string_equal(pantalla_cell(&p, 1, "validacion"), "En proceso");
	assert_int_equal(pantalla_page(&p).until, zc("2026-11-12 10:15:00.001"));
	pantalla_at(&p, "2026-11-12 10:15:00.000"); /* 72:00:00 */
	assert_string_equal(pantalla_cell(&p, 1, "validacion"), "En proceso");
	move(1);
	assert_int_equal(pantalla_key(&p, "v").screen, SCREEN_medio_validar);
	pantalla_at(&p, "2026-11-12 10:15:00.001");
	assert_string_equal(pantalla_cell(&p, 1, "validacion"), "Vencido");
	assert_int_equal(pantalla_key(&p, "v").kind, EFFECT_NONE);
	assert_non_null(strstr(pantalla_page(&p).status, "72 horas"));
	assert_int_equal(pantalla_key(&p, "e").kind, EFFECT_NONE);
}

/* per RFC above the board, per RP behind a key; "*" serves each of them. */
static void test_counters(void **state)
{
	struct m_registro_patronal rps[] = {
		{.rp = "A0123456107", .subdelegacion = "Toluca"}, {.rp = "B0123456105"}};

	(void)state;
	medios[3] = medios[2];
	medios[3].folio = "BI-20261005-090000001";
	medios[3].rp = "*";
	medios[3].baja = 0;
	medios[4] = medios[0];
	medios[4].folio = "BI-20261005-090000002";
	medios[4].rp = "A0123456107";
	cuenta.medios_count = 5;
	cuenta.rps = rps;
	cuenta.rps_count = 2;
	pantalla_cuenta(&p, &cuenta);
	show(SCREEN_medios, NULL);
	struct page page = pantalla_page(&p);

	assert_string_equal(page.list.above[0].text, "Correos electrónicos validados: 0");
	assert_string_equal(page.list.above[1].text, "Teléfonos celulares validados: 1");
	(void)pantalla_key(&p, "c");
	page = pantalla_page(&p);
	assert_int_equal(page.kind, PAGE_TEXT);
	pantalla_says(&p, "Registro Patronal A01-23456-10-7, Toluca\n"
			  "Correos electrónicos validados: 1\nTeléfonos celulares validados: 1\n");
	pantalla_says(&p, "Registro Patronal B01-23456-10-5\n"
			  "Correos electrónicos validados: 1\nTeléfonos celulares validados: 0\n");
	/* Nothing is done to a row that is not seen. */
	assert_int_equal(pantalla_key(&p, "x").kind, EFFECT_NONE);
	assert_int_equal(pantalla_page(&p).kind, PAGE_LIST);
}

/* What a synchronisation brings never moves the cursor, nor leaves it on another row. */
static void test_cursor_stays(void **state)
{
	(void)state;
	show(SCREEN_medios, NULL);
	move(1);
	memmove(&medios[1], &medios[0], 3 * sizeof(medios[0]));
	medios[0].folio = "BI-20261111-115900001";
	cuenta.medios_count = 4;
	changed();
	assert_int_equal(pantalla_page(&p).list.selected, 2);
	assert_string_equal(pantalla_key(&p, "Enter").folio, CORREO);
	cuenta.medios_count = 1;
	changed();
	assert_int_equal(pantalla_page(&p).list.selected, 0);
	cuenta.medios_count = 0;
	changed();
	pantalla_says(&p, "n registra el primero");
	assert_int_equal(pantalla_key(&p, "v").kind, EFFECT_NONE);
	assert_int_equal(pantalla_key(&p, "Enter").screen, SCREEN_medio_nuevo);
}

/* each key, and why where it can't be. */
static void test_keys(void **state)
{
	(void)state;
	show(SCREEN_medios, NULL);
	assert_int_equal(pantalla_key(&p, "n").screen, SCREEN_medio_nuevo);
	assert_string_equal(pantalla_key(&p, "a").folio, CELULAR);
	assert_int_equal(p.effect.screen, SCREEN_acuse);
	assert_string_equal(pantalla_key(&p, "A").folio, "BI-20261109-110500999");
	assert_int_equal(pantalla_key(&p, "b").kind, EFFECT_NONE);
	assert_non_null(strstr(pantalla_page(&p).status, "No hay acuse de baja"));
	assert_int_equal(pantalla_key(&p, "v").kind, EFFECT_NONE);
	assert_non_null(strstr(pantalla_page(&p).status, "ya está validado"));
	/* The only validated mobile: what it does to the minimum goes with it. */
	struct effect e = pantalla_key(&p, "x");

	assert_int_equal(e.screen, SCREEN_firmar);
	assert_int_equal(e.acto->route, ROUTE_ID_medio_baja);
	assert_true(e.acto->bajo_minimo);
	move(1);
	e = pantalla_key(&p, "x");
	assert_string_equal(e.acto->folio, CORREO);
	assert_false(e.acto->bajo_minimo);
	e = pantalla_key(&p, "e");
	assert_int_equal(e.acto->route, ROUTE_ID_medio_reenviar);
	assert_int_equal(pantalla_key(&p, "A").kind, EFFECT_NONE);
	move(2);
	assert_int_equal(pantalla_key(&p, "x").kind, EFFECT_NONE);
	assert_string_equal(pantalla_key(&p, "b").folio, "BI-20261003-090000997");
	assert_int_equal(pantalla_key(&p, "r").kind, EFFECT_SYNC);
	assert_int_equal(pantalla_key(&p, "q").kind, EFFECT_BACK);
	/* Signed already: not twice. */
	p.m.actos[0] = (struct model_acto){
		.route = ROUTE_ID_medio_baja, .clave = CORREO, .cuando = zc("2026-11-12 12:00")};
	p.m.acto_count = 1;
	pantalla_says(&p, "Por enviar: baja de " CORREO);
	move(1);
	assert_int_equal(pantalla_key(&p, "x").kind, EFFECT_NONE);
	assert_non_null(strstr(pantalla_page(&p).status, "no se firma dos veces"));
}

/* ---- one of them ---- */

static void test_medium(void **state)
{
	(void)state;
	show(SCREEN_medio, CORREO);
	pantalla_says(&p, "Estatus: En proceso");
	pantalla_says(&p, "Para: el RFC");
	pantalla_says(&p, "hasta el jue 12/nov/2026 10:15; quedan 22 horas");
	pantalla_says(&p, "no se pudo entregar (lun 09/nov/2026 10:20): 550 el buzón no existe");
	pantalla_says(&p, "Acuse de Registro (a): " CORREO);
	assert_int_equal(pantalla_page(&p).until, zc("2026-11-11 12:15:00.001"));
	pantalla_at(&p, "2026-11-12 10:14:30");
	pantalla_says(&p, "queda menos de un minuto");
	assert_int_equal(pantalla_page(&p).until, zc("2026-11-12 10:15:00.001"));
	pantalla_at(&p, "2026-11-12 10:15:01");
	pantalla_says(&p, "Estatus: Vencido");
	pantalla_hides(&p, "Puede validarse");
	assert_string_equal(pantalla_key(&p, "a").folio, CORREO);
	/* L-5.8: at another domicile both hours stand there. */
	p.m.e.zona = "America/Tijuana";
	pantalla_at(&p, "2026-11-11 12:00");
	pantalla_says(&p, "10:15 (en tu domicilio jue 12/nov/2026 08:15");
	cuenta.medios_count = 1;
	changed();
	pantalla_says(&p, "ya no está en la lista");
}

static void test_medium_ended(void **state)
{
	(void)state;
	show(SCREEN_medio, VIEJO);
	pantalla_says(&p, "Estatus: Baja");
	pantalla_says(&p, "Se eliminó a petición");
	pantalla_says(&p, "Acuse de Baja (b): BI-20261003-090000997");
	medios[2].motivo = "sustituido";
	changed();
	pantalla_says(&p, "Lo sustituyó otro medio");
	medios[2].motivo = "vencido";
	changed();
	pantalla_says(&p, "Pasaron las 72 horas");
}

/* A mobile whose SMS did not go out yet has no instant. */
static void test_not_sent(void **state)
{
	(void)state;
	medios[1].mecanismo = CONTACTO_CELULAR;
	medios[1].medio = "5500000000";
	medios[1].vence = 0;
	medios[1].reemplaza = CELULAR;
	medios[1].aviso = "por-enviar";
	pantalla_cuenta(&p, &cuenta);
	show(SCREEN_medio, CORREO);
	pantalla_says(&p, "72 horas que corren desde que salga el SMS");
	pantalla_says(&p, "Último mensaje: por enviar");
	pantalla_says(&p, "Reemplaza a: 5512345678, que sigue en uso");
}

/* ---- its code ---- */

static void test_code(void **state)
{
	(void)state;
	show(SCREEN_medio_validar, CORREO);
	assert_int_equal(pantalla_page(&p).kind, PAGE_FORM);
	assert_string_equal(pantalla_page(&p).title, "Validación de Correo Electrónico");
	pantalla_says(&p, "Se envió a: ana@example.mx");
	pantalla_says(&p, "Seguir el enlace del correo hace lo mismo");
	pantalla_says(&p, "Botón: Reenviar código de verificación");
	(void)pantalla_type(&p, "codigo", "123");
	(void)pantalla_event(&p, (struct event){.kind = EVENT_LEFT, .key = "codigo"});
	pantalla_says(&p, "El código lleva cinco dígitos");
	assert_int_equal(pantalla_press(&p, "validar").kind, EFFECT_NONE);
	(void)pantalla_type(&p, "codigo", "12345");
	pantalla_hides(&p, "El código lleva cinco dígitos");
	struct effect e = pantalla_press(&p, "validar");

	assert_int_equal(e.screen, SCREEN_firmar);
	assert_int_equal(e.acto->route, ROUTE_ID_medio_validar);
	assert_string_equal(e.acto->folio, CORREO);
	assert_string_equal(e.acto->codigo, "12345");
	e = pantalla_press(&p, "reenviar");
	assert_int_equal(e.acto->route, ROUTE_ID_medio_reenviar);
	assert_int_equal(pantalla_press(&p, "regresar").kind, EFFECT_BACK);
}

/* Back from a code that was refused: said beside the field; the last refusal counts. */
static void test_wrong_code(void **state)
{
	(void)state;
	show(SCREEN_medio_validar, CORREO);
	p.m.actos[0] = (struct model_acto){.route = ROUTE_ID_medio_validar,
		.clave = CORREO,
		.err = ERR_BAD_CODE,
		.cuando = p.now};
	p.m.acto_count = 1;
	/* An old one is nothing to say. */
	(void)pantalla_event(&p, (struct event){.kind = EVENT_RESUMED});
	pantalla_hides(&p, err_sentence(ERR_BAD_CODE));
	(void)pantalla_type(&p, "codigo", "12345");
	(void)pantalla_press(&p, "validar");
	(void)pantalla_event(&p, (struct event){.kind = EVENT_RESUMED});
	pantalla_says(&p, err_sentence(ERR_BAD_CODE));
	p.m.actos[1] = p.m.actos[0];
	p.m.actos[1].err = ERR_CODE_SPENT;
	p.m.actos[1].cuando = p.now + 1;
	p.m.acto_count = 2;
	(void)pantalla_press(&p, "validar");
	(void)pantalla_event(&p, (struct event){.kind = EVENT_RESUMED});
	pantalla_says(&p, err_sentence(ERR_CODE_SPENT));
	(void)pantalla_type(&p, "codigo", "1234");
	pantalla_hides(&p, err_sentence(ERR_CODE_SPENT));
}

/* L-5.2: the 72 h pass while it stands there; A-06: the link validated it meanwhile. */
static void test_code_too_late(void **state)
{
	(void)state;
	show(SCREEN_medio_validar, CORREO);
	(void)pantalla_type(&p, "codigo", "12345");
	pantalla_at(&p, "2026-11-12 10:15:00.000");
	assert_int_equal(pantalla_page(&p).kind, PAGE_FORM);
	assert_int_equal(pantalla_page(&p).until, zc("2026-11-12 10:15:00.001"));
	pantalla_at(&p, "2026-11-12 10:15:00.001");
	assert_int_equal(pantalla_page(&p).kind, PAGE_DIALOG);
	pantalla_says(&p, err_sentence(ERR_MEDIUM_EXPIRED));
	assert_int_equal(pantalla_press(&p, "validar").kind, EFFECT_NONE);
	pantalla_at(&p, "2026-11-11 12:00");
	medios[1].validado = p.now;
	medios[1].acuse_validacion = "BI-20261111-120000001";
	changed();
	assert_int_equal(pantalla_page(&p).kind, PAGE_DIALOG);
	assert_int_equal(pantalla_page(&p).dialog.paragraphs[0].style, PAGE_DONE);
	pantalla_says(&p, "Ese medio ya está validado");
	assert_string_equal(pantalla_press(&p, "acuse").folio, "BI-20261111-120000001");
	assert_int_equal(pantalla_press(&p, "regresar").kind, EFFECT_BACK);
	cuenta.medios_count = 1;
	changed();
	pantalla_says(&p, err_sentence(ERR_MEDIUM_GONE));
}

/* ---- signing ---- */

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

/* ---- memory ---- */

static void test_no_memory(void **state)
{
	static const enum screen screens[] = {
		SCREEN_medios, SCREEN_medio, SCREEN_medio_nuevo, SCREEN_medio_validar};
	static const struct acto actos[] = {
		{.route = ROUTE_ID_medio_registrar, .mecanismo = "correo", .medio = "a@b.mx"},
		{.route = ROUTE_ID_medio_validar, .folio = CORREO, .codigo = "12345"},
		{.route = ROUTE_ID_medio_reenviar, .folio = CORREO},
		{.route = ROUTE_ID_medio_baja, .folio = CELULAR, .bajo_minimo = true}};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(screens); i++) {
		show(screens[i], CORREO);
		pantalla_no_memory(&p);
		pantalla_close(&p);
	}
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
		TEST(test_board),
		TEST(test_72_hours),
		TEST(test_counters),
		TEST(test_cursor_stays),
		TEST(test_keys),
		TEST(test_medium),
		TEST(test_medium_ended),
		TEST(test_not_sent),
		TEST(test_code),
		TEST(test_wrong_code),
		TEST(test_code_too_late),
		TEST(test_sign_new),
		TEST(test_sign_new_refused),
		TEST(test_sign_code),
		TEST(test_sign_code_done),
		TEST(test_sign_resend),
		TEST(test_sign_removal),
		TEST(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
