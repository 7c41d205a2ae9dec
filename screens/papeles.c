#include "screens/papeles.h"

#include <stdio.h>
#include "base/texto.h"
#include "screens/parrafos.h"

struct papeles {
	char folio[MODEL_FOLIO]; /* under the cursor; "": the first */
	size_t index;
};

static const struct page_column columns[] = {
	{.label = N_("Tipo de documento"), .key = "tipo", .min = 17, .weight = 1},
	{.label = N_("Fecha"), .key = "fecha", .min = 11},
	{.label = N_("Acuse"), .key = "acuse", .min = 21, .drop = 1},
};

static size_t count_of(const struct model *m)
{
	return m->cuenta != NULL ? m->cuenta->papeles_count : 0;
}

static enum err make_row(void *context, struct arena *a, size_t index, struct page_row *ret)
{
	const struct model *m = context;
	const struct m_papel *x = &m->cuenta->papeles[index];
	const char **cells = arena_array(a, COUNT_OF(columns), sizeof(*cells));

	if (cells == NULL)
		return ERR_NO_MEMORY;
	cells[0] = x->tipo;
	cells[1] = fecha_text(a, zona_civil(zona_centro(), x->fecha).dia, FECHA_LISTA);
	cells[2] = x->folio;
	*ret = (struct page_row){.cells = cells};
	return cells[1] != NULL ? OK : ERR_NO_MEMORY;
}

static void keep(struct papeles *s, const struct model *m, size_t index)
{
	if (index >= count_of(m))
		return;
	(void)snprintf(s->folio, sizeof(s->folio), "%s", m->cuenta->papeles[index].folio);
	s->index = index;
}

static size_t cursor(struct papeles *s, const struct model *m)
{
	size_t count = count_of(m);

	for (size_t i = 0; i < count; i++)
		if (strcmp(m->cuenta->papeles[i].folio, s->folio) == 0)
			return s->index = i;
	keep(s, m, s->index < count ? s->index : count - (count != 0));
	return s->index;
}

static struct effect act(void *state, struct model *m, const struct event *e)
{
	struct papeles *s = state;

	if (e->kind == EVENT_MOVED)
		keep(s, m, e->index);
	if (e->kind != EVENT_ACTION)
		return effect_of(EFFECT_NONE);
	switch (e->action) {
	case ACTION_paper_of:
		return cursor(s, m) < count_of(m) ? effect_to(EFFECT_OPEN, SCREEN_acuse, s->folio)
						  : effect_of(EFFECT_NONE);
	case ACTION_refresh:
		return effect_of(EFFECT_SYNC);
	case ACTION_lock:
		return effect_of(EFFECT_LOCK);
	case ACTION_back:
		return effect_of(EFFECT_BACK);
	default:
		return effect_of(EFFECT_NONE);
	}
}

static struct effect open(
	void *state, struct model *m, const struct effect *from, const struct event *e)
{
	(void)from;
	(void)e;
	keep(state, m, 0);
	return effect_of(EFFECT_NONE);
}

static enum err page(void *state, struct model *m, struct arena *a, int64_t now, struct page *ret)
{
	(void)a;
	(void)now;
	ret->kind = PAGE_LIST;
	ret->title = _("Acuses de activación");
	ret->list = (struct page_list){
		.columns = columns,
		.column_count = COUNT_OF(columns),
		.row = make_row,
		.context = m,
		.selected = cursor(state, m),
		.row_count = count_of(m),
		.empty = _("Todavía no hay acuses: cada paso de la activación da el suyo."),
	};
	return OK;
}

const struct view view_papeles = {
	.screen = SCREEN_papeles,
	.size = sizeof(struct papeles),
	.open = open,
	.act = act,
	.page = page,
};
