/* Inicio, Mis notificaciones, the status line, and the help made from the table. */
#include <stdio.h>
#include "tests/help/cm.h"
#include "tests/help/screens.h"

static void open_screen(struct pantalla *p, enum screen screen)
{
	struct effect from = effect_to(EFFECT_OPEN, screen, NULL);

	pantalla_open(p, &from);
}

/* announced 90, 30 and 7 days before, and what a lapse means. */
static void test_efirma_expiry(void **state)
{
	static const struct {
		const char *to;
		const char *says;
		enum page_style style;
	} rows[] = {
		{"2026-11-12 11:59", "VENCIÓ: no puedes firmar", PAGE_URGENT},
		{"2026-11-19 12:00", "vence en 7 días: renuévala YA", PAGE_URGENT},
		{"2026-11-20 12:00", "vence en 8 días: renuévala en el SAT mientras", PAGE_WARNING},
		{"2026-12-12 12:00", "vence en 30 días: renuévala en el SAT mientras",
			PAGE_WARNING},
		{"2026-12-13 12:00", "vence en 31 días: prepara", PAGE_WARNING},
		{"2027-02-10 12:00", "vence en 90 días: prepara", PAGE_WARNING},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct pantalla p;
		bool found = false;

		pantalla_init(&p, ZONA_CENTRO, "2026-11-12 12:00");
		pantalla_efirma(&p, true, "2024-01-01 00:00", rows[i].to);
		open_screen(&p, SCREEN_inicio);
		pantalla_says(&p, rows[i].says);
		struct page page = pantalla_page(&p);

		for (size_t k = 0; k < page.text.count; k++)
			if (strstr(page.text.paragraphs[k].text, rows[i].says) != NULL)
				found = page.text.paragraphs[k].style == rows[i].style;
		assert_true(found);
		pantalla_free(&p);
	}
	struct pantalla p;

	pantalla_init(&p, ZONA_CENTRO, "2026-11-12 12:00");
	pantalla_efirma(&p, true, "2024-01-01 00:00", "2027-02-11 12:00");
	open_screen(&p, SCREEN_inicio);
	pantalla_hides(&p, "vence en");
	pantalla_free(&p);
}

/* The copy that is not kept is said with the reason; one under an old e.firma, with what to do. */
static void test_copy(void **state)
{
	struct pantalla p;

	(void)state;
	pantalla_init(&p, ZONA_CENTRO, "2026-11-12 12:00");
	open_screen(&p, SCREEN_inicio);
	pantalla_hides(&p, "copia local");
	p.m.copia.err = ERR_DISK_FULL;
	pantalla_says(&p, "La copia local no se guarda: El disco está lleno");
	pantalla_says(&p, "sigue en memoria");
	pantalla_hides(&p, "buzon-tui renovar");
	p.m.copia = (struct model_copia){.otras = 1};
	pantalla_hides(&p, "no se guarda");
	pantalla_says(&p, "Hay una copia local de otro certificado");
	pantalla_says(&p, "Si renovaste tu e.firma");
	pantalla_says(&p, "buzon-tui renovar");
	p.m.copia.otras = 2;
	pantalla_says(&p, "Hay copias locales de otros certificados");
	pantalla_free(&p);
}

static void many(struct pantalla *p)
{
	pantalla_aviso(p, "BI-A", "2026-11-10 12:00", 15); /* 17 Nov */
	pantalla_aviso(p, "BI-B", "2026-11-09 10:15", 15); /* 13 Nov */
	pantalla_notificada(
		p, "BI-C", "2026-10-19 10:00", "2026-10-20 12:00", 15, "AC-C"); /* 11 Nov: past */
	pantalla_notificada(
		p, "BI-D", "2026-10-21 10:00", "2026-10-22 12:00", 15, "AC-D"); /* 13 Nov */
	pantalla_notificada(p, "BI-E", "2026-10-12 10:00", NULL, 0, "AC-E");
}

static const char *folio_at(struct pantalla *p, size_t index)
{
	struct page page = pantalla_page(p);
	struct page_row row;

	assert_int_equal(page.kind, PAGE_LIST);
	assert_true(index < page.list.row_count);
	assert_int_equal(page.list.row(page.list.context, &p->arena, index, &row), OK);
	return row.cells[1];
}

static const char *cell(struct pantalla *p, size_t index, size_t column)
{
	struct page page = pantalla_page(p);
	struct page_row row;

	assert_int_equal(page.list.row(page.list.context, &p->arena, index, &row), OK);
	return row.cells[column];
}

/* L-7.3, L-7.5: what is due first is on top; the term of a notified one is due too. */
static void test_order(void **state)
{
	static const char *const order[] = {"BI-B", "BI-D", "BI-A", "BI-C", "BI-E"};
	struct pantalla p;

	(void)state;
	pantalla_init(&p, ZONA_CENTRO, "2026-11-12 17:52");
	many(&p);
	open_screen(&p, SCREEN_notificaciones);
	for (size_t i = 0; i < COUNT_OF(order); i++)
		assert_string_equal(folio_at(&p, i), order[i]);
	assert_string_equal(cell(&p, 0, 0), "MAÑANA 09:30");
	assert_string_equal(cell(&p, 1, 0), "MAÑANA 23:59");
	assert_string_equal(cell(&p, 2, 0), "mar 17/nov 09:30");
	assert_string_equal(cell(&p, 3, 0), "");
	assert_string_equal(cell(&p, 0, 3), "por abrir");
	assert_string_equal(cell(&p, 1, 3), "notificada");
	pantalla_at(&p, "2026-11-13 08:00");
	assert_string_equal(cell(&p, 0, 0), "HOY 09:30");
	pantalla_at(&p, "2026-11-14 08:00");
	assert_string_equal(folio_at(&p, 0), "BI-A"); /* BI-D's term is over, BI-B lapsed */
	assert_string_equal(folio_at(&p, 1), "BI-B");
	assert_string_equal(cell(&p, 1, 3), "por plazo, leer");
	assert_string_equal(folio_at(&p, 2), "BI-D"); /* the last notified comes first */
	pantalla_free(&p);
}

/* A synchronisation never moves the cursor: it stays on its folio. */
static void test_cursor_stays(void **state)
{
	struct pantalla p;

	(void)state;
	pantalla_init(&p, ZONA_CENTRO, "2026-11-12 17:52");
	many(&p);
	open_screen(&p, SCREEN_notificaciones);
	(void)pantalla_event(&p, (struct event){.kind = EVENT_MOVED, .index = 2});
	assert_int_equal(pantalla_page(&p).list.selected, 2);
	pantalla_aviso(&p, "BI-0", "2026-11-09 10:14", 15);
	(void)pantalla_event(&p, (struct event){.kind = EVENT_CHANGED_MODEL});
	assert_int_equal(pantalla_page(&p).list.selected, 3);
	assert_string_equal(folio_at(&p, 3), "BI-A");
	pantalla_notificada(&p, "BI-0", "2026-11-09 10:14", "2026-11-12 17:00", 0, "AC-0");
	assert_int_equal(pantalla_page(&p).list.row_count, 6); /* merged by folio */
	assert_int_equal(pantalla_page(&p).list.selected, 2);
	pantalla_free(&p);
}

/* Looking never serves: Enter asks for the sheet, or for a document that is notified already. */
static void test_enter(void **state)
{
	struct pantalla p;

	(void)state;
	pantalla_init(&p, ZONA_CENTRO, "2026-11-12 17:52");
	many(&p);
	open_screen(&p, SCREEN_notificaciones);
	struct effect e = pantalla_key(&p, "Enter");

	assert_int_equal(e.kind, EFFECT_OPEN);
	assert_int_equal(e.screen, SCREEN_efecto);
	assert_string_equal(e.folio, "BI-B");
	assert_int_equal(pantalla_key(&p, "a").kind, EFFECT_NONE);
	(void)pantalla_event(&p, (struct event){.kind = EVENT_MOVED, .index = 1});
	e = pantalla_key(&p, "Enter");
	assert_int_equal(e.screen, SCREEN_ficha);
	e = pantalla_key(&p, "a");
	assert_int_equal(e.screen, SCREEN_acuse);
	assert_string_equal(e.folio, "AC-D");
	(void)pantalla_event(&p, (struct event){.kind = EVENT_MOVED, .index = 4});
	assert_int_equal(
		pantalla_key(&p, "Enter").screen, SCREEN_ficha); /* by lapse: nothing to open */
	pantalla_free(&p);
}

/* `/` finds without accents or case, n and N go round. */
static void test_search(void **state)
{
	struct pantalla p;

	(void)state;
	pantalla_init(&p, ZONA_CENTRO, "2026-11-12 17:52");
	many(&p);
	open_screen(&p, SCREEN_notificaciones);
	assert_int_equal(pantalla_key(&p, "/").kind, EFFECT_PROMPT);
	(void)pantalla_event(&p, (struct event){.kind = EVENT_ENTERED, .value = "bi-a"});
	assert_int_equal(pantalla_page(&p).list.selected, 2);
	(void)pantalla_event(
		&p, (struct event){.kind = EVENT_ENTERED, .value = "RESOLUCION de rectificación"});
	assert_int_equal(pantalla_page(&p).list.selected, 2);
	(void)pantalla_key(&p, "n");
	assert_int_equal(pantalla_page(&p).list.selected, 3);
	(void)pantalla_key(&p, "N");
	(void)pantalla_key(&p, "N");
	assert_int_equal(pantalla_page(&p).list.selected, 1);
	(void)pantalla_event(&p, (struct event){.kind = EVENT_ENTERED, .value = "zzz"});
	assert_int_equal(pantalla_page(&p).list.selected, 1);
	assert_non_null(strstr(pantalla_page(&p).status, "No hay coincidencias"));
	pantalla_free(&p);
}

/* What is due comes first on Inicio too, with what happens otherwise. */
static void test_inicio(void **state)
{
	struct pantalla p;

	(void)state;
	pantalla_init(&p, ZONA_CENTRO, "2026-11-13 08:00");
	many(&p);
	open_screen(&p, SCREEN_inicio);
	pantalla_says(&p, "HOY vie 13/nov/2026 09:30 · si no la abres antes, quedas notificado");
	pantalla_says(&p, "HOY vie 13/nov/2026 · termina el plazo para responder");
	pantalla_says(&p, "2 por abrir, 5 en total");
	model_line(&p.m, ERR_NETWORK, zc("2026-11-13 07:59"));
	pantalla_says(&p, "Sin sincronizar desde vie 13/nov/2026 07:59: No hay conexión");
	pantalla_says(&p, "r reintenta ya");
	assert_int_equal(pantalla_key(&p, "r").kind, EFFECT_SYNC);
	struct effect e = pantalla_key(&p, "Enter");

	assert_int_equal(e.kind, EFFECT_MENU);
	assert_int_equal(e.screen, SCREEN_notificaciones);
	assert_int_equal(pantalla_key(&p, "q").kind, EFFECT_QUIT);
	pantalla_free(&p);
}

/* Acts on their way and acts refused for good are seen, with what to do. */
static void test_acts(void **state)
{
	struct pantalla p;

	(void)state;
	pantalla_init(&p, ZONA_CENTRO, "2026-11-12 17:52");
	many(&p);
	p.m.actos[0] = (struct model_acto){.route = ROUTE_ID_notificacion_abrir,
		.clave = "BI-B",
		.cuando = zc("2026-11-12 18:00")};
	p.m.actos[1] = (struct model_acto){.route = ROUTE_ID_notificacion_abrir,
		.clave = "BI-A",
		.err = ERR_EXPIRED_ACT,
		.cuando = zc("2026-11-11 18:00")};
	p.m.acto_count = 2;
	open_screen(&p, SCREEN_inicio);
	pantalla_says(&p, "Por enviar: apertura de BI-B, hasta el jue 12/nov/2026 18:00");
	pantalla_says(&p, "No se admitió: apertura de BI-A (mié 11/nov/2026 18:00). El acto "
			  "firmado venció");
	assert_int_equal(pantalla_key(&p, "x").kind, EFFECT_FORGET);
	pantalla_free(&p);
	pantalla_init(&p, ZONA_CENTRO, "2026-11-12 17:52");
	many(&p);
	p.m.actos[0] = (struct model_acto){
		.route = ROUTE_ID_notificacion_abrir, .clave = "BI-B", .cuando = p.now};
	p.m.acto_count = 1;
	open_screen(&p, SCREEN_notificaciones);
	assert_string_equal(cell(&p, 0, 3), "por enviar");
	pantalla_free(&p);
}

/* The last line says since when something is wrong, and what waits to be sent. */
static void test_status(void **state)
{
	struct pantalla p;

	(void)state;
	pantalla_init(&p, ZONA_CENTRO, "2026-11-12 17:52:04");
	assert_string_equal(model_estado(&p.arena, &p.m, p.now), "Sincronizado 17:52:04");
	p.m.por_enviar = 2;
	assert_string_equal(
		model_estado(&p.arena, &p.m, p.now), "Sincronizado 17:52:04 · 2 actos por enviar");
	p.m.por_enviar = 1;
	model_line(&p.m, ERR_TIMEOUT, zc("2026-11-12 17:53:00"));
	model_line(&p.m, ERR_NETWORK, zc("2026-11-12 17:54:00"));
	assert_string_equal(model_estado(&p.arena, &p.m, p.now),
		"! Sin conexión desde 17:53:00 · 1 acto por enviar");
	assert_string_equal(model_estado(&p.arena, &p.m, zc("2026-11-14 10:00")),
		"! Sin conexión desde 12/nov/2026 17:53 · 1 acto por enviar");
	model_line(&p.m, OK, zc("2026-11-12 17:55:00"));
	p.m.por_enviar = 0;
	assert_string_equal(model_estado(&p.arena, &p.m, p.now), "Sincronizado 17:55:00");
	pantalla_free(&p);
}

/* A command is told where `:` is known, with what may follow it, and nowhere else. */
static void help_command(struct pantalla *p, enum screen s, const struct action_row *row)
{
	unsigned prompts = action_row(ACTION_command)->where;
	const struct argument_row *argument = argument_row(row->argument);
	char line[512];

	int n = snprintf(line, sizeof(line), "\n:%s%s%s: %s%s%s", row->command,
		argument->word[0] != '\0' ? " " : "", argument->word,
		row->keys[0] != '\0' ? "como " : row->help, row->keys,
		argument->choices[0] != '\0' ? "; admite " : "");

	for (const char *c = argument->choices; *c != '\0'; c++)
		n += snprintf(line + n, sizeof(line) - (size_t)n, "%s%.*s", *c == '|' ? ", " : "",
			*c != '|', c);
	if ((row->where & prompts & 1u << s) != 0 && row != action_row(ACTION_command))
		pantalla_says(p, line);
	else
		pantalla_hides(p, line);
}

/* No key means two things on one screen; every name of a key is one; help says all and no more. */
static void test_actions(void **state)
{
	(void)state;
	for (unsigned s = 0; s < SCREEN_COUNT; s++) {
		struct effect from = {
			.kind = EFFECT_OPEN, .screen = SCREEN_ayuda, .of = (enum screen)s};
		struct pantalla p;

		pantalla_init(&p, ZONA_CENTRO, "2026-11-12 17:52");
		pantalla_open(&p, &from);
		for (unsigned a = 0; a < ACTION_COUNT; a++) {
			const struct action_row *row = action_row((enum action)a);
			char line[512];

			(void)snprintf(line, sizeof(line), "\n%s: %s", row->keys, row->help);
			if (row->keys[0] != '\0' && (row->where & 1u << s) != 0)
				pantalla_says(&p, line);
			else if (row->keys[0] != '\0')
				pantalla_hides(&p, line);
			help_command(&p, (enum screen)s, row);
		}
		pantalla_free(&p);
	}
}

static void test_keys(void **state)
{
	(void)state;
	for (unsigned s = 0; s < SCREEN_COUNT; s++)
		for (unsigned a = 0; a < ACTION_COUNT; a++) {
			const struct action_row *row = action_row((enum action)a);
			char keys[64];
			uint32_t key;

			(void)snprintf(keys, sizeof(keys), "%s", row->keys);
			for (char *name = strtok(keys, " "); name != NULL;
				name = strtok(NULL, " ")) {
				assert_true(keys_parse(name, &key));
				if ((row->where & 1u << s) != 0)
					assert_int_equal(action_of_key((enum screen)s, key), a);
				if ((row->where & 1u << s) != 0)
					assert_int_equal(screen_of_key(key), SCREEN_COUNT);
			}
		}
	uint32_t one;

	assert_true(keys_parse("1", &one));
	assert_int_equal(screen_of_key(one), SCREEN_inicio);
	assert_true(keys_parse("7", &one));
	assert_int_equal(screen_of_key(one), SCREEN_notificaciones);
}

/* A command's name is one plain word, of one action; its argument is a row. */
static void test_commands(void **state)
{
	(void)state;
	for (unsigned a = 0; a < ACTION_COUNT; a++) {
		const struct action_row *row = action_row((enum action)a);

		assert_int_not_equal(row->command[0], '\0');
		assert_int_equal(
			strspn(row->command, "abcdefghijklmnopqrstuvwxyz-"), strlen(row->command));
		assert_non_null(argument_row(row->argument));
		for (unsigned b = 0; b < a; b++)
			assert_string_not_equal(action_row((enum action)b)->command, row->command);
	}
	assert_null(argument_row(ARGUMENT_COUNT));
	assert_string_equal(argument_row(ARGUMENT_none)->word, "");
}

/* The menu holds what is built, and nothing else. */
static void test_menu(void **state)
{
	ARENA(a, 65536);
	const struct page_menu *menu;
	size_t count;
	size_t current;

	(void)state;
	assert_int_equal(action_menu(&a, SCREEN_notificaciones, true, &menu, &count, &current), OK);
	static const char *const labels[] = {"Inicio", "Calendario", "Documentos", "Medios",
		"Comunicados", "Notificaciones", "Activación"};

	assert_int_equal(count, COUNT_OF(labels));
	for (size_t i = 0; i < count; i++)
		assert_string_equal(menu[i].label, labels[i]);
	assert_int_equal(current, 5);
	assert_int_equal(action_menu(&a, SCREEN_acuse, true, &menu, &count, &current), OK);
	assert_int_equal(current, COUNT_OF(labels));
	/* before activation what can't be entered is not offered. */
	assert_int_equal(action_menu(&a, SCREEN_activacion, false, &menu, &count, &current), OK);
	assert_int_equal(count, 4);
	assert_string_equal(menu[1].label, "Calendario");
	assert_string_equal(menu[3].label, "Activación");
	assert_int_equal(current, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_efirma_expiry),
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_cursor_stays),
		cmocka_unit_test(test_enter),
		cmocka_unit_test(test_search),
		cmocka_unit_test(test_inicio),
		cmocka_unit_test(test_acts),
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_actions),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_menu),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
