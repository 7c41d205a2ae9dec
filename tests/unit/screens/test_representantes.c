/*
 * Representatives on the screen: who acts for this RFC, the RFCs that gave it access, one with all
 * its dates, and what a level does not reach, at instants that matter. A-16 L-4.2
 */
#include <stdio.h>
#include "tests/help/cm.h"
#include "tests/help/dos_lados.h"
#include "tests/help/pantalla_vt.h"

#define MANY DOS_LADOS_MOST

static char folios[MANY][MODEL_FOLIO];
static char rfcs[MANY][MODEL_RFC];
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

/* ---- the lists ---- */

/* A proposal is shown first, and until when; f shows the other list. */
static void test_lists(void **state)
{
	(void)state;
	dos_lados_show(&d, SCREEN_representantes, NULL);
	struct page page = pantalla_page(&d.p);

	assert_int_equal(page.kind, PAGE_LIST);
	assert_int_equal(page.list.row_count, 1);
	assert_int_equal(page.until, zc("2026-11-12 12:20") + 1);
	assert_string_equal(pantalla_cell(&d.p, 0, "rfc"), CLIENTE);
	assert_string_equal(pantalla_cell(&d.p, 0, "nombre"), "JOSÉ PEÑA ÑANDÚ");
	assert_string_equal(pantalla_cell(&d.p, 0, "permisos"),
		"Notificaciones: Firmar; Medios de contacto: Preparar");
	assert_string_equal(pantalla_cell(&d.p, 0, "estado"), "por aceptar");
	pantalla_says(&d.p, CLIENTE " te nombró: falta tu firma, antes del jue 12/nov/2026 12:20");
	(void)pantalla_key(&d.p, "f");
	assert_int_equal(pantalla_page(&d.p).list.row_count, 2);
	assert_string_equal(pantalla_cell(&d.p, 0, "rfc"), CONTADOR);
	assert_string_equal(pantalla_cell(&d.p, 0, "hasta"), "31/dic/2026");
	assert_string_equal(pantalla_cell(&d.p, 0, "estado"), "vigente");
	/* What is over comes last. */
	assert_string_equal(pantalla_cell(&d.p, 1, "estado"), "terminada");
	assert_string_equal(pantalla_cell(&d.p, 1, "hasta"), "30/jun/2025");
	struct effect e = pantalla_key(&d.p, "Enter");

	assert_int_equal(e.screen, SCREEN_representante);
	assert_string_equal(e.folio, DADA);
	/* As a command, by name. */
	(void)pantalla_event(&d.p,
		(struct event){.kind = EVENT_ACTION, .action = ACTION_side, .value = "recibidos"});
	assert_string_equal(pantalla_cell(&d.p, 0, "rfc"), CLIENTE);
	assert_int_equal(pantalla_key(&d.p, "Esc").kind, EFFECT_BACK);
}

/* The clock alone changes what is true: last instants count, the next one does not. */
static void test_instants(void **state)
{
	static const struct {
		const char *now;
		const char *given;
		const char *received;
	} cases[] = {
		{"2026-11-12 12:20:00.000", "vigente", "por aceptar"},
		{"2026-11-12 12:20:00.001", "vigente", "caducada"},
		{"2026-12-31 23:59:59.999", "vigente", "caducada"},
		{"2027-01-01 00:00:00.000", "vencida", "caducada"},
		{"2026-11-10 08:59:59.999", "por iniciar", "por aceptar"},
		{"2026-11-10 09:00:00.000", "vigente", "por aceptar"},
	};

	(void)state;
	dos_lados_show(&d, SCREEN_representantes, NULL);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		d.p.now = zc(cases[i].now);
		(void)pantalla_event(&d.p,
			(struct event){
				.kind = EVENT_ACTION, .action = ACTION_side, .value = "dados"});
		assert_string_equal(pantalla_cell(&d.p, 0, "estado"), cases[i].given);
		(void)pantalla_key(&d.p, "f");
		assert_string_equal(pantalla_cell(&d.p, 0, "estado"), cases[i].received);
	}
}

/* A thousand that were given to an accountant: looked for, and found again by its place. */
static void test_thousand(void **state)
{
	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		(void)snprintf(folios[i], sizeof(folios[i]), "BI-20261101-%09zu", i);
		(void)snprintf(rfcs[i], sizeof(rfcs[i]), "ABC%06zuXY%zu", i + 10101, i % 10);
		d.recibidas[i] = (struct m_representacion){.folio = folios[i],
			.titular = rfcs[i],
			.titular_nombre = i == 777 ? "Ñandúes del Norte" : "Empresa de prueba",
			.representante = "FÑA010203AB1",
			.permisos = dos_lados_leer,
			.permisos_count = 1,
			.desde = zc("2026-11-01 09:00"),
			.estado = "vigente",
			.origen = "buzon"};
	}
	d.cuenta.representados_count = MANY;
	d.cuenta.representantes_count = 0;
	pantalla_cuenta(&d.p, &d.cuenta);
	/* Nobody acts for the accountant: what others gave is what opens. */
	dos_lados_show(&d, SCREEN_representantes, NULL);
	assert_int_equal(pantalla_page(&d.p).list.row_count, MANY);
	pantalla_says(&d.p, "RFC que te dieron acceso: 1000");
	(void)pantalla_event(&d.p, (struct event){.kind = EVENT_MOVED, .index = 999});
	assert_int_equal(pantalla_page(&d.p).list.selected, 999);
	assert_int_equal(pantalla_key(&d.p, "/").kind, EFFECT_PROMPT);
	(void)pantalla_event(&d.p, (struct event){.kind = EVENT_ENTERED, .value = "ñandu"});
	assert_int_equal(pantalla_page(&d.p).list.row_count, 1);
	assert_string_equal(pantalla_cell(&d.p, 0, "rfc"), rfcs[777]);
	pantalla_says(&d.p, "Buscando «ñandu» (1 de 1000; Esc lo quita)");
	assert_string_equal(pantalla_key(&d.p, "Enter").folio, folios[777]);
	(void)pantalla_event(&d.p, (struct event){.kind = EVENT_ENTERED, .value = "nada así"});
	assert_int_equal(pantalla_page(&d.p).list.row_count, 0);
	assert_int_equal(pantalla_key(&d.p, "Enter").kind, EFFECT_NONE);
	/* The search goes first, then the screen. */
	assert_int_equal(pantalla_key(&d.p, "Esc").kind, EFFECT_NONE);
	assert_int_equal(pantalla_page(&d.p).list.row_count, MANY);
	assert_int_equal(pantalla_key(&d.p, "Esc").kind, EFFECT_BACK);
}

static void test_nobody(void **state)
{
	(void)state;
	d.cuenta.representantes_count = d.cuenta.representados_count = 0;
	pantalla_cuenta(&d.p, &d.cuenta);
	dos_lados_show(&d, SCREEN_representantes, NULL);
	pantalla_says(&d.p, "Nadie actúa por este RFC. n nombra a alguien");
	/* Of nothing nothing can be shown: at 40 columns there is room for one hint. */
	assert_false(dos_lados_hinted(&d, "ver"));
	assert_int_equal(pantalla_key(&d.p, "x").kind, EFFECT_NONE);
	assert_int_equal(pantalla_key(&d.p, "a").kind, EFFECT_NONE);
	assert_int_equal(pantalla_key(&d.p, "n").screen, SCREEN_representante_nuevo);
	(void)pantalla_key(&d.p, "f");
	pantalla_says(&d.p, "Ningún RFC te ha dado acceso");
}

/* ---- one ---- */

/* All that is known of one that ended: who, when, its acuses. */
static void test_detail(void **state)
{
	(void)state;
	dos_lados_show(&d, SCREEN_representante, VIEJA);
	pantalla_says(&d.p, "Estado: terminada");
	pantalla_says(&d.p, "Representante: XEXX010101000");
	pantalla_says(&d.p, "Puede: Notificaciones: Leer");
	pantalla_says(&d.p, "Desde: mié 01/ene/2025 09:00");
	pantalla_says(&d.p, "Hasta: que se termine");
	pantalla_says(&d.p, "Origen: el padrón del Instituto");
	pantalla_says(&d.p, "Terminó: lun 30/jun/2025 10:00");
	pantalla_says(&d.p, "la terminó FÑA010203AB1");
	pantalla_says(&d.p, "BI-20250630-100000004");
	assert_false(dos_lados_hinted(&d, "terminar"));
	assert_false(dos_lados_hinted(&d, "aceptar"));
	assert_int_equal(pantalla_key(&d.p, "x").kind, EFFECT_NONE);
	dos_lados_status_says(&d, "Ya no está en vigor");
	/* The newest acuse; it is one's own Buzón. */
	struct effect e = pantalla_key(&d.p, "a");

	assert_int_equal(e.screen, SCREEN_acuse);
	assert_string_equal(e.folio, "BI-20250630-100000004");
	assert_null(e.de);
	pantalla_close(&d.p);
	dos_lados_show(&d, SCREEN_representante, "BI-00000000-000000000");
	pantalla_says(&d.p, err_sentence(ERR_NOT_FOUND));
}

/* To work for that RFC: the lines of a profile, to be copied; none where there is one already. */
static void test_profile_lines(void **state)
{
	static const char lines[] = "[perfil penj800101ab1]\nrfc = " CLIENTE
				    "\ncalidad = representante\ncertificado = /e/fna.cer\n"
				    "llave = /e/fna.key\nservidor = https://buzon.prueba\n";

	(void)state;
	/* Not before it is accepted. */
	dos_lados_show(&d, SCREEN_representante, PROPUESTA);
	pantalla_hides(&d.p, "calidad = representante");
	d.recibidas[0].aceptada = zc("2026-11-12 11:55");
	d.recibidas[0].acuse_aceptacion = "BI-20261112-115500005";
	pantalla_cuenta(&d.p, &d.cuenta);
	pantalla_says(&d.p, "[perfil penj800101ab1]");
	struct effect e = pantalla_key(&d.p, "y");

	assert_int_equal(e.kind, EFFECT_COPY);
	assert_string_equal(e.text, lines);
	/* Of another's Buzón it is asked for as their representative. */
	e = pantalla_key(&d.p, "a");
	assert_string_equal(e.folio, "BI-20261112-115500005");
	assert_string_equal(e.de, CLIENTE);
	dos_lados_side_by_side(&d, CLIENTE, "representante");
	pantalla_hides(&d.p, "calidad = representante");
	pantalla_says(&d.p, "P, perfil «otro»");
	/* That client's own profile is not one of ours. */
	dos_lados_side_by_side(&d, CLIENTE, "propio");
	pantalla_says(&d.p, "calidad = representante");
}

/* ---- who acts for another ---- */

/* What a level does not reach is said before, and whom to ask; it is not offered. */
static void test_reach(void **state)
{
	(void)state;
	pantalla_aviso(&d.p, "BI-20261111-101500114", "2026-11-11 10:15", 15);
	dos_lados_represent(&d, "preparar");
	dos_lados_show(&d, SCREEN_efecto, "BI-20261111-101500114");
	pantalla_says(&d.p, "no llega a abrirla (llega a: Preparar). Pide a FÑA010203AB1");
	assert_false(dos_lados_hinted(&d, "abrir con e.firma"));
	assert_int_equal(pantalla_key(&d.p, "Enter").kind, EFFECT_NONE);
	dos_lados_represent(&d, "abrir");
	pantalla_hides(&d.p, "no llega a abrirla");
	assert_true(dos_lados_hinted(&d, "abrir con e.firma"));
	assert_int_equal(pantalla_key(&d.p, "Enter").screen, SCREEN_firmar);
	pantalla_close(&d.p);
	/* Naming others is the titular's alone. */
	dos_lados_show(&d, SCREEN_representantes, NULL);
	assert_false(dos_lados_hinted(&d, "nombrar"));
	assert_int_equal(pantalla_key(&d.p, "n").kind, EFFECT_NONE);
	dos_lados_status_says(&d, "Sólo el titular nombra representantes");
}

/* Whatever leads to the dialogue: an act out of reach is closed as it opens, with whom to ask. */
static void test_reach_of_acts(void **state)
{
	static const struct {
		struct acto acto;
		enum err err;
	} acts[] = {
		{{.route = ROUTE_ID_medio_baja, .folio = "BI-1"}, ERR_NO_SCOPE},
		{{.route = ROUTE_ID_activar}, ERR_NO_SCOPE},
		{{.route = ROUTE_ID_representante_alta, .representante = CONTADOR}, ERR_NOT_YOURS},
	};

	(void)state;
	dos_lados_represent(&d, "firmar");
	for (size_t i = 0; i < COUNT_OF(acts); i++) {
		struct effect from = effect_to(EFFECT_OPEN, SCREEN_firmar, NULL);

		from.acto = &acts[i].acto;
		pantalla_open(&d.p, &from);
		pantalla_says(&d.p, err_sentence(acts[i].err));
		pantalla_says(&d.p, "Su titular: FÑA010203AB1");
		assert_string_equal(dos_lados_button(&d, 1), "");
		pantalla_close(&d.p);
	}
}

/* Inicio says who is waited for, and for whom one acts. */
static void test_inicio(void **state)
{
	(void)state;
	dos_lados_show(&d, SCREEN_inicio, NULL);
	pantalla_says(&d.p, CLIENTE " te nombró su representante: falta tu firma");
	/* One of the two is over. */
	pantalla_says(&d.p, "Representantes: 1; RFC que te dieron acceso, 1 (R)");
	dos_lados_show(&d, SCREEN_representante, DADA);
	assert_int_equal(pantalla_key(&d.p, "B").kind, EFFECT_LOCK);
	dos_lados_show(&d, SCREEN_inicio, NULL);
	d.p.now = zc("2026-11-12 12:20:00.001");
	pantalla_hides(&d.p, "falta tu firma");
	dos_lados_represent(&d, "leer");
	pantalla_says(&d.p, "En nombre de: FÑA010203AB1; puedes: Notificaciones: Leer");
	dos_lados_represent(&d, NULL);
	pantalla_says(&d.p, "puedes: nada ahora");
}

/* ---- as it is seen ---- */

static void test_seen(void **state)
{
	static const char *const wide[] = {
		"  RFC que te dieron acceso: 1",
		CLIENTE " te nombró: falta tu firma, antes del jue 12/nov/2026 12:20",
		"  RFC            Titular          Puedes               Hasta        Estado",
		"▸ " CLIENTE "  JOSÉ PEÑA ÑANDÚ  Notificaciones: Fi…               por aceptar",
		NULL,
	};
	static const char *const small[] = {
		"  RFC que te dieron acceso: 1",
		CLIENTE " te nombró: falta tu firma,",
		"antes del jue 12/nov/2026 12:20",
		"  RFC            Estado",
		"▸ " CLIENTE "  por aceptar",
		NULL,
	};
	/* What waits for a signature comes before the rest, which is below the fold. */
	static const char *const one[] = {
		"  Representación",
		"Falta tu firma, antes del jue",
		NULL,
	};
	static const char *const form[] = {
		"  Nuevo representante",
		"Leer y Preparar no abren nada y basta tu",
		NULL,
	};
	const struct effect list = effect_to(EFFECT_OPEN, SCREEN_representantes, NULL);
	const struct effect detail = effect_to(EFFECT_OPEN, SCREEN_representante, PROPUESTA);
	const struct effect fresh = effect_to(EFFECT_OPEN, SCREEN_representante_nuevo, NULL);

	(void)state;
	pantalla_rows_are(&d.p, &list, pantalla_color, 24, 80, wide);
	pantalla_rows_are(&d.p, &list, pantalla_mono, 10, 40, small);
	pantalla_rows_are(&d.p, &detail, pantalla_mono, 10, 40, one);
	pantalla_rows_are(&d.p, &fresh, pantalla_color, 10, 40, form);
}

static void test_no_memory(void **state)
{
	static const struct {
		enum screen screen;
		const char *folio;
	} screens[] = {
		{SCREEN_representantes, NULL},
		{SCREEN_representante, PROPUESTA},
		{SCREEN_representante, VIEJA},
		{SCREEN_representante_nuevo, NULL},
		{SCREEN_inicio, NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(screens); i++) {
		dos_lados_show(&d, screens[i].screen, screens[i].folio);
		pantalla_no_memory(&d.p);
		pantalla_close(&d.p);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_lists),
		TEST(test_instants),
		TEST(test_thousand),
		TEST(test_nobody),
		TEST(test_detail),
		TEST(test_profile_lines),
		TEST(test_reach),
		TEST(test_reach_of_acts),
		TEST(test_inicio),
		TEST(test_seen),
		TEST(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
