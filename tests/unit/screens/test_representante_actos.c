/*
 * Acts on representations at the screen: naming, accepting with the second signature, ending, from
 * either side. A-16
 */
#include <stdio.h>
#include "tests/help/cm.h"
#include "tests/help/dos_lados.h"

static struct dos_lados d;

static int setup(void **state)
{
	(void)state;
	dos_lados_init(&d);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	dos_lados_free(&d);
	return 0;
}

/* ---- accepting ---- */

/* the second signature names the first one by its hash, and is for another than the profile.
 */
static void test_accept(void **state)
{
	(void)state;
	dos_lados_show(&d, SCREEN_representante, PROPUESTA);
	pantalla_says(&d.p, "Falta tu firma, antes del jue 12/nov/2026 12:20");
	assert_true(dos_lados_hinted(&d, "aceptar"));
	struct effect e = pantalla_key(&d.p, "Enter");

	assert_int_equal(e.screen, SCREEN_firmar);
	struct acto acto = *e.acto;

	pantalla_close(&d.p);
	e.acto = &acto;
	pantalla_open(&d.p, &e);
	pantalla_says(&d.p, "actuar por " CLIENTE ", JOSÉ PEÑA ÑANDÚ");
	pantalla_says(&d.p, "SHA-256 de la primera firma: " BASE);
	pantalla_says(&d.p, "En nombre de: " CLIENTE);
	(void)pantalla_press(&d.p, "validar");
	pantalla_says(&d.p, "La firma vale hasta: jue 12/nov/2026 12:20");
	e = pantalla_press(&d.p, "firmar");
	assert_int_equal(e.route, ROUTE_ID_representante_aceptar);
	assert_int_equal(e.expires, zc("2026-11-12 12:20"));
	assert_string_equal(e.request.representante_aceptar.hat.titular, CLIENTE);
	assert_string_equal(e.request.representante_aceptar.hat.calidad, "representante");
	assert_string_equal(e.request.representante_aceptar.base_sha256, BASE);
	(void)pantalla_arrived(&d.p, ROUTE_ID_representante_aceptar, OK, false);
	pantalla_says(&d.p, "Ya puedes actuar por " CLIENTE);
	pantalla_says(&d.p, "agrega un perfil");
	assert_string_equal(dos_lados_button(&d, 1), "Ver acuse");
	assert_string_equal(dos_lados_button(&d, 2), "");
	dos_lados_side_by_side(&d, CLIENTE, "representante");
	assert_string_equal(dos_lados_button(&d, 2), "Cambiar a ese perfil");
	e = pantalla_press(&d.p, "luego");
	assert_int_equal(e.kind, EFFECT_PERFIL);
	assert_int_equal(e.perfil, 1);
}

/* The clock passes the last instant while the dialogue is open: nothing is signed. */
static void test_accept_too_late(void **state)
{
	(void)state;
	dos_lados_show(&d, SCREEN_representante, PROPUESTA);
	struct effect e = pantalla_key(&d.p, "Enter");
	struct acto acto = *e.acto;

	e.acto = &acto;
	pantalla_close(&d.p);
	pantalla_open(&d.p, &e);
	(void)pantalla_press(&d.p, "validar");
	d.p.now = zc("2026-11-12 12:20:00.001");
	assert_int_equal(pantalla_press(&d.p, "firmar").kind, EFFECT_NONE);
	pantalla_says(&d.p, err_sentence(ERR_PROPOSAL_EXPIRED));
	assert_string_equal(dos_lados_button(&d, 1), "");
	pantalla_close(&d.p);
	dos_lados_show(&d, SCREEN_representante, PROPUESTA);
	pantalla_says(&d.p, "Estado: caducada");
	assert_false(dos_lados_hinted(&d, "aceptar"));
	assert_int_equal(pantalla_key(&d.p, "Enter").kind, EFFECT_NONE);
}

/* One that waits in the outbox is not signed again. */
static void test_not_twice(void **state)
{
	(void)state;
	d.p.m.actos[0] = (struct model_acto){
		.route = ROUTE_ID_representante_aceptar, .cuando = zc("2026-11-12 12:20")};
	(void)snprintf(d.p.m.actos[0].clave, sizeof(d.p.m.actos[0].clave), "%s", PROPUESTA);
	d.p.m.actos[1] = (struct model_acto){.route = ROUTE_ID_representante_baja, .cuando = 1};
	(void)snprintf(d.p.m.actos[1].clave, sizeof(d.p.m.actos[1].clave), "%s", DADA);
	d.p.m.acto_count = 2;
	dos_lados_show(&d, SCREEN_representante, PROPUESTA);
	pantalla_says(&d.p, "Tu firma está guardada y por enviar");
	assert_int_equal(pantalla_key(&d.p, "Enter").kind, EFFECT_NONE);
	pantalla_close(&d.p);
	dos_lados_show(&d, SCREEN_representante, DADA);
	assert_int_equal(pantalla_key(&d.p, "x").kind, EFFECT_NONE);
	dos_lados_status_says(&d, "no se firma dos veces");
}

/* ---- ending ---- */

static void sign_end(const char *folio)
{
	dos_lados_show(&d, SCREEN_representante, folio);
	struct effect e = pantalla_key(&d.p, "x");

	assert_int_equal(e.screen, SCREEN_firmar);
	struct acto acto = *e.acto;

	e.acto = &acto;
	pantalla_close(&d.p);
	pantalla_open(&d.p, &e);
	pantalla_says(&d.p, "No se deshace");
	(void)pantalla_press(&d.p, "validar");
	(void)pantalla_press(&d.p, "firmar");
	assert_int_equal(d.p.effect.route, ROUTE_ID_representante_baja);
	assert_string_equal(d.p.effect.request.representante_baja.folio, folio);
}

/* From either side, each with its own hat. */
static void test_end(void **state)
{
	(void)state;
	sign_end(DADA);
	pantalla_says(&d.p, "que " CONTADOR " deje de actuar por ti");
	assert_null(d.p.effect.request.representante_baja.hat.titular);
	pantalla_close(&d.p);
	sign_end(PROPUESTA);
	pantalla_says(&d.p, "dejar de actuar por " CLIENTE);
	assert_string_equal(d.p.effect.request.representante_baja.hat.titular, CLIENTE);
	assert_string_equal(d.p.effect.request.representante_baja.hat.calidad, "representante");
	/* The acuse is what is shown of it. */
	assert_int_equal(pantalla_arrived(&d.p, ROUTE_ID_representante_baja, OK, false).screen,
		SCREEN_acuse);
}

/* ---- naming ---- */

static void fill(const char *rfc, const char *nivel, const char *desde, const char *hasta)
{
	(void)pantalla_type(&d.p, "rfc", rfc);
	(void)pantalla_type(&d.p, "notificaciones", nivel);
	(void)pantalla_type(&d.p, "desde", desde);
	(void)pantalla_type(&d.p, "hasta", hasta);
}

/* A-16 firma mancomunada: what is signed, and what the second person must do, until when. */
static void test_name(void **state)
{
	(void)state;
	dos_lados_show(&d, SCREEN_representante_nuevo, NULL);
	pantalla_hides(&d.p, "30 minutos");
	fill("cupu800825-569", "Firmar", "", "31/dic/2027");
	pantalla_says(&d.p, "Firma de los dos: primero la tuya; después la suya");
	struct effect e = pantalla_press(&d.p, "guardar");

	assert_int_equal(e.screen, SCREEN_firmar);
	struct acto acto = *e.acto;

	assert_string_equal(acto.representante, "CUPU800825569");
	assert_int_equal(acto.permiso_count, 1);
	assert_string_equal(acto.permisos[0].nivel, "firmar");
	assert_int_equal(acto.desde, 0);
	assert_int_equal(acto.hasta, zc("2027-12-31 23:59:59.999"));
	e.acto = &acto;
	pantalla_close(&d.p);
	pantalla_open(&d.p, &e);
	pantalla_says(&d.p, "que CUPU800825569 actúe por tu RFC");
	pantalla_says(&d.p, "Es la primera de dos firmas");
	(void)pantalla_press(&d.p, "validar");
	e = pantalla_press(&d.p, "firmar");
	assert_int_equal(e.route, ROUTE_ID_representante_alta);
	assert_string_equal(e.request.representante_alta.representante, "CUPU800825569");
	assert_string_equal(e.request.representante_alta.permisos[0].ambito, "notificaciones");
	assert_int_equal(e.request.representante_alta.hasta, zc("2027-12-31 23:59:59.999"));
	/* What it was typed into is no draft any more. */
	(void)snprintf(
		d.p.m.ultimo_acuse, sizeof(d.p.m.ultimo_acuse), "%s", "BI-20261112-120000009");
	e = pantalla_arrived(&d.p, ROUTE_ID_representante_alta, OK, false);
	assert_int_equal(e.kind, EFFECT_KEEP);
	assert_string_equal(e.text, "");
	d.dadas[2] = d.dadas[0];
	d.dadas[2].folio = "BI-20261112-120000009";
	d.dadas[2].representante = "CUPU800825569";
	d.dadas[2].acepta_antes = zc("2026-11-12 12:30");
	d.cuenta.representantes_count = 3;
	pantalla_cuenta(&d.p, &d.cuenta);
	pantalla_says(&d.p, "CUPU800825569 debe aceptar antes del jue 12/nov/2026 12:30");
	pantalla_says(&d.p, "buzon-tui representante aceptar BI-20261112-120000009");
	assert_string_equal(dos_lados_button(&d, 2), "");
	/* Side by side on one machine: the button changes to the second person's profile. */
	dos_lados_side_by_side(&d, "CUPU800825569", NULL);
	pantalla_says(&d.p, "Su perfil «otro» está en este equipo");
	assert_string_equal(dos_lados_button(&d, 2), "Cambiar a su perfil");
	e = pantalla_press(&d.p, "luego");
	assert_int_equal(e.kind, EFFECT_PERFIL);
	assert_int_equal(e.perfil, 1);
	assert_int_equal(e.screen, SCREEN_representantes);
}

/* Up to preparar nobody else signs, and nothing else is promised. */
static void test_name_alone(void **state)
{
	(void)state;
	dos_lados_show(&d, SCREEN_representante_nuevo, NULL);
	fill("CUPU800825569", "Preparar", "13/nov/2026", "");
	struct effect e = pantalla_press(&d.p, "guardar");
	struct acto acto = *e.acto;

	assert_int_equal(acto.desde, zc("2026-11-13 00:00:00.000"));
	assert_int_equal(acto.hasta, 0);
	e.acto = &acto;
	pantalla_close(&d.p);
	pantalla_open(&d.p, &e);
	pantalla_hides(&d.p, "primera de dos firmas");
	(void)pantalla_press(&d.p, "validar");
	(void)pantalla_press(&d.p, "firmar");
	(void)pantalla_arrived(&d.p, ROUTE_ID_representante_alta, OK, false);
	pantalla_says(&d.p, "no tiene que firmar nada");
	dos_lados_side_by_side(&d, "CUPU800825569", "propio");
	assert_string_equal(dos_lados_button(&d, 2), "");
}

static void test_name_mistakes(void **state)
{
	static const struct {
		const char *rfc;
		const char *nivel;
		const char *desde;
		const char *hasta;
		const char *says;
	} bad[] = {
		{"", "Leer", "", "", "El RFC no tiene la forma correcta"},
		{"ABC", "Leer", "", "", "El RFC no tiene la forma correcta"},
		{"fña010203ab1", "Leer", "", "", "Nadie se representa a sí mismo"},
		{"CUPU800825569", "Nada", "", "", "Di qué puede hacer"},
		{"ABC010203AB1", "Abrir", "", "", "Una persona moral puede leer y preparar"},
		{"CUPU800825569", "Leer", "31/feb/2027", "", "No es una fecha"},
		{"CUPU800825569", "Leer", "", "mañana", "No es una fecha"},
		{"CUPU800825569", "Leer", "", "11/nov/2026", "Ese día ya pasó"},
		{"CUPU800825569", "Leer", "02/ene/2027", "01/ene/2027", "Es antes del primer día"},
	};

	(void)state;
	dos_lados_show(&d, SCREEN_representante_nuevo, NULL);
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		fill(bad[i].rfc, bad[i].nivel, bad[i].desde, bad[i].hasta);
		assert_int_equal(pantalla_press(&d.p, "guardar").kind, EFFECT_NONE);
		pantalla_says(&d.p, bad[i].says);
		dos_lados_status_says(&d, "Falta corregir");
	}
	/* Today, whole, is no mistake; nor is a moral that only reads. */
	fill("ABC010203AB1", "Leer", "", "12/nov/2026");
	assert_int_equal(pantalla_press(&d.p, "guardar").screen, SCREEN_firmar);
	/* Who has it already is said before anything is signed. */
	fill(CONTADOR, "Leer", "", "");
	struct effect e = pantalla_press(&d.p, "guardar");
	struct acto acto = *e.acto;

	e.acto = &acto;
	pantalla_close(&d.p);
	pantalla_open(&d.p, &e);
	(void)pantalla_press(&d.p, "validar");
	pantalla_says(&d.p, err_sentence(ERR_ALREADY_REPRESENTED));
	assert_string_equal(dos_lados_button(&d, 1), "");
}

/* Esc loses nothing: what was typed is there the next time. */
static void test_draft_at_once(void **state)
{
	(void)state;
	dos_lados_show(&d, SCREEN_representante_nuevo, NULL);
	struct effect e = pantalla_type(&d.p, "rfc", "CUPU800825569");

	/* With each change, not only as one leaves the field: a line that drops costs nothing. */
	assert_int_equal(e.kind, EFFECT_KEEP);
	assert_non_null(strstr(e.text, "rfc=CUPU800825569"));
	/* What is not on disk yet is there all the same. */
	d.p.m.borrador = (struct model_borrador){"borrador/representante",
		"rfc=CUPU800825569\ndesde=\nhasta=31/dic/2026\nmedios=leer\n"};
	dos_lados_show(&d, SCREEN_representante_nuevo, NULL);
	pantalla_says(&d.p, "CUPU800825569");
	pantalla_says(&d.p, "31/dic/2026");
}

static void test_draft(void **state)
{
	(void)state;
	dos_lados_show(&d, SCREEN_representante_nuevo, NULL);
	fill("CUPU800825569", "Abrir", "", "31/dic/2027");
	struct effect e = pantalla_key(&d.p, "Esc");

	assert_int_equal(e.kind, EFFECT_KEEP);
	assert_int_equal(e.levels, 1);
	assert_string_equal(e.folio, "borrador/representante");
	assert_int_equal(local_put(d.p.local, e.folio, bytes_of_text(e.text)), OK);
	pantalla_close(&d.p);
	dos_lados_show(&d, SCREEN_representante_nuevo, NULL);
	pantalla_says(&d.p, "CUPU800825569");
	pantalla_says(&d.p, "31/dic/2027");
	pantalla_says(&d.p, "Firma de los dos");
	assert_int_equal(
		pantalla_event(&d.p, (struct event){.kind = EVENT_LEFT, .key = "rfc"}).kind,
		EFFECT_KEEP);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_accept),
		TEST(test_accept_too_late),
		TEST(test_not_twice),
		TEST(test_end),
		TEST(test_name),
		TEST(test_name_alone),
		TEST(test_name_mistakes),
		TEST(test_draft),
		TEST(test_draft_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
