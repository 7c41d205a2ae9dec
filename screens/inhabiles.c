#include "screens/inhabiles.h"

#include <stdlib.h>
#include <string.h>

/* Of one day, that of everywhere first. */
static int by_day(const void *a, const void *b)
{
	const struct inhabil *x = a;
	const struct inhabil *y = b;

	if (x->dia != y->dia)
		return x->dia < y->dia ? -1 : 1;
	return strcmp(x->ambito != NULL ? x->ambito : "", y->ambito != NULL ? y->ambito : "");
}

static const char *kept(struct arena *a, const char *text, bool *failed)
{
	const char *copy = text != NULL ? arena_strdup(a, text) : NULL;

	*failed = *failed || (text != NULL && copy == NULL);
	return copy;
}

enum err inhabiles_make(struct arena *a, const struct m_calendario *c, struct calendario *ret)
{
	struct calendario made = {
		.version = c->version, .vacaciones_hasta = (int)c->vacaciones_hasta};
	bool failed = false;
	struct inhabil *rows = arena_array(a, c->inhabiles_count + 1, sizeof(*rows));

	if (rows == NULL)
		return ERR_NO_MEMORY;
	if (fecha_parse(c->desde, &made.desde) != OK || fecha_parse(c->hasta, &made.hasta) != OK ||
		made.hasta < made.desde)
		return ERR_BAD_ANSWER;
	for (size_t i = 0; i < c->inhabiles_count; i++) {
		const struct m_inhabil *m = &c->inhabiles[i];

		rows[i] = (struct inhabil){.motivo = kept(a, m->motivo, &failed),
			.ambito = kept(a, m->ambito, &failed),
			.declarado = m->clase != NULL && strcmp(m->clase, "declarado") == 0};
		if (fecha_parse(m->fecha, &rows[i].dia) != OK)
			return ERR_BAD_ANSWER;
	}
	made.fuente = kept(a, c->fuente, &failed);
	if (failed)
		return ERR_NO_MEMORY;
	qsort(rows, c->inhabiles_count, sizeof(*rows), by_day);
	for (size_t i = 1; i < c->inhabiles_count; i++)
		if (by_day(&rows[i - 1], &rows[i]) == 0)
			return ERR_BAD_ANSWER;
	made.rows = rows;
	made.count = c->inhabiles_count;
	*ret = made;
	return OK;
}
