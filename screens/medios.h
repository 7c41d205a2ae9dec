/*
 * Mis medios de contacto: the board, its counters, and what can be done to a row (A-07 to
 *
 */
#ifndef SCREENS_MEDIOS_H
#define SCREENS_MEDIOS_H

#include "screens/view.h"

extern const struct view view_medios;

#endif
