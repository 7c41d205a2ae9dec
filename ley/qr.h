/*
 * QR code of a text (ISO/IEC 18004), level M: the only door to libqrencode.
 */
#ifndef LEY_QR_H
#define LEY_QR_H

#include "base/arena.h"
#include "base/err.h"

struct qr {
	int size;		      /* modules a side, quiet zone not included */
	const unsigned char *modules; /* size * size, 1 = dark, row by row */
};

enum err qr_make(struct arena *a, const char *text, struct qr *ret) MUST_CHECK;

#endif
