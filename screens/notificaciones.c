#include "screens/notificaciones.h"

#include <stdio.h>
#include "base/utf8.h"
#include "screens/parrafos.h"
#include "screens/renglon.h"

#define FOLDED 1024

struct notificaciones {
	char folio[MODEL_FOLIO]; /* under the cursor; "": the first */
	char search[128];
	const char *status;
};

/* What a row callback needs; lives in the page's arena. */
struct rows {
	const struct model *model;
	int64_t now;
};

static const struct page_column columns[] = {
	{.label = "Vence", .key = "vence", .min = 16},
	{.label = "Folio", .key = "folio", .min = 21, .drop = 1},
	{.label = "Documento", .key = "documento", .min = 12, .weight = 1},
	{.label = "Estatus", .key = "estatus", .min = 15, .drop = 2},
};

static enum err make_row(void *context, struct arena *a, size_t index, struct page_row *ret)
{
	const struct rows *rows = context;
	const struct tabla_row *row = tabla_at(&rows->model->tabla, index);
	const char **cells = arena_array(a, COUNT_OF(columns), sizeof(*cells));

	if (row == NULL)
		return ERR_NOT_FOUND;
	if (cells == NULL)
		return ERR_NO_MEMORY;
	cells[0] = renglon_vence(a, row->due, rows->now);
	cells[1] = row->m.folio;
	cells[2] = row->m.documento;
	cells[3] = renglon_estatus(rows->model, row);
	if (cells[0] == NULL)
		return ERR_NO_MEMORY;
	*ret = (struct page_row){.cells = cells, .style = renglon_style(row->due, rows->now)};
	return OK;
}

/* Upper case without Spanish accents, so that "resolucion" finds "Resolución". */
static void fold(char *text)
{
	static const struct {
		const char *from;
		char to;
	} accents[] = {{"Á", 'A'}, {"É", 'E'}, {"Í", 'I'}, {"Ó", 'O'}, {"Ú", 'U'}, {"Ü", 'U'}};
	char *to = text;

	utf8_upper(text);
	for (const char *from = text; *from != '\0';) {
		size_t i = 0;

		while (i < COUNT_OF(accents) && strncmp(from, accents[i].from, 2) != 0)
			i++;
		*to++ = i < COUNT_OF(accents) ? accents[i].to : *from;
		from += i < COUNT_OF(accents) ? 2 : 1;
	}
	*to = '\0';
}

static bool matches(const struct model *m, const struct tabla_row *row, const char *needle)
{
	char text[FOLDED];

	(void)snprintf(text, sizeof(text), "%s %s %s %s", row->m.folio, row->m.documento,
		row->m.oficio, renglon_estatus(m, row));
	fold(text);
	return strstr(text, needle) != NULL;
}

static void keep(struct notificaciones *s, const struct tabla_row *row)
{
	if (row != NULL)
		(void)snprintf(s->folio, sizeof(s->folio), "%s", row->m.folio);
}

/* From the row after (or before) the cursor's, going round; the cursor's own comes last. */
static void search(struct notificaciones *s, const struct model *m, bool backwards, bool here)
{
	const struct tabla *t = &m->tabla;
	size_t at = tabla_index(t, s->folio);
	char needle[sizeof(s->search)];

	memcpy(needle, s->search, sizeof(needle));
	fold(needle);
	for (size_t n = here ? 0 : 1; needle[0] != '\0' && n <= t->count; n++) {
		size_t i = backwards ? (at + t->count * 2 - n) % t->count : (at + n) % t->count;

		if (t->count > 0 && matches(m, tabla_at(t, i), needle)) {
			keep(s, tabla_at(t, i));
			s->status = NULL;
			return;
		}
	}
	s->status = needle[0] == '\0' ? NULL : "No hay coincidencias; / busca otra cosa.";
}

static const struct tabla_row *current(const struct notificaciones *s, const struct model *m)
{
	const struct tabla_row *row = tabla_find(&m->tabla, s->folio);

	return row != NULL ? row : tabla_at(&m->tabla, 0);
}

static struct effect open_row(struct notificaciones *s, const struct tabla_row *row)
{
	if (row == NULL)
		return effect_of(EFFECT_NONE);
	keep(s, row);
	return effect_to(
		EFFECT_OPEN, row->m.abierta == 0 ? SCREEN_efecto : SCREEN_documento, row->m.folio);
}

static struct effect receipt(struct notificaciones *s, const struct tabla_row *row)
{
	if (row != NULL && row->m.acuse != NULL)
		return effect_to(EFFECT_OPEN, SCREEN_acuse, row->m.acuse);
	s->status = "Todavía no hay acuse: lo habrá al abrirse o al vencer el plazo.";
	return effect_of(EFFECT_NONE);
}

static struct effect act_action(struct notificaciones *s, struct model *m, enum action action)
{
	struct effect prompt = effect_of(EFFECT_PROMPT);

	s->status = NULL;
	switch (action) {
	case ACTION_open:
		return open_row(s, current(s, m));
	case ACTION_receipt:
		return receipt(s, current(s, m));
	case ACTION_search:
		prompt.text = "/";
		return prompt;
	case ACTION_next:
	case ACTION_previous:
		search(s, m, action == ACTION_previous, false);
		return effect_of(EFFECT_NONE);
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

static struct effect act(void *state, struct model *m, const struct event *e)
{
	struct notificaciones *s = state;

	tabla_sort(&m->tabla, model_calendario(m), e->now);
	switch (e->kind) {
	case EVENT_MOVED:
		keep(s, tabla_at(&m->tabla, e->index));
		break;
	case EVENT_ENTERED:
		(void)snprintf(s->search, sizeof(s->search), "%s", e->value);
		search(s, m, false, true);
		break;
	case EVENT_ACTION:
		return act_action(s, m, e->action);
	case EVENT_CHANGED_MODEL:
		/* The row under the cursor keeps it, even if it was only there by being first. */
		break;
	default:
		break;
	}
	return effect_of(EFFECT_NONE);
}

static struct effect open(
	void *state, struct model *m, const struct effect *from, const struct event *e)
{
	struct notificaciones *s = state;

	(void)from;
	tabla_sort(&m->tabla, model_calendario(m), e->now);
	keep(s, tabla_at(&m->tabla, 0));
	return effect_of(EFFECT_NONE);
}

static enum err page(void *state, struct model *m, struct arena *a, int64_t now, struct page *ret)
{
	struct notificaciones *s = state;
	struct rows *rows = arena_alloc(a, sizeof(*rows));

	if (rows == NULL)
		return ERR_NO_MEMORY;
	tabla_sort(&m->tabla, model_calendario(m), now);
	if (s->folio[0] == '\0')
		keep(s, tabla_at(&m->tabla, 0));
	*rows = (struct rows){m, now};
	ret->kind = PAGE_LIST;
	ret->title = "Mis notificaciones";
	ret->status = s->status;
	ret->list = (struct page_list){
		.columns = columns,
		.column_count = COUNT_OF(columns),
		.row_count = m->tabla.count,
		.row = make_row,
		.context = rows,
		.selected = tabla_index(&m->tabla, s->folio),
		.empty = m->linea.sincronizado != 0
				 ? "No tienes notificaciones. Cuando llegue un aviso aparecerá "
				   "aquí solo."
				 : "Todavía no se recibe nada del servidor; abajo dice por qué.",
	};
	return OK;
}

const struct view view_notificaciones = {
	.screen = SCREEN_notificaciones,
	.size = sizeof(struct notificaciones),
	.open = open,
	.act = act,
	.page = page,
};
