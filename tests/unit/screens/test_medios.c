/* Mis medios de contacto: the board, one medium, its code, at instants that matter. R-1 */
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
	assert_int_equal(pantalla_key(&p, "x").kind, EFFECT_NONE);
	assert_non_null(strstr(pantalla_page(&p).status, "72 horas"));
}

/* By address, kind, status or folio; Esc takes it off again, and only then leaves. */
static void test_search(void **state)
{
	(void)state;
	show(SCREEN_medios, NULL);
	assert_int_equal(pantalla_key(&p, "/").kind, EFFECT_PROMPT);
	(void)pantalla_event(&p, (struct event){.kind = EVENT_ENTERED, .value = "CORREO ELEC"});
	assert_int_equal(pantalla_page(&p).list.row_count, 2);
	(void)pantalla_event(&p, (struct event){.kind = EVENT_ENTERED, .value = "vieja"});
	assert_int_equal(pantalla_page(&p).list.row_count, 1);
	assert_string_equal(pantalla_cell(&p, 0, "folio"), VIEJO);
	pantalla_says(&p, "Buscando «vieja» (1 de 3; Esc lo quita)");
	/* What is done is done to the row that is shown. */
	assert_string_equal(pantalla_key(&p, "Enter").folio, VIEJO);
	assert_string_equal(pantalla_key(&p, "a").folio, VIEJO);
	(void)pantalla_event(&p, (struct event){.kind = EVENT_ENTERED, .value = "en proceso"});
	assert_string_equal(pantalla_cell(&p, 0, "folio"), CORREO);
	(void)pantalla_event(&p, (struct event){.kind = EVENT_ENTERED, .value = "nada así"});
	pantalla_says(&p, "No hay coincidencias; Esc quita la búsqueda.");
	assert_int_equal(pantalla_key(&p, "Esc").kind, EFFECT_NONE);
	assert_int_equal(pantalla_page(&p).list.row_count, 3);
	assert_int_equal(pantalla_key(&p, "Esc").kind, EFFECT_BACK);
}

/* who acts for another is told what they can't do and whom to ask, and not what isn't so. */
static void test_representative(void **state)
{
	struct m_permiso permisos[] = {{"medios", "leer"}, {"notificaciones", "abrir"}};
	static const char *const keys[] = {"n", "v", "e", "x"};

	(void)state;
	p.m.perfil.calidad = "representante";
	cuenta.permisos = permisos;
	cuenta.permisos_count = 2;
	pantalla_cuenta(&p, &cuenta);
	show(SCREEN_medios, NULL);
	pantalla_says(&p, "no llega a «Firmar» en Medios de contacto (llega a: Leer). Pide a");
	assert_int_equal(pantalla_page(&p).list.row_count, 3);
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		assert_int_equal(pantalla_key(&p, keys[i]).kind, EFFECT_NONE);
		assert_non_null(strstr(pantalla_page(&p).status, "arriba dice a quién pedirlo"));
	}
	assert_string_equal(pantalla_page(&p).mute[3], "nuevo");
	assert_int_equal(pantalla_key(&p, "a").screen, SCREEN_acuse);
	show(SCREEN_medio, CORREO);
	assert_int_equal(pantalla_key(&p, "B").kind, EFFECT_LOCK);
	pantalla_says(&p, "no llega a «Firmar» en Medios de contacto");
	assert_int_equal(pantalla_key(&p, "v").kind, EFFECT_NONE);
	permisos[0].nivel = "firmar";
	changed();
	pantalla_hides(&p, "no llega");
	assert_int_equal(pantalla_key(&p, "v").screen, SCREEN_medio_validar);
	/* None was told: that is not to say that there are none. */
	cuenta.permisos = permisos + 1;
	cuenta.permisos_count = 1;
	cuenta.medios_count = 0;
	changed();
	show(SCREEN_medios, NULL);
	pantalla_says(&p, "no llega a «Leer» en Medios de contacto (llega a: nada)");
	pantalla_hides(&p, "No hay medios de contacto");
	pantalla_hides(&p, "validados: 0");
	assert_int_equal(pantalla_key(&p, "Enter").kind, EFFECT_NONE);
}

/* What the server did not take is said where it was asked for. */
static void test_refused(void **state)
{
	(void)state;
	p.m.actos[0] = (struct model_acto){.route = ROUTE_ID_medio_registrar,
		.clave = "luis@example.mx",
		.err = ERR_MEDIUM_EXISTS,
		.cuando = p.now};
	p.m.acto_count = 1;
	show(SCREEN_medios, NULL);
	pantalla_says(&p, "No se admitió: registro de luis@example.mx");
	pantalla_says(&p, err_sentence(ERR_MEDIUM_EXISTS));
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

/* Who registered one wants to validate it: the cursor goes there, whenever the board has it. */
static void test_cursor_to_new(void **state)
{
	struct m_acuse acuse = {.folio = "BI-20261111-120500001"};

	(void)state;
	show(SCREEN_medios, NULL);
	move(2);
	(void)pantalla_key(&p, "n");
	assert_int_equal(
		model_arrived(&p.m, ROUTE_ID_medio_registrar, &acuse, (struct bytes){0}), OK);
	(void)pantalla_event(&p, (struct event){.kind = EVENT_RESUMED});
	assert_int_equal(pantalla_page(&p).list.selected, 2);
	/* Its row is not here yet: that is said, not that there is none. */
	pantalla_says(&p, "Se registró con el folio BI-20261111-120500001; su renglón llega");
	medios[3] = medios[1];
	medios[3].folio = acuse.folio;
	cuenta.medios_count = 4;
	changed();
	pantalla_hides(&p, "su renglón llega");
	assert_int_equal(pantalla_page(&p).list.selected, 3);
	move(1);
	changed();
	assert_int_equal(pantalla_page(&p).list.selected, 1);
	/* An acuse that was only looked at leads nowhere. */
	(void)pantalla_key(&p, "a");
	(void)pantalla_event(&p, (struct event){.kind = EVENT_RESUMED});
	assert_int_equal(pantalla_page(&p).list.selected, 1);
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
	medios[1].aviso = "por-enviar";
	medios[1].aviso_detalle = "Todavía no (sin-conexion); se sigue intentando.";
	pantalla_cuenta(&p, &cuenta);
	pantalla_says(&p, "por enviar. Todavía no (sin-conexion); se sigue intentando.");
	medios[1].aviso_detalle = NULL;
	pantalla_cuenta(&p, &cuenta);
	pantalla_says(&p, "por enviar; sale en un momento");
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
	medios[1].aviso_detalle = NULL;
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

/* ---- memory ---- */

static void test_no_memory(void **state)
{
	static const enum screen screens[] = {
		SCREEN_medios, SCREEN_medio, SCREEN_medio_nuevo, SCREEN_medio_validar};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(screens); i++) {
		show(screens[i], CORREO);
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
		TEST(test_search),
		TEST(test_representative),
		TEST(test_refused),
		TEST(test_counters),
		TEST(test_cursor_stays),
		TEST(test_cursor_to_new),
		TEST(test_keys),
		TEST(test_medium),
		TEST(test_medium_ended),
		TEST(test_not_sent),
		TEST(test_code),
		TEST(test_wrong_code),
		TEST(test_code_too_late),
		TEST(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
