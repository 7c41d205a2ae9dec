/*
 * The states of Mexico by their codes of three letters (ISO 3166-2:MX, without "MX-"): what a
 * fiscal domicile is in, and what an ambito of the calendar names ("estado:JAL").
 */
#ifndef LEY_ESTADO_H
#define LEY_ESTADO_H

#include "base/macros.h"

/* Its name ("Jalisco") as people write it; NULL: no such code. */
const char *estado_nombre(const char *clave);

#endif
