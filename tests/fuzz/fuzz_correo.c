/*
 * An e-mail address as somebody types it. What is taken can be taken again, and holds nothing that
 * would end a header or a command.
 */
#include <stdint.h>
#include <string.h>
#include "base/utf8.h"
#include "ley/correo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA(a, 1 << 20);
	struct correo one;
	struct correo two;
	char *text = arena_copy(&a, data, size);

	if (text == NULL || correo_read(&a, text, &one) != OK)
		return 0;
	for (const char *c = one.valor; *c != '\0'; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			__builtin_trap();
	if (!utf8_valid(one.valor, strlen(one.valor)) || strlen(one.valor) > CORREO_BYTES)
		__builtin_trap();
	if (correo_read(&a, one.valor, &two) != OK || strcmp(one.valor, two.valor) != 0 ||
		strcmp(one.clave, two.clave) != 0)
		__builtin_trap();
	return 0;
}
