#include "ley/calendario.h"

#include <stdlib.h>
#include <string.h>
#include "base/macros.h"
#include "base/texto.h"

#define ROWS_A_YEAR 9

/* The n-th Monday of the month. */
static int32_t monday(int year, int month, int n)
{
	int32_t first = fecha_of(year, month, 1);

	return first + (8 - fecha_weekday(first)) % 7 + 7 * (n - 1);
}

/*
 * Every six years. Until 2018 the executive changed hands on 1 December (CFF 12, LFT 74), since
 * 2024 on 1 October (Constitución 83; LFT 74 fracción VIII).
 */
static struct inhabil handover(int year)
{
	if (year % 6 != 2024 % 6)
		return (struct inhabil){0};
	if (year < 2024)
		return (struct inhabil){.dia = fecha_of(year, 12, 1),
			.motivo = N_(
				"CFF 12: 1 de diciembre, transmisión del Poder Ejecutivo Federal")};
	return (struct inhabil){.dia = fecha_of(year, 10, 1),
		.motivo = N_(
			"LFT 74, fracción VIII: 1 de octubre, transmisión del Poder Ejecutivo Federal")};
}

/* CFF 12 of one year; returns how many rows were written. */
static size_t year_rows(int year, struct inhabil rows[ROWS_A_YEAR])
{
	const struct inhabil fixed[] = {
		{.dia = fecha_of(year, 1, 1), .motivo = N_("CFF 12: 1 de enero")},
		{.dia = monday(year, 2, 1),
			.motivo = N_("CFF 12: primer lunes de febrero (5 de febrero)")},
		{.dia = monday(year, 3, 3),
			.motivo = N_("CFF 12: tercer lunes de marzo (21 de marzo)")},
		{.dia = fecha_of(year, 5, 1), .motivo = N_("CFF 12: 1 de mayo")},
		{.dia = fecha_of(year, 5, 5), .motivo = N_("CFF 12: 5 de mayo")},
		{.dia = fecha_of(year, 9, 16), .motivo = N_("CFF 12: 16 de septiembre")},
		{.dia = monday(year, 11, 3),
			.motivo = N_("CFF 12: tercer lunes de noviembre (20 de noviembre)")},
		{.dia = fecha_of(year, 12, 25), .motivo = N_("CFF 12: 25 de diciembre")},
		handover(year),
	};
	size_t n = 0;

	for (size_t i = 0; i < COUNT_OF(fixed); i++)
		if (fixed[i].motivo != NULL)
			rows[n++] = fixed[i];
	return n;
}

static int by_day(const void *left, const void *right)
{
	const struct inhabil *l = left;
	const struct inhabil *r = right;

	return (l->dia > r->dia) - (l->dia < r->dia);
}

static bool weekend(int32_t dia)
{
	int w = fecha_weekday(dia);

	return w == 0 || w == 6;
}

/* The law's before what the Institute declared, and that before what is so in one place only. */
static int rank(const struct inhabil *row)
{
	return row->ambito != NULL ? 2 : row->declarado ? 1 : 0;
}

static bool same_ambito(const struct inhabil *l, const struct inhabil *r)
{
	return l->ambito == NULL || r->ambito == NULL ? l->ambito == r->ambito
						      : strcmp(l->ambito, r->ambito) == 0;
}

/* Is it said by one of the rows of its day that are kept, the last `n` of them? */
static bool said_before(const struct inhabil *kept, size_t n, const struct inhabil *row)
{
	for (; n > 0 && kept[n - 1].dia == row->dia; n--)
		if (kept[n - 1].ambito == NULL || same_ambito(&kept[n - 1], row))
			return true;
	return false;
}

/* Drops weekends, what is out of the calendar, and what a row of that day said before. */
static size_t tidy(struct inhabil *rows, size_t count, const struct calendario *c)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		int32_t dia = rows[i].dia;

		if (!weekend(dia) && dia >= c->desde && dia <= c->hasta &&
			!said_before(rows, n, &rows[i]))
			rows[n++] = rows[i];
	}
	return n;
}

/* Insertion, because it is stable; the law's rows come almost sorted. */
static void sort_stable(struct inhabil *rows, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct inhabil row = rows[i];
		size_t at = i;

		for (; at > 0 &&
			(rows[at - 1].dia > row.dia ||
				(rows[at - 1].dia == row.dia && rank(&rows[at - 1]) > rank(&row)));
			at--)
			rows[at] = rows[at - 1];
		rows[at] = row;
	}
}

enum err calendario_make(struct arena *a, int first_year, int last_year,
	const struct inhabil *extra, size_t extra_count, struct calendario *ret)
{
	if (first_year < 1970 || last_year < first_year || last_year > 9999)
		return ERR_BAD_FIELD;
	size_t most = (size_t)(last_year - first_year + 1) * ROWS_A_YEAR + extra_count;
	struct inhabil *rows = arena_array(a, most, sizeof(*rows));
	struct calendario c = {
		.desde = fecha_of(first_year, 1, 1),
		.hasta = fecha_of(last_year, 12, 31),
		.rows = rows,
	};
	size_t n = 0;

	if (rows == NULL)
		return ERR_NO_MEMORY;
	for (int year = first_year; year <= last_year; year++)
		n += year_rows(year, rows + n);
	for (size_t i = 0; i < extra_count; i++) {
		rows[n] = extra[i];
		rows[n].motivo = arena_strdup(a, extra[i].motivo);
		if (extra[i].ambito != NULL)
			rows[n].ambito = arena_strdup(a, extra[i].ambito);
		if (rows[n].motivo == NULL || (extra[i].ambito != NULL && rows[n].ambito == NULL))
			return ERR_NO_MEMORY;
		n++;
	}
	sort_stable(rows, n);
	c.count = tidy(rows, n, &c);
	*ret = c;
	return OK;
}

static const struct inhabil *find(const struct calendario *c, int32_t dia)
{
	const struct inhabil key = {.dia = dia};

	/* Without rows the pointer may be NULL, which bsearch must not be given. */
	return c->count != 0 ? bsearch(&key, c->rows, c->count, sizeof(key), by_day) : NULL;
}

/* LFT 74, fracción VIII, and copies of CFF 12 name different days of a handover since 2024. */
static bool of_handover(int32_t dia)
{
	int year;
	int month;
	int day;

	fecha_split(dia, &year, &month, &day);
	return year >= 2024 && year % 6 == 2024 % 6 && day == 1 && (month == 10 || month == 12);
}

static bool left_out(const struct calendario *c, const struct inhabil *row)
{
	if (row->declarado || row->ambito != NULL)
		return (c->omite & CALENDARIO_OMITE_DECLARADOS) != 0;
	return (c->omite & CALENDARIO_OMITE_TRANSMISION) != 0 && of_handover(row->dia);
}

enum err calendario_habil(
	const struct calendario *c, int32_t dia, bool *ret_habil, const char **ret_motivo)
{
	if (dia < c->desde || dia > c->hasta)
		return ERR_HORIZON;
	const struct inhabil *row = find(c, dia);
	const char *motivo = row != NULL && !left_out(c, row) ? row->motivo : NULL;

	if (weekend(dia))
		motivo = fecha_weekday(dia) == 0 ? N_("domingo") : N_("sábado");
	*ret_habil = motivo == NULL;
	*ret_motivo = motivo;
	return OK;
}

enum err calendario_despues(const struct calendario *c, int32_t dia, int n, int32_t *ret_dia)
{
	if (n < 1)
		return ERR_BAD_FIELD;
	while (n > 0) {
		bool habil;
		const char *motivo;
		enum err e = dia < c->hasta ? calendario_habil(c, dia + 1, &habil, &motivo)
					    : ERR_HORIZON;

		if (e != OK)
			return e;
		dia++;
		n -= habil ? 1 : 0;
	}
	*ret_dia = dia;
	return OK;
}

enum err calendario_en_o_despues(const struct calendario *c, int32_t dia, int32_t *ret_dia)
{
	return dia > INT32_MIN ? calendario_despues(c, dia - 1, 1, ret_dia) : ERR_HORIZON;
}

static bool counts_there(const struct inhabil *row, const char *estado, const char *subdelegacion)
{
	static const struct {
		const char *prefix;
		size_t bytes;
	} of[] = {{"estado:", 7}, {"subdelegacion:", 14}};
	const char *const there[] = {estado, subdelegacion};

	if (row->ambito == NULL)
		return true;
	for (size_t i = 0; i < COUNT_OF(of); i++)
		if (there[i] != NULL && strncmp(row->ambito, of[i].prefix, of[i].bytes) == 0 &&
			strcmp(row->ambito + of[i].bytes, there[i]) == 0)
			return true;
	return false;
}

enum err calendario_para(struct arena *a, const struct calendario *c, const char *estado,
	const char *subdelegacion, struct calendario *ret)
{
	struct inhabil *rows = arena_array(a, c->count, sizeof(*rows));
	struct calendario view = *c;

	if (rows == NULL)
		return ERR_NO_MEMORY;
	view.rows = rows;
	view.count = 0;
	for (size_t i = 0; i < c->count; i++) {
		const struct inhabil *row = &c->rows[i];

		if (!counts_there(row, estado, subdelegacion))
			continue;
		struct inhabil *last = view.count != 0 ? &rows[view.count - 1] : NULL;

		if (last == NULL || last->dia != row->dia)
			rows[view.count++] = *row;
		else if (rank(row) < rank(last))
			*last = *row;
	}
	*ret = view;
	return OK;
}
