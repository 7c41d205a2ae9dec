/* The list of profiles (issue 3.6): each one's state, the cursor, search, order; and its size. */
#include "tests/help/cm.h"

#include <stdio.h>
#include "tests/help/screens.h"

#define MANY 500

struct varios {
	struct pantalla ana;
	struct pantalla luis;
	struct mundo_perfil perfiles[MANY];
	struct mundo mundo;
};

static struct varios v;

/* Ana is shown; luis is read with his e.firma locked; rosa is locked. */
static int setup(void **state)
{
	struct effect from = effect_to(EFFECT_OPEN, SCREEN_perfiles, NULL);

	(void)state;
	v = (struct varios){0};
	pantalla_init(&v.ana, ZONA_CENTRO, "2026-11-13 08:00");
	pantalla_init(&v.luis, ZONA_CENTRO, "2026-11-13 08:00");
	v.perfiles[0] = (struct mundo_perfil){.nombre = "luis",
		.rfc = "LUIS800101AAA",
		.estado = MUNDO_LECTURA,
		.model = &v.luis.m,
		.por_enviar = 2};
	v.perfiles[1] = (struct mundo_perfil){.nombre = "ana",
		.rfc = "PEÑJ800101AB1",
		.estado = MUNDO_ABIERTO,
		.model = &v.ana.m};
	v.perfiles[2] =
		(struct mundo_perfil){.nombre = "rosa", .rfc = "ROSA800101AAA", .por_enviar = 1};
	v.mundo = (struct mundo){v.perfiles, 3, 1, 3};
	v.ana.m.mundo = v.luis.m.mundo = &v.mundo;
	pantalla_aviso(&v.ana, "BI-A", "2026-11-10 12:00", 15);	 /* 17 Nov */
	pantalla_aviso(&v.luis, "BI-L", "2026-11-09 10:15", 15); /* today */
	pantalla_open(&v.ana, &from);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	pantalla_free(&v.ana);
	pantalla_free(&v.luis);
	return 0;
}

static struct page_row row(size_t index)
{
	struct page page = pantalla_page(&v.ana);
	struct page_row r;

	assert_int_equal(page.kind, PAGE_LIST);
	assert_true(index < page.list.row_count);
	assert_int_equal(page.list.row(page.list.context, &v.ana.arena, index, &r), OK);
	return r;
}

static void row_is(size_t index, const char *nombre, const char *estado, const char *abrir,
	const char *vence, const char *enviar)
{
	struct page_row r = row(index);

	assert_string_equal(r.cells[0], nombre);
	assert_string_equal(r.cells[3], estado);
	assert_string_equal(r.cells[4], abrir);
	assert_string_equal(r.cells[5], vence);
	assert_string_equal(r.cells[6], enviar);
}

/* Each as it stands; the cursor starts on the one in front; a locked one says that it is. */
static void test_rows(void **state)
{
	(void)state;
	assert_int_equal(pantalla_page(&v.ana).list.selected, 1);
	row_is(0, "luis", "sólo lectura", "1", "HOY 09:30", "2");
	row_is(1, "ana", "abierto", "1", "mar 17/nov 09:30", "");
	row_is(2, "rosa", "bloqueado", "", "(bloqueado)", "1");
	assert_string_equal(row(0).cells[1], "Ferretería Ñandú SA de CV");
	assert_string_equal(row(2).cells[1], "");
	assert_false(row(0).marked);
	assert_true(row(1).marked);
	assert_int_equal(row(0).style, PAGE_URGENT);
	assert_int_equal(row(2).style, PAGE_MUTED);
}

static void test_states(void **state)
{
	(void)state;
	model_line(&v.luis.m, ERR_NETWORK, v.luis.now);
	assert_string_equal(row(0).cells[3], "sin línea");
	model_line(&v.luis.m, ERR_UNKNOWN_KEY, v.luis.now);
	assert_string_equal(row(0).cells[3], "pide entrar");
	model_line(&v.luis.m, ERR_NO_MANDATE, v.luis.now);
	assert_string_equal(row(0).cells[3], "no se admite");
	pantalla_says(&v.ana, "luis: No consta tu representación de ese RFC");
	v.perfiles[2].trabajando = true;
	assert_string_equal(row(2).cells[3], "abriendo…");
	v.perfiles[2].trabajando = false;
	v.perfiles[2].err = ERR_WRONG_PASSWORD;
	assert_string_equal(row(2).cells[3], "no se abrió");
	/* As tabla says it of a copy that can't be read. */
	v.luis.m.tabla.totales = (struct tabla_totales){0};
	v.luis.m.tabla.err = ERR_BAD_CACHE;
	assert_string_equal(row(0).cells[3], "no se lee");
	assert_string_equal(row(0).cells[5], "(no se lee)");
	pantalla_says(&v.ana, "luis: La copia local no se puede abrir");
	pantalla_says(&v.ana, "rosa: La contraseña de la llave privada no es");
}

/* Enter puts the one under the cursor in front, locked or not; not while it is being opened. */
static void test_change(void **state)
{
	(void)state;
	(void)pantalla_event(&v.ana, (struct event){.kind = EVENT_MOVED, .index = 2});
	struct effect e = pantalla_key(&v.ana, "Enter");

	assert_int_equal(e.kind, EFFECT_PERFIL);
	assert_int_equal(e.perfil, 2);
	v.mundo.actual = 2; /* what is below this list stays */
	assert_int_equal(pantalla_key(&v.ana, "Enter").kind, EFFECT_BACK);
	v.mundo.actual = 1;
	v.perfiles[2].trabajando = true;
	assert_int_equal(pantalla_key(&v.ana, "Enter").kind, EFFECT_NONE);
	assert_non_null(strstr(pantalla_page(&v.ana).status, "Se está abriendo"));
	assert_int_equal(pantalla_key(&v.ana, "B").kind, EFFECT_LOCK);
	assert_int_equal(pantalla_key(&v.ana, "q").kind, EFFECT_BACK);
}

static size_t found(const char *text)
{
	(void)pantalla_event(&v.ana, (struct event){.kind = EVENT_ENTERED, .value = text});
	return pantalla_page(&v.ana).list.selected;
}

/* By name, RFC or the holder's name, without case or accents; n and N go round. */
static void test_search(void **state)
{
	(void)state;
	assert_int_equal(pantalla_key(&v.ana, "/").kind, EFFECT_PROMPT);
	assert_int_equal(found("ROS"), 2);
	assert_int_equal(found("peñj"), 1);
	assert_int_equal(found("ferreteria ñ"), 1);
	(void)pantalla_key(&v.ana, "n");
	assert_int_equal(pantalla_page(&v.ana).list.selected, 0);
	(void)pantalla_key(&v.ana, "N");
	assert_int_equal(pantalla_page(&v.ana).list.selected, 1);
	assert_int_equal(found("zzz"), 1);
	assert_non_null(strstr(pantalla_page(&v.ana).status, "No hay coincidencias"));
}

/* `s`: what falls due first; what can't be seen last; the cursor stays on its profile. */
static void test_sort(void **state)
{
	(void)state;
	pantalla_aviso(&v.ana, "BI-B", "2026-11-09 10:14", 15);
	v.perfiles[3] = v.perfiles[0];
	v.perfiles[0] = v.perfiles[2];
	v.mundo.count = 4;
	(void)pantalla_key(&v.ana, "s");
	assert_string_equal(row(0).cells[0], "ana");
	assert_string_equal(row(1).cells[0], "luis");
	assert_string_equal(row(2).cells[0], "rosa");
	assert_string_equal(row(3).cells[0], "rosa");
	assert_int_equal(pantalla_page(&v.ana).list.selected, 0);
	(void)pantalla_event(&v.ana, (struct event){.kind = EVENT_MOVED, .index = 1});
	struct effect e = pantalla_key(&v.ana, "Enter");

	assert_int_equal(e.perfil, 3);
	(void)pantalla_key(&v.ana, "s");
	assert_string_equal(row(0).cells[0], "rosa");
	assert_int_equal(pantalla_page(&v.ana).list.selected, 3);
}

/* 500 profiles: each is reached, in both orders. */
static void test_many(void **state)
{
	static char names[MANY][16];

	(void)state;
	for (size_t i = 3; i < MANY; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "cliente%zu", i);
		v.perfiles[i] = (struct mundo_perfil){.nombre = names[i], .rfc = "XAXX010101000"};
	}
	v.mundo.count = MANY;
	assert_int_equal(pantalla_page(&v.ana).list.row_count, MANY);
	assert_int_equal(found("cliente499"), 499);
	assert_string_equal(row(499).cells[0], "cliente499");
	(void)pantalla_key(&v.ana, "s");
	assert_int_equal(pantalla_page(&v.ana).list.selected, 499);
	assert_string_equal(row(0).cells[0], "luis");
	assert_string_equal(row(1).cells[0], "ana");
	(void)pantalla_event(&v.ana, (struct event){.kind = EVENT_MOVED, .index = 2});
	assert_int_equal(pantalla_key(&v.ana, "Enter").perfil, 2);
}

/* A name is a profile's; an RFC only where one alone has it. */
static void test_find(void **state)
{
	(void)state;
	assert_int_equal(mundo_find(&v.mundo, "rosa"), 2);
	assert_int_equal(mundo_find(&v.mundo, "luis800101aaa"), 0);
	assert_int_equal(mundo_find(&v.mundo, "peñj800101ab1"), 1);
	assert_int_equal(mundo_find(&v.mundo, ""), 3);
	assert_int_equal(mundo_find(&v.mundo, "ros"), 3);
	v.perfiles[2].rfc = v.perfiles[0].rfc;
	assert_int_equal(mundo_find(&v.mundo, "LUIS800101AAA"), 3);
}

/* What is due today, of few and of many. */
static void test_today(void **state)
{
	(void)state;
	assert_int_equal(mundo_due_today(&v.perfiles[2], v.ana.now), 0);
	for (int i = 0; i < 40; i++) {
		char folio[16];
		assert_int_equal(mundo_due_today(&v.perfiles[0], v.ana.now), i + 1);
		assert_int_equal(mundo_due_today(&v.perfiles[0], zc("2026-11-12 23:59")), 0);
		assert_int_equal(mundo_due_today(&v.perfiles[1], v.ana.now), 0);
		(void)snprintf(folio, sizeof(folio), "BI-%d", i);
		pantalla_aviso(&v.luis, folio, "2026-11-09 10:15", 15);
		(void)snprintf(folio, sizeof(folio), "BI-T%d", i);
		pantalla_aviso(&v.luis, folio, "2026-11-11 10:15", 15);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_rows, setup, teardown),
		cmocka_unit_test_setup_teardown(test_states, setup, teardown),
		cmocka_unit_test_setup_teardown(test_change, setup, teardown),
		cmocka_unit_test_setup_teardown(test_search, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sort, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many, setup, teardown),
		cmocka_unit_test_setup_teardown(test_find, setup, teardown),
		cmocka_unit_test_setup_teardown(test_today, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
