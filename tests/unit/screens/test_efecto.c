/* The effect sheet at the worked cases of time (requirements.md), and what leads on from it. */
#include "tests/help/cm.h"
#include "tests/help/screens.h"

#define FOLIO "BI-20261109-101500114"

static void show(struct pantalla *p, const char *zona, const char *aviso, const char *now)
{
	struct effect from = effect_to(EFFECT_OPEN, SCREEN_efecto, FOLIO);

	pantalla_init(p, zona, now);
	pantalla_aviso(p, FOLIO, aviso, 15);
	pantalla_open(p, &from);
	assert_int_equal(p->effect.kind, EFFECT_NONE);
}

static const char golden[] =
	"Antes de abrir\n"
	"Folio: BI-20261109-101500114\n"
	"Documento: Resolución de rectificación de la prima\n"
	"Oficio: 09 52 17/2026\n"
	"Firmado por: Ana Peña López, Titular de la Subdelegación\n"
	"\n"
	"Qué pasa si la abres, y qué pasa si no\n"
	"Si la abres ahora, quedas notificado hoy jue 12/nov/2026 17:52; si no la abres hoy, "
	"a más tardar a las 18:00, el vie "
	"13/nov/2026 09:30 (aviso del 09/nov; días hábiles 10, 11, 12; cuarto día 13).\n"
	"Si la abres ahora: surte efectos el vie 13/nov/2026; el plazo de 15 días hábiles correría "
	"del mar 17/nov/2026 al lun 07/dic/2026.\n"
	"  Fecha prudente: vie 04/dic/2026, por si el plazo se contara desde el día en que surte "
	"efectos.\n"
	"Si no la abres: surte efectos el mar 17/nov/2026; el plazo de 15 días hábiles correría "
	"del "
	"mié 18/nov/2026 al mar 08/dic/2026.\n"
	"  Fecha prudente: lun 07/dic/2026, por si el plazo se contara desde el día en que surte "
	"efectos.\n";

/* L-7.2, L-7.4, L-7.5, L-7.6, L-4.6: the first worked case, opened in the window, whole. */
static void test_opened_in_time(void **state)
{
	struct pantalla p;

	(void)state;
	show(&p, ZONA_CENTRO, "2026-11-09 10:15", "2026-11-12 17:52");
	const char *text = pantalla_text(&p);

	if (strncmp(text, golden, strlen(golden)) != 0)
		assert_string_equal(text, golden);
	pantalla_free(&p);
}

/* L-7.4, L-7.5: what skips a day is said, with its rule, from the aviso to the term's end. */
static void test_reasons(void **state)
{
	struct pantalla p;

	(void)state;
	show(&p, ZONA_CENTRO, "2026-11-09 10:15", "2026-11-12 17:52");
	pantalla_hides(&p, "tercer lunes de noviembre");
	struct effect e = pantalla_key(&p, "p");

	assert_int_equal(e.kind, EFFECT_OPEN);
	assert_int_equal(e.screen, SCREEN_razones);
	assert_string_equal(e.folio, FOLIO);
	pantalla_open(&p, &(struct effect){.screen = SCREEN_razones, .folio = FOLIO});
	pantalla_says(&p, "Si la abres ahora");
	pantalla_says(&p, "Si no la abres");
	pantalla_says(&p, "[Lineamientos 7.4]");
	pantalla_says(&p, "[Lineamientos 7.5]");
	pantalla_says(&p, "[CFF 135]");
	pantalla_says(&p, "CFF 12: tercer lunes de noviembre");
	pantalla_says(&p, "no cuentan el sáb 05/dic/2026 ni el dom 06/dic/2026: fin de semana");
	pantalla_hides(&p, "12/dic/2026");
	assert_int_equal(pantalla_key(&p, "p").kind, EFFECT_BACK);
	assert_int_equal(pantalla_key(&p, "Esc").kind, EFFECT_BACK);
	pantalla_free(&p);
}

struct worked {
	const char *zona;
	const char *aviso;
	const char *now;
	const char *says[4];
};

/* L-7.2, L-7.3, L-7.4, L-7.5, L-7.6, L-5.8: the other rows of the table. */
static void test_worked_cases(void **state)
{
	static const struct worked rows[] = {
		{ZONA_CENTRO, "2026-11-09 10:15", "2026-11-12 18:00:01",
			{"Si la abres ahora o no la abres, es igual: quedas notificado el vie "
			 "13/nov/2026 09:30",
				"Abrirla ya no cambia la fecha", "fuera del horario",
				"del mié 18/nov/2026 al mar 08/dic/2026"}},
		{ZONA_CENTRO, "2026-11-09 10:15", "2026-11-12 18:00:00",
			{"quedas notificado hoy jue 12/nov/2026 18:00"}},
		{ZONA_CENTRO, "2026-11-09 10:15", "2026-11-10 07:00",
			{"quedas notificado el mié 11/nov/2026 09:30; si no la abres a tiempo, el "
			 "vie "
			 "13/nov/2026 09:30",
				"fuera del horario"}},
		{ZONA_CENTRO, "2026-11-09 10:15", "2026-11-13 08:00",
			{"quedas notificado el vie 13/nov/2026 09:30",
				"Abrirla ya no cambia la fecha"}},
		{ZONA_CENTRO, "2026-11-09 10:15", "2026-11-13 10:00",
			{"Ya quedaste notificado el vie 13/nov/2026 09:30",
				"Ya no hay nada que abrir ni que firmar",
				"Plazo para responder: surte"}},
		{ZONA_CENTRO, "2026-11-10 17:59", "2026-11-11 12:00",
			{"el mar 17/nov/2026 09:30 (aviso del 10/nov; días hábiles 11, 12, 13; "
			 "cuarto "
			 "día 17)"}},
		{ZONA_CENTRO, "2026-11-13 18:00:00", "2026-11-17 12:00",
			{"el vie 20/nov/2026 09:30 (aviso del 13/nov; días hábiles 17, 18, 19"}},
		{ZONA_CENTRO, "2026-11-13 18:00:01", "2026-11-17 12:00",
			{"el lun 23/nov/2026 09:30 (aviso del 17/nov; días hábiles 18, 19, 20"}},
		{"America/Tijuana", "2026-11-23 10:00", "2026-11-24 18:30",
			{"quedas notificado el mié 25/nov/2026 09:30 (en tu domicilio mié "
			 "25/nov/2026 07:30, America/Tijuana)",
				"ahora son las mar 24/nov/2026 18:30 (en tu domicilio mar "
				"24/nov/2026 16:30"}},
		{"America/Cancun", "2026-11-23 10:00", "2026-11-24 17:30",
			{"quedas notificado hoy mar 24/nov/2026 17:30 (en tu domicilio mar "
			 "24/nov/2026 18:30, America/Cancun)"}},
		{ZONA_CENTRO, "2026-12-23 10:00", "2026-12-30 10:00",
			{"Ya quedaste notificado el mié 30/dic/2026 09:30",
				"días hábiles 24, 28, 29; cuarto día 30",
				"surte efectos el jue 31/dic/2026",
				"corre del lun 04/ene/2027 al vie 22/ene/2027"}},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct pantalla p;

		show(&p, rows[i].zona, rows[i].aviso, rows[i].now);
		for (size_t k = 0; k < 4 && rows[i].says[k] != NULL; k++)
			pantalla_says(&p, rows[i].says[k]);
		pantalla_free(&p);
	}
}

/* L-7.6: what is signed is the date that was shown; looking serves nothing. */
static void test_leads_to_signing(void **state)
{
	struct pantalla p;

	(void)state;
	show(&p, ZONA_CENTRO, "2026-11-09 10:15", "2026-11-10 07:00");
	struct effect e = pantalla_key(&p, "Enter");

	assert_int_equal(e.kind, EFFECT_OPEN);
	assert_int_equal(e.screen, SCREEN_firmar);
	assert_string_equal(e.folio, FOLIO);
	assert_string_equal(e.acto->fecha, "2026-11-11");
	assert_int_equal(pantalla_key(&p, "Esc").kind, EFFECT_BACK);
	assert_int_equal(pantalla_key(&p, "q").kind, EFFECT_BACK);
	pantalla_free(&p);
}

/* Signed already and on its way: said, and never signed twice. */
static void test_never_twice(void **state)
{
	struct pantalla p;

	(void)state;
	show(&p, ZONA_CENTRO, "2026-11-09 10:15", "2026-11-12 17:52");
	p.m.actos[0] = (struct model_acto){.route = ROUTE_ID_notificacion_abrir,
		.clave = FOLIO,
		.cuando = zc("2026-11-12 18:00")};
	p.m.acto_count = 1;
	pantalla_says(&p, "Ya firmaste su apertura");
	pantalla_says(&p, "hasta el jue 12/nov/2026 18:00");
	assert_int_equal(pantalla_key(&p, "Enter").kind, EFFECT_NONE);
	p.m.actos[0].err = ERR_EXPIRED_ACT; /* refused: it may be signed again */
	pantalla_hides(&p, "Ya firmaste");
	assert_int_equal(pantalla_key(&p, "Enter").kind, EFFECT_OPEN);
	pantalla_free(&p);
}

/* What lies beyond the calendar is said, not guessed, and can't be signed. */
static void test_no_calendar(void **state)
{
	struct pantalla p;

	(void)state;
	show(&p, ZONA_CENTRO, "2026-11-09 10:15", "2026-11-10 12:00");
	p.m.calendario.hasta = dia("2026-11-12");
	pantalla_says(&p, err_sentence(ERR_HORIZON));
	pantalla_says(&p, "Según el servidor, si no la abres quedas notificado el vie 13/nov/2026");
	assert_int_equal(pantalla_key(&p, "Enter").kind, EFFECT_NONE);
	pantalla_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_opened_in_time),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_worked_cases),
		cmocka_unit_test(test_leads_to_signing),
		cmocka_unit_test(test_never_twice),
		cmocka_unit_test(test_no_calendar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
