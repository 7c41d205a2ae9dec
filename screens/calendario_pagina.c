#include "screens/calendario_estado.h"

#include "base/texto.h"
#include "screens/mes.h"
#include "screens/parrafos.h"
#include "screens/renglon.h"

static bool is_weekend(int32_t dia)
{
	return fecha_weekday(dia) % 6 == 0;
}

/* What a row callback needs; lives in the page's arena. */
struct rows {
	const struct vista_calendario *s;
	const struct model *model;
	int64_t now;
};

static const char *short_name(enum cita_clase clase)
{
	static const char *const names[CITA_CLASES] = {
		[CITA_LAPSO] = N_("Se notifica"),
		[CITA_ABRIR] = N_("Abrir, último día"),
		[CITA_PRUDENTE] = N_("Responder, prudente"),
		[CITA_TERMINO] = N_("Responder, último día"),
		[CITA_OBLIGACION] = "",
	};

	return names[clase][0] != '\0' ? texto(names[clase]) : "";
}

/* "Se notifica (antes 13/nov/2026): Resolución …" */
static const char *what(struct arena *a, const struct cita *c)
{
	bool period = c->clase == CITA_OBLIGACION && c->tambien != NULL;
	const char *antes = c->antes != 0 ? fecha_text(a, c->antes, FECHA_LISTA) : NULL;

	if (c->antes != 0 && antes == NULL)
		return NULL;
	const char *name = short_name(c->clase);

	return arena_printf(a, "%s%s%s%s%s%s%s%s%s", name, antes != NULL ? _(" (antes ") : "",
		antes != NULL ? antes : "", antes != NULL ? ")" : "", name[0] != '\0' ? ": " : "",
		c->que, period ? " (" : "", period ? c->tambien : "", period ? ")" : "");
}

/* "17 Abrir, último día: …; 19 …", as many as a line may hold; the rest is counted. */
struct resumen {
	struct arena *arena;
	const char *text; /* NULL: no memory */
	size_t count;
};

#define RESUMEN_MOST 4

static void sum_up(struct resumen *r, int day, const char *text)
{
	if (r->count++ >= RESUMEN_MOST || r->text == NULL)
		return;
	r->text = text == NULL ? NULL
			       : arena_printf(r->arena, "%s%s%d %s", r->text,
					 r->text[0] != '\0' ? "; " : "", day, text);
}

/* A week of the month; of a día inhábil between Monday and Friday, why it is one. */
static const char *of_week(struct arena *a, const struct rows *rows, size_t week)
{
	const struct vista_calendario *s = rows->s;
	const struct calendario *c = model_calendario(rows->model);
	struct resumen r = {.arena = a, .text = ""};
	size_t next = 0;
	int32_t first, last;

	mes_de(s->dia, &first, &last);
	for (int32_t dia = first; dia <= last; dia++) {
		const char *motivo = NULL;
		bool habil = true;

		while (next < s->citas.count && s->citas.rows[next].dia < dia)
			next++;
		if (mes_semana(dia) != week)
			continue;
		for (; next < s->citas.count && s->citas.rows[next].dia == dia; next++)
			sum_up(&r, (int)(dia - first + 1),
				r.count < RESUMEN_MOST ? what(a, &s->citas.rows[next]) : "");
		if (!is_weekend(dia) && c != NULL &&
			calendario_habil(c, dia, &habil, &motivo) == OK && !habil)
			sum_up(&r, (int)(dia - first + 1), texto(motivo));
	}
	if (r.count <= RESUMEN_MOST || r.text == NULL)
		return r.text;
	return arena_printf(a, _("%s; y %zu más"), r.text, r.count - RESUMEN_MOST);
}

static enum err make_week(void *context, struct arena *a, size_t index, struct page_row *ret)
{
	const struct rows *rows = context;
	const struct vista_calendario *s = rows->s;
	const char **cells = arena_array(a, 2, sizeof(*cells));

	if (cells == NULL)
		return ERR_NO_MEMORY;
	cells[0] = mes_texto(a, model_calendario(rows->model), &s->citas, s->dia, index);
	cells[1] = of_week(a, rows, index);
	*ret = (struct page_row){.cells = cells};
	return cells[0] != NULL && cells[1] != NULL ? OK : ERR_NO_MEMORY;
}

/* What is due all day is due until its end. */
static int64_t due_of(const struct cita *c)
{
	return c->instante != 0 ? c->instante : zona_instant(zona_centro(), c->dia + 1, 0) - 1;
}

static enum err make_cita(void *context, struct arena *a, size_t index, struct page_row *ret)
{
	const struct rows *rows = context;
	const struct vista_calendario *s = rows->s;
	const char **cells = arena_array(a, 4, sizeof(*cells));

	if (index >= s->citas.count)
		return ERR_NOT_FOUND;
	const struct cita *c = &s->citas.rows[index];

	if (cells == NULL)
		return ERR_NO_MEMORY;
	cells[0] = renglon_vence(a, due_of(c), rows->now);
	cells[1] = what(a, c);
	cells[2] = c->folio != NULL ? c->folio : "";
	cells[3] = c->de == CITA_DE_TODOS ? _("todos") : s->de[c->de].nombre;
	*ret = (struct page_row){.cells = cells, .style = renglon_style(due_of(c), rows->now)};
	return cells[0] != NULL && cells[1] != NULL ? OK : ERR_NO_MEMORY;
}

static int year_of(int32_t dia)
{
	int year, month, day;

	fecha_split(dia, &year, &month, &day);
	return year;
}

/* What nobody knows yet of the days that are shown: nothing is guessed. */
static void unknown(struct parrafos *p, const struct vista_calendario *s, const struct model *m)
{
	const struct calendario *c = model_calendario(m);
	int last = year_of(s->hasta);

	if (c == NULL) {
		parrafos_add(p, PAGE_WARNING,
			_("Todavía no se recibe el calendario de días inhábiles; r sincroniza."));
		return;
	}
	if (s->agenda ? s->hasta > c->hasta && s->desde > c->hasta : s->desde > c->hasta)
		parrafos_add(p, PAGE_WARNING,
			_("El calendario publicado llega al %s: de ahí en adelante no se cuenta nada."),
			parrafos_dia(p, c->hasta));
	else if (c->vacaciones_hasta < last && !s->agenda)
		parrafos_add(p, PAGE_WARNING, _("Vacaciones de %d: sin publicar"), last);
	else if (c->vacaciones_hasta < last)
		parrafos_add(p, PAGE_WARNING,
			_("Vacaciones de %d en adelante sin publicar: esas fechas pueden moverse."),
			c->vacaciones_hasta + 1 > year_of(s->desde) ? c->vacaciones_hasta + 1
								    : year_of(s->desde));
}

static void above(struct parrafos *p, const struct vista_calendario *s, const struct model *m)
{
	size_t count = 0;

	unknown(p, s, m);
	if (s->citas.cortadas)
		parrafos_add(p, PAGE_WARNING,
			_("Hay más de %d por vencer: no todo cabe aquí; T muestra la lista."),
			CITAS_FILAS);
	if (!s->todos || m->mundo == NULL)
		return;
	const char *names = mundo_names(p->arena, m->mundo, mundo_locked, &count);

	if (names == NULL)
		p->failed = true;
	else if (count > 0)
		parrafos_add(p, PAGE_WARNING, _("Sin ver, por estar bloqueados: %s; P los abre."),
			names);
}

/* The day under the cursor in one line: what falls on it, or why it does not count. */
static const char *of_day(struct arena *a, const struct vista_calendario *s, const struct model *m)
{
	const struct calendario *c = model_calendario(m);
	const char *dia = fecha_text(a, s->dia, FECHA_DIA);
	const char *first = NULL;
	const char *motivo = NULL;
	bool habil = true;
	size_t count = 0;

	for (size_t i = 0; i < s->citas.count; i++)
		if (s->citas.rows[i].dia == s->dia && count++ == 0)
			first = what(a, &s->citas.rows[i]);
	if (dia == NULL)
		return NULL;
	if (count == 1 && first != NULL)
		return arena_printf(a, "%s: %s", dia, first);
	if (count > 1)
		return arena_printf(a, _("%s: %zu por vencer; Enter los muestra"), dia, count);
	if (c == NULL || calendario_habil(c, s->dia, &habil, &motivo) != OK)
		return arena_printf(a, _("%s: sin calendario para ese día"), dia);
	return arena_printf(
		a, "%s: %s", dia, habil ? _("día hábil, nada por vencer") : texto(motivo));
}

static void obligation(struct parrafos *p, const struct cita *c)
{
	parrafos_add(p, PAGE_HEADING, "%s", c->que);
	if (c->tambien != NULL)
		parrafos_pair(p, _("Periodo"), "%s", c->tambien);
	parrafos_pair(p, _("Vence"), "%s", parrafos_dia(p, c->dia));
	if (c->regla != c->dia)
		parrafos_pair(p, _("Según su regla"), "%s", parrafos_dia(p, c->regla));
	if (c->fundamento != NULL)
		parrafos_pair(p, _("Fundamento"), "%s", c->fundamento);
	if (c->prorroga != NULL)
		parrafos_pair(p, _("Por qué se recorre"), "%s", c->prorroga);
	parrafos_blank(p);
}

/* Every reason for that day: itself, where it does not count; each row of every ambito. */
static void inhabil(struct parrafos *p, const struct calendario *c, int32_t dia)
{
	const char *motivo = NULL;
	bool habil = true;

	if (c == NULL || calendario_habil(c, dia, &habil, &motivo) != OK) {
		parrafos_add(p, PAGE_WARNING, _("El calendario publicado no llega a ese día."));
		return;
	}
	parrafos_add(p, PAGE_NORMAL, "%s: %s.", parrafos_dia(p, dia),
		habil ? _("día hábil") : _("día inhábil"));
	if (!habil && motivo != NULL && is_weekend(dia))
		parrafos_pair(p, _("Por qué"), "%s", texto(motivo));
	if (c->vacaciones_hasta < year_of(dia))
		parrafos_add(p, PAGE_WARNING,
			_("Las vacaciones de %d no se han publicado: las fechas de ese año pueden "
			  "moverse."),
			year_of(dia));
	for (size_t i = 0; i < c->count; i++)
		if (c->rows[i].dia == dia) {
			parrafos_pair(p, _("Por qué"), "%s", texto(c->rows[i].motivo));
			if (c->rows[i].ambito != NULL)
				parrafos_pair(p, _("Solo en"), "%s", c->rows[i].ambito);
			if (c->rows[i].declarado && c->fuente != NULL)
				parrafos_pair(p, _("Lo declaró"), "%s", c->fuente);
		}
	parrafos_blank(p);
}

static void skipped(struct parrafos *p, const struct calendario *c, const struct cita *o)
{
	for (int32_t dia = o->regla; c != NULL && dia < o->dia; dia++) {
		const char *motivo = NULL;
		bool habil = true;

		if (calendario_habil(c, dia, &habil, &motivo) == OK && !habil)
			parrafos_pair(p, parrafos_dia(p, dia), "%s", texto(motivo));
	}
}

static enum err reasons(
	struct vista_calendario *s, struct model *m, struct arena *a, struct page *ret)
{
	const struct calendario *c = model_calendario(m);
	const struct cita *at = s->agenda ? calendario_actual(s) : NULL;
	struct parrafos p;

	parrafos_init(&p, a);
	if (at == NULL)
		inhabil(&p, c, s->dia);
	for (size_t i = 0; i < s->citas.count; i++) {
		const struct cita *o = &s->citas.rows[i];

		if (at != NULL ? o != at : o->dia != s->dia)
			continue;
		if (o->clase == CITA_OBLIGACION) {
			obligation(&p, o);
			skipped(&p, c, o);
			continue;
		}
		parrafos_add(&p, PAGE_HEADING, "%s: %s", texto(cita_nombre(o->clase)), o->que);
		parrafos_pair(&p, _("Folio"), "%s", o->folio);
		if (o->antes != 0)
			parrafos_pair(&p, _("Movida"), _("vencía el %s: %s"),
				parrafos_dia(&p, o->antes), o->cambio);
		parrafos_add(&p, PAGE_MUTED, _("En la agenda (v), p muestra cómo se contó."));
		parrafos_blank(&p);
	}
	ret->part = 2;
	ret->title = _("Por qué esa fecha");
	return parrafos_text(&p, ret);
}

static void month(struct page *ret, struct vista_calendario *s, struct rows *rows)
{
	static struct page_column columns[] = {
		{.key = "semana", .min = MES_CELDAS},
		{.label = N_("Qué hay"), .key = "que", .min = 20, .weight = 1, .drop = 1},
	};

	columns[0].label = mes_titulo();
	ret->list = (struct page_list){.columns = columns,
		.column_count = COUNT_OF(columns),
		.row_count = mes_semanas(s->dia),
		.row = make_week,
		.context = rows,
		.selected = mes_semana(s->dia)};
}

static void agenda(struct page *ret, struct vista_calendario *s, struct rows *rows)
{
	static const struct page_column columns[] = {
		{.label = N_("Vence"), .key = "vence", .min = 16},
		{.label = N_("Qué"), .key = "que", .min = 19, .weight = 1},
		{.label = N_("Folio"), .key = "folio", .min = 21, .drop = 2},
		{.label = N_("Perfil"), .key = "perfil", .min = 9, .drop = 1},
	};

	ret->part = 1;
	ret->list = (struct page_list){.columns = columns,
		.column_count = COUNT_OF(columns) - (s->todos ? 0 : 1),
		.row_count = s->citas.count,
		.row = make_cita,
		.context = rows,
		.selected = calendario_cursor(s),
		.empty = _("Nada por vencer desde ese día; . vuelve a hoy.")};
}

enum err calendario_pagina(
	void *state, struct model *m, struct arena *a, int64_t now, struct page *ret)
{
	struct vista_calendario *s = state;
	struct rows *rows = arena_alloc(a, sizeof(*rows));
	enum err err = rows != NULL ? calendario_reunir(s, m) : ERR_NO_MEMORY;
	struct parrafos p;

	if (err != OK)
		return err;
	if (s->porque)
		return reasons(s, m, a, ret);
	const char *name = s->agenda ? fecha_text(a, s->dia, FECHA_DIA) : mes_nombre(a, s->dia);

	*rows = (struct rows){s, m, now};
	parrafos_init(&p, a);
	above(&p, s, m);
	ret->kind = PAGE_LIST;
	if (s->agenda)
		agenda(ret, s, rows);
	else
		month(ret, s, rows);
	ret->title = name == NULL
			     ? NULL
			     : arena_printf(a, s->agenda ? _("%s desde el %s") : _("%s · %s"),
				       s->agenda  ? (s->todos ? _("Agenda de todos") : _("Agenda"))
				       : s->todos ? _("Calendario de todos")
						  : _("Calendario"),
				       name);
	ret->status = s->status[0] != '\0' ? s->status : s->agenda ? NULL : of_day(a, s, m);
	ret->list.above = p.rows;
	ret->list.above_count = p.count;
	return p.failed || ret->title == NULL ? ERR_NO_MEMORY : OK;
}
