#include "ley/calendario.h"

#include <stdlib.h>
#include <string.h>
#include "base/utf8.h"

/* As messages.def says them. */
#define MOTIVO_BYTES 200
#define AMBITO_BYTES 120

struct revision {
	struct arena *arena;
	const struct calendario *c;
	struct calendario_defecto *found;
	size_t count;
	bool memory_ended;
};

static void say(struct revision *r, int32_t dia, bool grave, const char *texto)
{
	r->memory_ended = r->memory_ended || texto == NULL;
	r->found[r->count++] =
		(struct calendario_defecto){.dia = dia, .grave = grave, .texto = texto};
}

static const char *date(struct revision *r, int32_t dia)
{
	const char *text = fecha_text(r->arena, dia, FECHA_DIA);

	r->memory_ended = r->memory_ended || text == NULL;
	return text != NULL ? text : "";
}

static bool printable(const char *text, size_t most)
{
	size_t size = strlen(text);

	if (size == 0 || size > most || !utf8_valid(text, size))
		return false;
	for (const char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7F)
			return false;
	return true;
}

/* "estado:JAL" or "subdelegacion:NOMBRE". */
static bool ambito_good(const char *ambito)
{
	if (strncmp(ambito, "estado:", 7) == 0)
		return strlen(ambito) == 10 &&
		       strspn(ambito + 7, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3;
	return strncmp(ambito, "subdelegacion:", 14) == 0 &&
	       printable(ambito + 14, AMBITO_BYTES - 14);
}

static void revise_row(struct revision *r, const struct inhabil *row)
{
	int w = fecha_weekday(row->dia);
	const char *day = date(r, row->dia);

	if (row->dia < r->c->desde || row->dia > r->c->hasta)
		say(r, row->dia, true,
			arena_printf(r->arena,
				"%s está fuera del calendario; quítalo o amplía sus años.", day));
	if (row->motivo == NULL || !printable(row->motivo, MOTIVO_BYTES))
		say(r, row->dia, true,
			arena_printf(r->arena,
				"%s necesita un motivo de 1 a %d bytes, en una línea; escríbelo.",
				day, MOTIVO_BYTES));
	if (row->ambito != NULL && !ambito_good(row->ambito))
		say(r, row->dia, true,
			arena_printf(r->arena,
				"%s tiene un ámbito que no es estado:XXX ni subdelegacion:NOMBRE; "
				"corrígelo.",
				day));
	if (w == 0 || w == 6)
		say(r, row->dia, false,
			arena_printf(r->arena,
				"%s cae en fin de semana y no cambia nada; revisa la fecha.", day));
}

static int by_ambito(const char *l, const char *r)
{
	return strcmp(l != NULL ? l : "", r != NULL ? r : "");
}

static int by_day_and_ambito(const void *left, const void *right)
{
	const struct inhabil *l = left;
	const struct inhabil *r = right;

	if (l->dia != r->dia)
		return l->dia < r->dia ? -1 : 1;
	return by_ambito(l->ambito, r->ambito);
}

static void revise_pair(struct revision *r, const struct inhabil *before, const struct inhabil *row)
{
	if (before->dia != row->dia || by_ambito(before->ambito, row->ambito) != 0 ||
		before->motivo == NULL || row->motivo == NULL)
		return;
	if (strcmp(before->motivo, row->motivo) == 0)
		say(r, row->dia, false,
			arena_printf(r->arena, "%s está dos veces; basta una.", date(r, row->dia)));
	else
		say(r, row->dia, true,
			arena_printf(r->arena, "%s tiene dos motivos, «%s» y «%s»; deja uno.",
				date(r, row->dia), before->motivo, row->motivo));
}

/* A year of it: the law's own days that it lacks, but for the handover, whose day is disputed. */
static enum err revise_year(struct revision *r, const struct inhabil *rows, size_t count, int year)
{
	struct calendario law;
	struct calendario own = {.desde = fecha_of(year, 1, 1), .hasta = fecha_of(year, 12, 31)};
	enum err e = calendario_make(r->arena, year, year, NULL, 0, &law);

	if (e != OK)
		return e;
	while (count != 0 && rows->dia < own.desde)
		rows++, count--;
	while (count != 0 && rows[count - 1].dia > own.hasta)
		count--;
	if (count == 0) {
		say(r, own.desde, false,
			arena_printf(r->arena,
				"%d no tiene ningún día inhábil; agrega los suyos o termina antes "
				"el calendario.",
				year));
		return OK;
	}
	for (size_t i = 0, at = 0; i < law.count; i++) {
		int32_t dia = law.rows[i].dia;

		while (at < count && rows[at].dia < dia)
			at++;
		bool there = at < count && rows[at].dia == dia && rows[at].ambito == NULL;

		if (!there && !calendario_es_transmision(dia) && dia >= r->c->desde &&
			dia <= r->c->hasta)
			say(r, dia, false,
				arena_printf(r->arena, "Falta %s (%s); agrégalo si sigue vigente.",
					date(r, dia), law.rows[i].motivo));
	}
	return OK;
}

static int by_day(const void *left, const void *right)
{
	const struct calendario_defecto *l = left;
	const struct calendario_defecto *r = right;

	return (l->dia > r->dia) - (l->dia < r->dia);
}

enum err calendario_revisar(struct arena *a, const struct calendario *c,
	struct calendario_defecto **ret, size_t *ret_count)
{
	struct revision r = {.arena = a, .c = c};
	int first;
	int last;
	int ignored;

	if (c->hasta < c->desde)
		return ERR_BAD_FIELD;
	fecha_split(c->desde, &first, &ignored, &ignored);
	fecha_split(c->hasta, &last, &ignored, &ignored);
	/* Five a row at the most, ten a year. */
	r.found = arena_array(a, 5 * c->count + 10 * (size_t)(last - first + 1), sizeof(*r.found));
	struct inhabil *rows = arena_array(a, c->count, sizeof(*rows));

	if (r.found == NULL || rows == NULL)
		return ERR_NO_MEMORY;
	if (c->count != 0)
		memcpy(rows, c->rows, c->count * sizeof(*rows));
	if (c->count != 0)
		qsort(rows, c->count, sizeof(*rows), by_day_and_ambito);
	for (size_t i = 0; i < c->count; i++) {
		revise_row(&r, &rows[i]);
		if (i != 0)
			revise_pair(&r, &rows[i - 1], &rows[i]);
	}
	for (int year = first; year <= last; year++) {
		enum err e = revise_year(&r, rows, c->count, year);

		if (e != OK)
			return e;
	}
	if (r.memory_ended)
		return ERR_NO_MEMORY;
	if (r.count != 0)
		qsort(r.found, r.count, sizeof(*r.found), by_day);
	*ret = r.found;
	*ret_count = r.count;
	return OK;
}
