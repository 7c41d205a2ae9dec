#include "screens/medios.h"

#include <stdio.h>
#include "base/texto.h"
#include "base/utf8.h"
#include "ley/rp.h"
#include "screens/contacto.h"
#include "screens/medio_acciones.h"
#include "screens/parrafos.h"
#include "screens/representacion.h"

struct medios {
	char folio[MODEL_FOLIO]; /* under the cursor; "": the first */
	size_t index;		 /* where it stood last */
	char antes[MODEL_FOLIO]; /* the last acuse as a new one was begun */
	char nuevo[MODEL_FOLIO]; /* registered from here: the cursor goes to it once it is there */
	bool creating;		 /* the form of a new one stands above */
	bool counters;		 /* shown instead of the board */
	char filter[128];	 /* what is looked for; "": all are shown */
	struct medio_acciones acciones;
};

/* What a row callback needs; lives in the page's arena. */
struct rows {
	const struct m_medio **list; /* those that are shown */
	size_t count;
	int64_t now;
};

/* Where a date is due but not there, the status stands in its place. */
static const struct page_column columns[] = {
	{.label = N_("Folio"), .key = "folio", .min = 21, .drop = 5},
	{.label = N_("Mecanismo de Comunicación"), .key = "mecanismo", .min = 25, .drop = 3},
	{.label = N_("Medios de Contacto"), .key = "medio", .min = 23, .weight = 1},
	{.label = N_("Fecha de Registro"), .key = "registro", .min = 17, .drop = 4},
	{.label = N_("Acuse de Registro"), .key = "acuse_registro", .min = 21, .drop = 8},
	{.label = N_("Fecha de Validación"), .key = "validacion", .min = 19},
	{.label = N_("Acuse de Validación"), .key = "acuse_validacion", .min = 21, .drop = 7},
	{.label = N_("Fecha de Baja"), .key = "baja", .min = 13, .drop = 2},
	{.label = N_("Acuse de Baja"), .key = "acuse_baja", .min = 21, .drop = 6},
};

static bool matches(const struct medios *s, const struct m_medio *x, int64_t now)
{
	return s->filter[0] == '\0' || utf8_contains(x->folio, s->filter) ||
	       utf8_contains(x->medio, s->filter) ||
	       utf8_contains(contacto_mecanismo(x->mecanismo), s->filter) ||
	       utf8_contains(contacto_estatus(contacto_estado(x, now)), s->filter);
}

/* The i-th that is shown; NULL past the last. */
static const struct m_medio *at(
	const struct medios *s, const struct model *m, int64_t now, size_t i)
{
	for (size_t n = 0; m->cuenta != NULL && n < m->cuenta->medios_count; n++)
		if (matches(s, &m->cuenta->medios[n], now) && i-- == 0)
			return &m->cuenta->medios[n];
	return NULL;
}

static enum err rows_of(struct arena *a, const struct medios *s, const struct model *m, int64_t now,
	struct rows *ret)
{
	size_t count = m->cuenta != NULL ? m->cuenta->medios_count : 0;

	*ret = (struct rows){.list = arena_array(a, count + 1, sizeof(*ret->list)), .now = now};
	if (ret->list == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < count; i++)
		if (matches(s, &m->cuenta->medios[i], now))
			ret->list[ret->count++] = &m->cuenta->medios[i];
	return OK;
}

/* ---- rows ---- */

static const char *dia(struct arena *a, int64_t instant)
{
	return instant == 0 ? ""
			    : fecha_text(a, zona_civil(zona_centro(), instant).dia, FECHA_LISTA);
}

static const char *or_empty(const char *text)
{
	return text != NULL ? text : "";
}

static enum err make_row(void *context, struct arena *a, size_t index, struct page_row *ret)
{
	const struct rows *rows = context;
	const char **cells = arena_array(a, COUNT_OF(columns), sizeof(*cells));

	if (cells == NULL)
		return ERR_NO_MEMORY;
	const struct m_medio *x = rows->list[index];
	enum contacto_estado e = contacto_estado(x, rows->now);

	cells[0] = x->folio;
	cells[1] = contacto_mecanismo(x->mecanismo);
	cells[2] = x->medio;
	cells[3] = dia(a, x->registrado);
	cells[4] = x->folio;
	cells[5] = x->validado != 0 ? dia(a, x->validado) : contacto_estatus(e);
	cells[6] = or_empty(x->acuse_validacion);
	cells[7] = dia(a, x->baja);
	cells[8] = or_empty(x->acuse_baja);
	for (size_t i = 0; i < COUNT_OF(columns); i++)
		if (cells[i] == NULL)
			return ERR_NO_MEMORY;
	*ret = (struct page_row){.cells = cells,
		.style = e == CONTACTO_VENCIDO || e == CONTACTO_BAJA ? PAGE_MUTED
			 : e == CONTACTO_EN_PROCESO		     ? PAGE_WARNING
								     : PAGE_NORMAL};
	return OK;
}

/* ---- the cursor ---- */

static void keep(struct medios *s, const struct model *m, int64_t now, size_t index)
{
	const struct m_medio *x = at(s, m, now, index);

	if (x == NULL)
		return;
	(void)snprintf(s->folio, sizeof(s->folio), "%s", x->folio);
	s->index = index;
}

/* The row of the cursor; one that is gone gives its place to the row that stands there. */
static size_t cursor(struct medios *s, const struct model *m, int64_t now)
{
	const struct m_medio *x;
	size_t count;

	if (s->nuevo[0] != '\0' && model_medio(m, s->nuevo) != NULL) {
		s->filter[0] = '\0';
		memcpy(s->folio, s->nuevo, sizeof(s->folio));
		s->nuevo[0] = '\0';
	}
	for (count = 0; (x = at(s, m, now, count)) != NULL; count++)
		if (strcmp(x->folio, s->folio) == 0)
			return s->index = count;
	keep(s, m, now, s->index < count ? s->index : count - (count != 0));
	return s->index;
}

static const struct m_medio *current(struct medios *s, const struct model *m, int64_t now)
{
	return at(s, m, now, cursor(s, m, now));
}

/* ---- acts ---- */

static struct effect begin_new(struct medios *s, const struct model *m)
{
	if (!medio_acciones_firma(&s->acciones, m))
		return effect_of(EFFECT_NONE);
	memcpy(s->antes, m->ultimo_acuse, sizeof(s->antes));
	s->creating = true;
	return effect_to(EFFECT_OPEN, SCREEN_medio_nuevo, NULL);
}

/* The acuse of a registration has the folio of its medium. */
static void resumed(struct medios *s, const struct model *m)
{
	if (s->creating && strcmp(s->antes, m->ultimo_acuse) != 0)
		memcpy(s->nuevo, m->ultimo_acuse, sizeof(s->nuevo));
	s->creating = false;
}

static struct effect look_for(struct medios *s, const char *words)
{
	struct effect prompt = effect_of(EFFECT_PROMPT);

	prompt.text = "/";
	if (words == NULL)
		return prompt;
	(void)snprintf(s->filter, sizeof(s->filter), "%s", words);
	return effect_of(EFFECT_NONE);
}

/* What is looked for goes first, then the screen. */
static struct effect back(struct medios *s)
{
	if (s->filter[0] == '\0')
		return effect_of(EFFECT_BACK);
	s->filter[0] = '\0';
	return effect_of(EFFECT_NONE);
}

static struct effect act_action(struct medios *s, struct model *m, const struct event *e)
{
	struct effect effect = effect_of(EFFECT_NONE);

	s->acciones.status[0] = '\0';
	/* From the counters every way leads back to the board: nothing is done to an unseen row. */
	if (s->counters && e->action != ACTION_refresh && e->action != ACTION_lock) {
		s->counters = false;
		return effect;
	}
	if (medio_acciones_do(&s->acciones, m, current(s, m, e->now), e, &effect))
		return effect;
	switch (e->action) {
	case ACTION_detail:
		return current(s, m, e->now) != NULL
			       ? effect_to(EFFECT_OPEN, SCREEN_medio, s->folio)
			       : begin_new(s, m);
	case ACTION_medium_new:
		return begin_new(s, m);
	case ACTION_counters:
		s->counters = true;
		return effect;
	case ACTION_search:
		return look_for(s, e->value);
	case ACTION_refresh:
		return effect_of(EFFECT_SYNC);
	case ACTION_lock:
		return effect_of(EFFECT_LOCK);
	case ACTION_back:
		return back(s);
	default:
		return effect;
	}
}

static struct effect act(void *state, struct model *m, const struct event *e)
{
	struct medios *s = state;

	if (e->kind == EVENT_ACTION)
		return act_action(s, m, e);
	if (e->kind == EVENT_ENTERED)
		return look_for(s, e->value);
	if (e->kind == EVENT_RESUMED)
		resumed(s, m);
	if (e->kind == EVENT_MOVED) {
		s->nuevo[0] = '\0';
		keep(s, m, e->now, e->index);
	}
	return effect_of(EFFECT_NONE);
}

static struct effect open(
	void *state, struct model *m, const struct effect *from, const struct event *e)
{
	struct medios *s = state;

	(void)from;
	keep(s, m, e->now, 0);
	return effect_of(EFFECT_NONE);
}

/* ---- the page ---- */

/* A line each: a pair would take two where there are 40 columns. */
static void counter(struct parrafos *p, const struct model *m, const char *rp)
{
	parrafos_add(p, PAGE_NORMAL, _("Correos electrónicos validados: %zu"),
		contacto_validados(m, CONTACTO_CORREO, rp));
	parrafos_add(p, PAGE_NORMAL, _("Teléfonos celulares validados: %zu"),
		contacto_validados(m, CONTACTO_CELULAR, rp));
}

/* */
static enum err counters(struct parrafos *p, const struct model *m, struct page *ret)
{
	const struct m_cuenta *c = m->cuenta;

	parrafos_add(p, PAGE_HEADING, _("Del RFC"));
	counter(p, m, NULL);
	for (size_t i = 0; c != NULL && i < c->rps_count; i++) {
		const struct m_registro_patronal *rp = &c->rps[i];

		parrafos_blank(p);
		const char *text = rp_text(p->arena, rp->rp);

		if (text == NULL)
			return ERR_NO_MEMORY;
		parrafos_add(p, PAGE_HEADING, _("Registro Patronal %s%s%s"), text,
			rp->subdelegacion != NULL ? ", " : "", or_empty(rp->subdelegacion));
		counter(p, m, rp->rp);
	}
	if (c != NULL && c->rps_count == 0) {
		parrafos_blank(p);
		parrafos_add(p, PAGE_NORMAL, _("No constan Registros Patronales de este RFC."));
	}
	ret->title = _("Medios de contacto validados");
	ret->part = 1;
	return parrafos_text(p, ret);
}

/* Acts on media that are signed and wait for the line, or that were refused. */
static void waiting(struct parrafos *p, const struct model *m)
{
	for (size_t i = 0; i < m->acto_count; i++) {
		const struct model_acto *acto = &m->actos[i];
		bool ours = acto->route == ROUTE_ID_medio_registrar ||
			    acto->route == ROUTE_ID_medio_validar ||
			    acto->route == ROUTE_ID_medio_reenviar ||
			    acto->route == ROUTE_ID_medio_baja;
		const char *que = ours ? acto_texto(p->arena, acto) : "";

		if (que == NULL)
			p->failed = true;
		else if (que[0] != '\0' && acto->err != OK)
			parrafos_add(p, PAGE_WARNING,
				_("No se admitió: %s (%s). %s En Inicio (1), x lo quita."), que,
				parrafos_hora(p, acto->cuando), err_sentence(acto->err));
		else if (que[0] != '\0')
			parrafos_pair(p, _("Por enviar"), _("%s, hasta el %s"), que,
				parrafos_hora(p, acto->cuando));
	}
}

static const char *nothing(const struct medios *s, const struct model *m)
{
	if (m->cuenta == NULL)
		return _("Todavía no se recibe nada del servidor; abajo dice por qué.");
	if (!contacto_visibles(m))
		return _("No se ven desde esta representación.");
	if (s->filter[0] != '\0')
		return _("No hay coincidencias; Esc quita la búsqueda.");
	if (s->nuevo[0] != '\0')
		return _("Esperando la lista del servidor…");
	return _("No hay medios de contacto. Hacen falta un correo electrónico y un teléfono "
		 "celular, validados: n registra el primero.");
}

/* What a representative can't do here is said; no key is offered for what does nothing. */
static void narrow(struct parrafos *p, const struct model *m, size_t count, struct page *ret)
{
	static const char *const acts[] = {"validar", "reenviar", "eliminar"};
	bool no = representacion_corta(
		p, m, AMBITO_MEDIOS, contacto_visibles(m) ? NIVEL_FIRMAR : NIVEL_LEER);

	for (size_t i = 0; (no || count == 0) && i < COUNT_OF(acts); i++)
		ret->mute[i] = acts[i];
	if (no)
		ret->mute[COUNT_OF(acts)] = "nuevo";
	else if (count == 0)
		ret->mute[COUNT_OF(acts)] = "acuse";
	if (count == 0)
		ret->mute[COUNT_OF(acts) + 1] = "detalle";
}

static enum err page(void *state, struct model *m, struct arena *a, int64_t now, struct page *ret)
{
	struct medios *s = state;
	struct rows *rows = arena_alloc(a, sizeof(*rows));
	struct parrafos p;

	enum err err = rows == NULL ? ERR_NO_MEMORY : rows_of(a, s, m, now, rows);

	if (err != OK)
		return err;
	/* It takes note of what has come meanwhile. */
	size_t selected = cursor(s, m, now);

	parrafos_init(&p, a);
	ret->until = contacto_hasta(m);
	narrow(&p, m, rows->count, ret);
	if (s->counters && contacto_visibles(m))
		return counters(&p, m, ret);
	waiting(&p, m);
	if (s->nuevo[0] != '\0')
		parrafos_add(&p, PAGE_NORMAL,
			_("Se registró con el folio %s; su renglón llega en un momento."),
			s->nuevo);
	if (contacto_visibles(m))
		counter(&p, m, NULL);
	if (s->filter[0] != '\0')
		parrafos_add(&p, PAGE_NORMAL, _("Buscando «%s» (%zu de %zu; Esc lo quita)"),
			s->filter, rows->count, m->cuenta != NULL ? m->cuenta->medios_count : 0);
	if (p.failed)
		return ERR_NO_MEMORY;
	ret->kind = PAGE_LIST;
	ret->title = _("Mis medios de contacto");
	ret->list = (struct page_list){
		.columns = columns,
		.column_count = COUNT_OF(columns),
		.row = make_row,
		.context = rows,
		.selected = selected,
		.row_count = rows->count,
		.empty = nothing(s, m),
		.above = p.rows,
		.above_count = p.count,
	};
	if (s->acciones.status[0] != '\0')
		ret->status = s->acciones.status;
	return OK;
}

const struct view view_medios = {
	.screen = SCREEN_medios,
	.size = sizeof(struct medios),
	.open = open,
	.act = act,
	.page = page,
};
