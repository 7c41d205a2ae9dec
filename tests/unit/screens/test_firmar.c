/* The signing dialogue: what is signed, until when, and that nothing happens by accident. */
#include <stdio.h>
#include "tests/help/cm.h"
#include "tests/help/screens.h"

#define FOLIO "BI-20261109-101500114"

static void show(struct pantalla *p, bool open, const char *now, const char *fecha)
{
	struct effect from = effect_to(EFFECT_OPEN, SCREEN_firmar, NULL);
	struct acto acto = {.route = ROUTE_ID_notificacion_abrir, .folio = FOLIO};

	(void)snprintf(acto.fecha, sizeof(acto.fecha), "%s", fecha);
	pantalla_init(p, ZONA_CENTRO, now);
	pantalla_aviso(p, FOLIO, "2026-11-09 10:15", 15);
	pantalla_efirma(p, open, "2024-01-01 00:00", "2028-01-01 00:00");
	from.acto = &acto;
	pantalla_open(p, &from);
}

static const char *button(struct pantalla *p, size_t index)
{
	struct page page = pantalla_page(p);

	assert_int_equal(page.kind, PAGE_DIALOG);
	return index < page.dialog.button_count ? page.dialog.buttons[index].label : "";
}

/* L-7.6, L-4.2: who, with what, what exactly; Validar -> Firmar; the call and its end. */
static void test_steps(void **state)
{
	struct pantalla p;

	(void)state;
	show(&p, true, "2026-11-12 17:52", "2026-11-12");
	pantalla_says(&p, "RFC: FÑA010203AB1, Ferretería Ñandú SA de CV");
	pantalla_says(&p, "Certificado: 30009000000500000001");
	pantalla_says(&p, "apertura de la notificación " FOLIO);
	pantalla_says(&p, "quedar notificado con fecha jue 12/nov/2026");
	assert_string_equal(button(&p, 1), "Validar");
	/* Not before it was validated. */
	assert_int_equal(pantalla_press(&p, "firmar").kind, EFFECT_NONE);
	assert_int_equal(pantalla_press(&p, "validar").kind, EFFECT_NONE);
	pantalla_says(&p, "La validación de la FIEL fue exitosa");
	pantalla_says(&p, "La firma vale hasta: jue 12/nov/2026 18:00");
	assert_string_equal(button(&p, 0), "Regresar");
	assert_string_equal(button(&p, 1), "Firmar");
	assert_int_equal(pantalla_page(&p).dialog.safe, 0);
	struct effect e = pantalla_press(&p, "firmar");

	assert_int_equal(e.kind, EFFECT_CALL);
	assert_int_equal(e.route, ROUTE_ID_notificacion_abrir);
	assert_string_equal(e.request.notificacion_abrir.folio, FOLIO);
	assert_string_equal(e.request.notificacion_abrir.fecha_legal, "2026-11-12");
	assert_int_equal(e.expires, zc("2026-11-12 18:00:00.000"));
	/* Once. */
	assert_int_equal(pantalla_press(&p, "firmar").kind, EFFECT_NONE);
	e = pantalla_arrived(&p, ROUTE_ID_notificacion_abrir, OK, false);
	assert_int_equal(e.kind, EFFECT_REPLACE);
	assert_int_equal(e.screen, SCREEN_acuse);
	assert_int_equal(e.levels, 2);
	pantalla_free(&p);
}

/* What is accepted, and what became of it, stand first: 40x10 shows six rows. */
static void test_first_lines(void **state)
{
	struct pantalla p;

	(void)state;
	show(&p, true, "2026-11-12 17:52", "2026-11-12");
	assert_string_equal(pantalla_page(&p).dialog.paragraphs[0].label, "Aceptas");
	(void)pantalla_press(&p, "validar");
	struct page page = pantalla_page(&p);

	assert_string_equal(page.dialog.paragraphs[0].label, "Aceptas");
	assert_string_equal(page.dialog.paragraphs[1].text, "La validación de la FIEL fue exitosa");
	(void)pantalla_press(&p, "firmar");
	(void)pantalla_arrived(&p, ROUTE_ID_notificacion_abrir, ERR_SEAL, false);
	page = pantalla_page(&p);
	/* What came of it is read first, also at 40x12. */
	assert_int_equal(page.dialog.paragraphs[0].style, PAGE_WARNING);
	pantalla_free(&p);
}

/* An act never outlives a day, nor the moment when its sheet stops being true. */
static void test_expires(void **state)
{
	static const struct {
		const char *now;
		const char *fecha;
		const char *expires;
	} rows[] = {
		{"2026-11-10 07:00", "2026-11-11", "2026-11-11 07:00"},
		{"2026-11-10 12:00", "2026-11-10", "2026-11-10 18:00"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct pantalla p;

		show(&p, true, rows[i].now, rows[i].fecha);
		(void)pantalla_press(&p, "validar");
		struct effect e = pantalla_press(&p, "firmar");

		assert_int_equal(e.kind, EFFECT_CALL);
		assert_true(e.expires <= zc(rows[i].expires));
		assert_true(e.expires > p.now);
		pantalla_free(&p);
	}
}

/* Over a long weekend the same date holds for days; the act waits one at most. */
static void test_a_day_at_most(void **state)
{
	struct effect from = effect_to(EFFECT_OPEN, SCREEN_firmar, NULL);
	const struct acto acto = {
		.route = ROUTE_ID_notificacion_abrir, .folio = FOLIO, .fecha = "2026-11-17"};
	struct pantalla p;

	(void)state;
	from.acto = &acto;
	pantalla_init(&p, ZONA_CENTRO, "2026-11-14 10:00");
	pantalla_aviso(&p, FOLIO, "2026-11-12 12:00", 15);
	pantalla_efirma(&p, true, "2024-01-01 00:00", "2028-01-01 00:00");
	pantalla_open(&p, &from);
	(void)pantalla_press(&p, "validar");
	assert_int_equal(pantalla_press(&p, "firmar").expires, zc("2026-11-15 10:00"));
	pantalla_free(&p);
}

/* The date changed while the dialogue stood: nothing is signed on a date nobody accepted. */
static void test_date_changed(void **state)
{
	struct pantalla p;

	(void)state;
	show(&p, true, "2026-11-11 17:59:59", "2026-11-11");
	(void)pantalla_press(&p, "validar");
	pantalla_at(&p, "2026-11-11 18:00:01");
	assert_int_equal(pantalla_press(&p, "firmar").kind, EFFECT_NONE);
	pantalla_says(&p, err_sentence(ERR_EFFECT_CHANGED));
	assert_string_equal(button(&p, 1), "");
	assert_int_equal(pantalla_press(&p, "regresar").kind, EFFECT_BACK);
	pantalla_free(&p);
}

/* an expired e.firma is refused before anything is signed, with the way out. */
static void test_expired(void **state)
{
	struct pantalla p;

	(void)state;
	show(&p, true, "2026-11-12 17:52", "2026-11-12");
	p.m.firma.hasta = zc("2026-11-12 17:00");
	(void)pantalla_press(&p, "validar");
	pantalla_says(&p, err_sentence(ERR_CERT_EXPIRED));
	assert_int_equal(pantalla_press(&p, "firmar").kind, EFFECT_NONE);
	pantalla_free(&p);
}

/* locked, it asks for the password here; then the same two steps. */
static void test_locked(void **state)
{
	struct pantalla p;

	(void)state;
	show(&p, false, "2026-11-12 17:52", "2026-11-12");
	assert_int_equal(pantalla_page(&p).kind, PAGE_FORM);
	pantalla_says(&p, "Contraseña de la Llave privada");
	pantalla_says(&p, "apertura de la notificación " FOLIO);
	struct effect e = pantalla_press(&p, "validar");

	assert_int_equal(e.kind, EFFECT_UNLOCK);
	assert_string_equal(e.unlock.certificado, "/e/fna.cer");
	p.m.firma.abierta = true;
	(void)pantalla_event(&p, (struct event){.kind = EVENT_UNLOCKED, .err = OK});
	pantalla_says(&p, "La validación de la FIEL fue exitosa");
	assert_string_equal(button(&p, 1), "Firmar");
	/* It was locked meanwhile: asked again, not signed. */
	p.m.firma.abierta = false;
	assert_int_equal(pantalla_press(&p, "firmar").kind, EFFECT_NONE);
	assert_int_equal(pantalla_page(&p).kind, PAGE_FORM);
	pantalla_free(&p);
}

/* Signed without a line: kept, said so, never signed again from here. */
static void test_pending(void **state)
{
	struct pantalla p;

	(void)state;
	show(&p, true, "2026-11-12 17:52", "2026-11-12");
	(void)pantalla_press(&p, "validar");
	(void)pantalla_press(&p, "firmar");
	(void)pantalla_arrived(&p, ROUTE_ID_notificacion_abrir, ERR_NETWORK, true);
	pantalla_says(&p, "Firmado y guardado");
	pantalla_says(&p, "La firma vale hasta: jue 12/nov/2026 18:00");
	assert_int_equal(pantalla_press(&p, "firmar").kind, EFFECT_NONE);
	assert_int_equal(pantalla_press(&p, "validar").kind, EFFECT_NONE);
	/* It got through while the dialogue stood there. */
	pantalla_notificada(
		&p, FOLIO, "2026-11-09 10:15", "2026-11-12 17:52", 15, "BI-20261112-175200000");
	pantalla_says(&p, "el servidor ya lo confirmó");
	pantalla_hides(&p, "no lo ha confirmado");
	struct effect e = pantalla_press(&p, "regresar");

	assert_int_equal(e.kind, EFFECT_BACK);
	assert_int_equal(e.levels, 2);
	pantalla_free(&p);
}

/* Covered by the help or the lock while it was sent: nobody waits for ever. */
static void test_resumed(void **state)
{
	struct pantalla p;

	(void)state;
	show(&p, true, "2026-11-12 17:52", "2026-11-12");
	(void)pantalla_press(&p, "validar");
	assert_int_equal(
		pantalla_event(&p, (struct event){.kind = EVENT_RESUMED}).kind, EFFECT_NONE);
	(void)pantalla_press(&p, "firmar");
	p.m.actos[0] = (struct model_acto){
		.route = ROUTE_ID_notificacion_abrir, .clave = FOLIO, .cuando = p.now};
	p.m.acto_count = 1;
	assert_int_equal(
		pantalla_event(&p, (struct event){.kind = EVENT_RESUMED}).kind, EFFECT_NONE);
	pantalla_says(&p, "Firmado y guardado");
	pantalla_free(&p);
	show(&p, true, "2026-11-12 17:52", "2026-11-12");
	(void)pantalla_press(&p, "validar");
	(void)pantalla_press(&p, "firmar");
	struct effect e = pantalla_event(&p, (struct event){.kind = EVENT_RESUMED});

	assert_int_equal(e.kind, EFFECT_BACK);
	assert_int_equal(e.levels, 2);
	pantalla_free(&p);
}

/* A refusal is said; one that says the sheet is past closes the dialogue. */
static void test_refused(void **state)
{
	struct pantalla p;

	(void)state;
	show(&p, true, "2026-11-12 17:52", "2026-11-12");
	(void)pantalla_press(&p, "validar");
	(void)pantalla_press(&p, "firmar");
	(void)pantalla_arrived(&p, ROUTE_ID_notificacion_abrir, ERR_SEAL, false);
	pantalla_says(&p, err_sentence(ERR_SEAL));
	pantalla_hides(&p, "La validación de la FIEL fue exitosa");
	assert_int_equal(pantalla_press(&p, "firmar").kind, EFFECT_CALL);
	(void)pantalla_arrived(&p, ROUTE_ID_notificacion_abrir, ERR_EFFECT_CHANGED, false);
	pantalla_says(&p, err_sentence(ERR_EFFECT_CHANGED));
	assert_int_equal(pantalla_press(&p, "firmar").kind, EFFECT_NONE);
	pantalla_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_first_lines),
		cmocka_unit_test(test_expires),
		cmocka_unit_test(test_a_day_at_most),
		cmocka_unit_test(test_date_changed),
		cmocka_unit_test(test_expired),
		cmocka_unit_test(test_locked),
		cmocka_unit_test(test_pending),
		cmocka_unit_test(test_resumed),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
