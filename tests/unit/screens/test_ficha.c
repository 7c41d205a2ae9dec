/*
 * The ficha of a notification, why its dates are those, and its timeline: what each way to be
 * notified says, what leads where, pages as terminals show them, without memory, without a line.
 * L-5.8 L-6.1 L-7.1 L-7.5 L-7.7 L-7.8 L-7.10 
 */
#include "tests/help/cm.h"
#include "tests/help/copia.h"
#include "tests/help/pantalla_vt.h"
#include "net/codec.h"

#define FOLIO "BI-20261109-101500114"
#define ACUSE "BI-20261112-175200001"
#define ROOM ((size_t)1 << 20)

static struct m_tipo_acto tipos[] = {{.clave = "R-7.3",
	.nombre = "Cédula de liquidación",
	.fundamento = "LSS 39 C",
	.consecuencia = "Queda firme si no se impugna",
	.plazo_dias = 15,
	.plazo_para = "Interponer el recurso de inconformidad"}};

static struct m_notificacion whole(struct pantalla *p, const char *opened)
{
	struct m_notificacion n =
		opened != NULL ? notified(&p->arena, FOLIO, "2026-11-09 10:15", opened, 15, ACUSE)
			       : notice(&p->arena, FOLIO, "2026-11-09 10:15", 15);

	n.tipo = "R-7.3";
	n.rp = "B0712345108";
	n.subdelegacion = "Centro";
	n.periodo = "09/2026";
	n.importe = "$12,345.67";
	return n;
}

static void start(struct pantalla *p, const char *zona, const char *now)
{
	const struct m_catalogo c = {.version = 1, .tipos = tipos, .tipos_count = 1};

	pantalla_init(p, zona, now);
	pantalla_catalogo(p, &c);
}

static void show(struct pantalla *p, enum screen screen)
{
	const struct effect from = effect_to(EFFECT_OPEN, screen, FOLIO);

	pantalla_open(p, &from);
}

/* Everything that Mis notificaciones has of it, its papers and what the catalogue says of its kind.
 */
static void test_whole(void **state)
{
	static const char *const said[] = {"Estatus: notificada", "Aviso: lun 09/nov/2026 10:15",
		"Abierta: jue 12/nov/2026 17:52", "Notificada: jue 12/nov/2026 17:52",
		"Forma: Al abrirla con e.firma",
		("Plazo para responder: surte efectos el vie 13/nov/2026; el plazo de 15 días hábiles "
		 "corre del mar 17/nov/2026 al lun 07/dic/2026."),
		"Fecha prudente: vie 04/dic/2026, por si el plazo se contara desde el día en que surte",
		"Ese plazo es para interponer el recurso de inconformidad.",
		"Tipo de acto: R-7.3, Cédula de liquidación", "Registro Patronal: B0712345108",
		"Subdelegación: Centro", "Periodo: 09/2026", "Importe: $12,345.67",
		"Firmado por: Ana Peña López, Titular de la Subdelegación", "Fundamento: LSS 39 C",
		"Consecuencia: Queda firme si no se impugna", "Acuse de notificación: " ACUSE,
		"Acuse de emisión: " FOLIO, "Documento: 12 KB, SHA-256 abcd"};
	struct pantalla p;

	(void)state;
	start(&p, ZONA_CENTRO, "2026-11-16 12:00");
	struct m_notificacion n = whole(&p, "2026-11-12 17:52");

	n.emision = FOLIO;
	n.bytes = 12000;
	n.sha256 = "abcd";
	pantalla_fila_de(&p, n);
	show(&p, SCREEN_ficha);
	for (size_t i = 0; i < COUNT_OF(said); i++)
		pantalla_says(&p, said[i]);
	struct effect e = pantalla_key(&p, "Enter");

	assert_int_equal(e.screen, SCREEN_documento);
	assert_string_equal(e.folio, FOLIO);
	e = pantalla_key(&p, "a");
	assert_int_equal(e.screen, SCREEN_acuse);
	assert_string_equal(e.folio, ACUSE);
	e = pantalla_key(&p, "E");
	assert_int_equal(e.screen, SCREEN_acuse);
	assert_string_equal(e.folio, FOLIO);
	assert_int_equal(pantalla_key(&p, "p").screen, SCREEN_razones);
	assert_int_equal(pantalla_key(&p, "H").screen, SCREEN_cronologia);
	e = pantalla_key(&p, "y");
	assert_int_equal(e.kind, EFFECT_COPY);
	assert_string_equal(e.text, FOLIO);
	assert_int_equal(pantalla_key(&p, "Esc").kind, EFFECT_BACK);
	pantalla_no_memory(&p);
	pantalla_free(&p);
}

/* Not opened yet: looking at the ficha serves nothing, and leads to the effects. */
static void test_to_be_opened(void **state)
{
	struct pantalla p;

	(void)state;
	start(&p, "America/Tijuana", "2026-11-10 12:00");
	struct m_notificacion n = whole(&p, NULL);

	n.vence_antes = zc("2026-11-12 09:30");
	n.cambio = "Acuerdo del 5 de noviembre";
	pantalla_fila_de(&p, n);
	show(&p, SCREEN_ficha);
	pantalla_says(&p, "Estatus: abrir, movida");
	pantalla_says(&p, "Vencía el jue 12/nov/2026 09:30, ahora el vie 13/nov/2026 09:30 (en tu "
			  "domicilio vie 13/nov/2026 07:30, America/Tijuana): Acuerdo del 5 de");
	pantalla_says(&p, "Días para abrirla: mar 10/nov/2026, mié 11/nov/2026, jue 12/nov/2026");
	assert_int_equal(pantalla_key(&p, "Enter").screen, SCREEN_efecto);
	assert_int_equal(pantalla_key(&p, "a").kind, EFFECT_NONE);
	assert_int_equal(pantalla_key(&p, "E").kind, EFFECT_NONE);
	assert_non_null(strstr(pantalla_page(&p).status, "cuando ya está notificada"));
	pantalla_free(&p);
}

/* L-7.5 L-7.8 L-7.10: otherwise than by opening: its form and reason are said; none is opened. */
static void test_otherwise(void **state)
{
	static const struct {
		const char *forma;
		const char *notificada;
		const char *says;
		const char *why;
		enum screen enter;
	} rows[] = {
		{"automatica", "2026-11-13 09:30", "Forma: Por no abrirse en plazo",
			"no se abrió en sus tres días hábiles", SCREEN_documento},
		{"estrados", "2026-11-13 12:00", "Forma: Por estrados",
			"vie 13/nov/2026 12:00 (ZC): notificada por estrados", SCREEN_documento},
		{"personal", "2026-11-13 12:00", "Forma: En persona",
			"vie 13/nov/2026 12:00 (ZC): notificada en persona", SCREEN_documento},
		{"retirada", NULL, "Estatus: retirada", "Ese acto se retiró", SCREEN_COUNT},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct pantalla p;

		start(&p, ZONA_CENTRO, "2026-11-16 12:00");
		struct m_notificacion n = whole(&p, NULL);

		n.forma = rows[i].forma;
		n.notificada = rows[i].notificada != NULL ? zc(rows[i].notificada) : 0;
		n.motivo = "Por oficio 7";
		pantalla_fila_de(&p, n);
		show(&p, SCREEN_ficha);
		pantalla_says(&p, rows[i].says);
		pantalla_says(&p, "Motivo: Por oficio 7");
		struct effect e = pantalla_key(&p, "Enter");

		assert_int_equal(e.kind, rows[i].enter != SCREEN_COUNT ? EFFECT_OPEN : EFFECT_NONE);
		if (rows[i].enter != SCREEN_COUNT) {
			assert_int_equal(e.screen, rows[i].enter);
			pantalla_says(&p, "corre del mié 18/nov/2026 al mar 08/dic/2026");
		}
		show(&p, SCREEN_razones);
		pantalla_says(&p, rows[i].why);
		pantalla_no_memory(&p);
		show(&p, SCREEN_efecto);
		e = pantalla_key(&p, "Enter");
		assert_int_not_equal(e.screen, SCREEN_firmar);
		pantalla_free(&p);
	}
}

/* The calendar ends within the term: what can be counted is, and nothing is guessed (CFF 12). */
static void test_horizon(void **state)
{
	struct pantalla p;

	(void)state;
	start(&p, ZONA_CENTRO, "2026-11-10 12:00");
	pantalla_fila_de(&p, whole(&p, NULL));
	p.m.calendario.hasta = dia("2026-11-20");
	show(&p, SCREEN_efecto);
	pantalla_says(&p, "Si la abres ahora, quedas notificado hoy mar 10/nov/2026 12:00");
	pantalla_says(&p, "Su plazo de 15 días hábiles acaba después de donde acaba el calendario "
			  "publicado; no se adivina.");
	/* The date that is accepted is known: it can be signed. */
	struct effect e = pantalla_key(&p, "Enter");

	assert_int_equal(e.screen, SCREEN_firmar);
	assert_string_equal(e.acto->fecha, "2026-11-10");
	show(&p, SCREEN_razones);
	pantalla_says(&p, "[Lineamientos 7.5]");
	pantalla_says(&p, err_sentence(ERR_HORIZON));
	p.m.calendario.hasta = dia("2026-11-13");
	show(&p, SCREEN_efecto);
	pantalla_says(&p, "Si no la abres: surte efectos después de donde acaba el calendario");
	pantalla_no_memory(&p);
	pantalla_free(&p);
}

/* Vacations of a year that its dates touch may still come: said, once they are published no more.
 */
static void test_vacations(void **state)
{
	struct pantalla p;

	(void)state;
	start(&p, ZONA_CENTRO, "2026-11-10 12:00");
	pantalla_fila_de(&p, whole(&p, NULL));
	show(&p, SCREEN_efecto);
	pantalla_says(&p, "Las vacaciones generales de 2026 no están publicadas todavía");
	p.m.calendario.vacaciones_hasta = 2026;
	pantalla_hides(&p, "vacaciones generales");
	p.m.calendario.fuente = "Acuerdo ACDO.1 (DOF 12/ene/2026)";
	pantalla_says(&p, "Calendario: Acuerdo ACDO.1");
	pantalla_free(&p);
}

/* ---- the timeline ---- */

static struct m_evento events[] = {
	{.suceso = "emitida", .actor = "GAIL701010AB1", .prueba = FOLIO},
	{.suceso = "aviso-enviado", .actor = "exim4", .detalle = "ana@correo.mx", .prueba = "M4x"},
	{.suceso = "puesta", .actor = "BUZON-IMSS"},
	{.suceso = "abierta", .actor = "PEÑJ800101AB1", .prueba = ACUSE},
	{.suceso = "de-mañana", .actor = "BUZON-IMSS"},
};

static struct m_historia timeline(void)
{
	for (size_t i = 0; i < COUNT_OF(events); i++)
		events[i].instante = zc("2026-11-09 10:15") + (int64_t)i * 60000;
	return (struct m_historia){
		.folio = FOLIO, .eventos = events, .eventos_count = COUNT_OF(events)};
}

static struct effect enter_at(struct pantalla *p, size_t index)
{
	(void)pantalla_event(p, (struct event){.kind = EVENT_MOVED, .index = index});
	return pantalla_key(p, "Enter");
}

/* Asked for each time; each event with its proof; Enter shows the acuse that it is. */
static void test_timeline(void **state)
{
	struct pantalla p;
	struct m_historia h;

	(void)state;
	start(&p, ZONA_CENTRO, "2026-11-16 12:00");
	h = timeline();
	show(&p, SCREEN_cronologia);
	assert_int_equal(p.effect.kind, EFFECT_CALL);
	assert_int_equal(p.effect.route, ROUTE_ID_historia);
	assert_string_equal(p.effect.request.historia.folio, FOLIO);
	assert_int_equal(pantalla_page(&p).list.row_count, 0);
	assert_int_equal(pantalla_key(&p, "Esc").kind, EFFECT_CANCEL);
	assert_int_equal(pantalla_key(&p, "r").kind, EFFECT_CALL);
	assert_int_equal(model_arrived(&p.m, ROUTE_ID_historia, &h, (struct bytes){0}), OK);
	assert_int_equal(pantalla_arrived(&p, ROUTE_ID_historia, OK, false).kind, EFFECT_NONE);
	assert_int_equal(pantalla_page(&p).list.row_count, COUNT_OF(events));
	assert_string_equal(pantalla_cell(&p, 0, "cuando"), "09/nov/2026 10:15");
	assert_string_equal(
		pantalla_cell(&p, 0, "suceso"), "Emitida y firmada por el servidor público");
	assert_string_equal(pantalla_cell(&p, 1, "prueba"), "envío");
	assert_string_equal(pantalla_cell(&p, 2, "prueba"), "");
	/* Of a newer server: the word as it came. */
	assert_string_equal(pantalla_cell(&p, 4, "suceso"), "de-mañana");
	struct effect e = enter_at(&p, 3);

	assert_int_equal(e.screen, SCREEN_acuse);
	assert_string_equal(e.folio, ACUSE);
	assert_string_equal(enter_at(&p, 0).folio, FOLIO);
	assert_int_equal(enter_at(&p, 1).kind, EFFECT_NONE);
	/* Nothing of it is cut, nor on a narrow screen: it has a page, and Esc gives the list back.
	 */
	assert_int_equal(pantalla_page(&p).kind, PAGE_TEXT);
	pantalla_says(&p, "Qué: Aviso entregado a quien lo lleva");
	pantalla_says(&p, "Detalle: ana@correo.mx");
	pantalla_says(&p, "Prueba: el mensaje M4x, que conserva el Instituto");
	assert_int_equal(pantalla_key(&p, "Esc").kind, EFFECT_NONE);
	assert_int_equal(pantalla_page(&p).kind, PAGE_LIST);
	assert_int_equal(enter_at(&p, 2).kind, EFFECT_NONE);
	pantalla_says(&p, "Prueba: este evento no tiene acuse propio");
	assert_int_equal(enter_at(&p, 3).screen, SCREEN_acuse);
	assert_int_equal(pantalla_page(&p).kind, PAGE_LIST);
	assert_int_equal(pantalla_key(&p, "H").kind, EFFECT_BACK);
	pantalla_no_memory(&p);
	pantalla_free(&p);
}

/* Read before: there without a line, and said to be of then; after a restart, too (L-6.1). */
static void test_timeline_kept(void **state)
{
	ARENA(a, ROOM);
	struct pantalla p;
	struct m_historia h = timeline();
	struct bytes json;

	(void)state;
	start(&p, "America/Tijuana", "2026-11-16 12:00");
	assert_int_equal(codec_encode(&a, &message_historia, &h, &json), OK);
	assert_int_equal(local_take_historia(p.local, &h, json), OK);
	show(&p, SCREEN_cronologia);
	assert_int_equal(pantalla_page(&p).list.row_count, COUNT_OF(events));
	/* L-5.8: both zones where the domicile has another. */
	assert_string_equal(pantalla_cell(&p, 0, "domicilio"), "09/nov/2026 08:15");
	(void)pantalla_arrived(&p, ROUTE_ID_historia, ERR_NETWORK, false);
	struct page page = pantalla_page(&p);

	assert_int_equal(page.list.above_count, 2);
	assert_non_null(strstr(page.list.above[1].text, "la que se leyó antes en este equipo"));
	assert_int_equal(page.list.row_count, COUNT_OF(events));
	assert_string_equal(enter_at(&p, 3).folio, ACUSE);
	pantalla_free(&p);
}

/* ---- as terminals show them ---- */

static void rows_are(
	struct pantalla *p, enum screen screen, int rows, int cols, const char *const *text)
{
	const struct effect from = effect_to(EFFECT_OPEN, screen, FOLIO);

	pantalla_rows_are(p, &from, pantalla_color, rows, cols, text);
}

static void test_pages(void **state)
{
	static const char *const card[] = {
		"  Notificación",
		"Estatus: notificada",
		"Aviso: lun 09/nov/2026 10:15",
		"Abierta: jue 12/nov/2026 17:52",
		"Notificada: jue 12/nov/2026 17:52",
		"Forma: Al abrirla con e.firma",
		"Plazo para responder: surte efectos el vie 13/nov/2026; el plazo de 15 días",
		"hábiles corre del mar 17/nov/2026 al lun 07/dic/2026.",
		NULL,
	};
	static const char *const card_small[] = {
		"  Notificación",
		"Estatus: notificada",
		"Aviso: lun 09/nov/2026 10:15",
		"Abierta: jue 12/nov/2026 17:52",
		"Notificada: jue 12/nov/2026 17:52",
		NULL,
	};
	static const char *const line[] = {
		"  Cronología",
		"Folio: " FOLIO,
		"  Cuándo (ZC)        Qué                                  Quién          Prueba",
		"▸ 09/nov/2026 10:15  Emitida y firmada por el servidor …  GAIL701010AB1  acuse",
		"  09/nov/2026 10:16  Aviso entregado a quien lo lleva     exim4          envío",
		NULL,
	};
	static const char *const line_small[] = {
		"  Cronología",
		"Folio: " FOLIO,
		"  Cuándo (ZC)        Qué",
		"▸ 09/nov/2026 10:15  Emitida y firmada…",
		NULL,
	};
	struct pantalla p;
	struct m_historia h = timeline();

	(void)state;
	start(&p, ZONA_CENTRO, "2026-11-16 12:00");
	pantalla_fila_de(&p, whole(&p, "2026-11-12 17:52"));
	assert_int_equal(model_arrived(&p.m, ROUTE_ID_historia, &h, (struct bytes){0}), OK);
	rows_are(&p, SCREEN_ficha, 24, 80, card);
	rows_are(&p, SCREEN_ficha, 10, 40, card_small);
	rows_are(&p, SCREEN_cronologia, 24, 80, line);
	rows_are(&p, SCREEN_cronologia, 10, 40, line_small);
	pantalla_free(&p);
}

static int setup(void **state)
{
	(void)state;
	return zona_setup() == OK ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_to_be_opened),
		cmocka_unit_test(test_otherwise),
		cmocka_unit_test(test_horizon),
		cmocka_unit_test(test_vacations),
		cmocka_unit_test(test_timeline),
		cmocka_unit_test(test_timeline_kept),
		cmocka_unit_test(test_pages),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
