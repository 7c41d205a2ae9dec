#include "screens/vencimientos.h"

#include <stdio.h>
#include "base/mem.h"
#include "base/texto.h"
#include "screens/agenda.h"
#include "screens/parrafos.h"
#include "screens/renglon.h"

#define ROOM ((size_t)1 << 20)
#define ROW_BYTES ((size_t)64 << 10) /* a row of the list, decoded */

struct vencimientos {
	size_t perfil; /* under the cursor; folio "": the first */
	char folio[MODEL_FOLIO];
	size_t rank;  /* where that was: its neighbour takes over when it is due no more */
	size_t *near; /* of each profile, rows before that one: where the next look begins */
	size_t near_count;
};

/* What a row callback needs; lives in the page's arena. */
struct rows {
	const struct mundo *mundo;
	int64_t now;
	struct agenda agenda;
};

static const struct page_column columns[] = {
	{.label = N_("Vence"), .key = "vence", .min = 16},
	{.label = N_("Perfil"), .key = "perfil", .min = 9, .weight = 1},
	{.label = N_("RFC"), .key = "rfc", .min = 13, .drop = 3},
	{.label = N_("Folio"), .key = "folio", .min = 21, .drop = 4},
	{.label = N_("Documento"), .key = "documento", .min = 12, .weight = 2, .drop = 1},
	{.label = N_("Estatus"), .key = "estatus", .min = 15, .drop = 2},
};

static int64_t due(void *ctx, size_t perfil, size_t index)
{
	return mundo_due(&((const struct mundo *)ctx)->perfiles[perfil], index);
}

static enum err rows_init(struct rows *rows, struct arena *a, struct mundo *w, int64_t now)
{
	size_t *counts = arena_array(a, w->count + 1, sizeof(*counts));

	if (counts == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < w->count; i++)
		counts[i] = mundo_due_count(&w->perfiles[i]);
	rows->mundo = w;
	rows->now = now;
	return agenda_init(&rows->agenda, a,
		&(struct agenda_source){
			.count = w->count, .due_counts = counts, .due = due, .ctx = w});
}

/* The row and whose it is. ERR_NOT_FOUND past the last. */
static enum err row_at(struct rows *rows, struct arena *a, size_t rank,
	const struct mundo_perfil **ret_perfil, struct fila *ret)
{
	struct agenda_place place;

	if (!agenda_at(&rows->agenda, rank, &place))
		return ERR_NOT_FOUND;
	*ret_perfil = &rows->mundo->perfiles[place.perfil];
	return tabla_at(&(*ret_perfil)->model->tabla, a, place.index, ret);
}

static void keep(struct vencimientos *s, struct rows *rows, size_t rank)
{
	ARENA(a, ROW_BYTES);
	const struct mundo_perfil *p;
	struct fila row;

	if (row_at(rows, &a, rank, &p, &row) != OK)
		return;
	s->rank = rank;
	s->perfil = (size_t)(p - rows->mundo->perfiles);
	(void)snprintf(s->folio, sizeof(s->folio), "%s", row.m.folio);
}

/*
 * Where the cursor's row stands now. One that is due no more gives the cursor to the row that took
 * its place; the first has it before anybody moved it.
 */
static size_t find(struct vencimientos *s, struct rows *rows)
{
	ARENA(a, ROW_BYTES);
	size_t total = rows->agenda.total;
	const struct mundo_perfil *p =
		s->perfil < rows->mundo->count ? &rows->mundo->perfiles[s->perfil] : NULL;
	struct fila row = {0};
	size_t index;

	if (total == 0)
		return 0;
	if (p != NULL && p->model != NULL && s->folio[0] != '\0' &&
		tabla_find(&p->model->tabla, &a, s->folio, &row) == OK && row.due != 0 &&
		tabla_index(&p->model->tabla, s->folio, &index) == OK)
		s->rank = agenda_rank(&rows->agenda, (struct agenda_place){s->perfil, index});
	else
		keep(s, rows, s->rank < total ? s->rank : total - 1);
	return s->rank;
}

/* Without memory the next look begins anew: it only reads more. */
static void remember(struct vencimientos *s, const struct agenda *g)
{
	size_t count = g->from.count;

	if (g->rank == SIZE_MAX)
		return;
	if (s->near_count != count) {
		mem_free(s->near);
		s->near = mem_alloc(count * sizeof(*s->near));
		s->near_count = s->near != NULL ? count : 0;
	}
	if (s->near != NULL)
		memcpy(s->near, g->at, count * sizeof(*s->near));
}

static void recall(const struct vencimientos *s, struct agenda *g)
{
	g->from.near = s->near_count == g->from.count ? s->near : NULL;
}

static enum err make_row(void *context, struct arena *a, size_t index, struct page_row *ret)
{
	struct rows *rows = context;
	const struct mundo_perfil *p;
	struct fila row;
	enum err err = row_at(rows, a, index, &p, &row);
	const char **cells = arena_array(a, COUNT_OF(columns), sizeof(*cells));

	if (err != OK)
		return err;
	if (cells == NULL)
		return ERR_NO_MEMORY;
	cells[0] = renglon_vence(a, row.due, rows->now);
	cells[1] = p->nombre;
	cells[2] = p->rfc;
	cells[3] = row.m.folio;
	cells[4] = row.m.documento;
	cells[5] = renglon_estatus(p->model, &row);
	if (cells[0] == NULL)
		return ERR_NO_MEMORY;
	*ret = (struct page_row){.cells = cells, .style = renglon_style(row.due, rows->now)};
	return OK;
}

/* In its own profile; the one in front keeps this list below what is opened. */
static struct effect open_row(struct vencimientos *s, struct rows *rows)
{
	ARENA(a, ROW_BYTES);
	const struct mundo_perfil *p;
	struct fila row;

	if (row_at(rows, &a, find(s, rows), &p, &row) != OK)
		return effect_of(EFFECT_NONE);
	struct effect effect =
		effect_to(EFFECT_OPEN, fila_cerrada(&row) ? SCREEN_ficha : SCREEN_efecto, s->folio);

	effect.perfil = s->perfil;
	if (s->perfil != rows->mundo->actual)
		effect.kind = EFFECT_PERFIL;
	return effect;
}

static struct effect act_action(struct vencimientos *s, struct rows *rows, enum action action)
{
	switch (action) {
	case ACTION_open:
		return open_row(s, rows);
	case ACTION_lock:
		return effect_of(EFFECT_LOCK);
	case ACTION_back:
		return effect_of(EFFECT_BACK);
	default:
		return effect_of(EFFECT_NONE);
	}
}

static struct effect act(void *state, struct model *m, const struct event *e)
{
	ARENA(a, ROOM);
	struct vencimientos *s = state;
	struct effect effect = effect_of(EFFECT_NONE);
	struct rows rows;

	if (m->mundo == NULL)
		return effect_of(EFFECT_BACK);
	if (rows_init(&rows, &a, m->mundo, e->now) != OK)
		return effect_of(EFFECT_NONE);
	recall(s, &rows.agenda);
	if (e->kind == EVENT_MOVED)
		keep(s, &rows, e->index);
	else if (e->kind == EVENT_ACTION)
		effect = act_action(s, &rows, e->action);
	remember(s, &rows.agenda);
	return effect;
}

static struct effect open(
	void *state, struct model *m, const struct effect *from, const struct event *e)
{
	(void)state;
	(void)m;
	(void)from;
	(void)e;
	return effect_of(EFFECT_NONE);
}

static bool stale(const struct mundo_perfil *p)
{
	return p->model != NULL &&
	       (p->model->linea.desde != 0 || p->model->linea.sincronizado == 0);
}

/* Nothing is missing without a word. */
static void missing(struct parrafos *p, const struct mundo *w)
{
	size_t count;
	const char *names = mundo_names(p->arena, w, mundo_locked, &count);

	if (names == NULL)
		p->failed = true;
	else if (count > 0)
		parrafos_add(p, PAGE_WARNING,
			ngettext(
				"%zu perfil bloqueado (%s): su correspondencia no se ve; P lo abre.",
				"%zu perfiles bloqueados (%s): su correspondencia no se ve; P los abre.",
				count),
			count, names);
	names = mundo_names(p->arena, w, mundo_unreadable, &count);
	if (names == NULL)
		p->failed = true;
	else if (count > 0)
		parrafos_add(p, PAGE_WARNING,
			_("No se puede leer lo guardado de %s: lo suyo no se ve; P dice por qué."),
			names);
	names = mundo_names(p->arena, w, stale, &count);
	if (names == NULL)
		p->failed = true;
	else if (count > 0)
		parrafos_add(p, PAGE_WARNING, _("Sin sincronizar: %s. Puede faltar lo más nuevo."),
			names);
}

static enum err page(void *state, struct model *m, struct arena *a, int64_t now, struct page *ret)
{
	static struct mundo none;
	struct vencimientos *s = state;
	struct mundo *w = m->mundo != NULL ? m->mundo : &none;
	struct rows *rows = arena_alloc(a, sizeof(*rows));
	enum err err = rows == NULL ? ERR_NO_MEMORY : rows_init(rows, a, w, now);
	struct parrafos p;

	if (err != OK)
		return err;
	recall(s, &rows->agenda);
	size_t selected = find(s, rows);

	remember(s, &rows->agenda);
	/* What was remembered may be freed before the page's rows are asked for. */
	rows->agenda.from.near = NULL;
	parrafos_init(&p, a);
	missing(&p, w);
	if (p.failed)
		return ERR_NO_MEMORY;
	ret->kind = PAGE_LIST;
	ret->title = _("Vencimientos de todos los perfiles");
	ret->list = (struct page_list){
		.columns = columns,
		.column_count = COUNT_OF(columns),
		.row_count = rows->agenda.total,
		.row = make_row,
		.context = rows,
		.selected = selected,
		.above = p.rows,
		.above_count = p.count,
		.empty = p.count == 0 ? _("Nada por vencer en ningún perfil.")
				      : _("Nada por vencer en lo que se ve."),
	};
	return OK;
}

static void close(void *state)
{
	struct vencimientos *s = state;

	mem_free(s->near);
}

const struct view view_vencimientos = {
	.screen = SCREEN_vencimientos,
	.size = sizeof(struct vencimientos),
	.open = open,
	.act = act,
	.page = page,
	.close = close,
};
