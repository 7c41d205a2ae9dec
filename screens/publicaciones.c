#include "screens/publicaciones.h"

#include <stdio.h>
#include "base/texto.h"
#include "screens/orden.h"
#include "screens/parrafos.h"

#define ROW_BYTES ((size_t)512 << 10) /* a row with its text, decoded */
#define BULK_BYTES ((size_t)1 << 20)  /* folios of MARCAS_MOST */

/* What a row callback needs; lives in the page's arena. */
struct rows {
	struct cartelera *list;
	const struct marcas *marcas;
	int64_t now;
};

static const struct page_column columns[] = {
	{.label = N_("Publicado"), .key = "publicada", .min = 11},
	{.label = "", .key = "leida", .min = 5, .drop = 1},
	{.label = N_("Título"), .key = "titulo", .min = 18, .weight = 2},
	{.label = N_("Tipo"), .key = "tipo", .min = 12, .weight = 1, .drop = 2},
	{.label = N_("Archivo"), .key = "archivo", .min = 8, .drop = 3, .right = true},
};

/* As arguments.def has them, in the order of the enums. */
static const char *const filter_names[CARTELERA_FILTROS] = {
	N_("todas"), N_("sin leer"), N_("para mí"), N_("con archivo")};
static const char *const sort_names[CARTELERA_ORDENES] = {N_("fecha"), N_("tipo"), N_("título")};

static struct cartelera *list_of(const struct publicaciones *s, struct model *m)
{
	return s->clase == CARTELERA_DOCUMENTOS ? &m->documentos_publicados : &m->comunicados;
}

static void say(struct publicaciones *s, const char *format, ...) PRINTF_LIKE(2, 3);

static void say(struct publicaciones *s, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(s->status, sizeof(s->status), format, args);
	va_end(args);
}

/* ---- rows ---- */

static const char *size_of(struct arena *a, const struct m_publicacion *m)
{
	if (m->sha256 == NULL)
		return "";
	return arena_printf(a, "%lld KB", (long long)((m->bytes + 1023) / 1024));
}

static enum err make_row(void *context, struct arena *a, size_t index, struct page_row *ret)
{
	const struct rows *rows = context;
	const char **cells = arena_array(a, COUNT_OF(columns), sizeof(*cells));
	struct publicacion row;
	enum err err = cartelera_at(rows->list, a, index, &row);

	if (err != OK)
		return err;
	if (cells == NULL)
		return ERR_NO_MEMORY;
	cells[0] = fecha_text(a, zona_civil(zona_centro(), row.m.publicada).dia, FECHA_LISTA);
	cells[1] = row.leida ? "" : _("nuevo");
	cells[2] = row.m.titulo;
	cells[3] = row.m.tipo;
	cells[4] = size_of(a, &row.m);
	if (cells[0] == NULL || cells[4] == NULL)
		return ERR_NO_MEMORY;
	*ret = (struct page_row){.cells = cells,
		.marked = marcas_has(rows->marcas, row.m.folio),
		.style = row.leida ? PAGE_MUTED : PAGE_NORMAL};
	return OK;
}

/* ---- the cursor ---- */

static enum err keep(struct publicaciones *s, struct cartelera *c, size_t index)
{
	ARENA(a, ROW_BYTES);
	struct publicacion row;
	enum err err = cartelera_at(c, &a, index, &row);

	if (err != OK)
		return err;
	(void)snprintf(s->folio, sizeof(s->folio), "%s", row.m.folio);
	s->index = index;
	return OK;
}

/* The row of the cursor; one that left the query gives its place to the row that stands there. */
static size_t cursor(struct publicaciones *s, struct cartelera *c)
{
	size_t count = cartelera_count(c);
	size_t index;

	if (s->folio[0] != '\0' && cartelera_index(c, s->folio, &index) == OK)
		s->index = index;
	else if (count != 0)
		(void)!keep(s, c, s->index < count ? s->index : count - 1);
	return s->index;
}

/* ---- the query ---- */

static void query(struct publicaciones *s, struct cartelera *c, enum cartelera_por por,
	enum cartelera_filtro filtro, const char *texto)
{
	/* Some callers give the query's own text. */
	char words[CARTELERA_TEXTO];

	(void)snprintf(words, sizeof(words), "%s", texto);
	if (cartelera_query(c, por, filtro, words) != OK)
		say(s, "%s", err_sentence(ERR_NO_MEMORY));
}

static bool filtered(const struct cartelera *c)
{
	return c->filtro != CARTELERA_TODAS || c->texto[0] != '\0';
}

static size_t name_of(const char *const *names, size_t count, const char *text)
{
	size_t i = 0;

	while (i < count && strcmp(names[i], text) != 0)
		i++;
	return i;
}

/* A name, or its beginning, is that filter beside the words in force; anything else is words. */
static void filter(struct publicaciones *s, struct cartelera *c, const char *text)
{
	ARENA(a, ROW_BYTES);
	const char *what = NULL;

	text += strspn(text, " ");
	if (orden_argument(&a, ARGUMENT_filter_published, NULL, text, &what) != OK || what == NULL)
		what = text;
	size_t which = name_of(filter_names, CARTELERA_FILTROS, what);

	if (which == CARTELERA_TODAS || what[0] == '\0')
		query(s, c, c->por, CARTELERA_TODAS, "");
	else if (which < CARTELERA_FILTROS)
		query(s, c, c->por, (enum cartelera_filtro)which, c->texto);
	else
		query(s, c, c->por, c->filtro, what);
	if (cartelera_count(c) == 0 && c->err == OK)
		say(s, _("Nada cumple el filtro; Esc lo quita."));
}

/* `text` NULL: the next order. */
static void sort(struct publicaciones *s, struct cartelera *c, const char *text)
{
	size_t which = text == NULL ? ((size_t)c->por + 1) % CARTELERA_ORDENES
				    : name_of(sort_names, CARTELERA_ORDENES, text);

	if (which == CARTELERA_ORDENES)
		return;
	query(s, c, (enum cartelera_por)which, c->filtro, c->texto);
	say(s, _("En orden de %s."), texto(sort_names[which]));
}

static void search(struct publicaciones *s, struct cartelera *c, bool backwards)
{
	size_t index;

	if (s->search[0] == '\0')
		return;
	enum err err = cartelera_search(c, s->search, cursor(s, c), backwards, &index);

	if (err == OK)
		err = keep(s, c, index);
	else if (err == ERR_NOT_FOUND)
		say(s, _("No hay coincidencias; / busca otra cosa."));
}

/* What was just typed is found where the cursor stands, too. */
static void search_new(struct publicaciones *s, struct cartelera *c, const char *words)
{
	ARENA(a, ROW_BYTES);
	struct publicacion row;

	(void)snprintf(s->search, sizeof(s->search), "%s", words);
	const char *needle = fila_fold(&a, s->search);
	const char *text = cartelera_at(c, &a, cursor(s, c), &row) == OK
				   ? cartelera_plegado(&a, &row.m)
				   : NULL;

	if (needle == NULL || text == NULL || strstr(text, needle) == NULL)
		search(s, c, false);
}

/* ---- marks ---- */

static void mark(struct publicaciones *s, struct cartelera *c)
{
	size_t index = cursor(s, c);
	enum err err = OK;

	if (cartelera_count(c) == 0)
		return;
	if (marcas_has(&s->marcas, s->folio))
		marcas_remove(&s->marcas, s->folio);
	else
		err = marcas_add(&s->marcas, s->folio);
	if (err == ERR_TOO_LARGE)
		say(s, _("Se marcan %d cuando más; descarga esas primero (d)."), MARCAS_MOST);
	else if (err != OK)
		say(s, "%s", err_sentence(err));
	else if (index + 1 < cartelera_count(c))
		(void)!keep(s, c, index + 1);
}

/* All of the query; where all of it is marked already, none of it. */
static void mark_all(struct publicaciones *s, struct cartelera *c)
{
	size_t count = cartelera_count(c);
	size_t before = s->marcas.count;
	enum err err = OK;

	for (int turn = 0; err == OK && turn < 2; turn++) {
		for (size_t i = 0; err == OK && i < count; i++) {
			ARENA(a, ROW_BYTES);
			struct publicacion row;

			err = cartelera_at(c, &a, i, &row);
			if (err == OK && turn == 0)
				err = marcas_add(&s->marcas, row.m.folio);
			else if (err == OK)
				marcas_remove(&s->marcas, row.m.folio);
		}
		if (s->marcas.count != before)
			break;
	}
	if (err == ERR_TOO_LARGE)
		say(s, _("Se marcaron %zu de %zu: no caben más; descarga esas primero (d)."),
			s->marcas.count, count);
	else if (err != OK)
		say(s, "%s", err_sentence(err));
	else
		say(s, ngettext("%zu marcada.", "%zu marcadas.", s->marcas.count), s->marcas.count);
}

/* Those that have a file among the marked (or the one under the cursor); the others are counted. */
static enum err choose(struct publicaciones *s, struct cartelera *c, const char ***ret,
	size_t *ret_count, size_t *out)
{
	size_t all = s->marcas.count != 0 ? s->marcas.count : cartelera_count(c) != 0;
	const char **folios = arena_array(&s->bulk, all + 1, sizeof(*folios));
	size_t n = 0;

	(void)cursor(s, c);
	for (size_t i = 0; folios != NULL && i < all; i++) {
		ARENA(a, ROW_BYTES);
		const char *folio = s->marcas.count != 0 ? s->marcas.folios[i] : s->folio;
		struct publicacion row;

		if (cartelera_find(c, &a, folio, &row) != OK || row.m.sha256 == NULL)
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

static struct effect download(struct publicaciones *s, struct cartelera *c)
{
	struct effect effect = effect_of(EFFECT_BULK);
	const char **folios = NULL;
	size_t out = 0;

	arena_free(&s->bulk);
	enum err err = choose(s, c, &folios, &effect.folio_count, &out);

	if (err != OK || effect.folio_count == 0) {
		say(s, "%s",
			err != OK ? err_sentence(err) : _("Nada que descargar: no tiene archivo."));
		return effect_of(EFFECT_NONE);
	}
	if (out > 0)
		say(s, _("Descargando %zu; sin archivo: %zu."), effect.folio_count, out);
	else
		say(s, _("Descargando %zu."), effect.folio_count);
	effect.folios = folios;
	return effect;
}

/* ---- acts ---- */

static struct effect of_row(struct publicaciones *s, struct cartelera *c, enum effect_kind kind)
{
	(void)cursor(s, c);
	if (cartelera_count(c) == 0)
		return effect_of(EFFECT_NONE);
	return effect_to(kind, SCREEN_publicacion, s->folio);
}

static struct effect copy(struct publicaciones *s, struct cartelera *c)
{
	struct effect effect = of_row(s, c, EFFECT_COPY);

	effect.text = s->folio;
	if (effect.kind == EFFECT_COPY)
		say(s, _("Copiado: %s"), s->folio);
	return effect;
}

/* As read, or as unread again: what reading it does, by hand. */
static struct effect toggle(struct publicaciones *s, struct cartelera *c)
{
	ARENA(a, ROW_BYTES);
	struct effect effect = of_row(s, c, EFFECT_SEEN);
	struct publicacion row;

	if (cartelera_find(c, &a, s->folio, &row) != OK)
		return effect_of(EFFECT_NONE);
	effect.levels = row.leida;
	return effect;
}

/* The filter goes first, then the marks, then the screen. */
static struct effect back(struct publicaciones *s, struct cartelera *c)
{
	if (filtered(c)) {
		query(s, c, c->por, CARTELERA_TODAS, "");
		return effect_of(EFFECT_NONE);
	}
	if (s->marcas.count == 0)
		return effect_of(EFFECT_BACK);
	say(s, ngettext("Se quitó %zu marca.", "Se quitaron %zu marcas.", s->marcas.count),
		s->marcas.count);
	marcas_free(&s->marcas);
	return effect_of(EFFECT_NONE);
}

static struct effect ask(struct publicaciones *s, bool filtering)
{
	struct effect prompt = effect_of(EFFECT_PROMPT);

	s->filtering = filtering;
	prompt.text = filtering ? _("Filtro: ") : "/";
	if (filtering)
		prompt.asks = ACTION_filter_published;
	return prompt;
}

/* What changes the list, or what is seen of it. */
static struct effect act_list(struct publicaciones *s, struct cartelera *c, const struct event *e)
{
	switch (e->action) {
	case ACTION_search:
		if (e->value == NULL)
			return ask(s, false);
		search_new(s, c, e->value);
		break;
	case ACTION_next:
	case ACTION_previous:
		search(s, c, e->action == ACTION_previous);
		break;
	case ACTION_filter_published:
		if (e->value == NULL)
			return ask(s, true);
		filter(s, c, e->value);
		break;
	case ACTION_sort_published:
		sort(s, c, e->value);
		break;
	case ACTION_mark:
		if (e->value == NULL)
			mark(s, c);
		else
			mark_all(s, c);
		break;
	case ACTION_mark_all:
		mark_all(s, c);
		break;
	default:
		break;
	}
	return effect_of(EFFECT_NONE);
}

static struct effect act_action(struct publicaciones *s, struct cartelera *c, const struct event *e)
{
	s->status[0] = '\0';
	switch (e->action) {
	case ACTION_read_published:
		return of_row(s, c, EFFECT_OPEN);
	case ACTION_seen:
		return toggle(s, c);
	case ACTION_download:
		if (e->value != NULL && s->marcas.count == 0)
			mark_all(s, c);
		return download(s, c);
	case ACTION_copy:
		return copy(s, c);
	case ACTION_refresh:
		return effect_of(EFFECT_SYNC);
	case ACTION_lock:
		return effect_of(EFFECT_LOCK);
	case ACTION_back:
		return back(s, c);
	default:
		return act_list(s, c, e);
	}
}

struct effect publicaciones_act(void *state, struct model *m, const struct event *e)
{
	struct publicaciones *s = state;
	struct cartelera *c = list_of(s, m);

	switch (e->kind) {
	case EVENT_MOVED:
		(void)!keep(s, c, e->index);
		break;
	case EVENT_ENTERED:
		if (s->filtering)
			filter(s, c, e->value);
		else
			search_new(s, c, e->value);
		break;
	case EVENT_ACTION:
		return act_action(s, c, e);
	case EVENT_SAVED:
		say(s, "%s%s", e->err == OK ? _("Se guardaron ") : err_sentence(e->err),
			e->err == OK && e->value != NULL ? e->value : "");
		break;
	default:
		break;
	}
	return effect_of(EFFECT_NONE);
}

struct effect publicaciones_open(
	struct publicaciones *s, struct model *m, enum cartelera_clase clase)
{
	s->clase = clase;
	arena_init(&s->bulk, BULK_BYTES);
	query(s, list_of(s, m), CARTELERA_POR_FECHA, CARTELERA_TODAS, "");
	(void)!keep(s, list_of(s, m), 0);
	return effect_of(EFFECT_NONE);
}

void publicaciones_close(void *state)
{
	struct publicaciones *s = state;

	marcas_free(&s->marcas);
	arena_free(&s->bulk);
}

/* ---- the page ---- */

/* "Filtro: sin leer, «prima» (3 de 120; Esc lo quita)", "2 marcadas", "5 sin leer". */
static void above(struct parrafos *p, const struct publicaciones *s, struct cartelera *c)
{
	bool class = c->filtro != CARTELERA_TODAS;
	bool words = c->texto[0] != '\0';
	size_t unread = cartelera_sin_leer(c);

	if (filtered(c))
		parrafos_add(p, PAGE_NORMAL, _("Filtro: %s%s%s%s%s (%zu de %zu; Esc lo quita)"),
			class ? texto(filter_names[c->filtro]) : "", class && words ? ", " : "",
			words ? "«" : "", c->texto, words ? "»" : "", cartelera_count(c),
			cartelera_total(c));
	else if (unread != 0)
		parrafos_add(p, PAGE_NORMAL,
			ngettext("%zu sin leer en este equipo", "%zu sin leer en este equipo",
				unread),
			unread);
	if (s->marcas.count != 0)
		parrafos_add(p, PAGE_NORMAL,
			ngettext("%zu marcada", "%zu marcadas", s->marcas.count), s->marcas.count);
}

static const char *nothing(
	const struct publicaciones *s, const struct model *m, const struct cartelera *c)
{
	bool docs = s->clase == CARTELERA_DOCUMENTOS;

	if (filtered(c))
		return _("Nada cumple el filtro; Esc lo quita.");
	if (model_nivel(m, docs ? AMBITO_DOCUMENTOS : AMBITO_COMUNICADOS) < NIVEL_LEER)
		return _("Tu representación no incluye este menú; pide al titular que lo agregue.");
	if (m->cursor[0] == '\0')
		return _("Todavía no se recibe nada del servidor; abajo dice por qué.");
	return docs ? _("No hay documentos para ti. Cuando se publique uno aparecerá aquí solo.")
		    : _("No hay comunicados. Cuando se publique uno aparecerá aquí solo.");
}

static const char *title(struct arena *a, const struct publicaciones *s, const struct cartelera *c)
{
	const char *name =
		s->clase == CARTELERA_DOCUMENTOS ? _("Mis documentos") : _("Mis comunicados");

	return c->por == CARTELERA_POR_FECHA
		       ? name
		       : arena_printf(a, _("%s, por %s"), name, texto(sort_names[c->por]));
}

enum err publicaciones_page(
	void *state, struct model *m, struct arena *a, int64_t now, struct page *ret)
{
	struct publicaciones *s = state;
	struct cartelera *c = list_of(s, m);
	struct rows *rows = arena_alloc(a, sizeof(*rows));
	struct parrafos p;

	if (rows == NULL)
		return ERR_NO_MEMORY;
	*rows = (struct rows){c, &s->marcas, now};
	parrafos_init(&p, a);
	above(&p, s, c);
	ret->kind = PAGE_LIST;
	ret->title = title(a, s, c);
	if (p.failed || ret->title == NULL)
		return ERR_NO_MEMORY;
	ret->list = (struct page_list){
		.columns = columns,
		.column_count = COUNT_OF(columns),
		.row = make_row,
		.context = rows,
		.selected = cursor(s, c),
		.row_count = cartelera_count(c),
		.empty = nothing(s, m, c),
		.above = p.rows,
		.above_count = p.count,
	};
	if (s->status[0] != '\0')
		ret->status = s->status;
	else if (c->err != OK)
		ret->status = err_sentence(c->err);
	return OK;
}
