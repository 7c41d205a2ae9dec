#include "screens/marcas.h"

#include <stdio.h>
#include <string.h>
#include "base/mem.h"

void marcas_free(struct marcas *m)
{
	mem_free(m->folios);
	*m = (struct marcas){0};
}

/* Where it is, or would stand. */
static size_t place(const struct marcas *m, const char *folio)
{
	size_t low = 0;
	size_t high = m->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(m->folios[middle], folio) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool marcas_has(const struct marcas *m, const char *folio)
{
	size_t at = place(m, folio);

	return at < m->count && strcmp(m->folios[at], folio) == 0;
}

enum err marcas_add(struct marcas *m, const char *folio)
{
	size_t at = place(m, folio);

	if (at < m->count && strcmp(m->folios[at], folio) == 0)
		return OK;
	if (m->count == MARCAS_MOST)
		return ERR_TOO_LARGE;
	if (m->count == m->room) {
		size_t room = m->room != 0 ? m->room * 2 : 64;
		void *more = mem_realloc(m->folios, room * sizeof(*m->folios));

		if (more == NULL)
			return ERR_NO_MEMORY;
		m->folios = more;
		m->room = room;
	}
	memmove(m->folios + at + 1, m->folios + at, (m->count - at) * sizeof(*m->folios));
	(void)snprintf(m->folios[at], sizeof(m->folios[at]), "%s", folio);
	m->count++;
	return OK;
}

void marcas_remove(struct marcas *m, const char *folio)
{
	size_t at = place(m, folio);

	if (at == m->count || strcmp(m->folios[at], folio) != 0)
		return;
	m->count--;
	memmove(m->folios + at, m->folios + at + 1, (m->count - at) * sizeof(*m->folios));
}
