/*
 * Advance widths of the standard fonts (Adobe's Core 14 metrics), in thousandths of the size, by
 * WinAnsi code from 32 on; and text into those codes.
 */
#ifndef LEY_PDF_FONT_H
#define LEY_PDF_FONT_H

#include <stddef.h>
#include "ley/pdf.h"

/* Width of that WinAnsi code. */
unsigned pdf_font_width(enum pdf_font font, unsigned char code);
/*
 * Takes the next character off the text: its WinAnsi code, `?` where WinAnsi has none or it is a
 * control character. *ret_size is how many bytes it took (at least 1).
 */
unsigned char pdf_font_code(const char *text, size_t *ret_size);

#endif
