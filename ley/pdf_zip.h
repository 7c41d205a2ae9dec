/*
 * Deflate (RFC 1950) for the PDF's streams: the only door to zlib in this layer.
 */
#ifndef LEY_PDF_ZIP_H
#define LEY_PDF_ZIP_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"

/* As small as zlib makes it. ERR_TOO_LARGE past 1 GiB, ERR_NO_MEMORY. */
enum err pdf_zip(struct arena *a, struct bytes raw, struct bytes *ret) MUST_CHECK;
/* ERR_BAD_EVIDENCE where it is not one whole zlib stream; ERR_TOO_LARGE past `limit`. */
enum err pdf_unzip(struct arena *a, struct bytes zip, size_t limit, struct bytes *ret) MUST_CHECK;

#endif
