/*
 * What a mail server gives `buzond rebote`, and what somebody leaves in the Maildir.
 */
#include <stdint.h>
#include "core/mime_lee.h"
#include "core/rebote.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA(a, 16 << 20);
	struct mime_parte whole = mime_lee(bytes_of(data, size));
	struct mime_parte part;
	struct rebote r = {0};
	struct bytes body;
	const char *subject = mime_campo(&a, whole.head, "Subject");

	if (subject != NULL && mime_palabras(&a, subject) == NULL)
		return 0;
	for (size_t i = 0; i < 4 && mime_hija(&a, &whole, i, &part); i++)
		if (mime_cuerpo(&a, &part, &body) != OK)
			return 0;
	enum err e = rebote_leer(&a, bytes_of(data, size), NULL, &r);

	/* An id is what one looks like, or it is none. */
	if (e == OK && !envio_es_id(r.id, strlen(r.id)))
		__builtin_trap();
	return 0;
}
