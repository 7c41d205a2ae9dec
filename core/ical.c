#include "core/ical.h"

#include <libical/ical.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "core/ical_lineas.h"
#include "ley/fecha.h"

/* Steps of one rule; what is older than the first day that counts is stepped over, too. */
#define STEPS 20000
/* Events with a rule: a rule that fits nothing is searched for centuries. */
#define RULES 300

struct reading {
	struct arena *arena;
	const char **ret_message;
	const char *uid; /* of the event at hand */
	size_t rules;
};

static enum err refuse(struct reading *r, const char *format, ...) PRINTF_LIKE(2, 3);

static enum err refuse(struct reading *r, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	const char *what = arena_vprintf(r->arena, format, args);

	va_end(args);
	*r->ret_message = what == NULL	   ? NULL
			  : r->uid != NULL ? arena_printf(r->arena, "Evento «%s»: %s", r->uid, what)
					   : what;
	return *r->ret_message != NULL ? ERR_BAD_CALENDAR : ERR_NO_MEMORY;
}

/* ---- values ---- */

static enum err day_of(struct reading *r, const char *name, struct icaltimetype t, int32_t *ret)
{
	int year = 0;
	int month = 0;
	int day = 0;

	if (!t.is_date)
		return refuse(r, "%s es una fecha sin hora: %s;VALUE=DATE:20261224.", name, name);
	if (t.year >= 1970 && t.year <= 2999 && t.month >= 1 && t.month <= 12 && t.day >= 1 &&
		t.day <= 31) {
		*ret = fecha_of(t.year, t.month, t.day);
		fecha_split(*ret, &year, &month, &day);
		if (year == t.year && month == t.month && day == t.day)
			return OK;
	}
	return refuse(r, "%s no es una fecha; escríbela como %s;VALUE=DATE:20261224.", name, name);
}

static enum err keep_text(struct reading *r, const char *text, const char **slot)
{
	*slot = arena_strdup(r->arena, text != NULL ? text : "");
	return *slot != NULL ? OK : ERR_NO_MEMORY;
}

static size_t count_of(icalcomponent *c, icalproperty_kind kind)
{
	return (size_t)icalcomponent_count_properties(c, kind);
}

/* ---- properties of our own ---- */

static enum err take_own(
	struct reading *r, icalcomponent *c, const struct ical_propia **ret, size_t *ret_count)
{
	struct ical_propia *list =
		arena_array(r->arena, count_of(c, ICAL_X_PROPERTY), sizeof(*list));
	size_t n = 0;

	if (list == NULL)
		return ERR_NO_MEMORY;
	for (icalproperty *p = icalcomponent_get_first_property(c, ICAL_X_PROPERTY); p != NULL;
		p = icalcomponent_get_next_property(c, ICAL_X_PROPERTY)) {
		enum err e = keep_text(r, icalproperty_get_x_name(p), &list[n].nombre);

		if (e == OK)
			e = keep_text(r, icalproperty_get_x(p), &list[n].valor);
		if (e != OK)
			return e;
		if (strncasecmp(list[n].nombre, "X-BUZON-", 8) == 0 &&
			ical_propia(list, n, list[n].nombre) != NULL)
			return refuse(r, "%s está dos veces; deja una.", list[n].nombre);
		n++;
	}
	*ret = list;
	*ret_count = n;
	return OK;
}

const char *ical_propia(const struct ical_propia *of, size_t count, const char *nombre)
{
	for (size_t i = 0; i < count; i++)
		if (strcasecmp(of[i].nombre, nombre) == 0)
			return of[i].valor;
	return NULL;
}

/* ---- an event ---- */

static enum err take_categories(struct reading *r, icalcomponent *c, struct ical_evento *ev)
{
	const char **list =
		arena_array(r->arena, count_of(c, ICAL_CATEGORIES_PROPERTY), sizeof(*list));
	size_t n = 0;

	if (list == NULL)
		return ERR_NO_MEMORY;
	for (icalproperty *p = icalcomponent_get_first_property(c, ICAL_CATEGORIES_PROPERTY);
		p != NULL; p = icalcomponent_get_next_property(c, ICAL_CATEGORIES_PROPERTY)) {
		enum err e = keep_text(r, icalproperty_get_categories(p), &list[n++]);

		if (e != OK)
			return e;
	}
	ev->categorias = list;
	ev->categorias_count = n;
	return OK;
}

static enum err take_texts(struct reading *r, icalcomponent *c, struct ical_evento *ev)
{
	enum err e = take_categories(r, c, ev);

	for (icalproperty *p = icalcomponent_get_first_property(c, ICAL_ANY_PROPERTY);
		e == OK && p != NULL; p = icalcomponent_get_next_property(c, ICAL_ANY_PROPERTY)) {
		icalproperty_kind kind = icalproperty_isa(p);

		if (kind == ICAL_SUMMARY_PROPERTY)
			e = keep_text(r, icalproperty_get_summary(p), &ev->resumen);
		else if (kind == ICAL_DESCRIPTION_PROPERTY)
			e = keep_text(r, icalproperty_get_description(p), &ev->descripcion);
	}
	return e == OK ? take_own(r, c, &ev->propias, &ev->propias_count) : e;
}

static enum err take_days(struct reading *r, icalcomponent *c, struct ical_evento *ev)
{
	icalproperty *start = icalcomponent_get_first_property(c, ICAL_DTSTART_PROPERTY);
	icalproperty *last = icalcomponent_get_first_property(c, ICAL_DTEND_PROPERTY);
	int32_t end = 0;

	if (start == NULL)
		return refuse(r, "le falta DTSTART;VALUE=DATE.");
	enum err e = day_of(r, "DTSTART", icalproperty_get_dtstart(start), &ev->dia);

	if (e == OK && last != NULL)
		e = day_of(r, "DTEND", icalproperty_get_dtend(last), &end);
	if (e != OK)
		return e;
	ev->dura = last != NULL ? end - ev->dia : 1;
	if (ev->dura < 1 || ev->dura > ICAL_DURA)
		return refuse(r,
			"DTEND es el día después del último, a lo más %d días después de DTSTART; "
			"corrígelo.",
			ICAL_DURA);
	return OK;
}

/* What libical could not read it leaves as a property of errors. */
static enum err check_errors(struct reading *r, icalcomponent *c)
{
	icalproperty *p = icalcomponent_get_first_property(c, ICAL_XLICERROR_PROPERTY);

	return p == NULL ? OK
			 : refuse(r, "tiene un dato mal escrito; revísalo con RFC 5545, o con "
				     "buzond calendario --ejemplo.");
}

static enum err take_event(struct reading *r, icalcomponent *c, struct ical_evento *ev)
{
	icalproperty *uid = icalcomponent_get_first_property(c, ICAL_UID_PROPERTY);
	const char *text = uid != NULL ? icalproperty_get_uid(uid) : NULL;

	*ev = (struct ical_evento){.componente = c};
	if (text == NULL || *text == '\0' || strlen(text) > 200)
		return refuse(r, "Hay un evento sin UID, o con uno de más de 200 bytes; ponle uno "
				 "propio.");
	enum err e = keep_text(r, text, &ev->uid);

	r->uid = ev->uid;
	if (e == OK)
		e = check_errors(r, c);
	if (e == OK)
		e = take_texts(r, c, ev);
	if (e == OK)
		e = take_days(r, c, ev);
	bool rule = count_of(c, ICAL_RRULE_PROPERTY) != 0;

	ev->repite = rule || count_of(c, ICAL_RDATE_PROPERTY) != 0;
	r->rules += rule ? 1 : 0;
	if (e == OK && r->rules > RULES)
		e = refuse(r, "son más de %d eventos con RRULE; júntalos.", RULES);
	return e;
}

static int by_uid(const void *left, const void *right)
{
	const struct ical_evento *l = *(const struct ical_evento *const *)left;
	const struct ical_evento *r = *(const struct ical_evento *const *)right;

	return strcmp(l->uid, r->uid);
}

static enum err check_uids(struct reading *r, const struct ical_evento *list, size_t count)
{
	const struct ical_evento **sorted = arena_array(r->arena, count, sizeof(*sorted));

	if (sorted == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < count; i++)
		sorted[i] = &list[i];
	if (count != 0)
		qsort(sorted, count, sizeof(*sorted), by_uid);
	for (size_t i = 1; i < count; i++)
		if (strcmp(sorted[i - 1]->uid, sorted[i]->uid) == 0) {
			r->uid = sorted[i]->uid;
			return refuse(r, "su UID está en dos eventos; cada uno lleva el suyo.");
		}
	return OK;
}

static enum err take_all(struct reading *r, icalcomponent *c, struct ical *ret)
{
	size_t room = (size_t)icalcomponent_count_components(c, ICAL_VEVENT_COMPONENT);
	struct ical_evento *list = arena_array(r->arena, room, sizeof(*list));
	size_t n = 0;
	enum err e = list != NULL ? check_errors(r, c) : ERR_NO_MEMORY;

	if (e == OK)
		e = take_own(r, c, &ret->propias, &ret->propias_count);
	for (icalcomponent *v = icalcomponent_get_first_component(c, ICAL_VEVENT_COMPONENT);
		e == OK && v != NULL;
		v = icalcomponent_get_next_component(c, ICAL_VEVENT_COMPONENT)) {
		r->uid = NULL;
		e = take_event(r, v, &list[n++]);
	}
	if (e == OK)
		e = check_uids(r, list, n);
	ret->eventos = list;
	ret->eventos_count = n;
	return e;
}

/* Where libical meets what it can't read it says so, and does not end the program. */
static void once(void)
{
	icalerror_set_errors_are_fatal(0);
}

enum err ical_open(struct arena *a, struct bytes text, struct ical *ret, const char **ret_message)
{
	static pthread_once_t said = PTHREAD_ONCE_INIT;
	struct reading r = {.arena = a, .ret_message = ret_message};
	enum err e = ical_lineas(a, text, ret_message);
	const char *copy = e == OK ? arena_copy(a, text.data, text.size) : NULL;

	if (e == OK && copy == NULL)
		e = ERR_NO_MEMORY;
	if (e != OK)
		return e;
	(void)pthread_once(&said, once);
	icalcomponent *c = icalparser_parse_string(copy);

	*ret = (struct ical){.componente = c};
	if (c == NULL || icalcomponent_isa(c) != ICAL_VCALENDAR_COMPONENT)
		e = refuse(&r, "El archivo no es iCalendar (BEGIN:VCALENDAR); buzond calendario "
			       "--ejemplo muestra uno.");
	else
		e = take_all(&r, c, ret);
	if (e != OK)
		ical_close(ret);
	return e;
}

void ical_close(struct ical *i)
{
	if (i->componente != NULL)
		icalcomponent_free(i->componente);
	*i = (struct ical){0};
}

/* ---- occurrences ---- */

struct days {
	struct reading *r;
	const struct ical_evento *ev;
	icalcomponent *c;
	int32_t *list;
	size_t count;
	int32_t hasta;
};

static int by_day(const void *left, const void *right)
{
	int32_t l = *(const int32_t *)left;
	int32_t r = *(const int32_t *)right;

	return (l > r) - (l < r);
}

static enum err put(struct days *d, int32_t dia)
{
	if (dia > d->hasta)
		return OK;
	if (d->count == ICAL_DIAS)
		return refuse(d->r, "se repite más de %d veces; pon UNTIL o COUNT en su RRULE.",
			ICAL_DIAS);
	d->list[d->count++] = dia;
	return OK;
}

static bool whole_days(const struct icalrecurrencetype *rule)
{
	return (rule->freq == ICAL_YEARLY_RECURRENCE || rule->freq == ICAL_MONTHLY_RECURRENCE ||
		       rule->freq == ICAL_WEEKLY_RECURRENCE) &&
	       rule->by_second[0] == ICAL_RECURRENCE_ARRAY_MAX &&
	       rule->by_minute[0] == ICAL_RECURRENCE_ARRAY_MAX &&
	       rule->by_hour[0] == ICAL_RECURRENCE_ARRAY_MAX && rule->interval >= 1 &&
	       rule->rscale == NULL;
}

static enum err walk_rule(struct days *d, icalrecur_iterator *it)
{
	bool first = false;

	for (int step = 0; step < STEPS; step++) {
		struct icaltimetype t = icalrecur_iterator_next(it);
		int32_t dia = 0;

		if (icaltime_is_null_time(t))
			break;
		enum err e = day_of(d->r, "RRULE", t, &dia);

		if (e == OK && dia == d->ev->dia)
			first = true;
		if (e == OK && dia > d->hasta)
			break;
		if (e == OK)
			e = put(d, dia);
		if (e != OK)
			return e;
	}
	return first ? OK
		     : refuse(d->r, "su DTSTART no cumple su RRULE; pon en DTSTART el primer día "
				    "de la regla.");
}

static enum err expand_rule(struct days *d)
{
	icalproperty *p = icalcomponent_get_first_property(d->c, ICAL_RRULE_PROPERTY);

	if (p == NULL)
		return put(d, d->ev->dia);
	struct icalrecurrencetype rule = icalproperty_get_rrule(p);

	if (!whole_days(&rule))
		return refuse(d->r,
			"su RRULE es YEARLY, MONTHLY o WEEKLY, sin horas; varios días seguidos van "
			"de DTSTART a DTEND.");
	icalproperty *start = icalcomponent_get_first_property(d->c, ICAL_DTSTART_PROPERTY);
	icalrecur_iterator *it = icalrecur_iterator_new(rule, icalproperty_get_dtstart(start));

	if (it == NULL)
		return refuse(d->r, "su RRULE no se entiende; revísala.");
	enum err e = walk_rule(d, it);

	icalrecur_iterator_free(it);
	return e;
}

static enum err add_days(struct days *d)
{
	enum err e = OK;

	for (icalproperty *p = icalcomponent_get_first_property(d->c, ICAL_RDATE_PROPERTY);
		e == OK && p != NULL;
		p = icalcomponent_get_next_property(d->c, ICAL_RDATE_PROPERTY)) {
		int32_t dia = 0;

		e = day_of(d->r, "RDATE", icalproperty_get_rdate(p).time, &dia);
		if (e == OK)
			e = put(d, dia);
	}
	return e;
}

static void tidy(struct days *d)
{
	size_t n = 0;

	if (d->count != 0)
		qsort(d->list, d->count, sizeof(*d->list), by_day);
	for (size_t i = 0; i < d->count; i++)
		if (n == 0 || d->list[n - 1] != d->list[i])
			d->list[n++] = d->list[i];
	d->count = n;
}

static enum err drop(struct days *d, int32_t dia)
{
	int32_t *at =
		d->count != 0 ? bsearch(&dia, d->list, d->count, sizeof(*d->list), by_day) : NULL;

	if (dia > d->hasta)
		return OK;
	if (at == NULL)
		return refuse(d->r, "su EXDATE quita un día en que no ocurre; corrígelo.");
	d->count--;
	memmove(at, at + 1, (size_t)(d->list + d->count - at) * sizeof(*at));
	return OK;
}

static enum err drop_days(struct days *d)
{
	enum err e = OK;

	for (icalproperty *p = icalcomponent_get_first_property(d->c, ICAL_EXDATE_PROPERTY);
		e == OK && p != NULL;
		p = icalcomponent_get_next_property(d->c, ICAL_EXDATE_PROPERTY)) {
		int32_t dia = 0;

		e = day_of(d->r, "EXDATE", icalproperty_get_exdate(p), &dia);
		if (e == OK)
			e = drop(d, dia);
	}
	return e;
}

enum err ical_dias(struct arena *a, const struct ical_evento *ev, int32_t hasta, int32_t **ret,
	size_t *ret_count, const char **ret_message)
{
	struct reading r = {.arena = a, .ret_message = ret_message, .uid = ev->uid};
	int32_t room[ICAL_DIAS];
	struct days d = {.r = &r, .ev = ev, .c = ev->componente, .list = room, .hasta = hasta};
	enum err e = expand_rule(&d);

	if (e == OK)
		e = add_days(&d);
	tidy(&d);
	if (e == OK)
		e = drop_days(&d);
	if (e != OK)
		return e;
	*ret = arena_copy(a, d.list, d.count * sizeof(*d.list));
	*ret_count = d.count;
	return *ret != NULL ? OK : ERR_NO_MEMORY;
}
