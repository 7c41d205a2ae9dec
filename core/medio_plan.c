/* What a new medium does to those that are there. */
#include "core/medio.h"

#include <string.h>

struct plan {
	const struct out_medios_activos *rows;
	size_t count;
	int64_t now;
	const struct medio_nuevo *n;
};

static bool lapsed(const struct out_medios_activos *r, int64_t now)
{
	return r->validado == 0 && r->vence != 0 && now > r->vence;
}

static bool in_use(const struct plan *p, const struct out_medios_activos *r)
{
	return strcmp(r->mecanismo, p->n->mecanismo) == 0 && !lapsed(r, p->now);
}

static const struct out_medios_activos *by_folio(const struct plan *p, const char *folio)
{
	for (size_t i = 0; folio != NULL && i < p->count; i++)
		if (strcmp(p->rows[i].folio, folio) == 0)
			return &p->rows[i];
	return NULL;
}

/* The one whose place it will take, as long as that is there. */
static const struct out_medios_activos *target_of(
	const struct plan *p, const struct out_medios_activos *r)
{
	const struct out_medios_activos *t = by_folio(p, r->reemplaza);

	return t != NULL && in_use(p, t) ? t : NULL;
}

static size_t places(const struct plan *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->count; i++)
		n += in_use(p, &p->rows[i]) && target_of(p, &p->rows[i]) == NULL;
	return n;
}

static bool is_there(const struct plan *p)
{
	for (size_t i = 0; i < p->count; i++)
		if (in_use(p, &p->rows[i]) && strcmp(p->rows[i].clave, p->n->clave) == 0)
			return true;
	return false;
}

/* The pending one that waits to take the place of that one. */
static const struct out_medios_activos *heir_of(
	const struct plan *p, const struct out_medios_activos *t)
{
	for (size_t i = 0; i < p->count; i++)
		if (in_use(p, &p->rows[i]) && p->rows[i].validado == 0 &&
			target_of(p, &p->rows[i]) == t)
			return &p->rows[i];
	return NULL;
}

static struct medio_plan in_place_of(const struct plan *p, const struct out_medios_activos *t)
{
	const struct out_medios_activos *inherited = target_of(p, t);

	if (t->validado != 0)
		return (struct medio_plan){.reemplaza = t->folio, .sustituye = heir_of(p, t)};
	return (struct medio_plan){
		.reemplaza = inherited != NULL ? inherited->folio : NULL, .sustituye = t};
}

/* The one that was asked for, or of a mobile the one that there is. */
static enum err find_target(const struct plan *p, const struct out_medios_activos **ret)
{
	const struct out_medios_activos *t = by_folio(p, p->n->reemplaza);

	*ret = t;
	if (p->n->reemplaza != NULL) {
		if (t == NULL || strcmp(t->mecanismo, p->n->mecanismo) != 0)
			return ERR_NOT_FOUND;
		return lapsed(t, p->now) ? ERR_MEDIUM_EXPIRED : OK;
	}
	if (medio_es_correo(p->n->mecanismo))
		return OK;
	for (size_t i = 0; i < p->count; i++)
		if (in_use(p, &p->rows[i]) && (*ret == NULL || p->rows[i].validado != 0))
			*ret = &p->rows[i];
	return OK;
}

enum err medio_planea(const struct out_medios_activos *rows, size_t count, int64_t now,
	const struct medio_nuevo *n, struct medio_plan *ret)
{
	const struct plan p = {.rows = rows, .count = count, .now = now, .n = n};
	const struct out_medios_activos *t;

	*ret = (struct medio_plan){0};
	if (is_there(&p))
		return ERR_MEDIUM_EXISTS;
	enum err e = find_target(&p, &t);

	if (e != OK)
		return e;
	if (t != NULL)
		*ret = in_place_of(&p, t);
	else if (places(&p) >= (medio_es_correo(n->mecanismo) ? MEDIO_CORREOS : 1))
		return ERR_MEDIA_FULL;
	return OK;
}
