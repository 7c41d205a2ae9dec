/*
 * The attachment of a PDF that somebody says is an acuse.
 */
#include <stdint.h>
#include "ley/acuse_pdf.h"
#include "ley/pdf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA(a, 4 << 20);
	struct bytes json = {0};
	enum err e = pdf_extract(&a, bytes_of(data, size), ACUSE_PDF_EVIDENCE, 1 << 20, &json);

	return e < ERR_COUNT ? 0 : 1;
}
