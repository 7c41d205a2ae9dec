/*
 * A document that is uploaded, judged before anything is notified with it.
 */
#include <stdint.h>
#include "ley/pdf_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum err e = pdf_check_bytes(bytes_of(data, size));

	return e == OK || e == ERR_BAD_PDF || e == ERR_PDF_ENCRYPTED ? 0 : 1;
}
