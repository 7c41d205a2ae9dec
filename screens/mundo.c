#include "screens/mundo.h"

#include <stdio.h>
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
