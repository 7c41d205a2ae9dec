/*
 * Calendario (R-2, L-7.4, L-7.5, L-4.6): a month as a grid, the agenda of what is due when, why
 * each date, what moved, what nobody knows yet; of one profile and of all; as an .ics file.
 */
#include <stdio.h>
#include "screens/citas.h"
#include "screens/mes.h"
#include "tests/help/cm.h"
#include "tests/help/copia.h"
#include "tests/help/screens.h"

static struct m_obligacion obligaciones[] = {
	{.fecha = "2026-11-17",
		.vence = "2026-11-17",
		.nombre = "Pago de cuotas obrero-patronales",
		.periodo = "10-2026",
		.fundamento = "LSS 39"},
	{.fecha = "2026-11-01",
		.vence = "2026-11-03",
		.nombre = "Aviso de obra",
		.fundamento = "LSS 15",
		.prorroga = "CFF 12: el día es inhábil"},
};

static void published(struct pantalla *p, int64_t vacaciones)
{
	struct m_calendario c = calendar_message(&p->arena);
	struct m_sincronizado s = {.cursor = "c8", .calendario = &c};

	c.vacaciones_hasta = vacaciones;
	c.fuente = "Acuerdo de prueba";
	c.obligaciones = obligaciones;
	c.obligaciones_count = COUNT_OF(obligaciones);
	assert_int_equal(local_take_sincronizado(p->local, &s, p->now), OK);
	model_refresh(&p->m);
}

static void start(struct pantalla *p)
{
	struct effect from = effect_to(EFFECT_OPEN, SCREEN_calendario, NULL);

	pantalla_init(p, ZONA_CENTRO, "2026-11-12 17:52");
	published(p, 2026);
	pantalla_aviso(p, "BI-B", "2026-11-09 10:15", 15); /* 10, 11, 12; 13 Nov 09:30 */
	pantalla_notificada(
		p, "BI-D", "2026-10-21 10:00", "2026-10-22 12:00", 15, "AC-D"); /* to 13 Nov */
	pantalla_open(p, &from);
}

static struct page_row row_at(struct pantalla *p, size_t index)
{
	struct page page = pantalla_page(p);
	struct page_row row;

	assert_int_equal(page.list.row(page.list.context, &p->arena, index, &row), OK);
	return row;
}

static struct effect command(struct pantalla *p, enum action action, const char *value)
{
	return pantalla_event(
		p, (struct event){.kind = EVENT_ACTION, .action = action, .value = value});
}

static const char *cell(struct pantalla *p, const char *column)
{
	return pantalla_cell(p, pantalla_page(p).list.selected, column);
}

/* ---- the month ---- */

static void test_months(void **state)
{
	int32_t first, last;

	(void)state;
	mes_de(dia("2028-02-10"), &first, &last);
	assert_int_equal(first, dia("2028-02-01"));
	assert_int_equal(last, dia("2028-02-29"));
	mes_de(dia("2026-12-31"), &first, &last);
	assert_int_equal(last, dia("2026-12-31"));
	assert_int_equal(mes_semanas(dia("2026-11-12")), 6); /* Sunday 1st .. Monday 30th */
	assert_int_equal(mes_semanas(dia("2027-02-12")), 4); /* Monday 1st .. Sunday 28th */
	assert_int_equal(mes_semana(dia("2026-11-01")), 0);
	assert_int_equal(mes_semana(dia("2026-11-02")), 1);
	assert_int_equal(mes_en_semana(dia("2026-11-12"), 0), dia("2026-11-01"));
	assert_int_equal(mes_en_semana(dia("2026-11-12"), 5), dia("2026-11-30"));
	assert_int_equal(mes_en_semana(dia("2026-11-12"), 1), dia("2026-11-05"));
	assert_int_equal(mes_sumar(dia("2026-01-31"), 1), dia("2026-02-28"));
	assert_int_equal(mes_sumar(dia("2026-01-31"), -1), dia("2025-12-31"));
	assert_int_equal(mes_sumar(dia("2026-12-15"), 1), dia("2027-01-15"));
	/* Days before 1970 have weekdays, too. */
	assert_int_equal(mes_semanas(dia("1969-12-31")), 5);
}

static void test_grid(void **state)
{
	struct pantalla p;

	(void)state;
	start(&p);
	assert_string_equal(pantalla_page(&p).title, "Calendario · noviembre 2026");
	assert_int_equal(pantalla_page(&p).list.row_count, 6);
	assert_int_equal(pantalla_page(&p).list.selected, 2);
	assert_string_equal(row_at(&p, 0).cells[0], "                                1  ");
	assert_string_equal(row_at(&p, 1).cells[0], "  2    3+   4    5    6    7    8  ");
	assert_string_equal(row_at(&p, 2).cells[0], "  9   10   11  [12*] 13*  14   15  ");
	assert_string_equal(row_at(&p, 3).cells[0], " 16x  17+  18   19   20   21   22  ");
	assert_string_equal(
		pantalla_page(&p).status, "jue 12/nov/2026: 2 por vencer; Enter los muestra");
	assert_non_null(strstr(row_at(&p, 3).cells[1], "16 CFF 12: tercer lunes de noviembre"));
	assert_non_null(strstr(row_at(&p, 3).cells[1], "17 Pago de cuotas"));
	/* All of it in 35 cells, as wide as the titles. */
	assert_true(strlen(row_at(&p, 2).cells[0]) == MES_CELDAS);
	pantalla_no_memory(&p);
	pantalla_free(&p);
}

static void test_moving(void **state)
{
	struct pantalla p;

	(void)state;
	start(&p);
	(void)pantalla_key(&p, "Right");
	assert_non_null(strstr(pantalla_page(&p).status, "vie 13/nov/2026"));
	(void)pantalla_key(&p, "l");
	(void)pantalla_key(&p, "l");
	(void)pantalla_key(&p, "l");
	assert_string_equal(pantalla_page(&p).status,
		"lun 16/nov/2026: CFF 12: tercer lunes de noviembre (20 de noviembre)");
	(void)pantalla_event(&p, (struct event){.kind = EVENT_MOVED, .index = 5});
	assert_non_null(strstr(pantalla_page(&p).status, "lun 30/nov/2026"));
	(void)pantalla_key(&p, "l");
	assert_string_equal(pantalla_page(&p).title, "Calendario · diciembre 2026");
	(void)pantalla_key(&p, "Left");
	(void)pantalla_key(&p, "<");
	assert_string_equal(pantalla_page(&p).title, "Calendario · octubre 2026");
	(void)pantalla_key(&p, ".");
	assert_non_null(strstr(pantalla_page(&p).status, "jue 12/nov/2026"));
	assert_int_equal(pantalla_key(&p, "e").kind, EFFECT_PROMPT);
	(void)pantalla_event(&p, (struct event){.kind = EVENT_ENTERED, .value = "1/dic/2030"});
	assert_string_equal(pantalla_page(&p).title, "Calendario · diciembre 2030");
	(void)command(&p, ACTION_go_date, "ayer");
	assert_non_null(strstr(pantalla_page(&p).status, "No es una fecha"));
	assert_int_equal(pantalla_key(&p, "Esc").kind, EFFECT_BACK);
	pantalla_free(&p);
}

/* What nobody knows yet is said, not guessed. */
static void test_unknown(void **state)
{
	struct pantalla p;

	(void)state;
	start(&p);
	pantalla_hides(&p, "sin publicar");
	(void)command(&p, ACTION_go_date, "2027-03-01");
	pantalla_says(&p, "Vacaciones de 2027: sin publicar");
	(void)pantalla_key(&p, "p");
	pantalla_says(&p, "las fechas de ese año pueden moverse");
	(void)pantalla_key(&p, "p");
	(void)command(&p, ACTION_go_date, "2031-01-10");
	pantalla_says(&p, "El calendario publicado llega al mar 31/dic/2030");
	assert_string_equal(
		pantalla_page(&p).status, "vie 10/ene/2031: sin calendario para ese día");
	(void)pantalla_key(&p, "p");
	pantalla_says(&p, "no llega a ese día");
	(void)pantalla_key(&p, "Esc");
	(void)pantalla_key(&p, ".");
	(void)pantalla_key(&p, "v");
	pantalla_says(&p, "Vacaciones de 2027 en adelante sin publicar");
	pantalla_free(&p);
	struct effect from = effect_to(EFFECT_OPEN, SCREEN_calendario, NULL);

	pantalla_init(&p, ZONA_CENTRO, "2026-11-12 17:52");
	p.m.calendario.hasta = 0;
	pantalla_open(&p, &from);
	pantalla_says(&p, "Todavía no se recibe el calendario");
	pantalla_free(&p);
}

/* ---- the agenda ---- */

/* "12 13 17": the days of its rows. */
static const char *rows_are(struct pantalla *p)
{
	size_t count = pantalla_page(p).list.row_count;
	const char *all = "";

	for (size_t i = 0; i < count; i++)
		all = arena_printf(
			&p->arena, "%s%s|%s\n", all, row_at(p, i).cells[0], row_at(p, i).cells[1]);
	return all;
}

static void test_agenda(void **state)
{
	struct pantalla p;

	(void)state;
	start(&p);
	(void)pantalla_key(&p, "v");
	assert_string_equal(pantalla_page(&p).title, "Agenda desde el jue 12/nov/2026");
	assert_string_equal(rows_are(&p),
		"HOY 23:59|Abrir, último día: Resolución de rectificación de la prima\n"
		"HOY 23:59|Responder, prudente: Resolución de rectificación de la prima\n"
		"MAÑANA 09:30|Se notifica: Resolución de rectificación de la prima\n"
		"MAÑANA 23:59|Responder, último día: Resolución de rectificación de la prima\n"
		"mar 17/nov 23:59|Pago de cuotas obrero-patronales (10-2026)\n");
	assert_string_equal(pantalla_cell(&p, 0, "folio"), "BI-B");
	assert_string_equal(pantalla_cell(&p, 4, "folio"), "");
	struct effect e = pantalla_key(&p, "Enter");

	assert_int_equal(e.kind, EFFECT_OPEN);
	assert_int_equal(e.screen, SCREEN_efecto);
	assert_string_equal(e.folio, "BI-B");
	e = pantalla_key(&p, "p");
	assert_int_equal(e.screen, SCREEN_razones);
	(void)pantalla_event(&p, (struct event){.kind = EVENT_MOVED, .index = 3});
	e = pantalla_key(&p, "Enter");
	assert_int_equal(e.screen, SCREEN_ficha);
	assert_string_equal(e.folio, "BI-D");
	/* What comes does not move the cursor off its row. */
	pantalla_aviso(&p, "BI-0", "2026-11-10 12:00", 0);
	(void)pantalla_event(&p, (struct event){.kind = EVENT_CHANGED_MODEL});
	assert_string_equal(cell(&p, "folio"), "BI-D");
	assert_int_equal(pantalla_page(&p).list.row_count, 7);
	pantalla_no_memory(&p);
	pantalla_free(&p);
}

static void test_reasons(void **state)
{
	struct pantalla p;

	(void)state;
	start(&p);
	(void)command(&p, ACTION_go_date, "2026-11-03");
	(void)pantalla_key(&p, "p");
	pantalla_says(&p, "día hábil");
	pantalla_says(&p, "Aviso de obra");
	pantalla_says(&p, "Según su regla: dom 01/nov/2026");
	pantalla_says(&p, "CFF 12: el día es inhábil");
	pantalla_says(&p, "dom 01/nov/2026: domingo");
	pantalla_no_memory(&p);
	assert_int_equal(pantalla_key(&p, "Esc").kind, EFFECT_NONE);
	assert_int_equal(pantalla_page(&p).kind, PAGE_LIST);
	(void)command(&p, ACTION_go_date, "2026-11-16");
	(void)pantalla_key(&p, "p");
	pantalla_says(&p, "día inhábil");
	pantalla_says(&p, "CFF 12: tercer lunes de noviembre");
	(void)pantalla_key(&p, "p");
	(void)command(&p, ACTION_go_date, "2026-11-17");
	(void)pantalla_key(&p, "v");
	(void)pantalla_key(&p, "p");
	pantalla_says(&p, "Fundamento: LSS 39");
	pantalla_hides(&p, "Según su regla");
	pantalla_free(&p);
}

/* A calendar that was published later moved it. */
static void test_moved(void **state)
{
	struct pantalla p;

	(void)state;
	start(&p);
	struct m_notificacion n = notice(&p.arena, "BI-M", "2026-11-18 10:00", 0);

	n.vence_antes = n.vence - 86400000;
	n.cambio = "Acuerdo de prueba";
	n.cambio_desde = p.now;
	struct m_sincronizado s = {.cursor = "c9", .notificaciones = &n, .notificaciones_count = 1};

	assert_int_equal(local_take_sincronizado(p.local, &s, p.now), OK);
	model_refresh(&p.m);
	(void)command(&p, ACTION_go_date, "2026-11-24");
	(void)command(&p, ACTION_calendar_view, "agenda");
	assert_non_null(strstr(rows_are(&p), "Se notifica (antes 23/nov/2026): "));
	(void)command(&p, ACTION_calendar_view, "mes");
	assert_string_equal(pantalla_page(&p).status,
		"mar 24/nov/2026: Se notifica (antes 23/nov/2026): Resolución de "
		"rectificación de la prima");
	(void)pantalla_key(&p, "p");
	pantalla_says(&p, "vencía el lun 23/nov/2026: Acuerdo de prueba");
	pantalla_free(&p);
}

/* ---- all profiles ---- */

static void test_all_profiles(void **state)
{
	struct pantalla p;
	struct pantalla other;

	(void)state;
	start(&p);
	pantalla_init(&other, ZONA_CENTRO, "2026-11-12 17:52");
	published(&other, 2026);
	pantalla_aviso(&other, "BI-Z", "2026-11-10 12:00", 0);
	struct mundo_perfil rows[] = {
		{.nombre = "ferretería", .rfc = "FÑA010203AB1", .model = &p.m},
		{.nombre = "panadería", .rfc = "PAN010203AB1", .model = &other.m},
		{.nombre = "cerrado", .rfc = "CER010203AB1"},
	};
	struct mundo w = {.perfiles = rows, .count = COUNT_OF(rows)};

	p.m.mundo = &w;
	(void)pantalla_key(&p, "v");
	assert_int_equal(pantalla_page(&p).list.row_count, 5);
	(void)pantalla_key(&p, "a");
	assert_string_equal(pantalla_page(&p).title, "Agenda de todos desde el jue 12/nov/2026");
	/* Its obligations are everybody's: told once. */
	assert_int_equal(pantalla_page(&p).list.row_count, 7);
	pantalla_says(&p, "Sin ver, por estar bloqueados: cerrado");
	pantalla_says(&p, "panadería");
	assert_string_equal(pantalla_cell(&p, 0, "perfil"), "ferretería");
	for (size_t i = 0; i < 7; i++)
		if (strcmp(pantalla_cell(&p, i, "folio"), "BI-Z") == 0)
			(void)pantalla_event(&p, (struct event){.kind = EVENT_MOVED, .index = i});
	struct effect e = pantalla_key(&p, "Enter");

	assert_int_equal(e.kind, EFFECT_PERFIL);
	assert_int_equal(e.perfil, 1);
	assert_string_equal(e.folio, "BI-Z");
	/* What is written to another's copy is seen without an event of it. */
	pantalla_aviso(&other, "BI-Y", "2026-11-10 12:00", 0);
	assert_int_equal(pantalla_page(&p).list.row_count, 9);
	p.m.mundo = NULL;
	pantalla_free(&other);
	pantalla_free(&p);
}

/* ---- as a file ---- */

static void test_file(void **state)
{
	struct pantalla p;

	(void)state;
	start(&p);
	struct effect e = pantalla_key(&p, "d");

	assert_int_equal(e.kind, EFFECT_SAVE);
	assert_int_equal(e.paper, PAPER_CALENDARIO);
	assert_string_equal(e.folio, "vence-2026-11-12");
	assert_non_null(strstr(e.text, "UID:BI-B.abrir."));
	assert_non_null(strstr(e.text, "UID:BI-B.lapso."));
	assert_non_null(strstr(e.text, "DTSTART:20261113T153000Z"));
	assert_non_null(strstr(e.text, "SUMMARY:Pago de cuotas obrero-patronales"));
	assert_null(strstr(e.text, "Aviso de obra")); /* past */
	const char *first = arena_strdup(&p.arena, strstr(e.text, "UID:BI-B.abrir."));

	/* The same thing has the same name tomorrow, and wherever it was moved. */
	p.now += 60000;
	e = pantalla_key(&p, "d");
	assert_memory_equal(strstr(e.text, "UID:BI-B.abrir."), first, strcspn(first, "\r"));
	(void)pantalla_event(&p, (struct event){.kind = EVENT_SAVED, .value = "/d/v.ics"});
	assert_string_equal(pantalla_page(&p).status, "Guardado: /d/v.ics");
	pantalla_free(&p);
}

/* More is due than fits: what was read is shown, and that there is more. */
static void test_many(void **state)
{
	enum { MANY = CITAS_FILAS + 50, TURN = 50 };
	struct m_notificacion rows[TURN];
	struct pantalla p;

	(void)state;
	start(&p);
	const struct m_notificacion like = notice(&p.arena, "X", "2026-11-11 12:00", 0);

	for (size_t i = 0; i < MANY; i += TURN) {
		for (size_t k = 0; k < TURN; k++) {
			rows[k] = like;
			rows[k].folio = arena_printf(&p.arena, "BJ-%05zu", i + k);
		}
		struct m_sincronizado s = {
			.cursor = "c", .notificaciones = rows, .notificaciones_count = TURN};

		assert_int_equal(local_take_sincronizado(p.local, &s, p.now), OK);
	}
	model_refresh(&p.m);
	pantalla_says(&p, "Hay más de 2000 por vencer");
	pantalla_free(&p);
}

/* There is no room for them beside the month: its help says what its signs are, no other does. */
static void test_signs(void **state)
{
	struct effect from = {.kind = EFFECT_OPEN, .screen = SCREEN_ayuda, .of = SCREEN_calendario};
	struct pantalla p;

	(void)state;
	pantalla_init(&p, ZONA_CENTRO, "2026-11-12 17:52");
	pantalla_open(&p, &from);
	pantalla_says(&p, "\n*: vence algo de una notificación");
	pantalla_says(&p, "\n+: vence una obligación");
	pantalla_says(&p, "\nx: día inhábil");
	from.of = SCREEN_notificaciones;
	pantalla_free(&p);
	pantalla_init(&p, ZONA_CENTRO, "2026-11-12 17:52");
	pantalla_open(&p, &from);
	pantalla_hides(&p, "Signos del mes");
	pantalla_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_months),
		cmocka_unit_test(test_grid),
		cmocka_unit_test(test_moving),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_agenda),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_moved),
		cmocka_unit_test(test_all_profiles),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_signs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
