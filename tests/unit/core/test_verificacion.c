/*
 * The public page that says whether a paper or a file was notified: nothing before it was, nothing
 * to who guesses, and what is told is of exactly these bytes. L-7.1 L-7.9 L-QR L-10
 */
#include "core/formulario.h"
#include "core/pagina.h"

#include <inttypes.h>
#include "crypto/sha.h"
#include "net/codec.h"
#include "tests/help/acuse.h"
#include "tests/help/cm.h"
#include "tests/help/core_lote.h"
#include "tests/help/core_pagina.h"
#include "tests/help/core_sql.h"
#include "tests/help/pki.h"

#define ROOM (16 << 20)
#define CLAVE "0123456789ABCDEFGHJK"
#define OTRA "ZZZZZZZZZZZZZZZZZZZZ"
#define DOCUMENTO "%PDF-1.7" /* of mundo_aviso */
#define UNKNOWN "Esa clave de verificación no corresponde a ningún acuse"
#define NO_FILE "no es ningún documento que este Buzón haya notificado"
#define IS_FILE "Ese archivo, byte por byte, es un documento que este Buzón notificó"
#define TYPE "multipart/form-data; boundary=x"

static const char *folio;

/* One notification, issued and not notified yet, with the acuse of its issue. */
static int begin(void **state)
{
	ARENA(a, ROOM);
	struct m_acuse m;
	struct bytes json;

	(void)state;
	mundo_at(&mundo, pki_now());
	mundo.config.presupuesto_direccion = 0;
	lote_do(&mundo, "DELETE FROM acuse");
	lote_do(&mundo, "DELETE FROM notificacion");
	folio = mundo_aviso(&mundo, rfc, mundo_ready(&mundo));
	acuse_sample(&a, mundo.now, "America/Mexico_City", &m);
	m.folio = folio;
	m.capacidad = CLAVE;
	assert_int_equal(codec_encode(&a, &message_acuse, &m, &json), OK);
	struct in_acuse_poner in = {.folio = folio,
		.titular = rfc,
		.tipo = m.tipo,
		.elaborado = m.elaborado,
		.capacidad = CLAVE,
		.json = json,
		.ambito = "emision"};

	assert_int_equal(q_acuse_poner(mundo.hand, &in, &a, NULL), OK);
	return 0;
}

static void says(const char *page, const char *text)
{
	if (strstr(page, text) == NULL)
		fail_msg("not on the page: %s\n%s", text, page);
}

static void hides(const char *page, const char *text)
{
	if (strstr(page, text) != NULL)
		fail_msg("on the page: %s\n%s", text, page);
}

static void nothing_of_it(const char *page)
{
	hides(page, folio);
	hides(page, rfc);
	hides(page, "FUNCIONARIA DE PRUEBA");
	hides(page, "Sello Digital");
}

static void notified(void)
{
	lote_do(&mundo, "UPDATE notificacion SET abierta = %" PRId64 ", notificada = %" PRId64,
		mundo.now, mundo.now);
}

static void done(struct exchange *x)
{
	x->user = x;
}

/* The form as a browser sends it, in pieces of seven bytes. */
static const char *send(struct arena *a, const char *clave, const char *file, int status)
{
	const char *text = arena_printf(a,
		"--x\r\nContent-Disposition: form-data; name=\"clave\"\r\n\r\n%s\r\n"
		"--x\r\nContent-Disposition: form-data; name=\"archivo\"; filename=\"a.pdf\"\r\n"
		"Content-Type: application/pdf\r\n\r\n%s\r\n--x--\r\n",
		clave, file);
	struct exchange *x = arena_zalloc(a, sizeof(*x));
	struct formulario *f = arena_zalloc(a, sizeof(*f));

	x->arena = a;
	x->done = done;
	x->rq = (struct received){
		.method = "POST", .target = "/v", .peer = "192.0.2.1", .content_type = TYPE};
	assert_true(pagina_recibe(&x->rq));
	assert_int_equal(formulario_begin(f, TYPE), OK);
	for (size_t at = 0, size = strlen(text); at < size; at += 7)
		formulario_add(f, bytes_of(text + at, size - at < 7 ? size - at : 7));
	formulario_end(f, a);
	pagina_answer_form(&mundo.server, x, f);
	assert_non_null(x->user);
	const char *page = arena_copy(a, x->answer.data, x->answer.size);

	assert_non_null(page);
	if (x->status != status)
		fail_msg("%d, not %d: %s", x->status, status, page);
	return page;
}

/* ---- what was not notified says nothing ---- */

static void an_issue_is_unknown_until_it_is_notified(void **state)
{
	ARENA(a, ROOM);
	const char *unknown = pagina_get(&a, "/v/" OTRA, 404);

	(void)state;
	/* The very same page, by every way. */
	says(unknown, UNKNOWN);
	assert_string_equal(pagina_get(&a, "/v/" CLAVE, 404), unknown);
	assert_string_equal(pagina_get(&a, arena_printf(&a, "/v/%s", folio), 404), unknown);
	assert_string_equal(send(&a, CLAVE, "", 404), send(&a, OTRA, "", 404));
	assert_string_equal(send(&a, folio, "", 404), send(&a, OTRA, "", 404));
	assert_string_equal(send(&a, "", DOCUMENTO, 404), send(&a, "", "otro", 404));
	assert_string_equal(send(&a, CLAVE, DOCUMENTO, 404), send(&a, OTRA, "otro", 404));
	notified();
	says(pagina_get(&a, "/v/" CLAVE, 200), folio);
	says(send(&a, CLAVE, "", 200), folio);
	says(send(&a, "", DOCUMENTO, 200), IS_FILE);
	says(send(&a, CLAVE, DOCUMENTO, 200), folio);
}

/* A lapse counts from its instant on, before any job has told so. L-7.5 */
static void a_lapse_is_a_notification(void **state)
{
	ARENA(a, ROOM);
	int64_t vence = lote_number(&mundo, "SELECT vence FROM notificacion");

	(void)state;
	mundo_at(&mundo, vence - 1);
	nothing_of_it(send(&a, CLAVE, DOCUMENTO, 404));
	mundo_at(&mundo, vence);
	says(send(&a, CLAVE, DOCUMENTO, 200), folio);
}

static void what_was_withdrawn_never_was(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	notified();
	lote_do(&mundo, "UPDATE notificacion SET forma = 'retirada'");
	nothing_of_it(send(&a, CLAVE, DOCUMENTO, 404));
	nothing_of_it(pagina_get(&a, "/v/" CLAVE, 404));
}

/* Estrados and what is counted for a later instant are none before it. */
static void a_later_instant_is_waited_for(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	lote_do(&mundo,
		"UPDATE notificacion SET vence = NULL, forma = 'estrados', notificada = %" PRId64,
		mundo.now + 1000);
	nothing_of_it(send(&a, CLAVE, DOCUMENTO, 404));
	mundo_at(&mundo, mundo.now + 1000);
	says(send(&a, CLAVE, DOCUMENTO, 200), folio);
}

/* As the rules leave it: from the decision on it is there for everybody. L-7.8 L-7.9 */
static void estrados_can_be_verified(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	lote_do(&mundo, "UPDATE notificacion SET aviso = NULL, vence = NULL, forma = 'estrados'");
	says(pagina_get(&a, "/v/" CLAVE, 200), "estrados");
	const char *page = send(&a, "", DOCUMENTO, 200);

	/* It was not the Buzón that notified it. */
	hides(page, IS_FILE);
	says(page, "por estrados");
	hides(page, rfc);
}

/* ---- what is told ---- */

static void who_has_the_file_or_the_key_is_told(void **state)
{
	ARENA(a, ROOM);
	const char *sha256;

	(void)state;
	notified();
	assert_int_equal(sha256_hex(&a, bytes_of_text(DOCUMENTO), &sha256), OK);
	const char *page = send(&a, "", DOCUMENTO, 200);

	says(page, IS_FILE);
	says(page, sha256);
	says(page, "<dt>Número de oficio</dt>");
	says(page, "<dt>Tipo de acto</dt><dd>R-7.3</dd>");
	says(page, "<dt>Servidor público</dt><dd>FUNCIONARIA DE PRUEBA</dd>");
	says(page, "<dt>Emitido</dt>");
	says(page, "<dt>Sello Digital</dt>");
	/* To whom it was is the document's own to say. */
	hides(page, rfc);
	hides(page, folio);
	page = pagina_get(&a, "/v/" CLAVE, 200);
	says(page, "FUNCIONARIA DE PRUEBA");
	says(page, sha256);
	says(page, "<dt>Sello Digital</dt>");
	/* An older one has no acuse of its issue. */
	lote_do(&mundo, "DELETE FROM acuse");
	page = send(&a, "", DOCUMENTO, 200);
	says(page, IS_FILE);
	hides(page, "Sello Digital");
}

static void a_file_and_a_key_belong_together_or_not(void **state)
{
	ARENA(a, ROOM);
	const char *page;

	(void)state;
	notified();
	page = send(&a, CLAVE, DOCUMENTO, 200);
	says(page, "El archivo es el documento de ese acuse");
	says(page, IS_FILE);
	page = send(&a, CLAVE, "otro", 404);
	says(page, "El archivo NO es el documento de ese acuse");
	says(page, NO_FILE);
	says(page, folio);
	page = send(&a, OTRA, DOCUMENTO, 404);
	says(page, UNKNOWN);
	says(page, IS_FILE);
	hides(page, "de ese acuse");
	/* Both are known, but are of two. */
	const char *first = folio;

	lote_do(&mundo, "UPDATE notificacion SET archivo = 'otro'");
	folio = mundo_aviso(&mundo, rfc, mundo_ready(&mundo) - 1000);
	notified();
	page = send(&a, CLAVE, DOCUMENTO, 409);
	says(page, "El archivo NO es el documento de ese acuse");
	says(page, first);
	says(page, IS_FILE);
}

/* One bit more or less is another file. */
static void exactly_these_bytes_count(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	notified();
	says(send(&a, "", DOCUMENTO "\n", 404), NO_FILE);
	says(send(&a, "", "%PDF-1.6", 404), NO_FILE);
}

/* As it is printed, typed by a person. */
static void a_key_is_typed_in_many_ways(void **state)
{
	static const char *const ways[] = {"  0123456789ABCDEFGHJK ", "01234 56789 ABCDE FGHJK",
		"01234-56789-ABCDE-FGHJK", "o1234567B9abcdefghjk", "OI23456789abcdefghjk",
		"Ol23456789abcdefghjk", "https://buzon.prueba/v/0123456789ABCDEFGHJK"};
	ARENA(a, ROOM);

	(void)state;
	notified();
	for (size_t i = 0; i < COUNT_OF(ways); i++)
		says(send(&a, ways[i], "", i == 3 ? 404 : 200), i == 3 ? UNKNOWN : folio);
	says(send(&a, "0123456789ABCDEFGHJ", "", 404), UNKNOWN);
	says(send(&a, "0123456789ABCDEFGHJKK", "", 404), UNKNOWN);
	says(send(&a, "0123456789ABCDEFGHJ<", "", 404), UNKNOWN);
	/* An address that is typed shows what it leads to, too. */
	says(pagina_get(&a, "/v/0123456789abcdefghjk", 200), folio);
}

static void many_may_have_been_notified(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	for (int i = 1; i < 8; i++)
		(void)mundo_aviso(&mundo, rfc, mundo_ready(&mundo) - i * 1000);
	notified();
	const char *page = send(&a, "", DOCUMENTO, 200);

	says(page, IS_FILE);
	says(page, "Se notificó a más de un destinatario");
	hides(page, "Sello Digital");
	hides(page, "BI-");
}

/* ---- forms ---- */

static void the_form_asks_for_either(void **state)
{
	ARENA(a, ROOM);
	const char *page = pagina_get(&a, "/v", 200);

	(void)state;
	says(page, "<label for=\"clave\">");
	says(page, "<label for=\"archivo\">");
	says(page, "enctype=\"multipart/form-data\"");
	hides(page, "<script");
	says(pagina_get(&a, "/v/", 200), "<form");
	says(send(&a, " ", "", 400), "Escribe la clave o elige un archivo");
	/* A form of another kind is none of ours. */
	says(pagina_post(&a, "/v", 415), "<form");
}

static const char *end_form(struct arena *a, struct formulario *f, int status)
{
	struct exchange *x = arena_zalloc(a, sizeof(*x));

	x->arena = a;
	x->done = done;
	x->rq = (struct received){
		.method = "POST", .target = "/v", .peer = "192.0.2.1", .content_type = TYPE};
	formulario_end(f, a);
	pagina_answer_form(&mundo.server, x, f);
	assert_int_equal(x->status, status);
	return arena_copy(a, x->answer.data, x->answer.size);
}

static void bad_forms_are_told(void **state)
{
	ARENA(a, ROOM);
	static const char head[] = "--x\r\nContent-Disposition: form-data; name=\"archivo\"; "
				   "filename=\"a\"\r\n\r\n";
	static unsigned char some[65536];
	struct formulario f;

	(void)state;
	assert_int_equal(formulario_begin(&f, TYPE), OK);
	formulario_add(&f, bytes_of_text(head));
	says(end_form(&a, &f, 400), "incompleto");
	/* 10 MB fit, not a byte more. */
	for (int over = 0; over < 2; over++) {
		assert_int_equal(formulario_begin(&f, TYPE), OK);
		formulario_add(&f, bytes_of_text(head));
		for (int i = 0; i < 160; i++)
			formulario_add(&f, bytes_of(some, sizeof(some)));
		formulario_add(&f, bytes_of(some, (size_t)over));
		formulario_add(&f, bytes_of_text("\r\n--x--\r\n"));
		says(end_form(&a, &f, over ? 413 : 404), over ? "pasa de 10 MB" : NO_FILE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(an_issue_is_unknown_until_it_is_notified, begin),
		cmocka_unit_test_setup(a_lapse_is_a_notification, begin),
		cmocka_unit_test_setup(what_was_withdrawn_never_was, begin),
		cmocka_unit_test_setup(a_later_instant_is_waited_for, begin),
		cmocka_unit_test_setup(estrados_can_be_verified, begin),
		cmocka_unit_test_setup(who_has_the_file_or_the_key_is_told, begin),
		cmocka_unit_test_setup(a_file_and_a_key_belong_together_or_not, begin),
		cmocka_unit_test_setup(exactly_these_bytes_count, begin),
		cmocka_unit_test_setup(a_key_is_typed_in_many_ways, begin),
		cmocka_unit_test_setup(many_may_have_been_notified, begin),
		cmocka_unit_test_setup(the_form_asks_for_either, begin),
		cmocka_unit_test_setup(bad_forms_are_told, begin),
	};

	return cmocka_run_group_tests(tests, titular_set_up, titular_tear_down);
}
