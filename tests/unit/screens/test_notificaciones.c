/*
 * Mis notificaciones as a list that is filtered, sorted, marked and downloaded; the cursor stays on
 * its folio through all of it. And what the last line says of the line that is at work.
 */
#include <stdio.h>
#include "base/utf8.h"
#include "tests/help/cm.h"
#include "tests/help/copia.h"
#include "tests/help/screens.h"

static void start(struct pantalla *p)
{
	struct effect from = effect_to(EFFECT_OPEN, SCREEN_notificaciones, NULL);

	pantalla_init(p, ZONA_CENTRO, "2026-11-12 17:52");
	pantalla_aviso(p, "BI-A", "2026-11-10 12:00", 15); /* 17 Nov */
	pantalla_aviso(p, "BI-B", "2026-11-09 10:15", 15); /* 13 Nov */
	pantalla_notificada(
		p, "BI-C", "2026-10-19 10:00", "2026-10-20 12:00", 15, "AC-C"); /* 11 Nov: past */
	pantalla_notificada(
		p, "BI-D", "2026-10-21 10:00", "2026-10-22 12:00", 15, "AC-D"); /* 13 Nov */
	pantalla_notificada(p, "BI-E", "2026-10-12 10:00", NULL, 0, NULL);
	pantalla_open(p, &from);
}

static struct page_row row_at(struct pantalla *p, size_t index)
{
	struct page page = pantalla_page(p);
	struct page_row row;

	assert_true(index < page.list.row_count);
	assert_int_equal(page.list.row(page.list.context, &p->arena, index, &row), OK);
	return row;
}

/* "BI-B BI-D …": the folios of the list. */
static const char *folios(struct pantalla *p)
{
	size_t count = pantalla_page(p).list.row_count;
	const char *all = "";

	for (size_t i = 0; i < count; i++)
		all = arena_printf(
			&p->arena, "%s%s%s", all, i == 0 ? "" : " ", row_at(p, i).cells[1]);
	return all;
}

static const char *under(struct pantalla *p)
{
	return row_at(p, pantalla_page(p).list.selected).cells[1];
}

static struct effect command(struct pantalla *p, enum action action, const char *value)
{
	return pantalla_event(
		p, (struct event){.kind = EVENT_ACTION, .action = action, .value = value});
}

static void move(struct pantalla *p, size_t index)
{
	(void)pantalla_event(p, (struct event){.kind = EVENT_MOVED, .index = index});
}

static void says_above(struct pantalla *p, const char *text)
{
	struct page page = pantalla_page(p);

	for (size_t i = 0; i < page.list.above_count; i++)
		if (strstr(page.list.above[i].text, text) != NULL)
			return;
	fail_msg("not above the list: %s", text);
}

static void test_filter(void **state)
{
	struct pantalla p;

	(void)state;
	start(&p);
	assert_string_equal(folios(&p), "BI-B BI-D BI-A BI-C BI-E");
	assert_int_equal(pantalla_page(&p).list.above_count, 0);
	move(&p, 2); /* BI-A */
	struct effect e = pantalla_key(&p, "f");

	assert_int_equal(e.kind, EFFECT_PROMPT);
	assert_string_equal(e.text, "Filtro: ");
	(void)pantalla_event(&p, (struct event){.kind = EVENT_ENTERED, .value = "Por Abrir"});
	assert_string_equal(folios(&p), "BI-B BI-A");
	assert_string_equal(under(&p), "BI-A");
	says_above(&p, "Filtro: por abrir (2 de 5; Esc lo quita)");
	(void)command(&p, ACTION_filter, "con plazo");
	assert_string_equal(folios(&p), "BI-D");
	assert_string_equal(under(&p), "BI-D");
	(void)command(&p, ACTION_filter, "notificadas");
	assert_string_equal(folios(&p), "BI-D BI-C BI-E");
	(void)command(&p, ACTION_filter, "sin leer");
	assert_string_equal(folios(&p), "BI-B BI-A BI-E");
	(void)command(&p, ACTION_filter, "bi-É"); /* words beside the class */
	assert_string_equal(folios(&p), "BI-E");
	says_above(&p, "Filtro: sin leer, «bi-e» (1 de 5; Esc lo quita)");
	(void)command(&p, ACTION_filter, "zzz");
	assert_string_equal(folios(&p), "");
	assert_non_null(strstr(pantalla_page(&p).list.empty, "Esc lo quita"));
	assert_int_equal(pantalla_key(&p, "Enter").kind, EFFECT_NONE);
	assert_int_equal(pantalla_key(&p, "Space").kind, EFFECT_NONE);
	assert_int_equal(
		pantalla_key(&p, "Esc").kind, EFFECT_NONE); /* the filter, not the screen */
	assert_string_equal(folios(&p), "BI-B BI-D BI-A BI-C BI-E");
	assert_int_equal(pantalla_key(&p, "Esc").kind, EFFECT_BACK);
	(void)command(&p, ACTION_filter, "por abrir");
	(void)command(&p, ACTION_filter, "todas");
	assert_int_equal(pantalla_page(&p).list.row_count, 5);
	pantalla_free(&p);
}

/* Under a filter too: what arrives moves no cursor; what leaves gives it to who takes its place. */
static void test_sync_under_filter(void **state)
{
	struct pantalla p;

	(void)state;
	start(&p);
	(void)command(&p, ACTION_filter, "por abrir");
	move(&p, 1);
	assert_string_equal(under(&p), "BI-A");
	pantalla_aviso(&p, "BI-0", "2026-11-09 10:14", 15);
	(void)pantalla_event(&p, (struct event){.kind = EVENT_CHANGED_MODEL});
	assert_string_equal(folios(&p), "BI-0 BI-B BI-A");
	assert_string_equal(under(&p), "BI-A");
	move(&p, 1);
	pantalla_notificada(&p, "BI-B", "2026-11-09 10:15", "2026-11-12 17:00", 0, "AC-B");
	(void)pantalla_event(&p, (struct event){.kind = EVENT_CHANGED_MODEL});
	assert_string_equal(folios(&p), "BI-0 BI-A");
	assert_string_equal(under(&p), "BI-A");
	pantalla_free(&p);
}

static void test_sort(void **state)
{
	struct pantalla p;

	(void)state;
	start(&p);
	move(&p, 4);
	assert_string_equal(pantalla_page(&p).title, "Mis notificaciones");
	(void)pantalla_key(&p, "s");
	assert_string_equal(folios(&p), "BI-A BI-B BI-D BI-C BI-E"); /* the last aviso first */
	assert_string_equal(pantalla_page(&p).title, "Mis notificaciones, por aviso");
	assert_string_equal(under(&p), "BI-E");
	(void)pantalla_key(&p, "s");
	assert_string_equal(folios(&p), "BI-A BI-B BI-C BI-D BI-E");
	(void)command(&p, ACTION_sort, "vencimiento");
	assert_string_equal(folios(&p), "BI-B BI-D BI-A BI-C BI-E");
	(void)command(&p, ACTION_sort, "nada");
	assert_string_equal(folios(&p), "BI-B BI-D BI-A BI-C BI-E");
	pantalla_free(&p);
}

static void bulk_is(struct effect e, size_t count, const char *first)
{
	assert_int_equal(e.kind, EFFECT_BULK);
	assert_int_equal(e.folio_count, count);
	assert_string_equal(e.folios[0], first);
}

/* Only what was opened is asked for: a download never serves (L-7.6), and what is left out is said.
 */
static void test_marks(void **state)
{
	struct pantalla p;

	(void)state;
	start(&p);
	assert_int_equal(command(&p, ACTION_download, NULL).kind, EFFECT_NONE); /* BI-B */
	assert_non_null(strstr(pantalla_page(&p).status, "sin abrir"));
	move(&p, 1);
	bulk_is(command(&p, ACTION_download, NULL), 1, "BI-D");
	assert_string_equal(pantalla_page(&p).status, "Descargando 1 con su acuse.");
	move(&p, 0);
	(void)pantalla_key(&p, "Space");
	(void)pantalla_key(&p, "Space");
	assert_true(row_at(&p, 0).marked);
	assert_true(row_at(&p, 1).marked);
	assert_false(row_at(&p, 2).marked);
	assert_string_equal(under(&p), "BI-A");
	says_above(&p, "2 marcadas");
	bulk_is(command(&p, ACTION_download, NULL), 1, "BI-D");
	assert_string_equal(pantalla_page(&p).status,
		"Descargando 1 con su acuse; fuera por no estar abiertas: 1.");
	/* Marks are of folios: a synchronisation moves rows, not marks. */
	pantalla_aviso(&p, "BI-0", "2026-11-09 10:14", 15);
	(void)pantalla_event(&p, (struct event){.kind = EVENT_CHANGED_MODEL});
	assert_false(row_at(&p, 0).marked);
	assert_true(row_at(&p, 1).marked);
	assert_true(row_at(&p, 2).marked);
	move(&p, 1);
	(void)pantalla_key(&p, "Space");
	assert_false(row_at(&p, 1).marked);
	(void)pantalla_key(&p, "Esc");
	assert_false(row_at(&p, 2).marked);
	assert_int_equal(pantalla_key(&p, "Esc").kind, EFFECT_BACK);
	pantalla_free(&p);
}

static void test_mark_all(void **state)
{
	struct pantalla p;

	(void)state;
	start(&p);
	(void)command(&p, ACTION_filter, "notificadas");
	(void)pantalla_key(&p, "*");
	assert_string_equal(pantalla_page(&p).status, "3 marcadas.");
	(void)command(&p, ACTION_filter, "todas");
	assert_false(row_at(&p, 0).marked);
	assert_true(row_at(&p, 1).marked);
	struct effect e = command(&p, ACTION_download, NULL);

	/* BI-E, too: nobody opened it, and it is notified by lapse all the same. */
	bulk_is(e, 3, "BI-C");
	assert_string_equal(e.folios[1], "BI-D");
	(void)pantalla_key(&p, "*"); /* the others, too */
	assert_string_equal(pantalla_page(&p).status, "5 marcadas.");
	(void)pantalla_key(&p, "*"); /* all were: none */
	assert_string_equal(pantalla_page(&p).status, "0 marcadas.");
	bulk_is(command(&p, ACTION_download, "todo"), 3, "BI-C");
	pantalla_free(&p);
}

/* More than can be asked for at once: as many as fit, and it is said. */
static void test_mark_too_many(void **state)
{
	enum { MORE = 5001, TURN = 100 };
	struct m_notificacion rows[TURN];
	struct pantalla p;

	(void)state;
	start(&p);
	const struct m_notificacion like = notice(&p.arena, "X", "2026-11-10 12:00", 0);

	for (size_t i = 0; i < MORE; i += TURN) {
		for (size_t k = 0; k < TURN; k++) {
			rows[k] = like;
			rows[k].folio = arena_printf(&p.arena, "BJ-%05zu", i + k);
		}
		struct m_sincronizado s = {
			.cursor = "c", .notificaciones = rows, .notificaciones_count = TURN};

		assert_int_equal(local_take_sincronizado(p.local, &s, p.now), OK);
	}
	model_refresh(&p.m);
	(void)pantalla_key(&p, "*");
	assert_string_equal(pantalla_page(&p).status,
		"Se marcaron 5000 de 5105: no caben más; descarga esas primero (d).");
	pantalla_free(&p);
}

static void test_copy(void **state)
{
	struct pantalla p;

	(void)state;
	start(&p);
	move(&p, 3);
	struct effect e = command(&p, ACTION_copy, NULL);

	assert_int_equal(e.kind, EFFECT_COPY);
	assert_string_equal(e.text, "BI-C");
	pantalla_free(&p);
}

/* `:buscar TEXTO` as `/` and the prompt; a copy that fails is said, and the list stands. */
static void test_search_command(void **state)
{
	struct pantalla p;

	(void)state;
	start(&p);
	(void)command(&p, ACTION_search, "BI-c");
	assert_string_equal(under(&p), "BI-C");
	(void)command(&p, ACTION_filter, "por abrir");
	(void)command(&p, ACTION_search, "BI-D"); /* not in the list that is shown */
	assert_non_null(strstr(pantalla_page(&p).status, "No hay coincidencias"));
	p.m.lista.err = ERR_BAD_CACHE;
	(void)command(&p, ACTION_search, "BI-A");
	assert_string_equal(pantalla_page(&p).status, err_sentence(ERR_BAD_CACHE));
	pantalla_free(&p);
}

struct said {
	struct model_linea linea;
	size_t por_enviar;
	const char *says;
};

/* 17:52:34 it is. */
static void says_all(const struct said *rows, size_t count)
{
	struct pantalla p;

	pantalla_init(&p, ZONA_CENTRO, "2026-11-12 17:52:34");
	for (size_t i = 0; i < count; i++) {
		p.m.linea = rows[i].linea;
		p.m.por_enviar = rows[i].por_enviar;
		const char *text = model_estado(&p.arena, &p.m, p.now);

		assert_string_equal(text, rows[i].says);
		assert_true(utf8_count(text) <= 60);
	}
	pantalla_free(&p);
}

/* The line has been at it since 17:52:04. */
static void test_phases(void **state)
{
	assert_int_equal(zona_setup(), OK);
	const int64_t t = zc("2026-11-12 17:52:04");
	const struct said rows[] = {
		{{.fase = FASE_CONECTANDO, .fase_desde = t}, 0, "Conectando desde 17:52:04"},
		{{.fase = FASE_CONECTANDO, .fase_desde = t, .cancela = true}, 0,
			"Conectando desde 17:52:04; Esc cancela"},
		{{.fase = FASE_ENVIANDO, .fase_desde = t}, 1,
			"Enviando desde 17:52:04 · 1 acto por enviar"},
		{{.fase = FASE_ESPERANDO, .fase_desde = t, .cancela = true}, 0,
			"Esperando respuesta desde 17:52:04; Esc cancela"},
		{{.fase = FASE_RECIBIENDO,
			 .que = "documento",
			 .fase_desde = t,
			 .cancela = true,
			 .bytes = 120 << 10,
			 .total = 480 << 10},
			0, "Recibiendo 120 de 480 KB, 4.0 KB/s, faltan 90 s; Esc cancela"},
		{{.fase = FASE_RECIBIENDO,
			 .que = "documento",
			 .fase_desde = t,
			 .bytes = 120 << 10,
			 .total = 480 << 10},
			0, "Recibiendo documento 120 de 480 KB, 4.0 KB/s, faltan 90 s"},
		{{.fase = FASE_RECIBIENDO,
			 .que = "documento",
			 .fase_desde = t,
			 .cancela = true,
			 .bytes = 1200 << 10,
			 .total = 10240 << 10},
			0, "Recibiendo 1200 de 10240 KB, faltan 4 min; Esc cancela"},
		{{.fase = FASE_RECIBIENDO, .que = "acuse", .fase_desde = t, .bytes = 3 << 10}, 0,
			"Recibiendo acuse 3 KB, 0.1 KB/s"},
		{{.fase = FASE_RECIBIENDO,
			 .que = "acuse",
			 .fase_desde = t + 29500,
			 .bytes = 3 << 10,
			 .total = 9 << 10},
			0, "Recibiendo acuse 3 de 9 KB"},
	};

	(void)state;
	says_all(rows, COUNT_OF(rows));
}

/* Since when it fails, and when it is tried again. */
static void test_failing(void **state)
{
	assert_int_equal(zona_setup(), OK);
	const int64_t t = zc("2026-11-12 17:52:04");
	const struct said rows[] = {
		{{.err = ERR_TIMEOUT, .desde = t, .reintento = t + 60000}, 0,
			"! El servidor no contesta desde 17:52:04; reintento 17:53:04"},
		{{.err = ERR_TIMEOUT, .desde = t, .reintento = t}, 0,
			"! El servidor no contesta desde 17:52:04"},
		{{.err = ERR_NETWORK, .desde = t, .fase = FASE_CONECTANDO, .fase_desde = t}, 2,
			"! Sin conexión desde 17:52:04 · 2 actos por enviar"},
		{{.err = ERR_NETWORK, .desde = t, .fase = FASE_CONECTANDO, .fase_desde = t}, 0,
			"! Sin conexión desde 17:52:04; reintentando"},
		{{.sincronizado = t}, 0, "Sincronizado 17:52:04"},
	};

	(void)state;
	says_all(rows, COUNT_OF(rows));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_filter),
		cmocka_unit_test(test_sync_under_filter),
		cmocka_unit_test(test_sort),
		cmocka_unit_test(test_marks),
		cmocka_unit_test(test_mark_all),
		cmocka_unit_test(test_mark_too_many),
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_search_command),
		cmocka_unit_test(test_phases),
		cmocka_unit_test(test_failing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
