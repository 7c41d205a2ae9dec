/*
 * Folio `BI-YYYYMMDD-HHMMSSmmm` of an instant in Zona Centro. A folio that was taken is
 * bumped by a millisecond: it identifies, it is not the legal time.
 */
#ifndef LEY_FOLIO_H
#define LEY_FOLIO_H

#include <stdbool.h>
#include "ley/zona.h"

#define FOLIO_BYTES 22 /* 21 characters and a NUL */

void folio_of(int64_t instant, char ret_folio[FOLIO_BYTES]);
bool folio_valid(const char *text);

#endif
