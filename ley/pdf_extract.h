/*
 * The fixed words of our PDFs around an attachment: what the writer writes and pdf_extract asks
 * for.
 */
#ifndef LEY_PDF_EXTRACT_H
#define LEY_PDF_EXTRACT_H

#include "ley/pdf.h"

#define PDF_HEADER "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n"
#define PDF_FILE_NAME "<</Type/EmbeddedFile/Desc"
#define PDF_FILE_SIZE "/Params<</Size "
#define PDF_STREAM "\nstream\n"
#define PDF_ENDSTREAM "\nendstream\nendobj\n"
#define PDF_END "%%EOF\n"

#endif
