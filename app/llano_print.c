#include "app/llano_print.h"

#include <stdarg.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "app/effects.h"
#include "base/texto.h"
#include "tui/plain.h"

#define ROW_BYTES ((size_t)1 << 20)
#define HASH_START 0xcbf29ce484222325u
#define NUMBER_SIZE 32
#define WIDE (1 << 20) /* lines are not broken: the terminal does that */

/* FNV-1a: enough to see that a text is another one. */
static uint64_t hash_text(uint64_t hash, const char *text)
{
	for (; text != NULL && *text != '\0'; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3u;
	return (hash ^ 0xff) * 0x100000001b3u;
}

static uint64_t hash_bytes(uint64_t hash, const void *data, size_t size)
{
	const unsigned char *at = data;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ at[i]) * 0x100000001b3u;
	return hash;
}

/* Whatever stands there without an end (a prompt) is ended first. */
static FILE *begin(struct llano *s)
{
	if (s->out.open)
		(void)fputc('\n', s->out.file);
	s->out.open = false;
	return s->out.file;
}

void llano_say(struct llano *s, const char *format, ...)
{
	va_list args;
	FILE *out = begin(s);

	va_start(args, format);
	(void)vfprintf(out, format, args);
	va_end(args);
	(void)fputc('\n', out);
}

/* 100000 as "100,000". */
static const char *number(size_t n, char to[NUMBER_SIZE])
{
	char digits[NUMBER_SIZE];
	int size = snprintf(digits, sizeof(digits), "%zu", n);
	char *at = to;

	for (int i = 0; i < size && i < 24; i++) {
		if (i > 0 && (size - i) % 3 == 0)
			*at++ = ',';
		*at++ = digits[i];
	}
	*at = '\0';
	return to;
}

uint64_t llano_print_id(const struct llano *s)
{
	const struct level *top = &s->app.stack[s->app.depth - 1];
	const struct page *p = &s->paint.page;
	uint64_t hash = hash_bytes(HASH_START, &top->state, sizeof(top->state));

	hash = hash_bytes(hash, &s->app.depth, sizeof(s->app.depth));
	hash = hash_bytes(hash, &p->kind, sizeof(p->kind));
	hash = hash_bytes(hash, &p->part, sizeof(p->part));
	return hash_text(hash_text(hash, screen_row(top->view->screen)->id), p->title) | 1;
}

/* ---- parts -------------------------------------------------------------------------------- */

static int screen_cells(const struct llano *s)
{
	struct winsize size = {0};

	if (isatty(s->out.fd) == 0)
		return 0;
	return ioctl(s->out.fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

static struct plain_options options_at(const struct llano *s, size_t first)
{
	return (struct plain_options){.numbered = true,
		.labels = true,
		.first = first,
		.utf8 = s->out.utf8,
		.row_cells = screen_cells(s)};
}

static bool row_hash(const struct llano *s, size_t row, uint64_t *ret)
{
	ARENA(a, ROW_BYTES);
	const struct page_list *list = &s->paint.page.list;
	struct page_row made = {0};
	uint64_t hash = HASH_START;

	if (row >= list->row_count || list->row(list->context, &a, row, &made) != OK)
		return false;
	for (size_t i = 0; i < list->column_count; i++)
		hash = hash_text(hash, made.cells != NULL ? made.cells[i] : NULL);
	*ret = hash;
	return true;
}

bool llano_print_same_row(const struct llano *s, size_t printed, size_t now)
{
	const struct llano_printed *p = &s->printed;
	uint64_t hash;

	return printed >= p->first && printed < p->end && row_hash(s, now, &hash) &&
	       hash == p->rows[printed - p->first];
}

static void remember_rows(struct llano *s)
{
	struct llano_printed *p = &s->printed;

	for (size_t row = p->first; row < p->end; row++)
		if (!row_hash(s, row, &p->rows[row - p->first]))
			p->rows[row - p->first] = 0;
}

static void footer(struct llano *s)
{
	const struct llano_printed *p = &s->printed;
	char first[NUMBER_SIZE], last[NUMBER_SIZE], total[NUMBER_SIZE];
	const char *more = p->end < p->total ? _("Enter sigue.") : _("Es el final.");

	if (s->paint.page.kind == PAGE_LIST && p->total > 0)
		llano_say(s, _("Filas %s a %s de %s; %s"), number(p->first + 1, first),
			number(p->end, last), number(p->total, total),
			p->end < p->total ? _("Enter sigue.") : _("es el final."));
	else if (s->paint.page.kind == PAGE_TEXT && (p->end < p->total || p->first > 0))
		llano_say(s, _("Líneas %s a %s de %s. %s"), number(p->first + 1, first),
			number(p->end, last), number(p->total, total), more);
}

/* The part that begins there; its heading only where it is the first. */
static void print_part(struct llano *s, size_t first, const struct page_frame *frame)
{
	struct page shown = s->paint.page;
	struct plain_options o = options_at(s, first);
	struct llano_printed *p = &s->printed;
	enum err err = plain_part(&shown, &o, s->lines, &p->end, &p->total);

	p->first = first;
	if (err == OK && shown.kind == PAGE_LIST)
		remember_rows(s);
	shown.status = NULL;
	if (first > 0) {
		shown.title = NULL;
		shown.list.above_count = 0;
	}
	o.count = p->end - first;
	if (err == OK)
		err = plain_page(begin(s), frame, &shown, &o);
	if (err != OK)
		llano_say(s, "! %s", err_sentence(err));
	footer(s);
}

static size_t part_of(const struct llano *s, size_t row)
{
	return row - row % s->lines;
}

void llano_print_around(struct llano *s, size_t row)
{
	print_part(s, part_of(s, row), NULL);
}

static bool in_parts(const struct llano *s)
{
	return s->paint.page.kind == PAGE_LIST || s->paint.page.kind == PAGE_TEXT;
}

void llano_print_next(struct llano *s)
{
	if (in_parts(s) && s->printed.end < s->printed.total)
		print_part(s, s->printed.end, NULL);
	else
		llano_print_hints(s);
}

/* Where parts end depends on what is in them: counted from the beginning. */
void llano_print_previous(struct llano *s)
{
	size_t first = 0;
	size_t end = 0;
	size_t total = 0;

	if (!in_parts(s) || s->printed.first == 0) {
		llano_say(s, _("Es el principio."));
		return;
	}
	for (;;) {
		struct plain_options o = options_at(s, first);

		if (plain_part(&s->paint.page, &o, s->lines, &end, &total) != OK ||
			end >= s->printed.first || end <= first)
			break;
		first = end;
	}
	print_part(s, first, NULL);
}

/* ---- what was said ------------------------------------------------------------------------ */

static const struct page_paragraph *paragraphs(const struct page *p, size_t *ret_count)
{
	switch (p->kind) {
	case PAGE_LIST:
		*ret_count = p->list.above_count;
		return p->list.above;
	case PAGE_FORM:
		*ret_count = p->form.above_count;
		return p->form.above;
	case PAGE_DIALOG:
		*ret_count = p->dialog.count;
		return p->dialog.paragraphs;
	case PAGE_TEXT:
	default:
		*ret_count = p->text.count;
		return p->text.paragraphs;
	}
}

static uint64_t paragraph_hash(const struct page_paragraph *p)
{
	return hash_text(hash_text(HASH_START, p->label), p->text);
}

static bool was_said(const struct llano_printed *p, uint64_t hash)
{
	for (size_t i = 0; i < p->said_count; i++)
		if (p->said[i] == hash)
			return true;
	return false;
}

static void remember_said(struct llano *s)
{
	size_t count = 0;
	const struct page_paragraph *list = paragraphs(&s->paint.page, &count);

	s->printed.said_count = 0;
	for (size_t i = 0; i < count && i < LLANO_SAID; i++)
		s->printed.said[s->printed.said_count++] = paragraph_hash(&list[i]);
}

/* Paragraphs that were not there before; false where there are none. */
static bool say_new(struct llano *s)
{
	size_t count = 0;
	const struct page_paragraph *list = paragraphs(&s->paint.page, &count);
	struct plain_options o = options_at(s, 0);
	bool any = false;

	for (size_t i = 0; i < count && i < LLANO_SAID; i++) {
		if (was_said(&s->printed, paragraph_hash(&list[i])))
			continue;
		const struct page one = {.kind = PAGE_TEXT, .text = {&list[i], 1}};

		any = plain_page(begin(s), NULL, &one, &o) == OK || any;
	}
	return any;
}

void llano_print_status(struct llano *s, const char *status)
{
	(void)snprintf(s->printed.status, sizeof(s->printed.status), "%s", status);
	if (status[0] != '\0')
		llano_say(s, "%s", status);
}

static bool say_status(struct llano *s)
{
	const char *status = s->paint.page.status;

	if (status == NULL ||
		strncmp(status, s->printed.status, sizeof(s->printed.status) - 1) == 0)
		return false;
	llano_print_status(s, status);
	return status[0] != '\0';
}

/* The same in other numbers (how many KB, what time it is) is not said again. */
void llano_print_waiting(struct llano *s)
{
	const char *status = s->paint.page.status;
	const char *known = s->printed.status;
	const char *digits = "0123456789";

	if (status == NULL)
		return;
	while (*status != '\0' && *known != '\0') {
		status += strspn(status, digits);
		known += strspn(known, digits);
		if (*status == '\0' || *status != *known)
			break;
		status++;
		known++;
	}
	if (*status != '\0' || *known != '\0')
		(void)say_status(s);
}

/* What a synchronisation may change of a page without another page coming of it. */
static uint64_t hash_buzon(const struct model *m)
{
	const struct m_cuenta *c = m->cuenta;
	uint64_t hash = HASH_START;

	if (c == NULL)
		return hash;
	hash = hash_bytes(hash, &c->habilitado, sizeof(c->habilitado));
	for (size_t i = 0; i < c->medios_count; i++) {
		const struct m_medio *x = &c->medios[i];
		const int64_t when[] = {x->registrado, x->validado, x->baja};

		hash = hash_text(hash_bytes(hash, when, sizeof(when)), x->aviso);
	}
	for (size_t i = 0; i < c->representantes_count; i++)
		hash = hash_text(hash, c->representantes[i].estado);
	for (size_t i = 0; i < c->representados_count; i++)
		hash = hash_text(hash, c->representados[i].estado);
	return hash;
}

static bool shows_buzon(enum screen screen)
{
	static const enum screen list[] = {SCREEN_inicio, SCREEN_medios, SCREEN_medio,
		SCREEN_medio_validar, SCREEN_activacion, SCREEN_papeles, SCREEN_representantes,
		SCREEN_representante};

	for (size_t i = 0; i < COUNT_OF(list); i++)
		if (list[i] == screen)
			return true;
	return false;
}

void llano_print_known(struct llano *s)
{
	struct cuenta *c = s->app.actual;

	s->known.cuenta = c;
	s->known.rows = tabla_totales(&c->model.tabla)->filas;
	s->known.buzon = hash_buzon(&c->model);
	(void)snprintf(s->known.acuse, sizeof(s->known.acuse), "%s", c->model.ultimo_acuse);
}

/* Of an act that was signed before; the one that is shown needs no word. */
static void say_acuse(struct llano *s)
{
	const struct cuenta *c = s->app.actual;
	const char *acuse = c->model.ultimo_acuse;

	if (s->known.cuenta == c && strcmp(s->known.acuse, acuse) != 0 &&
		effects_top(&s->app)->view->screen != SCREEN_acuse)
		llano_say(s, _("Llegó el acuse %s."), acuse);
}

void llano_print_news(struct llano *s)
{
	struct llano_known old = s->known;
	char n[NUMBER_SIZE];

	say_acuse(s);
	llano_print_known(s);
	if (old.cuenta != s->known.cuenta)
		return;
	if (s->known.rows > old.rows)
		llano_say(s,
			ngettext("Llegó %s notificación; escribe . para ver la pantalla de nuevo.",
				"Llegaron %s notificaciones; escribe . para ver la pantalla de nuevo.",
				s->known.rows - old.rows),
			number(s->known.rows - old.rows, n));
	if (s->known.buzon != old.buzon && shows_buzon(effects_top(&s->app)->view->screen))
		llano_say(s, _("Cambió lo que dice esta pantalla; escribe . para verla de nuevo."));
	if (s->asked_state && say_status(s))
		s->asked_state = false;
}

void llano_print_hints(struct llano *s)
{
	enum screen screen = effects_top(&s->app)->view->screen;
	bool first = true;
	FILE *out = begin(s);

	(void)fputs(s->paint.page.kind == PAGE_LIST && s->paint.page.list.row_count > 0
			    ? _("Un número abre ese renglón. Puedes escribir: ")
			    : _("Puedes escribir: "),
		out);
	for (unsigned i = 0; i < ACTION_COUNT; i++) {
		const struct action_row *row = action_row((enum action)i);

		if ((row->where & 1u << screen) == 0 || row->word[0] == '\0' ||
			i == ACTION_form_help || action_muted(&s->paint.page, (enum action)i))
			continue;
		(void)fprintf(out, "%s%s", first ? "" : ", ", row->command);
		first = false;
	}
	(void)fprintf(out, "%s%s\n", first ? "" : ", ", _("salir, o . para repetir."));
}

/* ---- the page ----------------------------------------------------------------------------- */

static const struct page_frame *new_frame(struct llano *s)
{
	const struct page_frame *f = &s->paint.frame;
	uint64_t who = hash_text(hash_text(HASH_START, f->rfc), f->banner);
	bool same = who == s->printed.who && !s->again;

	s->printed.who = who;
	return same ? NULL : f;
}

static void print_whole(struct llano *s, uint64_t id)
{
	const struct page *p = &s->paint.page;
	bool again = s->printed.page == id && in_parts(s) && s->printed.first < s->printed.total;
	size_t first = p->kind == PAGE_LIST ? part_of(s, p->list.selected) : 0;
	enum screen screen = effects_top(&s->app)->view->screen;

	print_part(s, again ? s->printed.first : first, new_frame(s));
	s->printed.page = id;
	s->printed.status[0] = '\0';
	(void)say_status(s);
	if (in_parts(s) && s->printed.hints != screen)
		llano_print_hints(s);
	s->printed.hints = screen;
}

static void print_row(struct llano *s)
{
	struct page shown = s->paint.page;
	struct plain_options o = options_at(s, shown.list.selected);

	shown.title = NULL;
	shown.status = NULL;
	shown.list.above_count = 0;
	o.count = 1;
	if (plain_page(begin(s), NULL, &shown, &o) != OK)
		llano_say(s, "! %s", err_sentence(ERR_NO_MEMORY));
}

/* A text that was searched goes on where it was found. */
static bool print_found(struct llano *s)
{
	const struct widget *w = &effects_top(&s->app)->widget;

	if (s->paint.page.kind != PAGE_TEXT || w->search.line == s->printed.found ||
		w->search.line >= s->printed.total)
		return false;
	s->printed.found = w->search.line;
	print_part(s, w->search.line, NULL);
	return true;
}

void llano_print_ready(struct llano *s)
{
	struct widget *w = &effects_top(&s->app)->widget;

	w->body_cols = WIDE;
	w->body_utf8 = s->out.utf8;
	w->pager.top = s->printed.first;
	w->pager.height = s->printed.end - s->printed.first;
	s->printed.found = w->search.line;
}

static void print_changes(struct llano *s)
{
	const struct page *p = &s->paint.page;
	size_t count = 0;
	bool any = say_new(s);

	(void)paragraphs(p, &count);

	if (p->kind == PAGE_LIST && p->list.selected != s->printed.selected &&
		p->list.selected < p->list.row_count) {
		size_t part = part_of(s, p->list.selected);

		/* Its number can be chosen now. */
		if (part != s->printed.first || p->list.row_count != s->printed.total)
			print_part(s, part, NULL);
		llano_say(s, _("Renglón señalado:"));
		print_row(s);
		any = true;
	}
	any = say_status(s) || any;
	any = print_found(s) || any;
	if (!any && count < s->printed.said_count) {
		print_whole(s, s->printed.page);
	} else if (!any && in_parts(s)) {
		/* The same answer to the same question is an answer. */
		if (s->printed.status[0] != '\0')
			llano_say(s, "%s", s->printed.status);
		llano_say(s, _("Sin cambios; escribe . para verla de nuevo."));
	}
}

void llano_print(struct llano *s)
{
	const struct page *p = &s->paint.page;
	const struct dialog *dialog = &effects_top(&s->app)->widget.dialog;
	uint64_t id = llano_print_id(s);
	bool asks = p->kind == PAGE_DIALOG && dialog->shown != s->printed.question;

	if (id != s->printed.page || s->again || asks)
		print_whole(s, id);
	else
		print_changes(s);
	s->again = false;
	s->printed.question = p->kind == PAGE_DIALOG ? dialog->shown : 0;
	s->printed.selected = p->kind == PAGE_LIST ? p->list.selected : 0;
	remember_said(s);
	say_acuse(s);
	llano_print_known(s);
}
