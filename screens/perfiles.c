#include "screens/perfiles.h"

#include <stdio.h>
#include <stdlib.h>
#include "base/texto.h"
#include "base/utf8.h"
#include "screens/parrafos.h"
#include "screens/renglon.h"

#define SORT_ROOM ((size_t)1 << 20)

struct perfiles {
	size_t at; /* under the cursor: its place in the mundo */
	char search[128];
	bool by_due;
	const char *status;
};

/* Which profile stands where; `order` NULL: as configured. */
struct rows {
	const struct mundo *mundo;
	const size_t *order;
	int64_t now;
};

static const struct page_column columns[] = {
	{.label = N_("Nombre"), .key = "nombre", .min = 11, .weight = 1},
	{.label = N_("Titular"), .key = "titular", .min = 24, .weight = 2, .drop = 5},
	{.label = N_("RFC"), .key = "rfc", .min = 13, .drop = 2},
	{.label = N_("Estado"), .key = "estado", .min = 12, .drop = 1},
	{.label = N_("Por abrir"), .key = "por_abrir", .min = 9, .right = true, .drop = 3},
	{.label = N_("Vence primero"), .key = "vence", .min = 16},
	{.label = N_("Enviar"), .key = "por_enviar", .min = 6, .right = true, .drop = 4},
};

/* ---- the order ---------------------------------------------------------------------------- */

struct first {
	int64_t due;
	size_t perfil;
};

static int compare(const void *pa, const void *pb)
{
	const struct first *a = pa;
	const struct first *b = pb;

	if (a->due != b->due)
		return a->due < b->due ? -1 : 1;
	return a->perfil < b->perfil ? -1 : 1;
}

/* What falls due first, then nothing due, then what can't be seen. */
static enum err sorted(struct arena *a, const struct mundo *w, const size_t **ret)
{
	struct first *first = arena_array(a, w->count, sizeof(*first));
	size_t *order = arena_array(a, w->count, sizeof(*order));
	size_t n = 0;

	if (first == NULL || order == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < w->count; i++)
		if (!mundo_locked(&w->perfiles[i]))
			first[n++] = (struct first){mundo_due(&w->perfiles[i], 0), i};
	qsort(first, n, sizeof(*first), compare);
	for (size_t i = 0; i < n; i++)
		order[i] = first[i].perfil;
	for (size_t i = 0; i < w->count; i++)
		if (mundo_locked(&w->perfiles[i]))
			order[n++] = i;
	*ret = order;
	return OK;
}

static enum err rows_of(struct arena *a, const struct perfiles *s, const struct mundo *w,
	int64_t now, struct rows *ret)
{
	*ret = (struct rows){.mundo = w, .now = now};
	if (!s->by_due)
		return OK;
	return sorted(a, w, &ret->order);
}

static size_t perfil_at(const struct rows *rows, size_t index)
{
	return rows->order != NULL ? rows->order[index] : index;
}

static size_t index_of(const struct rows *rows, size_t perfil)
{
	size_t i = 0;

	while (i < rows->mundo->count && perfil_at(rows, i) != perfil)
		i++;
	return i < rows->mundo->count ? i : 0;
}

/* ---- the rows ----------------------------------------------------------------------------- */

/* The server answers, and says no: a matter of the profile, not of the line. */
static bool refused(const struct model *m)
{
	int status = m != NULL && m->linea.desde != 0 ? err_http(m->linea.err) : 0;

	return status >= 400 && status < 500 && status != 429 && m->linea.err != ERR_UNKNOWN_KEY;
}

/* In a few words; what the error is stands above the rows. */
static const char *estado(const struct mundo_perfil *p)
{
	const struct model *m = p->model;

	if (p->trabajando)
		return _("abriendo…");
	if (p->err != OK)
		return _("no se abrió");
	if (m == NULL)
		return _("bloqueado");
	if (mundo_unreadable(p))
		return _("no se lee");
	if (refused(m))
		return _("no se admite");
	if (m->linea.desde != 0)
		return m->linea.err == ERR_UNKNOWN_KEY ? _("pide entrar") : _("sin línea");
	return p->estado == MUNDO_ABIERTO ? _("abierto") : _("sólo lectura");
}

static const char *number(struct arena *a, size_t n)
{
	return n == 0 ? "" : arena_printf(a, "%zu", n);
}

static const char *vence(struct arena *a, const struct mundo_perfil *p, int64_t now)
{
	if (mundo_unreadable(p))
		return _("(no se lee)");
	if (p->model == NULL)
		return _("(bloqueado)"); /* the state leaves a narrow screen first */
	return renglon_vence(a, mundo_due_count(p) > 0 ? mundo_due(p, 0) : 0, now);
}

static enum page_style style(const struct mundo_perfil *p, int64_t now)
{
	if (p->model == NULL)
		return PAGE_MUTED;
	return mundo_due_count(p) > 0 ? renglon_style(mundo_due(p, 0), now) : PAGE_NORMAL;
}

static enum err make_row(void *context, struct arena *a, size_t index, struct page_row *ret)
{
	const struct rows *rows = context;
	const char **cells = arena_array(a, COUNT_OF(columns), sizeof(*cells));

	if (cells == NULL)
		return ERR_NO_MEMORY;
	size_t at = perfil_at(rows, index);
	const struct mundo_perfil *p = &rows->mundo->perfiles[at];
	struct model *m = p->model;

	cells[0] = p->nombre;
	cells[1] = m != NULL && m->entrado ? m->e.nombre : "";
	cells[2] = p->rfc;
	cells[3] = estado(p);
	cells[4] =
		number(a, m != NULL ? tabla_totales(&m->tabla)->por_filtro[FILTRO_POR_ABRIR] : 0);
	cells[5] = vence(a, p, rows->now);
	cells[6] = number(a, p->por_enviar);
	if (cells[4] == NULL || cells[5] == NULL || cells[6] == NULL)
		return ERR_NO_MEMORY;
	*ret = (struct page_row){
		.cells = cells, .marked = at == rows->mundo->actual, .style = style(p, rows->now)};
	return OK;
}

/* ---- what is done ------------------------------------------------------------------------- */

static bool matches(const struct mundo_perfil *p, const char *needle)
{
	const struct model *m = p->model;

	return utf8_contains(p->nombre, needle) || utf8_contains(p->rfc, needle) ||
	       (m != NULL && m->entrado && utf8_contains(m->e.nombre, needle));
}

/* From the row after (or before) the cursor's, going round; the cursor's own comes last. */
static void search(struct perfiles *s, const struct rows *rows, bool backwards, bool here)
{
	size_t count = rows->mundo->count;
	size_t at = index_of(rows, s->at);

	s->status = NULL;
	for (size_t n = here ? 0 : 1; s->search[0] != '\0' && n <= count; n++) {
		size_t i = perfil_at(rows, (backwards ? at + count * 2 - n : at + n) % count);

		if (matches(&rows->mundo->perfiles[i], s->search)) {
			s->at = i;
			return;
		}
	}
	if (s->search[0] != '\0')
		s->status = _("No hay coincidencias; / busca otro nombre o RFC.");
}

static void search_new(struct perfiles *s, const struct rows *rows, const char *words)
{
	(void)snprintf(s->search, sizeof(s->search), "%s", words);
	search(s, rows, false, true);
}

/* `words`: what stood behind the command, NULL: nothing. */
static struct effect act_action(
	struct perfiles *s, const struct rows *rows, enum action action, const char *words)
{
	struct effect effect = effect_of(EFFECT_NONE);

	s->status = NULL;
	switch (action) {
	case ACTION_change:
		if (rows->mundo->perfiles[s->at].trabajando) {
			s->status = _("Se está abriendo; espera un momento.");
			break;
		}
		/* What is below this list stays as it is. */
		effect = effect_of(s->at == rows->mundo->actual ? EFFECT_BACK : EFFECT_PERFIL);
		effect.perfil = s->at;
		break;
	case ACTION_search:
		if (words != NULL) {
			search_new(s, rows, words);
			break;
		}
		effect = effect_of(EFFECT_PROMPT);
		effect.text = "/";
		break;
	case ACTION_next:
	case ACTION_previous:
		search(s, rows, action == ACTION_previous, false);
		break;
	case ACTION_sort_profiles:
		s->by_due = !s->by_due;
		break;
	case ACTION_lock:
		return effect_of(EFFECT_LOCK);
	case ACTION_back:
		return effect_of(EFFECT_BACK);
	default:
		break;
	}
	return effect;
}

static struct effect act(void *state, struct model *m, const struct event *e)
{
	ARENA(a, SORT_ROOM);
	struct perfiles *s = state;
	struct rows rows;

	if (m->mundo == NULL || m->mundo->count == 0)
		return effect_of(EFFECT_BACK);
	if (rows_of(&a, s, m->mundo, e->now, &rows) != OK)
		return effect_of(EFFECT_NONE);
	switch (e->kind) {
	case EVENT_MOVED:
		if (e->index < m->mundo->count)
			s->at = perfil_at(&rows, e->index);
		break;
	case EVENT_ENTERED:
		search_new(s, &rows, e->value);
		break;
	case EVENT_ACTION:
		return act_action(s, &rows, e->action, e->value);
	default:
		break;
	}
	return effect_of(EFFECT_NONE);
}

static struct effect open(
	void *state, struct model *m, const struct effect *from, const struct event *e)
{
	struct perfiles *s = state;

	(void)from;
	(void)e;
	s->at = m->mundo != NULL ? m->mundo->actual : 0;
	return effect_of(EFFECT_NONE);
}

static enum err fault(const struct mundo_perfil *p)
{
	if (p->err != OK || p->trabajando)
		return p->trabajando ? OK : p->err;
	if (!mundo_unreadable(p))
		return refused(p->model) ? p->model->linea.err : OK;
	return p->model->tabla.err != OK ? p->model->tabla.err : ERR_BAD_CACHE;
}

/* Why one can't be opened, or is out of touch: two are said, the others' rows say a word. */
static void faults(struct parrafos *p, const struct mundo *w)
{
	size_t said = 0;

	for (size_t i = 0; i < w->count && said < 2; i++) {
		const struct mundo_perfil *one = &w->perfiles[i];

		if (fault(one) == OK)
			continue;
		parrafos_add(p, PAGE_WARNING, "%s: %s", one->nombre, err_sentence(fault(one)));
		said++;
	}
}

static enum err page(void *state, struct model *m, struct arena *a, int64_t now, struct page *ret)
{
	static const struct mundo none;
	const struct perfiles *s = state;
	const struct mundo *w = m->mundo != NULL ? m->mundo : &none;
	struct rows *rows = arena_alloc(a, sizeof(*rows));
	struct parrafos p;

	if (rows == NULL)
		return ERR_NO_MEMORY;
	enum err err = rows_of(a, s, w, now, rows);

	if (err != OK)
		return err;
	parrafos_init(&p, a);
	faults(&p, w);
	if (p.failed)
		return ERR_NO_MEMORY;
	ret->kind = PAGE_LIST;
	ret->title = s->by_due ? _("Perfiles, lo que vence primero (* el de ahora)")
			       : _("Perfiles (* el de ahora)");
	ret->status = s->status;
	ret->list = (struct page_list){
		.columns = columns,
		.column_count = COUNT_OF(columns),
		.row_count = w->count,
		.row = make_row,
		.context = rows,
		.selected = index_of(rows, s->at),
		.above = p.rows,
		.above_count = p.count,
		.empty =
			_("No hay perfiles; «buzon-tui config --ejemplo» muestra cómo se agregan."),
	};
	return OK;
}

const struct view view_perfiles = {
	.screen = SCREEN_perfiles,
	.size = sizeof(struct perfiles),
	.open = open,
	.act = act,
	.page = page,
};
