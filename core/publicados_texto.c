#include "core/publicados_texto.h"

#include "base/buf.h"

/* A literal a line, made of the files when this is built (Makefile). */
static const char *const calendario[] = {
#include "core/calendarios/inhabiles.ics.inc"
};
static const char *const catalogo[] = {
#include "core/catalogos/catalogo.json.inc"
};

static const struct {
	const char *const *lines;
	size_t count;
} texts[PUBLICADOS] = {
	[PUBLICADO_CALENDARIO] = {calendario, COUNT_OF(calendario)},
	[PUBLICADO_CATALOGO] = {catalogo, COUNT_OF(catalogo)},
};

enum err publicados_texto(struct arena *a, enum publicado which, struct bytes *ret)
{
	struct buf b;

	buf_init(&b, a);
	for (size_t i = 0; i < texts[which].count; i++)
		buf_text(&b, texts[which].lines[i]);
	return buf_end(&b, ret);
}
