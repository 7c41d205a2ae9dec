#include "screens/representantes.h"

#include <stdio.h>
#include "base/texto.h"
#include "base/utf8.h"
#include "screens/parrafos.h"
#include "screens/representante.h"

#define ORDER_BYTES ((size_t)1 << 20)

struct representantes {
	bool recibidos;		 /* shows the RFCs that gave access */
	char folio[MODEL_FOLIO]; /* under the cursor; "": the first */
	size_t index;		 /* where it stood last */
	char filter[128];
	char acuse[MODEL_FOLIO];
	char de[MODEL_RFC];
	struct acto acto;
	char status[160];
};

/* The rows that are shown, in their order. */
struct rows {
	const struct m_representacion **list;
	size_t count;
	bool recibidos;
	int64_t now;
};

static const struct page_column given[] = {
	{.label = N_("Representante"), .key = "rfc", .min = 13},
	{.label = N_("Nombre"), .key = "nombre", .min = 14, .weight = 1, .drop = 3},
	{.label = N_("Puede"), .key = "permisos", .min = 16, .weight = 2, .drop = 2},
	{.label = N_("Hasta"), .key = "hasta", .min = 11, .drop = 1},
	{.label = N_("Estado"), .key = "estado", .min = 11},
};

static const struct page_column received[] = {
	{.label = N_("RFC"), .key = "rfc", .min = 13},
	{.label = N_("Titular"), .key = "nombre", .min = 14, .weight = 1, .drop = 3},
	{.label = N_("Puedes"), .key = "permisos", .min = 16, .weight = 2, .drop = 2},
	{.label = N_("Hasta"), .key = "hasta", .min = 11, .drop = 1},
	{.label = N_("Estado"), .key = "estado", .min = 11},
};

/* ---- the rows ---- */

static const char *who(const struct m_representacion *r, bool recibidos)
{
	return recibidos ? r->titular : r->representante;
}

static const char *name(const struct m_representacion *r, bool recibidos)
{
	const char *text = recibidos ? r->titular_nombre : r->representante_nombre;

	return text != NULL ? text : "";
}

static bool matches(const struct representantes *s, const struct m_representacion *r, int64_t now)
{
	return s->filter[0] == '\0' || utf8_contains(who(r, s->recibidos), s->filter) ||
	       utf8_contains(name(r, s->recibidos), s->filter) ||
	       utf8_contains(r->folio, s->filter) ||
	       utf8_contains(representacion_estatus(representacion_estado(r, now)), s->filter);
}

static size_t all_of(
	const struct model *m, bool recibidos, const struct m_representacion **ret_rows)
{
	const struct m_cuenta *c = m->cuenta;

	*ret_rows = NULL;
	if (c == NULL)
		return 0;
	*ret_rows = recibidos ? c->representados : c->representantes;
	return recibidos ? c->representados_count : c->representantes_count;
}

/* What waits for a signature, what is in force, what is over; each in the server's order. */
static enum err rows_of(struct arena *a, const struct representantes *s, const struct model *m,
	int64_t now, struct rows *ret)
{
	const struct m_representacion *all;
	size_t count = all_of(m, s->recibidos, &all);
	struct rows rows = {.recibidos = s->recibidos, .now = now};

	rows.list = arena_array(a, count + 1, sizeof(*rows.list));
	if (rows.list == NULL)
		return ERR_NO_MEMORY;
	for (int pass = 0; pass < 3; pass++)
		for (size_t i = 0; i < count; i++) {
			enum representacion_estado e = representacion_estado(&all[i], now);
			int its = e == REPRESENTACION_POR_ACEPTAR	 ? 0
				  : representacion_abierta(&all[i], now) ? 1
									 : 2;

			if (its == pass && matches(s, &all[i], now))
				rows.list[rows.count++] = &all[i];
		}
	*ret = rows;
	return OK;
}

static const char *hasta(struct arena *a, const struct m_representacion *r)
{
	int64_t end = r->termino != 0 ? r->termino : r->hasta;

	return end == 0 ? "" : fecha_text(a, zona_civil(zona_centro(), end).dia, FECHA_LISTA);
}

static enum err make_row(void *context, struct arena *a, size_t index, struct page_row *ret)
{
	const struct rows *rows = context;
	const struct m_representacion *r = rows->list[index];
	enum representacion_estado e = representacion_estado(r, rows->now);
	const char **cells = arena_array(a, COUNT_OF(given), sizeof(*cells));

	if (cells == NULL)
		return ERR_NO_MEMORY;
	cells[0] = who(r, rows->recibidos);
	cells[1] = name(r, rows->recibidos);
	cells[2] = representacion_permisos(a, r->permisos, r->permisos_count);
	cells[3] = hasta(a, r);
	cells[4] = representacion_estatus(e);
	if (cells[2] == NULL || cells[3] == NULL)
		return ERR_NO_MEMORY;
	*ret = (struct page_row){.cells = cells,
		.style = e == REPRESENTACION_POR_ACEPTAR	? PAGE_URGENT
			 : representacion_abierta(r, rows->now) ? PAGE_NORMAL
								: PAGE_MUTED};
	return OK;
}

/* ---- the cursor ---- */

static void keep(struct representantes *s, const struct rows *rows, size_t index)
{
	if (index >= rows->count)
		return;
	(void)snprintf(s->folio, sizeof(s->folio), "%s", rows->list[index]->folio);
	s->index = index;
}

/* The row of the cursor; one that left the list gives its place to the row that stands there. */
static size_t cursor(struct representantes *s, const struct rows *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		if (strcmp(rows->list[i]->folio, s->folio) == 0) {
			s->index = i;
			return i;
		}
	s->folio[0] = '\0';
	if (rows->count != 0)
		keep(s, rows, s->index < rows->count ? s->index : rows->count - 1);
	return rows->count != 0 ? s->index : 0;
}

/* ---- what is done ---- */

static void say(struct representantes *s, const char *text)
{
	(void)snprintf(s->status, sizeof(s->status), "%s", text);
}

static void show(struct representantes *s, bool recibidos)
{
	s->recibidos = recibidos;
	s->folio[0] = '\0';
	s->index = 0;
}

static struct effect filter(struct representantes *s, const char *words)
{
	struct effect prompt = effect_of(EFFECT_PROMPT);

	if (words == NULL) {
		prompt.text = "/";
		return prompt;
	}
	(void)snprintf(s->filter, sizeof(s->filter), "%s", words);
	return effect_of(EFFECT_NONE);
}

/* A moral signs by itself, a representative for another does not name a third. */
static struct effect create(struct representantes *s, const struct model *m)
{
	if (!model_representa(m))
		return effect_to(EFFECT_OPEN, SCREEN_representante_nuevo, NULL);
	say(s, _("Sólo el titular nombra representantes, con su propia e.firma."));
	return effect_of(EFFECT_NONE);
}

static struct effect end(struct representantes *s, const struct model *m, int64_t now)
{
	const char *why = NULL;
	struct effect effect = representante_terminar(m, s->folio, now, &s->acto, &why);

	if (why != NULL)
		say(s, why);
	return effect;
}

/* The filter goes first, then the screen. */
static struct effect back(struct representantes *s)
{
	if (s->filter[0] == '\0')
		return effect_of(EFFECT_BACK);
	s->filter[0] = '\0';
	return effect_of(EFFECT_NONE);
}

static struct effect act_action(struct representantes *s, struct model *m, const struct event *e)
{
	s->status[0] = '\0';
	switch (e->action) {
	case ACTION_side:
		show(s, e->value != NULL ? strcmp(e->value, "recibidos") == 0 : !s->recibidos);
		return effect_of(EFFECT_NONE);
	case ACTION_search:
		return filter(s, e->value);
	case ACTION_detail:
		return s->folio[0] != '\0' ? effect_to(EFFECT_OPEN, SCREEN_representante, s->folio)
					   : effect_of(EFFECT_NONE);
	case ACTION_representative_new:
		return create(s, m);
	case ACTION_representative_end:
		return end(s, m, e->now);
	case ACTION_receipt:
		return representante_acuse(m, s->folio, s->acuse, s->de);
	case ACTION_refresh:
		return effect_of(EFFECT_SYNC);
	case ACTION_lock:
		return effect_of(EFFECT_LOCK);
	case ACTION_back:
		return back(s);
	default:
		return effect_of(EFFECT_NONE);
	}
}

static struct effect act(void *state, struct model *m, const struct event *e)
{
	ARENA(a, ORDER_BYTES);
	struct representantes *s = state;
	struct rows rows;

	if (rows_of(&a, s, m, e->now, &rows) != OK)
		return effect_of(EFFECT_NONE);
	(void)cursor(s, &rows);
	switch (e->kind) {
	case EVENT_MOVED:
		keep(s, &rows, e->index);
		return effect_of(EFFECT_NONE);
	case EVENT_ENTERED:
		return filter(s, e->value);
	case EVENT_ACTION:
		return act_action(s, m, e);
	default:
		return effect_of(EFFECT_NONE);
	}
}

/* Whoever only received is shown what they received. */
static struct effect open(
	void *state, struct model *m, const struct effect *from, const struct event *e)
{
	struct representantes *s = state;
	const struct m_representacion *rows;
	bool proposed = false;
	size_t count = all_of(m, true, &rows);

	(void)from;
	for (size_t i = 0; i < count; i++)
		proposed = proposed ||
			   representacion_estado(&rows[i], e->now) == REPRESENTACION_POR_ACEPTAR;
	show(s, proposed || (count != 0 && all_of(m, false, &rows) == 0));
	return effect_of(EFFECT_NONE);
}

/* ---- the page ---- */

static void above(struct parrafos *p, const struct representantes *s, const struct model *m,
	const struct rows *rows, int64_t *ret_until)
{
	const struct m_representacion *all;
	size_t total = all_of(m, s->recibidos, &all);

	if (s->filter[0] != '\0')
		parrafos_add(p, PAGE_NORMAL, _("Buscando «%s» (%zu de %zu; Esc lo quita)"),
			s->filter, rows->count, total);
	for (size_t i = 0; i < rows->count; i++) {
		const struct m_representacion *r = rows->list[i];

		if (representacion_estado(r, rows->now) != REPRESENTACION_POR_ACEPTAR)
			break;
		parrafos_add(p, PAGE_URGENT,
			s->recibidos ? _("%s te nombró: falta tu firma, antes del %s")
				     : _("Falta la firma de %s, antes del %s"),
			who(r, s->recibidos), parrafos_hora(p, r->acepta_antes));
		if (*ret_until == 0 || r->acepta_antes < *ret_until)
			*ret_until = r->acepta_antes + 1;
	}
}

static const char *nothing(const struct representantes *s, const struct model *m)
{
	if (m->cuenta == NULL)
		return _("Todavía no se recibe nada del servidor; abajo dice por qué.");
	if (s->filter[0] != '\0')
		return _("No hay coincidencias; Esc quita la búsqueda.");
	return s->recibidos
		       ? _("Ningún RFC te ha dado acceso. Pide a su titular que te nombre.")
		       : _("Nadie actúa por este RFC. n nombra a alguien: sólo ve o firma lo que tú "
			   "digas, y hasta cuando digas.");
}

static const char *title(struct arena *a, const struct representantes *s, const struct model *m)
{
	const struct m_representacion *all;
	size_t count = all_of(m, s->recibidos, &all);

	return s->recibidos ? arena_printf(a, _("RFC que te dieron acceso: %zu"), count)
			    : arena_printf(a, _("Representantes: %zu"), count);
}

static enum err page(void *state, struct model *m, struct arena *a, int64_t now, struct page *ret)
{
	struct representantes *s = state;
	struct rows *rows = arena_alloc(a, sizeof(*rows));
	struct parrafos p;
	enum err err = rows == NULL ? ERR_NO_MEMORY : rows_of(a, s, m, now, rows);

	if (err != OK)
		return err;
	parrafos_init(&p, a);
	above(&p, s, m, rows, &ret->until);
	ret->title = title(a, s, m);
	if (p.failed || ret->title == NULL)
		return ERR_NO_MEMORY;
	ret->kind = PAGE_LIST;
	ret->list = (struct page_list){
		.columns = s->recibidos ? received : given,
		.column_count = COUNT_OF(given),
		.row_count = rows->count,
		.row = make_row,
		.context = rows,
		.selected = cursor(s, rows),
		.above = p.rows,
		.above_count = p.count,
		.empty = nothing(s, m),
	};
	ret->mute[0] = model_representa(m) ? "nombrar" : NULL;
	ret->mute[1] = rows->count == 0 ? "detalle" : NULL;
	if (s->status[0] != '\0')
		ret->status = s->status;
	return OK;
}

const struct view view_representantes = {
	.screen = SCREEN_representantes,
	.size = sizeof(struct representantes),
	.open = open,
	.act = act,
	.page = page,
};
