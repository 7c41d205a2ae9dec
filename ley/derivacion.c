#include "ley/derivacion.h"

#include "base/buf.h"
#include "base/texto.h"

/* Días inhábiles of (desde, dia); written where there is room for them. */
static enum err skipped(const struct calendario *c, int32_t desde, int32_t dia,
	struct derivacion_salto *to, size_t *ret_count)
{
	size_t n = 0;

	for (int32_t d = desde + 1; d < dia; d++) {
		const char *motivo;
		bool habil;
		enum err e = calendario_habil(c, d, &habil, &motivo);

		if (e != OK)
			return e;
		if (habil)
			continue;
		if (to != NULL)
			to[n] = (struct derivacion_salto){.dia = d, .motivo = motivo};
		n++;
	}
	*ret_count = n;
	return OK;
}

enum err derivacion_paso(struct derivacion *d, const struct calendario *c, int32_t desde,
	const struct derivacion_paso *p)
{
	struct derivacion_salto *saltos = NULL;
	size_t count;

	if (d == NULL)
		return OK;
	if (d->count == DERIVACION_PASOS)
		return ERR_INTERNAL;
	enum err e = skipped(c, desde, p->dia, NULL, &count);

	if (e != OK)
		return e;
	if (count != 0) {
		saltos = arena_array(d->arena, count, sizeof(*saltos));
		if (saltos == NULL)
			return ERR_NO_MEMORY;
		e = skipped(c, desde, p->dia, saltos, &count);
		if (e != OK)
			return e;
	}
	d->pasos[d->count] = *p;
	d->pasos[d->count].saltos = saltos;
	d->pasos[d->count].salto_count = count;
	d->count++;
	return OK;
}

/* ---- for a person ---- */

struct lines {
	struct arena *arena;
	struct derivacion_linea *rows;
	size_t count;
};

static enum err add(struct lines *l, int nivel, const char *text)
{
	if (text == NULL)
		return ERR_NO_MEMORY;
	l->rows[l->count++] = (struct derivacion_linea){.texto = text, .nivel = nivel};
	return OK;
}

/* "vie 13/nov/2026 09:30 (ZC; en tu domicilio, America/Tijuana, vie 13/nov/2026 07:30)" */
static const char *when(struct arena *a, const struct derivacion_paso *p, const struct zona *z)
{
	if (p->instante == 0)
		return fecha_text(a, p->dia, FECHA_DIA);
	const char *zc = hora_text(a, zona_centro(), p->instante, HORA_DIA);

	if (zc == NULL)
		return NULL;
	if (z == NULL || zona_civil(z, p->instante).offset_s ==
				 zona_civil(zona_centro(), p->instante).offset_s)
		return arena_printf(a, _("%s (ZC)"), zc);
	const char *there = hora_text(a, z, p->instante, HORA_DIA);

	return there != NULL ? arena_printf(a, _("%s (ZC; en tu domicilio, %s, %s)"), zc,
				       zona_name(z), there)
			     : NULL;
}

static enum err add_step(
	struct lines *l, const struct derivacion_paso *p, const struct zona *domicilio)
{
	const char *at = when(l->arena, p, domicilio);

	if (at == NULL)
		return ERR_NO_MEMORY;
	if (p->dias == 0)
		return add(l, 0,
			arena_printf(
				l->arena, _("%s: %s [%s]"), at, texto(p->que), texto(p->regla)));
	return add(l, 0,
		arena_printf(l->arena, _("%s: %s [%s; plazo de %d días hábiles]"), at,
			texto(p->que), texto(p->regla), p->dias));
}

/* How many of the days from `first` on are one stretch: each the next one's eve, of one reason. */
static size_t stretch(const struct derivacion_paso *p, size_t first)
{
	size_t n = 1;

	while (first + n < p->salto_count) {
		const struct derivacion_salto *last = &p->saltos[first + n - 1];
		const struct derivacion_salto *next = last + 1;

		if (next->dia != last->dia + 1 || strcmp(next->motivo, last->motivo) != 0)
			break;
		n++;
	}
	return n;
}

static bool saturday_sunday(const struct derivacion_paso *p, size_t first)
{
	return first + 1 < p->salto_count && p->saltos[first + 1].dia == p->saltos[first].dia + 1 &&
	       fecha_weekday(p->saltos[first].dia) == 6;
}

static enum err add_skipped(
	struct lines *l, const struct derivacion_paso *p, size_t first, size_t *ret_days)
{
	const struct derivacion_salto *s = &p->saltos[first];
	size_t n = stretch(p, first);
	const char *from = fecha_text(l->arena, s->dia, FECHA_DIA);

	if (saturday_sunday(p, first))
		n = 2;
	const char *to = fecha_text(l->arena, s[n - 1].dia, FECHA_DIA);

	if (from == NULL || to == NULL)
		return ERR_NO_MEMORY;
	*ret_days = n;
	if (n == 1)
		return add(l, 1,
			arena_printf(l->arena, _("no cuenta el %s: %s"), from, texto(s->motivo)));
	if (saturday_sunday(p, first))
		return add(l, 1,
			arena_printf(
				l->arena, _("no cuentan el %s ni el %s: fin de semana"), from, to));
	return add(l, 1,
		arena_printf(
			l->arena, _("no cuentan del %s al %s: %s"), from, to, texto(s->motivo)));
}

enum err derivacion_texto(struct arena *a, const struct derivacion *d, const struct zona *domicilio,
	struct derivacion_linea **ret, size_t *ret_count)
{
	struct lines l = {.arena = a};
	size_t most = d->count;
	enum err e = OK;

	for (size_t i = 0; i < d->count; i++)
		most += d->pasos[i].salto_count;
	l.rows = arena_array(a, most, sizeof(*l.rows));
	if (l.rows == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; e == OK && i < d->count; i++) {
		const struct derivacion_paso *p = &d->pasos[i];
		size_t days = 0;

		e = add_step(&l, p, domicilio);
		for (size_t s = 0; e == OK && s < p->salto_count; s += days)
			e = add_skipped(&l, p, s, &days);
	}
	if (e != OK)
		return e;
	*ret = l.rows;
	*ret_count = l.count;
	return OK;
}
