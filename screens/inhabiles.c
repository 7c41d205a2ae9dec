#include "screens/inhabiles.h"

#include <stdlib.h>
#include <string.h>

static const char *ambito(const struct inhabil *row)
{
	return row->ambito != NULL ? row->ambito : "";
}

/* A day of everywhere before the same day of some place: a view takes the first of a day. */
static int by_day(const void *a, const void *b)
{
	int32_t x = ((const struct inhabil *)a)->dia;
	int32_t y = ((const struct inhabil *)b)->dia;

	if (x != y)
		return x > y ? 1 : -1;
	return strcmp(ambito(a), ambito(b));
}

static enum err take(struct arena *a, const struct m_inhabil *from, struct inhabil *ret)
{
	*ret = (struct inhabil){.motivo = arena_strdup(a, from->motivo),
		.ambito = from->ambito != NULL ? arena_strdup(a, from->ambito) : NULL,
		.declarado = from->clase != NULL && strcmp(from->clase, "declarado") == 0};
	if (ret->motivo == NULL || (from->ambito != NULL && ret->ambito == NULL))
		return ERR_NO_MEMORY;
	return fecha_parse(from->fecha, &ret->dia) == OK ? OK : ERR_BAD_ANSWER;
}

enum err inhabiles_make(struct arena *a, const struct m_calendario *c, struct calendario *ret)
{
	struct calendario made = {0};
	struct inhabil *rows = arena_array(a, c->inhabiles_count + 1, sizeof(*rows));

	if (rows == NULL)
		return ERR_NO_MEMORY;
	if (fecha_parse(c->desde, &made.desde) != OK || fecha_parse(c->hasta, &made.hasta) != OK ||
		made.hasta < made.desde)
		return ERR_BAD_ANSWER;
	for (size_t i = 0; i < c->inhabiles_count; i++) {
		enum err err = take(a, &c->inhabiles[i], &rows[i]);

		if (err != OK)
			return err;
	}
	qsort(rows, c->inhabiles_count, sizeof(*rows), by_day);
	for (size_t i = 1; i < c->inhabiles_count; i++)
		if (by_day(&rows[i], &rows[i - 1]) == 0)
			return ERR_BAD_ANSWER;
	made.rows = rows;
	made.count = c->inhabiles_count;
	made.version = c->version;
	made.vacaciones_hasta = (int)c->vacaciones_hasta;
	made.fuente = c->fuente != NULL ? arena_strdup(a, c->fuente) : NULL;
	if (c->fuente != NULL && made.fuente == NULL)
		return ERR_NO_MEMORY;
	*ret = made;
	return OK;
}
