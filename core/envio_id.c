#include <string.h>
#include "core/envio.h"

bool envio_es_id(const char *text, size_t size)
{
	return size == ENVIO_ID && strspn(text, ENVIO_ID_LETTERS) >= size;
}
