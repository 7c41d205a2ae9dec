#include "app/archivo.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *word;
	const char *folder;
	const char *ending;
} clases[ARCHIVO_CLASES] = {
	[ARCHIVO_ACUSE] = {"acuse", "acuses", "json"},
	[ARCHIVO_ACUSE_PDF] = {"acuse-pdf", "acuses", "pdf"},
	[ARCHIVO_DOCUMENTO_PDF] = {"documento", "documentos", "pdf"},
	[ARCHIVO_DOCUMENTO_FIRMA] = {"firma", "documentos", "firma.json"},
	[ARCHIVO_NOTIFICACION] = {"notificacion", "notificaciones", "json"},
	[ARCHIVO_DERIVACION] = {"derivacion", "notificaciones", "txt"},
	[ARCHIVO_TEXTO] = {"texto", NULL, NULL},
};

const char *archivo_clase_word(enum archivo_clase c)
{
	return clases[c].word;
}

enum archivo_clase archivo_clase_of(const char *word)
{
	unsigned c = 0;

	while (c < ARCHIVO_CLASES && strcmp(clases[c].word, word) != 0)
		c++;
	return (enum archivo_clase)c;
}

const char *archivo_nombre(struct arena *a, enum archivo_clase c, const char *folio)
{
	return clases[c].folder == NULL
		       ? arena_strdup(a, folio)
		       : arena_printf(a, "%s/%s.%s", clases[c].folder, folio, clases[c].ending);
}

bool archivo_es(const char *path)
{
	char first[4] = "";
	FILE *f = fopen(path, "rb");
	size_t got = f != NULL ? fread(first, 1, sizeof(first), f) : 0;

	if (f != NULL)
		fclose(f);
	/* An archive always holds something, so it begins with a local header. */
	return got == sizeof(first) && memcmp(first, "PK\3\4", sizeof(first)) == 0;
}
