/* The acuse with all its parts, the document part by part, and what the model refuses. */
#include <stdio.h>
#include "base/b64.h"
#include "base/mem.h"
#include "ley/acuse.h"
#include "tests/help/acuse.h"
#include "tests/help/cm.h"
#include "tests/help/screens.h"

#define FOLIO "BI-20261109-101500114"

/* A-15, L-QR, L-5.8, L-6.1: every part of an acuse is on the page. */
static void test_acuse(void **state)
{
	struct effect from = effect_to(EFFECT_OPEN, SCREEN_acuse, NULL);
	struct pantalla p;
	struct m_acuse m;

	(void)state;
	pantalla_init(&p, "America/Tijuana", "2026-11-12 17:52");
	acuse_sample(&p.arena, zc("2026-11-12 17:52:03.114"), "America/Tijuana", &m);
	struct bytes json = acuse_sample_json(&p.arena, &m);

	assert_int_equal(model_arrived(&p.m, ROUTE_ID_notificacion_abrir, &m, json), OK);
	assert_string_equal(p.m.ultimo_acuse, m.folio);
	assert_true(bytes_equal(model_acuse(&p.m, m.folio)->json, json));
	from.folio = p.m.ultimo_acuse;
	pantalla_open(&p, &from);
	assert_int_equal(p.effect.kind, EFFECT_NONE);
	const char *const parts[] = {m.tipo, m.folio, m.fundamento, m.titular, m.titular_nombre,
		m.estatus, m.cadena, "12 de noviembre de 2026 17:52:03 hrs. (Zona Centro)",
		"12 de noviembre de 2026 15:52:03 hrs. (America/Tijuana)", "Sello Digital",
		"Cadena Original (Versión 3.0)", b64_encode(&p.arena, m.sello),
		b64_encode(&p.arena, m.firma), acuse_texto_confidencialidad(),
		acuse_texto_contacto(), acuse_texto_privacidad(), acuse_url(&p.arena, &m), "█"};

	for (size_t i = 0; i < COUNT_OF(parts); i++)
		pantalla_says(&p, parts[i]);
	for (size_t i = 0; i < m.contenido_count; i++)
		pantalla_says(&p, m.contenido[i].valor);
	struct effect e = pantalla_key(&p, "d");

	assert_int_equal(e.kind, EFFECT_SAVE);
	assert_int_equal(e.paper, PAPER_ACUSE);
	assert_string_equal(e.folio, m.folio);
	assert_null(pantalla_page(&p).mute[0]);
	(void)pantalla_event(
		&p, (struct event){.kind = EVENT_SAVED, .err = OK, .value = "/datos/acuse.pdf"});
	pantalla_says(&p, "Guardado en: /datos/acuse.pdf");
	assert_ptr_equal(
		strstr(pantalla_page(&p).status, "Guardado: acuse.pdf"), pantalla_page(&p).status);
	(void)pantalla_event(&p, (struct event){.kind = EVENT_OPENED, .err = ERR_NO_FILE});
	pantalla_says(&p, "BUZON_ABRIR");
	(void)pantalla_event(&p, (struct event){.kind = EVENT_SAVED, .err = ERR_DISK_FULL});
	pantalla_says(&p, err_sentence(ERR_DISK_FULL));
	pantalla_hides(&p, "Guardado en");
	assert_int_equal(pantalla_key(&p, "e").kind, EFFECT_EXTERNAL);
	pantalla_free(&p);
}

/* L-6.1 L-7.5: one of what nobody signed says so, and `v` proves it as such. */
static void test_automatic(void **state)
{
	struct effect from = effect_to(EFFECT_OPEN, SCREEN_acuse, NULL);
	struct pantalla p;
	struct m_acuse m;
	AUTO(trust) trust = acuse_sample_trust();

	(void)state;
	pantalla_init(&p, ZONA_CENTRO, "2026-11-12 17:52");
	p.m.trust = trust;
	acuse_sample_automatico(&p.arena, zc("2026-11-12 17:52:03.114"), &m);
	from.folio = m.folio;
	assert_int_equal(model_arrived(&p.m, ROUTE_ID_acuse, &m, bytes_of_text("{}")), OK);
	pantalla_open(&p, &from);
	pantalla_says(&p, ACUSE_AUTOMATICO_NOMBRE);
	pantalla_says(&p, "sin firma de persona alguna");
	pantalla_says(&p, (const char *)m.cuerpo.data);
	pantalla_hides(&p, "Firma electrónica");
	/* Of no notification: there is no document to be offered. */
	assert_string_equal(pantalla_page(&p).mute[0], "documento");
	assert_int_equal(pantalla_key(&p, "o").kind, EFFECT_NONE);
	assert_non_null(strstr(pantalla_page(&p).status, "no es de una notificación"));
	(void)pantalla_key(&p, "v");
	pantalla_says(&p, "Comprobación: todo se cumple");
	pantalla_says(&p, "Nadie firmó este acto");
	pantalla_free(&p);
}

/* L-7.6: opened is opened at once: its document is asked for without waiting for a synchronisation.
 */
static void test_opened_at_once(void **state)
{
	struct effect from = effect_to(EFFECT_OPEN, SCREEN_acuse, NULL);
	struct pantalla p;
	struct m_acuse m;

	(void)state;
	pantalla_init(&p, ZONA_CENTRO, "2026-11-12 17:52");
	pantalla_aviso(&p, FOLIO, "2026-11-09 10:15", 15);
	acuse_sample(&p.arena, zc("2026-11-12 17:52:03.114"), ZONA_CENTRO, &m);
	assert_int_equal(
		model_arrived(&p.m, ROUTE_ID_notificacion_abrir, &m, bytes_of_text("{}")), OK);
	assert_int_equal(local_take_acuse(p.local, &m, acuse_sample_json(&p.arena, &m)), OK);
	model_refresh(&p.m);
	const struct m_notificacion n = pantalla_fila(&p, FOLIO).m;

	assert_int_equal(n.abierta, m.recibido);
	assert_int_equal(n.notificada, m.legal);
	assert_string_equal(n.acuse, m.folio);
	assert_int_equal(tabla_count(&p.m.tabla), 1);
	from.folio = p.m.ultimo_acuse;
	pantalla_open(&p, &from);
	struct effect e = pantalla_key(&p, "o");

	assert_int_equal(e.kind, EFFECT_OPEN);
	assert_int_equal(e.screen, SCREEN_documento);
	assert_string_equal(e.folio, FOLIO);
	pantalla_free(&p);
}

/* L-7.9: `v` proves it row by row; an altered one is said to be altered. */
static void test_proof(void **state)
{
	struct pantalla p;
	struct m_acuse m;
	struct effect from = effect_to(EFFECT_OPEN, SCREEN_acuse, NULL);
	AUTO(trust) trust = acuse_sample_trust();

	(void)state;
	pantalla_init(&p, ZONA_CENTRO, "2026-11-12 17:52");
	p.m.trust = trust;
	acuse_sample(&p.arena, zc("2026-11-12 17:52:03.114"), ZONA_CENTRO, &m);
	from.folio = m.folio;
	assert_int_equal(model_arrived(&p.m, ROUTE_ID_acuse, &m, bytes_of_text("{}")), OK);
	pantalla_open(&p, &from);
	pantalla_hides(&p, "Comprobación:");
	(void)pantalla_key(&p, "v");
	/* A page of its own, at its top. */
	assert_int_equal(pantalla_page(&p).part, 1);
	assert_string_equal(
		pantalla_page(&p).text.paragraphs[0].text, "Comprobación: todo se cumple");
	pantalla_hides(&p, "Cadena Original");
	(void)pantalla_key(&p, "v");
	pantalla_hides(&p, "Comprobación:");
	assert_int_equal(pantalla_page(&p).part, 0);
	(void)pantalla_key(&p, "v");
	assert_int_equal(pantalla_key(&p, "q").kind, EFFECT_NONE);
	pantalla_hides(&p, "Comprobación:");
	m.contenido[0].valor = "Otro documento";
	assert_int_equal(model_arrived(&p.m, ROUTE_ID_acuse, &m, bytes_of_text("{}")), OK);
	(void)pantalla_key(&p, "v");
	pantalla_says(&p, "Comprobación: NO se cumple todo");
	pantalla_says(&p, "NO:");
	pantalla_free(&p);
}

/* What is not here is asked for, once; Esc gives it up; an error is said. */
static void test_acuse_asked(void **state)
{
	struct effect from = effect_to(EFFECT_OPEN, SCREEN_acuse, "AC-1");
	struct pantalla p;

	(void)state;
	pantalla_init(&p, ZONA_CENTRO, "2026-11-12 17:52");
	pantalla_open(&p, &from);
	assert_int_equal(p.effect.kind, EFFECT_CALL);
	assert_int_equal(p.effect.route, ROUTE_ID_acuse);
	assert_string_equal(p.effect.request.acuse.folio, "AC-1");
	assert_int_equal(pantalla_key(&p, "r").kind, EFFECT_NONE);
	/* Covered meanwhile: asked again. */
	assert_int_equal(
		pantalla_event(&p, (struct event){.kind = EVENT_RESUMED}).kind, EFFECT_CALL);
	assert_int_equal(pantalla_key(&p, "q").kind, EFFECT_CANCEL);
	assert_int_equal(pantalla_key(&p, "r").kind, EFFECT_CALL);
	(void)pantalla_arrived(&p, ROUTE_ID_acuse, ERR_NETWORK, false);
	pantalla_says(&p, err_sentence(ERR_NETWORK));
	assert_int_equal(pantalla_key(&p, "q").kind, EFFECT_BACK);
	pantalla_free(&p);
}

static struct m_documento part(const char *text, int64_t from, size_t size)
{
	return (struct m_documento){.folio = FOLIO,
		.sha256 = "aa11",
		.total = (int64_t)strlen(text),
		.desde = from,
		.datos = bytes_of(text + from, size),
		.cadena = "||x||",
		.firma = bytes_of_text("f"),
		.certificado = bytes_of_text("c")};
}

/* L-7.7, L-7.9: part by part from where it stopped, then its text; what does not join is refused.
 */
static void test_documento(void **state)
{
	static const char pdf[] = "%PDF-0123456789";
	struct effect from = effect_to(EFFECT_OPEN, SCREEN_documento, FOLIO);
	struct pantalla p;

	(void)state;
	pantalla_init(&p, ZONA_CENTRO, "2026-11-12 17:52");
	pantalla_notificada(&p, FOLIO, "2026-11-09 10:15", "2026-11-12 17:00", 15, "AC-1");
	pantalla_open(&p, &from);
	assert_int_equal(p.effect.route, ROUTE_ID_documento);
	assert_int_equal(p.effect.request.documento.desde, 0);
	struct m_documento m = part(pdf, 0, 10);

	assert_int_equal(model_arrived(&p.m, ROUTE_ID_documento, &m, (struct bytes){0}), OK);
	struct effect e = pantalla_arrived(&p, ROUTE_ID_documento, OK, false);

	assert_int_equal(e.kind, EFFECT_CALL);
	assert_int_equal(e.request.documento.desde, 10);
	assert_int_equal(pantalla_key(&p, "d").kind, EFFECT_NONE); /* not whole yet */
	m = part(pdf, 9, 5);
	assert_int_equal(
		model_arrived(&p.m, ROUTE_ID_documento, &m, (struct bytes){0}), ERR_BAD_ANSWER);
	m = part(pdf, 10, 5);
	assert_int_equal(model_arrived(&p.m, ROUTE_ID_documento, &m, (struct bytes){0}), OK);
	e = pantalla_arrived(&p, ROUTE_ID_documento, OK, false);
	assert_int_equal(e.kind, EFFECT_READ);
	struct model_documento *d = model_documento(&p.m, FOLIO);

	assert_true(model_documento_whole(d));
	assert_memory_equal(d->datos, pdf, strlen(pdf));
	d->leido = true;
	d->texto = "Primer renglón\nSegundo\f";
	struct acuse_check checks[] = {
		{"el archivo es el anunciado", true, ""},
		{"la firma corresponde", false, "Descárgalo otra vez."},
	};

	d->proof = (struct acuse_proof){.checks = checks, .count = 2, .holds = false};
	pantalla_says(&p, "SHA-256: aa11");
	pantalla_says(&p, "Comprobado: el archivo es el anunciado");
	pantalla_says(&p, "NO se comprueba: la firma corresponde. Descárgalo otra vez.");
	pantalla_says(&p, "Primer renglón\nSegundo");
	pantalla_says(&p, "Plazo para responder: 15 días hábiles, hasta el lun 07/dic/2026");
	e = pantalla_key(&p, "d");
	assert_int_equal(e.kind, EFFECT_SAVE);
	assert_int_equal(e.paper, PAPER_DOCUMENTO);
	d->texto = NULL;
	d->texto_err = ERR_NO_FILE;
	pantalla_says(&p, "instala pdftotext");
	pantalla_free(&p);
}

/* Memory that ends while a page is made is an error, never half a page; and nothing is lost. */
static void test_no_memory(void **state)
{
	static const enum screen screens[] = {SCREEN_acceso, SCREEN_inicio, SCREEN_notificaciones,
		SCREEN_efecto, SCREEN_firmar, SCREEN_ayuda, SCREEN_bloqueo};

	const struct acto acto = {
		.route = ROUTE_ID_notificacion_abrir, .folio = FOLIO, .fecha = "2026-11-12"};

	(void)state;
	for (size_t s = 0; s < COUNT_OF(screens); s++) {
		struct effect from = effect_to(EFFECT_OPEN, screens[s], FOLIO);
		struct pantalla p;

		from.acto = &acto;
		from.of = SCREEN_inicio;
		pantalla_init(&p, ZONA_CENTRO, "2026-11-12 17:52");
		pantalla_aviso(&p, FOLIO, "2026-11-09 10:15", 15);
		pantalla_efirma(&p, true, "2024-01-01 00:00", "2026-12-01 00:00");
		pantalla_open(&p, &from);
		if (screens[s] == SCREEN_efecto)
			(void)pantalla_key(&p, "p");
		pantalla_no_memory(&p);
		pantalla_free(&p);
	}
}

/* Answers that find no memory leave the model as it was. */
static void test_model_no_memory(void **state)
{
	struct m_entrado e = {.titular = "X", .nombre = "Y", .firmante = "X", .zona = ZONA_CENTRO};
	struct pantalla p;
	enum err err = ERR_NO_MEMORY;

	(void)state;
	pantalla_init(&p, ZONA_CENTRO, "2026-11-12 17:52");
	for (long n = 1; err != OK; n++) {
		assert_string_equal(p.m.e.titular, "FÑA010203AB1");
		mem_fail_at(n);
		err = model_arrived(&p.m, ROUTE_ID_entrar, &e, (struct bytes){0});
		mem_fail_at(0);
	}
	pantalla_free(&p);
}

/* An acuse that was read once is read again without a call, from the copy. */
static void test_from_the_copy(void **state)
{
	struct effect from = effect_to(EFFECT_OPEN, SCREEN_acuse, NULL);
	struct pantalla p;
	struct m_acuse m;

	(void)state;
	pantalla_init(&p, ZONA_CENTRO, "2026-11-12 17:52");
	acuse_sample(&p.arena, zc("2026-11-12 17:52:03.114"), ZONA_CENTRO, &m);
	assert_null(model_acuse(&p.m, m.folio));
	assert_int_equal(local_take_acuse(p.local, &m, acuse_sample_json(&p.arena, &m)), OK);
	from.folio = m.folio;
	pantalla_open(&p, &from);
	assert_int_equal(p.effect.kind, EFFECT_NONE);
	pantalla_says(&p, m.cadena);
	assert_string_equal(p.m.ultimo_acuse, ""); /* it did not arrive now */
	pantalla_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_acuse),
		cmocka_unit_test(test_automatic),
		cmocka_unit_test(test_opened_at_once),
		cmocka_unit_test(test_proof),
		cmocka_unit_test(test_acuse_asked),
		cmocka_unit_test(test_documento),
		cmocka_unit_test(test_from_the_copy),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_model_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
