/*
 * The acuse on paper (A-15, L-QR): drawn from the message, with its JSON evidence attached as
 * `acuse.json`, QR as vectors; PRUEBA across it when it is of a test seal. At most 6 KB.
 */
#ifndef LEY_ACUSE_PDF_H
#define LEY_ACUSE_PDF_H

#include "ley/acuse.h"

#define ACUSE_PDF_EVIDENCE "acuse.json"

/* `json` is the evidence exactly as received from the server. */
enum err acuse_pdf(struct arena *a, const struct m_acuse *m, struct bytes json, bool prueba,
	struct bytes *ret_pdf) MUST_CHECK;

#endif
