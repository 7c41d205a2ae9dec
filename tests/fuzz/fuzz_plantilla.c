/*
 * An operator's text: refused by file and line, or filled in with nothing left open.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/file.h"
#include "core/plantillas.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[64];

static void remove_folder(void)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/validacion_correo.txt", folder);
	unlink(path);
	rmdir(folder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct m_dato datos[] = {{"codigo", "48213"}, {"enlace", "https://a/?b&c"},
		{"vence", "hoy"}, {"prueba", "PRUEBA"}, {"buzon", "https://a"}};
	ARENA(a, 8 << 20);
	struct plantillas p;
	const char *message = NULL;
	char path[128];

	if (*folder == '\0') {
		snprintf(folder, sizeof(folder), "/tmp/fuzz-plantilla-XXXXXX");
		if (mkdtemp(folder) == NULL)
			return 0;
		atexit(remove_folder);
	}
	snprintf(path, sizeof(path), "%s/validacion_correo.txt", folder);
	FILE *f = fopen(path, "wb");

	if (f == NULL)
		return 0;
	fwrite(data, 1, size, f);
	fclose(f);
	enum err e = plantillas_read(&a, folder, &p, &message);

	if (e == ERR_CONFIG && message == NULL)
		__builtin_trap();
	if (e != OK)
		return 0;
	const char *text = plantilla_llenar(&a, p.de[PLANTILLA_validacion_correo].texto,
		PLANTILLA_HTML, datos, COUNT_OF(datos));

	if (text != NULL && strchr(text, '{') != NULL)
		__builtin_trap();
	return 0;
}
