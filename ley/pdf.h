/*
 * A small deterministic PDF 1.7 writer: standard fonts, WinAnsi text, filled rectangles (the QR as
 * vectors), attached files (compressed). The same input gives the same bytes, for ever. Why our
 * own: limits.md (libharu loses Ñ, cairo brings X).
 */
#ifndef LEY_PDF_H
#define LEY_PDF_H

#include <stdint.h>
#include "base/buf.h"

struct pdf;

enum pdf_font { PDF_REGULAR, PDF_BOLD, PDF_MONO, PDF_FONTS };

/* A4-free Mexico: US Letter, 612 x 792 points, origin at the lower left. */
enum err pdf_open(struct arena *a, const char *title, int64_t created, struct pdf **ret) MUST_CHECK;
enum err pdf_page(struct pdf *p) MUST_CHECK;
/* One line of UTF-8 text at x, y; characters WinAnsi lacks become `?`. */
void pdf_text(struct pdf *p, enum pdf_font font, double size, double x, double y, const char *text);
/* Width in points (standard font metrics). */
double pdf_width(enum pdf_font font, double size, const char *text);
void pdf_rect(struct pdf *p, double x, double y, double width, double height);
void pdf_line(struct pdf *p, double x1, double y1, double x2, double y2, double width);
/* `size` x `size` cells of `unit` points, row by row from the top; nonzero is filled. One path. */
void pdf_grid(struct pdf *p, double x, double y, double unit, const unsigned char *cells, int size);
/* From the next page on: this text large, grey, across the page, below everything else. */
void pdf_stamp(struct pdf *p, const char *text);
/* A file inside (PDF/A-3 style: EmbeddedFile, AFRelationship Source). Name: letters, digits, `._-`.
 */
void pdf_attach(struct pdf *p, const char *name, const char *mime, struct bytes content);
/* The document. The struct pdf lives in the arena: nothing to free. */
enum err pdf_end(struct pdf *p, struct bytes *ret) MUST_CHECK;

/*
 * The attachment of that name from a PDF that this writer made; ERR_BAD_EVIDENCE for any other PDF.
 */
enum err pdf_extract(struct arena *a, struct bytes pdf, const char *name, size_t limit,
	struct bytes *ret) MUST_CHECK;

#endif
