#include "screens/inhabiles.h"

#include <stdlib.h>

static int by_day(const void *a, const void *b)
{
	int32_t x = ((const struct inhabil *)a)->dia;
	int32_t y = ((const struct inhabil *)b)->dia;

	return (x > y) - (x < y);
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
		rows[i].motivo = arena_strdup(a, c->inhabiles[i].motivo);
		if (rows[i].motivo == NULL)
			return ERR_NO_MEMORY;
		if (fecha_parse(c->inhabiles[i].fecha, &rows[i].dia) != OK)
			return ERR_BAD_ANSWER;
	}
	qsort(rows, c->inhabiles_count, sizeof(*rows), by_day);
	for (size_t i = 1; i < c->inhabiles_count; i++)
		if (rows[i].dia == rows[i - 1].dia)
			return ERR_BAD_ANSWER;
	made.rows = rows;
	made.count = c->inhabiles_count;
	*ret = made;
	return OK;
}
