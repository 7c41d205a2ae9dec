/* "Validación FIEL" and the lock. */
#include "tests/help/cm.h"
#include "tests/help/screens.h"

static void show(struct pantalla *p, enum screen screen)
{
	struct effect from = effect_to(EFFECT_OPEN, screen, NULL);

	pantalla_init(p, ZONA_CENTRO, "2026-11-12 17:52");
	pantalla_open(p, &from);
}

static const struct page_field *field(struct pantalla *p, const char *key)
{
	struct page page = pantalla_page(p);

	assert_int_equal(page.kind, PAGE_FORM);
	for (size_t i = 0; i < page.form.count; i++)
		if (strcmp(page.form.fields[i].key, key) == 0)
			return &page.form.fields[i];
	return NULL;
}

/* the fields letter for letter, all required, the profile's paths there already. */
static void test_fields(void **state)
{
	static const struct {
		const char *label;
		enum page_field_kind kind;
		const char *value;
	} rows[] = {
		{"RFC", PAGE_FIELD_TEXT, "FÑA010203AB1"},
		{"Certificado", PAGE_FIELD_FILE, "/e/fna.cer"},
		{"Llave privada", PAGE_FIELD_FILE, "/e/fna.key"},
		{"Contraseña de la Llave privada", PAGE_FIELD_SECRET, NULL},
		{"Validar", PAGE_FIELD_BUTTON, NULL},
	};
	struct pantalla p;

	(void)state;
	show(&p, SCREEN_acceso);
	struct page page = pantalla_page(&p);

	assert_string_equal(page.title, "Validación FIEL");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct page_field *f = &page.form.fields[i];

		assert_string_equal(f->label, rows[i].label);
		assert_int_equal(f->kind, rows[i].kind);
		assert_true(f->required);
		if (rows[i].value != NULL)
			assert_string_equal(f->value, rows[i].value);
	}
	pantalla_free(&p);
}

/* every fault of an e.firma stands beside the field that mends it. */
static void test_faults(void **state)
{
	static const struct {
		enum err err;
		const char *given;
		const char *field;
	} rows[] = {
		{ERR_WRONG_PASSWORD, NULL, "contrasena"},
		{ERR_CSD, NULL, "certificado"},
		{ERR_NOT_EFIRMA, NULL, "certificado"},
		{ERR_PFX, NULL, "certificado"},
		{ERR_PFX, "llave", "llave"},
		{ERR_SWAPPED_KEY, NULL, "certificado"},
		{ERR_SWAPPED_CERT, NULL, "llave"},
		{ERR_BAD_CERT, NULL, "certificado"},
		{ERR_BAD_KEY, NULL, "llave"},
		{ERR_KEY_MISMATCH, NULL, "llave"},
		{ERR_WEAK_KEY, NULL, "certificado"},
		{ERR_CERT_EXPIRED, NULL, "certificado"},
		{ERR_CERT_NOT_YET, NULL, "certificado"},
		{ERR_RFC_MISMATCH, NULL, "rfc"},
		{ERR_BAD_RFC, NULL, "rfc"},
		{ERR_NO_FILE, "llave", "llave"},
		{ERR_NO_FILE, "certificado", "certificado"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct pantalla p;

		show(&p, SCREEN_acceso);
		assert_int_equal(pantalla_press(&p, "validar").kind, EFFECT_UNLOCK);
		(void)pantalla_event(&p,
			(struct event){
				.kind = EVENT_UNLOCKED, .err = rows[i].err, .key = rows[i].given});
		const struct page_field *f = field(&p, rows[i].field);

		assert_non_null(f->error);
		assert_string_equal(f->error, err_sentence(rows[i].err));
		/* It may be tried again at once. */
		assert_int_equal(pantalla_press(&p, "validar").kind, EFFECT_UNLOCK);
		pantalla_free(&p);
	}
}

/* Validar -> e.firma -> entrar -> Inicio; once is enough while it is under way. */
static void test_enters(void **state)
{
	struct pantalla p;

	(void)state;
	show(&p, SCREEN_acceso);
	p.m.entrado = false; /* nothing is known of who this is */
	(void)pantalla_type(&p, "llave", "/otra.key");
	struct effect e = pantalla_press(&p, "validar");

	assert_int_equal(e.kind, EFFECT_UNLOCK);
	assert_string_equal(e.unlock.rfc, "FÑA010203AB1");
	assert_string_equal(e.unlock.certificado, "/e/fna.cer");
	assert_string_equal(e.unlock.llave, "/otra.key");
	assert_string_equal(e.unlock.campo, "contrasena");
	assert_int_equal(pantalla_press(&p, "validar").kind, EFFECT_NONE);
	p.m.entrado = false;
	e = pantalla_event(&p, (struct event){.kind = EVENT_UNLOCKED, .err = OK});
	assert_int_equal(e.kind, EFFECT_ENTER);
	assert_non_null(strstr(pantalla_page(&p).status, "La validación de la FIEL fue exitosa"));
	e = pantalla_arrived(&p, ROUTE_ID_entrar, OK, false);
	assert_int_equal(e.kind, EFFECT_REPLACE);
	assert_int_equal(e.screen, SCREEN_inicio);
	pantalla_free(&p);
	/* What was kept from the last time is shown at once. */
	show(&p, SCREEN_acceso);
	(void)pantalla_press(&p, "validar");
	e = pantalla_event(&p, (struct event){.kind = EVENT_UNLOCKED, .err = OK});
	assert_int_equal(e.kind, EFFECT_REPLACE);
	assert_int_equal(e.screen, SCREEN_inicio);
	pantalla_free(&p);
}

/* A hung server is left with Esc; its refusal is said above the form, or beside the RFC. */
static void test_server(void **state)
{
	struct pantalla p;

	(void)state;
	show(&p, SCREEN_acceso);
	(void)pantalla_press(&p, "validar");
	(void)pantalla_event(&p, (struct event){.kind = EVENT_UNLOCKED, .err = OK});
	assert_int_equal(pantalla_key(&p, "Esc").kind, EFFECT_CANCEL);
	pantalla_says(&p, err_sentence(ERR_CANCELLED));
	(void)pantalla_press(&p, "validar");
	(void)pantalla_event(&p, (struct event){.kind = EVENT_UNLOCKED, .err = OK});
	(void)pantalla_arrived(&p, ROUTE_ID_entrar, ERR_NETWORK, false);
	pantalla_says(&p, err_sentence(ERR_NETWORK));
	(void)pantalla_press(&p, "validar");
	(void)pantalla_event(&p, (struct event){.kind = EVENT_RESUMED});
	assert_int_equal(pantalla_press(&p, "validar").kind, EFFECT_UNLOCK);
	(void)pantalla_event(&p, (struct event){.kind = EVENT_UNLOCKED, .err = ERR_BAD_KEY});
	assert_int_equal(pantalla_key(&p, "Esc").kind, EFFECT_QUIT);
	pantalla_free(&p);
}

/* what can be told without the files is told as the field is left. */
static void test_left(void **state)
{
	struct pantalla p;

	(void)state;
	show(&p, SCREEN_acceso);
	(void)pantalla_type(&p, "rfc", "FÑA01");
	(void)pantalla_event(&p, (struct event){.kind = EVENT_LEFT, .key = "rfc"});
	assert_string_equal(field(&p, "rfc")->error, err_sentence(ERR_BAD_RFC));
	(void)pantalla_type(&p, "rfc", "FÑA010203AB1");
	assert_null(field(&p, "rfc")->error);
	/* As it is copied from a paper; Ñ typed in one character or in two. */
	static const char *const good[] = {
		"fña-010203-ab1", "FÑA 010203 AB1", "FN\u0303A010203AB1", "PEÑJ-800101-AB1"};
	static const char *const bad[] = {
		"FÑA0102031B", "FÑA019903AB1", "\xff\xfe", "FÑA010203AB12345"};

	for (size_t i = 0; i < COUNT_OF(good); i++) {
		(void)pantalla_type(&p, "rfc", good[i]);
		(void)pantalla_event(&p, (struct event){.kind = EVENT_LEFT, .key = "rfc"});
		assert_null(field(&p, "rfc")->error);
	}
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		(void)pantalla_type(&p, "rfc", bad[i]);
		(void)pantalla_event(&p, (struct event){.kind = EVENT_LEFT, .key = "rfc"});
		assert_non_null(field(&p, "rfc")->error);
	}
	(void)pantalla_type(&p, "rfc", "FÑA010203AB1");
	(void)pantalla_type(&p, "certificado", "");
	assert_int_equal(pantalla_press(&p, "validar").kind, EFFECT_NONE);
	assert_string_equal(field(&p, "certificado")->error, err_sentence(ERR_NO_FILE));
	pantalla_free(&p);
}

/* A representative's e.firma has another RFC than the titular's: not prefilled. */
static void test_representative(void **state)
{
	struct effect from = effect_to(EFFECT_OPEN, SCREEN_acceso, NULL);
	struct pantalla p;

	(void)state;
	pantalla_init(&p, ZONA_CENTRO, "2026-11-12 17:52");
	p.m.perfil.calidad = "representante";
	pantalla_open(&p, &from);
	assert_string_equal(field(&p, "rfc")->value, "");
	pantalla_free(&p);
}

/* The lock shows neither name nor RFC nor paths, and only the e.firma opens it. */
static void test_lock(void **state)
{
	struct effect from = effect_to(EFFECT_OPEN, SCREEN_bloqueo, NULL);
	struct pantalla p;

	(void)state;
	pantalla_init(&p, ZONA_CENTRO, "2026-11-12 17:52");
	pantalla_efirma(&p, false, "2024-01-01 00:00", "2028-01-01 00:00");
	pantalla_aviso(&p, "BI-20261109-101500114", "2026-11-09 10:15", 15);
	pantalla_open(&p, &from);
	pantalla_says(&p, "Bloqueado");
	pantalla_says(&p, "Contraseña de la Llave privada");
	pantalla_hides(&p, "FÑA010203AB1");
	pantalla_hides(&p, "Ferretería");
	pantalla_hides(&p, "/e/");
	pantalla_hides(&p, "BI-2026");
	assert_non_null(pantalla_page(&p).status); /* else the line's would be shown */
	assert_int_equal(pantalla_key(&p, "Esc").kind, EFFECT_NONE);
	struct effect e = pantalla_press(&p, "validar");

	assert_int_equal(e.kind, EFFECT_UNLOCK);
	assert_string_equal(e.unlock.rfc, "FÑA010203AB1");
	(void)pantalla_event(&p, (struct event){.kind = EVENT_UNLOCKED, .err = ERR_WRONG_PASSWORD});
	assert_string_equal(field(&p, "contrasena")->error, err_sentence(ERR_WRONG_PASSWORD));
	(void)pantalla_press(&p, "validar");
	e = pantalla_event(&p, (struct event){.kind = EVENT_UNLOCKED, .err = OK});
	assert_int_equal(e.kind, EFFECT_BACK);
	assert_int_equal(pantalla_press(&p, "regresar").kind, EFFECT_QUIT);
	pantalla_free(&p);
}

/* Issue 3.6: who came from another profile goes back there; where that is locked, out. */
static void test_back_to_profile(void **state)
{
	struct pantalla other;
	struct pantalla p;

	(void)state;
	pantalla_init(&other, ZONA_CENTRO, "2026-11-12 17:52");
	struct mundo_perfil perfiles[] = {
		{.nombre = "ana", .rfc = "AAAA800101AAA", .model = &other.m}, {.nombre = "luis"}};
	struct mundo mundo = {perfiles, 2, 1, 0};

	show(&p, SCREEN_acceso);
	p.m.mundo = &mundo;
	struct effect e = pantalla_press(&p, "regresar");

	assert_int_equal(e.kind, EFFECT_PERFIL);
	assert_int_equal(e.perfil, 0);
	pantalla_says(&p, "Regresar");
	perfiles[0].model = NULL;
	assert_int_equal(pantalla_press(&p, "regresar").kind, EFFECT_QUIT);
	pantalla_says(&p, "Salir");
	perfiles[0].model = &other.m;
	/* It entered behind the form, with another profile's e.firma. */
	assert_int_equal(
		pantalla_event(&p, (struct event){.kind = EVENT_CHANGED_MODEL}).kind, EFFECT_NONE);
	pantalla_efirma(&p, true, "2024-01-01 00:00", "2028-01-01 00:00");
	assert_int_equal(pantalla_event(&p, (struct event){.kind = EVENT_CHANGED_MODEL}).kind,
		EFFECT_REPLACE);
	mundo.anterior = 2;
	assert_int_equal(pantalla_key(&p, "Esc").kind, EFFECT_QUIT);
	pantalla_free(&p);
	pantalla_free(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_enters),
		cmocka_unit_test(test_server),
		cmocka_unit_test(test_left),
		cmocka_unit_test(test_representative),
		cmocka_unit_test(test_lock),
		cmocka_unit_test(test_back_to_profile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
