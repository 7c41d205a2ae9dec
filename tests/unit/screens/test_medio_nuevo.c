/* Nuevo medio de contacto (A-03, A-10, A-11, L-6.4): the form, what is wrong beside its field, the
 * draft.
 */
#include <stdio.h>
#include "screens/contacto.h"
#include "tests/help/cm.h"
#include "tests/help/screens.h"

static struct pantalla p;
static struct m_medio medios[8];
static struct m_registro_patronal rps[30];
static struct m_cuenta cuenta;
static char names[COUNT_OF(rps)][16];

static struct m_medio medium(const char *folio, const char *mecanismo, const char *text)
{
	return (struct m_medio){.folio = folio,
		.mecanismo = mecanismo,
		.medio = text,
		.registrado = zc("2026-11-09 11:00"),
		.vence = zc("2026-11-12 11:00")};
}

static void show(void)
{
	struct effect from = effect_to(EFFECT_OPEN, SCREEN_medio_nuevo, NULL);

	pantalla_open(&p, &from);
}

static int setup(void **state)
{
	(void)state;
	pantalla_init(&p, ZONA_CENTRO, "2026-11-11 12:00");
	medios[0] = medium("F0", CONTACTO_CORREO, "ana@example.mx");
	cuenta = pantalla_medios(&p, medios, 1);
	show();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	pantalla_free(&p);
	return 0;
}

static void told(void)
{
	pantalla_cuenta(&p, &cuenta);
}

static const struct page_field *field(const char *key)
{
	static struct page page;

	page = pantalla_page(&p);
	assert_int_equal(page.kind, PAGE_FORM);
	for (size_t i = 0; i < page.form.count; i++)
		if (strcmp(page.form.fields[i].key, key) == 0)
			return &page.form.fields[i];
	return NULL;
}

static void left(const char *key)
{
	(void)pantalla_event(&p, (struct event){.kind = EVENT_LEFT, .key = key});
}

static void at_fault(const char *key, enum err err)
{
	const struct page_field *f = field(key);

	assert_non_null(f);
	if (err == OK)
		assert_null(f->error);
	else
		assert_string_equal(f->error, err_sentence(err));
}

/* the tabs, the list, the field, the buttons, letter for letter. */
static void test_labels(void **state)
{
	(void)state;
	const struct page_field *f = field("pestana");

	assert_string_equal(f->choices[0], "Medio de Contacto de RFC");
	assert_string_equal(f->choices[1], "Medio de Contacto de Registros Patronales");
	f = field("mecanismo");
	assert_string_equal(f->label, "Mecanismo de Comunicación");
	assert_string_equal(f->choices[0], "Correo Electrónico");
	assert_string_equal(f->choices[1], "Teléfono");
	assert_string_equal(field("medio")->label, "Medio de Contacto");
	assert_string_equal(field("guardar")->label, "Guardar");
	assert_string_equal(field("regresar")->label, "Regresar");
	assert_null(field("rp"));
	assert_null(field("reemplaza"));
}

/* What is wrong is said beside the field as one leaves it, and goes as soon as it is changed. */
static void test_faults(void **state)
{
	static const struct {
		const char *mecanismo;
		const char *text;
		enum err err;
	} rows[] = {
		{"Correo Electrónico", "ana", ERR_BAD_MAIL},
		{"Correo Electrónico", "ana@example.mx\r\nBcc: x@example.mx", ERR_BAD_MAIL},
		{"Correo Electrónico", "luis@example.mx", OK},
		{"Correo Electrónico", "ANA@Example.MX", ERR_MEDIUM_EXISTS},
		{"Correo Electrónico", "ñandú@correo.ejemplo.mx", OK},
		{"Teléfono", "55 1234 5678", ERR_BAD_MOBILE},
		{"Teléfono", "551234567", ERR_BAD_MOBILE},
		{"Teléfono", "+525512345678", ERR_BAD_MOBILE},
		{"Teléfono", "5512345678", OK},
	};

	(void)state;
	left("medio"); /* empty: nothing was done yet */
	at_fault("medio", OK);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		(void)pantalla_type(&p, "mecanismo", rows[i].mecanismo);
		(void)pantalla_type(&p, "medio", rows[i].text);
		at_fault("medio", OK);
		left("medio");
		at_fault("medio", rows[i].err);
	}
	(void)pantalla_type(&p, "medio", "");
	assert_int_equal(pantalla_press(&p, "guardar").kind, EFFECT_NONE);
	at_fault("medio", ERR_BAD_MOBILE);
}

/* One that lapsed, or was removed, is not in the way. */
static void test_again(void **state)
{
	(void)state;
	(void)pantalla_type(&p, "medio", "ana@example.mx");
	pantalla_at(&p, "2026-11-12 11:00:00.000");
	left("medio");
	at_fault("medio", ERR_MEDIUM_EXISTS);
	pantalla_at(&p, "2026-11-12 11:00:00.001");
	left("medio");
	at_fault("medio", OK);
	assert_int_equal(pantalla_press(&p, "guardar").screen, SCREEN_firmar);
}

/* What is signed is the address as it is sent to (ley/correo.h). */
static void test_saved(void **state)
{
	(void)state;
	(void)pantalla_type(&p, "medio", "Luis@EXAMPLE.mx");
	struct effect e = pantalla_press(&p, "guardar");

	assert_int_equal(e.screen, SCREEN_firmar);
	assert_int_equal(e.acto->route, ROUTE_ID_medio_registrar);
	assert_string_equal(e.acto->mecanismo, "correo");
	assert_string_equal(e.acto->medio, "Luis@example.mx");
	assert_string_equal(e.acto->rp, "");
	assert_string_equal(e.acto->reemplaza, "");
	assert_int_equal(pantalla_press(&p, "regresar").kind, EFFECT_BACK);
	assert_int_equal(pantalla_key(&p, "Esc").kind, EFFECT_BACK);
}

/* one mobile; what the new one does to it is said before, and goes with what is signed. */
static void test_mobile(void **state)
{
	(void)state;
	medios[1] = medium("F1", CONTACTO_CELULAR, "5512345678");
	cuenta.medios_count = 2;
	told();
	pantalla_hides(&p, "5512345678");
	(void)pantalla_type(&p, "mecanismo", "Teléfono");
	pantalla_says(&p, "Toma el lugar de 5512345678, que está por validarse");
	medios[1].validado = zc("2026-11-09 12:00");
	medios[2] = medium("F2", CONTACTO_CELULAR, "5500000000");
	medios[2].reemplaza = "F1";
	cuenta.medios_count = 3;
	told();
	pantalla_says(&p, "Reemplaza a 5512345678, que sigue en uso hasta que valides el nuevo");
	pantalla_says(&p, "5500000000, que estaba por reemplazarlo, se da de baja");
	(void)pantalla_type(&p, "medio", "5599999999");
	assert_string_equal(pantalla_press(&p, "guardar").acto->reemplaza, "F1");
	/* The mobile of an RP is another matter. */
	medios[1].rp = medios[2].rp = "A0123456107";
	told();
	pantalla_hides(&p, "Reemplaza a");
	assert_string_equal(pantalla_press(&p, "guardar").acto->reemplaza, "");
}

/* five mails: which one the new one replaces has to be said. */
static void test_five(void **state)
{
	static const char *const folios[] = {"F0", "F1", "F2", "F3", "F4", "F5"};
	static const char *const texts[] = {
		"a@x.mx", "b@x.mx", "c@x.mx", "d@x.mx", "e@x.mx", "f@x.mx"};

	(void)state;
	for (size_t i = 0; i < 6; i++)
		medios[i] = medium(folios[i], CONTACTO_CORREO, texts[i]);
	/* A pending replacement sits in the place of another: still four. */
	medios[0].validado = zc("2026-11-09 12:00");
	medios[4].reemplaza = "F0";
	cuenta.medios_count = 5;
	told();
	(void)pantalla_type(&p, "medio", "nueva@x.mx");
	assert_null(field("reemplaza"));
	cuenta.medios_count = 6;
	told();
	const struct page_field *f = field("reemplaza");

	assert_non_null(f);
	assert_int_equal(f->choice_count, 5);
	assert_int_equal(pantalla_press(&p, "guardar").kind, EFFECT_NONE);
	at_fault("reemplaza", ERR_MEDIA_FULL);
	(void)pantalla_type(&p, "reemplaza", "c@x.mx");
	at_fault("reemplaza", OK);
	pantalla_says(&p, "Toma el lugar de c@x.mx");
	assert_string_equal(pantalla_press(&p, "guardar").acto->reemplaza, "F2");
	/* It is not there any more: nothing is signed in its place. */
	medios[2].baja = p.now;
	medios[5] = medium("F6", CONTACTO_CORREO, "g@x.mx");
	medios[6] = medium("F7", CONTACTO_CORREO, "h@x.mx");
	cuenta.medios_count = 7;
	told();
	assert_int_equal(pantalla_press(&p, "guardar").kind, EFFECT_NONE);
	at_fault("reemplaza", ERR_MEDIA_FULL);
}

/* which RP, or all of them; an RFC without any is told so. */
static void test_rps(void **state)
{
	(void)state;
	(void)pantalla_type(&p, "pestana", "Medio de Contacto de Registros Patronales");
	assert_null(field("rp"));
	pantalla_says(&p, "No constan Registros Patronales de este RFC");
	(void)pantalla_type(&p, "medio", "ana@example.mx");
	assert_int_equal(pantalla_press(&p, "guardar").kind, EFFECT_NONE);
	rps[0].rp = "A0123456107";
	rps[1].rp = "B0123456105";
	cuenta.rps = rps;
	cuenta.rps_count = 2;
	told();
	pantalla_hides(&p, "No constan");
	const struct page_field *f = field("rp");

	assert_int_equal(f->choice_count, 3);
	assert_string_equal(f->choices[0], "Seleccionar todos los Registros Patronales");
	assert_string_equal(f->choices[1], "A01-23456-10-7");
	assert_int_equal(pantalla_press(&p, "guardar").kind, EFFECT_NONE);
	at_fault("rp", ERR_NO_SUCH_RP);
	(void)pantalla_type(&p, "rp", "B01-23456-10-5");
	/* The RFC has that mail; the RP does not. */
	assert_string_equal(pantalla_press(&p, "guardar").acto->rp, "B0123456105");
	(void)pantalla_type(&p, "rp", "Seleccionar todos los Registros Patronales");
	assert_string_equal(field("rp")->value, "Seleccionar todos los Registros Patronales");
	assert_string_equal(pantalla_press(&p, "guardar").acto->rp, "*");
	(void)pantalla_type(&p, "pestana", "Medio de Contacto de RFC");
	left("medio");
	at_fault("medio", ERR_MEDIUM_EXISTS);
}

/* Many of them are written, as one writes them. */
static void test_many_rps(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rps); i++) {
		(void)snprintf(names[i], sizeof(names[i]), "A01%05zu107", i);
		rps[i].rp = names[i];
	}
	cuenta.rps = rps;
	cuenta.rps_count = COUNT_OF(rps);
	told();
	(void)pantalla_type(&p, "pestana", "Medio de Contacto de Registros Patronales");
	(void)pantalla_type(&p, "medio", "ana@example.mx");
	assert_int_equal(field("rp")->kind, PAGE_FIELD_TEXT);
	(void)pantalla_type(&p, "rp", "z99");
	left("rp");
	at_fault("rp", ERR_NO_SUCH_RP);
	(void)pantalla_type(&p, "rp", "a01-00012-10-7");
	left("rp");
	at_fault("rp", OK);
	assert_string_equal(pantalla_press(&p, "guardar").acto->rp, "A0100012107");
	(void)pantalla_type(&p, "rp", "*");
	assert_string_equal(pantalla_press(&p, "guardar").acto->rp, "*");
}

/* What was typed is kept at each change, and there again when the form is; until it is sent. */
static void test_draft(void **state)
{
	(void)state;
	rps[0].rp = "A0123456107";
	cuenta.rps = rps;
	cuenta.rps_count = 1;
	told();
	(void)pantalla_type(&p, "pestana", "Medio de Contacto de Registros Patronales");
	(void)pantalla_type(&p, "rp", "A01-23456-10-7");
	(void)pantalla_type(&p, "mecanismo", "Teléfono");
	struct effect e = pantalla_type(&p, "medio", "55123");

	assert_int_equal(e.kind, EFFECT_KEEP);
	assert_string_equal(e.folio, CONTACTO_BORRADOR);
	assert_int_equal(local_put(p.local, e.folio, bytes_of_text(e.text)), OK);
	pantalla_close(&p);
	show();
	assert_string_equal(field("pestana")->value, "Medio de Contacto de Registros Patronales");
	assert_string_equal(field("rp")->value, "A01-23456-10-7");
	assert_string_equal(field("mecanismo")->value, "Teléfono");
	assert_string_equal(field("medio")->value, "55123");
	/* What the disk does not have yet is what was typed last. */
	p.m.borrador = (struct model_borrador){CONTACTO_BORRADOR, "rfc\ncorreo\n\n\nana@x.mx"};
	pantalla_close(&p);
	show();
	assert_string_equal(field("medio")->value, "ana@x.mx");
	p.m.borrador.clave = "borrador/otro";
	pantalla_close(&p);
	show();
	assert_string_equal(field("medio")->value, "55123");
	/* Nothing typed is nothing to keep. */
	assert_string_equal(pantalla_type(&p, "medio", "").text, "");
	/* What a damaged disk, or another version, left there is no draft. */
	assert_int_equal(local_put(p.local, CONTACTO_BORRADOR, bytes_of_text("x\ny")), OK);
	pantalla_close(&p);
	show();
	assert_string_equal(field("medio")->value, "");
	assert_string_equal(field("pestana")->value, "Medio de Contacto de RFC");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_labels),
		TEST(test_faults),
		TEST(test_again),
		TEST(test_saved),
		TEST(test_mobile),
		TEST(test_five),
		TEST(test_rps),
		TEST(test_many_rps),
		TEST(test_draft),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
