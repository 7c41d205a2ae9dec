/*
 * Activación Buzón IMSS: where one stands, what is read and signed, and what can't be entered
 * before it. A-02 A-12 A-13 A-14 A-18 L-5.2 L-5.3 L-5.4 L-T1 O-06
 */
#include <stdio.h>
#include "screens/contacto.h"
#include "tests/help/cm.h"
#include "tests/help/screens.h"

static struct pantalla p;
static struct m_medio medios[2];
static struct m_registro_patronal rps[] = {{.rp = "A0123456107"}};
static struct m_cuenta cuenta;

static int setup(void **state)
{
	(void)state;
	pantalla_init(&p, ZONA_CENTRO, "2026-11-11 12:00");
	medios[0] = (struct m_medio){.folio = "F0",
		.mecanismo = CONTACTO_CORREO,
		.medio = "ana@example.mx",
		.registrado = zc("2026-11-09 10:15"),
		.vence = zc("2026-11-12 10:15")};
	medios[1] = (struct m_medio){.folio = "F1",
		.mecanismo = CONTACTO_CELULAR,
		.medio = "5512345678",
		.registrado = zc("2026-11-09 10:20")};
	cuenta = pantalla_medios(&p, medios, 0);
	cuenta.rps = rps;
	cuenta.rps_count = 1;
	pantalla_cuenta(&p, &cuenta);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	pantalla_free(&p);
	return 0;
}

static void told(size_t media)
{
	cuenta.medios_count = media;
	pantalla_cuenta(&p, &cuenta);
}

static void validated(void)
{
	medios[0].validado = medios[1].validado = zc("2026-11-09 11:00");
	told(2);
}

static void show(enum screen screen, const char *folio)
{
	struct effect from = effect_to(EFFECT_OPEN, screen, folio);

	pantalla_close(&p);
	pantalla_open(&p, &from);
}

static struct m_texto text(const char *cual, const char *content)
{
	bool terms = strcmp(cual, MODEL_TERMINOS) == 0;

	return (struct m_texto){.cual = cual,
		.version = "1",
		.sha256 = terms ? cuenta.terminos_sha256 : cuenta.privacidad_sha256,
		.texto = bytes_of_text(content)};
}

static enum err take(const struct m_texto *t)
{
	return model_arrived(&p.m, ROUTE_ID_texto, t, (struct bytes){0});
}

static void both_texts(void)
{
	struct m_texto terms = text(MODEL_TERMINOS, PANTALLA_TERMINOS);
	struct m_texto privacy = text(MODEL_PRIVACIDAD, PANTALLA_PRIVACIDAD);

	assert_int_equal(take(&terms), OK);
	assert_int_equal(take(&privacy), OK);
}

/* ---- the steps ---- */

/* all four, what each needs, and where Enter leads. */
static void test_steps(void **state)
{
	(void)state;
	show(SCREEN_activacion, NULL);
	pantalla_says(&p, "1. Entrar al Buzón: hecho.");
	pantalla_says(&p, "2. Autenticarte con tu e.firma: hecho.");
	pantalla_says(&p, "! 3. Registrar y validar tus medios de contacto: AQUÍ ESTÁS");
	pantalla_says(&p, "Falta un correo electrónico");
	pantalla_says(&p, "Falta un teléfono celular");
	pantalla_says(&p, "4. Firmar los términos y condiciones: cuando termine el paso 3.");
	assert_int_equal(pantalla_key(&p, "Enter").screen, SCREEN_medios);
	told(2);
	pantalla_says(
		&p, "Falta validar: ana@example.mx, hasta el jue 12/nov/2026 10:15; quedan 22 h");
	pantalla_says(&p, "Falta validar: 5512345678, en cuanto llegue su código");
	assert_int_equal(pantalla_page(&p).until, zc("2026-11-11 12:15:00.001"));
	/* L-5.2: one of the two is not enough. */
	medios[1].validado = zc("2026-11-09 11:00");
	told(2);
	pantalla_hides(&p, "Falta validar: 5512345678");
	assert_int_equal(pantalla_key(&p, "Enter").screen, SCREEN_medios);
	validated();
	pantalla_says(&p, "3. Registrar y validar tus medios de contacto: hecho.");
	pantalla_says(&p, "! 4. Firmar los términos y condiciones: AQUÍ ESTÁS");
	assert_int_equal(pantalla_key(&p, "Enter").screen, SCREEN_legal);
	assert_string_equal(p.effect.folio, MODEL_TERMINOS);
	p.m.actos[0] = (struct model_acto){
		.route = ROUTE_ID_activar, .clave = "1", .cuando = zc("2026-11-12 12:00")};
	p.m.acto_count = 1;
	pantalla_says(&p, "firmados y por enviar");
	cuenta.habilitado = zc("2026-11-11 12:00");
	told(2);
	pantalla_says(&p, "Tu Buzón está habilitado");
	pantalla_says(&p, "desde el mié 11/nov/2026 12:00");
	pantalla_hides(&p, "3. ");
	assert_int_equal(pantalla_key(&p, "Enter").screen, SCREEN_notificaciones);
}

/* a representative is told what they can't do; of media they can't see nothing is said. */
static void test_representative(void **state)
{
	struct m_permiso permisos[] = {{"activacion", "preparar"}, {"medios", "leer"}};

	(void)state;
	p.m.perfil.calidad = "representante";
	cuenta.permisos = permisos;
	cuenta.permisos_count = 1;
	told(0);
	show(SCREEN_activacion, NULL);
	pantalla_says(&p, "no llega a «Firmar» en Activación Buzón IMSS (llega a: Preparar)");
	pantalla_says(&p, "tu representación no alcanza a verlos");
	pantalla_hides(&p, "Falta un correo");
	both_texts();
	show(SCREEN_legal, MODEL_TERMINOS);
	pantalla_says(&p, "no llega a «Firmar» en Activación Buzón IMSS");
	pantalla_hides(&p, "Enter: sigue");
	assert_string_equal(pantalla_page(&p).mute[0], "aceptar");
	assert_int_equal(pantalla_key(&p, "Enter").kind, EFFECT_NONE);
	assert_non_null(strstr(pantalla_page(&p).status, "no llega a eso"));
	/* Who may sign it does not have to see the media: the server knows. */
	permisos[0].nivel = "firmar";
	told(0);
	pantalla_hides(&p, "no llega");
	assert_int_equal(pantalla_key(&p, "Enter").kind, EFFECT_REPLACE);
	cuenta.permisos_count = 2;
	told(0);
	show(SCREEN_activacion, NULL);
	pantalla_says(&p, "Falta un correo electrónico");
	show(SCREEN_inicio, NULL);
	pantalla_says(&p, "El Buzón de FÑA010203AB1 no está habilitado");
}

/* its acuse is the proof: nothing says «AQUÍ ESTÁS» until the next synchronisation. */
static void test_at_once(void **state)
{
	const struct m_acuse m = {.folio = "BI-20261111-120000009", .recibido = p.now};

	(void)state;
	validated();
	show(SCREEN_activacion, NULL);
	pantalla_says(&p, "AQUÍ ESTÁS");
	assert_int_equal(model_arrived(&p.m, ROUTE_ID_medio_validar, &m, (struct bytes){0}), OK);
	pantalla_says(&p, "AQUÍ ESTÁS");
	assert_int_equal(model_arrived(&p.m, ROUTE_ID_activar, &m, (struct bytes){0}), OK);
	pantalla_says(&p, "Tu Buzón está habilitado");
	assert_int_equal(pantalla_key(&p, "Enter").screen, SCREEN_notificaciones);
}

/* A medium that lapsed does not count, before the server says so. */
static void test_lapsed(void **state)
{
	(void)state;
	told(1);
	show(SCREEN_activacion, NULL);
	pantalla_at(&p, "2026-11-12 10:15:00.000");
	pantalla_says(&p, "Falta validar: ana@example.mx");
	pantalla_at(&p, "2026-11-12 10:15:00.001");
	pantalla_says(&p, "Falta un correo electrónico");
}

/* L-5.4, and the acuses. */
static void test_what_else(void **state)
{
	struct m_papel papeles[] = {{"Acuse de validación de mecanismos de comunicación",
					    zc("2026-11-09 11:00"), "BI-20261109-110000001"},
		{"Acuse de activación", zc("2026-11-11 12:00"), "BI-20261111-120000002"}};

	(void)state;
	show(SCREEN_activacion, NULL);
	pantalla_says(
		&p, "800 623 23 23, opción 5 y después opción 5, de lunes a viernes de 9:00 a");
	pantalla_says(&p, "asunto «Activación Buzón IMSS»");
	pantalla_hides(&p, "No constan Registros Patronales");
	cuenta.rps_count = 0;
	cuenta.papeles = papeles;
	cuenta.papeles_count = 2;
	told(0);
	pantalla_says(&p, "No constan Registros Patronales");
	pantalla_says(&p, "acláralo en tu subdelegación");
	/* Of whom the padrón says nothing, nothing is said either. */
	cuenta.padron = false;
	told(0);
	pantalla_hides(&p, "No constan Registros Patronales");
	pantalla_says(&p, "no se sabe si tiene Registros");
	cuenta.padron = true;
	told(0);
	pantalla_says(&p, "Acuse de activación · 11/nov/2026 · BI-20261111-120000002");
	assert_int_equal(pantalla_key(&p, "a").screen, SCREEN_papeles);
	cuenta.convenio_2020 = true;
	cuenta.habilitado = zc("2021-01-01 00:00");
	told(0);
	pantalla_says(&p, "se activó con el acuerdo de 2020");
	show(SCREEN_legal, MODEL_TERMINOS);
	assert_int_equal(pantalla_key(&p, "B").kind, EFFECT_LOCK);
	show(SCREEN_papeles, NULL);
	assert_int_equal(pantalla_key(&p, "B").kind, EFFECT_LOCK);
	struct page page = pantalla_page(&p);

	assert_string_equal(page.list.columns[0].label, "Tipo de documento");
	assert_string_equal(page.list.columns[1].label, "Fecha");
	assert_string_equal(page.list.columns[2].label, "Acuse");
	assert_string_equal(pantalla_cell(&p, 1, "fecha"), "11/nov/2026");
	(void)pantalla_event(&p, (struct event){.kind = EVENT_MOVED, .index = 1});
	assert_string_equal(pantalla_key(&p, "Enter").folio, "BI-20261111-120000002");
	assert_int_equal(p.effect.screen, SCREEN_acuse);
}

/* L-T1: days by the civil dates of Zona Centro; none is set for who began later. */
static void test_term(void **state)
{
	static const struct {
		const char *now;
		const char *says;
		bool urgent;
	} rows[] = {
		{"2025-02-02 23:59", "hasta el mar 04/feb/2025; quedan 2 días", false},
		{"2025-02-03 00:00", "hasta el mar 04/feb/2025; queda 1 día", false},
		{"2025-02-04 00:00", "HOY, mar 04/feb/2025, es el último día", true},
		{"2025-02-04 23:59", "HOY, mar 04/feb/2025, es el último día", true},
		{"2025-02-05 00:00", "VENCIÓ el mar 04/feb/2025, hace 1 día:", true},
		{"2026-11-11 12:00", "VENCIÓ el mar 04/feb/2025, hace 645 días:", true},
	};

	(void)state;
	show(SCREEN_activacion, NULL);
	pantalla_says(&p, "sin plazo señalado");
	cuenta.plazo = zc("2025-02-04 23:59:59.999");
	told(0);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		pantalla_at(&p, rows[i].now);
		pantalla_says(&p, rows[i].says);
		struct page page = pantalla_page(&p);
		bool urgent = false;

		for (size_t k = 0; k < page.text.count; k++)
			urgent = urgent || page.text.paragraphs[k].style == PAGE_URGENT;
		assert_int_equal(urgent, rows[i].urgent);
	}
	cuenta.habilitado = zc("2025-01-01 00:00");
	told(0);
	pantalla_hides(&p, "VENCIÓ");
}

/* ---- the texts ---- */

/* what is shown has the hash that is in force, or nothing is shown. */
static void test_texts(void **state)
{
	(void)state;
	validated();
	show(SCREEN_legal, MODEL_TERMINOS);
	assert_int_equal(p.effect.kind, EFFECT_CALL);
	assert_int_equal(p.effect.route, ROUTE_ID_texto);
	assert_string_equal(p.effect.request.texto.cual, MODEL_TERMINOS);
	struct m_texto t = text(MODEL_TERMINOS, "Otros términos");

	assert_int_equal(take(&t), ERR_BAD_ANSWER);
	(void)pantalla_arrived(&p, ROUTE_ID_texto, ERR_BAD_ANSWER, false);
	pantalla_says(&p, err_sentence(ERR_BAD_ANSWER));
	assert_int_equal(pantalla_key(&p, "Enter").kind, EFFECT_NONE);
	assert_int_equal(pantalla_key(&p, "r").kind, EFFECT_CALL);
	t = text(MODEL_TERMINOS, PANTALLA_TERMINOS);
	assert_int_equal(take(&t), OK);
	assert_int_equal(pantalla_arrived(&p, ROUTE_ID_texto, OK, false).kind, EFFECT_NONE);
	pantalla_says(&p, "Términos: la Ñ se lee.");
	pantalla_says(&p, "Versión: 1");
	pantalla_says(&p, cuenta.terminos_sha256);
	/* They changed while they were read: what is there is not in force any more. */
	cuenta.terminos = "2";
	told(2);
	pantalla_hides(&p, "la Ñ se lee");
	assert_int_equal(pantalla_key(&p, "Enter").kind, EFFECT_NONE);
	/* One that is newer than what was told: asked for, too. */
	assert_int_equal(take(&t), OK);
	assert_int_equal(pantalla_arrived(&p, ROUTE_ID_texto, OK, false).kind, EFFECT_SYNC);
	pantalla_says(&p, err_sentence(ERR_TERMS_CHANGED));
}

/* Terms, notice, then the dialogue; nothing is signed that was not shown, nor before the media. */
static void test_accept(void **state)
{
	(void)state;
	told(0);
	both_texts();
	show(SCREEN_legal, MODEL_TERMINOS);
	assert_int_equal(p.effect.kind, EFFECT_NONE);
	assert_int_equal(pantalla_key(&p, "Enter").kind, EFFECT_NONE);
	assert_non_null(strstr(pantalla_page(&p).status, "Antes valida un correo y un celular"));
	validated();
	struct effect e = pantalla_key(&p, "Enter");

	assert_int_equal(e.kind, EFFECT_REPLACE);
	assert_int_equal(e.screen, SCREEN_legal);
	show(SCREEN_legal, e.folio);
	pantalla_says(&p, "Aviso de privacidad.");
	pantalla_says(&p, "Todavía no firma");
	e = pantalla_key(&p, "Enter");
	assert_int_equal(e.screen, SCREEN_firmar);
	assert_int_equal(e.acto->route, ROUTE_ID_activar);
	assert_string_equal(e.acto->terminos, "1");
	assert_string_equal(e.acto->terminos_sha256, cuenta.terminos_sha256);
	assert_string_equal(e.acto->privacidad_sha256, cuenta.privacidad_sha256);
	/* The notice alone leads to no signature. */
	show(SCREEN_legal, MODEL_PRIVACIDAD);
	assert_int_equal(pantalla_key(&p, "Enter").kind, EFFECT_NONE);
	p.m.actos[0] = (struct model_acto){.route = ROUTE_ID_activar, .clave = "1"};
	p.m.acto_count = 1;
	assert_int_equal(pantalla_key(&p, "Enter").kind, EFFECT_NONE);
	assert_non_null(strstr(pantalla_page(&p).status, "no se firma dos veces"));
	cuenta.habilitado = p.now;
	told(2);
	assert_int_equal(pantalla_key(&p, "Enter").kind, EFFECT_NONE);
	assert_non_null(strstr(pantalla_page(&p).status, "ya está habilitado"));
	assert_int_equal(pantalla_key(&p, "q").kind, EFFECT_BACK);
}

static void dialogue(void)
{
	struct effect from = effect_to(EFFECT_OPEN, SCREEN_firmar, NULL);
	static struct acto acto;

	acto = (struct acto){.route = ROUTE_ID_activar, .terminos = "1", .privacidad = "1"};
	(void)snprintf(
		acto.terminos_sha256, sizeof(acto.terminos_sha256), "%s", cuenta.terminos_sha256);
	(void)snprintf(acto.privacidad_sha256, sizeof(acto.privacidad_sha256), "%s",
		cuenta.privacidad_sha256);
	pantalla_efirma(&p, true, "2024-01-01 00:00", "2028-01-01 00:00");
	from.acto = &acto;
	pantalla_close(&p);
	pantalla_open(&p, &from);
}

/* L-5.3: version and hash of both are what is signed; other terms close it. */
static void test_sign(void **state)
{
	(void)state;
	both_texts();
	validated();
	dialogue();
	pantalla_says(&p, "los términos y condiciones, versión 1");
	pantalla_says(&p, cuenta.terminos_sha256);
	pantalla_hides(&p, "No constan Registros Patronales");
	(void)pantalla_press(&p, "validar");
	pantalla_says(&p, "La validación de la FIEL fue exitosa");
	struct effect e = pantalla_press(&p, "firmar");

	assert_int_equal(e.route, ROUTE_ID_activar);
	assert_string_equal(e.request.activar.terminos_sha256, cuenta.terminos_sha256);
	assert_string_equal(e.request.activar.privacidad, "1");
	(void)pantalla_arrived(&p, ROUTE_ID_activar, ERR_TERMS_CHANGED, false);
	pantalla_says(&p, err_sentence(ERR_TERMS_CHANGED));
	assert_int_equal(pantalla_press(&p, "firmar").kind, EFFECT_NONE);
	/* said once more where it is accepted. */
	cuenta.rps_count = 0;
	told(2);
	dialogue();
	pantalla_says(&p, "No constan Registros Patronales");
	(void)pantalla_press(&p, "validar");
	(void)pantalla_press(&p, "firmar");
	e = pantalla_arrived(&p, ROUTE_ID_activar, OK, false);
	assert_int_equal(e.screen, SCREEN_acuse);
	assert_int_equal(e.levels, 2);
}

/* What changed while the dialogue stood there is not signed. */
static void test_sign_late(void **state)
{
	(void)state;
	both_texts();
	validated();
	dialogue();
	(void)pantalla_press(&p, "validar");
	medios[1].baja = p.now;
	told(2);
	assert_int_equal(pantalla_press(&p, "firmar").kind, EFFECT_NONE);
	pantalla_says(&p, err_sentence(ERR_NOT_READY));
	medios[1].baja = 0;
	told(2);
	dialogue();
	(void)pantalla_press(&p, "validar");
	cuenta.privacidad = "2";
	told(2);
	assert_int_equal(pantalla_press(&p, "firmar").kind, EFFECT_NONE);
	pantalla_says(&p, err_sentence(ERR_TERMS_CHANGED));
	cuenta.habilitado = p.now;
	told(2);
	dialogue();
	(void)pantalla_press(&p, "validar");
	pantalla_says(&p, err_sentence(ERR_ALREADY_ENABLED));
}

/* ---- before it ---- */

/* A-14, L-5.2: by the table: these and no others can be entered before activation. */
static void test_table(void **state)
{
	(void)state;
	for (unsigned s = 0; s < SCREEN_COUNT; s++) {
		bool after = s == SCREEN_notificaciones || s == SCREEN_efecto ||
			     s == SCREEN_documento || s == SCREEN_ficha || s == SCREEN_razones ||
			     s == SCREEN_cronologia || s == SCREEN_comunicados ||
			     s == SCREEN_documentos || s == SCREEN_publicacion;

		assert_true(screen_abierta((enum screen)s, true));
		assert_int_equal(screen_abierta((enum screen)s, false), !after);
	}
	assert_false(screen_abierta(SCREEN_COUNT, true));
}

/* O-06: Inicio says it first and leads there; nothing of the list is told. */
static void test_inicio(void **state)
{
	(void)state;
	pantalla_aviso(&p, "BI-A", "2026-11-10 12:00", 15);
	show(SCREEN_inicio, NULL);
	assert_int_equal(pantalla_page(&p).text.paragraphs[0].style, PAGE_WARNING);
	pantalla_says(&p, "Tu Buzón no está habilitado");
	pantalla_hides(&p, "BI-A");
	pantalla_hides(&p, "Notificaciones:");
	assert_int_equal(pantalla_key(&p, "Enter").screen, SCREEN_activacion);
	assert_int_equal(p.effect.kind, EFFECT_MENU);
	cuenta.habilitado = p.now;
	told(0);
	(void)pantalla_event(&p, (struct event){.kind = EVENT_CHANGED_MODEL});
	pantalla_hides(&p, "no está habilitado");
	pantalla_says(&p, "BI-A");
	assert_int_equal(pantalla_key(&p, "Enter").screen, SCREEN_notificaciones);
}

/* What could not be entered is named, with why. */
static void test_led_here(void **state)
{
	struct effect from = effect_to(EFFECT_MENU, SCREEN_activacion, NULL);

	(void)state;
	from.of = SCREEN_notificaciones;
	pantalla_open(&p, &from);
	pantalla_says(&p, "! «Notificaciones» se usa con el Buzón habilitado (Lineamientos 5.2)");
	cuenta.habilitado = p.now;
	told(0);
	pantalla_hides(&p, "se usa con el Buzón habilitado");
}

/* Nothing was told yet: said so, and asked for. */
static void test_nothing_told(void **state)
{
	(void)state;
	p.m.cuenta = NULL;
	p.m.e.habilitado = false;
	show(SCREEN_activacion, NULL);
	pantalla_says(&p, "Todavía no se recibe del servidor");
	assert_int_equal(pantalla_key(&p, "r").kind, EFFECT_SYNC);
	show(SCREEN_medios, NULL);
	pantalla_says(&p, "Todavía no se recibe nada del servidor");
	show(SCREEN_papeles, NULL);
	assert_int_equal(pantalla_key(&p, "Enter").kind, EFFECT_NONE);
}

static void test_no_memory(void **state)
{
	static const struct {
		enum screen screen;
		const char *folio;
	} rows[] = {{SCREEN_activacion, NULL}, {SCREEN_legal, MODEL_TERMINOS},
		{SCREEN_legal, MODEL_PRIVACIDAD}, {SCREEN_inicio, NULL}};

	(void)state;
	both_texts();
	told(2);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		show(rows[i].screen, rows[i].folio);
		pantalla_no_memory(&p);
	}
	validated();
	dialogue();
	pantalla_no_memory(&p);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_steps),
		TEST(test_at_once),
		TEST(test_representative),
		TEST(test_lapsed),
		TEST(test_what_else),
		TEST(test_term),
		TEST(test_texts),
		TEST(test_accept),
		TEST(test_sign),
		TEST(test_sign_late),
		TEST(test_table),
		TEST(test_inicio),
		TEST(test_led_here),
		TEST(test_nothing_told),
		TEST(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
