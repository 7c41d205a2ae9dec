/*
 * The RFC (Registro Federal de Contribuyentes): 12 characters for a persona moral, 13 for a persona
 * física; Ñ and & are letters of it. Characters are counted, not bytes.
 */
#ifndef CRYPTO_RFC_H
#define CRYPTO_RFC_H

#include <stdbool.h>
#include "base/arena.h"
#include "base/err.h"

/* Most bytes of an RFC in UTF-8 (13 characters, of which four may be Ñ) and its NUL. */
#define RFC_BYTES 18

enum rfc_kind { RFC_NONE, RFC_MORAL, RFC_FISICA };

/* Form only: letters, a date that exists (yymmdd), homoclave. RFC_NONE where it is no RFC. */
enum rfc_kind rfc_kind(const char *rfc);
/* About 1.5 % of living RFCs fail their check digit: this warns, it never refuses. */
bool rfc_check_digit_ok(const char *rfc);
/* Blanks and hyphens dropped, upper case, ñ to Ñ. ERR_BAD_RFC where no RFC comes out. */
enum err rfc_normalize(struct arena *a, const char *typed, const char **ret_rfc) MUST_CHECK;
/* For file names, URLs and headers: Ñ and & become %C3%91 and %26. NULL when memory ends. */
const char *rfc_escape(struct arena *a, const char *rfc) MUST_CHECK;

#endif
