#include "core/legales_texto.h"

#include "base/buf.h"

/* A literal a line, made of the files when this is built (Makefile). */
static const char *const terminos[] = {
#include "core/legales/terminos.txt.inc"
};
static const char *const privacidad[] = {
#include "core/legales/privacidad.txt.inc"
};

static const struct {
	const char *const *lines;
	size_t count;
} texts[LEGALES_CUALES] = {
	[LEGAL_TERMINOS] = {terminos, COUNT_OF(terminos)},
	[LEGAL_PRIVACIDAD] = {privacidad, COUNT_OF(privacidad)},
};

enum err legales_texto(struct arena *a, enum legal_cual cual, struct bytes *ret)
{
	struct buf b;

	buf_init(&b, a);
	for (size_t i = 0; i < texts[cual].count; i++)
		buf_text(&b, texts[cual].lines[i]);
	return buf_end(&b, ret);
}
