#include "screens/calendario.h"

#include <stdio.h>
#include "base/texto.h"
#include "screens/citas.h"
#include "screens/mes.h"
#include "screens/orden.h"
#include "screens/parrafos.h"
#include "screens/renglon.h"

#define ROOM ((size_t)16 << 20)
#define DAY_MS INT64_C(86400000)
/* How far the agenda looks from its first day. */
#define AGENDA_DIAS 400

struct vista_calendario {
	bool agenda;
	bool todos;
	bool porque;
	int32_t dia;	    /* under the cursor in the month; where the agenda begins */
	size_t index;	    /* the agenda's row under the cursor */
	char fila[96];	    /* which that is; "": the first */
	struct arena arena; /* of what was gathered, and of the file */
	struct citas citas;
	int32_t desde; /* hasta 0: nothing was gathered */
	int32_t hasta;
	uint64_t firma; /* of the copies it was gathered from */
	struct citas_de *de;
	size_t de_count;
	char status[200];
};

static void say(struct vista_calendario *s, const char *format, ...) PRINTF_LIKE(2, 3);

static void say(struct vista_calendario *s, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(s->status, sizeof(s->status), format, args);
	va_end(args);
}

/* ---- what is gathered ---- */

static bool seen(const struct vista_calendario *s, const struct model *m, size_t i)
{
	const struct mundo *w = m->mundo;

	return w->perfiles[i].model != NULL && (s->todos || w->perfiles[i].model == m);
}

/* The profiles whose copies are read: the one in front, or all that are not locked. */
static enum err profiles(struct vista_calendario *s, struct model *m)
{
	const struct mundo *w = m->mundo;
	size_t most = w != NULL ? w->count : 1;

	s->de_count = 0;
	s->de = arena_array(&s->arena, most + 1, sizeof(*s->de));
	if (s->de == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; w != NULL && i < w->count; i++)
		if (seen(s, m, i))
			s->de[s->de_count++] = (struct citas_de){.model = w->perfiles[i].model,
				.rfc = w->perfiles[i].rfc,
				.nombre = w->perfiles[i].nombre};
	if (s->de_count == 0)
		s->de[s->de_count++] = (struct citas_de){
			.model = m, .rfc = m->perfil.rfc, .nombre = m->perfil.rfc};
	return OK;
}

static uint64_t mix(uint64_t h, uint64_t value)
{
	return (h ^ value) * UINT64_C(1099511628211);
}

/* What a copy said: another one where anything was written to it that is seen here. */
static uint64_t signature(const struct vista_calendario *s, struct model *m)
{
	const struct mundo *w = m->mundo;
	uint64_t h = mix(UINT64_C(14695981039346656037), (uint64_t)s->todos);

	for (size_t i = 0; w != NULL && i < w->count; i++) {
		if (!seen(s, m, i))
			continue;
		struct model *of = w->perfiles[i].model;
		const struct tabla_totales *t = tabla_totales(&of->tabla);

		h = mix(mix(mix(mix(h, i + 1), (uint64_t)of->recibido), t->filas), t->vence);
		h = mix(h, (uint64_t)of->calendario.hasta);
	}
	return h;
}

static void stretch(const struct vista_calendario *s, int32_t *ret_desde, int32_t *ret_hasta)
{
	if (!s->agenda)
		mes_de(s->dia, ret_desde, ret_hasta);
	else {
		*ret_desde = s->dia;
		*ret_hasta = s->dia + AGENDA_DIAS;
	}
}

/* What is shown, gathered again only where it may be another. */
static enum err gather(struct vista_calendario *s, struct model *m)
{
	int32_t desde, hasta;
	uint64_t firma = signature(s, m);

	stretch(s, &desde, &hasta);
	if (s->hasta != 0 && s->desde == desde && s->hasta == hasta && s->firma == firma)
		return OK;
	arena_free(&s->arena);
	s->citas = (struct citas){0};
	s->hasta = 0;
	enum err err = profiles(s, m);

	if (err == OK)
		err = citas_reunir(&s->arena, s->de, s->de_count, desde, hasta, &s->citas);
	if (err != OK)
		return err;
	s->desde = desde;
	s->hasta = hasta;
	s->firma = firma;
	return OK;
}

/* ---- the agenda's cursor ---- */

static void name_of(const struct cita *c, char to[96])
{
	(void)snprintf(
		to, 96, "%d|%zu|%.60s", (int)c->clase, c->de, c->folio != NULL ? c->folio : c->que);
}

static void keep(struct vista_calendario *s, size_t index)
{
	if (index >= s->citas.count)
		return;
	s->index = index;
	name_of(&s->citas.rows[index], s->fila);
}

static size_t cursor(struct vista_calendario *s)
{
	size_t count = s->citas.count;

	for (size_t i = 0; s->fila[0] != '\0' && i < count; i++) {
		char name[96];

		name_of(&s->citas.rows[i], name);
		if (strcmp(name, s->fila) == 0) {
			s->index = i;
			return i;
		}
	}
	keep(s, count == 0 || s->index < count ? s->index : count - 1);
	return count == 0 ? 0 : s->index;
}

static const struct cita *current(struct vista_calendario *s)
{
	return s->citas.count != 0 ? &s->citas.rows[cursor(s)] : NULL;
}

static bool is_weekend(int32_t dia)
{
	return fecha_weekday(dia) % 6 == 0;
}

/* ---- acts ---- */

static int32_t today(int64_t now)
{
	return zona_civil(zona_centro(), now).dia;
}

static void go(struct vista_calendario *s, int32_t dia)
{
	int year, month, day;

	fecha_split(dia, &year, &month, &day);
	if (year < 1900 || year > 2199)
		return;
	s->dia = dia;
	s->fila[0] = '\0';
	s->index = 0;
}

static void go_date(struct vista_calendario *s, const char *text)
{
	int32_t dia;

	if (fecha_escrita(text, &dia) == OK)
		go(s, dia);
	else
		say(s, _("No es una fecha; escríbela como 31/dic/2026."));
}

static void show(struct vista_calendario *s, const char *value)
{
	bool agenda = value != NULL ? strcmp(value, "agenda") == 0 : !s->agenda;

	if (agenda == s->agenda)
		return;
	/* The day of the row under the cursor is the one under the month's. */
	const struct cita *c = s->agenda ? current(s) : NULL;
	int32_t dia = c != NULL ? c->dia : s->dia;

	s->agenda = agenda;
	go(s, dia);
}

/* A notification, in its own profile; nothing else is opened. */
static struct effect to_folio(
	struct vista_calendario *s, struct model *m, const struct cita *c, enum screen screen)
{
	const struct mundo *w = m->mundo;
	struct effect effect = effect_to(EFFECT_OPEN, screen, c->folio);

	(void)s;
	for (size_t i = 0; w != NULL && i < w->count; i++)
		if (w->perfiles[i].model == s->de[c->de].model)
			effect.perfil = i;
	if (w != NULL && effect.perfil != w->actual)
		effect.kind = EFFECT_PERFIL;
	return effect;
}

static struct effect open_it(struct vista_calendario *s, struct model *m)
{
	const struct cita *c = s->agenda ? current(s) : NULL;

	if (!s->agenda) {
		show(s, "agenda");
		return effect_of(EFFECT_NONE);
	}
	if (c == NULL)
		return effect_of(EFFECT_NONE);
	if (c->folio != NULL)
		return to_folio(s, m, c,
			c->clase == CITA_LAPSO || c->clase == CITA_ABRIR ? SCREEN_efecto
									 : SCREEN_ficha);
	s->porque = true;
	return effect_of(EFFECT_NONE);
}

static struct effect why(struct vista_calendario *s, struct model *m)
{
	const struct cita *c = s->agenda ? current(s) : NULL;

	if (c != NULL && c->folio != NULL)
		return to_folio(s, m, c, SCREEN_razones);
	s->porque = !s->agenda || c != NULL;
	return effect_of(EFFECT_NONE);
}

/* From today on, as far as the agenda looks. */
static struct effect save(struct vista_calendario *s, struct model *m, int64_t now)
{
	struct effect effect = effect_of(EFFECT_SAVE);
	struct citas all = {0};
	struct bytes ics = {0};
	int32_t from = today(now);
	enum err err = citas_reunir(&s->arena, s->de, s->de_count, from, from + AGENDA_DIAS, &all);
	const char *day = fecha_text(&s->arena, from, FECHA_ISO);

	(void)m;
	if (err == OK)
		err = citas_ics(&s->arena, &all, s->de, now, &ics);
	effect.paper = PAPER_CALENDARIO;
	effect.text = (const char *)ics.data;
	effect.folio = day != NULL ? arena_printf(&s->arena, "vence-%s", day) : NULL;
	if (err == OK && effect.folio != NULL && all.count != 0)
		return effect;
	say(s, "%s",
		err != OK || day == NULL ? err_sentence(ERR_NO_MEMORY)
					 : _("Nada por vencer: no hay qué guardar."));
	return effect_of(EFFECT_NONE);
}

static struct effect ask(void)
{
	struct effect prompt = effect_of(EFFECT_PROMPT);

	prompt.text = _("Fecha: ");
	return prompt;
}

/* What changes the day, or what is seen around it. */
static struct effect act_day(struct vista_calendario *s, const struct event *e)
{
	int step = e->action == ACTION_day_previous || e->action == ACTION_month_previous ? -1 : 1;

	switch (e->action) {
	case ACTION_day_previous:
	case ACTION_day_next:
		go(s, s->dia + step);
		break;
	case ACTION_month_previous:
	case ACTION_month_next:
		go(s, mes_sumar(s->dia, step));
		break;
	case ACTION_today:
		go(s, today(e->now));
		break;
	case ACTION_go_date:
		if (e->value == NULL)
			return ask();
		go_date(s, e->value);
		break;
	case ACTION_calendar_view:
		show(s, e->value);
		break;
	case ACTION_calendar_all:
		s->todos = !s->todos;
		break;
	default:
		break;
	}
	return effect_of(EFFECT_NONE);
}

static struct effect act_action(struct vista_calendario *s, struct model *m, const struct event *e)
{
	s->status[0] = '\0';
	if (s->porque) {
		s->porque = e->action != ACTION_back && e->action != ACTION_calendar_why &&
			    e->action != ACTION_calendar_open;
		if (!s->porque || e->action == ACTION_calendar_view)
			return effect_of(EFFECT_NONE);
	}
	switch (e->action) {
	case ACTION_calendar_open:
		return open_it(s, m);
	case ACTION_calendar_why:
		return why(s, m);
	case ACTION_calendar_save:
		return save(s, m, e->now);
	case ACTION_refresh:
		return effect_of(EFFECT_SYNC);
	case ACTION_lock:
		return effect_of(EFFECT_LOCK);
	case ACTION_back:
		return effect_of(EFFECT_BACK);
	default:
		return act_day(s, e);
	}
}

static struct effect act(void *state, struct model *m, const struct event *e)
{
	struct vista_calendario *s = state;

	if (gather(s, m) != OK)
		return effect_of(EFFECT_NONE);
	switch (e->kind) {
	case EVENT_MOVED:
		if (s->agenda)
			keep(s, e->index);
		else
			go(s, mes_en_semana(s->dia, e->index));
		break;
	case EVENT_ENTERED:
		go_date(s, e->value);
		break;
	case EVENT_SAVED:
		say(s, "%s%s", e->err == OK ? _("Guardado: ") : err_sentence(e->err),
			e->err == OK && e->value != NULL ? e->value : "");
		break;
	case EVENT_CHANGED_MODEL:
	case EVENT_RESUMED:
		s->hasta = 0;
		break;
	case EVENT_ACTION:
		return act_action(s, m, e);
	default:
		break;
	}
	return effect_of(EFFECT_NONE);
}

static struct effect open(
	void *state, struct model *m, const struct effect *from, const struct event *e)
{
	struct vista_calendario *s = state;

	(void)m;
	(void)from;
	arena_init(&s->arena, ROOM);
	s->dia = today(e->now);
	return effect_of(EFFECT_NONE);
}

static void close(void *state)
{
	struct vista_calendario *s = state;

	arena_free(&s->arena);
}

/* ---- the page ---- */

/* What a row callback needs; lives in the page's arena. */
struct rows {
	const struct vista_calendario *s;
	const struct model *model;
	int64_t now;
};

static const char *short_name(enum cita_clase clase)
{
	static const char *const names[CITA_CLASES] = {
		[CITA_LAPSO] = N_("Se notifica: "),
		[CITA_ABRIR] = N_("Abrir, último día: "),
		[CITA_PRUDENTE] = N_("Responder, prudente: "),
		[CITA_TERMINO] = N_("Responder, último día: "),
		[CITA_OBLIGACION] = "",
	};

	return names[clase][0] != '\0' ? texto(names[clase]) : "";
}

/* "Abrir, último día: Resolución … (antes: 13/nov/2026)" */
static const char *what(struct arena *a, const struct cita *c)
{
	bool period = c->clase == CITA_OBLIGACION && c->tambien != NULL;
	const char *antes = c->antes != 0 ? fecha_text(a, c->antes, FECHA_LISTA) : NULL;

	if (c->antes != 0 && antes == NULL)
		return NULL;
	return arena_printf(a, "%s%s%s%s%s%s%s%s", antes != NULL ? _("movida (antes ") : "",
		antes != NULL ? antes : "", antes != NULL ? ") " : "", short_name(c->clase), c->que,
		period ? " (" : "", period ? c->tambien : "", period ? ")" : "");
}

/* Of a week: "17 Abrir, último día: …; 19 …"; of a día inhábil, why it is one. */
static const char *of_week(struct arena *a, const struct rows *rows, size_t week)
{
	const struct vista_calendario *s = rows->s;
	const struct calendario *c = model_calendario(rows->model);
	const char *all = "";
	int32_t first, last;

	mes_de(s->dia, &first, &last);
	for (int32_t dia = first; dia <= last && all != NULL; dia++) {
		const char *motivo = NULL;
		bool habil = true;

		if (mes_semana(dia) != week)
			continue;
		for (size_t i = 0; i < s->citas.count && all != NULL; i++) {
			const char *text =
				s->citas.rows[i].dia == dia ? what(a, &s->citas.rows[i]) : NULL;

			if (text != NULL)
				all = arena_printf(a, "%s%s%d %s", all, all[0] != '\0' ? "; " : "",
					(int)(dia - first + 1), text);
		}
		bool weekend = is_weekend(dia);

		if (!weekend && c != NULL && calendario_habil(c, dia, &habil, &motivo) == OK &&
			!habil && all != NULL)
			all = arena_printf(a, "%s%s%d %s", all, all[0] != '\0' ? "; " : "",
				(int)(dia - first + 1), texto(motivo));
	}
	return all;
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
		parrafos_add(p, PAGE_WARNING,
			_("Vacaciones de %d sin publicar: sus fechas pueden moverse."), last);
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
	const struct cita *at = s->agenda ? current(s) : NULL;
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
		.selected = cursor(s),
		.empty = _("Nada por vencer desde ese día; . vuelve a hoy.")};
}

static enum err page(void *state, struct model *m, struct arena *a, int64_t now, struct page *ret)
{
	struct vista_calendario *s = state;
	struct rows *rows = arena_alloc(a, sizeof(*rows));
	enum err err = rows != NULL ? gather(s, m) : ERR_NO_MEMORY;
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

const struct view view_calendario = {
	.screen = SCREEN_calendario,
	.size = sizeof(struct vista_calendario),
	.open = open,
	.act = act,
	.page = page,
	.close = close,
};
