#include "screens/notificaciones.h"

#include <stdio.h>
#include "base/texto.h"
#include "screens/marcas.h"
#include "screens/orden.h"
#include "screens/parrafos.h"
#include "screens/renglon.h"

#define ROW_BYTES ((size_t)64 << 10) /* a row of the list, decoded */
#define BULK_BYTES ((size_t)1 << 20) /* folios of MARCAS_MOST */

/* What the prompt that is open asks for. */
enum asked { ASKED_SEARCH, ASKED_FILTER };

struct notificaciones {
	char folio[MODEL_FOLIO]; /* under the cursor; "": the first */
	size_t index;		 /* where it stood last */
	char acuse[MODEL_FOLIO];
	char search[128];
	enum asked asked;
	struct marcas marcas;
	struct arena bulk; /* of the effect's folios */
	char status[160];
};

/* What a row callback needs; lives in the page's arena. */
struct rows {
	struct model *model;
	const struct marcas *marcas;
	int64_t now;
};

/* As arguments.def has them, in the order of the enum. */
static const char *const sort_names[POR_COUNT] = {
	N_("vencimiento"), N_("aviso"), N_("folio"), N_("documento")};

static void say(struct notificaciones *s, const char *format, ...) PRINTF_LIKE(2, 3);

static void say(struct notificaciones *s, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(s->status, sizeof(s->status), format, args);
	va_end(args);
}

/* ---- rows ---- */

static enum err make_row(void *context, struct arena *a, size_t index, struct page_row *ret)
{
	const struct rows *rows = context;
	const char *const *cells = NULL;
	struct fila row;
	enum err err = tabla_at(&rows->model->lista, a, index, &row);

	if (err == OK)
		err = renglon_cells(a, rows->model, &row, rows->now, &cells);
	if (err != OK)
		return err;
	*ret = (struct page_row){.cells = cells,
		.marked = marcas_has(rows->marcas, row.m.folio),
		.style = renglon_style(row.due, rows->now)};
	return OK;
}

/* ---- the cursor ---- */

static void keep(struct notificaciones *s, struct model *m, size_t index)
{
	char folio[TABLA_FOLIO];

	if (tabla_folio(&m->lista, index, folio) != OK)
		return;
	memcpy(s->folio, folio, sizeof(folio));
	s->index = index;
}

/* The row of the cursor; one that left the query gives its place to the row that stands there. */
static size_t cursor(struct notificaciones *s, struct model *m)
{
	size_t count = tabla_count(&m->lista);
	size_t index;

	if (s->folio[0] != '\0' && tabla_index(&m->lista, s->folio, &index) == OK) {
		s->index = index;
		return index;
	}
	if (count != 0)
		keep(s, m, s->index < count ? s->index : count - 1);
	return s->index;
}

static enum err current(
	struct notificaciones *s, struct model *m, struct arena *a, struct fila *ret)
{
	return tabla_at(&m->lista, a, cursor(s, m), ret);
}

/* ---- the query ---- */

static bool filtered(const struct model *m)
{
	return filtro_hay(&m->lista.filtro);
}

static size_t name_of(const char *const *names, size_t count, const char *text)
{
	size_t i = 0;

	while (i < count && strcmp(names[i], text) != 0)
		i++;
	return i;
}

/* What was typed stands beside what is in force; nothing typed takes all of it away. */
static void filter(struct notificaciones *s, struct model *m, const char *text)
{
	ARENA(a, ROW_BYTES);
	struct tabla *t = &m->lista;
	struct filtro made = t->filtro;
	const char *why = NULL;

	if (text[strspn(text, " ")] == '\0')
		made = (struct filtro){0};
	enum err err = filtro_tomar(&a, &made, text, &why);

	if (err != OK) {
		say(s, "%s", err == ERR_BAD_FIELD && why != NULL ? why : err_sentence(err));
		return;
	}
	tabla_query(t, t->por, &made);
	if (tabla_count(t) == 0 && t->err == OK)
		say(s, _("Nada cumple el filtro; Esc lo quita."));
}

/* `text` NULL: the next order. */
static void sort(struct notificaciones *s, struct model *m, const char *text)
{
	struct tabla *t = &m->lista;
	size_t which = text == NULL ? ((size_t)t->por + 1) % POR_COUNT
				    : name_of(sort_names, POR_COUNT, text);

	if (which == POR_COUNT)
		return;
	const struct filtro same = t->filtro;

	tabla_query(t, (enum fila_por)which, &same);
	say(s, _("En orden de %s."), texto(sort_names[which]));
}

/* From the row after (or before) the cursor's, going round; the cursor's own comes last. */
static void search(struct notificaciones *s, struct model *m, bool backwards)
{
	size_t index;

	if (s->search[0] == '\0')
		return;
	enum err err = tabla_search(&m->lista, s->search, cursor(s, m), backwards, &index);

	if (err == OK)
		keep(s, m, index);
	else if (err == ERR_NOT_FOUND)
		say(s, _("No hay coincidencias; / busca otra cosa."));
}

/* What was just typed is found where the cursor stands, too. */
static void search_new(struct notificaciones *s, struct model *m, const char *words)
{
	ARENA(a, ROW_BYTES);
	struct fila row;

	(void)snprintf(s->search, sizeof(s->search), "%s", words);
	const char *needle = fila_fold(&a, s->search);
	const char *text = current(s, m, &a, &row) == OK ? fila_plegado(&a, &row) : NULL;

	if (needle == NULL || text == NULL || strstr(text, needle) == NULL)
		search(s, m, false);
}

/* ---- marks ---- */

static void mark(struct notificaciones *s, struct model *m)
{
	size_t index = cursor(s, m);
	enum err err = OK;

	if (tabla_count(&m->lista) == 0)
		return;
	if (marcas_has(&s->marcas, s->folio))
		marcas_remove(&s->marcas, s->folio);
	else
		err = marcas_add(&s->marcas, s->folio);
	if (err == ERR_TOO_LARGE)
		say(s, _("Se marcan %d cuando más; descarga esas primero (d)."), MARCAS_MOST);
	else if (err != OK)
		say(s, "%s", err_sentence(err));
	else if (index + 1 < tabla_count(&m->lista))
		keep(s, m, index + 1);
}

/* All of the query; where all of it is marked already, none of it. */
static void mark_all(struct notificaciones *s, struct model *m)
{
	size_t count = tabla_count(&m->lista);
	size_t before = s->marcas.count;
	char folio[TABLA_FOLIO];
	size_t i = 0;
	enum err err = OK;

	for (; err == OK && i < count; i++) {
		err = tabla_folio(&m->lista, i, folio);
		if (err == OK)
			err = marcas_add(&s->marcas, folio);
	}
	if (err == OK && s->marcas.count == before) {
		for (i = 0; i < count; i++)
			if (tabla_folio(&m->lista, i, folio) == OK)
				marcas_remove(&s->marcas, folio);
	}
	if (err == ERR_TOO_LARGE)
		say(s, _("Se marcaron %zu de %zu: no caben más; descarga esas primero (d)."),
			s->marcas.count, count);
	else if (err != OK)
		say(s, "%s", err_sentence(err));
	else
		say(s, ngettext("%zu marcada.", "%zu marcadas.", s->marcas.count), s->marcas.count);
}

/* ---- acts ---- */

/* What can still be opened, by its effects; anything else, all that is known of it. */
static struct effect open_row(struct notificaciones *s, struct model *m)
{
	ARENA(a, ROW_BYTES);
	struct fila row;

	if (current(s, m, &a, &row) != OK)
		return effect_of(EFFECT_NONE);
	return effect_to(EFFECT_OPEN, fila_cerrada(&row) ? SCREEN_ficha : SCREEN_efecto, s->folio);
}

static struct effect card(struct notificaciones *s, struct model *m)
{
	(void)cursor(s, m);
	if (tabla_count(&m->lista) == 0)
		return effect_of(EFFECT_NONE);
	return effect_to(EFFECT_OPEN, SCREEN_ficha, s->folio);
}

static struct effect receipt(struct notificaciones *s, struct model *m)
{
	ARENA(a, ROW_BYTES);
	struct fila row;

	if (current(s, m, &a, &row) != OK || row.m.acuse == NULL) {
		say(s, _("Todavía no hay acuse: lo habrá al abrirse o al vencer el plazo."));
		return effect_of(EFFECT_NONE);
	}
	(void)snprintf(s->acuse, sizeof(s->acuse), "%s", row.m.acuse);
	return effect_to(EFFECT_OPEN, SCREEN_acuse, s->acuse);
}

/* Its document may be read: it was opened, or notified otherwise. */
static bool readable(const struct fila *row)
{
	return fila_cerrada(row) && row->estado != FILA_RETIRADA;
}

/* Those that may be read among the marked (or the one under the cursor); the others are counted. */
static enum err choose(struct notificaciones *s, struct model *m, const char ***ret,
	size_t *ret_count, size_t *out)
{
	size_t all = s->marcas.count != 0 ? s->marcas.count : tabla_count(&m->lista) != 0;
	const char **folios = arena_array(&s->bulk, all + 1, sizeof(*folios));
	size_t n = 0;

	(void)cursor(s, m);
	for (size_t i = 0; folios != NULL && i < all; i++) {
		ARENA(a, ROW_BYTES);
		const char *folio = s->marcas.count != 0 ? s->marcas.folios[i] : s->folio;
		struct fila row;

		if (tabla_find(&m->tabla, &a, folio, &row) != OK || !readable(&row))
			continue;
		folios[n] = arena_strdup(&s->bulk, folio);
		if (folios[n++] == NULL)
			return ERR_NO_MEMORY;
	}
	*ret = folios;
	*ret_count = n;
	*out = all - n;
	return folios != NULL ? OK : ERR_NO_MEMORY;
}

/* What nobody opened is not served by asking for it: it is left out, and said. */
static struct effect download(struct notificaciones *s, struct model *m)
{
	struct effect effect = effect_of(EFFECT_BULK);
	const char **folios = NULL;
	size_t out = 0;

	arena_free(&s->bulk);
	enum err err = choose(s, m, &folios, &effect.folio_count, &out);

	if (err != OK || effect.folio_count == 0) {
		say(s, "%s",
			err != OK ? err_sentence(err)
			: out > 0 ? _("Nada que descargar: está sin abrir; ábrela primero (Enter).")
				  : _("Nada que descargar."));
		return effect_of(EFFECT_NONE);
	}
	if (out > 0)
		say(s, _("Descargando %zu con su acuse; fuera por no estar abiertas: %zu."),
			effect.folio_count, out);
	else
		say(s, _("Descargando %zu con su acuse."), effect.folio_count);
	effect.folios = folios;
	return effect;
}

static struct effect copy(struct notificaciones *s, struct model *m)
{
	struct effect effect = effect_of(EFFECT_COPY);

	(void)cursor(s, m);
	if (tabla_count(&m->lista) == 0)
		return effect_of(EFFECT_NONE);
	effect.text = s->folio;
	say(s, _("Copiado: %s"), s->folio);
	return effect;
}

/* The filter goes first, then the marks, then the screen. */
static struct effect back(struct notificaciones *s, struct model *m)
{
	if (filtered(m)) {
		tabla_query(&m->lista, m->lista.por, NULL);
		return effect_of(EFFECT_NONE);
	}
	if (s->marcas.count == 0)
		return effect_of(EFFECT_BACK);
	say(s, ngettext("Se quitó %zu marca.", "Se quitaron %zu marcas.", s->marcas.count),
		s->marcas.count);
	marcas_free(&s->marcas);
	return effect_of(EFFECT_NONE);
}

static struct effect ask(struct notificaciones *s, enum asked asked)
{
	struct effect prompt = effect_of(EFFECT_PROMPT);

	s->asked = asked;
	prompt.text = asked == ASKED_SEARCH ? "/" : _("Filtro: ");
	if (asked == ASKED_FILTER)
		prompt.asks = ACTION_filter;
	return prompt;
}

/* What changes the list, or what is seen of it. */
static struct effect act_list(struct notificaciones *s, struct model *m, const struct event *e)
{
	switch (e->action) {
	case ACTION_search:
		if (e->value == NULL)
			return ask(s, ASKED_SEARCH);
		search_new(s, m, e->value);
		break;
	case ACTION_next:
	case ACTION_previous:
		search(s, m, e->action == ACTION_previous);
		break;
	case ACTION_filter:
		if (e->value == NULL)
			return ask(s, ASKED_FILTER);
		filter(s, m, e->value);
		break;
	case ACTION_sort:
		sort(s, m, e->value);
		break;
	case ACTION_mark:
		if (e->value == NULL)
			mark(s, m);
		else
			mark_all(s, m);
		break;
	case ACTION_mark_all:
		mark_all(s, m);
		break;
	default:
		break;
	}
	return effect_of(EFFECT_NONE);
}

static struct effect act_action(struct notificaciones *s, struct model *m, const struct event *e)
{
	s->status[0] = '\0';
	switch (e->action) {
	case ACTION_open:
		return open_row(s, m);
	case ACTION_receipt:
		return receipt(s, m);
	case ACTION_card:
		return card(s, m);
	case ACTION_download:
		if (e->value != NULL && s->marcas.count == 0)
			mark_all(s, m);
		return download(s, m);
	case ACTION_copy:
		return copy(s, m);
	case ACTION_refresh:
		return effect_of(EFFECT_SYNC);
	case ACTION_lock:
		return effect_of(EFFECT_LOCK);
	case ACTION_back:
		return back(s, m);
	default:
		return act_list(s, m, e);
	}
}

static struct effect act(void *state, struct model *m, const struct event *e)
{
	struct notificaciones *s = state;

	switch (e->kind) {
	case EVENT_MOVED:
		keep(s, m, e->index);
		break;
	case EVENT_ENTERED:
		if (s->asked == ASKED_FILTER)
			filter(s, m, e->value);
		else
			search_new(s, m, e->value);
		break;
	case EVENT_ACTION:
		return act_action(s, m, e);
	case EVENT_SAVED:
		say(s, "%s%s", e->err == OK ? _("Se guardaron ") : err_sentence(e->err),
			e->err == OK && e->value != NULL ? e->value : "");
		break;
	default:
		/* The row under the cursor keeps it, even if it was only there by being first. */
		break;
	}
	return effect_of(EFFECT_NONE);
}

static struct effect open(
	void *state, struct model *m, const struct effect *from, const struct event *e)
{
	struct notificaciones *s = state;

	(void)from;
	(void)e;
	arena_init(&s->bulk, BULK_BYTES);
	tabla_query(&m->lista, POR_VENCIMIENTO, NULL);
	keep(s, m, 0);
	return effect_of(EFFECT_NONE);
}

static void close(void *state)
{
	struct notificaciones *s = state;

	marcas_free(&s->marcas);
	arena_free(&s->bulk);
}

/* ---- the page ---- */

/* "Filtro: por abrir, «prima» (3 de 120; Esc lo quita)" and "2 marcadas". */
static void above(struct parrafos *p, const struct notificaciones *s, struct model *m)
{
	struct tabla *t = &m->lista;

	if (filtered(m)) {
		const char *says = filtro_texto(p->arena, &t->filtro);

		p->failed = p->failed || says == NULL;
		parrafos_add(p, PAGE_NORMAL, _("Filtro: %s (%zu de %zu; Esc lo quita)"),
			says != NULL ? says : "", tabla_count(t), tabla_totales(t)->filas);
	}
	if (s->marcas.count != 0)
		parrafos_add(p, PAGE_NORMAL,
			ngettext("%zu marcada", "%zu marcadas", s->marcas.count), s->marcas.count);
}

/* "Mis notificaciones, por aviso: por abrir, tipo R-7.3". NULL: no memory. */
static const char *title(struct arena *a, const struct model *m)
{
	const char *says = filtro_texto(a, &m->lista.filtro);
	const char *base = m->lista.por == POR_VENCIMIENTO
				   ? _("Mis notificaciones")
				   : arena_printf(a, _("Mis notificaciones, por %s"),
					     texto(sort_names[m->lista.por]));

	if (says == NULL || base == NULL || says[0] == '\0')
		return says == NULL ? NULL : base;
	return arena_printf(a, _("%s: %s"), base, says);
}

static const char *nothing(const struct model *m)
{
	if (filtered(m))
		return _("Nada cumple el filtro; Esc lo quita.");
	return m->cursor[0] != '\0'
		       ? _("No tienes notificaciones. Cuando llegue un aviso aparecerá aquí solo.")
		       : _("Todavía no se recibe nada del servidor; abajo dice por qué.");
}

static enum err page(void *state, struct model *m, struct arena *a, int64_t now, struct page *ret)
{
	struct notificaciones *s = state;
	struct rows *rows = arena_alloc(a, sizeof(*rows));
	struct parrafos p;

	if (rows == NULL)
		return ERR_NO_MEMORY;
	*rows = (struct rows){m, &s->marcas, now};
	parrafos_init(&p, a);
	above(&p, s, m);
	if (p.failed)
		return ERR_NO_MEMORY;
	ret->kind = PAGE_LIST;
	ret->title = title(a, m);
	if (ret->title == NULL)
		return ERR_NO_MEMORY;
	ret->list = (struct page_list){
		.columns = renglon_columns,
		.column_count = RENGLON_COLUMNS,
		.row = make_row,
		.context = rows,
		.selected = cursor(s, m),
		.row_count = tabla_count(&m->lista),
		.empty = nothing(m),
		.above = p.rows,
		.above_count = p.count,
	};
	if (s->status[0] != '\0')
		ret->status = s->status;
	else if (m->lista.err != OK)
		ret->status = err_sentence(m->lista.err);
	return OK;
}

const struct view view_notificaciones = {
	.screen = SCREEN_notificaciones,
	.size = sizeof(struct notificaciones),
	.open = open,
	.act = act,
	.page = page,
	.close = close,
};
