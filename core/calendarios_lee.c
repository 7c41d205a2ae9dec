/*
 * A calendar file read whole: what it says, or the sentence that tells what is wrong with it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "core/calendarios_formas.h"
#include "ley/estado.h"

#define MOTIVO_BYTES 200
#define AMBITO_BYTES 120
#define DESDE_PROPIA "X-BUZON-DESDE"
#define HASTA_PROPIA "X-BUZON-HASTA"
#define VACACIONES_PROPIA "X-BUZON-VACACIONES"
#define REFORMA_PROPIA "X-BUZON-REFORMA"

enum err calendarios_refuse(
	struct calendarios_lectura *l, const struct ical_evento *ev, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	const char *what = arena_vprintf(l->arena, format, args);

	va_end(args);
	*l->ret_message = what == NULL ? NULL
			  : ev == NULL ? what
				       : arena_printf(l->arena, "Evento «%s»: %s", ev->uid, what);
	return *l->ret_message != NULL ? ERR_BAD_CALENDAR : ERR_NO_MEMORY;
}

/* ---- what stands before the events ---- */

static const char *of_file(const struct calendarios_lectura *l, const char *name)
{
	return ical_propia(l->ical.propias, l->ical.propias_count, name);
}

static enum err read_date(struct calendarios_lectura *l, const char *name, int32_t *ret)
{
	const char *text = of_file(l, name);
	char iso[11];

	if (text == NULL)
		return calendarios_refuse(l, NULL,
			"Le falta %s antes de los eventos: %s:20321231 (buzond calendario "
			"--ejemplo).",
			name, name);
	if (strlen(text) == 8 && strspn(text, "0123456789") == 8) {
		snprintf(iso, sizeof(iso), "%.4s-%.2s-%.2s", text, text + 4, text + 6);
		if (fecha_parse(iso, ret) == OK)
			return OK;
	}
	return calendarios_refuse(
		l, NULL, "%s no es una fecha; escríbela como %s:20321231.", name, name);
}

static int year_of(int32_t dia)
{
	int year = 0;
	int month = 0;
	int day = 0;

	fecha_split(dia, &year, &month, &day);
	return year;
}

static enum err read_vacations(struct calendarios_lectura *l)
{
	const char *text = of_file(l, VACACIONES_PROPIA);
	int year = 0;

	if (text == NULL)
		return OK;
	if (strlen(text) == 4 && strspn(text, "0123456789") == 4)
		year = atoi(text);
	if (year < year_of(l->c.desde) || year > year_of(l->c.hasta))
		return calendarios_refuse(l, NULL,
			"%s es un año del calendario, el último cuyas vacaciones están publicadas; "
			"sin ninguno, quítala.",
			VACACIONES_PROPIA);
	l->c.vacaciones_hasta = year;
	return OK;
}

static enum err read_head(struct calendarios_lectura *l)
{
	enum err e = read_date(l, DESDE_PROPIA, &l->c.desde);

	if (e == OK)
		e = read_date(l, HASTA_PROPIA, &l->c.hasta);
	if (e == OK && l->c.desde != fecha_of(year_of(l->c.desde), 1, 1))
		e = calendarios_refuse(l, NULL, "%s es un 1 de enero; corrígela.", DESDE_PROPIA);
	if (e == OK && l->c.hasta <= l->c.desde)
		e = calendarios_refuse(
			l, NULL, "%s es anterior a %s; corrígelas.", HASTA_PROPIA, DESDE_PROPIA);
	return e == OK ? read_vacations(l) : e;
}

/* ---- what an event is ---- */

struct kind {
	bool inhabil;
	bool obligacion;
	bool declarado;
	const char *ambito;
};

static bool good_ambito(const char *text)
{
	static const char sub[] = "subdelegacion:";

	if (strlen(text) > AMBITO_BYTES)
		return false;
	if (strncmp(text, "estado:", 7) == 0)
		return estado_nombre(text + 7) != NULL;
	return strncmp(text, sub, sizeof(sub) - 1) == 0 && text[sizeof(sub) - 1] != '\0';
}

static enum err take_category(struct calendarios_lectura *l, const struct ical_evento *ev,
	const char *word, struct kind *k)
{
	bool *flag = strcmp(word, "INHABIL") == 0      ? &k->inhabil
		     : strcmp(word, "OBLIGACION") == 0 ? &k->obligacion
		     : strcmp(word, "declarado") == 0  ? &k->declarado
						       : NULL;

	if (flag != NULL) {
		*flag = true;
		return OK;
	}
	if (!good_ambito(word))
		return calendarios_refuse(l, ev,
			"CATEGORIES admite INHABIL u OBLIGACION, declarado, y un ámbito: "
			"estado:JAL (ISO 3166-2:MX) o subdelegacion:NOMBRE.");
	if (k->ambito != NULL)
		return calendarios_refuse(l, ev, "tiene dos ámbitos; haz un evento para cada uno.");
	k->ambito = word;
	return OK;
}

static enum err read_kind(
	struct calendarios_lectura *l, const struct ical_evento *ev, struct kind *ret)
{
	enum err e = OK;

	*ret = (struct kind){0};
	for (size_t i = 0; e == OK && i < ev->categorias_count; i++)
		e = take_category(l, ev, ev->categorias[i], ret);
	if (e == OK && ret->inhabil == ret->obligacion)
		e = calendarios_refuse(
			l, ev, "CATEGORIES lleva INHABIL u OBLIGACION, una de las dos.");
	if (e == OK && ret->obligacion && (ret->ambito != NULL || ret->declarado))
		e = calendarios_refuse(l, ev, "una OBLIGACION no lleva ámbito ni declarado.");
	if (e == OK && (ev->resumen == NULL || *ev->resumen == '\0'))
		e = calendarios_refuse(l, ev, "le falta SUMMARY: qué es.");
	if (e == OK && (ev->descripcion == NULL || *ev->descripcion == '\0'))
		e = calendarios_refuse(
			l, ev, "le falta DESCRIPTION: la ley o el acuerdo de donde sale.");
	if (e == OK && strncmp(ev->resumen, "EJEMPLO", 7) == 0)
		e = calendarios_refuse(l, ev, "es un ejemplo; pon el tuyo o quítalo.");
	if (e == OK &&
		(strpbrk(ev->resumen, "\r\n") != NULL || strpbrk(ev->descripcion, "\r\n") != NULL))
		e = calendarios_refuse(
			l, ev, "SUMMARY y DESCRIPTION van en un renglón; quita sus \\n.");
	if (e == OK && strlen(ev->resumen) > MOTIVO_BYTES)
		e = calendarios_refuse(
			l, ev, "SUMMARY admite hasta %d bytes; acórtalo.", MOTIVO_BYTES);
	return e;
}

/* ---- días inhábiles ---- */

static bool weekend(int32_t dia)
{
	int w = fecha_weekday(dia);

	return w == 0 || w == 6;
}

static enum err put_day(struct calendarios_lectura *l, const struct ical_evento *ev,
	const struct kind *k, int32_t dia)
{
	if (weekend(dia))
		return OK;
	if (l->rows_count == CALENDARIOS_FILAS)
		return calendarios_refuse(l, ev,
			"son más de %d días inhábiles entre lunes y viernes; acorta el horizonte.",
			CALENDARIOS_FILAS);
	l->de[l->rows_count] = ev;
	l->rows[l->rows_count++] = (struct inhabil){
		.dia = dia, .motivo = ev->resumen, .ambito = k->ambito, .declarado = k->declarado};
	return OK;
}

static enum err put_days(
	struct calendarios_lectura *l, const struct ical_evento *ev, const struct kind *k)
{
	int32_t *dias = NULL;
	size_t count = 0;
	enum err e = ical_dias(l->arena, ev, l->c.hasta, &dias, &count, l->ret_message);

	if (e == OK && (ev->dia < l->c.desde || ev->dia + ev->dura - 1 > l->c.hasta))
		return calendarios_refuse(l, ev,
			"queda fuera de " DESDE_PROPIA " y " HASTA_PROPIA "; corrige su fecha o "
			"el horizonte.");
	for (size_t i = 0; e == OK && i < count; i++)
		for (int32_t n = 0; e == OK && n < ev->dura && dias[i] + n <= l->c.hasta; n++)
			e = put_day(l, ev, k, dias[i] + n);
	return e;
}

static int compare(const struct inhabil *l, const struct inhabil *r)
{
	if (l->dia != r->dia)
		return l->dia < r->dia ? -1 : 1;
	/* What holds everywhere, and by law, gives its reason first. */
	if ((l->ambito == NULL) != (r->ambito == NULL))
		return l->ambito == NULL ? -1 : 1;
	if (l->declarado != r->declarado)
		return l->declarado ? 1 : -1;
	return l->ambito != NULL ? strcmp(l->ambito, r->ambito) : 0;
}

/* Both lists at once, and stable: the order of the file is the last to decide. */
static void sort_rows(struct calendarios_lectura *l)
{
	for (size_t i = 1; i < l->rows_count; i++) {
		struct inhabil row = l->rows[i];
		const struct ical_evento *of = l->de[i];
		size_t at = i;

		for (; at > 0 && compare(&l->rows[at - 1], &row) > 0; at--) {
			l->rows[at] = l->rows[at - 1];
			l->de[at] = l->de[at - 1];
		}
		l->rows[at] = row;
		l->de[at] = of;
	}
}

static bool same_ambito(const struct inhabil *l, const struct inhabil *r)
{
	return l->ambito == NULL || r->ambito == NULL ? l->ambito == r->ambito
						      : strcmp(l->ambito, r->ambito) == 0;
}

/* A day that two events give one by one: one of them is a mistake, and which is not ours to say. */
static enum err check_twice(struct calendarios_lectura *l)
{
	for (size_t i = 0; i < l->rows_count; i++)
		for (size_t k = i + 1; k < l->rows_count && l->rows[k].dia == l->rows[i].dia; k++) {
			const char *iso = fecha_text(l->arena, l->rows[i].dia, FECHA_ISO);

			if (!same_ambito(&l->rows[i], &l->rows[k]) || l->de[i]->dura > 1 ||
				l->de[k]->dura > 1)
				continue;
			return iso == NULL ? ERR_NO_MEMORY
					   : calendarios_refuse(l, l->de[k],
						     "el %s ya lo da el evento «%s»; deja uno.",
						     iso, l->de[i]->uid);
		}
	return OK;
}

/* ---- does it lack something? ---- */

static bool has_declared(const struct calendarios_lectura *l, int year)
{
	for (size_t i = 0; i < l->rows_count; i++)
		if (l->rows[i].declarado && year_of(l->rows[i].dia) == year)
			return true;
	return false;
}

static enum err check_year(struct calendarios_lectura *l, int year)
{
	size_t first = 0;

	while (first < l->en_todas.count && year_of(l->en_todas.rows[first].dia) < year)
		first++;
	return first < l->en_todas.count && year_of(l->en_todas.rows[first].dia) == year
		       ? OK
		       : calendarios_refuse(l, NULL,
				 "Al año %d le faltan sus días inhábiles; agrégalos o acorta " HASTA_PROPIA
				 ".",
				 year);
}

/* Days of CFF 12, unless the file names the decree that changed them. */
static enum err check_law(struct calendarios_lectura *l)
{
	struct calendario law;
	enum err e =
		calendario_make(l->arena, year_of(l->c.desde), year_of(l->c.hasta), NULL, 0, &law);

	for (size_t i = 0; e == OK && i < law.count && law.rows[i].dia <= l->c.hasta; i++) {
		const char *motivo = NULL;
		bool habil = false;

		e = calendario_habil(&l->en_todas, law.rows[i].dia, &habil, &motivo);
		const char *iso = fecha_text(l->arena, law.rows[i].dia, FECHA_ISO);

		if (e == OK && iso == NULL)
			e = ERR_NO_MEMORY;
		if (e == OK && habil)
			e = calendarios_refuse(l, NULL,
				"Le falta el %s (%s); agrégalo, o pon el decreto que lo quitó en " REFORMA_PROPIA
				".",
				iso, law.rows[i].motivo);
	}
	return e;
}

static enum err check_whole(struct calendarios_lectura *l)
{
	enum err e = OK;

	for (int y = year_of(l->c.desde); e == OK && y <= year_of(l->c.hasta); y++)
		e = check_year(l, y);
	if (e == OK && of_file(l, REFORMA_PROPIA) == NULL)
		e = check_law(l);
	if (e == OK && l->c.vacaciones_hasta != 0 && !has_declared(l, l->c.vacaciones_hasta))
		e = calendarios_refuse(l, NULL,
			VACACIONES_PROPIA " dice que las de %d están publicadas y no hay ningún "
					  "evento declarado de ese año; agrégalas o corrígela.",
			l->c.vacaciones_hasta);
	return e;
}

/* ---- the whole ---- */

static enum err take_inhabiles(struct calendarios_lectura *l)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < l->ical.eventos_count; i++) {
		const struct ical_evento *ev = &l->ical.eventos[i];
		struct kind k;

		e = read_kind(l, ev, &k);
		if (e == OK && k.inhabil)
			e = put_days(l, ev, &k);
	}
	if (e != OK)
		return e;
	sort_rows(l);
	l->c.rows = l->rows;
	l->c.count = l->rows_count;
	e = check_twice(l);
	if (e == OK)
		e = calendario_para(l->arena, &l->c, NULL, NULL, &l->en_todas);
	return e == OK ? check_whole(l) : e;
}

static int by_due(const void *left, const void *right)
{
	const struct m_obligacion *l = left;
	const struct m_obligacion *r = right;
	int order = strcmp(l->vence, r->vence);

	order = order != 0 ? order : strcmp(l->fecha, r->fecha);
	return order != 0 ? order : strcmp(l->nombre, r->nombre);
}

static enum err take_obligaciones(struct calendarios_lectura *l)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < l->ical.eventos_count; i++) {
		struct kind k;

		e = read_kind(l, &l->ical.eventos[i], &k);
		if (e == OK && k.obligacion)
			e = calendarios_obligacion(l, &l->ical.eventos[i]);
	}
	if (e == OK && l->obligaciones_count != 0)
		qsort(l->obligaciones, l->obligaciones_count, sizeof(*l->obligaciones), by_due);
	return e;
}

static enum err take(struct calendarios_lectura *l)
{
	l->rows = arena_array(l->arena, CALENDARIOS_FILAS, sizeof(*l->rows));
	l->de = arena_array(l->arena, CALENDARIOS_FILAS, sizeof(*l->de));
	l->obligaciones = arena_array(l->arena, CALENDARIOS_FILAS, sizeof(*l->obligaciones));
	if (l->rows == NULL || l->de == NULL || l->obligaciones == NULL)
		return ERR_NO_MEMORY;
	enum err e = read_head(l);

	if (e == OK)
		e = take_inhabiles(l);
	return e == OK ? take_obligaciones(l) : e;
}

enum err calendarios_leer(struct arena *a, struct bytes ics, struct calendario_publicado *ret,
	const char **ret_message)
{
	struct calendarios_lectura l = {.arena = a, .ret_message = ret_message};
	enum err e = ical_open(a, ics, &l.ical, ret_message);

	if (e == OK)
		e = take(&l);
	ical_close(&l.ical);
	if (e == OK)
		*ret = (struct calendario_publicado){.c = l.c,
			.obligaciones = l.obligaciones,
			.obligacion_count = l.obligaciones_count};
	return e;
}
