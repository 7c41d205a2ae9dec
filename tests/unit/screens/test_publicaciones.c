/*
 * Mis comunicados and Mis documentos (L-8, R-5, R-4.1): what the copy keeps of them, the lists with
 * filter, order, words, marks, what was read on this device, and a publication as it is read.
 */
#include <stdio.h>
#include "tests/help/cm.h"
#include "tests/help/screens.h"

static struct m_publicacion made(struct pantalla *p, const char *folio, const char *clase,
	const char *titulo, const char *publicada)
{
	(void)p;
	return (struct m_publicacion){.folio = folio,
		.clase = clase,
		.tipo = "Aviso",
		.titulo = titulo,
		.texto = "Primera línea.\nSegunda línea con Ñandú.",
		.funcionario = "LUCÍA PRUEBA",
		.publicada = zc(publicada)};
}

static void take(struct pantalla *p, struct m_publicacion *rows, size_t count)
{
	struct m_sincronizado s = {
		.cursor = "c9", .publicaciones = rows, .publicaciones_count = count};

	assert_int_equal(local_take_sincronizado(p->local, &s, p->now), OK);
	model_refresh(&p->m);
}

static void start(struct pantalla *p, enum screen screen)
{
	struct effect from = effect_to(EFFECT_OPEN, screen, NULL);

	pantalla_init(p, ZONA_CENTRO, "2026-11-12 17:52");
	struct m_publicacion rows[] = {
		made(p, "PB-A", "comunicado", "Facilidades por lluvias", "2026-11-09 10:00"),
		made(p, "PB-B", "comunicado", "Beneficio para empresas", "2026-11-11 10:00"),
		made(p, "PB-C", "comunicado", "Ajuste del calendario", "2026-11-10 10:00"),
		made(p, "PB-D", "documento", "Propuesta 10-2026", "2026-11-12 10:00"),
	};

	rows[0].todos = rows[1].todos = true;
	rows[0].sha256 = "aa";
	rows[0].bytes = 120 << 10;
	rows[2].tipo = "Nota";
	rows[3].tipo = "Propuesta de cédula de determinación";
	rows[3].rp = "Y5412345108";
	rows[3].sha256 = "bb";
	rows[3].bytes = 1;
	take(p, rows, COUNT_OF(rows));
	pantalla_open(p, &from);
}

static struct page_row row_at(struct pantalla *p, size_t index)
{
	struct page page = pantalla_page(p);
	struct page_row row;

	assert_int_equal(page.list.row(page.list.context, &p->arena, index, &row), OK);
	return row;
}

/* "Beneficio… Ajuste…": the first words of the titles. */
static const char *titles(struct pantalla *p)
{
	size_t count = pantalla_page(p).list.row_count;
	const char *all = "";

	for (size_t i = 0; i < count; i++) {
		const char *title = row_at(p, i).cells[2];

		all = arena_printf(&p->arena, "%s%s%.*s", all, i == 0 ? "" : " ",
			(int)strcspn(title, " "), title);
	}
	return all;
}

static const char *under(struct pantalla *p)
{
	return row_at(p, pantalla_page(p).list.selected).cells[2];
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

/* The app's: the effect is carried out, and the screen hears of it. */
static void seen(struct pantalla *p, struct effect e)
{
	assert_int_equal(e.kind, EFFECT_SEEN);
	assert_int_equal(local_take_leida(p->local, e.folio, e.levels == 0), OK);
	model_refresh(&p->m);
	(void)pantalla_event(p, (struct event){.kind = EVENT_CHANGED_MODEL});
}

static void test_two_lists(void **state)
{
	struct pantalla p;

	(void)state;
	start(&p, SCREEN_comunicados);
	assert_string_equal(pantalla_page(&p).title, "Mis comunicados");
	assert_string_equal(titles(&p), "Beneficio Ajuste Facilidades");
	assert_string_equal(pantalla_cell(&p, 0, "publicada"), "11/nov/2026");
	assert_string_equal(pantalla_cell(&p, 2, "archivo"), "120 KB");
	assert_string_equal(pantalla_cell(&p, 1, "archivo"), "");
	assert_string_equal(pantalla_cell(&p, 1, "leida"), "nuevo");
	pantalla_free(&p);
	start(&p, SCREEN_documentos);
	assert_string_equal(pantalla_page(&p).title, "Mis documentos");
	assert_string_equal(titles(&p), "Propuesta");
	pantalla_no_memory(&p);
	pantalla_free(&p);
}

static void test_filter_and_sort(void **state)
{
	struct pantalla p;

	(void)state;
	start(&p, SCREEN_comunicados);
	move(&p, 1);
	assert_int_equal(pantalla_key(&p, "f").kind, EFFECT_PROMPT);
	(void)pantalla_event(&p, (struct event){.kind = EVENT_ENTERED, .value = "con archivo"});
	assert_string_equal(titles(&p), "Facilidades");
	pantalla_says(&p, "Filtro: con archivo (1 de 3; Esc lo quita)");
	(void)command(&p, ACTION_filter_published, "para mí");
	assert_string_equal(titles(&p), "Ajuste");
	(void)command(&p, ACTION_filter_published, "ÑANDU");
	assert_string_equal(titles(&p), "Ajuste");
	(void)command(&p, ACTION_filter_published, "zzz");
	assert_string_equal(titles(&p), "");
	assert_int_equal(pantalla_key(&p, "Enter").kind, EFFECT_NONE);
	assert_int_equal(pantalla_key(&p, "Esc").kind, EFFECT_NONE);
	assert_string_equal(titles(&p), "Beneficio Ajuste Facilidades");
	(void)pantalla_key(&p, "s");
	assert_string_equal(titles(&p), "Beneficio Facilidades Ajuste"); /* Aviso, Aviso, Nota */
	assert_string_equal(pantalla_page(&p).title, "Mis comunicados, por tipo");
	(void)command(&p, ACTION_sort_published, "título");
	assert_string_equal(titles(&p), "Ajuste Beneficio Facilidades");
	assert_int_equal(pantalla_key(&p, "Esc").kind, EFFECT_BACK);
	pantalla_free(&p);
}

static void test_search(void **state)
{
	struct pantalla p;

	(void)state;
	start(&p, SCREEN_comunicados);
	(void)command(&p, ACTION_search, "facilidades");
	assert_string_equal(under(&p), "Facilidades por lluvias");
	/* All three have those words: forwards, round, and backwards. */
	(void)command(&p, ACTION_search, "segunda linea");
	assert_string_equal(under(&p), "Facilidades por lluvias");
	(void)pantalla_key(&p, "n");
	assert_string_equal(under(&p), "Beneficio para empresas");
	(void)pantalla_key(&p, "n");
	assert_string_equal(under(&p), "Ajuste del calendario");
	(void)pantalla_key(&p, "N");
	(void)pantalla_key(&p, "N");
	assert_string_equal(under(&p), "Facilidades por lluvias");
	(void)command(&p, ACTION_search, "nada de eso");
	assert_non_null(strstr(pantalla_page(&p).status, "No hay coincidencias"));
	pantalla_free(&p);
}

/* Read is what was shown on this device; it stays so when the server tells all of it again. */
static void test_read(void **state)
{
	struct pantalla p;
	struct effect from = effect_to(EFFECT_OPEN, SCREEN_publicacion, "PB-B");
	struct effect list = effect_to(EFFECT_OPEN, SCREEN_comunicados, NULL);

	(void)state;
	start(&p, SCREEN_comunicados);
	pantalla_says(&p, "3 sin leer en este equipo");
	struct effect open = pantalla_key(&p, "Enter");

	assert_int_equal(open.kind, EFFECT_OPEN);
	assert_int_equal(open.screen, SCREEN_publicacion);
	assert_string_equal(open.folio, "PB-B");
	pantalla_open(&p, &from);
	seen(&p, p.effect);
	pantalla_open(&p, &from);
	assert_int_equal(p.effect.kind, EFFECT_NONE); /* written once */
	pantalla_open(&p, &list);
	pantalla_says(&p, "2 sin leer en este equipo");
	assert_string_equal(pantalla_cell(&p, 0, "leida"), "");
	(void)command(&p, ACTION_filter_published, "sin leer");
	assert_string_equal(titles(&p), "Ajuste Facilidades");
	(void)pantalla_key(&p, "Esc");
	/* The server forgot its cursor, and tells all of it anew. */
	assert_int_equal(local_forget_rows(p.local), OK);
	model_refresh(&p.m);
	assert_string_equal(titles(&p), "");
	struct m_publicacion again =
		made(&p, "PB-B", "comunicado", "Beneficio para empresas", "2026-11-11 10:00");

	take(&p, &again, 1);
	assert_string_equal(pantalla_cell(&p, 0, "leida"), "");
	seen(&p, pantalla_key(&p, "u"));
	assert_string_equal(pantalla_cell(&p, 0, "leida"), "nuevo");
	seen(&p, pantalla_key(&p, "u"));
	assert_string_equal(pantalla_cell(&p, 0, "leida"), "");
	pantalla_free(&p);
}

/* What arrives moves no cursor. */
static void test_cursor_stays(void **state)
{
	struct pantalla p;

	(void)state;
	start(&p, SCREEN_comunicados);
	move(&p, 1);
	struct m_publicacion one =
		made(&p, "PB-E", "comunicado", "Cierre por aniversario", "2026-11-12 12:00");

	take(&p, &one, 1);
	assert_string_equal(titles(&p), "Cierre Beneficio Ajuste Facilidades");
	assert_string_equal(under(&p), "Ajuste del calendario");
	pantalla_free(&p);
}

static void test_download(void **state)
{
	struct pantalla p;

	(void)state;
	start(&p, SCREEN_comunicados);
	assert_int_equal(command(&p, ACTION_download, NULL).kind, EFFECT_NONE);
	assert_string_equal(pantalla_page(&p).status, "Nada que descargar: no tiene archivo.");
	(void)pantalla_key(&p, "*");
	struct effect e = command(&p, ACTION_download, NULL);

	assert_int_equal(e.kind, EFFECT_BULK);
	assert_int_equal(e.folio_count, 1);
	assert_string_equal(e.folios[0], "PB-A");
	assert_string_equal(pantalla_page(&p).status, "Descargando 1; sin archivo: 2.");
	(void)pantalla_key(&p, "*");
	assert_string_equal(pantalla_page(&p).status, "0 marcadas.");
	(void)pantalla_key(&p, "Space");
	pantalla_says(&p, "1 marcada");
	(void)pantalla_key(&p, "Esc");
	assert_int_equal(pantalla_key(&p, "Esc").kind, EFFECT_BACK);
	pantalla_free(&p);
}

static void test_reading(void **state)
{
	struct pantalla p;
	struct effect from = effect_to(EFFECT_OPEN, SCREEN_publicacion, "PB-D");

	(void)state;
	start(&p, SCREEN_documentos);
	pantalla_open(&p, &from);
	pantalla_says(&p, "Propuesta 10-2026");
	pantalla_says(&p, "Propuesta de cédula de determinación");
	pantalla_says(&p, "tu Registro Patronal Y5412345108");
	pantalla_says(&p, "LUCÍA PRUEBA");
	pantalla_says(&p, "Primera línea.\n");
	pantalla_says(&p, "PDF de 1 KB");
	pantalla_no_memory(&p);
	struct effect file = pantalla_key(&p, "Enter");

	assert_int_equal(file.screen, SCREEN_documento);
	assert_string_equal(file.folio, "PB-D");
	/* Its file, on the screen of documents: no acuse, no term, no timeline. */
	from = effect_to(EFFECT_OPEN, SCREEN_documento, "PB-D");
	pantalla_open(&p, &from);
	assert_int_equal(p.effect.kind, EFFECT_CALL);
	assert_int_equal(p.effect.route, ROUTE_ID_documento);
	pantalla_says(&p, "Propuesta 10-2026");
	pantalla_hides(&p, "Plazo");
	assert_int_equal(pantalla_key(&p, "a").kind, EFFECT_NONE);
	assert_int_equal(pantalla_key(&p, "H").kind, EFFECT_NONE);
	from.folio = "PB-C";
	from.screen = SCREEN_publicacion;
	pantalla_open(&p, &from);
	pantalla_says(&p, "este RFC");
	assert_int_equal(pantalla_key(&p, "Enter").kind, EFFECT_NONE);
	assert_non_null(strstr(pantalla_page(&p).status, "No tiene archivo"));
	from.folio = "PB-NO";
	pantalla_open(&p, &from);
	assert_int_equal(pantalla_page(&p).kind, PAGE_TEXT);
	pantalla_free(&p);
}

/* an empty list says whether it is empty or closed. */
static void test_closed_menu(void **state)
{
	struct m_permiso only = {"notificaciones", "firmar"};
	struct pantalla p;
	struct effect from = effect_to(EFFECT_OPEN, SCREEN_documentos, NULL);

	(void)state;
	pantalla_init(&p, ZONA_CENTRO, "2026-11-12 17:52");
	pantalla_open(&p, &from);
	pantalla_says(&p, "No hay documentos para ti");
	struct m_cuenta c = pantalla_medios(&p, NULL, 0);

	c.permisos = &only;
	c.permisos_count = 1;
	pantalla_cuenta(&p, &c);
	p.m.perfil.calidad = "representante";
	pantalla_says(&p, "Tu representación no incluye este menú");
	pantalla_free(&p);
}

/* A damaged copy is said, not shown as an empty list. */
static void test_unreadable(void **state)
{
	struct pantalla p;

	(void)state;
	start(&p, SCREEN_comunicados);
	p.m.comunicados.err = ERR_BAD_CACHE;
	assert_string_equal(pantalla_page(&p).status, err_sentence(ERR_BAD_CACHE));
	pantalla_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_lists),
		cmocka_unit_test(test_filter_and_sort),
		cmocka_unit_test(test_search),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_cursor_stays),
		cmocka_unit_test(test_download),
		cmocka_unit_test(test_reading),
		cmocka_unit_test(test_closed_menu),
		cmocka_unit_test(test_unreadable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
