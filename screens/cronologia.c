#include "screens/cronologia.h"

#include <stdio.h>
#include "base/texto.h"
#include "ley/folio.h"
#include "screens/parrafos.h"

struct cronologia {
	char folio[MODEL_FOLIO];
	char prueba[MODEL_FOLIO];
	size_t index;
	bool asking;
	enum err err; /* of asking */
	bool whole;   /* the event under the cursor has the page, nothing cut */
};

/* What a row callback needs; lives in the page's arena. */
struct rows {
	const struct m_historia *historia;
	const struct zona *domicilio;
};

static const struct page_column columns[] = {
	{.label = N_("Cuándo (ZC)"), .key = "cuando", .min = 17},
	{.label = N_("Qué"), .key = "suceso", .min = 16, .weight = 3},
	{.label = N_("Quién"), .key = "actor", .min = 13, .drop = 1},
	{.label = N_("Prueba"), .key = "prueba", .min = 6, .drop = 2},
	{.label = N_("Detalle"), .key = "detalle", .min = 20, .weight = 2, .drop = 4},
	{.label = N_("En tu domicilio"), .key = "domicilio", .min = 17, .drop = 3},
};

const char *cronologia_suceso(const char *word)
{
	static const struct {
		const char *word;
		const char *text;
	} rows[] = {
#define SUCESO(id, word, text) {word, text},
#include "ley/sucesos.def"
#undef SUCESO
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (strcmp(rows[i].word, word) == 0)
			return rows[i].text;
	return word;
}

/* It grows with every look at the document: asked for anew each time, beside what is kept. */
static struct effect ask(struct cronologia *s)
{
	struct effect call = effect_of(EFFECT_CALL);

	s->asking = true;
	s->err = OK;
	call.route = ROUTE_ID_historia;
	call.request.historia.folio = s->folio;
	return call;
}

static struct effect open(
	void *state, struct model *m, const struct effect *from, const struct event *e)
{
	struct cronologia *s = state;

	(void)m;
	(void)e;
	(void)snprintf(s->folio, sizeof(s->folio), "%s", from->folio);
	return ask(s);
}

static bool is_acuse(const struct m_evento *e)
{
	return e->prueba != NULL && folio_valid(e->prueba);
}

static struct effect prove(struct cronologia *s, struct model *m)
{
	const struct m_historia *h = model_historia(m, s->folio);

	if (h == NULL || s->index >= h->eventos_count)
		return effect_of(EFFECT_NONE);
	const struct m_evento *e = &h->eventos[s->index];

	if (is_acuse(e)) {
		(void)snprintf(s->prueba, sizeof(s->prueba), "%s", e->prueba);
		return effect_to(EFFECT_OPEN, SCREEN_acuse, s->prueba);
	}
	s->whole = true;
	return effect_of(EFFECT_NONE);
}

static struct effect back(struct cronologia *s)
{
	if (!s->asking)
		return effect_of(EFFECT_BACK);
	s->asking = false;
	s->err = ERR_CANCELLED;
	return effect_of(EFFECT_CANCEL);
}

static struct effect act_action(struct cronologia *s, struct model *m, enum action action)
{
	bool whole = s->whole;

	s->whole = false;
	switch (action) {
	case ACTION_proof:
		return whole ? effect_of(EFFECT_NONE) : prove(s, m);
	case ACTION_refresh:
		return s->asking ? effect_of(EFFECT_NONE) : ask(s);
	case ACTION_timeline:
		return effect_of(EFFECT_BACK);
	case ACTION_back:
		return whole ? effect_of(EFFECT_NONE) : back(s);
	default:
		return effect_of(EFFECT_NONE);
	}
}

static struct effect act(void *state, struct model *m, const struct event *e)
{
	struct cronologia *s = state;

	switch (e->kind) {
	case EVENT_ACTION:
		return act_action(s, m, e->action);
	case EVENT_MOVED:
		s->index = e->index;
		s->whole = false;
		break;
	case EVENT_RESUMED:
		/* What this screen waited for comes no more. */
		return s->asking ? ask(s) : effect_of(EFFECT_NONE);
	default:
		break;
	}
	return effect_of(EFFECT_NONE);
}

static struct effect arrived(void *state, struct model *m, enum route route, enum err err,
	bool pending, const struct event *e)
{
	struct cronologia *s = state;

	(void)m;
	(void)route;
	(void)pending;
	(void)e;
	s->asking = false;
	s->err = err;
	return effect_of(EFFECT_NONE);
}

static enum err make_row(void *context, struct arena *a, size_t index, struct page_row *ret)
{
	const struct rows *rows = context;
	const struct m_evento *e = &rows->historia->eventos[index];
	const char **cells = arena_array(a, COUNT_OF(columns), sizeof(*cells));

	if (cells == NULL)
		return ERR_NO_MEMORY;
	cells[0] = hora_text(a, zona_centro(), e->instante, HORA_LISTA);
	cells[1] = texto(cronologia_suceso(e->suceso));
	cells[2] = e->actor;
	cells[3] = e->prueba == NULL ? "" : is_acuse(e) ? _("acuse") : _("envío");
	cells[4] = e->detalle;
	cells[5] = rows->domicilio != NULL ? hora_text(a, rows->domicilio, e->instante, HORA_LISTA)
					   : "";
	if (cells[0] == NULL || cells[5] == NULL)
		return ERR_NO_MEMORY;
	*ret = (struct page_row){.cells = cells};
	return OK;
}

/* A row is cut to the screen; this is not. */
static void whole_event(struct parrafos *p, const struct m_evento *e)
{
	parrafos_pair(p, texto(columns[1].label), "%s", texto(cronologia_suceso(e->suceso)));
	parrafos_pair(p, texto(columns[2].label), "%s", e->actor);
	if (e->detalle != NULL)
		parrafos_pair(p, texto(columns[4].label), "%s", e->detalle);
	if (e->prueba != NULL)
		parrafos_pair(p, texto(columns[3].label),
			_("el mensaje %s, que conserva el Instituto"), e->prueba);
	else
		parrafos_pair(
			p, texto(columns[3].label), "%s", _("este evento no tiene acuse propio"));
}

/* What is seen may not be the newest: said, with what to do. */
static void above(struct parrafos *p, const struct cronologia *s, const struct m_historia *h)
{
	parrafos_pair(p, _("Folio"), "%s", s->folio);
	if (s->err != OK && h != NULL)
		parrafos_add(p, PAGE_WARNING,
			_("%s Ésta es la que se leyó antes en este equipo; r la pide de nuevo."),
			err_sentence(s->err));
	else if (s->err != OK)
		parrafos_add(p, PAGE_WARNING, "%s", err_sentence(s->err));
}

static enum err page(void *state, struct model *m, struct arena *a, int64_t now, struct page *ret)
{
	struct cronologia *s = state;
	const struct m_historia *h = model_historia(m, s->folio);
	struct rows *rows = arena_alloc(a, sizeof(*rows));
	size_t count = h != NULL ? h->eventos_count : 0;
	struct parrafos p;

	(void)now;
	parrafos_init(&p, a);
	above(&p, s, h);
	if (rows == NULL || p.failed)
		return ERR_NO_MEMORY;
	*rows = (struct rows){h, model_domicilio(m)};
	if (s->index >= count)
		s->index = count != 0 ? count - 1 : 0;
	ret->title = _("Cronología");
	if (s->whole && s->index < count) {
		parrafos_pair(&p, texto(columns[0].label), "%s",
			parrafos_hora(&p, h->eventos[s->index].instante));
		whole_event(&p, &h->eventos[s->index]);
		ret->part = 1;
		return parrafos_text(&p, ret);
	}
	ret->kind = PAGE_LIST;
	ret->list = (struct page_list){
		.columns = columns,
		/* The second zone is a column only where the domicile has another. */
		.column_count = COUNT_OF(columns) - (rows->domicilio == NULL),
		.row = make_row,
		.context = rows,
		.selected = s->index,
		.row_count = count,
		.empty = s->asking ? _("Pidiendo la cronología…")
				   : _("No se ha recibido; r la pide."),
		.above = p.rows,
		.above_count = p.count,
	};
	if (s->asking && m->linea.fase == FASE_NADA)
		ret->status = _("Pidiendo la cronología… (Esc cancela)");
	return OK;
}

const struct view view_cronologia = {
	.screen = SCREEN_cronologia,
	.size = sizeof(struct cronologia),
	.open = open,
	.act = act,
	.arrived = arrived,
	.page = page,
};
