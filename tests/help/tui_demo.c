#include "tests/help/tui_demo.h"

#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "tui/draw.h"

static const struct page_menu menu[] = {{"1", "Inicio"}, {"2", "Calendario"}, {"3", "Documentos"},
	{"4", "Medios"}, {"5", "Comunicados"}, {"6", "Promociones"}, {"7", "Notificaciones"},
	{"8", "Cobranza"}, {"9", "Opinión"}};
static const struct page_hint hints[] = {
	{"Enter", "abrir"}, {"/", "buscar"}, {"f", "filtrar"}, {"?", "ayuda"}};
static const struct page_column columns[] = {{"Vence", "vence", 12, 0, false, 0},
	{"Folio", "folio", 21, 0, false, 2}, {"Documento", "documento", 16, 1, false, 0},
	{"Estatus", "estatus", 9, 0, false, 1}};
static const char *const documents[] = {"Resolución de rectificación de la prima",
	"Oficio\x1b de\xe2\x80\xae multa", "Cédula de liquidación", "Requerimiento de pago"};
static size_t rows_asked;

static enum err demo_row(void *context, struct arena *a, size_t row, struct page_row *ret_row)
{
	const char **cells = arena_array(a, 4, sizeof(*cells));

	(void)context;
	rows_asked++;
	if (cells == NULL)
		return ERR_NO_MEMORY;
	cells[0] = row == 0 ? "HOY 23:59" : arena_printf(a, "%02zu/dic 23:59", row % 28 + 1);
	cells[1] = arena_printf(a, "BI-20261109-%09zu", 101500114 + row);
	cells[2] = documents[row % COUNT_OF(documents)];
	cells[3] = row % 2 == 0 ? "por abrir" : "abierta";
	*ret_row = (struct page_row){.cells = cells, .marked = row == 2};
	return OK;
}

static const struct page_field fields[] = {
	{.kind = PAGE_FIELD_TEXT, .key = "rfc", .label = "RFC", .required = true, .limit = 13},
	{.kind = PAGE_FIELD_FILE, .key = "cer", .label = "Certificado (.cer)", .required = true},
	{.kind = PAGE_FIELD_SECRET, .key = "clave", .label = "Contraseña", .required = true},
	{.kind = PAGE_FIELD_AREA, .key = "texto", .label = "Promoción", .limit = 4000},
	{.kind = PAGE_FIELD_BUTTON, .key = "firmar", .label = "Firmar"}};
static struct page_field live[5];

static const struct page_paragraph effect[] = {{.style = PAGE_HEADING, .text = "Efectos de abrir"},
	{.text = "Si la abres ahora, quedas notificado hoy jue 12/nov/2026 17:52; si no la abres "
		 "hoy, el vie 13/nov/2026 09:30."},
	{.style = PAGE_PAIR, .label = "Aviso", .text = "09/nov/2026"},
	{.style = PAGE_WARNING, .text = "El plazo correría hasta el 04/dic/2026."}};
static const struct page_button buttons[] = {{"Volver", "volver"}, {"Abrir y firmar", "abrir"}};
static struct page_paragraph many[200];
static char numbered[200][64];

static struct page demo_page(enum demo which, size_t cursor)
{
	struct page p = {.title = "Notificaciones",
		.status = "Sincronizado 17:52:04 · 2 actos",
		.hints = hints,
		.hint_count = COUNT_OF(hints)};

	for (size_t i = 0; i < COUNT_OF(many); i++) {
		(void)snprintf(numbered[i], sizeof(numbered[i]), "Línea %zu del documento", i + 1);
		many[i] = (struct page_paragraph){.text = numbered[i]};
	}
	p.kind = which == DEMO_FORM	? PAGE_FORM
		 : which == DEMO_DIALOG ? PAGE_DIALOG
		 : which == DEMO_TEXT	? PAGE_TEXT
					: PAGE_LIST;
	p.list = (struct page_list){.columns = columns,
		.column_count = COUNT_OF(columns),
		.row_count = which == DEMO_EMPTY ? 0 : 100000,
		.row = demo_row,
		.selected = cursor,
		.empty = "No hay notificaciones. Oprime r para actualizar."};
	p.form = (struct page_form){.fields = live, .count = COUNT_OF(live)};
	p.dialog = (struct page_dialog){.paragraphs = effect,
		.count = COUNT_OF(effect),
		.buttons = buttons,
		.button_count = COUNT_OF(buttons)};
	p.text = (struct page_text){.paragraphs = many, .count = COUNT_OF(many)};
	return p;
}

static const struct page_frame frame = {.program = "Buzón IMSS",
	.who = "Ferretería Ñandú SA de CV",
	.rfc = "FÑA010203AB1",
	.banner = "PRUEBA",
	.clock = "jue 12/nov/2026 17:52 ZC",
	.menu = menu,
	.menu_count = COUNT_OF(menu),
	.menu_current = 6};

struct demo_state {
	struct term *term;
	struct widget w;
	struct page page;
	bool paint;
	bool out;
	int code;
};

/* A key that is not the widget's. */
static void demo_command(struct demo_state *d, uint32_t key)
{
	if (key == 'q') {
		d->out = true;
	} else if (key == '/') {
		d->code = prompt_open(&d->w, "/", "") == OK ? d->code : 98;
		d->paint = true;
	} else if (key == 'n' || key == 'N') {
		d->code = widget_search(&d->w, &d->page, NULL, key == 'N') ? 0 : 96;
		d->paint = true;
	} else if (key == 'X') {
		(void)fprintf(stderr, "biblioteca: aviso\n");
	} else if (key == 'S') {
		struct secret *s = form_secret(&d->w.form, "clave");

		d->code = s != NULL && s->size == 5 ? 55 : 56;
		d->out = true;
	} else if (key == KEYS_CTRL('L')) {
		term_redraw(d->term);
		d->paint = true;
	} else if (key == KEYS_ESC) {
		d->code = 27;
		d->out = true;
	}
}

static void demo_event(struct demo_state *d, const struct key_event *e)
{
	struct widget_event we;

	if (e->kind == KEY_KIND_EOF) {
		d->code = 7;
		d->out = true;
	} else if (e->kind == KEY_KIND_RESIZE) {
		d->paint = true;
	} else if (!widget_key(&d->w, &d->page, e, &we)) {
		demo_command(d, e->key);
	} else if (we.kind == WIDGET_MOVED && we.light && !d->paint) {
		draw_marker(d->term, &d->w);
	} else {
		d->paint = true;
		if (we.kind == WIDGET_PRESSED) {
			d->code = 40 + (int)we.index;
			d->out = true;
		}
		if (we.kind == WIDGET_LEFT && we.index == 0)
			live[0].error = "Faltan caracteres";
		if (we.kind == WIDGET_COMPLETE)
			prompt_note(&d->w, "[uno] dos");
		if (we.kind == WIDGET_ENTERED) {
			(void)widget_search(&d->w, &d->page, we.value, false);
			prompt_close(&d->w);
		}
	}
}

static int demo_loop(struct term *t, enum demo which)
{
	struct demo_state d = {.term = t};
	struct pollfd fd = {.fd = term_fd(t), .events = POLLIN};
	struct key_event e;

	widget_init(&d.w);
	memcpy(live, fields, sizeof(live));
	while (!d.out) {
		d.page = demo_page(which, d.w.list.cursor);
		d.paint = false;
		if (widget_sync(&d.w, &d.page) != OK)
			return 99;
		draw_page(t, &frame, &d.page, &d.w);
		while (!d.paint && !d.out) {
			term_idle(t);
			(void)poll(&fd, 1, -1);
			while (!d.out && term_key(t, &e))
				demo_event(&d, &e);
		}
	}
	if (which == DEMO_FORM && d.code == 40 + 4)
		d.code = strcmp(form_value(&d.w.form, "rfc"), "FÑA010203AB1") == 0 ? 60 : 61;
	if (which == DEMO_LIST && d.code == 0 && rows_asked > 1000)
		d.code = 97;
	widget_free(&d.w);
	return d.code;
}

int tui_demo(void *context)
{
	enum demo which = *(enum demo *)context;
	struct term *t = NULL;

	setlocale(LC_ALL, "");
	term_mono(which == DEMO_MONO);
	if (which == DEMO_NO_HANGUP)
		(void)signal(SIGHUP, SIG_IGN);
	if (term_start(&t) != OK) {
		puts("sin terminal");
		(void)fflush(stdout);
		return 69;
	}
	int code = demo_loop(t, which == DEMO_MONO ? DEMO_DIALOG : which);

	term_stop(t);
	return code;
}
