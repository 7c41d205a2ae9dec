#include "screens/mundo.h"

#include <stdio.h>
#include "base/texto.h"
#include "base/utf8.h"

static bool same(const char *a, const char *b)
{
	char folded[2][256];

	if (strlen(a) >= sizeof(folded[0]) || strlen(b) >= sizeof(folded[1]))
		return false;
	(void)snprintf(folded[0], sizeof(folded[0]), "%s", a);
	(void)snprintf(folded[1], sizeof(folded[1]), "%s", b);
	utf8_upper(folded[0]);
	utf8_upper(folded[1]);
	return strcmp(folded[0], folded[1]) == 0;
}

size_t mundo_find(const struct mundo *w, const char *nombre)
{
	size_t found = w->count;
	size_t matches = 0;

	for (size_t i = 0; i < w->count; i++)
		if (strcmp(w->perfiles[i].nombre, nombre) == 0)
			return i;
	for (size_t i = 0; i < w->count; i++)
		if (same(w->perfiles[i].rfc, nombre)) {
			found = i;
			matches++;
		}
	return matches == 1 ? found : w->count;
}

size_t mundo_de(const struct mundo *w, const char *rfc, const char *calidad)
{
	size_t i = 0;

	while (w != NULL && i < w->count) {
		const struct mundo_perfil *p = &w->perfiles[i];

		if (strcmp(p->calidad != NULL ? p->calidad : "propio", calidad) == 0 &&
			same(p->rfc, rfc))
			break;
		i++;
	}
	return i;
}

size_t mundo_due_count(const struct mundo_perfil *p)
{
	return p->model != NULL ? tabla_totales(&p->model->tabla)->vence : 0;
}

int64_t mundo_due(const struct mundo_perfil *p, size_t index)
{
	int64_t due;

	return index < mundo_due_count(p) && tabla_due(&p->model->tabla, index, &due) == OK
		       ? due
		       : INT64_MAX;
}

/* They are few, or many: found in steps that double, so that few cost few reads. */
size_t mundo_due_today(const struct mundo_perfil *p, int64_t now)
{
	int32_t tomorrow = zona_civil(zona_centro(), now).dia + 1;
	int64_t midnight = zona_instant(zona_centro(), tomorrow, 0);
	size_t low = 0;
	size_t high = 1;

	while (mundo_due(p, high - 1) < midnight) {
		low = high;
		high *= 2;
	}
	for (high--; low < high;) {
		size_t middle = low + (high - low) / 2;

		if (mundo_due(p, middle) < midnight)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool mundo_locked(const struct mundo_perfil *p)
{
	return p->model == NULL;
}

bool mundo_unreadable(const struct mundo_perfil *p)
{
	/* Asked for first: it is read then. */
	return p->model != NULL && tabla_totales(&p->model->tabla) != NULL &&
	       (p->model->tabla.err != OK || p->model->tabla.local == NULL);
}

#define NAMED 3

const char *mundo_names(struct arena *a, const struct mundo *w,
	bool (*wanted)(const struct mundo_perfil *p), size_t *ret_count)
{
	const char *names = "";
	size_t count = 0;

	for (size_t i = 0; i < w->count && names != NULL; i++) {
		if (!wanted(&w->perfiles[i]))
			continue;
		if (count < NAMED)
			names = arena_printf(
				a, "%s%s%s", names, count == 0 ? "" : ", ", w->perfiles[i].nombre);
		count++;
	}
	if (names != NULL && count > NAMED)
		names = arena_printf(a, _("%s y %zu más"), names, count - NAMED);
	*ret_count = count;
	return names;
}
