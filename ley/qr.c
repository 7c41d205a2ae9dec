#include "ley/qr.h"

#include <qrencode.h>
#include <errno.h>
#include <stddef.h>

static inline void free_code(QRcode **code)
{
	if (*code != NULL)
		QRcode_free(*code);
}

enum err qr_make(struct arena *a, const char *text, struct qr *ret)
{
	__attribute__((cleanup(free_code))) QRcode *code =
		QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);

	/* Empty or past version 40's capacity; the rest is memory. */
	if (code == NULL)
		return errno == ENOMEM ? ERR_NO_MEMORY : ERR_BAD_FIELD;
	size_t count = (size_t)code->width * (size_t)code->width;
	unsigned char *modules = arena_alloc(a, count);

	if (modules == NULL)
		return ERR_NO_MEMORY;
	/* Bit 0 is the colour, the others say what the module is for. */
	for (size_t i = 0; i < count; i++)
		modules[i] = code->data[i] & 1;
	*ret = (struct qr){.size = code->width, .modules = modules};
	return OK;
}
