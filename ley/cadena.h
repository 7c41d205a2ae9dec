/*
 * Cadena original 3.0: `||Label:value|Label:value...||` in the fixed order of cadena.def. Free text
 * enters only as its hash, so no value can hold a `|`.
 */
#ifndef LEY_CADENA_H
#define LEY_CADENA_H

#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"

struct cadena {
#define CADENA(member, label) const char *member;
#include "ley/cadena.def"
#undef CADENA
};

/* ERR_BAD_FIELD where a value is missing, empty, or holds `|` or a control character. */
enum err cadena_build(struct arena *a, const struct cadena *c, const char **ret_text) MUST_CHECK;
/*
 * The reverse, strict: exactly these labels in this order. What the sealing process does to refuse
 * other shapes. ERR_BAD_FIELD.
 */
enum err cadena_parse(struct arena *a, const char *text, struct cadena *ret) MUST_CHECK;
/* Is its Fecha de elaboración within `skew_ms` of `now`? ERR_CLOCK_OFF, ERR_BAD_FIELD. */
enum err cadena_check_time(const struct cadena *c, int64_t now, int64_t skew_ms) MUST_CHECK;

#endif
