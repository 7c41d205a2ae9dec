/*
 * Mis documentos (L-8, R-4.1): what was published for this RFC.
 */
#ifndef SCREENS_DOCUMENTOS_H
#define SCREENS_DOCUMENTOS_H

#include "screens/view.h"

extern const struct view view_documentos;

#endif
