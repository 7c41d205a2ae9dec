/*
 * Registro Patronal: 11 characters, 3 + 5 + 2 + check digit, of which the first may be a letter;
 * people see it as A01-23456-10-7.
 */
#ifndef LEY_RP_H
#define LEY_RP_H

#include <stdbool.h>
#include "base/arena.h"
#include "base/err.h"

#define RP_CHARS 11

/* Blanks and hyphens dropped, upper case. ERR_BAD_FIELD where no Registro Patronal comes out. */
enum err rp_normalize(struct arena *a, const char *typed, const char **ret_rp) MUST_CHECK;
/* Letter A=10 to Z=35, then Luhn (efirma.md): this warns, it never refuses. */
bool rp_check_digit_ok(const char *rp);
/* A normalised one as people see it; NULL when memory ends. */
const char *rp_text(struct arena *a, const char *rp) MUST_CHECK;

#endif
