/*
 * Mis comunicados (L-8, R-5): notices, facilities and benefits.
 */
#ifndef SCREENS_COMUNICADOS_H
#define SCREENS_COMUNICADOS_H

#include "screens/view.h"

extern const struct view view_comunicados;

#endif
