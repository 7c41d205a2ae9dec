#include "screens/calendario.h"

#include <stdio.h>
#include "base/texto.h"
#include "screens/calendario_estado.h"
#include "screens/mes.h"
#include "screens/orden.h"

#define ROOM ((size_t)16 << 20)
#define DAY_MS INT64_C(86400000)
/* How far the agenda looks from its first day. */
#define AGENDA_DIAS 400

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

enum err calendario_reunir(struct vista_calendario *s, struct model *m)
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

size_t calendario_cursor(struct vista_calendario *s)
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

const struct cita *calendario_actual(struct vista_calendario *s)
{
	return s->citas.count != 0 ? &s->citas.rows[calendario_cursor(s)] : NULL;
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
	const struct cita *c = s->agenda ? calendario_actual(s) : NULL;
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
	const struct cita *c = s->agenda ? calendario_actual(s) : NULL;

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
	const struct cita *c = s->agenda ? calendario_actual(s) : NULL;

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

	if (calendario_reunir(s, m) != OK)
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

const struct view view_calendario = {
	.screen = SCREEN_calendario,
	.size = sizeof(struct vista_calendario),
	.open = open,
	.act = act,
	.page = calendario_pagina,
	.close = close,
};
