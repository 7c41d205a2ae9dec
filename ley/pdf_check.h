/*
 * Is a file a sound PDF that everybody can read (ISO 32000-1, 7.5)? Its header, its end, and every
 * cross-reference section that its end leads to, with a trailer each; not encrypted (7.6), since a
 * notified document is read for five years and more by whoever holds it.
 *
 * Pages are not drawn and streams not unpacked. A few KB of memory and a few readings of the file,
 * whatever it says.
 */
#ifndef LEY_PDF_CHECK_H
#define LEY_PDF_CHECK_H

#include <stdint.h>
#include "base/bytes.h"
#include "base/err.h"

/* A file that need not be in memory. */
struct pdf_fuente {
	int64_t size;
	/* `size` bytes from `at` on, all within it. Its errors end the check. */
	enum err (*read)(void *ctx, int64_t at, size_t size, unsigned char *to);
	void *ctx;
};

/* ERR_BAD_PDF, ERR_PDF_ENCRYPTED, or what reading met. */
enum err pdf_check(const struct pdf_fuente *f) MUST_CHECK;
enum err pdf_check_bytes(struct bytes pdf) MUST_CHECK;

#endif
